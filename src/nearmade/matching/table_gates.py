"""Every gate for every machine of a network at once.

Each gate gives 0 (no), 1 (unknown) or 2 (yes); the least of a machine's gates is its
verdict, the best machine counts for its facility, and the facility's own gates come on
top. A law of the tests says that the verdicts are those of ``judge.Judge``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

import numpy as np

from nearmade.facilities.itinerary import place_at
from nearmade.matching.judge import Judge, may_mean
from nearmade.matching.machine_gates import USUAL_NOZZLE_MM, certificate_level
from nearmade.matching.material_gates import (
    NO,
    UNKNOWN,
    YES,
    allowed_materials,
    colour_level,
    identity_of,
    property_level,
)
from nearmade.matching.site_gates import (
    NON_COMMERCIAL_KINDS,
    access_level,
    said_level,
    starts_at,
)
from nearmade.matching.table import Dictionary, Flags, Floats, Levels, NetworkTable
from nearmade.matching.verdict import Judgement, Requirement, Verdict
from nearmade.quoting.plate import EDGE_MM
from nearmade.screening.size_findings import ROUNDING_MM
from nearmade.vocabulary.identity import FacilityId
from nearmade.vocabulary.place import EARTH_RADIUS_KM, Place, great_circle_km
from nearmade.vocabulary.processes import satisfies

Entry = TypeVar("Entry", bound=Hashable)

_WORDS: Final[tuple[Verdict, ...]] = ("no", "unknown", "yes")

#: Two ways to count a great circle differ by less than this; whoever lies so near to
#: the limit is judged one by one. [km]
_NEAR_LIMIT_KM: Final = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class TableJudgement:
    """What a network says to a part, as numbers; words on demand.

    Parameters
    ----------
    sites
        0 no, 1 unknown, 2 yes for each facility, shape (facilities,).
    machines
        The same for each machine, facilities' own gates left out, shape (machines,).
    gates
        Each gate's levels by name, for facilities (``status``, ``calendar``, ``said``,
        ``licence``, ``time``, ``place``, ``access``) or machines (``process``,
        ``size``, ``state``, ``tolerance``, ``detail``, ``certificates``, ``material``).
    """

    table: NetworkTable
    judge: Judge
    sites: Levels
    machines: Levels
    gates: Mapping[str, Levels]

    def verdict(self, number: int) -> Verdict:
        """Say it of one facility in one word."""
        return _WORDS[int(self.sites[number])]

    def explain(self, number: int) -> Judgement:
        """Give one facility's machines, reasons or questions in full."""
        return self.judge.judge(self.table.facilities[number])

    def of(self, verdict: Verdict) -> tuple[FacilityId, ...]:
        """Name the facilities with a verdict, in the order of the network."""
        numbers = np.flatnonzero(self.sites == _WORDS.index(verdict))
        return tuple(self.table.facilities[n].id for n in numbers)

    def failed(self, number: int) -> tuple[str, ...]:
        """Name the gates that a facility fails; a machine's gate when all fail it."""
        sites = self.table.sites
        first = sites.first_row[number]
        its = slice(first, first + sites.rows[number])
        failed = []
        for name, levels in self.gates.items():
            own = levels[its] if name in MACHINE_GATES else levels[number : number + 1]
            if len(own) and own.max() == NO:
                failed.append(name)
        return tuple(failed)


MACHINE_GATES: Final = frozenset(
    {"process", "size", "state", "tolerance", "detail", "certificates", "material"}
)


