"""A battery between panels and load, one step at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.bus import RATED_DEGC, bus_step
from nearmade.energy.supply.generator import Generator
from nearmade.energy.supply.grid import GridUse
from nearmade.vocabulary.errors import InvalidInput

#: Thirty days. [h]
HOURS_PER_MONTH = 720.0


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
    loss_per_w
        Share of power lost to inner resistance, for each watt that flows. [1/W]
    peukert
        Exponent of Peukert's law, 1 when capacity does not shrink with power.
    rated_hours
        Time in which the capacity was measured; Peukert's law acts above. [h]
    taper_fraction
        State of charge above which charging slows down towards full.
    cold_per_kelvin
        Share of the capacity that each kelvin below 25 degC hides. [1/K]
    no_charge_below_degc
        Colder, it takes no charge. [degC]
    self_loss_per_month
        Share lost in 30 days at rest.

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
    loss_per_w: float = 0.0
    peukert: float = 1.0
    rated_hours: float = 20.0
    taper_fraction: float = 1.0
    cold_per_kelvin: float = 0.0
    no_charge_below_degc: float = -math.inf
    self_loss_per_month: float = 0.0

    def __post_init__(self) -> None:
        shares = (self.charge_fraction, self.discharge_fraction, self.health_fraction)
        if not all(0 < share <= 1 for share in shares):
            raise InvalidInput(f"battery: efficiencies and health {shares} in 0..1")
        if not 0 <= self.cutoff_fraction < self.reconnect_fraction <= 1:
            raise InvalidInput("battery: the load must return above its cut-off")
        powers = (self.capacity_wh, self.max_charge_w, self.max_discharge_w)
        if not all(figure >= 0 for figure in powers):
            raise InvalidInput(f"battery: {powers} must be zero or more")
        laws = (self.loss_per_w, self.cold_per_kelvin, self.self_loss_per_month)
        if not all(0 <= figure <= 1 for figure in laws):
            raise InvalidInput(f"battery: losses {laws} must be in 0..1")
        if not (1 <= self.peukert <= 2 and self.rated_hours > 0):
            raise InvalidInput(
                f"battery: Peukert's {self.peukert} must be in 1..2, "
                f"{self.rated_hours} h above zero"
            )
        if not 0 <= self.taper_fraction <= 1 or math.isnan(self.no_charge_below_degc):
            raise InvalidInput("battery: taper must be in 0..1, cold a temperature")

    @property
    def usable_top_wh(self) -> float:
        """Energy when full at its present health. [Wh]"""
        return self.capacity_wh * self.health_fraction


@dataclass(frozen=True, slots=True)
class BatteryState:
    """What a battery holds, whether the load is connected and the generator runs."""

    stored_wh: float
    connected: bool = True
    running: bool = False


@dataclass(frozen=True, slots=True)
class BatteryStep:
    """What happened in one step.

    Conservation: ``panel + grid + generator = served + lost + curtailed + (after -
    before)`` stored.

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
        In and out of the battery, and what the generator makes too much. [Wh]
    grid_wh, generator_wh
        From there. [Wh]
    """

    state: BatteryState
    served_wh: float
    unmet_wh: float
    curtailed_wh: float
    lost_wh: float
    grid_wh: float = 0.0
    generator_wh: float = 0.0


def step(
    battery: Battery,
    state: BatteryState,
    *,
    panel_w: float,
    load_w: float,
    hours: float,
    grid_w: float = 0.0,
    battery_degc: float = RATED_DEGC,
    generator: Generator | None = None,
    grid_use: GridUse | None = None,
) -> BatteryStep:
    """Run panels, battery, grid, generator and load for a while at constant power.

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
    grid_w
        What the grid can give at the battery, zero or more. [W]
    battery_degc
        Of the battery. [degC]
    generator
        None when there is none.
    grid_use
        When the grid serves and charges; it saves the battery when None.

    Raises
    ------
    InvalidInput
        When a power is negative, the step has no length, or the battery holds less
        than nothing or more than it can.
    """
    full = battery.usable_top_wh
    if not (panel_w >= 0 and load_w >= 0 and grid_w >= 0 and hours > 0):
        raise InvalidInput(
            f"battery: {panel_w} W, {load_w} W, {grid_w} W, {hours} h out of range"
        )
    if not 0 <= state.stored_wh <= full * (1 + 1e-9):
        raise InvalidInput(f"battery: holds {state.stored_wh} of 0 to {full} Wh")
    stored, connected, running, served, curtailed, lost, grid, made = bus_step(
        float(state.stored_wh),
        bool(state.connected),
        bool(state.running),
        float(panel_w),
        float(load_w),
        float(grid_w),
        float(battery_degc),
        float(hours),
        bus_row(battery, generator, grid_use),
    )
    return BatteryStep(
        BatteryState(stored, connected, running),
        served,
        load_w * hours - served,
        curtailed,
        lost,
        grid,
        made,
    )


def bus_row(
    battery: Battery,
    generator: Generator | None = None,
    grid_use: GridUse | None = None,
) -> Array:
    """Give a bus as the compiled step takes it, shape (20,)."""
    made = Generator(0.0) if generator is None else generator
    used = GridUse() if grid_use is None else grid_use
    return np.array(
        [
            battery.usable_top_wh,
            battery.charge_fraction,
            battery.discharge_fraction,
            battery.max_charge_w,
            battery.max_discharge_w,
            battery.cutoff_fraction,
            battery.reconnect_fraction,
            battery.loss_per_w,
            battery.peukert,
            battery.capacity_wh / battery.rated_hours,
            battery.taper_fraction,
            battery.cold_per_kelvin,
            battery.no_charge_below_degc,
            battery.self_loss_per_month / HOURS_PER_MONTH,
            used.below_fraction,
            used.charge_to_fraction,
            made.rated_w,
            made.least_w,
            made.start_fraction,
            made.stop_fraction,
        ]
    )
