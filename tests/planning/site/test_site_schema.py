"""The published schema of SITE.json says what the reader takes, and no more."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from nearmade.planning.site.sample import KINDS, SiteWish, sample_site
from nearmade.planning.site.site_record import site_from_record
from nearmade.vocabulary.errors import InvalidInput

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs" / "schedule.schema.json").read_text("utf-8"))
FILES = ("print-farm", "off-grid")


def example(name: str) -> dict[str, Any]:
    path = ROOT / "examples" / "schedules" / f"{name}.json"
    record: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return record


def valid(record: dict[str, Any]) -> bool:
    return bool(Draft202012Validator(SCHEMA).is_valid(record))


@pytest.mark.parametrize("name", FILES)
def test_the_examples_keep_to_the_schema(name: str) -> None:
    Draft202012Validator(SCHEMA).validate(example(name))


@pytest.mark.parametrize("kind", KINDS)
def test_invented_sites_keep_to_the_schema(kind: Any) -> None:
    Draft202012Validator(SCHEMA).validate(sample_site(SiteWish(kind, 2, 4, 1)))


@pytest.mark.parametrize(
    "place",
    [
        (),
        ("hands",),
        ("power",),
        ("power", "tariffs", 0),
        ("changes",),
        ("changes", "pairs", 0),
        ("worth",),
        ("machines", 0),
        ("builds", 0),
        ("parts", 0),
    ],
)
def test_a_field_that_is_not_there_is_refused_by_schema_and_reader(
    place: tuple[str | int, ...],
) -> None:
    record = copy.deepcopy(example("print-farm"))
    found: Any = record
    for key in place:
        found = found[key]
    found["misspelt"] = 1
    assert not valid(record)
    with pytest.raises(InvalidInput, match="misspelt"):
        site_from_record(record)


@pytest.mark.parametrize("name", ["start_at", "days", "machines", "schema"])
def test_what_must_be_there_is_the_same_for_schema_and_reader(name: str) -> None:
    record = example("print-farm")
    del record[name]
    assert not valid(record)
    with pytest.raises(InvalidInput, match=name):
        site_from_record(record)
