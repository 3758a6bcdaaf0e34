"""The judge: hold one facility after the other against what a part asks.

Its word is the truth; ``table`` gives the same verdicts for many facilities at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nearmade.facilities.facility import Facility, Machine
from nearmade.facilities.opening import facility_opens_at, never_opens
from nearmade.matching.machine_gates import (
    certificate_findings,
    lay,
    machine_findings,
)
from nearmade.matching.material_gates import (
    NO,
    UNKNOWN,
    YES,
    ProfileLike,
    Shelf,
    Works,
    allowed_materials,
    check_properties,
    identity_of,
    property_findings,
    property_level,
    stock_findings,
    works_like,
)
from nearmade.matching.site_gates import NEVER, Finding, site_findings
from nearmade.matching.verdict import (
    Judgement,
    Match,
    Question,
    Reason,
    Requirement,
)
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import ProfileId
from nearmade.vocabulary.processes import PROCESSES, process_words, satisfies

#: A machine's profile where it works a material without one of ours.
NO_PROFILE: Final = ProfileId("")

#: Most materials of which a reason speaks one by one.
MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class _MachineVerdict:
    """What one machine says, stock and certificates left out."""

    findings: tuple[Finding, ...]
    turned: bool
    works: Works


class Judge:
    """The gates for one requirement; remembers what like machines and hours gave.

    Parameters
    ----------
    requirement
        What the part asks.
    now
        The present, with a zone.
    profiles
        Print profiles by id; a machine's profile that is not among them does not count.

    Raises
    ------
    InvalidInput
        When quantity or mass are out of range, or a property is not known.
    """

    def __init__(
        self,
        requirement: Requirement,
        now: datetime,
        profiles: Mapping[ProfileId, ProfileLike],
    ) -> None:
        check_requirement(requirement)
        self._requirement = requirement
        self._now = now
        self._profiles = profiles
        self._machines: dict[object, _MachineVerdict] = {}
        self._works: dict[object, Works] = {}
        self._opens: dict[object, datetime] = {}
        wanted = allowed_materials(requirement)
        suits = {n: property_level(n, requirement.properties) for n in wanted}
        self._suits = {name: level for name, level in suits.items() if level != NO}
        self._unfit = (
            ()
            if self._suits
            else tuple(property_findings(wanted[:MOST_NAMED], requirement.properties))
        )

    def judge(self, facility: Facility) -> Judgement:
        """Give the machines that match, or every reason, or what to ask."""
        requirement = self._requirement
        opens_at = self.opens_at(facility)
        site = list(site_findings(facility, requirement, opens_at, self._now))
        asked = [
            machine
            for machine in facility.machines
            if satisfies(machine.process, requirement.process)
        ]
        if not asked:
            site.append(_process_finding(facility, requirement.process))
        shelf = Shelf(facility)
        levels = self._levels(shelf)
        if levels and max(levels.values()) == NO:
            site.extend(stock_findings(shelf, tuple(levels), requirement))
        site.extend(self._unfit)
        matches: list[Match] = []
        doubtful: dict[Question, None] = {}
        reasons: dict[Reason, None] = {}
        for machine in asked:
            found = self._ask(machine, facility, shelf, levels, opens_at)
            if isinstance(found, Match):
                matches.append(found)
                continue
            no = [each for each in found if isinstance(each, Reason)]
            reasons |= dict.fromkeys(no)
            if not no:
                doubtful |= dict.fromkeys(e for e in found if isinstance(e, Question))
        return _summed(site, matches, doubtful, reasons)

    def opens_at(self, facility: Facility) -> datetime:
        """Give the first moment at which the facility takes work, or ``NEVER``."""
        if never_opens(facility):
            return NEVER
        key = (facility.opening, facility.zone, facility.holidays)
        if key not in self._opens:
            self._opens[key] = facility_opens_at(facility, self._now)
        return self._opens[key]

    def _levels(self, shelf: Shelf) -> dict[str, int]:
        """Tell of each allowed material whether it suits and lies there."""
        need_g = self._requirement.mass_g * self._requirement.quantity
        colour = self._requirement.colour
        return {
            name: min(suits, shelf.level(name, need_g, colour))
            for name, suits in self._suits.items()
        }

    def _ask(
        self,
        machine: Machine,
        facility: Facility,
        shelf: Shelf,
        levels: Mapping[str, int],
        opens_at: datetime,
    ) -> Match | list[Finding]:
        """Give the machine's match, or all that stands against it or is not said."""
        verdict = self._machine(machine)
        works = verdict.works
        found = list(verdict.findings)
        if self._requirement.certifications:
            found += certificate_findings(machine, facility, self._requirement)
        there = [name for name, level in levels.items() if level != NO]
        both = {name: min(levels[name], works.level(name)) for name in there}
        material = next((name for name in there if both[name] == YES), None)
        if material is None:
            maybe = [name for name in there if both[name] == UNKNOWN]
            found += (
                self._doubts(works, shelf, maybe) if maybe else works.findings(there)
            )
        if found or material is None:
            return found
        profile_id = works.profile_of.get(identity_of(material), NO_PROFILE)
        return Match(facility, machine, material, profile_id, verdict.turned, opens_at)

    def _doubts(
        self, works: Works, shelf: Shelf, names: Sequence[str]
    ) -> Iterator[Finding]:
        """Ask what is not said of materials that may suit, lie there and be worked."""
        requirement = self._requirement
        need_g = requirement.mass_g * requirement.quantity
        unsaid = [name for name in names if works.level(name) == UNKNOWN]
        if unsaid:
            yield works.question(unsaid)
        for name in names:
            if shelf.level(name, need_g, requirement.colour) == UNKNOWN:
                yield from stock_findings(shelf, names, requirement)
                break
        for name in names:
            if self._suits[name] == UNKNOWN:
                yield from property_findings([name], requirement.properties)

    def _machine(self, machine: Machine) -> _MachineVerdict:
        like = works_like(machine)
        key = (
            like,
            machine.build_volume_mm,
            machine.status == "down",
            machine.tolerance_mm,
            machine.layer_mm,
            machine.unsaid,
        )
        if key not in self._machines:
            turned, room = lay(self._requirement.facts.extents_mm, machine)
            findings = (*room, *machine_findings(machine, self._requirement))
            if like not in self._works:
                self._works[like] = Works(machine, self._profiles)
            works = self._works[like]
            self._machines[key] = _MachineVerdict(findings, turned, works)
        return self._machines[key]


