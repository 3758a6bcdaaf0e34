"""The customizer's syntax, row by row; answers from OpenSCAD 2025.01's own export."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.designs.customizer import (
    MAX_SOURCE_CHARS,
    read_assignments,
    read_literal,
    read_parameters,
)
from nearmade.designs.design import Option, Parameter
from nearmade.vocabulary.errors import InvalidInput


def only(source: str) -> Parameter:
    """Read the one parameter of a source."""
    (parameter,) = read_parameters(source)
    return parameter


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        ("[10]", (0, 1, 10)),
        ("[1:10]", (1, 1, 10)),
        ("[1:0.5:10]", (1, 0.5, 10)),
        ("[0:.1:3]", (0, 0.1, 3)),
        ("[-5:5]", (-5, 1, 5)),
        ("[-10 : 1 : 10]", (-10, 1, 10)),
        ("[ 1e1 : 2e1 ]", (10, 1, 20)),
        ("0.5", (None, 0.5, None)),
        ("-0.5", (None, None, None)),
        ("just text", (None, None, None)),
        ("[1:2:9] trailing text", (None, None, None)),
        ("[0:10] // more", (None, None, None)),
    ],
)
def test_a_number_takes_its_range_from_the_comment_behind_it(
    remark: str, expected: tuple[float | None, ...]
) -> None:
    found = only(f"a = 5; // {remark}")
    assert found.kind == "number"
    assert (found.minimum, found.step, found.maximum) == expected


@pytest.mark.parametrize(
    ("literal", "remark", "expected"),
    [
        ('"x"', "[x,y]", [("x", "x"), ("y", "y")]),
        ("10", "[10:S, 20:M]", [(10, "S"), (20, "M")]),
        ('"foo"', '[foo:Foo bar, "b", c d:E]', [("foo", "Foo bar"), ("b", "b"),
                                                ("c d", "E")]),
        ('"f"', "[ f ]", [("f", "f")]),
        ('"f"', "[f, g,]", [("f", "f"), ("g", "g")]),
        ('"a//b"', "[a//b, c]", [("a//b", "a//b"), ("c", "c")]),
        ('"é"', "[é:É, z]", [("é", "É"), ("z", "z")]),
        ("3", "[1:One, 3:Three's, 5]", [(1, "One"), (3, "Three's"), (5, "5")]),
        ('"other"', "[x,y]", [("other", "other"), ("x", "x"), ("y", "y")]),
        ("7", "[1,2]", [(7, "7"), (1, "1"), (2, "2")]),
        ("4", "[max]", [(4, "4"), ("max", "max")]),
        ('"a,b"', '["a,b":Both, c]', [("a,b", "Both"), ("c", "c")]),
        # Ours on purpose: the options of a text are texts.
        ('"2"', "[1,2,3]", [("1", "1"), ("2", "2"), ("3", "3")]),
    ],
)  # fmt: skip
def test_a_list_in_the_comment_makes_a_dropdown(
    literal: str, remark: str, expected: list[tuple[float | str, str]]
) -> None:
    found = only(f"a = {literal}; // {remark}")
    assert found.kind == "choice"
    assert found.options == tuple(Option(value, label) for value, label in expected)


@pytest.mark.parametrize(
    ("remark", "length"),
    [("8", 8), ("20", 20), ("", None), ("name", None), ("[1:2]", None), ("[]", None)],
)
def test_a_text_may_have_a_longest_length(remark: str, length: int | None) -> None:
    found = only(f'a = "hello"; //{remark}')
    assert (found.kind, found.max_length, found.options) == ("text", length, ())


@pytest.mark.parametrize("remark", ['["a" "b"]', "[a:b:c]", '[a"b]'])
def test_a_list_that_makes_no_sense_never_breaks_the_reading(remark: str) -> None:
    assert only(f'a = "hello"; // {remark}').initial == "hello"


@pytest.mark.parametrize(
    ("literal", "kind", "initial"),
    [
        ("true", "switch", True),
        ("false", "switch", False),
        ("-3", "number", -3.0),
        ("- 4", "number", -4.0),
        ("+4", "number", 4.0),
        (".5", "number", 0.5),
        ("1e3", "number", 1000.0),
        ("[1, 2,3]", "vector", (1.0, 2.0, 3.0)),
        ("[-1]", "vector", (-1.0,)),
        ("[1, 2,]", "vector", (1.0, 2.0)),
        (r'"esc\"q\\ \t\x41\u00e9"', "text", 'esc"q\\ \tAé'),
        (r'"\U01F600 \U110000 \q"', "text", "\U0001f600  \\q"),
    ],
)
def test_every_kind_of_literal_is_a_parameter(
    literal: str, kind: str, initial: object
) -> None:
    found = only(f"a = {literal};")
    assert (found.kind, found.initial) == (kind, initial)


@pytest.mark.parametrize(
    "source",
    [
        "a = 1 + 1;",
        "a = b;",
        "a = undef;",
        "a = 0x1F;",
        "a = [1,2,3,4,5];",
        "a = [];",
        'a = ["x", "y"];',
        "a = [1:3];",
        "a = [for (i = 0; i < 3; i = i + 1) i];",
        "function a(x) = 5;",
        "cube(a = 5);",
        "a[0] = 5;",
        "5 = 5;",
        "echo(1); // a = 5;",
        "/* a = 5; */",
        "/* a = 5;",
        'a = "open;',
        "a = 5",
        "a;",
        "module m() { } a = 5;",
        "module m() {\n}\na = 5;",
        "a = 5; module m() {}",
        "a = 5; a = b;",
        "a = 5;\nmodule m() {}\na = 6;",
        "/* [Hidden] */\na = 5;",
        "/* [Hidden] */\n/* a word */\na = 5;",
    ],
)
def test_what_is_no_literal_at_the_top_is_no_parameter(source: str) -> None:
    assert read_parameters(source) == ()


def test_a_brace_in_a_comment_or_text_does_not_end_the_parameters() -> None:
    source = 'a = "{"; // {\n/* { */\nb = 2;\nuse <c.scad>\ninclude <d.scad>\nc = 3;'
    assert [found.name for found in read_parameters(source)] == ["a", "b", "c"]


def test_what_stands_above_the_first_brace_stays() -> None:
    source = "a = 1;\nb = a;\nmodule m(x) { y = [1]; cube(x); }\nc = 2;"
    assert [found.name for found in read_parameters(source)] == ["a"]


def test_sections_group_what_follows_them() -> None:
    source = """
