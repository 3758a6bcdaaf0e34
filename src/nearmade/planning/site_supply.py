"""When a facility with panels beside its grid had best start, and what that emits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
from nearmade.facilities.facility import Facility
from nearmade.facilities.opening import facility_is_open
from nearmade.impact.grid import electricity_factor
from nearmade.planning.site_work import SiteWork
from nearmade.planning.wish import OrderWish

SECONDS_PER_HOUR: Final = 3600.0
SECONDS_PER_DAY: Final = 86_400.0
GRAMS_PER_TONNE: Final = 1e6
WH_PER_KWH: Final = 1000.0
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
    """

    day: DaySupply
    now: datetime

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

    None for all others: on the grid alone its country's mean holds at every hour, and
    off the grid the sun does.
    """
    power = facility.power
    if power.kind != "grid" or not power.pv_wp > 0:
        return None
    place = facility.place
    panel = Panel(power.pv_wp, usual_tilt_deg(place))
    sun_w = typical_sun_w(
        panel, place.lat_deg, place.lon_deg, now.astimezone(UTC).month
    )
    grid = electricity_factor(place.country, solar=False).value
    battery = Battery(power.battery_wh) if power.battery_wh > 0 else None
    own = electricity_factor(place.country, solar=True).value
    day = DaySupply(np.array(sun_w), np.full(24, grid), own, battery)
    return SiteSupply(day, now)


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
    longest_s = max((build.ends_s for build in work.builds), default=0.0) - wait_s
    busy_h = max(longest_s, 1.0) / SECONDS_PER_HOUR
    energy_wh = work.energy_wh().value
    return busy_h, energy_wh / busy_h if math.isfinite(energy_wh) else 0.0
