"""A second slicer's words, and what it must never be believed on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nearmade.adapters.slicers import cura
from nearmade.adapters.slicers.cura import (
    cura_settings,
    read_opinion,
    second_opinion,
)
from nearmade.adapters.slicers.prusa import slice_stl
from nearmade.geometry.stl import write_stl
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from tests.quoting.parts import cuboid_mesh

MK3S = find_profile("mk3s-pla-0.20")

#: What CuraEngine 4.13.0 wrote to standard error of a cube of 20 mm, shortened.
SAID = b"""Cura_SteamEngine version 4.13.0
Gcode header after slicing:
;FLAVOR:Marlin
;TIME:6666
;Filament used: 0m
End of gcode header.
Print time (s): 1589
Print time (hr|min|s): 0h 26m 29s
Filament (mm^3): 3365
"""


def test_the_figures_are_those_among_its_words_not_in_the_header() -> None:
    opinion = read_opinion(SAID)
    assert (opinion.filament_mm3, opinion.time_s) == (3365, 1589)
    assert opinion.slicer_version == "CuraEngine 4.13.0"


@pytest.mark.parametrize(
    "said",
    [b"", b"[ERROR] Failed", SAID.replace(b"3365", b"0"), SAID.split(b"Print time")[0]],
)
def test_without_figures_it_has_no_opinion(said: bytes) -> None:
    with pytest.raises(Unavailable) as refusal:
        read_opinion(said)
    assert refusal.value.code == "slicer-nonsense"


def test_derived_settings_are_worked_out_by_hand() -> None:
    settings = cura_settings(MK3S, infill_fraction=0.2, supports=False)
    # 0.45 - 0.2 (1 - pi/4) = 0.40708 between lines; a fifth of them: 2.0354 mm
    assert settings["wall_line_width_x"] == pytest.approx(0.40708)
    assert settings["infill_line_distance"] == pytest.approx(2.0354)
    assert settings["infill_pattern"] == "gyroid"
    # 0.5 mm of floor in layers of 0.2 mm are three; four are asked for.
    assert settings["bottom_layers"] == 4
    assert settings["speed_wall_0"] == 25
    assert settings["support_enable"] is False


def test_crossing_lines_lie_further_apart() -> None:
    ender = find_profile("ender3-pla-0.20")
    settings = cura_settings(ender, infill_fraction=0.2, supports=True)
    # A grid draws two sets of lines: 2 (0.44 - 0.0429) / 0.2
    assert settings["infill_line_distance"] == pytest.approx(3.971, abs=0.001)
    assert settings["support_enable"] is True


def test_no_infill_has_no_lines() -> None:
    settings = cura_settings(MK3S, infill_fraction=0.0, supports=False)
    assert settings["infill_line_distance"] == 0


def test_a_missing_program_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cura, "PROGRAM", Path("/nowhere/CuraEngine"))
    with pytest.raises(Unavailable) as missing:
        second_opinion(b"", MK3S)
    assert missing.value.code == "second-slicer-missing"
    assert missing.value.remedy == "apt-get install cura-engine cura"


def test_an_infill_out_of_range_is_refused() -> None:
    with pytest.raises(InvalidInput):
        second_opinion(b"", MK3S, infill_fraction=1.5)


@pytest.mark.outside
def test_two_slicers_agree_on_a_cube_within_a_tenth() -> None:
    definitions = cura.DEFINITIONS / "definitions" / "fdmprinter.def.json"
    if not cura.PROGRAM.exists() or not definitions.exists():
        pytest.skip("needs apt-get install cura-engine cura")
    cube = write_stl(cuboid_mesh(20, 20, 20))
    opinion = second_opinion(cube, MK3S)
    figures = slice_stl(cube, MK3S, cache=None).figures
    assert opinion.filament_mm3 == pytest.approx(figures.filament_mm3, rel=0.1)
    assert opinion.time_s == pytest.approx(figures.time_s, rel=0.15)
    solid = second_opinion(cube, replace(MK3S), infill_fraction=1.0)
    assert solid.filament_mm3 > 1.8 * opinion.filament_mm3
