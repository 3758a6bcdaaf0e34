"""What is wrong with a part that is quoted all the same: told beside its price."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import click

from nearmade.cli.main import written
from nearmade.geometry.facts import Finding, PartFacts
from nearmade.quoting.limits import limits_of
from nearmade.quoting.profile import Profile
from nearmade.screening.machine_verdict import judge

#: What supports take care of.
_HELD_BY_SUPPORTS: Final = frozenset({"islands", "loose-bodies", "long-bridges"})
_OVERHANGS: Final = "overhangs"
#: Refused in words of its own, with the room that quotes keep free.
_TOO_LARGE: Final = "too-large"


def findings_on(facts: PartFacts, profile: Profile, *, supports: bool) -> list[Finding]:
    """Give the errors and warnings of a part on a machine, worst first.

    Parameters
    ----------
    facts
        Of the part as it lies.
    profile
        Machine, material and quality.
    supports
        Whether it is made with supports; what they take care of is left out.
    """
    held = {_TOO_LARGE} | (_HELD_BY_SUPPORTS | {_OVERHANGS} if supports else set())
    verdict = judge(facts, limits_of(profile))
    return [each for each in told_of(verdict.findings) if each.code not in held]


def told_of(findings: Iterable[Finding]) -> list[Finding]:
    """Keep errors and warnings; notes are for ``inspect``."""
    return [each for each in findings if each.severity != "note"]


def tell_findings(findings: Iterable[Finding]) -> None:
    """Write one line on stderr for each finding."""
    for each in findings:
        line = " ".join(filter(None, (each.message, each.remedy)))
        click.echo(written(f"{each.severity}: {line}"), err=True)


def finding_records(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Give findings as plain values for JSON."""
    return [
        {
            "code": each.code,
            "severity": each.severity,
            "message": each.message,
            "remedy": each.remedy,
        }
        for each in findings
    ]
