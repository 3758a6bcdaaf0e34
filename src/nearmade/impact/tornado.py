"""How far each number alone swings a score: one at a time, the others at the median."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from nearmade.impact.database import Database, drawn_name
from nearmade.impact.draws import (
    Demand,
    demand_draws,
    demand_name,
    exchange_draws,
)
from nearmade.impact.solve import Floats, Reach, build_system, reach_of, score
from nearmade.vocabulary.estimate import Estimate

#: The 95th percentile of the standard normal distribution.
Z95: Final = 1.6448536269514722
#: Swings below this share of the score are rounding.
ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Swing:
    """What one number does alone.

    Parameters
    ----------
    number
        Name under which it is drawn.
    at_low, at_high
        The score with the number at its 5th and 95th percentile. [method's unit]
    assumed
        Whether the number is an assumption.
    source
        Where it comes from; empty for an amount of the study's own.
    """

    number: str
    at_low: float
    at_high: float
    assumed: bool
    source: str

    @property
    def width(self) -> float:
        """How far the score moves. [method's unit]"""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class _OneAtATime:
    """Normals that are zero but for one number low, then high."""

    names: Sequence[str]
    _place: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._place.update({name: place for place, name in enumerate(self.names)})

    def normal(self, name: str) -> Floats:
        """Give the normals of a name, shape (2 names,)."""
        row = np.zeros(2 * len(self.names))
        place = 2 * self._place[name]
        row[place : place + 2] = (-Z95, Z95)
        return row


def tornado_of(
    database: Database,
    plus: Demand,
    minus: Demand | None,
    factors: Mapping[str, float],
    *,
    largest: int,
) -> tuple[Swing, ...]:
    """Swing every number of a score, or of a difference of two; widest first.

    Numbers that share their draws swing together.
    """
    demands = [plus] if minus is None else [plus, minus]
    reach = reach_of(database, [name for one in demands for name in one])
    known = _moving(reach, demands)
    if not known:
        return ()
    source = _OneAtATime(list(known))
    system = build_system(
        database, reach, lambda process, one: exchange_draws(source, process, one)
    )
    scores: Floats = np.zeros(2 * len(known))
    gross = 0.0
    for demand, sign in zip(demands, (1, -1), strict=False):
        supply = system.supply(demand_draws(source, demand), 2 * len(known))
        each = score(system.inventory(supply), factors)
        scores = scores + sign * each
        gross = max(gross, float(np.abs(each).max()))
    swings = [
        Swing(name, float(scores[2 * place]), float(scores[2 * place + 1]), *about)
        for place, (name, about) in enumerate(known.items())
    ]
    swings.sort(key=lambda one: (-one.width, one.number))
    noise = ROUNDING * gross
    return tuple(one for one in swings[:largest] if one.width > noise)


def _moving(reach: Reach, demands: Sequence[Demand]) -> dict[str, tuple[bool, str]]:
    """Find every number that moves: name, whether assumed, source."""
    known: dict[str, tuple[bool, str]] = {}
    for process in reach.processes:
        for exchange in process.exchanges:
            if not exchange.certain:
                about = (exchange.assumed, exchange.source)
                known.setdefault(drawn_name(process, exchange), about)
    for demand in demands:
        for name, amount in demand.items():
            if isinstance(amount, Estimate) and amount.low < amount.high:
                known.setdefault(demand_name(name), (False, ""))
    return known
