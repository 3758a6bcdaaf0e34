"""The cheapest panel and battery, and the curve, where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.energy.site.prices import Prices
from nearmade.energy.sizing.curve import (
    BATTERY_STEP_WH,
    PANEL_STEP_WP,
    Need,
    Sized,
    cost_of,
    size_site,
    undominated,
)
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.errors import InvalidInput

NEED = Need(1000.0, 200.0, 0.95, 500.0)


def box(panel_wp: float, battery_wh: float) -> object:
    """A made-up site that is served from so much panel and so much battery on."""

    def served(wp: Array, wh: Array) -> tuple[Array, Array]:
        enough = (wp >= panel_wp) & (wh >= battery_wh)
        return np.where(enough, 1.0, 0.5), np.zeros(len(wp))

    return served


def smooth(wp: Array, wh: Array) -> tuple[Array, Array]:
    """More of one stands in for less of the other."""
    share = 1 - 1.5 * np.exp(-wp / 250) - np.exp(-wh / 700)
    return np.clip(share, 0, 1), np.zeros(len(wp))


@settings(max_examples=25, deadline=None)
@given(st.integers(12, 190), st.integers(5, 150))
def test_where_a_panel_and_a_battery_are_enough_these_are_found(
    tens: int, fifties: int
) -> None:
    wp, wh = tens * PANEL_STEP_WP, fifties * BATTERY_STEP_WH
    found = size_site(NEED, Prices(), box(wp, wh))  # type: ignore[arg-type]
    assert found.chosen is not None
    assert (found.chosen.panel_wp, found.chosen.battery_wh) == (wp, wh)


def test_the_cheapest_pair_is_within_half_a_percent_of_all_pairs_tried() -> None:
    wp, wh = np.meshgrid(
        np.arange(10, 2010, 10.0), np.arange(50, 8050, 50.0), indexing="ij"
    )
    shares, _ = smooth(wp.ravel(), wh.ravel())
    cheapest = min(
        cost_of(a, b, 500, Prices())[1]
        for a, b, share in zip(wp.ravel(), wh.ravel(), shares, strict=True)
        if share >= 0.95
    )
    found = size_site(NEED, Prices(), smooth)
    assert found.chosen is not None
    assert cheapest <= found.chosen.yearly_cost <= 1.005 * cheapest
    assert found.chosen.days_fraction >= 0.95
    assert found.tried < 400


def test_along_the_curve_more_panel_needs_less_battery() -> None:
    curve = size_site(NEED, Prices(), smooth).curve
    assert len(curve) > 5
    panels = [each.panel_wp for each in curve]
    batteries = [each.battery_wh for each in curve]
    assert panels == sorted(panels)
    assert batteries == sorted(batteries, reverse=True)
    assert all(each.days_fraction >= 0.95 for each in curve)


def test_along_the_frontier_more_money_serves_more_days() -> None:
    frontier = size_site(NEED, Prices(), smooth).frontier
    costs = [each.yearly_cost for each in frontier]
    shares = [each.days_fraction for each in frontier]
    assert costs == sorted(costs)
    assert shares == sorted(set(shares))


def test_dear_batteries_are_smaller_and_dear_panels_too() -> None:
    def chosen(prices: Prices) -> Sized:
        found = size_site(NEED, prices, smooth).chosen
        assert found is not None
        return found

    usual = chosen(Prices())
    assert chosen(Prices(battery_per_kwh=3000.0)).battery_wh < usual.battery_wh
    assert chosen(Prices(panel_per_wp=7.0)).panel_wp < usual.panel_wp


def test_what_no_size_serves_is_said_with_the_most_that_can_be() -> None:
    def never(wp: Array, wh: Array) -> tuple[Array, Array]:
        return np.full(len(wp), 0.4), np.zeros(len(wh))

    found = size_site(NEED, Prices(), never)
    assert found.chosen is None
    assert found.curve == ()
    assert found.most_days_fraction == 0.4


def test_with_a_grid_no_panel_may_be_the_cheapest() -> None:
    def on_the_grid(wp: Array, wh: Array) -> tuple[Array, Array]:
        return np.ones(len(wp)), np.maximum(0.0, 30.0 - wp / 100)

    helped = Need(1000.0, 200.0, 0.95, 500.0, 100.0, 10.0, helped=True)
    found = size_site(helped, Prices(), on_the_grid).chosen
    assert found is not None
    assert (found.panel_wp, found.battery_wh) == (0, 0)
    # 100 for the connection; 0.25 a watt of 500 W.
    assert found.first_cost == pytest.approx(225)
    assert found.running_cost == 30


def test_costs_are_sums_of_what_is_bought() -> None:
    first, yearly = cost_of(100, 1000, 400, Prices(interest_fraction=0.0))
    assert first == pytest.approx(100 * 0.7 + 300 + 400 * 0.25)
    assert yearly == pytest.approx(70 / 20 + 300 / 10 + 100 / 10)


def test_a_pair_that_costs_more_and_serves_less_is_left_out() -> None:
    def pair(cost: float, share: float) -> Sized:
        return Sized(1, 1, share, 0, cost)

    kept = undominated([pair(3, 0.5), pair(1, 0.4), pair(2, 0.9), pair(1, 0.3)])
    assert [(each.yearly_cost, each.days_fraction) for each in kept] == [
        (1, 0.4),
        (2, 0.9),
    ]


@pytest.mark.parametrize("day_wh", [0.0, -1.0, float("nan"), float("inf")])
def test_a_day_that_needs_nothing_or_no_number_is_refused(day_wh: float) -> None:
    with pytest.raises(InvalidInput):
        Need(day_wh, 1.0, 0.9, 100.0)


def test_a_grid_of_two_sizes_is_refused() -> None:
    with pytest.raises(InvalidInput):
        size_site(NEED, Prices(), smooth, panels=2)
    with pytest.raises(InvalidInput):
        Need(1.0, 1.0, 1.2, 100.0)
