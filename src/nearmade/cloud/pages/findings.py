"""Findings as the page shows them: beside the part, drawn on it, and as a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from nearmade.cloud.catalogue.judging import findings_on
from nearmade.cloud.pages.work import Choice, Planned, Work, machine_title, plan
from nearmade.geometry.facts import Finding
from nearmade.geometry.findings import ORDER

#: Whether a machine can make it: yes, with something to heed, or no.
Can = Literal["yes", "heed", "no"]
#: Findings listed at once; the others are folded.
SHOWN = 6
#: What only who publishes can change.
NOT_FOR_VISITORS = frozenset({"not-surveyed"})


@dataclass(frozen=True, slots=True)
class FoundThing:
    """One finding about one part.

    Parameters
    ----------
    key
        Unique on the page.
    part, part_name
        Title and name of the part.
    code, severity, message, remedy
        As found.
    spots
        For the viewer: ``x,y,z,r`` of each, apart by blanks. [mm]
    where
        The worst place in words, for those who do not see the drawing.
    """

    key: str
    part: str
    part_name: str
    code: str
    severity: str
    message: str
    remedy: str
    spots: str
    where: str


@dataclass(frozen=True, slots=True)
class MarkedStill:
    """A picture of a part with its findings painted."""

    address: str
    part: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What ``pages/parts/findings.html`` shows.

    Parameters
    ----------
    can
        The verdict for the chosen machine.
    verdict
        The same in a sentence.
    things, more
        Worst first; those beyond the first few are folded.
    surveyed
        Whether walls, bridges and overhangs were looked at.
    stills
        Pictures for those without the viewer.
    severities
        Which colours the drawing carries.
    several
        True when there is more than one part, so that each finding names its own.
    """

    can: Can
    verdict: str
    things: tuple[FoundThing, ...]
    more: tuple[FoundThing, ...]
    surveyed: bool
    stills: tuple[MarkedStill, ...]
    severities: frozenset[str]
    several: bool


def findings_of(work: Work, choice: Choice) -> Findings:
    """Judge every piece for the chosen machine and lay out what was found."""
    planned = plan(work, choice)
    told: list[tuple[int, Finding]] = []
    for number, piece in enumerate(work.pieces):
        profile = planned.lines[number][1] if planned.lines else None
        found: Iterable[Finding] = piece.facts.findings
        if profile is not None:
            held_up = piece.supports or planned.supports
            found = findings_on(piece.facts, profile, supports=held_up)
        told += [(number, one) for one in found if one.code not in NOT_FOR_VISITORS]
    told.sort(key=lambda entry: (ORDER[entry[1].severity], entry[0]))
    things = tuple(
        _found(work, number, finding, place)
        for place, (number, finding) in enumerate(told)
    )
    can = _can(planned, [finding for _number, finding in told])
    return Findings(
        can=can,
        verdict=_verdict(can, planned),
        things=things[:SHOWN],
        more=things[SHOWN:],
        surveyed=all(piece.facts.survey is not None for piece in work.pieces),
        stills=tuple(
            MarkedStill(piece.marked, piece.title)
            for piece in work.pieces
            if piece.marked
        ),
        severities=frozenset(thing.severity for thing in things),
        several=len(work.pieces) > 1,
    )


def _found(work: Work, number: int, finding: Finding, place: int) -> FoundThing:
    piece = work.pieces[number]
    return FoundThing(
        key=f"finding-{place}",
        part=piece.title,
        part_name=piece.name,
        code=finding.code,
        severity=finding.severity,
        message=finding.message,
        remedy=finding.remedy,
        spots=" ".join(
            ",".join(f"{value:.5g}" for value in (*spot.centre_mm, spot.radius_mm))
            for spot in finding.spots
        ),
        where=_where(finding),
    )


def _where(finding: Finding) -> str:
    if not finding.spots:
        return ""
    x, y, z = (f"{value:.4g}" for value in finding.spots[0].centre_mm)
    place = _("at x %(x)s, y %(y)s, z %(z)s mm") % {"x": x, "y": y, "z": z}
    others = len(finding.spots) - 1
    if others:
        place += " " + _("and at %(n)d more places") % {"n": others}
    return place


def _can(planned: Planned, findings: Sequence[Finding]) -> Can:
    severities = {finding.severity for finding in findings}
    if not planned.lines or "error" in severities:
        return "no"
    return "heed" if "warning" in severities else "yes"


def _verdict(can: Can, planned: Planned) -> str:
    if not planned.lines:
        return planned.problem
    machine = machine_title(planned.lines[0][1])
    words = {
        "yes": _("Prints well on a %(machine)s."),
        "heed": _("Prints on a %(machine)s; heed what is marked."),
        "no": _("Cannot be printed on a %(machine)s as it is."),
    }
    return words[can] % {"machine": machine}
