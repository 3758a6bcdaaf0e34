"""An order as a study: the network's way and the factory's, activity by activity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from nearmade.impact.card import Alternative
from nearmade.impact.database import (
    BY_DEFINITION,
    Exchange,
    Process,
    own_database,
)
from nearmade.impact.freight import freight_process, fuel_fraction
from nearmade.impact.grid import electricity_process, stand_in
from nearmade.impact.inventory import OrderInventory, SiteElectricity
from nearmade.impact.partial import PARTIAL
from nearmade.impact.polymers import filament
from nearmade.impact.study import Study
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor

#: Source of what the order itself took, measured or estimated.
OWN_FIGURES: Final = "the order's own figures"
#: Methods that a card shows.
METHODS: Final = ("gwp100", "ced", "electricity")

GOAL: Final = (
    "To show the customer, the makers and the public what this very order cost the "
    "world beside making it centrally."
)
BOUNDARY: Final = (
    "Cradle to grave: resin, filament, its way, electricity at the plug, lost tries, "
    "supports, packaging, carriage to the door, end of life. What both buy alike is "
    "carried, its making is left out; so are shops, unsold stock and use."
)


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of one alternative, a process of the study's own.

    Parameters
    ----------
    alternative, code
        ``here`` or ``central``; such as ``material``.
    title
        For people.
    process
        What it takes and emits for the whole functional unit.
    cites
        Ids of numbers that the figures rest on without being drawn.
    """

    alternative: Alternative
    code: str
    title: str
    process: Process
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderStudy:
    """An order's study and its activities.

    Parameters
    ----------
    study
        Its alternatives are ``here`` and ``central``.
    activities
        They sum to the alternatives.
    """

    study: Study
    activities: tuple[Activity, ...]


def order_study(inventory: OrderInventory) -> OrderStudy:
    """Lay an order out as a study.

    Raises
    ------
    InvalidInput
        When a material or a mode of carriage has no figures.

    References
    ----------
    .. [1] ISO 14044:2006, 4.2 and 4.3 (goal and scope, inventory analysis).
    """
    activities = (*_here(inventory), *_central(inventory))
    own = [one.process for one in activities] + list(_further(inventory))
    alternatives = {
        name: {one.process.id: 1.0 for one in activities if one.alternative == name}
        for name in ("here", "central")
    }
    study = Study(
        inventory.functional_unit,
        alternatives,
        tuple({one.id: one for one in own}.values()),
        (*METHODS, *PARTIAL),
        GOAL,
        BOUNDARY,
    )
    return OrderStudy(study, activities)


def _here(inventory: OrderInventory) -> tuple[Activity, ...]:
    again = 1 / inventory.reliability_fraction
    used = [
        (f"mass/{part.name}", part.mass_g.times(again / 1000))
        for part in inventory.parts
    ]
    materials = [
        own_figure(filament(part.material), name, kg)
        for part, (name, kg) in zip(inventory.parts, used, strict=True)
    ]
    power = []
    for one in inventory.electricity:
        kwh = one.energy_wh.times(again / 1000)
        name = f"energy/{one.site}"
        power.append(own_figure("electricity/at-machines", name, kwh))
        power.append(own_figure(supply_of(one), name, kwh))
    legs, cites = _legs(inventory)
    scrap = inventory.reliability_fraction < 1 or any(
        part.waste_fraction > 0 for part in inventory.parts
    )
    carried = [own_figure("carriage/feedstock", name, kg) for name, kg in used]
    gone = [own_figure("waste/plastics-landfill", name, kg) for name, kg in used]
    wear = [
        own_figure(
            "machine/desktop-printer-hour",
            f"hours/{one.site}",
            one.machine_h.times(again),
        )
        for one in inventory.electricity
        if one.machine_h is not None
    ]
    wear_known = inventory.wear_known
    return (
        _activity("here", "material", "Filament", materials),
        _activity("here", "feedstock-freight", "Bringing the filament", carried),
        _activity("here", "electricity", "Electricity", power),
        _activity("here", "freight", "Carriage", legs, cites),
        _activity(
            "here", "waste", "Scrap and end of life" if scrap else "End of life", gone
        ),
        _activity("here", "packaging", "Packaging", [_board(inventory.packaging_g)]),
        _activity("here", "tooling", "Wear of the printer", wear if wear_known else []),
    )


