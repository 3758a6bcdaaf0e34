"""Sun and panels against published years and other programs."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.panel import (
    Panel,
    ac_power_w,
    dc_power_w,
    made_up_year_w,
    plane_w_m2,
)
from nearmade.energy.sun import (
    Array,
    Sky,
    clear_sky_global_w_m2,
    split_sky,
    sun_path,
    synthetic_clearness,
)
from nearmade.vocabulary.errors import InvalidInput
from tests.shared_data import shared


def columns(path: Path, skip: int, numbers: tuple[int, ...]) -> list[Array]:
    with path.open(newline="", encoding="latin-1") as file:
        rows = [
            row
            for row in list(csv.reader(file))[skip:]
            if row[0].isdigit() or "/" in row[0]
        ]
    return [np.array([float(row[number]) for row in rows]) for number in numbers]


def test_a_year_in_greensboro_agrees_with_pvlib() -> None:
    path = shared("solar", "723170TYA.CSV")
    ghi, dni, dhi, air, wind = columns(path, 2, (4, 7, 10, 31, 46))
    panel = Panel(220, 35)
    sun = sun_path(36.1, -79.95, -5)
    plane = plane_w_m2(panel, sun, Sky(ghi, dni, dhi))
    power = ac_power_w(panel, dc_power_w(panel, plane, air, wind))
    # pvlib 0.16.0, PVWatts chain: 302.74 kWh
    assert power.sum() / 1000 == pytest.approx(302.74, rel=0.01)


def test_a_year_in_denver_agrees_with_pvwatts() -> None:
    path = shared("solar", "pvwatts_8760_rackmount.csv")
    dni, dhi, air, wind, poa, _, _, ac = columns(path, 18, (3, 4, 5, 6, 7, 8, 9, 10))
    panel = Panel(4000, 20)
    sun = sun_path(39.73, -105.18, -7)
    ghi = dni * np.maximum(sun.cos_zenith, 0) + dhi
    plane = plane_w_m2(panel, sun, Sky(ghi, dni, dhi))
    power = ac_power_w(panel, dc_power_w(panel, plane, air, wind), dc_ac_ratio=1.2)
    assert plane.sum() == pytest.approx(poa.sum(), rel=0.01)
    assert power.sum() == pytest.approx(ac.sum(), rel=0.015)


def test_the_sun_is_overhead_at_noon_on_the_equator_in_march() -> None:
    # 21 March is day 80; noon lies in the hours 11 and 12
    cosines = sun_path(0, 0, 0, np.array([79 * 24 + 11.0, 79 * 24 + 12.0])).cos_zenith
    assert cosines.max() > 0.99


def test_the_pole_has_no_sun_in_december() -> None:
    december = np.arange(350 * 24, 360 * 24, dtype=np.float64)
    assert (sun_path(89, 0, 0, december).cos_zenith < 0).all()


def test_the_clear_sky_follows_haurwitz() -> None:
    path = sun_path(0, 0, 0, np.array([79 * 24 + 12.0]))
    cosine = float(path.cos_zenith[0])
    expected = 1098 * cosine * math.exp(-0.057 / cosine)
    assert clear_sky_global_w_m2(path)[0] == pytest.approx(expected)


def test_the_night_is_dark() -> None:
    path = sun_path(0, 0, 0, np.array([0.0]))
    sky = split_sky(path, clear_sky_global_w_m2(path))
    assert sky.global_w_m2[0] == sky.beam_w_m2[0] == sky.diffuse_w_m2[0] == 0


def test_a_dull_sky_is_nearly_all_diffuse() -> None:
    path = sun_path(0, 0, 0, np.array([79 * 24 + 12.0]))
    sky = split_sky(path, np.array([100.0]))
    # kt = 100 / (1367 x E0 x cosz) is about 0.07: 1 - 0.09 kt
    assert sky.diffuse_w_m2[0] == pytest.approx(99.3, abs=0.2)


def test_a_level_panel_sees_what_the_ground_sees() -> None:
    path = sun_path(10, 20, 1)
    sky = split_sky(path, clear_sky_global_w_m2(path))
    high = path.cos_zenith > 0.1
    plane = plane_w_m2(Panel(100, 0), path, sky)
    assert np.allclose(plane[high], sky.global_w_m2[high], rtol=1e-6)


def test_one_kilowatt_per_square_metre_and_a_cell_of_25_degrees_give_the_rating() -> (
    None
):
    panel = Panel(100, 0, losses_fraction=0)
    # Cell 25 degC: air = 25 - 1000 exp(-3.47 - 0.0594) - 3
    air = 25 - 1000 * math.exp(-3.47 - 0.0594) - 3
    power = dc_power_w(panel, np.array([1000.0]), np.array([air]), np.array([1.0]))
    assert power[0] == pytest.approx(100)
    clipped = ac_power_w(panel, power, dc_ac_ratio=1.25)
    assert clipped[0] == pytest.approx(80)


def test_weather_is_the_same_for_the_same_seed_only() -> None:
    assert (synthetic_clearness(1) == synthetic_clearness(1)).all()
    assert (synthetic_clearness(1) != synthetic_clearness(2)).any()


def test_a_made_up_year_in_nairobi_is_of_the_right_size() -> None:
    year = made_up_year_w(
        Panel(1000, 10), lat_deg=-1.29, lon_deg=36.82, utc_offset_h=3, seed=7
    )
    # Sites near the equator yield about 1200 to 1700 kWh for each kWp.
    assert 1100 < year.sum() / 1000 < 1800


@given(st.floats(-66, 66), st.integers(0, 10))
def test_power_is_never_negative_nor_above_what_the_sun_gives(
    lat_deg: float, seed: int
) -> None:
    panel = Panel(100, abs(lat_deg))
    year = made_up_year_w(panel, lat_deg=lat_deg, lon_deg=0, utc_offset_h=0, seed=seed)
    assert (year >= 0).all()
    assert year.max() < 150


@pytest.mark.parametrize(
    ("rated_wp", "tilt_deg"), [(-1.0, 0.0), (100.0, 91.0), (math.nan, 0.0)]
)
def test_impossible_panels_are_refused(rated_wp: float, tilt_deg: float) -> None:
    with pytest.raises(InvalidInput):
        Panel(rated_wp, tilt_deg)


def test_places_off_the_map_and_inverters_of_nothing_are_refused() -> None:
    with pytest.raises(InvalidInput):
        sun_path(91, 0, 0)
    with pytest.raises(InvalidInput):
        ac_power_w(Panel(100, 0), np.array([1.0]), dc_ac_ratio=0)


def test_a_tilted_panel_on_the_equator_is_tilted_as_one_a_step_north_of_it() -> None:
    panel = Panel(100, 30)
    years = []
    for lat_deg in (0.0, 1e-6):
        sun = sun_path(lat_deg, 0.0, 0.0)
        sky = split_sky(sun, clear_sky_global_w_m2(sun))
        years.append(plane_w_m2(panel, sun, sky).sum())
    assert years[0] == pytest.approx(years[1], rel=1e-6)
