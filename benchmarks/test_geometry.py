"""Reading: speed, memory, hostile files, and whether trimesh reads the same."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.conftest import Report
from benchmarks.geometry import formats, hostile, read_stl
from tests.shared_data import FOLDER, shared

#: A mesh of 335,000 triangles: read within, and read and measured within.
MOST_READ_S, MOST_PEAK_MIB = 0.15, 500.0
#: What trimesh reads otherwise, and why ours is right.
EXPLAINED = {
    "MUSTPASS_Chapter4.1_ExplicitSupport.3mf": "support objects are no part",
    "adapter.3mf": "a slicer's support blockers are no part",
}


def test_reading_stl_is_fast_and_sparing(report: Report) -> None:
    program = Path(read_stl.__file__)
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, check=True
    )
    figures = json.loads(read_stl.OUT.read_text())
    report("read_stl", done.stdout.rstrip(), figures)
    assert figures["ratio_to_read_stl"]["trimesh.load"] > 1
    assert figures["seconds"]["read_stl (checked, corners joined)"] < MOST_READ_S
    assert figures["fresh_process"]["peak_mib"] < MOST_PEAK_MIB


def test_the_gate_ends_what_attacks_it_soon_and_cheaply(report: Report) -> None:
    folder = FOLDER / "bad_inputs"
    files = hostile.hostile_files(folder if folder.exists() else None)
    verdicts = [hostile.judged(name, data) for name, data in files]
    figures = {one.name: asdict(one) for one in verdicts}
    report("hostile_files", hostile.table(verdicts), figures)
    assert max(one.cpu_s for one in verdicts) < hostile.MOST_S
    assert max(one.peak_mib for one in verdicts) < hostile.MOST_MIB


def test_our_readers_and_trimesh_read_the_same(report: Report) -> None:
    found = formats.compare(shared("designs"))
    report("formats", found.table(), found.figures())
    assert set(found.differing) <= set(EXPLAINED)
    assert set(found.theirs_alone.values()) <= {"3mf-beam-lattice"}
