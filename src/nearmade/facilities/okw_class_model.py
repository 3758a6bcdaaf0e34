"""Read a record of OKW's class model into its view, with what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nearmade.facilities.okw_fields import (
    BESIDE,
    CLASSES,
    SPELLINGS,
    SUB_PROPERTIES,
    Field,
    folded,
)
from nearmade.facilities.okw_links import (
    RIGHT_PCBS,
    WIKIPEDIA,
    WRONG_PCBS,
    is_url,
    material_meant,
    process_meant,
    process_url,
    wikipedia_title,
)
from nearmade.facilities.okw_values import Notes, read_value, sides_meant
from nearmade.facilities.okw_view import VIEWS, ManufacturingFacility
from nearmade.vocabulary.document_trees import step_into
from nearmade.vocabulary.materials import doubtful_work

#: Classes that a single text stands for, and the field that the text fills.
_SHORT: Final = {"agent": "name", "material": "material_type", "what3words": "words"}

#: Fields that stand flat in the record although a class of their own holds them.
_FLAT: Final = frozenset(CLASSES["record_data"])


def read_facility(
    record: Mapping[Any, Any], path: str, notes: Notes
) -> ManufacturingFacility:
    """Read one facility.

    Parameters
    ----------
    record
        A plain tree.
    path
        Where it stands in its document.
    notes
        Takes the complaints.
    """
    facility: ManufacturingFacility = _read("facility", record, path, notes)
    return facility


def canonical(name: str, record: Mapping[Any, Any]) -> dict[str, Any]:
    """Give the fields of one class by the names of the specification.

    Parameters
    ----------
    name
        Class in ``okw_fields.CLASSES``.
    record
        As it is written; keys that the class does not know keep their spelling.
    """
    known: dict[Any, Any] = {}
    for key, value in record.items():
        field = SPELLINGS[name].get(folded(key)) if isinstance(key, str) else None
        # A second spelling of one field keeps its own name, so that it is not lost.
        taken = field is None or field in known or (field in record and field != key)
        known[key if taken else field] = value
    return known


def _read(name: str, value: object, path: str, notes: Notes) -> Any:
    """Read one object of a class."""
    view = VIEWS[name]
    if isinstance(value, str) and name in _SHORT:
        if not value.strip():
            return None
        notes.tell(path, "type", value, f"must be an object with {_SHORT[name]}")
        made = view(**{_SHORT[name]: value.strip()})
        if name == "material":
            _judge_material(made.material_type, path, notes)
        return made
    if not isinstance(value, Mapping):
        notes.tell(path, "type", value, f"must be an object ({name})")
        return None
    read = _fields(name, value, path, notes)
    if name == "equipment":
        _read_equipment(read, value, path, notes)
    elif name == "material":
        where = step_into(path, "material_type")
        _judge_material(read.get("material_type", ""), where, notes)
    elif name == "facility":
        _gather_record_data(read, value, path, notes)
        processes = read.get("manufacturing_processes", ())
        where = step_into(path, "manufacturing_processes")
        for index, text in enumerate(processes):
            _judge_process(text, f"{where}[{index}]", notes)
    if name in ("facility", "equipment"):
        read["nearmade"] = _extension(value, path, notes)
    return view(**read)


def _fields(
    name: str, record: Mapping[Any, Any], path: str, notes: Notes
) -> dict[str, Any]:
    """Read the known fields of an object and name its other keys."""
    read: dict[str, Any] = {}
    seen: dict[str, str] = {}
    for key, value in record.items():
        where = step_into(path, key)
        field = SPELLINGS[name].get(folded(key)) if isinstance(key, str) else None
        if field is None:
            if not (name == "facility" and key in _FLAT):
                _unknown(name, key, value, where, notes)
        elif field in seen:
            notes.tell(where, "repeated", value, f"is there already as {seen[field]}")
        else:
            seen[field] = str(key)
            given = _value(CLASSES[name][field], value, where, notes)
            if given is not None:
                read[field] = given
    return read


def _value(entry: Field, value: object, path: str, notes: Notes) -> Any:
    if value is None:
        return None
    if entry.kind == "class":
        return _read(entry.inner, value, path, notes)
    if entry.kind != "classes":
        return read_value(entry, value, path, notes)
    if not isinstance(value, list):
        notes.tell(path, "type", value, "must be a list")
        one = _read(entry.inner, value, path, notes)
        return () if one is None else (one,)
    read = (
        _read(entry.inner, each, f"{path}[{index}]", notes)
        for index, each in enumerate(value)
    )
    return tuple(one for one in read if one is not None)


def _unknown(name: str, key: object, value: object, path: str, notes: Notes) -> None:
    if isinstance(key, str) and folded(key) in BESIDE:
        return
    notes.unknown(path, key, value, CLASSES[name])


def _extension(record: Mapping[Any, Any], path: str, notes: Notes) -> Mapping[str, Any]:
    own = record.get("nearmade", {})
    if isinstance(own, Mapping):
        return own
    notes.tell(step_into(path, "nearmade"), "type", own, "must be an object")
    return {}


def _gather_record_data(
    read: dict[str, Any], record: Mapping[Any, Any], path: str, notes: Notes
) -> None:
    """Take record data that stands flat beside the facility's own fields."""
    flat = {key: record[key] for key in _FLAT if key in record}
    if flat and "record_data" not in read:
        read["record_data"] = _read("record_data", flat, path, notes)


