"""Screen a part or an assembly: every rule speaks, the strictest wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from nearmade.geometry.facts import PartFacts
from nearmade.screening.blocklist import Blocklist
from nearmade.screening.hazard_rules import hazard_reasons
from nearmade.screening.licence_rules import licence_reasons
from nearmade.screening.printability import printability_reasons
from nearmade.screening.verdict import Decision, ScreeningReason, Verdict

#: Of the rules as a whole; each reason also carries its own table's version.
RULE_VERSION: Final = "screening-2026-1"

_STRICTNESS: Final[dict[Decision, int]] = {"allow": 0, "review": 1, "refuse": 2}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be made, after customisation.

    Parameters
    ----------
    kind
        A ``part``, or the ``assembly`` of several.
    sha256
        Of the mesh as it will be made; empty when there is none.
    canonical_sha256
        Of the same mesh in canonical form, which order, rotation of faces and file
        format do not change; empty when there is none.
    facts
        Of the mesh; None for an assembly that has no mesh of its own.
    licence
        SPDX expression; empty when not declared.
    adapts
        Expressions of what it is derived from.
    collects
        Expressions of what it holds unmodified.
    paid_production
        True when somebody is paid to make it.
    customised
        True when its parameters differ from the published ones.
    name
        For people; opens each message where it is given.
    materials
        Feedstocks that it may be made of, as the design names them.
    """

    kind: Literal["part", "assembly"]
    sha256: str
    canonical_sha256: str
    facts: PartFacts | None
    licence: str
    adapts: tuple[str, ...] = ()
    collects: tuple[str, ...] = ()
    paid_production: bool = True
    customised: bool = False
    name: str = ""
    materials: tuple[str, ...] = ()


def screen(
    subject: Subject, *, blocklist: Blocklist, rule_version: str = RULE_VERSION
) -> Verdict:
    """Give the verdict on one subject with every reason.

    Parameters
    ----------
    subject
        What is to be made.
    blocklist
        Hashes that ask a person or say no.
    rule_version
        Stored with an ``allow``, and with the block-list's version where it spoke.
    """
    reasons = _blocklist_reasons(subject, blocklist, rule_version)
    reasons += licence_reasons(
        subject.licence,
        adapts=subject.adapts,
        collects=subject.collects,
        paid_production=subject.paid_production,
        customised=subject.customised,
    )
    if subject.facts is not None:
        reasons += printability_reasons(subject.facts)
    elif subject.kind == "part":
        reasons.append(
            ScreeningReason(
                "no-facts", "review", "the mesh was not measured", rule_version
            )
        )
    hazards = hazard_reasons(subject.materials)
    reasons += [one for one in hazards if one.decision != "allow"]
    if not reasons:
        reasons.append(
            ScreeningReason("all-rules", "allow", "no rule objects", rule_version)
        )
    reasons += [one for one in hazards if one.decision == "allow"]
    return strictest(_named(subject.name, reasons))


def screen_all(
    subjects: Iterable[Subject],
    *,
    blocklist: Blocklist,
    rule_version: str = RULE_VERSION,
) -> Verdict:
    """Give one verdict on parts and assembly; with nothing to screen a review."""
    reasons: list[ScreeningReason] = []
    for subject in subjects:
        verdict = screen(subject, blocklist=blocklist, rule_version=rule_version)
        reasons += verdict.reasons
    return strictest(reasons, rule_version=rule_version)


def strictest(
    reasons: Iterable[ScreeningReason], *, rule_version: str = RULE_VERSION
) -> Verdict:
    """Let the strictest reason decide; the others are kept, strictest first."""
    ordered = sorted(reasons, key=lambda one: -_STRICTNESS[one.decision])
    if not ordered:
        ordered = [
            ScreeningReason(
                "nothing-screened",
                "review",
                "there was nothing to screen",
                rule_version,
            )
        ]
    return Verdict(ordered[0].decision, tuple(ordered))


def _blocklist_reasons(
    subject: Subject, blocklist: Blocklist, rule_version: str
) -> list[ScreeningReason]:
    """Look both hashes up; the message tells no more than that a person decides."""
    version = f"{rule_version}/{blocklist.version}"
    messages: dict[Decision, str] = {
        "review": "a person looks at this part before it is made",
        "refuse": "this part is not made here",
    }
    return [
        ScreeningReason(
            f"blocklist-{entry.reason_code}",
            entry.decision,
            messages[entry.decision],
            version,
        )
        for entry in blocklist.find(subject.sha256, subject.canonical_sha256)
    ]


def _named(name: str, reasons: list[ScreeningReason]) -> list[ScreeningReason]:
    if not name:
        return reasons
    return [
        ScreeningReason(
            one.rule, one.decision, f"{name}: {one.message}", one.rule_version
        )
        for one in reasons
    ]
