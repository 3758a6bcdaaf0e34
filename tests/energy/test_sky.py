"""Clear, made-up and foretold skies against measured years and other programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.adapters.weather_files import read_weather
from nearmade.energy.sky.clear import clear_sky, clear_year
from nearmade.energy.sky.made import Climate, made_up_days, made_up_weather
from nearmade.energy.sky.sun import Array, sun_path
from nearmade.vocabulary.errors import InvalidInput
from tests.energy.oracle_years import clearness_by_day
from tests.shared_data import shared

YEARS = (
    "723170TYA.CSV",
    "703165TY.csv",
    "12839.tm2",
    "tmy_45.000_8.000_2005_2023.csv",
)


def persistence(days: Array) -> float:
    return float(np.corrcoef(days[1:], days[:-1])[0, 1])


def falls(days: Array) -> float:
    """Give the share of days that bring less than 0.6 of what the day before did."""
    return float((days[1:] < 0.6 * days[:-1]).mean())


@pytest.mark.parametrize(
    ("name", "lat_deg", "lon_deg", "elevation_m", "kwh_m2"),
    [
        # pvlib 0.16.0, Ineichen with its maps of turbidity and elevation
        ("Kigali", -1.95, 30.06, 1567, 2821),
        ("Kathmandu", 27.70, 85.32, 1400, 2449),
        ("Harare", -17.83, 31.05, 1490, 2573),
        ("Houghton", 47.12, -88.57, 330, 1812),
    ],
)
def test_a_cloudless_year_anywhere_is_that_of_pvlib_without_its_maps(
    name: str, lat_deg: float, lon_deg: float, elevation_m: float, kwh_m2: float
) -> None:
    year = clear_year(name, lat_deg, lon_deg, elevation_m=elevation_m)
    assert year.global_kwh_m2 == pytest.approx(kwh_m2, rel=0.05)
    assert year.synthetic


def test_a_clear_noon_is_that_of_ineichen_and_perez() -> None:
    path = sun_path(40.0, -105.0, -7.0, np.array([171 * 24 + 11.5]))
    sky = clear_sky(path, np.array([3.0]), 1700.0)
    up = path.cos_zenith[0]
    # By hand, from the equations: zenith 16.6 degrees, mass 1.043 x 0.8145
    assert up == pytest.approx(0.958, abs=0.001)
    mass = (1 - 1700 / 44331) ** 5.2559 * 1.0431
    fh1, fh2 = np.exp(-1700 / 8000), np.exp(-1700 / 1250)
    level = (5.09e-5 * 1700 + 0.868) * path.beyond_air_w_m2[0] * up
    level *= np.exp(-(3.92e-5 * 1700 + 0.0387) * mass * (fh1 + fh2 * 2.0))
    assert sky.global_w_m2[0] == pytest.approx(level, rel=1e-3)
    beam = sky.beam_w_m2[0] * up
    assert sky.diffuse_w_m2[0] == pytest.approx(sky.global_w_m2[0] - beam)


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-400, 6000))
def test_a_clear_sky_is_never_dark_by_day_nor_brighter_than_beyond_the_air(
    lat_deg: float, lon_deg: float, elevation_m: float
) -> None:
    year = clear_year("x", lat_deg, lon_deg, elevation_m=elevation_m)
    path = year.path
    assert (year.global_w_m2 <= path.beyond_air_w_m2).all()
    assert (year.global_w_m2[path.cos_zenith <= 0] == 0).all()
    assert (year.global_w_m2[path.cos_zenith > 0.2] > 50).all()


def test_places_and_steps_that_are_none_are_refused() -> None:
    with pytest.raises(InvalidInput):
        clear_year("x", 91, 0)
    with pytest.raises(InvalidInput):
        clear_year("x", 0, 0, step_s=7)
    with pytest.raises(InvalidInput):
        clear_year("x", 0, 0, elevation_m=12_000)


@pytest.mark.parametrize("file", YEARS)
def test_made_up_days_stay_and_fall_as_the_measured_ones(file: str) -> None:
    real = clearness_by_day(read_weather(shared("solar", file)))
    lasting = persistence(real)
    climate = Climate(float(real.mean()), float(real.std()), lasting)
    made = [made_up_days(climate, 365, seed) for seed in range(20)]
    assert np.mean([days.mean() for days in made]) == pytest.approx(
        real.mean(), abs=0.02
    )
    assert np.mean([days.std() for days in made]) == pytest.approx(real.std(), abs=0.02)
    # Honest persistence: today tells no more of tomorrow than it does in truth.
    assert np.mean([persistence(days) for days in made]) <= lasting + 0.02
    assert np.mean([falls(days) for days in made]) == pytest.approx(
        falls(real), abs=0.03
    )
    for quantile in (0.05, 0.1, 0.25):
        level = np.mean([np.quantile(days, quantile) for days in made])
        assert level == pytest.approx(np.quantile(real, quantile), abs=0.1)


def test_days_of_the_usual_climate_stay_and_fall_as_in_the_measured_years() -> None:
    real = [clearness_by_day(read_weather(shared("solar", file))) for file in YEARS]
    made = [made_up_days(Climate(), 365, seed) for seed in range(20)]
    assert np.mean([persistence(days) for days in made]) <= max(map(persistence, real))
    usual = float(np.mean([*map(falls, real)]))
    assert np.mean([falls(days) for days in made]) == pytest.approx(usual, abs=0.015)


def test_made_up_weather_is_labelled_and_the_same_for_the_same_seed_only() -> None:
    one = made_up_weather("Kigali", -1.95, 30.06, seed=1, elevation_m=1567)
    same = made_up_weather("Kigali", -1.95, 30.06, seed=1, elevation_m=1567)
    other = made_up_weather("Kigali", -1.95, 30.06, seed=2, elevation_m=1567)
    assert one.synthetic
    assert one.source.startswith("made up")
    assert (one.global_w_m2 == same.global_w_m2).all()
    assert (one.global_w_m2 != other.global_w_m2).any()


def test_made_up_hours_hold_the_day_that_was_drawn() -> None:
    weather = made_up_weather("x", 36.0, -80.0, seed=4)
    drawn = made_up_days(Climate(), 365, 4)
    assert clearness_by_day(weather) == pytest.approx(drawn, rel=1e-6)


@given(st.floats(-90, 90), st.integers(0, 5))
def test_made_up_weather_exists_everywhere(lat_deg: float, seed: int) -> None:
    weather = made_up_weather("x", lat_deg, 0.0, seed=seed)
    level = weather.diffuse_w_m2 + weather.beam_w_m2 * np.maximum(
        weather.path.cos_zenith, 0
    )
    assert (level <= weather.global_w_m2 * (1 + 1e-9) + 1e-6).all()


@pytest.mark.parametrize(
    "figures", [(1.0, 0.2, 0.3), (0.7, 0.5, 0.3), (0.7, 0.2, 1.0), (0.7, 0.0, 0.3)]
)
def test_climates_that_cannot_be_are_refused(
    figures: tuple[float, float, float],
) -> None:
    with pytest.raises(InvalidInput):
        Climate(*figures)
