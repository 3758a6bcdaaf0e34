"""Corners of the readers that an honest file never reaches."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from nearmade.geometry import weld as weld_room
from nearmade.geometry.fingerprint import canonical_hash
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.geometry.threemf import read_3mf
from nearmade.geometry.weld import MIXERS, join_corners, weld
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube, tetrahedron, together
from tests.geometry.test_formats import TETRA, code_of, model, one_object, package

NOTHING = Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64))
PRODUCTION = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06"


@pytest.mark.parametrize(
    ("vertices", "faces"),
    [
        (np.zeros((3, 2)), np.zeros((1, 3), dtype=np.int64)),
        (np.zeros((3, 3)), np.zeros((1, 4), dtype=np.int64)),
        (np.zeros((3, 3)), np.array([[0, 1, 3]])),
        (np.zeros((3, 3)), np.array([[0, 1, -1]])),
        (np.full((3, 3), np.inf), np.array([[0, 1, 2]])),
    ],
)
def test_a_mesh_keeps_its_promises(
    vertices: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    faces: np.ndarray[tuple[int, int], np.dtype[np.int64]],
) -> None:
    with pytest.raises(InvalidInput):
        Mesh(vertices, faces)


def test_welding_joins_equal_corners_and_drops_idle_ones() -> None:
    soup = Mesh(
        np.vstack([cube().triangles_mm.reshape(-1, 3), [[99, 99, 99]]]),
        np.arange(36).reshape(-1, 3),
    )
    assert measure(soup).bodies == 12
    joined = weld(soup)
    assert len(joined.vertices_mm) == 8
    assert measure(joined).watertight


@pytest.mark.parametrize("most_packed", [0, 2**20])
def test_many_corners_are_joined_as_few_are(
    monkeypatch: pytest.MonkeyPatch, most_packed: int
) -> None:
    monkeypatch.setattr(weld_room, "MAX_PACKED_CORNERS", most_packed)
    corners = np.array([[3, 1, 2], [-0.0, 0, 0], [3, 1, 2], [0, 0, 0], [1, 1, 1.0]])
    distinct, index = join_corners(corners)
    assert distinct.tolist() == [[3, 1, 2], [0, 0, 0], [1, 1, 1]]
    assert index.tolist() == [0, 1, 0, 1, 2]


def test_corners_whose_keys_collide_are_still_told_apart() -> None:
    # The last axis is added before the last step, so any sum can be met by it.
    first = np.array([[1.0, 2.0, 3.0]])
    bits = first.view(np.uint64)[0]

    def half(x: int) -> int:
        key = x * int(MIXERS[0]) % 2**64
        key ^= key >> 29
        key = (key + int(bits[1])) * int(MIXERS[1]) % 2**64
        return key ^ (key >> 29)

    for step in range(1, 100_000):
        x = np.array([1.0 + step * 2.0**-40])
        wanted = (
            half(int(bits[0])) + int(bits[2]) - half(int(x.view(np.uint64)[0]))
        ) % (2**64)
        z = np.array([wanted], dtype=np.uint64).view(np.float64)
        if np.isfinite(z[0]):
            break
    corners = np.array([first[0], [x[0], 2.0, z[0]], first[0]])
    distinct, index = join_corners(corners)
    assert len(distinct) == 2
    assert np.array_equal(distinct[index], corners)


def test_the_canonical_name_copes_with_nothing_and_with_ten_metres() -> None:
    assert canonical_hash(NOTHING) == canonical_hash(NOTHING)
    large, moved = cube(9_999), cube(9_999, at=(7, 8, 9))
    assert canonical_hash(large) == canonical_hash(moved)


def test_short_scrap_is_no_stl() -> None:
    assert code_of(b"scrap", "x.stl") == "stl-too-short"


def test_a_mesh_of_collapsed_faces_is_refused() -> None:
    flat = Mesh(cube().vertices_mm, np.array([[0, 0, 1], [2, 2, 2], [0, 1, 2]]))
    assert code_of(write_stl(flat), "x.stl") == "mostly-degenerate"


def test_a_rim_too_far_apart_or_of_no_size_stays_as_it_is() -> None:
    point = Mesh(np.zeros((3, 3)), np.array([[0, 1, 2]]))
    assert len(read_stl(write_stl(point)).faces) == 1


def objects(*texts: str, item: str = '<item objectid="1"/>') -> bytes:
    return package(model("".join(texts), item))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (objects(f'<object id="1" type="ghost">{TETRA}</object>'), "3mf-object-type"),
        (objects(f'<object id="1" type="other">{TETRA}</object>'), "3mf-object-type"),
        (objects(f"<object>{TETRA}</object>"), "3mf-attribute"),
        (objects(f'<object id="1">{TETRA}</object>'.replace("10", "1_0")),
         "3mf-attribute"),
        (objects(f'<object id="1">{TETRA}</object>'.replace('v1="0"', 'v1="9e9"')),
         "3mf-index"),
        (objects(f'<object id="1">{TETRA}</object>'.replace('v1="0"', f'v1="{9**30}"')),
         "3mf-attribute"),
        (objects(f'<object id="1">{TETRA}</object>',
                 item=f'<item objectid="1" p:path="/a.model" xmlns:p="{PRODUCTION}"/>'),
         "zip-part-missing"),
        (package(model("", "") + "<x/>"), "xml-malformed"),
        (package(model("</resources><resources>", "")), "3mf-element-twice"),
        (package(model("", ""), **{"a:b": ""}), "zip-unsafe-name"),
    ],
)  # fmt: skip
def test_an_unusual_3mf_is_refused(data: bytes, code: str) -> None:
    assert code_of(data, "x.3mf") == code


def test_support_objects_are_left_out() -> None:
    resources = (
        f'<object id="1">{TETRA}</object>'
        '<object id="2" type="support"><components><component objectid="1"/>'
        "</components></object>"
    )
    data = package(model(resources, '<item objectid="1"/><item objectid="2"/>'))
    assert measure(read_3mf(data)).bodies == 1


def test_extensions_that_leave_the_shape_alone_may_be_required() -> None:
    needed = f'xmlns:p="{PRODUCTION}" requiredextensions="p"'
    assert len(read_3mf(one_object(attributes=needed)).faces) == 4


def test_a_package_needs_one_root_model() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("_rels/.rels", "<Relationships/>")
    assert code_of(packed.getvalue(), "x.3mf") == "3mf-model-count"


def test_an_object_that_contains_itself_is_refused() -> None:
    loop = '<object id="1"><components><component objectid="1"/></components></object>'
    assert code_of(objects(loop), "x.3mf") == "3mf-cycle"


def test_a_part_is_unpacked_only_up_to_its_cap() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("_rels/.rels", " " * (2**20 + 1))
    assert code_of(packed.getvalue(), "x.3mf") == "zip-too-large"


def entries_declaring(count: int, size: int, packed_size: int) -> bytes:
    """A package whose directory gives each entry sizes of its own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for number in range(count):
            made.writestr(str(number), "")
    data = bytearray(packed.getvalue())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 20 : at + 24] = packed_size.to_bytes(4, "little")
        data[at + 24 : at + 28] = size.to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def test_sizes_are_added_up_before_anything_is_unpacked() -> None:
    many = entries_declaring(600, 2**20, 1)
    assert code_of(many, "x.3mf") == "zip-too-large"
    dense = entries_declaring(9, 2**20, 1)
    assert code_of(dense, "x.3mf") == "zip-bomb"


