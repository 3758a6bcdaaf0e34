"""Print settings read from a configuration, beside values worked by hand."""

from __future__ import annotations

import math
import re

import pytest

from nearmade.adapters.slicers.flatten import flat_ini, flat_settings, flatten
from nearmade.adapters.slicers.prusa import _export
from nearmade.adapters.slicers.settings import (
    DEFAULTS,
    groups_that_differ,
    print_settings,
)
from nearmade.adapters.slicers.start_lines import count_start_lines
from nearmade.geometry.stl import write_stl
from nearmade.quoting.presets import PRESETS
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from nearmade.vocabulary.identity import ProfileId
from tests.quoting.parts import cuboid_mesh


def test_an_empty_configuration_stands_for_the_slicers_defaults() -> None:
    found = print_settings({})
    # The slicer's own header for an empty configuration: 0.45, 0.45, 0.40, 0.70 mm.
    lines = found.lines
    assert (lines.outer_mm, lines.inner_mm) == pytest.approx((0.45, 0.45))
    assert (lines.top_mm, lines.first_mm) == pytest.approx((0.40, 0.70))
    assert found.speeds.outer == 30  # half of 60
    assert found.supports.bottom_interface_layers == 3  # as above


def test_shares_are_of_what_the_slicer_takes_them_of() -> None:
    found = print_settings(
        {
            "perimeter_speed": "60",
            "small_perimeter_speed": "25%",
            "infill_speed": "90",
            "solid_infill_speed": "80%",
            "top_solid_infill_speed": "50%",
            "support_material_speed": "50",
            "support_material_interface_speed": "80%",
            "first_layer_height": "75%",
            "layer_height": "0.2",
            "external_perimeter_extrusion_width": "0.5",
            "support_material_xy_spacing": "60%",
        }
    )
    speeds = found.speeds
    assert (speeds.small, speeds.solid, speeds.top) == pytest.approx((15, 72, 36))
    assert speeds.interface == pytest.approx(40)
    assert found.lines.first_layer_mm == pytest.approx(0.15)
    assert found.supports.side_gap_mm == pytest.approx(0.3)


def test_the_first_of_several_values_counts() -> None:
    found = print_settings(
        {"machine_max_jerk_x": "8,6", "gcode_flavor": "marlin", "nozzle_diameter": "1"}
    )
    assert found.motion.jerks[0] == 8


def test_a_flavour_whose_limits_the_slicer_ignores_has_the_common_ones() -> None:
    limits = {"machine_max_acceleration_x": "100"}
    heeded = print_settings(limits | {"gcode_flavor": "marlin2"})
    ignored = print_settings(limits | {"gcode_flavor": "repetier"})
    assert heeded.motion.most_accelerations[0] == 100
    assert ignored.motion.most_accelerations[0] == 9000


def test_old_marlin_travels_with_the_limit_of_extruding() -> None:
    limits = {
        "machine_max_acceleration_extruding": "1250",
        "machine_max_acceleration_travel": "3000",
    }
    old = print_settings(limits | {"gcode_flavor": "marlin"})
    new = print_settings(limits | {"gcode_flavor": "marlin2"})
    assert old.motion.travel_acceleration == 1250
    assert new.motion.travel_acceleration == 3000


def test_the_filament_may_set_its_own_retraction() -> None:
    found = print_settings(
        {
            "retract_length": "0.8",
            "retract_lift": "0.4",
            "filament_retract_length": "2",
            "filament_retract_lift": "nil",
            "filament_wipe": "1",
        }
    )
    assert found.retraction.length_mm == 2
    assert found.retraction.lift_mm == 0.4
    assert found.retraction.wipes


def test_the_stricter_limit_of_flow_counts_and_zero_is_none() -> None:
    assert print_settings({}).speeds.flow_mm3_s == 0
    both = {"filament_max_volumetric_speed": "8", "max_volumetric_speed": "5"}
    assert print_settings(both).speeds.flow_mm3_s == 5


def test_zeros_that_slicers_allow_are_no_floor_and_no_limit() -> None:
    found = print_settings(
        {
            "min_print_speed": "0",
            "first_layer_speed": "0",
            "max_print_speed": "90",
            "gcode_flavor": "marlin2",
            "machine_max_acceleration_x": "700",
            "machine_max_acceleration_y": "800",
            "machine_max_acceleration_extruding": "0",
            "machine_max_acceleration_travel": "0",
        }
    )
    assert 0 < found.speeds.slowest < 0.1
    assert found.speeds.first == 90
    assert found.motion.extruding_acceleration == 700
    assert found.motion.travel_acceleration == 700


