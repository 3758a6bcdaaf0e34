"""Levels 0 and 1 beside the slicer, on every open mesh that the slicer takes.

Slices the STL files of a folder with three profiles, of other machines and materials,
without supports and with them, fits the estimators with whole projects left out in
turn, and measures errors, coverage of the 80 % intervals, sums and processor time.
``--write`` renews ``src/nearmade/quoting/fitted/``.

    python -m benchmarks.quoting.estimators ../shared/data/designs --cache build/slices
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from nearmade.adapters.slicers.prusa import slice_stl, slicer_version
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.quoting.calibration import LinearFit
from nearmade.quoting.calibration_fits import (
    LinearFits,
    ProfileFit,
    SlicedPart,
    linear_fits,
    profile_fit,
)
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.profile import Level0Fit, Level1Fit
from nearmade.quoting.profiles import find_profile
from nearmade.quoting.terms import count_terms
from nearmade.vocabulary.errors import NearmadeError

#: Three machines, three materials.
PROFILES = ("mk3s-pla-0.20", "mini-petg-0.20", "ender3-abs-0.20")
TARGET = Path("src/nearmade/quoting/fitted")
HEAD = f"{'percent off, projects left out':<32}{'median':>8}{'90th':>8}{'most':>8}"


@dataclass(frozen=True, slots=True, eq=False)
class Timed:
    """One part with its slice, and what estimating it took.

    Parameters
    ----------
    part
        To be fitted on.
    level0_ms, level1_ms
        Processor time after reading and measuring. [ms]
    """

    part: SlicedPart
    level0_ms: float
    level1_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One profile's parts and fits.

    Parameters
    ----------
    timed
        Parts that the slicer took.
    left_out
        Why others were not taken.
    fits
        With their errors.
    source
        What they were fitted on.
    """

    timed: tuple[Timed, ...]
    left_out: tuple[str, ...]
    fits: LinearFits
    source: str


def stl_files(folder: Path) -> list[Path]:
    """Give every STL file below a folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".stl")


def sliced(
    path: Path, folder: Path, profile_id: str, cache: Path, *, supports: bool
) -> Timed | str:
    """Slice and estimate one file, or say why it is left out."""
    profile = find_profile(profile_id)
    try:
        mesh = read_stl(write_stl(read_mesh(path.read_bytes(), path.name)))
        figures = slice_stl(
            write_stl(mesh), profile, cache=cache, supports=supports
        ).figures
        facts = measure(mesh)
        count_terms(mesh, profile.settings, supports=supports)
        start = time.process_time()
        terms = count_terms(mesh, profile.settings, supports=supports)
        level1_s = time.process_time() - start
        start = time.process_time()
        estimate_level0(facts, profile)
        level0_s = time.process_time() - start
    except NearmadeError as error:
        return f"{path.name}: {error}"
    inside = path.relative_to(folder)
    part = SlicedPart(
        name=inside.as_posix(),
        group=inside.parts[0],
        facts=facts,
        terms=terms,
        truth_mm3=figures.filament_mm3,
        truth_s=figures.time_s,
    )
    return Timed(part, 1e3 * level0_s, 1e3 * level1_s)


def find(folder: Path, profile_id: str, cache: Path, *, supports: bool) -> Found:
    """Slice all files with one profile and fit to them."""
    one = partial(
        sliced, folder=folder, profile_id=profile_id, cache=cache, supports=supports
    )
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(one, stl_files(folder), chunksize=4))
    timed = tuple(each for each in results if isinstance(each, Timed))
    parts = [each.part for each in timed]
    held = ", with supports" if supports else ""
    source = (
        f"fitted on {len(parts)} open meshes of {len({p.group for p in parts})} "
        f"projects{held}, {slicer_version()}, {dt.datetime.now(dt.UTC).date()}"
    )
    fits = linear_fits(parts, find_profile(profile_id), source)
    left_out = tuple(each for each in results if isinstance(each, str))
    return Found(timed, left_out, fits, source)


def figures_of(found: Found) -> dict[str, object]:
    """Give one profile's figures as plain values."""
    names = ("volume0", "time0", "volume1", "time1")
    result: dict[str, object] = {
        name: _errors(getattr(found.fits, name)) for name in names
    }
    for level in ("level0_ms", "level1_ms"):
        cpu_ms = [getattr(each, level) for each in found.timed]
        result[level] = {
            "median": float(np.median(cpu_ms)),
            "p90": float(np.percentile(cpu_ms, 90)),
            "most": float(max(cpu_ms)),
        }
    result["parts"] = len(found.timed)
    result["left_out"] = list(found.left_out)
    result["by_part"] = {
        each.part.name: [
            round(float(found.fits.volume1.ratios[i]), 4),
            round(float(found.fits.time1.ratios[i]), 4),
        ]
        for i, each in enumerate(found.timed)
    }
    return result


