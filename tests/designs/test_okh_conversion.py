"""The published mapping of OKH 1.0 to OKH-LOSH, row by row; nothing is lost."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.designs.okh import read_manifest
from nearmade.designs.okh_conversion import Conversion, convert, repository_of
from nearmade.designs.okh_rules import is_fault
from nearmade.designs.okh_v1_rules import KEYS
from nearmade.vocabulary.document_trees import leaves
from nearmade.vocabulary.documents import differences, read_document, write_document
from nearmade.vocabulary.errors import InvalidInput
from tests.shared_data import shared

LICENCE = "license:\n  hardware: CERN-OHL-S-2.0\n"


def converted(text: str) -> dict[str, Any]:
    made = made_from(text)
    tree = tomllib.loads(made.data.decode())
    assert differences(tree, dict(made.tree)) == ()
    return tree


def made_from(text: str) -> Conversion:
    text = text if "license:" in text else text + LICENCE
    return convert(read_manifest(text.encode(), "okh.yml"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # direct matches
        ("title: Spout\n", {"name": "Spout"}),
        ("version: 1.0\n", {"version": 1.0}),
        ("version: '1.10'\n", {"version": "1.10"}),
        ("image: a.jpg\n", {"image": "a.jpg"}),
        ("documentation-home: https://a.org\n", {"repo": "https://a.org"}),
        ("documentation_language: en-GB\n", {"documentation-language": "en-GB"}),
        ("bom: bom.csv\n", {"bom": "bom.csv"}),
        ("archive-download: a.zip\n", {"release": "a.zip"}),
        # date
        ("date-created: 2020-01-02\n", {"timestamp": "2020-01-02"}),
        ("date-created: 2020-01-02\ndate-updated: 2021-03-04\n",
         {"timestamp": "2021-03-04", "date-created": "2020-01-02"}),
        # derivative of
        ("derivative-of:\n  web: https://a.org/x\n", {"fork-of": "https://a.org/x"}),
        ("variant-of:\n  web: https://a.org/x\n", {"fork-of": "https://a.org/x"}),
        (("derivative-of:\n  title: X\n  web: https://a.org\n"
         "  manifest: https://github.com/o/r/blob/main/okh.yml\n"),
         {"fork-of": "https://github.com/o/r",
          "derivative-of": {"title": "X", "web": "https://a.org",
              "manifest": "https://github.com/o/r/blob/main/okh.yml"}}),
        # description
        ("description: Pours.\n", {"function": "Pours."}),
        ("description: Pours.\nintended-use: Tea.\nhealth-safety-notice: Hot.\n",
         {"function": "Pours.\n\nTea.\n\nHot.", "description": "Pours.",
          "intended-use": "Tea.", "health-safety-notice": "Hot."}),
        # development stage
        ("made-independently: true\nmade: true\n",
         {"technology-readiness-level": "OTRL-3",
          "documentation-readiness-level": "ODRL-3",
          "made-independently": True, "made": True}),
        ("made: true\nmade-independently: false\n",
         {"technology-readiness-level": "OTRL-3", "made": True,
          "made-independently": False}),
        ("development-stage: prototype\n",
         {"technology-readiness-level": "OTRL-3", "development-stage": "prototype"}),
        ("development-stage: product\n", {"development-stage": "product"}),
        # license
        ("license:\n  hardware: MIT\n", {"license": "MIT"}),
        ("license:\n  documentation: CC-BY-4.0\n", {"license": "CC-BY-4.0"}),
        ("license:\n  hardware: MIT\n  documentation: CC-BY-4.0\n  software: ISC\n",
         {"license": "MIT", "okh-v1": {"license": {"hardware": "MIT",
             "documentation": "CC-BY-4.0", "software": "ISC"}}}),
        ("license:\n  hardware: Our own terms\n",
         {"license": "LicenseRef-Our-own-terms",
          "okh-v1": {"license": {"hardware": "Our own terms"}}}),
        # licensor
        ("licensor:\n  name: Ada\n", {"licensor": "Ada"}),
        ("licensor:\n  name: Ada\n  email: a@b.org\n",
         {"licensor": "Ada",
          "okh-v1": {"licensor": {"name": "Ada", "email": "a@b.org"}}}),
        ("licensor:\n  - name: Ada\n  - name: Bea\n", {"licensor": ["Ada", "Bea"]}),
        # making instructions
        ("making-instructions:\n  - path: make.md\n",
         {"manufacturing-instructions": "make.md"}),
        ("making-instructions:\n  - path: a.md\n    title: A\n  - path: b.md\n",
         {"manufacturing-instructions": ["a.md", "b.md"],
          "making-instructions": [{"path": "a.md", "title": "A"}, {"path": "b.md"}]}),
        # operating instructions
        ("operating-instructions:\n  - path: use.md\n", {"user-manual": "use.md"}),
        ("operating-instructions:\n  - path: a.md\n  - path: b.md\n",
         {"user-manual": "a.md",
          "operating-instructions": [{"path": "a.md"}, {"path": "b.md"}]}),
        # software
        ("software:\n  - path: fw.zip\n    title: Firmware\n",
         {"software": [{"release": "fw.zip", "label": "Firmware"}]}),
        # standards used
        (("standards-used:\n  - standard-title: Chairs\n    reference: EN 1335\n"
         "  - standard-title: Tables\n"),
         {"standard-compliance": ["EN 1335", "Tables"],
          "standards-used": [{"standard-title": "Chairs", "reference": "EN 1335"},
                             {"standard-title": "Tables"}]}),
        # sub-thing
        ("sub:\n  title: Pump\n  web: https://a.org/pump\n",
         {"sub": [{"name": "Pump", "repo": "https://a.org/pump"}],
          "okh-v1": {"sub": {"title": "Pump", "web": "https://a.org/pump"}}}),
        ("sub:\n  title: Pump\n  manifest: pump.yml\n  web: https://a.org/pump\n",
         {"sub": [{"name": "Pump", "manifest-file": "pump.yml",
                   "repo": "https://a.org/pump"}],
          "okh-v1": {"sub": {"title": "Pump", "manifest": "pump.yml",
                             "web": "https://a.org/pump"}}}),
        (("sub-parts:\n  - title: Pump\n"
         "    manifest: https://raw.githubusercontent.com/o/r/main/okh.yml\n"),
         {"sub": [{"name": "Pump", "repo": "https://github.com/o/r",
             "manifest-file": "https://raw.githubusercontent.com/o/r/main/okh.yml"}],
          "sub-parts": [{"title": "Pump",
             "manifest": "https://raw.githubusercontent.com/o/r/main/okh.yml"}]}),
        # what the mapping has no key for
        ("our-own: {a: 1}\n", {"our-own": {"a": 1}}),
        ("manifest_language: en\n", {"manifest_language": "en"}),
        ("mass: heavy\n", {"okh-v1": {"mass": "heavy"}}),
        ("bom:\ncontact:\n  name:\n  email: a@b.org\n",
         {"contact": {"email": "a@b.org"},
          "okh-v1": {"empty": ["bom", "contact.name"]}}),
    ],
)  # fmt: skip
def test_each_row_of_the_mapping(text: str, expected: dict[str, Any]) -> None:
    tree = converted(text)
    assert tree.pop("okhv") == "OKH-LOSHv1.0"
    if "license" not in expected:
        assert tree.pop("license") == "CERN-OHL-S-2.0"
    if "timestamp" in tree:
        tree["timestamp"] = str(tree["timestamp"])
    if "date-created" in tree:
        tree["date-created"] = str(tree["date-created"])
    assert tree == expected


@pytest.mark.parametrize(
    "key",
    [
        "contributors", "design-files", "disposal-instructions",
        "documentation-is-translation", "keywords", "maintenance-instructions",
        "manifest-author", "manifest-is-translation", "manufacturing-files",
        "project-link", "quality-instructions", "risk-assessment", "schematics",
        "tool-list", "tool-settings", "contact",
    ],
)  # fmt: skip
def test_each_custom_field_of_the_mapping_keeps_its_key_and_is_no_fault(
    key: str,
) -> None:
    made = made_from(f"{key}:\n  - a: 1\n")
    assert made.tree[key] == [{"a": 1}]
    assert not [one for one in made.findings if one.path == key]


@pytest.mark.parametrize(
    "text",
    ["title: a\nlicense:\n  software: MIT\n", "license: MIT\n", "license: []\n"],
)
def test_without_a_licence_of_hardware_or_documentation_it_is_refused(
    text: str,
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        made_from(text)
    assert refusal.value.code == "manifest-no-licence"


def test_what_cannot_be_read_is_not_converted() -> None:
    with pytest.raises(InvalidInput, match="line 1, column 8") as refusal:
        convert(read_manifest(b"name = ", "okh.toml"))
    assert refusal.value.code == "manifest-unreadable"


def test_fields_that_must_be_there_are_asked_for_and_never_guessed() -> None:
    made = made_from("title: a\nproject-link: https://a.org\n")
    missing = {one.path for one in made.findings if one.rule == "required"}
    assert missing == {"repo", "function", "version", "licensor"}
    assert {one.path for one in made.schema} == missing


def test_a_complete_manifest_conforms_to_the_schema_afterwards() -> None:
    made = made_from(
        "title: a\ndescription: b\nversion: 1\nlicensor: {name: Ada}\n"
        "documentation-home: https://a.org\n"
    )
    assert made.schema == ()
    assert not any(is_fault(one) for one in made.findings)


def test_a_manifest_of_2_x_gets_todays_spelling_and_keeps_every_value() -> None:
    text = 'okhv = "2.0"\nuserManual = "u.md"\nforkOf = "x"\nrpm = 5\nstandard = "s"\n'
    made = convert(read_manifest(text.encode(), "okh.toml"))
    assert made.tree == {
        "okhv": "2.0", "user-manual": "u.md", "fork-of": "x", "rpm": 5,
        "standard-compliance": "s",
    }  # fmt: skip
    assert ("forkOf", "fork-of") in made.moved


def test_empty_fields_of_2_x_are_named_and_keys_that_fall_together_kept() -> None:
    made = convert(read_manifest(b'{"okhv": "2.4", "bom": null}', "okh.json"))
    assert made.tree == {"okhv": "2.4", "okh-v1": {"empty": ["bom"]}}
    ours = converted("ours: {1: a, '1': b}\n")["ours"]
    assert ours == {"1": "a", "1-": "b"}


def test_standards_and_software_of_another_kind_are_carried_as_they_are() -> None:
    text = "standards-used: [ISO, {publisher: x}]\nsoftware: [{}]\nsub: [Pump]\n"
    tree = converted(text + "derivative-of: {title: a}\nvariant-of: {title: b}\n")
    assert tree["standards-used"] == ["ISO", {"publisher": "x"}]
    assert "fork-of" not in tree
    assert tree["okh-v1"] == {"software": [{}], "sub": ["Pump"]}


def test_two_spellings_of_one_key_are_both_kept() -> None:
    text = 'fork-of = "a"\nforkOf = "b"\nfork_of = "c"\n'
    made = convert(read_manifest(text.encode(), "okh.toml"))
    assert made.tree == {"fork-of": "a", "forkOf": "b", "fork_of": "c"}
    both = converted("description: a\nDescription: b\n")
    assert both["function"] == "a"
    assert both["Description"] == "b"


@pytest.mark.parametrize(
    ("manifest", "repository"),
    [
        ("https://github.com/o/r/blob/main/okh.yml", "https://github.com/o/r"),
        ("https://github.com/o/r.git", "https://github.com/o/r"),
        ("https://raw.githubusercontent.com/o/r/main/x.yml", "https://github.com/o/r"),
        ("https://gitlab.com/g/s/r/-/raw/main/okh.toml", "https://gitlab.com/g/s/r"),
        ("https://codeberg.org/o/r/src/okh.toml", "https://codeberg.org/o/r"),
        ("https://example.org/a/okh.yml", "https://example.org/a/okh.yml"),
    ],
)
def test_the_address_of_a_manifest_is_shortened_to_its_repository(
    manifest: str, repository: str
) -> None:
    assert repository_of(manifest) == repository


def lost(tree: object, made: Conversion) -> list[object]:
    """Give the values of a tree that its conversion holds nowhere."""
    kept = {(type(value), repr(value)) for _, value in leaves(made.tree)}
    return [
        value
        for _, value in leaves(tree)
        if value is not None and (type(value), repr(value)) not in kept
    ]


_VALUES = st.recursive(
    st.one_of(st.sampled_from(["a", "MIT", "https://a.org", ""]), st.booleans(),
              st.none(), st.integers(0, 9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["title", "path", "web", "manifest", "name", "hardware",
                             "label", "reference", "x"]), inner, max_size=3),
    ),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from([*KEYS, "Title", "okh-v1", "okhv-1", "mass", "empty"]),
        _VALUES,
        max_size=5,
    )
)
def test_no_value_of_any_manifest_is_lost(tree: dict[str, Any]) -> None:
    tree = {**tree, "license": {"hardware": "MIT", "x": tree.get("license")}}
    data = write_document(read_document(b"", "okh.yml"), tree)
    made = convert(read_manifest(data, "okh.yml"))
    assert lost(tree, made) == []


def test_no_value_of_the_real_manifests_is_lost() -> None:
    done = 0
    for path in sorted(shared("okh_okw", "okh_v1").rglob("*.y*ml")):
        manifest = read_manifest(path.read_bytes(), path.name)
        try:
            made = convert(manifest)
        except InvalidInput:
            continue
        assert lost(manifest.document.tree, made) == [], path.name
        done += 1
    assert done >= 12
