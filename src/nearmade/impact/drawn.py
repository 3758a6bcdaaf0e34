"""Uncertain figures that share their chance: same seed, same name, same draws."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor

#: The 90th percentile of the standard normal distribution.
Z90 = 1.2815515655446004


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A figure at the median of its inputs, with its draws and where it came from.

    Parameters
    ----------
    value
        The figure when every input sits at its median.
    samples
        Draws, shape (n,), or (1,) when certain; draw i of every figure of one study
        belongs together.
    assumed
        The part of ``value`` that rests on assumed factors.
    factor_ids
        Factors that went in, in order of first use.
    """

    value: float
    samples: NDArray[np.float64]
    assumed: float = 0.0
    factor_ids: tuple[str, ...] = ()

    def times(self, other: Drawn) -> Drawn:
        """Multiply; what is assumed in either is assumed in the product."""
        sure = _sure_fraction(self) * _sure_fraction(other)
        value = self.value * other.value
        return Drawn(
            value,
            self.samples * other.samples,
            value * (1 - sure),
            _joined(self.factor_ids, other.factor_ids),
        )

    def plus(self, other: Drawn) -> Drawn:
        """Add."""
        return Drawn(
            self.value + other.value,
            self.samples + other.samples,
            self.assumed + other.assumed,
            _joined(self.factor_ids, other.factor_ids),
        )

    def scaled(self, number: float) -> Drawn:
        """Multiply by a number that is certain, zero or more."""
        return replace(
            self,
            value=self.value * number,
            samples=self.samples * number,
            assumed=self.assumed * number,
        )

    def estimate(self) -> Estimate:
        """Give the value with the 10th and 90th percentile of the draws."""
        low, high = np.percentile(self.samples, (10, 90))
        return Estimate(
            self.value, min(float(low), self.value), max(float(high), self.value)
        )


@dataclass(frozen=True, slots=True)
class Chance:
    """The source of draws for one study.

    Each name has a Philox stream of its own, keyed by seed and name, so that two
    alternatives that share a factor meet the same draws of it and it cancels in their
    difference.

    Parameters
    ----------
    seed
        Part of the input: same seed, same answer.
    draws
        How many, 1 or more.

    Raises
    ------
    InvalidInput
        When ``draws`` is below 1.

    References
    ----------
    .. [1] Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3,
       doi:10.1145/2063384.2063405.
    """

    seed: int
    draws: int
    _normals: dict[str, NDArray[np.float64]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    _factors: dict[str, Factor] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not self.draws >= 1:
            raise InvalidInput(f"impact: draws {self.draws} must be 1 or more")

    def normal(self, name: str) -> NDArray[np.float64]:
        """Give the standard normal draws of a name, shape (draws,)."""
        if name not in self._normals:
            digest = hashlib.sha256(f"{self.seed}:{name}".encode()).digest()
            key = int.from_bytes(digest[:16], "big")
            generator = np.random.Generator(np.random.Philox(key=key))
            self._normals[name] = generator.standard_normal(self.draws)
        return self._normals[name]

    def used(self) -> tuple[Factor, ...]:
        """Give every factor drawn so far, by id."""
        return tuple(self._factors[key] for key in sorted(self._factors))

    def certain(self, value: float) -> Drawn:
        """Give a figure that is known."""
        return Drawn(value, np.array([value]))

    def factor(self, factor: Factor) -> Drawn:
        """Draw a factor: lognormal about its value as the median."""
        self._factors[factor.id] = factor
        spread = math.log(factor.geometric_sd)
        samples = factor.value * np.exp(spread * self.normal(factor.id))
        assumed = factor.value if factor.assumed else 0.0
        return Drawn(factor.value, samples, assumed, (factor.id,))

    def estimate(self, name: str, estimate: Estimate) -> Drawn:
        """Draw an estimate so that its median and both percentiles are kept.

        Each half is lognormal; where the low end is zero or less, each half is normal
        and what falls below zero is zero.
        """
        if estimate.low == estimate.high:
            return self.certain(estimate.value)
        z = self.normal(name) / Z90
        if estimate.low > 0:
            down = math.log(estimate.value / estimate.low)
            up = math.log(estimate.high / estimate.value)
            samples = estimate.value * np.exp(np.where(z < 0, down, up) * z)
        else:
            down = estimate.value - estimate.low
            up = estimate.high - estimate.value
            samples = np.maximum(estimate.value + np.where(z < 0, down, up) * z, 0)
        return Drawn(estimate.value, samples)


def total(drawn: Iterable[Drawn]) -> Drawn:
    """Add figures of one study; none at all is zero."""
    result = Drawn(0.0, np.zeros(1))
    for one in drawn:
        result = result.plus(one)
    return result


def chance_below(first: Drawn, second: Drawn) -> float:
    """Give the share of paired draws where the first is less; a tie counts half."""
    less = np.mean(first.samples < second.samples)
    same = np.mean(first.samples == second.samples)
    return float(less + 0.5 * same)


def _sure_fraction(drawn: Drawn) -> float:
    if drawn.value == 0:
        return 1.0
    return 1 - drawn.assumed / drawn.value


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
