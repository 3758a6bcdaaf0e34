"""The STL reader beside trimesh and bare numpy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.conftest import Report
from benchmarks.geometry import read_stl


def test_reading_stl_is_faster_than_trimesh(report: Report) -> None:
    program = Path(read_stl.__file__)
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, check=True
    )
    figures = json.loads(read_stl.OUT.read_text())
    report("read_stl", done.stdout.rstrip(), figures)
    assert figures["ratio_to_read_stl"]["trimesh.load"] > 1
