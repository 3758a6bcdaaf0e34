import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nearmade.agent.meters import controller, plug_watts
from nearmade.agent.power import SitePower
from nearmade.agent.power_config import PowerConfig
from nearmade.agent.store import Store
from nearmade.agent.sun_years import SunYears
from nearmade.vocabulary.errors import NotFound

#: Midnight in Nairobi.
NIGHT = datetime(2026, 3, 20, 21, tzinfo=UTC)

SOLAR = PowerConfig(
    kind="solar",
    pv_wp=200.0,
    battery_wh=1000.0,
    first_fraction=0.5,
    lat_deg=-1.3,
    lon_deg=36.8,
    zone="Africa/Nairobi",
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
    shown = power.report(later, power.outlook(later, NIGHT), [], "why")
    assert shown.battery_fraction == pytest.approx(0.3947, abs=1e-4)
    assert shown.modelled
    assert shown.decision == "why"


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
    power = SitePower(PowerConfig(), store)
    view = power.step(NIGHT, 80.0)
    record = power.report(view, power.outlook(view, NIGHT), [], "").as_record()
    assert record["kind"] == "grid"
    assert record["load_w"] == 80.0
    assert record["battery_fraction"] is None
    assert record["pv_w"] is None
    assert record["ahead"] is None


def test_the_outlook_is_of_the_site_s_own_weeks_and_goes_dark_at_night(
    store: Store,
) -> None:
    power = SitePower(SOLAR, store)
    noon = NIGHT + timedelta(hours=15)
    view = power.step(noon, 0.0)
    outlook = power.outlook(view, noon)
    assert outlook.paths_w.shape == (40, 288)
    assert outlook.clock(0) == "15:00"
    # Sunset in Nairobi is about half past six in the evening.
    assert outlook.clear_w[0] > 50.0
    assert outlook.clear_w[5 * 12 :][:96].max() == 0.0
    assert power.outlook(view, noon + timedelta(minutes=1)) is outlook
    ahead = power.report(view, outlook, [], "").ahead
    assert ahead is not None
    assert len(ahead.battery_fraction) == 48
    assert ahead.low_fraction[-1] <= ahead.battery_fraction[-1]


def test_the_half_hours_behind_are_shown(store: Store) -> None:
    power = SitePower(SOLAR, store)
    for minutes in range(0, 121, 10):
        view = power.step(NIGHT + timedelta(minutes=minutes), 50.0)
    past = power.report(view, power.outlook(view, NIGHT), [], "").past
    assert past is not None
    assert past.starts_at == NIGHT
    assert past.load_w == (50.0,) * 5
    assert list(past.battery_fraction) == sorted(past.battery_fraction, reverse=True)


def test_a_controller_s_word_is_taken_over_the_model(
    store: Store, tmp_path: Path
) -> None:
    meter = tmp_path / "meter.json"
    said = {"at": NIGHT.isoformat(), "battery_fraction": 0.62, "pv_w": 143.0}
    meter.write_text(json.dumps(said))
    power = SitePower(replace(SOLAR, meter=meter), store)
    view = power.step(NIGHT, 0.0)
    assert view.stored_wh == pytest.approx(620.0)
    assert view.pv_w == 143.0
    assert view.measured
    old = power.step(NIGHT + timedelta(hours=1), 0.0)  # nobody wrote since
    assert not old.measured


def test_measured_sun_makes_the_outlook_when_there_is_enough_of_it(
    store: Store, tmp_path: Path
) -> None:
    config = replace(SOLAR, meter=tmp_path / "meter.json")
    years = SunYears(config, store)
    noon = NIGHT + timedelta(hours=14)
    for hour in range(1, 24 * 12):
        at = noon - timedelta(hours=hour)
        years.note_measured(at, 0.5 * float(years.clear_ahead_w(at, 1, 3600)[0]))
    power = SitePower(config, store)
    outlook = power.outlook(power.step(noon, 0.0), noon)
    assert outlook.known
    # Always half the clear sky, of which four fifths are counted on.
    share = outlook.paths_w[0, :24].sum() / outlook.clear_w[:24].sum()
    assert share == pytest.approx(0.4, abs=0.02)


def test_a_weather_file_takes_the_place_of_made_up_weather(
    store: Store, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        SitePower(replace(SOLAR, weather=tmp_path / "none.csv"), store)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"at": 5}', '{"at": "2026-03-20T21:00:00+00:00", "pv_w": "x"}'],
)
def test_a_broken_meter_counts_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "meter.json"
    path.write_text(text)
    assert controller(path, NIGHT) is None
    assert controller(tmp_path / "none", NIGHT) is None


def test_a_plug_s_last_fresh_line_counts(tmp_path: Path) -> None:
    path = tmp_path / "plug.csv"
    assert plug_watts(path, NIGHT) is None
    early = (NIGHT - timedelta(seconds=90)).isoformat()
    path.write_text(f"at,watts\n{early},81.5\n")
    assert plug_watts(path, NIGHT) == 81.5
    assert plug_watts(path, NIGHT + timedelta(minutes=5)) is None
    path.write_text(f"{early},nan\n")
    assert plug_watts(path, NIGHT) is None
