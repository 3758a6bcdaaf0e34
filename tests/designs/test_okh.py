"""Manifests of OKH 1.0 and 2.x: each fault is named with its place and a remedy."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.designs.okh import read_manifest
from nearmade.designs.okh_keys import TOP
from nearmade.designs.okh_rules import MOST_FINDINGS, is_fault
from nearmade.designs.okh_v1_rules import KEYS
from nearmade.vocabulary.documents import read_document, write_document
from tests.designs.test_manifest import CLEAN as CLEAN_2
from tests.shared_data import shared

CLEAN = """%Open Know-How Manifest 1.0
---
title: Spout
description: |
  Pours tea.
keywords: [tea]
project-link: https://example.org/spout
contact:
  name: Ada
  social:
    - platform: Mastodon
      user-handle: "@ada"
contributors:
  - name: Bea
version: "1.0"
made: true
standards-used:
  - standard-title: Cups
    certification:
      - certifier: Self
        date-awarded: 2024-01-02
variant-of: {title: Pot, web: https://example.org/pot}
license: {hardware: CERN-OHL-S-2.0}
licensor: [{name: Ada}, {name: Bea, email: bea@example.org}]
date-created: 2024-05-27
documentation-language: no
design-files:
  - path: a.scad
sustainable-development-goals: SDG03
"""


def findings(text: str, name: str = "okh.yml") -> dict[str, tuple[str, str]]:
    found = read_manifest(text.encode(), name).findings
    return {one.path: (one.rule, one.suggestion) for one in found}


def test_a_clean_manifest_of_1_0_has_one_note_for_its_own_key() -> None:
    manifest = read_manifest(CLEAN.encode(), "okh.yml")
    (found,) = manifest.findings
    assert (found.path, found.rule) == ("sustainable-development-goals", "unknown-key")
    assert (manifest.faults, manifest.generation) == ((), "1.0")
    assert (manifest.schema, manifest.conforms) == (None, None)


@pytest.mark.parametrize(
    ("text", "path", "rule", "suggestion"),
    [
        ("titel: a", "titel", "unknown-key", "title"),
        ("indended-use: a", "indended-use", "spelling", "intended-use"),
        ("manifest_language: en", "manifest_language", "spelling", "manifest-language"),
        ("License: {hardware: MIT}", "License", "spelling", "license"),
        ("title: 5", "title", "type", 'write "5" in quotes'),
        ("title: '[text]'", "title", "placeholder", "fill it in, or leave out"),
        ("title: ' a'", "title", "blanks", "a"),
        ("bom:", "bom", "empty", "fill it in, or leave the key out"),
        ("bom: {a: 1}", "bom", "type", "write a path or URL"),
        ("bom: ../a", "bom", "path", "a path inside the repository, or http(s)"),
        ("project-link: example.org/a", "project-link", "path",
         "https://example.org/a"),
        ("project-link: 5", "project-link", "type", "write a URL"),
        ("version: 1.10", "version", "spelling",
         '"1.1": a number forgets its last zeros'),
        ("version: [1]", "version", "type", "write a text"),
        ("made: yes", "made", "type", "true"),
        ("made: 'false'", "made", "type", "false"),
        ("made: perhaps", "made", "type", "write true or false"),
        ("keywords: tea", "keywords", "type", "write a list of texts"),
        ("keywords: [5]", "keywords[0]", "type", 'write "5" in quotes'),
        ("date-created: 27.5.2024", "date-created", "value", "YYYY-MM-DD"),
        ("date-created: 5", "date-created", "type", "write a date"),
        ("license: MIT", "license", "type",
         "write hardware, documentation, software: each an SPDX name"),
        ("license: {hardware: CC BY-SA 4.0}", "license.hardware", "licence",
         "CC-BY-SA-4.0"),
        ("license: {hardwear: MIT}", "license.hardwear", "unknown-key", "hardware"),
        ("license: {hardware: 5}", "license.hardware", "type", "write a text"),
        ("license: {hardware: }", "license.hardware", "required", "add a licence"),
        ("licensor: Ada", "licensor", "type", "write a table with name"),
        ("licensor: [{email: a@b.org}]", "licensor[0].name", "required", "add name"),
        ("manifest-author: {name: A, mail: x}", "manifest-author.mail", "unknown-key",
         "email"),
        ("contributors: Ada", "contributors", "type",
         "write a list of tables with name"),
        ("contributors: [{name: A, email: a}]", "contributors[0].email", "value",
         "an address with one @"),
        ("contact: Ada", "contact", "type", "write a table with email"),
        ("contact: {name: A}", "contact.email", "required", "add email or social"),
        ("contact: {email: a@b, social: x}", "contact.social", "type", "write a list"),
        ("contact: {email: a@b, social: [{handle: x}]}", "contact.social[0].handle",
         "unknown-key", ""),
        ("documentation-language: English-UK", "documentation-language", "language",
         "en-GB"),
        ("documentation-language: jp-JP", "documentation-language", "language",
         "ja-JP"),
        ("documentation-language: 5", "documentation-language", "type",
         "write a language tag"),
        ("manifest-language: '[language]-[region]'", "manifest-language",
         "placeholder", "fill it in, or leave out"),
        ("variant-of: {name: Pot}", "variant-of.name", "unknown-key", "title"),
        ("derivative-of: {web: https://a.org}", "derivative-of.title", "required",
         "add title"),
        ("derivative-of: Pot", "derivative-of", "type",
         "write a table with title and manifest"),
        ("manifest-is-translation: {title: a, lang: xx}",
         "manifest-is-translation.lang", "language", "a tag of BCP 47, such as en-GB"),
        ("sub: [{title: a, web: x}]", "sub[0].web", "path", "a URL with http(s)"),
        ("standards-used: [{standard-title: a, certification: [x]}]",
         "standards-used[0].certification[0]", "type",
         "write a table with certifier and date-awarded"),
        ("contact: {email: 5}", "contact.email", "type", "write a text"),
        ("standards-used: [ISO]", "standards-used[0]", "type",
         "write a table with standard-title and publisher"),
        (f"{'a' * 70}: 1", "a" * 70, "unknown-key", ""),
        ("schematics: a.svg", "schematics", "type", "write a list of path and title"),
        ("schematics: [{title: a}]", "schematics[0].path", "required", "add path"),
        ("schematics: [{path: a, title: 5}]", "schematics[0].title", "type",
         'write "5" in quotes'),
        ("schematics: [a]", "schematics[0]", "type",
         "write a table with path and title"),
        ("standards-used: ISO", "standards-used", "type",
         "write a list of standard-title"),
        ("standards-used: [{reference: ISO 1}]", "standards-used[0].standard-title",
         "required", "add it"),
        ("standards-used: [{standard-title: a, certification: [{date-awarded: x}]}]",
         "standards-used[0].certification[0].date-awarded", "value", "YYYY-MM-DD"),
        ("title: a", "", "declaration",
         "begin with %Open Know-How Manifest 1.0, then ---"),
        ("title: a", "project-link", "required",
         "add project-link or documentation-home"),
        ("title: a", "license", "required", "add license"),
    ],
)  # fmt: skip
def test_each_fault_of_1_0_has_a_place_and_a_remedy(
    text: str, path: str, rule: str, suggestion: str
) -> None:
    assert findings(text)[path] == (rule, suggestion)


@pytest.mark.parametrize(
    ("text", "path", "rule", "suggestion"),
    [
        ('timestamp = "1643287968"', "timestamp", "value", "2022-01-27T12:52:48Z"),
        ('documentationLanguage = "en"', "documentationLanguage", "spelling",
         "documentation-language"),
        ('documentation-language = ["en", "EN-UK"]', "documentation-language[1]",
         "language", "en-GB"),
        ('technologyReadinessLevel = "Ideation"', "technologyReadinessLevel", "value",
         "OTRL-1, OTRL-2, OTRL-3, OTRL-4, OTRL-5, OTRL-6"),
        ("Software = [{label = 'a'}]", "Software[0].release", "required",
         "add release"),
        ("licensor = [{email = 'a@b'}]", "licensor[0].name", "required", "add name"),
        ("licensor = 5", "licensor", "type", "write a name, or a table with name"),
        ("organization = {name = 'a', url = 5}", "organization.url", "type",
         "write a URL"),
        ("image = [{depicts = 'a'}]", "image[0].location", "required", "add location"),
        ("image = {location = '../a'}", "image.location", "path",
         "a path inside the repository, or http(s)"),
        ("image = [5]", "image[0]", "type", "write a path or URL"),
        ("mass = {value = 1, unit = 'kgs'}", "mass.unit", "value", "kg"),
        ("mass = -1", "mass", "range", "above zero"),
        ("outer-dimensions = 5", "outer-dimensions", "type",
         "write width, depth and height"),
        ("cpc-patent-class = 'x'", "cpc-patent-class", "value",
         "a class such as D03D 35/00"),
        ("okhv = '3.0'", "okhv", "value", "2.0"),
        ("version = true", "version", "type", "write a text"),
        ("name = ' '", "name", "value", "fill it in"),
        ("license = 5", "license", "type", "write a text"),
        ("rdf = {namespase = 'a'}", "rdf.namespase", "unknown-key", "namespace"),
        ("supports = 1", "supports", "type", "write true or false"),
        ("nearmade = 1", "nearmade", "type", "write a table"),
        ("layer-count = nan", "layer-count", "range", "a finite number"),
        ('technology-readiness-level = "OTLR-5"', "technology-readiness-level",
         "value", "OTRL-5"),
        ('outer-dimensions = "cube(size = [3,3,3]"', "outer-dimensions", "value",
         "close every bracket"),
        ("mass = 3\nfunktion = 1", "funktion", "unknown-key", "function"),
        ("readme = 5", "readme", "type", "write a path"),
        ('readme = "../secret"', "readme", "path",
         "a path inside the repository, or http(s)"),
        ("export = [5]", "export", "type", "write a path or URL"),
        ('tsdc = ["3DP", "PBC"]', "tsdc", "value", "PCB"),
        ('license = "LicenseRef-CC BY-SA-4.0"', "license", "licence", "CC-BY-SA-4.0"),
        ('license = "free for all"', "license", "licence",
         "an SPDX expression, or LicenseRef- with letters, digits, . and -"),
        ('license = ""', "license", "licence",
         "an SPDX expression, or LicenseRef- with letters, digits, . and -"),
        ("infill = 120", "infill", "range", "0 to 100 percent"),
        ("resolution-mm = 0", "resolution-mm", "range", "above zero"),
        ("infill = true", "infill", "type", "write a number"),
        ("part = [5]", "part[0]", "type", "write a table [[part]]"),
        ("part = 5", "part", "type", "write a list of tables"),
        ('[outer-dimensions]\nwidht = 28', "outer-dimensions.widht", "unknown-key",
         "width"),
        ("[[part]]\nexport = 'a.stl'", "part[0].name", "required", "add name"),
        ("[[part]]\nname = 'a'", "part[0].source", "required",
         "add source or export"),
        ("[[part]]\nname='a'\nsource='a'\nsuports=true", "part[0].suports",
         "unknown-key", "supports"),
        ("x = '" + "y" * 90 + "'", "x", "unknown-key", ""),
    ],
)  # fmt: skip
def test_each_fault_of_2_x_has_a_place_and_a_remedy(
    text: str, path: str, rule: str, suggestion: str
) -> None:
    found = read_manifest(text.encode(), "okh.toml").findings
    assert (rule, suggestion) in [
        (one.rule, one.suggestion) for one in found if one.path == path
    ]
    assert all(len(one.value) <= 80 for one in found)


def test_what_must_be_there_is_asked_for_in_2_x() -> None:
    told = read_manifest(b"", "okh.toml").findings
    assert {one.path for one in told if one.rule == "required"} == {
        "okhv", "name", "repo", "function", "version", "license", "licensor",
    }  # fmt: skip


def test_a_clean_manifest_of_2_x_has_notes_only() -> None:
    manifest = read_manifest(CLEAN_2.encode(), "okh.toml")
    assert {(one.path, one.rule) for one in manifest.findings} == {
        ("name", "blanks"),
        ("rpm-of-ours", "unknown-key"),
    }
    assert not manifest.faults


def test_the_planted_slips_of_the_dummy_are_all_found() -> None:
    text = shared("okh_okw", "okh_toml", "LOSH-dummy-MOSH-A", "okh.toml").read_bytes()
    told = read_manifest(text, "okh.toml").findings
    assert {(one.path, one.suggestion) for one in told} >= {
        ("technology-readiness-level", "OTRL-5"),
        ("outer-dimensions", "close every bracket"),
        ("part[0].outer-dimensions.widht", "width"),
        ("rpm", ""),
    }


@pytest.mark.parametrize(
    ("data", "name", "generation"),
    [
        (b"name = 'a'", "x.toml", "2.x"),
        (b"okhv: '2.4'", "x.yml", "2.x"),
        (b'{"okhv": "2.4"}', "x.json", "2.x"),
        (b'{"name": "a"}', "x.json", "2.x"),
        (b'{"title": "a"}', "x.json", "1.0"),
        (b"%Open Know-How Manifest 1.0\nours: a", "x.yml", "1.0"),
        (b"- a", "x.yml", "unknown"),
        (b"a: [", "x.yml", "unknown"),
    ],
)
def test_the_generation_is_told_by_format_and_keys(
    data: bytes, name: str, generation: str
) -> None:
    manifest = read_manifest(data, name)
    assert manifest.generation == generation
    assert bool(manifest.faults) or generation != "unknown"


def test_findings_without_end_are_cut_and_it_is_said() -> None:
    text = "\n".join(f"titel-{number} = 1" for number in range(MOST_FINDINGS * 2))
    found = read_manifest(text.encode(), "okh.toml").findings
    assert len(found) == MOST_FINDINGS + 1
    assert (found[-1].rule, is_fault(found[-1])) == ("size", True)


_ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(
                ["name", "email", "path", "title", "web", "social", "hardware", "unit",
                 "value", "location", "certification", "release", "openSCAD", "x"]
            ), inner, max_size=3),
    ),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=80)
@given(st.dictionaries(st.sampled_from([*KEYS, *TOP]), _ANY, max_size=5), st.booleans())
def test_no_tree_at_all_makes_the_rules_raise(
    tree: dict[str, Any], second: bool
) -> None:
    tree = {"okhv": "2.4", **tree} if second else tree
    blank = read_document(b"{}", "okh.json")
    manifest = read_manifest(write_document(blank, tree), "okh.json")
    assert all(len(one.value) <= 80 for one in manifest.findings)
