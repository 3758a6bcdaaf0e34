"""glTF: every length, index and transform is checked; no other file is opened."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

import numpy as np
import pytest

from nearmade.geometry import gltf_data, placing
from nearmade.geometry.formats import read_file
from nearmade.geometry.glb import write_glb
from nearmade.geometry.gltf import read_gltf
from nearmade.geometry.measure import measure
from tests.geometry.solids import cube, tetrahedron, together
from tests.geometry.test_formats import code_of

#: A tetrahedron of 10 mm edges, in metres, y up: 1000 / 6 mm3.
CORNERS = [(0, 0, 0), (0.01, 0, 0), (0, 0, -0.01), (0, 0.01, 0)]
FACES = [(0, 2, 1), (0, 3, 2), (0, 1, 3), (1, 2, 3)]
Document = dict[str, Any]


def uri(content: bytes) -> str:
    return "data:application/octet-stream;base64," + base64.b64encode(content).decode()


def tetra(**changes: object) -> Document:
    """A document with one node, one mesh, positions and 16-bit indices."""
    content = struct.pack("<12f", *[v for corner in CORNERS for v in corner])
    content += struct.pack("<12H", *[v for face in FACES for v in face])
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": 72, "uri": uri(content)}],
        "bufferViews": [
            {"buffer": 0, "byteLength": 48},
            {"buffer": 0, "byteOffset": 48, "byteLength": 24},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 12, "type": "SCALAR"},
        ],
    }
    return document | changes


def text(document: object) -> bytes:
    return json.dumps(document).encode()


def changed(where: str, value: object) -> bytes:
    """The document with one value replaced, named by a path such as nodes.0.mesh."""
    document = tetra()
    *path, last = where.split(".")
    place: Any = document
    for step in path:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return text(document)


def glb(document: Document, binary: bytes = b"", **header: int) -> bytes:
    body = text(document)
    body += b" " * (-len(body) % 4)
    chunks = struct.pack("<II", len(body), 0x4E4F534A) + body
    if binary:
        chunks += struct.pack("<II", len(binary), 0x004E4942) + binary
    length = header.get("length", 12 + len(chunks))
    return struct.pack("<4sII", b"glTF", header.get("version", 2), length) + chunks


def test_metres_with_y_up_become_millimetres_with_z_up() -> None:
    mesh = read_gltf(text(tetra())).mesh
    assert mesh.vertices_mm.min(axis=0) == pytest.approx([0, 0, 0])
    assert mesh.vertices_mm.max(axis=0) == pytest.approx([10, 10, 10])
    assert measure(mesh).volume_mm3 == pytest.approx(1000 / 6)
    assert measure(mesh).findings == ()


def test_what_our_viewer_gets_reads_back_the_same() -> None:
    part = together(cube(10), tetrahedron(4))
    reading = read_file(write_glb(part), "part.glb")
    facts = measure(reading.mesh)
    assert facts.volume_mm3 == pytest.approx(1000 + 64 / 6)
    assert facts.extents_mm == pytest.approx((10, 10, 10))
    assert [one.code for one in reading.findings] == ["materials-left-out"]


def test_a_binary_chunk_is_the_first_buffer() -> None:
    document = tetra()
    content = base64.b64decode(document["buffers"][0].pop("uri").partition(",")[2])
    assert len(read_gltf(glb(document, content)).mesh.faces) == 4
    third = struct.pack("<II", 4, 7) + b"more"
    whole = glb(document, content) + third
    more = whole[:8] + struct.pack("<I", len(whole)) + whole[12:]
    assert len(read_gltf(more).mesh.faces) == 4


def test_nodes_scale_then_turn_then_move_and_their_children_follow() -> None:
    half = np.sqrt(0.5)
    nodes = [
        {"children": [1], "translation": [1, 0, 0], "scale": [2, 2, 2]},
        # A quarter turn about y (up) brings x to -z.
        {"mesh": 0, "rotation": [0, half, 0, half], "translation": [0, 0.5, 0]},
    ]
    mesh = read_gltf(text(tetra(nodes=nodes))).mesh
    # In the house: up is z; -z of glTF is y. Corner (10, 0, 0) comes to y = 20.
    assert mesh.vertices_mm.min(axis=0) == pytest.approx([980, 0, 1000])
    assert mesh.vertices_mm.max(axis=0) == pytest.approx([1000, 20, 1020])
    assert measure(mesh).volume_mm3 == pytest.approx(8 * 1000 / 6, rel=1e-6)


def test_a_matrix_stands_by_columns_and_a_mirror_keeps_the_outside_outside() -> None:
    matrix = [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0.05, 0, 0, 1]
    mesh = read_gltf(text(tetra(nodes=[{"mesh": 0, "matrix": matrix}]))).mesh
    assert mesh.vertices_mm[:, 0].min() == pytest.approx(40)
    assert measure(mesh).findings == ()


def test_a_mesh_that_two_nodes_use_is_placed_twice_and_stays_two_bodies() -> None:
    both = tetra(nodes=[{"mesh": 0}, {"mesh": 0}], scenes=[{"nodes": [0, 1]}])
    assert measure(read_gltf(text(both)).mesh).bodies == 2


def test_only_the_scene_that_is_named_is_built() -> None:
    nodes = [{"mesh": 0}, {"mesh": 0, "translation": [1, 0, 0]}]
    scenes = [{"nodes": [0]}, {"nodes": [1]}]
    mesh = read_gltf(text(tetra(nodes=nodes, scenes=scenes, scene=1))).mesh
    assert mesh.vertices_mm[:, 0].min() == pytest.approx(1000)


def test_without_scenes_every_root_is_built() -> None:
    document = tetra(nodes=[{"mesh": 0}, {"children": [0]}])
    del document["scenes"]
    del document["scene"]
    assert len(read_gltf(text(document)).mesh.faces) == 4


def test_sparse_accessors_put_rows_in_place_of_zeros_or_of_others() -> None:
    document = tetra()
    more = struct.pack("<3B", 1, 2, 3) + b"\0"
    more += struct.pack("<9f", *[v for corner in CORNERS[1:] for v in corner])
    document["buffers"].append({"byteLength": 40, "uri": uri(more)})
    document["bufferViews"] += [
        {"buffer": 1, "byteLength": 4},
        {"buffer": 1, "byteOffset": 4, "byteLength": 36},
    ]
    sparse = {
        "count": 3,
        "indices": {"bufferView": 2, "componentType": 5121},
        "values": {"bufferView": 3},
    }
    for given in ({"bufferView": 0}, {}):
        document["accessors"][0] = {
            "componentType": 5126, "count": 4, "type": "VEC3", "sparse": sparse, **given
        }  # fmt: skip
        facts = measure(read_gltf(text(document)).mesh)
        assert facts.volume_mm3 == pytest.approx(1000 / 6)


def test_rows_may_stand_apart_and_count_in_whole_numbers() -> None:
    rows = [tuple(round(v * 100) for v in corner) for corner in CORNERS]
    content = b"".join(struct.pack("<3hH", *row, 9) for row in rows)
    content += struct.pack("<12I", *[v for face in FACES for v in face])
    document = tetra(
        buffers=[{"byteLength": 80, "uri": uri(content)}],
        bufferViews=[
            {"buffer": 0, "byteLength": 32, "byteStride": 8},
            {"buffer": 0, "byteOffset": 32, "byteLength": 48},
        ],
        accessors=[
            {"bufferView": 0, "componentType": 5122, "count": 4, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5125, "count": 12, "type": "SCALAR"},
        ],
        extensionsRequired=["KHR_mesh_quantization", "KHR_materials_unlit"],
    )
    assert measure(read_gltf(text(document)).mesh).extents_mm == (1000, 1000, 1000)
    document["accessors"][0]["normalized"] = True
    side_mm = 1000 / 32767
    facts = measure(read_gltf(text(document)).mesh)
    assert facts.extents_mm == pytest.approx((side_mm,) * 3)


def test_fractions_stay_fractions_when_normalized() -> None:
    assert len(read_gltf(changed("accessors.0.normalized", True)).mesh.faces) == 4


@pytest.mark.parametrize(
    ("mode", "order", "faces"),
    [
        (4, [0, 2, 1, 0, 3, 2], [[0, 2, 1], [0, 3, 2]]),
        (5, [0, 1, 2, 3], [[0, 1, 2], [1, 3, 2]]),
        (6, [0, 1, 2, 3], [[0, 1, 2], [0, 2, 3]]),
    ],
)
def test_triangles_strips_and_fans(
    mode: int, order: list[int], faces: list[list[int]]
) -> None:
    content = struct.pack("<12f", *[v for corner in CORNERS for v in corner])
    content += bytes(order)
    document = tetra(
        buffers=[{"byteLength": len(content), "uri": uri(content)}],
        bufferViews=[
            {"buffer": 0, "byteLength": 48},
            {"buffer": 0, "byteOffset": 48, "byteLength": len(order)},
        ],
    )
    document["accessors"][1] |= {"componentType": 5121, "count": len(order)}
    document["meshes"][0]["primitives"][0]["mode"] = mode
    mesh = read_gltf(text(document)).mesh
    x, y, z = (np.array(CORNERS) * 1000).T
    corners = np.stack([x, -z, y], axis=1)[np.array(faces)]
    assert mesh.triangles_mm == pytest.approx(corners)


def test_without_indices_corners_count_in_turn() -> None:
    soup = [CORNERS[c] for face in FACES for c in face]
    content = struct.pack("<36f", *[v for corner in soup for v in corner])
    document = tetra(
        buffers=[{"byteLength": 144, "uri": uri(content)}],
        bufferViews=[{"buffer": 0, "byteLength": 144}],
        meshes=[{"primitives": [{"attributes": {"POSITION": 0}}]}],
    )
    document["accessors"][0]["count"] = 12
    assert measure(read_gltf(text(document)).mesh).watertight


def test_points_and_lines_are_left_out_and_told() -> None:
    document = tetra()
    lines = {"attributes": {"POSITION": 0}, "mode": 1}
    document["meshes"][0]["primitives"] += [lines, {"attributes": {}}]
    reading = read_gltf(text(document))
    assert len(reading.mesh.faces) == 4
    assert [one.code for one in reading.findings] == ["points-left-out"]


@pytest.mark.parametrize(
    ("where", "value", "code"),
    [
        ("asset.version", "1.0", "gltf-version"),
        ("asset", [], "gltf-malformed"),
        ("scene", 7, "gltf-reference"),
        ("scenes", {}, "gltf-malformed"),
        ("scenes.0.nodes", [0, 0], "gltf-cycle"),
        ("scenes.0.nodes", ["0"], "gltf-malformed"),
        ("scenes.0.nodes", [True], "gltf-malformed"),
        ("scenes.0.nodes", [9**30], "gltf-reference"),
        ("scenes.0", 5, "gltf-malformed"),
        ("nodes.0.children", [0], "gltf-cycle"),
        ("nodes.0.mesh", -1, "gltf-reference"),
        ("nodes.0.mesh", "x", "gltf-malformed"),
        ("nodes.0.skin", 0, "gltf-unsupported"),
        ("nodes.0.weights", [0, 1], "gltf-unsupported"),
        ("meshes.0.weights", [0.5], "gltf-unsupported"),
        ("nodes.0.scale", [0, 1, 1], "gltf-transform"),
        ("nodes.0.scale", [1, 1], "gltf-malformed"),
        ("nodes.0.scale", [1, 1, 10**400], "gltf-transform"),
        ("nodes.0.scale", [1, 1, "1"], "gltf-transform"),
        ("nodes.0.matrix", [1] * 16, "gltf-transform"),
        ("meshes.0.primitives.0", 3, "gltf-malformed"),
        ("meshes.0.primitives.0.mode", 7, "gltf-malformed"),
        ("meshes.0.primitives.0.mode", [], "gltf-malformed"),
        ("meshes.0.primitives.0.mode", 4.0, "gltf-malformed"),
        ("meshes.0.primitives.0.indices", 0, "gltf-malformed"),
        ("meshes.0.primitives.0.indices", 9, "gltf-reference"),
        ("meshes.0.primitives.0.attributes.POSITION", 1, "gltf-malformed"),
        ("accessors.0.count", 5, "gltf-lengths"),
        ("accessors.0.count", 0, "gltf-lengths"),
        ("accessors.0.count", 4_000_000_000, "gltf-too-large"),
        ("accessors.0.count", 2**50, "gltf-lengths"),
        ("accessors.0.count", None, "gltf-malformed"),
        ("accessors.0.byteOffset", 1, "gltf-lengths"),
        ("accessors.0.byteOffset", -4, "gltf-lengths"),
        ("accessors.0.componentType", 5130, "gltf-malformed"),
        ("accessors.0.componentType", "f", "gltf-malformed"),
        ("accessors.0.sparse", {"count": 5}, "gltf-lengths"),
        ("accessors.0.sparse", {"count": 1}, "gltf-malformed"),
        ("accessors.1.count", 11, "gltf-malformed"),
        ("accessors.1.componentType", 5122, "gltf-malformed"),
        ("accessors.0.bufferView", 2, "gltf-reference"),
        (
            "accessors.0",
            {"componentType": 5126, "count": 4, "type": "VEC3"},
            "gltf-malformed",
        ),
        ("bufferViews.0.byteStride", 8, "gltf-lengths"),
        ("bufferViews.0.byteStride", 16, "gltf-lengths"),
        ("bufferViews.0.byteLength", 73, "gltf-lengths"),
        ("bufferViews.0.buffer", 1, "gltf-reference"),
        ("buffers.0.byteLength", 73, "gltf-lengths"),
        ("buffers.0.uri", "file:///etc/passwd", "gltf-outside-reference"),
        ("buffers.0.uri", "../part.bin", "gltf-outside-reference"),
        ("buffers.0.uri", "https://example.org/x.bin", "gltf-outside-reference"),
        ("buffers.0.uri", ["data:"], "gltf-outside-reference"),
        ("buffers.0.uri", "data:text/plain,abc", "gltf-malformed"),
        ("buffers.0.uri", "data:;base64,a-b", "gltf-malformed"),
        ("buffers.0", {"byteLength": 72}, "gltf-malformed"),
        ("extensionsRequired", ["KHR_draco_mesh_compression"], "gltf-extension"),
        ("extensionsRequired", ["EXT_meshopt_compression"], "gltf-extension"),
        ("extensionsRequired", [5], "gltf-extension"),
        ("scenes.0.nodes", [], "no-faces"),
    ],
)
def test_a_document_that_breaks_a_rule_is_refused(
    where: str, value: object, code: str
) -> None:
    assert code_of(changed(where, value), "x.gltf") == code


def spoilt(at: int, content: bytes) -> bytes:
    """The document with other bytes in its buffer."""
    document = tetra()
    old = base64.b64decode(document["buffers"][0]["uri"].partition(",")[2])
    document["buffers"][0]["uri"] = uri(old[:at] + content + old[at + len(content) :])
    return text(document)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (spoilt(48, b"\4\0"), "index-out-of-range"),
        (spoilt(48, b"\xff\xff"), "index-out-of-range"),
        (spoilt(0, struct.pack("<f", float("nan"))), "not-finite"),
        (spoilt(0, struct.pack("<f", float("inf"))), "not-finite"),
        (b"{", "gltf-malformed"),
        (b"[]", "gltf-malformed"),
        (b"\xff\xfe{}", "gltf-malformed"),
        (b'{"a": NaN}', "not-finite"),
        (b'{"a": ' + b"9" * 5000 + b"}", "gltf-malformed"),
        (b"[" * 200_000, "gltf-too-deep"),
        (b'{"a":' * 200_000, "gltf-too-deep"),
        (b"[" + b"1," * 1_000_001, "gltf-too-large"),
        (b"{}", "gltf-malformed"),
    ],
)
def test_content_that_lies_is_refused(data: bytes, code: str) -> None:
    assert code_of(data, "x.gltf") == code


def test_a_sparse_accessor_that_leads_outside_is_refused() -> None:
    for content, kind in (
        (b"\4\0\0\0", 5125),
        (b"\0\0\0\0", 5126),
        (b"\xff" * 4, 5122),
    ):
        document = tetra()
        document["buffers"].append({"byteLength": 4, "uri": uri(content)})
        document["bufferViews"].append({"buffer": 1, "byteLength": 4})
        document["accessors"][0]["sparse"] = {
            "count": 1,
            "indices": {"bufferView": 2, "componentType": kind},
            "values": {"bufferView": 0},
        }
        assert code_of(text(document), "x.gltf") in {"gltf-lengths", "gltf-malformed"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"glTF" + bytes(4), "gltf-lengths"),
        (glb(tetra(), version=1), "gltf-lengths"),
        (glb(tetra(), length=2**32 - 1), "gltf-lengths"),
        (glb(tetra()) + b"more", "gltf-lengths"),
        (glb(tetra())[:12] + b"\xff" * 8 + glb(tetra())[20:], "gltf-lengths"),
        (glb(tetra())[:16] + b"BIN\0" + glb(tetra())[20:], "gltf-malformed"),
    ],
)
def test_a_container_that_lies_is_refused(data: bytes, code: str) -> None:
    assert code_of(data, "x.glb") == code


def test_a_container_with_nothing_in_it_is_refused() -> None:
    assert code_of(struct.pack("<4sII8x", b"glTF", 2, 20), "x.glb") == "gltf-malformed"


def test_many_instances_are_counted_before_they_are_placed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nodes = [{"mesh": 0}] * 11
    many = tetra(nodes=nodes, scenes=[{"nodes": [*range(11)]}])
    assert len(read_gltf(text(many)).mesh.faces) == 44
    monkeypatch.setattr(placing, "MAX_INSTANCES", 10)
    assert code_of(text(many), "x.gltf") == "gltf-too-many-instances"
    monkeypatch.setattr(placing, "MAX_INSTANCES", 100)
    monkeypatch.setattr(placing, "MAX_TRIANGLES", 43)
    assert code_of(text(many), "x.gltf") == "gltf-too-many-instances"


def test_transforms_that_multiply_beyond_all_sizes_are_refused() -> None:
    nodes: list[Document] = [
        {"children": [n + 1], "scale": [1e11, 1e11, 1e11]} for n in range(40)
    ]
    deep = tetra(nodes=[*nodes, {"mesh": 0}])
    assert code_of(text(deep), "x.gltf") == "not-finite"


def test_numbers_are_counted_over_all_accessors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gltf_data, "MAX_NUMBERS", 23)
    assert code_of(text(tetra()), "x.gltf") == "gltf-too-large"
