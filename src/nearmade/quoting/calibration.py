"""Fit estimates to what a slicer found, and say how good they are on other parts.

Coefficients are fitted by least squares of relative errors, none below zero. Errors
are those of parts left out of the fit, whole groups at a time, so that near copies of
a part never help to estimate it. The 80 % intervals are conformal: ranks of the
logarithms of truth over estimate on parts left out, corrected for a finite sample.

References
----------
.. [1] Vovk, Gammerman, Shafer, "Algorithmic Learning in a Random World", 2005.
.. [2] Barber, Candes, Ramdas, Tibshirani, "Predictive inference with the jackknife+",
   Annals of Statistics 49 (2021), doi:10.1214/20-AOS1965.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares, nnls

from nearmade.quoting.profile import SizedSpread, Spread
from nearmade.vocabulary.errors import InvalidInput

Array = NDArray[np.float64]
Fitter = Callable[[Array, Array], Array]

#: Share of parts that an interval holds.
COVERAGE_FRACTION = 0.80
#: Tails tried for the ranks of an interval, widest interval last: groups differ, so
#: that plain ranks of 10 % and 90 % hold less than 80 % of a group never seen.
TAILS = tuple(np.linspace(0.10, 0.05, 21).round(4).tolist())
#: Fewest parts that a fit is made on; ranks of 10 % and 90 % need 9 at least.
LEAST_PARTS = 20
#: Fewer groups cannot be left out in turn.
LEAST_GROUPS = 3
#: Fewest parts of a size class that has an interval of its own.
LEAST_IN_CLASS = 25
#: Most groups left out one by one; more are left out several at a time.
MOST_FOLDS = 12
#: How strongly a fit is drawn to what is expected, and the scale of coefficients that
#: are expected to vanish.
PULL, LEAST_EXPECTED = 0.5, 0.1
#: What the sum of all parts counts in a fit, in parts: few large ones carry most of it.
SUM_PULL = 6.0
#: Relative errors beyond this count softly where outliers must not pull.
SOFT_FRACTION = 0.05


@dataclass(frozen=True, slots=True)
class Errors:
    """How far off an estimate is on parts left out of its fit.

    Parameters
    ----------
    median_fraction, p90_fraction, most_fraction
        Of the absolute relative errors.
    sum_fraction
        The sum of all estimates over the sum of all truths, less one.
    coverage_fraction
        Share of parts whose truth lies in an interval that was made without them.
    """

    median_fraction: float
    p90_fraction: float
    most_fraction: float
    sum_fraction: float
    coverage_fraction: float


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """Coefficients with what they are worth.

    Parameters
    ----------
    coefficients
        One for each column, zero or more, shape (k,).
    ratios
        Truth over estimate of each part, its group left out of the fit, shape (n,).
    spread
        80 % interval of those ratios for parts of any size.
    sized
        The same by size, where sizes were given.
    errors
        On parts left out.
    """

    coefficients: Array
    ratios: Array
    spread: Spread
    sized: SizedSpread
    errors: Errors


def fit_linear(
    columns: Array,
    truth: Array,
    groups: Sequence[str],
    *,
    source: str,
    sizes: Array | None = None,
    edges: tuple[float, ...] = (),
    soft: bool = False,
    near: Array | None = None,
) -> LinearFit:
    """Fit truth as a sum of columns with coefficients of zero or more.

    Parameters
    ----------
    columns
        Raw figures of each part, shape (n, k), zero or more.
    truth
        What the slicer found, shape (n,), above zero.
    groups
        Name of each part's group, such as its project; left out together.
    source
        What the parts are, for the interval to say.
    sizes, edges
        Size of each part, shape (n,), and where classes of size begin; a class of too
        few parts takes the interval of all.
    soft
        Whether parts far off count less.
    near
        Coefficients expected, shape (k,); the fit leaves them where parts say so.

    Raises
    ------
    InvalidInput
        When there are too few parts or groups, or figures are out of range.
    """
    _check(columns, truth, groups)
    fitter: Fitter = fit_soft if soft else fit_least_squares
    if near is not None:
        fitter = fit_near(near)
    ratios = left_out_ratios(columns, truth, groups, fitter)
    sizes = np.ones(len(truth)) if sizes is None else sizes
    estimates = truth / ratios
    tail, held = choose_tail(ratios, groups, sizes, edges)
    return LinearFit(
        coefficients=fitter(columns, truth),
        ratios=ratios,
        spread=conformal_spread(ratios, source, tail),
        sized=sized_spread(ratios, sizes, edges, source, tail),
        errors=Errors(*off_by(ratios), float(estimates.sum() / truth.sum() - 1), held),
    )


def fit_least_squares(columns: Array, truth: Array) -> Array:
    """Give coefficients of zero or more that make squares of relative errors least."""
    scaled = columns / truth[:, None]
    scale = np.maximum(scaled.mean(axis=0), 1e-12)
    found, _ = nnls(scaled / scale, np.ones(len(truth)))
    return np.asarray(found / scale, dtype=np.float64)


def fit_soft(columns: Array, truth: Array) -> Array:
    """Fit as by least squares, with parts far off counted softly."""
    scaled = columns / truth[:, None]
    scale = np.maximum(scaled.mean(axis=0), 1e-12)
    start = np.maximum(fit_least_squares(columns, truth) * scale, 1e-6)

    def off(coefficients: Array) -> Array:
        result: Array = (scaled / scale) @ coefficients - 1
        return result

    found = least_squares(
        off, start, bounds=(0, np.inf), loss="soft_l1", f_scale=SOFT_FRACTION
    )
    # What no part has takes nothing: no part tells of it.
    told = np.where(scaled.any(axis=0), found.x / scale, 0.0)
    return np.asarray(told, dtype=np.float64)


def fit_near(expected: Array) -> Fitter:
    """Give a soft fit that is drawn to what is expected of each coefficient.

    Expectation counts like one part that is off by ``SOFT_FRACTION`` when a coefficient
    is off by about its half; the sum of all parts like ``SUM_PULL`` parts.

    Parameters
    ----------
    expected
        One for each column, zero or more, shape (k,).
    """
    scale = np.maximum(expected, LEAST_EXPECTED)

    def fitter(columns: Array, truth: Array) -> Array:
        scaled = columns / truth[:, None] * scale
        whole = columns.sum(axis=0) / truth.sum() * scale

        def off(coefficients: Array) -> Array:
            errors = (scaled @ coefficients - 1) / SOFT_FRACTION
            soft = np.sqrt(2 * (np.sqrt(1 + errors**2) - 1))
            of_sum = SUM_PULL * (whole @ coefficients - 1) / SOFT_FRACTION
            pulled = PULL * (coefficients - expected / scale)
            return np.concatenate([soft * np.sign(errors), pulled, [of_sum]])

        found = least_squares(off, expected / scale, bounds=(0, np.inf))
        return np.asarray(found.x * scale, dtype=np.float64)

    return fitter


def left_out_ratios(
    columns: Array, truth: Array, groups: Sequence[str], fitter: Fitter
) -> Array:
    """Give truth over estimate of each part, estimated without its group."""
    ratios = np.empty(len(truth))
    for out in folds(groups):
        coefficients = fitter(columns[~out], truth[~out])
        estimates = columns[out] @ coefficients
        ratios[out] = truth[out] / np.maximum(estimates, 1e-9 * truth[out])
    return ratios


def folds(groups: Sequence[str]) -> list[NDArray[np.bool_]]:
    """Give which parts are left out together, groups whole, largest spread first."""
    names = np.array(groups)
    known, counts = np.unique(names, return_counts=True)
    number = min(MOST_FOLDS, len(known))
    members: list[list[str]] = [[] for _ in range(number)]
    loads = [0] * number
    for index in np.lexsort((known, -counts)):
        least = loads.index(min(loads))
        members[least].append(str(known[index]))
        loads[least] += int(counts[index])
    return [np.isin(names, chosen) for chosen in members]


def off_by(ratios: Array) -> tuple[float, float, float]:
    """Give median, 90th percentile and most of the relative errors of estimates."""
    errors = np.abs(1 / ratios - 1)
    return (
        float(np.median(errors)),
        float(np.percentile(errors, 90)),
        float(errors.max()),
    )


def choose_tail(
    ratios: Array, groups: Sequence[str], sizes: Array, edges: tuple[float, ...]
) -> tuple[float, float]:
    """Give the tail whose intervals hold 80 % of groups left out, and what it holds."""
    held = 0.0
    for tail in TAILS:
        held = left_out_coverage(ratios, groups, sizes, edges, tail)
        if held >= COVERAGE_FRACTION:
            return tail, held
    return TAILS[-1], held


def conformal_spread(ratios: Array, source: str, tail: float = TAILS[0]) -> Spread:
    """Give the interval of truth over estimate by ranks; 80 % for a tail of 0.1.

    Of n ratios the interval ends at the ones of rank ``(n + 1) tail`` from below and
    from above, between neighbours by the share of the step, so that the truth of a
    next part like these lies inside with ``1 - 2 tail``.
    """
    ordered = np.sort(np.log(ratios))
    rank = (len(ordered) + 1) * tail
    places = np.arange(1, len(ordered) + 1)
    low = float(np.interp(rank, places, ordered))
    high = float(np.interp(len(ordered) + 1 - rank, places, ordered))
    return Spread(
        min(1.0, round(math.exp(low), 4)), max(1.0, round(math.exp(high), 4)), source
    )


def sized_spread(
    ratios: Array,
    sizes: Array,
    edges: tuple[float, ...],
    source: str,
    tail: float = TAILS[0],
) -> SizedSpread:
    """Give the intervals by size; a class of few parts takes that of all."""
    whole = conformal_spread(ratios, source, tail)
    classes = np.searchsorted(np.array(edges), sizes, side="right")
    spreads = []
    for number in range(len(edges) + 1):
        own = ratios[classes == number]
        many = len(own) >= LEAST_IN_CLASS
        spreads.append(conformal_spread(own, source, tail) if many else whole)
    return SizedSpread(edges, tuple(spreads))


def coverage(ratios: Array, sizes: Array, spread: SizedSpread) -> float:
    """Give the share of parts whose truth lies in their interval."""
    inside = [
        spread.at(float(size)).low <= ratio <= spread.at(float(size)).high
        for ratio, size in zip(ratios, sizes, strict=True)
    ]
    return float(np.mean(inside))


def left_out_coverage(
    ratios: Array,
    groups: Sequence[str],
    sizes: Array,
    edges: tuple[float, ...],
    tail: float = TAILS[0],
) -> float:
    """Give the share of parts that lie in intervals made without their groups."""
    inside = 0.0
    for out in folds(groups):
        spread = sized_spread(ratios[~out], sizes[~out], edges, "left out", tail)
        inside += coverage(ratios[out], sizes[out], spread) * int(out.sum())
    return inside / len(ratios)


def check_enough(groups: Sequence[str]) -> None:
    """Refuse too few parts for a fit.

    Parameters
    ----------
    groups
        That of each part.

    Raises
    ------
    InvalidInput
        When there are fewer than ``LEAST_PARTS`` parts or ``LEAST_GROUPS`` groups.
    """
    if len(groups) < LEAST_PARTS or len(set(groups)) < LEAST_GROUPS:
        raise InvalidInput(
            f"calibration: {len(groups)} parts of {len(set(groups))} groups; "
            f"{LEAST_PARTS} parts of {LEAST_GROUPS} groups or more are needed",
            code="too-few-parts",
            remedy="give a folder with more parts",
        )


def _check(columns: Array, truth: Array, groups: Sequence[str]) -> None:
    if columns.ndim != 2 or not len(columns) == len(truth) == len(groups):
        raise InvalidInput(
            f"calibration: {columns.shape} columns, {len(truth)} truths and "
            f"{len(groups)} groups do not fit"
        )
    check_enough(groups)
    fine = np.isfinite(columns).all() and (columns >= 0).all()
    if not (fine and np.isfinite(truth).all() and (truth > 0).all()):
        raise InvalidInput("calibration: figures must be finite and above zero")
