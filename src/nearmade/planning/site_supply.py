"""What a site's own electricity emits by the hour, and when it had best start.

A site's supply is what its agent reports, else the panels and battery of its record.
Its sun is that of a typical day of the month, or of the day that the site forecasts;
its grid is the same at every hour unless the site reports 24 values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np

from nearmade.energy.panels.panel import Panel
from nearmade.energy.site.site_record import usual_tilt_deg
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.carbon import (
    DaySupply,
    build_gco2e_per_kwh,
    typical_sun_w,
)
from nearmade.facilities.facility import Facility, PowerSystem
from nearmade.facilities.opening import facility_is_open
from nearmade.facilities.reported_supply import HOURS, ReportedSupply
from nearmade.impact.grid import electricity_factor
from nearmade.planning.site_work import SiteWork
from nearmade.planning.wish import OrderWish
from nearmade.vocabulary.place import Place

SECONDS_PER_HOUR: Final = 3600.0
SECONDS_PER_DAY: Final = 86_400.0
GRAMS_PER_TONNE: Final = 1e6
WH_PER_KWH: Final = 1000.0
#: Charge above the cut-off at which a battery gives again, where nobody tells. Assumed.
RECONNECT_FRACTION: Final = 0.1
#: A share below this is none.
LEAST_SHARE: Final = 1e-9
#: The longest that a build waits for the sun of its own site. [h]
MOST_WAIT_H: Final = 24


@dataclass(frozen=True, slots=True, eq=False)
class SiteSupply:
    """Electricity of a facility over a day, seen from now.

    Parameters
    ----------
    day
        By hour of UTC.
    now
        The present.
    reported
        Whether the site's own agent reported it.
    """

    day: DaySupply
    now: datetime
    reported: bool = False

    def by_start(self, work: SiteWork, wait_s: float) -> Array:
        """Give what work emits by kilowatt-hour, by the hour of UTC of its start.

        Its machines are taken to draw their mean together until the last is done.

        Parameters
        ----------
        work
            As it is when it starts after ``wait_s``.
        wait_s
            From now. [s]
        """
        busy_h, mean_w = _load(work, wait_s)
        if not mean_w > 0:
            return self.day.grid_gco2e_per_kwh
        return build_gco2e_per_kwh(self.day, mean_w, busy_h)

    def at(self, by_start: Array, start_s: float) -> float:
        """Read such figures for a start so long from now. [gCO2e/kWh]"""
        start = (self.now + timedelta(seconds=start_s)).astimezone(UTC)
        share = (start.minute * 60 + start.second) / SECONDS_PER_HOUR
        one, other = by_start[start.hour], by_start[(start.hour + 1) % 24]
        return float(one * (1 - share) + other * share)


def supply_of(facility: Facility, now: datetime) -> SiteSupply | None:
    """Give the electricity of a facility that has panels beside its grid.

    Also of one that reports what its grid emits by the hour. None for all others: on
    the grid alone its country's mean holds at every hour, and off the grid the sun
    does.
    """
    facility = with_current_report(facility, now)
    day = day_supply(facility, now.astimezone(UTC).date())
    if day is None:
        return None
    return SiteSupply(day, now, facility.power.reported is not None)


def with_current_report(facility: Facility, now: datetime) -> Facility:
    """Give a facility without what its agent reported too long ago."""
    reported = facility.power.reported
    if reported is None or reported.holds(now):
        return facility
    return replace(facility, power=replace(facility.power, reported=None))


def day_supply(facility: Facility, day: date) -> DaySupply | None:
    """Give a facility's electricity on one day, by hour of UTC; None as above."""
    power, place = facility.power, facility.place
    told = power.reported or ReportedSupply(
        datetime.min.replace(tzinfo=UTC), power.pv_wp, battery_wh=power.battery_wh
    )
    if power.kind != "grid" or not (told.pv_wp > 0 or told.grid_gco2e_per_kwh):
        return None
    mean = electricity_factor(place.country, solar=False).value
    return DaySupply(
        _sun_w(told, place, day),
        np.array(told.grid_gco2e_per_kwh or [mean] * HOURS),
        electricity_factor(place.country, solar=True).value,
        _battery(power),
        told.standing_w,
    )


def _battery(power: PowerSystem) -> Battery | None:
    told = power.reported
    if told is None:
        return Battery(power.battery_wh) if power.battery_wh > 0 else None
    if not told.battery_wh > 0:
        return None
    return Battery(
        told.battery_wh,
        charge_fraction=told.charge_fraction,
        discharge_fraction=told.discharge_fraction,
        cutoff_fraction=told.cutoff_fraction,
        reconnect_fraction=min(1.0, told.cutoff_fraction + RECONNECT_FRACTION),
    )


