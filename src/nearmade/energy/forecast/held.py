"""Forecasts of the sun beside what came, and the next ones corrected by that.

Each day one forecast is kept: for the daylight that was left when 15 % of a clear
day's sun had passed, the energy on the worst day of ten, on the middling one and on the
best of ten. When the day is over, what came is set beside it.

The correction is conformal: over the last days, what came as a share of the forecast of
a quantile has itself a quantile; multiplied by that, the forecast would have been
missed as often as it says. It never raises the low forecast: a build that is lost costs
more than one that waits.

References
----------
.. [1] Y. Romano, E. Patterson, E. Candes, Conformalized quantile regression, NeurIPS
   32, 2019, arXiv:1905.03222 (there by differences, here by ratios).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import comb
from typing import Final

import numpy as np

from nearmade.energy.deciding.like_days import CAUTION_FRACTION
from nearmade.energy.forecast.port import OWN, SunCourses
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.errors import InvalidInput

#: The worst day of ten, the middling one, the best of ten.
LEVELS: Final = (0.1, 0.5, 0.9)

#: Days that are looked back over.
WINDOW_DAYS: Final = 30
#: With fewer nothing is corrected: nine days are the fewest that know a tenth.
LEAST_DAYS: Final = 10

#: A forecast is corrected at most to these shares of itself. Assumed.
LEAST_FACTOR: Final = 0.2
MOST_FACTOR: Final = 2.0

#: A coverage that chance alone brings less often than this is told as wrong.
UNLIKELY: Final = 0.05


@dataclass(frozen=True, slots=True)
class ForetoldDay:
    """One day's forecast, and what came.

    Parameters
    ----------
    begins_at, ends_at
        Of the daylight that it speaks of, aware.
    kind
        Which forecast.
    low_wh, middle_wh, high_wh
        What was foretold at the levels 0.1, 0.5 and 0.9, before any correction. [Wh]
    used_wh
        The low figure after the correction of that day. [Wh]
    came_wh
        What came; None while the day is not over. [Wh]
    """

    begins_at: datetime
    ends_at: datetime
    kind: str
    low_wh: float
    middle_wh: float
    high_wh: float
    used_wh: float
    came_wh: float | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What forecasts are multiplied by at the levels 0.1, 0.5 and 0.9."""

    low: float = 1.0
    middle: float = 1.0
    high: float = 1.0

    @property
    def none(self) -> bool:
        """True when it changes nothing."""
        return (self.low, self.middle, self.high) == (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Held:
    """How a forecast has held over its last days.

    Parameters
    ----------
    kind
        Which forecast.
    days
        How many days are over and known, at most 30.
    under_low, under_middle, over_high
        On how many of them less came than the low and the middling forecast, and more
        than the high one.
    under_used
        On how many less came than the corrected low forecast.
    bias_fraction
        What was foretold in the middle beside what came, less one: above zero it was
        too hopeful. None where nothing came.
    correction
        By these days.
    """

    kind: str
    days: int
    under_low: int
    under_middle: int
    over_high: int
    under_used: int
    bias_fraction: float | None
    correction: Correction

    @property
    def verdict(self) -> str:
        """``hopeful``, ``dull``, ``fair``, or ``young`` with too few days."""
        if self.days < LEAST_DAYS:
            return "young"
        if _as_many(self.under_low, self.days, LEVELS[0]) < UNLIKELY:
            return "hopeful"
        as_few = 1.0 - _as_many(self.under_low + 1, self.days, LEVELS[0])
        dull = _as_many(self.days - self.under_middle, self.days, LEVELS[1]) < UNLIKELY
        return "dull" if dull or as_few < UNLIKELY else "fair"

    @property
    def words(self) -> str:
        """What it comes to, for people, with the numbers."""
        if self.days == 0:
            return f"no day of this forecast is over yet; {self._young()}"
        said = (
            f"in the last {self.days} days {self.under_low} came under the "
            f"{100 * LEVELS[0]:.0f} % line"
        )
        if self.bias_fraction is not None:
            more = "more" if self.bias_fraction > 0 else "less"
            said += (
                f", and the middle line said {100 * abs(self.bias_fraction):.0f} % "
                f"{more} than came"
            )
        if self.verdict == "young":
            return f"{said}; {self._young()}"
        return f"{said}: {_VERDICTS[self.verdict]}{self._taken()}"

    def _young(self) -> str:
        said = f"from {LEAST_DAYS} days on it is corrected by what came"
        if self.correction.none:
            return said
        return f"{said}, until then taken at {100 * self.correction.low:.0f} %"

    def _taken(self) -> str:
        if self.correction.low < 1.0:
            return (
                f"; its low line is taken at {100 * self.correction.low:.0f} %, so "
                f"more is kept in reserve ({self.under_used} days came under the line "
                "so taken)"
            )
        return "; its low line is taken as it is"


_VERDICTS: Final = {
    "hopeful": "the forecast is too hopeful",
    "dull": "the forecast is duller than the sky",
    "fair": "the forecast holds",
}


def _as_many(count: int, days: int, share: float) -> float:
    """Give the chance of at least so many of the days at a share."""
    return sum(
        comb(days, n) * share**n * (1 - share) ** (days - n)
        for n in range(count, days + 1)
    )


def levels_wh(energies_wh: Array) -> tuple[float, float, float]:
    """Give the energy at the three levels of equally likely courses. [Wh]

    Parameters
    ----------
    energies_wh
        One for each course, shape (k,), k at least 1.

    Raises
    ------
    InvalidInput
        When there is no course.
    """
    if len(energies_wh) == 0:
        raise InvalidInput("forecast: no course to take quantiles of")
    low, middle, high = np.quantile(energies_wh, LEVELS, method="weibull")
    return float(low), float(middle), float(high)


def last_days(days: Sequence[ForetoldDay], kind: str) -> list[ForetoldDay]:
    """Give the last 30 days of a forecast that are over, the oldest first."""
    over = [day for day in days if day.kind == kind and day.came_wh is not None]
    return sorted(over, key=lambda day: day.begins_at)[-WINDOW_DAYS:]


def held_of(days: Sequence[ForetoldDay], kind: str) -> Held:
    """Give how a forecast has held.

    Parameters
    ----------
    days
        Of any forecast, in any order.
    kind
        Which forecast.
    """
    last = last_days(days, kind)
    came = np.array([day.came_wh for day in last], float)
    middle = np.array([day.middle_wh for day in last], float)
    total = float(came.sum())
    return Held(
        kind,
        len(last),
        int(sum(c < day.low_wh for c, day in zip(came, last, strict=True))),
        int((came < middle).sum()),
        int(sum(c > day.high_wh for c, day in zip(came, last, strict=True))),
        int(sum(c < day.used_wh for c, day in zip(came, last, strict=True))),
        float(middle.sum()) / total - 1 if total > 0 else None,
        _correction(last, kind),
    )


def _correction(last: Sequence[ForetoldDay], kind: str) -> Correction:
    if len(last) < LEAST_DAYS:
        # As cautious with a forecast that nobody knows yet as with the site's own.
        return Correction() if kind == OWN else Correction(*[CAUTION_FRACTION] * 3)
    found = [
        _factor(last, [getattr(day, name) for day in last], level)
        for name, level in zip(("low_wh", "middle_wh", "high_wh"), LEVELS, strict=True)
    ]
    return Correction(min(1.0, found[0]), *found[1:])


def _factor(
    last: Sequence[ForetoldDay], foretold_wh: Sequence[float], level: float
) -> float:
    """Give the quantile of what came as a share of what was foretold."""
    shares = [
        (day.came_wh or 0.0) / foretold
        for day, foretold in zip(last, foretold_wh, strict=True)
        if foretold > 0
    ]
    if len(shares) < LEAST_DAYS:
        return 1.0
    found = float(np.quantile(shares, level, method="weibull"))
    return min(max(found, LEAST_FACTOR), MOST_FACTOR)


def corrected(courses: SunCourses, held: Held, most_w: Array) -> SunCourses:
    """Give courses as the log says that they must be taken.

    Courses are ranked by their energy; each is multiplied by the factor of its rank,
    on straight lines between the three levels, so that no duller course becomes the
    brighter one. Without enough days a site's own stay as they are, others are taken at
    four fifths.

    Parameters
    ----------
    courses
        As foretold.
    held
        Of this forecast.
    most_w
        What no course passes, shape (steps,). [W]
    """
    if held.correction.none or not courses.known:
        return courses
    energies = courses.paths_w.sum(axis=1)
    order = np.argsort(energies, kind="stable")
    ranks = np.arange(len(order)) / len(order)  # the share of courses that are duller
    fix = held.correction
    factors = np.interp(ranks, LEVELS, (fix.low, fix.middle, fix.high))
    taken = factors * energies[order]
    taken = np.minimum.accumulate(taken[::-1])[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(energies[order] > 0, taken / energies[order], 1.0)
    paths_w = np.empty_like(courses.paths_w)
    paths_w[order] = courses.paths_w[order] * share[:, None]
    how = f"corrected by {held.days} days"
    if held.days < LEAST_DAYS:
        how = f"taken at {100 * fix.low:.0f} %"
    source = f"{courses.source}, {how}"
    return courses.with_paths(np.minimum(paths_w, np.maximum(most_w, 0.0)), source)
