"""Plumb lines through a part: what they hit, and where they are inside."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from nearmade.quoting.supports_columns import (
    FEWEST_PLANES,
    MOST_PIXELS,
    Grid,
    columns,
    hits,
    occupied,
    occupied_at,
    slabs,
)
from nearmade.quoting.supports_contacts import Faces
from tests.quoting.solids import block, mesh_of

#: Cells of 2 mm, four pixels wide, from -2 mm to 12 mm.
GRID = Grid(-2.0, -2.0, cells_x=7, cells_y=7, per_cell=4, pixel_mm=0.5)


def faces_of(x_mm: float, y_mm: float, z_mm: float) -> Faces:
    mesh = mesh_of(block(x_mm, y_mm, z_mm))
    return Faces.of(mesh.vertices_mm, mesh.faces)


def test_a_block_is_as_many_pixels_as_it_covers() -> None:
    # 6 x 4 mm in pixels of 0.5 mm: 12 x 8 lines, each in at 0 and out at 3.
    faces = faces_of(6, 4, 3)
    level = faces.only(np.abs(faces.slope) > 0.5)
    found = columns(level.triangles_mm, level.slope < 0, GRID, [(0.0, 0.0)])
    assert found.enters.sum() == 96
    assert set(np.round(found.height_mm[found.enters], 9)) == {0.0}
    assert set(np.round(found.height_mm[~found.enters], 9)) == {3.0}
    inside = occupied_at(found, GRID, np.array([-0.1, 0.1, 2.9, 3.1]))
    assert inside.sum(axis=(1, 2)).tolist() == [0, 96, 96, 0]


def test_a_part_apart_from_its_supports_is_higher_deeper_and_wider() -> None:
    faces = faces_of(6, 4, 3)
    level = faces.only(np.abs(faces.slope) > 0.5)
    steps = [(0.5, 0.0), (-0.5, 0.0), (0.0, 0.5), (0.0, -0.5)]
    down = level.slope < 0
    plain = columns(level.triangles_mm, down, GRID, [(0.0, 0.0)])
    wide = plain.also(columns(level.triangles_mm, down, GRID, steps)).apart(0.2)
    inside = occupied_at(wide, GRID, np.array([-0.3, -0.1, 3.1, 3.3]))
    # One pixel more on each of the four sides: 96 + 2 x 12 + 2 x 8.
    assert inside.sum(axis=(1, 2)).tolist() == [0, 136, 136, 0]


def test_planes_show_slabs_between_which_nothing_changes() -> None:
    cut = slabs(np.array([0.0, 3.0, 3.0]), 5.0, 0.2, 100)
    assert cut.layers == 1
    assert cut.planes == 2
    assert len(cut.plane) == 26
    # The slab from 2.8 to 3.0 has its middle below 3.0, the next one above.
    assert (cut.plane[14], cut.plane[15]) == (0, 1)
    assert cut.below(np.array([3.0, 0.05])).tolist() == [14, 0]


def test_slabs_grow_thicker_where_planes_are_too_many() -> None:
    heights = np.arange(0, 40, 0.2)
    fine = slabs(heights, 40.0, 0.2, 1000)
    coarse = slabs(heights, 40.0, 0.2, 20_000)
    coarsest = slabs(heights, 40.0, 0.2, 10 * MOST_PIXELS)
    assert fine.layers == 1
    assert coarse.planes * 20_000 <= MOST_PIXELS
    assert coarse.height_mm == pytest.approx(coarse.layers * 0.2)
    assert coarsest.planes <= FEWEST_PLANES


def test_occupied_planes_follow_the_slabs() -> None:
    faces = faces_of(6, 4, 3)
    level = faces.only(np.abs(faces.slope) > 0.5)
    found = columns(level.triangles_mm, level.slope < 0, GRID, [(0.0, 0.0)])
    cut = slabs(found.height_mm, 5.0, 0.2, 100)
    assert occupied(found, GRID, cut).sum(axis=(1, 2)).tolist() == [96, 0]


@limits(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.0, 40.0), min_size=6, max_size=6))
def test_two_triangles_that_share_an_edge_hit_no_pixel_twice(
    places: list[float],
) -> None:
    x = np.array([[places[0], places[1], places[2]], [places[0], places[2], 40.0]])
    y = np.array([[places[3], places[4], places[5]], [places[3], places[5], 0.0]])
    side = np.cross(
        np.stack([x[:, 1] - x[:, 0], y[:, 1] - y[:, 0], [0, 0]], axis=1),
        np.stack([x[:, 2] - x[:, 0], y[:, 2] - y[:, 0], [0, 0]], axis=1),
    )[:, 2]
    if side[0] * side[1] <= 0:  # they lie over each other
        return
    _, column, row, height = hits(x, y, np.ones((2, 3)), (40, 40))
    assert len(set(zip(column.tolist(), row.tolist(), strict=True))) == len(column)
    assert np.allclose(height, 1.0)
