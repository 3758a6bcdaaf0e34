"""What is said of relational rows equals the verdict of the published schema."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from nearmade.facilities.okw import read_okw
from nearmade.facilities.okw_schema import TABLES, schema_faults
from tests.facilities.okw_documents import RELATIONAL
from tests.shared_data import shared


@cache
def published() -> dict[str, Any]:
    file = shared("okh_okw", "schemas", "okw_v1_schema.json")
    schema = json.loads(file.read_bytes())
    assert isinstance(schema, dict)
    return schema


@cache
def validator(table: str) -> Draft7Validator:
    """Give the schema of one table; a postcode may be text, as real ones are."""
    schema = copy.deepcopy(published()["definitions"][table])
    if "postcode" in schema["properties"]:
        assert schema["properties"]["postcode"] == {"type": "integer"}
        schema["properties"]["postcode"] = {"type": ["string", "integer"]}
    return Draft7Validator(schema)


def refused(table: str, row: object) -> set[str]:
    """Name the fields that the published schema refuses."""
    errors = validator(table).iter_errors(row)
    return {str(error.path[0]) if error.path else "" for error in errors}


def test_the_tables_are_those_of_the_schema() -> None:
    definitions = published()["definitions"]
    assert set(TABLES) == set(definitions)
    for table, fields in TABLES.items():
        assert list(fields) == list(definitions[table]["properties"]), table


def test_identities_are_those_that_the_schema_calls_unique() -> None:
    for table, body in published()["definitions"].items():
        unique = {k for k, v in body["properties"].items() if v.get("unique")}
        assert unique == {k for k, kind in TABLES[table].items() if kind == "id"}


values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from([1.0, -3.0, 0.5, "05738", "", 5738])
    | st.text(max_size=5)
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.text(max_size=2), st.integers(), max_size=2)
)


@settings(deadline=None)
@given(st.sampled_from(sorted(TABLES)), st.data())
def test_every_row_has_the_verdict_of_the_schema(
    table: str, data: st.DataObject
) -> None:
    key = st.sampled_from([*TABLES[table], "other"])
    row = data.draw(st.dictionaries(key, values) | values)
    ours = {one.path for one in schema_faults(table, row)}
    assert ours == refused(table, row)


def test_the_public_list_has_the_verdict_of_the_schema() -> None:
    """Its rows carry the keys of the tables in part, and texts for identities."""
    file = shared("okh_okw", "okw", "preliminary_iop_okw_fac_source_01.json")
    records = json.loads(file.read_bytes())
    verdicts = set()
    for record in records:
        for part, table in (
            ("facility", "ManufacturingFacility"),
            ("address", "Address"),
            ("geocoding", "Address"),
            ("region", "Address"),
            ("location", "DistributedResource"),
        ):
            row = record[part]
            ours = {one.path for one in schema_faults(table, row)}
            assert ours == refused(table, row)
            verdicts.add((part, tuple(sorted(ours))))
    assert len(records) == 2237
    assert ("facility", ("facility_id",)) in verdicts
    assert ("geocoding", ()) in verdicts


def test_the_whole_schema_accepts_every_document_and_so_do_we_not_refuse() -> None:
    """At its top the schema states nothing; only rows can break it."""
    whole = Draft7Validator(published())
    file = shared("okh_okw", "okw", "preliminary_iop_okw_fac_source_01.json")
    assert whole.is_valid(json.loads(file.read_bytes()))
    assert not read_okw(file.read_bytes(), file.name).faults


@pytest.mark.parametrize("table", sorted(RELATIONAL))
def test_our_own_relational_document_conforms(table: str) -> None:
    for row in RELATIONAL[table]:
        assert refused(table, row) == set()
        assert schema_faults(table, row) == ()
