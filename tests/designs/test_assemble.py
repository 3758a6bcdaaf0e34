"""A design put together from its four files."""

from __future__ import annotations

import pytest

from nearmade.designs.assemble import design_from
from nearmade.designs.design import BomLine, Design
from nearmade.designs.manifest import read_okh
from nearmade.vocabulary.errors import InvalidInput

MANIFEST = """
okhv = "2.4"
name = "Box"
repo = "https://example.org/box"
version = "1.0.0"
license = "CC0-1.0"
licensor = "The Nearmade authors"
function = "Holds small things."

[nearmade]
id = "box"
summary = "A box with a lid."
purpose = "home"
assembly-minutes = 1
commercial-price-usd = 4.5

[[part]]
name = "Body"
source = "box.scad"
tsdc = "3DP"
infill = 15
supports = true
[part.nearmade]
part = "body"
title = "The body"
quantity = 2
materials = ["PLA", "PETG"]

[[part]]
name = "lid"
source = "box.scad"
material = "TPU"
"""
SOURCE = 'w = 5; // [1:9]\n/* [Hidden] */\npart = "body";\n'
PRESETS = '{"parameterSets": {"wide": {"w": "9"}}}'
BOM = """name,quantity,unit,kind,price_usd,mass_g,note
Body,2,pcs,made,,,
"hinge, steel",2,,bought,0.1,1.5,any
glue,5,min,work,,,wait
"""


def built(
    manifest: str = MANIFEST,
    source: str = SOURCE,
    presets: str = PRESETS,
    bom: str = BOM,
) -> Design:
    return design_from(read_okh(manifest), source, presets, bom)


def test_a_design_says_what_its_files_say() -> None:
    design = built()
    assert (design.id, design.version, design.title) == ("box", "1.0.0", "Box")
    assert (design.main, design.purpose, design.licence) == (
        "box.scad",
        "home",
        "CC0-1.0",
    )
    assert (design.assembly_minutes, design.commercial_price_usd) == (1.0, 4.5)
    assert design.presets == {"wide": {"w": 9.0}}
    body, lid = design.parts
    assert (body.name, body.title, body.quantity) == ("body", "The body", 2)
    assert (body.materials, body.infill_fraction) == (("PLA", "PETG"), 0.15)
    assert (body.supports, lid.supports) == (True, False)
    # What a part does not say comes from its OKH keys, then from custom.
    assert (lid.name, lid.title, lid.quantity, lid.tsdc) == ("lid", "lid", 1, "3DP")
    assert (lid.materials, lid.infill_fraction) == (("TPU",), 0.2)


def test_the_bill_of_materials_holds_what_no_machine_makes() -> None:
    assert built().bom == (
        BomLine("hinge, steel", 2.0, "pcs", "bought", 0.1, 1.5, "any"),
        BomLine("glue", 5.0, "min", "work", None, 0.0, "wait"),
    )


def test_presets_and_bill_may_be_absent() -> None:
    design = built(presets=" ", bom="")
    assert (design.presets, design.bom) == ({}, ())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "box"', "", "names no nearmade.id"),
        ('id = "box"', 'id = "Box 1"', "must be short kebab-case"),
        ('summary = "A box with a lid."', "", "names no nearmade.summary"),
        ('version = "1.0.0"', "", "manifest names no version"),
        ("assembly-minutes = 1", "assembly-minutes = -1", "zero or more"),
        ("= 4.5", '= "4.5"', "zero or more"),
        ("= 4.5", "= nan", "zero or more"),
        ("= 4.5", "= true", "zero or more"),
        ("quantity = 2", "quantity = 0", "quantity 0 must be 1 or more"),
        ("quantity = 2", "quantity = true", "must be 1 or more"),
        ('part = "body"', 'part = "assembly"', "needs [part.nearmade] part"),
        ('part = "body"', 'part = "../up"', "needs [part.nearmade] part"),
        ('part = "body"', 'part = "lid"', "part 'lid' stands twice"),
        ('material = "TPU"', "", "part lid: names no material"),
        ('["PLA", "PETG"]', "[1]", "part body: names no material"),
        ("infill = 15", "infill = 150", "must be 0 to 100"),
    ],
)
def test_a_manifest_that_breaks_a_rule_is_refused(
    old: str, new: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        built(manifest=MANIFEST.replace(old, new))
    assert words in caught.value.message
    assert caught.value.code == "design"


def test_a_manifest_without_parts_is_refused() -> None:
    with pytest.raises(InvalidInput, match="names no \\[\\[part\\]\\]"):
        built(manifest=MANIFEST.partition("[[part]]")[0])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("x,1,pcs,lent,,,", "line 2: kind 'lent' must be made, bought or work"),
        (",1,pcs,bought,,,", "name is missing"),
        ("x,0,pcs,bought,,,", "quantity '0'"),
        ("x,many,pcs,bought,,,", "quantity 'many'"),
        ("x,inf,pcs,bought,,,", "quantity 'inf'"),
        ("x,1,pcs,bought,-1,,", "price_usd '-1'"),
        ("x,1,pcs,bought,1,nan,", "mass_g 'nan'"),
        ("x,1", "kind ''"),
        ('"x,1,pcs', "is not CSV"),
        ("x,1,pcs,bought,,,\n" * 1001, "too many"),
    ],
)
def test_a_bill_of_materials_that_breaks_a_rule_is_refused(
    row: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        built(bom=f"{BOM.splitlines()[0]}\n{row}\n")
    assert words in caught.value.message


def test_hand_work_may_name_what_a_site_must_offer() -> None:
    header = f"{BOM.splitlines()[0]},service"
    rows = "wire it,5,min,work,,,,soft soldering\nsand it,5,min,work,,,,SANDING\n"
    services = [line.service for line in built(bom=f"{header}\n{rows}").bom]
    assert services == ["SOLDERING", "SANDING"]
    for row, words in (
        ("pray,5,min,work,,,,praying", "process 'praying'"),
        ("screw,1,pcs,bought,,,,ASSEMBLY", "stands on a line that is no work"),
    ):
        with pytest.raises(InvalidInput, match=words):
            built(bom=f"{header}\n{row}\n")


def test_a_price_of_nothing_is_a_price() -> None:
    header = BOM.splitlines()[0]
    (line,) = built(bom=f"{header}\nsand,1,kg,bought,0,1000,\n").bom
    assert line.price_usd == 0.0


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("w = 5;", "has no variable part"),
        ('w = 5;\npart = "body";', "shows part to customers"),
    ],
)
def test_the_source_must_choose_its_part_in_secret(source: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        built(source=source, presets="")


def test_all_problems_come_in_one_message() -> None:
    with pytest.raises(InvalidInput) as caught:
        built(manifest="", source="", presets="{", bom="name\nx")
    for words in ("id", "licensor", "no variable part", "not JSON", "kind", "[[part]]"):
        assert words in caught.value.message
