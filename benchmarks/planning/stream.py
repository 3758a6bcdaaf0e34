"""A day's orders one by one, priced by what earlier days' plans found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import Rule, first_come
from nearmade.planning.network.forecast import PastPrices, forecast_prices
from nearmade.planning.network.insertion import Insertion
from nearmade.planning.network.plan import NetworkPlan, Prices
from nearmade.planning.network.sample import SampleWish, sample_tables
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem

SEED = 1
LOAD = 0.75
#: Orders placed by single calls from Python.
SINGLE = 2_000


@dataclass(frozen=True)
class Stream:
    """One way of placing a day's orders.

    Parameters
    ----------
    name
        How they were placed.
    above_fraction
        Cost above the bound of hindsight.
    order_us
        Processor time for each order. [us]
    """

    name: str
    above_fraction: float
    order_us: float


def day_of(facilities: int, day: int) -> PricedProblem:
    """Give one day's orders to the customers' doors; hours alone bind."""
    wish = SampleWish(facilities, seed=SEED, load=LOAD, hubs=0, days=1, day=day)
    return price_problem(build_problem(*sample_tables(wish)), Weights())


def solved(priced: PricedProblem, seconds: float) -> NetworkPlan:
    """Plan a day with all its orders known."""
    return solve_network(priced, seed=SEED, seconds=seconds, clock=time.process_time)


def run_streams(facilities: int, history_days: int) -> tuple[list[Stream], float]:
    """Place a day's orders in several ways.

    Returns
    -------
    The streams, and the processor time of a single call from Python. [us]
    """
    past = [
        PastPrices(day, solved(day_of(facilities, day), 1.0).prices)
        for day in range(history_days)
    ]
    priced = day_of(facilities, history_days)
    hindsight = solved(priced, 20.0)
    bound = hindsight.bound_usd
    forecast = forecast_prices(past, history_days)
    zero = Prices.zero(priced.problem)
    streams = [_first_come(priced, rule, bound) for rule in ("nearest", "cheapest")]
    for name, prices, moving in (
        ("no prices, nothing moves", zero, False),
        ("forecast, nothing moves", forecast, False),
        ("forecast, work may move", forecast, True),
        ("hindsight prices, nothing moves", hindsight.prices, False),
        ("hindsight prices, work may move", hindsight.prices, True),
    ):
        streams.append(_stream(priced, name, prices, bound, moving=moving))
    streams.append(
        Stream("plan with all known", hindsight.cost_usd / bound - 1, float("nan"))
    )
    return streams, _single_call_us(priced, forecast)


def _first_come(priced: PricedProblem, rule: Rule, bound: float) -> Stream:
    first_come(priced, rule=rule)
    begun = time.process_time()
    plan = first_come(priced, rule=rule)
    spent = time.process_time() - begun
    return Stream(
        f"first come, {rule}",
        plan.cost_usd / bound - 1,
        spent / len(plan.way) * 1e6,
    )


def _stream(
    priced: PricedProblem, name: str, prices: Prices, bound: float, *, moving: bool
) -> Stream:
    every = np.arange(len(priced.problem.orders.due_day), dtype=np.int32)
    Insertion(priced, prices, moving=moving).insert_all(every[:2])
    insertion = Insertion(priced, prices, moving=moving)
    begun = time.process_time()
    insertion.insert_all(every)
    spent = time.process_time() - begun
    plan = insertion.plan()
    assert evaluate(priced, plan.way, plan.candidate).stands
    return Stream(name, plan.cost_usd / bound - 1, spent / len(every) * 1e6)


def _single_call_us(priced: PricedProblem, prices: Prices) -> float:
    insertion = Insertion(priced, prices)
    half = len(priced.problem.orders.due_day) // 2
    insertion.insert_all(np.arange(half, dtype=np.int32))
    insertion.insert(half)
    last = min(half + SINGLE, 2 * half)
    begun = time.process_time()
    for order in range(half + 1, last):
        insertion.insert(order)
    return (time.process_time() - begun) / (last - half - 1) * 1e6


def table(streams: Sequence[Stream], call_us: float, facilities: int) -> str:
    """Lay the streams out for people."""
    lines = [
        f"{facilities} facilities, {LOAD:.0%} load, orders to the door, seed {SEED}",
        f"{'':34}{'above bound':>12}{'us/order':>10}",
    ]
    lines += [
        f"{one.name:34}{one.above_fraction:12.2%}{one.order_us:10.1f}"
        for one in streams
    ]
    return "\n".join([*lines, f"a single call from Python: {call_us:.1f} us"])
