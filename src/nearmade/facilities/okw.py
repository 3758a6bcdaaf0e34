"""Read documents of Open Know-Where, of every shape, and write them back.

The document is kept as it came (``vocabulary.documents``); beside it stands one view
for each facility in it. What is wrong or odd is told as diagnoses; only the caller
decides whether that is too much.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nearmade.facilities.okw_class_model import read_facility
from nearmade.facilities.okw_fields import folded
from nearmade.facilities.okw_judging import judge_atoms, judge_tables
from nearmade.facilities.okw_shapes import (
    ClassModel,
    Shape,
    facility_rows,
    is_design,
    row_places,
    shape_of,
    to_class_model,
)
from nearmade.facilities.okw_values import Notes, postcode_told
from nearmade.facilities.okw_view import ManufacturingFacility
from nearmade.vocabulary.diagnosis import Diagnosis
from nearmade.vocabulary.document_trees import path_of
from nearmade.vocabulary.documents import Document, read_document

#: Rules that tell of something to know; all others tell of a fault.
REMARKS: Final = frozenset(
    {
        "derived", "alias", "name", "process", "unknown-key", "left-out",
        "whole-number", "unsaid", "doubtful",
    }
)  # fmt: skip


#: Spellings of the key of a postcode, folded.
_POSTCODES: Final = frozenset({"postcode", "zip", "zipcode", "postalcode"})

_NOWHERE: Final[Mapping[int, str]] = {}


@dataclass(frozen=True, slots=True)
class OkwRecord:
    """One facility in a document.

    Parameters
    ----------
    path
        Where it stands; empty for a document of one facility.
    shape
        How it is written.
    source
        As it is written; of relational data, the rows that belong to it.
    model
        The same in the class model, with our extension.
    facility
        What it says, typed.
    """

    path: str
    shape: Shape
    source: Mapping[str, Any]
    model: Mapping[str, Any]
    facility: ManufacturingFacility


@dataclass(frozen=True, slots=True)
class OkwDocument:
    """A document, its facilities, and what is wrong or odd in it.

    Parameters
    ----------
    document
        As it came.
    records
        Its facilities.
    diagnoses
        What is wrong or odd.
    tree
        That of the document, with the zeros at the front of postcodes.
    """

    document: Document
    records: tuple[OkwRecord, ...]
    diagnoses: tuple[Diagnosis, ...]
    tree: Any

    @property
    def faults(self) -> tuple[Diagnosis, ...]:
        """The diagnoses that are no mere remarks."""
        return tuple(one for one in self.diagnoses if one.rule not in REMARKS)

    @property
    def conforms(self) -> bool:
        """Whether every value is one that the specification can say."""
        told = {one.rule for one in self.diagnoses}
        kept = told & {"whole-number", "name"}
        return bool(self.records) and not self.faults and not kept


def read_okw(data: bytes, name: str) -> OkwDocument:
    """Read a document of Open Know-Where; it is never refused.

    Parameters
    ----------
    data
        The bytes of the file, JSON, YAML or TOML.
    name
        Its name; the ending tells the format, else the content does.
    """
    document = read_document(data, name)
    notes = Notes(list(document.diagnoses))
    if not document.readable:
        return OkwDocument(document, (), notes.all(), document.tree)
    tree = _with_zeros(document, notes)
    records = tuple(_records(tree, notes))
    if not records and all(one.rule in REMARKS for one in notes.kept):
        notes.tell("", "shape", type(document.tree).__name__, "holds no facility")
    return OkwDocument(document, records, notes.all(), tree)


def _with_zeros(document: Document, notes: Notes) -> Any:
    """Give the tree with postcodes as they are written: YAML drops zeros in front."""
    codes = [
        (steps, written)
        for steps, written in document.zeros
        if steps and "<<" not in steps and folded(str(steps[-1])) in _POSTCODES
    ]
    if not codes:
        return document.tree
    tree = copy.deepcopy(document.tree)
    for steps, written in codes:
        table = tree
        for step in steps[:-1]:
            table = table[step]
        table[steps[-1]] = written
        notes.tell(path_of(steps), "postcode", written, postcode_told(written))
    return tree


def _records(tree: Any, notes: Notes) -> Iterator[OkwRecord]:
    for path, entry in each_entry(tree):
        yield from records_of_entry(entry, path, notes)


def each_entry(tree: Any) -> Iterator[tuple[str, Any]]:
    """Give each record of a document with its path; one alone has an empty path."""
    if isinstance(tree, list):
        yield from ((f"[{index}]", entry) for index, entry in enumerate(tree))
        return
    listed = listed_facilities(tree)
    if listed is None:
        yield "", tree
        return
    key, entries = listed
    yield from ((f"{key}[{index}]", entry) for index, entry in enumerate(entries))


def listed_facilities(tree: object) -> tuple[str, list[Any]] | None:
    """Find the list in a document that holds several facilities."""
    if isinstance(tree, Mapping) and shape_of(tree) in ("unknown", "class-model"):
        for key, value in tree.items():
            if folded(str(key)) in ("facilities", "manufacturingfacilities"):
                return (str(key), value) if isinstance(value, list) else None
    return None


def records_of_entry(record: object, path: str, notes: Notes) -> Iterator[OkwRecord]:
    """Read one record of a document; relational data may hold many facilities.

    Parameters
    ----------
    record
        A plain tree.
    path
        Where it stands.
    notes
        Takes the complaints.
    """
    shape = shape_of(record)
    if isinstance(record, Mapping) and record.keys() == {"nearmade"}:
        return  # Rows that belong to no facility, carried by a conversion.
    if not isinstance(record, Mapping) or shape == "unknown":
        asked = "an OKW facility has fields such as name, location, equipment"
        if is_design(record):
            asked = "is the manifest of a design (OKH); name a record of a facility"
        notes.tell(path, "shape", record, asked)
    elif shape == "relational":
        judge_tables(record, path, notes)
        places, found = row_places(record), list(facility_rows(record))
        if not found:
            notes.tell(path, "shape", "tables", "there is no row of a facility")
        for rows in found:
            yield _viewed(rows, shape, path, notes, places)
    else:
        if shape == "atoms":
            judge_atoms(record, path, notes)
        yield _viewed(record, shape, path, notes)


def _viewed(
    record: Mapping[str, Any],
    shape: Shape,
    path: str,
    notes: Notes,
    places: Mapping[int, str] = _NOWHERE,
) -> OkwRecord:
    model = to_class_model(record, shape, places)
    if shape in ("class-model", "nearmade"):
        facility = read_facility(model.tree, path, notes)
    else:
        facility = _read_moved(model, shape, path, notes)
    return OkwRecord(path, shape, record, model.tree, facility)


def _read_moved(
    model: ClassModel, shape: Shape, path: str, notes: Notes
) -> ManufacturingFacility:
    """Read what was brought to the class model; tell faults where they came from."""
    own = Notes()
    facility = read_facility(model.tree, "", own)
    for one in own.kept:
        # The schema of the relational form has judged its types already, and its
        # words are free: it asks for no addresses of articles.
        if shape == "relational" and one.rule in (
            "type",
            "link",
            "alias",
            "name",
            "process",
        ):
            continue
        where = model.origin(one.path)
        notes.tell(f"{path}.{where}".strip("."), one.rule, one.value, one.suggestion)
    return facility
