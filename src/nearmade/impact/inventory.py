"""What one order takes, here and centrally: the life-cycle inventory."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final

from nearmade.impact.freight import FreightLeg
from nearmade.impact.grid import check_country, stand_in_note
from nearmade.impact.sea import Haul, central_haul
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place

#: A container ship makes about 700 km a day (16 knots). Assumed.
SHIP_KM_PER_DAY: Final = 700.0
#: Lorries with rests. Assumed.
ROAD_KM_PER_DAY: Final = 500.0
#: Order taking, moulding slot, ports, customs, depot. Assumed.
CENTRAL_HANDLING_DAYS: Final = 14.0
#: A small box. Assumed, and the same in both alternatives unless told. [g]
PARCEL_BOARD_G: Final = 30.0

#: Said of an order that is not brought to its customer.
FETCHED: Final = (
    "The customer fetches it, so both ways end where it is fetched, equally far from "
    "the customer: the customer's own way is the same in both and left out."
)


@dataclass(frozen=True, slots=True)
class MadePart:
    """A part that a machine of the network makes.

    Parameters
    ----------
    name
        Unique in the inventory.
    material
        As facilities name it, such as ``PLA``.
    mass_g
        Filament of one good build, supports included, all copies together. [g]
    waste_fraction
        Share of that filament that does not stay in the product, 0..1.

    Raises
    ------
    InvalidInput
        When the mass is below zero or endless, or the fraction is out of range.
    """

    name: str
    material: str
    mass_g: Estimate
    waste_fraction: float = 0.0

    def __post_init__(self) -> None:
        if not (self.mass_g.low >= 0 and self.mass_g.high < inf):
            raise InvalidInput(f"part {self.name}: mass_g must be finite and >= 0")
        if not 0 <= self.waste_fraction <= 1:
            raise InvalidInput(
                f"part {self.name}: waste_fraction {self.waste_fraction} is not in 0..1"
            )


@dataclass(frozen=True, slots=True)
class SiteElectricity:
    """What the machines of one site draw for good builds.

    Parameters
    ----------
    site
        Name, unique in the inventory.
    country
        ISO 3166-1 alpha-2 code.
    solar
        True where the sun drives the machines and there is no grid.
    energy_wh
        At the plug. [Wh]
    machine_h
        Hours that machines ran for good builds; None when not known. [h]
    supply
        Where the energy came from in the very hours of the builds, instead of country
        and sun: ids of the database's processes with shares that sum to 1.
    grid_gco2e_per_kwh
        What the country's grid in ``supply`` emitted in these hours, by the site's own
        word; None where only the country's mean is known. [gCO2e/kWh]

    Raises
    ------
    InvalidInput
        When energy or hours are below zero or endless, no country has that code, the
        shares do not sum to 1, or the grid emits less than nothing.
    """

    site: str
    country: str
    solar: bool
    energy_wh: Estimate
    machine_h: Estimate | None = None
    supply: tuple[tuple[str, float], ...] = ()
    grid_gco2e_per_kwh: float | None = None

    def __post_init__(self) -> None:
        if not (self.energy_wh.low >= 0 and self.energy_wh.high < inf):
            raise InvalidInput(f"site {self.site}: energy_wh must be finite and >= 0")
        check_country(self.country, f"site {self.site}: country")
        hours = self.machine_h
        if hours is not None and not (hours.low >= 0 and hours.high < inf):
            raise InvalidInput(f"site {self.site}: machine_h must be finite and >= 0")
        shares = [share for _, share in self.supply]
        if shares and not (min(shares) >= 0 and abs(sum(shares) - 1) < 1e-6):
            raise InvalidInput(
                f"site {self.site}: shares of supply {shares} must be >= 0 and sum to 1"
            )
        grid = self.grid_gco2e_per_kwh
        if grid is not None and not 0 <= grid < inf:
            raise InvalidInput(
                f"site {self.site}: grid_gco2e_per_kwh {grid} must be finite and >= 0"
            )


@dataclass(frozen=True, slots=True)
class BoughtPart:
    """A thing that both alternatives buy alike, so that its making cancels.

    Parameters
    ----------
    name
        For people.
    mass_g
        Of all copies; the central product carries it. [g]

    Raises
    ------
    InvalidInput
        When the mass is below zero or not finite.
    """

    name: str
    mass_g: float

    def __post_init__(self) -> None:
        if not 0 <= self.mass_g < inf:
            raise InvalidInput(
                f"bought part {self.name}: mass_g {self.mass_g} must be finite and >= 0"
            )


@dataclass(frozen=True, slots=True)
class CentralAlternative:
    """The same product, injection moulded in one factory and shipped.

    Parameters
    ----------
    haul
        From factory to depot.
    days
        From order to door; None when not compared. [d]
    retail_price_usd
        What a comparable product costs in a shop; None when unknown. [USD]
    product_mass_g
        Plastic of one product; None: as much as stays in the printed one. [g]
    packaging_g
        Board around one product. [g]
    """

    haul: Haul
    days: Estimate | None = None
    retail_price_usd: Estimate | None = None
    product_mass_g: Estimate | None = None
    packaging_g: float = PARCEL_BOARD_G


@dataclass(frozen=True, slots=True)
class OrderInventory:
    """All flows of one order beside its central alternative.

    Parameters
    ----------
    functional_unit
        What is compared, in one sentence.
    parts
        What machines make.
    electricity
        By site.
    legs
        All carriage of the order, to the assembly and to the door.
    central
        The alternative.
    price_usd
        What the customer pays; None when not compared. [USD]
    days
        From order to door; None when not compared. [d]
    bought
        Things that both alternatives buy alike.
    reliability_fraction
        Share of builds that succeed, above 0, up to 1; the others are made again.
    packaging_g
        Board around the parcel. [g]
    notes
        What else the reader should know.

    Raises
    ------
    InvalidInput
        When the reliability is out of range, or two parts have one name.
    """

    functional_unit: str
    parts: tuple[MadePart, ...]
    electricity: tuple[SiteElectricity, ...]
    legs: tuple[FreightLeg, ...]
    central: CentralAlternative
    price_usd: Estimate | None = None
    days: Estimate | None = None
    bought: tuple[BoughtPart, ...] = ()
    reliability_fraction: float = 0.95
    packaging_g: float = PARCEL_BOARD_G
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.reliability_fraction <= 1:
            raise InvalidInput(
                f"inventory: reliability_fraction {self.reliability_fraction} is not "
                "above 0 and up to 1"
            )
        seen: set[str] = set()
        for part in self.parts:
            if part.name in seen:
                raise InvalidInput(f"inventory: part {part.name!r}: is there twice")
            seen.add(part.name)

    @property
    def wear_known(self) -> bool:
        """Whether every site tells its machines' hours, so that wear is counted."""
        return bool(self.electricity) and all(
            one.machine_h is not None for one in self.electricity
        )

    @property
    def grid_notes(self) -> tuple[str, ...]:
        """Which countries' grids are counted with an average of others."""
        countries = [
            one.country
            for one in self.electricity
            if not one.solar and not one.supply and one.energy_wh.high > 0
        ]
        notes = (stand_in_note(country) for country in dict.fromkeys(countries))
        return tuple(note for note in notes if note)

    @property
    def fetched(self) -> bool:
        """Whether the customer fetches it, on foot or as they like."""
        return any(leg.mode == "collect" and leg.distance_km > 0 for leg in self.legs)

    @property
    def own_notes(self) -> tuple[str, ...]:
        """What is said of this order besides its own notes."""
        return (*self.grid_notes, *((FETCHED,) if self.fetched else ()))

    @property
    def bought_mass_g(self) -> float:
        """Mass of everything bought. [g]"""
        return sum(one.mass_g for one in self.bought)


def central_alternative(
    destination: Place,
    *,
    retail_price_usd: Estimate | None = None,
    days: Estimate | None = None,
    product_mass_g: Estimate | None = None,
    packaging_g: float = PARCEL_BOARD_G,
) -> CentralAlternative:
    """Work out how a central product would reach a place.

    Parameters
    ----------
    destination
        Where the customer is.
    retail_price_usd
        What a comparable product costs in a shop. [USD]
    days
        From order to door; None: handling plus travel at assumed speeds, halved and
        doubled for the interval. [d]
    product_mass_g
        Plastic of one product; None: as much as stays in the printed one. [g]
    packaging_g
        Board around one product. [g]
    """
    haul = central_haul(destination)
    if days is None:
        travel = (
            haul.sea_km.value / SHIP_KM_PER_DAY + haul.road_km.value / ROAD_KM_PER_DAY
        )
        days = Estimate.within(CENTRAL_HANDLING_DAYS + travel, 0.5, 2.0)
    return CentralAlternative(haul, days, retail_price_usd, product_mass_g, packaging_g)
