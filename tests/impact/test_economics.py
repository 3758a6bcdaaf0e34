"""Life-cycle cost: payback, net present value and return, against hand and papers."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, exp, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.impact.economics import (
    life_cycle_cost,
    making_usd,
    payback_with_replacements,
    payback_years,
    present_worth_years,
    yearly_return_fraction,
)
from nearmade.impact.household import Asset, Household, Product, Rates
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

exact = Estimate.exact
RATES = Rates(exact(25.0), exact(0.20), failed_fraction=0.2)
HOOK = Product("hook", exact(100.0), exact(500.0), exact(13.25), made_per_year=20)
PRINTER = Asset("printer", exact(400.0), life_years=5)
HOME = Household((PRINTER,), (HOOK,), RATES, years=5)


def test_a_product_costs_its_filament_and_electricity_over_what_succeeds() -> None:
    # (0.1 kg x 25 + 0.5 kWh x 0.20) / 0.8
    assert making_usd(HOOK, RATES) == pytest.approx(3.25)


def test_work_by_hand_and_bought_things_are_paid_once() -> None:
    handled = replace(HOOK, labour_minutes=6, other_usd=1.5)
    assert making_usd(handled, replace(RATES, labour_usd_per_hour=10)) == pytest.approx(
        3.25 + 1.0 + 1.5
    )


def test_a_home_pays_back_as_worked_by_hand() -> None:
    cost = life_cycle_cost(HOME, draws=1)
    assert cost.making_usd_per_year.value == pytest.approx(65)
    assert cost.retail_usd_per_year.value == pytest.approx(265)
    assert cost.saved_usd_per_year.value == pytest.approx(200)
    assert cost.payback_years is not None
    assert cost.payback_years.value == pytest.approx(2.0)
    assert cost.net_present_value_usd.value == pytest.approx(600)
    assert cost.return_fraction is not None
    assert cost.return_fraction.value == pytest.approx(1.5)
    # 400 of printer and 5 x 65 to make 100 hooks
    assert cost.usd_per_product is not None
    assert cost.usd_per_product.value == pytest.approx(7.25)
    assert cost.worth_it_fraction == 1.0


def test_discounting_follows_the_annuity_factor() -> None:
    # (1 - 1.1^-5) / 0.1, as annuity tables have it
    assert present_worth_years(0.1, 5) == pytest.approx(3.790787, abs=1e-6)
    home = replace(HOME, rates=replace(RATES, discount_fraction=0.1))
    cost = life_cycle_cost(home, draws=1)
    assert cost.net_present_value_usd.value == pytest.approx(200 * 3.790787 - 400, 1e-5)


def test_an_asset_that_wears_out_is_bought_again_and_its_rest_is_not_counted() -> None:
    short = replace(PRINTER, life_years=2)
    cost = life_cycle_cost(replace(HOME, assets=(short,)), draws=1)
    # bought at 0, 2 and 4 years; of the last one of its two years serves
    assert cost.life_cycle_usd.value == pytest.approx(400 * 2.5 + 65 * 5)


@pytest.mark.parametrize(
    ("life_years", "years", "payback", "gained"),
    [
        # bought once: 400 / 200
        (5.0, 5.0, 2.0, (1000 - 400) / 400),
        # bought at 0, 2 and 4; 400 saved by 2 years are just the first one's price
        (2.0, 5.0, 2.0, (1000 - 1000) / 1000),
        # worn out before it is paid back, and so is every next one
        (1.5, 5.0, None, (1000 - 400 * 10 / 3) / (400 * 10 / 3)),
        # a life of days: 250 of them bought a year
        (0.004, 5.0, None, (1000 - 400 * 1250) / (400 * 1250)),
    ],
)
def test_what_is_bought_again_counts_in_payback_and_return(
    life_years: float, years: float, payback: float | None, gained: float
) -> None:
    asset = replace(PRINTER, life_years=life_years)
    cost = life_cycle_cost(replace(HOME, assets=(asset,), years=years), draws=1)
    if payback is None:
        assert cost.payback_years is None
    else:
        assert cost.payback_years is not None
        assert cost.payback_years.value == pytest.approx(payback)
    assert cost.return_fraction is not None
    assert cost.return_fraction.value == pytest.approx(gained)
    # undiscounted, what is gained is the net present value
    assert cost.net_present_value_usd.value == pytest.approx(
        gained * cost.bought_usd.value, abs=1e-6
    )


def test_a_printer_worn_out_on_the_way_delays_the_payback_of_both() -> None:
    # 800 saved a year; 1000 at the start, 1400 from 1 year on: 1.25 is too soon, 1.75
    panel = Asset("panel", exact(600.0), life_years=25)
    printer = replace(PRINTER, life_years=1)
    home = replace(
        HOME, assets=(panel, printer), products=(replace(HOOK, made_per_year=80),)
    )
    cost = life_cycle_cost(home, draws=1)
    assert cost.payback_years is not None
    assert cost.payback_years.value == pytest.approx(1.75)


@given(
    prices=st.lists(st.floats(1, 1e4), min_size=1, max_size=3),
    lives=st.lists(st.floats(0.001, 100), min_size=3, max_size=3),
    saved=st.floats(1, 1e6),
)
def test_paid_back_is_when_savings_cover_all_that_was_bought_until_then(
    prices: list[float], lives: list[float], saved: float
) -> None:
    paid = payback_with_replacements(
        [np.array([one]) for one in prices], lives[: len(prices)], np.array([saved])
    )[0]
    if paid == inf:
        return

    def bought(until: float) -> float:
        pairs = zip(prices, lives, strict=False)
        return sum(price * max(1, ceil(until / life - 1e-9)) for price, life in pairs)

    assert saved * paid >= bought(paid) * (1 - 1e-9)
    sooner = paid * 0.999
    assert saved * sooner < bought(sooner)


@given(first=st.floats(1, 1e5), saved=st.floats(1, 1e5), years=st.floats(0.5, 30))
def test_the_yearly_return_repays_the_first_cost(
    first: float, saved: float, years: float
) -> None:
    rate = float(yearly_return_fraction(np.array(first), np.array(saved), years))
    if abs(rate * years) < 1e-4:
        repaid = saved * years
    elif rate * years < -700:
        return  # beyond what a float holds
    else:
        repaid = saved * (1 - exp(-rate * years)) / rate
    assert repaid == pytest.approx(first, rel=1e-3)
    assert (rate > 0) == (saved * years > first) or abs(rate) < 1e-6


def test_nothing_saved_never_pays_back() -> None:
    assert payback_years(np.array(400.0), np.array(0.0)) == inf
    assert payback_years(np.array(0.0), np.array(0.0)) == 0
    dear = replace(HOME, products=(replace(HOOK, retail_usd=exact(1.0)),))
    cost = life_cycle_cost(dear, draws=1)
    assert cost.payback_years is None
    assert cost.yearly_return_fraction is None
    assert cost.worth_it_fraction == 0.0


def test_without_assets_there_is_no_return_to_speak_of() -> None:
    cost = life_cycle_cost(replace(HOME, assets=()), draws=1)
    assert cost.return_fraction is None
    assert cost.payback_years == exact(0.0)


def test_uncertain_prices_give_intervals_and_a_chance() -> None:
    vague = replace(HOOK, retail_usd=Estimate(8.0, 4.0, 16.0))
    home = replace(HOME, products=(vague,))
    cost = life_cycle_cost(home, draws=4000, seed=3)
    assert cost.saved_usd_per_year.low == pytest.approx(20 * 4 - 65, rel=0.2)
    assert cost.saved_usd_per_year.high == pytest.approx(20 * 16 - 65, rel=0.05)
    # worth it where retail is above (400 / 5 + 65) / 20 = 7.25: z > -0.18 below 8
    assert cost.worth_it_fraction == pytest.approx(0.572, abs=0.03)
    assert cost == life_cycle_cost(home, draws=4000, seed=3)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: replace(PRINTER, price_usd=exact(-1.0)),
        lambda: replace(PRINTER, life_years=0),
        lambda: replace(PRINTER, life_years=1e-9),  # bought anew each 30 ms
        lambda: replace(PRINTER, upkeep_usd_per_year=inf),
        lambda: replace(HOOK, filament_g=exact(float("inf"))),
        lambda: replace(HOOK, made_per_year=float("nan")),
        lambda: replace(RATES, failed_fraction=1.0),
        lambda: replace(RATES, discount_fraction=-1.0),
        lambda: replace(HOME, products=()),
        lambda: replace(HOME, years=0),
    ],
)
def test_what_cannot_be_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(InvalidInput):
        wrong()
