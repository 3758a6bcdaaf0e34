"""How long quotes take: one part at a thousand machines.

The machines are those of the demo network, drawn by seed until there are a thousand.
The parts are a few plain ones and, where there is a folder of meshes, its own. Reading
and measuring a mesh are left out: facts are kept with the part.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from nearmade.adapters.exchange import latest_rates
from nearmade.facilities.facility import Facility
from nearmade.facilities.record import facility_from_record
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import read_stl
from nearmade.planning.machine_quotes import quote_machines
from nearmade.planning.offers import quote_network
from nearmade.planning.site_work import PartDemand
from nearmade.quoting.learned import Correction
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.market import Market, PricedMachine
from nearmade.quoting.price import price_build
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import PartName
from nearmade.vocabulary.place import Place

ROOT = Path(__file__).resolve().parents[2]
NETWORK = ROOT / "examples" / "networks" / "demo.json"
MACHINES = 1_000
SEED = 20_260
NAIROBI = Place("Nairobi", "KE", -1.28333, 36.81667)
NOW = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)

Figures = dict[str, dict[str, float]]


def thousand_machines() -> list[Facility]:
    """Draw facilities of the demo network by seed until a thousand machines stand."""
    records = json.loads(NETWORK.read_text("utf-8"))["facilities"]
    chance = random.Random(SEED)
    facilities: list[Facility] = []
    while sum(len(each.machines) for each in facilities) < MACHINES:
        text = json.dumps(chance.choice(records))
        old = json.loads(text)["nearmade"]["id"]
        new = text.replace(old, f"{old}-{len(facilities)}")
        facilities.append(facility_from_record(json.loads(new)))
    return facilities


def priced_machines(facilities: Sequence[Facility]) -> list[PricedMachine]:
    """Take each machine with the first of its profiles that has a price."""
    priced = []
    for facility in facilities:
        for machine in facility.machines:
            profile = next(
                PROFILES[each]
                for each in machine.profiles
                if PROFILES[each].material in facility.tariff.material_gram
            )
            priced.append(
                PricedMachine.of(facility.id, machine, profile, facility.tariff)
            )
    return priced[:MACHINES]


def _each_with_a_history(machines: Sequence[PricedMachine]) -> list[PricedMachine]:
    """Give every machine a correction that no other has, by seed."""
    chance = random.Random(SEED)
    return [
        replace(each, correction=Correction(chance.uniform(0.9, 1.3)))
        for each in machines
    ]


def facts_of(folder: Path, most: int) -> Iterator[PartFacts]:
    """Measure some of a folder's meshes that have a volume, by seed."""
    paths = sorted(folder.rglob("*.stl"))
    random.Random(SEED).shuffle(paths)
    taken = 0
    for path in paths:
        try:
            facts = measure(read_stl(path.read_bytes()))
        except InvalidInput:
            continue
        if facts.volume_mm3 > 0 and taken < most:
            taken += 1
            yield facts


def cpu_ms(ask: Callable[[], object]) -> float:
    """Give the processor time of one call. [ms]"""
    before = time.process_time_ns()
    ask()
    return (time.process_time_ns() - before) / 1e6


def speeds(parts: Sequence[PartFacts], repeats: int = 3) -> Figures:
    """Time each way to ask, over all parts; median and 90th percentile. [ms]"""
    facilities = thousand_machines()
    machines = priced_machines(facilities)
    market, rates = Market(machines), latest_rates()
    aged = Market(_each_with_a_history(machines))
    profile = PROFILES[next(iter(PROFILES))]

    def demand(facts: PartFacts) -> PartDemand:
        return PartDemand(PartName("a"), "a", 1, ("PLA",), "FDM", facts, 0.2)

    def one_by_one(facts: PartFacts) -> None:
        for each in machines:
            build = estimate_level0(facts, each.profile, 1)
            price_build([build], each.tariff, [each.profile.material])

    def network(facts: PartFacts) -> None:
        quote_network(
            [demand(facts)],
            0.0,
            0.0,
            0.0,
            facilities,
            NAIROBI,
            deliver=True,
            now=NOW,
            rates=rates,
            promise_days=14,
            carbon_price_usd_per_t=100,
            commercial_use=True,
        )

    ways: dict[str, Callable[[PartFacts], object]] = {
        "level 0, one profile": lambda facts: estimate_level0(facts, profile),
        "prices at 1,000 machines": lambda facts: market.quote(facts),
        "the same, each with its own history": lambda facts: aged.quote(facts),
        "the same, ranked by price": lambda facts: market.quote(facts).ranked(
            rates, by="price"
        ),
        "with gates and price lists read": lambda facts: quote_machines(
            demand(facts), facilities, NOW, commercial_use=True
        ),
        "whole quote: carriage, CO2e, plans": network,
        "one by one, as a check": one_by_one,
    }
    return {name: _spread(way, parts, repeats) for name, way in ways.items()}


def _spread(
    way: Callable[[PartFacts], object], parts: Sequence[PartFacts], repeats: int
) -> dict[str, float]:
    way(parts[0])
    times = sorted(
        cpu_ms(lambda facts=facts: way(facts))  # type: ignore[misc]
        for facts in parts
        for _ in range(repeats)
    )
    return {
        "median_ms": statistics.median(times),
        "p90_ms": times[int(0.9 * (len(times) - 1))],
        "most_ms": times[-1],
        "calls": float(len(times)),
    }


def table(figures: Figures) -> str:
    """Write one line for each way to ask."""
    lines = [f"{'CPU ms':<38}{'median':>9}{'p90':>9}{'most':>9}{'calls':>7}"]
    lines += [
        f"{name:<38}{row['median_ms']:>9.3f}{row['p90_ms']:>9.3f}"
        f"{row['most_ms']:>9.3f}{row['calls']:>7.0f}"
        for name, row in figures.items()
    ]
    return "\n".join(lines)
