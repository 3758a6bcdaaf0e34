"""What a schedule of a site costs, from the site's data and the moments alone."""

from __future__ import annotations

from collections.abc import Iterable

from nearmade.planning.site.site import (
    QUARTER_S,
    Build,
    Placed,
    Site,
    SiteMachine,
    Terms,
)

SECONDS_PER_HOUR = 3600
JOULES_PER_KWH = 3.6e6


def terms_of(site: Site, placed: Iterable[Placed], left_out: Iterable[str]) -> Terms:
    """Add up the terms of a schedule."""
    builds = {build.id: build for build in site.builds}
    machines = {machine.id: machine for machine in site.machines}
    worth = site.worth
    late = changes = energy = finishing = 0.0
    for each in placed:
        build = builds[each.build]
        if build.due_s is not None:
            over_h = max(0, each.free_s - build.due_s) / SECONDS_PER_HOUR
            late += worth.late_per_h * build.weight * over_h
        changes += worth.change_over * (each.changed_from is not None)
        finishing += worth.finish_per_h * each.free_s / SECONDS_PER_HOUR
        energy += energy_cost(site, machines[each.machine], build, each)
    lost = worth.left_out * sum(builds[name].weight for name in left_out)
    return Terms(late, changes, energy, finishing, lost)


def heated_until_s(machine: SiteMachine, build: Build, placed: Placed) -> int:
    """Give when a build's heat-up ends; a running one is hot already. [s]"""
    if build.running_on is not None:
        return placed.start_s
    return min(placed.end_s, placed.start_s + machine.heat_s)


def energy_cost(
    site: Site, machine: SiteMachine, build: Build, placed: Placed
) -> float:
    """Price what a build draws above idling, quarter by quarter."""
    hot_s = heated_until_s(machine, build, placed)
    spans = (
        (placed.start_s, hot_s, max(0.0, machine.heat_w - machine.idle_w)),
        (hot_s, placed.end_s, max(0.0, machine.steady_w - machine.idle_w)),
    )
    cost = 0.0
    for start_s, end_s, power_w in spans:
        at_s = start_s
        while at_s < end_s:
            quarter = at_s // QUARTER_S
            until_s = min(end_s, (quarter + 1) * QUARTER_S)
            price = site.power.price_per_kwh[quarter]
            cost += price * power_w * (until_s - at_s) / JOULES_PER_KWH
            at_s = until_s
    return cost
