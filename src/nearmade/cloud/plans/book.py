"""The platform's open orders as a network and its orders, in the planner's own files.

What is committed to a site stays there: its hours are taken off the site's days. All
else is asked anew, at every site that can make it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import prefetch_related_objects
from django.utils.text import slugify

from nearmade.adapters.exchange import latest_rates
from nearmade.cloud.network.services import sites_near
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.quotes import ask_network
from nearmade.cloud.orders.records import place_from
from nearmade.cloud.shopfloor.models import Job
from nearmade.facilities.facility import Facility, Machine
from nearmade.logistics.carriers import ROAD
from nearmade.logistics.distance import great_circle_km
from nearmade.planning.network.network_record import SCHEMA as NETWORK_SCHEMA
from nearmade.planning.network.orders_record import SCHEMA as ORDERS_SCHEMA
from nearmade.planning.offers import NetworkQuote
from nearmade.planning.shares import Share, make_options
from nearmade.production.job import JobState
from nearmade.quoting.exchange import Rates, usd
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import MachineId
from nearmade.vocabulary.money import Money
from nearmade.vocabulary.place import Place

#: Days that are planned.
DAYS: Final = 14
#: Days on which things can still be put together, goods that travel long included.
ASSEMBLY_DAYS: Final = DAYS + 14
#: Days of assembly tried before and after the last one in time: rather late than never.
EARLY_DAYS: Final = 3
LATE_DAYS: Final = 14
#: The oldest open orders, so many, are planned at once.
MOST_ORDERS: Final = 400
#: Places of assembly open to each order, the nearest to its customer.
HUBS_OF_AN_ORDER: Final = 4
#: Sites asked to make each part, the cheapest first.
CANDIDATES_OF_A_PART: Final = 16
#: What an order that is left out counts, beyond its price. Assumed: nobody is left out
#: to save carriage. [USD]
LEFT_OUT_USD: Final = 1000.0
#: Full sun a day that a panel gives its rated power for. Assumed: between the winter of
#: Lyon (about 2 h) and the tropics (about 5 h). [h]
SUN_H: Final = 4.0
SECONDS_PER_HOUR: Final = 3600.0
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
        _network_record(desk),
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
    days = (order.promised_at - desk.now).total_seconds() / 86_400
    return {
        "id": str(order.pk),
        "lat_deg": place.lat_deg,
        "lon_deg": place.lon_deg,
        "due_day": max(0, min(ASSEMBLY_DAYS - 1, int(days))),
        "assembly_hours": round(quote.wish.assembly_s / SECONDS_PER_HOUR, 6),
        "leave_out_usd": LEFT_OUT_USD + order.price_minor / 100,
        "hubs": hubs,
        "components": _components(quote, desk),
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


def _components(quote: NetworkQuote, desk: _Desk) -> list[dict[str, Any]]:
    assert quote.wish is not None
    asked: dict[str, list[tuple[float, Share, Any, Any]]] = defaultdict(list)
    for share in quote.shares:
        options = make_options(share, quote.wish)
        for option, build in zip(options, share.work.builds, strict=True):
            asked[str(build.part)].append((option.price_usd, share, option, build))
    records = []
    for part, several in asked.items():
        several.sort(key=lambda one: (one[0], one[1].facility.id))
        chosen = several[:CANDIDATES_OF_A_PART]
        first = chosen[0][3]
        candidates: dict[str, list[Any]] = defaultdict(list)
        for price_usd, share, option, build in chosen:
            facility = share.facility
            desk.facilities[facility.id] = facility
            machine = _machine(facility, build.machine_ids[0])
            figures = build.estimate
            candidates["groups"].append(group_id(facility, machine))
            candidates["hours"].append(
                round(figures.time_s.value / SECONDS_PER_HOUR, 6)
            )
            candidates["energy_wh"].append(round(figures.energy_wh.value, 3))
            candidates["usd"].append(round(price_usd, 6))
            candidates["gco2e"].append(round(option.making_gco2e, 3))
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


def _machine(facility: Facility, machine_id: MachineId) -> Machine:
    return next(each for each in facility.machines if each.id == machine_id)


def group_id(facility: Facility, machine: Machine) -> str:
    """Name like machines of a site: they share their hours."""
    return f"{facility.id}/{slugify(machine.make_model) or 'machine'}"


def _network_record(desk: _Desk) -> dict[str, Any]:
    materials = {
        lot.material for each in desk.facilities.values() for lot in each.feedstocks
    }
    sites = [_site_record(each, desk) for each in desk.facilities.values()]
    hubs = [
        {
            "id": site_id,
            "name": desk.facilities[site_id].name,
            "lat_deg": desk.facilities[site_id].place.lat_deg,
            "lon_deg": desk.facilities[site_id].place.lon_deg,
            "hours": _open_hours(desk.facilities[site_id], desk.now, ASSEMBLY_DAYS),
            "usd_per_hour": round(hour_usd, 6),
        }
        for site_id, hour_usd in desk.hubs.items()
    ]
    return {
        "schema": NETWORK_SCHEMA,
        "note": "open orders of the platform",
        "days": DAYS,
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
        "legs": _own_legs(desk),
    }


def _own_legs(desk: _Desk) -> list[dict[str, Any]]:
    """What is put together where it was made does not travel."""
    return [
        {"site": site_id, "hub": site_id, "usd": 0.0, "gco2e": 0.0, "days": 0}
        for site_id in desk.hubs
    ]


def _site_record(facility: Facility, desk: _Desk) -> dict[str, Any]:
    hours = _open_hours(facility, desk.now, DAYS)
    groups: dict[str, list[Machine]] = defaultdict(list)
    for machine in facility.machines:
        if machine.status != "down":
            groups[group_id(facility, machine)].append(machine)
    machines = max(1, sum(map(len, groups.values())))
    ahead_h = desk.ahead_h.get(facility.id, 0.0) + facility.queue_s / SECONDS_PER_HOUR
    known = {name for each in desk.facilities.values() for name in _materials(each)}
    record: dict[str, Any] = {
        "id": str(facility.id),
        "name": facility.name,
        "lat_deg": facility.place.lat_deg,
        "lon_deg": facility.place.lon_deg,
        "stock": [
            {"material": name, "g": grams}
            for name, grams in _materials(facility).items()
        ],
        "groups": [
            {
                "id": name,
                "materials": sorted(known & set(_materials(facility))),
                "bed_mm": max(max(m.build_volume_mm) for m in same),
                "hours": _left(
                    [h * len(same) for h in hours], ahead_h * len(same) / machines
                ),
                "usd_per_hour": 0.0,
            }
            for name, same in groups.items()
        ],
    }
    if facility.power.kind == "solar":
        record["energy_wh"] = round(facility.power.pv_wp * SUN_H, 3)
    return record


def _materials(facility: Facility) -> dict[str, float]:
    """Give the largest lot of each material: an order takes its own from one. [g]"""
    lots: dict[str, float] = {}
    for lot in facility.feedstocks:
        lots[lot.material] = max(lots.get(lot.material, 0.0), lot.stock_g)
    return lots


def _open_hours(facility: Facility, now: datetime, days: int) -> list[float]:
    """Give the hours that a site is open on each day from today. [h]"""
    opening = facility.opening
    local = now + timedelta(hours=opening.utc_offset_h)
    found = []
    for number in range(days):
        day = (local + timedelta(days=number)).date()
        open_then = day.isoweekday() in opening.days and day not in facility.holidays
        start = opening.opens_hour
        if number == 0:
            start = max(start, local.hour + local.minute / 60)
        hours = max(0.0, opening.closes_hour - start) if open_then else 0.0
        found.append(round(hours, 6))
    return found


def _left(hours: list[float], ahead_h: float) -> list[float]:
    """Take promised work off the first days. [h]"""
    left = []
    for each in hours:
        taken = min(each, ahead_h)
        ahead_h -= taken
        left.append(round(each - taken, 6))
    return left
