"""What faces say of layers, and which layers stand for all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manifold3d import Manifold

from nearmade.geometry.mesh import Mesh
from nearmade.quoting.sampling import choose, outlines
from tests.quoting.parts import cuboid_mesh

LAYER_MM = 0.2


def looked_at(mesh: Mesh) -> tuple[np.ndarray, np.ndarray]:
    count = round(float(np.ptp(mesh.vertices_mm[:, 2])) / LAYER_MM)
    return LAYER_MM * np.arange(count + 1), LAYER_MM * (np.arange(count) + 0.5)


def mesh_of(solid: Manifold) -> Mesh:
    found = solid.to_mesh()
    return Mesh(
        np.asarray(found.vert_properties, dtype=np.float64)[:, :3],
        np.asarray(found.tri_verts, dtype=np.int64),
    )


def test_every_layer_of_a_block_is_alike() -> None:
    mesh = cuboid_mesh(10, 20, 8)
    found = outlines(mesh, *looked_at(mesh))
    assert found.area_mm2 == pytest.approx(200)
    assert found.outline_mm == pytest.approx(60)
    assert found.down_mm2[0] == pytest.approx(200)
    assert found.up_mm2[-1] == pytest.approx(200)
    assert found.up_mm2[:-1].sum() == found.down_mm2[1:].sum() == 0


def test_a_step_is_the_top_of_the_layer_beneath_it() -> None:
    lower, upper = Manifold.cube((20, 20, 4)), Manifold.cube((10, 20, 8))
    mesh = mesh_of(lower + upper)
    found = outlines(mesh, *looked_at(mesh))
    assert found.up_mm2[19] == pytest.approx(200)
    assert found.area_mm2[19] == pytest.approx(400)
    assert found.area_mm2[20] == pytest.approx(200)


def test_sums_over_layers_are_volume_and_flank() -> None:
    cone = Manifold.cylinder(20, 10, 4, 90)
    mesh = mesh_of(cone)
    found = outlines(mesh, *looked_at(mesh))
    assert found.area_mm2.sum() * LAYER_MM == pytest.approx(cone.volume(), rel=0.002)
    # A ring of the cone is as long as its wall is high: pi (10 + 4) slant height.
    flank = (
        90 * math.sin(math.pi / 90) * 14 * math.hypot(20, 6 * math.cos(math.pi / 90))
    )
    upright = flank * 20 / math.hypot(20, 6 * math.cos(math.pi / 90))
    assert found.outline_mm.sum() * LAYER_MM == pytest.approx(upright, rel=0.002)


def test_a_block_needs_few_layers() -> None:
    mesh = cuboid_mesh(20, 20, 40)
    sample = choose(outlines(mesh, *looked_at(mesh)), (6, 4), 24)
    assert sample.weights.sum() == 200
    assert len(sample.indices) <= 24
    # The six beneath the top and the four at the bottom are not spoken for by others.
    assert sample.indices[0] <= 3
    assert sample.indices[-1] >= 194


def test_all_layers_are_looked_at_where_there_are_few() -> None:
    cone = mesh_of(Manifold.cylinder(2, 10, 1, 60))
    sample = choose(outlines(cone, *looked_at(cone)), (6, 4), 24)
    assert sample.indices.tolist() == list(range(10))
    assert sample.weights.tolist() == [1] * 10


@settings(deadline=None, max_examples=30)
@given(st.floats(2, 30), st.floats(1, 30), st.floats(0.5, 30), st.integers(1, 40))
def test_weights_sum_to_the_layers(
    low_mm: float, high_mm: float, height_mm: float, most: int
) -> None:
    mesh = mesh_of(Manifold.cylinder(height_mm, low_mm, high_mm, 30))
    edges, middles = looked_at(mesh)
    if not len(middles):
        return
    sample = choose(outlines(mesh, edges, middles), (6, 4), most)
    assert sample.weights.sum() == len(middles)
    assert len(sample.indices) <= most
    assert (np.diff(sample.indices) > 0).all()


@pytest.mark.parametrize(
    "heights", [(0, 5e-5, 5.5e-4), (0, 5e-4, 5.5e-4), (0, 0, 9e-5)]
)
def test_a_nearly_level_triangle_counts_once(
    heights: tuple[float, float, float],
) -> None:
    corners = np.array([[0.0, 0, 0], [100, 0, 0], [0, 100, 0]])
    corners[:, 2] = heights
    mesh = Mesh(corners, np.array([[0, 1, 2]]))
    found = outlines(mesh, np.array([-0.5, 0.5]), np.array([0.3]))
    # It looks up, lies below the cut, and is half of a square of 100 mm.
    assert found.up_mm2.sum() + found.down_mm2.sum() == pytest.approx(0, abs=1e-6)
    cut = outlines(mesh, np.array([-0.5, 0.5]), np.array([-0.3]))
    assert cut.up_mm2[0] == pytest.approx(5000, rel=1e-6)
