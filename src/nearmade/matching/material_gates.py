"""Gates of the material: what it must be, what lies in stock, what a machine works.

A material goes by its identity in ``vocabulary.materials``, whatever it is called; one
that the vocabulary does not hold goes by its name alone. A print profile is proof that
its machine works its material. A machine without profiles says so itself, and its
temperatures may speak against it.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Protocol

from nearmade.facilities.facility import Facility, Machine
from nearmade.matching.site_gates import Finding
from nearmade.matching.verdict import Question, Reason, Requirement
from nearmade.quoting.machine_capability import with_known_capability
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import ProfileId
from nearmade.vocabulary.materials import (
    MATERIALS,
    Material,
    doubtful_work,
    find_material,
)

#: Levels of a verdict, so that the least of several gates decides.
NO, UNKNOWN, YES = 0, 1, 2

#: Properties that a request may name, and how a material answers to each.
MUST_BE: Final = ("food_contact", "skin_contact", "flexible", "outdoor")
AT_LEAST: Final = ("heat_deflection_degc",)
AT_MOST: Final = ("density_g_cm3",)
PROPERTIES: Final = (*MUST_BE, *AT_LEAST, *AT_MOST)


class ProfileLike(Protocol):
    """What matching reads of a print profile."""

    @property
    def material(self) -> str:
        """Feedstock it is made for."""

    @property
    def nozzle_mm(self) -> float:
        """Nozzle it is made for. [mm]"""


@lru_cache(maxsize=4096)
def material_of(name: str) -> Material | None:
    """Look a material up by any of its names; None when nobody knows it."""
    try:
        return find_material(name)
    except NotFound:
        return None


@lru_cache(maxsize=4096)
def identity_of(name: str) -> str:
    """Give what a material goes by: its code, or its bare name."""
    material = material_of(name)
    return " ".join(name.split()).casefold() if material is None else material.code


def allowed_materials(requirement: Requirement) -> tuple[str, ...]:
    """Give the materials that a part allows, as it writes them, best first.

    A part that names none allows every material of the vocabulary.
    """
    return requirement.materials or tuple(MATERIALS)


def suitable_materials(properties: Mapping[str, object]) -> tuple[str, ...]:
    """Name the materials that are what they must be; those that may be come last."""
    levels = {name: property_level(name, properties) for name in MATERIALS}
    fit = [name for name, level in levels.items() if level != NO]
    return tuple(sorted(fit, key=lambda name: -levels[name]))


def property_level(name: str, properties: Mapping[str, object]) -> int:
    """Tell whether a material is what it must be: NO, UNKNOWN or YES."""
    return min((_answer(name, *wish)[0] for wish in properties.items()), default=YES)


def check_properties(properties: Mapping[str, object]) -> None:
    """Refuse properties that no material answers to.

    Raises
    ------
    InvalidInput
        When a property is not known or its value is of the wrong type.
    """
    for name, wanted in properties.items():
        numeric = isinstance(wanted, int | float) and not isinstance(wanted, bool)
        if name not in PROPERTIES:
            raise InvalidInput(
                f"property {name!r}: no material answers to it",
                code="property-unknown",
                remedy=f"known are {', '.join(PROPERTIES)}",
            )
        if numeric is (name in MUST_BE) or not isinstance(wanted, bool | int | float):
            rule = "true or false" if name in MUST_BE else "a number"
            raise InvalidInput(
                f"property {name} {wanted!r}: must be {rule}", code="property-unknown"
            )
        if not isinstance(wanted, bool) and not 0 < wanted < math.inf:
            raise InvalidInput(
                f"property {name} {wanted:g}: must be above 0, and finite",
                code="property-unknown",
            )


def _answer(name: str, key: str, wanted: object) -> tuple[int, str]:
    """Give what a material says to one property, and its figure in words."""
    have = getattr(material_of(name), key, None)
    if have is None:
        return UNKNOWN, "does not say"
    if isinstance(wanted, bool):
        return (YES if bool(have) is wanted else NO), "is" if have else "is not"
    assert isinstance(wanted, int | float)
    enough = have <= wanted if key in AT_MOST else have >= wanted
    return (YES if enough else NO), f"typically has {have:g}"


def property_findings(
    names: Sequence[str], properties: Mapping[str, object]
) -> Iterator[Finding]:
    """Say which property each of these materials lacks, or does not tell."""
    for name in names:
        for key, wanted in properties.items():
            level, said = _answer(name, key, wanted)
            asked = _asked(key, wanted)
            if level == NO:
                yield Reason(
                    "property-missing",
                    f"needs {asked}; {name} {said}",
                    "allow a material that has it",
                )
            elif level == UNKNOWN:
                yield Question(
                    "property-unknown",
                    f"needs {asked}; nothing is known of it for {name}",
                    f"{asked}: what does the maker of the {name} say?",
                )


def _asked(key: str, wanted: object) -> str:
    if isinstance(wanted, bool):
        return key.replace("_", " ") if wanted else f"no {key.replace('_', ' ')}"
    bound = "at most" if key in AT_MOST else "at least"
    return f"{key} {bound} {wanted:g}"


class Shelf:
    """What one site has in stock, by identity.

    Parameters
    ----------
    facility
        The site. One that names no stock and runs none of our profiles is unknown.
    """

    def __init__(self, facility: Facility) -> None:
        self.known = shelf_known(facility)
        self.names: dict[str, None] = {}
        self.lots: dict[str, list[tuple[str, float]]] = {}
        for lot in facility.feedstocks:
            self.names[lot.material] = None
            key = identity_of(lot.material)
            self.lots.setdefault(key, []).append((lot.colour, lot.stock_g))

    def level(self, name: str, need_g: float, colour: str) -> int:
        """Tell whether one lot does for the whole quantity."""
        if not self.known:
            return UNKNOWN
        lots = self.lots.get(identity_of(name), ())
        best = NO
        for has_colour, stock_g in lots:
            if stock_g >= need_g:
                best = max(best, colour_level(has_colour, colour))
        return best

    def most_g(self, name: str) -> float:
        """Give the largest lot of a material, 0 when there is none. [g]"""
        lots = self.lots.get(identity_of(name), ())
        return max((stock_g for _, stock_g in lots), default=0.0)


def shelf_known(facility: Facility) -> bool:
    """Tell whether a site's stock list can be taken at its word, also when empty."""
    if "feedstocks" in facility.unsaid:
        return False
    if facility.feedstocks:
        return True
    return any(machine.profiles for machine in facility.machines)


