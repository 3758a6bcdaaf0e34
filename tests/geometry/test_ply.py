"""PLY: the header is a promise that the body has to keep."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import pytest

from nearmade.geometry import ply, ply_rows
from nearmade.geometry.fans import fan_triangles, strip_triangles
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.measure import measure
from nearmade.geometry.ply import read_ply
from tests.geometry.test_formats import code_of

PYRAMID = (
    b"ply\nformat ascii 1.0\ncomment a pyramid of 300 mm3\nobj_info by hand\n"
    b"element vertex 5\nproperty float x\nproperty float y\nproperty float z\n"
    b"property uchar red\nelement edge 1\nproperty int a\nproperty int b\n"
    b"element face 5\nproperty list uchar int vertex_index\nproperty uchar red\n"
    b"end_header\n"
    b"0 0 0 9\n10 0 0 9\n10 10 0 9\n0 10 0 9\n5 5 9 9\n0 1\n"
    b"4 3 2 1 0 7\n3 0 1 4 7\n3 1 2 4 7\n\n3 2 3 4 7\n3 3 0 4 7\n"
)
CORNERS = [(0, 0, 0), (10, 0, 0), (10, 10, 0), (0, 10, 0), (5, 5, 9)]
POLYGONS = [(3, 2, 1, 0), (0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)]


def binary(
    order: str, *, polygons: Sequence[tuple[int, ...]] = POLYGONS, announced: int = 0
) -> bytes:
    """The same pyramid with odd types, colours and a second list."""
    sign = "<" if order == "little" else ">"
    head = (
        f"ply\r\nformat binary_{order}_endian 1.0\r\nelement vertex 5\r\n"
        "property short x\r\nproperty double y\r\nproperty float32 z\r\n"
        f"property uint8 red\r\nelement face {announced or len(polygons)}\r\n"
        "property char flag\r\nproperty list ushort uint vertex_indices\r\n"
        "property list uchar float texcoord\r\nend_header\r\n"
    ).encode()
    rows = [struct.pack(f"{sign}hdfB", *corner, 200) for corner in CORNERS]
    rows += [
        struct.pack(f"{sign}bH{len(p)}IB2f", -1, len(p), *p, 2, 0.5, 0.5)
        for p in polygons
    ]
    return head + b"".join(rows)


@pytest.mark.parametrize("data", [PYRAMID, binary("little"), binary("big")])
def test_polygons_become_fans_and_colours_are_read_over(data: bytes) -> None:
    facts = measure(read_mesh(data, "pyramid.PLY"))
    assert facts.triangles == 6
    assert facts.watertight
    assert facts.volume_mm3 == pytest.approx(300)


def test_rows_that_are_all_alike_are_read_at_once() -> None:
    triangles = [p for p in POLYGONS if len(p) == 3]
    assert len(read_ply(binary("big", polygons=triangles)).faces) == 4


def test_many_rows_of_different_length_are_read_in_chunks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ply_rows, "CHUNK_ROWS", 2)
    assert len(read_ply(binary("little")).faces) == 6


def test_equal_corners_are_joined() -> None:
    apart = PYRAMID.replace(b"vertex 5", b"vertex 6").replace(
        b"\n0 1\n4 3 2 1 0", b"\n0 0 0 9\n0 1\n4 3 2 1 5"
    )
    assert measure(read_ply(apart)).watertight


def test_lists_that_name_no_corners_are_stepped_over() -> None:
    strips = b"element strip 2\nproperty list uchar uchar runs\n"
    edges = b"element nothing 0\nproperty list uchar uchar runs\n"
    head, body = binary("little").split(b"end_header\r\n")
    for rows in (b"\1\7\1\7", b"\1\7\2\7\7"):
        data = head + strips + edges + b"end_header\r\n" + body + rows
        assert len(read_ply(data).faces) == 6


def test_rows_of_plain_numbers_that_are_cut_off_are_refused() -> None:
    # The lists ahead are longer than they need be, so the count alone looks right.
    head, body = binary("little").split(b"end_header\r\n")
    tail = b"element tail 20\nproperty uchar one\nend_header\r\n"
    assert code_of(head + tail + body, "x.ply") == "ply-count-mismatch"


def test_a_file_without_faces_is_no_part() -> None:
    cloud = PYRAMID.replace(b"element face 5", b"element face 0")
    cut = cloud[: cloud.index(b"4 3 2 1 0")]
    assert code_of(cut, "x.ply") == "no-faces"
    alone = binary("big").split(b"element face")[0] + b"end_header\r\n" + bytes(75)
    assert code_of(alone, "x.ply") == "no-faces"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"format ascii 1.0", b"format ascii 2.0"),
        (b"format ascii 1.0", b"comment none"),
        (b"format ascii 1.0", b"format ascii 1.0\nformat ascii 1.0"),
        (b"end_header", b"endheader"),
        (b"float x", b"real x"),
        (b"float x", b"float y"),
        (b"float z", b"float w"),
        (b"property float x\n", b""),
        (b"uchar int vertex_index", b"float int vertex_index"),
        (b"uchar int vertex_index", b"uchar float vertex_index"),
        (b"element vertex 5", b"element vertex five"),
        (b"element vertex 5", b"element vertex -5"),
        (b"element edge 1", b"element vertex 1"),
        (b"comment a", b"hello a"),
        (b"10 10 0 9", b"10 ten 0 9"),
        (b"10 10 0 9", b"10 1_0 0 9"),
        (b"10 10 0 9", b"10 10 0"),
        (b"3 0 1 4 7", b"3 0 1 4"),
        (b"3 0 1 4 7", b"3 0 1 4 7 7"),
        (b"3 0 1 4 7", b"2 0 1 7"),
        (b"3 0 1 4 7", b"-3 0 1 4 7"),
        (b"3 0 1 4 7", b"3 0 1 4.5 7"),
        (b"3 0 1 4 7", b"3 0 1 %d 7" % 9**40),
        (b"comment a", b"property int early\ncomment a"),
        (b"element edge 1\nproperty int a\nproperty int b", b"element edge 1"),
        (b"ply\n", b"ply " + b"x" * 2**16 + b"\n"),
    ],
)
def test_a_text_that_breaks_a_rule_is_refused(old: bytes, new: bytes) -> None:
    assert old in PYRAMID
    assert code_of(PYRAMID.replace(old, new, 1), "x.ply") == "ply-malformed"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PYRAMID.replace(b"vertex 5", b"vertex 4000000000"), "ply-count-mismatch"),
        (PYRAMID.replace(b"face 5", b"face 9"), "ply-count-mismatch"),
        (PYRAMID.replace(b"face 5", b"face 3000001"), "ply-too-many-faces"),
        (PYRAMID.replace(b"3 0 1 4 7", b"3 0 1 5 7"), "index-out-of-range"),
        (PYRAMID.replace(b"3 0 1 4 7", b"3 0 1 -1 7"), "index-out-of-range"),
        (PYRAMID.replace(b"10 10 0 9", b"10 nan 0 9"), "not-finite"),
        (PYRAMID.replace(b"10 10 0 9", b"10 1e999 0 9"), "not-finite"),
        (binary("little", announced=4_000_000_000), "ply-too-many-faces"),
        (binary("little", announced=6), "ply-count-mismatch"),
        (binary("little")[:-1], "ply-count-mismatch"),
        (binary("little")[:-30], "ply-count-mismatch"),
        (binary("big", polygons=POLYGONS[1:])[:-1], "ply-count-mismatch"),
        (binary("little").replace(b"ushort uint", b"int uint"), "ply-count-mismatch"),
        (binary("little").replace(b"ushort uint", b"char uint"), "ply-count-mismatch"),
        (binary("big", polygons=[(0, 1, 4), (0, 1)]), "ply-malformed"),
    ],
)
def test_counts_and_indices_that_lie_are_refused(data: bytes, code: str) -> None:
    assert code_of(data, "x.ply") == code


def test_a_list_of_negative_length_is_refused() -> None:
    data = binary("little").replace(b"ushort uint", b"short uint")
    row = data.rindex(struct.pack("<bH", -1, 3)) + 1
    spoilt = data[:row] + struct.pack("<h", -3) + data[row + 2 :]
    assert code_of(spoilt, "x.ply") == "ply-malformed"


def test_a_polygon_of_too_many_corners_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ply, "MAX_TRIANGLES", 5)
    assert code_of(PYRAMID, "x.ply") == "ply-malformed"


def test_a_fan_of_a_pentagon_and_a_triangle() -> None:
    found = fan_triangles(np.array([5, 3]), np.array([9, 8, 7, 6, 5, 1, 2, 3]))
    assert found.tolist() == [[9, 8, 7], [9, 7, 6], [9, 6, 5], [1, 2, 3]]


def test_a_strip_turns_every_second_triangle() -> None:
    found = strip_triangles(np.array([1, 2, 3, 4, 5]))
    assert found.tolist() == [[1, 2, 3], [2, 4, 3], [3, 4, 5]]
    assert strip_triangles(np.array([1, 2])).shape == (0, 3)
