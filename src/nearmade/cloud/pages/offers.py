"""Quotes as the pages show them: a few best ones, and all of them on a map."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from nearmade.cloud.pages.figures import plain_name, significant
from nearmade.cloud.pages.fit import Fit
from nearmade.cloud.pages.maps import Spot, Way, WorldMap, map_near
from nearmade.cloud.pages.reading import SiteLabel
from nearmade.vocabulary.money import Money
from nearmade.vocabulary.place import Place

#: Refusals listed on a page; farther ones would not help the customer.
REFUSALS_SHOWN = 40
#: Offers whose sites are framed by the map: the nearest of them.
FRAMED = 8


#: Level of a quote that rests on the slicer.
SLICED = 2
#: So much may an estimated price rise, when the slicer has counted, before the
#: customer is asked again.
MAY_RISE_FACTOR = 1.25


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes which parts of an offer of several sites.

    Parameters
    ----------
    site, place
        For people.
    parts
        What it makes.
    assembles
        True where everything comes together.
    """

    site: str
    place: str
    parts: tuple[str, ...]
    assembles: bool


@dataclass(frozen=True, slots=True)
class OfferView:
    """One offer; ``pages/parts/offer.html`` says what is shown."""

    site_id: str
    site: str
    place: str
    kind: str
    km: float
    price: str
    price_usd: float
    price_other: str
    days: float
    days_text: str
    kgco2e: float
    solar: bool
    demo: bool
    live: bool
    marks: tuple[str, ...]
    knee: bool
    receipt: tuple[Mapping[str, str], ...]
    interval: str
    makers: tuple[Maker, ...]
    legs: tuple[str, ...]
    order: Mapping[str, str] = field(default_factory=dict)
    sign_in_url: str = ""
    chosen: bool = False
    sliced: bool = False
    at_most: str = ""
    row_id: str = ""
    with_sites: str = ""
    power_words: str = ""

    @property
    def together(self) -> bool:
        """True when several workshops share the making."""
        return len(self.makers) > 0


@dataclass(frozen=True, slots=True)
class RefusalView:
    """A site that cannot, with its reasons and the small changes that open it."""

    site_id: str
    site: str
    place: str
    km: float | None
    demo: bool
    reasons: Sequence[Mapping[str, str]]
    changes: tuple[str, ...] = ()


def mark_words(label: str) -> str:
    """Say what an offer is best at."""
    words = {
        "cheapest": _("cheapest"),
        "soonest": _("soonest"),
        "greenest": _("greenest"),
        "knee": _("best balance"),
    }
    return words.get(label, label)


def supply_words(supply: str) -> str:
    """Say whose word a site's electricity is by the hour; empty for the grid alone."""
    words = {
        "reported": _("grid and own supply, reported by the site"),
        "record": _("grid and own panels"),
    }
    return words.get(supply, "")


def mode_words(mode: str) -> str:
    """Say how goods travel."""
    words = {
        "collect": _("on foot or bicycle"),
        "van": _("by van"),
        "road": _("by road"),
        "sea": _("by ship"),
        "air": _("by air"),
    }
    return words.get(mode, mode)


def days_words(days: Mapping[str, float]) -> str:
    """Say in how many days, with the interval when there is one."""
    low, high = (significant(float(days[end]), 2) for end in ("low", "high"))
    if low == high:
        return _("%(n)s days") % {"n": low}
    return _("%(low)s – %(high)s days") % {"low": low, "high": high}


def leg_words(leg: Mapping[str, Any]) -> str:
    """Say how far and how a leg goes."""
    return _("%(km)s km %(how)s, %(g)s g CO₂e") % {
        "km": significant(float(leg["distance_km"]), 2),
        "how": mode_words(str(leg["mode"])),
        "g": significant(float(leg["gco2e"]["value"]), 2),
    }


def offer_view(
    offer: Mapping[str, Any],
    fit: Fit,
    *,
    how: str,
    key: str,
    labels: Mapping[str, SiteLabel],
    chosen: str = "",
) -> OfferView:
    """Lay out one offer of a quote."""
    price = offer["price"]
    take = {"how": how, "take": str(offer["id"])}
    back = f"{fit.quotes_url}&{urlencode(take)}"
    usd = _("%(n)s USD") % {"n": significant(float(price["total_usd"]), 3)}
    sliced = int(offer["level"]) >= SLICED
    at_most = price["total_minor"] if sliced else _still_agreed(price)
    makers = _makers(offer, fit, labels)
    sites = {str(made["site_id"]) for made in offer["assignments"]}
    return OfferView(
        site_id=str(offer["site_id"]),
        site=_offer_name(offer, len(sites)),
        place=_place(offer, labels),
        kind=str(offer["site_kind"]),
        km=float(offer["distance_km"]),
        price=str(price["total"]),
        price_usd=float(price["total_usd"]),
        price_other="" if price["currency"] == "USD" else usd,
        days=float(offer["days"]["value"]),
        days_text=days_words(offer["days"]),
        kgco2e=float(offer["gco2e"]["value"]) / 1000,
        solar=offer["power"] == "solar",
        power_words=supply_words(str(offer.get("supply", ""))),
        demo=bool(offer["demo"]),
        live=bool(offer["live"]),
        marks=tuple(mark_words(label) for label in offer["labels"]),
        knee="knee" in offer["labels"],
        receipt=tuple(price["items"]),
        interval=_interval(price),
        makers=makers,
        legs=tuple(_way(leg, labels, named=bool(makers)) for leg in offer["legs"]),
        order={
            "instance_key": fit.key,
            "offer_id": str(offer["id"]),
            "near": fit.near,
            "how": how,
            "at_most_minor": str(at_most),
            "idempotency_key": f"{key}:{offer['id']}"[:80],
        },
        sign_in_url=f"{reverse('account_login')}?{urlencode({'next': back})}",
        chosen=chosen == offer["id"],
        sliced=sliced,
        at_most=str(Money(int(at_most), str(price["currency"]))),
        row_id=str(offer["id"] if makers else offer["site_id"]),
        with_sites=" ".join(sorted({*sites, str(offer["site_id"])})) if makers else "",
    )


