"""Plates of real parts: how many are needed, and what they take beside the slicer.

Parts are chosen by a seed among those that the slicer accepts; a plate is sliced just
as it is laid.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from nearmade.adapters.slicers.prusa import slice_plate, slice_stl
from nearmade.adapters.strip_packing import pack_strip
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.nesting import Kind, Plate, count_plates, nest_at_once
from nearmade.geometry.nesting_well import is_sound, nest_well
from nearmade.geometry.silhouette import silhouette_of
from nearmade.geometry.stl import read_stl
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.level2 import estimate_level2
from nearmade.quoting.part_alone import PartAlone
from nearmade.quoting.plate import bed_of
from nearmade.quoting.plate_figures import estimate_plate
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import NearmadeError

SEED = 11
#: Different parts on a plate, and copies of each.
PLANS = (
    (2, 1), (3, 1), (5, 1), (8, 1), (1, 4), (1, 9), (2, 4), (4, 2), (3, 3), (6, 1),
    (12, 1), (1, 16), (2, 1), (10, 1),
)  # fmt: skip
#: Larger files take the slicer minutes.
MAX_BYTES = 1_500_000


@dataclass(frozen=True, slots=True)
class Row:
    """One plate: errors over the slicer's figures, in shares of them.

    Parameters
    ----------
    plan
        Different parts, and copies of each.
    summed
        Filament and time of all parts sliced alone, added up.
    from_slices, from_level1
        Of ``estimate_plate`` from each part's slice, and from level 1.
    """

    plan: tuple[int, int]
    summed: tuple[float, float]
    from_slices: tuple[float, float]
    from_level1: tuple[float, float]


def watertight_parts(folder: Path) -> dict[str, bytes]:
    """Read the parts that may be sliced, in the order of their names."""
    parts = {}
    for path in sorted(folder.rglob("*.stl")):
        content = path.read_bytes()
        if len(content) > MAX_BYTES:
            continue
        try:
            facts = measure(read_stl(content))
        except NearmadeError:
            continue
        if facts.watertight and facts.volume_mm3 > 300 and min(facts.extents_mm) > 1:
            parts[str(path.relative_to(folder))] = content
    return parts


def compare(
    parts: dict[str, bytes], profile: Profile, cache: Path | None
) -> Iterator[Row]:
    """Slice plates and each of their parts, and compare."""
    chance = random.Random(SEED)
    for plan in PLANS:
        for _ in range(30):
            chosen = chance.sample(sorted(parts), plan[0])
            row = _row({name: parts[name] for name in chosen}, plan, profile, cache)
            if row is not None:
                yield row
                break


def _row(
    stls: dict[str, bytes], plan: tuple[int, int], profile: Profile, cache: Path | None
) -> Row | None:
    """Compare one plate; None when its parts do not fit one or cannot be sliced."""
    copies = plan[1]
    meshes = {name: read_stl(stl) for name, stl in stls.items()}
    facts = {name: measure(mesh) for name, mesh in meshes.items()}
    kinds = [Kind(name, facts[name].extents_mm, copies) for name in stls]
    try:
        (plate,) = nest_at_once(kinds, bed_of(profile))
        singles = {name: slice_stl(stls[name], profile, cache=cache) for name in stls}
        if sum(each.figures.time_s for each in singles.values()) * copies > 60_000:
            return None
        true = slice_plate(
            [(stl, copies) for stl in stls.values()], profile, cache=cache
        ).figures
        sliced, level1 = {}, {}
        for name, mesh in meshes.items():
            slice_of = estimate_level2(singles[name].figures, profile)
            sliced[name] = PartAlone(facts[name], slice_of, mesh)
            layers = estimate_level1(mesh, facts[name], profile)
            level1[name] = PartAlone(facts[name], layers, mesh)
    except (NearmadeError, ValueError):
        return None
    true_mm3, true_s = true.filament_mm3, true.time_s
    mm3 = sum(each.figures.filament_mm3 for each in singles.values()) * copies
    time_s = sum(each.figures.time_s for each in singles.values()) * copies
    return Row(
        plan,
        (mm3 / true_mm3 - 1, time_s / true_s - 1),
        _errors(plate, sliced, profile, true_mm3, true_s),
        _errors(plate, level1, profile, true_mm3, true_s),
    )


def _errors(
    plate: Plate,
    alone: dict[str, PartAlone],
    profile: Profile,
    true_mm3: float,
    true_s: float,
) -> tuple[float, float]:
    build = estimate_plate(plate, alone, profile).build
    printing_s = build.time_s.value - profile.power.heatup_s
    return build.feedstock_mm3.value / true_mm3 - 1, printing_s / true_s - 1


def table(rows: Sequence[Row]) -> str:
    """Write errors of plates for people, in percent."""
    lines = [
        "  parts x copies   added up: mm3   time   slices: mm3   time   level 1: ..."
    ]
    for row in rows:
        figures = (*row.summed, *row.from_slices, *row.from_level1)
        lines.append(
            f"  {row.plan[0]:5d} x {row.plan[1]:<5d}"
            + "".join(f"{figure * 100:+9.1f}" for figure in figures)
        )
    for name, pick in (("median", statistics.median), ("worst", max)):
        figures = tuple(
            pick([abs(getattr(row, way)[place]) for row in rows])
            for way in ("summed", "from_slices", "from_level1")
            for place in (0, 1)
        )
        lines.append(
            f"  {name:<13}" + "".join(f"{figure * 100:9.1f}" for figure in figures)
        )
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Nested:
    """How many plates some parts need.

    Parameters
    ----------
    parts, copies
        How many kinds, and of each.
    shadows
        Area of all shadows over that of the bed.
    quick, well
        Plates by boxes, and by outlines.
    quick_s, well_s
        Processor time, and time on the clock. [s]
    """

    parts: int
    copies: int
    shadows: float
    quick: int
    well: int
    quick_s: float
    well_s: float


def nest(meshes: Sequence[Mesh], copies: int, profile: Profile) -> Nested:
    """Nest parts by boxes and by outlines; check both."""
    bed = bed_of(profile)
    kinds = []
    for number, mesh in enumerate(meshes):
        extents_mm = measure(mesh).extents_mm
        kinds.append(Kind(f"part {number}", extents_mm, copies, silhouette_of(mesh)))
    began_s = process_time()
    quick = nest_at_once(kinds, bed)
    quick_s = process_time() - began_s
    began_s = perf_counter()  # the packer is a child in a room of its own
    well = nest_well(kinds, bed, pack_strip)
    well_s = perf_counter() - began_s
    by_name = {kind.part: kind for kind in kinds}
    assert all(is_sound(plate, by_name, bed) for plate in (*quick, *well))
    shadow_mm2 = sum(
        kind.silhouette.area_mm2 * copies for kind in kinds if kind.silhouette
    )
    return Nested(
        len(meshes),
        copies,
        shadow_mm2 / (bed.size_mm[0] * bed.size_mm[1]),
        count_plates(quick),
        count_plates(well),
        quick_s,
        well_s,
    )


def nested_table(rows: Sequence[Nested]) -> str:
    """Write plates needed for people."""
    lines = [
        "  parts x copies  shadows/bed  boxes: plates     ms  outlines: plates  wall s"
    ]
    lines += [
        f"  {row.parts:5d} x {row.copies:<5d}{row.shadows:13.2f}{row.quick:15d}"
        f"{row.quick_s * 1e3:8.1f}{row.well:17d}{row.well_s:9.1f}"
        for row in rows
    ]
    return "\n".join(lines)
