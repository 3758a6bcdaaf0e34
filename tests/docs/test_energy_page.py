"""The page on energy and its schema agree with what the commands read and write."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from nearmade.cli.energy import NAMES, command
from nearmade.energy.site.prices import LEAD_ACID, Prices
from nearmade.planning.site.sample import KINDS, SiteWish, sample_site
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "energy.md").read_text("utf-8")
SCHEMA = json.loads((ROOT / "docs" / "energy.schema.json").read_text("utf-8"))


def check(record: Any, kind: str) -> None:
    jsonschema.validate(record, {**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{kind}"}]})


def answer(tmp_path: Path, *words: str) -> Any:
    site = tmp_path / "site.json"
    site.write_text(json.dumps(sample_site(SiteWish("farm", 1, 2))), encoding="utf-8")
    result = CliRunner().invoke(
        command, [words[0], str(site), *words[1:], "--json"], catch_exceptions=False
    )
    return json.loads(result.stdout)


@pytest.mark.parametrize("kind", KINDS)
def test_invented_sites_follow_the_schema(kind: Any) -> None:
    check(sample_site(SiteWish(kind)), "site")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("year", ("simulate",)),
        ("sizing", ("size", "--pieces-a-day", "2")),
        ("day", ("schedule", "--jobs", "2")),
    ],
)
def test_answers_follow_the_schema(
    kind: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    if words[0] == "schedule":
        site = sample_site(SiteWish("off-grid", 1, 2))
        path = tmp_path / "school.json"
        path.write_text(json.dumps(site), encoding="utf-8")
        result = CliRunner().invoke(
            command, ["schedule", str(path), *words[1:], "--json"]
        )
        check(json.loads(result.stdout), kind)
    else:
        check(answer(tmp_path, *words), kind)


def test_the_page_names_every_command_and_every_price() -> None:
    for name in NAMES:
        assert f"nearmade energy {name}" in PAGE
    for each in fields(Prices):
        assert f"`{each.name}`" in PAGE
        assert f"{each.default:g}" in PAGE
    for name, price in LEAD_ACID.items():
        assert f"`{name}`" in PAGE
        assert f"lead-acid {price:g}" in PAGE


def test_the_page_names_every_field_of_the_schema() -> None:
    energy = SCHEMA["$defs"]["energy"]["properties"]
    named = [*energy]
    for field in energy.values():
        named += field.get("properties", {})
    assert [name for name in named if f"`{name}`" not in PAGE] == []
    assert set(SCHEMA["$defs"]["prices"]["properties"]) == {
        "currency",
        *(each.name for each in fields(Prices)),
    }
