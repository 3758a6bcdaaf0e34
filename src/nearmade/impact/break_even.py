"""Where one alternative beats the other: along batch, distance, infill or grid.

Both alternatives are scored at every place of the axis with the same draws. Each draw
has its own crossing, found between two neighbouring places along the coordinate in
which scores are straight; the 5th and 95th percentile of all crossings are the band.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nearmade.impact.database import Database
from nearmade.impact.study import Study, StudyResult, solve
from nearmade.vocabulary.errors import InvalidInput, NotFound

Floats = NDArray[np.float64]
#: The study at a place of the axis.
StudyAt = Callable[[float], Study]


@dataclass(frozen=True, slots=True)
class Axis:
    """What is varied.

    Parameters
    ----------
    id
        ``batch``, ``distance``, ``infill`` or ``grid``.
    title, unit
        For people.
    places
        Values looked at, growing, two or more.
    straight_in
        Coordinate in which scores are straight lines: the value itself, or one over it
        where a fixed share is spread over a batch.
    log
        Whether it is drawn on a logarithmic axis.

    Raises
    ------
    InvalidInput
        When the places do not grow, or one over them is asked for at zero or below.
    """

    id: str
    title: str
    unit: str
    places: tuple[float, ...]
    straight_in: Literal["value", "inverse"] = "value"
    log: bool = False

    def __post_init__(self) -> None:
        steps = zip(self.places, self.places[1:], strict=False)
        if len(self.places) < 2 or not all(a < b < inf for a, b in steps):
            raise InvalidInput(f"break-even over {self.id}: places must grow")
        if (self.straight_in == "inverse" or self.log) and not self.places[0] > 0:
            raise InvalidInput(
                f"break-even over {self.id}: {self.places[0]} must be above 0"
            )

    def coordinates(self) -> Floats:
        """Give the places along the coordinate in which scores are straight."""
        places = np.array(self.places)
        return 1 / places if self.straight_in == "inverse" else places

    def place_of(self, coordinate: Floats) -> Floats:
        """Give back the value of a coordinate."""
        return 1 / coordinate if self.straight_in == "inverse" else coordinate


@dataclass(frozen=True, slots=True)
class Band:
    """One alternative along the axis, shape (places,). [the method's unit]

    Parameters
    ----------
    name
        Of the alternative.
    values
        Every number at its median.
    low, high
        5th and 95th percentile of the draws.
    """

    name: str
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Two alternatives along an axis, and where they meet.

    Parameters
    ----------
    axis
        What is varied.
    method, unit
        Id of the impact category and its unit.
    first, second
        The two.
    crossing
        With every number at its median; None where they do not meet on the axis.
    low, high
        5th and 95th percentile of the draws' crossings; None where that end lies off
        the axis.
    better_below
        Which alternative is better below the crossing; empty where no draw crosses.
    crossing_fraction
        Share of draws that cross on the axis, 0..1.
    first_better_at_start, first_better_at_end
        Chance that the first scores less at either end of the axis, 0..1.
    """

    axis: Axis
    method: str
    unit: str
    first: Band
    second: Band
    crossing: float | None
    low: float | None
    high: float | None
    better_below: str
    crossing_fraction: float
    first_better_at_start: float
    first_better_at_end: float

    def sentence(self) -> str:
        """Tell where they meet, in words."""
        names = (self.first.name, self.second.name)
        start, end = self.axis.places[0], self.axis.places[-1]
        span = f"{figure(start)} to {figure(end)} {self.axis.unit}".rstrip()
        chance = self.first_better_at_start, self.first_better_at_end
        if self.crossing is None:
            winner = (
                names[0] if self.first.values[0] < self.second.values[0] else names[1]
            )
            return (
                f"{self.axis.title}: from {span}, {winner} is better all along; "
                f"{self.crossing_fraction:.0%} of draws cross. {names[0]} is better in "
                f"{chance[0]:.0%} of draws at the start and {chance[1]:.0%} at the end."
            )
        above = names[1] if self.better_below == names[0] else names[0]
        low = "below the start" if self.low is None else figure(self.low)
        high = "beyond the end" if self.high is None else figure(self.high)
        return (
            f"{self.axis.title}: {self.better_below} is better below "
            f"{figure(self.crossing)} {self.axis.unit}".rstrip()
            + f" (5-95 %: {low} to {high}), {above} above; "
            f"{self.crossing_fraction:.0%} of draws cross from {span}."
        )


def break_even(
    axis: Axis,
    study_at: StudyAt,
    first: str,
    second: str,
    *,
    method: str,
    database: Database | None = None,
    draws: int = 1000,
    seed: int = 1,
) -> BreakEven:
    """Find where one alternative meets another along an axis.

    Parameters
    ----------
    axis
        What is varied.
    study_at
        The study at a place of the axis; numbers that keep their names keep their
        draws, so that what both share cancels.
    first, second
        Names of two of its alternatives.
    method
        Id of the impact category.
    database
        None: our own.
    draws, seed
        Of every number.

    Raises
    ------
    NotFound
        When the studies have no such alternative, or the database no such method.
    """
    solved = [
        solve(_narrowed(study_at(place), (first, second), method), draws, seed,
              database=database)
        for place in axis.places
    ]  # fmt: skip
    tables = [_scores(solved, name, method, draws) for name in (first, second)]
    bands = tuple(
        Band(name, _told(middle), *map(_told, np.percentile(drawn, (5, 95), axis=1)))
        for name, (middle, drawn) in zip((first, second), tables, strict=True)
    )
    return _met(axis, method, solved[0].database.methods[method].unit, bands, tables)


def _narrowed(study: Study, names: tuple[str, str], method: str) -> Study:
    """Keep the two alternatives and the one method that are looked at."""
    for name in names:
        if name not in study.alternatives:
            raise NotFound(
                f"break-even: no alternative {name!r} in the study",
                remedy=f"name one of {', '.join(study.alternatives)}",
            )
    kept = {name: study.alternatives[name] for name in names}
    return replace(study, alternatives=kept, methods=(method,))


def _scores(
    solved: Sequence[StudyResult], name: str, method: str, draws: int
) -> tuple[Floats, Floats]:
    """Give an alternative at each place: at the medians, and shape (places, draws)."""
    middle = np.array([one.score[name][method] for one in solved])
    drawn = np.stack(
        [np.broadcast_to(one.draws[name][method], (draws,)) for one in solved]
    )
    return middle, drawn


def _met(
    axis: Axis,
    method: str,
    unit: str,
    bands: tuple[Band, ...],
    tables: Sequence[tuple[Floats, Floats]],
) -> BreakEven:
    apart = tables[0][0] - tables[1][0]
    drawn = tables[0][1] - tables[1][1]
    middle = float(crossings(axis, apart[:, None])[0])
    each = crossings(axis, drawn)
    crossed = np.isfinite(each)
    # Draws that never meet lie off that end of the axis where they would.
    first_below = _first_better_below(apart, drawn, crossed)
    better = drawn[0] < 0
    off = np.where(better == first_below, inf, -inf)
    ends = np.percentile(
        np.where(crossed, each, off), (5, 95), method="closest_observation"
    )
    low, high = (float(end) if isfinite(end) else None for end in ends)
    names = [band.name for band in bands]
    return BreakEven(
        axis=axis,
        method=method,
        unit=unit,
        first=bands[0],
        second=bands[1],
        crossing=middle if isfinite(middle) else None,
        low=low,
        high=high,
        better_below=names[0 if first_below else 1] if crossed.any() else "",
        crossing_fraction=float(np.mean(crossed)),
        first_better_at_start=_chance(drawn[0]),
        first_better_at_end=_chance(drawn[-1]),
    )


def crossings(axis: Axis, apart: Floats) -> Floats:
    """Find where each column of differences first changes its sign, shape (draws,).

    Parameters
    ----------
    axis
        Along which.
    apart
        First less second, shape (places, draws).

    Returns
    -------
    Floats
        Values of what is varied; NaN where the sign stays.
    """
    t = axis.coordinates()
    below = apart < 0
    turns = below[1:] != below[:-1]
    any_turn = turns.any(axis=0)
    k = turns.argmax(axis=0)
    column = np.arange(apart.shape[1])
    before, after = apart[k, column], apart[k + 1, column]
    step = np.where(any_turn, before - after, 1.0)
    found = t[k] + (t[k + 1] - t[k]) * before / step
    place = axis.place_of(np.where(any_turn, found, t[0]))
    met: Floats = np.where(any_turn, place, np.nan)
    return met


def _first_better_below(
    apart: Floats, drawn: Floats, crossed: NDArray[np.bool_]
) -> bool:
    """Say whether the first is better before the crossing, as most draws have it."""
    if (apart[0] < 0) != (apart[-1] < 0) or not crossed.any():
        return bool(apart[0] < 0)
    return bool(np.mean(drawn[0, crossed] < 0) >= 0.5)


def _chance(apart: Floats) -> float:
    return float(np.mean(apart < 0) + 0.5 * np.mean(apart == 0))


def _told(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def figure(value: float) -> str:
    """Write a value of an axis with two or three significant digits."""
    if value >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"
