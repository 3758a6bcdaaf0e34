"""How long matching takes: columns against a plain scan of ours, in one run.

Networks are the facilities of the demo network, drawn by seed with other places, hours,
build volumes, stock and statuses. Both ways answer the same parts and must agree.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from nearmade.facilities.facility import Facility, Feedstock, Machine
from nearmade.facilities.record import facility_from_record
from nearmade.geometry.facts import PartFacts
from nearmade.matching.match import judge_each
from nearmade.matching.near_misses import near_misses
from nearmade.matching.substitution import substitutes_by
from nearmade.matching.table import NetworkTable
from nearmade.matching.table_gates import judge_table
from nearmade.matching.verdict import Requirement
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.identity import FacilityId, MachineId
from nearmade.vocabulary.place import Place

ROOT = Path(__file__).resolve().parents[2]
NETWORK = ROOT / "examples" / "networks" / "demo.json"
SEED = 20_261
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
NAIROBI = Place("Nairobi", "KE", -1.28333, 36.81667)
REPEATS = 5
EXPLAINED = 100

Figures = dict[str, dict[str, float]]


def drawn_network(sites: int, machines_each: int) -> list[Facility]:
    """Draw a network by seed."""
    chance = random.Random(SEED)
    records = json.loads(NETWORK.read_text("utf-8"))["facilities"]
    known = [facility_from_record(record) for record in records]
    models = [machine for facility in known for machine in facility.machines]
    return [
        _drawn_site(number, chance.choice(known), models, machines_each, chance)
        for number in range(sites)
    ]


def _drawn_site(
    number: int,
    like: Facility,
    models: Sequence[Machine],
    machines_each: int,
    chance: random.Random,
) -> Facility:
    name = f"site-{number}"
    return replace(
        like,
        id=FacilityId(name),
        place=Place(name, "KE", chance.uniform(-60, 70), chance.uniform(-180, 180)),
        status="closed" if chance.random() < 0.05 else "active",
        queue_s=chance.randrange(0, 500_000),
        machines=tuple(
            _drawn_machine(f"{name}/{index}", chance.choice(models), chance)
            for index in range(machines_each)
        ),
        feedstocks=tuple(
            Feedstock(material, chance.choice(("white", "black", "red")), stock_g)
            for material in ("PLA", "PETG", "ABS", "TPU")
            if (stock_g := chance.uniform(-500, 3_000)) > 0
        ),
        certifications=("ISO 9001",) if chance.random() < 0.2 else (),
    )


def _drawn_machine(name: str, like: Machine, chance: random.Random) -> Machine:
    x_mm, y_mm, z_mm = (
        side * chance.uniform(0.6, 1.4) for side in like.build_volume_mm
    )
    return replace(
        like,
        id=MachineId(name),
        build_volume_mm=(x_mm, y_mm, z_mm),
        status="down" if chance.random() < 0.05 else "ready",
        tolerance_mm=chance.choice((None, 0.1, 0.2, 0.5)),
    )


def drawn_parts(count: int) -> list[Requirement]:
    """Draw parts by seed: from a knob to what few machines hold."""
    chance = random.Random(SEED + 1)
    return [
        Requirement(
            f"part-{number}",
            _block(*(chance.uniform(10, 260) for _ in range(3))),
            chance.choice(("FDM", "FDM", "3DP", "SLA")),
            tuple(chance.sample(("PLA", "PETG", "ABS", "TPU", "ASA"), 2)),
            chance.randint(1, 10),
            chance.uniform(5, 200),
            commercial_use=chance.random() < 0.9,
        )
        for number in range(count)
    ]


def whole_wish(part: Requirement) -> Requirement:
    """Let a part ask for everything that a part can ask for."""
    return replace(
        part,
        needed_by=NOW + timedelta(days=3),
        properties={"heat_deflection_degc": 50},
        tolerance_mm=0.2,
        certifications=("ISO 9001",),
        detail_mm=0.4,
        near=NAIROBI,
        within_km=5_000.0,
        barred_countries=("FR",),
    )


def _block(x_mm: float, y_mm: float, z_mm: float) -> PartFacts:
    plate, walls = x_mm * y_mm, 2 * (x_mm + y_mm) * z_mm
    return PartFacts(
        triangles=12,
        watertight=True,
        volume_mm3=plate * z_mm,
        area_mm2=2 * plate + walls,
        extents_mm=(x_mm, y_mm, z_mm),
        bodies=1,
        side_mm2=walls,
        up_mm2=plate,
        down_mm2=plate,
        overhang_mm2=0.0,
        contact_mm2=plate,
    )


def cpu_ms(ask: Callable[[], object]) -> float:
    """Give the processor time of one call. [ms]"""
    before = time.process_time_ns()
    ask()
    return (time.process_time_ns() - before) / 1e6


def warm(ask: Callable[[], object], repeats: int = REPEATS) -> dict[str, float]:
    """Give the median and the most of some calls after a first one. [ms]"""
    first = cpu_ms(ask)
    times = [cpu_ms(ask) for _ in range(repeats)]
    return {
        "first_ms": first,
        "median_ms": statistics.median(times),
        "most_ms": max(times),
    }


@dataclass(frozen=True)
class Asked:
    """A network laid out, and how long that took. [ms]"""

    facilities: list[Facility]
    table: NetworkTable
    laying_ms: float

    @classmethod
    def of(cls, sites: int, machines_each: int) -> Asked:
        """Draw a network and lay it out."""
        facilities = drawn_network(sites, machines_each)
        made: list[NetworkTable] = []
        laying = cpu_ms(lambda: made.append(NetworkTable.of(facilities, MAKEABLE)))
        return cls(facilities, made[0], laying)

    def judge(self, part: Requirement) -> object:
        """Ask the columns."""
        return judge_table(part, self.table, NOW)

    def scan(self, part: Requirement) -> object:
        """Ask facility after facility."""
        return judge_each(part, self.facilities, NOW, profiles=MAKEABLE)

    def agree(self, part: Requirement) -> bool:
        """Tell whether both ways say the same of each facility."""
        judged = judge_table(part, self.table, NOW)
        told = judge_each(part, self.facilities, NOW, profiles=MAKEABLE)
        words = [each.verdict for each in told]
        return words == [judged.verdict(number) for number in range(len(words))]

    def explain(self, part: Requirement) -> object:
        """Ask the columns, then for the words of some refusals."""
        judged = judge_table(part, self.table, NOW)
        refused = np.flatnonzero(judged.sites == 0)[:EXPLAINED]
        return [judged.explain(int(number)) for number in refused]

    def changes(self, part: Requirement) -> object:
        """Ask the columns, then for changes that would open more."""
        judged = judge_table(part, self.table, NOW)
        look_up = substitutes_by(part.process, part.properties)
        return near_misses(judged, part, NOW, substitutes=look_up)


def speeds() -> tuple[Figures, dict[str, float], bool]:
    """Time each way; give also the time of laying out and whether all agree."""
    part = replace(drawn_parts(1)[0], process="FDM", materials=("PETG", "PLA"))
    wish = whole_wish(part)
    many, large, small = Asked.of(5_000, 3), Asked.of(5_000, 20), Asked.of(122, 3)
    designs = drawn_parts(106)
    figures = {
        "1 design, 5,000 facilities: columns": warm(lambda: many.judge(part)),
        "the same, asking for everything": warm(lambda: many.judge(wish)),
        f"the same and {EXPLAINED} refusals in words": warm(lambda: many.explain(part)),
        "the same and changes that help": warm(lambda: many.changes(part)),
        "the same by plain scan": warm(lambda: many.scan(part), 1),
        "1 design, 100,000 machines: columns": warm(lambda: large.judge(part)),
        "the same, asking for everything, 100,000": warm(lambda: large.judge(wish)),
        "the same by plain scan, 100,000": warm(lambda: large.scan(part), 1),
        "106 designs x 122 facilities: columns": warm(
            lambda: [small.judge(each) for each in designs]
        ),
        "the same by plain scan, 106 x 122": warm(
            lambda: [small.scan(each) for each in designs], 1
        ),
    }
    laying = {
        "5,000 facilities": many.laying_ms,
        "100,000 machines": large.laying_ms,
        "122 facilities": small.laying_ms,
    }
    agree = all(
        (
            many.agree(part),
            many.agree(wish),
            large.agree(part),
            *(small.agree(each) for each in designs),
        )
    )
    return figures, laying, agree


def growth() -> dict[int, float]:
    """Give the median time of one design by the number of machines. [ms]"""
    wish = whole_wish(drawn_parts(1)[0])
    return {
        asked.table.machines.site.size: warm(lambda a=asked: a.judge(wish))["median_ms"]  # type: ignore[misc]
        for asked in (Asked.of(sites, 5) for sites in (1_000, 4_000, 16_000))
    }


def table(figures: Figures, laying: dict[str, float], grown: dict[int, float]) -> str:
    """Write one line for each way to ask, then laying out, then growth."""
    lines = [f"{'CPU ms':<44}{'first':>10}{'median':>10}{'most':>10}"]
    lines += [
        f"{name:<44}{row['first_ms']:>10.2f}{row['median_ms']:>10.2f}"
        f"{row['most_ms']:>10.2f}"
        for name, row in figures.items()
    ]
    lines += [f"{'laying out ' + name:<44}{ms:>10.1f}" for name, ms in laying.items()]
    lines += [
        f"{f'{machines:,} machines, everything asked':<44}{'':>10}{ms:>10.2f}"
        for machines, ms in grown.items()
    ]
    return "\n".join(lines)
