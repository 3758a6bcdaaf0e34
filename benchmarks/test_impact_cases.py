"""Published figures, spectacles, and how quickly a case answers."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.conftest import Report
from benchmarks.impact.published import (
    PAGE,
    cubefactory_hours,
    sliced_products,
    with_table,
)
from benchmarks.impact.spectacles import rows
from benchmarks.impact.spectacles import table as spectacles_table
from nearmade.adapters.places import one_place
from nearmade.cli.impact_source import example_case
from nearmade.impact.axes import meet
from nearmade.impact.case_record import case_from_record
from nearmade.impact.compare import compare
from nearmade.impact.published import table
from nearmade.impact.published_energy import PRODUCTS, published

CACHE = Path(__file__).resolve().parents[1] / "build" / "slices"

#: A four-way comparison of 1,000 draws, and one break-even of 1,000 draws. [s]
MOST_COMPARE_S = 0.5
MOST_MEET_S = 1.0


def test_the_table_of_published_figures_stands_in_the_docs(report: Report) -> None:
    found = published()
    report("impact_published", table(found), {"rows": [one.record() for one in found]})
    lands = {one.id: one.lands for one in found}
    assert lands["cubefactory2"] == "inside"
    assert "outside" not in {
        lands[x] for x in lands if x.split("-")[0] in ("kreiger", "wittbrodt", "woern")
    }
    page = PAGE.read_text("utf-8")
    assert with_table(page) == page


def test_our_own_battery_of_that_size_runs_the_published_load_eight_hours() -> None:
    assert cubefactory_hours() == pytest.approx(8.0, abs=1e-6)


@pytest.mark.outside
@pytest.mark.timeout(600)
def test_the_products_are_what_the_slicer_says(report: Report) -> None:
    found = sliced_products(CACHE)
    report(
        "impact_products",
        "\n".join(f"{x.name}: {x.mass_g:.2f} g, {x.time_s:.0f} s" for x in found),
        {"products": [asdict(one) for one in found]},
    )
    for now, stated in zip(found, PRODUCTS, strict=True):
        assert now.name == stated.name
        assert now.mass_g == pytest.approx(stated.mass_g, rel=0.01)
        assert now.time_s == pytest.approx(stated.time_s, rel=0.01)
        assert now.solid_cm3 == pytest.approx(stated.solid_cm3, rel=0.01)


@pytest.mark.outside
@pytest.mark.timeout(900)
def test_spectacles_cost_less_than_a_dollar_and_an_hour(report: Report) -> None:
    found = list(rows(CACHE))
    report(
        "impact_spectacles",
        spectacles_table(found),
        {"rows": [asdict(one) for one in found]},
    )
    assert all(one.usd < 1.0 for one in found)
    by_profile = {one.profile: one for one in found}
    assert by_profile["mk3s-pla-0.30"].level == 2
    assert by_profile["mk3s-pla-0.30"].lands


def test_a_case_of_four_ways_answers_at_once(report: Report) -> None:
    case = case_from_record(json.loads(example_case()), one_place)
    compare(case, draws=10)  # tables are read once
    begun = time.process_time()
    compare(case, draws=1000).record()
    compared_s = time.process_time() - begun
    begun = time.process_time()
    for one in case.meetings:
        meet(case, one, draws=1000)
    met_s = (time.process_time() - begun) / len(case.meetings)
    figures = {"compare_s": compared_s, "break_even_s": met_s}
    lines = [f"{name}: {value:.3f} CPU s" for name, value in figures.items()]
    report("impact_cases", "\n".join(lines), figures)
    assert compared_s <= MOST_COMPARE_S
    assert met_s <= MOST_MEET_S
