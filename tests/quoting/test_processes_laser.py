"""Sheet found in meshes, and laser cutting by hand, against makers, and by law."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.mesh import Mesh
from nearmade.quoting.processes.laser_cutting import (
    CO2_60W,
    CUTTERS,
    FIBRE_1KW,
    estimate_cutting,
    speed_of,
)
from nearmade.quoting.processes.sheet import NoSheet, Sheet, sheet_of
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import cuboid_mesh
from tests.quoting.solids import Solid, block, drill, mesh_of

PLATE = Sheet(3.0, 5000.0, 300.0, 1, (100.0, 50.0))


def found(mesh: Mesh) -> Sheet:
    sheet = sheet_of(mesh)
    assert isinstance(sheet, Sheet), sheet
    return sheet


def test_a_plate_is_a_sheet_with_its_outline() -> None:
    assert found(cuboid_mesh(100, 50, 3)) == PLATE


def test_holes_are_cut_too_and_left_out_of_the_area() -> None:
    solid = block(100, 50, 3)
    for x_mm in (20, 50, 80):
        solid -= drill(5, 3, (x_mm, 25, 0))
    sheet = found(mesh_of(solid))
    circle_mm = 128 * 2 * 5 * math.sin(math.pi / 128)
    assert sheet.contours == 4
    assert sheet.cut_mm == pytest.approx(300 + 3 * circle_mm, rel=1e-6)
    assert sheet.area_mm2 == pytest.approx(5000 - 3 * math.pi * 25, rel=1e-3)


@given(st.floats(-180, 180), st.floats(-180, 180), st.floats(-180, 180))
def test_a_plate_is_found_however_it_lies(
    about_x_deg: float, about_y_deg: float, about_z_deg: float
) -> None:
    turned = block(100, 50, 3).rotate([about_x_deg, about_y_deg, about_z_deg])
    sheet = found(mesh_of(turned))
    assert sheet.thickness_mm == pytest.approx(3, rel=1e-6)
    assert sheet.cut_mm == pytest.approx(300, rel=1e-6)
    assert sheet.box_mm == pytest.approx((100, 50), rel=1e-4)


def test_a_disc_has_a_square_around_it() -> None:
    sheet = found(mesh_of(drill(20, 2, (0, 0, 0))))
    assert sheet.box_mm == pytest.approx((40, 40), rel=2e-3)
    assert sheet.thickness_mm == pytest.approx(2)
    assert sheet.contours == 1


def stepped() -> Solid:
    """Give a plate with a thicker end."""
    return block(60, 40, 3) + block(20, 40, 6)


def pocketed() -> Solid:
    """Give a plate with a pocket."""
    return block(60, 40, 6) - block(20, 20, 3).translate([20, 10, 3])


def slanting() -> Solid:
    """Give a block with a slanting disc in it."""
    return drill(20, 3, (0, 0, 0)).rotate([30, 0, 0]) + block(30, 20, 10)


def pinned() -> Solid:
    """Give a plate with a pin."""
    return block(60, 40, 3) + drill(8, 30, (30, 20, 0))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (stepped, "steps or pockets"),
        (pocketed, "steps or pockets"),
        (slanting, "neither"),
        (pinned, "steps or pockets"),
    ],
)
def test_what_is_no_sheet_says_why(make: Callable[[], Solid], why: str) -> None:
    answer = sheet_of(mesh_of(make()))
    assert isinstance(answer, NoSheet)
    assert why in answer.reason


def test_a_mesh_without_surface_is_no_sheet() -> None:
    nothing = Mesh(np.zeros((3, 3)), np.array([[0, 1, 2]], dtype=np.int64))
    assert isinstance(sheet_of(nothing), NoSheet)
    leaf = Mesh(np.eye(3), np.array([[0, 1, 2]], dtype=np.int64))
    assert sheet_of(leaf) == NoSheet("it has no walls")


def test_a_plate_of_acrylic_is_as_worked_by_hand() -> None:
    # 300 mm at the root of 10 x 15 mm/s, a fifth more for corners: 29.4 s;
    # 0.3 s to pierce 3 mm, 0.5 s to move, 180 s to load the sheet.
    estimate = estimate_cutting(PLATE, CO2_60W, "ACRYLIC")
    expected_s = 300 / math.sqrt(150) * 1.2 + 0.3 + 0.5 + 180
    assert estimate.time_s.estimate.value == pytest.approx(expected_s)
    # 104 x 54 x 3 mm and a quarter more of offcut, at 1.19 g/cm3.
    expected_g = 104 * 54 * 3 * 1.25 / 1000 * 1.19
    assert estimate.mass_g.estimate.value == pytest.approx(expected_g)


def test_speeds_between_the_rows_agree_with_what_others_cut_at() -> None:
    # Exeter Laser cuts 5 mm acrylic at 7 mm/s; Softsolder 7.7 mm plywood at 6 mm/s,
    # 3 mm MDF at 20 mm/s: none of them is in the table.
    for material, thickness_mm, speed_mm_per_s in (
        ("ACRYLIC", 5.0, 7.0),
        ("MDF", 3.0, 20.0),
    ):
        speed = speed_of(thickness_mm, CO2_60W.materials[material], CO2_60W)
        assert speed.value == pytest.approx(speed_mm_per_s, rel=0.3), material
    plywood = CO2_60W.materials["PLYWOOD"]
    assert speed_of(7.0, plywood, CO2_60W).value == pytest.approx(6.0, rel=0.3)


def test_speed_falls_with_thickness_and_holds_below_the_first_row() -> None:
    steel = FIBRE_1KW.materials["STEEL"]
    thicknesses = [0.5, 1, 1.5, 2, 2.5, 3, 5, 7, 10, 12, 14]
    speeds = [speed_of(each, steel, FIBRE_1KW).value for each in thicknesses]
    assert speeds[0] == speeds[1]
    assert speeds[1:] == sorted(speeds[1:], reverse=True)
    assert len(set(speeds[1:])) == len(speeds) - 1
    mdf = CO2_60W.materials["MDF"]
    assert speed_of(3.7, mdf, CO2_60W).value < speed_of(3.0, mdf, CO2_60W).value


def test_what_the_machine_does_not_cut_is_refused_with_a_remedy() -> None:
    thick = Sheet(12.0, 5000.0, 300.0, 1, (100.0, 50.0))
    large = Sheet(3.0, 5000.0, 300.0, 1, (700.0, 50.0))
    for sheet, material, code in (
        (thick, "ACRYLIC", "sheet-too-thick"),
        (PLATE, "STEEL", "material-missing"),
        (large, "ACRYLIC", "larger-than-bed"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            estimate_cutting(sheet, CO2_60W, material)
        assert refusal.value.code == code
        assert refusal.value.remedy
    with pytest.raises(InvalidInput):
        estimate_cutting(PLATE, CO2_60W, "ACRYLIC", 0)


def test_sheets_are_loaded_as_often_as_the_grid_asks() -> None:
    # 596 x 396 mm of 104 x 54 mm boxes: 5 x 7 = 35 straight, 11 x 3 = 33 turned.
    assert estimate_cutting(PLATE, CO2_60W, "MDF", 35).builds == 1
    assert estimate_cutting(PLATE, CO2_60W, "MDF", 36).builds == 2


plates = st.builds(
    lambda thick, long, short, more, holes: Sheet(
        thick, long * short, 2 * (long + short) + more, 1 + holes, (long, short)
    ),
    st.floats(0.5, 3.5),
    st.floats(100, 250),
    st.floats(10, 100),
    st.floats(0, 500),
    st.integers(0, 30),
)
cuts = st.sampled_from(
    [(cutter, material) for cutter in CUTTERS for material in cutter.materials]
)


@given(plates, cuts, st.integers(1, 200), st.integers(1, 20))
def test_figures_are_positive_and_never_fall_with_quantity(
    sheet: Sheet, cut: tuple[object, str], quantity: int, more: int
) -> None:
    cutter, material = cut
    thin = Sheet(min(sheet.thickness_mm, 2.5), *_rest(sheet))
    few = estimate_cutting(thin, cutter, material, quantity)  # type: ignore[arg-type]
    many = estimate_cutting(thin, cutter, material, quantity + more)  # type: ignore[arg-type]
    for name, figure in few.figures().items():
        one, other = figure.estimate, many.figures()[name].estimate
        assert 0 < one.low <= one.value <= one.high, name
        assert other.low >= one.low * (1 - 1e-9), name
        assert other.value >= one.value * (1 - 1e-9), name
        assert other.high >= one.high * (1 - 1e-9), name


def _rest(sheet: Sheet) -> tuple[float, float, int, tuple[float, float]]:
    return sheet.area_mm2, sheet.cut_mm, sheet.contours, sheet.box_mm


@given(plates, st.floats(1, 1.3), st.integers(1, 40))
def test_a_larger_part_of_the_same_shape_takes_no_less(
    sheet: Sheet, scale: float, quantity: int
) -> None:
    long_mm, short_mm = sheet.box_mm
    larger = Sheet(
        sheet.thickness_mm * scale,
        sheet.area_mm2 * scale**2,
        sheet.cut_mm * scale,
        sheet.contours,
        (long_mm * scale, short_mm * scale),
    )
    small = estimate_cutting(sheet, FIBRE_1KW, "STEEL", quantity).figures()
    large = estimate_cutting(larger, FIBRE_1KW, "STEEL", quantity).figures()
    for name, figure in small.items():
        assert large[name].estimate.value >= figure.estimate.value * (1 - 1e-9), name
        assert large[name].estimate.low >= figure.estimate.low * (1 - 1e-9), name
        assert large[name].estimate.high >= figure.estimate.high * (1 - 1e-9), name
