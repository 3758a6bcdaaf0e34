"""Can this part be made on this machine: yes, with care, or no, and where and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from nearmade.geometry.facts import Finding, PartFacts, Severity
from nearmade.screening.machine_limits import MachineLimits
from nearmade.screening.process_rules import RULES, RULES_VERSION, ProcessRules
from nearmade.screening.shape_findings import (
    base_findings,
    feature_findings,
    layer_findings,
    sheet_findings,
    wall_findings,
)
from nearmade.screening.size_findings import THINNER, size_findings, thinness_findings
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.processes import ancestry

Makeable = Literal["yes", "with-care", "no"]

_ORDER: Final[dict[Severity, int]] = {"error": 0, "warning": 1, "note": 2}
#: Findings on the mesh that are said more exactly of a machine.
_SAID_BETTER: Final = frozenset(
    {"huge", "thin", THINNER, "floating-bodies", "several-bodies"}
)


@dataclass(frozen=True, slots=True)
class MachineVerdict:
    """Whether one machine can make one part.

    Parameters
    ----------
    machine
        Its name.
    makeable
        ``no`` with an error among the findings, ``with-care`` with a warning.
    findings
        Worst first, each with what to do and where.
    rules_version
        Of the table of limits.
    """

    machine: str
    makeable: Makeable
    findings: tuple[Finding, ...]
    rules_version: str = RULES_VERSION


def judge(facts: PartFacts, limits: MachineLimits) -> MachineVerdict:
    """Judge a part on a machine by the rules of its process.

    Parameters
    ----------
    facts
        Of the part as it lies. Without a survey only size and mesh are judged, and a
        note says so.
    limits
        Of the machine.

    Raises
    ------
    NotFound
        When there are no rules for the process, nor for what it is a kind of.
    """
    known = (RULES.get(code) for code in ancestry(limits.process))
    rules = next(filter(None, known), None)
    if rules is None:
        raise NotFound(
            f"process {limits.process!r}: no rules; known are {', '.join(RULES)}"
        )
    found = sorted(
        _findings(facts, limits, rules), key=lambda one: _ORDER[one.severity]
    )
    worst = found[0].severity if found else "note"
    makeable: Makeable = "yes"
    if worst != "note":
        makeable = "no" if worst == "error" else "with-care"
    return MachineVerdict(limits.name, makeable, tuple(found))


def _findings(
    facts: PartFacts, limits: MachineLimits, rules: ProcessRules
) -> Iterator[Finding]:
    yield from (one for one in facts.findings if one.code not in _SAID_BETTER)
    yield from thinness_findings(facts, limits.layer_mm)
    yield from size_findings(facts, limits, rules)
    survey = facts.survey
    if survey is None:
        yield Finding(
            "not-surveyed",
            "note",
            "Walls, bridges and overhangs of this part were not measured.",
            remedy="Publish the part again.",
        )
        return
    yield from wall_findings(facts, survey, limits, rules)
    yield from feature_findings(facts, survey, limits, rules)
    if rules.layers:
        yield from layer_findings(facts, survey, rules)
        yield from base_findings(facts, survey)
    if rules.flat_only:
        yield from sheet_findings(facts, survey)
