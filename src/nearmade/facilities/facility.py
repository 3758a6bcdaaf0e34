"""A facility: a place that makes, what stands in it, and what it asks for its work."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import FacilityId, MachineId, ProfileId
from nearmade.vocabulary.place import Place

FacilityStatus = Literal["active", "planned", "temporary-closure", "closed"]
FacilityKind = Literal["print-farm", "fab-lab", "home", "off-grid", "van"]
MachineStatus = Literal["ready", "busy", "down"]


@dataclass(frozen=True, slots=True)
class Machine:
    """An additive machine at one facility.

    Parameters
    ----------
    id
        Identity, unique in the network, such as ``nairobi-makers/mk3-1``.
    make_model
        For people, such as ``Prusa MK3S+``.
    process
        ISO/ASTM 52900 family as a code: ``FDM`` (material extrusion) for now.
    build_volume_mm
        Usable extents along x, y and z, each above zero. [mm]
    nozzle_mm
        Nozzle diameter. [mm]
    profiles
        Print profiles it may run, one for each material it can take.
    status
        Whether it can take work.
    driver
        ``octoprint``, ``simulated`` or empty when no agent drives it.

    Raises
    ------
    InvalidInput
        When an extent is not above zero.
    """

    id: MachineId
    make_model: str
    process: str
    build_volume_mm: tuple[float, float, float]
    nozzle_mm: float
    profiles: tuple[ProfileId, ...]
    status: MachineStatus = "ready"
    driver: str = ""

    def __post_init__(self) -> None:
        if not all(side > 0 for side in self.build_volume_mm):
            raise InvalidInput(f"machine {self.id}: build_volume_mm must be > 0")


@dataclass(frozen=True, slots=True)
class Feedstock:
    """A material in stock.

    Parameters
    ----------
    material
        ``PLA``, ``PETG``, ``ABS``, ``TPU`` and so on.
    colour
        For people.
    stock_g
        What lies on the shelf. [g]
    """

    material: str
    colour: str
    stock_g: float


@dataclass(frozen=True, slots=True)
class Tariff:
    """The price list of a facility, in its own currency and major units.

    Parameters
    ----------
    currency
        ISO 4217 code.
    machine_hour
        For one hour of one machine.
    material_gram
        For one gram of each material.
    setup
        Once for each build.
    labour_hour
        For one hour of hands: assembly and finishing.
    minimum
        The least one order costs.
    margin_fraction
        Added to the sum, 0 or more.
    """

    currency: str
    machine_hour: Decimal
    material_gram: dict[str, Decimal]
    setup: Decimal
    labour_hour: Decimal
    minimum: Decimal
    margin_fraction: Decimal


@dataclass(frozen=True, slots=True)
class PowerSystem:
    """Where a facility's electricity comes from.

    Parameters
    ----------
    kind
        ``grid``, or ``solar`` with a battery and no grid.
    pv_wp
        Rated power of the panels; zero on the grid. [Wp]
    battery_wh
        Usable and unusable energy together; zero on the grid. [Wh]
    max_w
        The most it can give at once. [W]
    """

    kind: Literal["grid", "solar"]
    pv_wp: float = 0.0
    battery_wh: float = 0.0
    max_w: float = 3000.0


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a facility takes and starts work, in local mean time.

    Parameters
    ----------
    days
        ISO weekdays, Monday is 1.
    opens_hour, closes_hour
        0..24; opens before it closes. [h]
    utc_offset_h
        Hours ahead of UTC. [h]
    """

    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    opens_hour: float = 0.0
    closes_hour: float = 24.0
    utc_offset_h: float = 0.0


@dataclass(frozen=True, slots=True)
class Facility:
    """A place that makes.

    Parameters
    ----------
    id
        Short name in kebab-case, unique in a network.
    name
        For people.
    kind
        What sort of place it is.
    place
        Where it stands; a van, where it is now.
    status
        OKW facility status.
    opening
        When it works.
    machines, feedstocks
        What stands in it, what lies in it.
    tariff
        What it asks.
    power
        Where its electricity comes from.
    assembles
        True when hands there bring components together.
    reliability_fraction
        Share of builds that succeed, 0..1.
    queue_s
        Work already promised ahead of a new build. [s]
    demo
        True for synthetic facilities; shown wherever they show.
    """

    id: FacilityId
    name: str
    kind: FacilityKind
    place: Place
    status: FacilityStatus
    opening: OpeningHours
    machines: tuple[Machine, ...]
    feedstocks: tuple[Feedstock, ...]
    tariff: Tariff
    power: PowerSystem
    assembles: bool = True
    reliability_fraction: float = 0.95
    queue_s: int = 0
    demo: bool = False
