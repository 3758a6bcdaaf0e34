"""Sun and panels against published years and other programs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.panels.panel import (
    Panel,
    ac_power_w,
    cell_degc,
    made_up_year_w,
    panel_power_w,
    plane_w_m2,
)
from nearmade.energy.sky.sun import (
    clear_sky_global_w_m2,
    split_sky,
    sun_path,
)
from nearmade.energy.sky.weather import Weather
from nearmade.vocabulary.errors import InvalidInput


def steady(
    lat_deg: float = 0.0,
    *,
    beam: float = 0.0,
    diffuse: float = 0.0,
    air: float = 25.0,
    wind: float = 1.0,
) -> Weather:
    """Give a day of the same weather, as no place has it."""
    ones = np.ones(24)
    return Weather(
        "steady",
        lat_deg,
        0.0,
        0.0,
        3600,
        beam_w_m2=beam * ones,
        diffuse_w_m2=diffuse * ones,
        global_w_m2=diffuse * ones,
        air_degc=air * ones,
        wind_m_s=wind * ones,
        source="made for a test",
        synthetic=True,
        albedo_fraction=0.0 * ones,
    )


def under_clear_sky(lat_deg: float) -> Weather:
    path = sun_path(lat_deg, 20, 1)
    sky = split_sky(path, clear_sky_global_w_m2(path))
    ones = np.ones(8760)
    return Weather(
        "clear",
        lat_deg,
        20.0,
        1.0,
        3600,
        sky.beam_w_m2,
        sky.diffuse_w_m2,
        sky.global_w_m2,
        25 * ones,
        ones,
        "made for a test",
        synthetic=True,
    )


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
    weather = under_clear_sky(10)
    high = weather.path.cos_zenith > 0.1
    plane = plane_w_m2(Panel(100, 0), weather)
    assert np.allclose(plane[high], weather.global_w_m2[high], rtol=1e-6)


def test_one_kilowatt_per_square_metre_and_a_cell_of_25_degrees_give_the_rating() -> (
    None
):
    # Diffuse light alone passes the glass whole.
    # Cell 25 degC: air = 25 - 1000 exp(-3.56 - 0.0750) - 3
    air = 25 - 1000 * math.exp(-3.56 - 0.0750) - 3
    weather = steady(diffuse=1000, air=air)
    panel = Panel(100, 0, losses_fraction=0)
    assert cell_degc(panel, weather)[0] == pytest.approx(25)
    power = panel_power_w(panel, weather)
    assert power[0] == pytest.approx(100)
    # 96 % of the curve's 0.9637 reference at full load of 1.2 is 0.9436.
    clipped = ac_power_w(panel, power, dc_ac_ratio=1.25)
    assert clipped[0] == pytest.approx(80)


def test_an_inverter_is_nominal_at_its_reference_load_and_worse_when_idle() -> None:
    panel = Panel(1000, 0)
    # PVWatts 5 manual: load = Pdc x 0.96 / Pac0; at load 1 the curve is 0.9637
    full = ac_power_w(panel, np.array([1000 / 0.96]))
    assert full[0] == pytest.approx(1000)
    # At a tenth: (-0.0162 x 0.1 - 0.0059 / 0.1 + 0.9858) / 0.9637 x 0.96
    tenth = ac_power_w(panel, np.array([100 / 0.96]))
    assert tenth[0] == pytest.approx(100 * 0.92518 / 0.9637, rel=1e-6)
    assert ac_power_w(panel, np.array([0.0]))[0] == 0


def test_a_panel_that_faces_the_morning_works_in_the_morning() -> None:
    weather = steady(45, beam=500)
    morning = panel_power_w(Panel(100, 60, azimuth_deg=90), weather)
    evening = panel_power_w(Panel(100, 60, azimuth_deg=270), weather)
    assert morning[:12].sum() > 5 * morning[12:].sum()
    assert evening[12:].sum() > 5 * evening[:12].sum()
    # The sun of a day is the same before and after its noon, but for a few minutes.
    assert morning.sum() == pytest.approx(evening.sum(), rel=0.06)


@pytest.mark.parametrize("lat_deg", [40.0, -40.0])
def test_panels_face_the_equator_unless_told_otherwise(lat_deg: float) -> None:
    weather = under_clear_sky(lat_deg)
    towards = 180.0 if lat_deg > 0 else 0.0
    told = panel_power_w(Panel(100, 30, azimuth_deg=towards), weather)
    assert (panel_power_w(Panel(100, 30), weather) == told).all()
    away = panel_power_w(Panel(100, 30, azimuth_deg=180 - towards), weather)
    assert away.sum() < 0.8 * told.sum()


@given(st.floats(-65, 65), st.floats(0, 90), st.floats(0, 360))
def test_finer_and_coarser_steps_hold_the_same_energy(
    lat_deg: float, tilt_deg: float, azimuth_deg: float
) -> None:
    weather = under_clear_sky(lat_deg)
    panel = Panel(100, tilt_deg, azimuth_deg=azimuth_deg)
    hourly = panel_power_w(panel, weather)
    fine = panel_power_w(panel, weather, 900)
    coarse = panel_power_w(panel, weather, 86_400)
    assert len(fine) == 4 * len(hourly)
    assert coarse.mean() == pytest.approx(hourly.mean(), rel=1e-9)
    assert fine.mean() == pytest.approx(hourly.mean(), rel=0.02)


@pytest.mark.parametrize("step_s", [0, 7, 5400, 100_000])
def test_steps_that_do_not_fit_the_weather_are_refused(step_s: int) -> None:
    with pytest.raises(InvalidInput):
        panel_power_w(Panel(100, 0), steady(), step_s)


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
    years = [plane_w_m2(panel, under_clear_sky(lat)).sum() for lat in (0.0, 1e-6)]
    assert years[0] == pytest.approx(years[1], rel=1e-6)
