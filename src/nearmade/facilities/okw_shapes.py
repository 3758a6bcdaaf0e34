"""The shapes in which OKW records are published, each brought to the class model.

Every shape has one table: path in the record to path in the class model. What the table
does not name is carried under ``nearmade.carried`` with its path, so that nothing of
the record is lost.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Literal

from nearmade.facilities.okw_fields import SPELLINGS, folded
from nearmade.facilities.okw_schema import TABLE_NAMES
from nearmade.vocabulary.document_trees import leaves, path_of, step_into

Shape = Literal["class-model", "nearmade", "relational", "atoms", "fab-lab", "unknown"]

Step = str | int
Steps = tuple[Step, ...]
#: From where to where.
Move = tuple[Steps, Steps]

_MATERIAL: Final[Mapping[str, tuple[str, ...]]] = {
    "link": ("material_type",),
    "description": ("nearmade", "description"),
    "identifier": ("nearmade", "wikidata"),
}

#: fablabs.io as the Internet of Production Alliance prepared it.
FAB_LAB: Final[Mapping[Steps, Steps]] = {
    ("facility", "name"): ("name",),
    ("facility", "description"): ("description",),
    ("facility", "url"): ("contact", "social_media", "other_urls", 0),
    ("address", "zip_code"): ("location", "address", "postcode"),
    ("address", "extended"): ("location", "address", "street"),
    ("region", "country"): ("location", "address", "country"),
    ("region", "state_region"): ("location", "address", "region"),
    ("region", "city_town"): ("location", "address", "city"),
}

#: Helpful Engineering's library: lists of things, told by Wikidata ids.
ATOMS: Final[Mapping[Steps, Steps]] = {
    ("title",): ("name",),
    ("contact",): ("contact", "name"),
    ("contributors",): ("record_data", "created_by", "name"),
}
#: List of atoms: where it goes, and the field for each key of an atom.
ATOM_LISTS: Final[Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]]] = {
    "tool-list-atoms": (
        "equipment",
        {
            "link": ("equipment_type",),
            "description": ("notes",),
            "identifier": ("nearmade", "wikidata"),
        },
    ),
    "inventory-atoms": ("typical_materials", _MATERIAL),
    "supply-atoms": ("typical_materials", _MATERIAL),
    "product-atoms": ("typical_products", {"description": ()}),
    "processes": ("manufacturing_processes", {"link": ()}),
}

#: The relational form: where the fields of the rows of one facility go.
RELATIONAL: Final[Mapping[Steps, Steps]] = {
    ("ManufacturingFacility", "name"): ("name",),
    ("ManufacturingFacility", "description"): ("description",),
    ("Contact", "email"): ("contact", "contact", "email"),
    ("Contact", "website"): ("contact", "website"),
    ("Contact", "social"): ("contact", "social_media", "other_urls", 0),
    ("DataVerificator", "name"): ("record_data", "verified_by", "name"),
    ("DataVerificator", "description"): ("record_data", "verified_by", "bio"),
    ("DatabaseSourceMetadata", "creation_date"): ("record_data", "date_created"),
    ("DatabaseSourceMetadata", "update_date"): ("record_data", "last_updated"),
    ("DatabaseSourceMetadata", "publisher"): ("record_data", "created_by", "name"),
    ("Address", "street"): ("location", "address", "street"),
    ("Address", "number"): ("location", "address", "number"),
    ("Address", "locality"): ("location", "address", "city"),
    ("Address", "region"): ("location", "address", "region"),
    ("Address", "postcode"): ("location", "address", "postcode"),
    ("Address", "country"): ("location", "address", "country"),
}
_EQUIPMENT_ROW: Final[Mapping[str, tuple[str, ...]]] = {
    "brand": ("make",),
    "model": ("model",),
    "type": ("equipment_type",),
    "description": ("notes",),
}


#: Keys that every design has in Open Know-How, and no facility in Open Know-Where.
_OF_DESIGNS: Final = frozenset({"okhv", "licensor", "documentationhome"})


@dataclass(slots=True)
class ClassModel:
    """A record brought to the class model.

    Parameters
    ----------
    tree
        The record in OKW's own words.
    origins
        Path in the tree to the path in the record from which it came.
    """

    tree: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)

    def origin(self, path: str) -> str:
        """Give the place in the record from which a place in the tree came."""
        head = path
        while head:
            if head in self.origins:
                return self.origins[head] + path[len(head) :]
            head = head[: max(head.rfind("."), head.rfind("["), 0)]
        return path


def shape_of(record: object) -> Shape:
    """Tell in which shape one record is written."""
    if not isinstance(record, Mapping):
        return "unknown"
    keys = {folded(key) for key in record if isinstance(key, str)}
    # An agent's contact and an address are fields of the class model as well.
    tables = keys & TABLE_NAMES.keys()
    if tables - {"contact", "address"} or (tables and tables == keys):
        return "relational"
    own = record.get("nearmade")
    if isinstance(own, Mapping) and "id" in own:
        return "nearmade"
    inner = record.get("facility")
    if isinstance(inner, Mapping) and isinstance(record.get("region"), Mapping):
        return "fab-lab"
    if any(str(key).endswith("-atoms") for key in record):
        return "atoms"
    if is_design(record):
        return "unknown"
    if keys & SPELLINGS["facility"].keys():
        return "class-model"
    return "unknown"


def is_design(record: object) -> bool:
    """Tell the manifest of a design (OKH), which has a name as a facility has."""
    return isinstance(record, Mapping) and any(
        folded(str(key)) in _OF_DESIGNS for key in record
    )


def to_class_model(
    record: Mapping[str, Any], shape: Shape, places: Mapping[int, str] | None = None
) -> ClassModel:
    """Bring one record to the class model; nothing of it is lost.

    Parameters
    ----------
    record
        A record of the shape; of relational data, one facility as ``facility_rows``
        gathers it.
    shape
        Which one.
    places
        Of relational data, where each row stands, as ``row_places`` gives it.
    """
    if shape not in ("fab-lab", "atoms", "relational"):
        return ClassModel(dict(record))
    moves: dict[Steps, Steps]
    if shape == "fab-lab":
        moves = dict(FAB_LAB)
    elif shape == "atoms":
        moves = {**ATOMS, **dict(_atom_moves(record))}
    else:
        moves = {**RELATIONAL, **dict(_table_moves(record))}
    made = _moved(record, moves)
    place = {"fab-lab": "geocoding", "relational": "Address"}.get(shape, "")
    _take_coordinates(made, record, place)
    if places:
        made.origins = {
            target: _row_origin(source, record, places)
            for target, source in made.origins.items()
        }
    if shape == "fab-lab":
        # Clause 4.5: an affiliation with fablabs.io says that the facility is one.
        made.tree["affiliation"] = [
            {"name": "FabLabs.io", "website": "https://www.fablabs.io"}
        ]
    return made


def facility_rows(tree: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Gather, for each facility of relational data, the rows that belong to it.

    Rows that belong to none are in none of them.
    """
    tables = {
        TABLE_NAMES[folded(key)]: [row for row in rows_of(value) if _is_row(row)]
        for key, value in tree.items()
        if isinstance(key, str) and folded(key) in TABLE_NAMES
    }
    by_key = {
        (name, key): _index(tables.get(name, []), key)
        for name, key in (
            ("DistributedResource", "resource_id"),
            ("Address", "address_id"),
            ("Contact", "contact_id"),
            ("DataVerificator", "verificator_id"),
            ("DatabaseSourceMetadata", "source_id"),
        )
    }
    grouped = {
        name: _grouped(tables.get(name, []), "resource_id")
        for name in (
            "ManufacturingEquipment",
            "ManufacturingService",
            "ManufacturingSkill",
            "FindableProject",
        )
    }
    for row in tables.get("ManufacturingFacility", []):
        found: dict[str, Any] = {"ManufacturingFacility": row}
        resource = by_key["DistributedResource", "resource_id"].get(
            _key_of(row, "resource_id"), {}
        )
        if resource:
            found["DistributedResource"] = resource
        for (name, key), index in by_key.items():
            if name == "DistributedResource":
                continue
            value = _key_of(resource, key) or _key_of(row, key)
            if value in index:
                found[name] = index[value]
        for name, groups in grouped.items():
            rows = groups.get(_key_of(row, "resource_id"), [])
            if rows:
                found[name] = rows
        yield found


