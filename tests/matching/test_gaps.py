"""What a record does not say is asked: never a yes, never a no."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from nearmade.facilities.facility import Facility, OpeningHours
from nearmade.matching.match import judge_each, match
from nearmade.matching.table import NetworkTable
from nearmade.matching.table_gates import judge_table
from nearmade.matching.verdict import Judgement, Requirement
from tests.matching.workshops import (
    FRAME,
    LYON,
    MINI,
    MK3S,
    MONDAY_NOON,
    NAIROBI_FARM,
    PROFILES,
    block,
    farm,
    only,
)


def judged(part: Requirement, site: Facility) -> Judgement:
    (found,) = judge_each(part, [site], MONDAY_NOON, profiles=PROFILES)
    table = judge_table(part, NetworkTable.of((site,), PROFILES), MONDAY_NOON)
    assert table.verdict(0) == found.verdict
    return found


@pytest.mark.parametrize(
    ("gap", "rule"),
    [
        ("facility_status", "status-unknown"),
        ("location", "place-unknown"),
        ("opening", "opening-unknown"),
        ("tariff", "prices-unknown"),
        ("power", "power-unknown"),
        ("feedstocks", "stock-unknown"),
    ],
)
def test_what_a_site_does_not_say_is_asked(gap: str, rule: str) -> None:
    assert judged(FRAME, NAIROBI_FARM).verdict == "yes"
    stock = () if gap == "feedstocks" else NAIROBI_FARM.feedstocks
    found = judged(FRAME, farm(unsaid=(gap,), feedstocks=stock))
    assert found.verdict == "unknown"
    assert [each.rule for each in found.questions] == [rule]
    # Who quotes takes a question for a no, and asks it.
    site = farm(unsaid=(gap,), feedstocks=stock)
    offers, refusals = match(FRAME, [site], MONDAY_NOON, profiles=PROFILES)
    assert offers == ()
    assert refusals[0].reasons[0].remedy.startswith("ask: ")


def test_the_kind_of_site_is_asked_where_the_licence_turns_on_it() -> None:
    site = farm(kind="home", unsaid=("kind",))
    assert judged(FRAME, site).verdict == "yes"
    found = judged(only(commercial_use=False), site)
    assert [each.rule for each in found.questions] == ["kind-unknown"]


def test_a_place_that_is_not_said_is_neither_near_nor_far_nor_barred() -> None:
    site = farm(place=LYON, unsaid=("location",))
    for wish in (only(barred_countries=("FR",)), only(near=LYON, within_km=1)):
        found = judged(wish, site)
        assert [each.rule for each in found.questions] == ["place-unknown"]


def test_equipment_of_which_nothing_is_said_may_have_the_process() -> None:
    welding = only(process="WELDING", materials=("STEEL",))
    assert judged(welding, farm(feedstocks=())).reasons[0].rule == "process-missing"
    found = judged(welding, farm(feedstocks=(), unsaid=("machines", "feedstocks")))
    assert found.questions[0].rule == "machines-unknown"
    assert judged(FRAME, farm(unsaid=("machines",))).verdict == "yes"


def test_travel_refuses_what_is_larger_and_promises_nothing_that_is_smaller() -> None:
    machine = replace(MK3S, unsaid=("build_volume_mm",))
    site = farm(machines=(machine,))
    large = judged(only(facts=block(500, 500, 500)), site)
    assert large.verdict == "no"
    assert "508 mm along x; its axes travel 250 mm" in large.reasons[0].message
    small = judged(only(facts=block(20, 20, 20)), site)
    assert [each.rule for each in small.questions] == ["size-unknown"]
    boxless = replace(machine, build_volume_mm=(inf, inf, inf))
    found = judged(only(facts=block(500, 500, 500)), farm(machines=(boxless,)))
    assert [each.rule for each in found.questions] == ["size-unknown"]


def test_a_profile_counts_for_nothing_while_the_nozzle_is_not_said() -> None:
    site = farm(machines=(replace(MINI, nozzle_mm=0.0, unsaid=("nozzle_mm",)),))
    found = judged(only(detail_mm=0.5), site)
    assert {each.rule for each in found.questions} == {
        "nozzle-unknown",
        "detail-unknown",
    }
    assert "has no nozzle" not in " ".join(each.message for each in found.questions)


@pytest.mark.parametrize(
    ("process", "material"), [("SLA", "PLA"), ("WELDING", "PLA"), ("FDM", "RESIN")]
)
def test_a_process_that_hardly_works_a_material_is_not_believed(
    process: str, material: str
) -> None:
    machine = replace(MINI, process=process, profiles=(), materials=(material,))
    shelf = tuple(replace(f, material=material) for f in NAIROBI_FARM.feedstocks)
    site = farm(machines=(machine,), feedstocks=shelf)
    found = judged(only(process=process, materials=(material,)), site)
    assert [each.rule for each in found.questions] == ["material-doubtful"]


@pytest.mark.parametrize(
    "shut", [{"opening": OpeningHours(())}, {"zone": "Mars/Olympus"}]
)
def test_a_site_that_never_opens_is_refused_and_harms_no_other(
    shut: dict[str, object],
) -> None:
    van = farm(**shut)
    first, second = judge_each(
        FRAME, [van, NAIROBI_FARM], MONDAY_NOON, profiles=PROFILES
    )
    assert [each.rule for each in first.reasons] == ["never-opens"]
    assert second.verdict == "yes"