def judge_table(
    requirement: Requirement, table: NetworkTable, now: datetime
) -> TableJudgement:
    """Say of every facility of a table yes, no or unknown.

    Parameters
    ----------
    requirement
        What the part asks.
    table
        The network.
    now
        The present, with a zone.

    Raises
    ------
    InvalidInput
        As ``match.judge_each`` does.
    """
    judge = Judge(requirement, now, table.profiles)
    asked = _spread(
        table.machines.process, lambda code: _yes(satisfies(code, requirement.process))
    )
    of_machines = {"process": asked, **_machine_gates(requirement, table)}
    of_machines["material"] = _material_gate(requirement, table)
    machines = np.minimum.reduce(list(of_machines.values()))
    of_sites = _site_gates(requirement, table, judge, now)
    best = _best_of_each(machines, table)
    # A site without machines, or that does not say what all of them do, is asked
    # about them; so is one that may do what a broad request means.
    named = _best_of_each(asked, table)
    broad = _best_of_each(
        _spread(
            table.machines.process,
            lambda code: _yes(may_mean(code, requirement.process)),
        ),
        table,
    )
    gaps = _spread(table.sites.unsaid, lambda gaps: _yes("machines" in gaps))
    open_to = (broad == YES) | (gaps == YES)
    ask = (table.sites.rows == 0) | ((named == NO) & open_to)
    material_no = _no_material(requirement, table)
    best = np.where(ask, np.where(material_no, NO, UNKNOWN), best).astype(np.int8)
    sites = np.minimum.reduce([best, *of_sites.values()])
    return TableJudgement(table, judge, sites, machines, {**of_sites, **of_machines})


def _yes(answer: object) -> int:
    return YES if answer else NO


def _levels(yes: Flags) -> Levels:
    return np.where(yes, YES, NO).astype(np.int8)


def _spread(column: Dictionary[Entry], level: Callable[[Entry], int]) -> Levels:
    """Answer for each entry of a column, then for each row."""
    answers = np.asarray([level(each) for each in column.entries], dtype=np.int8)
    return answers[column.numbers]


def _best_of_each(levels: Levels, table: NetworkTable) -> Levels:
    """Give the best of each facility's machines; NO where it has none."""
    best = np.zeros(len(table.facilities), dtype=np.int8)
    some = table.sites.rows > 0
    if some.any():
        firsts = table.sites.first_row[some]
        best[some] = np.maximum.reduceat(levels, firsts)
    return best


def _machine_gates(requirement: Requirement, table: NetworkTable) -> dict[str, Levels]:
    machines = table.machines
    need_x, need_y = (side + 2 * EDGE_MM for side in requirement.facts.extents_mm[:2])
    along_x, along_y = machines.along_x_mm, machines.along_y_mm
    fits = ((need_x <= along_x) & (need_y <= along_y)) | (
        (need_y <= along_x) & (need_x <= along_y)
    )
    fits &= requirement.facts.extents_mm[2] <= machines.along_z_mm
    fits &= requirement.facts.extents_mm[2] >= machines.layer_mm - ROUNDING_MM
    size = np.where(fits & machines.box_unsaid, UNKNOWN, _levels(fits))
    gates = {"size": size.astype(np.int8), "state": _levels(~machines.down)}
    if requirement.tolerance_mm is not None:
        holds = machines.tolerance_mm
        levels = _levels(holds <= requirement.tolerance_mm)
        gates["tolerance"] = np.where(np.isnan(holds), UNKNOWN, levels).astype(np.int8)
    gates["detail"] = _detail_gate(requirement, table)
    if requirement.certifications:
        gates["certificates"] = _spread(
            machines.certificates,
            lambda held: certificate_level(requirement.certifications, *held),
        )
    return gates


def _detail_gate(requirement: Requirement, table: NetworkTable) -> Levels:
    """Hold the width of the part's plan, and the detail asked, against the tool."""
    machines = table.machines
    tool = machines.nozzle_mm
    width_mm = min(requirement.facts.extents_mm[:2])
    levels = _levels(~(tool > 0) | ~(width_mm < tool - ROUNDING_MM))
    if width_mm < USUAL_NOZZLE_MM:
        levels[machines.nozzle_unsaid & (levels == YES)] = UNKNOWN
    if requirement.detail_mm is not None:
        asked = np.where(tool > 0, _levels(tool <= requirement.detail_mm), UNKNOWN)
        levels = np.minimum(levels, asked).astype(np.int8)
    return levels


def _material_gate(requirement: Requirement, table: NetworkTable) -> Levels:
    """Take for each machine the best material that suits, lies there and is worked."""
    machines = table.machines
    best = np.zeros(len(machines.site), dtype=np.int8)
    for name in allowed_materials(requirement):
        there = _there(name, requirement, table)
        if there is None:
            continue
        works = np.asarray([each.level(name) for each in machines.works], np.int8)
        if not works.any():
            continue
        level = np.minimum(there[machines.site], works[machines.works_number])
        np.maximum(best, level, out=best)
    return best


