"""A case: any number of ways to one functional unit, as one study.

A way is printed near its user, moulded in one factory and carried, moulded and bought
in a shop, or any demand on the process database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Final

from nearmade.impact.database import Exchange, Process
from nearmade.impact.draws import Demand
from nearmade.impact.household import Household
from nearmade.impact.inventory import OrderInventory
from nearmade.impact.order_study import order_study
from nearmade.impact.partial import PARTIAL
from nearmade.impact.study import Study
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place

#: Methods that a case is scored by.
METHODS: Final = ("gwp100", "ced", "electricity")

BOUNDARY: Final = (
    "Cradle to grave: resin or filament, its way, electricity at the plug, failed "
    "builds, supports, packaging, carriage, end of life. What all ways buy alike is "
    "carried, its making is left out; so is use."
)

#: Sources of what the case itself says.
CASE_BATCH: Final = "the case's own batch"
CASE_FIGURE: Final = "the case's own figure"

#: Per kilometre of a middling petrol car, fuel burnt and fuel made. [gCO2e/km]
CAR_BURNT_GCO2E: Final = 165.0
CAR_FUEL_MADE_GCO2E: Final = 45.0
CAR_SOURCE: Final = (
    "assumed: a middling petrol car of 7 litres per 100 km, 2.34 kg of CO2 a litre; "
    "making its fuel adds as much as it does for petrol vans"
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A way made on machines of the network.

    Parameters
    ----------
    inventory
        What it takes; its central alternative is not looked at.
    solid_mass_g
        Filament at 100 % infill, by part; what infill is varied with. [g]
    infill_fraction
        Of the parts as they stand, 0 to below 1.

    Raises
    ------
    InvalidInput
        When the infill is out of range, or a solid part is lighter than it stands.
    """

    inventory: OrderInventory
    solid_mass_g: Mapping[str, float] = field(default_factory=dict)
    infill_fraction: float = 0.2

    def __post_init__(self) -> None:
        if not 0 <= self.infill_fraction < 1:
            raise InvalidInput(
                f"infill_fraction {self.infill_fraction} is not in 0 to below 1"
            )
        for part in self.inventory.parts:
            solid = self.solid_mass_g.get(part.name, part.mass_g.value)
            # Parts that were made solid may be rounded a little above it.
            if not part.mass_g.value <= solid * (1 + 1e-9) < inf:
                raise InvalidInput(
                    f"part {part.name}: solid_mass_g {solid} is below its mass_g "
                    f"{part.mass_g.value}"
                )


@dataclass(frozen=True, slots=True)
class Moulded:
    """A way moulded in one factory and carried, to the door or to a shop.

    Parameters
    ----------
    inventory
        Its central alternative is what is looked at; its parts give the product's
        plastic where that has none of its own.
    batch
        Pieces that share the mould, 1 or more; None: as many as a mould makes.
    trip_km
        By car to the shop and back, the share that this product bears; zero: it comes
        to the door. [km]
    unsold_fraction
        Made and never sold, 0 up to but not 1.

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """

    inventory: OrderInventory
    batch: float | None = None
    trip_km: Estimate | None = None
    unsold_fraction: float = 0.0

    def __post_init__(self) -> None:
        if self.batch is not None and not 1 <= self.batch < inf:
            raise InvalidInput(f"batch {self.batch} must be 1 or more")
        if not 0 <= self.unsold_fraction < 1:
            raise InvalidInput(
                f"unsold_fraction {self.unsold_fraction} is not in 0 up to 1"
            )
        if self.trip_km is not None and not 0 <= self.trip_km.low < inf:
            raise InvalidInput(f"trip_km {self.trip_km.low} must be >= 0")


@dataclass(frozen=True, slots=True)
class Own:
    """A way as a demand on the process database.

    Parameters
    ----------
    demand
        Process id to amount. [the process's unit]
    """

    demand: Demand


Way = Printed | Moulded | Own


@dataclass(frozen=True, slots=True)
class Meeting:
    """A break-even that is asked for.

    Parameters
    ----------
    over
        ``batch``, ``distance``, ``infill`` or ``grid``.
    first, second
        Names of ways.
    """

    over: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Case:
    """Goal and scope of a comparison, with its ways.

    Parameters
    ----------
    functional_unit
        What every way gives, in one sentence.
    to
        Where it is used.
    ways
        By name, one or more.
    goal
        What it is for and for whom.
    meetings
        Break-evens asked for.
    household
        Who makes instead of buying; None where cost is not asked.
    notes
        What else the reader should know.

    Raises
    ------
    InvalidInput
        When there is no way.
    """

    functional_unit: str
    to: Place
    ways: Mapping[str, Way]
    goal: str = ""
    meetings: tuple[Meeting, ...] = ()
    household: Household | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.ways:
            raise InvalidInput("case: at least one way is needed")

    @property
    def all_notes(self) -> tuple[str, ...]:
        """What the reader should know, also what the printed ways say of themselves."""
        own = [
            note
            for way in self.ways.values()
            if isinstance(way, Printed)
            for note in way.inventory.own_notes
        ]
        return tuple(dict.fromkeys((*self.notes, *own)))


