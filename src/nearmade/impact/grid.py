"""Which process of the database a kilowatt-hour comes from, by country and by sun."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nearmade.impact.database import Exchange, Process, factor_of, own_database
from nearmade.vocabulary.factor import Factor

#: Spread when the world average stands in for a country: the countries of the database
#: reach from 4 to 714 gCO2e/kWh.
WORLD_GEOMETRIC_SD: Final = 2.0
SOLAR: Final = "electricity/solar"
WORLD: Final = "electricity/world"


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


def unknown_country(country: str) -> Iterable[Process]:
    """Give the world average in a country's name, marked as assumed; else nothing."""
    database = own_database()
    name = electricity_process(country, solar=False)
    if name in database.processes:
        return
    world = database.process(WORLD)
    generation, energy = world.exchanges
    stand_in = Exchange(
        generation.input,
        generation.amount,
        WORLD_GEOMETRIC_SD,
        f"assumed: no figure for {country}, so the world average; {generation.source}",
        geography=country,
        assumed=True,
        id=name,
    )
    title = f"Electricity, {country}, by the world average"
    yield Process(name, title, "kWh", country, (stand_in, energy), world.group)


def electricity_factor(country: str, *, solar: bool) -> Factor:
    """Give what a kilowatt-hour emits at a place. [gCO2e/kWh]

    A country without a figure gets the world average, marked as assumed.

    Parameters
    ----------
    country, solar
        As for ``electricity_process``.
    """
    database = own_database()
    name = electricity_process(country, solar=solar)
    stand_in = () if solar else tuple(unknown_country(country))
    process = stand_in[0] if stand_in else database.process(name)
    return factor_of(database, process, process.exchanges[0])
