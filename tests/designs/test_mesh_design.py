"""Designs whose parts are mesh files: what is read of a manifest, what is left open."""

from __future__ import annotations

import pytest

from nearmade.designs.manifest import read_okh
from nearmade.designs.mesh_design import (
    NO_LICENCE,
    MeshDesign,
    mesh_design,
    mesh_of,
    slug,
    v1_mesh_design,
)
from nearmade.vocabulary.errors import InvalidInput


def is_stl(path: str) -> bool:
    return path.endswith((".stl", ".step"))


def read(text: str, bom: str = "") -> MeshDesign:
    return mesh_design(read_okh(text), is_stl, folder="shelf", bom_csv=bom)


def test_a_part_says_how_of_what_and_how_full_it_is_made() -> None:
    (ring,) = read(
        'name = "Clamp"\nlicense = "CC0-1.0"\n[[part]]\nname = "Clamp Ring"\n'
        'tsdc = "3DP"\nprinting-process = "SLS"\nmaterial = "PA12"\ninfill = 35\n'
        'export = ["ring.pdf", " ring.stl "]\n'
    ).parts
    assert (ring.path, ring.says_infill) == ("ring.stl", True)
    assert (ring.part.name, ring.part.title) == ("clamp-ring", "Clamp Ring")
    assert (ring.part.tsdc, ring.part.materials) == ("SLS", ("PA12",))
    assert ring.part.infill_fraction == pytest.approx(0.35)


def test_what_is_not_said_stays_open() -> None:
    found = read('[[part]]\nexport = "ring.stl"\ninfill = 250\n')
    (ring,) = found.parts
    assert found.notes == ("ring: infill 250 is no share from 0 to 100 percent",)
    assert (ring.part.tsdc, ring.part.materials) == ("", ())
    assert (ring.part.title, ring.says_infill) == ("ring", False)
    assert (found.design.title, found.design.id) == ("shelf", "shelf")
    assert found.design.licence == NO_LICENCE


@pytest.mark.parametrize(
    ("part", "process"),
    [
        ('tsdc = "CNC"', "CNC"),
        ('tsdc = ["COT", "CNC"]', "CNC"),  # either bought or made
        ('tsdc = "3DP"\nprinting-process = "wishing"', "3DP"),
        ('tsdc = "3DP"', "3DP"),
        ('tsdc = "LAS"\nprinting-process = "FDM"', "LAS"),
        ("tsdc = 3", ""),
    ],
)
def test_the_first_way_that_is_not_buying_counts(part: str, process: str) -> None:
    (found,) = read(f'[[part]]\nname = "x"\nexport = "x.stl"\n{part}\n').parts
    assert found.part.tsdc == process


def test_what_is_only_bought_is_no_part() -> None:
    found = read(
        '[[part]]\nname = "x"\nexport = "x.stl"\n'
        '[[part]]\nname = "Screw"\ntsdc = ["STD", "COT"]\n'
    )
    assert [each.part.name for each in found.parts] == ["x"]
    assert [line.name for line in found.design.bom] == ["Screw"]


def test_names_that_stand_twice_are_numbered() -> None:
    found = read('[[part]]\nname = "Lid"\nexport="a.stl"\n' * 2)
    assert [each.part.name for each in found.parts] == ["lid", "lid-2"]
    assert slug("Ü!") == "part"


def test_a_manifest_without_parts_has_one_for_each_mesh_that_it_names() -> None:
    one = read('name = "Hook"\ntsdc = "3DP"\nexport = ["h.step", "h.stl", "h.pdf"]\n')
    assert [(p.part.title, p.path) for p in one.parts] == [("Hook", "h.step")]
    assert one.parts[0].part.tsdc == "3DP"
    two = read('name = "Hook"\nexport = ["a.stl", "b.stl", "c/b.stl"]\n')
    assert [p.part.title for p in two.parts] == ["a", "b", "b"]
    assert [p.part.name for p in two.parts] == ["a", "b", "b-2"]


