"""A part that cannot be made is refused with what was found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nearmade.geometry.facts import Finding
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.screening.printability import check_makeable
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube, without
from tests.geometry.test_orient_support import box

SQUARE = Mesh(
    np.array([[0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 9, 0]], dtype=np.float64),
    np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int64),
)
FACTS = measure(cube(20))
FLAT = replace(
    FACTS,
    findings=(
        Finding("thinner-than-layer", "error", "Too thin."),
        Finding("tiny", "warning", "Small."),
    ),
)


def test_a_sound_part_is_passed_on() -> None:
    assert check_makeable(FACTS, "cube.stl") is FACTS


def test_errors_refuse_a_part_and_warnings_do_not() -> None:
    with pytest.raises(InvalidInput, match=r"^a leaf cannot be made: Too thin$") as no:
        check_makeable(FLAT, "a leaf")
    assert no.value.code == "part-not-makeable"
    assert "repair" not in no.value.remedy
    assert "scale" in no.value.remedy


@pytest.mark.parametrize(
    ("mesh", "says", "not_said"),
    [
        (without(cube(20), 0), "nearmade repair", "scale"),
        (cube(0.05), "scale", "repair"),
        # A square without thickness: repair refuses it as a sheet.
        (SQUARE, "solid", "repair"),
    ],
)
def test_the_remedy_is_one_that_helps(mesh: Mesh, says: str, not_said: str) -> None:
    with pytest.raises(InvalidInput) as no:
        check_makeable(measure(mesh), "it")
    assert says in no.value.remedy
    assert not_said not in no.value.remedy


@pytest.mark.parametrize(
    ("height_mm", "layer_mm", "made"),
    [
        (0.15, 0.2, False),
        (0.15, 0.1, True),
        (0.2, 0.2, True),
        (0.07, 0.05, True),
        (0.04, 0.05, False),
    ],
)
def test_thinness_is_judged_by_the_layer_that_is_asked(
    height_mm: float, layer_mm: float, *, made: bool
) -> None:
    facts = measure(box(20, 20, height_mm, (0, 0, 0)))
    if made:
        assert check_makeable(facts, "leaf", layer_mm=layer_mm) is facts
        return
    with pytest.raises(InvalidInput, match=f"one layer of {layer_mm} mm"):
        check_makeable(facts, "leaf", layer_mm=layer_mm)


def test_what_is_no_obstacle_to_a_process_is_passed_over() -> None:
    assert check_makeable(FLAT, "a leaf", but=frozenset({"thinner-than-layer"})) is FLAT
