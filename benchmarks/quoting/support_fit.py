"""Fit the estimator of supports to the slicer, and measure its errors.

Slices open meshes with supports and without, fits the few numbers of ``SupportFit`` on
all profiles together with whole projects left out in turn, and prints the errors of the
total of a part whose own figures are taken from the slice without supports.

    python -m benchmarks.quoting.support_fit ../shared/data/designs --cache build/slices
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import manifold3d
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from benchmarks.quoting import support_truth as truth
from nearmade.adapters.slicers.prusa import Sliced, slice_stl
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.quoting.machine_settings.look_up import settings_of
from nearmade.quoting.print_settings import PrintSettings
from nearmade.quoting.profiles import find_profile
from nearmade.quoting.supports import FIT, SupportFit, figures
from nearmade.quoting.supports_lines import LaidLines, lay_lines
from nearmade.quoting.supports_survey import survey_supports
from nearmade.vocabulary.errors import NearmadeError
from nearmade.vocabulary.identity import ProfileId, sha256_of

Array = NDArray[np.float64]

PROFILES = ("mk3s-pla-0.20", "mini-petg-0.20", "ender3-pla-0.20")
VOLUMES = ("ruled", "across", "hugging", "dense", "bottom", "foot")
TIMES = ("turning", "starting")
#: What a coefficient is drawn to where parts say nothing of it.
PRIOR = SupportFit(1.0, 0.5, 0.5, 1.2, 1.2, 1.0, 0.5, 0.9)
#: Residuals above this share of the total count softly; smaller parts count less. [1]
SOFT = 0.005
SMALL_MM3, SMALL_S = 500.0, 300.0
#: Weight of the prior against one part's error; turns and starts come together, so that
#: parts alone hardly tell them apart.
DRAWN, DRAWN_TIME = 0.002, 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One part on one profile, sliced both ways."""

    name: str
    settings: PrintSettings
    lines: LaidLines | None
    bare: Array
    supports_mm3: Array
    total_mm3: float
    total_s: float
    bare_s: float
    cpu_s: float

    @property
    def project(self) -> str:
        """Give the folder that the part came in."""
        return self.name.split("/")[0]


def cases(folder: Path, profile_id: str, cache: Path) -> Iterator[Case]:
    """Slice every mesh that can be sliced."""
    settings = settings_of(ProfileId(profile_id))
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() != ".stl":
            continue
        try:
            mesh = read_stl(write_stl(read_mesh(path.read_bytes(), path.name)))
            found = [_sliced(mesh, profile_id, cache, supports) for supports in (0, 1)]
        except NearmadeError as error:
            print(f"left out {path.name}: {error}", file=sys.stderr)
            continue
        bare, held = (_table(sliced, settings, cache) for sliced in found)
        lines, cpu_s = _estimated(mesh, settings)
        first = np.abs(held[:, truth.HEIGHT] - settings.lines.first_layer_mm) < 1e-3
        base = held[:, truth.BASE_MM3]
        volumes = [base[~first].sum(), held[:, truth.INTERFACE_MM3].sum()]
        yield Case(
            name=path.relative_to(folder).as_posix(),
            settings=settings,
            lines=lines,
            bare=bare,
            supports_mm3=np.array([*volumes, base[first].sum()]),
            total_mm3=found[1].figures.filament_mm3,
            total_s=found[1].figures.time_s,
            bare_s=found[0].figures.time_s,
            cpu_s=cpu_s,
        )


def _sliced(mesh: Mesh, profile_id: str, cache: Path, supports: int) -> Sliced:
    profile = find_profile(profile_id)
    return slice_stl(write_stl(mesh), profile, cache=cache, supports=bool(supports))


def _table(sliced: Sliced, settings: PrintSettings, cache: Path) -> Array:
    """Measure a slice, or remember it."""
    kept = cache / f"{sha256_of(sliced.gcode)}.npy"
    if not kept.exists():
        np.save(kept, truth.layer_table(sliced.gcode, settings))
    table: Array = np.load(kept)
    return table


def _estimated(mesh: Mesh, settings: PrintSettings) -> tuple[LaidLines | None, float]:
    solid = manifold3d.Manifold(
        manifold3d.Mesh(
            vert_properties=mesh.vertices_mm.astype(np.float32),
            tri_verts=mesh.faces.astype(np.uint32),
        )
    )
    low, high = mesh.vertices_mm[:, 2].min(), mesh.vertices_mm[:, 2].max()
    start = time.process_time()
    survey = survey_supports(solid, float(low), settings)
    above = (
        float(high - low) - settings.lines.first_layer_mm
    ) / settings.lines.layer_mm
    count = 1 + max(0, int(np.ceil(above - 0.5 - 1e-6)))
    lines = None if survey is None else lay_lines(survey, count, settings)
    return lines, time.process_time() - start


def volumes_mm3(case: Case, fit: SupportFit) -> Array:
    """Give the estimated filament of towers, dense lines and first layer."""
    if case.lines is None:
        return np.zeros(3)
    found = figures(case.lines, case.settings, fit)
    return np.array([found.base_mm3, found.interface_mm3, found.first_mm3])