def repacked(**changes: int) -> bytes:
    """A package whose central directory lies about its first entry."""
    data = bytearray(one_object())
    at = data.rfind(b"PK\x01\x02")
    offsets = {"flags": (8, 2), "method": (10, 2), "packed": (20, 4), "size": (24, 4)}
    for name, value in changes.items():
        offset, length = offsets[name]
        data[at + offset : at + offset + length] = value.to_bytes(length, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (repacked(flags=1), "zip-encrypted"),
        (repacked(method=14), "zip-method"),
        (repacked(size=2**30), "zip-too-large"),
        (repacked(size=2**24), "zip-bomb"),
        (repacked(size=7), "zip-broken"),
        (repacked(packed=3), "zip-broken"),
        (one_object()[:100], "zip-broken"),
        (one_object()[:-30] + one_object()[-22:], "zip-broken"),
    ],
)
def test_a_directory_that_lies_is_refused(data: bytes, code: str) -> None:
    assert code_of(data, "x.3mf") == code


def test_a_directory_of_many_bytes_or_hidden_entries_is_refused() -> None:
    data = bytearray(one_object())
    data[-10:-6] = (2**21).to_bytes(4, "little")
    assert code_of(bytes(data), "x.3mf") == "zip-broken"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for number in range(1001):
            made.writestr(str(number), "")
    hidden = bytearray(packed.getvalue())
    hidden[-14:-10] = b"\x01\x00\x01\x00"  # the end record counts one entry
    assert code_of(bytes(hidden), "x.3mf") == "zip-too-many-entries"


def test_a_package_without_relations_or_with_a_wrong_target_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("3D/3dmodel.model", "")
    assert code_of(packed.getvalue(), "x.3mf") == "zip-part-missing"


def test_off_may_put_its_counts_beside_its_name() -> None:
    data = b"OFF 3 1 0\n0 0 0\n10 0 0\n0 10 0\n3 0 1 2\n"
    assert len(read_mesh(data, "x.off").faces) == 1


def test_objects_that_touch_stay_objects_of_their_own() -> None:
    both = together(tetrahedron(), tetrahedron())
    assert measure(both).bodies == 2
