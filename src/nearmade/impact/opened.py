"""What an impact card shows when it is opened: flows, swings and break-even.

Made once from a solved study and kept as plain values, so that an order's page always
shows the figures that its card was made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nearmade.impact.axes import meet, varies
from nearmade.impact.break_even import BreakEven
from nearmade.impact.compare import Comparison
from nearmade.impact.contribution import ProcessShare
from nearmade.impact.sankey import Sankey
from nearmade.impact.study import Difference, StudyResult
from nearmade.impact.tornado import Swing
from nearmade.vocabulary.estimate import Estimate

#: Processes below this share of a score are drawn as one.
CUTOFF_FRACTION: Final = 0.02
#: Inputs in a tornado, and processes in a table of contributions.
LARGEST: Final = 8
SHARES: Final = 12
#: Draws of each break-even: fewer than of the card, since each place is solved anew.
CURVE_DRAWS: Final = 300


@dataclass(frozen=True, slots=True)
class OpenedAlternative:
    """One alternative, opened.

    Parameters
    ----------
    name
        As the study calls it.
    score
        With its 10th and 90th percentile. [the method's unit]
    assumed_fraction
        Share of the score that rests on assumptions, 0..1.
    sankey
        From process to process.
    shares
        What each process adds, largest first, ``SHARES`` at most.
    """

    name: str
    score: Estimate
    assumed_fraction: float
    sankey: Sankey
    shares: tuple[ProcessShare, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A card, opened.

    Parameters
    ----------
    method, unit
        Impact category and its unit.
    alternatives
        In the order of the study.
    first, second
        The two that are set against each other.
    base, difference
        First less second: at the medians, and over paired draws. [unit]
    swings
        What single numbers do to that difference, widest first.
    break_evens
        Where the two meet, along one input each.
    """

    method: str
    unit: str
    alternatives: tuple[OpenedAlternative, ...]
    first: str
    second: str
    base: float
    difference: Difference
    swings: tuple[Swing, ...]
    break_evens: tuple[BreakEven, ...] = ()


def open_study(
    result: StudyResult,
    first: str,
    second: str,
    *,
    method: str = "gwp100",
    break_evens: Sequence[BreakEven] = (),
    names: Mapping[str, str] | None = None,
) -> Opened:
    """Open a solved study for one method.

    Parameters
    ----------
    result
        Solved with that method among others.
    first, second
        Names of the alternatives that are set against each other.
    method
        Impact category.
    break_evens
        Found for the same two.
    names
        What to call alternatives instead of their names in the study.

    Raises
    ------
    NotFound
        When the study has no such alternative or method.
    """
    called = names or {}
    difference = result.difference(first, second, method)
    alternatives = tuple(
        OpenedAlternative(
            called.get(name, name),
            result.interval(name, method),
            result.assumed_fraction(name, method),
            result.sankey(name, method, CUTOFF_FRACTION),
            result.contributions(name, method)[:SHARES],
        )
        for name in result.study.alternatives
    )
    return Opened(
        method,
        result.database.methods[method].unit,
        alternatives,
        called.get(first, first),
        called.get(second, second),
        result.score[first][method] - result.score[second][method],
        difference,
        result.tornado(first, method, minus=second, largest=LARGEST),
        tuple(break_evens),
    )


def open_case(comparison: Comparison, first: str, second: str) -> Opened:
    """Open a solved case, with the break-evens that it asks for and can have.

    Parameters
    ----------
    comparison
        The case with its solved study; its seed is that of the break-evens too.
    first, second
        Names of the ways that are set against each other.

    Raises
    ------
    NotFound
        When the case has no such way.
    """
    case, seed = comparison.case, comparison.result.seed
    met = [
        meet(case, each, draws=CURVE_DRAWS, seed=seed)
        for each in case.meetings
        if not varies(case, each)
    ]
    return open_study(comparison.result, first, second, break_evens=met)
