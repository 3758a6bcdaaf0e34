"""Marked faces in viewer files and in pictures."""

from __future__ import annotations

import json

import numpy as np
import pytest
import trimesh

from nearmade.geometry.glb import write_glb
from nearmade.geometry.picture import draw
from tests.geometry.solids import cube, sphere, together

GREY, RED = (200, 200, 200), (214, 40, 30)
BOTTOM, TOP = np.array([0, 1]), np.array([2, 3])


def marks_in(data: bytes) -> list[dict[str, object]]:
    length = int.from_bytes(data[12:16], "little")
    (primitive,) = json.loads(data[20 : 20 + length])["meshes"][0]["primitives"]
    marks: list[dict[str, object]] = primitive.get("extras", {}).get("marks", [])
    return marks


def test_marked_faces_come_last_and_the_file_tells_where() -> None:
    data = write_glb(cube(), marks={"overhangs": BOTTOM, "thin-walls": TOP})
    assert marks_in(data) == [
        {"code": "overhangs", "first": 24, "count": 6},
        {"code": "thin-walls", "first": 30, "count": 6},
    ]
    read = trimesh.load(
        trimesh.util.wrap_as_stream(data), file_type="glb", force="mesh"
    )
    assert isinstance(read, trimesh.Trimesh)
    assert read.is_watertight
    looks_down = read.face_normals[8:10, 1]  # y is up in the file
    assert looks_down == pytest.approx([-1, -1])


def test_of_a_face_with_two_marks_the_first_counts() -> None:
    data = write_glb(cube(), marks={"first": BOTTOM, "second": BOTTOM})
    assert [mark["code"] for mark in marks_in(data)] == ["first"]


def test_a_file_without_marks_tells_of_none() -> None:
    assert marks_in(write_glb(cube())) == []
    assert write_glb(cube()) == write_glb(cube(), marks={})


def test_marks_stay_when_a_mesh_is_made_coarser() -> None:
    fine = sphere(10, rings=60)
    upper = np.flatnonzero(fine.triangles_mm[:, :, 2].mean(axis=1) > 0)
    (mark,) = marks_in(write_glb(fine, max_triangles=2000, marks={"upper": upper}))
    data = write_glb(fine, max_triangles=2000, marks={"upper": upper})
    read = trimesh.load(
        trimesh.util.wrap_as_stream(data), file_type="glb", force="mesh"
    )
    assert isinstance(read, trimesh.Trimesh)
    first = int(str(mark["first"])) // 3
    assert read.triangles_center[first:, 1].min() > -0.002
    assert len(read.faces) - first == pytest.approx(len(read.faces) / 2, rel=0.1)


def test_a_picture_paints_marked_faces_of_any_part() -> None:
    parts = [(cube(10), GREY), (cube(10, at=(15, 0, 0)), GREY)]
    image = draw(
        parts,
        width_px=100,
        height_px=60,
        azimuth_deg=0,
        elevation_deg=90,
        marked=[(TOP + 12, RED)],  # the top of the second cube
    )
    left, right = image[30, 25], image[30, 75]
    assert left[0] == left[1] == left[2]
    assert right[0] > 2 * right[1]


def test_together_faces_are_counted_over_all_parts() -> None:
    both = together(cube(10), cube(10, at=(15, 0, 0)))
    view = {"width_px": 60, "height_px": 40, "azimuth_deg": 0, "elevation_deg": 90}
    one = draw([(both, GREY)], marked=[(TOP + 12, RED)], **view)  # type: ignore[arg-type]
    parts = [(cube(10), GREY), (cube(10, at=(15, 0, 0)), GREY)]
    two = draw(parts, marked=[(TOP + 12, RED)], **view)  # type: ignore[arg-type]
    assert np.abs(one.astype(int) - two.astype(int)).max() <= 2
