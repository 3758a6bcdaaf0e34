"""Faces that a finding speaks of, chosen by hand."""

from __future__ import annotations

import numpy as np

from nearmade.geometry.facts import Finding, Spot
from nearmade.geometry.marks import face_marks
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from tests.geometry.solids import cube, together, without


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


def test_an_overhang_marks_only_what_looks_down() -> None:
    spot = Spot((5.0, 5.0, 5.0), 9.0)  # holds the whole cube
    marks = face_marks(cube(), [Finding("overhangs", "warning", "", spots=(spot,))])
    assert marks["overhangs"].tolist() == [0, 1]


def test_a_loose_body_is_marked_and_what_its_spot_merely_cuts_is_not() -> None:
    part = together(cube(10), cube(2, at=(4, 4, 11)))
    spot = Spot((5.0, 5.0, 12.0), 1.8)
    marks = face_marks(part, [Finding("loose-bodies", "warning", "", spots=(spot,))])
    assert marks["loose-bodies"].tolist() == list(range(12, 24))


def test_a_finding_about_the_whole_marks_nothing() -> None:
    assert face_marks(cube(), [Finding("too-large", "error", "")]) == {}
