"""What repair makes of broken meshes: those that people published, and our own damage.

``found`` mends every broken mesh of the shared designs and bad inputs, and asks
PrusaSlicer for the volume it takes the part for. ``damaged`` breaks sound meshes in six
ways, so that the true volume is known.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from nearmade.adapters.sandbox import Limits, run_limited
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.repair import repair
from nearmade.geometry.stl import write_stl
from nearmade.vocabulary.errors import InvalidInput

SLICER = Path("/usr/bin/prusa-slicer")
KINDS = {".stl", ".3mf", ".obj", ".off"}
#: Meshes larger than this are left out of the damage, for time.
MAX_DAMAGED_FACES = 4_000
#: Tears are as wide as this share of the longest coordinate.
TEAR_FRACTION = 3e-6

Damage = Callable[[Mesh, np.random.Generator], Mesh]


def meshes(folders: list[Path], kinds: set[str]) -> Iterator[tuple[str, Mesh]]:
    """Read every mesh that can be read."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() not in kinds:
                continue
            try:
                yield path.name, read_mesh(path.read_bytes(), path.name)
            except InvalidInput:
                continue


def found(folders: list[Path]) -> list[dict[str, object]]:
    """Mend every broken mesh; one row each."""
    rows: list[dict[str, object]] = []
    for name, mesh in meshes(folders, KINDS):
        began = time.process_time()
        report = repair(mesh).report
        took_s = time.process_time() - began
        if report.verdict == "sound":
            continue
        rows.append(
            {
                "file": name,
                "faces": len(mesh.faces),
                "verdict": report.verdict,
                "code": report.code,
                "changes": list(report.changes()),
                "before_mm3": report.volume_before_mm3,
                "after_mm3": report.volume_after_mm3,
                "slicer_mm3": slicer_mm3(mesh),
                "cpu_s": took_s,
            }
        )
    return rows


def slicer_mm3(mesh: Mesh) -> float | None:
    """Ask PrusaSlicer for the volume; None where it is absent or cannot say."""
    if not SLICER.exists():
        return None
    limits = Limits(wall_s=60, cpu_s=60, memory_bytes=6 * 2**30, file_bytes=2**20)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "part.stl")
        file.write_bytes(write_stl(mesh))
        outcome = run_limited(
            [str(SLICER), "--info", str(file)], limits=limits, read_only=[Path(folder)]
        )
    told = re.search(rb"^volume = (\S+)", outcome.stdout, re.MULTILINE)
    return float(told[1]) if told else None


def _without(share: float) -> Damage:
    def damage(mesh: Mesh, chance: np.random.Generator) -> Mesh:
        count = max(1, int(share * len(mesh.faces)))
        gone = chance.choice(len(mesh.faces), count, replace=False)
        return Mesh(mesh.vertices_mm, np.delete(mesh.faces, gone, axis=0))

    return damage


def _turned(mesh: Mesh, chance: np.random.Generator) -> Mesh:
    which = chance.random(len(mesh.faces)) < 0.3
    return Mesh(
        mesh.vertices_mm, np.where(which[:, None], mesh.faces[:, ::-1], mesh.faces)
    )


def _torn(mesh: Mesh, chance: np.random.Generator) -> Mesh:
    corners = mesh.triangles_mm.reshape(-1, 3)
    wide = TEAR_FRACTION * float(np.ptp(corners, axis=0).max())
    return Mesh(
        corners + chance.normal(0, wide, corners.shape),
        np.arange(len(corners)).reshape(-1, 3),
    )


def _doubled(mesh: Mesh, chance: np.random.Generator) -> Mesh:
    count = max(1, len(mesh.faces) // 20)
    again = chance.choice(len(mesh.faces), count, replace=False)
    return Mesh(mesh.vertices_mm, np.concatenate([mesh.faces, mesh.faces[again]]))


DAMAGES: dict[str, Damage] = {
    "one face missing": _without(0),
    "1 % of faces missing": _without(0.01),
    "5 % of faces missing": _without(0.05),
    "30 % of faces turned": _turned,
    "every face torn off": _torn,
    "5 % of faces doubled": _doubled,
}


def damaged(folders: list[Path]) -> dict[str, dict[str, float]]:
    """Break sound meshes and mend them; figures for each kind of damage."""
    errors: dict[str, list[float]] = {name: [] for name in DAMAGES}
    tried = dict.fromkeys(DAMAGES, 0)
    for _, mesh in meshes(folders, {".stl"}):
        if len(mesh.faces) > MAX_DAMAGED_FACES:
            continue
        whole = repair(mesh).report
        if whole.verdict != "sound":
            continue
        for name, damage in DAMAGES.items():
            report = repair(damage(mesh, np.random.default_rng(1))).report
            tried[name] += 1
            if report.verdict == "repaired":
                ratio = report.volume_after_mm3 / whole.volume_after_mm3
                errors[name].append(abs(ratio - 1))
    return {
        name: {
            "meshes": tried[name],
            "repaired": len(found_errors),
            "median_error": statistics.median(found_errors),
            "p90_error": float(np.quantile(found_errors, 0.9)),
            "max_error": max(found_errors),
        }
        for name, found_errors in errors.items()
    }


def found_table(rows: list[dict[str, object]]) -> str:
    """One line for each broken mesh."""

    def volume(value: object) -> str:
        return f"{value:12.5g}" if isinstance(value, float) else " " * 12

    lines = [
        f"{'file':36}{'faces':>7} {'verdict':9}{'mended mm3':>12}{'slicer mm3':>12}"
    ]
    for row in rows:
        after = row["after_mm3"] if row["verdict"] == "repaired" else None
        lines.append(
            f"{str(row['file'])[:35]:36}{row['faces']:>7} {row['verdict']!s:9}"
            f"{volume(after)}{volume(row['slicer_mm3'])}  {row['code']}"
        )
    return "\n".join(lines)


def damaged_table(rows: dict[str, dict[str, float]]) -> str:
    """One line for each kind of damage."""
    lines = [f"{'damage':24}{'repaired':>12}{'median':>10}{'p90':>10}{'max error':>11}"]
    lines += [
        f"{name:24}{row['repaired']:>5.0f} of {row['meshes']:>3.0f}"
        f"{row['median_error']:10.1e}{row['p90_error']:10.1e}{row['max_error']:11.1e}"
        for name, row in rows.items()
    ]
    return "\n".join(lines)
