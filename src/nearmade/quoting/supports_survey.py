"""What the supports of a part measure, before anything is drawn or timed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.quoting.print_settings import Lines, PrintSettings
from nearmade.quoting.supports_bridges import without_bridges
from nearmade.quoting.supports_columns import (
    FEWEST_PIXELS,
    MOST_PIXELS,
    PIXELS,
    Columns,
    Grid,
    Slabs,
    columns,
    occupied,
    slabs,
)
from nearmade.quoting.supports_contacts import (
    Contacts,
    Faces,
    contact_points,
    lowest_layer,
    overhanging,
)
from nearmade.quoting.supports_towers import (
    Outlines,
    cell_areas,
    dense_cells,
    outlines,
    seeds,
    spread,
    towers,
)

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Planes guessed before they are counted.
GUESSED_PLANES = 100
#: Faces nearer to upright than this cover no plumb line.
UPRIGHT_SLOPE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Supports by what they measure.

    Heights count from one layer below the top of the first layer.

    Parameters
    ----------
    body
        Towers: outlines of each plane.
    slab_layers
        Layers of the part in a slab.
    plane
        Which plane shows a slab, from the lowest up.
    foot
        The first layer, one plane.
    contact_layers
        Layers of the part that are held up.
    dense_layers, dense_mm2
        Layers of the part below which a dense top is printed, and its area. [mm2]
    landing_mm, landing_mm2
        Heights at which towers stand on the part, and on how much. [mm], [mm2]
    foot_mm
        Corners of the first layer's pixels, in the part's place, shape (n, 2). [mm]
    """

    body: Outlines
    slab_layers: int
    plane: Whole
    foot: Outlines
    contact_layers: Whole
    dense_layers: Whole
    dense_mm2: Array
    landing_mm: Array
    landing_mm2: Array
    foot_mm: Array


def pitch_mm(settings: PrintSettings) -> float:
    """Give the distance of lines in the body of supports: the slicer's grid. [mm]"""
    lines = settings.lines
    own_mm = Lines.spacing_mm(lines.support_mm, lines.layer_mm)
    return settings.supports.spacing_mm + own_mm


def survey_supports(
    solid: manifold3d.Manifold, low_mm: float, settings: PrintSettings
) -> Survey | None:
    """Find the supports of a part; None when it needs none.

    Parameters
    ----------
    solid
        The part as it will be printed.
    low_mm
        Its lowest point. [mm]
    settings
        What the slicer is told.
    """
    faces, middle_mm = _faces(solid, low_mm, settings.lines)
    over = overhanging(faces, settings)
    if not over.any():
        return None
    held = faces.only(over)
    grid = _grid(held, settings)
    points = contact_points(held, grid, settings)
    if len(points.layer) == 0:
        return None
    near = faces.only(
        grid.within(faces.triangles_mm) & (np.abs(faces.slope) > UPRIGHT_SLOPE)
    )
    plain, aside = _columns(near, grid, settings)
    if not settings.supports.holds_bridges:
        points = without_bridges(points, plain, grid, settings)
        if len(points.layer) == 0:
            return None
    gap_mm = settings.supports.gap_mm
    plain, wide = plain.apart(gap_mm), plain.also(aside).apart(gap_mm)
    cut = slabs(
        np.concatenate([wide.height_mm, points.top_mm]),
        float(points.top_mm.max()),
        settings.lines.layer_mm,
        grid.shape[0] * grid.shape[1],
    )
    return _measured(points, plain, wide, grid, cut, settings, middle_mm)


def _faces(
    solid: manifold3d.Manifold, low_mm: float, lines: Lines
) -> tuple[Faces, Array]:
    """Give the faces, the part's middle at the origin as the slicer's grid has it."""
    mesh = solid.to_mesh()
    vertices = np.asarray(mesh.vert_properties[:, :3], dtype=np.float64)
    middle = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    middle[2] = low_mm - (lines.layer_mm - lines.first_layer_mm)
    corners = np.asarray(mesh.tri_verts, dtype=np.int64)
    return Faces.of(vertices - middle, corners), middle[:2]


