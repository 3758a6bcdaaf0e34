"""What a kilowatt-hour emits at one site, hour by hour of a day.

A site's own sun serves first, then its battery, then the grid. The figures of grid and
sun come in as arguments. A country's grid is known by its yearly mean alone: without
hourly figures of its own it is the same at every hour, and nothing is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from nearmade.energy.panels.panel import Panel, ac_power_w, panel_power_w
from nearmade.energy.sky.sun import (
    HOURS_PER_YEAR,
    Array,
    clear_sky_global_w_m2,
    split_sky,
    sun_path,
)
from nearmade.energy.sky.weather import Weather
from nearmade.energy.supply.battery import Battery, BatteryState, step
from nearmade.energy.supply.cells import LITHIUM_IRON_PHOSPHATE, making_gco2e_per_kwh
from nearmade.energy.supply.grid import GridUse
from nearmade.vocabulary.errors import InvalidInput

HOURS: Final = 24

#: What the making of a battery adds to each kWh that it gives, unless its chemistry is
#: told: as of lithium iron phosphate. [gCO2e/kWh]
STORED_GCO2E_PER_KWH: Final = making_gco2e_per_kwh(LITHIUM_IRON_PHOSPHATE)[0]

#: Sunshine over that of a cloudless sky, by the year: 0.71 at Greensboro, 0.51 at Sand
#: Point, 0.74 at Miami (NREL TMY files; Haurwitz's cloudless sky); their mean, assumed
#: for every place.
CLEARNESS_FRACTION: Final = 0.65

#: From panels to the plug. Source: PVWatts version 5 manual (NREL/TP-6A20-62641),
#: nominal efficiency of an inverter.
INVERTER_FRACTION: Final = 0.96

#: Air when nothing is known of it; ten degrees move the power by 4 %. Assumed. [degC]
AIR_DEGC: Final = 20.0

#: First days of the months of a year without leap day.
_MONTHS: Final = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)

#: Days that are run until a battery begins each day alike.
_DAYS_TO_SETTLE: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class DaySupply:
    """A site's electricity on a typical day.

    Parameters
    ----------
    sun_w
        What its own panels give at the plug, by hour, shape (24,). [W]
    grid_gco2e_per_kwh
        By hour, shape (24,). [gCO2e/kWh]
    solar_gco2e_per_kwh
        Of its own panels, for their making. [gCO2e/kWh]
    battery
        Filled by what the panels leave over; None where there is none.
    base_w
        What draws before any build does. [W]
    battery_gco2e_per_kwh
        Of the battery's making, for each kWh that it gives. [gCO2e/kWh]

    Raises
    ------
    InvalidInput
        When a figure is below zero or no number, or a day has not 24 hours.
    """

    sun_w: Array
    grid_gco2e_per_kwh: Array
    solar_gco2e_per_kwh: float
    battery: Battery | None = None
    base_w: float = 0.0
    battery_gco2e_per_kwh: float = STORED_GCO2E_PER_KWH

    def __post_init__(self) -> None:
        for values in (self.sun_w, self.grid_gco2e_per_kwh):
            if values.shape != (HOURS,) or not (values >= 0).all():
                raise InvalidInput("supply: needs 24 hours, each zero or more")
        figures = (self.solar_gco2e_per_kwh, self.base_w, self.battery_gco2e_per_kwh)
        if not all(figure >= 0 for figure in figures):
            raise InvalidInput(
                "supply: carbon of the sun, base and carbon of the battery must be >= 0"
            )

    @property
    def left_w(self) -> Array:
        """What the panels leave over beside the base load, by hour. [W]"""
        left: Array = np.maximum(self.sun_w - self.base_w, 0.0)
        return left


def build_gco2e_per_kwh(supply: DaySupply, load_w: float, hours: float) -> Array:
    """Give what a build emits by kilowatt-hour if it starts at each full hour.

    Parameters
    ----------
    supply
        Of the site.
    load_w
        Of the build, mean, above zero. [W]
    hours
        How long it runs, above zero. [h]

    Returns
    -------
    Array
        By the hour of the start, shape (24,). [gCO2e/kWh]

    Raises
    ------
    InvalidInput
        When the build draws nothing or takes no time.
    """
    if not (0 < load_w < 1e9 and 0 < hours < 1e6):
        raise InvalidInput(f"supply: a build of {load_w} W for {hours} h")
    if supply.battery is None or not supply.battery.capacity_wh:
        own = np.minimum(supply.left_w, load_w) / load_w
        hourly = (
            own * supply.solar_gco2e_per_kwh + (1 - own) * supply.grid_gco2e_per_kwh
        )
        return _means_from(hourly, hours)
    held_wh = _held_by_hour(supply, supply.battery)
    return np.array(
        [
            _build_on_battery(supply, supply.battery, held_wh[at], at, load_w, hours)
            for at in range(HOURS)
        ]
    )


def _means_from(hourly: Array, hours: float) -> Array:
    """Average a day's figures over a span from each full hour on."""
    days, rest_h = divmod(hours, HOURS)
    whole, part = int(rest_h), rest_h % 1.0
    twice = np.concatenate([[0.0], np.cumsum(np.concatenate([hourly, hourly]))])
    starts = np.arange(HOURS)
    sums = twice[starts + whole] - twice[starts]
    sums += part * hourly[(starts + whole) % HOURS] + days * hourly.sum()
    means: Array = sums / hours
    return means


