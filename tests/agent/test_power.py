from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nearmade.agent.config import PowerConfig
from nearmade.agent.power import SitePower
from nearmade.agent.store import Store

#: Midnight in Nairobi.
NIGHT = datetime(2026, 3, 20, 21, tzinfo=UTC)

SOLAR = PowerConfig(
    kind="solar",
    pv_wp=200.0,
    battery_wh=1000.0,
    first_fraction=0.5,
    lat_deg=-1.3,
    lon_deg=36.8,
    utc_offset_h=3.0,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "agent.sqlite3")
    yield store
    store.close()


def test_at_night_the_battery_carries_the_load_with_its_losses(store: Store) -> None:
    power = SitePower(SOLAR, store)
    assert power.step(NIGHT, 50.0).stored_wh == 500.0
    later = power.step(NIGHT + timedelta(hours=2), 50.0)
    assert later.pv_w == 0.0
    assert later.stored_wh == pytest.approx(500.0 - 100.0 / 0.95)
    assert later.as_dict()["battery_fraction"] == pytest.approx(0.3947)


def test_the_battery_is_remembered_over_a_restart(store: Store) -> None:
    SitePower(SOLAR, store).step(NIGHT, 50.0)
    again = SitePower(SOLAR, store).step(NIGHT + timedelta(hours=1), 50.0)
    assert again.stored_wh == pytest.approx(500.0 - 50.0 / 0.95)


def test_the_sun_shines_at_noon_and_not_at_night(store: Store) -> None:
    power = SitePower(SOLAR, store)
    assert power.panel_w(NIGHT) == 0.0
    noons = [power.panel_w(NIGHT + timedelta(days=d, hours=12)) for d in range(20)]
    assert 0 < max(noons) <= 200.0
    power.step(NIGHT + timedelta(hours=6), 0.0)
    charged = power.step(NIGHT + timedelta(hours=15), 0.0)
    assert charged.stored_wh > 500.0


def test_a_faster_model_and_a_clock_that_goes_back_do_no_harm(store: Store) -> None:
    power = SitePower(replace(SOLAR, speed_factor=60.0), store)
    power.step(NIGHT, 50.0)
    fast = power.step(NIGHT + timedelta(minutes=2), 50.0)
    assert fast.stored_wh == pytest.approx(500.0 - 100.0 / 0.95)
    assert power.step(NIGHT, 50.0).stored_wh == fast.stored_wh


def test_a_smaller_battery_than_the_one_remembered_is_full_at_most(
    store: Store,
) -> None:
    SitePower(SOLAR, store).step(NIGHT, 0.0)
    smaller = SitePower(replace(SOLAR, battery_wh=200.0), store)
    assert smaller.step(NIGHT + timedelta(hours=1), 0.0).stored_wh == 200.0


def test_the_grid_has_no_battery(store: Store) -> None:
    view = SitePower(PowerConfig(), store).step(NIGHT, 80.0)
    assert view.as_dict() == {
        "kind": "grid",
        "battery_fraction": None,
        "pv_w": None,
        "load_w": 80.0,
    }
