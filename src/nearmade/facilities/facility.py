"""A facility: a place that makes, what stands in it, and what it asks for its work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

from nearmade.facilities.reported_supply import ReportedSupply
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import FacilityId, MachineId, ProfileId
from nearmade.vocabulary.place import Place

FacilityStatus = Literal["active", "planned", "temporary-closure", "closed"]
FacilityKind = Literal["print-farm", "fab-lab", "home", "off-grid", "van", "commons"]
#: What a record may leave unsaid of a facility; ``machines`` where it does not say
#: what some of what stands there does.
UNSAID: Final = (
    "facility_status", "location", "kind", "opening", "feedstocks", "tariff", "power",
    "machines",
)  # fmt: skip
MachineStatus = Literal["ready", "busy", "down"]


@dataclass(frozen=True, slots=True)
class OutOfUse:
    """When a machine makes nothing, and why.

    Parameters
    ----------
    starts_at, ends_at
        From this moment on, and up to that one; both with a zone.
    why
        For people, such as ``maintenance``.

    Raises
    ------
    InvalidInput
        When a moment has no zone, or it does not end after it starts.
    """

    starts_at: datetime
    ends_at: datetime
    why: str = "maintenance"

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise InvalidInput(f"{self.why}: moments need a zone")
        if not self.starts_at < self.ends_at:
            raise InvalidInput(f"{self.why}: must end after it starts")


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine at one facility.

    What is None or empty is unknown: never "no limit", and never "cannot".

    Parameters
    ----------
    id
        Identity, unique in the network, such as ``nairobi-makers/mk3-1``.
    make_model
        For people, such as ``Prusa MK3S+``.
    process
        Code of ``vocabulary.processes``, such as ``FDM``.
    build_volume_mm
        Usable extents along x, y and z, each above zero. [mm]
    nozzle_mm
        Nozzle diameter; zero where the process has none. [mm]
    profiles
        Print profiles it may run, one for each material it can take.
    status
        Whether it can take work.
    driver
        ``octoprint``, ``simulated`` or empty when no agent drives it.
    layer_mm
        Thinnest and thickest layer. [mm]
    tolerance_mm
        What it holds on either side of a dimension, above zero. [mm]
    nozzle_degc, bed_degc, chamber_degc
        Highest temperatures. [degC]
    enclosed
        Whether walls keep the warmth around the part.
    laser_w
        Optical power. [W]
    axes
        Axes that move together, 1 or more.
    materials
        Codes of what it can work beyond its profiles.
    certifications
        What it is certified for, such as ``ISO 13485``.
    out_of_use
        When it makes nothing.
    unsaid
        Figures that stand here and that its record does not say: with
        ``build_volume_mm`` the extents are the most that they can be, infinite where
        nothing is known; with ``nozzle_mm`` the nozzle is zero.

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """

    id: MachineId
    make_model: str
    process: str
    build_volume_mm: tuple[float, float, float]
    nozzle_mm: float
    profiles: tuple[ProfileId, ...]
    status: MachineStatus = "ready"
    driver: str = ""
    layer_mm: tuple[float, float] | None = None
    tolerance_mm: float | None = None
    nozzle_degc: float | None = None
    bed_degc: float | None = None
    chamber_degc: float | None = None
    enclosed: bool | None = None
    laser_w: float | None = None
    axes: int | None = None
    materials: tuple[str, ...] = ()
    certifications: tuple[str, ...] = ()
    out_of_use: tuple[OutOfUse, ...] = ()
    unsaid: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(side > 0 for side in self.build_volume_mm):
            raise InvalidInput(f"machine {self.id}: build_volume_mm must be > 0")
        if self.layer_mm is not None and not 0 < self.layer_mm[0] <= self.layer_mm[1]:
            raise InvalidInput(f"machine {self.id}: layer_mm must rise from above 0")
        for name in ("tolerance_mm", "laser_w", "axes"):
            figure = getattr(self, name)
            if figure is not None and not figure > 0:
                raise InvalidInput(f"machine {self.id}: {name} must be > 0")


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
        Rated power of the panels; beside the grid where there is one. [Wp]
    battery_wh
        Usable and unusable energy together. [Wh]
    max_w
        The most it can give at once. [W]
    reported
        What the site's own agent reports, where it does; no part of the record.
    """

    kind: Literal["grid", "solar"]
    pv_wp: float = 0.0
    battery_wh: float = 0.0
    max_w: float = 3000.0
    reported: ReportedSupply | None = None


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
class Stop:
    """Where a facility that moves stands for a while.

    Parameters
    ----------
    starts_at, ends_at
        From this moment on, and up to that one; both with a zone.
    place
        Where it stands then.

    Raises
    ------
    InvalidInput
        When a moment has no zone, or the stop does not end after it starts.
    """

    starts_at: datetime
    ends_at: datetime
    place: Place

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise InvalidInput(f"stop at {self.place}: moments need a zone")
        if not self.starts_at < self.ends_at:
            raise InvalidInput(f"stop at {self.place}: must end after it starts")


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
        Where it stands; of a van, its base (``itinerary.place_at`` knows more).
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
    certifications
        What the whole facility is certified for, such as ``ISO 9001``.
    itinerary
        Stops of a facility that moves, in order of time, none over another.
    holidays
        Days, by its own calendar, on which it is closed.
    zone
        IANA name such as ``Africa/Nairobi``; empty where only the fixed offset of
        its opening hours is known.
    access
        Who may come in, in OKW's words, such as ``Membership``; empty if unknown.
    url
        Its own page; empty if unknown.
    services
        Hand work it offers, as codes of processes such as ``ASSEMBLY``.
    unsaid
        What its record does not say, some of ``UNSAID``: what stands here in place of
        it means nothing, and nobody may be promised anything on it.

    Raises
    ------
    InvalidInput
        When two stops lie over each other or out of order.
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
    certifications: tuple[str, ...] = ()
    itinerary: tuple[Stop, ...] = ()
    holidays: tuple[date, ...] = ()
    zone: str = ""
    access: str = ""
    url: str = ""
    services: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for one, other in pairwise(self.itinerary):
            if not one.ends_at <= other.starts_at:
                raise InvalidInput(
                    f"facility {self.id}: the stop at {other.place} starts before "
                    f"the one at {one.place} ends"
                )
