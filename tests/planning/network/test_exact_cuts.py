"""Cuts of what whole pieces cannot do, and the payments that they make."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.planning.network.exact_bound import Takers, payments_bound
from nearmade.planning.network.exact_cuts import Cuts, rounded, separate
from nearmade.planning.network.exact_program import cut_payments
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.plan import Prices
from nearmade.planning.network.weights import PricedProblem
from tests.planning.network.small_plans import drawn, priced_of
from tests.planning.network.test_exact_bound import one_machine


def one_group(hours: list[float], holds: list[float]) -> Takers:
    """One group with a candidate of so many hours each, and hours up to each day."""
    count = len(hours)
    return Takers(
        np.array([0, count]), np.arange(count), np.array(hours), np.array([holds])
    )


def steps(cuts: Cuts, cut: int, taken: np.ndarray) -> float:
    """What a cut counts of candidates and ready days, laid flat."""
    at = slice(cuts.first[cut], cuts.first[cut + 1])
    return float((cuts.amount[at] * taken.ravel()[cuts.use[at]]).sum())


def paid(priced: PricedProblem) -> Prices:
    found = cut_payments(priced, lambda: True)
    assert found is not None
    prices, use_usd, way_usd = found
    return replace(prices, use_usd=use_usd, way_usd=way_usd)


@pytest.mark.parametrize(
    ("amount", "lost", "steps"),
    [(1.4, 0.5, 1.0), (1.75, 0.5, 1.5), (2.0, 0.5, 2.0), (-1.25, 0.5, -1.5)],
)
def test_steps_are_rounded_down_but_for_what_the_limit_loses(
    amount: float, lost: float, steps: float
) -> None:
    assert rounded(amount, lost) == pytest.approx(steps)


def test_two_pieces_of_two_hours_on_three_hours_are_one() -> None:
    cuts = separate(one_group([2.0, 2.0], [3.0]), np.full((2, 1), 0.75))
    assert len(cuts.limit) == 1
    both, one = np.ones((2, 1)), np.array([[1.0], [0.0]])
    assert steps(cuts, 0, one) == pytest.approx(cuts.limit[0])
    assert steps(cuts, 0, both) == pytest.approx(2 * cuts.limit[0])


@given(
    st.lists(st.floats(0.2, 5.0), min_size=1, max_size=4),
    st.lists(st.floats(0.5, 4.0), min_size=1, max_size=2),
    st.integers(0, 1000),
)
def test_what_fits_in_whole_pieces_passes_no_cut(
    hours: list[float], daily: list[float], seed: int
) -> None:
    holds = np.cumsum(daily)
    shape = (len(hours), len(holds))
    share = np.random.default_rng(seed).uniform(0, 1, shape)
    cuts = separate(one_group(hours, holds.tolist()), share)
    for choice in product((0.0, 1.0), repeat=share.size):
        taken = np.array(choice).reshape(shape)
        if ((np.array(hours) @ taken).cumsum() <= holds).all():
            for cut in range(len(cuts.limit)):
                assert steps(cuts, cut, taken) <= cuts.limit[cut] + 1e-6


def test_a_program_with_cuts_pays_what_whole_pieces_prove() -> None:
    # see test_exact_bound: by hours 26 USD, with whole pieces 34 USD
    priced = priced_of(one_machine())
    assert payments_bound(priced, paid(priced)) == pytest.approx(34.0, rel=1e-5)


@given(drawn())
def test_no_plan_costs_less_than_payments_of_the_program_prove(
    priced: PricedProblem,
) -> None:
    bound = payments_bound(priced, paid(priced))
    assert bound <= first_come(priced).cost_usd * (1 + 1e-9) + 1e-9