def added_s(case: Case, fit: SupportFit) -> float:
    """Give what supports add to the time of the slice without them.

    The slicer slows layers that are too short, and cools supports with the layer above:
    what they take is time that the layer no longer needs to wait.
    """
    if case.lines is None:
        return 0.0
    speeds = case.settings.speeds
    found = figures(case.lines, case.settings, fit)
    count = min(len(case.bare), len(found.layer_s))
    plain, slowed = case.bare[:count, truth.PLAIN_S], case.bare[:count, truth.SLOWED_S]
    own = found.layer_s[:count]
    drawn_s = found.layer_mm[:count] / speeds.support
    slowest = found.layer_mm[:count] / speeds.slowest + np.maximum(own - drawn_s, 0)
    least = speeds.slow_layer_s
    most = np.where(slowed < 0.97 * least, slowed, least) + slowest
    short = np.maximum(np.minimum(least, most), slowed)
    both = np.where(plain + own >= least, plain + own, short)
    added = np.where(own > 0, both - slowed, 0.0)
    return float(added.sum() + found.layer_s[count:].sum())


def fitted(known: Sequence[Case], start: SupportFit = PRIOR) -> SupportFit:
    """Fit filament first, then time; far-off parts count softly."""
    fit = _fitted(known, start, VOLUMES, _volume_errors, DRAWN)
    return _fitted(known, fit, TIMES, _time_errors, DRAWN_TIME)


def _volume_errors(case: Case, fit: SupportFit) -> list[float]:
    off = volumes_mm3(case, fit) - case.supports_mm3
    return list(off / max(case.total_mm3, SMALL_MM3))


def _time_errors(case: Case, fit: SupportFit) -> list[float]:
    off = added_s(case, fit) - (case.total_s - case.bare_s)
    return [off / max(case.total_s, SMALL_S) / 2]


def _fitted(
    known: Sequence[Case],
    start: SupportFit,
    names: Sequence[str],
    errors: Callable[[Case, SupportFit], list[float]],
    drawn: float,
) -> SupportFit:
    """Fit the named numbers; those that nothing speaks of stay near where they are."""
    first = np.array([getattr(start, name) for name in names])
    prior = np.array([getattr(PRIOR, name) for name in names])

    def of(numbers: Array) -> SupportFit:
        return replace(start, **dict(zip(names, numbers.tolist(), strict=True)))

    def off(numbers: Array) -> Array:
        fit = of(numbers)
        rows = [error for case in known for error in errors(case, fit)]
        return np.append(rows, drawn * (numbers / prior - 1))

    found = least_squares(off, first, loss="soft_l1", f_scale=SOFT, bounds=(0, 3))
    return of(found.x)


def report(name: str, off: Array) -> str:
    """Write median, 90th percentile and greatest of absolute errors, in percent."""
    size = np.abs(off) * 100
    return (
        f"  {name:<34}{np.median(size):7.2f}{np.percentile(size, 90):7.2f}"
        f"{size.max():7.1f}{off.mean() * 100:7.2f}"
    )


def errors_of(known: Sequence[Case], fits: dict[str, SupportFit]) -> dict[str, Array]:
    """Give errors in shares of the total, each part by the fit without its project."""
    off: dict[str, list[float]] = {"filament": [], "time": [], "of supports": []}
    for case in known:
        fit = fits[case.project]
        by_role = volumes_mm3(case, fit)
        true_mm3 = float(case.supports_mm3.sum())
        off["filament"].append((by_role.sum() - true_mm3) / case.total_mm3)
        seconds = added_s(case, fit) - (case.total_s - case.bare_s)
        off["time"].append(seconds / case.total_s)
        if true_mm3 > 0:
            off["of supports"].append(by_role.sum() / true_mm3 - 1)
    return {name: np.array(values) for name, values in off.items()}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--cache", type=Path, default=Path("build/slices"))
    reader.add_argument("--json", type=Path)
    asked = reader.parse_args()
    known = {name: list(cases(asked.folder, name, asked.cache)) for name in PROFILES}
    every = [case for found in known.values() for case in found]
    projects = sorted({case.project for case in every})
    whole = fitted(every)
    fits = {
        project: fitted([case for case in every if case.project != project], whole)
        for project in projects
    }
    print(f"{len(every)} parts; percent of the total: median    p90    max   bias")
    kept: dict[str, object] = {"fit": asdict(whole), "before": asdict(FIT)}
    for name, found in known.items():
        print(name)
        held = [case for case in found if case.supports_mm3.sum() > 0]
        off, off_held = errors_of(found, fits), errors_of(held, fits)
        for kind, values in off.items():
            print(report(kind, values))
            kept[f"{name} {kind}"] = np.percentile(np.abs(values), [50, 90]).tolist()
        for kind in ("filament", "time"):
            print(report(f"{kind}, parts with supports", off_held[kind]))
        cpu_ms = np.percentile([1e3 * case.cpu_s for case in found], [50, 90, 100])
        print("  CPU: median {:.0f}, p90 {:.0f}, most {:.0f} ms".format(*cpu_ms))
        kept[f"{name} cpu_ms"] = cpu_ms.tolist()
    print(whole)
    if asked.json is not None:
        asked.json.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
