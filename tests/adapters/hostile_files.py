"""Files that attack a reader, one by one, made here."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.adapters.step_box import step_box
from tests.geometry.test_amf import (
    amf,
    constellation,
    doubling,
    instance,
    tetra,
    zipped,
)
from tests.geometry.test_formats import IDENTITY, TETRA, model, package
from tests.geometry.test_gltf import changed, glb, text, uri
from tests.geometry.test_gltf import tetra as gltf
from tests.geometry.test_ply import PYRAMID, binary
from tests.geometry.test_threemf import OTHER, OWN_LOOP, SOLID, SPACES, spread

XXE = (
    b'<!DOCTYPE amf [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<amf unit="millimeter"><metadata>&x;</metadata></amf>'
)
LAUGHS = (
    b"<!DOCTYPE amf [<!ENTITY a0 'ha'>"
    + b"".join(b"<!ENTITY a%d '&a%d;&a%d;'>" % (n, n - 1, n - 1) for n in range(1, 60))
    + b"]><amf>&a59;</amf>"
)
PLY_HEAD = b"ply\nformat binary_little_endian 1.0\nelement vertex 3\nproperty float x\n"
PLY_HEAD += b"property float y\nproperty float z\nelement face %d\n"
PLY_HEAD += b"property list uchar int vertex_indices\nend_header\n"


def long_list_ply() -> bytes:
    """One face that says to have two thousand million corners."""
    head = PLY_HEAD.replace(b"uchar int", b"uint int") % 1
    return head + bytes(36) + struct.pack("<I", 2**31) + bytes(64)


def empty_objects() -> bytes:
    """Many objects that double one another, within the limit on ids."""
    twice = (
        '<object id="{0}"><components><component objectid="{1}"/>'
        '<component objectid="{1}"/></components></object>'
    )
    chain = "".join(twice.format(n, n - 1) for n in range(2, 20_000))
    return package(model(f'<object id="1">{TETRA}</object>{chain}',
                         '<item objectid="19999"/>'))  # fmt: skip


def deep_constellations() -> bytes:
    """A chain of constellations, the outermost first."""
    links = "".join(constellation(f"c{n}", instance(f"c{n + 1}")) for n in range(5_000))
    return amf(tetra() + links + constellation("c5000", instance("1")))


def wide_gltf() -> bytes:
    """As many values as are allowed, and no more."""
    return text(gltf(extras=[0] * 900_000))


def same_accessor_often() -> bytes:
    """One large accessor that many primitives read again and again."""
    content = bytes(12 * 100_000)
    primitive = {"attributes": {"POSITION": 0}, "mode": 5}
    return text(
        gltf(
            buffers=[{"byteLength": len(content), "uri": uri(content)}],
            bufferViews=[{"buffer": 0, "byteLength": len(content)}],
            accessors=[{"bufferView": 0, "componentType": 5126, "count": 100_000,
                        "type": "VEC3"}],
            meshes=[{"primitives": [primitive] * 1000}],
        )
    )  # fmt: skip


def cyclic_gltf() -> bytes:
    nodes = [{"children": [1]}, {"children": [2]}, {"children": [1], "mesh": 0}]
    return text(gltf(nodes=nodes))


#: What attacks, the file, the code of the refusal.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "amf_xxe.amf": (lambda: XXE, "xml-document-type"),
    "amf_billion_laughs.amf": (lambda: LAUGHS, "xml-document-type"),
    "amf_zip_bomb.amf": (
        lambda: zipped("a.amf", data=b" " * 30_000_000), "zip-bomb"),
    "amf_zip_slip.amf": (lambda: zipped("../../a.amf"), "zip-unsafe-name"),
    "amf_deep_xml.amf": (lambda: amf("<a>" * 100_000), "xml-too-deep"),
    "amf_cycle.amf": (
        lambda: amf(tetra() + constellation("c", instance("c"))), "amf-cycle"),
    "amf_2_to_the_40.amf": (
        lambda: amf(tetra() + doubling(40)), "amf-too-many-instances"),
    "amf_deep_constellations.amf": (deep_constellations, "amf-too-deep"),
    "amf_nan.amf": (
        lambda: amf(tetra().replace("<x>10</x>", "<x>nan</x>")), "not-finite"),
    "amf_truncated.amf": (lambda: amf(tetra())[:-30], "xml-malformed"),
    "ply_4e9_vertices.ply": (
        lambda: PYRAMID.replace(b"vertex 5", b"vertex 4000000000"),
        "ply-count-mismatch"),
    "ply_4e9_faces.ply": (
        lambda: PLY_HEAD % 4_000_000_000 + bytes(500), "ply-too-many-faces"),
    "ply_long_list.ply": (long_list_ply, "ply-count-mismatch"),
    "ply_endless_header.ply": (
        lambda: b"ply\nformat ascii 1.0\n" + b"comment x\n" * 1_000_000,
        "ply-malformed"),
    "ply_index_outside.ply": (
        lambda: PYRAMID.replace(b"3 0 1 4 7", b"3 0 1 99 7"), "index-out-of-range"),
    "ply_inf.ply": (
        lambda: PYRAMID.replace(b"10 10 0 9", b"inf 10 0 9"), "not-finite"),
    "ply_truncated.ply": (lambda: binary("big")[:-9], "ply-count-mismatch"),
    "gltf_draco.gltf": (
        lambda: changed("extensionsRequired", ["KHR_draco_mesh_compression"]),
        "gltf-extension"),
    "gltf_outside_path.gltf": (
        lambda: changed("buffers.0.uri", "../../etc/passwd"),
        "gltf-outside-reference"),
    "gltf_outside_net.gltf": (
        lambda: changed("buffers.0.uri", "http://169.254.169.254/latest"),
        "gltf-outside-reference"),
    "gltf_4e9_count.gltf": (
        lambda: changed("accessors.0.count", 4_000_000_000), "gltf-too-large"),
    "gltf_cycle.gltf": (cyclic_gltf, "gltf-cycle"),
    "gltf_deep_json.gltf": (lambda: b'{"a":' * 900_000, "gltf-too-deep"),
    "gltf_deep_json_short.gltf": (lambda: b"[" * 300_000, "gltf-too-deep"),
    "gltf_wide_json.gltf": (lambda: wide_gltf()[:-1], "gltf-malformed"),
    "gltf_same_accessor.gltf": (same_accessor_often, "gltf-too-large"),
    "gltf_index_outside.gltf": (
        lambda: changed("accessors.1.byteOffset", 2**39), "gltf-lengths"),
    "glb_length_lies.glb": (lambda: glb(gltf(), length=2**32 - 1), "gltf-lengths"),
    "glb_chunk_lies.glb": (
        lambda: glb(gltf())[:12] + b"\xff" * 4 + glb(gltf())[16:], "gltf-lengths"),
    "3mf_doubling_objects.3mf": (empty_objects, "3mf-too-many-instances"),
    "3mf_path_cycle.3mf": (
        lambda: package(model(OWN_LOOP, '<item objectid="1"/>', SPACES)),
        "3mf-reference"),
    "3mf_path_outside.3mf": (
        lambda: spread("", '<item objectid="1" p:path="/../../etc/passwd"/>', SOLID),
        "zip-part-missing"),
    "3mf_path_from_child.3mf": (
        lambda: spread("", f'<item objectid="1" p:path="/{OTHER}"/>', OWN_LOOP),
        "3mf-path"),
    "3mf_huge_transform.3mf": (
        lambda: package(model(SOLID, f'<item objectid="1" transform="{"9" * 300} '
                              f'{IDENTITY[2:]}"/>')), "3mf-transform"),
}  # fmt: skip

#: The same for STEP, which OpenCASCADE reads; its words for nonsense differ.
HOSTILE_STEP: dict[str, Callable[[], bytes]] = {
    "step_truncated.step": lambda: step_box()[:-20],
    "step_junk.step": lambda: (
        b"ISO-10303-21;" + bytes(range(256)) * 2000 + b"END-ISO-10303-21;"
    ),
    "step_refers_to_itself.step": lambda: step_box().replace(
        b"CLOSED_SHELL('',(", b"CLOSED_SHELL('',(#9,#10,"
    ),
    "step_nan.step": lambda: step_box().replace(b"10.000000", b"1.E999"),
    "step_deep.step": lambda: step_box().replace(
        b"DATA;", b"DATA;#99999=X(" + b"(" * 100_000 + b")" * 100_000 + b");"
    ),
}
