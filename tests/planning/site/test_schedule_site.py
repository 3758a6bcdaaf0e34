"""The schedule of a site: worked by hand, laws, and a check that is not fooled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.energy.supply.battery import Battery, BatteryState, step
from nearmade.planning.site.check import faults_of_plan
from nearmade.planning.site.explain import Reasons
from nearmade.planning.site.gantt import gantt_lines
from nearmade.planning.site.grid import grid_of
from nearmade.planning.site.plan_record import peaks_w, record_of_plan
from nearmade.planning.site.quick import battery_lasts
from nearmade.planning.site.site import (
    STEPS_PER_HOUR,
    Build,
    Changes,
    Hands,
    Maintenance,
    Placed,
    Setting,
    Site,
    SitePlan,
    SitePower,
    Worth,
)
from nearmade.planning.site.solve import schedule_site
from nearmade.vocabulary.errors import InvalidInput
from tests.planning.site.sites import (
    HOUR_S,
    PETG,
    PLA,
    build,
    hours,
    machine,
    one_machine,
    power,
    two_machines,
)

MINUTE_S = 60


def placed(plan: SitePlan, name: str) -> Placed:
    return next(each for each in plan.placed if each.build == name)


def why(site: Site, plan: SitePlan, name: str) -> str:
    return "; ".join(Reasons(site, plan).of(placed(plan, name)))


def checked(site: Site, effort_s: float = 1.0) -> SitePlan:
    plan = schedule_site(site, effort_s=effort_s)
    assert faults_of_plan(site, plan) == []
    return plan


def test_a_build_starts_when_somebody_comes_and_is_cleared_by_hand() -> None:
    site = one_machine(build("a", 2))
    plan = checked(site)
    each = placed(plan, "a")
    # Hands from 8:00 to 8:05, printing to 10:05, cleared by 10:10.
    assert each.start_s == 8 * HOUR_S + 5 * MINUTE_S
    assert each.free_s == 10 * HOUR_S + 10 * MINUTE_S
    assert why(site, plan, "a") == (
        "waits until 08:05: nobody is there to start it before 08:00"
    )
    # 0.05 for each of 10 1/6 hours; 245 W for 10 min and 95 W for 110 min at 0.30.
    assert plan.terms.finishing == pytest.approx(0.05 * 61 / 6)
    energy_kwh = (245 * 10 + 95 * 110) / 60 / 1000
    assert plan.terms.energy == pytest.approx(0.3 * energy_kwh)
    assert plan.gap_fraction <= 0.001


def test_a_finished_build_holds_its_machine_through_the_night() -> None:
    site = one_machine(build("long", 12, due_h=33), build("next", 1), days=3)
    site = replace(site, worth=Worth(late_per_h=50.0))
    # Whichever is first, "long" ends at night; due at 9:00, it must be made the first
    # day, and "next" before it would still fit: 8:05-9:05, then 9:15-21:15.
    plan = checked(site)
    assert placed(plan, "next").start_s < placed(plan, "long").start_s
    both = replace(site, builds=(build("long", 12, 33), build("next", 11, due_h=48)))
    plan = checked(both)
    told = why(both, plan, "next")
    assert (
        "one holds long, done at 20:05; nobody is there to clear it before Tue" in told
    )


def test_nights_are_not_printed_through_where_the_site_forbids_it() -> None:
    site = one_machine(build("a", 9), build("b", 8), build("c", 11))
    site = replace(site, hands=replace(site.hands, nights=False))
    plan = checked(site)
    assert plan.left_out == ("c",)
    assert Reasons(site, plan).of_left_out("c") == (
        "prints 11 h 00 min, longer than anybody is there at a stretch (10 h 00 min), "
        "and the site does not print unattended"
    )
    starts = sorted(each.start_s // HOUR_S for each in plan.placed)
    assert starts == [8, 32]


def test_like_settings_stay_together_and_change_overs_take_hands() -> None:
    builds = [
        replace(build(name, 1), setting=setting)
        for name, setting in (("a", PLA), ("b", PETG), ("c", PLA), ("d", PETG))
    ]
    site = one_machine(*builds)
    plan = checked(site)
    assert sum(each.changed_from is not None for each in plan.placed) == 1
    changed = next(each for each in plan.placed if each.changed_from is not None)
    # 20 minutes for another material and 5 to start.
    assert changed.start_s - changed.hands_s == 25 * MINUTE_S
    assert "from PLA white, 0.4 mm to PETG white, 0.4 mm (20 min)" in why(
        site, plan, changed.build
    )
    assert plan.terms.change_overs == 2.0
    assert 2.0 < plan.bound <= plan.terms.total


def test_change_over_times_by_hand() -> None:
    changes = Changes(900, 300, 600, {("PETG", "PLA"): 1800})
    assert changes.seconds(PLA, PLA) == 0
    assert changes.seconds(PLA, Setting("PLA", "red")) == 300
    assert changes.seconds(PLA, Setting("PETG", "red", 0.6)) == 1500
    assert changes.seconds(PETG, PLA) == 1800


def test_the_power_limit_staggers_heat_ups() -> None:
    # Two machines: 250 + 5 W while one heats, 350 W when the other heats beside it.
    site = two_machines(one_machine(build("a", 3), build("b", 3)))
    site = replace(site, hands=replace(site.hands, people=2))
    free = checked(site)
    assert {each.start_s for each in free.placed} == {8 * HOUR_S + 5 * MINUTE_S}
    site = replace(site, power=power(2, limit_w=360.0))
    plan = checked(site)
    first, second = (each.start_s for each in plan.placed)
    assert second - first == 10 * MINUTE_S
    assert max(peaks_w(site, plan)) == 350.0
    assert "the 0.36 kW limit is taken by" in why(site, plan, plan.placed[1].build)


def test_a_limit_below_one_machine_leaves_all_out() -> None:
    site = replace(one_machine(build("a", 3)), power=power(2, limit_w=200.0))
    plan = checked(site)
    assert plan.left_out == ("a",)
    told = Reasons(site, plan).of_left_out("a")
    assert told == "the site would draw 250 W, it has 200 W at most"


@pytest.mark.parametrize(
    "short",
    [
        power(2, limit_w=4.0),
        power(2, 0.0, dict.fromkeys(range(8, 17), 400.0)),
        power(2, 0.0, battery=Battery(100.0), stored_wh=50.0),
        replace(power(2), most_w=4.0),
        replace(power(2, battery=Battery(100.0), stored_wh=50.0), most_w=4.0),
    ],
)
def test_power_that_machines_at_rest_pass_is_refused(short: SitePower) -> None:
    site = replace(one_machine(build("a", 3)), power=short)
    with pytest.raises(InvalidInput, match="machines at rest"):
        schedule_site(site)
    with pytest.raises(InvalidInput, match="machines at rest"):
        schedule_site(replace(site, builds=()))


def test_power_that_a_running_build_passes_is_refused() -> None:
    site = one_machine(replace(build("r", 3), running_on="one"))
    schedule_site(replace(site, power=power(2, limit_w=100.0)))
    with pytest.raises(InvalidInput, match="builds that run"):
        schedule_site(replace(site, power=power(2, limit_w=99.0)))


def test_cheap_nights_are_worth_waiting_for() -> None:
    site = replace(one_machine(build("a", 8)), power=power(2, night_price=0.01))
    early = replace(site, worth=Worth(finish_per_h=1.0))
    assert placed(checked(early), "a").start_s // HOUR_S == 8
    late = replace(site, worth=Worth(finish_per_h=0.0))
    plan = checked(late)
    # It can start at 18:00 at the latest; then it prints from 22:00 on for 0.01.
    assert placed(plan, "a").start_s == 18 * HOUR_S
    assert "electricity then costs" in why(late, plan, "a")


def test_maintenance_is_waited_for() -> None:
    down = Maintenance(8 * HOUR_S, 11 * HOUR_S, "a new belt")
    site = one_machine(build("a", 2))
    site = replace(site, machines=(replace(machine("one"), maintenance=(down,)),))
    plan = checked(site)
    assert placed(plan, "a").start_s == 11 * HOUR_S + 5 * MINUTE_S
    assert "one has a new belt until 11:00" in why(site, plan, "a")


def test_a_running_build_stays_and_is_cleared() -> None:
    running = replace(build("r", 3), running_on="one")
    site = one_machine(running, build("a", 1))
    plan = checked(site)
    each = placed(plan, "r")
    assert (each.start_s, each.end_s, each.clear_s) == (0, 3 * HOUR_S, 8 * HOUR_S)
    assert why(site, plan, "r") == "is printing already on one"
    told = why(site, plan, "a")
    assert "nobody is there to clear it before 08:00" in told


def test_a_running_build_beyond_the_horizon_is_refused() -> None:
    site = one_machine(replace(build("r", 48), running_on="one"))
    with pytest.raises(InvalidInput, match="still runs at the end"):
        schedule_site(site)
    nobody = one_machine(replace(build("r", 40), running_on="one"), days=2)
    hands = Hands(hours(8, 9, 2))
    with pytest.raises(InvalidInput, match="can be cleared"):
        schedule_site(replace(nobody, hands=hands))


def test_a_battery_carries_what_the_sun_does_not() -> None:
    # 5 W of idling all night, then sun from 9 to 17; 3 h at 100 W after heating.
    sun = dict.fromkeys(range(9, 17), 120.0)
    battery = Battery(600.0)
    site = replace(
        one_machine(build("a", 3), build("b", 3)),
        power=power(2, limit_w=0.0, sun_w=sun, battery=battery, stored_wh=250.0),
    )
    plan = checked(site)
    assert not plan.left_out
    # Without the battery not even the heat-up has the power.
    bare = replace(site, power=power(2, limit_w=5.0, sun_w=sun))
    assert len(checked(bare).left_out) == 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0, 400), min_size=24, max_size=24),
    st.floats(100, 900),
    st.lists(st.booleans(), min_size=24, max_size=24),
)
def test_the_quick_battery_is_never_kinder_than_the_energy_rooms(
    sun: list[float], capacity_wh: float, loads: list[bool]
) -> None:
    battery = Battery(capacity_wh, max_charge_w=250, max_discharge_w=250)
    supply = power(
        1, 0.0, dict(enumerate(sun)), battery=battery, stored_wh=capacity_wh / 2
    )
    site = replace(one_machine(build("a", 1), days=1), power=supply)
    site = replace(site, machines=(replace(machine("one"), idle_w=0.0),))
    load_w = np.repeat(np.where(loads, 150.0, 0.0), STEPS_PER_HOUR)
    if not battery_lasts(grid_of(site), load_w):
        return
    state = BatteryState(capacity_wh / 2)
    for at, asked_w in enumerate(load_w):
        done = step(
            battery,
            state,
            panel_w=sun[at // STEPS_PER_HOUR],
            load_w=float(asked_w),
            hours=1 / STEPS_PER_HOUR,
        )
        assert done.unmet_wh <= 1e-9
        state = done.state


@st.composite
def small_sites(draw: st.DrawFn) -> Site:
    machines = ("one", "two")
    builds = []
    for at in range(draw(st.integers(1, 5))):
        able = draw(st.sampled_from([("one",), ("two",), machines]))
        times = {name: 300 * draw(st.integers(3, 160)) for name in able}
        due = draw(st.none() | st.integers(-10, 500))
        builds.append(
            Build(
                f"b{at}",
                draw(st.sampled_from([PLA, PETG, Setting("PLA", "red")])),
                times,
                None if due is None else 300 * due,
                300 * draw(st.sampled_from([0, 0, 100, 300])),
                draw(st.sampled_from([0.5, 1.0, 3.0])),
            )
        )
    limit_w = draw(st.sampled_from([300.0, 360.0, 520.0]))
    battery = draw(st.none() | st.just(Battery(500.0, max_discharge_w=200.0)))
    site = Site(
        "drawn",
        one_machine().start_at,
        576,
        (machine("one"), replace(machine("two", PETG), heat_w=200.0)),
        tuple(builds),
        Hands(
            hours(8, 18, 2),
            draw(st.integers(1, 2)),
            nights=draw(st.booleans()),
        ),
        power(2, limit_w, night_price=0.1, battery=battery, stored_wh=250.0),
    )
    if draw(st.booleans()):
        down = Maintenance(9 * HOUR_S, 12 * HOUR_S)
        one = replace(site.machines[0], maintenance=(down,))
        site = replace(site, machines=(one, site.machines[1]))
    return site


@settings(max_examples=12, deadline=None)
@given(small_sites())
def test_no_schedule_breaks_a_rule_and_every_build_has_its_reason(site: Site) -> None:
    for effort_s in (0.0, 0.3):
        plan = schedule_site(site, effort_s=effort_s)
        assert faults_of_plan(site, plan) == []
    record = record_of_plan(site, plan)
    assert all(row["why"] for row in record["builds"])
    assert all(row["why"] for row in record["left_out"])
    assert gantt_lines(site, plan)
    limit = site.power.limit_w + (200.0 if site.power.battery else 0.0)
    assert max(record["peak_w_by_quarter"]) <= limit + 1e-6


@settings(max_examples=6, deadline=None)
@given(small_sites())
def test_same_site_same_schedule_and_effort_never_hurts(site: Site) -> None:
    quick = schedule_site(site, effort_s=0.0)
    plan = schedule_site(site, effort_s=0.3)
    assert plan == schedule_site(site, effort_s=0.3)
    assert plan.terms.total <= quick.terms.total + 1e-9
    assert quick.bound <= plan.terms.total + 1e-9
    assert plan.bound <= quick.terms.total + 1e-9


@settings(max_examples=4, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=3), st.integers(0, 5))
def test_more_power_never_makes_the_optimum_dearer(times: list[int], due: int) -> None:
    builds = [build(f"b{at}", time, 10.0 + due) for at, time in enumerate(times)]
    site = two_machines(one_machine(*builds, days=1))
    costs = []
    for limit_w in (300.0, 360.0, 1000.0):
        plan = checked(replace(site, power=power(1, limit_w)), effort_s=5.0)
        assert plan.gap_fraction < 0.002  # proven but for the rounding of coefficients
        costs.append(plan.terms.total)
    assert costs[0] >= costs[1] - 1e-3 >= costs[2] - 2e-3


def test_nothing_to_do_is_a_schedule() -> None:
    site = one_machine()
    plan = checked(site)
    assert plan.terms.total == plan.gap_fraction == 0.0
    assert record_of_plan(site, plan)["builds"] == []


def test_a_large_site_keeps_the_quick_search() -> None:
    builds = [build(f"b{at}", 1, due_h=30 + at % 7) for at in range(210)]
    site = one_machine(*builds, days=3)
    plan = schedule_site(site, effort_s=0.05)
    assert plan.method == "quick search"
    assert faults_of_plan(site, plan) == []
    assert plan.left_out


def broken(plan: SitePlan, **change: object) -> SitePlan:
    first = replace(plan.placed[0], **change)  # type: ignore[arg-type]
    return replace(plan, placed=(first, *plan.placed[1:]))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"machine": "two"}, "cannot be made on two"),
        ({"hands_s": -300}, "moments are out of order"),
        ({"end_s": 9 * HOUR_S}, "needs 7200"),
        ({"free_s": 13 * HOUR_S}, "not cleared in the time"),
        ({"hands_s": 8 * HOUR_S + 300}, "hands need 300 s"),
        ({"changed_from": PETG}, "change-over is not told"),
        ({"hands_s": 7 * HOUR_S}, "nobody is there at"),
    ],
)
def test_the_check_is_not_fooled(change: dict[str, object], fault: str) -> None:
    site = one_machine(build("a", 2), build("b", 2))
    plan = checked(site)
    assert any(fault in each for each in faults_of_plan(site, broken(plan, **change)))


def test_the_check_knows_releases_nights_costs_bounds_and_overlaps() -> None:
    site = one_machine(build("a", 2), build("b", 12))
    plan = checked(site)

    def faults(of: Site, changed: SitePlan) -> str:
        return "; ".join(faults_of_plan(of, changed))

    late = replace(
        site, builds=(replace(site.builds[0], release_s=40 * HOUR_S), site.builds[1])
    )
    assert "starts before its release" in faults(late, plan)
    day = replace(site, hands=replace(site.hands, nights=False))
    assert "prints while nobody is there" in faults(day, plan)
    dear = replace(plan, terms=replace(plan.terms, energy=9.0))
    assert "costs" in faults(site, dear)
    assert "is above the cost" in faults(site, replace(plan, bound=1e6))
    assert "not every build" in faults(site, replace(plan, left_out=("a",)))
    shifted = [
        replace(
            placed(plan, "b"),
            hands_s=x.hands_s,
            start_s=x.start_s,
            end_s=x.start_s + 12 * HOUR_S,
        )
        for x in [placed(plan, "a")]
    ]
    both = replace(plan, placed=(placed(plan, "a"), *shifted))
    assert "one holds a and b at once" in faults(site, both)
    assert "2 are needed" in faults(site, both)
    weak = replace(site, power=power(2, limit_w=150.0))
    assert "W there" in faults(weak, plan)
    tired = replace(site, power=power(2, 5.0, battery=Battery(100.0), stored_wh=50.0))
    assert "the battery does not last" in faults(tired, plan)
    down = replace(machine("one"), maintenance=(Maintenance(0, 9 * HOUR_S),))
    assert "during maintenance" in faults(replace(site, machines=(down,)), plan)
    short = replace(
        site,
        steps=120,
        hands=Hands(site.hands.attended[:120]),
        power=replace(site.power, sun_w=(0.0,) * 40, price_per_kwh=(0.3,) * 40),
    )
    assert "ends after the horizon" in faults(short, plan)
    moved = replace(
        site, builds=(replace(site.builds[0], running_on="one"), site.builds[1])
    )
    assert "has been moved" in faults(moved, plan)
    lost = replace(plan, placed=(placed(plan, "b"),), left_out=("a",))
    assert "cannot be left out" in faults(moved, lost)
    odd = broken(plan, hands_s=8 * HOUR_S - 1)
    assert "not on the grid" in faults(site, odd)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"steps": 0}, "horizon"),
        ({"steps": 10}, "each step"),
        ({"machines": ()}, "needs machines"),
        ({"builds": (build("a", 1), build("a", 1))}, "same id"),
        ({"builds": (Build("a", PLA, {"x": 300}),)}, "no machine x"),
        ({"builds": (Build("a", PLA, {"one": 0}),)}, "above zero"),
        ({"builds": (Build("a", PLA, {"one": 100}),)}, "whole steps"),
        ({"builds": (Build("a", PLA, {}, running_on="one"),)}, "time left"),
        (
            {
                "builds": (
                    replace(build("a", 1), running_on="one"),
                    replace(build("b", 1), running_on="one"),
                )
            },
            "two builds",
        ),
        ({"power": power(1)}, "each quarter"),
    ],
)
def test_a_site_that_cannot_be_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        replace(one_machine(build("a", 1)), **change)  # type: ignore[arg-type]


def test_left_out_builds_are_told_why() -> None:
    nowhere = Build("n", PLA, {})
    late = replace(build("l", 10), release_s=44 * HOUR_S)
    crowd = [build(f"c{at}", 9) for at in range(9)]
    site = one_machine(nowhere, late, *crowd)
    plan = checked(site, effort_s=0.2)
    reasons = Reasons(site, plan)
    assert reasons.of_left_out("n") == "no machine of the site can make it"
    assert reasons.of_left_out("l") == (
        "needs 10 h 10 min from Tue 20:00; the horizon ends Wed 00:00"
    )
    left = next(name for name in plan.left_out if name.startswith("c"))
    assert "no room for its 9 h 00 min" in reasons.of_left_out(left)
