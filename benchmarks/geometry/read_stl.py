"""How fast our STL reader is beside trimesh and bare numpy, and what memory it takes.

Run with ``python benchmarks/geometry/read_stl.py [FILE]``. Without a file it takes a
sphere of about 335,000 triangles. The table goes to stdout, the figures to
``build/bench/read_stl.json``. Times are processor time; ratios are given too because
times depend on the machine. Memory is the peak of a fresh process that reads and
measures the file, the interpreter and its libraries included.
"""

from __future__ import annotations

import json
import lzma
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import trimesh

from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import TRIANGLE, read_stl, write_stl

OUT = Path(__file__).resolve().parents[2] / "build" / "bench" / "read_stl.json"
ROUNDS = 5
#: What the fresh process does. ``VmHWM`` is its own peak in kibibytes (proc(5));
#: ``ru_maxrss`` would also know that of the process which started it.
FRESH = """
import sys, time
from pathlib import Path
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import read_stl
data = Path(sys.argv[1]).read_bytes()
began = time.process_time()
mesh = read_stl(data)
read = time.process_time()
measure(mesh)
measured = time.process_time()
status = Path("/proc/self/status").read_text().split()
print(read - began, measured - read, status[status.index("VmHWM:") + 1])
"""


def sphere(rings: int) -> Mesh:
    """A closed sphere of 40 mm with 4 (rings - 1) rings triangles."""
    sectors = 2 * rings
    polar = np.linspace(0, np.pi, rings + 1)[1:-1, None]
    around = np.arange(sectors) * 2 * np.pi / sectors
    body = np.stack(
        [np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around),
         np.cos(polar) * np.ones(sectors)], axis=-1,
    ).reshape(-1, 3)  # fmt: skip
    vertices = np.vstack([[0, 0, 1], body, [0, 0, -1]]) * 20.0
    here = np.arange(sectors)
    after = (here + 1) % sectors
    rows = 1 + np.arange(rings - 2)[:, None] * sectors
    a, b = rows + here, rows + after
    quads = [
        np.stack([a, a + sectors, b], -1),
        np.stack([b, a + sectors, b + sectors], -1),
    ]
    last, base = len(vertices) - 1, 1 + (rings - 2) * sectors
    caps = [
        np.stack([np.zeros_like(here), 1 + here, 1 + after], -1),
        np.stack([base + here, np.full_like(here, last), base + after], -1),
    ]
    return Mesh(
        vertices, np.concatenate([part.reshape(-1, 3) for part in quads + caps])
    )


def numpy_alone(data: bytes) -> object:
    """Corners as 64-bit numbers, nothing joined, nothing checked."""
    return np.frombuffer(data, TRIANGLE, offset=84)["corners"].astype(np.float64)


def with_trimesh(data: bytes) -> object:
    return trimesh.load(BytesIO(data), file_type="stl")


def measured(data: bytes) -> object:
    return measure(read_stl(data))


def median_s(work: Callable[[bytes], object], data: bytes) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work(data)
        times.append(time.process_time() - began)
    return statistics.median(times)


def first_time(path: Path) -> dict[str, float]:
    """Give seconds and peak memory of a fresh process that reads and measures once."""
    done = subprocess.run(
        [sys.executable, "-c", FRESH, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    read_s, measure_s, peak_kib = map(float, done.stdout.split())
    return {"read_s": read_s, "measure_s": measure_s, "peak_mib": peak_kib / 1024}


def main() -> None:
    if len(sys.argv) > 1:
        path = Path(sys.argv[1])
        data = path.read_bytes()
        data = lzma.decompress(data) if path.suffix == ".xz" else data
    else:
        data = write_stl(sphere(290))
    ours = median_s(read_stl, data)
    rows = {
        "read_stl (checked, corners joined)": ours,
        "read_stl and measure": median_s(measured, data),
        "trimesh.load": median_s(with_trimesh, data),
        "numpy alone (not joined)": median_s(numpy_alone, data),
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "part.stl")
        file.write_bytes(data)
        fresh = first_time(file)
    triangles = (len(data) - 84) // 50
    sys.stdout.write(f"{triangles:,} triangles, median of {ROUNDS}\n")
    for name, seconds in rows.items():
        sys.stdout.write(f"{name:36} {seconds * 1000:8.1f} ms  {seconds / ours:6.2f}\n")
    sys.stdout.write(
        f"in a fresh process: read {fresh['read_s'] * 1000:.0f} ms, "
        f"measure {fresh['measure_s'] * 1000:.0f} ms, "
        f"peak {fresh['peak_mib']:.0f} MiB\n"
    )
    OUT.parent.mkdir(parents=True, exist_ok=True)
    ratios = {name: seconds / ours for name, seconds in rows.items()}
    told = {
        "triangles": triangles,
        "seconds": rows,
        "ratio_to_read_stl": ratios,
        "fresh_process": fresh,
    }
    OUT.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