def _held_by_hour(supply: DaySupply, battery: Battery) -> Array:
    """Give what the battery holds at each hour of a day without the build. [Wh]"""
    state = BatteryState(battery.cutoff_fraction * battery.usable_top_wh)
    held = np.empty(HOURS)
    for hour in range(_DAYS_TO_SETTLE * HOURS):
        held[hour % HOURS] = state.stored_wh
        state, _ = _hour(supply, battery, state, hour % HOURS, supply.base_w, 1.0)
    return held


def _build_on_battery(
    supply: DaySupply,
    battery: Battery,
    held_wh: float,
    start: int,
    load_w: float,
    hours: float,
) -> float:
    """Run a build through the battery from one hour on. [gCO2e/kWh]"""
    state = BatteryState(held_wh)
    through = battery.charge_fraction * battery.discharge_fraction
    grams_wh, left_h, hour = 0.0, hours, start
    while left_h > 1e-9:
        length_h = min(1.0, left_h)
        at = hour % HOURS
        total_w = supply.base_w + load_w
        state, stored_wh = _hour(supply, battery, state, at, total_w, length_h)
        sun_wh = min(supply.left_w[at], load_w) * length_h
        stored_wh = min(stored_wh, load_w * length_h - sun_wh)
        grid_wh = load_w * length_h - sun_wh - stored_wh
        grams_wh += (sun_wh + stored_wh / through) * supply.solar_gco2e_per_kwh
        grams_wh += stored_wh * supply.battery_gco2e_per_kwh
        grams_wh += grid_wh * float(supply.grid_gco2e_per_kwh[at])
        left_h -= length_h
        hour += 1
    return grams_wh / (load_w * hours)


def _hour(
    supply: DaySupply,
    battery: Battery,
    state: BatteryState,
    at: int,
    load_w: float,
    hours: float,
) -> tuple[BatteryState, float]:
    """Run one hour; the state after it, and what the battery gave. [Wh]"""
    sun_w = float(supply.sun_w[at])
    after = step(
        battery,
        BatteryState(min(state.stored_wh, battery.usable_top_wh), connected=True),
        panel_w=sun_w,
        load_w=load_w,
        hours=hours,
        grid_w=load_w,
        grid_use=GridUse(below_fraction=battery.cutoff_fraction),
    )
    gave_wh = after.served_wh - after.grid_wh - min(sun_w, load_w) * hours
    return after.state, max(0.0, gave_wh)


@lru_cache(maxsize=4096)
def typical_sun_w(
    panel: Panel, lat_deg: float, lon_deg: float, month: int
) -> tuple[float, ...]:
    """Give what panels give at the plug on a mean day of a month, by hour of UTC. [W]

    A cloudless sky times the mean clearness of three measured places: what to expect
    of a month, not what any one day brings. Behind an inverter as large as the panels,
    with its part-load curve.

    Parameters
    ----------
    panel
        The panels.
    lat_deg, lon_deg
        Where they are. [deg]
    month
        1 to 12.

    Raises
    ------
    InvalidInput
        When the place is not on the map or there is no such month.
    """
    if not 1 <= month <= len(_MONTHS) - 1:
        raise InvalidInput(f"supply: there is no month {month}")
    path = sun_path(lat_deg, lon_deg, 0.0)
    sky = split_sky(path, clear_sky_global_w_m2(path) * CLEARNESS_FRACTION)
    still = np.ones(HOURS_PER_YEAR)
    weather = Weather(
        "typical",
        lat_deg,
        lon_deg,
        0.0,
        3600,
        sky.beam_w_m2,
        sky.diffuse_w_m2,
        sky.global_w_m2,
        AIR_DEGC * still,
        still,
        source="cloudless sky times a mean clearness",
        synthetic=True,
    )
    power_w = panel_power_w(panel, weather)
    if panel.rated_wp > 0:
        power_w = ac_power_w(panel, power_w, efficiency_fraction=INVERTER_FRACTION)
    days = power_w.reshape(-1, HOURS)
    return tuple(days[_MONTHS[month - 1] : _MONTHS[month]].mean(axis=0).tolist())