def _errors(fit: LinearFit) -> dict[str, float]:
    errors = fit.errors
    return {
        "median": errors.median_fraction,
        "p90": errors.p90_fraction,
        "most": errors.most_fraction,
        "sum": errors.sum_fraction,
        "coverage": errors.coverage_fraction,
    }


def table_of(name: str, found: Found) -> Iterable[str]:
    """Write one profile's figures."""
    yield f"{name}: {len(found.timed)} parts, {len(found.left_out)} left out"
    yield f"  {HEAD}{'sum':>8}{'inside':>8}"
    rows: Mapping[str, LinearFit] = {
        "filament, level 0": found.fits.volume0,
        "time, level 0": found.fits.time0,
        "filament, level 1": found.fits.volume1,
        "time, level 1": found.fits.time1,
    }
    for title, fit in rows.items():
        percents = "".join(f"{100 * each:8.1f}" for each in _errors(fit).values())
        yield f"  {title:<32}{percents}"
    for title, level in (("level 0", "level0_ms"), ("level 1", "level1_ms")):
        cpu_ms = [getattr(each, level) for each in found.timed]
        middle, p90, most = np.percentile(cpu_ms, [50, 90, 100])
        yield f"  {f'processor ms, {title}':<32}{middle:8.2f}{p90:8.2f}{most:8.2f}"


MODULE_HEAD = '''"""Coefficients of the estimators, fitted on sliced open meshes.

Written by ``benchmarks/quoting/estimators.py --write``; its table of errors, with whole
projects left out of the fit, stands in ``benchmarks/quoting/README.md``.
"""

from __future__ import annotations

from nearmade.quoting.profile import FitErrors, {kind}, SizedSpread, Spread
from nearmade.vocabulary.identity import ProfileId

'''


def modules(
    plain: Mapping[str, ProfileFit], supported: Mapping[str, ProfileFit]
) -> dict[str, str]:
    """Write the coefficients as modules of data, by name."""
    return {
        "level0": _module("LEVEL0", {k: v.level0 for k, v in plain.items()}),
        "level1": _module("LEVEL1", {k: v.level1 for k, v in plain.items()}),
        "supported": _module(
            "LEVEL1_SUPPORTED", {k: v.level1 for k, v in supported.items()}
        ),
    }


def _module(title: str, fits: Mapping[str, Level0Fit | Level1Fit]) -> str:
    sources = sorted({fit.source for fit in fits.values()})
    names = {source: f"_SOURCE_{number}" for number, source in enumerate(sources, 1)}
    kind = "Level0Fit" if title == "LEVEL0" else "Level1Fit"
    text = MODULE_HEAD.format(kind=kind)
    for source, name in names.items():
        first, second = source.split(", Prusa", 1)
        text += f'{name} = (\n    "{first}, "\n    "Prusa{second}"\n)\n'
    text += f"\n{title}: dict[ProfileId, {kind}] = {{\n"
    for profile_id, fit in fits.items():
        written = repr(fit).replace(", assumed=False", "")
        for source, name in names.items():
            written = written.replace(repr(source), name)
        text += f'    ProfileId("{profile_id}"): {written},\n'
    return text + "}\n"


def stored(found: Mapping[str, Found]) -> dict[str, ProfileFit]:
    """Give each profile's fit as the package keeps it."""
    return {
        name: profile_fit(
            each.fits,
            find_profile(name),
            each.source,
            len({one.part.group for one in each.timed}),
        )
        for name, each in found.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--cache", type=Path, default=Path("build/slices"))
    reader.add_argument("--profiles", nargs="+", default=PROFILES)
    reader.add_argument(
        "--bare", nargs="*", default=(), help="more, without supports only"
    )
    reader.add_argument("--json", type=Path)
    reader.add_argument("--write", action="store_true")
    asked = reader.parse_args(arguments)
    found: dict[bool, dict[str, Found]] = {False: {}, True: {}}
    kept: dict[str, object] = {}
    for supports in (False, True):
        more = () if supports else asked.bare
        for name in (*asked.profiles, *more):
            each = find(asked.folder, name, asked.cache, supports=supports)
            found[supports][name] = each
            title = f"{name}{', with supports' if supports else ''}"
            kept[title] = figures_of(each)
            print("\n".join(table_of(title, each)), flush=True)
    if asked.json is not None:
        text = json.dumps(kept, indent=2, sort_keys=True)
        asked.json.write_text(text + "\n", encoding="utf-8")
    if asked.write:
        texts = modules(stored(found[False]), stored(found[True]))
        for name, text in texts.items():
            (TARGET / f"{name}.py").write_text(text, encoding="utf-8")
        print(f"wrote {TARGET}; format it", file=sys.stderr)


if __name__ == "__main__":
    main()
