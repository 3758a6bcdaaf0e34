"""What a facility can do, as a submodel of the Asset Administration Shell.

One capability container for each machine and its process. The names and semantic ids
are those of the template; where it lets names be chosen (``EditIdShort``), ours begin
with the template's name.

References
----------
IDTA 02020, Submodel Template Capability Description 1.0 (CC BY 4.0).
IDTA 01001-3-0, Specification of the Asset Administration Shell, part 1, metamodel;
constraints AASd-002 (short names), AASd-120 and AASd-107 (lists).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from nearmade.facilities.facility import Facility, Machine
from nearmade.facilities.okw_links import process_url
from nearmade.vocabulary.processes import PROCESSES

_ELEMENT: Final = "https://admin-shell.io/idta/CapabilityDescription/{}/1/0"
#: The template gives elements of a property container ids of their own.
_PROPERTY: Final = "https://admin-shell.io/idta/CapabilityPropertyType/{}/1/0"
_RANGE: Final = "https://admin-shell.io/idta/CapabilityPropertyEnumType/Range/1/0"
_TEMPLATE: Final = (
    "https://admin-shell.io/idta/SubmodelTemplate/CapabilityDescription/1/0"
)
_ROLE: Final = (
    "https://admin-shell.io/idta/CapabilityDescription/CapabilityRoleQualifier/{}/1/0"
)

Json = dict[str, Any]


def capability_submodel(facility: Facility, address: str = "") -> Json:
    """Give the capabilities of a facility as an environment with one submodel.

    Parameters
    ----------
    facility
        Whose machines are told.
    address
        The facility's stable URL; without it a URN of its id stands.

    Returns
    -------
    The JSON of an AAS environment; a facility without machines has no submodel, for
    the template asks for one capability at least.
    """
    base = address or f"urn:nearmade:facility:{facility.id}"
    containers = [
        _container(facility, machine, base, name)
        for machine, name in _named(facility.machines)
    ]
    if not containers:
        return {"submodels": []}
    described = _collection("CapabilitySet", "CapabilitySet", containers)
    submodel = {
        "modelType": "Submodel",
        "idShort": "CapabilityDescription",
        "id": _submodel_id(base),
        "kind": "Instance",
        "semanticId": {
            "type": "ModelReference",
            "keys": [{"type": "Submodel", "value": _TEMPLATE}],
        },
        "displayName": [{"language": "en", "text": facility.name[:128] or facility.id}],
        "submodelElements": [described],
    }
    return {"submodels": [submodel]}


def _container(facility: Facility, machine: Machine, base: str, name: str) -> Json:
    process = PROCESSES.get(machine.process)
    title = process.title if process else machine.process
    capability: Json = {
        "modelType": "Capability",
        "idShort": "Capability",
        "semanticId": _external(_ELEMENT.format("Capability")),
        "qualifiers": [
            {
                "semanticId": _external(_ROLE.format(role)),
                "type": role,
                "valueType": "xs:string",
                "value": "1" if role == "Offered" else "0",
            }
            for role in ("Required", "Offered", "NotAssigned")
        ],
    }
    url = process_url(machine.process)
    if url:
        capability["supplementalSemanticIds"] = [_external(url)]
    elements = [
        capability,
        _comment("CapabilityComment", f"{title} on {machine.make_model}"),
    ]
    properties = list(_properties(facility, machine))
    elements.append(_collection("PropertySet", "PropertySet", properties))
    elements.append(_relations(machine, base, name))
    return _collection("CapabilityContainer", f"CapabilityContainer_{name}", elements)


def _properties(facility: Facility, machine: Machine) -> Iterator[Json]:
    """Tell what is known; what is unknown is left out, and is no limit."""
    for axis, side_mm in zip("XYZ", machine.build_volume_mm, strict=True):
        text = f"Extent of a part along {axis}. [mm]"
        if "build_volume_mm" not in machine.unsaid:
            yield _range(f"Part{axis}", text, 0.0, side_mm)
    if machine.layer_mm is not None:
        yield _range("LayerHeight", "Height of one layer. [mm]", *machine.layer_mm)
    if machine.nozzle_mm > 0:
        text = "Thickness of a wall; one line of the nozzle is the least. [mm]"
        yield _range("WallThickness", text, machine.nozzle_mm, None)
    for name, text, most_degc in (
        ("NozzleTemperature", "Temperature of the nozzle. [degC]", machine.nozzle_degc),
        ("BedTemperature", "Temperature of the bed. [degC]", machine.bed_degc),
        ("ChamberTemperature", "Temperature of the room. [degC]", machine.chamber_degc),
    ):
        if most_degc is not None:
            yield _range(name, text, None, most_degc)
    if machine.laser_w is not None:
        yield _range("LaserPower", "Optical power. [W]", None, machine.laser_w)
    if machine.tolerance_mm is not None:
        text = "Deviation held on either side of a dimension. [mm]"
        yield _range("Tolerance", text, machine.tolerance_mm, None)
    if machine.axes is not None:
        yield _single("Axes", "Axes that move together.", "xs:int", str(machine.axes))
    if machine.enclosed is not None:
        truth = "true" if machine.enclosed else "false"
        yield _single("Enclosed", "Walls keep the warmth.", "xs:boolean", truth)
    stocked = (one.material for one in facility.feedstocks if one.stock_g > 0)
    for name, text, words in (
        ("Materials", "Materials that the machine works.", machine.materials),
        ("Profiles", "Print profiles, one for each material.", machine.profiles),
        ("Stock", "Materials on the shelf of the facility.", stocked),
        (
            "Colours",
            "Colours on the shelf of the facility.",
            (one.colour for one in facility.feedstocks if one.stock_g > 0),
        ),
        (
            "Certifications",
            "Certifications of machine and facility.",
            (*machine.certifications, *facility.certifications),
        ),
    ):
        listed = list(dict.fromkeys(str(word) for word in words if word))
        if listed:
            yield _list(name, text, listed)


def _relations(machine: Machine, base: str, name: str) -> Json:
    """Say which machine realises the capability, and of what process it is a kind."""
    own = _model_reference(base, name)
    realised = {
        "modelType": "RelationshipElement",
        "idShort": "CapabilityRealizedBy",
        "semanticId": _external(_ELEMENT.format("CapabilityRealizedBy")),
        "first": own,
        "second": _external(f"{base}#machine={machine.id}"),
    }
    relations = [realised]
    process = PROCESSES.get(machine.process)
    parents = (process.parent, *process.also) if process else ()
    general = [
        {
            "modelType": "RelationshipElement",
            "idShort": f"CapabilityGeneralizedBy_{_short(parent)}",
            "semanticId": _external(_ELEMENT.format("CapabilityGeneralizedBy")),
            "first": own,
            "second": _external(
                process_url(parent) or f"urn:nearmade:process:{parent}"
            ),
        }
        for parent in parents
        if parent
    ]
    if general:
        relations.append(_collection("GeneralizedBySet", "GeneralizedBySet", general))
    return _collection("CapabilityRelations", "CapabilityRelations", relations)


def _range(name: str, text: str, least: float | None, most: float | None) -> Json:
    """Give one quantity between two bounds; an open bound is left out."""
    element: Json = {
        "modelType": "Range",
        "idShort": f"PropertyRange_{name}",
        "semanticId": _external(_RANGE),
        "valueType": "xs:double",
    }
    if least is not None:
        element["min"] = repr(float(least))
    if most is not None:
        element["max"] = repr(float(most))
    return _property(name, text, element)


def _single(name: str, text: str, value_type: str, value: str) -> Json:
    element = {
        "modelType": "Property",
        "idShort": f"PropertyProperty_{name}",
        "semanticId": _external(_PROPERTY.format("Property")),
        "valueType": value_type,
        "value": value,
    }
    return _property(name, text, element)


def _list(name: str, text: str, words: list[str]) -> Json:
    """Give a list; its entries have no names of their own (AASd-120)."""
    semantic = _external(_PROPERTY.format("Property"))
    entries = [
        {
            "modelType": "Property",
            "semanticId": semantic,
            "valueType": "xs:string",
            "value": word,
        }
        for word in words
    ]
    element = {
        "modelType": "SubmodelElementList",
        "idShort": f"PropertySubmodelList_{name}",
        "semanticId": _external(_PROPERTY.format("SubmodelElementList")),
        "orderRelevant": False,
        "semanticIdListElement": semantic,
        "typeValueListElement": "Property",
        "valueTypeListElement": "xs:string",
        "value": entries,
    }
    return _property(name, text, element)


def _property(name: str, text: str, element: Json) -> Json:
    inner = [element, _comment("PropertyComment", text)]
    return _collection("PropertyContainer", f"PropertyContainer_{name}", inner)


def _collection(kind: str, name: str, value: list[Json]) -> Json:
    return {
        "modelType": "SubmodelElementCollection",
        "idShort": name,
        "semanticId": _external(_ELEMENT.format(kind)),
        "value": value,
    }


def _comment(kind: str, text: str) -> Json:
    return {
        "modelType": "MultiLanguageProperty",
        "idShort": kind,
        "semanticId": _external(_ELEMENT.format(kind)),
        "value": [{"language": "en", "text": text}],
    }


def _external(value: str) -> Json:
    return {
        "type": "ExternalReference",
        "keys": [{"type": "GlobalReference", "value": value}],
    }


def _model_reference(base: str, name: str) -> Json:
    return {
        "type": "ModelReference",
        "keys": [
            {"type": "Submodel", "value": _submodel_id(base)},
            {"type": "SubmodelElementCollection", "value": "CapabilitySet"},
            {
                "type": "SubmodelElementCollection",
                "value": f"CapabilityContainer_{name}",
            },
            {"type": "Capability", "value": "Capability"},
        ],
    }


def _submodel_id(base: str) -> str:
    return f"{base}#capabilities"


def _named(machines: tuple[Machine, ...]) -> Iterator[tuple[Machine, str]]:
    """Give each machine a short name of its own in this submodel."""
    seen: set[str] = set()
    for machine in machines:
        wanted = _short(f"{machine.id.rpartition('/')[2]}_{machine.process}")
        name, count = wanted, 1
        while name in seen:
            count += 1
            name = f"{wanted}_{count}"
        seen.add(name)
        yield machine, name


def _short(text: str) -> str:
    """Write a text in the signs that a short name may have (AASd-002)."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:80] or "x"
