"""The strip packer in its child: answers, limits and panics."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nearmade.adapters import strip_packing
from nearmade.adapters.strip_packing import PACKING_LIMITS, pack_strip
from nearmade.geometry.nesting import Bed, Kind, count_plates
from nearmade.geometry.nesting_well import StripTask, nest_well
from nearmade.vocabulary.errors import Unavailable

BLOCK = np.array([(0.0, 0.0), (40.0, 0.0), (40.0, 20.0), (0.0, 20.0)])


def task(width_mm: float, height_mm: float, copies: int) -> StripTask:
    return StripTask(width_mm, height_mm, (BLOCK,), (copies,), seed=3)


def test_what_fits_gets_a_spot_for_each_copy_inside_the_box() -> None:
    spots = pack_strip(task(90, 90, 6))
    assert spots is not None
    assert [spot.outline for spot in spots] == [0] * 6
    turns = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}
    for spot in spots:
        cos, sin = turns[spot.turn_deg]
        turned = BLOCK @ np.array([(cos, sin), (-sin, cos)]) + (spot.x_mm, spot.y_mm)
        assert turned.min() >= -0.01
        assert turned.max() <= 90.01
    assert pack_strip(task(90, 90, 6)) == spots


def test_what_cannot_fit_gets_none() -> None:
    # six blocks are 4800 mm2
    assert pack_strip(task(60, 70, 6)) is None


def test_an_outline_that_is_too_large_makes_the_packer_panic_and_gets_none() -> None:
    assert pack_strip(task(200, 15, 1)) is None


def test_a_packer_without_time_has_found_none() -> None:
    assert pack_strip(task(90, 90, 6), limits=replace(PACKING_LIMITS, wall_s=0.01)) is (
        None
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{}}",
        b"[[0, 1]]",
        b'[["a", 0, 0, 0]]',
        b"7",
        b"[[Infinity, 0, 0, 0]]",
        b"[[0, Infinity, 0, 0]]",
        b"[[0, 0, NaN, 0]]",
        b"[[0, 0, 0, -Infinity]]",
        b"[[0, 0, 1" + b"0" * 400 + b", 0]]",
        b"[" * 200_000,
    ],
)
def test_an_answer_that_makes_no_sense_is_an_outage(answer: bytes) -> None:
    with pytest.raises(Unavailable) as outage:
        strip_packing._spots(answer)
    assert outage.value.code == "packer-failed"


def test_parts_as_large_as_the_bed_are_still_laid() -> None:
    bed = Bed((100.0, 100.0, 100.0), 4.0, 6.0)
    kinds = [Kind("long", (92.0, 12.0, 5.0), 3), Kind("ell", (50.0, 50.0, 5.0), 2)]
    plates = nest_well(kinds, bed, pack_strip)
    assert count_plates(plates) == 2
