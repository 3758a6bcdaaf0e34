"""Turn a network and its orders into the choice problem: ways, legs, price breaks."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from nearmade.planning.network.electricity import with_electricity
from nearmade.planning.network.legs import component_legs, last_legs
from nearmade.planning.network.problem import (
    Candidates,
    Days,
    Floats,
    Ints,
    NetworkProblem,
    Orders,
    Resources,
)
from nearmade.planning.network.tables import Network, OrderBook
from nearmade.vocabulary.compiled import compiled

_Numbers = TypeVar("_Numbers", Floats, Days)

#: Days of assembly past the last day of making, where no hub tells them.
DAYS_AFTER = 8


def build_problem(network: Network, book: OrderBook) -> NetworkProblem:
    """Give the choice problem of a network and its orders.

    Every order may be assembled at each of its hubs, from ``early_days`` before to
    ``late_days`` after the last day that still reaches the customer in time.

    Raises
    ------
    InvalidInput
        When there are too many candidates and ways to count electricity by day.
    """
    resources = Resources(
        network.group_site,
        network.group_hours,
        network.site_energy_wh,
        network.stock_g,
        network.hub_hours,
    )
    problem = NetworkProblem(
        resources, _orders(network, book), _candidates(network, book)
    )
    return with_electricity(problem, network)


def _orders(network: Network, book: OrderBook) -> Orders:
    last_usd, last_gco2e, last_days = last_legs(network, book)
    hubs = np.diff(book.first_hub)
    order_of = np.repeat(np.arange(len(book.order_id)), hubs)
    straight = book.hub < 0
    # Straight to the customer, the components' own legs are the last ones: what is
    # there by the end of the day before is delivered on that day.
    last_days = np.where(straight, -1, last_days)
    end = _assembly_days(network) - 1
    in_time = book.due_day[order_of].astype(np.int64) - last_days
    first = np.clip(in_time - book.early_days, 1, end)
    last = np.clip(np.maximum(in_time, 1) + book.late_days, 1, end)
    counts = last - first + 1
    entry = np.repeat(np.arange(len(book.hub)), counts)
    starts = np.concatenate([[0], np.cumsum(counts)])
    day = first[entry] + np.arange(len(entry)) - starts[entry]
    hourly = np.zeros(len(book.hub))
    hourly[~straight] = network.hub_usd_per_hour[book.hub[~straight]]
    usd = last_usd + hourly * book.assembly_hours[order_of]
    return Orders(
        first_component=book.first_component,
        first_way=starts[book.first_hub].astype(np.int32),
        assembly_hours=book.assembly_hours,
        due_day=book.due_day,
        leave_out_usd=book.leave_out_usd,
        way_hub=book.hub[entry].astype(np.int32),
        way_slot=(entry - book.first_hub[order_of[entry]]).astype(np.int8),
        way_day=day.astype(np.int16),
        way_delivered_day=(day + last_days[entry]).astype(np.int16),
        way_usd=np.where(straight, 0.0, usd)[entry],
        way_gco2e=np.where(straight, 0.0, last_gco2e)[entry],
    )


def _assembly_days(network: Network) -> int:
    days: int = network.hub_hours.shape[1]
    return days or network.group_hours.shape[1] + DAYS_AFTER


def _candidates(network: Network, book: OrderBook) -> Candidates:
    leg_usd, leg_gco2e, leg_days = component_legs(network, book)
    slots = leg_usd.shape[1]
    counts = np.diff(book.first_candidate)
    stock = _stock_of(network, book, counts)
    mass_g = np.repeat(book.component_mass_g, counts)
    kept = _price_after_breaks(network, book, counts)
    return Candidates(
        first_candidate=book.first_candidate,
        group=book.group,
        hours=book.hours,
        energy_wh=book.energy_wh,
        stock=stock,
        stock_g=np.where(stock >= 0, mass_g, 0.0),
        making_usd=kept,
        making_gco2e=book.gco2e,
        leg_usd=leg_usd,
        leg_gco2e=leg_gco2e,
        leg_days=leg_days,
        central_usd=_for_each_slot(book.central_usd, slots),
        central_gco2e=_for_each_slot(book.central_gco2e, slots),
        central_days=_for_each_slot(book.central_days, slots),
    )


def _for_each_slot(values: _Numbers, slots: int) -> _Numbers:
    return np.repeat(values[:, None], slots, axis=1)


def _stock_of(network: Network, book: OrderBook, counts: Ints) -> Ints:
    """Find the scarce stock that each candidate draws on, -1 where there is none."""
    if not len(network.stock_site):
        return np.full(len(book.group), -1, np.int32)
    materials = max(1, len(network.materials))
    keys = network.stock_site.astype(np.int64) * materials + network.stock_material
    order = np.argsort(keys, kind="stable")
    material = np.repeat(book.component_material, counts)
    wanted = network.group_site[book.group].astype(np.int64) * materials + material
    at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    found = (keys[order[at]] == wanted) & (material >= 0)
    return np.where(found, order[at], -1).astype(np.int32)


def _price_after_breaks(network: Network, book: OrderBook, counts: Ints) -> Floats:
    """Lower each price by the best break that the component's quantity reaches."""
    if not len(network.break_group):
        return book.usd
    order = np.argsort(network.break_group, kind="stable")
    first = np.searchsorted(
        network.break_group[order], np.arange(len(network.group_id) + 1)
    ).astype(np.int32)
    quantity = np.repeat(book.component_quantity, counts)
    return _break_prices(
        book.usd,
        book.group,
        quantity,
        first,
        network.break_quantity[order],
        network.break_fraction[order],
    )


@compiled
def _break_prices(
    usd: Floats,
    group: Ints,
    quantity: Ints,
    first: Ints,
    break_quantity: Ints,
    break_fraction: Floats,
) -> Floats:
    lowered = usd.copy()
    for k in range(len(usd)):
        best = 0.0
        for row in range(first[group[k]], first[group[k] + 1]):
            if quantity[k] >= break_quantity[row]:
                best = max(best, break_fraction[row])
        lowered[k] = usd[k] * (1.0 - best)
    return lowered
