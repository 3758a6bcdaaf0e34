"""Electricity whose carbon and price change from day to day.

A site may tell for each day what a kilowatt-hour emits, and what it costs. What a
component's machine draws counts at the figures of the day on which the component is
ready. That day follows from the way and the leg, so each way then has a slot of its
own, and the slot's leg carries what the day adds to the site's best one.

Where no site's figures change, nothing is laid out anew: the problem is as large as
without them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from nearmade.planning.network.problem import (
    NO_LEG,
    Candidates,
    Floats,
    Floats32,
    Ints,
    NetworkProblem,
    Slots,
)
from nearmade.planning.network.tables import Network
from nearmade.vocabulary.errors import InvalidInput

WH_PER_KWH: Final = 1000.0
#: Entries of candidates and ways that are laid out at most; each takes 22 bytes.
MOST_ENTRIES: Final = 100_000_000


def with_electricity(problem: NetworkProblem, network: Network) -> NetworkProblem:
    """Add what electricity emits and costs by day, where sites tell it.

    Raises
    ------
    InvalidInput
        When there are too many candidates and ways to tell them apart by day.
    """
    told = (network.site_gco2e_per_kwh, network.site_usd_per_kwh)
    shape = problem.resources.site_energy_wh.shape
    grams, usd = (
        np.zeros(shape) if one is None else np.nan_to_num(one) for one in told
    )
    if not (grams.any() or usd.any()):
        return problem
    candidates = problem.candidates
    site = problem.resources.group_site[candidates.group]
    kwh = candidates.energy_wh / WH_PER_KWH
    best_grams, best_usd = grams.min(axis=1), usd.min(axis=1)
    candidates = replace(
        candidates,
        making_usd=candidates.making_usd + kwh * best_usd[site],
        making_gco2e=candidates.making_gco2e + kwh * best_grams[site],
    )
    problem = replace(problem, candidates=candidates)
    more_grams, more_usd = grams - best_grams[:, None], usd - best_usd[:, None]
    if not (more_grams[site].any() or more_usd[site].any()):
        return problem
    return _by_way(problem, site, more_grams, more_usd)


def _by_way(
    problem: NetworkProblem, site: Ints, more_grams: Floats, more_usd: Floats
) -> NetworkProblem:
    """Give each way a slot of its own, with what its day adds to each candidate."""
    orders, old = problem.orders, problem.candidates
    ways = np.diff(orders.first_way)
    slots = max(1, int(ways.max(initial=1)))
    rows, parts = len(old.group), len(old.first_candidate) - 1
    if rows * slots > MOST_ENTRIES:
        raise InvalidInput(
            f"network: {rows} candidates under up to {slots} ways are too many to "
            "count electricity by day",
            remedy="open fewer days or hubs to each order, or tell one figure a site",
        )
    order_of_part = np.repeat(np.arange(len(ways)), np.diff(orders.first_component))
    part_of_row = np.repeat(np.arange(parts), np.diff(old.first_candidate))
    order_of_row = order_of_part[part_of_row]
    kwh, last_day = old.energy_wh / WH_PER_KWH, more_grams.shape[1] - 1
    new = _room_for(old, slots)
    assert new.power_usd is not None
    assert new.power_gco2e is not None
    for slot in range(slots):
        row = np.flatnonzero(ways[order_of_row] > slot)
        way = orders.first_way[order_of_row[row]] + slot
        was = orders.way_slot[way].astype(np.intp)
        lead = old.leg_days[row, was]
        ready = np.minimum(orders.way_day[way].astype(np.int64) - 1 - lead, last_day)
        had = (lead != NO_LEG) & (ready >= 0)
        day, at = np.maximum(ready, 0), site[row]
        usd = np.where(had, kwh[row] * more_usd[at, day], 0.0)
        grams = np.where(had, kwh[row] * more_grams[at, day], 0.0)
        new.power_usd[row, slot], new.power_gco2e[row, slot] = usd, grams
        new.leg_usd[row, slot] = old.leg_usd[row, was] + usd
        new.leg_gco2e[row, slot] = old.leg_gco2e[row, was] + grams
        new.leg_days[row, slot] = lead
        part = np.flatnonzero(ways[order_of_part] > slot)
        was = orders.way_slot[orders.first_way[order_of_part[part]] + slot].astype(int)
        new.central_usd[part, slot] = old.central_usd[part, was]
        new.central_gco2e[part, slot] = old.central_gco2e[part, was]
        new.central_days[part, slot] = old.central_days[part, was]
    number = np.arange(len(orders.way_day)) - np.repeat(orders.first_way[:-1], ways)
    way_slot: Slots = number.astype(np.int16)
    if slots <= np.iinfo(np.int8).max:
        way_slot = number.astype(np.int8)
    return replace(problem, orders=replace(orders, way_slot=way_slot), candidates=new)


def _room_for(old: Candidates, slots: int) -> Candidates:
    """Give candidates without any leg, with room for so many slots."""
    rows, parts = (len(old.group), slots), (len(old.first_candidate) - 1, slots)
    return replace(
        old,
        leg_usd=np.zeros(rows, np.float32),
        leg_gco2e=np.zeros(rows, np.float32),
        leg_days=np.full(rows, NO_LEG, np.int16),
        central_usd=np.full(parts, np.inf),
        central_gco2e=np.zeros(parts),
        central_days=np.zeros(parts, np.int16),
        power_usd=np.zeros(rows, np.float32),
        power_gco2e=np.zeros(rows, np.float32),
    )


def carriage_usd(candidates: Candidates) -> Floats32:
    """Give what carriage alone costs, without what a day's electricity adds. [USD]"""
    if candidates.power_usd is None:
        return candidates.leg_usd
    return candidates.leg_usd - candidates.power_usd
