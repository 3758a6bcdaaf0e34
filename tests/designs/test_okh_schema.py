"""Our verdict is that of the published schema, on real manifests and on broken ones."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from nearmade.designs.okh_schema import schema_findings
from nearmade.vocabulary.document_trees import leaves
from tests.designs.okh_manifests import COMPLETE, published_schema, real_manifests

jsonschema: Any = pytest.importorskip("jsonschema")

#: What a place may hold instead: of every type, and of every pattern of the schema.
INSTEAD: tuple[Any, ...] = (
    1, 1.5, True, "", [], {}, [1], ["a", 1], "../a", "//a", "a:b", "A:b", "a/..b",
    "http://a", "https://a", "http:/a", "OTRL-6", "OTRL-5", "ODRL-3", "mm", "m", "en",
    "en-GB\n", "english-UK", "en_GB", "i-klingon", "x-a", "zh-min-nan", "de-1996",
    "en-a-bb", "toolonglanguage", "D03D", "D03D 35/00", "D03O", "Z01A", "D03D35/00\n",
    "D03D 3500/00", "OKH-LOSHv1.0", "a..b", ["../a"], ["https://a"], {"value": 1},
    {"value": 1, "unit": "g"}, {"value": True, "unit": "g"}, [{}], [{"release": "a"}],
    [{"name": "a", "export": "b"}], {"openSCAD": "a", "unit": "m"},
)  # fmt: skip


@pytest.fixture(scope="module")
def validator() -> Any:
    return jsonschema.Draft7Validator(published_schema())


def broken(tree: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give a tree with each field left out, and with each other thing in its place."""
    places = {steps[:depth] for steps, _ in leaves(tree) for depth in (1, 2, 3, 4)}
    for steps in sorted({place for place in places if place}, key=str):
        for number, value in enumerate((None, *INSTEAD)):
            changed = copy.deepcopy(tree)
            place: Any = changed
            for step in steps[:-1]:
                place = place[step]
            if number:
                place[steps[-1]] = value
            else:
                del place[steps[-1]]
            yield f"{steps} {value!r}", changed


def test_our_own_complete_manifest_conforms(
    validator: Any,
) -> None:
    tree = tomllib.loads(COMPLETE)
    assert list(validator.iter_errors(tree)) == []
    assert schema_findings(tree) == ()


def test_every_broken_field_is_judged_as_the_schema_judges_it(
    validator: Any,
) -> None:
    trees = list(broken(tomllib.loads(COMPLETE)))
    judged = [(name, validator.is_valid(tree), tree) for name, tree in trees]
    apart = [name for name, good, tree in judged if good == bool(schema_findings(tree))]
    assert apart == []
    assert 500 < sum(not good for _, good, _ in judged) < len(judged) - 100


def test_every_real_manifest_is_judged_as_the_schema_judges_it(
    validator: Any,
) -> None:
    apart, refused = [], 0
    paths = [path for path in real_manifests() if path.suffix == ".toml"]
    for path in paths:
        tree = tomllib.loads(path.read_text("utf-8"))
        good = validator.is_valid(tree)
        refused += not good
        if good == bool(schema_findings(tree)):
            apart.append(path.name)
    assert apart == []
    assert len(paths) >= 1600
    assert refused >= 20


def test_the_schema_refuses_the_sixth_readiness_level_and_we_say_so() -> None:
    tree = tomllib.loads(COMPLETE.replace("OTRL-3", "OTRL-6"))
    (found,) = schema_findings(tree)
    assert (found.path, found.rule) == ("technology-readiness-level", "schema")