def _grid(held: Faces, settings: PrintSettings) -> Grid:
    """Lay the slicer's grid over the faces to be held up, with room for feet."""
    supports, cell_mm = settings.supports, pitch_mm(settings)
    margin = math.ceil((supports.first_spread_mm + supports.side_gap_mm) / cell_mm)
    low = held.triangles_mm[:, :, :2].min(axis=(0, 1)) / cell_mm
    high = held.triangles_mm[:, :, :2].max(axis=(0, 1)) / cell_mm
    first = np.floor(low - 1e-9).astype(int) - margin
    cells_x, cells_y = (np.ceil(high + 1e-9).astype(int) + margin - first).tolist()
    top_mm = float(held.triangles_mm[:, :, 2].max())
    planes = min(top_mm / settings.lines.layer_mm, GUESSED_PLANES)
    per_cell = PIXELS
    while per_cell > FEWEST_PIXELS and (
        cells_x * cells_y * per_cell**2 * planes > MOST_PIXELS
    ):
        per_cell -= 1
    return Grid(
        x_mm=float(first[0] * cell_mm),
        y_mm=float(first[1] * cell_mm),
        cells_x=cells_x,
        cells_y=cells_y,
        per_cell=per_cell,
        pixel_mm=cell_mm / per_cell,
    )


def _columns(
    near: Faces, grid: Grid, settings: PrintSettings
) -> tuple[Columns, Columns]:
    """Give the part in its place, and moved aside by its gap in four directions."""
    by_mm, down = settings.supports.side_gap_mm, near.slope < 0
    steps = [(by_mm, 0.0), (-by_mm, 0.0), (0.0, by_mm), (0.0, -by_mm)]
    plain = columns(near.triangles_mm, down, grid, [(0.0, 0.0)])
    return plain, columns(near.triangles_mm, down, grid, steps)


def _measured(
    points: Contacts,
    plain: Columns,
    wide: Columns,
    grid: Grid,
    cut: Slabs,
    settings: PrintSettings,
    middle_mm: Array,
) -> Survey:
    """Build the towers and measure them."""
    supports, layer_mm = settings.supports, settings.lines.layer_mm
    solid, gapped = occupied(plain, grid, cut), occupied(wide, grid, cut)
    tower = towers(seeds(points, grid, cut), solid, grid)
    body = tower & ~gapped
    dense_layers, dense_mm2 = _dense(points, body, grid, cut, settings)
    reach = round(supports.first_spread_mm / grid.pixel_mm)
    foot = spread(tower[0], ~gapped[0], reach) & ~gapped[0]
    # Tops within the first layer are dense spots with nothing below or beside.
    tops_mm = points.layer * layer_mm - supports.gap_mm
    if (tops_mm < layer_mm + supports.thinnest_mm - 1e-6).all():
        body, foot = np.zeros_like(body), np.zeros_like(foot)
    starts = np.searchsorted(cut.plane, np.arange(cut.planes)).astype(np.float64)
    landed = tower[1:] & ~tower[:-1] & solid[:-1]
    landing = np.count_nonzero(landed, axis=(1, 2)) * grid.pixel_mm**2
    at = np.flatnonzero(landing)
    return Survey(
        body=outlines(body, gapped, grid),
        slab_layers=cut.layers,
        plane=cut.plane,
        foot=outlines(foot[None], gapped[:1], grid),
        contact_layers=np.unique(points.layer),
        dense_layers=dense_layers,
        dense_mm2=dense_mm2,
        landing_mm=starts[at + 1] * cut.height_mm,
        landing_mm2=landing[at],
        foot_mm=_corners(foot, grid) + middle_mm,
    )


def _dense(
    points: Contacts, body: Flags, grid: Grid, cut: Slabs, settings: PrintSettings
) -> tuple[Whole, Array]:
    """Give the layers below which dense tops are printed, and their areas. [mm2]"""
    supports, layer_mm = settings.supports, settings.lines.layer_mm
    layers, cells = dense_cells(points, grid, supports.interface_layers)
    printed = layers >= lowest_layer(settings)
    layers, cells = layers[printed], cells[printed]
    tops_mm = layers.astype(np.float64) * layer_mm - supports.gap_mm - 1e-4
    areas = cell_areas(body, grid)[cut.plane[cut.below(tops_mm)], cells]
    found, index = np.unique(layers, return_inverse=True)
    return found, np.bincount(index, areas, len(found)).astype(np.float64)


def _corners(foot: Flags, grid: Grid) -> Array:
    """Give the outermost corners of pixels, row by row."""
    rows = np.flatnonzero(foot.any(axis=1))
    if len(rows) == 0:
        return np.empty((0, 2))
    low = foot[rows].argmax(axis=1)
    high = grid.shape[1] - foot[rows][:, ::-1].argmax(axis=1)
    x = grid.x_mm + np.concatenate([rows, rows + 1, rows, rows + 1]) * grid.pixel_mm
    y = grid.y_mm + np.concatenate([low, low, high, high]) * grid.pixel_mm
    return np.stack([x, y], axis=1)