def _sun_w(told: ReportedSupply, place: Place, day: date) -> Array:
    """Give what panels give on a day: typical, or as much as is forecast. [W]"""
    if not told.pv_wp > 0:
        return np.zeros(HOURS)
    tilt_deg = usual_tilt_deg(place) if told.tilt_deg is None else told.tilt_deg
    panel = Panel(told.pv_wp, tilt_deg, azimuth_deg=told.azimuth_deg)
    typical = typical_sun_w(panel, place.lat_deg, place.lon_deg, day.month)
    sun_w = np.array(typical)
    forecast_wh = dict(told.sun_wh).get(day)
    if forecast_wh is not None and sun_w.sum() > 0:
        sun_w = np.minimum(sun_w * (forecast_wh / sun_w.sum()), told.pv_wp)
    return sun_w


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the electricity of one build came from.

    Parameters
    ----------
    sun_fraction, stored_fraction
        From the panels at once, and through the battery.
    grid_gco2e_per_kwh
        Of what the grid gave in these hours; None where it gave nothing. [gCO2e/kWh]
    """

    sun_fraction: float
    stored_fraction: float
    grid_gco2e_per_kwh: float | None

    @property
    def grid_fraction(self) -> float:
        """What is left for the grid."""
        return max(0.0, 1.0 - self.sun_fraction - self.stored_fraction)


def sources_of(supply: SiteSupply, load_w: float, hours: float) -> Sources:
    """Tell a build's sources apart that starts at the supply's moment.

    What a build emits is a sum of its sources, each at its own figure: with one of them
    at 1 and the others at 0 that sum is the source's share.

    Parameters
    ----------
    load_w
        Mean of the build, above zero. [W]
    hours
        How long it runs, above zero. [h]

    Raises
    ------
    InvalidInput
        When the build draws nothing or takes no time.
    """
    none = np.zeros(HOURS)

    def share(grid: Array, stored: float) -> float:
        day = replace(
            supply.day,
            grid_gco2e_per_kwh=grid,
            solar_gco2e_per_kwh=0.0,
            battery_gco2e_per_kwh=stored,
        )
        return supply.at(build_gco2e_per_kwh(day, load_w, hours), 0.0)

    grid, stored = share(np.ones(HOURS), 0.0), share(none, 1.0)
    grams = share(supply.day.grid_gco2e_per_kwh, 0.0)
    per_kwh = grams / grid if grid > LEAST_SHARE else None
    return Sources(max(0.0, 1.0 - grid - stored), min(1.0, stored), per_kwh)


def mean_gco2e_per_kwh(
    facility: Facility, day: date, load_w: float, hours: Sequence[int]
) -> float | None:
    """Give what electricity emits on a day while a facility is at work.

    Parameters
    ----------
    day
        Of UTC.
    load_w
        Of all machines at work, above zero. [W]
    hours
        Hours of UTC at which it works, at least one, each in 0..23.

    Returns
    -------
    float or None
        None where the country's or the sun's figure holds. [gCO2e/kWh]
    """
    supply = day_supply(facility, day)
    if supply is None:
        return None
    by_start = build_gco2e_per_kwh(supply, load_w, 1.0)
    return float(by_start[list(hours)].mean())


def greenest_wait_s(
    facility: Facility,
    supply: SiteSupply,
    work: SiteWork,
    wait_s: float,
    wish: OrderWish,
    *,
    way_s: float = 0.0,
) -> float:
    """Give how long the work had best wait for the site's own sun. [s]

    Carbon at its price against lateness at its own; the first moment wins a tie, so
    that nothing waits where carbon has no price. It starts while the facility is open.

    Parameters
    ----------
    work
        As it is when it starts after ``wait_s``.
    wait_s
        The least, for opening and queue. [s]
    way_s
        From the last build's end to the customer. [s]
    """
    if not wish.carbon_price_usd_per_t > 0:
        return wait_s
    kwh = work.energy_wh().value / WH_PER_KWH
    run_s = work.makespan_s.value - wait_s
    by_start = supply.by_start(work, wait_s)

    def cost_usd(start_s: float) -> float:
        grams = kwh * supply.at(by_start, start_s)
        late_s = max(0.0, start_s + run_s + way_s - wish.promise_s)
        return (
            grams / GRAMS_PER_TONNE * wish.carbon_price_usd_per_t
            + late_s / SECONDS_PER_DAY * wish.lateness_usd_per_day
        )

    best_s, best_usd = wait_s, cost_usd(wait_s)
    for start_s in _full_hours(supply.now, wait_s):
        if not facility_is_open(facility, supply.now + timedelta(seconds=start_s)):
            continue
        found_usd = cost_usd(start_s)
        if found_usd < best_usd - 1e-9:
            best_s, best_usd = start_s, found_usd
    return best_s


def _full_hours(now: datetime, wait_s: float) -> Iterator[float]:
    """Give the full hours of the day that follows. [s]"""
    first = now + timedelta(seconds=wait_s)
    past_s = first.minute * 60 + first.second + first.microsecond / 1e6
    to_next_s = SECONDS_PER_HOUR - past_s
    for hour in range(MOST_WAIT_H):
        yield wait_s + to_next_s + hour * SECONDS_PER_HOUR


def _load(work: SiteWork, wait_s: float) -> tuple[float, float]:
    """Give how long the work runs, and what it draws on average. [h], [W]"""
    longest_s = max((build.printed_s for build in work.builds), default=0.0) - wait_s
    busy_h = max(longest_s, 1.0) / SECONDS_PER_HOUR
    energy_wh = work.energy_wh().value
    return busy_h, energy_wh / busy_h if math.isfinite(energy_wh) else 0.0
