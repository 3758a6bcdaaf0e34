"""One step of a site's electricity: panels, battery, grid, generator and load.

Compiled, so that one arithmetic serves a single step (``battery.step``) and the loops
over years of many sites. All powers are at the battery's terminals.

In every step panels + grid + generator = served + lost + curtailed + stored.
"""

from __future__ import annotations

import math
from typing import Final

from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.compiled import compiled

# A bus as the compiled step takes it: one row of numbers.
FULL_WH: Final = 0
CHARGE_FRACTION: Final = 1
DISCHARGE_FRACTION: Final = 2
MAX_CHARGE_W: Final = 3
MAX_DISCHARGE_W: Final = 4
CUTOFF_FRACTION: Final = 5
RECONNECT_FRACTION: Final = 6
LOSS_PER_W: Final = 7
PEUKERT: Final = 8
RATED_DRAW_W: Final = 9
TAPER_FRACTION: Final = 10
COLD_PER_KELVIN: Final = 11
NO_CHARGE_BELOW_DEGC: Final = 12
SELF_LOSS_PER_H: Final = 13
GRID_BELOW_FRACTION: Final = 14
GRID_CHARGE_TO_FRACTION: Final = 15
GENERATOR_W: Final = 16
GENERATOR_LEAST_W: Final = 17
GENERATOR_START_FRACTION: Final = 18
GENERATOR_STOP_FRACTION: Final = 19
BUS_FIGURES: Final = 20

#: The capacity of a cell is rated at this temperature. [degC]
RATED_DEGC: Final = 25.0

#: What a step gives: stored energy [Wh], whether the load is connected, whether the
#: generator runs; then served, curtailed, lost, from the grid, from the generator [Wh].
BusStep = tuple[float, bool, bool, float, float, float, float, float]


@compiled
def charge_limit_w(stored_wh: float, degc: float, hours: float, bus: Array) -> float:
    """Give the most that flows into the battery during a step. [W]

    The room left, the power limit, the taper towards full, and cold.
    """
    full = bus[FULL_WH]
    room = full - stored_wh
    if room <= 0.0 or degc < bus[NO_CHARGE_BELOW_DEGC]:
        return 0.0
    limit = bus[MAX_CHARGE_W]
    taper = bus[TAPER_FRACTION]
    if taper < 1.0 and stored_wh > taper * full:
        # Falls in a straight line to a tenth at full, as a charger holding its voltage.
        left = room / ((1.0 - taper) * full)
        limit *= 0.1 + 0.9 * left
    inner = room / (bus[CHARGE_FRACTION] * hours)
    return float(min(limit, inner + bus[LOSS_PER_W] * inner * inner))


@compiled
def charged_wh(power_w: float, hours: float, bus: Array) -> float:
    """Give by how much the battery grows when so much flows in. [Wh]"""
    loss = bus[LOSS_PER_W]
    inner = power_w
    if loss > 0.0:
        inner = 2.0 * power_w / (1.0 + math.sqrt(1.0 + 4.0 * loss * power_w))
    return float(inner * bus[CHARGE_FRACTION] * hours)


@compiled
def drained_wh(power_w: float, hours: float, bus: Array) -> float:
    """Give by how much the battery shrinks when so much flows out. [Wh]"""
    loss = bus[LOSS_PER_W]
    inner = power_w
    if loss > 0.0:
        root = math.sqrt(max(0.0, 1.0 - 4.0 * loss * power_w))
        inner = 2.0 * power_w / (1.0 + root)
    rated = bus[RATED_DRAW_W]
    if bus[PEUKERT] > 1.0 and inner > rated:
        inner *= (inner / rated) ** (bus[PEUKERT] - 1.0)
    return float(inner * hours / bus[DISCHARGE_FRACTION])


@compiled
def discharge(
    stored_wh: float, wanted_w: float, degc: float, hours: float, bus: Array
) -> tuple[float, float, bool]:
    """Draw on the battery: mean power given, energy gone, whether it is empty now.

    It gives what is wanted, or its power limit, until the cut-off; cold hides some of
    the energy above. [W], [Wh]
    """
    full = bus[FULL_WH]
    hidden = min(1.0, bus[COLD_PER_KELVIN] * max(0.0, RATED_DEGC - degc))
    above = max(0.0, stored_wh - full * max(bus[CUTOFF_FRACTION], hidden))
    power = min(wanted_w, bus[MAX_DISCHARGE_W])
    if bus[LOSS_PER_W] > 0.0:
        # More than this the inner resistance does not let through.
        power = min(power, 0.25 / bus[LOSS_PER_W])
    gone = drained_wh(power, hours, bus)
    if gone <= above:
        return power, gone, False
    return power * (above / gone), above, True


