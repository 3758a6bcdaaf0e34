"""A check that fails is no clearance: a person looks instead."""

from __future__ import annotations

from collections.abc import Callable

from nearmade.screening.screen import RULE_VERSION
from nearmade.screening.verdict import ScreeningReason, Verdict
from nearmade.vocabulary.errors import NearmadeError


def screen_or_review(check: Callable[[], Verdict]) -> Verdict:
    """Run a check; when it cannot decide, the answer is review, never allow.

    Parameters
    ----------
    check
        Gives the verdict, or raises one of our errors. Anything else that it raises
        is a fault of the program and passes through.

    References
    ----------
    .. [1] OWASP ASVS 5.0, 16.5.3 (fail closed).
    """
    try:
        return check()
    except NearmadeError as error:
        return review_because(f"({error.code}) {error.message}")


def review_because(fault: str) -> Verdict:
    """Give the answer of a check that failed, with what went wrong."""
    message = f"the check itself failed: {fault}"
    reason = ScreeningReason("check-failed", "review", message, RULE_VERSION)
    return Verdict("review", (reason,))
