"""Files of the planner at full size: to write, to read, to verify."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from nearmade.adapters.plan_files import read_plan_input, write_record
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.network_record import network_record
from nearmade.planning.network.orders_record import orders_record
from nearmade.planning.network.plan_record import Origin, plan_from_record, plan_record
from nearmade.planning.network.sample import SampleWish, sample_tables
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import Weights, price_problem

KIB_PER_GIB = 1024**2


def run_files(facilities: int, folder: Path) -> dict[str, float]:
    """Write a sample, then read and verify it in a process of its own."""
    wish = SampleWish(
        facilities,
        hubs=3,
        days=5,
        load=0.75,
        off_grid_fraction=0.1,
        scarce_fraction=0.1,
    )
    begun = time.process_time()
    network, book = sample_tables(wish)
    sample_s = time.process_time() - begun
    write_record(folder / "NETWORK.json", network_record(network))
    write_record(folder / "ORDERS.json", orders_record(book, network))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.planning.files", str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    read_s, verify_s, small_gib = (float(word) for word in done.stdout.split())
    return {
        "components": len(book.component_id),
        "sample_s": sample_s,
        "read_s": read_s,
        "verify_s": verify_s,
        "peak_gib": small_gib,
        "orders_mb": (folder / "ORDERS.json").stat().st_size / 1e6,
    }


def _read_and_verify(folder: Path) -> None:
    begun = time.process_time()
    given = read_plan_input(folder / "NETWORK.json", folder / "ORDERS.json")
    read_s = time.process_time() - begun
    priced = price_problem(given.made.problem, Weights())
    plan = first_come(priced)
    evaluation = evaluate(priced, plan.way, plan.candidate)
    origin = Origin("N", "O", given.network_sha256, given.orders_sha256)
    record = plan_record(given.made, plan, Weights(), evaluation, origin)
    verify(priced, plan)
    begun = time.process_time()
    assert verify(priced, plan_from_record(record, given.made)).stands
    verify_s = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_GIB
    sys.stdout.write(f"{read_s} {verify_s} {peak}\n")


def table(figures: dict[str, float]) -> str:
    """Lay the figures out for people."""
    return "\n".join(f"{name:12}{value:14.3f}" for name, value in figures.items())


if __name__ == "__main__":
    _read_and_verify(Path(sys.argv[1]))
