"""The report: everything in one page, every number with its source."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from xml.etree import ElementTree as ET

import pytest

from nearmade.adapters.places import one_place
from nearmade.cli.impact_source import example_case
from nearmade.impact.axes import meet
from nearmade.impact.case import Case, Own
from nearmade.impact.case_record import case_from_record
from nearmade.impact.compare import Comparison, activities_of, compare
from nearmade.impact.economics import life_cycle_cost
from nearmade.impact.report import OWN, report_html
from nearmade.impact.report_words import grams, number_words
from nearmade.vocabulary.estimate import Estimate


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Solve the sample case."""
    case = case_from_record(json.loads(example_case()), one_place)
    return compare(case, draws=60)


@pytest.fixture(scope="module")
def page(comparison: Comparison) -> str:
    """Write its report."""
    case = comparison.case
    assert case.household is not None
    return report_html(
        comparison,
        break_evens=[meet(case, one, draws=60) for one in case.meetings],
        cost=(case.household, life_cycle_cost(case.household, draws=60)),
        made_on="2026-11-22",
        version="0.0",
    )


def test_the_page_asks_nothing_of_anyone_else(page: str) -> None:
    assert "<script" not in page
    assert not re.findall(r'\b(?:src|href)="(?!data:)', page)
    assert "@import" not in page
    assert "url(" not in page


def test_every_picture_has_a_text_alternative(page: str) -> None:
    pictures = re.findall(r"<svg.+?</svg>", page, re.DOTALL)
    assert len(pictures) == 4 + 1 + 4  # flows, swings, break-evens
    for one in pictures:
        drawn = ET.fromstring(one)
        assert drawn.get("role") == "img"
        assert drawn.get("aria-label")


def test_every_number_stands_with_its_source(page: str, comparison: Comparison) -> None:
    _, _, listed = page.partition(". Sources</h2>")
    assert comparison.sources()
    for one in comparison.sources():
        assert f">{escape(one.id)}</th>" in listed
        if one.source not in OWN:
            assert escape(one.source) in listed


def test_the_pages_tables_are_whole(page: str) -> None:
    assert "></th>" not in page
    for table in re.findall(r"<table>.+?</table>", page, re.DOTALL):
        heads = table.count('scope="col"')
        rows = re.findall(r"<tr>(.+?)</tr>", table, re.DOTALL)[1:]
        assert rows
        assert {row.count("<td>") + row.count("<th") for row in rows} == {heads}


def test_it_is_made_for_a4(page: str) -> None:
    assert "@page{size:A4" in page
    assert '<html lang="en">' in page


def test_it_says_who_emits_least_and_what_it_costs(page: str) -> None:
    assert "Printed in the sun emits least: " in page
    assert "Net present value over 5 years" in page
    assert "seed 1" in page


def test_words_of_others_are_escaped(comparison: Comparison) -> None:
    evil = '<img onerror="x">'
    ways = {evil: comparison.case.ways["printed on the grid"]}
    case = replace(
        comparison.case, functional_unit=evil, goal=evil, ways=ways, meetings=()
    )
    text = report_html(compare(case, draws=20), made_on="2026-11-22", version="0.0")
    assert "<img" not in text
    assert "&lt;img" in text
    assert "emits least" not in text  # there is nothing to compare it with


def test_a_way_of_certain_numbers_has_no_swings() -> None:
    case = case_from_record(json.loads(example_case()), one_place)
    bare = Case("One", case.to, {"own": Own({"co2": 1.0})}, goal="")
    certain = replace(bare, ways={"own": Own({"primary-energy/renewable": 1.0})})
    text = report_html(compare(certain, draws=5), made_on="d", version="v")
    assert "What moves the result" not in text


def test_what_never_pays_back_is_told_in_words(comparison: Comparison) -> None:
    home = comparison.case.household
    assert home is not None
    cheap = replace(home.products[0], retail_usd=Estimate.exact(0.0))
    poor = replace(home, products=(cheap,))
    text = report_html(
        comparison,
        cost=(poor, life_cycle_cost(poor, draws=20)),
        made_on="d",
        version="v",
    )
    assert "never, in one draw of ten or more" in text
    assert "none to speak of" in text


def test_activities_sum_to_the_score(comparison: Comparison) -> None:
    for name in comparison.case.ways:
        whole = sum(value for _, value in activities_of(comparison, name, "gwp100"))
        assert whole == pytest.approx(comparison.result.score[name]["gwp100"])


@pytest.mark.parametrize(
    ("value", "words"),
    [(12.34, "12.3 g"), (12_340, "12.3 kg"), (12_340_000, "12.3 t"), (-5.0, "-5 g")],
)
def test_masses_are_written_in_the_unit_that_fits(value: float, words: str) -> None:
    assert grams(value) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("electricity/ke", "Grid of KE"),
        ("mass/front", "Mass of front"),
        ("mould/mass", "Mould: mass"),
        ("trip_km", "Trip km"),
    ],
)
def test_numbers_have_words(number: str, words: str) -> None:
    assert number_words(number) == words
