"""Can it be made at all: the least a mesh must be."""

from __future__ import annotations

from typing import Final

from nearmade.geometry.facts import PartFacts
from nearmade.screening.verdict import Decision, ScreeningReason
from nearmade.vocabulary.errors import InvalidInput

#: A new one whenever a rule changes.
RULE_VERSION: Final = "printability-2026-1"


def printability_reasons(facts: PartFacts) -> list[ScreeningReason]:
    """Apply the printability rules to the facts of one mesh.

    No volume cannot be made. An open mesh may be, when a person or a repair closes it.
    An error among the findings asks a person.
    """
    reasons = []
    if not (facts.triangles > 0 and facts.volume_mm3 > 0):
        reasons.append(
            _reason(
                "no-volume",
                "refuse",
                f"the mesh of {facts.triangles} triangles encloses "
                f"{facts.volume_mm3:g} mm3; there is nothing to print",
            )
        )
    elif not facts.watertight:
        reasons.append(
            _reason(
                "not-watertight",
                "review",
                "the mesh has open edges, so what is inside is a guess; repair it",
            )
        )
    reasons += [
        _reason(f"finding-{finding.code}", "review", finding.message)
        for finding in facts.findings
        if finding.severity == "error"
    ]
    return reasons


def check_makeable(
    facts: PartFacts, name: str, *, but: frozenset[str] = frozenset()
) -> PartFacts:
    """Pass on the facts of a mesh that can be made; ask nobody.

    Parameters
    ----------
    facts
        Of the mesh.
    name
        Of the part, for the message.
    but
        Codes of findings that are no obstacle to the process asked.

    Raises
    ------
    InvalidInput
        When a finding says that it cannot.
    """
    errors = [
        finding.message.rstrip(".")
        for finding in facts.findings
        if finding.severity == "error" and finding.code not in but
    ]
    if errors:
        raise InvalidInput(
            f"{name} cannot be made: {'; '.join(errors)}",
            code="part-not-makeable",
            remedy="nearmade repair mends what can be mended",
        )
    return facts


def _reason(rule: str, decision: Decision, message: str) -> ScreeningReason:
    return ScreeningReason(rule, decision, message, RULE_VERSION)
