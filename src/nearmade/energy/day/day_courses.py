"""Courses of the sun for a day, from the days around it in a typical year."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np

from nearmade.energy.deciding.outlook import STEP_S, Outlook
from nearmade.energy.site.itinerary import DAYS, Year
from nearmade.vocabulary.errors import InvalidInput

#: Days before and after the day itself that count as equally likely. Assumed.
DAYS_AROUND: Final = 10
STEPS_PER_DAY: Final = 86_400 // STEP_S


def outlook_of_year(
    year: Year, panel_wp: float, begins_at: datetime, utc_offset_h: float, hours: float
) -> Outlook:
    """Give what the sun may do from a moment on, by the same days of a typical year.

    Parameters
    ----------
    year
        In steps of five minutes.
    panel_wp
        Of the panels. [Wp]
    begins_at
        Now, aware; any year.
    utc_offset_h
        Of local standard time. [h]
    hours
        How far to look, above zero. [h]

    Raises
    ------
    InvalidInput
        When the year has other steps, or the moment has no zone.
    """
    if year.step_s != STEP_S:
        raise InvalidInput(f"day: needs a year in steps of {STEP_S} s")
    if begins_at.tzinfo is None:
        raise InvalidInput("day: needs a moment with a zone")
    local = (
        begins_at
        + timedelta(hours=utc_offset_h)
        - (begins_at.utcoffset() or timedelta())
    )
    new_year = datetime(local.year, 1, 1, tzinfo=local.tzinfo)
    first = int((local - new_year).total_seconds() // STEP_S)
    steps = np.arange(int(np.ceil(hours * 3600 / STEP_S)))
    days = np.arange(-DAYS_AROUND, DAYS_AROUND + 1)
    at = (first + days[:, None] * STEPS_PER_DAY + steps) % (DAYS * STEPS_PER_DAY)
    return Outlook(
        begins_at,
        year.unit_w[at] * panel_wp,
        year.clear_unit_w[at[DAYS_AROUND]] * panel_wp,
        f"{len(days)} days around this one in the year",
        utc_offset_h,
    )