def _read_equipment(
    read: dict[str, Any], record: Mapping[Any, Any], path: str, notes: Notes
) -> None:
    """Part the sub-properties from the rest, and find the room to build in."""
    given = {key: read.pop(key) for key in SUB_PROPERTIES if key in read}
    read["properties"] = given
    _judge_process(
        read.get("manufacturing_process", ""),
        step_into(path, "manufacturing_process"),
        notes,
    )
    own = record.get("nearmade")
    _judge_work(read, own, path, notes)
    stated = own.get("build_volume_mm") if isinstance(own, Mapping) else None
    own_shape = isinstance(own, Mapping) and "process" in own
    box = _box(stated, "{}") or None
    if stated is not None and box is None:
        where = step_into(path, "nearmade.build_volume_mm").replace('"', "")
        notes.tell(where, "type", stated, "must be {x, y, z}, each above zero, in mm")
    travel = _box(given, "{}_travel")
    if box is not None or (own_shape and travel is not None):
        read["box_mm"], read["box_from"] = box or travel, "stated"
        return
    if travel is not None:
        read["box_mm"], read["box_from"] = travel, "travel"
        shown = " x ".join(f"{side:g}" for side in travel)
        notes.tell(
            path, "derived", f"{shown} mm",
            "how far the axes go is not how much fits; state nearmade.build_volume_mm",
        )  # fmt: skip
    _judge_sizes(record, path, notes)


def _judge_work(read: Mapping[str, Any], own: object, path: str, notes: Notes) -> None:
    """Doubt that a process works what it hardly can, such as PLA by SLA."""
    extension = own if isinstance(own, Mapping) else {}
    named = extension.get("process")
    if not isinstance(named, str):
        named = read.get("manufacturing_process") or read.get("equipment_type", "")
    process = process_meant(named[:300])
    listed = extension.get("materials")
    claims = [
        (f"materials_worked[{index}]", one.material_type)
        for index, one in enumerate(read.get("materials_worked", ()))
    ] + [
        (f"nearmade.materials[{index}]", one)
        for index, one in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(one, str)
    ]
    for place, name in claims if process else ():
        doubt = doubtful_work(name[:300], process)
        if doubt:
            told = f"{doubt}; mend the process or the material"
            notes.tell(f"{path}.{place}".strip("."), "doubtful", name, told)


def _judge_sizes(record: Mapping[Any, Any], path: str, notes: Notes) -> None:
    """Tell of one number where three extents are needed."""
    for key, value in record.items():
        field = SPELLINGS["equipment"].get(folded(key)) if isinstance(key, str) else ""
        if field not in ("build_volume", "bed_size"):
            continue
        meant = sides_meant(value)
        if not meant and not isinstance(value, int | float):
            continue
        asked = "state the three extents as nearmade.build_volume_mm: "
        notes.tell(
            step_into(path, key), "one-number", value,
            asked + (meant or "{x, y, z}; one number does not say what fits"),
        )  # fmt: skip


def _box(record: object, name: str) -> tuple[float, float, float] | None:
    """Give three extents above zero, or None."""
    if not isinstance(record, Mapping):
        return None
    sides = [record.get(name.format(axis)) for axis in "xyz"]
    if all(
        isinstance(side, int | float)
        and not isinstance(side, bool)
        and 0 < side < float("inf")
        for side in sides
    ):
        return (float(sides[0]), float(sides[1]), float(sides[2]))  # type: ignore[arg-type]
    return None


def _judge_material(text: str, path: str, notes: Notes) -> None:
    """Tell of the wrong article, of other spellings, and of what is no address."""
    if not text:
        return
    title = wikipedia_title(text)
    if title.casefold() == WRONG_PCBS.casefold():
        told = f"{WIKIPEDIA}{RIGHT_PCBS}; this article is on a chemical"
        notes.tell(path, "link", text, told)
        return
    kind = material_meant(text)
    if not is_url(text):
        if kind is None:
            notes.tell(path, "link", text, "must be the address of an article")
        else:
            notes.tell(path, "name", text, kind.url)
    elif kind is not None and title != kind.title:
        notes.tell(path, "alias", text, kind.url)


def _judge_process(text: str, path: str, notes: Notes) -> None:
    """Tell of a process that the house does not know, and of names for articles."""
    if not text or notes.full:
        return
    code = process_meant(text[:300])
    if not is_url(text):
        if code:
            notes.tell(
                path, "name", text, process_url(code) or f"the article on {code}"
            )
        else:
            notes.tell(path, "link", text, "must be the address of an article")
    elif not code:
        notes.tell(path, "process", text, "not known; it is kept and not matched")
