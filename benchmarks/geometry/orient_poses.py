"""How poses are chosen, and how true the supports below them are.

``poses`` orients every closed STL of the shared designs. ``supports`` compares columns
with what PrusaSlicer adds when supports are on; slices are kept below ``build/slices``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.optimize import nnls

from nearmade.adapters.slicers.prusa import slice_stl
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.orient import in_pose, orient, plain_score
from nearmade.geometry.stl import write_stl
from nearmade.geometry.support_volume import support_volume
from nearmade.quoting.pose_costs import (
    layers_score,
    pose_score,
    support_density,
    support_rules,
)
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import NearmadeError

SLICES = Path(__file__).resolve().parents[2] / "build" / "slices"
#: Parts with less support than this say little about proportions. [mm3]
SOME_SUPPORT_MM3 = 50.0
#: A part of more than a metre is no print.
LONGEST_MM = 1000.0


def closed_parts(folder: Path) -> Iterator[tuple[str, Mesh]]:
    """Read every closed STL of printable size."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() != ".stl":
            continue
        try:
            mesh = read_mesh(path.read_bytes(), path.name)
        except NearmadeError:
            continue
        facts = measure(mesh)
        if facts.watertight and max(facts.extents_mm) <= LONGEST_MM:
            yield path.name, mesh


def poses(folder: Path) -> dict[str, float]:
    """Orient every part by the plain score."""
    rows = []
    for _, mesh in closed_parts(folder):
        facts = measure(mesh)
        began = time.process_time()
        found = orient(mesh, facts)
        took_s = time.process_time() - began
        rows.append(
            (
                found.chosen is found.author,
                found.author.support.volume_mm3,
                found.chosen.support.volume_mm3,
                plain_score(found.chosen) / plain_score(found.author),
                took_s,
                len(mesh.faces),
            )
        )
    kept, before, after, ratio, took, faces = np.array(rows, dtype=np.float64).T
    moved = kept == 0
    return {
        "parts": len(rows),
        "kept_fraction": float(kept.mean()),
        "support_before_mm3": float(before.sum()),
        "support_after_mm3": float(after.sum()),
        "median_gain_of_turned_fraction": float(1 - np.median(ratio[moved])),
        "worst_score_ratio": float(ratio.max()),
        "median_cpu_s": float(np.median(took)),
        "p90_cpu_s": float(np.quantile(took, 0.9)),
        "max_cpu_s": float(took.max()),
        "max_cpu_s_to_20k_faces": float(took[faces <= 20_000].max()),
    }


def supports(folder: Path, profile_id: str) -> dict[str, object]:
    """Compare support columns with the feedstock that the slicer adds for supports."""
    profile = find_profile(profile_id)
    rules = support_rules(profile)
    rows = []
    for _, mesh in closed_parts(folder):
        stl = write_stl(mesh)
        try:
            off, on = (
                slice_stl(stl, profile, cache=SLICES, supports=on).figures.filament_mm3
                for on in (False, True)
            )
        except NearmadeError:
            continue
        began = time.process_time()
        support = support_volume(mesh, rules)
        took_s = time.process_time() - began
        rows.append(
            (on - off, off, support.feedstock_mm3, support.volume_mm3,
             support.roof_mm2, support.side_mm2, took_s, len(mesh.faces))
        )  # fmt: skip
    table = np.array(rows)
    added, bare, plain, took, faces = table[:, [0, 1, 2, 6, 7]].T
    told = plain * support_density(profile)
    columns = table[:, 3:6]
    share = np.abs(told - added) / bare
    some = added > SOME_SUPPORT_MM3
    relative = np.abs(told[some] / added[some] - 1)
    weights = 1 / (added + 0.02 * bare)
    held = added > 20
    fit, _ = nnls(columns[held] * weights[held, None], added[held] * weights[held])
    correlation = float(np.corrcoef(columns[:, 0], added)[0, 1])
    return {
        "profile": profile_id,
        "parts": len(rows),
        "correlation_of_room": correlation,
        "correlation_of_feedstock": float(np.corrcoef(told, added)[0, 1]),
        "fitted_room_roof_side": fit.round(4).tolist(),
        "sum_ratio": float(told.sum() / added.sum()),
        "median_relative_error": float(np.median(relative)),
        "p90_relative_error": float(np.quantile(relative, 0.9)),
        "median_error_of_part_fraction": float(np.median(share)),
        "p90_error_of_part_fraction": float(np.quantile(share, 0.9)),
        "cpu_ms_for_10k_faces": float(np.median(took / faces)) * 1e7,
        "max_cpu_ms": float(took.max()) * 1e3,
    }


def turned(folder: Path, profile_id: str) -> dict[str, object]:
    """Slice parts as given and as turned, supports on, and compare what they cost.

    Only parts that another pose suits better by our own score are sliced twice.
    """
    profile = find_profile(profile_id)
    hour, gram = 1.50, 0.04
    score = pose_score(profile, per_hour=hour, per_gram=gram)
    confirm = layers_score(profile, per_hour=hour, per_gram=gram)
    ratios = {}
    for name, mesh in closed_parts(folder):
        found = orient(
            mesh, measure(mesh), score, rules=support_rules(profile), confirm=confirm
        )
        if found.chosen is found.author or score(found.author) == float("inf"):
            continue
        prices = []
        for one in (mesh, in_pose(mesh, found.chosen.pose)):
            try:
                stl = write_stl(one)
                made = slice_stl(stl, profile, cache=SLICES, supports=True).figures
            except NearmadeError:
                break
            grams = made.filament_mm3 / 1000 * profile.density_g_cm3
            prices.append(made.time_s / 3600 * hour + grams * gram)
        if len(prices) == 2:
            ratios[name] = prices[1] / prices[0]
    values = np.array(list(ratios.values()))
    return {
        "profile": profile_id,
        "turned_and_sliced": len(ratios),
        "cheaper_by_the_slicer_fraction": float((values < 1).mean()),
        "median_price_ratio": float(np.median(values)),
        "worst_price_ratio": float(values.max()),
        "worst_part": max(ratios, key=lambda name: ratios[name]),
    }


def table(rows: list[dict[str, object]]) -> str:
    """One line for each figure, one column for each run."""
    lines = []
    for name in rows[0]:
        cells = [row[name] for row in rows]
        shown = [f"{x:.4g}" if isinstance(x, float) else str(x) for x in cells]
        lines.append(f"{name:34}" + "".join(f"{x:>26}" for x in shown))
    return "\n".join(lines)
