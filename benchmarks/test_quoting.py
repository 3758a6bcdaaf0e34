"""The estimators beside the slicer, whole projects left out of the fit."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.conftest import Report
from benchmarks.quoting import fit
from tests.shared_data import shared

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^  (.+?)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)$")

#: The median part may be this far off before something is broken. [%]
MOST_PERCENT = {"volume": 8.0, "time": 15.0}


def figures_of(table: str) -> dict[str, dict[str, list[float]]]:
    """Read the table: errors (median, p90, max) by profile and estimator. [%]"""
    found: dict[str, dict[str, list[float]]] = {}
    rows: dict[str, list[float]] = {}
    for line in table.splitlines()[1:]:
        row = ROW.match(line)
        if row:
            rows[row[1]] = [float(row[column]) for column in (2, 3, 4)]
        else:
            rows = found[line.strip()] = {}
    return found


@pytest.mark.outside
@pytest.mark.timeout(1800)
def test_the_estimators_stay_near_the_slicer(report: Report) -> None:
    folder = shared("designs")
    cache = ROOT / "build" / "slices"
    done = subprocess.run(
        [sys.executable, fit.__file__, str(folder), "--cache", str(cache)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = figures_of(done.stdout)
    report("estimators", done.stdout.rstrip(), figures)
    fitted = {
        (profile, name): errors[0]
        for profile, rows in figures.items()
        for name, errors in rows.items()
        if name.endswith(("level 0", "level 1"))
    }
    assert fitted
    off = {
        key: median
        for key, median in fitted.items()
        if median > MOST_PERCENT[key[1].partition(",")[0]]
    }
    assert off == {}
