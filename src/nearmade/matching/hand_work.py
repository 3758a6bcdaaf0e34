"""Hold hand work against a facility: assembly, finishing, soldering and so on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nearmade.facilities.facility import Facility
from nearmade.matching.site_gates import Finding
from nearmade.matching.verdict import Question, Reason, Verdict
from nearmade.matching.whole_need import ASSEMBLY, HandWork
from nearmade.vocabulary.processes import process_title, satisfies


@dataclass(frozen=True, slots=True)
class HandJudgement:
    """What one facility says to one sort of hand work.

    Parameters
    ----------
    reasons
        Why not; with verdict ``no`` only.
    questions
        What to ask; with verdict ``unknown`` only.
    """

    reasons: tuple[Reason, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Say it in one word."""
        if self.reasons:
            return "no"
        return "unknown" if self.questions else "yes"

    @classmethod
    def of(cls, findings: Iterator[Finding]) -> HandJudgement:
        """Sum up findings; where one says no, nothing needs asking."""
        found = tuple(dict.fromkeys(findings))
        reasons = tuple(each for each in found if isinstance(each, Reason))
        if reasons:
            return cls(reasons)
        return cls((), tuple(each for each in found if isinstance(each, Question)))


def hand_findings(work: HandWork, facility: Facility) -> Iterator[Finding]:
    """Say why a facility does not do this work, or what it does not tell.

    A facility that lists services is taken at its word; one that lists none has only
    said whether it assembles.
    """
    service = work.service
    if any(satisfies(offered, service) for offered in facility.services):
        return
    title = process_title(service)
    minutes = f"{work.minutes:.0f} min of " if work.minutes else ""
    needs = f"needs {minutes}{title}"
    if service == ASSEMBLY:
        if not facility.assembles:
            yield Reason(
                "no-assembly",
                f"{needs}; nobody there brings parts together",
                "let it make parts for another site",
            )
    elif facility.services:
        yield Reason(
            "service-missing",
            f"{needs}; the site offers {', '.join(facility.services)}",
            "let it make parts for another site",
        )
    else:
        yield Question(
            "service-unknown",
            f"{needs}; the site does not say which hand work it does",
            f"does {facility.name} do {title}?",
        )


def hands_refused(works: Iterable[HandWork], facility: Facility) -> tuple[Reason, ...]:
    """Say why a facility cannot be promised as the place where hands do this work.

    What it does not say is a reason too: nobody may be promised on a silence.
    """
    reasons: dict[Reason, None] = {}
    for work in works:
        for found in hand_findings(work, facility):
            if isinstance(found, Question):
                reasons[Reason(found.rule, found.message, f"ask: {found.ask}")] = None
            else:
                reasons[found] = None
    return tuple(reasons)
