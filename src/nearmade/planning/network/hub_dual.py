"""The bound at given prices and where it rises: one pass over a list of choices.

The bound is a minimum over choices, so it has edges, and ascent on edges creeps. With a
smoothing ``eta`` each minimum becomes ``-eta log sum exp(-cost / eta)``: below the
minimum by ``eta log n`` at most, with a slope everywhere. The slope is use less
capacity, where use counts every choice by its weight in the sum.

References
----------
Y. Nesterov, "Smooth minimization of non-smooth functions", Mathematical Programming 103
(2005), doi:10.1007/s10107-004-0552-5.
"""

from __future__ import annotations

from math import exp, log
from typing import NamedTuple

import numpy as np

from nearmade.planning.network.hub_list import ChoiceList
from nearmade.planning.network.plan import Prices
from nearmade.planning.network.problem import Floats, Floats32, Ints
from nearmade.vocabulary.compiled import compiled

#: Choices dearer than the best by this many times the smoothing weigh nothing.
CUT = 12.0
LEAST_WEIGHT = 1e-6


class FlatPrices(NamedTuple):
    """Prices, or use, by flat index; a zero at the end stands for what uses nothing.

    ``hour`` counts group times days plus ready day, ``energy`` alike by site, ``hub``
    hub times days plus day. Prices of hours and energy are summed over the days from
    the ready day on.
    """

    hour: Floats
    energy: Floats
    stock: Floats
    hub: Floats


class Values(NamedTuple):
    """Value, or weight, of every row, cell and entry of a list of choices."""

    row: Floats
    cell: Floats
    entry: Floats32


def flat_prices(prices: Prices) -> FlatPrices:
    """Sum prices over the days that a use on each day draws on, and lay them flat."""
    return FlatPrices(
        np.append(np.cumsum(prices.hour_usd[:, ::-1], axis=1)[:, ::-1], 0.0),
        np.append(np.cumsum(prices.energy_usd[:, ::-1], axis=1)[:, ::-1], 0.0),
        np.append(prices.stock_usd, 0.0),
        np.append(prices.hub_usd, 0.0),
    )


def room_for(choices: ChoiceList) -> Values:
    """Give room for the values of a list."""
    return Values(
        np.empty(choices.row_cost.size),
        np.empty(choices.first_entry.size - 1),
        np.empty(choices.cost.size, np.float32),
    )


def _scarce_cost(choices: ChoiceList, prices: FlatPrices) -> Floats32:
    """Give what each entry's energy and stock cost; empty where none is scarce."""
    if not choices.energy_at.size:
        return choices.energy_wh
    cost = choices.energy_wh * prices.energy[choices.energy_at]
    cost += choices.stock_g * prices.stock[choices.stock_at]
    return cost.astype(np.float32)


def value_list(choices: ChoiceList, prices: FlatPrices, values: Values) -> float:
    """Value every choice at the prices, and add up the orders' least costs."""
    extra = _scarce_cost(choices, prices)
    entries = (choices.cost, choices.hours, choices.hour_at, prices.hour, extra)
    _value_cells(choices.first_entry, *entries, values.entry, values.cell)
    return _value_rows(
        choices.first_row,
        choices.first_cell,
        choices.row_cost,
        choices.hub_at,
        prices.hub,
        choices.assembly_hours,
        choices.leave_out,
        values.cell,
        values.row,
    )


def soft_pass(
    choices: ChoiceList, prices: FlatPrices, eta: float, weights: Values
) -> tuple[float, FlatPrices]:
    """Add up the orders' smoothed least costs, and what their choices use."""
    use = FlatPrices(*[np.zeros_like(part) for part in prices])
    extra = _scarce_cost(choices, prices)
    entries = (choices.cost, choices.hours, choices.hour_at, prices.hour, extra)
    _weigh_cells(choices.first_entry, *entries, eta, weights.entry, weights.cell)
    total = _weigh_rows(
        choices.first_row,
        choices.first_cell,
        choices.row_cost,
        choices.hub_at,
        prices.hub,
        choices.assembly_hours,
        choices.leave_out,
        weights.cell,
        eta,
        weights.row,
        use.hub,
    )
    rows = (choices.first_cell, choices.first_entry, weights.row, weights.entry)
    _add_use(*rows, choices.hours, choices.hour_at, use.hour)
    if choices.energy_at.size:
        _add_use(*rows, choices.energy_wh, choices.energy_at, use.energy)
        _add_use(*rows, choices.stock_g, choices.stock_at, use.stock)
    return total, use


