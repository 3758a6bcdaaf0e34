"""Prices and a first plan where hubs are fixed: by flow, or by ascent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from nearmade.planning.network.bound import day_prices
from nearmade.planning.network.filling import fill, start_from
from nearmade.planning.network.fixed_hubs import FixedHubs, Longs
from nearmade.planning.network.flow import (
    build_network,
    find_speeds,
    flow_prices,
    solve_flow,
)
from nearmade.planning.network.hub_list import whole_list
from nearmade.planning.network.hub_prices import find_prices
from nearmade.planning.network.picks import Picks, no_picks
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT, Prices
from nearmade.planning.network.problem import Floats
from nearmade.planning.network.weights import PricedProblem


class FlowStart(NamedTuple):
    """Prices from a flow, and which row each component goes to as a whole.

    Parameters
    ----------
    prices
        Of hours; all others are zero.
    row
        Row of each component, ``CENTRAL``, or ``LEFT_OUT`` where it is split.
    """

    prices: Prices
    row: Longs


def price_by_flow(priced: PricedProblem, hubs: FixedHubs) -> FlowStart | None:
    """Price hours by min-cost flow; None where more than hours binds."""
    if not (np.diff(hubs.first_way) == 1).all():
        return None
    if (hubs.site >= 0).any() or (hubs.stock >= 0).any():
        return None
    speeds = find_speeds(hubs)
    if speeds is None:
        return None
    component = np.repeat(np.arange(len(hubs.order)), np.diff(hubs.first))
    ready = hubs.way_day[hubs.first_way[:-1]][hubs.order[component]] - 1 - hubs.lead
    rows = np.flatnonzero((ready >= 0) & np.isfinite(hubs.cost))
    ready = np.minimum(ready, hubs.group_hours.shape[1] - 1)
    network = build_network(hubs, ready, *speeds, rows)
    sent, bought, earlier = solve_flow(network)
    prices = replace(
        Prices.zero(priced.problem),
        hour_usd=flow_prices(network, sent, bought, earlier),
    )
    row = np.full(len(hubs.order), LEFT_OUT)
    whole = sent == network.work[component[rows]]
    row[component[rows[whole]]] = rows[whole]
    row[bought == network.work] = CENTRAL
    return FlowStart(prices, row)


def price_fixed(
    priced: PricedProblem,
    hubs: FixedHubs,
    start: Prices | None,
    go_on: Callable[[float], bool],
) -> FlowStart:
    """Price everything, by flow where that can be, else by ascent."""
    by_flow = price_by_flow(priced, hubs)
    if by_flow is not None:
        return by_flow
    choices = whole_list(priced)
    prices = find_prices(priced, choices, start=start, go_on=go_on).prices
    return FlowStart(prices, np.full(len(hubs.order), LEFT_OUT))


def value_of_rows(hubs: FixedHubs, prices: Prices) -> Floats:
    """Give the value of what each row uses when ready on each day, (M, D). [USD]"""
    paid = day_prices(prices)
    value: Floats = hubs.hours[:, None] * paid.hour_usd[hubs.group]
    tied = np.flatnonzero(hubs.site >= 0)
    value[tied] += hubs.energy_wh[tied, None] * paid.energy_usd[hubs.site[tied]]
    drawn = np.flatnonzero(hubs.stock >= 0)
    value[drawn] += (hubs.stock_g[drawn] * paid.stock_usd[hubs.stock[drawn]])[:, None]
    return value


def first_plan(hubs: FixedHubs, found: FlowStart) -> Picks:
    """Fill a plan at given prices, beginning with what the flow sends as a whole."""
    picks = no_picks(hubs)
    value = value_of_rows(hubs, found.prices)
    if (np.diff(hubs.first_way) == 1).all():
        component = np.repeat(np.arange(len(hubs.order)), np.diff(hubs.first))
        work = np.bincount(component, hubs.hours, minlength=len(hubs.order))
        sequence = np.argsort(-work, kind="stable")
        start_from(hubs, picks, value, found.row, sequence)
        return picks
    hub_usd = found.prices.hub_usd
    way_value = hubs.way_cost.copy()
    at_hub = np.flatnonzero(hubs.way_hub >= 0)
    way_order = np.repeat(np.arange(len(hubs.leave_out)), np.diff(hubs.first_way))
    way_value[at_hub] += (
        hub_usd[hubs.way_hub[at_hub], hubs.way_day[at_hub]]
        * hubs.assembly_hours[way_order[at_hub]]
    )
    fill(hubs, picks, value, np.arange(len(hubs.leave_out)), way_value)
    return picks
