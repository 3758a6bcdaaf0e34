"""A calibration on our own parts, held against meshes of other people."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.conftest import Report
from tests.shared_data import shared

ROOT = Path(__file__).resolve().parents[1]

#: What level 1 is held to on parts it never saw: median, 90th percentile.
MOST_FRACTIONS = {"level 1, feedstock": (0.02, 0.06), "level 1, time": (0.03, 0.08)}


@pytest.mark.outside
@pytest.mark.timeout(3600)
def test_a_calibration_on_our_own_parts_holds_for_others(report: Report) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "benchmarks.quoting.own_set",
            str(shared("designs")), "--cache", str(ROOT / "build" / "slices"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    head = ("percent", "median", "90th", "most", "inside", "sum")
    lines = [f"{head[0]:<22}" + "".join(f"{word:>8}" for word in head[1:])]
    for name, errors in figures["errors"].items():
        cells = "".join(f"{100 * value:>8.1f}" for value in errors.values())
        lines.append(f"{name:<22}{cells}")
    table = "\n".join(
        [f"{figures['own']} own parts, {figures['open']} open meshes", *lines]
    )
    report("calibration on own parts", table, figures)
    for name, (median, p90) in MOST_FRACTIONS.items():
        errors = figures["errors"][name]
        assert errors["median"] <= median, name
        assert errors["p90"] <= p90, name
        assert abs(errors["sum"]) <= 0.01, name
    for name, errors in figures["errors"].items():
        assert 0.75 <= errors["inside"] <= 0.85, name
