"""Weather as the energy commands take it: a file, a clear sky, or made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from nearmade.adapters.plan_files import read_record
from nearmade.adapters.weather_files import read_weather
from nearmade.cli.main import one_line
from nearmade.energy.site.itinerary import Year, year_on_the_way
from nearmade.energy.site.site_energy import SiteEnergy
from nearmade.energy.site.site_record import site_energy_from_record
from nearmade.energy.sky.clear import clear_year
from nearmade.energy.sky.made import made_up_weather
from nearmade.energy.sky.weather import Weather
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.place import Place, great_circle_km

CLEAR_SKY, SYNTHETIC = "clear-sky", "synthetic"
#: A weather file of a place further away than this is warned about. Assumed. [km]
NEAR_KM: Final = 100.0


def weather_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--weather``, ``--stay-weather`` and ``--seed`` to a command."""
    for option in (
        click.option(
            "--seed",
            default=1,
            show_default=True,
            type=click.IntRange(0, 2**31 - 1),
            help="Of made-up weather and of outages.",
        ),
        click.option(
            "--stay-weather",
            "stay_weather",
            multiple=True,
            metavar="NAME=FILE",
            help="Weather of a stay of the itinerary; may be given several times.",
        ),
        click.option(
            "--weather",
            default=SYNTHETIC,
            show_default=True,
            metavar="FILE|clear-sky|synthetic",
            help="A typical year (TMY3, TMY2, PVGIS csv, EPW), no clouds, or made up.",
        ),
    ):
        function = option(function)
    return function


def read_site(path: Path) -> tuple[SiteEnergy, Any]:
    """Read a site's file: its energy part, and the record as it stands.

    Raises
    ------
    NotFound
        When it is not there.
    InvalidInput
        When it is refused; the message begins with its name.
    """
    try:
        record, _ = read_record(path)
    except InvalidInput as error:
        raise InvalidInput(
            error.message, code=error.code, remedy="see docs/energy.md for the file"
        ) from error
    try:
        return site_energy_from_record(record), record
    except InvalidInput as error:
        raise InvalidInput(
            f"{path.name}: {error.message}", code=error.code, remedy=error.remedy
        ) from error


def year_of(
    site: SiteEnergy,
    weather: str,
    stay_weather: tuple[str, ...],
    seed: int,
    step_s: int,
    *,
    quiet: bool = False,
) -> Year:
    """Give the year of a site under the weather that was asked for.

    Warns on stderr, unless quiet, of weather that is made up or of elsewhere.

    Raises
    ------
    NotFound
        When a file of weather is not there.
    InvalidInput
        When it is refused, or a stay's weather names no stay.
    """
    files = _of_stays(site, stay_weather)

    def of_place(place: Place, utc_offset_h: float) -> Weather:
        if place.name in files:
            return _from_file(files[place.name], place, quiet=quiet)
        kind = weather if weather in (CLEAR_SKY, SYNTHETIC) else SYNTHETIC
        return _of_kind(kind, place, utc_offset_h, seed)

    if weather in (CLEAR_SKY, SYNTHETIC):
        base = _of_kind(weather, site.place, site.utc_offset_h, seed)
    else:
        base = _from_file(Path(weather), site.place, quiet=quiet)
    year = year_on_the_way(
        site.panel, base, site.itinerary, of_place, step_s, site.controller
    )
    if year.synthetic and not quiet:
        click.echo(
            f"note: the weather is not measured ({one_line(year.source)}); "
            "it proves nothing about the place",
            err=True,
        )
    return year


def _of_kind(kind: str, place: Place, utc_offset_h: float, seed: int) -> Weather:
    if kind == CLEAR_SKY:
        return clear_year(
            str(place), place.lat_deg, place.lon_deg, utc_offset_h=utc_offset_h
        )
    return made_up_weather(
        str(place), place.lat_deg, place.lon_deg, seed=seed, utc_offset_h=utc_offset_h
    )


def _from_file(path: Path, place: Place, *, quiet: bool) -> Weather:
    try:
        weather = read_weather(path)
    except NotFound as error:
        raise NotFound(
            f"{path}: there is no such file of weather",
            remedy=f"name a file, or {CLEAR_SKY} or {SYNTHETIC}",
        ) from error
    there = Place(weather.place, place.country, weather.lat_deg, weather.lon_deg)
    away_km = great_circle_km(place, there)
    if away_km > NEAR_KM and not quiet:
        click.echo(
            f"note: {path.name} is of {one_line(weather.place)}, {away_km:.0f} km from "
            f"{one_line(str(place))}",
            err=True,
        )
    return weather


def _of_stays(site: SiteEnergy, given: tuple[str, ...]) -> dict[str, Path]:
    names = [stay.place.name for stay in site.itinerary]
    files: dict[str, Path] = {}
    for each in given:
        name, sign, file = each.partition("=")
        if not (sign and file):
            raise InvalidInput(
                f"--stay-weather {each!r}: is no NAME=FILE",
                remedy='write it as "Naivasha=naivasha.csv"',
            )
        if name not in names:
            raise InvalidInput(
                f"--stay-weather {each!r}: the itinerary has no stay at {name!r}",
                remedy="name one of " + (", ".join(dict.fromkeys(names)) or "none"),
            )
        files[name] = Path(file)
    return files
