"""How well a figure is known, and the interval that follows from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

Level = Literal["measured", "fitted", "formula", "assumed"]

#: Levels, the strongest first, and how people read them.
LEVELS: Final[dict[Level, str]] = {
    "measured": "measured by us",
    "fitted": "fitted on published data",
    "formula": "published formula",
    "assumed": "assumed",
}
_RANK: Final = {level: rank for rank, level in enumerate(LEVELS)}

#: A normal variable lies within this many deviations four times in five.
DEVIATIONS_OF_80_PERCENT: Final = 1.2815515655446004

#: Beyond this spread a larger part could have a smaller lower end: the ends of a sum of
#: terms grow with each term only while 1.28 times the logarithm stays below one.
MOST_SPREAD: Final = 2.0

#: A term below this share of the figure does not speak for its evidence.
SMALL_FRACTION: Final = 0.1


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a figure comes from and how far that can be trusted.

    Parameters
    ----------
    level
        ``measured`` by us, ``fitted`` on published data, a published ``formula``, or
        ``assumed``.
    source
        Publication, page or reason.

    Raises
    ------
    InvalidInput
        When the source is empty.
    """

    level: Level
    source: str

    def __post_init__(self) -> None:
        if not self.source:
            raise InvalidInput(f"evidence {self.level}: a source is needed")

    def as_dict(self) -> dict[str, str]:
        """Give the level, how people read it, and the source, for JSON."""
        return {
            "level": self.level,
            "reads": LEVELS[self.level],
            "source": self.source,
        }


def weakest(evidence: Sequence[Evidence]) -> Evidence:
    """Join evidence: the level is that of the weakest; sources stand side by side."""
    level = max((each.level for each in evidence), key=_RANK.__getitem__)
    return Evidence(level, "; ".join(dict.fromkeys(each.source for each in evidence)))


@dataclass(frozen=True, slots=True)
class Known:
    """A constant of a model, with how well it is known.

    Parameters
    ----------
    value
        The median.
    spread
        Geometric standard deviation, 1 or more: how far another machine, material or
        day may lie.
    evidence
        Where it comes from.

    Raises
    ------
    InvalidInput
        When the value is below zero, or the spread outside 1..2.
    """

    value: float
    spread: float
    evidence: Evidence

    def __post_init__(self) -> None:
        if not 0 <= self.value < math.inf:
            raise InvalidInput(f"constant {self.value}: must be zero or more")
        if not 1 <= self.spread <= MOST_SPREAD:
            raise InvalidInput(f"spread {self.spread}: must be in 1..{MOST_SPREAD:g}")

    @staticmethod
    def of(value: float, spread: float, level: Level, source: str) -> Known:
        """Give a constant with evidence of its own."""
        return Known(value, spread, Evidence(level, source))

    def term(self, title: str, times: float, *others: Known) -> Term:
        """Give so many times the constant; others are in the number of times."""
        return Term(title, times * self.value, (*others, self))


@dataclass(frozen=True, slots=True)
class Term:
    """One of the summands that make up a figure.

    Parameters
    ----------
    title
        For people, such as ``exposure``.
    amount
        In the unit of the figure, zero or more.
    factors
        The constants in it. One constant is off by the same factor wherever it
        stands; the errors of different ones are independent.
    """

    title: str
    amount: float
    factors: tuple[Known, ...]

    def times(self, factor: float, *known: Known, title: str = "") -> Term:
        """Scale the term, by constants too, and title it anew where that is given."""
        product = math.prod((factor, *(each.value for each in known)))
        factors = (*self.factors, *known)
        return Term(title or self.title, self.amount * product, factors)

    def log_spreads(self) -> dict[int, float]:
        """Logarithm of each constant's spread, by its identity; that of two in all."""
        logs = {id(each): math.log(each.spread) for each in self.factors}
        length = math.hypot(*logs.values())
        most = math.log(MOST_SPREAD)
        return {
            key: log * min(1.0, most / length) if length else 0.0
            for key, log in logs.items()
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval, its evidence and what it is made of.

    Parameters
    ----------
    estimate
        Median and 80 % interval.
    evidence
        The weakest of what makes up more than a tenth of it.
    terms
        Summands, in the unit of the figure.
    """

    estimate: Estimate
    evidence: Evidence
    terms: tuple[Term, ...]

    def times(self, factor: float, *known: Known) -> Figure:
        """Scale the figure, by constants too; each term takes their spread."""
        return figure_of([each.times(factor, *known) for each in self.terms])

    def as_dict(self) -> dict[str, object]:
        """Give value, interval, evidence and summands, for JSON."""
        return {
            **self.estimate.as_dict(),
            "evidence": self.evidence.as_dict(),
            "made_of": self.made_of(),
        }

    def made_of(self) -> dict[str, float]:
        """Sum the terms of each title, in the unit of the figure."""
        sums: dict[str, float] = {}
        for each in self.terms:
            sums[each.title] = sums.get(each.title, 0.0) + each.amount
        return sums


def figure_of(terms: Sequence[Term]) -> Figure:
    """Sum terms; the errors of their constants add in squares.

    First order in the logarithms (delta method). A spread of at most two in each term
    keeps both ends of the interval growing with every term.

    Raises
    ------
    InvalidInput
        When a term is below zero or not finite, or none is above zero.
    """
    total = math.fsum(each.amount for each in terms)
    if not all(0 <= each.amount < math.inf for each in terms):
        raise InvalidInput("figure: a term is below zero or not finite")
    if not 0 < total < math.inf:
        raise InvalidInput("figure: nothing to sum")
    pulls: dict[int, float] = {}
    for each in terms:
        for key, log in each.log_spreads().items():
            pulls[key] = pulls.get(key, 0.0) + each.amount / total * log
    ratio = math.exp(DEVIATIONS_OF_80_PERCENT * math.hypot(*pulls.values()))
    telling = [
        factor.evidence
        for each in terms
        if each.amount > SMALL_FRACTION * total
        for factor in each.factors
    ]
    kept = tuple(each for each in terms if each.amount > 0)
    return Figure(Estimate.within(total, 1 / ratio, ratio), weakest(telling), kept)
