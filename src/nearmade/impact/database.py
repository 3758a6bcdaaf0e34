"""The process database: what a unit of each thing takes and emits, with sources.

The tables stand as JSON in ``impact/records``, vehicles in the vocabulary, where
logistics reads them too; each number carries its value, unit, source, year, geography,
boundary, spread, and whether it is assumed. A lognormal
amount is the median of its draws, so their mean lies above it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from importlib.resources import files
from math import inf, isfinite
from typing import Any, Final

from nearmade.impact.freight_rows import freight_rows
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.factor import Factor

#: Source of what holds by definition, such as one kilogram of resin in a kilogram of
#: filament; such an exchange is no factor and is never drawn.
BY_DEFINITION: Final = "by definition"

#: The 90th percentile of the standard normal distribution.
Z90: Final = 1.2815515655446004

#: The tables, in the order in which they are read.
TABLES: Final = (
    "polymers",
    "electricity",
    "freight",
    "making",
    "end_of_life",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """What a process exchanges with nature, or with the tally.

    Parameters
    ----------
    id
        Such as ``co2e/burnt``.
    name
        For people.
    unit
        Such as ``g`` or ``MJ``.
    """

    id: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one unit of a process takes of another process, or emits of a flow.

    Parameters
    ----------
    input
        Id of a process (taken) or of a flow (emitted or drawn from nature).
    amount
        Per unit of the process; the median; below zero for a credit. [input's unit]
    geometric_sd
        Of a lognormal amount, 1 or more; 1 is certain.
    source
        Publication, table and year; ``assumed: ...`` says what an assumption rests on.
    year
        Year the value speaks of; 0 when the source does not say.
    geography
        Where it holds: ISO 3166-1 alpha-2, ``EU``, or ``GLO``.
    assumed
        True when no source was found and the value is ours.
    id
        Name of the number; empty: the process and the input.
    drawn_as
        Numbers of one name move together in the draws; empty: by ``id``.
    boundary
        What is counted, such as ``cradle to gate``.
    low, high
        10th and 90th percentile instead of ``geometric_sd``.

    Raises
    ------
    InvalidInput
        When the amount is not finite, the spread below 1 or out of order, or there is
        no source.
    """

    input: str
    amount: float
    geometric_sd: float = 1.0
    source: str = BY_DEFINITION
    year: int = 0
    geography: str = "GLO"
    assumed: bool = False
    id: str = ""
    drawn_as: str = ""
    boundary: str = ""
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        name = self.id or self.input
        if not isfinite(self.amount):
            raise InvalidInput(f"exchange {name}: amount {self.amount} is not finite")
        if not 1 <= self.geometric_sd < inf:
            raise InvalidInput(
                f"exchange {name}: geometric_sd {self.geometric_sd} must be 1 or more"
            )
        if not self.source:
            raise InvalidInput(f"exchange {name}: a source is needed")
        if (self.low is None) != (self.high is None):
            raise InvalidInput(f"exchange {name}: low and high come together")
        if (
            self.low is not None
            and self.high is not None
            and not -inf < self.low <= self.amount <= self.high < inf
        ):
            raise InvalidInput(
                f"exchange {name}: {self.low} .. {self.amount} .. {self.high} are not "
                "in order"
            )

    @property
    def sourced(self) -> bool:
        """Whether it is a number with a source, not a definition."""
        return self.source != BY_DEFINITION

    @property
    def certain(self) -> bool:
        """Whether it never moves in the draws."""
        if self.low is not None:
            return self.low == self.high
        return self.geometric_sd == 1 or self.amount == 0


@dataclass(frozen=True, slots=True)
class Process:
    """One process with one product.

    Parameters
    ----------
    id
        Such as ``filament/pla``.
    name
        For people.
    unit
        Of its product: ``kg``, ``kWh``, ``t.km``, ``h``, ``piece``.
    location
        ISO 3166-1 alpha-2, ``EU`` or ``GLO``.
    exchanges
        What one unit takes and emits.
    group
        Kind of process, such as ``polymer``.
    note
        What else the reader should know.
    """

    id: str
    name: str
    unit: str
    location: str
    exchanges: tuple[Exchange, ...]
    group: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """An impact category: how much each flow counts.

    Parameters
    ----------
    id
        Such as ``gwp100``.
    name
        For people.
    unit
        Of the score, such as ``gCO2e``.
    factors
        Characterisation factor by flow id. [unit / flow's unit]
    source
        Where the factors come from.
    """

    id: str
    name: str
    unit: str
    factors: Mapping[str, float]
    source: str


