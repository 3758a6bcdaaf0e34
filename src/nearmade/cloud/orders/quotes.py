"""Quotes near a place, as plain values that can be shown, stored and compared.

A quote is ``{"place", "deliver", "offers", "refusals", "rates_on"}``. An offer is::

    {"id": "site:lyon-lab" or "plan:1", "kind": "site" or "plan",
     "site_id", "site_name", "site_kind", "country", "lat_deg", "lon_deg",
     "demo", "live", "power": "grid" or "solar",
     "supply": "reported" (by the site), "record" or "" (its grid alone),
     "distance_km",
     "assignments": [{"part", "quantity", "site_id", "machine_id", "profile_id",
                      "material"}],
     "legs": [{"origin_site", "destination_site" (None: the customer), "mode",
               "distance_km", "mass_g", "price_usd", "days",
               "gco2e": {"value", "low", "high"}}],
     "price": {"total": "12.30 EUR", "currency", "total_minor", "low_minor",
               "high_minor", "total_usd", "high_usd",
               "items": [{"code", "title", "amount": "1.20 EUR"}]},
     "days", "gco2e", "energy_wh": each {"value", "low", "high"},
     "level": 0 (estimated) or 2 (sliced),
     "labels": ["cheapest", "soonest", "greenest", "knee"]}

A refusal is ``{"site_id", "site_name", "country", "lat_deg", "lon_deg", "demo",
"distance_km", "reasons": [{"rule", "message", "remedy"}]}``.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import prefetch_related_objects

from nearmade.adapters.exchange import latest_rates
from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.catalogue.records import facts_from
from nearmade.cloud.catalogue.services import load_version
from nearmade.cloud.catalogue.slicing import sliced_estimates
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import facility_of, is_live, sites_near
from nearmade.cloud.orders.histories import corrections_of
from nearmade.cloud.orders.models import Order
from nearmade.designs.licence import read_licence
from nearmade.facilities.facility import Facility
from nearmade.logistics.distance import great_circle_km
from nearmade.logistics.leg import Leg
from nearmade.matching.whole_need import hand_work_of
from nearmade.planning.offers import (
    NetworkQuote,
    PartDemand,
    PlannedBuild,
    SiteOffer,
    quote_network,
)
from nearmade.planning.order_plan import OrderPlan
from nearmade.planning.site_supply import with_current_report
from nearmade.quoting.exchange import Rates, convert
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import FacilityId, PartName
from nearmade.vocabulary.money import Money
from nearmade.vocabulary.place import Place

#: What a tonne of CO2e counts when plans are chosen. Assumed: about the price of
#: emission allowances in Europe and below most estimates of the damage. [USD/t]
CARBON_PRICE_USD_PER_T = 100.0
#: Plans aim at being there within this time. Assumed. [d]
PROMISE_DAYS = 14.0
WH_PER_KWH = 1000.0
SECONDS_PER_DAY = 86_400.0
#: What a job ahead counts until it is sliced. Assumed. [s]
UNSLICED_JOB_S = 3600.0
AHEAD = ("planned", "sliced", "offered", "committed", "starting", "printing")


def find_offer(quote: dict[str, Any], offer_id: str) -> dict[str, Any]:
    """Pick an offer of a quote by its id.

    Raises
    ------
    NotFound
        When the quote has no such offer (any more).
    """
    for offer in quote["offers"]:
        if offer["id"] == offer_id:
            found: dict[str, Any] = offer
            return found
    raise NotFound(
        f"offer {offer_id!r}: no longer open",
        remedy="ask for quotes again and take another",
    )


def quote_near(
    instance: Instance,
    place: Place,
    *,
    deliver: bool,
    now: datetime,
    without: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Price an instance at every capable site; nothing is stored or promised.

    Raises
    ------
    InvalidInput
        When a part cannot be estimated.
    """
    sites = {site.pk: site for site in sites_near(place) if site.pk not in without}
    rates = latest_rates()
    prefetch_related_objects([instance], "parts__slices")
    quote = ask_network(instance, place, list(sites.values()), rates, deliver, now)
    facilities = {offer.facility.id for offer in quote.offers}
    offers = [_offer_record(offer, sites, rates, now) for offer in quote.offers]
    spread = _widest(quote)
    quantities = {part.name: part.quantity for part in instance.parts.all()}
    for number, plan in enumerate(quote.plans, start=1):
        if len({made.facility_id for made in plan.made}) > 1:
            offers.append(_plan_record(number, plan, sites, spread, quantities, now))
    refused = (r for r in quote.refusals if r.facility_id not in facilities)
    return {
        "place": asdict(place),
        "deliver": deliver,
        "offers": sorted(offers, key=lambda offer: offer["price"]["total_usd"]),
        "refusals": [
            {
                **_site_record(sites[refusal.facility_id], place),
                "reasons": [asdict(reason) for reason in refusal.reasons],
            }
            for refusal in refused
        ],
        "rates_on": rates.date.isoformat(),
    }


