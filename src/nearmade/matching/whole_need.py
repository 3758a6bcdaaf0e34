"""What a whole design asks: components, bought things, hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from nearmade.designs.design import BomLine, Design, MadePart
from nearmade.designs.licence import read_licence
from nearmade.geometry.facts import PartFacts
from nearmade.matching.material_gates import material_of
from nearmade.matching.verdict import NO_WISHES, Requirement, Wishes
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import DesignId, PartName, ProfileId
from nearmade.vocabulary.processes import find_process

_MM3_PER_CM3: Final = 1000.0

#: Hand work that a design does not name otherwise; code of ``vocabulary.processes``.
ASSEMBLY: Final = "ASSEMBLY"


@dataclass(frozen=True, slots=True)
class Component:
    """One component as a request to machines.

    Parameters
    ----------
    title
        For people.
    requirement
        What it asks; its ``part`` is the component's name in the design.
    """

    title: str
    requirement: Requirement

    @property
    def name(self) -> PartName:
        """Its name in the design."""
        return PartName(self.requirement.part)


@dataclass(frozen=True, slots=True)
class Bought:
    """Something that is bought; no facility says that it has it.

    Parameters
    ----------
    name, unit, note
        As the bill of materials says.
    quantity
        How many or how much of ``unit``, for all products.
    price_usd
        For all of it; None where the bill names no price. [USD]
    mass_g
        Of all of it; None where the bill names none. [g]
    """

    name: str
    quantity: float
    unit: str
    price_usd: float | None
    mass_g: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandWork:
    """Work of hands of one sort.

    Parameters
    ----------
    service
        Code of what a facility must offer, such as ``ASSEMBLY``.
    tasks
        What the bill of materials calls it.
    minutes
        For all products; zero where nobody says. [min]
    """

    service: str
    tasks: tuple[str, ...]
    minutes: float


@dataclass(frozen=True, slots=True)
class WholeNeed:
    """All that one design asks of a network.

    Parameters
    ----------
    design_id, title
        Whose it is.
    components
        What machines make.
    bought
        What is bought.
    work
        What hands do, each sort once.
    commercial_use
        True when the licence allows paid production, and nobody asks for work without
        pay.
    visits
        True when the customer comes where the product is brought together.
    """

    design_id: DesignId
    title: str
    components: tuple[Component, ...]
    bought: tuple[Bought, ...]
    work: tuple[HandWork, ...]
    commercial_use: bool
    visits: bool = False

    @property
    def place(self) -> Requirement:
        """What is asked of the site where the product is brought together."""
        return replace(self.components[0].requirement, visits=self.visits)

    @property
    def bought_usd(self) -> float:
        """What is bought costs so much, as far as prices are known. [USD]"""
        return sum(each.price_usd or 0.0 for each in self.bought)

    @property
    def bought_g(self) -> float:
        """What is bought weighs so much, as far as masses are known. [g]"""
        return sum(each.mass_g or 0.0 for each in self.bought)

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Names of what is bought at a price that nobody says."""
        return tuple(each.name for each in self.bought if each.price_usd is None)


def whole_need(
    design: Design,
    facts: Mapping[PartName, PartFacts],
    *,
    profiles: Mapping[ProfileId, Profile],
    quantity: int = 1,
    wishes: Wishes = NO_WISHES,
) -> WholeNeed:
    """Put together what a design asks.

    Parameters
    ----------
    design
        What the author published.
    facts
        Geometry of each part, as its instance was rendered.
    profiles
        Print profiles by id, for the mass of the parts.
    quantity
        How many products, 1 or more.
    wishes
        What the customer asks of every component, and of the site where they are
        brought together. Who comes to visit, comes there, and to the maker of a
        product of one component without hand work.

    Raises
    ------
    InvalidInput
        When a part has no facts or cannot be estimated, or the quantity is below 1.
    """
    if not quantity >= 1:
        raise InvalidInput(f"quantity {quantity}: must be 1 or more")
    licensed = read_licence(design.licence).commercial_use
    work = hand_work_of(design, quantity)
    alone = len(design.parts) == 1 and not work
    of_parts = replace(wishes, visits=wishes.visits and alone)
    missing = [part.name for part in design.parts if part.name not in facts]
    if missing:
        raise InvalidInput(f"design {design.id}: no facts of {', '.join(missing)}")
    components = tuple(
        Component(
            part.title,
            of_parts.of(
                Requirement(
                    part.name,
                    facts[part.name],
                    _process(part.tsdc),
                    part.materials,
                    part.quantity * quantity,
                    _mass_g(part, facts[part.name], part.quantity * quantity, profiles),
                    licensed,
                )
            ),
        )
        for part in design.parts
    )
    return WholeNeed(
        design_id=design.id,
        title=design.title,
        components=components,
        bought=tuple(
            _bought(line, quantity) for line in design.bom if line.kind == "bought"
        ),
        work=work,
        commercial_use=licensed and not wishes.non_commercial,
        visits=wishes.visits,
    )


def _process(tsdc: str) -> str:
    """Give our code of a process as OKH writes it; what nobody knows stays itself."""
    try:
        return find_process(tsdc).code
    except NotFound:
        return tsdc


def _mass_g(
    part: MadePart,
    facts: PartFacts,
    quantity: int,
    profiles: Mapping[ProfileId, Profile],
) -> float:
    """Give the most that one copy weighs on any profile of its materials. [g]

    Where none works any of them, the part counts as full and the densest is taken.
    """
    masses = (
        estimate_level0(
            facts, profile, quantity, infill_fraction=part.infill_fraction
        ).mass_g.value
        for profile in profiles.values()
        if profile.material in part.materials
    )
    printed_g = max(masses, default=0.0) / quantity
    if printed_g > 0:
        return printed_g
    known = filter(None, map(material_of, part.materials))
    densest = max((each.density_g_cm3 or 0.0 for each in known), default=0.0)
    return densest * facts.volume_mm3 / _MM3_PER_CM3


def _bought(line: BomLine, quantity: int) -> Bought:
    count = line.quantity * quantity
    return Bought(
        line.name,
        count,
        line.unit,
        None if line.price_usd is None else line.price_usd * count,
        line.mass_g * count or None,
        line.note,
    )


def hand_work_of(design: Design, quantity: int = 1) -> tuple[HandWork, ...]:
    """Gather hand work by what a facility must offer; assembly comes first.

    The minutes that the manifest names for assembly are for all hands together, so
    lines in minutes are part of them and only what is left over is plain assembly.
    """
    minutes: dict[str, float] = {}
    tasks: dict[str, list[str]] = {}
    if design.assembly_minutes > 0:
        minutes[ASSEMBLY], tasks[ASSEMBLY] = 0.0, []
    for line in design.bom:
        if line.kind != "work":
            continue
        service = line.service or ASSEMBLY
        tasks.setdefault(service, []).append(line.name)
        worth = _MINUTES.get(line.unit, 0.0) * line.quantity
        minutes[service] = minutes.get(service, 0.0) + worth
    left = design.assembly_minutes - sum(minutes.values())
    if left > 0:
        minutes[ASSEMBLY] = minutes.get(ASSEMBLY, 0.0) + left
        tasks.setdefault(ASSEMBLY, [])
    return tuple(
        HandWork(service, tuple(tasks[service]), amount * quantity)
        for service, amount in minutes.items()
    )


#: Units of time that a bill of materials may use. [min]
_MINUTES: Final = {"min": 1.0, "h": 60.0, "s": 1 / 60}