def test_a_zero_that_no_print_can_have_is_refused() -> None:
    with pytest.raises(InvalidInput, match="travel must be above zero"):
        print_settings({"travel_speed": "0"})


def test_a_brim_that_is_switched_off_is_none() -> None:
    assert print_settings({"brim_width": "5"}).adhesion.brim_mm == 5
    off = {"brim_width": "5", "brim_type": "no_brim"}
    assert print_settings(off).adhesion.brim_mm == 0


def test_a_material_may_need_more_filament_for_each_line() -> None:
    assert print_settings({}).flow == 1
    assert print_settings({"extrusion_multiplier": "1.14"}).flow == 1.14
    assert PROFILES[ProfileId("mk3s-tpu-0.20")].settings.flow == 1.14


def test_a_value_that_is_no_number_is_named() -> None:
    with pytest.raises(Unavailable, match="perimeter_speed = 'fast'"):
        print_settings({"perimeter_speed": "fast"})


def test_an_intro_line_counts_while_it_moves() -> None:
    text = "M83\\nG92 E0\\nG1 X60 E9 F1000\\nG1 X100 E12.5\\nG1 E5 F600 ; no line"
    found = count_start_lines(text, filament_mm=1.75)
    assert found.filament_mm3 == pytest.approx(21.5 * math.pi * 1.75**2 / 4)
    assert found.time_s == pytest.approx(100 / (1000 / 60) + 5 / 10)


def test_an_absolute_extruder_is_set_back_by_hand() -> None:
    text = "M82\\nG1 X10 E5 F600\\nG92 E0\\nG1 X0 E5"
    found = count_start_lines(text, filament_mm=2)
    assert found.filament_mm3 == pytest.approx(10 * math.pi)


def test_of_branches_the_last_stands() -> None:
    text = "M83\\n{if a}\\nG1 X9 E9 F600\\n{else}\\nG1 X5 E1 F600\\n{endif}\\nG1 X0 E1"
    found = count_start_lines(text, filament_mm=2)
    assert found.filament_mm3 == pytest.approx(2 * math.pi)


def test_groups_that_changed_since_are_named() -> None:
    kept = print_settings({"perimeter_speed": "45", "skirts": "1"})
    same = {"perimeter_speed": "45.000001", "skirts": "1"}
    assert groups_that_differ(same, kept) == []
    changed = {"perimeter_speed": "50", "skirts": "1", "retract_length": "3"}
    assert groups_that_differ(changed, kept) == ["speeds", "retraction"]


@pytest.mark.outside
@pytest.mark.parametrize("profile_id", sorted(PRESETS))
def test_no_fact_differs_from_the_installed_presets(profile_id: ProfileId) -> None:
    profile = PROFILES[profile_id]
    assert groups_that_differ(flat_settings(profile), profile.settings) == []


@pytest.mark.outside
@pytest.mark.parametrize("profile_id", ["mk3s-pla-0.20", "ender3-pla-0.20"])
def test_the_kept_settings_are_those_of_the_installed_presets(profile_id: str) -> None:
    profile = PROFILES[ProfileId(profile_id)]
    flat = flatten(PRESETS[profile.id]) | {"fill_density": "20%"}
    found, kept = print_settings(flat), profile.settings
    assert found.lines == kept.lines
    assert found.shells == kept.shells
    assert found.speeds == kept.speeds
    assert found.motion == kept.motion
    assert found.supports == kept.supports
    assert found.adhesion.intro_mm3 == pytest.approx(kept.adhesion.intro_mm3, 1e-4)


@pytest.mark.outside
def test_the_defaults_are_those_that_the_slicer_writes() -> None:
    mk3s = PROFILES[ProfileId("mk3s-pla-0.20")]
    cube = write_stl(cuboid_mesh(10, 10, 2))
    gcode = _export([cube], flat_ini({}), mk3s, 60).decode()
    block = gcode[gcode.index("; prusaslicer_config = begin") :]
    said = dict(re.findall(r"^; (\w+) = (.*)$", block, re.MULTILINE))
    off = {
        key: said.get(key)
        for key, value in DEFAULTS.items()
        if key != "start_gcode" and said.get(key, "").split(",")[0] != value
    }
    assert off == {}
