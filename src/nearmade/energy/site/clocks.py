"""What a site's clocks are ahead of standard time, day by day: its summer time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from nearmade.energy.site.itinerary import DAYS, days_of
from nearmade.energy.site.site_energy import Visit
from nearmade.energy.sky.sun import Array

#: A typical year is of no year: clocks are put on and back as in this one.
CLOCK_YEAR: Final = 2026


def clock_ahead_h(zone: str, stays: Sequence[Visit] = ()) -> Array:
    """Give what the clock is ahead of standard time, by day, shape (365,). [h]

    Days on which the clock is put on or back count as it is at their noon.

    Parameters
    ----------
    zone
        Known IANA name of the base; no summer time where it is empty.
    stays
        Of a site that moves; each by the clock of its own zone.
    """
    ahead = _year_ahead_h(zone)
    for stay in stays:
        days = days_of(stay)
        ahead[days] = _year_ahead_h(stay.zone)[days]
    return ahead


def _year_ahead_h(zone: str) -> Array:
    ahead = np.zeros(DAYS)
    if not zone:
        return ahead
    clock = ZoneInfo(zone)
    first = date(CLOCK_YEAR, 1, 1)
    for day in range(DAYS):
        noon = datetime.combine(first + timedelta(days=day), time(12), clock)
        ahead[day] = (noon.utcoffset() or timedelta()).total_seconds() / 3600
    # Weather runs in standard time all year: the lesser of its two.
    standard_h = float(min(ahead[14], ahead[195]))
    return np.asarray(ahead - standard_h, np.float64)
