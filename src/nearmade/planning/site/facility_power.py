"""The power of a facility's record over the steps of a schedule."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import lru_cache

from nearmade.energy.panels.panel import Panel
from nearmade.energy.site.site_record import usual_tilt_deg
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.carbon import typical_sun_w
from nearmade.facilities.facility import PowerSystem
from nearmade.planning.site.site import QUARTER_S, STEPS_PER_QUARTER, SitePower
from nearmade.vocabulary.place import Place


@lru_cache(maxsize=256)
def power_of_facility(
    power: PowerSystem,
    place: Place,
    start_at: datetime,
    steps: int,
    stored_fraction: float = 0.5,
) -> SitePower:
    """Give the grid with its limit, or a mean day's sun with the battery.

    Parameters
    ----------
    power, place
        Of the facility.
    start_at
        When the first step begins, with a zone.
    stored_fraction
        What the battery holds then; half when nobody says.
    """
    quarters = math.ceil(steps / STEPS_PER_QUARTER)
    free = (0.0,) * quarters
    if power.kind != "solar":
        return SitePower(power.max_w, free, free)
    start = start_at.astimezone(UTC)
    panel = Panel(power.pv_wp, usual_tilt_deg(place))
    by_hour = typical_sun_w(panel, place.lat_deg, place.lon_deg, start.month)
    first_s = 3600 * start.hour + 60 * start.minute + start.second
    hours = ((first_s + at * QUARTER_S) // 3600 % 24 for at in range(quarters))
    return SitePower(
        0.0,
        tuple(by_hour[hour] for hour in hours),
        free,
        Battery(power.battery_wh, max_discharge_w=power.max_w),
        power.battery_wh * min(1.0, max(0.0, stored_fraction)),
        power.max_w,
    )