def _central(inventory: OrderInventory) -> tuple[Activity, ...]:
    central = inventory.central
    if central.product_mass_g is not None:
        mass = central.product_mass_g.times(1 / 1000)
        plastic = [("mass/central-product", mass)]
    else:
        plastic = [
            (f"mass/{part.name}", part.mass_g.times((1 - part.waste_fraction) / 1000))
            for part in inventory.parts
        ]
    loaded_kg = (central.packaging_g + inventory.bought_mass_g) / 1000
    loaded = ("", Estimate.exact(loaded_kg))

    def takes(process: str, masses: Iterable[tuple[str, Estimate]]) -> list[Exchange]:
        return [own_figure(process, name, kg) for name, kg in masses]

    wear = [
        *takes("machine/press", plastic),
        own_figure("mould/share", "", Estimate.exact(1.0)),
    ]
    carried = [*plastic, loaded]
    return (
        _activity(
            "central",
            "moulding",
            "Plastic and moulding",
            takes("moulded/rigid", plastic),
        ),
        _activity(
            "central",
            "feedstock-freight",
            "Bringing the resin",
            takes("carriage/resin", plastic),
        ),
        _activity("central", "sea-freight", "Container ship", takes(SEA, carried)),
        _activity("central", "road-freight", "Lorry", takes(ROAD, carried)),
        _activity(
            "central",
            "parcel",
            "Van to where it is fetched" if inventory.fetched else "Van to the door",
            takes("carriage/last-mile", carried),
        ),
        _activity(
            "central", "waste", "End of life", takes("waste/plastics-landfill", plastic)
        ),
        _activity("central", "packaging", "Packaging", [_board(central.packaging_g)]),
        _activity(
            "central",
            "tooling",
            "Mould and press",
            wear if inventory.wear_known else [],
        ),
    )


#: The factory's haul, per kilogram.
SEA: Final = "haul/sea"
ROAD: Final = "haul/road"


def _further(inventory: OrderInventory) -> Iterable[Process]:
    """Give processes of this order that activities take."""
    haul = inventory.central.haul
    yield _haul(SEA, "From port to port", "freight/ship-container", haul.sea_km)
    yield _haul(ROAD, "From factory to depot", "freight/hgv-all", haul.road_km)
    for one in inventory.electricity:
        if one.supply:
            yield from _supply(one)
        elif not one.solar:
            yield from stand_in(one.country)


def _supply(one: SiteElectricity) -> Iterable[Process]:
    """Give a site's own electricity, and its grid where the site tells its figures."""
    country = electricity_process(one.country, solar=False)
    taken = dict(one.supply)
    if country in taken:
        others = tuple(stand_in(one.country))
        yield from others
        if one.grid_gco2e_per_kwh is not None:
            known = others[0] if others else own_database().process(country)
            own = f"{supply_of(one)}/grid"
            yield _own_grid(one, own, known)
            taken[own] = taken.pop(country)
    exchanges = tuple(
        Exchange(source, share, source=OWN_FIGURES) for source, share in taken.items()
    )
    name = f"Electricity at {one.site}, as its hours brought it"
    yield Process(supply_of(one), name, "kWh", one.country, exchanges)


def _own_grid(one: SiteElectricity, name: str, known: Process) -> Process:
    """Let a country's grid emit what the site says of the hours of its builds."""
    assert one.grid_gco2e_per_kwh is not None
    generation = Exchange(
        "co2e/generation",
        one.grid_gco2e_per_kwh,
        source="reported by the site, by the hour of its builds",
        geography=one.country,
        id=name,
    )
    rest = (each for each in known.exchanges if each.input != generation.input)
    title = f"Grid at {one.site}, by its own figures of these hours"
    return Process(name, title, "kWh", one.country, (generation, *rest), known.group)


def supply_of(one: SiteElectricity) -> str:
    """Give the process that a site's electricity comes from."""
    if one.supply:
        return f"supply/{one.site}"
    return electricity_process(one.country, solar=one.solar)


def _haul(name: str, title: str, mode: str, km: Factor) -> Process:
    """Carry a kilogram over an uncertain way."""
    exchange = Exchange(
        mode,
        km.value / 1000,
        km.geometric_sd,
        km.source,
        km.year,
        assumed=km.assumed,
        id=km.id,
    )
    return Process(name, title, "kg", "GLO", (exchange,), "freight")


def _legs(inventory: OrderInventory) -> tuple[list[Exchange], tuple[str, ...]]:
    """Carry the order: by mass and distance, or by the carrier's own account."""
    exchanges: list[Exchange] = []
    cites: dict[str, None] = {}
    for number, leg in enumerate(inventory.legs):
        process = freight_process(leg.mode, leg.distance_km)
        if leg.gco2e is not None:
            name = f"leg/{number}"
            fraction = 1.0 if process is None else fuel_fraction(process)
            exchanges.append(own_figure("co2e/carrier", name, leg.gco2e))
            fuel = leg.gco2e.times(fraction)
            exchanges.append(own_figure("fuel/energy", name, fuel))
            if process is not None:
                cites[process] = None
        elif process is not None:
            tonne_km = leg.mass_g / 1e6 * leg.distance_km
            exchanges.append(own_figure(process, "", Estimate.exact(tonne_km)))
    return exchanges, tuple(cites)


def _board(grams: float) -> Exchange:
    return own_figure("packaging/board", "", Estimate.exact(grams / 1000))


def own_figure(taken: str, name: str, amount: Estimate) -> Exchange:
    """Give what the order takes; figures of one name move together."""
    return Exchange(
        taken,
        amount.value,
        source=OWN_FIGURES if name else BY_DEFINITION,
        drawn_as=name,
        low=amount.low,
        high=amount.high,
    )


def _activity(
    alternative: Alternative,
    code: str,
    title: str,
    exchanges: Iterable[Exchange],
    cites: tuple[str, ...] = (),
) -> Activity:
    process = Process(
        f"{alternative}/{code}", title, "unit", "GLO", tuple(exchanges), "activity"
    )
    return Activity(alternative, code, title, process, cites)
