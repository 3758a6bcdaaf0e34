"""When a facility would be done: its hours, its hands and its sun count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.adapters.network_file import load_network
from nearmade.facilities.facility import (
    Facility,
    Feedstock,
    OpeningHours,
    OutOfUse,
    PowerSystem,
)
from nearmade.facilities.opening import is_open, open_spans
from nearmade.matching.verdict import Match
from nearmade.planning.earliest_finish import NoRoom, earliest_finish
from nearmade.planning.site.presence import attended_steps
from nearmade.planning.site_work import Estimator, PartDemand, SiteWork
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import MachineId, ProfileId
from tests.planning.test_offers import DEMO_FILE, block, by_id, part

MK3S_PLA = ProfileId("mk3s-pla-0.20")
#: A Monday, ten in the morning; the workshop's clock shows UTC.
TEN = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
HOUR_S = 3600.0
exact = Estimate.exact


@pytest.fixture(scope="module")
def workshop() -> Facility:
    """One printer, and people from nine to six on weekdays."""
    found = by_id(load_network(DEMO_FILE), "nairobi-print-farm")
    one = next(m for m in found.machines if "mk3s" in m.id)
    return replace(
        found,
        zone="",
        holidays=(),
        opening=OpeningHours((1, 2, 3, 4, 5), 9.0, 18.0),
        power=PowerSystem("grid"),
        machines=(replace(one, profiles=(MK3S_PLA,)),),
        feedstocks=(Feedstock("PLA", "white", 9e6),),
    )


def plates_of(hours: float, count: int) -> PartDemand:
    """Slabs that fill a plate each, and take so long each by the slicer."""
    took = BuildEstimate(
        2, MK3S_PLA, 1, exact(1000), exact(1.24), exact(hours * HOUR_S), exact(500)
    )
    return part("slab", block(240, 200, 2), quantity=count, sliced={MK3S_PLA: took})


def asked(facility: Facility, demand: PartDemand) -> SiteWork | NoRoom:
    matches = {
        demand.name: [
            Match(facility, machine, "PLA", MK3S_PLA, False, TEN)
            for machine in facility.machines
        ]
    }
    return earliest_finish(facility, matches, Estimator([demand], PROFILES), 0.0, TEN)


def hours_to_finish(facility: Facility, demand: PartDemand) -> float:
    work = asked(facility, demand)
    assert not isinstance(work, NoRoom)
    return work.makespan_s.value / HOUR_S


def test_a_build_done_in_the_night_is_taken_off_when_somebody_comes(
    workshop: Facility,
) -> None:
    # Started 10:05, done 22:05; hands from nine on Tuesday, five minutes of them.
    assert hours_to_finish(workshop, plates_of(12, 1)) == pytest.approx(23 + 5 / 60)


def test_the_next_plate_waits_for_hands_not_only_for_the_machine(
    workshop: Facility,
) -> None:
    # 10:05 to 14:05, off by 14:10; 14:15 to 18:15, on Tuesday off by 9:05.
    assert hours_to_finish(workshop, plates_of(4, 2)) == pytest.approx(23 + 5 / 60)
    # Always open: 10:05 to 14:05, 14:15 to 18:15, off by 18:20.
    always = replace(workshop, opening=OpeningHours())
    assert hours_to_finish(always, plates_of(4, 2)) == pytest.approx(8 + 20 / 60)


def test_beyond_the_horizon_the_rest_goes_on_at_the_pace_before_it(
    workshop: Facility,
) -> None:
    # A plate of five hours and ten minutes of hands: one and another each weekday.
    few, many = (hours_to_finish(workshop, plates_of(5, n)) for n in (40, 80))
    assert few == pytest.approx(40 / 2 / 5 * 168, rel=0.1)
    assert many == pytest.approx(2 * few, rel=0.1)


def test_the_site_says_why_its_sun_can_never_carry_a_build(
    workshop: Facility,
) -> None:
    dim = PowerSystem("solar", pv_wp=20.0, battery_wh=200.0, max_w=600.0)
    answer = asked(replace(workshop, power=dim), plates_of(6, 1))
    assert isinstance(answer, NoRoom)
    assert answer.words.startswith("sun, grid and battery do not carry its 6 h 00 min")
    weak = PowerSystem("grid", max_w=60.0)
    answer = asked(replace(workshop, power=weak), plates_of(6, 1))
    assert isinstance(answer, NoRoom)
    assert answer.words.endswith("it has 60 W at most")


def test_a_machine_out_of_use_makes_nothing_until_it_is_back(
    workshop: Facility,
) -> None:
    always = replace(workshop, opening=OpeningHours())
    (one,) = always.machines
    repair = OutOfUse(TEN, TEN + timedelta(days=5), "repair")
    away = replace(one, out_of_use=(repair,))
    alone = replace(always, machines=(away,))
    # Back at ten after five days; 10:05 to 14:05, off by 14:10.
    needed_h = 5 * 24 + 4 + 10 / 60
    assert hours_to_finish(alone, plates_of(4, 1)) == pytest.approx(needed_h)
    both = replace(always, machines=(away, replace(one, id=MachineId("other"))))
    work = asked(both, plates_of(4, 2))
    assert not isinstance(work, NoRoom)
    assert work.builds[0].machine_ids == ("other",)


def test_a_machine_out_of_use_for_longer_than_is_planned_ahead_has_no_room(
    workshop: Facility,
) -> None:
    (one,) = workshop.machines
    repair = OutOfUse(TEN, TEN + timedelta(days=40), "repair")
    away = replace(workshop, machines=(replace(one, out_of_use=(repair,)),))
    assert isinstance(asked(away, plates_of(4, 1)), NoRoom)


@pytest.mark.parametrize("pv_wp", [70.0, 100.0])
def test_parts_whose_sun_others_take_go_on_at_the_pace_of_the_site(
    workshop: Facility, pv_wp: float
) -> None:
    (one,) = workshop.machines
    other = replace(one, id=MachineId("other"))
    power = PowerSystem("solar", pv_wp, 2500.0, 2000.0)
    facility = replace(
        workshop, opening=OpeningHours(), power=power, machines=(one, other)
    )
    demands = [
        part("front", block(140, 50, 20), quantity=300),
        part("left", block(140, 50, 18)),
    ]
    matches = {
        demand.name: [Match(facility, machine, "PLA", MK3S_PLA, False, TEN)]
        for demand, machine in zip(demands, (one, other), strict=True)
    }
    work = earliest_finish(facility, matches, Estimator(demands, PROFILES), 0.0, TEN)
    assert not isinstance(work, NoRoom)
    assert all(build.ends_s > 0 for build in work.builds)
    assert work.makespan_s.value > 28 * 24 * HOUR_S


def test_the_sun_gives_no_more_at_once_than_its_inverter(workshop: Facility) -> None:
    ends = {
        kind: asked(
            replace(workshop, power=PowerSystem(kind, 20_000.0, 20_000.0, 50.0)),
            plates_of(2, 1),
        )
        for kind in ("grid", "solar")
    }
    for answer in ends.values():
        assert isinstance(answer, NoRoom)
        assert answer.words.endswith("it has 50 W at most")
    assert ends["grid"] == ends["solar"]


hours_of_day = st.floats(0, 24, allow_nan=False)


@given(
    days=st.sets(st.integers(1, 7)),
    ends=st.tuples(hours_of_day, hours_of_day).map(sorted),
    zone=st.sampled_from(("", "Europe/Paris", "Africa/Nairobi")),
    holidays=st.frozensets(st.dates(date(2026, 3, 26), date(2026, 4, 1))),
    start_s=st.integers(0, 5 * 86_400),
)
def test_spans_and_steps_are_open_where_the_calendar_is(
    days: set[int],
    ends: list[float],
    zone: str,
    holidays: frozenset[date],
    start_s: int,
) -> None:
    opening = OpeningHours(tuple(sorted(days)), ends[0], ends[1])
    begins_at = datetime(2026, 3, 26, tzinfo=UTC) + timedelta(seconds=start_s)
    steps = 288
    ends_at = begins_at + timedelta(minutes=5 * steps)
    spans = open_spans(opening, begins_at, ends_at, zone=zone, holidays=holidays)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    there = attended_steps(opening, begins_at, steps, zone=zone, holidays=holidays)
    for step in range(0, steps, 7):
        at = begins_at + timedelta(minutes=5 * step)
        known = is_open(opening, at, zone=zone, holidays=holidays)
        assert known == any(one <= at < other for one, other in spans)
        assert known == there[step]
