"""The impact card's marks, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from nearmade.cloud.pages.charts import HEADROOM, dumbbells, stacks


def figure(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def side(kgco2e: dict[str, float], grams: list[float]) -> dict[str, Any]:
    return {
        "price_usd": figure(10, 10, 10),
        "days": figure(2, 1, 4),
        "electricity_kwh": figure(0.2, 0.1, 0.3),
        "kgco2e": kgco2e,
        "contributions": [
            {
                "activity": "material",
                "title": "Filament",
                "gco2e": figure(gram, gram, gram),
                "factor_ids": [],
            }
            for gram in grams
        ],
    }


CARD = {
    "here": side(figure(2.0, 1.0, 3.0), [1500.0, 500.0]),
    "central": side(figure(4.0, 2.0, 8.0), [4000.0]),
    "better_here_fraction": {"kgco2e": 0.83},
}


def test_the_widest_interval_reaches_the_end_of_the_line() -> None:
    climate = dumbbells(CARD)[3]
    assert climate.central.high == pytest.approx(100 / HEADROOM, abs=0.01)
    assert climate.here.at == pytest.approx(100 * 2 / 8 / HEADROOM, abs=0.01)


def test_small_electricity_is_written_in_watt_hours() -> None:
    electricity = dumbbells(CARD)[2]
    assert (electricity.unit, electricity.here.text) == ("Wh", "200")
    assert electricity.here.interval == "100 – 300"


def test_a_known_price_has_no_interval() -> None:
    assert dumbbells(CARD)[0].here.interval == ""


def test_the_chance_is_said_only_where_it_is_known() -> None:
    money, _days, _electricity, climate = dumbbells(CARD)
    assert money.chance == ""
    assert "83 of 100" in climate.chance
    assert climate.better


def test_both_bars_share_one_scale() -> None:
    here, central = stacks(CARD)
    assert sum(part.percent for part in central.slices) == pytest.approx(100)
    assert [part.percent for part in here.slices] == [37.5, 12.5]
    assert (here.total, central.total) == ("2 kg", "4 kg")
