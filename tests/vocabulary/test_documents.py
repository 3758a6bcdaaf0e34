"""Documents: read with their types, written without loss, refused in bounded time."""

from __future__ import annotations

import hashlib
import json
import math
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.vocabulary.document_trees import MOST_NODES, leaves, path_of
from nearmade.vocabulary.documents import (
    MAX_BYTES,
    differences,
    read_document,
    write_document,
)
from nearmade.vocabulary.errors import InvalidInput


def yaml_tree(text: str) -> Any:
    document = read_document(text.encode(), "a.yml")
    assert document.readable, document.diagnoses
    return document.tree


@pytest.mark.parametrize(
    ("written", "value"),
    [
        # YAML 1.2.2, section 10.3.2, the core schema, and dates as of YAML 1.1's
        # timestamp type
        ("1.0", 1.0),
        ("1", 1),
        ("1.0.0", "1.0.0"),
        ("no", "no"),
        ("true", True),
        ("0o14", 12),
        ("014", 14),
        ("0x1F", 31),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        (".inf", math.inf),
        ("2024-05-27", date(2024, 5, 27)),
        ("2024-05-27T10:00:00Z", datetime(2024, 5, 27, 10, tzinfo=UTC)),
        ("2024-05-27 10:00:00.5 -02:30",
         datetime(2024, 5, 27, 10, 0, 0, 500_000,
                  timezone(timedelta(hours=-2, minutes=-30)))),
    ],
)  # fmt: skip
def test_yaml_gives_the_types_of_yaml_1_2(written: str, value: object) -> None:
    found = yaml_tree(f"a: {written}")["a"]
    assert (type(found), found) == (type(value), value)


def test_a_directive_of_yaml_1_1_is_obeyed() -> None:
    assert yaml_tree("%YAML 1.1\n---\na: no\nb: 014\n") == {"a": False, "b": 12}


def test_aliases_and_merges_are_written_out() -> None:
    tree = yaml_tree("a: &x {k: 1, l: 2}\nb: *x\nc:\n  <<: *x\n  l: 3\n")
    assert tree == {"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 2}, "c": {"k": 1, "l": 3}}


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("%Open Know-How Manifest 1.0\n---\ntitle: a\n", "%Open Know-How Manifest 1.0"),
        ("%Open know-how manifest 0.1\ntitle: a\n", "%Open know-how manifest 0.1"),
        ("# Open know-how manifest 0.1\ntitle: a\n", "# Open know-how manifest 0.1"),
        ("\ufeff%Open Know-How Manifest 1.0\r\n---\r\ntitle: a\r\n",
         "%Open Know-How Manifest 1.0"),
        ("title: a\n", ""),
    ],
)  # fmt: skip
def test_the_line_that_declares_the_standard_is_kept_apart(
    text: str, head: str
) -> None:
    document = read_document(text.encode(), "okh.yml")
    assert (document.head, document.tree) == (head, {"title": "a"})
    changed = write_document(document, {"title": "b"})
    again = read_document(changed, "okh.yml")
    assert (again.head, again.tree) == (head, {"title": "b"})


def test_bytes_hash_and_format_are_kept() -> None:
    data = b'{"a": 1}'
    document = read_document(data, "A.JSON")
    assert (document.data, document.format) == (data, "json")
    assert document.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b'{"a": 1}', "json"),
        (b'[{"a": 1}]', "json"),
        (b"a = 1\n", "toml"),
        (b"# x\n[[part]]\n", "toml"),
        (b"a: 1\n", "yaml"),
        (b"%Open Know-How Manifest 1.0\n---\na: 1", "yaml"),
        (b"", "yaml"),
    ],
)
def test_without_an_ending_the_content_tells_the_format(data: bytes, form: str) -> None:
    assert read_document(data, "manifest").format == form


def test_yaml_and_json_may_be_utf_16() -> None:
    assert read_document("a: é".encode("utf-16"), "a.yml").tree == {"a": "é"}


