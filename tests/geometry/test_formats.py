"""Readers take what is right, refuse what is not, and never fail otherwise."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.geometry.fingerprint import canonical_hash
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.geometry.threemf import read_3mf
from nearmade.geometry.threemf_writing import CONTENT_TYPES, RELATIONS, write_3mf
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube, sphere, tetrahedron, together

ASCII_TRIANGLE = b"""solid a name with words
  facet normal 0 0 nan
    outer loop
      vertex 0 0 0
      vertex 1.5e1 0 -0.0
      vertex 0 +15 0
    endloop
  endfacet
endsolid a name with words
"""
CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
TETRA = (
    '<mesh><vertices><vertex x="0" y="0" z="0"/><vertex x="10" y="0" z="0"/>'
    '<vertex x="0" y="10" z="0"/><vertex x="0" y="0" z="10"/></vertices><triangles>'
    '<triangle v1="0" v2="2" v3="1"/><triangle v1="0" v2="3" v3="2"/>'
    '<triangle v1="0" v2="1" v3="3"/><triangle v1="1" v2="2" v3="3"/>'
    "</triangles></mesh>"
)


IDENTITY = "1 0 0 0 1 0 0 0 1 0 0 0"


def package(model: str, **others: str) -> bytes:
    """A 3MF package around a model part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", CONTENT_TYPES)
        made.writestr("_rels/.rels", RELATIONS)
        made.writestr("3D/3dmodel.model", model)
        for name, text in others.items():
            made.writestr(name, text)
    return packed.getvalue()


def model(resources: str, build: str, attributes: str = "") -> str:
    return (
        f'<model xmlns="{CORE}" {attributes}><resources>{resources}</resources>'
        f"<build>{build}</build></model>"
    )


def one_object(transform: str = "", attributes: str = "") -> bytes:
    item = f'<item objectid="1" transform="{transform or IDENTITY}"/>'
    return package(model(f'<object id="1">{TETRA}</object>', item, attributes))


def code_of(data: bytes, name: str) -> str:
    """Code with which a file is refused."""
    with pytest.raises(InvalidInput) as caught:
        read_mesh(data, name)
    return caught.value.code


def test_binary_stl_comes_back_as_written() -> None:
    part = together(cube(10), tetrahedron(4))
    again = read_stl(write_stl(part))
    assert np.array_equal(again.triangles_mm, part.triangles_mm)
    assert len(again.vertices_mm) == 11  # 8 and 4, one of them shared


@given(st.lists(st.tuples(*[st.integers(-9999, 9999)] * 9), min_size=1, max_size=30))
def test_any_triangles_survive_a_round_trip(rows: list[tuple[int, ...]]) -> None:
    corners = np.array(rows, dtype=np.float64).reshape(-1, 3) / 64
    soup = Mesh(corners, np.arange(len(corners)).reshape(-1, 3))
    again = read_stl(write_stl(soup))
    assert np.array_equal(again.triangles_mm, soup.triangles_mm)


def test_a_binary_stl_whose_header_says_solid_is_binary() -> None:
    data = b"solid lie".ljust(80) + write_stl(cube())[80:]
    assert len(read_stl(data).faces) == 12


def test_ascii_stl_reads_names_signs_and_exponents() -> None:
    part = read_stl(ASCII_TRIANGLE)
    assert part.triangles_mm.tolist() == [[[0, 0, 0], [15, 0, 0], [0, 15, 0]]]


def test_ascii_stl_may_hold_several_solids_in_capitals() -> None:
    data = (ASCII_TRIANGLE + ASCII_TRIANGLE.replace(b"1.5e1", b"12")).upper()
    assert len(read_stl(data).faces) == 2


def test_ascii_stl_may_leave_out_the_normal() -> None:
    data = ASCII_TRIANGLE.replace(b" normal 0 0 nan", b"")
    assert len(read_stl(data).faces) == 1


def test_a_seam_opened_by_rounding_is_closed_again() -> None:
    corners = cube(1.3).triangles_mm
    corners[0] += 2e-7
    torn = Mesh(corners.reshape(-1, 3), np.arange(36).reshape(-1, 3))
    assert measure(read_stl(write_stl(torn))).watertight


