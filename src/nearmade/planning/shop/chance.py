"""Chance for compiled searches: a small generator whose state is an array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nearmade.vocabulary.compiled import compiled

Chance = NDArray[np.uint64]


def chance_of(seed: int) -> Chance:
    """Give a generator's state; the same seed gives the same numbers everywhere.

    References
    ----------
    G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number
    generators", OOPSLA 2014, doi:10.1145/2660193.2660195 (SplitMix64).
    """
    return np.array([seed % 2**64], dtype=np.uint64)


@compiled
def below(chance: Chance, limit: int) -> int:
    """Draw a whole number from 0 to below the limit (below 2**31)."""
    chance[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = chance[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return int(np.int64(((mixed >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32)))


@compiled
def fraction(chance: Chance) -> float:
    """Draw from 0 to below 1."""
    return below(chance, 1 << 30) / float(1 << 30)
