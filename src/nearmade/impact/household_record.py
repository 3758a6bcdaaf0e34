"""A household's cost as plain values: the ``cost`` of a case, or a file of its own."""

from __future__ import annotations

from typing import Any, Final

from nearmade.impact.household import Asset, Household, Product, Rates
from nearmade.impact.record_fields import estimate_field, number_or, text_field
from nearmade.vocabulary.record_checks import (
    as_list,
    as_object,
    field,
    one_number,
    only,
)

MOST_ROWS: Final = 1000
_COST: Final = frozenset(
    (
        "assets",
        "products",
        "filament_usd_per_kg",
        "electricity_usd_per_kwh",
        "labour_usd_per_hour",
        "failed_fraction",
        "discount_fraction",
        "years",
    )
)
_ASSET: Final = frozenset(("name", "price_usd", "life_years", "upkeep_usd_per_year"))
_PRODUCT: Final = frozenset(
    (
        "name",
        "filament_g",
        "energy_wh",
        "retail_usd",
        "made_per_year",
        "labour_minutes",
        "other_usd",
    )
)


def household_from_record(record: Any, where: str = "cost") -> Household:
    """Read a household.

    Parameters
    ----------
    record
        As JSON gives it.
    where
        Its place, for messages.

    Raises
    ------
    InvalidInput
        When a field is missing, unknown, of the wrong kind or out of range.
    """
    row = as_object(record, where)
    only(row, _COST, where)
    assets = as_list(row.get("assets", []), f"{where}.assets", MOST_ROWS)
    products = as_list(field(row, "products", where), f"{where}.products", MOST_ROWS)
    return Household(
        tuple(_asset(one, f"{where}.assets[{n}]") for n, one in enumerate(assets)),
        tuple(
            _product(one, f"{where}.products[{n}]") for n, one in enumerate(products)
        ),
        Rates(
            estimate_field(row, "filament_usd_per_kg", where),
            estimate_field(row, "electricity_usd_per_kwh", where),
            number_or(row, "labour_usd_per_hour", where, 0.0),
            number_or(row, "failed_fraction", where, 0.0),
            number_or(row, "discount_fraction", where, 0.0, least=-0.99),
        ),
        one_number(row, "years", where),
    )


def _asset(record: Any, where: str) -> Asset:
    row = as_object(record, where)
    only(row, _ASSET, where)
    return Asset(
        text_field(field(row, "name", where), f"{where}.name"),
        estimate_field(row, "price_usd", where),
        one_number(row, "life_years", where),
        number_or(row, "upkeep_usd_per_year", where, 0.0),
    )


def _product(record: Any, where: str) -> Product:
    row = as_object(record, where)
    only(row, _PRODUCT, where)
    return Product(
        text_field(field(row, "name", where), f"{where}.name"),
        estimate_field(row, "filament_g", where),
        estimate_field(row, "energy_wh", where),
        estimate_field(row, "retail_usd", where),
        one_number(row, "made_per_year", where),
        number_or(row, "labour_minutes", where, 0.0),
        number_or(row, "other_usd", where, 0.0),
    )


def record_of_household(household: Household) -> dict[str, Any]:
    """Give a household as plain values, to be read again."""
    rates = household.rates
    return {
        "years": household.years,
        "filament_usd_per_kg": rates.filament_usd_per_kg.as_dict(),
        "electricity_usd_per_kwh": rates.electricity_usd_per_kwh.as_dict(),
        "labour_usd_per_hour": rates.labour_usd_per_hour,
        "failed_fraction": rates.failed_fraction,
        "discount_fraction": rates.discount_fraction,
        "assets": [
            {
                "name": one.name,
                "price_usd": one.price_usd.as_dict(),
                "life_years": one.life_years,
                "upkeep_usd_per_year": one.upkeep_usd_per_year,
            }
            for one in household.assets
        ],
        "products": [
            {
                "name": one.name,
                "filament_g": one.filament_g.as_dict(),
                "energy_wh": one.energy_wh.as_dict(),
                "retail_usd": one.retail_usd.as_dict(),
                "made_per_year": one.made_per_year,
                "labour_minutes": one.labour_minutes,
                "other_usd": one.other_usd,
            }
            for one in household.products
        ],
    }
