"""What an agent tells the platform of its site's electricity, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nearmade.agent.power_config import ForecastConfig, PowerConfig
from nearmade.agent.store import Store
from nearmade.agent.supply_report import SupplyReport, sun_by_day
from nearmade.agent.sync import Platform
from nearmade.energy.deciding.windows import Band, Windows
from nearmade.energy.forecast.sky_ensemble import SkyEnsemble
from nearmade.energy.panels.panel import Panel
from nearmade.facilities.reported_supply import supply_from_record
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, Refused
from tests.agent.wire_platform import TOKEN, wire_platform
from tests.forecast_service import forecast_service, made_up_answer

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
PANELS = PowerConfig(pv_wp=2000.0, battery_wh=1500.0, standing_w=20.0)
#: Cheap and clean from 22 to 6 on the local clock, which is two hours ahead of UTC.
NIGHT = PowerConfig(
    utc_offset_h=2.0,
    windows=Windows(carbon=(Band(22.0, 6.0, 100.0), Band(6.0, 22.0, 400.0))),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    kept = Store(tmp_path / "agent.sqlite3")
    yield kept
    kept.close()


def told_by(config: PowerConfig, store: Store) -> dict[str, Any] | None:
    return SupplyReport(config, store).record(NOON)


def test_panels_and_battery_are_those_of_the_configuration(store: Store) -> None:
    told = told_by(PANELS, store)
    assert told is not None
    known = supply_from_record(told, NOON)
    assert (known.pv_wp, known.battery_wh, known.standing_w) == (2000.0, 1500.0, 20.0)
    assert (known.tilt_deg, known.azimuth_deg) == (15.0, None)
    assert known.grid_gco2e_per_kwh == ()


def test_bands_by_the_local_clock_become_hours_of_utc(store: Store) -> None:
    told = told_by(NIGHT, store)
    assert told is not None
    # 22 to 6 there is 20 to 4 of UTC.
    assert told["grid_gco2e_per_kwh"] == [100.0] * 4 + [400.0] * 16 + [100.0] * 4
    assert "pv_wp" not in told


def test_a_band_that_ends_within_an_hour_counts_for_its_share(store: Store) -> None:
    half = Windows(carbon=(Band(0.0, 6.5, 100.0), Band(6.5, 24.0, 300.0)))
    told = told_by(PowerConfig(windows=half), store)
    assert told is not None
    assert told["grid_gco2e_per_kwh"][5:8] == [100.0, 200.0, 300.0]


@pytest.mark.parametrize(
    "config",
    [PowerConfig(), PowerConfig(kind="solar", pv_wp=500.0, battery_wh=900.0)],
)
def test_a_grid_alone_and_a_sun_alone_have_nothing_to_report(
    config: PowerConfig, store: Store
) -> None:
    report = SupplyReport(config, store)
    assert report.record(NOON) is None
    assert not report.due(NOON)


def test_it_is_told_once_a_day_when_it_changes_and_later_after_a_failure(
    store: Store,
) -> None:
    report = SupplyReport(PANELS, store)
    assert report.due(NOON)
    report.told(report.record(NOON), NOON)
    assert not report.due(NOON + timedelta(hours=23))
    assert report.due(NOON + timedelta(hours=24))
    # Its clock ran ahead and was set right: the next word is not a year off.
    assert report.due(NOON - timedelta(days=365))
    report.failed(NOON)
    assert not report.due(NOON + timedelta(minutes=59))
    assert report.due(NOON + timedelta(hours=1))


def test_what_was_told_is_taken_back_when_the_panels_are_gone(store: Store) -> None:
    before = SupplyReport(PANELS, store)
    before.told(before.record(NOON), NOON)
    after = SupplyReport(PowerConfig(), store)
    assert after.due(NOON)
    after.told(after.record(NOON), NOON)
    assert not SupplyReport(PowerConfig(), store).due(NOON)


def test_the_platform_is_told_and_its_refusal_is_one() -> None:
    with wire_platform() as platform:
        said = Platform(platform.url, TOKEN)
        try:
            said.report_supply({"pv_wp": 5.0})
            said.report_supply(None)
            assert platform.supplies == [{"pv_wp": 5.0}, None]
            platform.refuse_supply = True
            with pytest.raises(Refused, match=r"supply\.pv_wp: no"):
                said.report_supply({"pv_wp": -5.0})
        finally:
            said.close()


def sky(hours: int, begins_at: datetime, light: float) -> SkyEnsemble:
    """Two members: one with so much light at every hour, one with none."""
    beam = np.stack([np.full(hours, light), np.zeros(hours)])
    return SkyEnsemble(
        0.0,
        0.0,
        begins_at,
        begins_at,
        global_w_m2=np.zeros((2, hours)),
        beam_w_m2=np.zeros((2, hours)),
        diffuse_w_m2=beam,
        air_degc=np.full((2, hours), 25.0),
        source="made up",
    )


def test_the_sun_ahead_is_told_by_whole_days_of_utc() -> None:
    begins = datetime(2026, 6, 1, 23, 0, tzinfo=UTC)
    panel = Panel(1000.0, 0.0, losses_fraction=0.0)
    found = sun_by_day(panel, sky(50, begins, 400.0))
    assert sorted(found) == ["2026-06-02", "2026-06-03"]
    # 400 W/m2 from all the sky by day and night on 1 kWp lying flat: 9.6 kWh less what
    # warmth takes; half of it is the mean of both members, less 4 % in the inverter.
    assert found["2026-06-02"] == pytest.approx(4608.0, rel=0.12)
    assert sun_by_day(panel, sky(50, begins, 0.0))["2026-06-03"] == 0.0


class AtOnce(Executor):
    """Runs what it is given before it answers."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **named))
        except NearmadeError as error:
            done.set_exception(error)
        return done


def test_the_sun_ahead_comes_from_the_weather_service_and_outlives_its_failure(
    store: Store,
) -> None:
    with forecast_service() as service:
        service.say(made_up_answer(NOON, days=3))
        config = replace(
            PANELS,
            lat_deg=-1.3,
            lon_deg=36.8,
            forecast=ForecastConfig(service.url, refresh_h=3.0),
        )
        report = SupplyReport(config, store, AtOnce())
        report.record(NOON)
        told = report.record(NOON)
        assert told is not None
        days = list(told["sun_wh"])
        assert days[0] == "2026-06-01"
        assert all(0 < wh < 2000.0 * 14 for wh in told["sun_wh"].values())
        assert supply_from_record(told, NOON).sun_wh
        assert len(service.asked) == 1
        service.status = 500
        later = NOON + timedelta(hours=3)
        report.record(later)
        after = report.record(later)
        assert after is not None
        assert after["sun_wh"] == told["sun_wh"]
        assert len(service.asked) == 2
        tomorrow = report.record(NOON + timedelta(hours=5, days=1))
        assert tomorrow is not None
        assert "2026-06-01" not in tomorrow["sun_wh"]
        report.close()


def test_a_weather_service_may_stand_at_panels_beside_a_grid() -> None:
    forecast = ForecastConfig("https://forecasts.example/v1/ensemble")
    assert replace(PANELS, forecast=forecast).service() is not None
    with pytest.raises(InvalidInput, match=r"power\.forecast"):
        PowerConfig(forecast=forecast)
