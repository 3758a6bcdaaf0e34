"""The two alternatives of an order, activity by activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nearmade.impact import factors
from nearmade.impact.card import Alternative
from nearmade.impact.drawn import Chance, Drawn, total
from nearmade.impact.freight import freight_factor, fuel_fraction
from nearmade.impact.grid import WORLD, electricity_factor
from nearmade.impact.inventory import OrderInventory
from nearmade.impact.sea import LAST_MILE_KM
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor
from nearmade.vocabulary.freight_factors import CONTAINER_SHIP, HGV, VAN_DIESEL


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of one alternative, drawn.

    Parameters
    ----------
    code, title
        For programs and for people.
    gco2e
        Climate. [gCO2e]
    ced
        Energy; None where no source gives it. [MJ]
    """

    code: str
    title: str
    gco2e: Drawn
    ced: Drawn | None


@dataclass(frozen=True, slots=True)
class Side:
    """One alternative, drawn.

    Parameters
    ----------
    activities
        They sum to the alternative.
    electricity_kwh
        At the machines. [kWh]
    price_usd, days
        None when not known. [USD], [d]
    """

    alternative: Alternative
    activities: tuple[Activity, ...]
    electricity_kwh: Drawn
    price_usd: Drawn | None
    days: Drawn | None

    def gco2e(self) -> Drawn:
        """Sum the climate of every activity. [gCO2e]"""
        return total(one.gco2e for one in self.activities)

    def ced(self) -> Drawn:
        """Sum the energy of the activities that have it. [MJ]"""
        return total(one.ced for one in self.activities if one.ced is not None)


def side_here(
    inventory: OrderInventory, chance: Chance, masses: Mapping[str, Drawn]
) -> Side:
    """Draw the order as the network makes it; masses are by part name. [g]"""
    again = 1 / inventory.reliability_fraction
    kwh = total(
        chance.estimate(f"energy/{one.site}", one.energy_wh).scaled(again / 1000)
        for one in inventory.electricity
    )
    feedstock_kg = total(masses.values()).scaled(again / 1000)
    kept_kg = _kept_kg(inventory, masses)
    activities = (
        _feedstock(inventory, chance, masses, again),
        _carriage(
            chance,
            "feedstock-freight",
            "Bringing the filament",
            feedstock_kg,
            (
                (CONTAINER_SHIP, factors.FEEDSTOCK_SEA_KM),
                (HGV, factors.FEEDSTOCK_ROAD_KM),
            ),
        ),
        _electricity(inventory, chance, again),
        _legs(inventory, chance),
        _waste(chance, feedstock_kg, kept_kg),
        _packaging(chance, inventory.packaging_g),
    )
    price = _optional(chance, "price/here", inventory.price_usd)
    return Side(
        "here", activities, kwh, price, _optional(chance, "days/here", inventory.days)
    )


def side_central(
    inventory: OrderInventory, chance: Chance, masses: Mapping[str, Drawn]
) -> Side:
    """Draw the same product moulded in one factory and shipped; masses as above."""
    central = inventory.central
    plastic_kg = _kept_kg(inventory, masses)
    if central.product_mass_g is not None:
        mass_g = chance.estimate("mass/central-product", central.product_mass_g)
        plastic_kg = mass_g.scaled(1 / 1000)
    loaded_g = central.packaging_g + inventory.bought_mass_g
    parcel_kg = plastic_kg.plus(chance.certain(loaded_g / 1000))
    kwh = plastic_kg.times(chance.factor(factors.MOULDING_ELECTRICITY))
    resin_ced = plastic_kg.times(chance.factor(factors.MOULDED_PLASTIC_RESIN_CED))
    moulded = Activity(
        "moulding",
        "Plastic and moulding",
        plastic_kg.times(chance.factor(factors.MOULDED_PLASTIC)),
        resin_ced.plus(kwh.times(chance.factor(factors.GRID_CED))),
    )
    hauls = (
        (
            "feedstock-freight",
            "Bringing the resin",
            plastic_kg,
            HGV,
            factors.FEEDSTOCK_ROAD_KM,
        ),
        (
            "sea-freight",
            "Container ship",
            parcel_kg,
            CONTAINER_SHIP,
            central.haul.sea_km,
        ),
        ("road-freight", "Lorry", parcel_kg, HGV, central.haul.road_km),
        ("parcel", "Van to the door", parcel_kg, VAN_DIESEL, LAST_MILE_KM),
    )
    carried = (
        _carriage(chance, code, title, kg, ((factor, km),))
        for code, title, kg, factor, km in hauls
    )
    activities = (
        moulded,
        *carried,
        _waste(chance, plastic_kg, plastic_kg),
        _packaging(chance, central.packaging_g),
    )
    price = _optional(chance, "price/central", central.retail_price_usd)
    return Side(
        "central",
        activities,
        kwh,
        price,
        _optional(chance, "days/central", central.days),
    )


