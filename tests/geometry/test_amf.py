"""AMF: objects, volumes and constellations, plain or zipped."""

from __future__ import annotations

import io
import zipfile

import pytest

from nearmade.geometry.amf import read_amf
from nearmade.geometry.formats import read_file
from nearmade.geometry.measure import measure
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.test_formats import code_of

POINTS = [(0, 0, 0), (10, 0, 0), (0, 10, 0), (0, 0, 10)]
FACES = [(0, 2, 1), (0, 3, 2), (0, 1, 3), (1, 2, 3)]
VERTICES = "".join(
    f"<vertex><coordinates><x>{x}</x> <y> {y}\n</y><z>{z}</z></coordinates></vertex>"
    for x, y, z in POINTS
)
TRIANGLES = "".join(
    f"<triangle><v1>{a}</v1><v2>{b}</v2><v3>{c}</v3></triangle>" for a, b, c in FACES
)


def tetra(name: str = "1", *, volume: str = "<volume>", extra: str = "") -> str:
    """An object whose volume is 1000 / 6 mm3."""
    return (
        f'<object id="{name}"><mesh><vertices>{VERTICES}</vertices>'
        f"{volume}{TRIANGLES}</volume>{extra}</mesh></object>"
    )


def amf(body: str, attributes: str = 'unit="millimeter"') -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}<amf {attributes}>{body}</amf>".encode()


def zipped(*names: str, data: bytes = b"") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, data or amf(tetra()))
    return packed.getvalue()


def constellation(name: str, *instances: str) -> str:
    return f'<constellation id="{name}">{"".join(instances)}</constellation>'


def instance(refers: str, inside: str = "") -> str:
    return f'<instance objectid="{refers}">{inside}</instance>'


@pytest.mark.parametrize(
    "data",
    [
        amf(tetra()),
        zipped("part.amf"),
        zipped("whatever"),
        zipped("a.txt", "part.AMF"),
        amf(tetra(), 'xmlns="http://example.org/amf"'),
        amf(tetra() + "<metadata>x</metadata>"),
    ],
)
def test_a_tetrahedron_is_read_plain_and_zipped(data: bytes) -> None:
    reading = read_file(data, "part.amf")
    assert measure(reading.mesh).volume_mm3 == pytest.approx(1000 / 6)
    assert measure(reading.mesh).watertight
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("unit", "side_mm"),
    [("millimeter", 10), ("Inch", 254), ("feet", 3048), ("meter", 10_000),
     ("micron", 0.01), ("micrometer", 0.01)],
)  # fmt: skip
def test_units_become_millimetres(unit: str, side_mm: float) -> None:
    mesh = read_amf(amf(tetra(), f'unit="{unit}"')).mesh
    assert measure(mesh).extents_mm == pytest.approx((side_mm,) * 3)


def test_objects_that_no_constellation_names_stand_where_they_were_drawn() -> None:
    placed = constellation("3", instance("2", "<deltax>50</deltax>"))
    mesh = read_amf(amf(tetra("1") + tetra("2") + placed)).mesh
    assert measure(mesh).bodies == 2
    assert mesh.vertices_mm[:, 0].max() == 60


def test_an_instance_turns_about_x_then_y_then_z_and_then_moves() -> None:
    # (0, 10, 0) -rx 90-> (0, 0, 10) -ry 90-> (10, 0, 0) -rz 90-> (0, 10, 0)
    # (0, 0, 10) -> (0, -10, 0) -> (0, -10, 0) -> (10, 0, 0)
    # (10, 0, 0) -> (10, 0, 0) -> (0, 0, -10) -> (0, 0, -10)
    turn = "<rx>90</rx><ry>90</ry><rz>450</rz><deltaz>3</deltaz>"
    mesh = read_amf(amf(tetra() + constellation("c", instance("1", turn)))).mesh
    assert mesh.vertices_mm.min(axis=0) == pytest.approx([0, 0, -7])
    assert mesh.vertices_mm.max(axis=0) == pytest.approx([10, 10, 3])
    assert measure(mesh).findings == ()


def test_scales_mirrors_and_what_is_not_printed_are_heeded() -> None:
    one = (
        "<scale>2</scale><scalex>3</scalex><mirrorz>1</mirrorz><printable>1</printable>"
    )
    other = instance("1", "<printable>0</printable>")
    placed = constellation("c", instance("1", one), other)
    facts = measure(read_amf(amf(tetra() + placed)).mesh)
    assert facts.bodies == 1
    assert facts.volume_mm3 == pytest.approx(24 * 1000 / 6)
    assert facts.findings == ()


def test_constellations_may_name_constellations() -> None:
    pair = constellation("p", instance("1"), instance("1", "<deltay>20</deltay>"))
    four = constellation("q", instance("p"), instance("p", "<deltax>20</deltax>"))
    mesh = read_amf(amf(four + tetra() + pair)).mesh
    assert measure(mesh).bodies == 4
    assert measure(mesh).extents_mm == pytest.approx((30, 30, 10))


def test_volumes_stay_surfaces_of_their_own() -> None:
    # Two volumes on the same corners would share every edge four times over.
    second = f"<volume>{TRIANGLES}</volume>"
    facts = measure(read_amf(amf(tetra(extra=second))).mesh)
    assert facts.watertight
    assert facts.bodies == 2


@pytest.mark.parametrize(
    "volume",
    [
        '<volume type="support">',
        '<volume><metadata type="slic3r.modifier">1</metadata>',
        '<volume><metadata type="slic3r.volume_type">ParameterModifier</metadata>',
    ],
)
def test_support_and_modifiers_are_no_material(volume: str) -> None:
    reading = read_amf(amf(tetra("1") + tetra("2", volume=volume)))
    assert measure(reading.mesh).bodies == 1
    told = {one.code for one in reading.findings}
    assert told == (set() if "support" in volume else {"helpers-left-out"})


