"""What a kilowatt-hour emits at a site, hour by hour."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.panels.panel import Panel
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.carbon import (
    STORED_GCO2E_PER_KWH,
    DaySupply,
    build_gco2e_per_kwh,
    typical_sun_w,
)
from nearmade.energy.supply.cells import (
    LEAD_ACID,
    LITHIUM_IRON_PHOSPHATE,
    making_gco2e_per_kwh,
)
from nearmade.vocabulary.errors import InvalidInput

SUN, GRID = 48.0, 700.0
NOON = np.where(np.arange(24) == 12, 100.0, 0.0)


def day(sun_w: np.ndarray = NOON, **more: object) -> DaySupply:
    return DaySupply(sun_w, np.full(24, GRID), SUN, **more)  # type: ignore[arg-type]


def test_own_sun_serves_first_and_the_grid_the_rest() -> None:
    alone = build_gco2e_per_kwh(day(), 50.0, 1.0)
    assert alone[12] == SUN
    assert alone[11] == alone[13] == GRID
    # 100 of 200 W are the sun's: (48 + 700) / 2
    assert build_gco2e_per_kwh(day(), 200.0, 1.0)[12] == pytest.approx(374)
    # two hours, one of them in the sun
    two = build_gco2e_per_kwh(day(), 100.0, 2.0)
    assert two[11] == two[12] == pytest.approx(374)
    # ten and a half hours of which one is in the sun: (48 + 9.5 x 700) / 10.5
    long = build_gco2e_per_kwh(day(), 100.0, 10.5)
    assert long[5] == pytest.approx((48 + 9.5 * 700) / 10.5)
    # a day and a half
    assert build_gco2e_per_kwh(day(), 100.0, 36.0)[5] == pytest.approx(
        (2 * 48 + 34 * 700) / 36
    )


def test_what_others_draw_is_served_before() -> None:
    assert build_gco2e_per_kwh(day(base_w=60.0), 40.0, 1.0)[12] == SUN
    assert build_gco2e_per_kwh(day(base_w=100.0), 40.0, 1.0)[12] == GRID


def test_a_grid_that_is_known_by_the_hour_counts_by_the_hour() -> None:
    dirty_evening = np.where(np.arange(24) >= 18, 900.0, 300.0)
    supply = DaySupply(np.zeros(24), dirty_evening, SUN)
    found = build_gco2e_per_kwh(supply, 100.0, 2.0)
    assert (found[9], found[17], found[19]) == (300, 600, 900)
    assert found[23] == 600


def test_the_evening_lives_on_what_the_battery_kept_of_the_day() -> None:
    # It holds 90 Wh above its cut-off, of which 85.5 come out again.
    battery, making = Battery(100.0), 60.0
    supply = day(battery=battery, battery_gco2e_per_kwh=making)
    evening = build_gco2e_per_kwh(supply, 80.0, 1.0)
    assert evening[20] == pytest.approx(SUN / 0.9025 + making)
    assert evening[12] == pytest.approx(SUN)
    longer = build_gco2e_per_kwh(supply, 80.0, 2.0)
    # Two hours ask 160 Wh; the grid gives what the battery does not.
    expected = (85.5 * (SUN / 0.9025 + making) + (160 - 85.5) * GRID) / 160
    assert longer[20] == pytest.approx(expected, rel=1e-6)


def test_the_making_of_a_battery_is_spread_over_all_that_it_gives() -> None:
    # Lead-acid is emptied by half, 600 times: 300 kWh for each that it can hold, and
    # 70 kg for making that. 70,000 g / 300 kWh = 233 g/kWh.
    likely, least, most = making_gco2e_per_kwh(LEAD_ACID)
    assert likely == pytest.approx(233.3, abs=0.1)
    assert least < likely < most
    # 2500 times by 80 % is 2000 kWh; 109 kg over these is 54.5 g/kWh. Emptied by 90 %
    # the number lies on the line through 3000 at 70 % and 2500 at 80 %.
    slope = math.log(2500 / 3000) / math.log(8 / 7)
    deepest = 2500 * (9 / 8) ** slope
    found = making_gco2e_per_kwh(LITHIUM_IRON_PHOSPHATE)[0]
    assert found == pytest.approx(109_000 / (deepest * 0.9))
    assert found == STORED_GCO2E_PER_KWH


@given(
    load_w=st.floats(1, 2000),
    hours=st.floats(0.1, 60),
    base_w=st.floats(0, 500),
    sun=st.lists(st.floats(0, 1000), min_size=24, max_size=24),
    stored=st.booleans(),
)
def test_a_build_emits_no_less_than_the_sun_and_no_more_than_grid_and_losses(
    load_w: float, hours: float, base_w: float, sun: list[float], *, stored: bool
) -> None:
    battery = Battery(500.0) if stored else None
    found = build_gco2e_per_kwh(
        day(np.array(sun), battery=battery, base_w=base_w), load_w, hours
    )
    assert (found >= SUN - 1e-6).all()
    assert (found <= max(GRID, SUN / 0.9025 + STORED_GCO2E_PER_KWH) + 1e-6).all()


def test_the_typical_sun_stands_highest_at_local_noon() -> None:
    nairobi = typical_sun_w(Panel(1000, 10), -1.28, 36.82, 3)
    assert max(range(24), key=lambda hour: nairobi[hour]) == 9  # noon is at 09:33 UTC
    assert nairobi[20] == 0
    # 0.65 x 0.8592 x 0.96 of a kilowatt is 536 W under a cloudless noon of 1000 W/m2;
    # the cells are warm and the sun not much brighter.
    assert 430 < max(nairobi) < 580
    december, june = (
        sum(typical_sun_w(Panel(1000, 40), 52.0, 5.0, month)) for month in (12, 6)
    )
    assert december < june / 2


@pytest.mark.parametrize(
    ("load_w", "hours"), [(0, 1), (-1, 1), (1, 0), (float("nan"), 1), (1, float("inf"))]
)
def test_a_build_of_nothing_is_refused(load_w: float, hours: float) -> None:
    with pytest.raises(InvalidInput):
        build_gco2e_per_kwh(day(), load_w, hours)


def test_a_supply_that_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidInput):
        day(np.zeros(23))
    with pytest.raises(InvalidInput):
        day(np.full(24, np.nan))
    with pytest.raises(InvalidInput):
        day(base_w=-1.0)
    with pytest.raises(InvalidInput):
        day(battery_gco2e_per_kwh=-1.0)
    with pytest.raises(InvalidInput):
        typical_sun_w(Panel(1, 1), 0, 0, 13)
