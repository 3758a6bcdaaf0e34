"""The estimators beside the slicer, whole projects left out of the fit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.conftest import Report
from tests.shared_data import shared

ROOT = Path(__file__).resolve().parents[1]

#: What level 1 is held to: median and 90th percentile of the errors of filament and of
#: time, without supports and with them.
MOST_FRACTIONS = {
    (False, "volume1"): (0.02, 0.06),
    (False, "time1"): (0.03, 0.08),
    (True, "volume1"): (0.05, 0.15),
    (True, "time1"): (0.05, 0.15),
}


@pytest.mark.outside
@pytest.mark.timeout(7200)
def test_the_estimators_stay_near_the_slicer(report: Report, tmp_path: Path) -> None:
    figures_file = tmp_path / "figures.json"
    done = subprocess.run(
        [
            sys.executable, "-m", "benchmarks.quoting.estimators",
            str(shared("designs")), "--cache", str(ROOT / "build" / "slices"),
            "--json", str(figures_file),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(figures_file.read_text())
    report("estimators", done.stdout.rstrip(), figures)
    far = {}
    for title, found in figures.items():
        assert found["parts"] >= 120
        for (supports, name), (median, p90) in MOST_FRACTIONS.items():
            if supports != title.endswith("with supports"):
                continue
            errors = found[name]
            if errors["median"] > median or errors["p90"] > p90:
                far[title, name] = errors
            assert 0.75 <= errors["coverage"] <= 0.85
            assert abs(errors["sum"]) <= 0.01
    assert far == {}