def orphan_rows(
    tree: object, gathered: Iterable[Mapping[str, Any]]
) -> dict[str, list[Any]]:
    """Give the rows of relational data that belong to no facility, by their key.

    Parameters
    ----------
    tree
        The data.
    gathered
        What ``facility_rows`` gave of the very same data.
    """
    if shape_of(tree) != "relational" or not isinstance(tree, Mapping):
        return {}
    used = {
        id(row)
        for found in gathered
        for rows in found.values()
        for row in (rows if isinstance(rows, list) else [rows])
    }
    left = {
        str(key): [row for row in rows_of(value) if id(row) not in used]
        if folded(str(key)) in TABLE_NAMES
        else [value]
        for key, value in tree.items()
    }
    return {key: rows for key, rows in left.items() if rows}


def row_places(tree: Mapping[str, Any]) -> dict[int, str]:
    """Say where each row of relational data stands, by the row's ``id()``."""
    found = {}
    for key, value in tree.items():
        if folded(str(key)) in TABLE_NAMES:
            where = step_into("", key)
            for index, row in enumerate(rows_of(value)):
                place = f"{where}[{index}]" if isinstance(value, list) else where
                found[id(row)] = place
    return found


def _row_origin(source: str, rows: Mapping[str, Any], places: Mapping[int, str]) -> str:
    """Turn a place in the rows of one facility into one in the whole data."""
    head, dot, field = source.partition(".")
    name, _, index = head.partition("[")
    row = rows[name][int(index[:-1])] if index else rows[name]
    return places[id(row)] + dot + field