@pytest.mark.parametrize(
    ("name", "data", "path", "rule"),
    [
        ("a.toml", b"a = 1\nb = \n", "line 2, column 5", "syntax"),
        ("a.toml", b"a = [1,", "line 1, column 8", "syntax"),
        ("a.json", b'{"a": 1,\n "b" 2}', "line 2, column 6", "syntax"),
        ("a.json", b'{"NaN": "x\\"NaN",\n "a": NaN}', "line 2, column 7", "syntax"),
        ("a.json", b'{"a": 1, "a": 2}', "a", "duplicate-key"),
        ("a.json", b'{"a": ["x\\ud800"]}', "a[0]", "encoding"),
        ("a.json", b'{"a": {"\\udfff": 1}}', "a", "encoding"),
        ("a.yml", b'a: "\\ud800"', "a", "encoding"),
        ("a.yml", b"a: 1\nb:\n\tc: 1", "line 3, column 1", "syntax"),
        ("a.yml", b"a: 1\na: 2\n", "line 2, column 1", "duplicate-key"),
        ("a.yml", b"a: 1\n---\nb: 2\n", "line 2, column 1", "syntax"),
        ("a.yml", b"? [a]\n: 1\n", "line 1, column 3", "syntax"),
        ("a.yml", b"a: 1\n<<: 5\n", "line 2, column 5", "syntax"),
        ("a.yml", b"a: \x07", "", "syntax"),
        ("a.yml", b'a: "\\U00110000"', "", "syntax"),
        ("a.yml", "a: é".encode("latin-1"), "line 1, column 4", "encoding"),
        ("a.toml", b"a = 1\nb = '\xff'", "line 2, column 6", "encoding"),
        ("a.toml", b"a = 1\nb = '\x00'", "line 2, column 6", "encoding"),
        ("a.toml", b"a." * 1000 + b"b = 1", "line 1, column 1", "size"),
        ("a.toml", b"a = 0x" + b"f" * 5000, "line 1, column 3", "size"),
        ("a.json", b'{"a": ' + b"9" * 5000 + b"}", "", "syntax"),
        ("a.yml", b"a: " + b"9" * 5000, "", "size"),
        ("a.yml", b"[" * 5000, "", "size"),
        ("a.yml", b"- " * 5000 + b"x", "", "size"),
        ("a.yml", b"a: &a [*a]\n", "", "size"),
        ("a.json", b"[" * 100_000, "", "size"),
        ("a.json", b'{"a":' * 70 + b"1" + b"}" * 70, "", "size"),
        ("a.toml", b"a = 0x" + b"f" * 300, "", "size"),
        ("a.json", b"[" + b"1," * MOST_NODES + b"1]", "", "size"),
        ("a.toml", b"a=" + b"[" * 5000, "", "size"),
        ("a.yml", b" " * (MAX_BYTES["yaml"] + 1), "", "size"),
        ("a.toml", b" " * (MAX_BYTES["toml"] + 1), "", "size"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(
    name: str, data: bytes, path: str, rule: str
) -> None:
    document = read_document(data, name)
    (found,) = document.diagnoses
    assert (found.path, found.rule) == (path, rule)
    assert len(found.value) <= 80
    assert (document.tree, document.readable, document.data) == ({}, False, data)
    assert write_document(document) == data
    with pytest.raises(InvalidInput) as refusal:
        write_document(document, {"a": 1})
    assert refusal.value.code == "document-unreadable"


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    for above, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{','.join([f'*{above}'] * 9)}]")
    document = read_document("\n".join(lines).encode(), "a.yml")
    (found,) = document.diagnoses
    assert (found.rule, found.value) == ("size", f"more than {MOST_NODES} values")


def test_a_tag_is_named_and_never_obeyed() -> None:
    document = read_document(
        b"a: !!python/object/apply:os.system [echo]\nb: !ours {c: 1}\n", "a.yml"
    )
    assert document.tree == {"a": ["echo"], "b": {"c": 1}}
    assert [(one.path, one.rule) for one in document.diagnoses] == [
        ("a", "tag"),
        ("b", "tag"),
    ]


def test_a_date_that_never_was_stays_a_text_and_is_told() -> None:
    document = read_document(b"a: 2020-13-45\n", "a.yml")
    (found,) = document.diagnoses
    assert document.tree == {"a": "2020-13-45"}
    assert (found.path, found.rule) == ("a", "value")


def test_a_tag_that_its_value_does_not_bear_leaves_a_text() -> None:
    document = read_document(b"a: !!timestamp tea\nb: !!int x\n", "a.yml")
    assert document.tree == {"a": "tea", "b": "x"}
    assert [one.path for one in document.diagnoses] == ["a", "b"]


def test_a_whole_number_beyond_64_bits_is_told() -> None:
    document = read_document(b"a = [1, 99999999999999999999]", "a.toml")
    (found,) = document.diagnoses
    assert (found.path, found.rule) == ("a[1]", "range")
    assert document.tree["a"][1] == 99999999999999999999


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'{"a": [1, 1e400]}', "a.json"),
        (b"a = [1, -inf]", "a.toml"),
        (b"a: [1, .nan]", "a.yml"),
    ],
)
def test_a_number_without_end_is_a_fault(data: bytes, name: str) -> None:
    document = read_document(data, name)
    (found,) = document.diagnoses
    assert (found.path, found.rule) == ("a[1]", "range")
    assert found.suggestion == "a finite number"


