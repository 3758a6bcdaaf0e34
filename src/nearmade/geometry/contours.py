"""Closed outlines in a plane, measured all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contours:
    """Figures of several outlines.

    Parameters
    ----------
    tails, heads
        Ends of every edge, shape (e, 2). [mm]
    owners
        Outline of every edge, shape (e,).
    areas_mm2
        Enclosed area, below zero for holes, shape (n,). [mm2]
    lengths_mm
        Length, shape (n,). [mm]
    centres_mm
        Middle of the box, shape (n, 2). [mm]
    reaches_mm
        Half the diagonal of the box, shape (n,). [mm]
    """

    tails: Points
    heads: Points
    owners: NDArray[np.int64]
    areas_mm2: Points
    lengths_mm: Points
    centres_mm: Points
    reaches_mm: Points

    @property
    def widths_mm(self) -> Points:
        """Four areas by length: the diameter of a disc, the side of a square. [mm]"""
        widths: Points = 4 * np.abs(self.areas_mm2) / np.maximum(self.lengths_mm, 1e-12)
        return widths

    @property
    def roundness(self) -> Points:
        """Four pi areas by length squared: 1 for a disc, 0.79 for a square."""
        square = np.maximum(self.lengths_mm, 1e-12) ** 2
        roundness: Points = 4 * np.pi * np.abs(self.areas_mm2) / square
        return roundness


def measure_contours(outlines: Sequence[Points]) -> Contours:
    """Measure closed outlines, the last point joined to the first.

    Parameters
    ----------
    outlines
        Each of shape (k, 2), counter-clockwise around what is solid. [mm]
    """
    outlines = [line for line in outlines if len(line)]
    if not outlines:
        none, pairs = np.zeros(0), np.zeros((0, 2))
        owners = np.zeros(0, dtype=np.int64)
        return Contours(pairs, pairs, owners, none, none, pairs, none)
    sizes = np.array([len(line) for line in outlines])
    starts = np.cumsum(sizes) - sizes
    tails = np.concatenate(outlines)
    following = np.arange(1, len(tails) + 1)
    following[starts + sizes - 1] = starts
    heads = tails[following]
    owners = np.repeat(np.arange(len(sizes)), sizes)
    near = tails - tails.mean(axis=0), heads - tails.mean(axis=0)
    twice = near[0][:, 0] * near[1][:, 1] - near[0][:, 1] * near[1][:, 0]
    low = np.minimum.reduceat(tails, starts, axis=0)
    high = np.maximum.reduceat(tails, starts, axis=0)
    return Contours(
        tails=tails,
        heads=heads,
        owners=owners,
        areas_mm2=np.add.reduceat(twice, starts) / 2,
        lengths_mm=np.add.reduceat(np.hypot(*(heads - tails).T), starts),
        centres_mm=(low + high) / 2,
        reaches_mm=np.hypot(*(high - low).T) / 2,
    )


def inside(contours: Contours, points_mm: Points) -> NDArray[np.bool_]:
    """Tell which points lie within an odd number of outlines, shape (p,).

    Parameters
    ----------
    contours
        Outlines without crossings.
    points_mm
        Shape (p, 2). [mm]
    """
    odd = np.zeros(len(points_mm), dtype=bool)
    if not len(points_mm):
        return odd
    low, high = points_mm.min(axis=0), points_mm.max(axis=0)
    (ax, ay), (bx, by) = contours.tails.T, contours.heads.T
    right = np.maximum(ax, bx) >= low[0]
    near = right & (np.minimum(ay, by) <= high[1]) & (np.maximum(ay, by) >= low[1])
    ax, ay, bx, by = ax[near], ay[near], bx[near], by[near]
    slope = (bx - ax) / np.where(by == ay, 1.0, by - ay)
    for place, (x, y) in enumerate(points_mm.tolist()):
        over = np.flatnonzero((ay <= y) != (by <= y))
        at = ax[over] + (y - ay[over]) * slope[over]
        odd[place] = np.count_nonzero(at > x) % 2 == 1
    return odd
