"""Is a site's schedule true: checked from the data and the moments, by no solver."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

from nearmade.energy.supply.battery import BatteryState, step
from nearmade.planning.site.cost import heated_until_s, terms_of
from nearmade.planning.site.site import (
    QUARTER_S,
    STEP_S,
    Build,
    Placed,
    Site,
    SiteMachine,
    SitePlan,
)

#: Power may be over by so much: rounding of floats. [W]
ROUNDING_W = 1e-6


def faults_of_plan(site: Site, plan: SitePlan) -> list[str]:
    """Name everything that is wrong with a schedule; empty when it is right."""
    named = sorted([each.build for each in plan.placed] + [*plan.left_out])
    if named != sorted(build.id for build in site.builds):
        return ["not every build is placed or left out, once"]
    builds = {build.id: build for build in site.builds}
    machines = {machine.id: machine for machine in site.machines}
    faults = [
        f"{each.build}: {fault}"
        for each in plan.placed
        for fault in _faults_of_one(site, builds[each.build], machines, each)
    ]
    faults += [
        f"{name} is running and cannot be left out"
        for name in plan.left_out
        if builds[name].running_on is not None
    ]
    if faults:
        return faults
    for machine in site.machines:
        faults += _faults_of_machine(site, machine, plan, builds)
    faults += _faults_of_hands(site, plan, builds)
    faults += _faults_of_power(site, plan.placed)
    total = terms_of(site, plan.placed, plan.left_out).total
    if not math.isclose(total, plan.terms.total, rel_tol=1e-9, abs_tol=1e-9):
        faults.append(f"costs {total:.4f}, not {plan.terms.total:.4f}")
    if plan.bound > total * (1 + 1e-9) + 1e-9:
        faults.append(f"the bound {plan.bound:.4f} is above the cost {total:.4f}")
    return faults


def _faults_of_one(
    site: Site, build: Build, machines: dict[str, SiteMachine], placed: Placed
) -> Iterator[str]:
    time_s = build.times_s.get(placed.machine)
    if time_s is None or placed.machine not in machines:
        yield f"cannot be made on {placed.machine}"
        return
    order = (placed.hands_s, placed.start_s, placed.end_s, placed.clear_s)
    if placed.hands_s < 0 or any(a > b for a, b in pairwise(order)):
        yield "its moments are out of order"
        return
    if placed.end_s - placed.start_s != time_s:
        yield f"prints {placed.end_s - placed.start_s} s, needs {time_s}"
    if placed.free_s - placed.clear_s != site.hands.clear_s:
        yield "is not cleared in the time that clearing takes"
    if placed.free_s > site.steps * STEP_S:
        yield "ends after the horizon"
        return
    if build.running_on is not None:
        if placed.machine != build.running_on or placed.start_s != 0:
            yield "was running and has been moved"
    elif placed.start_s < build.release_s:
        yield "starts before its release"
    if not site.hands.nights and build.running_on is None:
        steps = range(placed.start_s // STEP_S, placed.end_s // STEP_S)
        if not all(site.hands.attended[at] for at in steps):
            yield "prints while nobody is there"
    for span in machines[placed.machine].maintenance:
        if placed.hands_s < span.end_s and span.start_s < placed.free_s:
            yield f"is on {placed.machine} during {span.why}"


def _faults_of_machine(
    site: Site, machine: SiteMachine, plan: SitePlan, builds: dict[str, Build]
) -> Iterator[str]:
    own = sorted(
        (each for each in plan.placed if each.machine == machine.id),
        key=lambda each: each.start_s,
    )
    setting = machine.set_to
    for each in own:
        build = builds[each.build]
        if build.running_on is None:
            needed_s = site.hands.start_s
            change_s = site.changes.seconds(setting, build.setting)
            needed_s += -(-change_s // STEP_S) * STEP_S
            if each.start_s - each.hands_s < needed_s:
                yield f"{each.build}: hands need {needed_s} s before it starts"
            changed = setting if setting != build.setting else None
            if each.changed_from != changed:
                yield f"{each.build}: the change-over is not told as it is"
        setting = build.setting
    for one, other in pairwise(own):
        if other.hands_s < one.free_s:
            yield f"{machine.id} holds {one.build} and {other.build} at once"


def _faults_of_hands(
    site: Site, plan: SitePlan, builds: dict[str, Build]
) -> Iterator[str]:
    busy = [0] * site.steps
    for each in plan.placed:
        spans = [(each.clear_s, each.free_s)]
        if builds[each.build].running_on is None:
            spans.append((each.hands_s, each.start_s))
        for start_s, end_s in spans:
            if start_s % STEP_S or end_s % STEP_S:
                yield f"{each.build}: is not on the grid of {STEP_S} s"
            for at in range(start_s // STEP_S, end_s // STEP_S):
                busy[at] += 1
                if not site.hands.attended[at]:
                    yield f"{each.build}: nobody is there at {at * STEP_S} s"
                    break
    if max(busy, default=0) > site.hands.people:
        at = busy.index(max(busy))
        yield f"{busy[at]} are needed at {at * STEP_S} s, {site.hands.people} are there"


def fault_at_rest(site: Site) -> str | None:
    """Say where power falls short of machines at rest and the builds that run."""
    running = [
        Placed(build.id, build.running_on, 0, 0, end_s, end_s, end_s)
        for build in site.builds
        if build.running_on is not None
        for end_s in [build.times_s[build.running_on]]
    ]
    if not running and not any(machine.idle_w for machine in site.machines):
        return None  # nothing is asked of it
    return next(_faults_of_power(site, running), None)


def _faults_of_power(site: Site, placed: Iterable[Placed]) -> Iterator[str]:
    builds = {build.id: build for build in site.builds}
    load_w = [sum(machine.idle_w for machine in site.machines)] * site.steps
    machines = {machine.id: machine for machine in site.machines}
    for each in placed:
        machine = machines[each.machine]
        hot_s = heated_until_s(machine, builds[each.build], each)
        for at in range(each.start_s // STEP_S, each.end_s // STEP_S):
            own_w = machine.heat_w if at * STEP_S < hot_s else machine.steady_w
            load_w[at] += max(0.0, own_w - machine.idle_w)
    power = site.power
    battery, state = power.battery, BatteryState(power.stored_wh)
    for at, asked_w in enumerate(load_w):
        given_w = power.limit_w + power.sun_w[at * STEP_S // QUARTER_S]
        if asked_w > power.most_w + ROUNDING_W:
            yield f"{asked_w:.0f} W at {at * STEP_S} s, {power.most_w:.0f} W at most"
            return
        if battery is None:
            if asked_w > given_w + ROUNDING_W:
                yield f"{asked_w:.0f} W at {at * STEP_S} s, {given_w:.0f} W there"
                return
            continue
        done = step(
            battery, state, panel_w=given_w, load_w=asked_w, hours=STEP_S / 3600
        )
        state = done.state
        if done.unmet_wh > ROUNDING_W:
            yield f"the battery does not last at {at * STEP_S} s"
            return