def case_of(inventory: OrderInventory, to: Place) -> Case:
    """Give an order beside its central alternative as a case."""
    return Case(
        inventory.functional_unit,
        to,
        {"here": Printed(inventory), "central": Moulded(inventory)},
        meetings=tuple(
            Meeting(over, "here", "central") for over in ("distance", "batch", "grid")
        ),
        notes=inventory.notes,
    )


#: What an order's ways are called for people.
TITLES: Final = {
    "here": "made here",
    "central": "made centrally",
    "shop": "bought in a shop",
}


def with_titles(case: Case) -> Case:
    """Give a case whose ways are called as people call them; its figures stay."""

    def called(name: str) -> str:
        return TITLES.get(name, name)

    return replace(
        case,
        ways={called(name): way for name, way in case.ways.items()},
        meetings=tuple(
            Meeting(one.over, called(one.first), called(one.second))
            for one in case.meetings
        ),
    )


def study_of_case(case: Case) -> Study:
    """Lay a case out as one study; what ways share is drawn alike.

    Raises
    ------
    InvalidInput
        When a material, a mode of carriage or a process is not known.
    """
    alternatives: dict[str, Demand] = {}
    processes: dict[str, Process] = {}
    for name, way in case.ways.items():
        if isinstance(way, Own):
            alternatives[name] = way.demand
            continue
        demand, own = _printed(way) if isinstance(way, Printed) else _moulded(way)
        ids = {one.id: f"{name}/{one.id.partition('/')[2]}" for one in own}
        shared = {one.id for one in own if not _own_to(one.id)}
        ids |= {key: key for key in shared}
        alternatives[name] = {ids.get(key, key): x for key, x in demand.items()}
        for one in own:
            renamed = _renamed(one, ids)
            if processes.setdefault(renamed.id, renamed) != renamed:
                raise InvalidInput(
                    f"case: {renamed.id} differs between two ways",
                    remedy="give all ways the same destination",
                )
    return Study(
        case.functional_unit,
        alternatives,
        tuple(processes.values()),
        (*METHODS, *PARTIAL),
        case.goal,
        BOUNDARY,
    )


#: Beginnings of ids that belong to one way; others are shared by all.
_OWN_TO: Final = ("here/", "central/", "supply/", "shop/", "share/")


def _own_to(process_id: str) -> bool:
    return process_id.startswith(_OWN_TO)


def _renamed(process: Process, ids: Mapping[str, str]) -> Process:
    exchanges = tuple(
        replace(one, input=ids.get(one.input, one.input)) for one in process.exchanges
    )
    return replace(process, id=ids[process.id], exchanges=exchanges)


def _side(
    inventory: OrderInventory, side: str
) -> tuple[dict[str, float | Estimate], list[Process]]:
    study = order_study(inventory).study
    other = "central/" if side == "here" else "here/"
    kept = [one for one in study.processes if not one.id.startswith(other)]
    return dict(study.alternatives[side]), kept


def _printed(way: Printed) -> tuple[Demand, list[Process]]:
    if not way.inventory.parts:
        raise InvalidInput("case: a printed way needs at least one part")
    return _side(way.inventory, "here")


def _moulded(way: Moulded) -> tuple[Demand, list[Process]]:
    inventory = way.inventory
    if not inventory.parts and inventory.central.product_mass_g is None:
        raise InvalidInput(
            "case: a moulded way needs a mass",
            remedy="add product_mass_g to it, or a printed way to the case",
        )
    demand, processes = _side(inventory, "central")
    processes = [one for one in processes if not one.id.startswith("supply/")]
    if way.batch is not None:
        processes = list(_with_batch(processes, way.batch))
    if way.unsold_fraction:
        made = 1 / (1 - way.unsold_fraction)
        demand = dict.fromkeys(demand, made)
    if way.trip_km is not None and way.trip_km.high > 0:
        processes += [CAR, _trip(way.trip_km)]
        demand["shop/trip"] = 1.0
    return demand, processes


def _with_batch(processes: Iterable[Process], batch: float) -> Iterable[Process]:
    """Let the pieces of one batch share the mould instead of all it could make."""
    share = Process(
        "share/mould",
        f"A part's share of its mould, {batch:,.0f} pieces",
        "piece",
        "GLO",
        (Exchange("mould/steel", 1 / batch, source=CASE_BATCH),),
        "machine",
    )
    yield share
    for one in processes:
        yield replace(
            one,
            exchanges=tuple(
                replace(each, input=share.id) if each.input == "mould/share" else each
                for each in one.exchanges
            ),
        )


def _trip(km: Estimate) -> Process:
    exchange = Exchange(
        "trip/car",
        km.value,
        source=CASE_FIGURE,
        drawn_as="trip_km",
        low=km.low,
        high=km.high,
    )
    return Process("shop/trip", "Trip to the shop", "unit", "GLO", (exchange,), "trip")


CAR: Final = Process(
    "trip/car",
    "Car, petrol",
    "km",
    "GLO",
    (
        Exchange("co2e/burnt", CAR_BURNT_GCO2E, 1.3, CAR_SOURCE, assumed=True),
        Exchange("co2e/fuel-made", CAR_FUEL_MADE_GCO2E, 1.3, CAR_SOURCE, assumed=True),
        Exchange(
            "fuel/energy",
            CAR_BURNT_GCO2E + CAR_FUEL_MADE_GCO2E,
            1.3,
            CAR_SOURCE,
            assumed=True,
        ),
    ),
    "freight",
)
