"""Changes that open a refused part, each checked by matching again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from nearmade.facilities.facility import Facility, Feedstock, OpeningHours
from nearmade.geometry.facts import PartFacts, Survey
from nearmade.matching.match import judge_each
from nearmade.matching.near_misses import NearMiss, near_misses, no_substitutes
from nearmade.matching.table import NetworkTable
from nearmade.matching.table_gates import judge_table
from nearmade.matching.verdict import Requirement
from nearmade.vocabulary.identity import FacilityId
from tests.matching.drawn import NETWORKS, REQUIREMENTS
from tests.matching.workshops import (
    HOLIDAY,
    IN_NAKURU,
    MK3S,
    MONDAY_NOON,
    NAIROBI_FARM,
    NAKURU,
    PROFILES,
    block,
    farm,
    only,
    van,
    with_mini_alone,
)


def petg_for_pla(name: str) -> Sequence[tuple[str, str]]:
    return [("PETG", "it bears more heat")] if name == "PLA" else []


def offered(part: Requirement, *sites: Facility) -> dict[str, str]:
    found = ask(part, *sites)
    return {each.change: each.message for each in found}


def ask(
    part: Requirement, *sites: Facility, now: datetime = MONDAY_NOON
) -> tuple[NearMiss, ...]:
    table = NetworkTable.of(sites, PROFILES)
    judged = judge_table(part, table, now)
    return near_misses(judged, part, now, substitutes=petg_for_pla)


LARGE = farm(machines=(MK3S,))


def test_a_slab_a_little_too_wide_is_scaled_down() -> None:
    # bed 250 x 210 without 4 mm on each side: 202 / 210 = 0.9619
    told = offered(only(facts=block(220, 210, 10)), LARGE)
    assert told["scale"] == "scale to 96 %"


def test_sites_of_many_sizes_get_the_least_the_middle_and_the_last_scale() -> None:
    sites = [
        farm(
            id=FacilityId(f"bed-{side_mm}"),
            machines=(replace(MK3S, build_volume_mm=(side_mm, side_mm, 99.0)),),
        )
        # 8 mm of skirt; the part is 200 x 200 mm
        for side_mm in (198, 188, 178, 168, 108, 58)
    ]
    told = ask(only(facts=block(200, 200, 10)), *sites)
    scales = {each.message: each.opens for each in told if each.change == "scale"}
    assert list(scales) == ["scale to 95 %", "scale to 85 %", "scale to 50 %"]
    assert scales["scale to 95 %"] == ("bed-198",)
    assert len(scales["scale to 50 %"]) == 5


def test_a_board_is_split_along_its_longest_side() -> None:
    told = ask(only(facts=block(400, 100, 10), quantity=1), LARGE)
    split = next(each for each in told if each.change == "split")
    assert split.message == "split in two along x"
    assert split.requirement.quantity == 2
    assert split.requirement.mass_g == 10.0
    assert "scale to 60 %" in {each.message for each in told}


def test_a_rod_is_turned_on_the_plate() -> None:
    # 300 cos t + 6 sin t <= 242 and 300 sin t + 6 cos t <= 202: t from 38 to 40
    message = offered(only(facts=block(300, 6, 6)), LARGE)["turn"]
    assert message in {
        f"turned by {degrees} degrees about z it would fit" for degrees in (38, 39, 40)
    }


def test_a_disc_known_by_its_shadow_is_not_turned_in_vain() -> None:
    disc: PartFacts = replace(
        block(215, 215, 10),
        survey=Survey(True, 1.0, (1.0, 1.0, 1.0), (), (), (), widths_mm=(215.0,) * 36),
    )
    assert "turn" not in offered(only(facts=disc), LARGE)


def test_a_rod_known_by_its_shadow_is_turned_by_the_steps_of_its_widths() -> None:
    widths = tuple(
        300 * abs(math.cos(math.radians(5 * step)))
        + 6 * abs(math.sin(math.radians(5 * step)))
        for step in range(36)
    )
    rod = replace(
        block(300, 6, 6),
        survey=Survey(True, 1.0, (1.0, 1.0, 1.0), (), (), (), widths_mm=widths),
    )
    # of the steps of 5 degrees 40 alone fits, to either side
    message = offered(only(facts=rod), LARGE)["turn"]
    assert message in {
        "turned by 40 degrees about z it would fit",
        "turned by 140 degrees about z it would fit",
    }


def test_a_tower_is_laid_down() -> None:
    told = offered(only(facts=block(40, 50, 230)), LARGE)
    assert told["lay-down"].startswith("laid down so that its ")


def test_fewer_are_ordered_where_the_lot_does_for_fewer() -> None:
    # 400 g on the shelf, 20 g each
    told = ask(only(quantity=25), NAIROBI_FARM)
    fewer = next(each for each in told if each.change == "order-fewer")
    assert fewer.message == "order 20 at most"
    assert fewer.requirement.quantity == 20


def test_a_material_that_may_stand_in_is_allowed() -> None:
    petg = farm(feedstocks=(Feedstock("PETG", "clear", 500),))
    told = offered(only(materials=("PLA",)), petg)
    assert told["allow-material"] == "allow PETG: it bears more heat"


def test_any_colour_is_allowed() -> None:
    assert offered(only(colour="red"), NAIROBI_FARM)["any-colour"] == "allow any colour"


def test_a_day_later_is_offered_after_a_holiday() -> None:
    part = only(needed_by=MONDAY_NOON + timedelta(hours=1))
    # asked by 10:00 UTC, open from 05:00 the next day
    assert offered(part, farm(holidays=HOLIDAY))["later"] == (
        "19 hours later: allow until 2026-11-03 05:00 UTC"
    )


def test_a_week_later_is_said_in_weeks() -> None:
    part = only(needed_by=MONDAY_NOON)
    busy = farm(queue_s=7 * 86_400, opening=OpeningHours())
    assert offered(part, busy)["later"].startswith("a week later")


def test_a_van_is_waited_for() -> None:
    part = only(near=NAKURU, within_km=20.0)
    (later,) = (each for each in ask(part, van(IN_NAKURU)) if each.change == "later")
    assert later.message == "20 hours later: a van stands in Nakuru from 2026-11-03 on"
    assert later.asked_at == IN_NAKURU.starts_at
    assert later.opens == ("van",)


def test_one_looks_farther() -> None:
    part = only(near=NAKURU, within_km=20.0)
    assert offered(part, NAIROBI_FARM)["farther"] == "look within 137 km"


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        (only(tolerance_mm=0.05), "wider-tolerance", "allow +-0.1 mm"),
        (only(detail_mm=0.3), "thicken", "thicken what is thin to 0.4 mm"),
    ],
)
def test_less_exactness_opens_a_machine(
    part: Requirement, change: str, message: str
) -> None:
    site = with_mini_alone(tolerance_mm=0.1)
    assert offered(part, site) == {change: message}


def test_steps_of_tolerance_are_offered_where_machines_differ() -> None:
    sites = [
        replace(with_mini_alone(tolerance_mm=mm), id=FacilityId(f"holds-{mm}"))
        for mm in (0.1, 0.2, 0.3, 0.5)
    ]
    part = only(tolerance_mm=0.05)
    table = NetworkTable.of(sites, PROFILES)
    found = near_misses(judge_table(part, table, MONDAY_NOON), part, MONDAY_NOON)
    assert {each.message: len(each.opens) for each in found} == {
        "allow +-0.1 mm": 1, "allow +-0.3 mm": 3, "allow +-0.5 mm": 4,
    }  # fmt: skip


def test_a_foil_thinner_than_a_layer_is_not_laid_on_an_edge_that_none_draws() -> None:
    # 0.05 mm: under a layer of 0.1 mm when flat, under a nozzle of 0.4 mm on edge
    assert ask(only(facts=block(40, 40, 0.05)), with_mini_alone()) == ()
    assert ask(only(facts=block(0.05, 40, 40)), with_mini_alone()) == ()


def test_a_sheet_lower_than_a_thick_layer_is_laid_on_its_edge() -> None:
    # 0.45 mm: under the least layer of 0.5 mm, over the nozzle of 0.4 mm
    coarse = with_mini_alone(layer_mm=(0.5, 0.6))
    told = {each.change for each in ask(only(facts=block(40, 40, 0.45)), coarse)}
    assert told == {"lay-down"}


def test_a_sheet_too_narrow_on_edge_is_laid_flat() -> None:
    # 0.3 mm: under the nozzle of 0.4 mm on edge, over a layer of 0.1 mm when flat
    for sheet, axis in ((block(0.3, 50, 40), "x"), (block(50, 0.3, 40), "y")):
        assert offered(only(facts=sheet), with_mini_alone()) == {
            "lay-down": f"laid down so that its {axis} points up it would fit"
        }


def test_nothing_is_offered_where_two_gates_stand_in_the_way() -> None:
    closed = farm(status="closed", feedstocks=())
    assert ask(only(facts=block(220, 205, 10)), closed) == ()


def test_nothing_is_offered_where_all_can_make_it() -> None:
    assert ask(only(), NAIROBI_FARM) == ()
    table = NetworkTable.of((), PROFILES)
    empty = judge_table(only(), table, MONDAY_NOON)
    assert near_misses(empty, only(), MONDAY_NOON) == ()
    assert no_substitutes("PLA") == ()


@given(REQUIREMENTS, NETWORKS)
def test_every_change_offered_opens_what_it_says(
    part: Requirement, network: tuple[Facility, ...]
) -> None:
    judged = judge_table(part, NetworkTable.of(network, PROFILES), MONDAY_NOON)
    before = _yes(part, network, MONDAY_NOON)
    for each in near_misses(judged, part, MONDAY_NOON, substitutes=petg_for_pla):
        assert each.opens
        after = _yes(each.requirement, network, each.asked_at)
        assert set(each.opens) == after - before


def _yes(
    part: Requirement, network: tuple[Facility, ...], now: datetime
) -> set[FacilityId]:
    judged = judge_each(part, network, now, profiles=PROFILES)
    return {
        site.id
        for site, each in zip(network, judged, strict=True)
        if each.verdict == "yes"
    }
