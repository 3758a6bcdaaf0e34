"""Columns of support are as large as they are by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.support_volume import SupportRules, support_volume
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube, sphere, together


def box(
    x_mm: float, y_mm: float, z_mm: float, at: tuple[float, float, float] = (0, 0, 0)
) -> Mesh:
    """A box with its low corner at ``at``."""
    unit = cube(1.0)
    return Mesh(unit.vertices_mm * [x_mm, y_mm, z_mm] + np.array(at), unit.faces)


def arch(radius_mm: float, depth_mm: float, steps: int = 120) -> Mesh:
    """A block with a half-round tunnel along y, open below."""
    angle = np.linspace(0, np.pi, steps + 1)
    bow = np.stack([-np.cos(angle), np.sin(angle)], axis=1) * radius_mm
    wide, high = 2 * radius_mm, 2 * radius_mm
    roof = np.stack([np.interp(np.arange(steps + 1), [0, steps], [-wide, wide]),
                     np.full(steps + 1, high)], axis=1)  # fmt: skip
    feet = np.array([[-wide, 0.0], [wide, 0.0]])
    outline = np.concatenate([bow, roof, feet])
    count = len(outline)
    front = np.insert(outline, 1, 0.0, axis=1)
    vertices = np.concatenate([front, front + np.array([0, depth_mm, 0])])
    low, top = np.arange(steps + 1), np.arange(steps + 1) + steps + 1
    left, right = count - 2, count - 1
    flat = [(low[k], top[k + 1], low[k + 1]) for k in range(steps)]
    flat += [(low[k], top[k], top[k + 1]) for k in range(steps)]
    flat += [(left, top[0], low[0]), (low[-1], top[-1], right)]
    front_faces = np.array(flat)[:, ::-1]
    ring = [left, *low, right, *top[::-1]]
    walls = []
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        walls += [(a, b, b + count), (a, b + count, a + count)]
    faces = np.concatenate(
        [front_faces, front_faces[:, ::-1] + count, np.array(walls)[:, ::-1]]
    )
    mesh = Mesh(vertices, faces)
    corners = mesh.triangles_mm
    volume = np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    return mesh if volume > 0 else Mesh(vertices, faces[:, ::-1])


def test_a_cube_on_the_plate_needs_no_support() -> None:
    support = support_volume(cube(20))
    assert (support.volume_mm3, support.roof_mm2, support.feedstock_mm3) == (0, 0, 0)


def test_no_faces_need_no_support() -> None:
    nothing = Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64))
    assert support_volume(nothing).volume_mm3 == 0


def test_a_table_is_held_up_all_round_its_post() -> None:
    # A slab of 40 x 40 on a post of 10 x 10, 20 high: (1600 - 100) x 20.
    table = together(box(10, 10, 20, (15, 15, 0)), box(40, 40, 4, (0, 0, 20)))
    support = support_volume(table)
    assert support.volume_mm3 == pytest.approx(30_000, rel=1e-3)
    assert support.roof_mm2 == pytest.approx(1500, rel=1e-3)
    assert support.on_plate_mm2 == pytest.approx(1500, rel=1e-3)
    assert support.on_part_mm2 == 0
    # Its sides: 4 x 40 x 20 outside and 4 x 10 x 20 around the post, drawn as steps of
    # straight rows and columns, which count pi / 4.
    assert support.side_mm2 == pytest.approx(4000 * math.pi / 4, rel=0.02)


def test_a_shelf_stands_on_the_part_below_it() -> None:
    # A C of three boxes: the upper arm, 20 x 10, stands 15 over the lower one.
    part = together(
        box(10, 10, 25), box(20, 10, 5, (10, 0, 0)), box(20, 10, 5, (10, 0, 20))
    )
    support = support_volume(part)
    assert support.volume_mm3 == pytest.approx(20 * 10 * 15, rel=1e-3)
    assert support.on_part_mm2 == pytest.approx(200, rel=1e-3)
    assert support.on_plate_mm2 == 0


def test_a_bridge_is_filled_unless_it_is_short_enough() -> None:
    bridge = together(box(10, 10, 20), box(10, 10, 20, (30, 0, 0)),
                      box(40, 10, 5, (0, 0, 20)))  # fmt: skip
    assert support_volume(bridge).volume_mm3 == pytest.approx(4000, rel=1e-3)
    long = support_volume(bridge, SupportRules(bridge_mm=19))
    assert long.volume_mm3 == pytest.approx(4000, rel=1e-3)
    assert support_volume(bridge, SupportRules(bridge_mm=21)).volume_mm3 == 0


def test_a_ledge_held_at_one_end_is_no_bridge() -> None:
    ledge = together(box(10, 10, 20), box(30, 10, 5, (0, 0, 20)))
    support = support_volume(ledge, SupportRules(bridge_mm=100))
    assert support.volume_mm3 == pytest.approx(4000, rel=1e-3)


def test_under_an_arch_the_flat_part_of_the_vault_is_held() -> None:
    # Flatter than 45 deg is |x| < R / sqrt 2; below it the room is
    # depth x R^2 (1/2 + pi/4) by integrating sqrt(R^2 - x^2).
    support = support_volume(arch(10, 30))
    assert support.volume_mm3 == pytest.approx(30 * 100 * (0.5 + math.pi / 4), rel=0.02)
    assert support.roof_mm2 == pytest.approx(30 * 20 / math.sqrt(2), rel=0.02)


def test_a_ball_is_held_by_a_cup() -> None:
    # Integral of 2 pi r (R - sqrt(R^2 - r^2)) up to r = R / sqrt 2.
    radius = 10.0
    cup = math.pi * radius**3 * (1 / 2 - (2 / 3) * (1 - 2**-1.5))
    support = support_volume(sphere(radius), SupportRules(least_gap_mm=0))
    assert support.volume_mm3 == pytest.approx(cup, rel=0.02)
    assert support.roof_mm2 == pytest.approx(math.pi * radius**2 / 2, rel=0.02)


def test_a_body_inside_another_needs_none() -> None:
    hidden = together(cube(30), cube(10, at=(10, 10, 10)))
    assert support_volume(hidden).volume_mm3 == 0


def test_the_threshold_parts_what_is_held_from_what_is_not() -> None:
    # A roof tilted by 40 deg against the plate.
    slope = math.tan(math.radians(40))
    wedge = box(20, 10, 5, (0, 0, 30))
    leaning = Mesh(
        wedge.vertices_mm + wedge.vertices_mm[:, :1] * [0, 0, slope], wedge.faces
    )
    part = together(leaning, box(1, 10, 30, (-1, 0, 0)))
    assert support_volume(part, SupportRules(threshold_deg=39)).volume_mm3 == 0
    held = support_volume(part, SupportRules(threshold_deg=41))
    assert held.volume_mm3 == pytest.approx(20 * 10 * (30 + 10 * slope), rel=1e-2)


def test_low_gaps_are_left_out() -> None:
    low = together(box(10, 10, 0.2), box(40, 10, 5, (0, 0, 0.2)))
    assert support_volume(low).volume_mm3 == 0


def test_a_finer_grid_agrees_with_a_coarse_one() -> None:
    ball = sphere(10)
    coarse, fine = support_volume(ball, cells=1600), support_volume(ball, cells=160_000)
    assert fine.cell_mm < coarse.cell_mm
    assert coarse.volume_mm3 == pytest.approx(fine.volume_mm3, rel=0.05)


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 2 * math.pi), st.floats(-500, 500))
def test_turning_about_the_vertical_changes_little(turn_rad: float, at: float) -> None:
    table = together(box(10, 10, 20, (15, 15, 0)), box(40, 40, 4, (0, 0, 20)))
    c, s = math.cos(turn_rad), math.sin(turn_rad)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    moved = Mesh(table.vertices_mm @ turn.T + [at, -at, at], table.faces)
    assert support_volume(moved).volume_mm3 == pytest.approx(30_000, rel=0.01)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.1, 20))
def test_support_grows_with_the_cube_of_the_scale(scale: float) -> None:
    table = together(box(10, 10, 20, (15, 15, 0)), box(40, 40, 4, (0, 0, 20)))
    scaled = Mesh(table.vertices_mm * scale, table.faces)
    rules = SupportRules(least_gap_mm=0)
    assert support_volume(scaled, rules).volume_mm3 == pytest.approx(
        30_000 * scale**3, rel=1e-3
    )


@pytest.mark.parametrize(
    "rules",
    [{"threshold_deg": 0}, {"threshold_deg": 90}, {"least_gap_mm": -1},
     {"bridge_mm": math.nan}],
)  # fmt: skip
def test_rules_out_of_range_are_refused(rules: dict[str, float]) -> None:
    with pytest.raises(InvalidInput):
        SupportRules(**rules)
