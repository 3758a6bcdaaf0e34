"""OKH manifests: nothing is lost, nothing is guessed."""

from __future__ import annotations

import tomllib

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.designs.manifest import (
    MAX_MANIFEST_BYTES,
    edit,
    read_okh,
    write_okh,
)
from nearmade.designs.okh_values import is_safe_place
from nearmade.vocabulary.errors import InvalidInput
from tests.shared_data import shared

CLEAN = """
okhv = "OKH-LOSHv1.0"
name = "Spout\\n"
repo = "https://example.org/spout"
version = 1.0
license = "CC-BY-SA-4.0"
licensor = [{ name = "Ada", email = "ada@example.org" }, "Grace"]
organization = "A lab"
function = "Pours."
bom = ["bom.csv"]
timestamp = 2024-05-27
rpm-of-ours = 666

[outer-dimensions]
openSCAD = "cube(size = [4,3,1])"
unit = "mm"

[nearmade]
id = "spout"

[[part]]
name = "Cap"
tsdc = ["3DP"]
source = "cap.scad"
infill = 15
supports = true
[part.nearmade]
part = "cap"
"""


def test_our_view_takes_every_way_of_writing() -> None:
    manifest = read_okh(CLEAN)
    assert (manifest.name, manifest.version) == ("Spout", "1.0")
    assert manifest.licensor == "Ada, Grace"
    assert (manifest.organization, manifest.bom) == ("A lab", "bom.csv")
    (cap,) = manifest.parts
    assert (cap.name, cap.tsdc, cap.source) == ("Cap", "3DP", "cap.scad")
    assert (cap.infill_percent, cap.supports, cap.material) == (15.0, True, None)
    assert cap.extra == {"part": "cap"}
    assert manifest.extra == {"id": "spout"}


def test_an_untouched_manifest_is_written_as_it_came() -> None:
    text = "# kept\n" + CLEAN
    assert write_okh(read_okh(text)) == text


def test_an_edit_changes_one_value_and_keeps_all_others_with_their_types() -> None:
    changed = edit(read_okh(CLEAN), ("part", 0, "infill"), 25)
    expected = tomllib.loads(CLEAN)
    expected["part"][0]["infill"] = 25
    again = tomllib.loads(write_okh(changed))
    assert again == expected
    assert type(again["version"]) is float
    assert changed.parts[0].infill_percent == 25.0


def test_an_edit_may_open_a_table_and_leaves_the_first_manifest_alone() -> None:
    first = read_okh(CLEAN)
    second = edit(first, ("mass", "value"), 12.5)
    assert second.raw["mass"] == {"value": 12.5}
    assert "mass" not in first.raw


@pytest.mark.parametrize("path", [(), ("part", 7, "x"), ("name", "x"), ("part", "x")])
def test_an_edit_that_leads_nowhere_is_refused(path: tuple[str | int, ...]) -> None:
    with pytest.raises(InvalidInput, match="no place"):
        edit(read_okh(CLEAN), path, 1)


_KEYS = st.text("abcdefghij-", min_size=1, max_size=8)
_VALUES = st.recursive(
    st.one_of(
        st.text(max_size=20),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.booleans(),
        st.dates(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=40)
@given(st.dictionaries(_KEYS, _VALUES, max_size=6), st.booleans())
def test_any_manifest_at_all_is_read_and_comes_back_whole(
    tree: dict[str, object],
    known: bool,
) -> None:
    if known:
        tree = {"part": tree, "license": tree, "nearmade": tree, "tsdc": tree, **tree}
    text = tomli_w.dumps(tree)
    manifest = read_okh(text)
    assert write_okh(manifest) == text
    again = edit(manifest, ("touched",), 1)
    assert tomllib.loads(write_okh(again)) == {**tomllib.loads(text), "touched": 1}


def test_old_spellings_are_understood_and_no_fault() -> None:
    text = 'spdx-license = "MIT"\norganisation = {name = "A"}\nuserManual = "u.md"'
    manifest = read_okh(text)
    assert (manifest.licence, manifest.organization) == ("MIT", "A")
    noted = {(one.path, one.rule, one.suggestion) for one in manifest.diagnoses}
    assert ("spdx-license", "spelling", "license") in noted
    assert ("userManual", "spelling", "user-manual") in noted
    assert not [one for one in manifest.diagnoses if one.path == "license"]


def test_a_value_of_the_wrong_kind_is_nothing_in_our_view() -> None:
    text = (
        "name = []\nlicensor = []\npart = [1]\nnearmade = 1\nbom = []\nversion = true"
    )
    manifest = read_okh(text)
    assert (manifest.name, manifest.licensor, manifest.version) == ("", "", "")
    assert (manifest.parts, manifest.extra, manifest.bom) == ((), {}, "")
    (part,) = read_okh("[[part]]\ninfill = 'x'\nsupports = 1\nnearmade = 5").parts
    assert (part.infill_percent, part.supports, part.extra) == (None, None, {})


@pytest.mark.parametrize(
    ("place", "safe"),
    [
        ("docs/a.md", True),
        ("/docs/a.md", True),
        ("https://example.org/a", True),
        ("http://example.org/a", True),
        ("../a", False),
        ("docs/../../a", False),
        ("//host/a", False),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("a\\b", False),
    ],
)
def test_places_stay_inside_the_repository_or_on_the_web(
    place: str,
    safe: bool,
) -> None:
    assert is_safe_place(place) is safe


@pytest.mark.parametrize("text", ["=", "a = ", " " * (MAX_MANIFEST_BYTES + 1)])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_okh(text)


@pytest.mark.parametrize(
    "name",
    [
        "okh-OHLOOM.toml",
        "LOSH-dummy-MOSH-A/okh.toml",
        "real/PlanktoScope.okh.toml",
        "real/Wakoma-nimble.okh.toml",
    ],
)
def test_real_manifests_survive_an_edit(name: str) -> None:
    text = shared("okh_okw", "okh_toml", *name.split("/")).read_text()
    manifest = read_okh(text)
    assert write_okh(manifest) == text
    renamed = tomllib.loads(write_okh(edit(manifest, ("name",), "Other")))
    assert renamed == {**tomllib.loads(text), "name": "Other"}
