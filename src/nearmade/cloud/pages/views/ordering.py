"""Placing an order and following it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nearmade.adapters.places import one_place
from nearmade.cloud.catalogue.services import load_version
from nearmade.cloud.network.services import facility_of
from nearmade.cloud.orders import services
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.records import place_from
from nearmade.cloud.pages.charts import dumbbells, stacks
from nearmade.cloud.pages.fit import blob_url
from nearmade.cloud.pages.life import headline_of, steps_of, trail_of
from nearmade.cloud.pages.maps import WorldMap, route_map
from nearmade.cloud.pages.parameters import address_of
from nearmade.cloud.pages.sources import factors_named
from nearmade.cloud.pages.views.asking import person

ORDERS_SHOWN = 100
#: Ways shorter than this are not worth a map. [km]
WORTH_A_MAP_KM = 15.0
OPEN = (
    Order.State.ORDERED, Order.State.REVIEW, Order.State.SCREENED,
    Order.State.IN_PRODUCTION, Order.State.GATHERING, Order.State.ASSEMBLED,
    Order.State.TRAVELLING,
)  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def place_order(request: HttpRequest) -> HttpResponse:
    """Take an offer; the same click twice gives the same order."""
    if request.method == "GET":  # back from signing in, the form is gone
        return redirect("pages:orders")
    sent = request.POST
    values = {**sent.dict(), "deliver": sent.get("how", "deliver") == "deliver"}
    wish = services.wish_from(values, one_place(sent.get("near", "")))
    order = services.place_order(person(request), wish, now=timezone.now())
    return redirect("pages:order", order.pk)


def order_line(order: Order) -> dict[str, Any]:
    """Lay out an order for a list and for the side of its page."""
    version = order.instance.design_version
    design = load_version(version).design
    query = urlencode(address_of(order.instance.values, design))
    promised = order.quote.get("promised", order.quote)
    return {
        "id": order.pk,
        "short": str(order.pk)[:8],
        "title": version.title,
        "picture": blob_url(order.instance.picture_sha256, "webp"),
        "state": str(order.state),
        "open": order.state in OPEN,
        "price": promised["price"]["total"],
        "placed_at": order.placed_at,
        "promised_at": order.promised_at,
        "place": (
            str(place_from(order.place))
            if order.deliver
            else (order.site.name if order.site else "")
        ),
        "deliver": order.deliver,
        "site": order.site.name if order.site else "",
        "demo": order.demo,
        "href": f"{reverse('pages:design', args=[version.design_id])}?{query}",
    }


@login_required
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """List one's own orders, the newest first."""
    mine = services.orders_of(person(request)).filter(customer=person(request))
    rows = mine.select_related("site", "instance__design_version")[:ORDERS_SHOWN]
    context = {"here": "orders", "orders": [order_line(order) for order in rows]}
    return render(request, "pages/orders.html", context)


@login_required
@require_GET
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show an order's whole life."""
    context = order_context(request, order_id)
    context |= {
        "here": "orders",
        "events_url": reverse("order-events", args=[order_id]),
        "fragment_url": reverse("pages:order_live", args=[order_id]),
    }
    return render(request, "pages/order.html", context)


@login_required
@require_GET
def order_live(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show the part of the order's page that changes."""
    context = order_context(request, order_id)
    return render(request, "pages/parts/order_live.html", context)


def order_context(request: HttpRequest, order_id: UUID) -> dict[str, Any]:
    """Collect what the order's page shows."""
    user = person(request)
    found = services.order_seen_by(user, order_id)
    events = list(found.events.select_related("site"))
    jobs = list(
        found.jobs.exclude(state="cancelled").select_related(
            "site", "order__instance__design_version"
        )
    )
    headline, said = headline_of(found)
    own = found.customer_id == user.pk
    accept = (Order.State.TRAVELLING, Order.State.DELIVERED)
    return {
        "order": order_line(found),
        "headline": headline,
        "said": said,
        "steps": steps_of(found, events, jobs),
        "trail": trail_of(events),
        "kept": _kept(found, events),
        "may": {
            "cancel": own and found.state in services.CANCELLABLE,
            "accept": own and found.state in accept,
        },
        "card": card_of(found.impact),
        "map": _ways(found),
    }


def _kept(found: Order, events: list[Any]) -> str:
    delivered = next((e.at for e in events if e.kind == "delivered"), None)
    if delivered is None:
        return ""
    return "kept" if delivered <= found.promised_at else "late"


def _ways(found: Order) -> WorldMap | None:
    customer = place_from(found.place)
    ways = []
    for leg in found.legs.select_related("origin", "destination"):
        start = facility_of(leg.origin).place
        end = facility_of(leg.destination).place if leg.destination else customer
        ways.append((start, end, leg.origin_id))
    farthest = max((leg.leg["distance_km"] for leg in found.legs.all()), default=0.0)
    if farthest < WORTH_A_MAP_KM:
        return None
    return route_map(customer, ways, _("Its way to you"))


def card_of(impact: dict[str, Any] | None) -> dict[str, Any] | None:
    """Lay out an impact card's record; nothing while there is none."""
    if impact is None:
        return None
    activities: dict[str, str] = {}
    ids: list[str] = []
    for side in (impact["here"], impact["central"]):
        for entry in side["contributions"]:
            activities.setdefault(entry["activity"], entry["title"])
            ids.extend(entry["factor_ids"])
    return {
        "headline": _card_headline(impact),
        "functional_unit": impact["functional_unit"],
        "dumbbells": dumbbells(impact),
        "stacks": stacks(impact),
        "legend": [
            {"activity": activity, "title": title}
            for activity, title in activities.items()
        ],
        "notes": impact["notes"],
        "assumed_fraction": impact["assumed_fraction"],
        "sources": factors_named(ids),
    }


def _card_headline(impact: dict[str, Any]) -> str:
    here = float(impact["here"]["kgco2e"]["value"])
    central = float(impact["central"]["kgco2e"]["value"])
    if not central > 0:
        return _("What this order took")
    share = round(100 * abs(1 - here / central))
    if share < 3:
        return _("About as much CO₂e as making it centrally")
    if here < central:
        return _("%(n)d %% less CO₂e than making it centrally") % {"n": share}
    return _("%(n)d %% more CO₂e than making it centrally") % {"n": share}


@login_required
@require_POST
def cancel_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Cancel one's own order while nothing has been made."""
    services.cancel_order(person(request), order_id, now=timezone.now())
    messages.success(request, _("The order is cancelled; nothing is charged."))
    return redirect("pages:order", order_id)


@login_required
@require_POST
def accept_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Say that it is here and right."""
    services.accept_delivery(person(request), order_id, now=timezone.now())
    messages.success(request, _("Thank you. The workshop hears that it is right."))
    return redirect("pages:order", order_id)
