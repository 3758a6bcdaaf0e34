"""The weight of first views."""

from __future__ import annotations

import shutil

import pytest

from benchmarks.conftest import Report
from benchmarks.page_budget.first_view import BUDGET_BYTES, first_views, table

pytestmark = [
    pytest.mark.outside,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is missing"),
]


def test_every_first_view_is_within_the_budget(report: Report) -> None:
    rows = dict(first_views())
    report("page_budget", table(rows), {"budget_bytes": BUDGET_BYTES, "pages": rows})
    assert all(sizes["styles"] and sizes["fonts"] for sizes in rows.values())
    heavy = {page: sizes["first view"] for page, sizes in rows.items()}
    assert {p: size for p, size in heavy.items() if size > BUDGET_BYTES} == {}