def ask_network(
    instance: Instance,
    place: Place,
    sites: list[Site],
    rates: Rates,
    deliver: bool,
    now: datetime,
) -> NetworkQuote:
    """Ask sites what an instance costs at each, and shared between them.

    Raises
    ------
    InvalidInput
        When a part cannot be estimated.
    """
    design = load_version(instance.design_version).design
    processes = {part.name: part.tsdc for part in design.parts}
    demands = [
        PartDemand(
            name=PartName(part.name),
            title=part.title,
            quantity=part.quantity,
            materials=tuple(part.materials),
            process=processes[PartName(part.name)],
            facts=facts_from(part.facts),
            infill_fraction=part.infill_fraction,
            sliced=sliced_estimates(part),
        )
        for part in instance.parts.all()
    ]
    bought = [line for line in design.bom if line.kind == "bought"]
    ahead_s = _work_ahead_s()
    return quote_network(
        demands,
        sum((line.price_usd or 0.0) * line.quantity for line in bought),
        sum(line.mass_g * line.quantity for line in bought),
        design.assembly_minutes,
        [_as_it_is_now(site, ahead_s.get(site.pk, 0.0)) for site in sites],
        place,
        deliver=deliver,
        now=now,
        rates=rates,
        promise_days=PROMISE_DAYS,
        carbon_price_usd_per_t=CARBON_PRICE_USD_PER_T,
        commercial_use=read_licence(instance.design_version.licence).commercial_use,
        hands=hand_work_of(design),
        corrections=corrections_of(
            _facility(site, site.updated_at) for site in sites if not site.demo
        ),
    )


@lru_cache(maxsize=4096)
def _facility(site: Site, updated_at: datetime) -> Facility:
    return facility_of(site)


def _as_it_is_now(site: Site, ahead_s: float) -> Facility:
    """Give a site's facility with what its agent said and the work it has."""
    facility = _facility(site, site.updated_at)
    printers = (site.snapshot or {}).get("printers", [])
    down = {p["machine_id"] for p in printers if p.get("state") == "offline"}
    machines = tuple(
        replace(machine, status="down") if machine.id in down else machine
        for machine in facility.machines
    )
    queue_s = facility.queue_s + int(ahead_s / max(1, len(machines)))
    return replace(facility, machines=machines, queue_s=queue_s)


def _work_ahead_s() -> dict[str, float]:
    """Give the machine time already promised, by site. [s]"""
    ahead: dict[str, float] = {}
    jobs = Order.objects.filter(jobs__state__in=AHEAD).values_list(
        "jobs__site_id", "jobs__figures"
    )
    for site_id, figures in jobs:
        time_s = float((figures or {}).get("time_s", UNSLICED_JOB_S))
        ahead[site_id] = ahead.get(site_id, 0.0) + time_s
    return ahead


def _site_record(site: Site, place: Place) -> dict[str, Any]:
    here = Place(site.name, site.country, site.lat_deg, site.lon_deg)
    return {
        "site_id": site.pk,
        "site_name": site.name,
        "site_kind": site.kind,
        "country": site.country,
        "lat_deg": site.lat_deg,
        "lon_deg": site.lon_deg,
        "demo": site.demo,
        "distance_km": great_circle_km(here, place),
    }


def _leg_record(leg: Leg, origin: str, destination: str | None) -> dict[str, Any]:
    return {
        "origin_site": origin,
        "destination_site": destination,
        "mode": leg.mode,
        "distance_km": leg.distance_km,
        "mass_g": leg.mass_g,
        "price_usd": leg.price_usd.value,
        "days": leg.time_s.value / SECONDS_PER_DAY,
        "gco2e": leg.freight_gco2e.as_dict(),
    }


def _assignments(build: PlannedBuild, site_id: str) -> list[dict[str, Any]]:
    """Name the machines that make a part, and the copies that each has."""
    return [
        {
            "part": build.part,
            "quantity": quantity,
            "site_id": site_id,
            "machine_id": machine_id,
            "profile_id": build.profile_id,
            "material": build.material,
        }
        for machine_id, quantity in zip(build.machine_ids, build.copies, strict=True)
    ]


def _dollars(amount: float) -> Money:
    return Money.of(Decimal(repr(round(amount, 6))), "USD")


