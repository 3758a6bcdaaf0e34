"""What a part takes of supports as it lies: columns below its overhangs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.orient_columns import Columns, columns
from nearmade.vocabulary.errors import InvalidInput

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Columns that a mesh gets by default: 128 x 128 over a square box.
CELLS = 16_384
#: Feedstock of supports for each mm3 of room, each mm2 of roof and each mm2 of side.
#: Fitted to what PrusaSlicer 2.5.0 writes for 135 open meshes, MK3S PLA 0.20 mm,
#: threshold 50 deg, bridges supported: correlation 0.98. The vendor's profile draws
#: lines of 0.35 mm 2 mm apart (share 0.15 of the room) and two denser roof layers.
ROOM_FRACTION, ROOF_MM, SIDE_MM = 0.132, 0.63, 0.27
#: A diagonal side is longer than its steps along rows and columns; on average over all
#: directions by this factor (Cauchy's formula for lengths).
STEPS_TO_LENGTH = math.pi / 4
#: A face is flat, and may be a bridge, when its normal points down within 2.6 degrees.
FLAT_NORMAL_Z = -0.999
#: How far below a bridge its ends must be solid. [mm]
ANCHOR_BELOW_MM = 0.1
#: The area sampled is brought to the true one by no more than this factor.
MAX_CORRECTION = 2.0


@dataclass(frozen=True, slots=True)
class SupportRules:
    """What is held up, and what is not.

    Parameters
    ----------
    threshold_deg
        Faces flatter than this, seen from below, need support; 0 is level, 90 upright.
        [deg]
    least_gap_mm
        Lower columns are left out: a layer reaches over them. [mm]
    bridge_mm
        Level spans up to this, held at both ends, need no support; 0 for none. [mm]

    Raises
    ------
    InvalidInput
        When a figure is out of range.

    References
    ----------
    .. [1] Prusa Knowledge Base, "Modeling with 3D printing in mind": 45 degrees is the
       common rule; vendors' profiles of PrusaSlicer use 40 to 55.
    """

    threshold_deg: float = 45.0
    least_gap_mm: float = 0.3
    bridge_mm: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.threshold_deg < 90:
            raise InvalidInput(
                f"support: threshold {self.threshold_deg} deg must lie in 0..90"
            )
        if not (self.least_gap_mm >= 0 and self.bridge_mm >= 0):
            raise InvalidInput("support: gap and bridge must be zero or more")


@dataclass(frozen=True, slots=True)
class Support:
    """Columns of support below one part.

    Parameters
    ----------
    volume_mm3
        Room between overhangs and what lies below them. [mm3]
    roof_mm2
        Overhanging surface that supports touch, seen from below. [mm2]
    side_mm2
        Upright surface of all columns together. [mm2]
    on_plate_mm2, on_part_mm2
        Where the columns stand. [mm2]
    cell_mm
        Side of the square that each column stands for. [mm]
    """

    volume_mm3: float
    roof_mm2: float
    side_mm2: float
    on_plate_mm2: float
    on_part_mm2: float
    cell_mm: float

    @property
    def feedstock_mm3(self) -> float:
        """What supports of these columns take, as a slicer draws them. [mm3]

        Sparse columns, closed roofs, and a margin all round. Fitted; see
        ``ROOM_FRACTION``.
        """
        return (
            ROOM_FRACTION * self.volume_mm3
            + ROOF_MM * self.roof_mm2
            + SIDE_MM * self.side_mm2
        )


NO_SUPPORT = Support(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
DEFAULT_RULES = SupportRules()


def support_volume(
    mesh: Mesh, rules: SupportRules = DEFAULT_RULES, cells: int = CELLS
) -> Support:
    """Measure the support that a part takes as it lies, z up.

    Parameters
    ----------
    mesh
        A closed mesh that looks outward; bodies may overlap.
    rules
        What is held up.
    cells
        About how many columns are sent through the box.
    """
    used, index = np.unique(mesh.faces, return_inverse=True)
    vertices_mm, faces = mesh.vertices_mm[used], index.reshape(-1, 3)
    a, b, c = (vertices_mm[faces[:, k]] for k in range(3))
    vectors = np.cross(b - a, c - a) / 2
    areas = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return support_of(vertices_mm, faces, vectors[:, 2], areas, rules, cells)


def support_of(
    vertices_mm: Floats,
    faces: Whole,
    shadows_mm2: Floats,
    areas_mm2: Floats,
    rules: SupportRules = DEFAULT_RULES,
    cells: int = CELLS,
) -> Support:
    """Measure the support below a mesh as it lies, its faces measured already.

    Columns find where each overhang stands over the plate or the part; the area that
    they sample is corrected by the true area of the overhanging faces.

    Parameters
    ----------
    vertices_mm
        Corners, each used by a face, shape (n, 3). [mm]
    faces
        Corner indices, shape (m, 3).
    shadows_mm2
        Area of each face seen from above, below zero where it looks down. [mm2]
    areas_mm2
        Area of each face. [mm2]
    rules
        What is held up.
    cells
        About how many columns are sent through the box.
    """
    if not len(faces):
        return NO_SUPPORT
    rise = np.divide(
        shadows_mm2, areas_mm2, out=np.zeros_like(areas_mm2), where=areas_mm2 > 0
    )
    steep = rise < -math.cos(math.radians(rules.threshold_deg))
    raised = vertices_mm[:, 2] > vertices_mm[:, 2].min() + rules.least_gap_mm
    steep &= raised[faces[:, 0]] | raised[faces[:, 1]] | raised[faces[:, 2]]
    if not steep.any():
        return NO_SUPPORT
    grid = columns(vertices_mm, faces, rise, steep, cells)
    weight_mm2 = _weight_mm2(grid, -float(shadows_mm2[steep].sum()))
    below_mm = np.where(grid.first, 0.0, np.roll(grid.height_mm, 1))
    gap_mm = grid.height_mm - below_mm
    held = grid.marked & (grid.depth_below <= 0) & (gap_mm > rules.least_gap_mm)
    if rules.bridge_mm > 0 and held.any():
        held &= ~_bridged(grid, held, rules.bridge_mm)
    on_plate = int(np.count_nonzero(held & grid.first))
    return Support(
        volume_mm3=float(gap_mm[held].sum()) * weight_mm2,
        roof_mm2=int(np.count_nonzero(held)) * weight_mm2,
        side_mm2=_side_mm2(grid, held, gap_mm),
        on_plate_mm2=on_plate * weight_mm2,
        on_part_mm2=(int(np.count_nonzero(held)) - on_plate) * weight_mm2,
        cell_mm=grid.cell_mm,
    )


def _weight_mm2(grid: Columns, true_mm2: float) -> float:
    """Give the area of one column, so that all overhangs have their true area."""
    cell_mm2 = grid.cell_mm**2
    sampled_mm2 = int(np.count_nonzero(grid.marked)) * cell_mm2
    correction = true_mm2 / sampled_mm2 if sampled_mm2 else 1.0
    return cell_mm2 * min(max(correction, 1 / MAX_CORRECTION), MAX_CORRECTION)


def _side_mm2(grid: Columns, held: Flags, gap_mm: Floats) -> float:
    """Give the upright surface of the columns, each cell with all its columns."""
    size = (int(grid.cell.max()) // grid.width + 1) * grid.width
    heights = np.bincount(grid.cell[held], gap_mm[held], size)
    room = np.pad(heights.reshape(-1, grid.width), 1)
    steps_mm = sum(float(np.abs(np.diff(room, axis=axis)).sum()) for axis in (0, 1))
    return steps_mm * grid.cell_mm * STEPS_TO_LENGTH


def _bridged(grid: Columns, held: Flags, bridge_mm: float) -> Flags:
    """Tell which held columns lie on a level span short enough to be bridged."""
    at = np.flatnonzero(held)
    level = np.rint(grid.height_mm[at] / ANCHOR_BELOW_MM).astype(np.int64)
    row, column = np.divmod(grid.cell[at], grid.width)
    most = int(bridge_mm / grid.cell_mm)
    free = np.zeros(len(at), dtype=bool)
    for line, place, step in ((row, column, 1), (column, row, grid.width)):
        order = np.lexsort((place, line, level))
        breaks = np.ones(len(at), dtype=bool)
        breaks[1:] = (
            (np.diff(level[order]) != 0)
            | (np.diff(line[order]) != 0)
            | (np.diff(place[order]) != 1)
        )
        starts = np.flatnonzero(breaks)
        ends = np.append(starts[1:], len(at)) - 1
        below_mm = grid.height_mm[at][order] - ANCHOR_BELOW_MM
        cell = grid.cell[at][order]
        anchored = grid.inside(cell[starts] - step, below_mm[starts]) & grid.inside(
            cell[ends] + step, below_mm[ends]
        )
        short = anchored & (ends - starts + 1 <= most)
        free[order] |= np.repeat(short, ends - starts + 1)
    flags = np.zeros(len(held), dtype=bool)
    flags[at] = free
    return flags
