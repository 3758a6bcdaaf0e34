"""A study: alternatives that give the same functional unit, solved and compared.

Draws come from Philox streams keyed by the study's seed and the name of each number,
never by the order in which they are drawn, so that alternatives share every number
they both use and it cancels in their difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from nearmade.impact.contribution import ProcessShare, contributions_of
from nearmade.impact.database import (
    Database,
    Exchange,
    Method,
    Process,
    factor_of,
    own_database,
)
from nearmade.impact.draws import (
    Chance,
    Demand,
    certain,
    chance_below,
    demand_draws,
    demand_medians,
    exchange_draws,
)
from nearmade.impact.sankey import Sankey, sankey_of
from nearmade.impact.solve import Floats, System, build_system, reach_of, score
from nearmade.impact.tornado import Swing, tornado_of
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor


@dataclass(frozen=True, slots=True)
class Study:
    """Goal and scope of a comparison.

    Parameters
    ----------
    functional_unit
        What every alternative gives, in one sentence.
    alternatives
        By name, what each demands: process id to amount. An ``Estimate`` is drawn
        under the process's id, alike in all alternatives. [the process's unit]
    processes
        Processes of the study's own, beside the database's.
    methods
        Ids of the methods wanted; empty: all.
    goal
        What the study is for and for whom.
    boundary
        What is inside and what is left out.

    Raises
    ------
    InvalidInput
        When there is no alternative, or an amount is not finite.

    References
    ----------
    .. [1] ISO 14040:2006, 5.2 (goal and scope); ISO 14044:2006, 4.2.
    """

    functional_unit: str
    alternatives: Mapping[str, Demand]
    processes: tuple[Process, ...] = ()
    methods: tuple[str, ...] = ()
    goal: str = ""
    boundary: str = ""

    def __post_init__(self) -> None:
        if not self.alternatives:
            raise InvalidInput("study: at least one alternative is needed")
        for name, demand in self.alternatives.items():
            for process, amount in demand.items():
                high = amount.high if isinstance(amount, Estimate) else amount
                low = amount.low if isinstance(amount, Estimate) else amount
                if not (isfinite(high) and isfinite(low)):
                    raise InvalidInput(
                        f"study: {name}: amount of {process} is not finite"
                    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One alternative less another, over paired draws.

    Parameters
    ----------
    median, low, high
        50th, 5th and 95th percentile. [the method's unit]
    chance_below
        Share of draws in which the first scores less; a tie counts half, 0..1.
    """

    median: float
    low: float
    high: float
    chance_below: float


@dataclass(frozen=True, eq=False)
class StudyResult:
    """Scores of every alternative, with draws, and questions that may be asked of them.

    Parameters
    ----------
    study
        What was asked.
    database
        What it was solved on, the study's own processes in it.
    score
        By alternative and method, every number at its median. [the method's unit]
    draws
        By alternative and method, shape (n,); draw i of all belongs together.
    seed
        Of the draws.
    """

    study: Study
    database: Database
    score: Mapping[str, Mapping[str, float]]
    draws: Mapping[str, Mapping[str, Floats]]
    seed: int
    _systems: Mapping[str, System] = field(repr=False)

    def interval(
        self, alternative: str, method: str, low: float = 10, high: float = 90
    ) -> Estimate:
        """Give the score with two percentiles of its draws."""
        self._method(method)
        value = self.score[self._known(alternative)][method]
        ends = np.percentile(self.draws[alternative][method], (low, high))
        return Estimate(value, min(float(ends[0]), value), max(float(ends[1]), value))

    def chance_below(self, first: str, second: str, method: str) -> float:
        """Give the share of paired draws where the first scores less; a tie is half."""
        return self.difference(first, second, method).chance_below

    def difference(self, first: str, second: str, method: str) -> Difference:
        """Give the first less the second over paired draws."""
        self._method(method)
        one = self.draws[self._known(first)][method]
        two = self.draws[self._known(second)][method]
        apart = one - two
        low, median, high = np.percentile(apart, (5, 50, 95))
        below = chance_below(one, two)
        return Difference(float(median), float(low), float(high), below)

    def contributions(self, alternative: str, method: str) -> tuple[ProcessShare, ...]:
        """Give what each process adds, directly and in all, largest first."""
        system = self._systems[self._known(alternative)]
        return contributions_of(
            system, self._supply(alternative), self._method(method).factors
        )

    def sankey(self, alternative: str, method: str, cutoff: float = 0.01) -> Sankey:
        """Give the flows of a score from process to process, for drawing.

        Parameters
        ----------
        cutoff
            Processes below this share of the score are drawn as one, 0..1.
        """
        return sankey_of(
            self._systems[self._known(alternative)],
            self._medians(alternative),
            self._method(method).factors,
            title=self.study.functional_unit,
            cutoff=cutoff,
        )

    def tornado(
        self, alternative: str, method: str, *, minus: str = "", largest: int = 10
    ) -> tuple[Swing, ...]:
        """Give how far each number alone swings a score, or a difference of two.

        Parameters
        ----------
        minus
            The alternative to take off; empty: the score itself.
        largest
            How many, largest first.
        """
        return tornado_of(
            self.database,
            self.study.alternatives[self._known(alternative)],
            self.study.alternatives[self._known(minus)] if minus else None,
            self._method(method).factors,
            largest=largest,
        )

    def gross(self, alternative: str, method: str) -> float:
        """Give the sum of what all processes score, credits without their sign."""
        factors = self._method(method).factors
        system = self._systems[self._known(alternative)]
        return float(np.abs(system.direct(factors) * self._supply(alternative)).sum())

    def assumed_fraction(self, alternative: str, method: str) -> float:
        """Give the share of a score's gross sum that rests on assumptions, 0..1."""
        factors = self._method(method).factors
        system = self._systems[self._known(alternative)]
        whole = self.gross(alternative, method)
        sure = build_system(self.database, system.reach, _sure_amount)
        supply = sure.supply(self._medians(alternative), 1)[:, 0]
        kept = np.abs(sure.direct(factors) * supply).sum()
        return float(np.clip(1 - kept / whole, 0, 1)) if whole > 0 else 0.0

    def covered_fraction(self, alternative: str, method: str, by: str) -> float:
        """Give the share of another score whose processes this method has figures of.

        Parameters
        ----------
        method
            Whose cover is asked; a process counts where it emits one of its flows,
            be it nothing.
        by
            The method whose gross sum is the measure, 0..1.
        """
        flows = self._method(method).factors
        factors = self._method(by).factors
        system = self._systems[self._known(alternative)]
        each = np.abs(system.direct(factors) * self._supply(alternative))
        known = {place for flow, place in system.emitted if flow in flows}
        whole = float(each.sum())
        return float(sum(each[place] for place in known)) / whole if whole > 0 else 0.0

    def numbers(self, alternative: str) -> tuple[Factor, ...]:
        """Give every sourced number that an alternative reaches, by id."""
        found = {}
        demand = self.study.alternatives[self._known(alternative)]
        for process in reach_of(self.database, demand).processes:
            for exchange in process.exchanges:
                if exchange.sourced:
                    factor = factor_of(self.database, process, exchange)
                    found[factor.id] = factor
        return tuple(found[key] for key in sorted(found))

    def _medians(self, alternative: str) -> dict[str, Floats]:
        return demand_medians(self.study.alternatives[alternative])

    def _supply(self, alternative: str) -> Floats:
        system = self._systems[alternative]
        supply: Floats = system.supply(self._medians(alternative), 1)[:, 0]
        return supply

    def _known(self, alternative: str) -> str:
        if alternative not in self.study.alternatives:
            raise NotFound(f"study: alternative {alternative!r} is not in it")
        return alternative

    def _method(self, method: str) -> Method:
        known = self.score[next(iter(self.score))]
        if method not in known:
            raise NotFound(f"study: method {method!r} was not asked for")
        return self.database.methods[method]


