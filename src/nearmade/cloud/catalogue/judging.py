"""What the printability rules say of a part on a machine that runs some profile."""

from __future__ import annotations

from dataclasses import replace

from nearmade.geometry.facts import Finding, PartFacts
from nearmade.geometry.findings import ORDER
from nearmade.geometry.marks import DOWNWARD_CODES
from nearmade.quoting.limits import limits_of
from nearmade.quoting.profile import Profile
from nearmade.screening.machine_verdict import judge

#: The profile that marks are drawn by when a part is kept: common, and in the middle.
USUAL_PROFILE = "mk3s-pla-0.20"


def findings_on(
    facts: PartFacts, profile: Profile, *, supports: bool = False
) -> tuple[Finding, ...]:
    """Give what is found about a part on a machine, worst first.

    Where supports are printed, what hangs in the air is no danger; it stays a note.
    """
    found = judge(facts, limits_of(profile)).findings
    if supports:
        found = tuple(_carried(one) for one in found)
    return tuple(sorted(found, key=lambda one: ORDER[one.severity]))


def _carried(finding: Finding) -> Finding:
    if finding.code not in DOWNWARD_CODES or finding.severity == "error":
        return finding
    return replace(finding, severity="note", remedy="Supports will carry it.")
