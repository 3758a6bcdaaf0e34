"""A site's own supply by day and hour: its shares, its forecast, its grid's hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.facilities.facility import Facility, PowerSystem
from nearmade.facilities.reported_supply import ReportedSupply
from nearmade.impact.grid import electricity_factor
from nearmade.planning.site_supply import (
    day_supply,
    mean_gco2e_per_kwh,
    sources_of,
    supply_of,
)
from tests.planning.test_site_supply import ask, site

NOW = datetime(2026, 4, 6, 6, 0, tzinfo=UTC)
DAY = NOW.date()
#: The grid of the site emits 900 g before noon of UTC, 100 g after.
HALVES = (900.0,) * 12 + (100.0,) * 12


def telling(reported: ReportedSupply) -> Facility:
    return site("sunny", power=PowerSystem("grid", reported=reported))


def test_the_hours_of_a_grid_are_its_sites_own() -> None:
    facility = telling(ReportedSupply(NOW, grid_gco2e_per_kwh=HALVES))
    assert mean_gco2e_per_kwh(facility, DAY, 100.0, [11, 12]) == pytest.approx(500.0)
    assert mean_gco2e_per_kwh(facility, DAY, 100.0, range(13, 24)) == 100.0


def test_a_site_without_panels_or_hours_has_no_figure_of_its_own() -> None:
    assert mean_gco2e_per_kwh(site("plain"), DAY, 100.0, [12]) is None
    off_grid = PowerSystem("solar", pv_wp=500.0, battery_wh=900.0)
    assert day_supply(site("off", power=off_grid), DAY) is None


def test_a_report_of_more_than_three_days_ago_counts_as_none() -> None:
    power = PowerSystem("grid", pv_wp=2000.0)
    told = ReportedSupply(NOW, grid_gco2e_per_kwh=HALVES)
    facility = site("sunny", power=replace(power, reported=told))
    held = supply_of(facility, NOW + timedelta(days=3))
    assert held is not None
    assert held.reported
    late = supply_of(facility, NOW + timedelta(days=3, seconds=1))
    recorded = supply_of(site("sunny", power=power), NOW)
    assert late is not None
    assert recorded is not None
    assert not late.reported
    assert late.day.sun_w == pytest.approx(recorded.day.sun_w)
    assert set(late.day.grid_gco2e_per_kwh.tolist()) == {
        electricity_factor("IN", solar=False).value
    }


def test_a_forecast_scales_the_sun_of_its_day_alone() -> None:
    reported = ReportedSupply(NOW, pv_wp=1000.0)
    typical = day_supply(telling(reported), DAY)
    assert typical is not None
    half_wh = typical.sun_w.sum() / 2
    dull = telling(replace(reported, sun_wh=((DAY, half_wh),)))
    found, other = day_supply(dull, DAY), day_supply(dull, date(2026, 4, 7))
    assert found is not None
    assert other is not None
    assert found.sun_w.sum() == pytest.approx(half_wh)
    assert other.sun_w == pytest.approx(typical.sun_w)


def test_a_forecast_beyond_the_panels_is_held_to_their_rated_power() -> None:
    bright = ReportedSupply(NOW, pv_wp=1000.0, sun_wh=((DAY, 14_000.0),))
    found = day_supply(telling(bright), DAY)
    assert found is not None
    assert found.sun_w.max() == 1000.0


def test_the_shares_of_a_build_under_dull_panels_are_worked_by_hand() -> None:
    reported = ReportedSupply(NOW, pv_wp=1000.0, grid_gco2e_per_kwh=HALVES)
    supply = supply_of(telling(reported), NOW)
    assert supply is not None
    sun_w = float(supply.day.sun_w[6])
    found = sources_of(supply, 2 * sun_w, 1.0)
    # The panels carry half of it in this hour, and the grid emits 900 g.
    assert found.sun_fraction == pytest.approx(0.5)
    assert found.stored_fraction == 0.0
    assert found.grid_fraction == pytest.approx(0.5)
    assert found.grid_gco2e_per_kwh == pytest.approx(900.0)


def test_at_night_a_battery_that_the_day_filled_carries_a_build() -> None:
    full = ReportedSupply(NOW, pv_wp=3000.0, battery_wh=4000.0)
    evening = datetime(2026, 4, 6, 18, 0, tzinfo=UTC)
    supply = supply_of(telling(full), evening)
    assert supply is not None
    found = sources_of(supply, 100.0, 1.0)
    assert found.sun_fraction == pytest.approx(0.0, abs=1e-9)
    assert found.stored_fraction == pytest.approx(1.0)
    assert found.grid_gco2e_per_kwh is None


@given(st.floats(0, 5000), st.floats(0, 6000), st.floats(20, 2000), st.floats(0.2, 30))
def test_shares_make_a_whole(
    pv_wp: float, battery_wh: float, load_w: float, hours: float
) -> None:
    reported = ReportedSupply(
        NOW, pv_wp=pv_wp, battery_wh=battery_wh, grid_gco2e_per_kwh=HALVES
    )
    supply = supply_of(telling(reported), NOW)
    assert supply is not None
    found = sources_of(supply, load_w, hours)
    shares = (found.sun_fraction, found.stored_fraction, found.grid_fraction)
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
    assert sum(shares) == pytest.approx(1.0)
    if found.grid_gco2e_per_kwh is not None:
        assert 100.0 - 1e-6 <= found.grid_gco2e_per_kwh <= 900.0 + 1e-6


def test_an_offer_counts_the_hours_that_its_site_reports() -> None:
    dirty = telling(ReportedSupply(NOW, grid_gco2e_per_kwh=(1000.0,) * 24))
    clean = telling(ReportedSupply(NOW, grid_gco2e_per_kwh=(0.0,) * 24))
    (one,), (other,) = ask(dirty, carbon=0.0).offers, ask(clean, carbon=0.0).offers
    kwh = one.energy_kwh.value
    assert one.gco2e.value - other.gco2e.value == pytest.approx(1000.0 * kwh)


def test_what_a_record_says_of_panels_still_holds_where_nobody_reports() -> None:
    recorded = site("sunny", power=PowerSystem("grid", pv_wp=2000.0))
    supply = supply_of(recorded, NOW)
    assert supply is not None
    assert not supply.reported
    mean = electricity_factor("IN", solar=False).value
    assert set(supply.day.grid_gco2e_per_kwh.tolist()) == {mean}
