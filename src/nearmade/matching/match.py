"""Match a part to machines: hard gates, each refusal with its numbers and remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from nearmade.facilities.facility import Facility, Machine, OpeningHours
from nearmade.facilities.opening import next_open
from nearmade.matching.verdict import Match, Reason, Refusal, Requirement
from nearmade.quoting.plate import EDGE_MM
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import ProfileId
from nearmade.vocabulary.processes import satisfies

#: Kinds of facility where making is not for profit.
NON_COMMERCIAL_KINDS: Final = frozenset({"home", "fab-lab"})


class ProfileLike(Protocol):
    """What matching reads of a print profile."""

    @property
    def material(self) -> str:
        """Feedstock it is made for."""

    @property
    def nozzle_mm(self) -> float:
        """Nozzle it is made for. [mm]"""


@dataclass(frozen=True, slots=True)
class _MachineVerdict:
    """What one machine says, materials in stock left out."""

    reasons: tuple[Reason, ...]
    turned: bool
    profile_of: dict[str, ProfileId]


def match(
    requirement: Requirement,
    facilities: Sequence[Facility],
    now: datetime,
    *,
    profiles: Mapping[ProfileId, ProfileLike],
) -> tuple[tuple[Match, ...], tuple[Refusal, ...]]:
    """Give every machine that can make the part, and why each other facility cannot.

    Within a facility the machines that are ready come first, then those where the part
    need not be turned. A facility stands in one of the two results, never in both.

    Parameters
    ----------
    requirement
        What the part asks.
    facilities
        Where to look.
    now
        The present, with a zone.
    profiles
        Print profiles by id; a machine's profile that is not among them does not count.

    Raises
    ------
    InvalidInput
        When quantity or mass are out of range, or the moment has no zone.
    """
    if not requirement.quantity >= 1:
        raise InvalidInput(f"quantity {requirement.quantity}: must be 1 or more")
    if not requirement.mass_g >= 0:
        raise InvalidInput(f"mass_g {requirement.mass_g}: must be zero or more")
    gates = _Gates(requirement, now, profiles)
    matches: list[Match] = []
    refusals: list[Refusal] = []
    for facility in facilities:
        found, reasons = gates.judge(facility)
        matches.extend(found)
        if not found:
            refusals.append(Refusal(facility.id, reasons))
    return tuple(matches), tuple(refusals)


class _Gates:
    """The gates for one requirement; remembers what like machines and hours gave."""

    def __init__(
        self,
        requirement: Requirement,
        now: datetime,
        profiles: Mapping[ProfileId, ProfileLike],
    ) -> None:
        self._requirement = requirement
        self._now = now
        self._profiles = profiles
        self._machines: dict[object, _MachineVerdict] = {}
        self._opens: dict[OpeningHours, datetime] = {}

    def judge(self, facility: Facility) -> tuple[list[Match], tuple[Reason, ...]]:
        """Give the machines that match, or all reasons why none does."""
        opens_at = self._opens_at(facility.opening)
        reasons = list(self._facility_reasons(facility, opens_at))
        stock_g: dict[str, float] = {}
        for lot in facility.feedstocks:
            stock_g[lot.material] = max(lot.stock_g, stock_g.get(lot.material, 0.0))
        asked = [
            machine
            for machine in facility.machines
            if satisfies(machine.process, self._requirement.process)
        ]
        if not asked:
            reasons.append(self._no_process(facility))
        in_stock, stock_reasons = self._in_stock(stock_g)
        reasons.extend(stock_reasons)
        fitting: list[Match] = []
        machine_reasons: dict[Reason, None] = {}
        for machine in asked:
            verdict = self._machine(machine)
            machine_reasons |= dict.fromkeys(verdict.reasons)
            material = next((m for m in in_stock if m in verdict.profile_of), None)
            if in_stock and material is None:
                machine_reasons[_no_profile(machine, in_stock)] = None
            if verdict.reasons or material is None:
                continue
            profile_id = verdict.profile_of[material]
            fitting.append(
                Match(facility, machine, material, profile_id, verdict.turned, opens_at)
            )
        if fitting and not reasons:
            fitting.sort(key=lambda m: (m.machine.status != "ready", m.turned))
            return fitting, ()
        if not fitting:
            reasons.extend(machine_reasons)
        return [], tuple(reasons)

    def _facility_reasons(
        self, facility: Facility, opens_at: datetime
    ) -> Iterator[Reason]:
        if facility.status != "active":
            yield Reason(
                "facility-not-active",
                f"the site is marked {facility.status}; it must be active",
                "ask when it takes work again",
            )
        commercial = facility.kind not in NON_COMMERCIAL_KINDS
        if commercial and not self._requirement.commercial_use:
            yield Reason(
                "non-commercial-licence",
                f"the design's licence forbids paid production; a {facility.kind} "
                "works for pay, only a home or fab-lab may make it",
                "choose a home or fab-lab, or ask the licensor",
            )
        needed_by = self._requirement.needed_by
        starts_at = max(opens_at, self._now + timedelta(seconds=facility.queue_s))
        if needed_by is not None and starts_at > needed_by:
            yield Reason(
                "starts-too-late",
                f"can start {starts_at:%Y-%m-%d %H:%M} UTC at the earliest; "
                f"needed by {needed_by:%Y-%m-%d %H:%M}",
                "allow a later date",
            )

    def _no_process(self, facility: Facility) -> Reason:
        offered = sorted({machine.process for machine in facility.machines})
        return Reason(
            "process-missing",
            f"needs {self._requirement.process}; offers {', '.join(offered) or 'none'}",
        )

    def _in_stock(
        self, stock_g: Mapping[str, float]
    ) -> tuple[list[str], tuple[Reason, ...]]:
        """Give the allowed materials with enough in one lot, or why there is none."""
        wanted = self._requirement.materials
        need_g = self._requirement.mass_g * self._requirement.quantity
        enough = [m for m in wanted if m in stock_g and stock_g[m] >= need_g]
        if enough:
            return enough, ()
        some = [m for m in wanted if m in stock_g]
        if not some:
            held = ", ".join(sorted(stock_g)) or "nothing"
            message = f"needs {' or '.join(wanted)}; the shelf holds {held}"
            return [], (Reason("material-missing", message, "allow another material"),)
        shelf = ", ".join(f"{stock_g[m]:.0f} g of {m}" for m in some)
        message = f"needs {need_g:.0f} g in one lot; the shelf holds {shelf}"
        return [], (Reason("stock-too-low", message, "order fewer, or wait for stock"),)

    def _opens_at(self, opening: OpeningHours) -> datetime:
        if opening not in self._opens:
            self._opens[opening] = next_open(opening, self._now)
        return self._opens[opening]

    def _machine(self, machine: Machine) -> _MachineVerdict:
        key = (
            machine.make_model,
            machine.build_volume_mm,
            machine.nozzle_mm,
            machine.profiles,
            machine.status == "down",
        )
        if key not in self._machines:
            self._machines[key] = self._judge_machine(machine)
        return self._machines[key]

    def _judge_machine(self, machine: Machine) -> _MachineVerdict:
        turned, reasons = _fit(self._requirement.facts.extents_mm, machine)
        if machine.status == "down":
            reason = f"the {machine.make_model} is down"
            reasons.append(Reason("machine-down", reason, "wait for its repair"))
        profile_of: dict[str, ProfileId] = {}
        for profile_id in machine.profiles:
            profile = self._profiles.get(profile_id)
            if profile is None or profile.nozzle_mm != machine.nozzle_mm:
                continue
            profile_of.setdefault(profile.material, profile_id)
        return _MachineVerdict(tuple(reasons), turned, profile_of)


def _fit(
    extents_mm: tuple[float, float, float], machine: Machine
) -> tuple[bool, list[Reason]]:
    """Lay the part on the plate as it is or turned by a quarter."""
    need_x, need_y = (side + 2 * EDGE_MM for side in extents_mm[:2])
    bed_x, bed_y, bed_z = machine.build_volume_mm
    straight = need_x <= bed_x and need_y <= bed_y
    fits = straight or (need_y <= bed_x and need_x <= bed_y)
    # Where neither way fits, speak of the way that lacks less.
    nearer = max(need_y - bed_x, need_x - bed_y) < max(need_x - bed_x, need_y - bed_y)
    turned = not straight and (fits or nearer)
    if turned:
        need_x, need_y = need_y, need_x
    reasons = []
    if not fits:
        lacks = " and ".join(
            f"{need:.5g} mm along {axis}; bed {bed:g} mm"
            for axis, need, bed in (("x", need_x, bed_x), ("y", need_y, bed_y))
            if not need <= bed
        )
        way = ", turned by a quarter" if turned else ""
        reasons.append(
            Reason(
                "too-large",
                f"needs {lacks} ({machine.make_model}{way}; "
                f"{EDGE_MM:g} mm of skirt on each side counted)",
                "make it smaller or split it",
            )
        )
    if not extents_mm[2] <= bed_z:
        reasons.append(
            Reason(
                "too-tall",
                f"needs {extents_mm[2]:.1f} mm of height; {bed_z:g} mm there "
                f"({machine.make_model})",
                "lay it down or split it",
            )
        )
    return turned, reasons


def _no_profile(machine: Machine, in_stock: Sequence[str]) -> Reason:
    return Reason(
        "profile-missing",
        f"the {machine.make_model} with its {machine.nozzle_mm:g} mm nozzle has no "
        f"profile for {' or '.join(in_stock)}",
        "allow another material",
    )