def _still_agreed(price: Mapping[str, Any]) -> int:
    """Give the highest total that needs no second question. [minor units]"""
    raised = math.floor(int(price["total_minor"]) * MAY_RISE_FACTOR)
    return min(int(price["high_minor"]), raised)


def _offer_name(offer: Mapping[str, Any], sites: int) -> str:
    if offer["kind"] == "plan":
        return _("%(n)d workshops together") % {"n": sites}
    return plain_name(str(offer["site_name"]))


def _place(offer: Mapping[str, Any], labels: Mapping[str, SiteLabel]) -> str:
    label = labels.get(str(offer["site_id"]))
    return label.place if label else str(offer["country"])


def _way(
    leg: Mapping[str, Any], labels: Mapping[str, SiteLabel], *, named: bool
) -> str:
    """Say how goods travel; from where to where when there are several ways."""
    if not named:
        return leg_words(leg)
    start = labels.get(str(leg["origin_site"]))
    end = labels.get(str(leg["destination_site"]))
    return _("%(start)s to %(end)s: %(way)s") % {
        "start": start.name if start else leg["origin_site"],
        "end": end.name if end else _("you"),
        "way": leg_words(leg),
    }


def _interval(price: Mapping[str, Any]) -> str:
    if price["low_minor"] == price["high_minor"]:
        return ""
    unit = price["total_minor"] or 1
    low = float(price["total_usd"]) * price["low_minor"] / unit
    high = float(price["total_usd"]) * price["high_minor"] / unit
    return f"{significant(low, 2)} – {significant(high, 2)} USD"


def _makers(
    offer: Mapping[str, Any], fit: Fit, labels: Mapping[str, SiteLabel]
) -> tuple[Maker, ...]:
    """Say who makes what; nothing where one site makes all."""
    if offer["kind"] != "plan":
        return ()
    titles = {part.name: part.title for part in fit.parts}
    hub = str(offer["site_id"])
    by_site: dict[str, list[str]] = {}
    for made in offer["assignments"]:
        name = str(made["part"])
        part = titles.get(name, name.replace("_", " "))
        many = f" × {made['quantity']}" if made["quantity"] > 1 else ""
        by_site.setdefault(str(made["site_id"]), []).append(part + many)
    by_site.setdefault(hub, [])
    makers = []
    for site, parts in sorted(by_site.items(), key=lambda entry: entry[0] == hub):
        label = labels.get(site)
        makers.append(
            Maker(
                label.name if label else site,
                label.place if label else "",
                tuple(parts),
                site == hub,
            )
        )
    return tuple(makers)


def best_first(views: Sequence[OfferView]) -> list[OfferView]:
    """Put the best balance first, then what is best at something, then by price."""
    return sorted(views, key=lambda v: (not v.knee, not v.marks, v.price_usd))


def nearest_refusals(quote: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the refusals that a page lists: those of the nearest sites."""
    refusals = sorted(
        quote["refusals"], key=lambda refusal: refusal.get("distance_km") or 0.0
    )
    return refusals[:REFUSALS_SHOWN]


def refusal_views(
    quote: Mapping[str, Any],
    labels: Mapping[str, SiteLabel],
    changes: Mapping[str, Sequence[str]] | None = None,
) -> list[RefusalView]:
    """List the nearest sites that cannot, with small changes that would open them."""
    return [
        RefusalView(
            site_id=str(refusal["site_id"]),
            site=plain_name(str(refusal["site_name"])),
            place=_place(refusal, labels),
            km=refusal.get("distance_km"),
            demo=bool(refusal["demo"]),
            reasons=refusal["reasons"],
            changes=tuple((changes or {}).get(str(refusal["site_id"]), ())),
        )
        for refusal in nearest_refusals(quote)
    ]


def quote_map(place: Place, quote: Mapping[str, Any]) -> WorldMap:
    """Draw who can and who cannot around the place."""
    nearest = sorted(quote["offers"], key=lambda offer: offer["distance_km"])
    offers = [offer for offer in nearest if offer["kind"] == "site"]
    plans = [offer for offer in nearest if offer["kind"] == "plan"]
    ways = [
        Way(str(plan["id"]), str(leg["origin_site"]), leg["destination_site"])
        for plan in plans
        for leg in plan["legs"]
    ]
    labelled = [offer for offer in offers if offer["labels"]]
    spots = [
        Spot(
            id=str(entry["site_id"]),
            lat_deg=entry["lat_deg"],
            lon_deg=entry["lon_deg"],
            label=_spot_label(entry),
            href="#quotes",
            solar=entry.get("power") == "solar",
            closed="reasons" in entry,
        )
        for entry in [*quote["refusals"], *offers]
    ]
    framed = [str(offer["site_id"]) for offer in [*offers[:FRAMED], *labelled]]
    if not offers:  # then those who can make it together
        framed = [way.origin for way in ways]
    label = _("Workshops around %(p)s") % {"p": place}
    return map_near(place, spots, framed, label, ways)


def _spot_label(entry: Mapping[str, Any]) -> str:
    if "reasons" in entry:
        return _("%(site)s: cannot") % {"site": entry["site_name"]}
    return _("%(site)s: %(price)s, %(days)s days") % {
        "site": entry["site_name"],
        "price": entry["price"]["total"],
        "days": significant(float(entry["days"]["value"]), 2),
    }
