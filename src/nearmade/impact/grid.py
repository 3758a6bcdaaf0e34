"""Which process of the database a kilowatt-hour comes from, by country and by sun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from nearmade.impact.database import Exchange, Process, factor_of, own_database
from nearmade.impact.regions import region_of
from nearmade.vocabulary.countries import COUNTRIES, country_name
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.factor import Factor

#: Spread when an average of many countries stands in for one: the countries of the
#: database reach from 23 to 784 gCO2e/kWh.
STAND_IN_GEOMETRIC_SD: Final = 2.0
SOLAR: Final = "electricity/solar"
#: A site that does not say where it stands; ISO 3166-1 leaves this code to its users.
NOWHERE: Final = "XX"


def check_country(country: str, where: str) -> None:
    """Refuse a code that no country has, save for a site that does not say where it is.

    Raises
    ------
    InvalidInput
        When it is none of ISO 3166-1 alpha-2.
    """
    if country not in COUNTRIES and country != NOWHERE:
        raise InvalidInput(
            f"{where} {country!r} is no code of ISO 3166-1",
            remedy="write the two capitals of a country, such as KE for Kenya",
        )


def electricity_process(country: str, *, solar: bool) -> str:
    """Give the process of electricity at a place.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code.
    solar
        True where the sun drives the machine and there is no grid.
    """
    return SOLAR if solar else f"electricity/{country.lower()}"


def stand_in(country: str) -> Iterable[Process]:
    """Give the average of a country's region in its name, as assumed; else nothing.

    A country that has figures of its own needs none.
    """
    database = own_database()
    name = electricity_process(country, solar=False)
    if name in database.processes:
        return
    region, called = region_of(country)
    source = database.process(region)
    exchanges = tuple(
        _assumed(one, country, called) if one.input == "co2e/generation" else one
        for one in source.exchanges
    )
    title = f"Electricity, {_called(country)}, by the average of {called}"
    yield Process(name, title, "kWh", country, exchanges, source.group)


def stand_in_note(country: str) -> str:
    """Tell that an average of many countries stands in for one; else nothing."""
    if not tuple(stand_in(country)):
        return ""
    _, called = region_of(country)
    return (
        f"No figure of its own is known for the grid of {_called(country)}: the "
        f"average of {called} stands in, which may be half or twice as much."
    )


def _called(country: str) -> str:
    if country == NOWHERE:
        return "a site that does not say its country"
    return country_name(country)


def _assumed(figure: Exchange, country: str, called: str) -> Exchange:
    return replace(
        figure,
        geometric_sd=STAND_IN_GEOMETRIC_SD,
        source=f"assumed: no figure for {country}, so the average of {called}; "
        f"{figure.source}",
        geography=country,
        assumed=True,
        id=electricity_process(country, solar=False),
    )


def electricity_factor(country: str, *, solar: bool) -> Factor:
    """Give what a kilowatt-hour emits at a place. [gCO2e/kWh]

    A country without a figure gets the average of its region, marked as assumed.

    Parameters
    ----------
    country, solar
        As for ``electricity_process``.

    Raises
    ------
    InvalidInput
        When no country has that code.
    """
    if not solar:
        check_country(country, "electricity: country")
    database = own_database()
    name = electricity_process(country, solar=solar)
    others = () if solar else tuple(stand_in(country))
    process = others[0] if others else database.process(name)
    return factor_of(database, process, process.exchanges[0])
