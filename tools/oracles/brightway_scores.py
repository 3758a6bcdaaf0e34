"""Score the process database with Brightway and write what it gives.

Runs in ``.oracles-venv``, with ``src`` on the path, offline:

    PYTHONPATH=src .oracles-venv/bin/python tools/oracles/brightway_scores.py OUT.json

Every process under every method for one unit, several demands, a loop, and the means of
1000 draws where every number is drawn for itself.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nearmade.impact.database import Database, Exchange, own_database, process_from

LOOP = Path(__file__).resolve().parents[2] / "tests/impact/golden/loop.json"
#: Demands that mix carriage, credits, loops and amounts of many sizes.
DEMANDS = {
    "frame near": {
        "filament/petg": 0.025,
        "carriage/feedstock": 0.025,
        "electricity/ke": 0.125,
        "freight/van-diesel": 0.005,
        "waste/plastics-landfill": 0.025,
        "packaging/board": 0.03,
    },
    "frame far": {
        "moulded/rigid": 0.018,
        "carriage/resin": 0.018,
        "freight/ship-container": 0.702,
        "freight/hgv-all": 0.0526,
        "carriage/last-mile": 0.068,
        "packaging/board": 0.03,
    },
    "flown": {"moulded/pp": 0.2, "freight/air-long": 1.8, "freight/air-short": 0.1},
    "looped": {"loop/print": 3.0, "recycling/hdpe": 2.0},
    "tiny": {"filament/recyclebot-solar": 1e-6, "storage/lithium": 1e-3},
}
#: Scored in draws too: nothing in them shares its draws.
DRAWN = ("filament/petg", "filament/recyclebot-solar")
DRAWS = 1000
SEED = 7


def row_of(exchange: Exchange, database: Database) -> dict[str, Any]:
    """Give an exchange as Brightway writes it; lognormal where it has a spread."""
    nature = exchange.input in database.flows
    row: dict[str, Any] = {
        "input": ("flows" if nature else "processes", exchange.input),
        "amount": exchange.amount,
        "type": "biosphere" if nature else "technosphere",
        "uncertainty type": 0,
    }
    if exchange.geometric_sd > 1 and exchange.amount:
        row |= {
            "uncertainty type": 2,
            "loc": math.log(abs(exchange.amount)),
            "scale": math.log(exchange.geometric_sd),
            "negative": exchange.amount < 0,
        }
    return row


def write(database: Database, bd: Any) -> None:
    """Write flows, processes and methods into a fresh Brightway project."""
    bd.Database("flows").write(
        {
            ("flows", one.id): {
                "name": one.name,
                "unit": one.unit,
                "type": "emission",
                "exchanges": [],
            }
            for one in database.flows.values()
        }
    )
    bd.Database("processes").write(
        {
            ("processes", one.id): {
                "name": one.name,
                "unit": one.unit,
                "location": one.location,
                "exchanges": [
                    {
                        "input": ("processes", one.id),
                        "amount": 1.0,
                        "type": "production",
                    },
                    *(row_of(exchange, database) for exchange in one.exchanges),
                ],
            }
            for one in database.processes.values()
        }
    )
    for method in database.methods.values():
        made = bd.Method((method.id,))
        made.register(unit=method.unit)
        made.write([(("flows", flow), cf) for flow, cf in method.factors.items()])


def score(bd: Any, bc: Any, demand: dict[str, float], method: str) -> float:
    """Give one score at the medians."""
    keyed = {bd.get_node(database="processes", code=k): v for k, v in demand.items()}
    wanted, objects, _ = bd.prepare_lca_inputs(keyed, method=(method,))
    lca = bc.LCA(demand=wanted, data_objs=objects)
    lca.lci()
    lca.lcia()
    return float(lca.score)


def drawn(bd: Any, bc: Any, process: str, method: str) -> dict[str, float]:
    """Give mean and standard deviation of the draws."""
    node = bd.get_node(database="processes", code=process)
    wanted, objects, _ = bd.prepare_lca_inputs({node: 1.0}, method=(method,))
    lca = bc.LCA(
        demand=wanted, data_objs=objects, use_distributions=True, seed_override=SEED
    )
    lca.lci()
    lca.lcia()
    scores = []
    for _ in range(DRAWS):
        next(lca)
        scores.append(float(lca.score))
    mean = sum(scores) / DRAWS
    sd = math.sqrt(sum((one - mean) ** 2 for one in scores) / (DRAWS - 1))
    return {"mean": mean, "sd": sd, "draws": DRAWS}


def every_score(bd: Any, bc: Any, database: Database) -> dict[str, dict[str, float]]:
    """Score one unit of every process under every method, one factorisation in all."""
    methods = {one: (one,) for one in database.methods}
    scores: dict[str, dict[str, float]] = {name: {} for name in database.processes}
    nodes = {
        name: bd.get_node(database="processes", code=name)
        for name in database.processes
    }
    start = next(iter(nodes.values()))
    for method, key in methods.items():
        wanted, objects, _ = bd.prepare_lca_inputs({start: 1.0}, method=key)
        lca = bc.LCA(demand=wanted, data_objs=objects)
        lca.lci(factorize=True)
        lca.lcia()
        for name, node in nodes.items():
            lca.lcia({node.id: 1.0})
            scores[name][method] = float(lca.score)
    return scores


def main(out: Path) -> None:
    """Write the golden file."""
    rows = json.loads(LOOP.read_text("utf-8"))["processes"]
    database = own_database().with_processes(process_from(row, {}) for row in rows)
    os.environ["BRIGHTWAY2_DIR"] = tempfile.mkdtemp()
    bc: Any = import_module("bw2calc")
    bd: Any = import_module("bw2data")
    bd.projects.set_current("nearmade")
    write(database, bd)
    golden = {
        "database_sha256": own_database().sha256,
        "versions": {name: version(name) for name in ("bw2calc", "bw2data")},
        "processes": every_score(bd, bc, database),
        "demands": {
            name: {
                "demand": demand,
                "scores": {m: score(bd, bc, demand, m) for m in database.methods},
            }
            for name, demand in DEMANDS.items()
        },
        "drawn": {
            name: {m: drawn(bd, bc, name, m) for m in ("gwp100", "ced")}
            for name in DRAWN
        },
    }
    text = json.dumps(golden, indent=1, sort_keys=True)
    out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
