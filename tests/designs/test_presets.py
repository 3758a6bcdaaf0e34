"""Presets as OpenSCAD stores them: every value a text."""

from __future__ import annotations

import json

import pytest

from nearmade.designs.customizer import read_parameters
from nearmade.designs.presets import MAX_PRESETS_CHARS, read_presets
from nearmade.vocabulary.errors import InvalidInput

SCHEMA = read_parameters('w = 5; // [1:10]\nn = "x";\nv = [1, 2];\nf = true;')


def test_texts_become_values_and_gaps_are_filled() -> None:
    text = json.dumps(
        {
            "parameterSets": {
                "wide": {"w": "8", "v": "[3, 4]", "f": "false"},
                "plain": {},
            },
            "fileFormatVersion": "1",
        }
    )
    assert read_presets(text, SCHEMA) == {
        "wide": {"w": 8.0, "n": "x", "v": (3.0, 4.0), "f": False},
        "plain": {"w": 5.0, "n": "x", "v": (1.0, 2.0), "f": True},
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "parameterSets is missing"),
        ("{}", "parameterSets is missing"),
        ('{"parameterSets": {"a": 5}}', "preset 'a': must be a table"),
        ('{"parameterSets": {"a": {"w": "99"}}}', "preset 'a': w: 99 is outside"),
        (" " * (MAX_PRESETS_CHARS + 1), "at most 1000000"),
    ],
)
def test_presets_that_break_a_rule_are_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read_presets(text, SCHEMA)


def test_all_broken_presets_are_named_at_once() -> None:
    text = '{"parameterSets": {"a": {"w": "99"}, "b": {"x": "1"}, "c": {}}}'
    with pytest.raises(InvalidInput) as caught:
        read_presets(text, SCHEMA)
    assert "preset 'a'" in caught.value.message
    assert "preset 'b'" in caught.value.message