def test_a_gap_that_one_could_see_stays_open() -> None:
    corners = cube(10).triangles_mm
    corners[0] += 1e-3
    torn = Mesh(corners.reshape(-1, 3), np.arange(36).reshape(-1, 3))
    assert not measure(read_stl(write_stl(torn))).watertight


@pytest.mark.parametrize(
    "data",
    [
        ASCII_TRIANGLE[:-40],
        ASCII_TRIANGLE.replace(b"+15", b"fifteen"),
        ASCII_TRIANGLE.replace(b"15", b"1_5"),
        ASCII_TRIANGLE.replace(b"15", b"1-5"),
        ASCII_TRIANGLE.replace(b"vertex 0 0 0\n", b""),
        ASCII_TRIANGLE + b"trailing",
        ASCII_TRIANGLE.replace(b"a name with", b"n" * 300),
    ],
)
def test_malformed_ascii_stl_is_refused(data: bytes) -> None:
    assert code_of(data, "x.stl") == "stl-ascii-malformed"


@pytest.mark.parametrize("value", [b"nan", b"inf", b"-inf", b"1e999"])
def test_a_coordinate_that_is_not_finite_is_refused(value: bytes) -> None:
    assert code_of(ASCII_TRIANGLE.replace(b"+15", value), "x.stl") == "not-finite"


def test_a_wrong_count_is_refused_before_anything_is_made() -> None:
    data = write_stl(cube())
    assert code_of(data[:-1], "x.stl") == "stl-count-mismatch"
    assert code_of(data + b"x", "x.stl") == "stl-count-mismatch"


def test_3mf_comes_back_as_written() -> None:
    first, second = cube(10), sphere(3, rings=8)
    again = read_3mf(write_3mf([('a < b & "c"', first), ("ball", second)]))
    both = together(first, second)
    assert np.array_equal(again.triangles_mm, both.triangles_mm)
    assert write_3mf([("x", first)]) == write_3mf([("x", first)])


@pytest.mark.parametrize(
    ("unit", "side_mm"),
    [("micron", 0.01), ("millimeter", 10), ("centimeter", 100), ("inch", 254),
     ("foot", 3048), ("meter", 10_000)],
)  # fmt: skip
def test_units_become_millimetres(unit: str, side_mm: float) -> None:
    facts = measure(read_3mf(one_object(attributes=f'unit="{unit}"')))
    assert facts.extents_mm == pytest.approx((side_mm,) * 3)


def test_a_mirror_keeps_the_outside_outside() -> None:
    facts = measure(read_3mf(one_object("-1 0 0 0 1 0 0 0 1 0 0 0")))
    assert facts.findings == ()
    assert facts.volume_mm3 == pytest.approx(1000 / 6)


def test_components_turn_first_and_then_move_with_their_item() -> None:
    resources = (
        f'<object id="1">{TETRA}</object><object id="2"><components>'
        '<component objectid="1"/>'
        '<component objectid="1" transform="2 0 0 0 2 0 0 0 2 100 0 0"/>'
        "</components></object>"
    )
    item = '<item objectid="2" transform="0 1 0 -1 0 0 0 0 1 0 0 5"/>'
    part = read_3mf(package(model(resources, item)))
    assert measure(part).volume_mm3 == pytest.approx(9 * 1000 / 6)
    assert part.vertices_mm.min(axis=0) == pytest.approx([-20, 0, 5])
    assert part.vertices_mm.max(axis=0) == pytest.approx([0, 120, 25])