def colour_level(has: str, asked: str) -> int:
    """Tell whether a lot has the colour asked for; one without a word may."""
    if not asked or has.strip().casefold() == asked.strip().casefold():
        return YES
    return NO if has.strip() else UNKNOWN


def stock_findings(
    shelf: Shelf, names: Sequence[str], requirement: Requirement
) -> Iterator[Finding]:
    """Say why no allowed material lies there in one lot that does."""
    need_g = requirement.mass_g * requirement.quantity
    colour = requirement.colour
    written = " or ".join(names) if requirement.materials else "a material that suits"
    if not shelf.known:
        yield Question(
            "stock-unknown",
            f"needs {need_g:.0f} g of {written}; the site does not say what it holds",
            f"is there {need_g:.0f} g of {written} in stock?",
        )
        return
    some = [name for name in names if identity_of(name) in shelf.lots]
    enough = [name for name in some if shelf.level(name, need_g, "") == YES]
    if any(shelf.level(name, need_g, colour) == UNKNOWN for name in enough):
        yield Question(
            "colour-unknown",
            f"needs {colour}; the shelf does not say the colour of its {enough[0]}",
            f"is the {enough[0]} {colour}?",
        )
    elif enough:
        shown = sorted({has for name in enough for has, _ in _lots(shelf, name)})
        yield Reason(
            "colour-missing",
            f"needs {' or '.join(enough)} in {colour}; the shelf holds "
            f"{', '.join(shown)}",
            "allow another colour",
        )
    elif some:
        held = ", ".join(f"{shelf.most_g(name):.0f} g of {name}" for name in some)
        message = f"needs {need_g:.0f} g in one lot; the shelf holds {held}"
        yield Reason("stock-too-low", message, "order fewer, or wait for stock")
    else:
        held = ", ".join(sorted(shelf.names)) or "nothing"
        message = f"needs {written}; the shelf holds {held}"
        yield Reason("material-missing", message, "allow another material")


def _lots(shelf: Shelf, name: str) -> Sequence[tuple[str, float]]:
    return shelf.lots.get(identity_of(name), ())


