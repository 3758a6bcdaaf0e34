"""Draws that share their chance: same seed, same name, same draws."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from nearmade.impact.database import Z90, Exchange, Process, drawn_name
from nearmade.impact.solve import Floats
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

#: How much of each process an alternative demands. [the process's unit]
Demand = Mapping[str, float | Estimate]


class Normals(Protocol):
    """Where standard normal draws come from, by name."""

    def normal(self, name: str) -> Floats:
        """Give the draws of a name, shape (n,)."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The source of draws for one study.

    Each name has a Philox stream of its own, keyed by seed and name, so that two
    alternatives that share a number meet the same draws of it and it cancels in their
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
    _normals: dict[str, Floats] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not self.draws >= 1:
            raise InvalidInput(f"impact: draws {self.draws} must be 1 or more")

    def normal(self, name: str) -> Floats:
        """Give the standard normal draws of a name, shape (draws,)."""
        if name not in self._normals:
            digest = hashlib.sha256(f"{self.seed}:{name}".encode()).digest()
            key = int.from_bytes(digest[:16], "big")
            generator = np.random.Generator(np.random.Philox(key=key))
            self._normals[name] = generator.standard_normal(self.draws)
        return self._normals[name]


def exchange_draws(source: Normals, process: Process, exchange: Exchange) -> Floats:
    """Draw an exchange's amount, shape (n,); shape () when it is certain.

    Lognormal about the amount as the median, or as ``estimate_draws`` does when it has
    two percentiles.
    """
    if exchange.certain:
        return certain(exchange.amount)
    name = drawn_name(process, exchange)
    if exchange.low is not None and exchange.high is not None:
        ends = Estimate(exchange.amount, exchange.low, exchange.high)
        return estimate_draws(source, name, ends)
    spread = math.log(exchange.geometric_sd)
    drawn: Floats = exchange.amount * np.exp(spread * source.normal(name))
    return drawn


def estimate_draws(source: Normals, name: str, estimate: Estimate) -> Floats:
    """Draw an estimate so that its median and both percentiles are kept.

    Each half is lognormal; where the low end is zero or less, each half is normal, and
    what falls below zero is zero unless the low end is below zero itself.
    """
    if estimate.low == estimate.high:
        return certain(estimate.value)
    z = source.normal(name) / Z90
    if estimate.low > 0:
        down = math.log(estimate.value / estimate.low)
        up = math.log(estimate.high / estimate.value)
        logarithmic: Floats = estimate.value * np.exp(np.where(z < 0, down, up) * z)
        return logarithmic
    down = estimate.value - estimate.low
    up = estimate.high - estimate.value
    drawn: Floats = estimate.value + np.where(z < 0, down, up) * z
    return drawn if estimate.low < 0 else np.maximum(drawn, 0.0)


def demand_draws(source: Normals, demand: Demand) -> dict[str, Floats]:
    """Draw how much of each process is demanded; estimates by the process's id."""
    return {
        name: estimate_draws(source, demand_name(name), amount)
        if isinstance(amount, Estimate)
        else certain(amount)
        for name, amount in demand.items()
    }


def certain(value: float) -> Floats:
    """Give a figure that does not move, shape ()."""
    return np.full((), value, dtype=np.float64)


def demand_name(process_id: str) -> str:
    """Give the name under which a demanded amount is drawn."""
    return f"demand/{process_id}"


def demand_medians(demand: Demand) -> dict[str, Floats]:
    """Give how much of each process is demanded at the median."""
    return {
        name: certain(amount.value if isinstance(amount, Estimate) else amount)
        for name, amount in demand.items()
    }


def chance_below(first: Floats, second: Floats) -> float:
    """Give the share of paired draws where the first is less; a tie counts half."""
    return float(np.mean(first < second) + 0.5 * np.mean(first == second))
