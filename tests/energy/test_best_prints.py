"""The bound that rules are held against, beside trying every plan of small cases."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from benchmarks.energy.best_prints import most_builds
from nearmade.energy.load.machine_load import JobLoad, Phase
from nearmade.energy.supply.battery import Battery, BatteryState, step
from nearmade.energy.years.running import SitePlant, SiteRule, StartRule, run_sites

JOB = JobLoad((Phase("print", 7200.0, 40.0, 140.0, 0.3),), 0.0, "by hand").profile(3600)
HOURS, REST_W = 9, 5.0


def finished(plan: tuple[bool, ...], sun: list[float], battery: Battery) -> int:
    """Follow one plan hour by hour with the battery's own step; -1 when it fails."""
    state = BatteryState(0.5 * battery.capacity_wh)
    left = count = 0
    for hour, begins in enumerate(plan):
        if begins and left == 0:
            if not state.connected and state.stored_wh < 0.2 * battery.capacity_wh:
                return -1
            if hour + 2 > HOURS:
                return -1
            left = 2
        parts = [(140.0, 0.3), (40.0, 0.7)] if left else [(REST_W, 1.0)]
        for load_w, hours in parts:
            done = step(battery, state, panel_w=sun[hour], load_w=load_w, hours=hours)
            state = done.state
            if left and (done.unmet_wh > 1e-6 or not state.connected):
                return -1
        if left:
            left -= 1
            count += left == 0
    return count


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_is_what_the_best_of_all_plans_finishes(seed: int) -> None:
    chance = np.random.default_rng(seed)
    sun = [float(w) for w in np.maximum(0.0, chance.normal(40.0, 60.0, HOURS))]
    battery = Battery(float(chance.uniform(150, 400)))
    best = max(
        finished(plan, sun, battery) for plan in product((False, True), repeat=HOURS)
    )
    bound = most_builds(
        np.array(sun), JOB, battery, rest_w=REST_W, first_fraction=0.5, most=10
    )
    assert best <= bound <= best + 1
    rule = SiteRule(StartRule.KNOWN, rest_w=REST_W, spare_fraction=0.0)
    known = run_sites([SitePlant(battery, rule)], np.array([sun]), [JOB])
    assert known.finished[0] <= bound