@pytest.mark.parametrize(
    "volume",
    [
        '<volume><metadata type="name">left</metadata>',
        '<volume><metadata type="slic3r.modifier">0</metadata>',
        '<volume><metadata type="slic3r.volume_type">ModelPart</metadata>',
        '<volume materialid="1" type="object"><color><r>1</r></color>',
    ],
)
def test_other_volumes_are_material(volume: str) -> None:
    assert len(read_amf(amf(tetra(volume=volume))).mesh.faces) == 4


def test_materials_and_curves_are_told() -> None:
    bent = VERTICES.replace(
        "</coordinates>", "</coordinates><normal><nx>1</nx></normal>"
    )
    body = tetra().replace(VERTICES, bent) + '<material id="5"><color/></material>'
    codes = [one.code for one in read_amf(amf(body)).findings]
    assert codes == ["materials-left-out", "curves-read-flat"]


def doubling(levels: int) -> str:
    """Constellations that each hold the one before twice."""
    return "".join(
        constellation(f"c{n}", *[instance(f"c{n - 1}" if n else "1")] * 2)
        for n in range(levels)
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (amf(tetra(), 'unit="parsec"'), "amf-unit"),
        (amf(tetra() * 2), "amf-duplicate-id"),
        (amf(tetra() + constellation("1", instance("1"))), "amf-duplicate-id"),
        (amf(tetra() + constellation("c", instance("9"))), "amf-reference"),
        (amf(tetra() + constellation("c", instance("c"))), "amf-cycle"),
        (amf(tetra() + constellation("c", instance("d"))
             + constellation("d", instance("1"), instance("c"))), "amf-cycle"),
        (amf(tetra() + doubling(40)), "amf-too-many-instances"),
        (amf(tetra() + "".join(constellation(f"c{n}", instance(f"c{n + 1}"))
             for n in range(99)) + constellation("c99", instance("1"))),
         "amf-too-deep"),
        (amf(tetra(volume='<volume type="void">')), "amf-volume-type"),
        (amf(tetra(volume='<volume><metadata type="slic3r.volume_type">NegativeVolume'
                   "</metadata>")), "amf-volume-type"),
        (amf(tetra() + constellation("c", instance("1", "<scale>0</scale>"))),
         "amf-transform"),
        (amf(tetra() + constellation("c", instance("1", "<rx>nan</rx>"))),
         "amf-transform"),
        (amf(tetra() + constellation("c", instance("1", "<deltax>1e300</deltax>"))),
         "amf-transform"),
        (amf(tetra() + constellation("c", instance("1", "<shear>2</shear>"))),
         "amf-malformed"),
        (amf(tetra() + constellation("c", instance("1", "<rx>ninety</rx>"))),
         "amf-malformed"),
        (amf(tetra().replace("<x>10</x>", "<x>ten</x>")), "amf-malformed"),
        (amf(tetra().replace("<x>10</x>", "<x>1_0</x>")), "amf-malformed"),
        (amf(tetra().replace("<x>10</x>", "")), "amf-malformed"),
        (amf(tetra().replace("<x>10</x>", "<x>inf</x>")), "not-finite"),
        (amf(tetra().replace("<v2>3</v2>", "<v2>4</v2>")), "index-out-of-range"),
        (amf(tetra().replace("<v2>3</v2>", "<v2>-1</v2>")), "amf-malformed"),
        (amf(tetra().replace("<v2>3</v2>", f"<v2>{9**30}</v2>")), "amf-malformed"),
        (amf(tetra().replace("<v2>3</v2>", "<v2>3e0</v2>")), "amf-malformed"),
        (b"<a/>", "amf-malformed"),
        (amf(""), "no-faces"),
        (amf(VERTICES + TRIANGLES), "no-faces"),
        (amf(f"<mesh><volume>{TRIANGLES}</volume></mesh>"), "no-faces"),
        (amf(f"<a>{constellation('c', instance('1'))}</a>"), "no-faces"),
        (amf(tetra().replace("<x>10</x>", f"<x>{'1' * 2000}</x>")), "amf-malformed"),
        (amf(tetra())[:-20], "xml-malformed"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><amf>&b;</amf>', "xml-document-type"),
        (amf("<x>" * 70 + "</x>" * 70), "xml-too-deep"),
        (zipped(), "amf-file-count"),
        (zipped("a.amf", "b.amf"), "amf-file-count"),
        (zipped("a.txt", "b.txt"), "amf-file-count"),
        (zipped("../a.amf"), "zip-unsafe-name"),
        (zipped("a.amf", data=b" " * 3_000_000), "zip-bomb"),
        (zipped("a.amf")[:-5], "zip-broken"),
    ],
)  # fmt: skip
def test_an_amf_that_breaks_a_rule_is_refused(data: bytes, code: str) -> None:
    assert code_of(data, "x.amf") == code


def test_objects_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nearmade.geometry.amf_document.MAX_OBJECTS", 1)
    assert code_of(amf(tetra("1") + tetra("2")), "x.amf") == "amf-malformed"


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        ("<x>ten</x>", "AMF: a <coordinates> holds 'ten', which is no number"),
        ("<x>1_0</x>", "AMF: a <coordinates> holds '1_0', which is no number"),
        ("", "AMF: a <coordinates> lacks 'x'"),
    ],
)
def test_what_is_wrong_with_a_corner_is_told_in_words(instead: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_amf(amf(tetra().replace("<x>10</x>", instead)))
    assert refusal.value.message == told
