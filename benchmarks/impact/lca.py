"""How long studies take: a comparison of three ways to one frame, and larger ones."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nearmade.impact.account import account_order
from nearmade.impact.database import own_database
from nearmade.impact.freight import FreightLeg
from nearmade.impact.inventory import (
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.impact.study import Study, StudyResult, solve
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place

GOLDEN = Path(__file__).resolve().parents[2] / "tests/impact/golden/brightway.json"
DRAWS = 1000
SEED = 7
REPEATS = 7

#: One spectacle frame: on the grid, by sun and recyclebot, and out of a factory.
FRAME = Study(
    "One spectacle frame at a door in Nairobi",
    {
        "grid": {
            "filament/petg": Estimate(0.025, 0.023, 0.029),
            "carriage/feedstock": 0.025,
            "electricity/ke": Estimate(0.125, 0.1, 0.16),
            "machine/desktop-printer-hour": 1.5,
            "freight/van-diesel": 0.005,
            "packaging/board": 0.03,
            "waste/plastics-landfill": 0.025,
        },
        "sun": {
            "filament/recyclebot-solar": Estimate(0.025, 0.023, 0.029),
            "electricity/solar-stored": Estimate(0.125, 0.1, 0.16),
            "machine/desktop-printer-hour": 1.5,
            "freight/van-diesel": 0.005,
            "packaging/board": 0.03,
            "waste/plastics-landfill": 0.025,
        },
        "central": {
            "moulded/rigid": 0.018,
            "carriage/resin": 0.018,
            "mould/share": 1.0,
            "freight/ship-container": 0.5,
            "freight/hgv-all": 0.04,
            "carriage/last-mile": 0.048,
            "packaging/board": 0.03,
            "waste/plastics-landfill": 0.018,
        },
    },
)


def three_ways() -> StudyResult:
    """Compare three ways in 1,000 draws under every method."""
    return solve(FRAME, DRAWS, SEED)


def everything() -> StudyResult:
    """Score every process of the database in 1,000 draws under two methods."""
    names = own_database().processes
    study = Study("One", {n: {n: 1.0} for n in names}, methods=("gwp100", "ced"))
    return solve(study, DRAWS, SEED)


def one_card() -> object:
    """Account for one order in 2,000 draws."""
    inventory = OrderInventory(
        "One frame",
        (MadePart("frame", "PETG", Estimate(20.0, 18.0, 23.0), 0.1),),
        (
            SiteElectricity(
                "nairobi", "KE", solar=False, energy_wh=Estimate(100.0, 90.0, 120.0)
            ),
        ),
        (FreightLeg("van", 100.0, 50.0),),
        central_alternative(Place("Nairobi", "KE", -1.29, 36.82)),
    )
    return account_order(inventory, seed=SEED)


def opened() -> object:
    """Open a solved comparison: contributions, Sankey, tornado."""
    result = three_ways()
    return (
        result.contributions("grid", "gwp100"),
        result.sankey("grid", "gwp100"),
        result.tornado("grid", "gwp100", minus="central"),
    )


CASES: dict[str, Callable[[], object]] = {
    "three ways to one frame, 1,000 draws, every method": three_ways,
    "the same, with contributions, Sankey and tornado": opened,
    "one order's card, 2,000 draws": one_card,
    "every process of the database, 1,000 draws, two methods": everything,
}


def speeds() -> dict[str, dict[str, float]]:
    """Measure processor time, the first run by itself. [s]"""
    own_database()
    figures = {}
    for name, run in CASES.items():
        taken = []
        for _ in range(REPEATS):
            start = time.process_time()
            run()
            taken.append(time.process_time() - start)
        figures[name] = {
            "first_s": taken[0],
            "median_s": statistics.median(taken),
            "most_s": max(taken),
        }
    return figures


def furthest_from_brightway() -> dict[str, Any]:
    """Give the largest relative gap to Brightway's scores."""
    golden = json.loads(GOLDEN.read_text("utf-8"))
    names = [name for name in golden["processes"] if not name.startswith("loop/")]
    ours = solve(Study("One", {name: {name: 1.0} for name in names}), 1).score
    gap, count = 0.0, 0
    for name in names:
        for method, theirs in golden["processes"][name].items():
            count += 1
            if not math.isclose(theirs, ours[name][method], abs_tol=1e-15):
                gap = max(gap, abs(ours[name][method] / theirs - 1))
    return {"scores": count, "largest_relative_gap": gap, **golden["versions"]}


def table(figures: dict[str, dict[str, float]], beside: dict[str, Any]) -> str:
    """Lay the figures out."""
    lines = [f"{'':<58}{'first s':>9}{'median s':>10}{'most s':>9}"]
    lines += [
        f"{name:<58}{one['first_s']:>9.4f}{one['median_s']:>10.4f}{one['most_s']:>9.4f}"
        for name, one in figures.items()
    ]
    lines.append(
        f"{beside['scores']} scores beside Brightway's (bw2calc {beside['bw2calc']}): "
        f"at most {beside['largest_relative_gap']:.1e} apart"
    )
    return "\n".join(lines)