def works_like(machine: Machine) -> Hashable:
    """Give what decides what a machine does with materials, for telling like ones."""
    return (
        machine.make_model,
        machine.process,
        machine.profiles,
        machine.nozzle_mm,
        machine.materials,
        machine.nozzle_degc,
        machine.bed_degc,
        machine.enclosed,
        machine.unsaid,
    )


class Works:
    """What a machine does with each material, by identity.

    Parameters
    ----------
    machine
        The machine; where its record says nothing of its heat, its model's counts.
    profiles
        Print profiles by id; one for another nozzle than the machine's does not count.
    """

    def __init__(
        self, machine: Machine, profiles: Mapping[ProfileId, ProfileLike]
    ) -> None:
        self.machine = with_known_capability(machine)
        self.profile_of: dict[str, ProfileId] = {}
        self._listed = {identity_of(one) for one in machine.materials}
        self._perhaps: set[str] = set()
        self._levels: dict[str, int] = {}
        for profile_id in machine.profiles:
            profile = profiles.get(profile_id)
            if profile is None:
                continue
            if "nozzle_mm" in machine.unsaid:
                self._perhaps.add(identity_of(profile.material))
                continue
            if profile.nozzle_mm != machine.nozzle_mm:
                continue
            self.profile_of.setdefault(identity_of(profile.material), profile_id)

    def level(self, name: str) -> int:
        """Tell whether it works a material: NO, UNKNOWN or YES."""
        if name not in self._levels:
            self._levels[name] = self._level(name)
        return self._levels[name]

    def _level(self, name: str) -> int:
        key = identity_of(name)
        if key in self.profile_of:
            return YES
        listed = key in self._listed
        says = bool(self.machine.profiles or self._listed)
        unlisted = says and not listed and key not in self._perhaps
        if unlisted or any(self.too_cold(name)):
            return NO
        return YES if listed and not self._doubt(name) else UNKNOWN

    def _doubt(self, name: str) -> str:
        """Say why the machine's own word on a material is doubted."""
        return doubtful_work(name, self.machine.process)

    def too_cold(self, name: str) -> Iterator[str]:
        """Say with both numbers where the machine does not reach a material's heat."""
        material = material_of(name)
        if material is None:
            return
        for part in ("nozzle", "bed"):
            needs = getattr(material, f"{part}_degc")
            reaches = getattr(self.machine, f"{part}_degc")
            if needs is not None and reaches is not None and not reaches >= needs:
                yield f"{part} at {needs:g} degC; it reaches {reaches:g} degC"
        if material.needs_chamber and self.machine.enclosed is False:
            yield "a closed chamber; it is open"

    def question(self, names: Sequence[str]) -> Question:
        """Ask whether it works any of these materials."""
        some, name = " or ".join(names[:3]), self.machine.make_model
        listed = [each for each in names if identity_of(each) in self._listed]
        doubts = [each for each in listed if self._doubt(each)]
        if doubts:
            return Question(
                "material-doubtful",
                f"the {name} lists {doubts[0]}; {self._doubt(doubts[0])}",
                f"does the {name} truly work {doubts[0]}, and by which process?",
            )
        if self._perhaps & {identity_of(each) for each in names}:
            return Question(
                "nozzle-unknown",
                f"needs {some}; the {name} has a profile for it and does not say its "
                "nozzle",
                f"which nozzle has the {name}?",
            )
        return Question(
            "materials-unknown",
            f"needs {some}; the {name} does not say which materials it works",
            f"does the {name} work {some}?",
        )

    def findings(self, names: Sequence[str]) -> Iterator[Reason]:
        """Say why it works none of these materials."""
        machine = self.machine
        says_nothing = not (machine.profiles or self._listed)
        unlisted = []
        for name in names:
            if not says_nothing and identity_of(name) not in self._listed:
                unlisted.append(name)
                continue
            for each in self.too_cold(name):
                yield Reason(
                    "too-cold",
                    f"{name} needs {each} ({machine.make_model})",
                    "allow another material",
                )
        if unlisted and machine.profiles:
            yield Reason(
                "profile-missing",
                f"the {machine.make_model} with its {machine.nozzle_mm:g} mm nozzle "
                f"has no profile for {' or '.join(unlisted)}",
                "allow another material",
            )
        elif unlisted:
            yield Reason(
                "material-not-worked",
                f"needs {' or '.join(unlisted[:3])}; the {machine.make_model} works "
                f"{', '.join(machine.materials)}",
                "allow another material",
            )
