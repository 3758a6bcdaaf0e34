"""Supports beside what PrusaSlicer 2.5.0 wrote for the same bodies, and by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from nearmade.quoting.machine_settings.look_up import settings_of
from nearmade.quoting.machine_settings.rows import ROWS
from nearmade.quoting.print_settings import PrintSettings, Supports
from nearmade.quoting.supports import SupportFigures, estimate_supports
from nearmade.quoting.supports_survey import pitch_mm
from nearmade.vocabulary.identity import ProfileId
from tests.quoting.solids import Solid

MK3S = settings_of(ProfileId("mk3s-pla-0.20"))
ENDER3 = settings_of(ProfileId("ender3-pla-0.20"))


def box(x_mm: float, y_mm: float, z_mm: float, at: tuple[float, float, float]) -> Solid:
    """Give a block whose lowest face has its middle at a point."""
    x, y, z = at
    return Solid.cube([x_mm, y_mm, z_mm], True).translate([x, y, z + z_mm / 2])


def held(solid: Solid, settings: PrintSettings = MK3S) -> SupportFigures:
    """Estimate a body that lies as it is."""
    low, high = solid.bounding_box()[2], solid.bounding_box()[5]
    return estimate_supports(solid, low, high - low, settings)


def with_supports(settings: PrintSettings, **changes: float) -> PrintSettings:
    """Change some settings of supports."""
    supports: Supports = replace(settings.supports, **changes)  # type: ignore[arg-type]
    return replace(settings, supports=supports)


TEE = box(10, 10, 20, (0, 0, 0)) + box(30, 10, 5, (0, 0, 20))
TABLE = box(6, 6, 15, (0, 0, 0)) + box(40, 30, 3, (0, 0, 15))
PILLARS = box(10, 10, 20, (-15, 0, 0)) + box(10, 10, 20, (15, 0, 0))
BRIDGE = PILLARS + box(40, 10, 3, (0, 0, 20))
SHELF = (
    box(30, 20, 4, (0, 0, 0)) + box(4, 20, 20, (-13, 0, 0)) + box(30, 20, 3, (0, 0, 20))
)
ARCH = (
    box(40, 10, 25, (0, 0, 0))
    - Solid.cylinder(20, 12, 12, 96, True).rotate([90, 0, 0]).translate([0, 0, 10])
    - box(24, 10, 10, (0, 0, -0.001))
)

#: Filament of towers, dense tops and bottoms, and the first layer, and the layers of
#: supports: read from the G-code of PrusaSlicer 2.5.0. [mm3]
WRITTEN = [
    ("a T", TEE, MK3S, 1034, 95, 115, 80),
    ("a table", TABLE, MK3S, 2749, 388, 323, 60),
    ("a bridge", BRIDGE, MK3S, 904, 87, 89, 80),
    ("an arch", ARCH, MK3S, 990, 122, 96, 92),
    ("a shelf over its own foot", SHELF, MK3S, 1553, 207, 69, 80),
    ("a T, bridges spared", TEE, ENDER3, 1071, 91, 92, 63),
    ("a table, bridges spared", TABLE, ENDER3, 1868, 219, 232, 48),
    ("a shelf, bridges spared", SHELF, ENDER3, 1237, 228, 56, 64),
]


@pytest.mark.parametrize(
    ("solid", "settings", "base_mm3", "dense_mm3", "first_mm3", "layers"),
    [row[1:] for row in WRITTEN],
    ids=[row[0] for row in WRITTEN],
)
def test_supports_take_what_the_slicer_writes(
    solid: Solid,
    settings: PrintSettings,
    base_mm3: float,
    dense_mm3: float,
    first_mm3: float,
    layers: int,
) -> None:
    found = held(solid, settings)
    assert found.base_mm3 == pytest.approx(base_mm3, rel=0.12)
    assert found.interface_mm3 == pytest.approx(dense_mm3, rel=0.30)
    assert found.first_mm3 == pytest.approx(first_mm3, rel=0.10)
    assert found.layers == pytest.approx(layers, abs=2)
    written = base_mm3 + dense_mm3 + first_mm3
    assert found.volume_mm3 == pytest.approx(written, rel=0.12)


def test_towers_below_a_t_are_as_long_as_by_hand() -> None:
    # Cells of 2.307 mm reach from the stem's gap, 5.27, to 16.15 along x; seven lines
    # from -6.92 to 6.92 along y, two of which begin at 4.61; six links between lines;
    # two sides; 80 layers less one that is the first and two that are dense.
    lines = 7 * (16.15 - 5.27) + 2 * (5.27 - 4.61)
    by_hand_mm = 2 * (lines + 6 * 2.307) * (80 - 3)
    assert held(TEE).base_mm == pytest.approx(by_hand_mm, rel=0.08)


def test_the_grid_is_as_wide_as_lines_stand_apart() -> None:
    # 0.35 wide, 0.2 high: 0.35 - 0.2 (1 - pi/4) = 0.3071, and 2 mm of free width.
    assert pitch_mm(MK3S) == pytest.approx(2.3071, abs=1e-4)


def test_a_part_that_needs_none_takes_nothing_at_all() -> None:
    found = held(box(20, 20, 10, (0, 0, 0)))
    assert found.volume_mm3 == 0
    assert found.time_s == 0
    assert (found.base_mm, found.interface_mm, found.first_mm) == (0, 0, 0)
    assert found.layers == 0
    assert len(found.layer_s) == 50
    assert not found.layer_mm.any()
    assert len(found.first_outline_mm) == 0


def test_a_bridge_between_two_pillars_needs_none_where_bridges_are_spared() -> None:
    assert held(BRIDGE, ENDER3).volume_mm3 == 0
    assert held(BRIDGE, MK3S).volume_mm3 > 0


def test_a_span_that_lies_on_nothing_is_no_bridge() -> None:
    # A plate that hangs from above by a rod: nothing beside it holds it.
    lamp = (
        box(4, 4, 30, (0, 0, 0)).translate([30, 0, 0])
        + box(40, 4, 3, (12, 0, 30))
        + box(3, 3, 20, (0, 0, 12))
        + box(12, 12, 2, (0, 0, 10))
    )
    found = held(lamp, ENDER3)
    # 12 x 12 mm, 9.65 mm high, towers of at least 0.36 / 1.317 of it.
    assert found.base_mm3 > 144 * 9.65 * 0.2


def test_a_wide_gentle_slope_is_spared_like_level_spans() -> None:
    # 3 degrees over 150 mm: forty layers, each a strip of 3.8 mm held at both ends.
    wall, roof = box(5, 60, 30, (-75, 0, 0)), box(160, 60, 4, (0, 0, 0))
    slope = wall + wall.translate([150, 0, 0])
    slope += box(160, 4, 30, (0, 28, 0)) + box(160, 4, 30, (0, -28, 0))
    slope += roof.rotate([0, 3, 0]).translate([0, 0, 24])
    spared = held(slope, ENDER3).volume_mm3
    not_spared = held(slope, with_supports(ENDER3, holds_bridges=True)).volume_mm3
    assert spared < 0.2 * not_spared


def test_a_cone_has_no_level_span_that_could_be_a_bridge() -> None:
    # 60 degrees off upright: 0.346 mm a layer, more than 0.2 / tan 41 deg = 0.230 mm.
    cone = Solid.cylinder(10 / math.tan(math.radians(60)), 5, 15, 64)
    spared, not_spared = held(cone, ENDER3), with_supports(ENDER3, holds_bridges=True)
    assert spared.volume_mm3 == held(cone, not_spared).volume_mm3 > 0


def test_ends_nearer_than_the_thinnest_layer_begin_no_layer_of_their_own() -> None:
    # Towers on the foot begin 0.15 mm above a layer's top, those below the shelf end
    # 0.15 mm under one: 0.1 mm apart where both come together.
    stairs = SHELF + box(30, 4, 11.9, (0, 8, 0)) + box(30, 4, 4, (0, -8, 12.2))
    thin = with_supports(ENDER3, thinnest_mm=0.05, holds_bridges=True)
    thick = with_supports(ENDER3, thinnest_mm=0.15, holds_bridges=True)
    assert held(stairs, thick).layers <= held(stairs, thin).layers


@pytest.mark.parametrize("high_mm", [0.3, 0.35])
def test_what_hangs_lower_than_a_first_layer_and_its_gap_is_left(
    high_mm: float,
) -> None:
    low = box(10, 10, 5, (0, 0, 0)) + box(20, 10, 5 - high_mm, (0, 0, high_mm))
    assert held(low).volume_mm3 == (0 if high_mm < 0.31 else pytest.approx(25, rel=0.5))


def test_what_hangs_at_twice_the_first_layer_gets_a_dense_first_layer_alone() -> None:
    # 5 x 10 mm on either side at 0.4 mm: one layer, at 0.2, 0.6 of it filled.
    found = held(box(10, 10, 5, (0, 0, 0)) + box(20, 10, 4.6, (0, 0, 0.4)))
    assert found.base_mm3 == found.first_mm3 == 0
    assert found.interface_mm3 > 0
    assert found.layers == 0


def test_a_ledge_narrower_than_the_threshold_allows_is_left() -> None:
    # 0.2 mm / tan 51 deg = 0.162 mm may hang over.
    narrow = box(20, 20, 10, (0, 0, 0)) + box(20.2, 20.2, 5, (0, 0, 10))
    wide = box(20, 20, 10, (0, 0, 0)) + box(20.4, 20.4, 5, (0, 0, 10))
    assert held(narrow).volume_mm3 == 0
    assert held(wide).volume_mm3 > 0


def test_no_threshold_holds_up_what_reaches_out_half_a_wall() -> None:
    automatic = with_supports(MK3S, threshold_deg=0)
    # Cones of 30 and 60 degrees over the plate: 0.346 and 0.115 mm a layer; half a
    # wall is 0.225 mm.
    flat = Solid.cylinder(10 * math.tan(math.radians(30)), 5, 15, 64)
    steep = Solid.cylinder(10 * math.tan(math.radians(60)), 5, 15, 64)
    assert held(flat, automatic).volume_mm3 > 0
    assert held(steep, automatic).volume_mm3 == 0


def test_towers_stand_on_the_part_where_it_is_in_the_way() -> None:
    above_plate = box(4, 20, 20, (-13, 0, 0)) + box(30, 20, 3, (0, 0, 20))
    onto_foot = above_plate + box(30, 20, 10, (0, 0, 0))
    # Half as high, and no wide first layer but where cells stick out beside the foot.
    ratio = held(onto_foot).base_mm3 / held(above_plate).base_mm3
    assert 0.45 < ratio < 0.75


def test_the_first_layer_is_wider_by_three_millimetres() -> None:
    corners = held(TEE).first_outline_mm
    # Cells end at 7 x 2.307 = 16.15 and 3 x 2.307 = 6.92 mm.
    assert corners[:, 0].max() == pytest.approx(16.15 + 3, abs=0.6)
    assert corners[:, 1].max() == pytest.approx(6.92 + 3, abs=0.6)


def test_figures_follow_the_part_over_the_plate() -> None:
    here, there = held(TEE), held(TEE.translate([70, -30, 12]))
    assert there.volume_mm3 == pytest.approx(here.volume_mm3, rel=1e-6)
    moved = there.first_outline_mm - here.first_outline_mm
    assert np.allclose(moved, [70, -30], atol=1e-3)


def test_time_is_shared_out_over_the_parts_layers() -> None:
    found = held(TEE)
    assert len(found.layer_s) == 125
    assert found.time_s == pytest.approx(found.layer_s.sum())
    lengths = found.base_mm + found.interface_mm + found.first_mm
    assert found.layer_mm.sum() == pytest.approx(lengths)
    # Nothing above the bar's underside; no layer faster than its lines at 50 mm/s.
    assert not found.layer_s[100:].any()
    assert (found.layer_s >= found.layer_mm / 50 - 1e-9).all()
    # The slicer says 702 s more with supports than without, 11 % of it on layers that
    # would have been slowed down.
    assert found.time_s == pytest.approx(702, rel=0.15)


def test_melting_no_faster_than_the_hot_end_can_takes_longer() -> None:
    slow = replace(MK3S, speeds=replace(MK3S.speeds, flow_mm3_s=1.0))
    free = replace(MK3S, speeds=replace(MK3S.speeds, flow_mm3_s=0.0))
    # 0.2 (0.35 - 0.2 x 0.2146) = 0.0614 mm2 of line at 1 mm3/s is 16.28 mm/s instead
    # of 50 in towers, 40 in dense lines and 20 in the first layer.
    one = held(TEE, free)
    longer_s = one.base_mm * (1 / 16.28 - 1 / 50)
    longer_s += one.interface_mm * (1 / 16.28 - 1 / 40)
    longer_s += one.first_mm * (1 / 16.28 - 1 / 20)
    more_s = held(TEE, slow).time_s - one.time_s
    assert more_s == pytest.approx(longer_s, rel=0.12)  # turns take less
    assert held(TEE, free).time_s == pytest.approx(held(TEE).time_s)


def test_without_limits_the_lines_are_drawn_at_their_speeds() -> None:
    motion = replace(
        MK3S.motion,
        accelerations=(0.0,) * 5,  # the machine's own
        most_accelerations=(1e12,) * 4,
        extruding_acceleration=1e12,
        travel_acceleration=1e12,
        jerks=(1e3,) * 4,
        most_speeds=(1e6,) * 4,
    )
    free = held(TEE, replace(MK3S, motion=motion))
    # Nothing but the lines, and pieces that start at once but for the filament's way,
    # 0.8 mm back and forth at 35 mm/s, 20 mm at 180 and twice 0.4 mm at 12.
    drawn_s = free.base_mm / 50 + free.interface_mm / 40 + free.first_mm / 20
    assert drawn_s < free.time_s < held(TEE).time_s


def test_every_machine_of_the_tables_gets_finite_figures() -> None:
    each = {
        (found.supports, found.motion, found.retraction): found
        for found in (settings_of(ProfileId(name)) for name in ROWS)
    }
    for settings in each.values():
        found = held(TEE, settings)
        assert 500 < found.volume_mm3 < 5000
        assert 100 < found.time_s < 5000


def test_thicker_layers_of_supports_are_fewer() -> None:
    thick = with_supports(MK3S, thickest_mm=0.0)  # three quarters of 0.4 mm
    # 19.6 mm in layers of up to 0.25 and of up to 0.3 mm, and the first.
    assert held(TEE).layers == pytest.approx(19.6 / 0.25 + 1, abs=2)
    assert held(TEE, thick).layers == pytest.approx(19.6 / 0.3 + 1, abs=2)


def test_a_large_part_is_looked_at_more_coarsely_and_found_alike() -> None:
    # Ten T side by side are too much for the finest look.
    many = Solid()
    for number in range(12):
        many += TEE.translate([0, 40.0 * number, 0])
    assert held(many).volume_mm3 == pytest.approx(12 * held(TEE).volume_mm3, rel=0.15)


def test_dense_tops_hide_no_more_than_there_is() -> None:
    thin = with_supports(MK3S, interface_layers=200)
    found = held(TEE, thin)
    assert found.base_mm3 >= 0
    assert found.interface_mm3 > held(TEE).interface_mm3
    assert held(TEE, with_supports(MK3S, interface_layers=0)).interface_mm3 == 0


@limits(max_examples=12, deadline=None)
@given(
    radius_mm=st.floats(4, 12),
    turned_deg=st.floats(0, 60),
    threshold_deg=st.integers(5, 70),
    more_deg=st.integers(1, 19),
)
def test_supports_never_shrink_when_the_threshold_is_raised(
    radius_mm: float, turned_deg: float, threshold_deg: int, more_deg: int
) -> None:
    body = Solid.sphere(radius_mm, 32) + box(radius_mm, 8, 3, (radius_mm, 0, 0))
    body = body.rotate([turned_deg, 0, turned_deg])
    less = held(body, with_supports(MK3S, threshold_deg=threshold_deg))
    more = held(body, with_supports(MK3S, threshold_deg=threshold_deg + more_deg))
    assert more.volume_mm3 >= less.volume_mm3 * (1 - 1e-9)
