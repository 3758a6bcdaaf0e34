"""Sun and air over a site that moves: each day as at the place where it then stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from nearmade.energy.panels.controller import Controller, delivered_w
from nearmade.energy.panels.panel import Panel, cell_degc, panel_power_w
from nearmade.energy.site.site_energy import Visit
from nearmade.energy.sky.clear import clear_weather
from nearmade.energy.sky.sun import Array
from nearmade.energy.sky.weather import SECONDS_PER_DAY, Weather
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place

DAYS: Final = 365

#: Weather of a year at a place, in local standard time so many hours from UTC.
WeatherOf = Callable[[Place, float], Weather]


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """What the sky gives to one site for a year, step by step from 1 January.

    Parameters
    ----------
    unit_w
        Power of one watt-peak behind the charge controller, shape (n,). [W]
    clear_unit_w
        The same under a sky without clouds, shape (n,). [W]
    air_degc
        Shape (n,). [degC]
    step_s
        Length of a step. [s]
    place_of_day
        Where it stands, by day, shape (365,).
    source
        For people.
    synthetic
        True when any of it is made up.
    """

    unit_w: Array
    clear_unit_w: Array
    air_degc: Array
    step_s: int
    place_of_day: tuple[str, ...]
    source: str
    synthetic: bool


def year_at(
    panel: Panel,
    weather: Weather,
    step_s: int,
    controller: Controller | None = None,
) -> Year:
    """Give the year of a site that stays; without a controller nothing is lost in it.

    Raises
    ------
    InvalidInput
        When the weather is not one year, or the steps do not fit it.
    """
    unit = Panel(
        1.0,
        panel.tilt_deg,
        panel.losses_fraction,
        panel.azimuth_deg,
        panel.mount,
        panel.power_per_kelvin,
    )
    if weather.steps * weather.step_s != DAYS * SECONDS_PER_DAY:
        raise InvalidInput(
            f"weather of {weather.place}: is not one year of {DAYS} days",
            remedy="give a typical year",
        )
    unit_w, clear_w = (
        _behind(controller, unit, sky, step_s)
        for sky in (weather, clear_weather(weather))
    )
    at = np.arange(len(unit_w)) * step_s // weather.step_s
    return Year(
        unit_w,
        clear_w,
        weather.air_degc[at],
        step_s,
        (weather.place,) * DAYS,
        weather.source,
        weather.synthetic,
    )


def _behind(
    controller: Controller | None, unit: Panel, sky: Weather, step_s: int
) -> Array:
    """Give what reaches the battery under a sky. [W]"""
    power_w = panel_power_w(unit, sky, step_s)
    if controller is None:
        return power_w
    return delivered_w(controller, power_w, cell_degc(unit, sky, step_s))


def year_on_the_way(
    panel: Panel,
    base: Weather,
    stays: Sequence[Visit],
    weather_of: WeatherOf,
    step_s: int,
    controller: Controller | None = None,
) -> Year:
    """Give the year of a site that moves, each day by the sun of that day's place.

    A day begins at midnight of the place's own standard time, so the hour of a change
    of zone is lost or comes twice. Between stays it stands at its base. The 29th of
    February counts as the 28th.

    Parameters
    ----------
    panel
        Turned towards the equator of each place unless it says where it faces.
    base
        Weather where it stands between stays.
    stays
        None over another, within one year.
    weather_of
        Weather at the stays.
    step_s
        Length of a step. [s]
    controller
        Between panels and battery; without one nothing is lost there.

    Raises
    ------
    InvalidInput
        When a weather is not one year, or the steps do not fit it.
    """
    year = year_at(panel, base, step_s, controller)
    if not stays:
        return year
    per_day = SECONDS_PER_DAY // step_s
    series = (year.unit_w.copy(), year.clear_unit_w.copy(), year.air_degc.copy())
    places, sources = list(year.place_of_day), [base.source]
    synthetic = base.synthetic
    known: dict[tuple[Place, float], Year] = {}
    for stay in stays:
        key = (stay.place, stay.utc_offset_h)
        if key not in known:
            known[key] = year_at(panel, weather_of(*key), step_s, controller)
        there = known[key]
        synthetic = synthetic or there.synthetic
        if there.source not in sources:
            sources.append(there.source)
        for day in days_of(stay):
            span = slice(day * per_day, (day + 1) * per_day)
            for own, other in zip(
                series,
                (there.unit_w, there.clear_unit_w, there.air_degc),
                strict=True,
            ):
                own[span] = other[span]
            places[day] = str(stay.place)
    return Year(*series, step_s, tuple(places), "; ".join(sources), synthetic)


def days_of(stay: Visit) -> list[int]:
    """Number the days of a stay from 0 on 1 January; over new year they go on at 0."""
    count = (stay.last_day - stay.first_day).days + 1
    first = stay.first_day.toordinal()
    days = (_day_of_year(date.fromordinal(first + n)) for n in range(count))
    return list(dict.fromkeys(days))


def _day_of_year(day: date) -> int:
    """Count from 0 on 1 January of a year without leap day."""
    if (day.month, day.day) == (2, 29):
        return 58
    return date(2025, day.month, day.day).timetuple().tm_yday - 1