def _kept_kg(inventory: OrderInventory, masses: Mapping[str, Drawn]) -> Drawn:
    """Plastic that stays in the product."""
    return total(
        masses[part.name].scaled((1 - part.waste_fraction) / 1000)
        for part in inventory.parts
    )


def _feedstock(
    inventory: OrderInventory,
    chance: Chance,
    masses: Mapping[str, Drawn],
    again: float,
) -> Activity:
    extrusion = chance.factor(factors.FILAMENT_EXTRUSION)
    extrusion_gco2e = extrusion.times(chance.factor(WORLD))
    extrusion_ced = extrusion.times(chance.factor(factors.GRID_CED))
    climate, energy = [], []
    for part in inventory.parts:
        polymer = factors.material(part.material)
        kg = masses[part.name].scaled(again / 1000)
        climate.append(kg.times(chance.factor(polymer.gwp).plus(extrusion_gco2e)))
        energy.append(kg.times(chance.factor(polymer.ced).plus(extrusion_ced)))
    return Activity("material", "Filament", total(climate), total(energy))


def _electricity(inventory: OrderInventory, chance: Chance, again: float) -> Activity:
    climate, energy = [], []
    for one in inventory.electricity:
        kwh = chance.estimate(f"energy/{one.site}", one.energy_wh).scaled(again / 1000)
        factor = electricity_factor(one.country, solar=one.solar)
        ced = factors.SOLAR_CED if one.solar else factors.GRID_CED
        climate.append(kwh.times(chance.factor(factor)))
        energy.append(kwh.times(chance.factor(ced)))
    return Activity("electricity", "Electricity", total(climate), total(energy))


def _legs(inventory: OrderInventory, chance: Chance) -> Activity:
    climate, fuel = [], []
    for number, leg in enumerate(inventory.legs):
        factor = freight_factor(leg.mode, leg.distance_km)
        if leg.gco2e is not None:
            ids = () if factor is None else chance.factor(factor).factor_ids
            drawn = chance.estimate(f"leg/{number}", leg.gco2e)
            drawn = replace(drawn, factor_ids=ids)
        elif factor is not None:
            tonne_km = leg.mass_g / 1e6 * leg.distance_km
            drawn = chance.factor(factor).scaled(tonne_km)
        else:
            continue
        climate.append(drawn)
        fuel.append(drawn.scaled(1.0 if factor is None else fuel_fraction(factor)))
    return Activity(
        "freight", "Carriage", total(climate), _freight_ced(chance, total(fuel))
    )


def _carriage(
    chance: Chance,
    code: str,
    title: str,
    kg: Drawn,
    hauls: tuple[tuple[Factor, Factor], ...],
) -> Activity:
    legs = [
        chance.factor(per_tonne_km).times(chance.factor(km)).times(kg).scaled(1 / 1000)
        for per_tonne_km, km in hauls
    ]
    summed = total(legs)
    return Activity(code, title, summed, _freight_ced(chance, summed))


def _freight_ced(chance: Chance, gco2e: Drawn) -> Drawn:
    carbon = chance.factor(factors.DIESEL_CARBON)
    inverse = Drawn(
        1 / carbon.value, 1 / carbon.samples, 1 / carbon.value, carbon.factor_ids
    )
    return gco2e.times(inverse)


def _waste(chance: Chance, used_kg: Drawn, kept_kg: Drawn) -> Activity:
    """All plastic ends as waste: scrap today, the product at the end of its life."""
    scrap = max(used_kg.value - kept_kg.value, 0.0)
    title = "Scrap and end of life" if scrap > 0 else "End of life"
    gone = used_kg.times(chance.factor(factors.LANDFILL))
    return Activity("waste", title, gone, None)


def _packaging(chance: Chance, packaging_g: float) -> Activity:
    board = chance.factor(factors.BOARD).scaled(packaging_g / 1000)
    return Activity("packaging", "Packaging", board, None)


def _optional(chance: Chance, name: str, estimate: Estimate | None) -> Drawn | None:
    return None if estimate is None else chance.estimate(name, estimate)
