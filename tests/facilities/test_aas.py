"""Capabilities as a submodel of IDTA 02020, held to the published template."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings

from nearmade.adapters.network_file import load_network
from nearmade.facilities.aas import capability_submodel
from nearmade.facilities.facility import Facility
from nearmade.vocabulary.identity import MachineId
from tests.facilities.test_capability_record import facilities
from tests.shared_data import shared

DEMO = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"
SHORT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,127}")


def inner(element: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the elements inside an element."""
    held = element.get("submodelElements") or element.get("value") or []
    return [one for one in held if isinstance(one, dict) and "modelType" in one]


def semantic(element: dict[str, Any]) -> str:
    value = element["semanticId"]["keys"][0]["value"]
    assert isinstance(value, str)
    return value


def template_name(name: str) -> str:
    """Give the template's name of an element; after it ours may say more."""
    return name.partition("_")[0]


def walked(
    element: dict[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    here = (*path, template_name(element.get("idShort", "")))
    yield here, element
    for one in inner(element):
        yield from walked(one, here)


@cache
def template() -> dict[tuple[str, ...], dict[str, Any]]:
    """Give the template's elements by their path of names."""
    name = "IDTA_02020_Template_Capability_Description.json"
    (submodel,) = json.loads(shared("okh_okw", "aas", name).read_bytes())["submodels"]
    return dict(walked(submodel))


def cardinalities() -> Iterator[tuple[tuple[str, ...], str]]:
    for path, element in template().items():
        for one in element.get("qualifiers", []):
            if one["type"] == "SMT/Cardinality" and one["value"] != "Recursive":
                yield path, one["value"]


def well_equipped() -> Facility:
    """Give a facility of the demo, one machine of which is known in full."""
    facility = load_network(DEMO)[0]
    machine = replace(
        facility.machines[0],
        layer_mm=(0.05, 0.3),
        nozzle_degc=300.0,
        bed_degc=120.0,
        chamber_degc=60.0,
        enclosed=True,
        tolerance_mm=0.2,
        axes=3,
        materials=("PC",),
        certifications=("ISO 13485",),
    )
    return replace(
        facility,
        machines=(machine, *facility.machines[1:]),
        certifications=("ISO 9001",),
    )


def submodel_of(facility: Facility, address: str = "") -> dict[str, Any]:
    (submodel,) = capability_submodel(facility, address)["submodels"]
    assert isinstance(submodel, dict)
    return submodel


def check_against_template(submodel: dict[str, Any]) -> None:
    """Names, semantic ids, kinds and counts are those of the template."""
    known = template()
    for path, element in walked(submodel):
        if not path[-1]:  # Entries of a list have no names (AASd-120).
            assert "idShort" not in element
            listed = known[(*path[:-1], "PropertyProperty")]
            assert semantic(element) == semantic(listed)
            continue
        like = known[path]
        assert element["modelType"] == like["modelType"]
        assert semantic(element) == semantic(like)
        assert SHORT_NAME.fullmatch(element["idShort"])
        editable = any(q["type"] == "EditIdShort" for q in like.get("qualifiers", []))
        assert editable or element["idShort"] == like["idShort"]
        names = [one["idShort"] for one in inner(element) if "idShort" in one]
        assert len(names) == len(set(names))
    for path, count in cardinalities():
        for above, element in walked(submodel):
            if above == path[:-1]:
                found = sum(
                    template_name(one.get("idShort", "")) == path[-1]
                    for one in inner(element)
                )
                if count in ("One", "ZeroToOne"):
                    # Of the four kinds of constraint one is asked for; we have none.
                    assert found <= 1
                if count in ("One", "OneToMany"):
                    assert found >= 1, path


def test_the_submodel_has_the_structure_of_the_template() -> None:
    check_against_template(submodel_of(well_equipped()))


@settings(deadline=None)
@given(facilities())
def test_every_facility_gives_the_structure_of_the_template(facility: Facility) -> None:
    made = capability_submodel(facility)
    json.dumps(made, allow_nan=False)
    assert len(made["submodels"]) == bool(facility.machines)
    for submodel in made["submodels"]:
        check_against_template(submodel)


def test_the_whole_demo_gives_the_structure_of_the_template() -> None:
    for facility in load_network(DEMO):
        check_against_template(submodel_of(facility))


def containers(submodel: dict[str, Any]) -> list[dict[str, Any]]:
    (described,) = inner(submodel)
    return inner(described)


def properties(container: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Give the properties of a capability by their name."""
    (held,) = [one for one in inner(container) if one["idShort"] == "PropertySet"]
    return {one["idShort"].partition("_")[2]: inner(one)[0] for one in inner(held)}


def test_each_machine_has_a_container_with_its_figures() -> None:
    facility = well_equipped()
    found = containers(submodel_of(facility))
    assert len(found) == len(facility.machines)
    told = properties(found[0])
    figures = {
        name: (one.get("min"), one.get("max"))
        for name, one in told.items()
        if one["modelType"] == "Range"
    }
    assert figures == {
        "PartX": ("0.0", "250.0"),
        "PartY": ("0.0", "210.0"),
        "PartZ": ("0.0", "210.0"),
        "LayerHeight": ("0.05", "0.3"),
        "WallThickness": ("0.4", None),
        "NozzleTemperature": (None, "300.0"),
        "BedTemperature": (None, "120.0"),
        "ChamberTemperature": (None, "60.0"),
        "Tolerance": ("0.2", None),
    }
    words = {
        name: [one["value"] for one in inner(element)]
        for name, element in told.items()
        if element["modelType"] == "SubmodelElementList"
    }
    assert words["Materials"] == ["PC"]
    assert words["Certifications"] == ["ISO 13485", "ISO 9001"]
    assert "PLA" in words["Stock"]


def test_what_is_unknown_is_left_out() -> None:
    facility = load_network(DEMO)[0]
    bare = replace(facility.machines[0], layer_mm=None, nozzle_degc=None)
    told = properties(containers(submodel_of(replace(facility, machines=(bare,))))[0])
    assert "LayerHeight" not in told
    assert "NozzleTemperature" not in told


def test_the_machine_realises_and_the_parent_generalises() -> None:
    submodel = submodel_of(well_equipped(), "https://made.example/sites/a")
    assert submodel["id"] == "https://made.example/sites/a#capabilities"
    relations = next(
        one
        for one in inner(containers(submodel)[0])
        if one["idShort"] == "CapabilityRelations"
    )
    realised, general = inner(relations)
    assert realised["second"]["keys"][0]["value"] == (
        "https://made.example/sites/a#machine=nairobi-print-farm/mk3s-1"
    )
    # Who is named first is found by its path in this very submodel.
    keys = realised["first"]["keys"]
    assert keys[0] == {"type": "Submodel", "value": submodel["id"]}
    here = submodel
    for key in keys[1:]:
        here = next(one for one in inner(here) if one["idShort"] == key["value"])
        assert here["modelType"] == key["type"]
    (parent,) = inner(general)
    assert parent["idShort"] == "CapabilityGeneralizedBy_MATERIAL_EXTRUSION"


def test_machines_of_one_name_have_short_names_of_their_own() -> None:
    facility = load_network(DEMO)[0]
    ids = ("a/x-1", "b/x-1", "c/x_1")
    machines = tuple(
        replace(facility.machines[0], id=MachineId(one), nozzle_mm=0.0) for one in ids
    )
    found = containers(submodel_of(replace(facility, machines=machines)))
    names = [one["idShort"].partition("_")[2] for one in found]
    assert names == ["x_1_FDM", "x_1_FDM_2", "x_1_FDM_3"]
    assert "WallThickness" not in properties(found[0])


def test_a_facility_without_machines_has_no_submodel() -> None:
    facility = replace(load_network(DEMO)[0], machines=())
    assert capability_submodel(facility) == {"submodels": []}
