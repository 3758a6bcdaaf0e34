"""Import, export, import: equal in meaning; and the comparison sees every loss."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from nearmade.designs.okh import read_manifest
from nearmade.vocabulary.document_trees import leaves, path_of
from nearmade.vocabulary.documents import differences, read_document, write_document
from tests.designs.okh_manifests import FOLDERS, real_manifests

#: One manifest of each kind, to change in every field.
SAMPLE = (
    "okh-OHLOOM.toml",
    "okh-cosiMeasureMechanical.toml",
    "okh.toml",
    "okh-crKbd.toml",
    "manifest1.yml",
    "Humboldt_greenhouse_gallery.yaml",
    "okh-manifest-surge-spanish.yml",
    "microscope.yml",
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_readable_manifest_comes_back_untouched_and_after_an_edit(
    folder: str,
) -> None:
    read = 0
    for path in real_manifests(folder):
        document = read_document(path.read_bytes(), path.name)
        if not document.readable:
            continue
        read += 1
        assert write_document(document) == document.data
        edited = copy.deepcopy(document.tree)
        key = "title" if document.format == "yaml" else "name"
        edited[key] = 'Other: "ours" # 2\n'
        again = read_document(write_document(document, edited), path.name)
        assert differences(again.tree, edited) == (), path.name
        assert differences(again.tree, document.tree) == (key,), path.name
        assert again.head == document.head
    assert read >= {"losh_list": 1600, "okh_toml": 5, "okh_v1": 28}[folder]


@pytest.mark.parametrize("folder", ["okh_toml", "okh_v1"])
def test_a_tree_written_anew_from_nothing_reads_the_same(folder: str) -> None:
    for path in real_manifests(folder):
        document = read_document(path.read_bytes(), path.name)
        if document.readable:
            blank = read_document(b"", f"x{path.suffix}")
            again = read_document(write_document(blank, document.tree), path.name)
            assert differences(again.tree, document.tree) == (), path.name


def changed(value: Any) -> Iterator[Any]:
    """Give a leaf's value changed, and of another type with the same look."""
    match value:
        case bool():
            yield from (not value, int(value), str(value))
        case int():
            yield from (value + 1, float(value), str(value))
        case float():
            yield from (value + 1, str(value), int(value))
        case str():
            yield from (f"{value} ", value[:-1] + "\u200b", [value], None)
        case date():
            yield from (value.replace(day=value.day % 28 + 1), value.isoformat())
        case None:
            yield from ("", "null", False)
        case _:
            yield from ("x", None)


def mutants(tree: Any) -> Iterator[tuple[str, Any]]:
    """Give a tree with each leaf dropped, changed and of another type, one by one."""
    for steps, value in leaves(tree):
        for number, new in enumerate((None, *changed(value))):
            other = copy.deepcopy(tree)
            place = other
            for step in steps[:-1]:
                place = place[step]
            if number:
                place[steps[-1]] = new
            else:
                del place[steps[-1]]
            yield path_of(steps), other


def test_each_lost_or_changed_field_of_real_manifests_is_seen() -> None:
    paths = [path for path in real_manifests() if path.name in SAMPLE]
    assert len(paths) >= len(SAMPLE)
    seen = 0
    for path in paths:
        tree = read_document(path.read_bytes(), path.name).tree
        for place, other in mutants(tree):
            assert differences(tree, other), (path.name, place)
            assert differences(other, tree), (path.name, place)
            seen += 1
    assert seen > 1000


def test_no_real_manifest_makes_the_reader_raise_and_each_finding_names_a_rule() -> (
    None
):
    for path in real_manifests():
        manifest = read_manifest(path.read_bytes(), path.name)
        assert manifest.document.readable or manifest.faults
        assert all(one.rule for one in manifest.findings)