def test_an_anchor_may_be_used_again() -> None:
    text = b"a: &x 1\nb: *x\nc: &x 2\nd: *x\n"
    document = read_document(text, "a.yml")
    assert document.tree == {"a": 1, "b": 1, "c": 2, "d": 2}
    assert not document.diagnoses
    written = write_document(document, document.tree | {"a": 7})
    assert read_document(written, "a.yml").tree == {"a": 7, "b": 1, "c": 2, "d": 2}


def test_programs_may_be_given_more_room_than_people() -> None:
    data = b"[" + b"1," * MOST_NODES + b"1]"
    assert read_document(data, "a.json", times=2).readable
    assert not read_document(b"- 1\n" * MOST_NODES, "a.yml", times=2).readable


@pytest.mark.parametrize(
    ("one", "other", "paths"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ()),
        ({"a": 1}, {"a": 1.0}, ("a",)),
        ({"a": 1}, {"a": True}, ("a",)),
        ({"a": "1"}, {"a": 1}, ("a",)),
        ({"a": None}, {}, ("a",)),
        ({"a": [1, 2]}, {"a": [2, 1]}, ("a[0]", "a[1]")),
        ({"a": [1]}, {"a": [1, 2]}, ("a[1]",)),
        ({"a": {"b.c": 1}}, {"a": {}}, ('a."b.c"',)),
        ({"a": []}, {"a": {}}, ("a",)),
        ({1: "x"}, {"1": "x"}, ('"\\"1\\""', "1")),
        ({1: "x"}, {True: "x"}, None),
        ({"a": math.nan}, {"a": math.nan}, ()),
        ({"a": 0.0}, {"a": -0.0}, ("a",)),
        ({"a": date(2024, 1, 1)}, {"a": datetime(2024, 1, 1, tzinfo=UTC)}, ("a",)),
        ({"a": datetime(2024, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))},
         {"a": datetime(2024, 1, 1, 0, tzinfo=UTC)}, ("a",)),
    ],
)  # fmt: skip
def test_a_difference_of_value_or_type_is_seen_at_its_path(
    one: Any, other: Any, paths: tuple[str, ...] | None
) -> None:
    found = differences(one, other)
    if paths is None or 1 in one:
        assert len(found) == 2
    else:
        assert found == paths
    assert bool(differences(other, one)) is bool(found)


def test_an_edit_of_yaml_keeps_comments_quotes_and_order() -> None:
    text = (
        "%Open Know-How Manifest 1.0\n---\n"
        "# who\ntitle: 'Spout'  # the name\n\nmade: true\n"
        'keywords:\n  - tea\n  - pot # round\nlicensor:\n  name: "Ada"\n'
    )
    document = read_document(text.encode(), "okh.yml")
    tree = json.loads(json.dumps(document.tree))
    tree["keywords"][0] = "coffee"
    tree["keywords"].append("no")
    del tree["licensor"]["name"]
    tree["licensor"]["email"] = "ada@example.org"
    written = write_document(document, tree).decode()
    assert "# who\ntitle: 'Spout'  # the name\n\nmade: true\n" in written
    assert written.startswith("%Open Know-How Manifest 1.0\n---\n")
    assert "  - coffee\n  - pot # round\n" in written
    assert read_document(written.encode(), "okh.yml").tree == tree


