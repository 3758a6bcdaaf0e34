"""A solved study opens into flows, swings and shares, and is drawn from them."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from nearmade.impact.case import case_of
from nearmade.impact.compare import compare
from nearmade.impact.inventory import (
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.impact.opened import LARGEST, open_case, open_study
from nearmade.impact.palette import kind_of
from nearmade.impact.pictures import flows_of, sankey_svg
from nearmade.impact.study import Study, solve
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place

#: 20 g of PLA and 0.15 kWh in Kenya beside 20 g moulded and shipped 500 kg.km.
FRAME = Study(
    "One frame",
    {
        "here": {
            "filament/pla": Estimate(0.02, 0.018, 0.023),
            "electricity/ke": 0.15,
            "packaging/board": 0.03,
        },
        "central": {"moulded/rigid": 0.02, "freight/ship-container": 0.5},
    },
)
RESULT = solve(FRAME, draws=200, seed=3)
OPENED = open_study(RESULT, "here", "central")


def test_the_alternatives_keep_their_scores_and_shares() -> None:
    here, central = OPENED.alternatives
    assert (here.name, central.name) == ("here", "central")
    assert here.score.value == pytest.approx(RESULT.score["here"]["gwp100"])
    assert sum(one.direct for one in here.shares) == pytest.approx(here.score.value)
    assert OPENED.base == pytest.approx(here.score.value - central.score.value)
    assert OPENED.difference == RESULT.difference("here", "central", "gwp100")
    # 20 g at 3354.28 g/kg and half a tonne-kilometre at 19.77 g, both with a source
    assert central.score.value == pytest.approx(20 * 3.35428 + 0.5 * 19.77, rel=1e-3)
    assert central.assumed_fraction == 0
    assert here.assumed_fraction > 0.3  # the resin is assumed


def test_swings_are_of_the_difference_and_the_widest_come_first() -> None:
    widths = [swing.width for swing in OPENED.swings]
    assert widths == sorted(widths, reverse=True)
    assert len(widths) <= LARGEST


def test_an_opened_card_is_plain_values() -> None:
    record = json.loads(json.dumps(asdict(OPENED)))
    assert record["unit"] == "gCO2e"
    assert record["alternatives"][0]["sankey"]["nodes"][0]["id"] == "unit"


def test_its_sankey_is_drawn_with_the_names_of_processes() -> None:
    flows = flows_of(OPENED.alternatives[0].sankey, "here")
    svg = sankey_svg(flows, title="Where it comes from")
    for words in ("PLA filament", "PLA resin", "Electricity, Kenya", "Board"):
        assert words in svg


def test_names_may_be_given() -> None:
    named = open_study(RESULT, "here", "central", names={"here": "in Nairobi"})
    assert (named.first, named.second) == ("in Nairobi", "central")
    assert named.alternatives[0].name == "in Nairobi"


def test_a_case_opens_with_the_break_evens_it_can_have() -> None:
    nairobi = Place("Nairobi", "KE", -1.286, 36.817)
    inventory = OrderInventory(
        "One frame",
        (MadePart("frame", "PLA", Estimate.exact(20.0)),),
        (SiteElectricity("site", "KE", solar=False, energy_wh=Estimate.exact(100.0)),),
        (),  # nothing is carried, so no distance can be varied
        central_alternative(nairobi),
    )
    opened = open_case(compare(case_of(inventory, nairobi)), "here", "central")
    assert {one.axis.id for one in opened.break_evens} == {"batch", "grid"}
    grid = next(one for one in opened.break_evens if one.axis.id == "grid")
    # 100 Wh in 0.95 of good tries: each g/kWh more adds 0.1 / 0.95 g
    span = grid.axis.places[-1] - grid.axis.places[0]
    grown = grid.first.values[-1] - grid.first.values[0]
    assert grown == pytest.approx(span * 0.1 / 0.95)


def test_an_alternative_that_is_not_there_is_not_opened() -> None:
    with pytest.raises(NotFound):
        open_study(RESULT, "here", "elsewhere")


@pytest.mark.parametrize(
    ("process", "kind"),
    [
        ("freight/ship-container", "sea-freight"),
        ("freight/hgv-all", "road-freight"),
        ("carriage/last-mile", "parcel"),
        ("carriage/resin", "feedstock-freight"),
        ("electricity/ke", "electricity"),
        ("here/material", "material"),
        ("central/sea-freight", "sea-freight"),
        ("unheard-of/x", ""),
    ],
)
def test_processes_belong_to_activities(process: str, kind: str) -> None:
    assert kind_of(process) == kind
