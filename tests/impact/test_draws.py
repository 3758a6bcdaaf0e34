"""Draws: what they keep, what they share."""

from __future__ import annotations

import numpy as np
import pytest

from nearmade.impact.database import Exchange, Process
from nearmade.impact.draws import (
    Chance,
    chance_below,
    estimate_draws,
    exchange_draws,
)
from nearmade.impact.solve import Floats
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate


def drawn(exchange: Exchange, draws: int = 20_000) -> Floats:
    process = Process("p", "P", "kg", "GLO", (exchange,))
    return exchange_draws(Chance(3, draws), process, exchange)


def test_an_amount_is_lognormal_about_its_median() -> None:
    low, middle, high = np.percentile(
        drawn(Exchange("x", 100.0, 2.0, "by hand")), (10, 50, 90)
    )
    assert middle == pytest.approx(100, rel=0.03)
    # 90th percentile: 100 x 2 ** 1.2816 = 243.1
    assert high == pytest.approx(243.1, rel=0.05)
    assert low == pytest.approx(10_000 / 243.1, rel=0.05)


def test_a_credit_stays_below_zero() -> None:
    assert drawn(Exchange("x", -5.0, 3.0, "by hand")).max() < 0


def test_an_amount_with_two_percentiles_keeps_them() -> None:
    exchange = Exchange("x", 10.0, source="by hand", low=9.0, high=14.0)
    low, middle, high = np.percentile(drawn(exchange), (10, 50, 90))
    assert (low, middle, high) == pytest.approx((9.0, 10.0, 14.0), rel=0.02)


def test_an_estimate_that_reaches_zero_never_falls_below_it() -> None:
    samples = estimate_draws(Chance(3, 5000), "mass", Estimate(1.0, 0.0, 2.0))
    assert samples.min() == 0.0
    assert float(np.percentile(samples, 90)) == pytest.approx(2.0, rel=0.05)


def test_an_estimate_that_starts_below_zero_may_be_below_it() -> None:
    samples = estimate_draws(Chance(3, 5000), "saved", Estimate(1.0, -1.0, 2.0))
    assert samples.min() < 0
    assert float(np.percentile(samples, 10)) == pytest.approx(-1.0, rel=0.1)


def test_the_same_name_meets_the_same_draws_whatever_the_order() -> None:
    first, second = Chance(seed=1, draws=10), Chance(seed=1, draws=10)
    first.normal("paper")
    assert np.array_equal(first.normal("guess"), second.normal("guess"))


def test_names_and_seeds_have_draws_of_their_own() -> None:
    chance = Chance(seed=1, draws=10)
    assert not np.array_equal(chance.normal("a"), chance.normal("b"))
    assert not np.array_equal(chance.normal("a"), Chance(seed=2, draws=10).normal("a"))


def test_a_tie_counts_half() -> None:
    one = np.array([1.0, 2.0, 3.0, 4.0])
    two = np.array([1.0, 3.0, 2.0, 4.0])
    assert chance_below(one, two) == 0.5
    assert chance_below(one, one + 1) == 1.0


def test_no_draws_are_refused() -> None:
    with pytest.raises(InvalidInput, match="draws 0"):
        Chance(seed=1, draws=0)


def test_a_certain_figure_has_no_width() -> None:
    assert drawn(Exchange("x", 3.5)).shape == ()
