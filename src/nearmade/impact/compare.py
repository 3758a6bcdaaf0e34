"""Every way of a case beside the others: scores, chances, contributions, sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from nearmade.impact.case import METHODS, Case, study_of_case
from nearmade.impact.partial import NOTE, PartialScore, partial_scores
from nearmade.impact.study import Difference, StudyResult, solve
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor

#: Contributions that are told, largest first.
MOST_SHARES: Final = 20
#: Flows below this share of a score are drawn as one.
CUTOFF_FRACTION: Final = 0.01
#: Percentiles of every interval told here.
LOW, HIGH = 5, 95

LIMITS: Final = (
    "Climate is GWP100; freight is well to wheel, air freight with radiative forcing.",
    "Intervals are 5 to 95 %; a chance counts paired draws, what ways share cancels.",
    "Moulded plastic counts forming as DEFRA does, not on the factory's own grid.",
    "Board, waste, steel and machines have no energy figure.",
    NOTE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ways set against each other in one impact category."""

    first: str
    second: str
    method: str
    difference: Difference


@dataclass(frozen=True, eq=False)
class Comparison:
    """A case with its solved study.

    Parameters
    ----------
    case
        What was asked.
    result
        Scores and draws.
    """

    case: Case
    result: StudyResult

    def score(self, way: str, method: str) -> Estimate:
        """Give a score with its 5th and 95th percentile. [the method's unit]"""
        return self.result.interval(way, method, LOW, HIGH)

    def partial(self, way: str) -> tuple[PartialScore, ...]:
        """Give the scores that cover a part of the way only."""
        return partial_scores(self.result, way)

    def pairs(self, method: str) -> tuple[Pair, ...]:
        """Set every way against those after it."""
        names = list(self.case.ways)
        return tuple(
            Pair(one, two, method, self.result.difference(one, two, method))
            for number, one in enumerate(names)
            for two in names[number + 1 :]
        )

    def sources(self) -> tuple[Factor, ...]:
        """Give every number that any way reaches, once, by id."""
        found = {
            one.id: one for name in self.case.ways for one in self.result.numbers(name)
        }
        return tuple(found[key] for key in sorted(found))

    def best(self, method: str) -> str:
        """Name the way that scores least at the medians."""
        return min(self.case.ways, key=lambda name: self.result.score[name][method])

    def record(self) -> dict[str, Any]:
        """Give everything as plain values for JSON."""
        result, methods = self.result, self.result.database.methods
        return {
            "functional_unit": self.case.functional_unit,
            "goal": self.case.goal,
            "boundary": result.study.boundary,
            "to": str(self.case.to),
            "seed": result.seed,
            "draws": next(iter(result.draws.values()))[METHODS[0]].size,
            "database_sha256": result.database.sha256,
            "units": {key: methods[key].unit for key in METHODS},
            "ways": {name: self._way(name) for name in self.case.ways},
            "comparisons": [
                {
                    "first": pair.first,
                    "second": pair.second,
                    "method": pair.method,
                    **asdict(pair.difference),
                }
                for method in METHODS[:2]
                for pair in self.pairs(method)
            ],
            "sources": [asdict(one) for one in self.sources()],
            "notes": [*self.case.all_notes, *LIMITS],
        }

    def _way(self, name: str) -> dict[str, Any]:
        shares = self.result.contributions(name, "gwp100")[:MOST_SHARES]
        return {
            "scores": {key: self.score(name, key).as_dict() for key in METHODS},
            "assumed_fraction": self.result.assumed_fraction(name, "gwp100"),
            "partial": [asdict(one) for one in self.partial(name)],
            "contributions": [asdict(one) for one in shares],
            "sankey": asdict(self.result.sankey(name, "gwp100", CUTOFF_FRACTION)),
        }


def compare(case: Case, *, draws: int = 1000, seed: int = 1) -> Comparison:
    """Solve a case.

    Parameters
    ----------
    case
        What is compared.
    draws
        Paired draws of every number, 1 or more.
    seed
        Part of the input: same seed, same answer.

    Raises
    ------
    InvalidInput
        When a material, a mode or a process is not known, or ``draws`` is below 1.
    NotFound
        When a demanded process is not in the database.
    """
    return Comparison(case, solve(study_of_case(case), draws, seed))


def activities_of(
    comparison: Comparison, way: str, method: str
) -> tuple[tuple[str, float], ...]:
    """Give what each activity of a way adds, everything upstream in it, largest first.

    Activities are the processes of the way's own; of a way that demands the database
    straight, the processes it demands.
    """
    named = comparison.result.study.alternatives[way]
    rows: Iterable[tuple[str, float]] = (
        (one.name, one.total)
        for one in comparison.result.contributions(way, method)
        if one.process in named and one.total != 0
    )
    return tuple(sorted(rows, key=lambda row: -abs(row[1])))