a = 1;
/* [ One ] [Two] */
b = 2;
/* several
   [lines] */
c = 3;
/* plain */
d = 4;
/* [Global] */ e = 5;
f = 6;
"""
    groups = {found.name: found.group for found in read_parameters(source)}
    assert groups == {
        "a": "Parameters",
        "b": "One -Two",
        "c": "One -Two",
        "d": "One -Two",
        "e": "One -Two",
        "f": "Global",
    }


def test_the_comment_line_right_above_is_the_caption() -> None:
    source = "// far\n\n// Size, in mm\na = 1;\n  // indented\nb = 2;\nc = 3; // [9]\n"
    captions = [found.caption for found in read_parameters(source)]
    assert captions == ["Size, in mm", "", ""]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    found = only("\ufeff// Size\r\na = 1; // [1:3]\r\n")
    assert (found.caption, found.maximum) == ("Size", 3.0)


def test_a_later_value_wins_and_keeps_the_first_place() -> None:
    found = read_parameters("a = 1;\nb = 2;\na = 3; // [9]")
    assert [(one.name, one.initial, one.maximum) for one in found] == [
        ("a", 3.0, 9.0),
        ("b", 2.0, None),
    ]


def test_two_statements_on_a_line_have_no_widget() -> None:
    assert [one.maximum for one in read_parameters("a = 1; b = 2; // [9]")] == [
        None,
        None,
    ]


def test_special_variables_are_parameters_too() -> None:
    assert only("$fn = 32; // [8:64]").name == "$fn"


def test_a_vector_takes_a_range_for_each_of_its_numbers() -> None:
    found = only("a = [1, 2]; // [0:10]")
    assert (found.kind, found.minimum, found.maximum) == ("vector", 0.0, 10.0)


def test_hidden_assignments_can_still_be_asked_for() -> None:
    (part,) = read_assignments('/* [Hidden] */\npart = "front";\nx = y;')
    assert (part.name, part.value, part.line, part.group) == (
        "part",
        "front",
        2,
        "Hidden",
    )


def test_a_source_of_a_million_characters_and_one_is_refused() -> None:
    with pytest.raises(InvalidInput, match="1000001 characters"):
        read_parameters(" " * (MAX_SOURCE_CHARS + 1))


def test_a_literal_alone_can_be_read_and_code_cannot() -> None:
    assert read_literal(' "a" ') == "a"
    assert read_literal('"a"; cube(1)') is None


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "line",
    [
        'a = "x"; // [' + " " * 1900 + '"]\n',
        'a = "x"; // [' + ' "' * 900 + "]\n",
        "a = 5; // [" + "1:" * 900 + "]\n",
        "/* " + "[a" * 900 + " */\n",
        "a = 1;/*[x]*/",
    ],
)
def test_a_hostile_source_is_read_in_seconds_not_hours(line: str) -> None:
    source = line * (500_000 // len(line))
    assert len(read_parameters(source)) <= 1


@given(st.text(alphabet='ab=5.;[]{}()"\\/*\n\r :,-+<>e', max_size=80))
def test_any_text_at_all_is_read_without_an_error(source: str) -> None:
    for found in read_parameters(source):
        assert found.name
