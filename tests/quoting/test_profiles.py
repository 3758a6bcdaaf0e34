"""Profiles: what each must say of itself."""

from __future__ import annotations

import math

import pytest

from nearmade.quoting.plate import builds_needed, parts_per_build
from nearmade.quoting.profile import Profile, Spread
from nearmade.quoting.profiles import PROFILES, find_profile
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.quoting.parts import cuboid_facts


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_every_profile_is_whole(profile: Profile) -> None:
    assert profile.power.machine_model == profile.machine_model
    assert profile.power.bed_degc == profile.bed_degc
    assert profile.level0.source
    assert profile.level1.source
    assert profile.volume_reality.assumed
    assert profile.nozzle_degc <= 300
    assert profile.bed_degc <= 120


@pytest.mark.parametrize(
    "name",
    [
        f"{machine}-{material}-0.20"
        for machine in ("mk3s", "mini", "ender3")
        for material in ("pla", "petg")
    ],
)
def test_the_promised_profiles_are_there(name: str) -> None:
    assert find_profile(name).id == name


def test_an_unknown_profile_lists_those_known() -> None:
    with pytest.raises(NotFound, match=r"ender3-pla-0\.20") as refusal:
        find_profile("voron")
    assert refusal.value.code == "profile-unknown"


def test_bead_spacing_is_as_the_slicers_manual_has_it() -> None:
    # 0.45 - 0.2 (1 - pi / 4) = 0.40708
    assert find_profile("mk3s-pla-0.20").bead_spacing_mm == pytest.approx(0.40708)


def test_independent_spreads_join_in_squares_of_logarithms() -> None:
    joined = Spread(math.exp(-0.3), math.exp(0.3), "a").with_error_of(
        Spread(math.exp(-0.4), math.exp(0.4), "b", assumed=True)
    )
    assert joined.low == pytest.approx(math.exp(-0.5))
    assert joined.high == pytest.approx(math.exp(0.5))
    assert joined.assumed
    assert joined.source == "a; b"


@pytest.mark.parametrize(("low", "high"), [(0, 1), (1.1, 1.2), (0.9, 0.95)])
def test_a_spread_that_does_not_hold_the_estimate_is_refused(
    low: float, high: float
) -> None:
    with pytest.raises(InvalidInput):
        Spread(low, high, "bad")


@pytest.mark.parametrize(
    ("side_mm", "height_mm", "count"),
    [
        # bed 250 x 210 less 4 mm at each edge: (242 + 6) / 26 = 9, (202 + 6) / 26 = 8
        (20, 20, 72),
        (200, 20, 1),
        (243, 20, 0),
        (20, 211, 0),
    ],
)
def test_copies_on_a_bed_are_counted_in_a_grid(
    side_mm: float, height_mm: float, count: int
) -> None:
    facts = cuboid_facts(side_mm, side_mm, height_mm)
    mk3s = find_profile("mk3s-pla-0.20")
    assert parts_per_build(facts.extents_mm, mk3s) == count


def test_a_long_part_may_be_turned() -> None:
    mk3s = find_profile("mk3s-pla-0.20")
    assert parts_per_build((10, 240, 5), mk3s) == parts_per_build((240, 10, 5), mk3s)


def test_builds_are_rounded_up_and_none_is_refused() -> None:
    mk3s = find_profile("mk3s-pla-0.20")
    assert builds_needed((20, 20, 20), mk3s, 73) == 2
    with pytest.raises(InvalidInput):
        builds_needed((20, 20, 20), mk3s, 0)
