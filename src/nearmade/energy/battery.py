"""A battery between panels and load, one step at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Battery:
    """A battery and the switch that saves it from deep discharge.

    Parameters
    ----------
    capacity_wh
        When new. [Wh]
    charge_fraction, discharge_fraction
        Efficiency in and out, above 0 to 1. 0.95 each is on the safe side; a lithium
        iron phosphate cell alone shows 0.995.
    max_charge_w, max_discharge_w
        What it takes and gives at most. [W]
    cutoff_fraction
        State of charge at which the load is cut off.
    reconnect_fraction
        State of charge at which the load comes back, above the cut-off.
    health_fraction
        Capacity left of that when new, above 0 to 1.

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """

    capacity_wh: float
    charge_fraction: float = 0.95
    discharge_fraction: float = 0.95
    max_charge_w: float = math.inf
    max_discharge_w: float = math.inf
    cutoff_fraction: float = 0.10
    reconnect_fraction: float = 0.20
    health_fraction: float = 1.0

    def __post_init__(self) -> None:
        shares = (self.charge_fraction, self.discharge_fraction, self.health_fraction)
        if not all(0 < share <= 1 for share in shares):
            raise InvalidInput(f"battery: efficiencies and health {shares} in 0..1")
        if not 0 <= self.cutoff_fraction < self.reconnect_fraction <= 1:
            raise InvalidInput("battery: the load must return above its cut-off")
        powers = (self.capacity_wh, self.max_charge_w, self.max_discharge_w)
        if not all(figure >= 0 for figure in powers):
            raise InvalidInput(f"battery: {powers} must be zero or more")

    @property
    def usable_top_wh(self) -> float:
        """Energy when full at its present health. [Wh]"""
        return self.capacity_wh * self.health_fraction


@dataclass(frozen=True, slots=True)
class BatteryState:
    """What a battery holds, and whether the load is connected."""

    stored_wh: float
    connected: bool = True


@dataclass(frozen=True, slots=True)
class BatteryStep:
    """What happened in one step.

    Conservation: ``panel = served + lost + curtailed + (after - before)`` stored.

    Parameters
    ----------
    state
        After the step.
    served_wh
        What the load got. [Wh]
    unmet_wh
        What the load asked for and did not get. [Wh]
    curtailed_wh
        What the panels could have given and nobody took. [Wh]
    lost_wh
        In and out of the battery. [Wh]
    """

    state: BatteryState
    served_wh: float
    unmet_wh: float
    curtailed_wh: float
    lost_wh: float


def step(
    battery: Battery,
    state: BatteryState,
    *,
    panel_w: float,
    load_w: float,
    hours: float,
) -> BatteryStep:
    """Run panels, battery and load for a while at constant power.

    Parameters
    ----------
    battery
        The battery.
    state
        Before the step; energy in 0 to full.
    panel_w, load_w
        What the panels can give and the load asks for, zero or more. [W]
    hours
        Length of the step, above zero. [h]

    Raises
    ------
    InvalidInput
        When a power is negative, the step has no length, or the battery holds less
        than nothing or more than it can.
    """
    full = battery.usable_top_wh
    if not (panel_w >= 0 and load_w >= 0 and hours > 0):
        raise InvalidInput(f"battery: {panel_w} W, {load_w} W, {hours} h out of range")
    if not 0 <= state.stored_wh <= full * (1 + 1e-9):
        raise InvalidInput(f"battery: holds {state.stored_wh} of 0 to {full} Wh")
    connected = state.connected or (
        state.stored_wh >= battery.reconnect_fraction * full
    )
    asked_wh = load_w * hours
    wanted_wh = asked_wh if connected else 0.0
    surplus_wh = panel_w * hours - wanted_wh
    if surplus_wh >= 0:
        taken = _charge_wh(battery, state.stored_wh, surplus_wh, hours)
        stored = min(full, state.stored_wh + battery.charge_fraction * taken)
        served, curtailed = wanted_wh, surplus_wh - taken
        lost = taken - (stored - state.stored_wh)
    else:
        given = _discharge_wh(battery, state.stored_wh, -surplus_wh, hours)
        stored = max(0.0, state.stored_wh - given / battery.discharge_fraction)
        served, curtailed = panel_w * hours + given, 0.0
        lost = (state.stored_wh - stored) - given
        connected = stored > battery.cutoff_fraction * full * (1 + 1e-9)
    return BatteryStep(
        BatteryState(stored, connected), served, asked_wh - served, curtailed, lost
    )


def _charge_wh(
    battery: Battery, stored_wh: float, surplus_wh: float, hours: float
) -> float:
    """Give what flows in: the surplus, the room left, the power limit."""
    room = max(0.0, battery.usable_top_wh - stored_wh) / battery.charge_fraction
    return min(surplus_wh, room, battery.max_charge_w * hours)


def _discharge_wh(
    battery: Battery, stored_wh: float, lacking_wh: float, hours: float
) -> float:
    """Give what flows out: the lack, the energy above cut-off, the power limit."""
    bottom = battery.cutoff_fraction * battery.usable_top_wh
    above = max(0.0, stored_wh - bottom) * battery.discharge_fraction
    return min(lacking_wh, above, battery.max_discharge_w * hours)
