"""Flattening a small bundle of our own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nearmade.adapters.slicers.flatten import flat_ini, flat_settings, start_checks
from nearmade.quoting.profile import Profile, PrusaPresets
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput, Unavailable

BUNDLE = """
[vendor]
name = Small

[print:*base*]
layer_height = 0.3
perimeters = 2
post_process = /bin/evil
gcode_label = 50% # not a comment

[print:*fine*]
layer_height = 0.2
bead = a=b

[print:0.20 SMALL]
inherits = *base*; *fine*
compatible_printers_condition = nozzle_diameter[0]==0.4
perimeters = 3

[filament:PLA]
temperature = 210

[printer:Small]
start_gcode = M862.3 P "SMALL"\\nG28\\nM569 S1 X\\nG1 Z1
printhost_apikey = secret

[printer:Checked]
printer_model = MK3S
nozzle_diameter = 0.4,0.4
start_gcode = M862.3 P "[printer_model]" ;\\nM862.1 P[nozzle_diameter]\\nM862.4 P1
"""


def small_profile(print_preset: str = "0.20 SMALL") -> Profile:
    return replace(
        find_profile("mk3s-pla-0.20"),
        presets=PrusaPresets("Small.ini", print_preset, "PLA", "Small"),
    )


@pytest.fixture
def bundles(tmp_path: Path) -> Path:
    (tmp_path / "Small.ini").write_text(BUNDLE)
    return tmp_path


def test_parents_come_from_left_to_right_and_own_keys_last(bundles: Path) -> None:
    settings = flat_settings(small_profile(), bundles=bundles)
    assert settings["layer_height"] == "0.2"
    assert settings["perimeters"] == "3"
    assert settings["temperature"] == "210"


def test_values_are_kept_letter_by_letter(bundles: Path) -> None:
    settings = flat_settings(small_profile(), bundles=bundles)
    assert settings["bead"] == "a=b"
    assert settings["gcode_label"] == "50% # not a comment"


def test_nothing_that_chooses_runs_or_reaches_is_passed_on(bundles: Path) -> None:
    settings = flat_settings(small_profile(), bundles=bundles)
    gone = {"inherits", "compatible_printers_condition", "post_process"}
    assert not (gone | {"printhost_apikey"}) & set(settings)


def test_start_up_lines_about_the_firmware_itself_are_dropped(bundles: Path) -> None:
    settings = flat_settings(small_profile(), bundles=bundles)
    assert settings["start_gcode"] == "G28\\nG1 Z1"


def test_checks_of_model_and_nozzle_are_given_with_their_values(bundles: Path) -> None:
    checked = replace(
        find_profile("mk3s-pla-0.20"),
        presets=PrusaPresets("Small.ini", "0.20 SMALL", "PLA", "Checked"),
    )
    checks = start_checks(checked, bundles=bundles)
    assert checks == ('M862.3 P "MK3S"', "M862.1 P0.4")
    assert "M862" not in flat_settings(checked, bundles=bundles)["start_gcode"]


def test_a_machine_without_presets_has_no_checks_and_no_settings(bundles: Path) -> None:
    unknown = replace(find_profile("mk3s-pla-0.20"), presets=None)
    assert start_checks(unknown, bundles=bundles) == ()
    with pytest.raises(InvalidInput) as refusal:
        flat_settings(unknown, bundles=bundles)
    assert refusal.value.code == "no-slicer-profile"


def test_a_share_in_the_first_layers_height_is_written_in_millimetres(
    bundles: Path,
) -> None:
    (bundles / "Share.ini").write_text(
        BUNDLE.replace("perimeters = 3", "perimeters = 3\nfirst_layer_height = 150%")
    )
    shared = replace(
        small_profile(),
        presets=PrusaPresets("Share.ini", "0.20 SMALL", "PLA", "Small"),
    )
    settings = flat_settings(shared, bundles=bundles)
    assert settings["first_layer_height"] == "0.3"
    assert settings["use_relative_e_distances"] == "1"
    assert settings["layer_gcode"].endswith("G92 E0")


def test_the_infill_is_the_profiles_own(bundles: Path) -> None:
    assert flat_settings(small_profile(), bundles=bundles)["fill_density"] == "20%"


def test_the_ini_is_sorted_so_that_same_settings_are_same_bytes() -> None:
    assert flat_ini({"b": "2", "a": "1"}) == b"a = 1\nb = 2\n"


def test_a_preset_that_is_not_there_is_named(bundles: Path) -> None:
    with pytest.raises(Unavailable, match=r"print:0\.10 NONE"):
        flat_settings(small_profile("0.10 NONE"), bundles=bundles)


def test_a_preset_that_inherits_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "Small.ini").write_text("[print:A]\ninherits = A\n")
    with pytest.raises(Unavailable):
        flat_settings(small_profile("A"), bundles=tmp_path)


def test_a_missing_bundle_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as missing:
        flat_settings(small_profile(), bundles=tmp_path)
    assert missing.value.remedy == "apt-get install prusa-slicer"
