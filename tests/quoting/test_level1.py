"""Level 1 on a cube worked by hand, and its laws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.geometry.mesh import Mesh
from nearmade.quoting.level1 import estimate_level1, sample_layers
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import BY_HAND, CUBE, MK3S, cuboid_facts, cuboid_mesh

CUBE_MESH = cuboid_mesh(20, 20, 20)


def test_each_layer_of_a_cube_is_measured_as_by_hand() -> None:
    layers = sample_layers(CUBE_MESH, MK3S)
    spacing_mm = 0.45 - 0.2 * (1 - math.pi / 4)
    assert layers.weights.sum() == pytest.approx(100)
    assert layers.area_mm2 == pytest.approx(400)
    assert layers.inside_mm2 == pytest.approx((20 - 4 * spacing_mm) ** 2)
    assert layers.outer_mm == pytest.approx(4 * (20 - 0.45))
    assert layers.inner_mm == pytest.approx(4 * (20 - 0.45 - 2 * spacing_mm))
    assert layers.contours == pytest.approx(1)


def test_the_cube_worked_by_hand() -> None:
    # s = 0.407080; inside a = (20 - 4 s)^2 = 337.52 mm2, Vi = 6750.4 mm3
    # r = (1.2 + 0.8) x 400 / Vi = 0.118512; f = r / (1 + r^3)^(1/3) = 0.118446
    # solid = 39.978, sparse = 297.54 mm2
    # filament = 20 x (1.046 x 62.48 + 0.984 x 39.978 + 0.224 x 297.54) + 25
    #          = 1307.1 + 786.8 + 1333.0 + 25 = 3451.9 mm3
    # layer: 0.0661 x 78.2 + 0.0061 x 74.943 + 0.0237 x 88.84 + 0.0428 x 132.24
    #        + 1.257 + 0.462 x 6.3228 = 5.169 + 0.457 + 2.106 + 5.660 + 1.257 + 2.921
    #        = 17.570 s, above the 15 s below which a layer is slowed
    build = estimate_level1(CUBE_MESH, CUBE, BY_HAND)
    assert build.feedstock_mm3.value == pytest.approx(3451.9, abs=1)
    assert build.time_s.value == pytest.approx(1757.0 + 28.5 + 300, abs=2)


def test_short_layers_are_slowed_but_not_beyond_the_least_speed() -> None:
    # A 3 mm square: the layer would take under 15 s even at 15 mm/s.
    facts, mesh = cuboid_facts(3, 3, 2), cuboid_mesh(3, 3, 2)
    layers = sample_layers(mesh, MK3S)
    build = estimate_level1(mesh, facts, BY_HAND)
    each_s = (build.time_s.value - 300 - 28.5) / 10
    lines_mm = layers.outer_mm[0] + layers.inner_mm[0]
    assert lines_mm / 15 + 1.257 < each_s < 15


def test_few_layers_are_all_looked_at() -> None:
    assert len(sample_layers(cuboid_mesh(10, 10, 3.2), MK3S).weights) == 16
    assert len(sample_layers(cuboid_mesh(10, 10, 0.1), MK3S).weights) == 1


def test_an_open_mesh_has_no_layers() -> None:
    open_mesh = Mesh(CUBE_MESH.vertices_mm, CUBE_MESH.faces[1:])
    with pytest.raises(InvalidInput) as refusal:
        estimate_level1(open_mesh, CUBE, MK3S)
    assert refusal.value.code == "not-manifold"


def test_walls_alone_leave_no_inside() -> None:
    thin = estimate_level1(cuboid_mesh(1, 40, 5), cuboid_facts(1, 40, 5), BY_HAND)
    # 1.046 x 1 x 40 x 5 + 25
    assert thin.feedstock_mm3.value == pytest.approx(234.2, abs=0.5)


def test_where_a_part_stands_changes_nothing() -> None:
    moved = Mesh(CUBE_MESH.vertices_mm + np.array([50, -30, 7.0]), CUBE_MESH.faces)
    here = estimate_level1(CUBE_MESH, CUBE, MK3S)
    there = estimate_level1(moved, CUBE, MK3S)
    assert there.time_s.value == pytest.approx(here.time_s.value, rel=1e-4)


@settings(deadline=None, max_examples=20)
@given(st.floats(5, 60), st.floats(0.5, 40), st.floats(0, 1), st.floats(0, 1))
def test_more_infill_is_never_less_mass(
    side_mm: float, height_mm: float, one: float, other: float
) -> None:
    mesh = cuboid_mesh(side_mm, side_mm, height_mm)
    facts = cuboid_facts(side_mm, side_mm, height_mm)
    less, more = sorted((one, other))
    light = estimate_level1(mesh, facts, MK3S, infill_fraction=less)
    heavy = estimate_level1(mesh, facts, MK3S, infill_fraction=more)
    assert heavy.mass_g.value >= light.mass_g.value


def test_facts_without_volume_are_refused() -> None:
    with pytest.raises(InvalidInput):
        estimate_level1(CUBE_MESH, replace(CUBE, volume_mm3=0.0), MK3S)
