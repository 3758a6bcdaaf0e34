"""Every gate, with its numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.facilities.facility import Facility, Feedstock
from nearmade.matching.match import match
from nearmade.matching.verdict import Reason, Requirement
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import FacilityId, ProfileId
from nearmade.vocabulary.processes import satisfies
from tests.matching.workshops import (
    FRAME,
    MINI,
    MK3S,
    MONDAY_NOON,
    NAIROBI_FARM,
    PROFILES,
    block,
    only,
    shop,
    with_mini_alone,
)


def reasons(requirement: Requirement, *, at: Facility = NAIROBI_FARM) -> list[Reason]:
    """Ask one facility; it must refuse."""
    matches, refusals = match(requirement, [at], MONDAY_NOON, profiles=PROFILES)
    assert matches == ()
    assert [refusal.facility_id for refusal in refusals] == [at.id]
    return list(refusals[0].reasons)


def test_each_capable_machine_matches_with_material_profile_and_opening() -> None:
    matches, refusals = match(FRAME, [NAIROBI_FARM], MONDAY_NOON, profiles=PROFILES)
    assert refusals == ()
    assert [(m.machine.id, m.material, m.profile_id, m.turned) for m in matches] == [
        # PETG is best, but only PLA lies on the shelf
        ("nairobi/mini-1", "PLA", "mini-pla-0.20", False),
        ("nairobi/mk3s-1", "PLA", "mk3s-pla-0.20", False),
    ]
    assert {m.opens_at for m in matches} == {MONDAY_NOON}


def test_the_best_material_in_stock_is_taken() -> None:
    petg = replace(NAIROBI_FARM, feedstocks=(Feedstock("PETG", "clear", 100),))
    matches, _ = match(FRAME, [petg], MONDAY_NOON, profiles=PROFILES)
    assert {(m.material, m.profile_id[-9:]) for m in matches} == {("PETG", "petg-0.20")}


def test_a_part_too_long_for_the_bed_is_refused_with_both_numbers() -> None:
    (reason,) = reasons(only(facts=block(208, 20, 10)), at=with_mini_alone())
    assert reason.rule == "too-large"
    # 208 mm and 4 mm of skirt on each side
    assert reason.message.startswith("needs 216 mm along x; bed 180 mm (Prusa MINI+")
    assert reason.remedy == "make it smaller or split it"


@pytest.mark.parametrize(
    ("x_mm", "y_mm", "turned"),
    [
        (242, 202, False),  # 250 x 210 with the skirt, to the millimetre
        (202, 242, True),
        (100, 230, True),
        (100, 202, False),
    ],
)
def test_a_quarter_turn_is_tried(x_mm: float, y_mm: float, *, turned: bool) -> None:
    large = replace(NAIROBI_FARM, machines=(MK3S,))
    part = only(facts=block(x_mm, y_mm, 10))
    (found,) = match(part, [large], MONDAY_NOON, profiles=PROFILES)[0]
    assert found.turned is turned


@pytest.mark.parametrize(("x_mm", "y_mm"), [(242.5, 100), (220, 220), (202.5, 242)])
def test_a_part_that_fits_neither_way_is_refused(x_mm: float, y_mm: float) -> None:
    large = replace(NAIROBI_FARM, machines=(MK3S,))
    (reason,) = reasons(only(facts=block(x_mm, y_mm, 10)), at=large)
    assert reason.rule == "too-large"


def test_a_part_too_tall_is_refused_with_both_heights() -> None:
    (reason,) = reasons(only(facts=block(50, 50, 180.5)), at=with_mini_alone())
    assert reason.rule == "too-tall"
    assert reason.message == "needs 180.5 mm of height; 180 mm there (Prusa MINI+)"


def test_extents_that_are_no_numbers_are_refused() -> None:
    nowhere = replace(FRAME.facts, extents_mm=(float("nan"), 10.0, 10.0))
    assert {reason.rule for reason in reasons(only(facts=nowhere))} == {"too-large"}


def test_stock_must_do_for_the_whole_quantity_from_one_lot() -> None:
    # 21 x 20 g = 420 g; the larger lot holds 400 g, both together 700 g
    (reason,) = reasons(only(quantity=21, materials=("PLA",)))
    assert reason.rule == "stock-too-low"
    assert reason.message == "needs 420 g in one lot; the shelf holds 400 g of PLA"
    found, _ = match(only(quantity=20), [NAIROBI_FARM], MONDAY_NOON, profiles=PROFILES)
    assert len(found) == 2


def test_a_material_without_a_profile_on_the_machine_is_refused() -> None:
    pla_only = with_mini_alone(profiles=(ProfileId("mini-pla-0.20"),))
    petg = replace(pla_only, feedstocks=(Feedstock("PETG", "", 500),))
    (reason,) = reasons(FRAME, at=petg)
    assert reason.rule == "profile-missing"
    assert (
        "Prusa MINI+ with its 0.4 mm nozzle has no profile for PETG" in reason.message
    )


def test_a_profile_for_another_nozzle_does_not_count() -> None:
    (reason,) = reasons(FRAME, at=with_mini_alone(nozzle_mm=0.6))
    assert reason.rule == "profile-missing"


def test_a_machine_that_is_down_is_passed_over() -> None:
    half = replace(NAIROBI_FARM, machines=(replace(MINI, status="down"), MK3S))
    matches, _ = match(FRAME, [half], MONDAY_NOON, profiles=PROFILES)
    assert [m.machine.id for m in matches] == ["nairobi/mk3s-1"]
    (reason,) = reasons(FRAME, at=with_mini_alone(status="down"))
    assert (reason.rule, reason.message) == ("machine-down", "the Prusa MINI+ is down")


def test_a_busy_machine_comes_after_a_ready_one() -> None:
    busy = replace(NAIROBI_FARM, machines=(replace(MINI, status="busy"), MK3S))
    matches, _ = match(FRAME, [busy], MONDAY_NOON, profiles=PROFILES)
    assert [m.machine.id for m in matches] == ["nairobi/mk3s-1", "nairobi/mini-1"]


def test_opening_and_queue_are_held_against_the_date() -> None:
    friday_evening = datetime(2026, 11, 6, 17, 0, tzinfo=UTC)
    weekend = only(needed_by=friday_evening + timedelta(days=2))
    _, (refusal,) = match(weekend, [NAIROBI_FARM], friday_evening, profiles=PROFILES)
    assert [reason.rule for reason in refusal.reasons] == ["starts-too-late"]
    assert refusal.reasons[0].message == (
        "can start 2026-11-09 05:00 UTC at the earliest; needed by 2026-11-08 17:00"
    )
    busy = replace(NAIROBI_FARM, queue_s=3 * 86_400)
    soon = only(needed_by=MONDAY_NOON + timedelta(days=2))
    assert [reason.rule for reason in reasons(soon, at=busy)] == ["starts-too-late"]
    assert match(soon, [NAIROBI_FARM], MONDAY_NOON, profiles=PROFILES)[1] == ()


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        ("home", True),
        ("fab-lab", True),
        ("print-farm", False),
        ("off-grid", False),
        ("van", False),
    ],
)
def test_a_non_commercial_design_is_made_at_homes_and_fab_labs_only(
    kind: str, *, accepted: bool
) -> None:
    site = replace(NAIROBI_FARM, kind=kind)  # type: ignore[arg-type]
    free = only(commercial_use=False)
    if accepted:
        assert match(free, [site], MONDAY_NOON, profiles=PROFILES)[0] != ()
    else:
        (reason,) = reasons(free, at=site)
        assert reason.rule == "non-commercial-licence"


def test_all_reasons_are_given_and_not_the_first() -> None:
    shut = replace(
        NAIROBI_FARM,
        status="closed",
        machines=(replace(MINI, status="down"),),
        feedstocks=(),
    )
    hopeless = only(facts=block(500, 500, 500), commercial_use=False)
    assert [reason.rule for reason in reasons(hopeless, at=shut)] == [
        "facility-not-active",
        "non-commercial-licence",
        "material-missing",
        "too-large",
        "too-tall",
        "machine-down",
    ]


def test_a_site_that_makes_it_without_a_profile_cannot_be_quoted() -> None:
    carver = shop("CNC-MILLING", "ACRYLIC")
    plate = only(process="MILLING", materials=("ACRYLIC",), facts=block(90, 90, 8))
    (reason,) = reasons(plate, at=carver)
    assert reason.rule == "no-instant-price"
    assert reason.remedy == "ask Nairobi print farm for a price"


FALSE_ACCEPTS = [
    # each was accepted with full score by a matcher that compares names alone
    ("a 500 mm cube on a small bed", only(facts=block(500, 500, 500)), {}),
    ("PEEK at a PLA shop", only(materials=("PEEK",)), {}),
    ("a closed shop", FRAME, {"status": "closed"}),
    ("SLA at an FDM shop", only(process="SLA"), {}),
    ("laser welding by laser cutting", only(process="LASER-WELDING"), "LASER-CUTTING"),
    ("ultrasonic by plain welding", only(process="ULTRASONIC-WELDING"), "WELDING"),
    ("screen printing by 3-D printing", only(process="SCREEN-PRINTING"), "3DP"),
]


@pytest.mark.parametrize(
    ("requirement", "change"),
    [case[1:] for case in FALSE_ACCEPTS],
    ids=[case[0] for case in FALSE_ACCEPTS],
)
def test_what_matching_by_names_wrongly_accepts_is_refused(
    requirement: Requirement, change: dict[str, object] | str
) -> None:
    if isinstance(change, str):
        other = replace(MK3S, process=change)
        site = replace(NAIROBI_FARM, machines=(other,))
    else:
        site = replace(NAIROBI_FARM, **change)  # type: ignore[arg-type]
    assert reasons(requirement, at=site)


def test_a_child_stands_in_for_its_parent_and_never_the_reverse() -> None:
    assert satisfies("FDM", "3DP")
    assert satisfies("ULTRASONIC-WELDING", "WELDING")
    assert not satisfies("3DP", "FDM")
    assert not satisfies("FDM", "SLA")
    assert satisfies("GLASS-BLOWING", "GLASS-BLOWING")
    assert not satisfies("GLASS-BLOWING", "3DP")


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": 0},
        {"mass_g": float("nan")},
        {"tolerance_mm": -0.1},
        {"within_km": float("nan")},
        {"properties": {"taste": True}},
        {"properties": {"flexible": 3}},
        {"properties": {"heat_deflection_degc": True}},
        {"properties": {"heat_deflection_degc": "warm"}},
    ],
)
def test_a_requirement_out_of_range_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        match(only(**change), [NAIROBI_FARM], MONDAY_NOON, profiles=PROFILES)


sides = st.floats(1, 300)


# 1 mm shrunk to 1 / 2.5 is as narrow as the nozzle of 0.4 mm draws
@given(sides, sides, sides, st.floats(0, 1.5), st.booleans())
def test_a_smaller_part_is_never_refused_where_a_larger_one_fits(
    x_mm: float, y_mm: float, z_mm: float, shrink: float, turn: bool
) -> None:
    larger = only(facts=block(x_mm, y_mm, z_mm))
    small = block(x_mm / (1 + shrink), y_mm, z_mm / (1 + shrink))
    if turn:
        small = block(y_mm, x_mm / (1 + shrink), z_mm)
    at_large = match(larger, [NAIROBI_FARM], MONDAY_NOON, profiles=PROFILES)[0]
    found = match(only(facts=small), [NAIROBI_FARM], MONDAY_NOON, profiles=PROFILES)[0]
    assert {m.machine.id for m in at_large} <= {m.machine.id for m in found}


def test_five_thousand_facilities_are_each_matched_or_refused() -> None:
    network = [
        replace(
            NAIROBI_FARM,
            id=FacilityId(f"site-{i}"),
            machines=(MINI, replace(MK3S, build_volume_mm=(100 + i / 50, 210, 210))),
        )
        for i in range(5000)
    ]
    matches, refusals = match(
        only(facts=block(150, 190, 10)), network, MONDAY_NOON, profiles=PROFILES
    )
    assert {m.facility.id for m in matches} | {r.facility_id for r in refusals} == {
        facility.id for facility in network
    }
    # 158 mm and more along x fits: 100 + i / 50 >= 158 from site 2900 on
    assert len(refusals) == 2900
