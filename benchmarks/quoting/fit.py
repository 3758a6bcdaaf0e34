"""Fit the estimators' coefficients to the slicer, profile by profile.

Slices up to some open meshes a project, fits level 0 (closed form) and level 1 (sampled
layers) by least squares of relative errors, and measures the errors with whole projects
left out. Prints a table; ``--write`` renews ``src/nearmade/quoting/fitted.py``.

    python benchmarks/quoting/fit.py ../shared/data/designs --cache build/slices
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares, nnls

from nearmade.adapters.slicers.prusa import slice_stl, slicer_version
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import write_stl
from nearmade.quoting import level1
from nearmade.quoting.level0 import shell_fraction
from nearmade.quoting.profile import Level0Fit, Level1Fit, Profile, Spread
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.errors import InvalidInput, NearmadeError

Array = NDArray[np.float64]

PARTS_PER_PROJECT = 4
UNIT = Spread(1, 1, "none")
TARGET = Path("src/nearmade/quoting/fitted.py")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One open mesh."""

    project: str
    name: str
    mesh: Mesh
    facts: PartFacts


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What came out for one profile."""

    level0: Level0Fit
    level1: Level1Fit
    table: tuple[str, ...]


def parts_below(folder: Path) -> Iterator[Part]:
    """Choose watertight parts that fit every bed, a few of each project."""
    taken: dict[str, int] = {}
    paths = [path for path in folder.rglob("*") if path.suffix.lower() == ".stl"]
    for path in sorted(
        paths, key=lambda path: hashlib.sha256(path.name.encode()).digest()
    ):
        project = path.relative_to(folder).parts[0]
        if path.stat().st_size > 3e6 or taken.get(project, 0) >= PARTS_PER_PROJECT:
            continue
        try:
            mesh = read_mesh(path.read_bytes(), path.name)
        except NearmadeError:
            continue
        facts = measure(mesh)
        small = all(0.8 < side < 170 for side in facts.extents_mm)
        sound = facts.watertight and facts.bodies <= 3
        if sound and small and 300 < facts.volume_mm3 < 60000:
            taken[project] = taken.get(project, 0) + 1
            yield Part(project, path.name, mesh, facts)


def features(parts: Sequence[Part], profile: Profile) -> tuple[Array, Array]:
    """Give the columns of level 0 for volume (n, 3) and time (n, 5)."""
    volume, time = [], []
    for part in parts:
        facts = part.facts
        shell = facts.volume_mm3 * shell_fraction(facts, profile)
        sparse = facts.volume_mm3 - shell
        layers = np.ceil(facts.extents_mm[2] / profile.layer_mm)
        volume.append((shell, sparse, 1.0))
        time.append((shell, sparse, facts.side_mm2 / profile.layer_mm, layers, 1.0))
    return np.array(volume), np.array(time)


def fit_volume(columns: Array, truth: Array) -> Array:
    """Least squares of relative errors, no coefficient below zero."""
    found, _ = nnls(columns / truth[:, None], np.ones(len(truth)))
    return np.asarray(found, dtype=np.float64)


def fit_time(columns: Array, truth: Array) -> Array:
    """Fit as for volume, with far-off parts counted softly."""
    scaled = columns / truth[:, None]
    scale = np.maximum(scaled.mean(axis=0), 1e-12)

    def off(coefficients: Array) -> Array:
        """Relative errors, for coefficients of like size."""
        result: Array = (scaled / scale) @ coefficients - 1
        return result

    found = least_squares(
        off,
        np.full(columns.shape[1], 0.2),
        bounds=(0, np.inf),
        loss="soft_l1",
        f_scale=0.05,
    )
    return np.asarray(found.x / scale, dtype=np.float64)


def fit_factor(columns: Array, truth: Array) -> Array:
    """Fit one factor on an estimate: the median of the ratios."""
    return np.array([np.median(truth / columns[:, 0])])


def left_out(
    columns: Array,
    truth: Array,
    projects: Sequence[str],
    fit: Callable[[Array, Array], Array],
) -> Array:
    """Give truth over estimate, each project estimated from the others."""
    ratios = np.empty(len(truth))
    names = np.array(projects)
    for project in set(projects):
        out = names == project
        coefficients = fit(columns[~out], truth[~out])
        ratios[out] = truth[out] / (columns[out] @ coefficients)
    return ratios


def spread(ratios: Array, source: str) -> Spread:
    """Give the 80 % interval with the finite-sample rank of conformal prediction."""
    n = len(ratios)
    ordered = np.sort(ratios)
    rank = max(1, int(np.floor((n + 1) * 0.10)))
    low, high = float(ordered[rank - 1]), float(ordered[n - rank])
    return Spread(min(1.0, round(low, 3)), max(1.0, round(high, 3)), source)


def errors(name: str, ratios: Array) -> str:
    off = np.abs(ratios - 1) * 100
    return (
        f"{name:<34}{np.median(off):7.1f}{np.percentile(off, 90):7.1f}{off.max():7.1f}"
    )


def level1_figures(part: Part, profile: Profile) -> tuple[float, float]:
    """Give the reference formula's volume and time, start-up included."""
    plain = replace(
        profile,
        level1=Level1Fit(1, 1, UNIT, UNIT, "none"),
        volume_reality=UNIT,
        time_reality=UNIT,
    )
    found = level1.estimate_level1(part.mesh, part.facts, plain)
    return found.feedstock_mm3.value, found.time_s.value - profile.power.heatup_s


