"""Ways of the nozzle between walls, counted by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nearmade.geometry.mesh import Mesh
from nearmade.quoting.kinematics import retraction_s
from nearmade.quoting.terms import TIMES, count_terms
from tests.quoting.parts import MK3S, cuboid_mesh
from tests.quoting.solids import block, mesh_of

#: 5 mm in layers of 0.2 mm.
LAYERS = 25


def starts(mesh: Mesh) -> Mapping[str, float]:
    """Count starts for each layer, by kind."""
    counted = zip(TIMES, count_terms(mesh, MK3S.settings).times_s, strict=True)
    each_s = LAYERS * retraction_s(MK3S.settings)
    return {name: time_s / each_s for name, time_s in counted if "starts" in name}


def test_walls_inside_each_other_are_one_way() -> None:
    found = starts(cuboid_mesh(20, 20, 5))
    assert found["wall_starts"] == pytest.approx(1)
    assert found["inner_starts"] == pytest.approx(1)


def test_an_inner_wall_that_parts_in_two_is_a_way_more() -> None:
    # Between two squares a neck of 1.1 mm has room for two lines of 0.45 mm, and none
    # for four: one outline, two inner walls.
    neck = block(10, 1.1, 5).translate([9, 4.45, 0])
    found = starts(
        mesh_of(block(10, 10, 5) + block(10, 10, 5).translate([18, 0, 0]) + neck)
    )
    assert found["wall_starts"] == pytest.approx(1)
    assert found["inner_starts"] == pytest.approx(2)


def test_thin_walls_have_no_inner_ones() -> None:
    found = starts(cuboid_mesh(20, 1.2, 5))
    assert found["wall_starts"] == pytest.approx(1)
    assert found["inner_starts"] == pytest.approx(0)


def test_each_island_of_sparse_infill_is_begun() -> None:
    one = starts(cuboid_mesh(10, 10, 5))
    two = starts(mesh_of(block(10, 10, 5) + block(10, 10, 5).translate([20, 0, 0])))
    assert one["fill_starts"] > 0.5
    assert two["fill_starts"] == pytest.approx(2 * one["fill_starts"], rel=0.02)
