"""The resin model beside PrusaSlicer's SL1S, whole projects left out of the fit.

    python benchmarks/quoting/resin_fit.py FOLDER_OF_MESHES --cache build/resin

Slices up to ``PER_PROJECT`` open meshes of each project with supports and pad, fits
the four constants that stand in ``quoting.processes.vat_photopolymerisation``, and
says how far model and slicer lie apart. About four seconds of processor time a mesh.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from nearmade.adapters.slicers.flatten import BUNDLES
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.quoting.processes.vat_photopolymerisation import (
    PRINTERS,
    estimate_resin,
)
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import sha256_of

PER_PROJECT = 10
MOST_FILE_BYTES = 600_000
#: Processor time, and time on the clock, after which a mesh is passed over. [s]
MOST_CPU_S, MOST_S = 40, 900
MM3_PER_ML = 1000.0
#: The presets that are sliced with, and what of them chooses among presets.
PRESETS = {
    "sla_print": "0.05 Normal @SL1S",
    "sla_material": "Prusa Orange Tough @0.05 SL1S",
    "printer": "Original Prusa SL1S SPEED",
}
CHOOSING = ("inherits", "compatible_", "renamed_from", "alias", "printer_v", "default_")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sliced:
    """What the slicer says of one mesh.

    Parameters
    ----------
    project
        Folder that it comes from.
    resin_mm3, time_s
        Supports and pad included. [mm3] [s]
    """

    project: str
    facts: PartFacts
    resin_mm3: float
    time_s: float


def settings() -> str:
    """Flatten the installed bundle's presets; nothing of them is kept here."""
    presets = _presets()
    found: dict[str, str] = {}
    for kind, name in PRESETS.items():
        found |= _resolved(presets, f"{kind}:{name}")
    kept = {key: text for key, text in found.items() if not key.startswith(CHOOSING)}
    return "".join(f"{key} = {text}\n" for key, text in sorted(kept.items()))


def _presets() -> dict[str, dict[str, str]]:
    presets: dict[str, dict[str, str]] = {}
    own: dict[str, str] = {}
    for line in (BUNDLES / "PrusaResearch.ini").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            own = presets.setdefault(line[1:-1], {})
        elif "=" in line and not line.startswith("#"):
            key, _, text = line.partition("=")
            own[key.strip()] = text.strip()
    return presets


def _resolved(presets: dict[str, dict[str, str]], section: str) -> dict[str, str]:
    own = presets[section]
    kind = section.partition(":")[0]
    found: dict[str, str] = {}
    for parent in filter(None, map(str.strip, own.get("inherits", "").split(";"))):
        found |= _resolved(presets, f"{kind}:{parent}")
    return found | own


def slice_resin(stl: bytes, cache: Path) -> tuple[float, float] | None:
    """Give resin [mm3] and time [s] of one mesh; None where the slicer refuses it."""
    flat = settings()
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / f"{sha256_of(stl)[:20]}-{sha256_of(flat.encode())[:8]}.json"
    if kept.exists():
        told = json.loads(kept.read_text("utf-8"))
    else:
        told = _sliced(stl, flat)
        kept.write_text(json.dumps(told), encoding="utf-8")
    return None if told is None else (told[0], told[1])


def _sliced(stl: bytes, flat: str) -> tuple[float, float] | None:
    with tempfile.TemporaryDirectory() as folder:
        mesh, ini, out = (Path(folder, name) for name in ("p.stl", "p.ini", "p.sl1s"))
        mesh.write_bytes(stl)
        ini.write_text(flat, encoding="utf-8")
        words = ["prusa-slicer", "--export-sla", "--load", str(ini), "--loglevel", "1"]
        try:
            done = subprocess.run(
                [*words, "-o", str(out), str(mesh)],
                capture_output=True,
                check=False,
                timeout=MOST_S,
                preexec_fn=_limited,
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode != 0 or not out.exists():
            return None
        lines = zipfile.ZipFile(out).read("config.ini").decode().splitlines()
    told = dict(line.split(" = ", 1) for line in lines if " = " in line)
    resin_mm3 = float(told["usedMaterial"]) * MM3_PER_ML
    return (resin_mm3, float(told["printTime"])) if resin_mm3 > 0 else None


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))


