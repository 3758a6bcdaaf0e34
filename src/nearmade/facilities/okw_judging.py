"""Judge the shapes of OKW that have rules of their own: relational data and atoms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from nearmade.facilities.okw_fields import folded
from nearmade.facilities.okw_schema import (
    OWNERS,
    TABLE_NAMES,
    TABLES,
    schema_faults,
)
from nearmade.facilities.okw_shapes import ATOM_LISTS, ATOMS, rows_of
from nearmade.facilities.okw_values import Notes, postcode_told
from nearmade.vocabulary.document_trees import step_into

_WIKIDATA: Final = re.compile(
    r"https?://www\.wikidata\.org/(?:wiki|entity)/(Q\d{1,12})"
)
_IDENTIFIER: Final = re.compile(r"QH?\d{1,12}")
_ATOM: Final = ("identifier", "description", "link")

#: Keys of Helpful Engineering's library that say nothing of what can be made.
_LIBRARY: Final = (
    *ATOMS, ("version",), ("development-stage",), ("license",), ("licensor",),
    ("documentation-home",), ("archive-download",), ("bom",), ("tool-list",),
    ("supplies-atom",),
)  # fmt: skip


def judge_tables(tree: Mapping[str, Any], path: str, notes: Notes) -> None:
    """Judge relational data: types by its schema, identities and references.

    Parameters
    ----------
    tree
        Table names to rows.
    path
        Where it stands.
    notes
        Takes the complaints.
    """
    named = {
        TABLE_NAMES[folded(key)]: (key, rows_of(value))
        for key, value in tree.items()
        if isinstance(key, str) and folded(key) in TABLE_NAMES
    }
    identities = {
        field: {row.get(field) for row in named[table][1] if _has_whole(row, field)}
        for field, table in OWNERS.items()
        if table in named
    }
    for key in tree:
        if not (isinstance(key, str) and folded(key) in TABLE_NAMES):
            notes.unknown(step_into(path, key), key, tree[key], TABLES)
    for table, (key, rows) in named.items():
        seen: set[int] = set()
        for index, row in enumerate(rows):
            where = step_into(path, key)
            if isinstance(tree[key], list):
                where = f"{where}[{index}]"
            for fault in schema_faults(table, row, where):
                notes.tell(fault.path, fault.rule, fault.value, fault.suggestion)
            if isinstance(row, Mapping):
                _judge_row(table, row, where, notes)
                _judge_keys(table, row, where, seen, identities, notes)


def judge_atoms(record: Mapping[str, Any], path: str, notes: Notes) -> None:
    """Judge a record of atoms: identifier and link must name the same thing."""
    for key, value in record.items():
        where = step_into(path, key)
        if key not in ATOM_LISTS:
            if (key,) not in _LIBRARY:
                notes.unknown(where, key, value, ATOM_LISTS)
            continue
        if value is None:
            continue
        if not isinstance(value, list):
            notes.tell(where, "type", value, "must be a list of atoms")
            continue
        for index, atom in enumerate(value):
            _judge_atom(atom, f"{where}[{index}]", notes)


def _judge_atom(atom: object, path: str, notes: Notes) -> None:
    if not isinstance(atom, Mapping):
        asked = "must be {identifier, description, link}"
        notes.tell(path, "type", atom, asked)
        return
    identifier, link = atom.get("identifier"), atom.get("link")
    if not (isinstance(identifier, str) and _IDENTIFIER.fullmatch(identifier)):
        told = "must be a Wikidata id such as Q25294"
        notes.tell(f"{path}.identifier", "value", identifier, told)
    elif isinstance(link, str):
        found = _WIKIDATA.match(link)
        if found and found[1] != identifier:
            told = f"identifier says {identifier}, link says {found[1]}: which one?"
            notes.tell(path, "mismatch", link, told)
    for key in atom:
        if key not in _ATOM:
            notes.unknown(step_into(path, key), key, atom[key], _ATOM)


def _judge_row(table: str, row: Mapping[str, Any], path: str, notes: Notes) -> None:
    """Tell of keys that the schema does not name, and of postcodes as numbers."""
    for key in row:
        if key not in TABLES[table]:
            notes.unknown(step_into(path, key), key, row[key], TABLES[table])
    code = row.get("postcode")
    if table == "Address" and isinstance(code, int | float):
        notes.tell(f"{path}.postcode", "postcode", code, postcode_told(code))


def _judge_keys(
    table: str,
    row: Mapping[str, Any],
    path: str,
    seen: set[int],
    identities: Mapping[str, set[int]],
    notes: Notes,
) -> None:
    """Tell of identities that stand twice and of references that lead nowhere."""
    for field, kind in TABLES[table].items():
        if not _has_whole(row, field):
            continue
        value = row[field]
        if kind == "id":
            if value in seen:
                notes.tell(f"{path}.{field}", "repeated", value, "must be unique")
            seen.add(value)
        elif kind == "ref" and value not in identities.get(field, set()):
            told = f"there is no such row in {OWNERS[field]}"
            notes.tell(f"{path}.{field}", "reference", value, told)


def _has_whole(row: object, field: str) -> bool:
    return isinstance(row, Mapping) and type(row.get(field)) is int
