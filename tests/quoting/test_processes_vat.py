"""Resin by hand, against PrusaSlicer, and by law."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.facts import PartFacts
from nearmade.quoting.processes.vat_photopolymerisation import (
    PRINTERS,
    ResinPrinter,
    estimate_resin,
)
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import CUBE, cuboid_facts

SL1S, MARS, _, FORM = PRINTERS

lengths = st.floats(1, 70)
cuboids = st.builds(cuboid_facts, lengths, lengths, lengths)
printers = st.sampled_from(PRINTERS)


@pytest.mark.parametrize(
    ("facts", "sliced_s", "sliced_ml"),
    [
        (CUBE, 2651.9, 9.047),  # PrusaSlicer 2.5.0, SL1S, 0.05 mm, supports and pad
        (cuboid_facts(60, 40, 5), 1226.9, 17.281),
    ],
)
def test_two_cuboids_take_what_the_slicer_says(
    facts: PartFacts, sliced_s: float, sliced_ml: float
) -> None:
    estimate = estimate_resin(facts, SL1S)
    time = estimate.time_s.estimate
    cured = estimate.feedstock_mm3.made_of()
    printed_mm3 = sum(cured[name] for name in ("part", "supports", "pad"))
    assert time.value == pytest.approx(sliced_s, rel=0.01)
    assert printed_mm3 == pytest.approx(sliced_ml * 1000, rel=0.05)
    assert estimate.feedstock_mm3.evidence.level == "measured"


def test_the_cube_on_a_screen_is_as_worked_by_hand() -> None:
    # 26 mm in 0.05 mm are 520 layers of 2.5 + 8.5 s, and 150 s for the first ones.
    estimate = estimate_resin(CUBE, MARS)
    assert estimate.time_s.estimate.value == pytest.approx(520 * 11 + 150)
    # One build: 15 min of washing and 30 min of curing on top.
    assert estimate.ready_s.estimate.value == pytest.approx(520 * 11 + 150 + 2700)


def test_a_mask_takes_no_longer_for_a_full_platform_but_a_laser_does() -> None:
    four, eight = (estimate_resin(CUBE, MARS, count) for count in (4, 8))
    assert four.builds == eight.builds == 1
    assert four.time_s == eight.time_s
    few, many = (estimate_resin(CUBE, FORM, count) for count in (4, 8))
    scanned = few.time_s.made_of()["scanning"]
    assert many.time_s.made_of()["scanning"] == pytest.approx(2 * scanned)


def test_parts_share_the_platform_in_a_grid() -> None:
    # 127 x 80 mm, cubes of 20 and gaps of 2 mm: 5 x 3.
    assert estimate_resin(CUBE, SL1S, 15).builds == 1
    assert estimate_resin(CUBE, SL1S, 16).builds == 2


def test_what_is_lifted_above_the_machine_is_refused() -> None:
    assert estimate_resin(cuboid_facts(20, 20, 144), SL1S).builds == 1
    with pytest.raises(InvalidInput, match="127 x 80 x 144 mm") as refusal:
        estimate_resin(cuboid_facts(20, 20, 144.5), SL1S)
    assert refusal.value.code == "larger-than-bed"
    assert refusal.value.remedy


def test_facts_and_quantities_out_of_range_are_refused() -> None:
    with pytest.raises(InvalidInput):
        estimate_resin(replace(CUBE, volume_mm3=math.nan), SL1S)
    with pytest.raises(InvalidInput):
        estimate_resin(CUBE, SL1S, 0)


@given(cuboids, printers, st.integers(1, 200), st.integers(1, 20))
def test_figures_are_positive_and_never_fall_with_quantity(
    facts: PartFacts, printer: ResinPrinter, quantity: int, more: int
) -> None:
    few = estimate_resin(facts, printer, quantity)
    many = estimate_resin(facts, printer, quantity + more)
    for name, figure in few.figures().items():
        one, other = figure.estimate, many.figures()[name].estimate
        assert 0 < one.low <= one.value <= one.high, name
        assert other.value >= one.value * (1 - 1e-9), name
        assert other.low >= one.low * (1 - 1e-9), name
        assert other.high >= one.high * (1 - 1e-9), name


@given(cuboids, printers, st.floats(1, 1.05), st.integers(1, 40))
def test_a_larger_part_of_the_same_shape_takes_no_less(
    facts: PartFacts, printer: ResinPrinter, scale: float, quantity: int
) -> None:
    larger = cuboid_facts(*(side * scale for side in facts.extents_mm))
    small = estimate_resin(facts, printer, quantity).figures()
    large = estimate_resin(larger, printer, quantity).figures()
    for name, figure in small.items():
        grown = large[name].estimate
        assert grown.value >= figure.estimate.value * (1 - 1e-9), name
        assert grown.low >= figure.estimate.low * (1 - 1e-9), name
        assert grown.high >= figure.estimate.high * (1 - 1e-9), name
