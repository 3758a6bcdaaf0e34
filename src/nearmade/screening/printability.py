"""Can it be made at all: the least a mesh must be."""

from __future__ import annotations

from typing import Final

from nearmade.geometry.facts import Finding, PartFacts
from nearmade.screening.size_findings import THINNER, thinness_findings
from nearmade.screening.verdict import Decision, ScreeningReason
from nearmade.vocabulary.errors import InvalidInput

#: A new one whenever a rule changes.
RULE_VERSION: Final = "printability-2026-1"
#: Errors of the size, which no repair of the surface mends.
_OF_SIZE: Final = frozenset({"tiny", THINNER})

#: What asks a common layer: no obstacle where each machine is asked its own.
OF_LAYERS: Final = frozenset({THINNER})


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
    facts: PartFacts,
    name: str,
    *,
    but: frozenset[str] = frozenset(),
    layer_mm: float | None = None,
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
    layer_mm
        Thickness of a layer that thinness is judged by; a common one when None. [mm]

    Raises
    ------
    InvalidInput
        When a finding says that it cannot; the remedy is one that helps against it.
    """
    findings: tuple[Finding, ...] = facts.findings
    if layer_mm is not None:
        findings = (
            *(each for each in findings if each.code != THINNER),
            *thinness_findings(facts, layer_mm),
        )
    errors = [
        each for each in findings if each.severity == "error" and each.code not in but
    ]
    if errors:
        told = "; ".join(each.message.rstrip(".") for each in errors)
        raise InvalidInput(
            f"{name} cannot be made: {told}",
            code="part-not-makeable",
            remedy=_remedy({each.code for each in errors}),
        )
    return facts


def _remedy(codes: set[str]) -> str:
    """Say what helps: repair mends neither a size nor a sheet without thickness."""
    if "no-volume" in codes:
        return "draw a solid with walls of their own thickness"
    remedies = []
    if codes & _OF_SIZE:
        remedies.append("scale the file to its true unit, or thicken the part")
    if codes - _OF_SIZE:
        remedies.append("nearmade repair mends what can be mended")
    return "; ".join(remedies)


def _reason(rule: str, decision: Decision, message: str) -> ScreeningReason:
    return ScreeningReason(rule, decision, message, RULE_VERSION)
