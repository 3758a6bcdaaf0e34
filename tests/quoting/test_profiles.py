"""Profiles: what each must say of itself."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from nearmade.quoting.calibration_transfer import carry_level0, carry_level1
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.machines import MACHINES, MachineModel, find_machine
from nearmade.quoting.plate import builds_needed, parts_per_build
from nearmade.quoting.print_settings import PrintSettings
from nearmade.quoting.profile import Profile, SizedSpread, Spread
from nearmade.quoting.profiles import MAKEABLE, PROFILES, find_profile
from nearmade.quoting.qualities import quality_of
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.quoting.parts import cuboid_facts, cuboid_mesh


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


def test_an_unknown_profile_names_those_near_it() -> None:
    with pytest.raises(NotFound, match=r"ender3-pla-0\.20") as refusal:
        find_profile("ender3-pla-0.21")
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


def test_there_are_25_machines_and_the_main_ones_have_three_qualities() -> None:
    assert len(MACHINES) >= 25
    for key in ("mk3s", "mini", "ender3", "i3megas", "voron250"):
        layers = {
            profile.layer_mm
            for profile in PROFILES.values()
            if profile.id.startswith(f"{key}-pla-")
        }
        assert {quality_of(layer_mm) for layer_mm in layers} == {
            "fine",
            "standard",
            "draft",
        }


@pytest.mark.parametrize("machine", MACHINES.values(), ids=list(MACHINES))
def test_every_machine_has_facts_a_source_and_a_profile(machine: MachineModel) -> None:
    assert machine.source
    assert find_machine(machine.key) is machine
    own = [each for each in PROFILES.values() if each.id.startswith(f"{machine.key}-")]
    assert own
    for profile in own:
        assert profile.bed_mm == machine.bed_mm
        assert profile.nozzle_mm in machine.nozzles_mm
        assert profile.filament_diameter_mm == machine.filament_mm
        assert profile.nozzle_degc <= machine.most_nozzle_degc
        assert profile.bed_degc <= machine.most_bed_degc


def test_an_unknown_machine_names_those_near_it() -> None:
    with pytest.raises(NotFound, match="ender3"):
        find_machine("ender4")


def test_only_sliced_machines_can_be_ordered() -> None:
    assert {"mk3s-pla-0.20", "mini-petg-0.20", "ender3-pla-0.28"} <= set(MAKEABLE)
    assert "x1c-pla-0.20" not in MAKEABLE
    assert all(profile.presets is not None for profile in MAKEABLE.values())


def test_the_standard_profile_stands_first_of_each_machine() -> None:
    for profile in PROFILES.values():
        key, material, _ = profile.id.split("-")
        first = next(each for each in PROFILES if each.startswith(f"{key}-{material}-"))
        standard = {"lulzbotmini": "0.30", "taz6": "0.30"}.get(key, "0.20")
        assert first.endswith(standard)


def test_a_borrowed_fit_says_so_and_is_wider() -> None:
    lent, borrowed = find_profile("mk3s-pla-0.20"), find_profile("x1c-pla-0.20")
    assert not lent.level0.time_spread.assumed
    assert borrowed.level0.time_spread.assumed
    assert "carried over from mk3s-pla-0.20" in borrowed.level0.source
    assert borrowed.level0.time_spread.low < lent.level0.time_spread.low
    assert borrowed.level0.time_spread.high > lent.level0.time_spread.high


def test_a_fit_carried_over_to_its_own_settings_is_unchanged() -> None:
    mk3s = find_profile("mk3s-pla-0.20")
    same = carry_level0(mk3s.level0, mk3s.settings, mk3s.settings, "itself")
    assert same.shell_s == pytest.approx(mk3s.level0.shell_s)
    assert same.sparse_s == pytest.approx(mk3s.level0.sparse_s)
    assert same.wall_s == pytest.approx(mk3s.level0.wall_s)
    assert same.start_mm3 == pytest.approx(mk3s.level0.start_mm3)


def test_a_start_is_carried_over_by_the_skirt_and_not_by_the_intro_line() -> None:
    # The slicer's figure of filament holds the skirt and no intro line. One loop and
    # two on one layer, middles d and d + s away from a hull of 60 mm:
    # (2 x 60 + 2 pi (2 d + s)) / (60 + 2 pi d).
    mk3s = find_profile("mk3s-pla-0.20")
    plain = replace(mk3s.settings.adhesion, skirts=1, skirt_layers=1, skirt_least_mm=0)
    own = replace(mk3s.settings, adhesion=plain)
    no_intro = replace(own, adhesion=replace(plain, intro_mm3=0.0))
    two_loops = replace(own, adhesion=replace(plain, skirts=2))
    no_skirt = replace(own, adhesion=replace(plain, skirts=0))
    spacing_mm = 0.42 - 0.2 * (1 - math.pi / 4)
    away_mm = plain.skirt_gap_mm + spacing_mm / 2
    ratio = (120 + 2 * math.pi * (2 * away_mm + spacing_mm)) / (
        60 + 2 * math.pi * away_mm
    )
    start_mm3 = mk3s.level0.start_mm3

    def carried_mm3(before: PrintSettings, after: PrintSettings) -> float:
        return carry_level0(mk3s.level0, before, after, "itself").start_mm3

    assert carried_mm3(own, no_intro) == pytest.approx(start_mm3)
    assert carried_mm3(no_intro, own) == pytest.approx(start_mm3)
    assert carried_mm3(own, two_loops) == pytest.approx(ratio * start_mm3)
    assert carried_mm3(own, no_skirt) == 0
    assert carried_mm3(no_skirt, own) == start_mm3


def test_a_layer_waits_as_long_as_the_profile_cools_it() -> None:
    mk3s = find_profile("mk3s-pla-0.20")
    speeds = replace(mk3s.settings.speeds, slow_layer_s=7.5)  # half of 15 s
    cooler = replace(mk3s.settings, speeds=speeds)
    carried = carry_level0(mk3s.level0, mk3s.settings, cooler, "itself")
    assert carried.layer_s == pytest.approx(mk3s.level0.layer_s / 2)


def test_a_faster_machine_is_estimated_faster() -> None:
    slow, fast = find_profile("ender3-pla-0.20"), find_profile("x1c-pla-0.20")
    cube = cuboid_facts(20, 20, 20)
    assert (
        estimate_level0(cube, fast).time_s.value
        < estimate_level0(cube, slow).time_s.value
    )


def test_a_material_that_needs_more_filament_is_estimated_so() -> None:
    mk3s = find_profile("mk3s-pla-0.20")
    more = replace(mk3s.settings, flow=1.2)
    carried = carry_level0(mk3s.level0, mk3s.settings, more, "itself")
    assert carried.shell_mm3 == pytest.approx(1.2 * mk3s.level0.shell_mm3)
    mesh, facts = cuboid_mesh(20, 20, 20), cuboid_facts(20, 20, 20)
    plain = estimate_level1(mesh, facts, mk3s)
    fuller = estimate_level1(mesh, facts, replace(mk3s, settings=more))
    ratio = fuller.feedstock_mm3.value / plain.feedstock_mm3.value
    assert ratio == pytest.approx(1.2)
    assert fuller.time_s.value == pytest.approx(plain.time_s.value)


def test_intervals_by_size_are_carried_over_wider() -> None:
    fit = find_profile("mk3s-pla-0.20").level1
    sized = SizedSpread((1000.0,), (Spread(0.8, 1.2, "small"), Spread(0.97, 1.02, "l")))
    carried = carry_level1(replace(fit, volume_sizes=sized, time_sizes=None), "kin")
    assert carried.volume_sizes is not None
    assert carried.volume_sizes.edges == sized.edges
    for before, after in zip(sized.spreads, carried.volume_sizes.spreads, strict=True):
        assert after.low < before.low
        assert after.high > before.high
        assert after.assumed
    assert carried.time_sizes is None


def test_a_profile_that_never_waited_lends_no_waiting() -> None:
    mk3s = find_profile("mk3s-pla-0.20")
    never = replace(
        mk3s.settings, speeds=replace(mk3s.settings.speeds, slow_layer_s=0.0)
    )
    carried = carry_level0(mk3s.level0, never, mk3s.settings, "itself")
    assert carried.layer_s == mk3s.level0.layer_s


def test_a_machine_without_room_is_refused() -> None:
    with pytest.raises(InvalidInput):
        replace(MACHINES["mk3s"], bed_mm=(0.0, 210.0, 210.0))
