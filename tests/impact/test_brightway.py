"""Scores beside Brightway's on the whole process database.

``golden/brightway.json`` is what ``tools/oracles/brightway_scores.py`` wrote; it names
its versions and the fingerprint of the database that it scored.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nearmade.impact.database import Database, own_database, process_from
from nearmade.impact.study import Study, solve

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
#: Brightway keeps amounts as 32-bit floats, good to 3e-8 each.
RELATIVE = 1e-6


@cache
def golden() -> dict[str, Any]:
    record: dict[str, Any] = json.loads((GOLDEN / "brightway.json").read_text("utf-8"))
    return record


@cache
def with_loop() -> Database:
    rows = json.loads((GOLDEN / "loop.json").read_text("utf-8"))["processes"]
    return own_database().with_processes(process_from(row, {}) for row in rows)


def test_brightway_scored_this_very_database() -> None:
    assert golden()["database_sha256"] == own_database().sha256, (
        "the database changed: run tools/oracles/brightway_scores.py again"
    )


def test_every_process_scores_as_in_brightway_under_every_method() -> None:
    study = Study("One", {name: {name: 1.0} for name in with_loop().processes})
    ours = solve(study, 1, database=with_loop()).score
    theirs = golden()["processes"]
    assert ours.keys() == theirs.keys()
    for name, by_method in theirs.items():
        assert ours[name].keys() == by_method.keys()
        for method, score in by_method.items():
            assert math.isclose(
                ours[name][method], score, rel_tol=RELATIVE, abs_tol=1e-12
            ), (name, method)


def test_demands_with_loops_and_credits_score_as_in_brightway() -> None:
    demands = {name: one["demand"] for name, one in golden()["demands"].items()}
    ours = solve(Study("One", demands), 1, database=with_loop()).score
    for name, one in golden()["demands"].items():
        for method, score in one["scores"].items():
            assert math.isclose(
                ours[name][method], score, rel_tol=RELATIVE, abs_tol=1e-12
            ), (name, method)


def test_the_means_of_draws_lie_within_three_standard_errors_of_brightways() -> None:
    names = golden()["drawn"]
    study = Study("One", {name: {name: 1.0} for name in names})
    result = solve(study, 4000, 11, database=own_database())
    for name, by_method in names.items():
        for method, theirs in by_method.items():
            ours = result.draws[name][method]
            error = math.hypot(
                theirs["sd"] / math.sqrt(theirs["draws"]),
                float(ours.std()) / math.sqrt(len(ours)),
            )
            assert abs(float(ours.mean()) - theirs["mean"]) <= 3 * error, (name, method)


@pytest.mark.oracle
def test_brightway_still_gives_what_was_kept(tmp_path: Path) -> None:
    python = Path(
        os.environ.get(
            "NEARMADE_ORACLES_PYTHON", ROOT / ".oracles-venv" / "bin" / "python"
        )
    )
    if not python.exists():
        pytest.skip("Brightway is not set up: make oracles")
    out = tmp_path / "brightway.json"
    subprocess.run(
        [str(python), str(ROOT / "tools/oracles/brightway_scores.py"), str(out)],
        check=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]},
        capture_output=True,
        timeout=280,
    )
    fresh = json.loads(out.read_text("utf-8"))
    for name, by_method in golden()["processes"].items():
        assert fresh["processes"][name] == pytest.approx(by_method, rel=1e-9)
    for name, one in golden()["demands"].items():
        assert fresh["demands"][name]["scores"] == pytest.approx(
            one["scores"], rel=1e-9
        )
