"""Fits and intervals, held against distributions that are known by construction."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nearmade.quoting.calibration import (
    choose_tail,
    conformal_spread,
    coverage,
    fit_least_squares,
    fit_linear,
    fit_soft,
    folds,
    left_out_coverage,
    left_out_ratios,
    off_by,
    sized_spread,
)
from nearmade.quoting.profile import SizedSpread, Spread
from nearmade.vocabulary.errors import InvalidInput

#: 10th and 90th percentile of the standard normal distribution (tables: 1.28155).
Z90 = 1.28155


def lognormal(count: int, sigma: float, seed: int) -> NDArray[np.float64]:
    return np.exp(np.random.default_rng(seed).normal(0, sigma, count))


def groups_of(count: int, each: int = 4) -> list[str]:
    return [f"project-{number // each}" for number in range(count)]


def test_an_exact_sum_is_found_again() -> None:
    columns = np.random.default_rng(1).uniform(1, 100, (40, 3))
    truth = columns @ np.array([1.5, 0.0, 7.0])
    fit = fit_linear(columns, truth, groups_of(40), source="exact")
    assert fit.coefficients == pytest.approx([1.5, 0, 7], abs=1e-9)
    assert fit.errors.most_fraction < 1e-9
    assert (fit.spread.low, fit.spread.high) == (1, 1)


def test_no_coefficient_is_below_zero() -> None:
    columns = np.random.default_rng(2).uniform(1, 100, (40, 2))
    truth = columns @ np.array([2.0, -0.5]) + 200
    for fitter in (fit_least_squares, fit_soft):
        assert (fitter(columns, truth) >= 0).all()


def test_one_part_far_off_hardly_moves_a_soft_fit() -> None:
    columns = np.random.default_rng(3).uniform(1, 100, (40, 1))
    truth = columns[:, 0] * 2.0
    truth[7] *= 3
    assert fit_soft(columns, truth)[0] == pytest.approx(2, rel=0.02)
    assert abs(fit_soft(columns, truth)[0] - 2) < abs(
        fit_least_squares(columns, truth)[0] - 2
    )


def test_the_interval_of_a_known_distribution_is_its_percentiles() -> None:
    # ln(truth / estimate) is normal with 0.1, so that the 10th percentile is
    # exp(-0.128155) = 0.8797 and the 90th 1.1367.
    spread = conformal_spread(lognormal(20_000, 0.1, 4), "drawn")
    assert spread.low == pytest.approx(math.exp(-0.1 * Z90), rel=0.005)
    assert spread.high == pytest.approx(math.exp(0.1 * Z90), rel=0.005)


def test_of_nine_ratios_the_interval_is_the_whole_range() -> None:
    # (9 + 1) 0.1 = 1: the least and the greatest.
    ratios = np.array([0.9, 0.95, 0.97, 0.99, 1.0, 1.01, 1.03, 1.05, 1.2])
    spread = conformal_spread(ratios, "nine")
    assert (spread.low, spread.high) == (0.9, 1.2)


@pytest.mark.parametrize("count", [30, 60, 120])
@pytest.mark.parametrize("sigma", [0.03, 0.2])
def test_fresh_parts_lie_inside_in_80_of_100_cases(count: int, sigma: float) -> None:
    inside = []
    for seed in range(60):
        ratios = lognormal(count, sigma, seed)
        fresh = lognormal(400, sigma, 10_000 + seed)
        spread = SizedSpread((), (conformal_spread(ratios, "drawn"),))
        inside.append(coverage(fresh, np.ones(400), spread))
    assert 0.78 < float(np.mean(inside)) < 0.83


def test_coverage_on_parts_left_out_lies_between_75_and_85_of_100() -> None:
    found = []
    for seed in range(20):
        ratios = lognormal(120, 0.08, seed)
        found.append(left_out_coverage(ratios, groups_of(120), np.ones(120), ()))
    assert 0.75 < float(np.mean(found)) < 0.85


def test_a_class_of_size_with_more_scatter_has_a_wider_interval() -> None:
    small, large = lognormal(100, 0.2, 5), lognormal(100, 0.02, 6)
    ratios = np.concatenate([small, large])
    sizes = np.concatenate([np.full(100, 1.0), np.full(100, 50.0)])
    sized = sized_spread(ratios, sizes, (10.0,), "two")
    assert sized.at(1).high == pytest.approx(math.exp(0.2 * Z90), rel=0.1)
    assert sized.at(50).high == pytest.approx(math.exp(0.02 * Z90), rel=0.02)
    assert 0.75 < coverage(ratios, sizes, sized) < 0.85


def test_groups_that_differ_get_a_wider_tail() -> None:
    # Each project has a bias of its own besides, so a project never seen is further
    # off than the parts of those seen.
    rng = np.random.default_rng(8)
    biases = np.repeat(rng.normal(0, 0.1, 10), 6)
    ratios = np.exp(biases + rng.normal(0, 0.05, 60))
    groups, sizes = groups_of(60, each=6), np.ones(60)
    plain = left_out_coverage(ratios, groups, sizes, ())
    tail, held = choose_tail(ratios, groups, sizes, ())
    assert plain < 0.8 <= held
    assert tail < 0.1


def test_a_class_of_few_parts_takes_the_interval_of_all() -> None:
    ratios = lognormal(60, 0.1, 7)
    sizes = np.concatenate([np.full(55, 1.0), np.full(5, 50.0)])
    fit = fit_linear(
        np.ones((60, 1)),
        ratios,
        groups_of(60),
        source="few",
        sizes=sizes,
        edges=(10.0,),
    )
    assert fit.sized.at(50) == fit.spread


def test_a_part_is_never_estimated_with_its_own_group() -> None:
    # Within a group the truth is twice as large, so a fit on the others is off by 2.
    columns = np.ones((24, 1))
    truth = np.array([2.0] * 4 + [1.0] * 20)
    ratios = left_out_ratios(columns, truth, groups_of(24), fit_least_squares)
    assert ratios[:4] == pytest.approx([2, 2, 2, 2])


@given(st.lists(st.integers(0, 30), min_size=3, max_size=120))
def test_every_part_is_left_out_once_and_groups_stay_whole(numbers: list[int]) -> None:
    groups = [f"group-{number}" for number in numbers]
    found = folds(groups)
    assert np.sum(found, axis=0).tolist() == [1] * len(groups)
    assert len(found) <= 12
    for name in set(groups):
        own = np.array([group == name for group in groups])
        assert sum(bool((own & out).any()) for out in found) == 1


def test_errors_are_of_estimate_over_truth() -> None:
    # Estimates of 110, 100 and 80 for truths of 100: 10 %, 0 %, 20 % off.
    median, _, most = off_by(np.array([100 / 110, 1.0, 100 / 80]))
    assert (median, most) == pytest.approx((0.1, 0.2))


@pytest.mark.parametrize(
    ("columns", "truth", "groups"),
    [
        (np.ones((5, 1)), np.ones(5), groups_of(5)),
        (np.ones((30, 1)), np.ones(30), ["one"] * 30),
        (np.ones((30, 1)), np.ones(29), groups_of(30)),
        (-np.ones((30, 1)), np.ones(30), groups_of(30)),
        (np.ones((30, 1)), np.zeros(30), groups_of(30)),
        (np.full((30, 1), np.nan), np.ones(30), groups_of(30)),
    ],
)
def test_what_no_fit_can_be_made_of_is_refused(
    columns: NDArray[np.float64], truth: NDArray[np.float64], groups: list[str]
) -> None:
    with pytest.raises(InvalidInput):
        fit_linear(columns, truth, groups, source="bad")


def test_spreads_that_do_not_fit_their_edges_are_refused() -> None:
    one = Spread(0.9, 1.1, "by hand")
    with pytest.raises(InvalidInput):
        SizedSpread((1.0,), (one,))
    with pytest.raises(InvalidInput):
        SizedSpread((2.0, 1.0), (one, one, one))