@compiled
def _value_cells(
    first_entry: Ints,
    cost: Floats32,
    hours: Floats32,
    hour_at: Ints,
    hour_price: Floats,
    extra: Floats32,
    entry_value: Floats32,
    cell_value: Floats,
) -> None:
    """Value each entry; a cell is worth its least."""
    limited = len(extra) > 0
    for cell in range(len(first_entry) - 1):
        best = np.inf
        for e in range(first_entry[cell], first_entry[cell + 1]):
            priced = cost[e] + hours[e] * hour_price[hour_at[e]]
            if limited:
                priced += extra[e]
            entry_value[e] = priced
            if priced < best:
                best = priced
        cell_value[cell] = best


@compiled
def _value_rows(
    first_row: Ints,
    first_cell: Ints,
    row_cost: Floats,
    hub_at: Ints,
    hub_price: Floats,
    assembly_hours: Floats,
    leave_out: Floats,
    cell_value: Floats,
    row_value: Floats,
) -> float:
    """Value each row, and add up the orders' least."""
    total = 0.0
    for order in range(len(first_row) - 1):
        best = leave_out[order]
        for row in range(first_row[order], first_row[order + 1]):
            value = row_cost[row] + assembly_hours[order] * hub_price[hub_at[row]]
            for cell in range(first_cell[row], first_cell[row + 1]):
                value += cell_value[cell]
            row_value[row] = value
            best = min(best, value)
        total += best
    return total


@compiled
def _weigh_cells(
    first_entry: Ints,
    cost: Floats32,
    hours: Floats32,
    hour_at: Ints,
    hour_price: Floats,
    extra: Floats32,
    eta: float,
    weight: Floats32,
    cell_value: Floats,
) -> None:
    """Give each cell's soft minimum, and the weights of its entries."""
    limited = len(extra) > 0
    for cell in range(len(first_entry) - 1):
        begin, end = first_entry[cell], first_entry[cell + 1]
        best = np.inf
        for e in range(begin, end):
            priced = cost[e] + hours[e] * hour_price[hour_at[e]]
            if limited:
                priced += extra[e]
            weight[e] = priced
            if weight[e] < best:
                best = weight[e]
        total = 0.0
        for e in range(begin, end):
            rise = (weight[e] - best) / eta
            share = exp(-rise) if rise < CUT else 0.0
            weight[e] = share
            total += share
        for e in range(begin, end):
            weight[e] /= total
        cell_value[cell] = best - eta * log(total) if end > begin else np.inf


@compiled
def _weigh_rows(
    first_row: Ints,
    first_cell: Ints,
    row_cost: Floats,
    hub_at: Ints,
    hub_price: Floats,
    assembly_hours: Floats,
    leave_out: Floats,
    cell_value: Floats,
    eta: float,
    weight: Floats,
    hub_use: Floats,
) -> float:
    """Add up the orders' soft minima, weigh their rows, and add what hubs are used."""
    added = 0.0
    for order in range(len(first_row) - 1):
        best = leave_out[order]
        for row in range(first_row[order], first_row[order + 1]):
            value = row_cost[row] + assembly_hours[order] * hub_price[hub_at[row]]
            for cell in range(first_cell[row], first_cell[row + 1]):
                value += cell_value[cell]
            weight[row] = value
            best = min(best, value)
        rise = (leave_out[order] - best) / eta
        total = exp(-rise) if rise < CUT else 0.0
        for row in range(first_row[order], first_row[order + 1]):
            rise = (weight[row] - best) / eta
            weight[row] = exp(-rise) if rise < CUT else 0.0
            total += weight[row]
        for row in range(first_row[order], first_row[order + 1]):
            weight[row] /= total
            hub_use[hub_at[row]] += weight[row] * assembly_hours[order]
        added += best - eta * log(total)
    return added


@compiled
def _add_use(
    first_cell: Ints,
    first_entry: Ints,
    row_weight: Floats,
    weight: Floats32,
    amount: Floats32,
    at: Ints,
    use: Floats,
) -> None:
    """Add what the entries use of one resource, by their weights."""
    for row in range(len(first_cell) - 1):
        share = row_weight[row]
        if share > LEAST_WEIGHT:
            begin, end = first_entry[first_cell[row]], first_entry[first_cell[row + 1]]
            for e in range(begin, end):
                use[at[e]] += share * weight[e] * amount[e]
