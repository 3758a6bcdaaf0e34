"""The page on impact: its example runs, its schema holds, its commands are there."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from nearmade.adapters.places import one_place
from nearmade.cli.impact import NAMES
from nearmade.cli.impact_source import example_case
from nearmade.impact.case_record import case_from_record
from nearmade.impact.case_writing import record_of_case
from nearmade.vocabulary.errors import InvalidInput
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "impact.md").read_text("utf-8")
SCHEMA = json.loads((ROOT / "docs" / "case.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_example_for_python_runs_as_it_is_written() -> None:
    (code,) = re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL)
    exec(compile(code, "impact.md", "exec"), {})


def test_every_command_of_the_group_has_its_row() -> None:
    rows = set(re.findall(r"^\| `impact ([\w-]+)` \|", PAGE, re.MULTILINE))
    assert rows == set(NAMES)


def test_the_sample_and_what_is_written_again_follow_the_schema() -> None:
    record = json.loads(example_case())
    VALIDATOR.validate(record)
    VALIDATOR.validate(record_of_case(case_from_record(record, one_place)))


def fields_of(name: str) -> set[str]:
    """Give every field that the schema knows below a definition."""
    found: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            found.update(node.get("properties", {}))
            for one in node.values():
                walk(one)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(SCHEMA["$defs"][name])
    return found


@pytest.mark.parametrize("name", ["printed", "moulded", "shop", "processes", "cost"])
def test_every_field_of_the_schema_stands_on_the_page(name: str) -> None:
    quoted = set(re.findall(r"`(\w+)`", PAGE))
    assert fields_of(name) - quoted - {"value", "low", "high"} == set()


@pytest.mark.parametrize("place", ["ways", "cost"])
def test_what_the_schema_refuses_is_refused(place: str) -> None:
    record = json.loads(example_case())
    record[place]["strange"] = {"kind": "stolen"}
    assert not VALIDATOR.is_valid(record)
    with pytest.raises(InvalidInput, match="strange"):
        case_from_record(record, one_place)
