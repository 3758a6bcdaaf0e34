"""What is printed where in a layer, on shapes worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from manifold3d import Manifold

from nearmade.geometry.mesh import Mesh
from nearmade.quoting.layers import Stack
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import MK3S, cuboid_mesh

SETTINGS = MK3S.settings
SPACING_MM = 0.45 - 0.2 * (1 - math.pi / 4)
#: Infill reaches to here from the outline: two walls less a quarter of a spacing. [mm]
FILL_MM = (0.45 - SPACING_MM) / 2 + 1.75 * SPACING_MM


def mesh_of(solid: Manifold) -> Mesh:
    found = solid.to_mesh()
    return Mesh(
        np.asarray(found.vert_properties, dtype=np.float64)[:, :3],
        np.asarray(found.tri_verts, dtype=np.int64),
    )


@pytest.mark.parametrize(
    ("height_mm", "layers"), [(20.0, 100), (0.2, 1), (0.05, 1), (12.5, 62), (12.52, 63)]
)
def test_a_last_layer_is_printed_from_half_its_thickness(
    height_mm: float, layers: int
) -> None:
    assert Stack(cuboid_mesh(10, 10, height_mm), SETTINGS).count == layers


def test_the_middle_of_a_block_is_sparse_inside() -> None:
    layer = Stack(cuboid_mesh(20, 20, 20), SETTINGS).layer(50)
    assert layer.area_mm2 == pytest.approx(400, rel=1e-4)
    assert layer.sparse.area() == pytest.approx((20 - 2 * FILL_MM) ** 2, rel=1e-4)
    assert layer.solid.is_empty()
    assert layer.top.is_empty()
    assert layer.bridge.is_empty()


@pytest.mark.parametrize("index", [0, 1, 2, 3])
def test_four_layers_are_solid_at_the_bottom(index: int) -> None:
    layer = Stack(cuboid_mesh(20, 20, 20), SETTINGS).layer(index)
    assert layer.solid.area() > 330
    assert layer.sparse.area() < 0.01 * layer.solid.area()


def test_the_top_lies_on_five_solid_layers_and_the_lowest_is_a_bridge() -> None:
    stack = Stack(cuboid_mesh(20, 20, 20), SETTINGS)
    assert stack.layer(99).top.area() == pytest.approx(
        (20 - 2 * FILL_MM) ** 2, rel=0.01
    )
    assert stack.layer(95).solid.area() > 330
    assert stack.layer(94).bridge.area() > 330
    assert stack.layer(93).sparse.area() > 330


def test_a_ceiling_over_a_hollow_is_a_bridge() -> None:
    hollow = Manifold.cube((30, 30, 20)) - Manifold.cube((20, 20, 10)).translate(
        (5, 5, 0)
    )
    layer = Stack(mesh_of(hollow), SETTINGS).layer(50)
    # What hangs reaches three millimetres into the walls' inside beside it.
    assert layer.bottom.area() >= 400
    assert layer.bottom.area() < (30 - 2 * FILL_MM) ** 2


def test_a_wall_of_three_lines_leaves_nothing_to_fill() -> None:
    layer = Stack(cuboid_mesh(1.3, 40, 10), SETTINGS).layer(20)
    assert layer.sparse.is_empty()
    assert layer.solid.is_empty()
    assert not layer.thin.is_empty()
    edge_mm = 0.45 - SPACING_MM
    assert layer.walled_mm2 == pytest.approx((1.3 - edge_mm) * (40 - edge_mm), rel=1e-3)


def test_an_inside_out_block_is_turned_round() -> None:
    block = cuboid_mesh(20, 20, 20)
    turned = Mesh(block.vertices_mm, block.faces[:, ::-1])
    assert Stack(turned, SETTINGS).layer(50).area_mm2 == pytest.approx(400, rel=1e-4)


def test_the_first_layer_is_drawn_smaller() -> None:
    first = Stack(cuboid_mesh(20, 20, 20), SETTINGS).layer(0)
    assert first.area_mm2 == pytest.approx((20 - 2 * 0.2) ** 2, rel=1e-4)


def test_layers_outside_the_part_are_empty() -> None:
    stack = Stack(cuboid_mesh(20, 20, 20), SETTINGS)
    assert stack.slice(-1).is_empty()
    assert stack.slice(100).is_empty()


def test_an_open_surface_has_no_layers() -> None:
    block = cuboid_mesh(20, 20, 20)
    with pytest.raises(InvalidInput) as refusal:
        Stack(Mesh(block.vertices_mm, block.faces[1:]), SETTINGS)
    assert refusal.value.code == "not-manifold"
