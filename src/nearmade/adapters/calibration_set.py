"""The parts that a profile is calibrated on, sliced with progress.

Our own set: shapes made in the house, and the starter designs rendered with their
default values where an OpenSCAD engine is at hand. Or the meshes of a folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nearmade.adapters.design_folder import customise, load_design
from nearmade.adapters.examples import list_designs
from nearmade.adapters.gate import admit
from nearmade.adapters.slicers.prusa import slice_stl
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.quoting.calibration_fits import SlicedPart
from nearmade.quoting.calibration_shapes import CalibrationPart, calibration_shapes
from nearmade.quoting.profile import Profile
from nearmade.quoting.terms import count_terms
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, Unavailable

#: Kinds of mesh files that are looked for in a folder.
SUFFIXES = frozenset({".stl", ".3mf", ".obj", ".off", ".ply"})

#: Called with what is done, out of how many, and what it was.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class SlicedSet:
    """What came of slicing a calibration set.

    Parameters
    ----------
    parts
        With the slicer's figures.
    left_out
        Parts that were not sliced, each with the reason.
    """

    parts: tuple[SlicedPart, ...]
    left_out: tuple[str, ...]


def own_parts(*, cache: Path | None) -> Iterator[CalibrationPart]:
    """Give the parts that ship with the house, shapes first.

    Parameters
    ----------
    cache
        Folder of meshes rendered before; None for none.
    """
    yield from calibration_shapes()
    for folder in list_designs():
        design = load_design(folder)
        try:
            instance = customise(design, {}, cache=cache)
        except Unavailable:
            return  # no engine here: the shapes do
        for made in instance.parts:
            name = f"{design.design.id}/{made.part.name}"
            yield CalibrationPart(name, design.design.id, read_stl(made.stl))


def parts_of_folder(folder: Path) -> Iterator[CalibrationPart]:
    """Give the meshes below a folder; each sub-folder is a group.

    Raises
    ------
    InvalidInput
        When the folder holds no mesh.
    """
    paths = sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES
    )
    if not paths:
        raise InvalidInput(
            f"--parts {folder}: holds no mesh",
            code="too-few-parts",
            remedy=f"put files of the kinds {', '.join(sorted(SUFFIXES))} there",
        )
    for path in paths:
        inside = path.relative_to(folder)
        group = inside.parts[0] if len(inside.parts) > 1 else path.stem
        try:
            mesh = admit(path.read_bytes(), path.name).mesh
        except (NearmadeError, OSError):
            continue
        yield CalibrationPart(str(inside), group, mesh)


def slice_set(
    parts: Sequence[CalibrationPart],
    profile: Profile,
    *,
    cache: Path | None,
    supports: bool = False,
    progress: Progress | None = None,
) -> SlicedSet:
    """Slice every part with a profile, as many at once as the machine has cores.

    Parameters
    ----------
    parts
        Lying as they are printed.
    profile
        Machine, material and quality.
    cache
        Folder of earlier slices; None for none.
    supports
        Whether the slicer adds supports.
    progress
        Told after each part.

    Raises
    ------
    Unavailable
        When the slicer is missing.
    InvalidInput
        When no slicer knows the profile's machine.
    """

    def sliced(part: CalibrationPart) -> SlicedPart | str:
        try:
            return _slice(part, profile, cache=cache, supports=supports)
        except NearmadeError as error:
            if error.code in {"slicer-missing", "no-slicer-profile"}:
                raise
            return f"{part.name}: {error.message}"

    found: list[SlicedPart] = []
    left_out: list[str] = []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for done, answer in enumerate(pool.map(sliced, parts), start=1):
            if isinstance(answer, SlicedPart):
                found.append(answer)
            else:
                left_out.append(answer)
            if progress is not None:
                progress(done, len(parts), parts[done - 1].name)
    return SlicedSet(tuple(found), tuple(left_out))


def _slice(
    part: CalibrationPart, profile: Profile, *, cache: Path | None, supports: bool
) -> SlicedPart:
    facts = measure(part.mesh)
    stl = write_stl(part.mesh)
    figures = slice_stl(stl, profile, cache=cache, supports=supports).figures
    return SlicedPart(
        name=part.name,
        group=part.group,
        facts=facts,
        terms=count_terms(part.mesh, profile.settings, supports=supports),
        truth_mm3=figures.filament_mm3,
        truth_s=figures.time_s,
    )
