"""Level 1 on a cube worked by hand, and its laws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.geometry.mesh import Mesh
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.terms import VOLUMES, count_terms
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import BY_HAND, CUBE, MK3S, cuboid_facts, cuboid_mesh

CUBE_MESH = cuboid_mesh(20, 20, 20)


SPACING_MM = 0.45 - 0.2 * (1 - math.pi / 4)
FIRST_SPACING_MM = 0.42 - 0.2 * (1 - math.pi / 4)


def test_the_walls_of_a_cube_cover_what_they_do_by_hand() -> None:
    # 99 layers: between 0.02146 mm and 0.83562 mm from the edge of 20 x 20 mm;
    # the first one is 0.2 mm smaller all round and its lines are 0.42 mm wide.
    edge_mm = (0.45 - SPACING_MM) / 2
    outside, inside = 20 - 2 * edge_mm, 20 - 2 * (edge_mm + 2 * SPACING_MM)
    first_edge_mm = 0.2 + (0.42 - FIRST_SPACING_MM) / 2
    first_out = 20 - 2 * first_edge_mm
    first_in = first_out - 4 * FIRST_SPACING_MM
    walls = 0.2 * (99 * (outside**2 - inside**2) + first_out**2 - first_in**2)
    terms = dict(
        zip(VOLUMES, count_terms(CUBE_MESH, MK3S.settings).volumes_mm3, strict=True)
    )
    assert terms["walls"] == pytest.approx(walls, rel=1e-4)


def test_four_layers_at_the_bottom_and_six_at_the_top_of_a_cube_are_solid() -> None:
    # Infill reaches a quarter of a spacing into the walls; the sixth layer from the
    # top bridges what is sparse beneath.
    inside = 20 - 2 * ((0.45 - SPACING_MM) / 2 + 2 * SPACING_MM - SPACING_MM / 4)
    terms = dict(
        zip(VOLUMES, count_terms(CUBE_MESH, MK3S.settings).volumes_mm3, strict=True)
    )
    assert terms["solid"] == pytest.approx(0.2 * 9 * inside**2, rel=0.01)
    assert terms["bridges"] == pytest.approx(0.2 * inside**2, rel=0.01)


def test_the_figures_are_factors_times_terms() -> None:
    terms = count_terms(CUBE_MESH, MK3S.settings)
    build = estimate_level1(CUBE_MESH, CUBE, BY_HAND)
    assert build.feedstock_mm3.value == pytest.approx(sum(terms.volumes_mm3))
    assert build.time_s.value == pytest.approx(300 + sum(terms.times_s))


def test_a_part_without_inside_is_walls_alone() -> None:
    terms = count_terms(cuboid_mesh(1, 40, 5), MK3S.settings)
    found = dict(zip(VOLUMES, terms.volumes_mm3, strict=True))
    assert found["walls"] > 0
    assert found["solid"] == found["sparse"] == found["bridges"] == 0


def test_too_many_layers_are_refused_before_any_is_cut() -> None:
    # 4000.2 mm in layers of 0.2 mm are 20,001; the mesh is open and would be refused
    # for that by whoever cuts it.
    open_mesh = Mesh(CUBE_MESH.vertices_mm, CUBE_MESH.faces[1:])
    with pytest.raises(InvalidInput, match=r"layers of 0\.2 mm") as refusal:
        estimate_level1(open_mesh, cuboid_facts(20, 20, 4000.2), MK3S)
    assert refusal.value.code == "too-many-layers"
    assert refusal.value.remedy


def test_an_open_mesh_has_no_layers() -> None:
    open_mesh = Mesh(CUBE_MESH.vertices_mm, CUBE_MESH.faces[1:])
    with pytest.raises(InvalidInput) as refusal:
        estimate_level1(open_mesh, CUBE, MK3S)
    assert refusal.value.code == "not-manifold"


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
    assert heavy.mass_g.value >= light.mass_g.value * (1 - 1e-9)


def test_facts_without_volume_are_refused() -> None:
    with pytest.raises(InvalidInput):
        estimate_level1(CUBE_MESH, replace(CUBE, volume_mm3=0.0), MK3S)
