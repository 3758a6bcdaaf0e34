"""Powder by hand and by law."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.facts import PartFacts
from nearmade.quoting.processes.powder_bed_fusion import (
    PRINTERS,
    PowderPrinter,
    estimate_powder,
)
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import CUBE, cuboid_facts

FUSE, FORMIGA, LISA, JET = PRINTERS

lengths = st.floats(1, 115)
printers = st.sampled_from(PRINTERS)


@st.composite
def parts(draw: st.DrawFn) -> PartFacts:
    """Give a box of which some share is solid, as open parts have it."""
    facts = cuboid_facts(draw(lengths), draw(lengths), draw(lengths))
    return replace(facts, volume_mm3=facts.volume_mm3 * draw(st.floats(0.02, 1)))


def test_a_solid_cube_pays_for_the_powder_it_fuses() -> None:
    # 380 x 284 x 380 mm holds 41,009.6 cm3, a tenth of it fused: 8 cm3 are 0.195 %.
    # Of a build of 3600 s + 4750 layers x 7.6 s that is 77.4 s.
    estimate = estimate_powder(CUBE, JET)
    assert estimate.time_s.estimate.value == pytest.approx(77.4, abs=0.1)
    # 8.08 g fused, more than a fifth of the 38.4 g around it; 5 % lost.
    assert estimate.mass_g.estimate.value == pytest.approx(8.484, abs=0.005)


def test_an_airy_part_pays_for_its_box_and_the_powder_that_ages_in_it() -> None:
    # The same box with 0.4 cm3: 23 mm cubed over 0.55 of the chamber is 0.0539 %.
    airy = replace(CUBE, volume_mm3=400.0)
    estimate = estimate_powder(airy, JET)
    share = 23**3 / (380 * 284 * 380 * 0.55)
    assert estimate.time_s.estimate.value == pytest.approx(share * 39_700, rel=1e-6)
    # 10.6 g of powder lie in its share; a fifth is replaced, 0.404 g of it fused.
    replaced_g = share * 41_009.6 * 0.48 * 0.2
    assert replaced_g > 0.404
    assert estimate.mass_g.estimate.value == pytest.approx(replaced_g * 1.05)
    assert estimate.mass_g.made_of()["fused"] == pytest.approx(0.404)


def test_a_full_chamber_takes_the_published_hours() -> None:
    # 3YOURMIND's script: 14 h; Phasio's page: 8 to 12 h.
    full = JET.start_s.value + 4750 * JET.layer_s.value
    assert 8 * 3600 <= full <= 14 * 3600


def test_only_a_laser_takes_longer_for_more_powder() -> None:
    thin = replace(CUBE, volume_mm3=100.0)
    assert "scanning" not in estimate_powder(thin, JET).time_s.made_of()
    few = estimate_powder(thin, FUSE).time_s.made_of()["scanning"]
    twice = replace(thin, volume_mm3=200.0)
    assert estimate_powder(twice, FUSE).time_s.made_of()["scanning"] == pytest.approx(
        2 * few
    )


def test_a_machine_that_cools_inside_is_busy_for_longer() -> None:
    assert "cooling" in estimate_powder(CUBE, LISA).time_s.made_of()
    assert "cooling" not in estimate_powder(CUBE, FUSE).time_s.made_of()


def test_parts_alone_are_stacked_and_wait_for_the_cooling() -> None:
    # 16 x 12 cubes of 23 mm on a floor of 380 x 284 mm: one level of 23 mm,
    # 288 layers x 7.6 s + 3600 s, and as long again to cool.
    estimate = estimate_powder(CUBE, JET, 192)
    assert estimate.builds == 1
    assert estimate.ready_s.estimate.value == pytest.approx(2 * (288 * 7.6 + 3600))


def test_a_part_may_be_turned_to_fit_but_not_beyond_the_chamber() -> None:
    assert estimate_powder(cuboid_facts(290, 20, 20), FUSE).builds == 1
    with pytest.raises(InvalidInput, match="165 x 165 x 300") as refusal:
        estimate_powder(cuboid_facts(296, 20, 20), FUSE)
    assert refusal.value.code == "larger-than-bed"


def test_loose_bodies_are_told() -> None:
    chain = replace(CUBE, bodies=5)
    assert [each.code for each in estimate_powder(chain, FUSE).findings] == [
        "loose-bodies"
    ]


def test_facts_and_quantities_out_of_range_are_refused() -> None:
    with pytest.raises(InvalidInput):
        estimate_powder(replace(CUBE, volume_mm3=math.inf), FUSE)
    with pytest.raises(InvalidInput):
        estimate_powder(CUBE, FUSE, 0)


@given(parts(), printers, st.integers(1, 300), st.integers(1, 20))
def test_figures_are_positive_and_never_fall_with_quantity(
    facts: PartFacts, printer: PowderPrinter, quantity: int, more: int
) -> None:
    few = estimate_powder(facts, printer, quantity)
    many = estimate_powder(facts, printer, quantity + more)
    for name, figure in few.figures().items():
        one, other = figure.estimate, many.figures()[name].estimate
        assert 0 < one.low <= one.value <= one.high, name
        assert other.value >= one.value * (1 - 1e-9), name
        assert other.low >= one.low * (1 - 1e-9), name
        assert other.high >= one.high * (1 - 1e-9), name


@given(parts(), printers, st.floats(1, 1.05), st.integers(1, 40))
def test_a_larger_part_of_the_same_shape_takes_no_less(
    facts: PartFacts, printer: PowderPrinter, scale: float, quantity: int
) -> None:
    x, y, z = (side * scale for side in facts.extents_mm)
    larger = replace(
        facts, extents_mm=(x, y, z), volume_mm3=facts.volume_mm3 * scale**3
    )
    small = estimate_powder(facts, printer, quantity).figures()
    large = estimate_powder(larger, printer, quantity).figures()
    for name, figure in small.items():
        assert large[name].estimate.value >= figure.estimate.value * (1 - 1e-9), name
