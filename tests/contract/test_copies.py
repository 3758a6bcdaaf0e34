"""Copies that cool together: quotes and plates beside the slicer."""

from __future__ import annotations

import pytest

from nearmade.adapters.slicers.prusa import slice_copies, slice_plate
from nearmade.geometry.measure import measure
from nearmade.geometry.nesting import Kind, nest_at_once
from nearmade.geometry.stl import write_stl
from nearmade.quoting.level1 import estimate_alone, estimate_level1
from nearmade.quoting.plate import bed_of
from nearmade.quoting.plate_figures import estimate_plate
from nearmade.quoting.profiles import find_profile
from tests.quoting.parts import cuboid_mesh

MK3S = find_profile("mk3s-pla-0.20")
#: A tower whose layers are over in less than 15 s, so that one alone is slowed down.
TOWER = cuboid_mesh(10, 10, 16)
SIZE_MM = (10.0, 10.0, 16.0)


@pytest.mark.outside
@pytest.mark.parametrize("copies", [1, 4, 9])
def test_towers_share_the_least_time_of_their_layers(copies: int) -> None:
    sliced = slice_plate([(write_stl(TOWER), copies)], MK3S, cache=None).figures
    true_s = sliced.time_s + MK3S.power.heatup_s
    quote = estimate_level1(TOWER, measure(TOWER), MK3S, copies)
    assert quote.time_s.value == pytest.approx(true_s, rel=0.08)
    alone = {"tower": estimate_alone(TOWER, measure(TOWER), MK3S)}
    (plate,) = nest_at_once([Kind("tower", SIZE_MM, copies)], bed_of(MK3S))
    found = estimate_plate(plate, alone, MK3S).build
    assert found.time_s.value == pytest.approx(true_s, rel=0.08)


@pytest.mark.outside
def test_the_last_plate_is_sliced_as_it_is() -> None:
    # Slabs one to a plate; tiles of which a plate holds nine.
    slab = write_stl(cuboid_mesh(150, 150, 1))
    one = slice_copies(slab, MK3S, 1, cache=None)
    three = slice_copies(slab, MK3S, 3, cache=None)
    assert three.feedstock_mm3.value == pytest.approx(3 * one.feedstock_mm3.value)
    tile = write_stl(cuboid_mesh(70, 60, 0.6))
    full, more = (slice_copies(tile, MK3S, n, cache=None) for n in (9, 10))
    single = slice_copies(tile, MK3S, 1, cache=None)
    added_mm3 = more.feedstock_mm3.value - full.feedstock_mm3.value
    assert added_mm3 == pytest.approx(single.feedstock_mm3.value, rel=0.01)