def rows_of(value: object) -> list[Any]:
    """Give the rows of a table, which may be one row alone."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _atom_moves(record: Mapping[str, Any]) -> Iterator[Move]:
    """Say where the keys of each atom go; two lists may go to one place."""
    taken: dict[str, int] = {}
    for key, (target, fields) in ATOM_LISTS.items():
        rows = record.get(key)
        if isinstance(rows, list):
            taken[target] = yield from _rows_moves(
                key, rows, target, fields, taken.get(target, 0)
            )


def _table_moves(found: Mapping[str, Any]) -> Iterator[Move]:
    """Say where equipment and services of a facility go."""
    rows = found.get("ManufacturingEquipment", [])
    yield from _rows_moves("ManufacturingEquipment", rows, "equipment", _EQUIPMENT_ROW)
    taken = 0
    for index, row in enumerate(found.get("ManufacturingService", [])):
        if _is_leaf(row.get("type")):
            where = ("ManufacturingService", index, "type")
            yield where, ("innovation_space", "services", taken)
            taken += 1


def _rows_moves(
    key: str,
    rows: list[Any],
    target: str,
    fields: Mapping[str, tuple[str, ...]],
    taken: int = 0,
) -> Generator[Move, None, int]:
    """Say where the fields of rows go; a row with nothing to move takes no place."""
    for index, row in enumerate(rows):
        if not isinstance(row, Mapping):
            continue
        given = [one for one in fields if _is_leaf(row.get(one))]
        for one in given:
            yield (key, index, one), (target, taken, *fields[one])
        taken += bool(given)
    return taken


def _moved(record: Mapping[str, Any], moves: Mapping[Steps, Steps]) -> ClassModel:
    """Move what is named; carry the rest, each leaf with its path."""
    made = ClassModel()
    carried: dict[str, Any] = {}
    left = []
    for steps, value in leaves(record):
        if steps in moves and _is_leaf(value):
            left.append((moves[steps], steps, value))
        else:
            carried[path_of(steps)] = value
    for target, steps, value in sorted(left, key=lambda one: [*map(_order, one[0])]):
        _put(made.tree, target, value)
        made.origins[path_of(target)] = path_of(steps)
    if carried:
        made.tree.setdefault("nearmade", {})["carried"] = carried
    return made


def _take_coordinates(made: ClassModel, record: Mapping[str, Any], place: str) -> None:
    """Join latitude and longitude to the one text that OKW has for them."""
    found = record.get(place)
    if not isinstance(found, Mapping):
        return
    lat_deg, lon_deg = found.get("latitude"), found.get("longitude")
    if _is_number(lat_deg) and _is_number(lon_deg):
        target = ("location", "gps_coordinates")
        _put(made.tree, target, f"{lat_deg}, {lon_deg}")
        made.origins[path_of(target)] = place
        carried = made.tree.get("nearmade", {}).get("carried", {})
        for name in ("latitude", "longitude"):
            carried.pop(f"{place}.{name}", None)


def _put(made: Any, target: Steps, value: object) -> None:
    """Set a value at its place; lists grow by one entry at a time."""
    for step, following in pairwise(target):
        empty: Any = [] if isinstance(following, int) else {}
        made = _entered(made, step, empty)
    if isinstance(made, list):
        made.append(value)
    else:
        made[target[-1]] = value


def _entered(made: Any, step: Step, empty: Any) -> Any:
    if not isinstance(made, list):
        return made.setdefault(step, empty)
    at = len(made) if not isinstance(step, int) else step
    if at == len(made):
        made.append(empty)
    return made[at]


def _order(step: Step) -> tuple[int, str]:
    return (step, "") if isinstance(step, int) else (-1, step)


def _is_leaf(value: object) -> bool:
    return value is not None and not isinstance(value, Mapping | list)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_row(row: object) -> bool:
    return isinstance(row, Mapping)


def _key_of(row: Mapping[str, Any], key: str) -> Any:
    value = row.get(key)
    return value if isinstance(value, int | str) else None


def _index(rows: list[Any], key: str) -> dict[Any, Mapping[str, Any]]:
    found: dict[Any, Mapping[str, Any]] = {}
    for row in rows:
        value = _key_of(row, key)
        if value is not None:
            found.setdefault(value, row)
    return found


def _grouped(rows: list[Any], key: str) -> dict[Any, list[Mapping[str, Any]]]:
    found: dict[Any, list[Mapping[str, Any]]] = {}
    for row in rows:
        value = _key_of(row, key)
        if value is not None:
            found.setdefault(value, []).append(row)
    return found