@compiled
def _runs(held_wh: float, running: bool, bus: Array) -> bool:  # noqa: FBT001
    """Tell whether the generator runs, by what the battery holds."""
    full = bus[FULL_WH]
    if full <= 0.0:  # nothing to fill: it runs while it is kept running
        return bool(running and bus[GENERATOR_W] > 0.0)
    if held_wh >= bus[GENERATOR_STOP_FRACTION] * full:
        return False
    starts = held_wh <= bus[GENERATOR_START_FRACTION] * full
    return bool((running or starts) and bus[GENERATOR_W] > 0.0)


@compiled
def _bought(
    held_wh: float,
    connected: bool,  # noqa: FBT001
    panel_w: float,
    load_w: float,
    grid_w: float,
    generator_w: float,
    limit_w: float,
    bus: Array,
) -> tuple[float, float, float]:
    """Give what the load gets to ask for, and what grid and generator give. [W]"""
    full = bus[FULL_WH]
    lacking = max(0.0, load_w - panel_w)
    feeds = not connected or held_wh <= bus[GRID_BELOW_FRACTION] * full
    from_grid = min(grid_w, lacking) if feeds else 0.0
    from_generator = min(generator_w, lacking - from_grid)
    wanted = load_w
    alone = grid_w + generator_w > 0.0 and from_grid + from_generator >= lacking
    if not connected and not (alone and load_w > 0.0):
        wanted, from_grid, from_generator = 0.0, 0.0, 0.0
    room = max(0.0, limit_w - max(0.0, panel_w - wanted))
    if held_wh < bus[GRID_CHARGE_TO_FRACTION] * full:
        more = min(grid_w - from_grid, room)
        from_grid += more
        room -= more
    return wanted, from_grid, from_generator + min(generator_w - from_generator, room)


@compiled
def bus_step(
    stored_wh: float,
    connected: bool,  # noqa: FBT001 - compiled functions take no keywords
    running: bool,  # noqa: FBT001
    panel_w: float,
    load_w: float,
    grid_w: float,
    battery_degc: float,
    hours: float,
    bus: Array,
) -> BusStep:
    """Run a site's electricity for a while at constant power.

    Sun serves first. The grid serves what lacks while the battery is at or below
    ``GRID_BELOW_FRACTION``, and charges it up to ``GRID_CHARGE_TO_FRACTION``. The
    generator starts and stops by state of charge, without a battery by hand, and never
    runs below its least power. The battery does the rest. A load that was cut off
    returns at ``RECONNECT_FRACTION``, or while grid and generator carry it alone.

    Parameters
    ----------
    stored_wh
        Before the step. [Wh]
    connected, running
        Whether the load is connected, and the generator runs.
    panel_w, load_w, grid_w
        What panels can give, load asks for, grid can give at the battery. [W]
    battery_degc
        Of the battery. [degC]
    hours
        Length of the step. [h]
    bus
        Shape (20,), from ``battery.bus_row``.
    """
    full = bus[FULL_WH]
    begun_wh = stored_wh
    stored_wh -= stored_wh * min(1.0, bus[SELF_LOSS_PER_H] * hours)
    connected = connected or begun_wh >= bus[RECONNECT_FRACTION] * full
    running = _runs(begun_wh, running, bus)
    generator_w = bus[GENERATOR_W] if running else 0.0
    limit = charge_limit_w(stored_wh, battery_degc, hours, bus)
    wanted, from_grid, from_generator = _bought(
        begun_wh, connected, panel_w, load_w, grid_w, generator_w, limit, bus
    )
    made = max(from_generator, min(generator_w, bus[GENERATOR_LEAST_W]))
    dumped_wh = (made - from_generator) * hours
    net = panel_w + from_grid + from_generator - wanted
    if net >= 0.0:
        taken = min(net, limit)
        grown = charged_wh(taken, hours, bus)
        after = min(full, stored_wh + grown)
        served_wh = wanted * hours
        curtailed_wh = (net - taken) * hours
    else:
        given, gone, empty = discharge(stored_wh, -net, battery_degc, hours, bus)
        after = max(0.0, stored_wh - gone)
        served_wh = (wanted + net + given) * hours
        curtailed_wh = 0.0
        taken = -given
        bottom = bus[CUTOFF_FRACTION] * full
        connected = not empty and after > bottom * (1.0 + 1e-9)
    lost_wh = taken * hours - (after - begun_wh) + dumped_wh
    return (
        after,
        connected,
        running,
        served_wh,
        curtailed_wh,
        lost_wh,
        from_grid * hours,
        made * hours,
    )
