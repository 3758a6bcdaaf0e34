"""Each bound refuses just what passes it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.repair import repair
from nearmade.geometry.repair_bounds import (
    no_solid,
    out_of_bound,
    patches_out_of_bound,
)
from nearmade.geometry.repair_holes import patches, rims
from nearmade.geometry.repair_report import Hole, RepairReport
from nearmade.geometry.repair_touching import parted
from nearmade.geometry.weld import weld
from tests.geometry.solids import cube, sphere, together

KEPT = RepairReport(
    verdict="refused",
    volume_before_mm3=1000,
    volume_after_mm3=1000,
    area_before_mm2=600,
    area_after_mm2=600,
    bodies_before=1,
    bodies_after=1,
)


def hole(area_mm2: float, *, certain: bool) -> Hole:
    return Hole((0, 0, 0), 10, 3, area_mm2, certain)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"volume_after_mm3": 1019}, ""),
        ({"volume_after_mm3": 1021}, "volume-out-of-bound"),
        ({"volume_after_mm3": 979}, "volume-out-of-bound"),
        ({"volume_after_mm3": 0}, "no-volume"),
        ({"volume_after_mm3": float("nan")}, "no-volume"),
        ({"area_after_mm2": 749}, ""),
        ({"area_after_mm2": 751}, "area-out-of-bound"),
        ({"bodies_after": 2}, "bodies-changed"),
        ({"box_moved_mm": 0.0019}, ""),
        ({"box_moved_mm": 0.0021}, "box-moved"),
    ],
)
def test_a_mended_mesh_keeps_every_bound(change: dict[str, float], code: str) -> None:
    # Two hundredths of the volume, a quarter of the area, 2e-4 of a diagonal of 10.
    broken = out_of_bound(replace(KEPT, **change), 1e-6, 10.0)  # type: ignore[arg-type]
    assert (broken.code if broken else "") == code
    assert broken is None or broken.reason.endswith(".")


@pytest.mark.parametrize(
    ("holes", "refused"),
    [
        ((), False),
        ((hole(149, certain=True),), False),
        ((hole(151, certain=True),), True),
        ((hole(59, certain=False),), False),
        ((hole(61, certain=False),), True),
        ((hole(100, certain=True), hole(51, certain=False)), True),
    ],
)
def test_patches_stay_a_small_share(holes: tuple[Hole, ...], *, refused: bool) -> None:
    # A quarter of 600 mm2 in all, a tenth where the shape is a guess.
    broken = patches_out_of_bound(replace(KEPT, holes=holes))
    assert (broken is not None) == refused


def test_an_open_mesh_is_no_solid() -> None:
    broken = no_solid(Mesh(cube(10).vertices_mm, cube(10).faces[1:]))
    assert broken is not None
    assert broken.code == "edges-left"
    assert no_solid(cube(10)) is None


def test_a_sheet_of_two_sides_is_no_solid() -> None:
    sheet = Mesh(np.eye(3), np.array([[0, 1, 2], [0, 2, 1]]))
    broken = no_solid(sheet)
    assert broken is not None
    assert broken.code == "no-solid"


def cap_missing(sectors: int) -> Mesh:
    """A ball whose top is cut off along a wavy line of twice ``sectors`` edges."""
    ball = sphere(10, rings=sectors)
    corners = ball.triangles_mm
    x, y, z = corners.mean(axis=1).T
    cut = 9.5 + 0.2 * np.sin(4 * np.arctan2(y, x))
    return Mesh(ball.vertices_mm, ball.faces[z < cut])


def test_a_large_curved_hole_is_closed_as_it_is_seen() -> None:
    mesh = cap_missing(120)
    (rim,) = rims(mesh.vertices_mm, mesh.faces) or []
    assert len(rim.vertices) > 150
    assert not rim.flat
    report = repair(mesh).report
    assert report.verdict == "repaired"
    assert not report.volume_certain
    # A ball of 10 mm without its cap above about 9.5: less than half a percent.
    assert report.volume_after_mm3 == pytest.approx(4188, rel=0.01)


def figure_eight(wave_mm: float) -> Mesh:
    """A low wall on a line that crosses itself, one loop three times the other."""
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    x, y = np.sin(angle), np.sin(2 * angle) * (1 + 0.5 * np.sin(angle))
    line = np.stack([x, y, wave_mm * np.cos(5 * angle)], axis=1) * 10
    count = len(line)
    k = np.arange(count)
    after = (k + 1) % count
    low = np.stack([k, k + count, after], axis=1)
    high = np.stack([after, k + count, after + count], axis=1)
    vertices = np.concatenate([line, line - np.array([0, 0, 1])])
    return Mesh(vertices, np.concatenate([low, high]))


def test_a_large_curved_hole_that_crosses_itself_is_refused() -> None:
    wall = figure_eight(0.05)
    found = rims(wall.vertices_mm, wall.faces)
    assert found is not None
    assert patches(found) is None
    assert repair(wall).report.code == "hole-not-closed"


def test_a_flat_hole_that_crosses_itself_is_refused() -> None:
    assert repair(figure_eight(0)).report.verdict == "refused"


def test_a_large_wall_inside_that_is_drawn_once_is_refused() -> None:
    # Two flat boxes one on the other: the square between them is a fifth of the area.
    flat = Mesh(cube(10).vertices_mm * [1, 1, 0.3], cube(10).faces)
    upper = Mesh(flat.vertices_mm + np.array([0, 0, 3]), flat.faces[2:])
    report = repair(weld(together(flat, upper))).report
    assert report.code == "edges-left"
    assert {fault.kind for fault in report.faults} == {"crowded"}
    assert report.faults_in_all == 4


def test_collapsed_faces_alone_are_refused() -> None:
    report = repair(Mesh(np.eye(3), np.array([[0, 0, 1]]))).report
    assert (report.code, report.faces_dropped) == ("no-volume", 1)


def test_rims_of_one_plane_that_cross_are_closed_one_by_one() -> None:
    # Two open boxes stand on one plane, one turned into the other.
    one = Mesh(cube(10).vertices_mm, cube(10).faces[2:])
    other = Mesh(cube(10).vertices_mm + np.array([5, 5, 0]), one.faces)
    report = repair(together(one, other)).report
    assert report.verdict == "repaired"
    assert report.faces_added == 4
    assert report.volume_after_mm3 == pytest.approx(2000)


def test_open_bodies_are_not_parted() -> None:
    assert parted(Mesh(cube(10).vertices_mm, cube(10).faces[1:])) is None


def test_faces_back_to_back_alone_are_refused() -> None:
    # Five times both sides of a square: every face lies on another.
    square = cube(10).faces[:2]
    faces = np.concatenate([square, square[:, ::-1]] * 5)
    report = repair(Mesh(cube(10).vertices_mm, faces)).report
    assert report.code == "no-volume"
    assert report.faces_dropped == len(faces)


def test_touching_faces_of_an_open_body_are_refused() -> None:
    # Four faces of the same direction on one edge: no solid lies between them.
    vertices = np.array(
        [[0, 0, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]],
        dtype=float,
    )
    faces = np.array([[0, 1, 2], [0, 1, 3], [0, 1, 4], [0, 1, 5]])
    assert repair(Mesh(vertices, faces)).report.verdict == "refused"