def sliced_parts(folder: Path, cache: Path) -> Iterator[Sliced]:
    """Slice some meshes of each project that are closed and fit the machine."""
    taken: dict[str, int] = {}
    for path in sorted(folder.rglob("*.stl")):
        project = path.relative_to(folder).parts[0]
        small = path.stat().st_size <= MOST_FILE_BYTES
        if taken.get(project, 0) >= PER_PROJECT or not small:
            continue
        try:
            mesh = read_stl(path.read_bytes())
            facts = measure(mesh)
            estimate_resin(facts, PRINTERS[0])
        except InvalidInput:
            continue
        if not facts.watertight:
            continue
        told = slice_resin(write_stl(mesh), cache)
        if told is not None:
            taken[project] = taken.get(project, 0) + 1
            yield Sliced(project, facts, *told)


def columns(parts: Sequence[Sliced]) -> Floats:
    """Give part, surface that looks down, ground, and one for each."""
    return np.array(
        [
            (
                each.facts.volume_mm3,
                each.facts.down_mm2,
                each.facts.extents_mm[0] * each.facts.extents_mm[1],
                1.0,
            )
            for each in parts
        ]
    )


def left_out_ratios(parts: Sequence[Sliced]) -> tuple[Floats, Floats]:
    """Give the slicer over the fit for each part, its project left out; and the fit."""
    truth = np.array([each.resin_mm3 for each in parts])
    known = columns(parts)
    ratios = np.zeros(len(parts))
    for project in sorted({each.project for each in parts}):
        out = np.array([each.project == project for each in parts])
        fit = _fitted(known[~out], truth[~out])
        ratios[out] = truth[out] / (known[out] @ fit)
    return ratios, _fitted(known, truth)


def _fitted(known: Floats, truth: Floats) -> Floats:
    fit, _ = nnls(known / truth[:, None], np.ones(len(truth)))
    return fit


def figures_of(parts: Sequence[Sliced]) -> dict[str, object]:
    """Compare the fit, and the model as it stands, with the slicer."""
    left_out, fit = left_out_ratios(parts)
    resin, time = [], []
    inside = {"resin": 0, "time": 0}
    for each in parts:
        estimate = estimate_resin(each.facts, PRINTERS[0])
        made_of = estimate.feedstock_mm3.made_of()
        cured = sum(made_of[name] for name in ("part", "supports", "pad"))
        whole = estimate.feedstock_mm3.estimate
        resin.append(each.resin_mm3 / cured)
        low, high = (end / whole.value * cured for end in (whole.low, whole.high))
        inside["resin"] += low <= each.resin_mm3 <= high
        taken = estimate.time_s.estimate
        time.append(each.time_s / taken.value)
        inside["time"] += taken.low <= each.time_s <= taken.high
    return {
        "parts": len(parts),
        "projects": len({each.project for each in parts}),
        "fit": dict(zip(("part", "down", "ground", "each"), fit.tolist(), strict=True)),
        "left out": _errors(left_out),
        "resin, as it stands": _errors(np.array(resin)),
        "time, as it stands": _errors(np.array(time)),
        "coverage of resin": inside["resin"] / len(parts),
        "coverage of time": inside["time"] / len(parts),
    }


def _errors(ratios: Floats) -> dict[str, float]:
    off = np.abs(ratios - 1) * 100
    low, high = np.percentile(ratios, [10, 90])
    return {
        "median_percent": float(np.median(off)),
        "p90_percent": float(np.percentile(off, 90)),
        "p10_ratio": float(low),
        "p90_ratio": float(high),
    }


def table(figures: dict[str, object]) -> str:
    """Write the figures for people."""
    lines = [
        f"{figures['parts']} parts of {figures['projects']} projects, SL1S 0.05 mm"
    ]
    for name, row in figures.items():
        if isinstance(row, dict):
            told = ", ".join(f"{key} {number:.3f}" for key, number in row.items())
            lines.append(f"  {name:<22}{told}")
        elif name.startswith("coverage"):
            lines.append(f"  {name:<22}{row:.2f}")
    return "\n".join(lines)


def main() -> None:
    """Fit and compare, from the command line."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("--cache", type=Path, default=Path("build/resin"))
    given = asked.parse_args()
    print(table(figures_of(list(sliced_parts(given.folder, given.cache)))))


if __name__ == "__main__":
    main()
