"""What a plan is made from, in people's terms: sites, hubs, orders, components.

Two tables of columns: a ``Network`` and an ``OrderBook``. ``arrays.build_problem``
turns them into the choice problem; ``records`` reads and writes them as JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from nearmade.planning.network.problem import Days, Floats, Ints
from nearmade.vocabulary.errors import InvalidInput

Texts = Sequence[str]

#: Straight to the customer, where a hub stands otherwise.
STRAIGHT = -1


@dataclass(frozen=True, slots=True)
class LegRule:
    """What a leg costs and takes, by great circle and mass.

    Nothing is carried, and nothing paid, where both ends are less than 100 m apart.

    Parameters
    ----------
    usd_each
        For each leg, zero or more. [USD]
    usd_per_km
        Zero or more. [USD/km]
    usd_per_kg_km
        Zero or more. [USD/(kg km)]
    gco2e_per_kg_km
        Zero or more. [gCO2e/(kg km)]
    same_day_km
        Up to here a leg takes no whole day, zero or more. [km]
    km_per_day
        Beyond, each started stretch of this takes a day; above zero, infinite where
        legs take no whole day at all. [km/d]

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """

    usd_each: float = 1.0
    usd_per_km: float = 0.01
    usd_per_kg_km: float = 0.0005
    gco2e_per_kg_km: float = 0.1
    same_day_km: float = 30.0
    km_per_day: float = 600.0

    def __post_init__(self) -> None:
        for name in self.__slots__[:-1]:
            if not 0 <= getattr(self, name) < np.inf:
                raise InvalidInput(f"leg rule: {name} must be zero or more")
        if not self.km_per_day > 0:
            raise InvalidInput("leg rule: km_per_day must be above zero")


@dataclass(frozen=True, slots=True, eq=False)
class NamedLegs:
    """Legs from a site to a hub that are known by themselves, not by the rule.

    Parameters
    ----------
    site, hub
        Ends, shape (L,).
    usd
        For each component carried, shape (L,). [USD]
    gco2e
        Alike, shape (L,). [gCO2e]
    days
        Whole days, shape (L,).
    """

    site: Ints
    hub: Ints
    usd: Floats
    gco2e: Floats
    days: Days

    @classmethod
    def none(cls) -> NamedLegs:
        """Give no legs at all."""
        ints, floats = np.zeros(0, np.int32), np.zeros(0)
        return cls(ints, ints, floats, floats, np.zeros(0, np.int16))


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Sites with their machine groups, feedstock and energy, hubs and legs.

    Parameters
    ----------
    materials
        Names of the materials that others refer to by index.
    site_id, site_name
        Shape (S,).
    site_lat_deg, site_lon_deg
        Shape (S,). [°]
    site_energy_wh
        Energy for each day, shape (S, D), infinite on the grid. [Wh]
    site_gco2e_per_kwh, site_usd_per_kwh
        Optional: what electricity emits and costs on each day, shape (S, D), NaN where
        a site does not tell; what is told is left out of the candidates' own figures.
        [gCO2e/kWh], [USD/kWh]
    group_id
        Shape (G,); unique in the network.
    group_site
        Site of each group, shape (G,).
    group_hours
        Machine hours of each day, shape (G, D). [h]
    group_usd_per_hour
        Shape (G,). [USD/h]
    group_bed_mm
        Largest part that the group makes, shape (G,). [mm]
    group_materials
        Bit ``m`` is set where the group works material ``m``, shape (G,).
    break_group, break_quantity, break_fraction
        Price breaks, shape (B,): from this quantity on a group makes a component
        cheaper by this fraction.
    stock_site, stock_material
        What each scarce stock is, shape (R,).
    stock_g
        Shape (R,). [g]
    hub_id, hub_name
        Shape (H,).
    hub_lat_deg, hub_lon_deg
        Shape (H,). [°]
    hub_hours
        Assembly hours of each day, shape (H, A). [h]
    hub_usd_per_hour
        Shape (H,). [USD/h]
    rule
        Legs that are not named.
    legs
        Named legs.
    central_name
        The central factory.
    note
        A line on where it comes from.
    first_day
        Date of day 0, where it has one.
    """

    materials: Texts
    site_id: Texts
    site_name: Texts
    site_lat_deg: Floats
    site_lon_deg: Floats
    site_energy_wh: Floats
    group_id: Texts
    group_site: Ints
    group_hours: Floats
    group_usd_per_hour: Floats
    group_bed_mm: Floats
    group_materials: Ints
    break_group: Ints
    break_quantity: Ints
    break_fraction: Floats
    stock_site: Ints
    stock_material: Ints
    stock_g: Floats
    hub_id: Texts
    hub_name: Texts
    hub_lat_deg: Floats
    hub_lon_deg: Floats
    hub_hours: Floats
    hub_usd_per_hour: Floats
    rule: LegRule = field(default_factory=LegRule)
    legs: NamedLegs = field(default_factory=NamedLegs.none)
    central_name: str = "central factory"
    note: str = ""
    first_day: date | None = None
    site_gco2e_per_kwh: Floats | None = None
    site_usd_per_kwh: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OrderBook:
    """Orders, their components, and who can make each.

    Hours, energy, mass, price and emissions are those of the whole quantity.

    Parameters
    ----------
    order_id
        Shape (O,).
    order_lat_deg, order_lon_deg
        Where the customer is, shape (O,). [°]
    due_day
        Day by whose end the customer should have it, shape (O,).
    assembly_hours
        Hub hours, shape (O,). [h]
    leave_out_usd
        What leaving it out costs in the objective, shape (O,). [USD]
    first_hub
        Where the hubs of each order start, shape (O + 1,).
    hub
        Hubs that may assemble it; ``STRAIGHT`` for none.
    first_component
        Shape (O + 1,).
    component_id
        Unique in its order, shape (N,).
    component_material
        Shape (N,); -1 where it is not told.
    component_bed_mm
        Bed that it needs, shape (N,). [mm]
    component_mass_g
        Shape (N,). [g]
    component_quantity
        Shape (N,).
    central_usd, central_gco2e, central_days
        From the central factory, brought to the hub, shape (N,); infinite price
        where it cannot be bought. [USD], [gCO2e], [d]
    first_candidate
        Shape (N + 1,).
    group
        Shape (M,).
    hours, energy_wh, usd, gco2e
        Shape (M,); the price before price breaks. Without electricity where the site
        tells what it emits or costs by day. [h], [Wh], [USD], [gCO2e]
    early_days
        How many days of assembly before the last one in time are open.
    late_days
        And how many after it.
    """

    order_id: Texts
    order_lat_deg: Floats
    order_lon_deg: Floats
    due_day: Days
    assembly_hours: Floats
    leave_out_usd: Floats
    first_hub: Ints
    hub: Ints
    first_component: Ints
    component_id: Texts
    component_material: Ints
    component_bed_mm: Floats
    component_mass_g: Floats
    component_quantity: Ints
    central_usd: Floats
    central_gco2e: Floats
    central_days: Days
    first_candidate: Ints
    group: Ints
    hours: Floats
    energy_wh: Floats
    usd: Floats
    gco2e: Floats
    early_days: int = 2
    late_days: int = 2
