"""An order of the platform, named by its id instead of a file."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from nearmade.cli.impact import command
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.accounting import account
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.report import report_of_order
from nearmade.vocabulary.errors import InvalidInput, NotFound, Unavailable
from tests.cloud.test_two_sites import check_all, made_at_two_sites
from tests.cloud.workshop import NOON

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands find the tests' own platform, as its operator's would."""
    monkeypatch.setenv("NEARMADE_DATA_DIR", str(settings.CONFIGURATION.data_dir))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments])


def accounted() -> Order:
    order = made_at_two_sites()
    check_all(order)
    for step in (orders.confirm_arrived, orders.confirm_assembled, orders.hand_over):
        step(order.pk, by="op", now=NOON)
    orders.confirm_arrived(order.pk, by="carrier", now=NOON)
    account(order.pk, now=NOON)
    order.refresh_from_db()
    return order


def test_the_report_of_an_id_is_that_of_the_orders_page(tmp_path: Path) -> None:
    order, out = accounted(), tmp_path / "order.html"
    assert run("report", order.pk, "--out", out).exit_code == 0
    assert out.read_text("utf-8") == report_of_order(order)


def test_an_id_may_be_compared_as_a_file_may() -> None:
    order = accounted()
    told = run("compare", order.pk, "--draws", "50").stdout
    assert order.impact is not None
    assert order.impact["functional_unit"] in told


def test_what_cannot_be_reported_is_refused_by_name(tmp_path: Path) -> None:
    out = ("--out", tmp_path / "order.html")
    unknown = run("report", uuid4(), *out).exception
    assert isinstance(unknown, NotFound)
    early = run("report", made_at_two_sites().pk, *out).exception
    assert isinstance(early, NotFound)
    assert "not accounted for yet" in early.message
    idle = run("compare", uuid4(), "--solar").exception
    assert isinstance(idle, InvalidInput)


def test_without_a_platform_there_is_no_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEARMADE_DATA_DIR", str(tmp_path))
    error = run("report", uuid4(), "--out", tmp_path / "order.html").exception
    assert isinstance(error, Unavailable)
    assert "nearmade up" in error.remedy
    assert not list(tmp_path.iterdir())