def check_requirement(requirement: Requirement) -> None:
    """Refuse a requirement that nothing could answer.

    Raises
    ------
    InvalidInput
        When quantity or mass are out of range, or a property is not known.
    """
    if not requirement.quantity >= 1:
        raise InvalidInput(f"quantity {requirement.quantity}: must be 1 or more")
    if not 0 <= requirement.mass_g < math.inf:
        raise InvalidInput(
            f"mass_g {requirement.mass_g}: must be zero or more, and finite"
        )
    for name in ("tolerance_mm", "detail_mm", "within_km"):
        figure = getattr(requirement, name)
        if figure is not None and not 0 <= figure < math.inf:
            raise InvalidInput(f"{name} {figure}: must be zero or more, and finite")
    check_properties(requirement.properties)


def may_mean(offered: str, requested: str) -> bool:
    """Tell whether a broad request may mean what a machine does.

    The broad ones are kinds of mechanical work; building up by layers is none.
    """
    asked, has = PROCESSES.get(requested), PROCESSES.get(offered)
    return asked is not None and asked.broad and not (has and has.family)


def _process_finding(facility: Facility, requested: str) -> Finding:
    """Say that no machine has the process, or that the site names no machine."""
    wanted = process_words(requested)
    if not facility.machines:
        return Question(
            "machines-unknown",
            f"needs {wanted}; the site names no machine",
            f"which machines stand at {facility.name}?",
        )
    offered = sorted({machine.process for machine in facility.machines})
    offers = ", ".join(map(process_words, offered))
    if "machines" in facility.unsaid:
        return Question(
            "machines-unknown",
            f"needs {wanted}; offers {offers}, and does not say what "
            "all of its equipment does",
            f"by which process does each machine at {facility.name} work?",
        )
    if any(may_mean(one, requested) for one in offered):
        return Question(
            "process-broad",
            f"{wanted} does not say how it is made; offers {offers}",
            f"by which process shall it be made, instead of {wanted}?",
        )
    return Reason("process-missing", f"needs {wanted}; offers {offers}")


def _summed(
    site: Sequence[Finding],
    matches: list[Match],
    doubtful: Mapping[Question, None],
    reasons: Mapping[Reason, None],
) -> Judgement:
    """Let the least of all gates decide, the best machine for the site."""
    refused = [each for each in site if isinstance(each, Reason)]
    asked = [each for each in site if isinstance(each, Question)]
    nobody = not matches and not doubtful and not asked
    if refused or nobody or (reasons and not matches and not doubtful):
        return Judgement(reasons=(*refused, *(() if matches else reasons)))
    if asked or not matches:
        return Judgement(questions=(*asked, *(() if matches else doubtful)))
    matches.sort(key=lambda m: (m.machine.status != "ready", m.turned))
    return Judgement(matches=tuple(matches))
