"""What tools reach, and milling by hand and by law."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.facts import PartFacts
from nearmade.geometry.mesh import Mesh
from nearmade.quoting.processes.milling import (
    MILLS,
    STOCKS,
    Mill,
    estimate_milling,
)
from nearmade.quoting.processes.reach import Reach, reach_of
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import cuboid_facts, cuboid_mesh
from tests.quoting.solids import Solid, block, drill, mesh_of

SMALL, BENCH = MILLS
BOX = Reach(("+z", "-z"), 0.0, 8000.0, 5200.0, 0.0)


def test_a_box_is_clamped_twice_and_reached_all_round() -> None:
    reach = reach_of(cuboid_mesh(80, 50, 20))
    assert reach.setups == ("+z", "-z")
    assert reach.unreached_fraction == 0
    # 2 x 80 x 50 level, 20 mm of walls around 260 mm.
    assert reach.level_mm2 == pytest.approx(8000, rel=0.01)
    assert reach.wall_mm2 == pytest.approx(5200, rel=0.01)
    assert reach.sculpted_mm2 == 0


def test_a_pocket_is_reached_from_above() -> None:
    reach = reach_of(
        mesh_of(block(80, 50, 20) - block(40, 20, 10).translate([20, 15, 10]))
    )
    assert reach.setups == ("+z", "-z")
    assert reach.unreached_fraction < 0.005


def test_a_hole_across_asks_for_a_third_set_up() -> None:
    across = drill(10, 50, (0, 0, 0)).rotate([-90, 0, 0]).translate([40, 0, 20])
    reach = reach_of(mesh_of(block(80, 50, 40) - across))
    assert set(reach.setups) & {"+y", "-y"}
    assert len(reach.setups) >= 2
    assert reach.unreached_fraction < 0.01


def test_a_ball_is_sloped_and_made_from_two_sides() -> None:
    reach = reach_of(mesh_of(Solid.sphere(20, 96)))
    assert len(reach.setups) == 2
    assert reach.unreached_fraction < 0.02
    assert reach.sculpted_mm2 == pytest.approx(4 * math.pi * 400, rel=0.02)


def closed() -> Solid:
    """Give a block with a chamber inside."""
    return block(60, 40, 30) - block(40, 20, 15).translate([10, 10, 7])


def t_slot() -> Solid:
    """Give a block with a slot that is wider below."""
    narrow = block(60, 10, 15).translate([10, 20, 10])
    wide = block(60, 30, 5).translate([10, 10, 5])
    return block(80, 50, 20) - narrow - wide


def slit() -> Solid:
    """Give a block with a slit too narrow for its depth."""
    return block(80, 50, 40) - block(60, 2.5, 35).translate([10, 20, 10])


@pytest.mark.parametrize("make", [closed, t_slot, slit])
def test_cavities_undercuts_and_deep_slits_are_refused(
    make: Callable[[], Solid],
) -> None:
    reach = reach_of(mesh_of(make()))
    assert reach.unreached_fraction > 0.1
    with pytest.raises(InvalidInput, match="by no tool along the axes") as refusal:
        estimate_milling(cuboid_facts(80, 50, 20), reach, SMALL, "POM")
    assert refusal.value.code == "not-millable"
    assert refusal.value.remedy


def test_a_mesh_without_surface_is_reached_from_nowhere() -> None:
    nothing = Mesh(np.zeros((3, 3)), np.array([[0, 1, 2]], dtype=np.int64))
    assert reach_of(nothing) == Reach((), 1.0, 0.0, 0.0, 0.0)


def test_a_tiny_part_is_looked_at_as_fast_as_a_large_one() -> None:
    assert reach_of(cuboid_mesh(0.2, 0.1, 0.1)).unreached_fraction == 0


def test_a_block_of_aluminium_is_as_worked_by_hand() -> None:
    # 85 x 55 x 25 mm less 80 x 50 x 20 mm: 36.875 cm3 at 860 J/cm3, on a tenth of
    # 5600 W x 0.8: 70.8 s. 13,200 mm2 at 53.3 mm2/s: 247.5 s.
    # Twice: 45 min to set up, 150 s to clamp, 30 s for tools.
    estimate = estimate_milling(cuboid_facts(80, 50, 20), BOX, SMALL, "ALUMINIUM")
    expected_s = 36.875 * 860 / 448 + 13_200 / (3200 / 60) + 2 * (2700 + 150 + 30)
    assert estimate.time_s.estimate.value == pytest.approx(expected_s)
    block_g = 85 * 55 * 25 / 1000 * 2.70
    assert estimate.mass_g.estimate.value == pytest.approx(block_g)
    assert [each.code for each in estimate.findings] == ["set-ups"]


def test_ten_parts_are_set_up_once() -> None:
    facts = cuboid_facts(80, 50, 20)
    one, ten = (estimate_milling(facts, BOX, SMALL, "STEEL", n) for n in (1, 10))
    cycle_s = one.time_s.estimate.value - 2 * 2700
    assert ten.time_s.estimate.value == pytest.approx(10 * cycle_s + 2 * 2700)


def test_harder_metal_takes_longer() -> None:
    facts = cuboid_facts(80, 50, 20)
    times = [
        estimate_milling(facts, BOX, SMALL, material).time_s.estimate.value
        for material in ("ALUMINIUM", "STEEL", "STAINLESS")
    ]
    assert times == sorted(times)
    weak = estimate_milling(facts, BOX, BENCH, "STEEL").time_s.estimate.value
    assert weak > times[1]


def test_what_is_out_of_reach_is_told_before_it_is_refused() -> None:
    some = replace(BOX, unreached_fraction=0.03)
    estimate = estimate_milling(cuboid_facts(80, 50, 20), some, SMALL, "POM")
    told = {each.code: each.severity for each in estimate.findings}
    assert told == {"set-ups": "note", "out-of-reach": "warning"}


def test_what_does_not_hang_together_is_told() -> None:
    pair = replace(cuboid_facts(80, 50, 20), bodies=2)
    estimate = estimate_milling(pair, BOX, SMALL, "POM")
    assert "loose-bodies" in [each.code for each in estimate.findings]


def test_what_the_machine_does_not_take_is_refused_with_a_remedy() -> None:
    for facts, material, code in (
        (cuboid_facts(402, 20, 20), "POM", "larger-than-bed"),
        (cuboid_facts(80, 50, 20), "OAK", "material-missing"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            estimate_milling(facts, BOX, SMALL, material)
        assert refusal.value.code == code
        assert refusal.value.remedy


lengths = st.floats(2, 150)
cuboids = st.builds(cuboid_facts, lengths, lengths, lengths)
mills = st.sampled_from(MILLS)
materials = st.sampled_from(sorted(STOCKS))


def around(facts: PartFacts, sculpted_fraction: float) -> Reach:
    """Give how a cuboid is reached, some of its surface sloped."""
    plain = facts.area_mm2 * (1 - sculpted_fraction)
    return Reach(("+z", "-z"), 0.0, plain, 0.0, facts.area_mm2 * sculpted_fraction)


@given(
    cuboids, mills, materials, st.floats(0, 1), st.integers(1, 200), st.integers(1, 20)
)
def test_figures_are_positive_and_never_fall_with_quantity(
    facts: PartFacts, mill: Mill, material: str, slopes: float, quantity: int, more: int
) -> None:
    reach = around(facts, slopes)
    few = estimate_milling(facts, reach, mill, material, quantity)
    many = estimate_milling(facts, reach, mill, material, quantity + more)
    for name, figure in few.figures().items():
        one, other = figure.estimate, many.figures()[name].estimate
        assert 0 < one.low <= one.value <= one.high, name
        assert other.low >= one.low * (1 - 1e-9), name
        assert other.value >= one.value * (1 - 1e-9), name
        assert other.high >= one.high * (1 - 1e-9), name


@given(cuboids, mills, materials, st.floats(0, 1), st.floats(1, 1.2))
def test_a_larger_part_of_the_same_shape_takes_no_less(
    facts: PartFacts, mill: Mill, material: str, slopes: float, scale: float
) -> None:
    larger = cuboid_facts(*(side * scale for side in facts.extents_mm))
    small = estimate_milling(facts, around(facts, slopes), mill, material).figures()
    large = estimate_milling(larger, around(larger, slopes), mill, material).figures()
    for name, figure in small.items():
        assert large[name].estimate.value >= figure.estimate.value * (1 - 1e-9), name
        assert large[name].estimate.low >= figure.estimate.low * (1 - 1e-9), name
        assert large[name].estimate.high >= figure.estimate.high * (1 - 1e-9), name
