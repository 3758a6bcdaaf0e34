"""Slicer's figures turned into builds, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nearmade.quoting.level2 import SliceFigures, estimate_level2
from nearmade.quoting.profile import Spread
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import MK3S

FOUR = SliceFigures(
    filament_mm=1000,
    filament_mm3=2405,
    mass_g=2.98,
    time_s=3600,
    layers=50,
    slicer_version="PrusaSlicer 2.5.0",
    max_nozzle_degc=215,
    max_bed_degc=60,
    low_mm=(10, 10, 0.2),
    high_mm=(50, 50, 10),
    parts=4,
)
PROFILE = replace(
    MK3S,
    volume_reality=Spread(0.95, 1.05, "by hand"),
    time_reality=Spread(0.9, 1.2, "by hand"),
)


def test_one_build_is_the_slicers_figure_and_the_heat_up() -> None:
    build = estimate_level2(FOUR, PROFILE)
    assert (build.level, build.quantity) == (2, 4)
    assert build.time_s.value == pytest.approx(3900)
    assert build.time_s.low == pytest.approx(3240 + 300)
    assert build.time_s.high == pytest.approx(4320 + 300)
    assert build.feedstock_mm3.value == 2405
    assert build.mass_g.value == pytest.approx(2.9822)


def test_nine_parts_at_four_a_build_are_two_full_builds_and_a_single_part() -> None:
    one = replace(FOUR, parts=1, time_s=1000.0, filament_mm3=600.0)
    build = estimate_level2(FOUR, PROFILE, 9, one)
    heatup_s = 3900 - FOUR.time_s
    assert build.time_s.value == pytest.approx(2 * 3900 + 1000 + heatup_s)
    assert build.feedstock_mm3.value == pytest.approx(2 * 2405 + 600)


@pytest.mark.parametrize(("quantity", "rest"), [(9, None), (9, 2), (8, 1)])
def test_a_last_build_that_was_not_sliced_is_refused(
    quantity: int, rest: int | None
) -> None:
    last = None if rest is None else replace(FOUR, parts=rest)
    with pytest.raises(InvalidInput, match="builds of 4 leave"):
        estimate_level2(FOUR, PROFILE, quantity, last)


@pytest.mark.parametrize(
    "change", [{"time_s": 0.0}, {"filament_mm": float("nan")}, {"layers": 0}]
)
def test_figures_that_mean_nothing_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(InvalidInput):
        replace(FOUR, **change)  # type: ignore[arg-type]


def test_no_part_at_all_is_refused() -> None:
    with pytest.raises(InvalidInput):
        estimate_level2(FOUR, PROFILE, 0)
