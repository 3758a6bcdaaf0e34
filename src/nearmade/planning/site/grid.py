"""A site as arrays over steps, for the compiled search and the exact model."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.site.site import (
    STEP_S,
    STEPS_PER_HOUR,
    STEPS_PER_QUARTER,
    Setting,
    Site,
    whole_steps,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WATT_STEPS_PER_KWH = 1000.0 * STEPS_PER_HOUR

#: Kept above the battery's cut-off, so that rounding never cuts the load off.
SPARE_FRACTION = 0.01


class Grid(NamedTuple):
    """Everything by number: builds, machines, settings, steps.

    ``attended[t]`` is how many steps somebody is there from ``t`` on, ``next_open[t]``
    the first step from ``t`` on at which somebody is there; ``spare_w`` what sun and
    grid give above idling; ``price`` sums prices of a watt-step up to ``t``;
    ``blocked`` sums maintenance likewise; ``lasts[build, machine]`` is zero where the
    machine cannot make it; ``cell`` holds the battery's figures, or is empty.
    """

    attended: Ints
    next_open: Ints
    spare_w: Floats
    price: Floats
    blocked: Ints
    lasts: Ints
    heat: Ints
    heat_w: Floats
    steady_w: Floats
    set_to: Ints
    setting: Ints
    change: Ints
    due: Ints
    release: Ints
    weight: Floats
    running: Ints
    hands: Ints
    worth: Floats
    cell: Floats


#: Due of a build that has none. [steps]
NEVER = 1 << 40


def settings_of(site: Site) -> list[Setting]:
    """Number the settings of machines and builds."""
    seen = [machine.set_to for machine in site.machines]
    seen += [build.setting for build in site.builds]
    return list(dict.fromkeys(seen))


def grid_of(site: Site) -> Grid:
    """Lay out a site as arrays."""
    settings = settings_of(site)
    number = {setting: at for at, setting in enumerate(settings)}
    row = {machine.id: at for at, machine in enumerate(site.machines)}
    builds, machines, hands = site.builds, site.machines, site.hands
    lasts = np.zeros((len(builds), len(machines)), dtype=np.int64)
    for at, build in enumerate(builds):
        for machine, time_s in build.times_s.items():
            if build.running_on in (None, machine):
                lasts[at, row[machine]] = time_s // STEP_S
    worth = site.worth
    return Grid(
        *_presence(hands.attended),
        _spare_w(site),
        _prices(site),
        _blocked(site),
        lasts,
        _ints(machine.heat_s // STEP_S for machine in machines),
        _floats(max(0.0, machine.heat_w - machine.idle_w) for machine in machines),
        _floats(max(0.0, machine.steady_w - machine.idle_w) for machine in machines),
        _ints(number[machine.set_to] for machine in machines),
        _ints(number[build.setting] for build in builds),
        np.array(
            [
                [whole_steps(site.changes.seconds(a, b)) for b in settings]
                for a in settings
            ],
            dtype=np.int64,
        ),
        _ints(NEVER if x.due_s is None else x.due_s // STEP_S for x in builds),
        _ints(build.release_s // STEP_S for build in builds),
        _floats(build.weight for build in builds),
        _ints(-1 if x.running_on is None else row[x.running_on] for x in builds),
        _ints(
            (
                hands.start_s // STEP_S,
                hands.clear_s // STEP_S,
                hands.people,
                hands.nights,
                hands.starts_alone,
            )
        ),
        _floats(
            (
                worth.late_per_h / STEPS_PER_HOUR,
                worth.change_over,
                worth.finish_per_h / STEPS_PER_HOUR,
                worth.left_out,
                min(site.power.price_per_kwh) / WATT_STEPS_PER_KWH,
            )
        ),
        _cell(site),
    )


def _ints(values: object) -> Ints:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]


def _floats(values: object) -> Floats:
    return np.array(list(values), dtype=np.float64)  # type: ignore[call-overload]


@lru_cache(maxsize=64)
def _presence(attended: tuple[bool, ...]) -> tuple[Ints, Ints]:
    """Give for each step how long somebody stays, and when somebody is there next."""
    there = np.array((*attended, False))
    steps = np.arange(there.size)
    last = there.size - 1
    leaves = _next(np.where(there, last, steps))
    opens = _next(np.where(there, steps, last))
    return leaves - steps, opens


def _next(steps: Ints) -> Ints:
    """Give the least of each and all after it."""
    return np.minimum.accumulate(steps[::-1])[::-1].copy()


def _by_step(site: Site, quarters: tuple[float, ...]) -> Floats:
    return np.repeat(np.array(quarters, dtype=np.float64), STEPS_PER_QUARTER)[
        : site.steps
    ]


def _spare_w(site: Site) -> Floats:
    idle_w = sum(machine.idle_w for machine in site.machines)
    given_w = site.power.limit_w + _by_step(site, site.power.sun_w)
    if site.power.battery is None:  # else what is over the most fills it
        given_w = np.minimum(given_w, site.power.most_w)
    return np.asarray(given_w - idle_w)


def _prices(site: Site) -> Floats:
    each = _by_step(site, site.power.price_per_kwh) / WATT_STEPS_PER_KWH
    return np.concatenate(([0.0], np.cumsum(each)))


def _blocked(site: Site) -> Ints:
    blocked = np.zeros((len(site.machines), site.steps + 1), dtype=np.int64)
    for at, machine in enumerate(site.machines):
        out = np.zeros(site.steps, dtype=np.int64)
        for span in machine.maintenance:
            out[max(0, span.start_s // STEP_S) : max(0, span.end_s // STEP_S)] = 1
        blocked[at, 1:] = np.cumsum(out)
    return blocked


def _cell(site: Site) -> Floats:
    """Give stored, least, full [Wh], in, out, powers in and out, the most [W].

    The most is what machines may draw at once above idling.
    """
    battery = site.power.battery
    if battery is None:
        return np.zeros(0)
    full_wh = battery.usable_top_wh
    return np.array(
        [
            min(site.power.stored_wh, full_wh),
            (battery.cutoff_fraction + SPARE_FRACTION) * full_wh,
            full_wh,
            battery.charge_fraction,
            battery.discharge_fraction,
            battery.max_charge_w,
            battery.max_discharge_w,
            site.power.most_w - sum(machine.idle_w for machine in site.machines),
        ]
    )
