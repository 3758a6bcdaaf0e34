"""The house's own calibration set: sound, flat, small and the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from nearmade.geometry.measure import measure
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.quoting.calibration_shapes import CalibrationPart, calibration_shapes

SHAPES = list(calibration_shapes())


def test_there_are_at_least_40_parts_of_many_families() -> None:
    assert len(SHAPES) >= 40
    assert len({part.group for part in SHAPES}) >= 12
    assert len({part.name for part in SHAPES}) == len(SHAPES)


@pytest.mark.parametrize("part", SHAPES, ids=[part.name for part in SHAPES])
def test_every_part_is_a_closed_solid_that_any_bed_takes(part: CalibrationPart) -> None:
    facts = measure(read_stl(write_stl(part.mesh)))
    assert facts.watertight
    assert facts.bodies == 1
    assert 300 < facts.volume_mm3 < 60_000
    assert max(facts.extents_mm) < 110  # the smallest bed is 120 mm
    assert float(part.mesh.vertices_mm[:, 2].min()) == pytest.approx(0, abs=1e-6)


def test_the_set_is_the_same_every_time() -> None:
    for one, again in zip(SHAPES, calibration_shapes(), strict=True):
        assert one.name == again.name
        assert np.array_equal(one.mesh.vertices_mm, again.mesh.vertices_mm)
