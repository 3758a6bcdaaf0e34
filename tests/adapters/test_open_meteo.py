"""A weather service that is right, and the many ways in which it may be wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.adapters.forecasts.open_meteo import MOST_BYTES, OpenMeteo
from nearmade.vocabulary.errors import InvalidInput, Refused, Unavailable
from tests.forecast_service import ForecastService, forecast_service, made_up_answer

NOW = datetime(2026, 3, 20, 6, 30, tzinfo=UTC)
HERE = OpenMeteo("http://127.0.0.1:9/v1/ensemble", -1.3, 36.8, models="made_up")


@pytest.fixture
def service() -> Iterator[ForecastService]:
    with forecast_service() as running:
        running.say(made_up_answer(NOW))
        yield running


def asking(service: ForecastService) -> OpenMeteo:
    return replace(HERE, url=service.url)


def test_every_member_comes_back_hour_by_hour(service: ForecastService) -> None:
    sky = replace(asking(service), key="secret-7").fetch(NOW)
    assert (sky.members, sky.hours) == (20, 72)
    # A figure stands at the end of its hour: that of midnight is of the hour before.
    assert sky.begins_at == datetime(2026, 3, 19, 23, tzinfo=UTC)
    assert sky.issued_at == NOW
    said = made_up_answer(NOW)["hourly"]["shortwave_radiation_member19"]
    assert sky.global_w_m2[19].tolist() == said
    assert "20 runs of made_up from 127.0.0.1" in sky.source
    (asked,) = service.asked
    assert asked["latitude"] == "-1.3000"
    assert asked["timeformat"] == "unixtime"
    assert asked["timezone"] == "GMT"
    assert asked["models"] == "made_up"
    assert asked["apikey"] == "secret-7"
    assert "direct_normal_irradiance" in asked["hourly"].split(",")


def test_hours_beyond_the_end_of_the_models_are_left_out(
    service: ForecastService,
) -> None:
    answer = made_up_answer(NOW)
    for name, values in answer["hourly"].items():
        if name != "time":
            values[60:] = [None] * 12
    service.say(answer)
    assert asking(service).fetch(NOW).hours == 60


def wrong(change: str) -> dict[str, Any]:
    """Give an answer that is wrong in one way."""
    answer = made_up_answer(NOW)
    hourly = answer["hourly"]
    sun = hourly["shortwave_radiation_member03"]
    match change:
        case "another place":
            answer["latitude"] = 48.0
        case "a place in words":
            answer["longitude"] = "east"
        case "other units":
            answer["hourly_units"]["temperature_2m"] = "°F"
        case "no units":
            del answer["hourly_units"]
        case "no hours":
            hourly["time"] = []
        case "local times":
            hourly["time"] = ["2026-03-20T00:00"] * 72
        case "an hour twice":
            hourly["time"][5] = hourly["time"][4]
        case "steps of three hours":
            hourly["time"] = [t * 3 - hourly["time"][0] * 2 for t in hourly["time"]]
        case "half hours":
            hourly["time"] = [t + 1800 for t in hourly["time"]]
        case "of last year":
            hourly["time"] = [t - 365 * 86400 for t in hourly["time"]]
        case "beyond the calendar":
            first = 3600 * 18_824_454_497_000
            hourly["time"] = [first + 3600 * n for n in range(72)]
        case "years of hours":
            first = hourly["time"][0]
            hourly["time"] = [first + 3600 * n for n in range(9000)]
        case "one member":
            for name in list(hourly):
                if "_member" in name:
                    del hourly[name]
        case "a member without a figure":
            del hourly["diffuse_radiation_member03"]
        case "a member too short":
            sun.pop()
        case "a member without a value":
            sun[:] = [None] * 72
        case "a gap":
            sun[9] = None
        case "a word":
            sun[9] = "sunny"
        case "true":
            sun[9] = True
        case "below zero":
            sun[9] = -1.0
        case "too much sun":
            sun[9] = 5000.0
        case "too large a number":
            sun[9] = 10**400
        case "boiling":
            hourly["temperature_2m"][0] = 100.0
        case "a list of places":
            return [answer]  # type: ignore[return-value]
        case _:
            raise AssertionError(change)
    return answer


@pytest.mark.parametrize(
    "change",
    [
        "another place",
        "a place in words",
        "other units",
        "no units",
        "no hours",
        "local times",
        "an hour twice",
        "steps of three hours",
        "half hours",
        "of last year",
        "beyond the calendar",
        "years of hours",
        "one member",
        "a member without a figure",
        "a member too short",
        "a member without a value",
        "a gap",
        "a word",
        "true",
        "below zero",
        "too much sun",
        "too large a number",
        "boiling",
        "a list of places",
    ],
)
def test_an_answer_that_is_wrong_in_one_way_is_refused_whole(change: str) -> None:
    content = json.dumps(wrong(change)).encode()
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1: answer not") as found:
        HERE.read(content, NOW)
    assert len(found.value.message) < 300


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"<html>busy</html>",
        b'{"hourly": 5, "hourly_units": {}, "latitude": -1.3, "longitude": 36.8}',
        b"[" * 100_000,
        json.dumps(made_up_answer(NOW)).encode()[:-50],
        json.dumps(made_up_answer(NOW)).encode("utf-16"),
        json.dumps(made_up_answer(NOW))[:-1].encode() + b', "a": "\xed\xa0\x80"}',
        json.dumps(made_up_answer(NOW)).replace("20.0", "NaN", 1).encode(),
        json.dumps(made_up_answer(NOW)).replace("20.0", "Infinity", 1).encode(),
        json.dumps(made_up_answer(NOW)).replace("20.0", "1e999", 1).encode(),
    ],
)
def test_what_is_no_answer_is_refused(content: bytes) -> None:
    with pytest.raises(Unavailable):
        HERE.read(content, NOW)


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(["latitude", "hourly", "hourly_units", "time", "member"]),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=5,
    ),
)
def test_no_answer_passes_that_is_not_a_sky(path: str, value: object) -> None:
    answer = made_up_answer(NOW, members=10)
    if path == "member":
        answer["hourly"]["shortwave_radiation_member01"] = value
    elif path == "time":
        answer["hourly"]["time"] = value
    else:
        answer[path] = value
    try:
        sky = HERE.read(json.dumps(answer).encode(), NOW)
    except Unavailable:
        return
    assert path == "latitude"
    assert isinstance(value, int | float)
    assert abs(value + 1.3) <= 1
    assert np.isfinite(sky.global_w_m2).all()


def test_errors_of_the_service_are_told_with_its_reason(
    service: ForecastService,
) -> None:
    service.status = 400
    service.say({"error": True, "reason": "No data is available for this location"})
    with pytest.raises(Unavailable, match="400, No data is available"):
        asking(service).fetch(NOW)
    service.status, service.body = 503, b"<html>"
    with pytest.raises(Unavailable, match=r"answered 503$"):
        asking(service).fetch(NOW)


def test_a_redirect_is_not_followed(service: ForecastService) -> None:
    service.status = 302
    with pytest.raises(Unavailable, match="302"):
        asking(service).fetch(NOW)
    assert len(service.asked) == 1


def test_an_endless_answer_is_broken_off(service: ForecastService) -> None:
    service.body = b" " * (2 * MOST_BYTES)
    with pytest.raises(Unavailable, match="more than 1 MiB"):
        asking(service).fetch(NOW)


def test_a_service_that_never_answers_is_given_up(service: ForecastService) -> None:
    done = threading.Event()

    def never() -> bytes:
        done.wait(30)
        return b""

    service.answer = never
    try:
        with pytest.raises(Unavailable, match="ReadTimeout"):
            replace(asking(service), timeout_s=0.2).fetch(NOW)
    finally:
        done.set()


def test_a_key_is_never_told() -> None:
    nobody = replace(HERE, key="secret-7")  # nothing listens on that port
    assert "secret-7" not in repr(nobody)
    with pytest.raises(Unavailable) as found:
        nobody.fetch(NOW)
    assert "secret-7" not in str(found.value)
    assert "ConnectError" in str(found.value)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://weather.example/v1/ensemble", Refused),
        ("ftp://weather.example/", InvalidInput),
        ("weather.example", InvalidInput),
        ("https://ada:secret@weather.example/", InvalidInput),
        ("https://weather.example/v1?apikey=7", InvalidInput),
        ("https://[::1/", InvalidInput),
        ("", InvalidInput),
    ],
)
def test_addresses_that_would_tell_or_cannot_be_are_refused(
    url: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        replace(HERE, url=url)


@pytest.mark.parametrize("timeout_s", [0.0, -1.0, 1e9, float("nan")])
def test_times_that_cannot_be_are_refused(timeout_s: float) -> None:
    with pytest.raises(InvalidInput):
        replace(HERE, timeout_s=timeout_s)
