"""Our records and OKW's class model: the same facility in conforming words, and back.

Our record (``facilities.record``) writes the box of a machine as axis travel and a
nozzle of 0.4 mm as it is. OKW counts both in whole millimetres and knows no box, so
here the box stands as three extents and the nozzle in tenths of a millimetre, in our
namespace; OKW's own fields hold what is true in whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final

from nearmade.facilities.facility import Facility
from nearmade.facilities.okw_class_model import canonical
from nearmade.facilities.okw_fields import CLASSES
from nearmade.facilities.okw_links import (
    MATERIAL_TYPES,
    process_meant,
    process_url,
)
from nearmade.facilities.record import facility_record
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.materials import find_material

AXES: Final = "xyz"
#: No machine has a figure beyond this; NaN and infinity are beyond it too.
MOST: Final = 1e12


def okw_from_facility(facility: Facility) -> dict[str, Any]:
    """Write a facility in the class model; ``record_from_okw`` gives its record."""
    return okw_from_record(facility_record(facility))


def okw_from_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Write one of our records in the class model; other keys are kept.

    Parameters
    ----------
    record
        As ``facilities.record`` reads it.
    """
    made = dict(record)
    equipment = record.get("equipment")
    if isinstance(equipment, list):
        made["equipment"] = [_conforming(one) for one in equipment]
        codes = [_process_code(one) for one in equipment]
        urls = dict.fromkeys(filter(None, map(process_url, codes)))
        if urls and "manufacturing_processes" not in made:
            made["manufacturing_processes"] = list(urls)
    made = gathered(made)
    materials = list(material_urls(_feedstocks(record.get("nearmade"))))
    if materials and "typical_materials" not in made:
        made["typical_materials"] = [{"material_type": url} for url in materials]
    return made


def record_from_okw(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Give our record of a facility whose class model holds our extension.

    Parameters
    ----------
    tree
        A record of the class model, its fields in any spelling.
    """
    record = spelt_out("facility", tree)
    equipment = record.get("equipment")
    if isinstance(equipment, list):
        record["equipment"] = [
            restored(one) if isinstance(one, Mapping) else one for one in equipment
        ]
    return record


def gathered(record: dict[str, Any]) -> dict[str, Any]:
    """Put equipment that was left aside back beside the machines."""
    own, equipment = record.get("nearmade"), record.get("equipment", [])
    others = own.get("other_equipment") if isinstance(own, Mapping) else None
    if not (isinstance(others, list) and isinstance(equipment, list)):
        return record
    rest = {k: v for k, v in (own or {}).items() if k != "other_equipment"}
    return record | {"equipment": [*equipment, *others], "nearmade": rest}


def restored(equipment: Mapping[str, Any]) -> dict[str, Any]:
    """Give one equipment as our record writes it: box as travel, nozzle in mm."""
    made = dict(equipment)
    own = equipment.get("nearmade")
    if not isinstance(own, Mapping):
        return made
    rest = dict(own)
    box = own.get("build_volume_mm")
    if isinstance(box, Mapping) and all(_is_number(box.get(axis)) for axis in AXES):
        for axis in AXES:
            made.setdefault(f"{axis}_travel", box[axis])
    tenths = own.get("nozzle_tenths_mm")
    if isinstance(tenths, int | float) and _is_number(tenths):
        made["nozzle_size"] = _scaled(tenths, -1)
        del rest["nozzle_tenths_mm"]
    made["nearmade"] = rest
    return made


def spelt_out(name: str, tree: Mapping[Any, Any]) -> dict[str, Any]:
    """Give a record with every field of OKW under the specification's name.

    Parameters
    ----------
    name
        Class in ``okw_fields.CLASSES``.
    tree
        As it is written.
    """
    made = canonical(name, tree)
    for key, value in made.items():
        field = CLASSES[name].get(key)
        if field is None:
            continue
        if field.kind == "class" and isinstance(value, Mapping):
            made[key] = spelt_out(field.inner, value)
        elif field.kind == "classes" and isinstance(value, list):
            made[key] = [
                spelt_out(field.inner, one) if isinstance(one, Mapping) else one
                for one in value
            ]
    return made


def material_urls(names: Iterable[str]) -> Iterable[str]:
    """Give the articles of those materials that OKW lists, each once."""
    urls = (_material_articles().get(_material_code(name), "") for name in names)
    return dict.fromkeys(filter(None, urls))


@cache
def _material_articles() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for kind in MATERIAL_TYPES:
        code = _material_code(kind.name) or _material_code(kind.url)
        if code:
            found.setdefault(code, kind.url)
    return found


def _material_code(name: str) -> str:
    try:
        return find_material(name).code
    except NotFound:
        return ""


def material_codes(names: Iterable[str]) -> tuple[str, ...]:
    """Give the codes of those materials that the house knows, each once."""
    return tuple(dict.fromkeys(filter(None, map(_material_code, names))))


def _conforming(equipment: object) -> object:
    """Write one machine so that OKW's own fields hold whole numbers."""
    if not isinstance(equipment, Mapping):
        return equipment
    made = dict(equipment)
    own = equipment.get("nearmade")
    if not isinstance(own, Mapping) or "process" not in own:
        return made
    added = _boxed(made, own)
    nozzle = made.get("nozzle_size")
    if isinstance(nozzle, float) and nozzle.is_integer():
        made["nozzle_size"] = int(nozzle)
    elif isinstance(nozzle, float) and math.isfinite(nozzle):
        tenths = _scaled(nozzle, 1)
        if _scaled(tenths, -1) == nozzle:
            added["nozzle_tenths_mm"] = tenths
            del made["nozzle_size"]
    url = process_url(_process_code(equipment))
    if url:
        made["manufacturing_process"] = url
    made["nearmade"] = {**own, **added}
    return made


def _boxed(made: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Write the box as extents; travel that stood for it, in whole millimetres."""
    if "build_volume_mm" in own:
        return {}
    box: dict[str, Any] = {axis: made.get(f"{axis}_travel") for axis in AXES}
    sides = [side for side in box.values() if _is_number(side)]
    if len(sides) < len(AXES) or not all(side > 0 for side in sides):
        return {}
    if "build_volume" not in made:
        made["build_volume"] = math.floor(math.prod(sides))
    for axis, side in box.items():
        made[f"{axis}_travel"] = math.floor(side)
        if side < 1:
            del made[f"{axis}_travel"]
    return {"build_volume_mm": box}


def _process_code(equipment: object) -> str:
    own = equipment.get("nearmade") if isinstance(equipment, Mapping) else None
    named = own.get("process") if isinstance(own, Mapping) else None
    return process_meant(named) if isinstance(named, str) else ""


def _feedstocks(own: object) -> list[str]:
    rows = own.get("feedstocks") if isinstance(own, Mapping) else None
    return [
        row["material"]
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping) and isinstance(row.get("material"), str)
    ]


def _scaled(number: float, places: int) -> float:
    """Multiply by a power of ten as it is written, so that 0.4 becomes 4."""
    moved = Decimal(str(number)).scaleb(places)
    return int(moved) if moved == moved.to_integral_value() else float(moved)


def _is_number(value: Any) -> bool:
    """Tell a number that a machine's figures can be reckoned with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -MOST < value < MOST
