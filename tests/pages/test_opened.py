"""An opened card: its pictures, its words, its tables, from a solved study."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from django.template.loader import render_to_string

from nearmade.cloud.pages.opened import (
    break_even_words,
    grams,
    number_label,
    opened_view,
)
from nearmade.impact.opened import open_study
from nearmade.impact.study import Study, solve
from nearmade.vocabulary.estimate import Estimate

STUDY = Study(
    "One frame",
    {
        "here": {"filament/pla": Estimate(0.02, 0.018, 0.023), "electricity/ke": 0.15},
        "central": {"moulded/rigid": 0.02, "freight/ship-container": 0.5},
    },
)
CURVE: dict[str, Any] = {
    "axis": {
        "id": "batch", "title": "Batch", "unit": "pieces", "log": True,
        "places": [1.0, 10.0, 100.0], "straight_in": "inverse",
    },
    "method": "gwp100", "unit": "gCO2e",
    "first": {"name": "here", "values": [90.0] * 3, "low": [80.0] * 3,
              "high": [99.0] * 3},
    "second": {"name": "central", "values": [500.0, 100.0, 60.0],
               "low": [400.0, 90.0, 50.0], "high": [600.0, 120.0, 75.0]},
    "crossing": 14.2, "low": 8.0, "high": None, "better_below": "here",
    "crossing_fraction": 0.93, "first_better_at_start": 1.0,
    "first_better_at_end": 0.02,
}  # fmt: skip


def opened(**more: Any) -> dict[str, Any]:
    record = asdict(open_study(solve(STUDY, draws=200, seed=3), "here", "central"))
    return {**json.loads(json.dumps(record)), **more}


def test_a_card_opens_into_pictures_words_and_tables() -> None:
    view = opened_view(opened(break_evens=[CURVE]))
    page = " ".join(
        render_to_string("pages/parts/opened.html", {"opened": view}).split()
    )
    for words in (
        "Made here:", "PLA resin", "Electricity, Kenya", "Moulded rigid plastic",
        "What moves the difference most", "CO₂e of PLA", "Groot", "Boren 2010",
        "By pieces that share one mould",
        "Made here is better below 14.2 pieces. In 95 of 100 cases the turn lies above",
        "below 14.2 pieces “made here” is better",
    ):  # fmt: skip
        assert words in page
    # two Sankeys, one tornado, one curve, each for desks and phones
    assert page.count('role="img"') == 8
    assert page.count("<table") == 4
    assert page.count("PLA resin</th>") == 1


def test_who_emits_less_is_said_with_the_chance() -> None:
    said = opened_view(opened()).against
    assert said.startswith("In the middle case “made here” emits")
    assert "less than “made centrally”. Of 100 cases" in said
    more = opened(
        difference={"median": 5.0, "low": -1.0, "high": 9.0, "chance_below": 0.004}
    )
    assert "emits 5 g more than" in opened_view(more).against
    assert "better in 1;" in opened_view(more).against


def test_what_adds_nothing_itself_stands_in_no_table() -> None:
    """Filament is resin and electricity: itself it emits nothing."""
    here = opened_view(opened()).alternatives[0]
    assert "PLA filament" not in [line.name for line in here.shares]
    assert "PLA resin" in [line.name for line in here.shares]


def test_what_nobody_draws_is_left_out() -> None:
    view = opened_view(opened(swings=[]))
    assert view.tornado is None
    page = render_to_string("pages/parts/opened.html", {"opened": view})
    assert "What moves" not in page
    assert "Where one beats" not in page


def test_what_people_called_their_own_stays_text() -> None:
    record = opened()
    record["alternatives"][0]["sankey"]["nodes"][1]["label"] = "<script>x</script>"
    page = render_to_string("pages/parts/opened.html", {"opened": opened_view(record)})
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_two_that_never_meet_are_said_so() -> None:
    never = {**CURVE, "crossing": None, "crossing_fraction": 0.04}
    assert break_even_words(never) == (
        "Made here is better all the way from 1 to 100 pieces; they meet there in 4 of "
        "100 cases."
    )
    last = {**never, "first": {**CURVE["first"], "values": [900.0] * 3}}
    assert break_even_words(last).startswith("Made centrally is better all the way")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (8.0, 20.0, "In 90 of 100 cases the turn lies between 8 pieces and 20 pieces."),
        (None, 20.0, "In 95 of 100 cases the turn lies below 20 pieces."),
        (None, None, "It is uncertain: the turn may lie anywhere."),
    ],
)
def test_how_sure_a_turn_is_is_said(
    low: float | None, high: float | None, words: str
) -> None:
    assert break_even_words({**CURVE, "low": low, "high": high}).endswith(words)


def test_infill_is_written_in_percent() -> None:
    axis = {**CURVE["axis"], "id": "infill"}
    assert "below 49.5 %." in break_even_words(
        {**CURVE, "axis": axis, "crossing": 0.495, "low": 0.1}
    )
    other = {**CURVE["axis"], "id": "speed", "unit": "mm/s"}
    assert "below 14.2 mm/s." in break_even_words({**CURVE, "axis": other})


@pytest.mark.parametrize(
    ("number", "label"),
    [
        ("material/pla-gwp", "CO₂e of PLA"),
        ("freight/hgv-all-wtw", "CO₂e of hgv all"),
        ("demand/electricity/ke", "Amount of electricity ke"),
        ("electricity/ke", "Grid of KE"),
        ("mass/frame", "Mass of frame"),
        ("hours/site", "Machine hours at site"),
        ("machine/printer-per-hour", "Printer per hour"),
        ("hours", "Hours"),
        ("leg/0", "Carriage, leg 1"),
        ("mould/mass", "Mould, mass"),
        ("electricity/solar", "The sun's electricity"),
    ],
)
def test_numbers_have_names_for_people(number: str, label: str) -> None:
    assert number_label(number) == label


def test_grams_become_kilograms_where_they_are_many() -> None:
    assert [grams(v) for v in (12.34, -999, 1500)] == ["12.3 g", "-999 g", "1.5 kg"]
