"""The platform's open orders as a network and its orders, in the planner's own files.

What is committed to a site stays there: its hours are taken off the site's days. All
else is asked anew, at every site that can make it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean
from typing import Any, Final

from django.db.models import prefetch_related_objects

from nearmade.adapters.exchange import latest_rates
from nearmade.cloud.network.services import sites_near
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.quotes import ask_network
from nearmade.cloud.orders.records import place_from
from nearmade.cloud.plans.sites import (
    DAYS,
    SECONDS_PER_HOUR,
    group_id,
    has_hours,
    machine_of,
    open_hours,
    site_record,
)
from nearmade.cloud.shopfloor.models import Job
from nearmade.facilities.facility import Facility
from nearmade.impact.making import making_gco2e
from nearmade.logistics.carriers import ROAD
from nearmade.logistics.carry import SECONDS_PER_DAY, carry, no_way, packed_mass_g
from nearmade.logistics.distance import great_circle_km
from nearmade.logistics.leg import Leg
from nearmade.planning.network.network_record import SCHEMA as NETWORK_SCHEMA
from nearmade.planning.network.orders_record import SCHEMA as ORDERS_SCHEMA
from nearmade.planning.offers import NetworkQuote
from nearmade.planning.order_plan import MakeOption
from nearmade.planning.shares import make_options
from nearmade.planning.site_work import PlannedBuild
from nearmade.production.job import JobState
from nearmade.quoting.exchange import Rates, usd
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.money import Money
from nearmade.vocabulary.place import Place

#: Days on which things can still be put together, goods that travel long included.
ASSEMBLY_DAYS: Final = DAYS + 14
#: Days of assembly tried before and after the last one in time: rather late than never.
EARLY_DAYS: Final = 3
LATE_DAYS: Final = 14
#: The oldest open orders, so many, are planned at once.
MOST_ORDERS: Final = 400
#: Places of assembly open to each order, the nearest to its customer.
HUBS_OF_AN_ORDER: Final = 4
#: Sites asked to make each part: those with the least price and carriage, and the
#: nearest.
CANDIDATES_OF_A_PART: Final = 16
NEAREST_OF_A_PART: Final = 6
#: What an order that is left out counts, beyond its price. Assumed: nobody is left out
#: to save carriage. [USD]
LEFT_OUT_USD: Final = 1000.0
_DONE: Final = (
    JobState.CHECKED.value, JobState.FAILED.value, JobState.CANCELLED.value,
)  # fmt: skip
#: Jobs that a site has not taken yet may still go elsewhere.
_FREE: Final = (
    JobState.PLANNED.value, JobState.SLICED.value, JobState.OFFERED.value,
)  # fmt: skip
_OPEN: Final = (
    Order.State.ORDERED, Order.State.SCREENED, Order.State.IN_PRODUCTION,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenBook:
    """The open orders and who could make them, as the planner's records.

    Parameters
    ----------
    network, orders
        Records of ``planning.network``.
    titles
        By id of an order: what it is, for people.
    skipped
        Orders that nobody can be asked for, with the reason.
    """

    network: dict[str, Any]
    orders: dict[str, Any]
    titles: Mapping[str, str]
    skipped: Mapping[str, str]


def open_orders() -> list[Order]:
    """Give the orders of which nothing is committed yet, the oldest first."""
    taken = Job.objects.exclude(state__in=(*_FREE, *_DONE)).values("order_id")
    rows = Order.objects.filter(state__in=_OPEN).exclude(pk__in=taken)
    wanted = rows.select_related("instance__design_version").order_by("placed_at", "pk")
    return list(wanted[:MOST_ORDERS])


@dataclass(slots=True)
class _Desk:
    """What is gathered while orders are asked."""

    now: datetime
    rates: Rates
    ahead_h: Mapping[str, float]
    facilities: dict[str, Facility] = field(default_factory=dict)
    hubs: dict[str, float] = field(default_factory=dict)
    legs: dict[tuple[str, str], Leg] = field(default_factory=dict)
    draws_w: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def open_book(orders: Iterable[Order], *, now: datetime) -> OpenBook:
    """Ask the network for every open order."""
    desk = _Desk(now, latest_rates(), _hours_ahead())
    records: list[dict[str, Any]] = []
    titles: dict[str, str] = {}
    skipped: dict[str, str] = {}
    for order in orders:
        name = str(order.pk)
        titles[name] = order.instance.design_version.title
        try:
            records.append(_order_record(order, desk))
        except InvalidInput as error:
            skipped[name] = error.message
    return OpenBook(
        _network_record(desk, records),
        {
            "schema": ORDERS_SCHEMA,
            "early_days": EARLY_DAYS,
            "late_days": LATE_DAYS,
            "orders": records,
        },
        titles,
        skipped,
    )


def _hours_ahead() -> dict[str, float]:
    """Give the machine hours that sites have taken on, by site. [h]"""
    ahead: dict[str, float] = defaultdict(float)
    jobs = Job.objects.exclude(state__in=(*_FREE, *_DONE))
    for site_id, figures in jobs.values_list("site_id", "figures"):
        time_s = float((figures or {}).get("time_s", SECONDS_PER_HOUR))
        ahead[site_id] += time_s / SECONDS_PER_HOUR
    return ahead


def _order_record(order: Order, desk: _Desk) -> dict[str, Any]:
    place = place_from(order.place)
    prefetch_related_objects([order.instance], "parts__slices")
    sites = list(sites_near(place))
    quote = ask_network(
        order.instance, place, sites, desk.rates, order.deliver, desk.now
    )
    if quote.wish is None or quote.uncovered or not quote.shares:
        lacking = ", ".join(map(str, quote.uncovered)) or "the order"
        raise InvalidInput(f"no site of the network can make {lacking} now")
    hubs = _hubs(quote, place, desk)
    if not hubs:
        raise InvalidInput("no site of the network brings its parts together now")
    days = (order.promised_at - desk.now).total_seconds() / SECONDS_PER_DAY
    return {
        "id": str(order.pk),
        "lat_deg": place.lat_deg,
        "lon_deg": place.lon_deg,
        "due_day": max(0, min(ASSEMBLY_DAYS - 1, int(days))),
        "assembly_hours": round(quote.wish.assembly_s / SECONDS_PER_HOUR, 6),
        "leave_out_usd": LEFT_OUT_USD + order.price_minor / 100,
        "hubs": hubs,
        "components": _components(quote, place, hubs, desk),
    }


def _hubs(quote: NetworkQuote, place: Place, desk: _Desk) -> list[str]:
    """Name the nearest sites where the parts can come together."""
    assert quote.wish is not None
    able = [
        share.facility
        for share in quote.shares
        if not quote.wish.unfinished_by(share.facility)
    ]
    able.sort(key=lambda each: (great_circle_km(each.place, place), each.id))
    chosen = able[:HUBS_OF_AN_ORDER]
    for facility in chosen:
        desk.facilities[facility.id] = facility
        tariff = facility.tariff
        hour = Money.of(
            tariff.labour_hour * (1 + tariff.margin_fraction), tariff.currency
        )
        desk.hubs[facility.id] = usd(hour, desk.rates)
    return [str(facility.id) for facility in chosen]


@dataclass(frozen=True, slots=True)
class _Bid:
    """What one site says to one part: its price and the way to the customer."""

    facility: Facility
    option: MakeOption
    build: PlannedBuild
    leg: Leg

    @property
    def usd(self) -> float:
        return self.option.price_usd + self.leg.price_usd.value


def _bids(quote: NetworkQuote, place: Place) -> dict[str, list[_Bid]]:
    assert quote.wish is not None
    asked: dict[str, list[_Bid]] = defaultdict(list)
    for share in quote.shares:
        options = make_options(share, quote.wish)
        for option, build in zip(options, share.work.builds, strict=True):
            mass_g = packed_mass_g(build.estimate.mass_g.value)
            leg = carry(share.facility.place, place, mass_g)
            asked[str(build.part)].append(_Bid(share.facility, option, build, leg))
    return asked


def _chosen(bids: list[_Bid]) -> list[_Bid]:
    """Take the least dear with carriage, and the nearest."""
    near = sorted(bids, key=lambda bid: (bid.leg.distance_km, bid.facility.id))
    dear = sorted(bids, key=lambda bid: (bid.usd, bid.facility.id))
    found = {bid.facility.id: bid for bid in (*near[:NEAREST_OF_A_PART], *dear)}
    return list(found.values())[:CANDIDATES_OF_A_PART]


def _components(
    quote: NetworkQuote, place: Place, hubs: list[str], desk: _Desk
) -> list[dict[str, Any]]:
    records = []
    for part, bids in _bids(quote, place).items():
        chosen = _chosen(bids)
        first = chosen[0].build
        candidates: dict[str, list[Any]] = defaultdict(list)
        for bid in chosen:
            facility, build, option = bid.facility, bid.build, bid.option
            desk.facilities[facility.id] = facility
            for hub in hubs:
                _note_leg(facility, hub, bid.leg.mass_g, desk)
            machine = machine_of(facility, build.machine_ids[0])
            figures = build.estimate
            candidates["groups"].append(group_id(facility, machine))
            candidates["hours"].append(
                round(figures.time_s.value / SECONDS_PER_HOUR, 6)
            )
            candidates["energy_wh"].append(round(figures.energy_wh.value, 3))
            candidates["usd"].append(round(option.price_usd, 6))
            candidates["gco2e"].append(round(_making_gco2e(bid, desk.now), 3))
            if figures.time_s.value > 0:
                hours = figures.time_s.value / SECONDS_PER_HOUR
                desk.draws_w[facility.id].append(figures.energy_wh.value / hours)
        records.append(
            {
                "id": part,
                "material": first.material,
                "mass_g": round(first.estimate.mass_g.value, 3),
                "quantity": first.quantity,
                "candidates": dict(candidates),
            }
        )
    return records


def _making_gco2e(bid: _Bid, now: datetime) -> float:
    """Give what making emits; without electricity where the site tells it by day."""
    if not has_hours(bid.facility, now):
        return bid.option.making_gco2e
    country = bid.facility.place.country
    mass_g = bid.build.estimate.mass_g.value
    return making_gco2e(bid.build.material, mass_g, 0.0, country, solar=False)


def _network_record(desk: _Desk, orders: list[dict[str, Any]]) -> dict[str, Any]:
    materials = {
        lot.material for each in desk.facilities.values() for lot in each.feedstocks
    }
    materials |= {part["material"] for one in orders for part in one["components"]}
    sites = [
        site_record(
            each,
            materials,
            desk.ahead_h.get(each.id, 0.0),
            desk.now,
            fmean(desk.draws_w[each.id]) if each.id in desk.draws_w else 0.0,
        )
        for each in desk.facilities.values()
    ]
    hubs = [
        {
            "id": site_id,
            "name": desk.facilities[site_id].name,
            "lat_deg": desk.facilities[site_id].place.lat_deg,
            "lon_deg": desk.facilities[site_id].place.lon_deg,
            "hours": open_hours(desk.facilities[site_id], desk.now, ASSEMBLY_DAYS),
            "usd_per_hour": round(hour_usd, 6),
        }
        for site_id, hour_usd in desk.hubs.items()
    ]
    return {
        "schema": NETWORK_SCHEMA,
        "note": "open orders of the platform",
        "days": DAYS,
        "first_day": desk.now.date().isoformat(),
        "assembly_days": ASSEMBLY_DAYS,
        "materials": sorted(materials),
        "sites": sites,
        "hubs": hubs,
        "leg_rule": {
            "usd_each": ROAD.base_usd.value,
            "usd_per_km": ROAD.usd_per_km.value,
            "usd_per_kg_km": 0.0,
            "km_per_day": ROAD.km_per_day.value,
        },
        "legs": _leg_records(desk),
    }


def _note_leg(facility: Facility, hub: str, mass_g: float, desk: _Desk) -> None:
    """Remember the way from a site to a hub; what is made there does not travel."""
    known = desk.legs.get((str(facility.id), hub))
    if known is None or known.mass_g < mass_g:
        there = desk.facilities[hub].place
        here = facility.place
        same = str(facility.id) == hub
        leg = no_way(here, mass_g) if same else carry(here, there, mass_g)
        desk.legs[str(facility.id), hub] = leg


def _leg_records(desk: _Desk) -> list[dict[str, Any]]:
    return [
        {
            "site": site_id,
            "hub": hub,
            "usd": round(leg.price_usd.value, 6),
            "gco2e": round(leg.freight_gco2e.value, 6),
            "days": math.ceil(leg.time_s.value / SECONDS_PER_DAY),
        }
        for (site_id, hub), leg in desk.legs.items()
    ]