@pytest.mark.parametrize("levels", [40, 5_000])
def test_a_tree_of_components_is_counted_before_it_grows(levels: int) -> None:
    doubling = "".join(
        f'<object id="{n}"><components><component objectid="{n - 1}"/>'
        f'<component objectid="{n - 1}"/></components></object>'
        for n in range(2, levels)
    )
    data = package(
        model(
            f'<object id="1">{TETRA}</object>{doubling}',
            f'<item objectid="{levels - 1}"/>',
        )
    )
    assert code_of(data, "x.3mf") == "3mf-too-many-instances"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (one_object("1 0 0 0 1 0 0 0 0 0 0 0"), "3mf-transform"),
        (one_object("1 0 0 0 1 0 0 0 nan 0 0 0"), "3mf-transform"),
        (one_object("1 0 0"), "3mf-transform"),
        (one_object(attributes='unit="parsec"'), "3mf-unit"),
        (one_object(attributes='xmlns:b="urn:beams" requiredextensions="b"'),
         "3mf-extension"),
        (package(model("", '<item objectid="1"/>')), "3mf-reference"),
        (package(model(f'<object id="1">{TETRA}</object>', "")), "no-faces"),
        (package(model(f'<object id="1">{TETRA}</object>' * 2, "")),
         "3mf-duplicate-id"),
        (package(f'<model xmlns="{CORE}"><build/></model>'), "3mf-element-missing"),
        (package("<!DOCTYPE model><model/>"), "xml-document-type"),
        (package("<a>" * 65 + "</a>" * 65), "xml-too-deep"),
        (package("<model>"), "xml-malformed"),
        (package(model("", ""), **{"../evil": "x"}), "zip-unsafe-name"),
        (package(model("", ""), **{"/evil": "x"}), "zip-unsafe-name"),
        (package(model("", ""), **{"3D/3DMODEL.model": "x"}), "zip-duplicate-name"),
        (package(model("", ""), zeros="0" * 3_000_000), "zip-bomb"),
        (package(model("", ""), **{str(n): "" for n in range(1000)}),
         "zip-too-many-entries"),
    ],
)  # fmt: skip
def test_a_3mf_that_breaks_a_rule_is_refused(data: bytes, code: str) -> None:
    assert code_of(data, "x.3mf") == code


def test_off_takes_polygons_comments_and_colours() -> None:
    data = (
        b"OFF # a pyramid\n5 5 0\n"
        b"0 0 0\n10 0 0 1 0 0\n10 10 0\n0 10 0\n5 5 9\n"
        b"4 3 2 1 0 255 0 0\n3 0 1 4\n3 1 2 4\n3 2 3 4\n3 3 0 4\n"
    )
    facts = measure(read_mesh(data, "pyramid.OFF"))
    assert facts.watertight
    assert facts.volume_mm3 == pytest.approx(300)


@pytest.mark.parametrize(
    "data",
    [b"OFF\n3 1 0\n0 0 0\n", b"OFF\n-1 0 0\n", b"OF\n", b"OFF\n0 1 0\n3 0 0\n", b"OFF",
     b"OFF\n1 1 0\n0 0 x\n3 0 0 0\n", b"OFF\n1 0 0\n0 0 0\n3 0 0 0\n",
     b"OFF\n1 1 0\n# no vertex\n# no face\n", b"OFF\n1 1 0\n0 0 0\n# no face\n",
     b"OFF\n0 0\n1\n", b"OFF\n4000000000 1 0\n0 0 0\n"],
)  # fmt: skip
def test_an_off_that_breaks_its_counts_is_refused(data: bytes) -> None:
    assert code_of(data, "x.off") == "off-malformed"


def test_obj_takes_quads_negative_indices_and_slashes() -> None:
    data = (
        b"mtllib ./paint.mtl\no part\n"
        b"v 0 0 0\nv 10 0 0 1 1 1\nv 10 10 0\nv 0 10 0\nvn 0 0 1\nv 5 5 9\n"
        b"f 4/1/1 3//1 2 1\nf -5 -4 -1\nf 2 3 5\nf 3 4 \\\n5\nf 4 1 5\n"
    )
    facts = measure(read_mesh(data, "a.b.obj"))
    assert facts.watertight
    assert facts.volume_mm3 == pytest.approx(300)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"v 0 0 0\nf 1 2 3\n", "index-out-of-range"),
        (b"v 0 0 0\nf 0 0 0\n", "index-out-of-range"),
        (b"v 0 0 0\nf 1 1\n", "obj-malformed"),
        (b"v 0 0\n", "obj-malformed"),
        (b"call secret.obj\n", "obj-malformed"),
        (b"mtllib /etc/passwd\n", "obj-outside-reference"),
        (b"mtllib a/../../x.mtl\n", "obj-outside-reference"),
        (b"v 0 0 0 " + b"x" * 5000, "obj-malformed"),
        (b"# nothing\n", "no-faces"),
    ],
)
def test_an_obj_that_breaks_a_rule_is_refused(data: bytes, code: str) -> None:
    assert code_of(data, "x.obj") == code


