"""What a site's year came to, as plain values: by month, with what it rests on."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np

from nearmade.energy.deciding.like_days import CAUTION_FRACTION
from nearmade.energy.deciding.like_days import DAYS as LIKE_DAYS
from nearmade.energy.forecast.held import LEVELS
from nearmade.energy.forecast.past_days import year_held
from nearmade.energy.site.itinerary import DAYS
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.cells import CHEMISTRIES, health_after, life_years
from nearmade.energy.years.reasons import MONTH_STARTS, clock_hours, reasons_of
from nearmade.energy.years.running import SiteRuns
from nearmade.energy.years.wish_year import ROOM_LEAST_DEGC, WH_PER_KWH, SiteYear, burnt

SCHEMA: Final = "nearmade/energy/year/1"
#: A forecast of no panels is reckoned with so many. [Wp]
SOME_WP: Final = 100.0


def year_record(laid: SiteYear, runs: SiteRuns) -> dict[str, Any]:
    """Give the record of a site's year with its own panel and battery.

    Parameters
    ----------
    laid
        The site.
    runs
        Of that size alone, with its trace.
    """
    site, year = laid.site, laid.year
    work, wish = site.work, site.wish
    pieces = work.pieces if work else 1
    by_day = runs.finished_by_day[0] * pieces
    fuel_l, grid_kwh = burnt(site, runs)
    return {
        "schema": SCHEMA,
        "site": site.name,
        "weather": {"source": year.source, "synthetic": year.synthetic},
        "places": list(dict.fromkeys(year.place_of_day)),
        "step_s": year.step_s,
        "panel_wp": site.panel.rated_wp,
        "battery_wh": site.battery.capacity_wh,
        "rule": laid.rule.start.name.lower(),
        "jobs": {
            "finished": int(runs.finished[0]),
            "ruined": int(runs.ruined[0]),
            "pieces": int(by_day.sum()),
            "pieces_a_day": round(float(by_day.mean()), 2),
        },
        "wish": None
        if wish is None
        else {
            "pieces_a_day": wish.pieces_a_day,
            "days_fraction": wish.days_fraction,
            "met_days_fraction": round(float((by_day >= wish.pieces_a_day).mean()), 4),
        },
        "energy_kwh": {
            "sun": _kwh(runs.panel_wh),
            "served": _kwh(runs.served_wh),
            "unmet": _kwh(runs.unmet_wh),
            "curtailed": _kwh(runs.curtailed_wh),
            "lost": _kwh(runs.lost_wh),
            "generator": _kwh(runs.generator_wh),
            "grid": round(float(grid_kwh[0]), 3),
        },
        "fuel_l": round(float(fuel_l[0]), 2),
        "hours_without_power": round(float(runs.off_h[0]), 1),
        "battery": _battery(laid, runs),
        "forecast": _forecast(laid),
        "reasons": reasons_of(laid, runs),
        "clock": site.zone or _offset_words(site.utc_offset_h),
        "hours": _hours(laid, runs),
        "months": _months(laid, runs, by_day),
    }


def _offset_words(offset_h: float) -> str:
    """Name a clock by its offset, as in ``UTC+05:30``."""
    minutes = round(offset_h * 60)
    return (
        f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{minutes % 60:02d}"
    )


def _hours(laid: SiteYear, runs: SiteRuns) -> list[dict[str, Any]]:
    """Give sun, battery and beginnings by the hour of the local clock."""
    at = clock_hours(laid).astype(np.int64)
    steps = np.bincount(at, minlength=24)
    full_wh = max(laid.site.battery.usable_top_wh, 1e-9)
    sun_w = np.bincount(at, laid.year.unit_w, 24) / steps * laid.site.panel.rated_wp
    held = np.bincount(at, runs.stored_wh[0], 24) / steps / full_wh
    return [
        {
            "hour": hour,
            "sun_w": round(float(sun_w[hour]), 1),
            "battery_mean_fraction": round(float(held[hour]), 4),
            "begun": int(runs.begun_by_hour[0, hour]),
        }
        for hour in range(24)
    ]


def _kwh(figures_wh: Array) -> float:
    return round(float(figures_wh[0]) / WH_PER_KWH, 3)


def _forecast(laid: SiteYear) -> dict[str, Any]:
    """Give how the agent's own forecast would have held over the year."""
    year = laid.year
    rated_wp = laid.site.panel.rated_wp or SOME_WP
    held = year_held(
        year.unit_w * rated_wp, year.clear_unit_w * rated_wp, round(year.step_s)
    )
    found: dict[str, Any] = {
        "source": f"the likest hours of the last {LIKE_DAYS} days, taken at "
        f"{100 * CAUTION_FRACTION:.0f} %",
        "quantile": LEVELS[0],
        "days": 0,
        "missed_days_fraction": 0.0,
        "missed_corrected_fraction": 0.0,
        "bias_fraction": 0.0,
    }
    if held is not None:
        found["days"] = held.days
        found["missed_days_fraction"] = round(held.under_low_fraction, 4)
        found["missed_corrected_fraction"] = round(held.under_used_fraction, 4)
        found["bias_fraction"] = round(held.bias_fraction, 4)
    return found


def _battery(laid: SiteYear, runs: SiteRuns) -> dict[str, Any] | None:
    """Give how the year wears the battery; None where there is none."""
    full_wh = laid.site.battery.usable_top_wh
    if full_wh <= 0:
        return None
    chemistry = CHEMISTRIES[laid.site.chemistry]
    charge = chemistry.curve.charge_fraction(np.clip(runs.stored_wh[0] / full_wh, 0, 1))
    room_degc = float(np.maximum(laid.year.air_degc, ROOM_LEAST_DEGC).mean())
    step_s = laid.year.step_s
    left = health_after(chemistry, charge, step_s, degc=room_degc)
    years = life_years(chemistry, charge, step_s, degc=room_degc)
    return {
        "chemistry": chemistry.name,
        "room_degc": round(room_degc, 1),
        "mean_charge_fraction": round(float(charge.mean()), 4),
        "left_after_year_fraction": round(left, 4),
        "life_years": round(years, 1),
    }


def _months(laid: SiteYear, runs: SiteRuns, by_day: Array) -> list[dict[str, Any]]:
    """Give sun, pieces and battery month by month."""
    site, year = laid.site, laid.year
    wish = site.wish
    full_wh = max(site.battery.usable_top_wh, 1e-9)
    stored = runs.stored_wh[0].reshape(DAYS, -1) / full_wh
    sun_wh = year.unit_w.reshape(DAYS, -1).sum(axis=1) * (
        site.panel.rated_wp * year.step_s / 3600
    )
    rows = []
    for month, (first, last) in enumerate(pairwise(MONTH_STARTS), start=1):
        days = slice(first, last)
        made = by_day[days]
        rows.append(
            {
                "month": month,
                "place": year.place_of_day[(first + last) // 2],
                "sun_kwh": round(float(sun_wh[days].sum()) / WH_PER_KWH, 3),
                "pieces": int(made.sum()),
                "ruined": int(runs.ruined_by_day[0, days].sum()),
                "met_days_fraction": None
                if wish is None
                else round(float(np.mean(made >= wish.pieces_a_day)), 4),
                "battery_mean_fraction": round(float(stored[days].mean()), 4),
                "battery_least_fraction": round(float(stored[days].min()), 4),
            }
        )
    return rows