def test_an_edit_keeps_the_ends_of_lines_and_the_first_line() -> None:
    data = b"%Open Know-How Manifest 1.0\r\n---\r\ntitle: A # x\r\nbom: |\r\n  b\r\n"
    document = read_document(data, "okh.yml")
    written = write_document(document, document.tree | {"title": "B"})
    assert written == data.replace(b"title: A", b"title: B")


def test_an_edit_behind_an_alias_changes_that_place_alone() -> None:
    document = read_document(b"a: &x {k: 1}\nb: *x\n", "a.yml")
    tree = {"a": {"k": 2}, "b": {"k": 1}}
    assert read_document(write_document(document, tree), "a.yml").tree == tree


def test_json_keeps_its_indent() -> None:
    data = b'{\n  "a": 1,\n  "b": "\xc3\xa9"\n}\n'
    document = read_document(data, "a.json")
    assert write_document(document, {"a": 2, "b": "é"}) == data.replace(b"1", b"2")


@pytest.mark.parametrize(
    ("name", "data", "tree"),
    [
        ("a.toml", b"a = 1", {"a": None}),
        ("a.toml", b"a = 1", {1: "x"}),
        ("a.toml", b"a = 1", [1]),
        ("a.json", b"{}", {"a": date(2024, 1, 1)}),
        ("a.json", b"{}", {"a": math.nan}),
        ("a.json", b"{}", {1: "x"}),
        ("a.yml", b"a: 1", {"a": object()}),
    ],
)
def test_what_a_format_cannot_hold_is_refused(
    name: str, data: bytes, tree: Any
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        write_document(read_document(data, name), tree)
    assert refusal.value.code == "document-value"


_KEYS = st.text("abcN:#-. 1é\"'", min_size=1, max_size=6)
_LEAVES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["no", "1.0", "2024-05-27", "~", "", "a: b", "# x", "'", "|", "<<"]
    ),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)
_TREES = st.dictionaries(
    _KEYS,
    st.recursive(
        _LEAVES,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)
        ),
        max_leaves=6,
    ),
    max_size=4,
)


@settings(max_examples=40)
@given(_TREES, st.sampled_from(["a.toml", "a.yml", "a.json"]))
def test_any_tree_is_written_and_read_again_the_same(
    tree: dict[str, Any], name: str
) -> None:
    empty = read_document(b"{}" if name == "a.json" else b"", name)
    with suppress(InvalidInput):  # signs that YAML may not hold
        data = write_document(empty, tree)
        check_comes_back(data, name, tree)


def check_comes_back(data: bytes, name: str, tree: dict[str, Any]) -> None:
    again = read_document(data, name)
    assert differences(again.tree, tree) == ()
    assert write_document(again, tree) == data


@settings(max_examples=40)
@given(st.binary(max_size=200), st.sampled_from(["a.toml", "a.yml", "a.json", "a"]))
def test_no_bytes_at_all_make_the_reader_raise(data: bytes, name: str) -> None:
    document = read_document(data, name)
    assert document.readable or document.diagnoses
    assert write_document(document) == data


def test_leaves_and_their_paths_name_every_value() -> None:
    tree = {"a": [{"b": 1}, []], "c": {}}
    found = {path_of(steps): value for steps, value in leaves(tree)}
    assert found == {"a[0].b": 1, "a[1]": [], "c": {}}


def test_toml_comes_back_by_another_writer_the_same() -> None:
    tree = {"a": 1, "b": {"c": [1.5, "x"]}, "d": date(2024, 1, 1)}
    document = read_document(tomli_w.dumps(tree).encode(), "a.toml")
    assert differences(document.tree, tree) == ()
