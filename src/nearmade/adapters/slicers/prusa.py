"""PrusaSlicer as an outside program: a fresh mesh and our own settings in, G-code out.

It never sees an uploaded file or project: the mesh is read, checked and written anew,
since this version runs scripts from projects (CVE-2023-47268) and its exit code is no
check of validity. It runs cut off from the machine, with limits.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from nearmade.adapters.sandbox import Limits, Outcome, run_limited
from nearmade.adapters.slicers.flatten import (
    flat_ini,
    flat_settings,
    start_checks,
)
from nearmade.adapters.slicers.gcode_figures import (
    LAYERS_AMISS,
    OFF_BED,
    check_figures,
    read_figures,
    strip_gcode,
    with_checks,
)
from nearmade.geometry.laying import laid
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.nesting import MOST_ON_PLATE, Kind, count_plates, nest_at_once
from nearmade.geometry.remembered import facts_of
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.level2 import SliceFigures, estimate_level2
from nearmade.quoting.plate import EDGE_MM, bed_of, plates_of
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from nearmade.vocabulary.identity import sha256_of

PROGRAM = "/usr/bin/prusa-slicer"

#: The slicer used at most 158 MB on 74 parts; its threads reserve much more than that.
MEMORY_BYTES = 6 * 2**30
RESIDENT_BYTES = 2**30

#: G-code of 74 parts was 0.1 to 8 MB.
GCODE_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Sliced:
    """A sliced build.

    Parameters
    ----------
    gcode
        For the printer, without the slicer's configuration block.
    figures
        What the slicer says of it.
    from_cache
        True when the same build had been sliced before.
    """

    gcode: bytes
    figures: SliceFigures
    from_cache: bool


def slice_stl(
    stl: bytes,
    profile: Profile,
    *,
    cache: Path | None,
    supports: bool = False,
    infill_fraction: float | None = None,
    wall_s: float = 120,
) -> Sliced:
    """Slice one part, centred on the bed.

    Parameters
    ----------
    stl
        The part, lying as it will be printed.
    profile
        Machine, material and quality.
    cache
        Folder of earlier results; None for none.
    supports
        Whether the slicer adds supports by itself.
    infill_fraction
        Instead of the profile's, 0..1.
    wall_s
        Time before it is ended. [s]

    Raises
    ------
    InvalidInput
        When the part is broken, open, too large, too tall or thinner than a layer.
    Unavailable
        When the slicer is missing, fails, or answers nonsense.
    """
    return slice_plate(
        [(stl, 1)],
        profile,
        cache=cache,
        supports=supports,
        infill_fraction=infill_fraction,
        wall_s=wall_s,
    )


def slice_plate(
    stls: Sequence[tuple[bytes, int]],
    profile: Profile,
    *,
    cache: Path | None,
    supports: bool = False,
    infill_fraction: float | None = None,
    wall_s: float = 120,
) -> Sliced:
    """Slice several parts and copies as one build, laid as ``nest_at_once`` lays them.

    Parameters
    ----------
    stls
        Each part with its number of copies, 1 or more.
    profile, cache, supports, infill_fraction, wall_s
        As for one part.

    Raises
    ------
    InvalidInput
        As for one part; code ``plate-full`` when they do not fit one bed.
    Unavailable
        When the slicer is missing, fails, or answers nonsense.
    """
    copies = sum(quantity for _, quantity in stls)
    if not 1 <= copies <= MOST_ON_PLATE or any(quantity < 1 for _, quantity in stls):
        raise InvalidInput(f"plate: {copies} parts; must be 1 to {MOST_ON_PLATE}")
    meshes = [(_checked(read_stl(stl), profile), number) for stl, number in stls]
    ini = _settings(profile, supports=supports, infill_fraction=infill_fraction)
    laid = _nested(meshes, profile) if copies > 1 else [meshes[0][0]]
    fresh = [write_stl(mesh) for mesh in laid]
    version = slicer_version()
    key = _key(fresh, ini, version)
    checks = start_checks(profile)
    known = _load(cache, key)
    if known is not None:
        return replace(known, gcode=with_checks(known.gcode, checks))
    gcode = _export(fresh, ini, profile, wall_s)
    figures = read_figures(gcode, profile, slicer_version=version, parts=copies)
    height_mm = max(float(np.ptp(mesh.vertices_mm[:, 2])) for mesh, _ in meshes)
    try:
        check_figures(figures, profile, height_mm, supports=supports)
    except Unavailable as error:
        if copies > 1 and error.code == OFF_BED:
            raise _plate_full() from error
        floating = None if supports else _floating([mesh for mesh, _ in meshes])
        if error.code == LAYERS_AMISS and floating is not None:
            raise floating from error
        raise
    sliced = Sliced(strip_gcode(gcode), figures, from_cache=False)
    _store(cache, key, sliced)
    return replace(sliced, gcode=with_checks(sliced.gcode, checks))


def slice_copies(
    stl: bytes,
    profile: Profile,
    quantity: int,
    *,
    cache: Path | None,
    supports: bool = False,
    infill_fraction: float | None = None,
    wall_s: float = 120,
) -> BuildEstimate:
    """Estimate copies of a part by slicing one full plate and the rest.

    Parameters
    ----------
    stl
        The part, lying as it will be printed.
    quantity
        How many, 1 or more.
    profile, cache, supports, infill_fraction, wall_s
        As for one part; the time counts for each plate.

    Raises
    ------
    InvalidInput
        As for one part, and when the quantity is below one.
    Unavailable
        When the slicer is missing, fails, or answers nonsense.
    """
    extents_mm = facts_of(read_stl(stl)).extents_mm
    figures = [
        slice_plate(
            [(stl, copies)],
            profile,
            cache=cache,
            supports=supports,
            infill_fraction=infill_fraction,
            wall_s=wall_s,
        ).figures
        for copies in plates_of(extents_mm, profile, quantity)
    ]
    return estimate_level2(figures[0], profile, quantity, *figures[1:])


@cache
def slicer_version() -> str:
    """Give the slicer's name and version; there is no option for it but the help.

    Raises
    ------
    Unavailable
        When it is not installed or does not answer.
    """
    if not Path(PROGRAM).exists():
        raise Unavailable(
            "PrusaSlicer is not installed",
            code="slicer-missing",
            remedy="apt-get install prusa-slicer",
        )
    outcome = run_limited([PROGRAM, "--help"], limits=_limits(30))
    found = re.search(rb"PrusaSlicer-(\d+\.\d+\.\d+)", outcome.stdout)
    if found is None:
        raise Unavailable("PrusaSlicer does not say its version", code="slicer-failed")
    return f"PrusaSlicer {found.group(1).decode()}"


def _checked(mesh: Mesh, profile: Profile) -> Mesh:
    """Refuse what would crash the slicer or pass in silence; put it on the plate."""
    facts = facts_of(mesh)
    if not facts.watertight:
        raise InvalidInput(
            "part: the mesh is not watertight, so inside and outside are not known",
            code="not-watertight",
            remedy="repair the mesh before it is quoted for making",
        )
    along_x, along_y, along_z = facts.extents_mm
    bed_x, bed_y = (side - 2 * EDGE_MM for side in profile.bed_mm[:2])
    straight = along_x <= bed_x and along_y <= bed_y
    if not straight and not (along_y <= bed_x and along_x <= bed_y):
        raise InvalidInput(
            f"part: {along_x:.1f} x {along_y:.1f} mm is larger than the "
            f"{bed_x:.0f} x {bed_y:.0f} mm that {profile.machine_model} can print",
            code="larger-than-bed",
        )
    if not along_z <= profile.bed_mm[2]:
        raise InvalidInput(
            f"part: {along_z:.1f} mm is taller than the {profile.bed_mm[2]:.0f} mm "
            f"that {profile.machine_model} can print",
            code="taller-than-machine",
        )
    if not along_z >= profile.layer_mm:
        raise InvalidInput(
            f"part: {along_z:.3f} mm is thinner than a layer of {profile.layer_mm} mm",
            code="thinner-than-layer",
            remedy="check that the file is in millimetres",
        )
    return _laid_down(mesh, turned=not straight)


def _laid_down(mesh: Mesh, *, turned: bool) -> Mesh:
    """Put a part on the plate with its middle at the origin, turned by a quarter."""
    low = mesh.vertices_mm.min(axis=0)
    middle = (low + mesh.vertices_mm.max(axis=0)) / 2
    placed = mesh.vertices_mm - np.array([middle[0], middle[1], low[2]])
    if turned:
        placed = placed[:, [1, 0, 2]] * np.array([-1.0, 1, 1])
    return Mesh(placed, mesh.faces)


def _nested(meshes: Sequence[tuple[Mesh, int]], profile: Profile) -> list[Mesh]:
    """Put every copy in its place on one bed."""
    kinds = []
    for number, (mesh, quantity) in enumerate(meshes):
        along_x, along_y, along_z = np.ptp(mesh.vertices_mm, axis=0).tolist()
        kinds.append(Kind(str(number), (along_x, along_y, along_z), quantity))
    plates = nest_at_once(kinds, bed_of(profile))
    if count_plates(plates) > 1:
        raise _plate_full()
    return [laid(meshes[int(each.part)][0], each) for each in plates[0].placements]


def _settings(
    profile: Profile, *, supports: bool, infill_fraction: float | None
) -> bytes:
    """Write the flat settings with what this build changes."""
    settings = flat_settings(profile)
    side_x, side_y, side_z = profile.bed_mm
    settings["bed_shape"] = f"0x0,{side_x:g}x0,{side_x:g}x{side_y:g},0x{side_y:g}"
    settings["max_print_height"] = f"{side_z:g}"
    settings["support_material"] = "1" if supports else "0"
    if infill_fraction is not None:
        if not 0 <= infill_fraction <= 1:
            raise InvalidInput(f"infill {infill_fraction}: must be in 0..1")
        settings["fill_density"] = f"{infill_fraction * 100:g}%"
        if infill_fraction == 1:  # most sparse patterns cannot be solid
            settings["fill_pattern"] = "rectilinear"
    return flat_ini(settings)


def _export(
    fresh: Sequence[bytes], ini: bytes, profile: Profile, wall_s: float
) -> bytes:
    """Run the slicer in a folder of its own and give the G-code it wrote."""
    with tempfile.TemporaryDirectory(prefix="nearmade-slice-") as name:
        folder = Path(name)
        (folder / "flat.ini").write_bytes(ini)
        files: list[str] = []
        for number, stl in enumerate(fresh):
            path = folder / f"part-{number}.stl"
            path.write_bytes(stl)
            files.append(str(path))
        output = folder / "build.gcode"
        argv = [PROGRAM, "--export-gcode", "--load", str(folder / "flat.ini")]
        argv += ["--loglevel", "1", "-o", str(output)]
        # With a centre given, PrusaSlicer would arrange several parts anew.
        middle = f"{profile.bed_mm[0] / 2:g},{profile.bed_mm[1] / 2:g}"
        argv += (
            ["--merge", "--dont-arrange"] if len(files) > 1 else ["--center", middle]
        )
        outcome = run_limited(
            [*argv, *files], limits=_limits(wall_s), writable=[folder], cwd=folder
        )
        if outcome.returncode != 0 or not output.is_file():
            raise _failure(outcome, several=len(files) > 1)
        return output.read_bytes()


def _floating(meshes: Sequence[Mesh]) -> InvalidInput | None:
    """Name bodies that the slicer leaves out without supports; None without any."""
    for mesh in meshes:
        for finding in facts_of(mesh).findings:
            if finding.code == "floating-bodies":
                heights = ", ".join(f"{x.centre_mm[2]:.1f}" for x in finding.spots)
                return InvalidInput(
                    f"part: {finding.message.split(':')[0]}, around {heights} mm above "
                    "the plate; without supports the slicer leaves layers out",
                    code="floating-bodies",
                    remedy="slice with supports (--supports), or join the bodies in "
                    "the file",
                )
    return None


def _plate_full() -> InvalidInput:
    return InvalidInput(
        "plate: the parts do not fit one bed together",
        code="plate-full",
        remedy="spread them over several builds",
    )


def _failure(outcome: Outcome, *, several: bool) -> InvalidInput | Unavailable:
    """Say why the slicer gave no G-code."""
    said = (outcome.stdout + outcome.stderr).decode(errors="replace")
    if "could not fit on the bed" in said and several:
        return _plate_full()
    if "No layers were detected" in said:
        return InvalidInput("part: the slicer finds no layer in it", code="no-layers")
    if outcome.timed_out:
        return Unavailable(
            f"slicer: ended after {outcome.wall_s:.0f} s", code="slicer-timeout"
        )
    last = said.strip().splitlines()[-1] if said.strip() else "no word"
    return Unavailable(
        f"slicer: exit status {outcome.returncode}: {last[:200]}", code="slicer-failed"
    )


def _limits(wall_s: float) -> Limits:
    return Limits(
        wall_s=wall_s,
        cpu_s=max(1, round(wall_s * 2)),
        memory_bytes=MEMORY_BYTES,
        file_bytes=GCODE_BYTES,
        rss_bytes=RESIDENT_BYTES,
        # Its threads cut triangles in any order, and where a loop begins hangs on it:
        # on two cores 24 of 25 slices of a round part differed from the first.
        one_core=True,
    )


def _key(fresh: Sequence[bytes], ini: bytes, version: str) -> str:
    """Name a build by its meshes, its settings and the slicer."""
    parts = [f"{sha256_of(stl)} x 1" for stl in fresh]
    return sha256_of("\n".join([*parts, sha256_of(ini), version]).encode())


def _load(cache: Path | None, key: str) -> Sliced | None:
    """Give an earlier result; a torn or foreign entry counts as none."""
    if cache is None:
        return None
    try:
        gcode = (cache / f"{key}.gcode").read_bytes()
        kept = json.loads((cache / f"{key}.json").read_text())
        if kept.pop("gcode_sha256") != sha256_of(gcode):
            return None
        kept["low_mm"], kept["high_mm"] = tuple(kept["low_mm"]), tuple(kept["high_mm"])
        return Sliced(gcode, SliceFigures(**kept), from_cache=True)
    except (OSError, ValueError, KeyError, TypeError, InvalidInput):
        return None


def _store(cache: Path | None, key: str, sliced: Sliced) -> None:
    """Keep a result, each file appearing whole or not at all."""
    if cache is None:
        return
    cache.mkdir(parents=True, exist_ok=True)
    figures = asdict(sliced.figures) | {"gcode_sha256": sha256_of(sliced.gcode)}
    _put(cache / f"{key}.gcode", sliced.gcode)
    _put(cache / f"{key}.json", json.dumps(figures).encode())


def _put(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)
