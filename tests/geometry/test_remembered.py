"""A mesh is measured once."""

from __future__ import annotations

from collections import OrderedDict

import pytest

from nearmade.geometry import remembered
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.survey import measure_all
from tests.geometry.solids import cube


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_known", OrderedDict())


def test_equal_arrays_are_measured_once() -> None:
    facts = remembered.facts_of(cube(10))
    assert facts == measure(cube(10))
    assert remembered.facts_of(cube(10)) is facts
    assert remembered.facts_of(cube(11)).volume_mm3 == pytest.approx(1331)


def test_another_order_of_faces_is_another_mesh() -> None:
    facts = remembered.facts_of(cube(10))
    turned = Mesh(cube(10).vertices_mm, cube(10).faces[::-1])
    assert remembered.facts_of(turned) is not facts


def test_a_survey_that_was_made_elsewhere_is_kept() -> None:
    known = measure_all(cube(10))
    remembered.remember(cube(10), known)
    assert remembered.facts_of(cube(10)) is known
    remembered.remember(cube(10), measure(cube(10)))
    assert remembered.facts_of(cube(10)).survey is not None


def test_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    first = remembered.facts_of(cube(1))
    remembered.facts_of(cube(2))
    assert remembered.facts_of(cube(1)) is first
    remembered.facts_of(cube(3))
    assert remembered.facts_of(cube(1)) is first
    assert len(remembered._known) == 2
