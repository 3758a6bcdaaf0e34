"""The agent's forecast through weeks: kept, set beside what came, corrected, told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from nearmade.agent.forecast_log import KEPT_DAYS, LOG, ForecastLog
from nearmade.agent.power import SitePower
from nearmade.agent.power_config import ForecastConfig, PowerConfig
from nearmade.agent.store import Store
from nearmade.agent.sun_outlook import SunOutlook
from nearmade.agent.sun_years import SunYears
from nearmade.energy.forecast.port import SunCourses
from tests.forecast_service import forecast_service, made_up_answer

#: Midnight in Nairobi.
MIDNIGHT = datetime(2026, 3, 19, 21, tzinfo=UTC)

SITE = PowerConfig(
    kind="solar",
    pv_wp=200.0,
    battery_wh=1000.0,
    lat_deg=-1.3,
    lon_deg=36.8,
    zone="Africa/Nairobi",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "agent.sqlite3")
    yield store
    store.close()


def looked_for(site: SunOutlook, days: int, every_h: float = 0.5) -> None:
    """Look every so often, day and night."""
    for step in range(round(days * 24 / every_h)):
        site.outlook(MIDNIGHT + timedelta(hours=step * every_h))


def test_each_day_s_forecast_is_kept_and_set_beside_what_came(store: Store) -> None:
    sun = SunYears(SITE, store)
    site = SunOutlook(SITE, store, sun)
    looked_for(site, 12)
    said = site.said()
    assert said is not None
    assert len(said.days) == 12
    for day in said.days:
        local = day.begins_at.astimezone(SITE.clock)
        assert local.hour == 10  # 15 % of the sun has passed
        assert 0 < day.low_wh <= day.middle_wh <= day.high_wh < 200 * 8
    first = said.days[0]
    came = sun.came_wh(first.begins_at, MIDNIGHT + timedelta(hours=20))
    assert first.came_wh == pytest.approx(came, abs=1e-3)
    assert "in the last 12 days" in said.held
    assert "likest hours" in said.source


def test_the_log_outlives_restarts_and_is_bounded(store: Store) -> None:
    sun = SunYears(SITE, store)
    looked_for(SunOutlook(SITE, store, sun), 3)
    again = SunOutlook(SITE, store, sun)
    again.outlook(MIDNIGHT + timedelta(days=3))
    said = again.said()
    assert said is not None
    assert [day.came_wh is not None for day in said.days] == [True] * 3

    log = ForecastLog(store, 36.8, sun.ahead_w, sun.came_wh)
    steps = 288
    for number in range(3, KEPT_DAYS + 20):
        at = MIDNIGHT + timedelta(days=number, hours=10)
        courses = SunCourses(at, at, np.full((12, steps), 50.0), "own", "made up")
        log.look(at, courses, courses)
    assert len(log.days) == KEPT_DAYS
    assert len(json.loads(store.meta(LOG) or "")) == KEPT_DAYS


def test_a_forecast_that_promised_too_much_is_taken_for_less(store: Store) -> None:
    """Three times what the panels give is foretold for twenty days."""
    sun = SunYears(SITE, store)
    log = ForecastLog(store, 36.8, sun.ahead_w, sun.came_wh)
    for number in range(20):
        at = MIDNIGHT + timedelta(days=number, hours=10)
        path = 3 * sun.modelled_before_w(at + timedelta(days=1), 288, 300)
        courses = SunCourses(at, at, np.tile(path, (12, 1)), "own", "made up")
        log.look(at, courses, courses)
    log.look(at + timedelta(hours=20), courses, courses)
    held = log.held("own")
    assert held.days == 20
    assert held.under_low == 20
    assert held.bias_fraction == pytest.approx(2.0)
    assert held.verdict == "hopeful"
    assert held.correction.low == pytest.approx(1 / 3, abs=1e-3)
    site = SunOutlook(SITE, store, sun)
    raw = SunOutlook(SITE, Store(Path(":memory:")), sun)
    noon = MIDNIGHT + timedelta(days=21, hours=12)
    taken, plain = (each.outlook(noon).paths_w.sum(axis=1) for each in (site, raw))
    assert np.sort(taken)[0] == pytest.approx(np.sort(plain)[0] / 3, rel=1e-3)
    assert "corrected by 20 days" in site.outlook(noon).source


def test_a_day_that_was_not_measured_throughout_is_left_out(
    store: Store, tmp_path: Path
) -> None:
    config = replace(SITE, meter=tmp_path / "meter.json")
    sun = SunYears(config, store)
    morning = MIDNIGHT + timedelta(hours=10)
    for hour in range(8):
        if hour != 4:
            sun.note_measured(morning + timedelta(hours=hour), 80.0)
    assert sun.came_wh(morning, morning + timedelta(hours=4)) == pytest.approx(320.0)
    assert sun.came_wh(morning, morning + timedelta(hours=5)) is None
    log = ForecastLog(store, 36.8, sun.ahead_w, sun.came_wh)
    at = MIDNIGHT + timedelta(hours=10)
    courses = SunCourses(at, at, np.full((12, 288), 50.0), "own", "made up")
    log.look(at, courses, courses)
    assert [day.came_wh for day in log.days] == [None]
    log.look(at + timedelta(hours=14), courses, courses)
    assert not log.days


def test_in_the_polar_night_there_is_nothing_to_keep(store: Store) -> None:
    north = replace(SITE, lat_deg=80.0, lon_deg=15.0, zone="Arctic/Longyearbyen")
    site = SunOutlook(north, store, SunYears(north, store))
    for hour in range(24):
        site.outlook(datetime(2026, 12, 20, tzinfo=UTC) + timedelta(hours=hour))
    said = site.said()
    assert said is not None
    assert said.days == ()


def test_a_clock_put_back_keeps_one_forecast_a_day(store: Store) -> None:
    site = SunOutlook(SITE, store, SunYears(SITE, store))
    looked_for(site, 2)
    site.outlook(MIDNIGHT + timedelta(hours=10))
    said = site.said()
    assert said is not None
    assert len(said.days) == 2


def test_a_site_with_a_service_decides_by_it_and_says_when_it_cannot(
    store: Store, tmp_path: Path
) -> None:
    now = MIDNIGHT + timedelta(hours=12)
    meter = tmp_path / "meter.json"
    meter.write_text(json.dumps({"at": now.isoformat(), "pv_w": 90.0}))
    with forecast_service() as service:
        service.say(made_up_answer(now))
        config = replace(
            SITE, meter=meter, forecast=ForecastConfig(service.url, timeout_s=30.0)
        )
        power = SitePower(config, store)
        view = power.step(now, 0.0)
        outlook = power.outlook(view, now)
        power.close()
        if not outlook.source.startswith("20 runs"):
            pytest.skip("this machine took more than five seconds for one answer")
        assert outlook.paths_w.shape == (20, 288)
        service.status = 500
        later = now + timedelta(hours=30)
        power = SitePower(config, store)
        outlook = power.outlook(power.step(later, 0.0), later)
        report = power.report(view, outlook, [], "")
        power.close()
    assert report.forecast is not None
    assert "own forecast: forecast of 127.0.0.1" in report.forecast.note
    assert report.forecast.source == "nothing is known yet"  # measured for an hour


def test_summer_time_turns_the_site_s_clock_and_not_its_sun(store: Store) -> None:
    paris = replace(SITE, lat_deg=48.9, lon_deg=2.3, zone="Europe/Paris")
    winter = replace(paris, zone="", utc_offset_h=1.0)
    at = datetime(2026, 7, 1, 10, tzinfo=UTC)
    named, fixed = (
        SunOutlook(config, store, SunYears(config, store)).outlook(at)
        for config in (paris, winter)
    )
    assert (named.clock(0), fixed.clock(0)) == ("12:00", "11:00")
    assert (named.clear_w == fixed.clear_w).all()
