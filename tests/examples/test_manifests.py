"""What the starter designs say about themselves is true of their files."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from license_expression import get_spdx_licensing

ROOT = Path(__file__).resolve().parents[2]
DESIGNS = sorted(path.parent for path in ROOT.glob("examples/designs/*/okh.toml"))
PURPOSES = {"health", "water", "kitchen", "energy", "learning", "home", "garden"}
LICENCES = {"CC0-1.0", "CC-BY-SA-4.0", "CERN-OHL-W-2.0"}
PLASTICS = {"PLA", "PETG", "ABS", "TPU"}
COLUMNS = ["name", "quantity", "unit", "kind", "price_usd", "mass_g", "note"]

every_design = pytest.mark.parametrize("design", DESIGNS, ids=lambda path: path.name)


def manifest_of(design: Path) -> dict[str, Any]:
    return tomllib.loads((design / "okh.toml").read_text(encoding="utf-8"))


def source_of(design: Path) -> str:
    return (design / f"{design.name}.scad").read_text(encoding="utf-8")


def widgets(source: str) -> dict[str, tuple[str, str, str]]:
    """Literal, trailing comment and description of each parameter a customer sees."""
    shown = source.split("/* [Hidden] */")[0]
    pattern = r"^// (.+)\n(\w+) = (.+?); *// *(.+)$"
    found = re.findall(pattern, shown, re.MULTILINE)
    return {name: (literal, widget, said) for said, name, literal, widget in found}


def allows(widget: str, literal: str, value: str) -> bool:
    """Whether a preset's value lies in the range, the list or the length given."""
    if literal.startswith('"') and widget.isdigit():
        return len(value) <= int(widget)
    entries = widget.strip("[]")
    if literal.startswith('"'):
        return value in [entry.split(":")[0].strip() for entry in entries.split(",")]
    limits = [float(limit) for limit in entries.split(":")]
    return limits[0] <= float(value) <= limits[-1]


@every_design
def test_manifest_names_everything_a_maker_needs(design: Path) -> None:
    manifest = manifest_of(design)
    for key in ("okhv", "name", "version", "licensor", "function", "timestamp"):
        assert manifest[key].strip()
    assert manifest["repo"] == f"https://example.org/nearmade/examples/{design.name}"
    for key in ("readme", "manufacturing-instructions", "bom"):
        assert (design / manifest[key]).is_file()
    extra = manifest["nearmade"]
    assert extra["id"] == design.name
    assert extra["purpose"] in PURPOSES
    assert (design / extra["main"]).is_file()
    assert (design / extra["presets"]).is_file()
    assert extra["summary"].endswith(".")
    assert extra["assembly-minutes"] > 0
    if "commercial-price-usd" in extra:
        assert "assumption" in extra["commercial-price-basis"]


@every_design
def test_licence_is_an_open_spdx_licence_and_the_source_agrees(design: Path) -> None:
    licence = manifest_of(design)["license"]
    checked = get_spdx_licensing().validate(licence)
    assert not checked.errors
    assert licence in LICENCES
    assert f"SPDX-License-Identifier: {licence}\n" in source_of(design)


@every_design
def test_parts_of_the_manifest_are_the_parts_of_the_source(design: Path) -> None:
    parts = manifest_of(design)["part"]
    names = [part["nearmade"]["part"] for part in parts]
    listed = re.search(
        r"^part = \"(\w+)\"; // \[(.+)\]$", source_of(design), re.MULTILINE
    )
    assert listed is not None
    assert listed[2].split(", ") == [*names, "assembly"]
    assert listed[1] == names[0]
    for part in parts:
        assert part["material"] == part["nearmade"]["materials"][0]
        assert set(part["nearmade"]["materials"]) <= PLASTICS
        assert part["mass"] > 0
        assert max(part["outer-dimensions"].values()) <= 175


@every_design
def test_made_lines_of_the_bill_are_the_parts(design: Path) -> None:
    with (design / "bom.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        lines = list(reader)
    assert reader.fieldnames in (COLUMNS, [*COLUMNS, "service"])
    assert {line["kind"] for line in lines} <= {"made", "bought", "work"}
    made = {
        line["name"]: (int(line["quantity"]), float(line["mass_g"]))
        for line in lines
        if line["kind"] == "made"
    }
    assert made == {
        part["nearmade"]["part"]: (part["nearmade"]["quantity"], part["mass"])
        for part in manifest_of(design)["part"]
    }
    for line in lines:
        assert float(line["quantity"]) > 0
        assert (line["price_usd"] != "") == (line["kind"] == "bought")


@every_design
def test_every_parameter_has_a_section_a_description_and_a_range(design: Path) -> None:
    shown = source_of(design).split("/* [Hidden] */")[0]
    assigned = re.findall(r"^(\w+) =", shown, re.MULTILINE)
    assert assigned == list(widgets(source_of(design)))
    assert "{" not in shown
    first = shown.index(f"\n{assigned[0]} =")
    assert "/* [" in shown[:first]
    numbers = [one for one, w in widgets(source_of(design)).items() if w[0][0] != '"']
    assert 1 <= len(numbers) <= 7


@every_design
def test_initial_values_and_presets_lie_in_their_ranges(design: Path) -> None:
    parameters = widgets(source_of(design))
    tree = json.loads((design / "presets.json").read_text(encoding="utf-8"))
    assert tree["fileFormatVersion"] == "1"
    presets = tree["parameterSets"]
    assert 2 <= len(presets) <= 4
    assert manifest_of(design)["nearmade"]["image-preset"] in presets
    for literal, widget, _ in parameters.values():
        assert allows(widget, literal, literal.strip('"'))
    for values in presets.values():
        assert set(values) == set(parameters)
        for name, value in values.items():
            literal, widget, _ = parameters[name]
            assert allows(widget, literal, value), f"{name} = {value}"


def test_spectacles_weigh_what_spectacles_weigh() -> None:
    parts = manifest_of(ROOT / "examples/designs/spectacles")["part"]
    mass_g = sum(part["mass"] * part["nearmade"]["quantity"] for part in parts)
    assert 10 <= mass_g <= 20
