"""What a calibration on the house's own parts is worth on meshes of other people.

Calibrates a profile as ``nearmade calibrate`` does, then holds the fit against what the
slicer says of open meshes that it never saw: errors, coverage of the 80 % intervals and
the sums over all parts.

    python -m benchmarks.quoting.own_set ../shared/data/designs --cache build/slices
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nearmade.adapters.calibration_set import own_parts, slice_set
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.quoting.calibration import coverage, off_by
from nearmade.quoting.calibration_fits import (
    ProfileFit,
    SlicedPart,
    fit_profile,
    level0_columns,
)
from nearmade.quoting.calibration_shapes import CalibrationPart
from nearmade.quoting.profile import Profile, SizedSpread, Spread
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import NearmadeError

PROFILE = "mk3s-pla-0.20"

Array = NDArray[np.float64]


def open_parts(folder: Path) -> Iterator[CalibrationPart]:
    """Give the meshes of a folder that can be read; each project is a group."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() != ".stl":
            continue
        inside = path.relative_to(folder)
        try:
            mesh = read_stl(write_stl(read_mesh(path.read_bytes(), path.name)))
        except NearmadeError:
            continue
        yield CalibrationPart(inside.as_posix(), inside.parts[0], mesh)


def one_class(spread: Spread) -> SizedSpread:
    """Give a spread for parts of any size."""
    return SizedSpread((), (spread,))


def estimated(
    parts: Sequence[SlicedPart], profile: Profile, fit: ProfileFit
) -> dict[str, tuple[Array, Array, SizedSpread]]:
    """Give truth over estimate, truth and intervals, estimator by estimator."""
    zero, one = fit.level0, fit.level1
    of_volume = np.array([zero.shell_mm3, zero.sparse_mm3, zero.start_mm3])
    of_time = np.array(
        [zero.shell_s, zero.sparse_s, zero.wall_s, zero.layer_s, zero.start_s]
    )
    columns = [level0_columns(part.facts, profile) for part in parts]
    volumes = np.array([part.truth_mm3 for part in parts])
    times = np.array([part.truth_s for part in parts])
    estimates = {
        "level 0, feedstock": np.array([c[0] @ of_volume for c in columns]),
        "level 0, time": np.array([c[1] @ of_time for c in columns]),
        "level 1, feedstock": np.array(
            [np.dot(part.terms.volumes_mm3, one.volume_factors) for part in parts]
        ),
        "level 1, time": np.array(
            [np.dot(part.terms.times_s, one.time_factors) for part in parts]
        ),
    }
    spreads = {
        "level 0, feedstock": one_class(zero.volume_spread),
        "level 0, time": one_class(zero.time_spread),
        "level 1, feedstock": one.volume_sizes or one_class(one.volume_spread),
        "level 1, time": one.time_sizes or one_class(one.time_spread),
    }
    truths = {name: times if "time" in name else volumes for name in estimates}
    return {
        name: (truths[name] / estimate, truths[name], spreads[name])
        for name, estimate in estimates.items()
    }


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--cache", type=Path, default=Path("build/slices"))
    asked = reader.parse_args()
    profile = find_profile(PROFILE)
    own = slice_set(list(own_parts(cache=asked.cache)), profile, cache=asked.cache)
    fit = fit_profile(own.parts, profile, "own parts")
    meshes = list(open_parts(asked.folder))
    others = slice_set(meshes, profile, cache=asked.cache).parts
    print(
        f"{PROFILE}: fitted on {len(own.parts)} own parts, held against "
        f"{len(others)} open meshes",
        file=sys.stderr,
    )
    found = {}
    sizes = estimated(others, profile, fit)["level 1, feedstock"]
    size_mm3 = sizes[1] / sizes[0]
    for name, (ratios, truth, spread) in estimated(others, profile, fit).items():
        median, p90, most = off_by(ratios)
        found[name] = {
            "median": median,
            "p90": p90,
            "most": most,
            "inside": coverage(ratios, size_mm3, spread),
            "sum": float((truth / ratios).sum() / truth.sum() - 1),
        }
    print(json.dumps({"own": len(own.parts), "open": len(others), "errors": found}))


if __name__ == "__main__":
    main()
