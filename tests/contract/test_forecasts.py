"""One set of promises, held by every forecast of the sun that an agent may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from nearmade.adapters.forecasts.open_meteo import OpenMeteo
from nearmade.agent.online_sun import OnlineSun
from nearmade.agent.power_config import PowerConfig
from nearmade.agent.site_forecast import SiteForecast
from nearmade.agent.store import Store
from nearmade.agent.sun_years import SunYears
from nearmade.energy.forecast.like_hours import LikeHours
from nearmade.energy.forecast.port import SunForecast
from nearmade.vocabulary.errors import NearmadeError, Unavailable
from tests.forecast_service import ForecastService, forecast_service, made_up_answer

#: Nine in the morning in Nairobi.
NINE = datetime(2026, 3, 20, 6, tzinfo=UTC)
DAY_STEPS = 288

T = TypeVar("T")

SITE = PowerConfig(
    kind="solar",
    pv_wp=200.0,
    battery_wh=1000.0,
    lat_deg=-1.3,
    lon_deg=36.8,
    zone="Africa/Nairobi",
)


class AtOnce(Executor):
    """Does what it is given at once: no test waits for a thread."""

    def submit(
        self, fn: Callable[..., T], /, *args: object, **kwargs: object
    ) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except NearmadeError as error:
            done.set_exception(error)
        return done


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "agent.sqlite3")
    yield store
    store.close()


@pytest.fixture
def sun(store: Store) -> SunYears:
    return SunYears(SITE, store)


@pytest.fixture
def service() -> Iterator[ForecastService]:
    with forecast_service() as running:
        running.say(made_up_answer(NINE))
        yield running


def asking(service: ForecastService, store: Store) -> OnlineSun:
    there = OpenMeteo(service.url, SITE.lat_deg, SITE.lon_deg, timeout_s=30.0)
    return OnlineSun(there, SITE.panel(), store, 3.0, AtOnce())


class ForecastContract:
    """What deciding counts on, whoever foretells."""

    @pytest.fixture
    def forecast(self) -> object:
        raise NotImplementedError

    def test_it_gives_courses_of_a_day_that_know_where_they_are_from(
        self, forecast: SunForecast
    ) -> None:
        found = forecast.foretell(NINE, DAY_STEPS)
        assert found.known
        assert found.paths_w.shape == (len(found.paths_w), DAY_STEPS)
        assert len(found.paths_w) >= 10  # else nothing is known of bad days
        assert found.begins_at == NINE
        assert found.issued_at <= NINE
        assert found.kind
        assert found.source

    def test_the_sun_shines_by_day_within_a_clear_sky_and_not_at_night(
        self, forecast: SunForecast, sun: SunYears
    ) -> None:
        paths_w = forecast.foretell(NINE, DAY_STEPS).paths_w
        clear_w = sun.ahead_w(NINE, DAY_STEPS)
        # Half an hour beside sunrise and sunset is left out.
        night = np.convolve(clear_w > 0, np.ones(13), mode="same") == 0
        assert night.sum() > 100
        assert paths_w[:, night].max() == 0.0
        assert paths_w.max() > 0.2 * clear_w.max()
        assert paths_w.sum(axis=1).max() <= 1.2 * clear_w.sum()

    def test_the_same_question_has_the_same_answer(self, forecast: SunForecast) -> None:
        first = forecast.foretell(NINE, 100)
        again = forecast.foretell(NINE, 100)
        assert (first.paths_w == again.paths_w).all()
        assert first.source == again.source

    def test_a_later_question_begins_later(self, forecast: SunForecast) -> None:
        later = NINE + timedelta(hours=2, minutes=3)
        found = forecast.foretell(later, 60)
        assert found.begins_at == later
        assert found.paths_w.shape[1] == 60


class TestOwnWeeks(ForecastContract):
    @pytest.fixture
    def forecast(self, sun: SunYears) -> SunForecast:
        return LikeHours(sun.before_w, sun.ahead_w)

    def test_without_a_past_it_knows_nothing(self, sun: SunYears) -> None:
        young = LikeHours(lambda _: np.empty(0), sun.ahead_w)
        assert not young.foretell(NINE, DAY_STEPS).known


class TestOnline(ForecastContract):
    @pytest.fixture
    def forecast(self, service: ForecastService, store: Store) -> Iterator[SunForecast]:
        online = asking(service, store)
        yield online
        online.close()

    def test_its_members_are_those_of_the_service(
        self, forecast: SunForecast, sun: SunYears
    ) -> None:
        # Shares of 0.3 to 1 of a clear sky, of which a little is lost to warmth.
        day_wh = forecast.foretell(NINE, 120).energies_wh(0, 120)
        clear_wh = float(sun.ahead_w(NINE, 120).sum()) / 12
        assert day_wh / clear_wh == pytest.approx(np.linspace(0.3, 1.0, 20), abs=0.03)

    def test_it_asks_anew_after_its_time_and_not_before(
        self, forecast: SunForecast, service: ForecastService
    ) -> None:
        forecast.foretell(NINE, 10)
        forecast.foretell(NINE + timedelta(hours=2, minutes=55), 10)
        assert len(service.asked) == 1
        later = forecast.foretell(NINE + timedelta(hours=3), 10)
        assert len(service.asked) == 2
        assert later.issued_at == later.begins_at

    def test_a_thread_of_its_own_brings_the_answer_too(
        self, service: ForecastService, store: Store
    ) -> None:
        there = OpenMeteo(service.url, SITE.lat_deg, SITE.lon_deg, timeout_s=60.0)
        online = OnlineSun(there, SITE.panel(), store, 3.0)
        try:
            with pytest.raises(Unavailable, match=r"whole day|not answered yet"):
                online.foretell(NINE + timedelta(days=4), 10)
        finally:
            online.close()

    def test_an_old_or_short_answer_is_none(
        self, forecast: SunForecast, service: ForecastService
    ) -> None:
        forecast.foretell(NINE, 10)
        service.status = 503
        with pytest.raises(Unavailable, match="13 h ago"):
            forecast.foretell(NINE + timedelta(hours=13), 10)
        with pytest.raises(Unavailable, match="whole day"):
            forecast.foretell(NINE, 12 * 24 * 4)

    def test_the_last_good_answer_outlives_restarts_and_failures(
        self, forecast: SunForecast, service: ForecastService, store: Store
    ) -> None:
        first = forecast.foretell(NINE, 50)
        service.status = 503
        again = asking(service, store)
        found = again.foretell(NINE + timedelta(minutes=30), 50)
        again.close()
        assert len(service.asked) == 1
        assert (found.paths_w[:, :44] == first.paths_w[:, 6:]).all()

    def test_an_answer_kept_for_another_place_is_left(
        self, forecast: SunForecast, service: ForecastService, store: Store
    ) -> None:
        forecast.foretell(NINE, 10)
        service.status = 503
        there = OpenMeteo(service.url, 48.0, 2.0, timeout_s=30.0)
        moved = OnlineSun(there, SITE.panel(), store, 3.0, AtOnce())
        with pytest.raises(Unavailable, match="answered 503"):
            moved.foretell(NINE, 10)
        moved.close()


class TestTheAgentsChoice(ForecastContract):
    @pytest.fixture
    def forecast(
        self, service: ForecastService, store: Store, sun: SunYears
    ) -> Iterator[SunForecast]:
        online = asking(service, store)
        yield SiteForecast(LikeHours(sun.before_w, sun.ahead_w), online)
        online.close()

    def test_the_service_comes_first(self, forecast: SiteForecast) -> None:
        assert forecast.foretell(NINE, 10).kind == "online"
        assert forecast.note == ""


class TestTheAgentsChoiceWithoutAnAnswer(ForecastContract):
    @pytest.fixture
    def forecast(
        self, service: ForecastService, store: Store, sun: SunYears
    ) -> Iterator[SunForecast]:
        service.status = 503
        online = asking(service, store)
        yield SiteForecast(LikeHours(sun.before_w, sun.ahead_w), online)
        online.close()

    def test_it_says_that_it_decides_by_its_own(
        self, forecast: SiteForecast, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert forecast.foretell(NINE, 10).kind == "own"
        assert "own forecast: forecast of 127.0.0.1: answered 503" in forecast.note
        forecast.foretell(NINE + timedelta(minutes=5), 10)
        assert caplog.text.count("own forecast") == 1  # told once, not every time
