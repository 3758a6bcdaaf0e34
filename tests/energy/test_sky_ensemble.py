"""Members of a weather service as panels' power."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from nearmade.energy.forecast.sky_ensemble import SkyEnsemble, ensemble_power_w
from nearmade.energy.panels.panel import Panel, panel_power_w
from nearmade.energy.sky.made import made_up_weather
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.errors import InvalidInput

LAT, LON = 45.0, 8.0
#: Two days in the middle of May, from 5:00 UTC on.
FIRST = 24 * 134 + 5
HOURS = 48


def hours(series: Array) -> Array:
    return np.stack((series, series))[:, FIRST : FIRST + HOURS]


@pytest.fixture
def sky() -> SkyEnsemble:
    year = made_up_weather("x", LAT, LON, seed=4, utc_offset_h=0.0)
    at = datetime(2026, 5, 15, 5, tzinfo=UTC)
    return SkyEnsemble(
        LAT,
        LON,
        at,
        at,
        hours(year.global_w_m2),
        hours(year.beam_w_m2),
        hours(year.diffuse_w_m2),
        hours(year.air_degc),
        "two members",
    )


def test_a_member_gives_what_the_same_hours_of_a_year_give(sky: SkyEnsemble) -> None:
    panel = Panel(300.0, 30.0, azimuth_deg=160.0)
    year = made_up_weather("x", LAT, LON, seed=4, utc_offset_h=0.0)
    year = replace(year, wind_m_s=np.ones(year.steps))
    whole = panel_power_w(panel, year, 300)
    power = ensemble_power_w(panel, sky)
    assert power.shape == (2, HOURS * 12)
    assert power.max() > 100.0
    # Only the air before the first hour and after the last differs.
    inner = slice(12, -12)
    expected = whole[FIRST * 12 : (FIRST + HOURS) * 12]
    assert power[0][inner] == pytest.approx(expected[inner], abs=1e-6)
    assert power[1] == pytest.approx(power[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lat_deg", 91.0),
        ("lon_deg", float("nan")),
        ("begins_at", datetime(2026, 5, 15, 5, 30, tzinfo=UTC)),
        ("begins_at", datetime(2026, 5, 15, 5)),  # noqa: DTZ001 - without a zone
        ("global_w_m2", np.empty((0, 5))),
        ("global_w_m2", np.ones(5)),
        ("beam_w_m2", np.ones((2, 5))),
        ("diffuse_w_m2", np.full((2, HOURS), np.nan)),
        ("air_degc", np.full((2, HOURS), 90.0)),
    ],
)
def test_skies_that_cannot_be_are_refused(
    sky: SkyEnsemble, name: str, value: object
) -> None:
    with pytest.raises(InvalidInput):
        replace(sky, **{name: value})  # type: ignore[arg-type]