def slice_all(
    parts: Sequence[Part], profile: Profile, cache: Path
) -> tuple[list[Part], Array, Array]:
    """Give the parts that could be sliced, their truths (n, 2) and samples (n, 2)."""
    kept, truths, sampled = [], [], []
    for part in parts:
        try:
            figures = slice_stl(write_stl(part.mesh), profile, cache=cache).figures
            sampled.append(level1_figures(part, profile))
        except NearmadeError as error:
            print(f"left out {part.name}: {error}", file=sys.stderr)
            continue
        kept.append(part)
        truths.append((figures.filament_mm3, figures.time_s))
    return kept, np.array(truths), np.array(sampled)


def fit_profile(parts: Sequence[Part], profile: Profile, cache: Path) -> Fitted:
    """Slice all parts and fit both levels."""
    kept, truths, one = slice_all(parts, profile, cache)
    volume, time = truths.T
    projects = [part.project for part in kept]
    of_volume, of_time = features(kept, profile)
    source = (
        f"fitted on {len(kept)} open meshes of {len(set(projects))} projects, "
        f"{slicer_version()}, {dt.datetime.now(dt.UTC).date()}"
    )
    out = {
        "volume, level 0": left_out(of_volume, volume, projects, fit_volume),
        "time, level 0": left_out(of_time, time, projects, fit_time),
        "volume, level 1": left_out(one[:, :1], volume, projects, fit_factor),
        "time, level 1": left_out(one[:, 1:], time, projects, fit_factor),
    }
    plain = {
        "volume, level 0, as it stands": volume
        / (of_volume @ _of(profile.level0, ("shell_mm3", "sparse_mm3", "start_mm3"))),
        "time, level 0, as it stands": time
        / (
            of_time
            @ _of(
                profile.level0,
                ("shell_s", "sparse_s", "wall_s", "layer_s", "start_s"),
            )
        ),
    }
    shell, sparse, start = (round(float(c), 4) for c in fit_volume(of_volume, volume))
    shell_s, sparse_s, wall_s, layer_s, start_s = (
        round(float(c), 5) for c in fit_time(of_time, time)
    )
    level0 = Level0Fit(
        shell_mm3=shell,
        sparse_mm3=sparse,
        start_mm3=start,
        shell_s=shell_s,
        sparse_s=sparse_s,
        wall_s=wall_s,
        layer_s=layer_s,
        start_s=start_s,
        volume_spread=spread(out["volume, level 0"], source),
        time_spread=spread(out["time, level 0"], source),
        source=source,
    )
    fit1 = Level1Fit(
        round(float(fit_factor(one[:, :1], volume)[0]), 4),
        round(float(fit_factor(one[:, 1:], time)[0]), 4),
        spread(out["volume, level 1"], source),
        spread(out["time, level 1"], source),
        source,
    )
    table = tuple(errors(name, ratios) for name, ratios in (out | plain).items())
    return Fitted(level0, fit1, table)


def _of(fit: Level0Fit, names: Sequence[str]) -> Array:
    return np.array([getattr(fit, name) for name in names])


HEAD = '''"""Coefficients of the estimators, fitted on sliced open meshes.

Written by ``benchmarks/quoting/fit.py --write``; its table of errors, with whole
projects left out of the fit, stands in ``benchmarks/quoting/README.md``.
"""

from __future__ import annotations

from nearmade.quoting.profile import Level0Fit, Level1Fit, Spread
from nearmade.vocabulary.identity import ProfileId

'''


def module_text(found: dict[str, Fitted]) -> str:
    """Write the coefficients as a module of data."""
    sources = sorted({fitted.level0.source for fitted in found.values()})
    names = {source: f"_SOURCE_{number}" for number, source in enumerate(sources, 1)}
    text = HEAD
    for source, name in names.items():
        first, second = source.split(", Prusa", 1)
        text += f'{name} = (\n    "{first}, "\n    "Prusa{second}"\n)\n'
    for level in ("level0", "level1"):
        kind = "Level0Fit" if level == "level0" else "Level1Fit"
        text += f"\n{level.upper()}: dict[ProfileId, {kind}] = {{\n"
        for profile_id, fitted in found.items():
            fit = repr(getattr(fitted, level)).replace(", assumed=False", "")
            for source, name in names.items():
                fit = fit.replace(repr(source), name)
            text += f'    ProfileId("{profile_id}"): {fit},\n'
        text += "}\n"
    return text


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--cache", type=Path, default=Path("build/slices"))
    reader.add_argument("--write", action="store_true")
    asked = reader.parse_args()
    parts = list(parts_below(asked.folder))
    if len(parts) < 30:
        raise InvalidInput(f"{asked.folder}: {len(parts)} parts; 30 or more are needed")
    print(f"{len(parts)} parts; percent off:       median    p90    max")
    found = {}
    for profile_id, profile in PROFILES.items():
        found[str(profile_id)] = fit_profile(parts, profile, asked.cache)
        print(profile_id, *found[str(profile_id)].table, sep="\n  ", flush=True)
    if asked.write:
        TARGET.write_text(module_text(found), encoding="utf-8")


if __name__ == "__main__":
    main()
