"""Draws: what they keep, what they share."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nearmade.impact.drawn import Chance, chance_below
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor

PAPER = Factor("paper", 100.0, "g", "by hand", geometric_sd=2.0)
GUESS = Factor("guess", 2.0, "1", "by hand", geometric_sd=1.5, assumed=True)


def test_a_factor_is_lognormal_about_its_median() -> None:
    drawn = Chance(seed=3, draws=20_000).factor(PAPER)
    assert float(np.median(drawn.samples)) == pytest.approx(100, rel=0.03)
    # 90th percentile: 100 x 2 ** 1.2816 = 243.1
    assert drawn.estimate().high == pytest.approx(243.1, rel=0.05)
    assert drawn.estimate().low == pytest.approx(10_000 / 243.1, rel=0.05)


def test_an_estimate_keeps_its_median_and_both_percentiles() -> None:
    drawn = Chance(seed=3, draws=20_000).estimate("mass", Estimate(10.0, 9.0, 14.0))
    low, middle, high = np.percentile(drawn.samples, (10, 50, 90))
    assert low == pytest.approx(9.0, rel=0.02)
    assert middle == pytest.approx(10.0, rel=0.02)
    assert high == pytest.approx(14.0, rel=0.02)


def test_an_estimate_that_reaches_zero_never_falls_below_it() -> None:
    drawn = Chance(seed=3, draws=5000).estimate("mass", Estimate(1.0, 0.0, 2.0))
    assert drawn.samples.min() == 0.0
    assert float(np.percentile(drawn.samples, 90)) == pytest.approx(2.0, rel=0.05)


def test_the_same_name_meets_the_same_draws_whatever_the_order() -> None:
    first, second = Chance(seed=1, draws=10), Chance(seed=1, draws=10)
    first.factor(PAPER)
    assert np.array_equal(first.factor(GUESS).samples, second.factor(GUESS).samples)


def test_names_and_seeds_have_draws_of_their_own() -> None:
    chance = Chance(seed=1, draws=10)
    assert not np.array_equal(chance.normal("a"), chance.normal("b"))
    assert not np.array_equal(chance.normal("a"), Chance(seed=2, draws=10).normal("a"))


def test_what_is_assumed_in_a_product_is_all_of_it() -> None:
    chance = Chance(seed=1, draws=10)
    product = chance.factor(PAPER).times(chance.factor(GUESS))
    assert product.assumed == pytest.approx(200.0)
    half = product.plus(chance.factor(PAPER).scaled(2))
    assert (half.value, half.assumed) == pytest.approx((400.0, 200.0))
    assert half.factor_ids == ("paper", "guess")


def test_a_shared_factor_cancels_in_the_comparison() -> None:
    chance = Chance(seed=1, draws=500)
    shared = chance.factor(PAPER)
    assert chance_below(shared.scaled(0.99), shared) == 1.0
    assert chance_below(shared, shared) == 0.5


def test_two_independent_factors_compare_as_two_lognormals_do() -> None:
    chance = Chance(seed=5, draws=20_000)
    other = Factor("other", 200.0, "g", "by hand", geometric_sd=2.0)
    # P(A < B) = Phi(ln 2 / (sqrt 2 x ln 2)) = Phi(0.7071) = 0.7602
    wins = chance_below(chance.factor(PAPER), chance.factor(other))
    assert wins == pytest.approx(0.7602, abs=0.01)


def test_no_draws_are_refused() -> None:
    with pytest.raises(InvalidInput, match="draws 0"):
        Chance(seed=1, draws=0)


def test_a_certain_figure_has_no_width() -> None:
    estimate = Chance(seed=1, draws=10).certain(math.pi).estimate()
    assert estimate == Estimate.exact(math.pi)
