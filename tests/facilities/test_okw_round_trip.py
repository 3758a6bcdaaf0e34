"""Nothing of a record is lost: what was read is written again, in every shape."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nearmade.facilities.okw import read_okw
from nearmade.facilities.okw_conversion import draft_from_okw
from nearmade.facilities.okw_record import (
    okw_from_record,
    record_from_okw,
    spelt_out,
)
from nearmade.facilities.okw_rewriting import rewritten
from nearmade.facilities.okw_shapes import facility_rows, to_class_model
from nearmade.vocabulary.document_trees import leaves
from nearmade.vocabulary.documents import differences, read_document, write_document
from tests.facilities.okw_documents import (
    ATOMS,
    FAB_LAB,
    RELATIONAL,
    WORKSHOP,
    as_bytes,
)
from tests.shared_data import shared


def shared_files() -> Iterator[Path]:
    yield from sorted(shared("okh_okw", "okh_v1", "he_library").glob("*/okw/*.yml"))
    yield shared("okh_okw", "okw", "preliminary_iop_okw_fac_source_01.json")


def mutations(tree: Any) -> Iterator[Any]:
    """Give the tree with each leaf lost once and each leaf changed once."""
    for steps, value in leaves(tree):
        if not steps:
            continue
        for lost in (True, False):
            other = copy.deepcopy(tree)
            here = other
            for step in steps[:-1]:
                here = here[step]
            if lost:
                del here[steps[-1]]
            else:
                here[steps[-1]] = f"{value} " if isinstance(value, str) else "changed"
            yield other


def test_every_shared_record_is_written_as_it_was_and_read_again_alike() -> None:
    count = 0
    for file in shared_files():
        data = file.read_bytes()
        okw = read_okw(data, file.name)
        assert write_document(okw.document) == data
        if not okw.document.readable:
            assert file.name == "ChairParts.okw.yml"
            continue
        # Written anew, not from the bytes: a key is added and taken away again.
        tree = copy.deepcopy(okw.document.tree)
        key = 0 if isinstance(tree, list) else "added"
        added = [{"name": "x"}, *tree] if key == 0 else {**tree, "added": 1}
        other = read_document(write_document(okw.document, added), file.name)
        back = copy.deepcopy(other.tree)
        del back[key]
        again = read_okw(write_document(other, back), file.name)
        assert differences(okw.document.tree, again.document.tree) == ()
        assert okw.records == again.records
        count += len(okw.records)
    assert count == 2237 + 7


def test_a_lost_or_changed_field_of_a_shared_record_is_seen() -> None:
    for file in shared_files():
        tree = read_document(file.read_bytes(), file.name).tree
        record = tree[0] if isinstance(tree, list) else tree
        mutants = list(mutations(record))
        assert all(differences(record, one) for one in mutants)
        assert len(mutants) == 2 * len([s for s, _ in leaves(record) if s])


@pytest.mark.parametrize(
    ("tree", "name"), [(WORKSHOP, "a.json"), (RELATIONAL, "a.json"), (ATOMS, "a.yml")]
)
def test_a_lost_or_changed_field_of_every_shape_is_seen(tree: Any, name: str) -> None:
    data = tree.encode() if isinstance(tree, str) else as_bytes(tree)
    kept = read_document(data, name).tree
    mutants = list(mutations(kept))
    assert len(mutants) > 20
    assert all(differences(kept, one) for one in mutants)


def texts_of(tree: Any) -> list[str]:
    """Give what a tree says, leaf by leaf, whatever its place."""
    return sorted(repr(value) for _, value in leaves(tree))


@pytest.mark.parametrize("shape", ["fab-lab", "atoms", "relational"])
def test_the_class_model_of_other_shapes_holds_every_leaf(shape: str) -> None:
    source: Any = {
        "fab-lab": FAB_LAB,
        "atoms": read_document(ATOMS.encode(), "a.yml").tree,
        "relational": next(facility_rows(RELATIONAL)),
    }[shape]
    made = texts_of(to_class_model(source, shape).tree)  # type: ignore[arg-type]
    for text in texts_of(source):
        # Latitude and longitude are joined to one text.
        if text in made:
            made.remove(text)
        else:
            assert any(text in one for one in made), text


def test_every_fab_lab_in_the_class_model_holds_every_leaf() -> None:
    file = shared("okh_okw", "okw", "preliminary_iop_okw_fac_source_01.json")
    for record in read_okw(file.read_bytes(), file.name).records:
        made = texts_of(record.model)
        here = [text for text in texts_of(record.source) if text not in made]
        assert len(here) <= 2
        assert all(any(text in one for one in made) for text in here)


def test_rows_that_belong_to_no_facility_are_carried() -> None:
    okw = read_okw(as_bytes(RELATIONAL), "a.json")
    tree = rewritten(okw, lambda one: one.model)
    first, second = tree["facilities"]
    assert (first["name"], second["name"]) == ("Atelier", "Second")
    assert tree["nearmade"] == {"carried": {"Address": [RELATIONAL["Address"][1]]}}


@pytest.mark.parametrize("listed", [True, False])
def test_shapes_may_stand_side_by_side(listed: bool) -> None:
    entries = [WORKSHOP, RELATIONAL, 7, FAB_LAB]
    tree: Any = entries if listed else {"by": "us", "facilities": entries}
    okw = read_okw(as_bytes(tree), "a.json")
    made = rewritten(okw, lambda one: {"is": one.facility.name})
    if not listed:
        assert made["by"] == "us"
        made = made["facilities"]
    assert [one["is"] for one in made[:3]] == [
        "Kibera Town Workshop",
        "Atelier",
        "Second",
    ]
    assert "nearmade" in made[3]
    assert made[4:] == [7, {"is": "A lab"}]


def test_a_relational_facility_alone_is_one_record() -> None:
    alone = {"ManufacturingFacility": {"facility_id": 1, "name": "Alone"}}
    okw = read_okw(as_bytes(alone), "a.json")
    assert rewritten(okw, lambda one: one.model)["name"] == "Alone"


def test_what_stands_beside_the_facilities_is_kept() -> None:
    tree = {"about": "a network", "facilities": [WORKSHOP, {"no": "facility"}]}
    okw = read_okw(as_bytes(tree), "a.json")
    assert rewritten(okw, lambda one: one.source) == tree
    assert write_document(okw.document, rewritten(okw, lambda one: one.source)) == (
        as_bytes(tree)
    )


keys = st.sampled_from(
    ["name", "Name", "location", "equipment", "nearmade", "contact", "Address", "title",
     "tool-list-atoms", "ManufacturingFacility", "facility", "region", "facilities",
     "build_volume_mm", "process", "nozzle_size", "nozzle_tenths_mm", "x_travel", "id",
     "other_equipment", "typical_materials", "material_type", "address", "geocoding",
     "latitude", "resource_id", "link", "description", "identifier", "opening"]
) | st.text(max_size=5)  # fmt: skip
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["FDM", "250 mm", "1, 2", "https://en.wikipedia.org/wiki/PLA"])
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6)
    ),
    max_leaves=25,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_no_tree_breaks_reading_and_none_is_lost(tree: Any) -> None:
    data = as_bytes(tree)
    okw = read_okw(data, "a.json")
    assert write_document(okw.document) == data
    for record in okw.records:
        held = texts_of(record.model)
        assert all(any(t in one for one in held) for t in texts_of(record.source))
        drafted = texts_of(draft_from_okw(record).record)
        lost = [t for t in held if not any(t in one for one in drafted)]
        assert [one for one in lost if not is_figure(one)] == []


def is_figure(text: str) -> bool:
    """Tell a number: box and nozzle are written in other fields and units."""
    return text.replace(".", "").replace("e", "").replace("-", "").isdigit()


@settings(deadline=None)
@given(st.dictionaries(keys, trees, max_size=8))
def test_our_extension_comes_back_from_the_class_model(record: dict[str, Any]) -> None:
    own = spelt_out("facility", record)
    made = record_from_okw(okw_from_record(own))
    for key in set(own) - {"equipment", "nearmade"}:
        assert differences(own[key], made[key]) == ()
