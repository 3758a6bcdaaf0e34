"""May it be made: allow, review or refuse, always with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Decision = Literal["allow", "review", "refuse"]


@dataclass(frozen=True, slots=True)
class ScreeningReason:
    """One rule that spoke.

    Parameters
    ----------
    rule
        Code in kebab-case, such as ``licence-non-commercial``.
    decision
        What this rule alone would say.
    message
        One sentence for people.
    rule_version
        Version of the table that decided.
    """

    rule: str
    decision: Decision
    message: str
    rule_version: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The strictest of all rules, with every reason kept."""

    decision: Decision
    reasons: tuple[ScreeningReason, ...]
