"""A day's plan as plain values."""

from __future__ import annotations

from typing import Any, Final

from nearmade.energy.day.day_plan import STEPS_PER_DAY, DayPlan, DayRow
from nearmade.energy.deciding.outlook import STEP_S, Outlook

SCHEMA: Final = "nearmade/energy/day/1"
STEPS_PER_HOUR: Final = 3600 // STEP_S


def day_record(name: str, plan: DayPlan, outlook: Outlook) -> dict[str, Any]:
    """Give the record of a day; moments are of the local clock.

    Parameters
    ----------
    name
        Of the site.
    plan
        Of its jobs.
    outlook
        That it was made with.
    """
    hours = range(0, STEPS_PER_DAY, STEPS_PER_HOUR)
    return {
        "schema": SCHEMA,
        "site": name,
        "begins_at": _moment(outlook, 0),
        "sun": outlook.source,
        "jobs": [_row(each, outlook) for each in plan.rows],
        "hours": [
            {
                "at": _moment(outlook, step),
                "battery_fraction": round(float(plan.charge_fraction[step]), 4),
                "sun_w": round(
                    float(plan.sun_w[step : step + STEPS_PER_HOUR].mean()), 1
                ),
            }
            for step in hours
        ],
    }


def _row(row: DayRow, outlook: Outlook) -> dict[str, Any]:
    return {
        "job": row.job,
        "verb": row.decision.verb.value,
        "machine": row.machine,
        "start_at": None if row.start is None else _moment(outlook, row.start),
        "end_at": None if row.end is None else _moment(outlook, row.end),
        "rule": row.decision.rule,
        "reason": row.decision.reason,
        "waited": row.first_wait or None,
    }


def _moment(outlook: Outlook, step: int) -> str:
    return outlook.local(step).isoformat(timespec="minutes")
