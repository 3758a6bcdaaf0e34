"""The command ``impact``: what a part or an order costs the climate."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from nearmade.adapters.places import one_place
from nearmade.cli.main import emit
from nearmade.impact.account import account_order
from nearmade.impact.card import Footprint, ImpactCard
from nearmade.impact.freight import FreightLeg
from nearmade.impact.inventory import (
    PARCEL_BOARD_G,
    BoughtPart,
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place

#: Largest inventory that is read, in bytes.
MAX_INVENTORY_BYTES = 1_000_000

Row = Mapping[str, Any]
T = TypeVar("T")


@click.command("impact")
@click.argument(
    "inventory_file",
    metavar="[INVENTORY.json]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--mass-g", type=float, help="Filament of one part, supports included.")
@click.option("--material", default="PLA", show_default=True)
@click.option("--energy-wh", type=float, default=0.0, help="Electricity at the plug.")
@click.option("--country", default="", help="Where it is made, such as KE.")
@click.option("--solar", is_flag=True, help="The sun drives the machine; no grid.")
@click.option("--distance-km", type=float, default=0.0, help="By van to the customer.")
@click.option("--to", "to", default="", help="Where it goes, such as 'Nairobi, KE'.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--draws", type=click.IntRange(1, 100_000), default=2000)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def command(
    inventory_file: Path | None,
    mass_g: float | None,
    material: str,
    energy_wh: float,
    country: str,
    solar: bool,
    distance_km: float,
    to: str,
    seed: int,
    draws: int,
    as_json: bool,
) -> None:
    """Set the footprint of an order, or of one part, beside making it centrally.

    INVENTORY.json has the form of docs/inventory.example.json.

    Example: nearmade impact --mass-g 20 --material PETG --energy-wh 100
    --distance-km 50 --to "Nairobi, KE"
    """
    if inventory_file is not None:
        inventory = read_inventory(inventory_file)
    elif mass_g is None:
        raise InvalidInput(
            "impact: neither an inventory nor --mass-g is given",
            remedy="name an INVENTORY.json, or --mass-g with --country and --to",
        )
    else:
        place = _place(to)
        site = SiteElectricity(
            "site", country or place.country, solar, Estimate.exact(energy_wh)
        )
        inventory = OrderInventory(
            functional_unit=f"One part of {mass_g:g} g of {material}, at {place}",
            parts=(MadePart("part", material, Estimate.exact(mass_g)),),
            electricity=(site,),
            legs=(FreightLeg("van", mass_g + PARCEL_BOARD_G, distance_km),),
            central=central_alternative(place),
        )
    card = account_order(inventory, draws=draws, seed=seed)
    emit(asdict(card), card_lines(card), as_json=as_json)


def read_inventory(path: Path) -> OrderInventory:
    """Read an inventory file.

    Raises
    ------
    InvalidInput
        When it is too large, no JSON, or a field is missing or of the wrong kind.
    """
    if path.stat().st_size > MAX_INVENTORY_BYTES:
        raise InvalidInput(f"{path.name}: larger than {MAX_INVENTORY_BYTES} bytes")
    try:
        row = json.loads(path.read_text("utf-8"))
        return _inventory(row)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InvalidInput(f"{path.name}: no JSON ({error})") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            f"{path.name}: a field is missing or of the wrong kind ({error!r})"
        ) from error


def _inventory(row: Row) -> OrderInventory:
    """Build the inventory from its JSON form, field by field."""
    central: Row = row.get("central", {})
    alternative = central_alternative(
        _place(row["to"]),
        retail_price_usd=_maybe(_estimate, central.get("retail_price_usd")),
        days=_maybe(_estimate, central.get("days")),
        product_mass_g=_maybe(_estimate, central.get("product_mass_g")),
    )
    return OrderInventory(
        functional_unit=str(row["functional_unit"]),
        parts=tuple(
            MadePart(
                str(one["name"]),
                str(one["material"]),
                _estimate(one["mass_g"]),
                float(one.get("waste_fraction", 0.0)),
            )
            for one in row["parts"]
        ),
        electricity=tuple(
            SiteElectricity(
                str(one["site"]),
                str(one["country"]),
                bool(one.get("solar", False)),
                _estimate(one["energy_wh"]),
            )
            for one in row.get("electricity", ())
        ),
        legs=tuple(
            FreightLeg(one["mode"], float(one["mass_g"]), float(one["distance_km"]))
            for one in row.get("legs", ())
        ),
        central=alternative,
        price_usd=_maybe(_estimate, row.get("price_usd")),
        days=_maybe(_estimate, row.get("days")),
        bought=tuple(
            BoughtPart(str(one["name"]), float(one["mass_g"]))
            for one in row.get("bought", ())
        ),
        reliability_fraction=float(row.get("reliability_fraction", 0.95)),
    )


def _place(where: str | Row) -> Place:
    """Look a place up by name, or take its coordinates as given."""
    if isinstance(where, str):
        return one_place(where)
    return Place(
        str(where["name"]),
        str(where["country"]),
        float(where["lat_deg"]),
        float(where["lon_deg"]),
    )


def _estimate(figure: float | Row) -> Estimate:
    """Read a number, or value, low and high."""
    if isinstance(figure, Mapping):
        low, high = float(figure["low"]), float(figure["high"])
        return Estimate(float(figure["value"]), low, high)
    return Estimate.exact(float(figure))


def _maybe(read: Callable[[Any], T], value: object) -> T | None:
    return None if value is None else read(value)


def card_lines(card: ImpactCard) -> str:
    """Lay the card out for people."""
    lines = [card.functional_unit, ""]
    lines += _side_lines("Made here", card.here)
    lines += _side_lines("Made centrally", card.central)
    for figure, chance in card.better_here_fraction.items():
        lines.append(f"Chance that here is better, {figure}: {chance:.0%}")
    lines.append(f"Resting on assumptions: {card.assumed_fraction:.0%} of the CO2e")
    lines += ["", *card.notes]
    return "\n".join(lines)


def _side_lines(title: str, side: Footprint) -> list[str]:
    energy = f"{side.ced_mj.value:.2f} MJ, {side.electricity_kwh.value:.3f} kWh"
    lines = [f"{title}: {_grams(side.kgco2e.times(1000))} CO2e, {energy}"]
    lines += [f"  {one.title}: {_grams(one.gco2e)}" for one in side.contributions]
    return [*lines, ""]


def _grams(figure: Estimate) -> str:
    return f"{figure.value:.1f} g ({figure.low:.1f} to {figure.high:.1f})"