def _price_record(
    lines: list[tuple[str, str, Money]], low: Money, high: Money, usd: Estimate
) -> dict[str, Any]:
    total = Money.total((amount for _, _, amount in lines), low.currency)
    return {
        "total": str(total),
        "currency": total.currency,
        "total_minor": total.minor,
        "low_minor": min(low.minor, total.minor),
        "high_minor": max(high.minor, total.minor),
        "total_usd": usd.value,
        "high_usd": usd.high,
        "items": [
            {"code": code, "title": title, "amount": str(amount)}
            for code, title, amount in lines
        ],
    }


def _offer_record(
    offer: SiteOffer, sites: dict[str, Site], rates: Rates, now: datetime
) -> dict[str, Any]:
    site = sites[offer.facility.id]
    currency = offer.price.total.currency
    carriage = {
        end: convert(_dollars(getattr(offer.leg.price_usd, end)), currency, rates)
        for end in ("low", "value", "high")
    }
    lines = [(item.code, item.title, item.amount) for item in offer.price.items]
    if offer.leg.price_usd.high > 0:
        lines.append(("carriage", f"Carriage, {offer.leg.mode}", carriage["value"]))
    return {
        **_site_record(site, offer.leg.destination),
        "id": f"site:{site.pk}",
        "kind": "site",
        "live": is_live(site, now),
        "power": offer.facility.power.kind,
        "supply": _supply_kind(offer.facility, now),
        "assignments": [
            made for build in offer.builds for made in _assignments(build, site.pk)
        ],
        "legs": [_leg_record(offer.leg, site.pk, None)],
        "price": _price_record(
            lines,
            offer.price.low + carriage["low"],
            offer.price.high + carriage["high"],
            offer.total_usd,
        ),
        "days": offer.days.as_dict(),
        "gco2e": offer.gco2e.as_dict(),
        "energy_wh": offer.energy_kwh.times(WH_PER_KWH).as_dict(),
        "level": min(build.estimate.level for build in offer.builds),
        "labels": list(offer.labels),
    }


def _supply_kind(facility: Facility, now: datetime) -> str:
    """Say whose word the hours of a facility's electricity are; empty where none."""
    if facility.power.kind != "grid":
        return ""
    if with_current_report(facility, now).power.reported is not None:
        return "reported"
    return "record" if facility.power.pv_wp > 0 else ""


def _widest(quote: NetworkQuote) -> tuple[float, float]:
    """Give the widest relative interval of any site's price, for plans over several."""
    pairs = [
        (o.total_usd.low / o.total_usd.value, o.total_usd.high / o.total_usd.value)
        for o in quote.offers
        if o.total_usd.value > 0
    ]
    return (
        min((low for low, _ in pairs), default=0.8),
        max((high for _, high in pairs), default=1.25),
    )


def _plan_record(
    number: int,
    plan: OrderPlan,
    sites: dict[str, Site],
    spread: tuple[float, float],
    quantities: dict[str, int],
    now: datetime,
) -> dict[str, Any]:
    """Describe a plan over several sites in the currency of none: dollars."""
    hub: FacilityId = plan.assembly.facility_id
    site = sites[hub]
    last = plan.assembly.last_leg
    makers = {made.facility_id for made in plan.made}
    inbound = {m: plan.assembly.inbound[m] for m in sorted(makers - {hub})}
    carried = last.price_usd.value + sum(x.price_usd.value for x in inbound.values())
    whole = Estimate.within(plan.price_usd, *spread)
    carriage = _dollars(carried)
    making = _dollars(plan.price_usd) - carriage
    lines = [
        ("making", f"Making at {len(makers)} sites, bought parts, hands", making),
        ("carriage", f"Carriage, {len(inbound) + 1} legs", carriage),
    ]
    days = plan.ready_s / SECONDS_PER_DAY
    return {
        **_site_record(site, last.destination),
        "id": f"plan:{number}",
        "kind": "plan",
        "live": all(is_live(sites[maker], now) for maker in makers | {hub}),
        "power": "mixed",
        "assignments": [
            {
                "part": made.part,
                "quantity": quantities[made.part],
                "site_id": made.facility_id,
                "machine_id": made.machine_id,
                "profile_id": made.profile_id,
                "material": find_profile(made.profile_id).material,
            }
            for made in plan.made
        ],
        "legs": [_leg_record(leg, maker, hub) for maker, leg in inbound.items()]
        + [_leg_record(last, hub, None)],
        "price": _price_record(lines, _dollars(whole.low), _dollars(whole.high), whole),
        "days": Estimate.within(days, 1.0, 1.5).as_dict(),
        "gco2e": Estimate.within(plan.gco2e, *spread).as_dict(),
        "energy_wh": None,
        "level": 0,
        "labels": [],
    }


def profiles_worth_slicing(quote: dict[str, Any]) -> set[str]:
    """Name the profiles of the offers that people are likely to take."""
    return {
        made["profile_id"]
        for offer in quote["offers"]
        if offer["labels"]
        for made in offer["assignments"]
    }
