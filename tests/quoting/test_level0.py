"""Level 0 by hand and by law."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.facts import PartFacts
from nearmade.quoting.level0 import estimate_level0, shell_fraction
from nearmade.quoting.profile import Profile
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import BY_HAND, CUBE, MK3S, cuboid_facts

lengths = st.floats(2, 170)
cuboids = st.builds(cuboid_facts, lengths, lengths, lengths)
profiles = st.sampled_from(list(PROFILES.values()))


def test_the_cube_worked_by_hand() -> None:
    # 20 mm cube: V 8000, side 1600, up 400, down 400, 100 layers.
    # r = (0.81417 x 1600 + 1.2 x 400 + 0.8 x 400) / 8000 = 0.262834
    # f = r / (1 + r^3)^(1/3) = 0.261255
    # filament = 1.076 x 2090.0 + 0.198 x 5910.0 + 22 = 3441 mm3
    # time = 0.357 x 2090.0 + 0.094 x 5910.0 + 0.0288 x 8000 + 405 + 27 = 1964 s
    build = estimate_level0(CUBE, BY_HAND)
    assert shell_fraction(CUBE, BY_HAND) == pytest.approx(0.261255, abs=2e-5)
    assert build.feedstock_mm3.value == pytest.approx(3441, abs=1)
    assert build.time_s.value == pytest.approx(1964 + 300, abs=1)
    assert build.mass_g.value == pytest.approx(3.441 * 1.24, abs=0.002)


def test_the_interval_is_the_spread_and_heat_up_has_none() -> None:
    build = estimate_level0(CUBE, BY_HAND)
    assert build.feedstock_mm3.low == pytest.approx(build.feedstock_mm3.value * 0.9)
    printing_s = build.time_s.value - 300
    assert build.time_s.high == pytest.approx(printing_s * 1.25 + 300)


def test_the_slicer_uses_3303_mm3_for_the_cube_and_the_interval_holds_it() -> None:
    # PrusaSlicer 2.5.0: 1373.09 mm of filament, 29 min 13 s.
    build = estimate_level0(CUBE, MK3S)
    assert build.feedstock_mm3.low < 3303 < build.feedstock_mm3.high
    assert build.time_s.low < 1753 + 300 < build.time_s.high


def test_nine_cubes_share_one_build_and_heat_up_once() -> None:
    one, nine = estimate_level0(CUBE, BY_HAND), estimate_level0(CUBE, BY_HAND, 9)
    assert nine.time_s.value == pytest.approx(9 * (one.time_s.value - 327) + 27 + 300)
    assert nine.feedstock_mm3.value == pytest.approx(
        9 * (one.feedstock_mm3.value - 22) + 22
    )


def test_parts_that_fill_the_bed_take_a_build_each() -> None:
    plate = cuboid_facts(200, 200, 2)
    one, two = estimate_level0(plate, MK3S), estimate_level0(plate, MK3S, 2)
    assert two.time_s.value == pytest.approx(2 * one.time_s.value)


def test_half_the_infill_takes_half_the_inside() -> None:
    full = estimate_level0(CUBE, BY_HAND, infill_fraction=0.2)
    half = estimate_level0(CUBE, BY_HAND, infill_fraction=0.1)
    inside_mm3 = 0.198 * 8000 * (1 - 0.261255)
    saved = full.feedstock_mm3.value - half.feedstock_mm3.value
    assert saved == pytest.approx(inside_mm3 / 2, rel=1e-4)


def test_a_sheet_thinner_than_its_skins_is_all_shell() -> None:
    assert shell_fraction(cuboid_facts(100, 100, 0.1), BY_HAND) > 0.99
    assert shell_fraction(cuboid_facts(100, 100, 1e-4), BY_HAND) == 1.0


@pytest.mark.parametrize("volume_mm3", [0.0, -5.0, math.nan, math.inf])
def test_facts_without_volume_are_refused(volume_mm3: float) -> None:
    with pytest.raises(InvalidInput) as refusal:
        estimate_level0(replace(CUBE, volume_mm3=volume_mm3), MK3S)
    assert refusal.value.code == "no-volume"


@pytest.mark.parametrize(
    ("quantity", "infill"), [(0, None), (10**400, None), (1, 1.5), (1, math.nan)]
)
def test_requests_out_of_range_are_refused(quantity: int, infill: float | None) -> None:
    with pytest.raises(InvalidInput):
        estimate_level0(CUBE, MK3S, quantity, infill_fraction=infill)


@given(cuboids, profiles, st.integers(1, 50))
def test_intervals_are_in_order_and_above_zero(
    facts: PartFacts, profile: Profile, quantity: int
) -> None:
    build = estimate_level0(facts, profile, quantity)
    for figure in (build.feedstock_mm3, build.mass_g, build.time_s, build.energy_wh):
        assert 0 < figure.low <= figure.value <= figure.high


@given(cuboids, profiles, st.floats(0, 1), st.floats(0, 1))
def test_more_infill_is_never_less_mass_or_time(
    facts: PartFacts, profile: Profile, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    light = estimate_level0(facts, profile, infill_fraction=less)
    heavy = estimate_level0(facts, profile, infill_fraction=more)
    assert heavy.mass_g.value >= light.mass_g.value
    assert heavy.time_s.value >= light.time_s.value


@given(cuboids, profiles, st.integers(1, 20))
def test_more_parts_never_take_less(
    facts: PartFacts, profile: Profile, quantity: int
) -> None:
    some = estimate_level0(facts, profile, quantity)
    more = estimate_level0(facts, profile, quantity + 1)
    assert more.time_s.value >= some.time_s.value
    assert more.energy_wh.value >= some.energy_wh.value
