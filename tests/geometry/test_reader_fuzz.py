"""Any bytes give a mesh or a refusal, in every format, and nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.geometry.formats import read_file
from nearmade.geometry.glb import write_glb
from nearmade.geometry.stl import write_stl
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import tetrahedron
from tests.geometry.test_amf import amf, constellation, instance, tetra, zipped
from tests.geometry.test_formats import ASCII_TRIANGLE, one_object
from tests.geometry.test_gltf import tetra as gltf_document
from tests.geometry.test_ply import PYRAMID, binary
from tests.geometry.test_threemf import OTHER, SOLID, spread

WHOLE = {
    "ascii.stl": ASCII_TRIANGLE,
    "binary.stl": write_stl(tetrahedron()),
    "core.3mf": one_object(),
    "production.3mf": spread("", f'<item objectid="1" p:path="/{OTHER}"/>', SOLID),
    "part.obj": b"v 0 0 0\nv 10 0 0\nv 0 10 0\nf 1 2 3\n",
    "part.off": b"OFF\n3 1 0\n0 0 0\n10 0 0\n0 10 0\n3 0 1 2\n",
    "plain.amf": amf(tetra() + constellation("c", instance("1", "<rx>9</rx>"))),
    "zipped.amf": zipped("part.amf"),
    "ascii.ply": PYRAMID,
    "little.ply": binary("little"),
    "big.ply": binary("big"),
    "part.gltf": json.dumps(gltf_document()).encode(),
    "part.glb": write_glb(tetrahedron()),
}
#: What breaks readers more often than chance does.
NASTY = [
    b"-1", b"4294967295", b"1e999", b"nan", b"1_0", b"\0", b"\xff" * 4, b"\n", b"null",
    b"[]", b"true", b"<", b"&#0;", b'"', b"0x10", b"9" * 40,
]  # fmt: skip


def read_or_refuse(data: bytes, name: str) -> None:
    with suppress(InvalidInput):
        mesh = read_file(data, name).mesh
        assert len(mesh.faces)
        assert np.isfinite(mesh.vertices_mm).all()
        assert mesh.faces.min() >= 0
        assert mesh.faces.max() < len(mesh.vertices_mm)


@pytest.mark.parametrize("name", WHOLE)
def test_the_files_that_are_spoilt_below_are_whole(name: str) -> None:
    assert len(read_file(WHOLE[name], name).mesh.faces) >= 1


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=60)
@given(
    st.binary(max_size=60) | st.sampled_from(NASTY),
    st.floats(0, 1),
    st.integers(0, 40),
)
def test_spoilt_bytes_give_a_mesh_or_a_refusal(
    name: str, junk: bytes, where: float, cut: int
) -> None:
    whole = WHOLE[name]
    place = int(where * len(whole))
    read_or_refuse(whole[:place] + junk + whole[place + cut :], name)


@settings(max_examples=100)
@given(st.binary(max_size=200), st.sampled_from(sorted(WHOLE)), st.integers(0, 12))
def test_junk_gives_a_refusal_or_a_mesh(junk: bytes, name: str, head: int) -> None:
    read_or_refuse(WHOLE[name][:head] + junk, name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 99) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150)
@given(st.data())
def test_any_value_anywhere_in_a_gltf_gives_a_mesh_or_a_refusal(
    data: st.DataObject,
) -> None:
    document = gltf_document()
    place: Any = document
    key: Any = data.draw(st.sampled_from(sorted(document)))
    while True:
        inside = place[key]
        if (
            not isinstance(inside, dict | list)
            or not inside
            or data.draw(st.booleans())
        ):
            break
        place = inside
        keys = range(len(inside)) if isinstance(inside, list) else sorted(inside)
        key = data.draw(st.sampled_from(list(keys)))
    place[key] = data.draw(JSON)
    read_or_refuse(json.dumps(document).encode(), "x.gltf")
