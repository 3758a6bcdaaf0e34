"""One thing in a document that breaks a rule: where, which, what stands there."""

from __future__ import annotations

from dataclasses import dataclass

#: Longest value that is shown, in characters.
MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing in a document that breaks a rule.

    Parameters
    ----------
    path
        Where, such as ``part[0].outer-dimensions.widht``, or ``line 3, column 5`` in
        a file that cannot be read at all.
    rule
        Which rule, one word in kebab-case.
    value
        What stands there, as text; empty when nothing does.
    suggestion
        What was perhaps meant, or what to do; may be empty.
    """

    path: str
    rule: str
    value: str
    suggestion: str


def shown(value: object) -> str:
    """Show a value in one line, cut to a readable length."""
    text = " ".join(str(value).split()) if isinstance(value, str) else str(value)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."
