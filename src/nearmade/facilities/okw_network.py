"""The facilities of documents of any shape, for matching; faulty ones left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from nearmade.facilities.facility import Facility
from nearmade.facilities.okw import (
    OkwDocument,
    OkwRecord,
    each_entry,
    records_of_entry,
)
from nearmade.facilities.okw_conversion import ASKED
from nearmade.facilities.okw_known import facility_known, facility_said
from nearmade.facilities.okw_shapes import shape_of
from nearmade.facilities.okw_values import Notes
from nearmade.vocabulary.diagnosis import Diagnosis, shown
from nearmade.vocabulary.identity import FacilityId, MachineId


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is no facility that anything could be promised of.

    Parameters
    ----------
    name
        What it is called; where it stands if it has no name.
    path
        Where it stands in its document.
    reasons
        Path, value and rule of each fault.
    """

    name: str
    path: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Facilities, and records that are left out.

    Parameters
    ----------
    facilities
        Those that are sound, in order; what a record does not say is in ``unsaid``.
    left_out
        The others, with reasons.
    """

    facilities: tuple[Facility, ...]
    left_out: tuple[LeftOut, ...]


def network_of(trees: Iterable[tuple[str, Any]]) -> Network:
    """Read every facility of some documents.

    Parameters
    ----------
    trees
        What goes before the paths of a document, such as its name, and its tree.
    """
    kept: dict[str, Facility] = {}
    left_out: list[LeftOut] = []
    for number, (where, found) in enumerate(_entries(trees), start=1):
        if isinstance(found, LeftOut):
            left_out.append(found)
            continue
        problems: list[str] = []
        if isinstance(found, Facility):
            facility, stated = found, True
        else:
            facility, stated = facility_known(found, problems, number)
        if not problems and stated and facility.id in kept:
            problems.append(f"nearmade.id {facility.id!r}: is there twice")
        if problems:
            name = facility.name or str(facility.id)
            if isinstance(found, OkwRecord):
                name = _called(found, where)
            left_out.append(LeftOut(name, where, tuple(problems)))
            continue
        if facility.id in kept:
            facility = _renamed(facility, kept)
        kept[facility.id] = facility
    return Network(tuple(kept.values()), tuple(left_out))


def _entries(
    trees: Iterable[tuple[str, Any]],
) -> Iterator[tuple[str, Facility | OkwRecord | LeftOut]]:
    """Give each record: read where it says all, viewed where it does not."""
    for before, tree in trees:
        for path, entry in each_entry(tree):
            said = facility_said(entry) if shape_of(entry) == "nearmade" else None
            if said is not None:
                yield f"{before}{path or 'the record'}", said
                continue
            notes = Notes()
            found = list(records_of_entry(entry, path, notes))
            where = f"{before}{path or 'the record'}"
            yield from ((where, record) for record in found)
            faults = [one for one in notes.kept if one.rule == "shape"]
            if not found and faults:
                why = f"{shown(entry)}: {faults[0].suggestion}"
                yield where, LeftOut(where, where, (why,))


def _called(record: OkwRecord, where: str) -> str:
    own = record.model.get("nearmade")
    own_id = own.get("id") if isinstance(own, dict) else None
    return record.facility.name or (own_id if isinstance(own_id, str) else where)


def _renamed(facility: Facility, taken: dict[str, Facility]) -> Facility:
    """Give a facility whose identity was made of its name one of its own."""
    again = 2
    while f"{facility.id}-{again}" in taken:
        again += 1
    new = f"{facility.id}-{again}"
    machines = tuple(
        replace(one, id=MachineId(new + one.id.removeprefix(facility.id)))
        for one in facility.machines
    )
    return replace(facility, id=FacilityId(new), machines=machines)


def matching_findings(okw: OkwDocument) -> tuple[Diagnosis, ...]:
    """Tell what matching makes of the records of a document, as far as not told yet.

    Parameters
    ----------
    okw
        As it was read.

    Returns
    -------
    Faults (``extension``) for what keeps a record out of matching, whatever its shape;
    notes (``unsaid``) for what matching will ask of those with an identity of ours.
    """
    told = {one.path for one in okw.faults}
    found: list[Diagnosis] = []
    for number, record in enumerate(okw.records, start=1):
        problems: list[str] = []
        facility, _ = facility_known(record, problems, number)
        for problem in problems:
            place, _, rest = problem.partition(" ")
            value, _, rule = rest.rpartition(": ")
            path = f"{record.path}.{place}".strip(".")
            if path not in told:
                found.append(Diagnosis(path, "extension", shown(value), rule))
        if not problems and record.shape == "nearmade":
            found += _gaps(facility, record.path)
    return tuple(found)


def _gaps(facility: Facility, path: str) -> Iterator[Diagnosis]:
    for name in facility.unsaid:
        place = f"nearmade.{name}" if name in ASKED else name
        asked = ASKED.get(name, "matching asks for it")
        yield Diagnosis(f"{path}.{place}".strip("."), "unsaid", "", asked)
    for machine in facility.machines:
        for name in machine.unsaid:
            place = f"{path}.equipment".strip(".")
            asked = f"{name}: matching asks for it"
            yield Diagnosis(place, "unsaid", machine.id, asked)
