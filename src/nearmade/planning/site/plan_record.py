"""A site's schedule as a record of plain values for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from nearmade.planning.site.cost import heated_until_s
from nearmade.planning.site.explain import Reasons
from nearmade.planning.site.moments import clock_of
from nearmade.planning.site.site import QUARTER_S, STEP_S, Site, SitePlan

SCHEMA: Final = "nearmade/schedule/plan/1"


def record_of_plan(site: Site, plan: SitePlan) -> dict[str, Any]:
    """Give a schedule with its cost, bound, reasons and power by quarter."""
    clock = clock_of(site)
    reasons = Reasons(site, plan)
    builds = {build.id: build for build in site.builds}

    def at(seconds: int) -> str:
        moment = site.start_at + timedelta(seconds=seconds)
        return moment.astimezone(clock.zone).isoformat()

    rows = []
    for each in plan.placed:
        build = builds[each.build]
        late_s = 0 if build.due_s is None else max(0, each.free_s - build.due_s)
        rows.append(
            {
                "build": each.build,
                "machine": each.machine,
                "setting": str(build.setting),
                "parts": list(build.parts),
                "hands_at": at(each.hands_s),
                "start_at": at(each.start_s),
                "end_at": at(each.end_s),
                "clear_at": at(each.clear_s),
                "free_at": at(each.free_s),
                "changed_from": (
                    None if each.changed_from is None else str(each.changed_from)
                ),
                "late_s": late_s,
                "why": list(reasons.of(each)),
            }
        )
    return {
        "schema": SCHEMA,
        "site": site.name,
        "start_at": at(0),
        "end_at": at(site.steps * STEP_S),
        "cost": {**asdict(plan.terms), "total": plan.terms.total},
        "bound": plan.bound,
        "gap_fraction": plan.gap_fraction,
        "method": plan.method,
        "builds": rows,
        "left_out": [
            {"build": name, "why": reasons.of_left_out(name)} for name in plan.left_out
        ],
        "peak_w_by_quarter": peaks_w(site, plan),
    }


def peaks_w(site: Site, plan: SitePlan) -> list[float]:
    """Give the most that is drawn in each quarter of an hour. [W]"""
    load_w = [sum(machine.idle_w for machine in site.machines)] * site.steps
    machines = {machine.id: machine for machine in site.machines}
    builds = {build.id: build for build in site.builds}
    for each in plan.placed:
        machine = machines[each.machine]
        hot_s = heated_until_s(machine, builds[each.build], each)
        for step in range(each.start_s // STEP_S, each.end_s // STEP_S):
            heats = step * STEP_S < hot_s
            draws_w = machine.heat_w if heats else machine.steady_w
            load_w[step] += max(0.0, draws_w - machine.idle_w)
    per_quarter = QUARTER_S // STEP_S
    return [
        round(max(load_w[first : first + per_quarter]), 3)
        for first in range(0, site.steps, per_quarter)
    ]
