"""Legs of components from site to hub, and of orders from hub to customer."""

from __future__ import annotations

import math

import numpy as np

from nearmade.planning.network.problem import NO_LEG, Days, Floats, Floats32, Ints
from nearmade.planning.network.tables import NamedLegs, Network, OrderBook
from nearmade.vocabulary.compiled import compiled
from nearmade.vocabulary.place import EARTH_RADIUS_KM

#: Both ends of a leg shorter than this are one place. [km]
SAME_PLACE_KM = 0.1
GRAMS_PER_KG = 1000.0


def unit_vectors(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Put places on the unit sphere, shape (n, 3)."""
    lat_rad, lon_rad = np.radians(lat_deg), np.radians(lon_deg)
    return np.stack(
        [
            np.cos(lat_rad) * np.cos(lon_rad),
            np.cos(lat_rad) * np.sin(lon_rad),
            np.sin(lat_rad),
        ],
        axis=-1,
    )


@compiled
def _km(here: Floats, there: Floats) -> float:
    chord2 = 0.0
    for axis in range(3):
        chord2 += (here[axis] - there[axis]) ** 2
    return 2.0 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord2) / 2.0))


@compiled
def _leg_days(km: float, same_day_km: float, km_per_day: float) -> int:
    if km <= same_day_km or km_per_day == np.inf:
        return 0
    return int(min(math.ceil(km / km_per_day), NO_LEG - 1))


@compiled
def _fill_legs(
    first_component: Ints,
    first_candidate: Ints,
    candidate_site: Ints,
    component_mass_g: Floats,
    first_place: Ints,
    places: Floats,
    sites: Floats,
    rule: Floats,
    usd: Floats32,
    gco2e: Floats32,
    days: Days,
) -> None:
    for order in range(len(first_component) - 1):
        for component in range(first_component[order], first_component[order + 1]):
            kg = component_mass_g[component] / GRAMS_PER_KG
            for k in range(first_candidate[component], first_candidate[component + 1]):
                here = sites[candidate_site[k]]
                for place in range(first_place[order], first_place[order + 1]):
                    slot = place - first_place[order]
                    km = _km(here, places[place])
                    if km > SAME_PLACE_KM:
                        usd[k, slot] = rule[0] + (rule[1] + rule[2] * kg) * km
                        gco2e[k, slot] = rule[3] * kg * km
                    else:
                        usd[k, slot] = 0.0
                        gco2e[k, slot] = 0.0
                    days[k, slot] = _leg_days(km, rule[4], rule[5])


def _rule_figures(network: Network) -> Floats:
    rule = network.rule
    return np.array([getattr(rule, name) for name in rule.__slots__])


def slot_places(network: Network, book: OrderBook) -> Floats:
    """Give the place of every entry of ``book.hub``: the hub, or the customer."""
    customers = unit_vectors(book.order_lat_deg, book.order_lon_deg)
    places = np.repeat(customers, np.diff(book.first_hub), axis=0)
    hubs = unit_vectors(network.hub_lat_deg, network.hub_lon_deg)
    at_hub = book.hub >= 0
    places[at_hub] = hubs[book.hub[at_hub]]
    return np.ascontiguousarray(places)


def component_legs(
    network: Network, book: OrderBook
) -> tuple[Floats32, Floats32, Days]:
    """Give price, emissions and days of every candidate's leg to every slot's place.

    Returns
    -------
    Three arrays of shape (M, K); ``NO_LEG`` days where an order has no such slot.
    """
    slots = max(1, int(np.diff(book.first_hub).max(initial=1)))
    shape = (len(book.group), slots)
    usd, gco2e = np.full(shape, np.inf, np.float32), np.zeros(shape, np.float32)
    days = np.full(shape, NO_LEG, np.int16)
    candidate_site = network.group_site[book.group]
    _fill_legs(
        book.first_component,
        book.first_candidate,
        candidate_site,
        book.component_mass_g,
        book.first_hub,
        slot_places(network, book),
        unit_vectors(network.site_lat_deg, network.site_lon_deg),
        _rule_figures(network),
        usd,
        gco2e,
        days,
    )
    usd[days == NO_LEG] = 0.0
    if len(network.legs.site):
        _name_legs(
            network.legs, len(network.hub_id), book, candidate_site, usd, gco2e, days
        )
    return usd, gco2e, days


def _name_legs(
    legs: NamedLegs,
    hubs: int,
    book: OrderBook,
    candidate_site: Ints,
    usd: Floats32,
    gco2e: Floats32,
    days: Days,
) -> None:
    """Put named legs in the place of those by the rule."""
    order = np.argsort(legs.site.astype(np.int64) * hubs + legs.hub, kind="stable")
    keys = (legs.site.astype(np.int64) * hubs + legs.hub)[order]
    counts = np.diff(book.first_candidate)
    order_of = np.repeat(np.arange(len(book.order_id)), np.diff(book.first_component))
    candidate_order = np.repeat(order_of, counts)
    for slot in range(usd.shape[1]):
        there = book.first_hub[candidate_order] + slot
        open_slot = np.flatnonzero(there < book.first_hub[candidate_order + 1])
        hub = book.hub[there[open_slot]]
        wanted = candidate_site[open_slot].astype(np.int64) * hubs + hub
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        named = (keys[at] == wanted) & (hub >= 0)
        rows, leg = open_slot[named], order[at[named]]
        usd[rows, slot] = legs.usd[leg]
        gco2e[rows, slot] = legs.gco2e[leg]
        days[rows, slot] = legs.days[leg]


def last_legs(network: Network, book: OrderBook) -> tuple[Floats, Floats, Days]:
    """Give price, emissions and days from every order's hubs to its customer.

    Returns
    -------
    Three arrays along ``book.hub``; all zero where it goes straight.
    """
    rule = network.rule
    counts = np.diff(book.first_hub)
    customers = unit_vectors(book.order_lat_deg, book.order_lon_deg)
    gap = slot_places(network, book) - np.repeat(customers, counts, axis=0)
    chord = np.minimum(1.0, np.sqrt((gap**2).sum(axis=1)) / 2.0)
    km = 2.0 * EARTH_RADIUS_KM * np.arcsin(chord)
    sums = np.concatenate([[0.0], np.cumsum(book.component_mass_g)])
    mass_g = sums[book.first_component[1:]] - sums[book.first_component[:-1]]
    kg = np.repeat(mass_g / GRAMS_PER_KG, counts)
    usd = rule.usd_each + (rule.usd_per_km + rule.usd_per_kg_km * kg) * km
    usd[km <= SAME_PLACE_KM] = 0.0
    days = np.ceil(np.where(km <= rule.same_day_km, 0.0, km / rule.km_per_day))
    return usd, rule.gco2e_per_kg_km * kg * km, days.astype(np.int16)
