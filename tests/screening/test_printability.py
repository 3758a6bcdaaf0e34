"""A part that cannot be made is refused with what was found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nearmade.geometry.facts import Finding
from nearmade.geometry.measure import measure
from nearmade.screening.printability import check_makeable
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube

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
    assert "nearmade repair" in no.value.remedy


def test_what_is_no_obstacle_to_a_process_is_passed_over() -> None:
    assert check_makeable(FLAT, "a leaf", but=frozenset({"thinner-than-layer"})) is FLAT
