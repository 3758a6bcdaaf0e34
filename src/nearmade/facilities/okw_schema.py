"""The relational form of OKW (2024): ten tables, and what its schema says of a row.

The published JSON schema states types of fields only, under ``definitions``; nothing
is required, and at its top it accepts anything. Two of its defects are handled: it
types ``postcode`` as an integer, though real postcodes begin with zeros and hold
letters, so text is right here and an integer is reported; and its keyword ``unique``
is none of JSON Schema, so that repeated identities are looked for here.

References
----------
Open-Know-Where Initiative Distributed Resources Data Schema, Internet of Production
Alliance, 2024 (CC BY-SA 4.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nearmade.facilities.okw_fields import folded
from nearmade.vocabulary.diagnosis import Diagnosis

#: Table to field to type: ``id`` is an integer that names the row, ``ref`` one that
#: names a row of another table.
TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "Address": {
        "address_id": "id", "street": "text", "number": "text", "locality": "text",
        "region": "text", "postcode": "postcode", "country": "text",
        "latitude": "number", "longitude": "number",
    },
    "Contact": {
        "contact_id": "id", "social": "text", "email": "text", "website": "text",
    },
    "DatabaseSourceMetadata": {
        "source_id": "id", "name": "text", "description": "text",
        "source_type": "text", "source_url": "text", "license": "text",
        "version": "text", "creation_date": "text", "update_date": "text",
        "keywords": "text", "publisher": "text", "contributor": "text",
        "language": "text",
    },
    "DistributedResource": {
        "resource_id": "id", "address_id": "ref", "contact_id": "ref",
        "verification": "truth", "verificator_id": "ref", "source_id": "ref",
    },
    "DataVerificator": {
        "verificator_id": "id", "name": "text", "description": "text",
        "contact_id": "ref", "address_id": "ref",
    },
    "ManufacturingFacility": {
        "facility_id": "id", "resource_id": "ref", "name": "text",
        "description": "text", "type": "text", "capacity": "whole",
        "capabilities": "text", "source_id": "ref",
    },
    "ManufacturingEquipment": {
        "equipment_id": "id", "resource_id": "ref", "brand": "text", "model": "text",
        "type": "text", "description": "text", "source_id": "ref",
    },
    "ManufacturingService": {
        "service_id": "id", "resource_id": "ref", "type": "text",
        "description": "text", "source_id": "ref",
    },
    "ManufacturingSkill": {
        "skill_id": "id", "resource_id": "ref", "name": "text", "bio": "text",
        "skills": "text", "source_id": "ref",
    },
    "FindableProject": {
        "project_id": "id", "resource_id": "ref", "name": "text",
        "description": "text", "source_id": "ref",
    },
}  # fmt: skip

#: Folded name of a table to its name.
TABLE_NAMES: Final[Mapping[str, str]] = {folded(name): name for name in TABLES}

#: A key that names a row, to the table whose rows it names.
OWNERS: Final[Mapping[str, str]] = {
    field: table
    for table, fields in TABLES.items()
    for field, kind in fields.items()
    if kind == "id"
}

_ASKED: Final = {
    "id": "a whole number",
    "ref": "a whole number",
    "whole": "a whole number",
    "number": "a number",
    "text": "text",
    "truth": "true or false",
    "postcode": "text",
}


def schema_faults(table: str, row: object, path: str = "") -> tuple[Diagnosis, ...]:
    """Judge a row as the published schema does, its defects mended.

    Parameters
    ----------
    table
        Name in ``TABLES``.
    row
        What stands there.
    path
        Where it stands.
    """
    if not isinstance(row, Mapping):
        return (Diagnosis(path, "type", _shown(row), f"a row of {table} is an object"),)
    faults = []
    for key, kind in TABLES[table].items():
        if key in row and not _fits(kind, row[key]):
            where = f"{path}.{key}" if path else key
            told = f"must be {_ASKED[kind]}"
            faults.append(Diagnosis(where, "type", _shown(row[key]), told))
    return tuple(faults)


def _fits(kind: str, value: object) -> bool:
    truth = isinstance(value, bool)
    whole = (isinstance(value, int) and not truth) or (
        isinstance(value, float) and value.is_integer()
    )
    return {
        "text": isinstance(value, str),
        "truth": truth,
        "number": isinstance(value, int | float) and not truth,
        "postcode": isinstance(value, str) or whole,
    }.get(kind, whole)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
