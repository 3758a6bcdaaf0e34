"""Ask a whole network what an order would cost: offers, refusals and plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.facilities.itinerary import at_its_stop
from nearmade.impact.making import making_gco2e as impact_making_gco2e
from nearmade.logistics.carry import SECONDS_PER_DAY, carry, packed_mass_g
from nearmade.logistics.distance import great_circle_km
from nearmade.logistics.leg import Leg
from nearmade.matching.match import match
from nearmade.matching.verdict import Match, Reason, Refusal, Requirement
from nearmade.matching.whole_need import HandWork
from nearmade.planning.earliest_finish import NoRoom
from nearmade.planning.labels import label_offers
from nearmade.planning.order_plan import OrderPlan
from nearmade.planning.shares import Share, plan_shares
from nearmade.planning.site_price import making_estimate, price_site
from nearmade.planning.site_supply import supply_of
from nearmade.planning.site_work import (
    Estimator,
    PartDemand,
    PlannedBuild,
    SiteWork,
)
from nearmade.planning.wish import OrderWish
from nearmade.quoting.build_estimate import Price
from nearmade.quoting.exchange import Rates, usd
from nearmade.quoting.learned import Correction
from nearmade.quoting.profile import Profile
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import FacilityId, MachineId, PartName, ProfileId
from nearmade.vocabulary.place import Place

__all__ = ["NetworkQuote", "PartDemand", "PlannedBuild", "SiteOffer", "quote_network"]

WH_PER_KWH: Final = 1000.0


@dataclass(frozen=True, slots=True)
class SiteOffer:
    """One facility makes and assembles everything.

    Parameters
    ----------
    price
        What the site asks, itemised, in its currency; carriage is not in it.
    price_usd
        The same total in dollars. [USD]
    total_usd
        With carriage. [USD]
    leg
        To the customer.
    days
        From now to the customer's door. [d]
    gco2e
        Material, electricity and carriage; failed builds, waste and packaging are
        left to the impact card. [gCO2e]
    distance_km
        Great circle to the customer. [km]
    energy_kwh
        At the plug. [kWh]
    builds
        What runs on which machines.
    labels
        Some of ``cheapest``, ``soonest``, ``greenest``, ``knee``.
    """

    facility: Facility
    price: Price
    price_usd: float
    total_usd: Estimate
    leg: Leg
    days: Estimate
    gco2e: Estimate
    distance_km: float
    energy_kwh: Estimate
    builds: tuple[PlannedBuild, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkQuote:
    """What a network says to an order.

    Parameters
    ----------
    offers
        Facilities that do it all, cheapest first.
    refusals
        The others, each with every reason.
    plans
        Who makes which part, best first, shared between facilities where that pays.
    uncovered
        Parts that no facility can make.
    shares
        What each facility could make of it, for who plans several orders together.
    wish
        What they are asked for; None where nobody was asked.
    """

    offers: tuple[SiteOffer, ...]
    refusals: tuple[Refusal, ...]
    plans: tuple[OrderPlan, ...]
    uncovered: tuple[PartName, ...] = ()
    shares: tuple[Share, ...] = ()
    wish: OrderWish | None = None


def quote_network(
    demands: Sequence[PartDemand],
    bom_bought_usd: float,
    bom_mass_g: float,
    assembly_minutes: float,
    facilities: Sequence[Facility],
    destination: Place,
    *,
    deliver: bool,
    now: datetime,
    rates: Rates,
    promise_days: float,
    carbon_price_usd_per_t: float,
    commercial_use: bool,
    lateness_usd_per_day: float = 1.0,
    profiles: Mapping[ProfileId, Profile] = MAKEABLE,
    corrections: Mapping[MachineId, Correction] = MappingProxyType({}),
    making_gco2e: Callable[..., float] = impact_making_gco2e,
    hands: Sequence[HandWork] = (),
) -> NetworkQuote:
    """Quote an order at every facility and plan it over several.

    Parameters
    ----------
    demands
        The parts, quantities for the whole order.
    bom_bought_usd, bom_mass_g
        Bought parts of the whole order. [USD], [g]
    assembly_minutes
        Hands for the whole order. [min]
    destination
        Where the customer is.
    deliver
        False when the customer fetches it where that is within 3 km.
    now
        The present, with a zone.
    promise_days, lateness_usd_per_day
        For the plans: when it should be there, what each day after costs. [d], [USD/d]
    carbon_price_usd_per_t
        For the plans. [USD/tCO2e]
    commercial_use
        True when the licence allows paid production.
    corrections
        What the histories of machines teach, by machine.
    making_gco2e
        Emissions of feedstock and electricity, as ``impact.making`` defines it.
    hands
        Hand work that the place of assembly must offer, plain assembly aside.

    Raises
    ------
    InvalidInput
        When there is no part, or a part cannot be estimated.
    """
    if not demands:
        raise InvalidInput("order: needs at least one part")
    wish = OrderWish(
        bought_usd=bom_bought_usd,
        bought_mass_g=bom_mass_g,
        assembly_s=assembly_minutes * 60,
        destination=destination,
        deliver=deliver,
        rates=rates,
        promise_s=promise_days * SECONDS_PER_DAY,
        carbon_price_usd_per_t=carbon_price_usd_per_t,
        lateness_usd_per_day=lateness_usd_per_day,
        making_gco2e=making_gco2e,
        hands=tuple(hands),
    )
    # A van sends from where it will be when it starts.
    facilities = [at_its_stop(each, now) for each in facilities]
    estimator = Estimator(demands, profiles, corrections)
    found, reasons = _match_all(
        demands, facilities, now, estimator, profiles, commercial_use=commercial_use
    )
    offers, shares = _ask_each(facilities, found, reasons, estimator, wish, now)
    covered = {part for share in shares for part in share.matches}
    uncovered = tuple(d.name for d in demands if d.name not in covered)
    plans = () if uncovered else plan_shares(shares, demands, estimator, wish)
    refusals = tuple(
        Refusal(site, tuple(given)) for site, given in reasons.items() if given
    )
    return NetworkQuote(offers, refusals, plans, uncovered, tuple(shares), wish)


def _ask_each(
    facilities: Sequence[Facility],
    found: Mapping[FacilityId, Mapping[PartName, Sequence[Match]]],
    reasons: Mapping[FacilityId, list[Reason]],
    estimator: Estimator,
    wish: OrderWish,
    now: datetime,
) -> tuple[tuple[SiteOffer, ...], list[Share]]:
    """Ask each facility for the whole order and for a share; add to its reasons."""
    offers: list[SiteOffer] = []
    shares: list[Share] = []
    for facility in facilities:
        matches, given = found[facility.id], reasons[facility.id]
        given.extend(_site_reasons(facility, matches, estimator, wish))
        if not matches or any(reason.rule in _NO_SHARE for reason in given):
            continue
        wait_s, supply = _wait_s(facility, matches, now), supply_of(facility, now)
        share = Share.of(facility, matches, estimator, wait_s, now, supply)
        if isinstance(share, NoRoom):
            given.append(Reason("no-room-in-schedule", share.words, "order fewer"))
            continue
        share = share.at_greenest(estimator, wish)
        shares.append(share)
        if not given:
            offers.append(_offer(share.work, wish))
    offers.sort(key=lambda offer: (offer.total_usd.value, offer.facility.id))
    labelled = zip(offers, label_offers(offers), strict=True)
    return tuple(replace(offer, labels=labels) for offer, labels in labelled), shares


#: Reasons why a facility is not asked for a share of the order either.
_NO_SHARE: Final = frozenset(
    {"currency-without-rate", "material-unpriced", "stock-too-low-together"}
)


def _match_all(
    demands: Sequence[PartDemand],
    facilities: Sequence[Facility],
    now: datetime,
    estimator: Estimator,
    profiles: Mapping[ProfileId, Profile],
    *,
    commercial_use: bool,
) -> tuple[
    dict[FacilityId, dict[PartName, list[Match]]], dict[FacilityId, list[Reason]]
]:
    """Match every part at every facility."""
    found: dict[FacilityId, dict[PartName, list[Match]]] = {}
    reasons: dict[FacilityId, dict[Reason, None]] = {}
    for facility in facilities:
        if facility.id in found:
            raise InvalidInput(f"facility {facility.id}: is there twice")
        found[facility.id], reasons[facility.id] = {}, {}
    for demand in demands:
        requirement = Requirement(
            demand.name,
            demand.facts,
            demand.process,
            demand.materials,
            demand.quantity,
            estimator.mass_of_one_g(demand.name),
            commercial_use,
        )
        matches, refusals = match(requirement, facilities, now, profiles=profiles)
        for each in matches:
            found[each.facility.id].setdefault(demand.name, []).append(each)
        for refusal in refusals:
            for reason in refusal.reasons:
                if reason.rule not in _OF_THE_SITE and len(demands) > 1:
                    named = f"{demand.title}: {reason.message}"
                    reasons[refusal.facility_id][replace(reason, message=named)] = None
                else:
                    reasons[refusal.facility_id][reason] = None
    return found, {site: list(given) for site, given in reasons.items()}


#: Reasons that are the same for every part.
_OF_THE_SITE: Final = frozenset(
    {
        "facility-not-active", "non-commercial-licence", "starts-too-late",
        "machine-down", "never-opens", "status-unknown", "place-unknown",
        "opening-unknown", "prices-unknown", "power-unknown", "kind-unknown",
    }
)  # fmt: skip


def _site_reasons(
    facility: Facility,
    matches: Mapping[PartName, Sequence[Match]],
    estimator: Estimator,
    wish: OrderWish,
) -> list[Reason]:
    """Check what only the parts together show: stock, hands, money."""
    reasons = []
    need_g: dict[str, float] = {}
    for part, machines in matches.items():
        first = machines[0]
        mass_g = estimator.estimate(part, first.profile_id).mass_g.value
        need_g[first.material] = need_g.get(first.material, 0.0) + mass_g
    for material, mass_g in need_g.items():
        lots = [f.stock_g for f in facility.feedstocks if f.material == material]
        if mass_g > max(lots) and len(matches) > 1:
            message = (
                f"all parts together need {mass_g:.0f} g of {material} in one lot; "
                f"the shelf holds {max(lots):.0f} g"
            )
            reasons.append(Reason("stock-too-low-together", message, "order fewer"))
    used = {each.material for machines in matches.values() for each in machines}
    unpriced = sorted(used - set(facility.tariff.material_gram))
    if unpriced:
        message = f"the price list has no {', '.join(unpriced)}"
        reasons.append(Reason("material-unpriced", message, "ask the site for a price"))
    if facility.tariff.currency not in wish.rates.per_eur:
        message = f"no exchange rate for {facility.tariff.currency}"
        reasons.append(Reason("currency-without-rate", message))
    reasons.extend(wish.unfinished_by(facility))
    return reasons


def _wait_s(
    facility: Facility, matches: Mapping[PartName, Sequence[Match]], now: datetime
) -> float:
    """Wait for the door to open, then for the work already promised. [s]"""
    opens_at = next(iter(matches.values()))[0].opens_at
    return (opens_at - now).total_seconds() + facility.queue_s


def _offer(work: SiteWork, wish: OrderWish) -> SiteOffer:
    facility = work.facility
    price = price_site(
        work, wish.rates, labour_s=wish.assembly_s, bought_usd=wish.bought_usd
    )
    goods_g = work.mass_g().value + wish.bought_mass_g
    leg = carry(
        facility.place,
        wish.destination,
        packed_mass_g(goods_g),
        collect=not wish.deliver,
    )
    low, value, high = (
        usd(m, wish.rates) for m in (price.low, price.total, price.high)
    )
    asked = Estimate(value, min(low, value), max(high, value))
    seconds = work.makespan_s.plus(Estimate.exact(wish.assembly_s)).plus(leg.time_s)
    return SiteOffer(
        facility=facility,
        price=price,
        price_usd=value,
        total_usd=asked.plus(leg.price_usd),
        leg=leg,
        days=seconds.times(1 / SECONDS_PER_DAY),
        gco2e=making_estimate(work, wish.making_gco2e).plus(leg.freight_gco2e),
        distance_km=great_circle_km(facility.place, wish.destination),
        energy_kwh=work.energy_wh().times(1 / WH_PER_KWH),
        builds=work.builds,
    )
