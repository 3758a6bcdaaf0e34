"""Faces that a finding speaks of, chosen by hand."""

from __future__ import annotations

import numpy as np

from nearmade.geometry.facts import Finding, Spot
from nearmade.geometry.marks import face_marks
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from tests.geometry.solids import box, cube, together, without


def test_the_faces_beside_a_hole_are_marked() -> None:
    part = without(cube(), 0)  # one half of the bottom is missing
    marks = face_marks(part, measure(part).findings)
    # Left without face 0 = (0, 2, 1): neighbours across 0-2, 2-1 and 1-0.
    expected = {(0, 3, 2), (1, 2, 6), (0, 1, 5)}
    assert {tuple(part.faces[k]) for k in marks["open-edges"]} == expected


def test_a_turned_face_and_its_neighbours_are_marked() -> None:
    faces = cube().faces.copy()
    faces[0] = faces[0, ::-1]
    part = Mesh(cube().vertices_mm, faces)
    marks = face_marks(part, measure(part).findings)
    assert 0 in marks["clashing-winding"]
    assert len(marks["clashing-winding"]) == 4


def test_a_collapsed_face_is_marked() -> None:
    part = Mesh(cube().vertices_mm, np.vstack([cube().faces, [[0, 0, 1]]]))
    assert face_marks(part, measure(part).findings)["degenerate-faces"].tolist() == [12]


def test_a_thin_place_marks_the_faces_that_touch_its_spot() -> None:
    spot = Spot(
        (5.0, 5.0, 10.5), 1.0
    )  # above the middle of the top, which is two faces
    marks = face_marks(cube(), [Finding("thin-walls", "warning", "", spots=(spot,))])
    assert marks["thin-walls"].tolist() == [2, 3]


def test_a_large_face_that_a_spot_merely_touches_is_left_out() -> None:
    slab = box((100, 100, 1))
    pin = box((1, 1, 3), at=(50, 50, 1))
    spot = Spot((50.5, 50.5, 2.5), 2.0)
    part = together(slab, pin)
    marks = face_marks(part, [Finding("fine-features", "note", "", spots=(spot,))])
    assert marks["fine-features"].tolist() == list(range(12, 24))


def test_an_overhang_marks_only_what_looks_down_off_the_plate() -> None:
    part = together(cube(10), cube(10, at=(8, 0, 10)))
    spot = Spot((10.0, 5.0, 10.0), 20.0)  # holds everything
    marks = face_marks(part, [Finding("overhangs", "warning", "", spots=(spot,))])
    assert marks["overhangs"].tolist() == [12, 13]


def test_a_loose_body_is_marked_and_what_its_spot_merely_cuts_is_not() -> None:
    part = together(cube(10), cube(2, at=(4, 4, 11)))
    spot = Spot((5.0, 5.0, 12.0), 1.8)
    marks = face_marks(part, [Finding("loose-bodies", "warning", "", spots=(spot,))])
    assert marks["loose-bodies"].tolist() == list(range(12, 24))


def test_a_finding_about_the_whole_marks_nothing() -> None:
    assert face_marks(cube(), [Finding("too-large", "error", "")]) == {}
