"""Plates of real parts: figures beside the slicer's, and how many are needed."""

from __future__ import annotations

import random
import statistics
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.conftest import Report
from benchmarks.quoting.plates_truth import (
    compare,
    nest,
    nested_table,
    table,
    watertight_parts,
)
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import read_stl
from nearmade.quoting.plate import parts_per_build
from nearmade.quoting.profiles import find_profile
from tests.shared_data import shared

CACHE = Path(__file__).resolve().parents[1] / "build" / "slices"


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    return watertight_parts(shared("designs"))


@pytest.mark.outside
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ["mk3s-pla-0.20", "ender3-pla-0.20"])
def test_plates_take_what_the_slicer_says(
    name: str, parts: dict[str, bytes], report: Report
) -> None:
    rows = list(compare(parts, find_profile(name), CACHE))
    assert len(rows) >= 10
    report(f"plates-{name}", table(rows), {"rows": [asdict(row) for row in rows]})
    filament, time = (
        statistics.median(abs(row.from_slices[place]) for row in rows)
        for place in (0, 1)
    )
    assert filament <= 0.005
    assert time <= 0.02
    # Worth it: adding up single builds is further off.
    assert time < statistics.median(abs(row.summed[1]) for row in rows)


@pytest.mark.timeout(1800)
def test_real_parts_need_few_plates(parts: dict[str, bytes], report: Report) -> None:
    profile = find_profile("mk3s-pla-0.20")
    chance = random.Random(1)
    names = sorted(parts)
    chance.shuffle(names)
    meshes = [read_stl(parts[name]) for name in names]
    fitting = [
        mesh
        for mesh in meshes
        if parts_per_build(measure(mesh).extents_mm, profile) > 0
    ]
    plans = ((16, 1), (36, 1), (56, 1), (76, 1), (10, 2), (18, 2), (38, 2))
    rows = [nest(fitting[:count], copies, profile) for count, copies in plans]
    report("nesting", nested_table(rows), {"rows": [asdict(row) for row in rows]})
    assert all(row.well <= row.quick for row in rows)
    assert sum(row.well for row in rows) < sum(row.quick for row in rows)
    assert all(row.quick_s < 0.2 for row in rows)