def _no_material(requirement: Requirement, table: NetworkTable) -> Flags:
    """Tell which sites have no allowed material that suits."""
    none = np.ones(len(table.facilities), dtype=bool)
    for name in allowed_materials(requirement):
        there = _there(name, requirement, table)
        if there is not None:
            none &= there == NO
    return none


def _there(name: str, requirement: Requirement, table: NetworkTable) -> Levels | None:
    """Tell at which sites a material suits and lies in one lot; None: at none."""
    suits = property_level(name, requirement.properties)
    need_g = requirement.mass_g * requirement.quantity
    if suits == NO:
        return None
    levels = np.where(table.sites.shelf_known, NO, UNKNOWN).astype(np.int8)
    for colour, lots in table.lots.get(identity_of(name), {}).items():
        level = colour_level(colour, requirement.colour)
        enough = lots.site[lots.stock_g >= need_g]
        levels[enough] = np.maximum(levels[enough], level)
    return np.minimum(levels, suits).astype(np.int8)


def _site_gates(
    requirement: Requirement, table: NetworkTable, judge: Judge, now: datetime
) -> dict[str, Levels]:
    sites = table.sites
    gates = {
        "status": _levels(sites.active),
        "calendar": _levels(~sites.shut),
        "said": _spread(sites.unsaid, lambda gaps: said_level(gaps, requirement)),
    }
    if not requirement.commercial_use:
        gates["licence"] = _spread(
            sites.kind, lambda kind: _yes(kind in NON_COMMERCIAL_KINDS)
        )
    if requirement.needed_by is not None:
        gates["time"] = _time_gate(requirement.needed_by, table, judge, now)
    reach = requirement.near is not None and requirement.within_km is not None
    if requirement.barred_countries or reach:
        gates["place"] = _place_gate(requirement, table, judge, now)
    if requirement.visits:
        gates["access"] = _spread(sites.access, access_level)
    return gates


def _time_gate(
    needed_by: datetime, table: NetworkTable, judge: Judge, now: datetime
) -> Levels:
    """Hold the first moment of each site against the last that helps."""
    sites = table.sites
    opens = [judge.opens_at(each) <= needed_by for each in sites.opens_like]
    in_time = np.asarray(opens, dtype=bool)[sites.opening]
    allowed_s = (needed_by - now) / timedelta(seconds=1)
    return _levels(in_time & (sites.queue_s <= allowed_s))


def _place_gate(
    requirement: Requirement, table: NetworkTable, judge: Judge, now: datetime
) -> Levels:
    """Hold where each site stands when it starts against law and reach."""
    sites, near = table.sites, requirement.near
    barred = requirement.barred_countries
    levels = _spread(sites.country, lambda country: _yes(country not in barred))
    placeless = _spread(sites.unsaid, lambda gaps: _yes("location" in gaps))
    one_by_one = {*sites.moves.tolist(), *np.flatnonzero(placeless).tolist()}
    if near is not None and requirement.within_km is not None:
        away_km = _away_km(near, table)
        levels = np.minimum(levels, _levels(away_km <= requirement.within_km))
        close = np.abs(away_km - requirement.within_km) <= _NEAR_LIMIT_KM
        one_by_one |= set(np.flatnonzero(close).tolist())
    for number in one_by_one:
        facility = table.facilities[number]
        first = starts_at(facility, judge.opens_at(facility), now)
        place = place_at(facility, first)
        if "location" in facility.unsaid:
            levels[number] = YES
            continue
        inside = place.country not in barred
        if near is not None and requirement.within_km is not None:
            inside &= great_circle_km(near, place) <= requirement.within_km
        levels[number] = _yes(inside)
    return levels


def _away_km(near: Place, table: NetworkTable) -> Floats:
    """Give the great circle from a place to each site's base. [km]"""
    lat, lon = np.radians(near.lat_deg), np.radians(near.lon_deg)
    haversine = (
        np.sin((table.sites.lat_rad - lat) / 2) ** 2
        + np.cos(lat)
        * np.cos(table.sites.lat_rad)
        * np.sin((table.sites.lon_rad - lon) / 2) ** 2
    )
    away_km: Floats = (
        2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, haversine)))
    )
    return away_km
