"""Figures of plates: started once, cooled together, shared out to the last second."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.nesting import Kind, Plate, nest_at_once
from nearmade.quoting.build_start import start_of
from nearmade.quoting.level0 import assemble_estimate
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.part_alone import PartAlone
from nearmade.quoting.plate import bed_of
from nearmade.quoting.plate_figures import (
    PlateEstimate,
    estimate_plate,
    share_out,
)
from nearmade.quoting.plate_layers import (
    LayerTimes,
    share_layers,
    slowing,
    spread_over_layers,
)
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import BY_HAND, EXACT, cuboid_facts, cuboid_mesh

HEATUP_S = BY_HAND.power.heatup_s


def alone(
    size_mm: tuple[float, float, float], volume_mm3: float, time_s: float
) -> PartAlone:
    """Give a cuboid and what a slicer would have said of it."""
    estimate = assemble_estimate(
        2,
        BY_HAND,
        1,
        1,
        volume_mm3=volume_mm3,
        time_s=time_s,
        volume_spread=EXACT,
        time_spread=EXACT,
    )
    return PartAlone(cuboid_facts(*size_mm), estimate, cuboid_mesh(*size_mm))


#: PrusaSlicer 2.5.0 on a cube of 20 mm: 1373.09 mm of filament, 29 min 13 s.
CUBE = alone((20, 20, 20), 1373.09 * math.pi * 1.75**2 / 4, 1753)
#: A slab whose layers take far longer than 15 s.
SLAB = alone((100, 80, 4), 20_000, 6000)


def plate_of(parts: dict[str, PartAlone], copies: dict[str, int]) -> Plate:
    kinds = [
        Kind(name, part.facts.extents_mm, copies[name]) for name, part in parts.items()
    ]
    (plate,) = nest_at_once(kinds, bed_of(BY_HAND))
    return plate


def figures(parts: dict[str, PartAlone], **copies: int) -> PlateEstimate:
    return estimate_plate(plate_of(parts, copies), parts, BY_HAND)


@pytest.mark.parametrize("part", [CUBE, SLAB])
def test_one_copy_is_what_it_is_alone(part: PartAlone) -> None:
    build = figures({"part": part}, part=1).build
    assert build.feedstock_mm3.value == pytest.approx(
        part.estimate.feedstock_mm3.value, abs=0.5
    )
    assert build.time_s.value == pytest.approx(part.estimate.time_s.value, abs=1)


def test_nine_cubes_are_as_the_slicer_has_them() -> None:
    # PrusaSlicer 2.5.0, nine cubes on one plate: 12,243.49 mm, 3 h 28 min 29 s;
    # nine builds of one would take 26 % longer.
    build = figures({"cube": CUBE}, cube=9).build
    assert build.quantity == 9
    filament_mm = build.feedstock_mm3.value / (math.pi * 1.75**2 / 4)
    assert filament_mm == pytest.approx(12_243.49, rel=0.002)
    assert build.time_s.value - HEATUP_S == pytest.approx(12_509, rel=0.04)


def test_a_plate_heats_up_once_and_has_one_skirt() -> None:
    build = figures({"slab": SLAB}, slab=2).build
    one_mm3, one_s = start_of(2 * (100 + 80), BY_HAND.settings)
    # The two lie beside each other: 206 x 80 mm with the gap.
    both_mm3, both_s = start_of(2 * (206 + 80), BY_HAND.settings)
    assert build.feedstock_mm3.value == pytest.approx(
        2 * (20_000 - one_mm3) + both_mm3, abs=1
    )
    assert build.time_s.value == pytest.approx(
        2 * (6000 - one_s) + both_s + HEATUP_S, abs=1
    )


def test_each_part_of_a_plate_keeps_its_own_brim() -> None:
    settings = BY_HAND.settings
    wide = replace(settings, adhesion=replace(settings.adhesion, brim_mm=5.0))
    mesh, facts = cuboid_mesh(20, 20, 20), cuboid_facts(20, 20, 20)
    feedstock_mm3 = []
    for profile in (BY_HAND, replace(BY_HAND, settings=wide)):
        parts = {"cube": PartAlone(facts, estimate_level1(mesh, facts, profile), mesh)}
        plate = plate_of(parts, {"cube": 3})
        build = estimate_plate(plate, parts, profile).build
        feedstock_mm3.append(build.feedstock_mm3.value)
    # 5 mm round 19.6 x 19.6 mm with round corners, 0.2 mm high.
    brim_mm3 = (4 * 19.6 * 5 + math.pi * 5**2) * 0.2
    bare_mm3, brimmed_mm3 = feedstock_mm3
    assert brimmed_mm3 - bare_mm3 == pytest.approx(3 * brim_mm3, rel=0.02)


def test_the_skirt_is_as_by_hand() -> None:
    # MK3S: lines of 0.42 mm and 0.2 mm, 0.37708 mm apart; one loop 2.18854 mm off a
    # square of 40 mm is 160 + 13.751 mm long and three layers high.
    settings = find_profile("mk3s-pla-0.20").settings
    volume_mm3, time_s = start_of(160, settings)
    loop_mm = 160 + 2 * math.pi * (2 + 0.37708 / 2)
    assert volume_mm3 == pytest.approx(loop_mm * 0.37708 * 0.6, rel=1e-4)
    expected_s = loop_mm / 20 + 2 * loop_mm / 50 + settings.adhesion.intro_s
    assert time_s == pytest.approx(expected_s, rel=1e-4)
    # 4 mm of filament are 9.621 mm3, 127.6 mm of that line: round a speck, two mm
    # wide, loops are added until they are as long.
    few_mm3, _ = start_of(8, settings)
    assert few_mm3 > 3 * 9.621
    # 1 mm3/s is 13.26 mm/s of that line, also above the first layer.
    slow = replace(settings, speeds=replace(settings.speeds, flow_mm3_s=1.0))
    _, slow_s = start_of(160, slow)
    more_s = 2 * loop_mm * (0.37708 * 0.2 - 1 / 50)
    assert slow_s - time_s == pytest.approx(more_s, rel=1e-3)
    bare = replace(settings, adhesion=replace(settings.adhesion, skirts=0))
    assert start_of(160, bare) == (0.0, settings.adhesion.intro_s)


@given(
    copies=st.integers(1, 12),
    slabs=st.integers(0, 2),
    volume=st.floats(50, 1e5),
    time_s=st.floats(60, 1e5),
)
def test_shares_sum_exactly_to_the_plate(
    copies: int, slabs: int, volume: float, time_s: float
) -> None:
    parts = {"pin": alone((8, 8, 12), volume, time_s)}
    if slabs:
        parts["slab"] = SLAB
    plate = figures(parts, pin=copies, slab=slabs)
    assert sum(share.feedstock_mm3 for share in plate.shares) == (
        plate.build.feedstock_mm3.value
    )
    assert sum(share.time_s for share in plate.shares) == plate.build.time_s.value
    assert math.fsum(share.energy_wh for share in plate.shares) == pytest.approx(
        plate.build.energy_wh.value
    )
    assert plate.build.feedstock_mm3.low <= plate.build.feedstock_mm3.value


@given(
    total=st.integers(0, 10**9),
    weights=st.lists(st.floats(0, 1e9), min_size=1, max_size=9),
)
def test_a_whole_number_is_shared_out_whole(total: int, weights: list[float]) -> None:
    if not sum(weights) > 0:
        weights = [1.0, *weights]
    shares = share_out(total, weights)
    assert sum(shares) == total
    whole = math.fsum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * weight / whole) <= 1 + 1e-6 * total


def test_largest_remainders_come_first() -> None:
    assert share_out(10, [1, 1, 1]) == [4, 3, 3]
    assert share_out(100, [4.3, 3.4, 2.3]) == [43, 34, 23]
    assert share_out(7, [0, 5]) == [0, 7]
    with pytest.raises(InvalidInput):
        share_out(10, [0, 0])
    with pytest.raises(InvalidInput):
        share_out(-1, [1])


def test_layers_are_slowed_to_the_least_time_or_as_far_as_lines_may_be() -> None:
    nominal, slowest = np.array([20.0, 10.0, 2.0]), np.array([60.0, 30.0, 6.0])
    # 20 s are enough; 10 s are stretched to 15; 2 s reach 6 at the slowest
    assert slowing(nominal, slowest, 15).tolist() == [1.0, 1.5, 3.0]


def test_four_parts_of_four_seconds_a_layer_need_no_cooling() -> None:
    layers = LayerTimes(np.full(10, 4.0), np.full(10, 16.0), pace=1.0)
    # alone each layer is drawn 15 / 4 times slower, together they take 16 s
    assert share_layers([(layers, 1)], 15).time_s == pytest.approx(150)
    assert share_layers([(layers, 4)], 15).time_s == pytest.approx(160)
    both = share_layers([(layers, 3), (layers, 1)], 15)
    assert both.of_part_s == pytest.approx((120, 40))


def test_a_low_part_is_alone_in_no_layer_of_a_tall_one() -> None:
    low = LayerTimes(np.full(5, 20.0), np.full(5, 40.0), pace=1.0)
    tall = LayerTimes(np.full(10, 5.0), np.full(10, 20.0), pace=1.0)
    shared = share_layers([(low, 1), (tall, 1)], 15)
    # five layers of 25 s together, five of 5 s slowed to 15
    assert shared.of_part_s == pytest.approx((100, 25 + 75))


@given(
    side=st.floats(3, 60),
    height=st.floats(0.2, 60),
    time_s=st.floats(10, 1e5),
    with_mesh=st.booleans(),
)
def test_layers_of_a_part_sum_to_its_time_and_more_copies_take_longer(
    side: float, height: float, time_s: float, with_mesh: bool
) -> None:
    part = alone((side, side, height), 1000, time_s)
    if not with_mesh:
        part = replace(part, mesh=None)
    layers = spread_over_layers(part, BY_HAND, time_s)
    least_s = BY_HAND.slow_layer_s
    times = [share_layers([(layers, n)], least_s).time_s for n in (1, 2, 3, 8)]
    assert times[0] == pytest.approx(time_s, rel=1e-3)
    for fewer, more in itertools.pairwise(times):
        assert more >= fewer * (1 - 1e-9)
    assert times[1] <= 2 * times[0] * (1 + 1e-9)


def test_estimates_of_several_or_of_another_profile_are_refused() -> None:
    with pytest.raises(InvalidInput, match="must be of 1"):
        replace(CUBE, estimate=replace(CUBE.estimate, quantity=2))
    mini = find_profile("mini-pla-0.20")
    plate = plate_of({"cube": CUBE}, {"cube": 1})
    with pytest.raises(InvalidInput, match="no estimate of cube"):
        estimate_plate(plate, {"cube": CUBE}, mini)
    with pytest.raises(InvalidInput, match="no estimate of cube"):
        estimate_plate(plate, {}, BY_HAND)
