"""Values: what is accepted, what is refused, and how they are written."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.designs.customizer import read_parameters
from nearmade.designs.design import Parameter, ParameterValue
from nearmade.designs.values import (
    canonical,
    check,
    instance_key,
    scad_literal,
    validate,
)
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import Sha256

SPECTACLES = read_parameters("""
lens = 50; // [40:0.5:60]
engraving = "Ada"; //8
style = "round"; // [round:Round, square:Square]
size = 10; // [10:S, 20:M]
flat = false;
offset = [1, 2, 3]; // [0:10]
free = "";
count = 3;
""")
BY_NAME = {parameter.name: parameter for parameter in SPECTACLES}


def test_every_parameter_has_a_value_and_the_rest_is_as_the_design_says() -> None:
    assert validate(SPECTACLES, {"lens": 42.5}) == {
        "lens": 42.5,
        "engraving": "Ada",
        "style": "round",
        "size": 10.0,
        "flat": False,
        "offset": (1.0, 2.0, 3.0),
        "free": "",
        "count": 3.0,
    }


@pytest.mark.parametrize(
    ("name", "given_value", "expected"),
    [
        ("lens", "55", 55.0),
        ("lens", " 55.25 ", 55.25),  # off its step: kept
        ("lens", 40, 40.0),
        ("lens", "60.00000000000001", 60.0),  # rounding, not meaning
        ("count", "-1e3", -1000.0),
        ("count", "-0", 0.0),
        ("engraving", "", ""),
        ("engraving", "e\u0301", "é"),
        ("engraving", '"\\;{}', '"\\;{}'),
        ("style", "square", "square"),
        ("size", "20", 20.0),
        ("size", 20, 20.0),
        ("flat", "on", True),
        ("flat", "False", False),
        ("flat", "", False),
        ("flat", True, True),
        ("offset", "[4, 5,6]", (4.0, 5.0, 6.0)),
        ("offset", "4,5,6", (4.0, 5.0, 6.0)),
        ("offset", [4, "5", 6.0], (4.0, 5.0, 6.0)),
    ],
)
def test_values_may_come_as_a_form_or_a_command_line_sends_them(
    name: str, given_value: object, expected: ParameterValue
) -> None:
    assert validate(SPECTACLES, {name: given_value})[name] == expected


@pytest.mark.parametrize(
    ("name", "given_value", "words"),
    [
        ("lens", "61", "lens: 61 is outside 40 to 60"),
        ("lens", 39.9, "lens: 39.9 is outside 40 to 60"),
        ("lens", "nan", "lens: 'nan' is not a usable number"),
        ("lens", math.nan, "lens: nan is not a usable number"),
        ("lens", "inf", "not a usable number"),
        ("lens", math.inf, "not a usable number"),
        ("count", 10**400, "not a usable number"),
        ("count", "1e400", "not a usable number"),
        ("count", "1" * 41, "not a usable number"),
        ("lens", "5O", "not a usable number"),
        ("lens", "٥٠", "not a usable number"),
        ("lens", "1_0", "not a usable number"),
        ("lens", "1;cube(9)", "not a usable number"),
        ("lens", True, "not a usable number"),
        ("lens", None, "not a usable number"),
        ("engraving", "123456789", "9 characters, at most 8"),
        ("free", "x" * 501, "501 characters, at most 500"),
        ("engraving", "a\nb", "U+000A"),
        ("engraving", "a\x00", "U+0000"),
        ("engraving", "\u202egnp", "U+202E"),
        ("engraving", "\ud800", "U+D800"),
        ("engraving", 5, "must be a text"),
        ("style", "oval", "is not one of round, square"),
        ("style", 5, "is not one of round, square"),
        ("size", "15", "is not one of 10, 20"),
        ("size", "S", "is not one of 10, 20"),
        ("flat", "perhaps", "must be true or false"),
        ("flat", 1, "must be true or false"),
        ("offset", "[1,2]", "must be 3 numbers, such as [1.0,2.0,3.0]"),
        ("offset", [1, 2, 11], "offset: 11 is outside 0 to 10"),
        ("offset", "[1,2,x]", "not a usable number"),
        ("offset", 5, "must be 3 numbers"),
        ("offset", "1,2," + " " * 200 + "3", "must be 3 numbers"),
        ("lense", "50", "did you mean lens?"),
        ("zzz", "50", "it has lens, engraving"),
    ],
)
def test_a_refusal_names_the_parameter_the_value_and_the_rule(
    name: str, given_value: object, words: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        validate(SPECTACLES, {name: given_value})
    assert words in caught.value.message
    assert caught.value.code == "parameters"


def test_all_problems_come_in_one_message() -> None:
    wrong = {"lens": 99, "style": "oval", "lense": 1, "flat": "x"}
    with pytest.raises(InvalidInput) as caught:
        validate(SPECTACLES, wrong)
    assert caught.value.message.count(";") == 3


def test_one_sided_ranges_bind_on_their_side() -> None:
    above = Parameter("a", "number", 1.0, minimum=1.0)
    assert check(above, 5) == 5.0
    with pytest.raises(InvalidInput, match="outside 1 to"):
        check(above, 0)
    with pytest.raises(InvalidInput, match="outside"):
        check(Parameter("a", "number", 1.0, maximum=2.0), 3)


def test_hostile_text_stays_one_literal() -> None:
    hostile = '"; include </etc/passwd>; //\\'
    assert scad_literal(hostile) == r'"\"; include </etc/passwd>; //\\"'


@pytest.mark.parametrize("value", [math.nan, math.inf, "a\nb", (1.0, -math.inf)])
def test_what_was_never_validated_is_not_written(value: ParameterValue) -> None:
    with pytest.raises(InvalidInput):
        scad_literal(value)


@given(st.text())
def test_any_text_that_is_accepted_is_written_so_that_json_reads_it_back(
    text: str,
) -> None:
    # JSON is an independent reader: of OpenSCAD's escapes we write only those two
    # that JSON shares.
    try:
        value = check(BY_NAME["free"], text)
    except InvalidInput:
        return
    literal = scad_literal(value)
    assert json.loads(literal) == value
    assert "\n" not in literal


@given(
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)),
    )
)
def test_numbers_truth_values_and_vectors_are_read_back_equal(
    value: float | bool | tuple[float, ...],
) -> None:
    read = json.loads(scad_literal(value))
    assert (tuple(read) if isinstance(read, list) else read) == value


@given(st.floats(40, 60), st.sampled_from(["round", "square"]), st.booleans())
def test_validating_twice_changes_nothing(
    lens: float,
    style: str,
    flat: bool,
) -> None:
    once = validate(SPECTACLES, {"lens": lens, "style": style, "flat": flat})
    assert validate(SPECTACLES, once) == once


def test_equal_values_have_one_key_and_others_another() -> None:
    version = Sha256("ab" * 32)
    key = instance_key(version, "wasm 1", {"b": 0.0, "a": (1.0, 2.0), "c": "x"})
    assert key == instance_key(version, "wasm 1", {"a": (1, 2), "c": "x", "b": -0.0})
    assert len(key) == 64
    others = {
        instance_key(version, "wasm 2", {"b": 0.0, "a": (1.0, 2.0), "c": "x"}),
        instance_key(Sha256("cd" * 32), "wasm 1", {"b": 0, "a": (1, 2), "c": "x"}),
        instance_key(version, "wasm 1", {"b": 1.0, "a": (1.0, 2.0), "c": "x"}),
        instance_key(version, "wasm 1", {"b": False, "a": (1.0, 2.0), "c": "x"}),
    }
    assert len(others | {key}) == 5


def test_canonical_values_are_plain_json_in_order() -> None:
    values: dict[str, ParameterValue] = {"b": (1, 2), "a": 50, "c": True, "d": "x"}
    assert json.dumps(canonical(values)) == (
        '{"a": 50.0, "b": [1.0, 2.0], "c": true, "d": "x"}'
    )
