"""The forecast on a site's page: in words, as a picture, and beside what came."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.pages.bench import a_site, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SAID = {
    "kind": "solar", "battery_fraction": 0.63, "pv_w": 210.4, "load_w": 96.0,
    "at": "2026-03-20T05:00:00+00:00", "max_w": 800, "cutoff_fraction": 0.1,
}  # fmt: skip


def a_solar_site(power: dict[str, Any]) -> None:
    site = a_site("sun", "Lyon", kind="solar", pv_wp=400, battery_wh=2400, max_w=800)
    site.snapshot = {"power": power}
    site.save()


def forecast_day(number: int, came_wh: float | None) -> dict[str, Any]:
    return {
        "begins_at": f"2026-03-{number:02d}T07:00:00+00:00",
        "low_wh": 300.0,
        "middle_wh": 600.0,
        "high_wh": 900.0,
        "used_wh": 240.0,
        "came_wh": came_wh,
    }


def test_the_forecast_is_shown_with_its_month_and_its_words(client: Client) -> None:
    days = [forecast_day(n, 250.0 if n % 4 == 0 else 700.0) for n in range(1, 20)]
    forecast = {
        "source": "40 runs of icon_seamless from weather.example",
        "held": "in the last 19 days 4 came under the 10 % line",
        "note": "decides by its own forecast: weather.example: answered 503",
        "days": [*days, forecast_day(20, None)],
    }
    a_solar_site(power={**SAID, "forecast": forecast})
    page = words_of(client.get("/sites/sun"))
    for words in (
        "Foretold by 40 runs of icon_seamless from weather.example.",
        "So far: in the last 19 days 4 came under the 10 % line.",
        "decides by its own forecast: weather.example: answered 503",
        "Of 19 days that are over, 4 brought less than the worst day of ten",
        'Fri 20 Mar 08:00</th><td class="n">300',
    ):
        assert words in page
    assert page.count('class="picture forecasts"') == 2
    drawn = page.split('class="picture forecasts"')[1].split("</svg>")[0]
    assert drawn.count("<circle") == 19
    assert drawn.count('fill="var(--stop,#b42318)"') == 4


def test_a_young_forecast_is_words_alone(client: Client) -> None:
    forecast = {"source": "the 40 likest hours", "held": "no day is over yet"}
    a_solar_site(power={**SAID, "forecast": forecast})
    page = words_of(client.get("/sites/sun"))
    assert "Foretold by the 40 likest hours." in page
    assert "Forecasts as a table" not in page
    assert "picture forecasts" not in page


ODD = [
    {"source": 5, "days": "x"},
    {"source": "<b>", "held": 7, "days": [1, {}, {"begins_at": "x"}]},
    {"source": "x", "days": [{**forecast_day(3, 1e300), "low_wh": 1e300}] * 5},
    {"source": "x", "days": [forecast_day(4, -5.0)] * 400},
    {"source": "x", "days": [{**forecast_day(5, 0.0), **dict.fromkeys(
        ("low_wh", "middle_wh", "high_wh"), 0.0)}] * 4},
]  # fmt: skip


@pytest.mark.parametrize("forecast", ODD)
def test_nonsense_of_a_forecast_does_not_break_the_page(
    client: Client, forecast: dict[str, Any]
) -> None:
    a_solar_site(power={**SAID, "forecast": forecast})
    assert client.get("/sites/sun").status_code == 200
