"""The most that a site can give at once, as of an inverter, is held."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nearmade.energy.supply.battery import Battery
from nearmade.planning.site.check import faults_of_plan
from tests.planning.site.sites import HOUR_S, build, one_machine, power, two_machines
from tests.planning.site.test_schedule_site import checked, placed


@pytest.mark.parametrize("battery", [None, Battery(600.0)])
def test_machines_draw_no_more_at_once_than_the_site_can_give(
    battery: Battery | None,
) -> None:
    sunny = power(2, 5000.0, battery=battery, stored_wh=300.0)
    site = two_machines(one_machine(build("a", 3), build("b", 3)))
    site = replace(site, power=sunny, hands=replace(site.hands, people=2))
    free = checked(site)
    # Both heat at once with 250 W each; one heats beside one at rest with 255 W.
    assert placed(free, "a").start_s == placed(free, "b").start_s
    capped = replace(site, power=replace(sunny, most_w=260.0))
    assert "260 W at most" in "; ".join(faults_of_plan(capped, free))
    plan = checked(capped)
    assert not plan.left_out
    apart_s = abs(placed(plan, "a").start_s - placed(plan, "b").start_s)
    # A heat-up passes the 160 W that are left beside a machine that prints.
    assert apart_s >= 3 * HOUR_S
    none = checked(replace(site, power=replace(sunny, most_w=254.0)))
    assert len(none.left_out) == 2


def test_sun_beyond_the_most_that_machines_may_draw_fills_the_battery() -> None:
    # From 120 Wh idling leaves 73 Wh by nine; one hour of 1000 W fills the rest of 600.
    # Held to 260 W it would bring 242 Wh: 315 Wh, of which 66 stay; 325 are needed.
    sun = power(2, 0.0, sun_w={9: 1000.0}, battery=Battery(600.0), stored_wh=120.0)
    late = replace(build("a", 3), release_s=10 * HOUR_S)
    site = replace(one_machine(late), power=replace(sun, most_w=260.0))
    assert not checked(site).left_out
