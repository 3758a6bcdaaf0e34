"""Impact categories that only a part of an inventory has figures for.

Water and fine dust are known where electricity is made, and nowhere else: such a score
says nothing without the share of the inventory that it covers, and two ways that are
covered differently are never compared by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nearmade.impact.study import StudyResult
from nearmade.vocabulary.estimate import Estimate

#: Ids of methods, in the order in which they are told.
PARTIAL: Final = ("water", "pm25")

NOTE: Final = (
    "Water and fine dust are those of power stations, without what reservoirs "
    "evaporate; plastics, carriage and waste have no sourced figure. Beside each "
    "stands the share of the climate score that its processes make up; what is covered "
    "differently cannot be compared."
)


@dataclass(frozen=True, slots=True)
class PartialScore:
    """One way's score in one such category.

    Parameters
    ----------
    method, name, unit
        Of the category.
    score
        With its 10th and 90th percentile; None where nothing is covered.
        [the method's unit]
    covered_fraction
        Share of the way's climate score that processes with figures make up, 0..1.
    """

    method: str
    name: str
    unit: str
    score: Estimate | None
    covered_fraction: float


def partial_scores(result: StudyResult, alternative: str) -> tuple[PartialScore, ...]:
    """Give every such score of an alternative that was solved for.

    Raises
    ------
    NotFound
        When the study has no such alternative.
    """
    return tuple(
        _score(result, alternative, method)
        for method in PARTIAL
        if method in result.score[alternative]
    )


def _score(result: StudyResult, alternative: str, method: str) -> PartialScore:
    known = result.database.methods[method]
    covered = result.covered_fraction(alternative, method, "gwp100")
    figure = result.interval(alternative, method) if covered > 0 else None
    return PartialScore(method, known.name, known.unit, figure, covered)


def partial_words(one: PartialScore) -> str:
    """Write a score with what it covers, such as ``0.12 L (covers 14 %)``."""
    if one.score is None:
        return "not known"
    figure = one.score
    return (
        f"{figure.value:.2g} {one.unit} ({figure.low:.2g} to {figure.high:.2g}), "
        f"covers {one.covered_fraction:.0%}"
    )