def test_a_part_without_a_mesh_is_kept_without_a_file() -> None:
    (found,) = read('[[part]]\nname = "Board"\nexport = "b.dxf"\n').parts
    assert found.path == ""


def test_a_bill_of_materials_of_another_layout_is_left_out_and_told() -> None:
    plain = 'name = "x"\nbom = "b.csv"\nexport = "x.stl"\n'
    ours = read(plain, "name,quantity,unit,kind\nscrew,2,pcs,bought\n")
    assert [line.name for line in ours.design.bom] == ["screw"]
    assert ours.notes == ()
    other = read(plain, "Item;Count\nscrew;2\n")
    assert other.design.bom == ()
    assert "the bill of materials b.csv was left out" in other.notes[0]


@pytest.mark.parametrize(("minutes", "taken"), [("12", 12.0), ("-1", 0.0), ("true", 0)])
def test_minutes_of_assembly_are_a_number_or_nothing(
    minutes: str, taken: float
) -> None:
    text = f'export = "x.stl"\n[nearmade]\nassembly-minutes = {minutes}\n'
    assert read(text).design.assembly_minutes == taken


def test_a_manifest_that_names_nothing_to_make_is_refused() -> None:
    with pytest.raises(InvalidInput, match="names no part and no mesh file"):
        read('name = "Bare"\n')


V1 = {
    "title": "Clamp",
    "version": 1.0,
    "license": {"documentation": "CC-BY-4.0"},
    "manufacturing-files": [{"path": "a.stl", "title": "Ring"}, "b.stl", 7, None],
    "design-files": [{"path": "c.stl"}],
}


def test_files_for_manufacturing_are_the_parts_of_okh_1() -> None:
    found = v1_mesh_design(V1, is_stl, folder="x")
    assert [(p.part.title, p.path) for p in found.parts] == [
        ("Ring", "a.stl"),
        ("b", "b.stl"),
    ]
    assert (found.design.version, found.design.licence) == ("1.0", "CC-BY-4.0")


def test_the_files_of_the_design_serve_where_none_is_for_manufacturing() -> None:
    tree = {**V1, "manufacturing-files": "a.stl", "license": "CC0-1.0", "title": None}
    found = v1_mesh_design(tree, is_stl, folder="x")
    assert [p.path for p in found.parts] == ["c.stl"]
    assert (found.design.title, found.design.licence) == ("x", NO_LICENCE)


def test_okh_1_without_a_mesh_is_told_what_to_do() -> None:
    with pytest.raises(InvalidInput, match="knows no parts") as refused:
        v1_mesh_design({"title": "Clamp"}, is_stl, folder="x")
    assert "nearmade okh convert" in refused.value.remedy


@pytest.mark.parametrize("quantity", ["0", "-4", "2.5", '"two"', "true"])
def test_a_quantity_that_is_none_is_told_and_taken_for_one(quantity: str) -> None:
    found = read(
        '[[part]]\nname = "x"\nexport = "x.stl"\n'
        f"[part.nearmade]\nquantity = {quantity}\n"
    )
    assert found.parts[0].part.quantity == 1
    assert "is no number of parts: 1 was taken" in found.notes[0]


def test_the_first_mesh_under_some_keys_is_found() -> None:
    raw = {"source": ["a.FCStd", " b.stl"], "export": "c.stl"}
    assert mesh_of(raw, is_stl, "source", "export") == "b.stl"
    assert mesh_of(raw, is_stl, "auxiliary") == ""


def test_materials_of_our_own_table_go_before_the_one_of_okh() -> None:
    (found,) = read(
        '[[part]]\nname = "x"\nexport = "x.stl"\nmaterial = "ABS"\n'
        '[part.nearmade]\nmaterials = ["PLA", "PETG"]\n'
    ).parts
    assert found.part.materials == ("PLA", "PETG")