@pytest.mark.parametrize("kind", ["off", "obj"])
def test_triangles_of_text_formats_are_counted(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nearmade.geometry.text_formats.MAX_TRIANGLES", 1)
    data = {
        "off": b"OFF\n4 2 0\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n4 0 1 3 2\n3 0 1 2\n",
        "obj": b"v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nf 1 2 4 3\nf 1 2 3\n",
    }[kind]
    assert code_of(data, f"x.{kind}") == f"{kind}-too-many-faces"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "x.stl", "empty-file"),
        (b"PK\x03\x04", "x.stl", "format-mismatch"),
        (b"solid", "x.3mf", "format-mismatch"),
        (b"ISO-10303-21;", "x.step", "format-unsupported"),
        (b"ISO-10303-21;", "x.stl", "format-mismatch"),
        (b"solid", "x.stp", "format-mismatch"),
        (b"solid", "x.ply", "format-mismatch"),
        (b"glTF", "x.gltf", "format-mismatch"),
        (b"{}", "x.glb", "format-mismatch"),
        (b"\x1f\x8b", "x.amf", "format-mismatch"),
        (b"x", "x.igs", "format-unsupported"),
        (b"x", "stl", "format-unsupported"),
        (b"MZ\x90", "x.exe", "format-unsupported"),
    ],
)
def test_name_and_content_must_agree(data: bytes, name: str, code: str) -> None:
    assert code_of(data, name) == code


@pytest.mark.parametrize("side_mm", [0.001, 20_000.0])
def test_a_size_no_workshop_has_is_refused(side_mm: float) -> None:
    assert code_of(write_stl(cube(side_mm)), "x.stl") == "extent-out-of-range"


@settings(max_examples=150)
@given(
    st.sampled_from(["stl", "3mf", "obj", "off"]),
    st.binary(max_size=300),
    st.integers(0, 10_000),
    st.integers(0, 40),
)
def test_any_bytes_give_a_mesh_or_a_refusal(
    ending: str, junk: bytes, at: int, cut: int
) -> None:
    whole = {
        "stl": write_stl(tetrahedron()) if at % 2 else ASCII_TRIANGLE,
        "3mf": one_object(),
        "obj": b"v 0 0 0\nv 10 0 0\nv 0 10 0\nf 1 2 3\n",
        "off": b"OFF\n3 1 0\n0 0 0\n10 0 0\n0 10 0\n3 0 1 2\n",
    }[ending]
    place = at % len(whole)
    spoilt = whole[:place] + junk + whole[place + cut :]
    for data in (junk, spoilt):
        with suppress(InvalidInput):
            assert len(read_mesh(data, f"x.{ending}").faces)


@settings(max_examples=100)
@given(st.binary(max_size=80), st.integers(0, 10_000), st.integers(0, 40))
def test_any_model_part_gives_a_mesh_or_a_refusal(
    junk: bytes, at: int, cut: int
) -> None:
    whole = model(f'<object id="1">{TETRA}</object>', '<item objectid="1"/>')
    place = at % len(whole)
    text = whole[:place] + junk.decode("latin-1") + whole[place + cut :]
    with suppress(InvalidInput):
        assert len(read_mesh(package(text), "x.3mf").faces)


@given(st.tuples(*[st.integers(-1000, 1000)] * 3), st.randoms(use_true_random=False))
def test_the_canonical_name_survives_moving_and_shuffling(
    shift: tuple[int, int, int], chance: object
) -> None:
    part = together(cube(10), tetrahedron(3.5))
    order = list(range(len(part.faces)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    moved = Mesh(
        part.vertices_mm + np.array(shift), np.roll(part.faces[order], 1, axis=1)
    )
    assert canonical_hash(moved) == canonical_hash(part)
    assert canonical_hash(read_stl(write_stl(moved))) == canonical_hash(part)


def test_the_canonical_name_changes_with_the_shape() -> None:
    names = {
        canonical_hash(cube(10)),
        canonical_hash(cube(10.01)),
        canonical_hash(tetrahedron(10)),
        canonical_hash(Mesh(cube().vertices_mm, cube().faces[:, ::-1])),
    }
    assert len(names) == 4