@dataclass(frozen=True)
class Database:
    """Processes, flows and methods that belong together.

    Parameters
    ----------
    processes, flows, methods
        By id.

    Raises
    ------
    InvalidInput
        When an exchange names something that is not there, or two numbers of one id
        differ.
    """

    processes: Mapping[str, Process]
    flows: Mapping[str, Flow]
    methods: Mapping[str, Method]

    def __post_init__(self) -> None:
        both = self.processes.keys() & self.flows.keys()
        if both:
            raise InvalidInput(f"database: {min(both)} is a process and a flow")
        for process in self.processes.values():
            for exchange in process.exchanges:
                self._check(process, exchange)
        for method in self.methods.values():
            for flow in method.factors:
                if flow not in self.flows:
                    raise InvalidInput(f"method {method.id}: flow {flow} is not known")

    def _check(self, process: Process, exchange: Exchange) -> None:
        if exchange.input not in self.processes and exchange.input not in self.flows:
            raise InvalidInput(
                f"process {process.id}: input {exchange.input!r} is not known",
                code="unknown-process",
            )

    def process(self, process_id: str) -> Process:
        """Look a process up.

        Raises
        ------
        NotFound
            When there is none of that id.
        """
        found = self.processes.get(process_id)
        if found is None:
            raise NotFound(f"process {process_id!r} is not in the database")
        return found

    def unit_of(self, input_id: str) -> str:
        """Give the unit of a process's product or of a flow."""
        flow = self.flows.get(input_id)
        return flow.unit if flow is not None else self.process(input_id).unit

    def with_processes(self, more: Iterable[Process]) -> Database:
        """Give this database with further processes of a study.

        Raises
        ------
        InvalidInput
            When an id is there already with another content.
        """
        processes = dict(self.processes)
        for process in more:
            if processes.setdefault(process.id, process) != process:
                raise InvalidInput(f"process {process.id!r}: is there already")
        return Database(processes, self.flows, self.methods)

    @cached_property
    def numbers(self) -> Mapping[str, Factor]:
        """Every sourced number by its id, with value, unit and source."""
        return {
            factor.id: factor
            for process in self.processes.values()
            for exchange in process.exchanges
            if exchange.sourced
            for factor in (factor_of(self, process, exchange),)
        }

    @cached_property
    def sha256(self) -> str:
        """Fingerprint of everything in it."""
        record = {
            "processes": [
                asdict(self.processes[key]) for key in sorted(self.processes)
            ],
            "flows": [asdict(self.flows[key]) for key in sorted(self.flows)],
            "methods": [
                {
                    **asdict(self.methods[key]),
                    "factors": dict(self.methods[key].factors),
                }
                for key in sorted(self.methods)
            ],
        }
        text = json.dumps(record, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def number_id(process: Process, exchange: Exchange) -> str:
    """Give the name of an exchange's number."""
    return exchange.id or f"{process.id} < {exchange.input}"


def drawn_name(process: Process, exchange: Exchange) -> str:
    """Give the name under which an exchange is drawn."""
    return exchange.drawn_as or number_id(process, exchange)


def factor_of(database: Database, process: Process, exchange: Exchange) -> Factor:
    """Give an exchange as a factor, to show its value and source."""
    taken = database.unit_of(exchange.input)
    return Factor(
        id=number_id(process, exchange),
        value=exchange.amount,
        unit=f"{taken}/{process.unit}",
        source=exchange.source,
        geometric_sd=_geometric_sd(exchange),
        year=exchange.year,
        assumed=exchange.assumed,
    )


def _geometric_sd(exchange: Exchange) -> float:
    """Give the spread of a number, from its two percentiles where it has them."""
    if exchange.low is None or exchange.high is None or not exchange.low > 0:
        return exchange.geometric_sd
    return float((exchange.high / exchange.low) ** (1 / (2 * Z90)))


@cache
def own_database() -> Database:
    """Give the database that comes with the package."""
    frame = table("methods")
    sources = {key: str(text) for key, text in table("sources").items()}
    flows = {row["id"]: Flow(**row) for row in frame["flows"]}
    methods = {row["id"]: Method(**row) for row in frame["methods"]}
    rows = [row for name in TABLES for row in table(name)["processes"]]
    processes = [process_from(row, sources) for row in (*rows, *freight_rows())]
    return Database({one.id: one for one in processes}, flows, methods)


def table(name: str) -> dict[str, Any]:
    """Read one table of ``impact/records`` as it stands."""
    text = (
        files("nearmade.impact").joinpath("records", f"{name}.json").read_text("utf-8")
    )
    found: dict[str, Any] = json.loads(text)
    return found


def process_from(row: Mapping[str, Any], sources: Mapping[str, str]) -> Process:
    """Build a process from its row; ``{name}`` in a source stands for the whole title.

    Raises
    ------
    InvalidInput
        When a number is out of range.
    """
    exchanges = tuple(
        Exchange(
            **{
                **one,
                "source": str(one.get("source", BY_DEFINITION)).format_map(sources),
                "assumed": str(one.get("source", "")).startswith("assumed:"),
            }
        )
        for one in row["exchanges"]
    )
    return Process(**{**row, "exchanges": exchanges})