def solve(
    study: Study,
    draws: int = 1000,
    seed: int = 1,
    *,
    database: Database | None = None,
) -> StudyResult:
    """Score every alternative of a study, at the medians and in paired draws.

    Parameters
    ----------
    study
        What is compared.
    draws
        Paired draws of every number, 1 or more.
    seed
        Part of the input: same seed, same answer.
    database
        Instead of the package's own.

    Raises
    ------
    InvalidInput
        When ``draws`` is below 1, an own process clashes with the database, a loop
        takes more than it gives, or a score has no end.
    NotFound
        When a demanded process or a method is not known.

    References
    ----------
    .. [1] Heijungs & Suh 2002, The Computational Structure of Life Cycle Assessment,
       doi:10.1007/978-94-015-9900-9 (``A s = f``, ``g = B s``, ``h = C g``).
    """
    whole = (database or own_database()).with_processes(study.processes)
    methods = study.methods or tuple(whole.methods)
    for method in methods:
        if method not in whole.methods:
            raise NotFound(f"study: method {method!r} is not in the database")
    chance = Chance(seed, draws)
    with np.errstate(over="ignore", invalid="ignore"):
        scores, drawn, systems = _solved(study, whole, methods, chance)
    for name, by_method in drawn.items():
        if not all(np.isfinite(each).all() for each in by_method.values()):
            raise InvalidInput(
                f"study: the scores of {name} are beyond what numbers hold",
                remedy="ask for less of it; scores grow in step",
            )
    return StudyResult(study, whole, scores, drawn, seed, systems)


Scores = dict[str, dict[str, float]]
Drawn = dict[str, dict[str, Floats]]


def _solved(
    study: Study, whole: Database, methods: tuple[str, ...], chance: Chance
) -> tuple[Scores, Drawn, dict[str, System]]:
    """Score at the medians and in the draws; what overflows is not finite."""
    draws = chance.draws
    moving = build_system(
        whole,
        reach_of(whole, [one for each in study.alternatives.values() for one in each]),
        lambda process, one: exchange_draws(chance, process, one),
    )
    scores: Scores = {}
    drawn: Drawn = {}
    systems: dict[str, System] = {}
    for name, demand in study.alternatives.items():
        still = build_system(whole, reach_of(whole, demand), _median_amount)
        systems[name] = still
        at_median = still.inventory(still.supply(demand_medians(demand), 1))
        in_draws = moving.inventory(moving.supply(demand_draws(chance, demand), draws))
        scores[name], drawn[name] = {}, {}
        for method in methods:
            factors = whole.methods[method].factors
            scores[name][method] = float(score(at_median, factors)[0])
            each = score(in_draws, factors)
            drawn[name][method] = np.broadcast_to(each, (draws,))
    return scores, drawn, systems


def _median_amount(_: Process, exchange: Exchange) -> Floats:
    return certain(exchange.amount)


def _sure_amount(_: Process, exchange: Exchange) -> Floats:
    return certain(0.0 if exchange.assumed else exchange.amount)
