"""Placing an order and following it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
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
from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.catalogue.services import find_instance, load_version
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import facility_of
from nearmade.cloud.orders import services
from nearmade.cloud.orders.models import Order, OrderLeg
from nearmade.cloud.orders.records import place_from
from nearmade.cloud.orders.report import report_of_order
from nearmade.cloud.pages.card import card_of
from nearmade.cloud.pages.figures import plain_name
from nearmade.cloud.pages.fit import blob_url
from nearmade.cloud.pages.life import headline_of, next_of, steps_of, way_gone
from nearmade.cloud.pages.maps import RouteWay, WorldMap, route_map
from nearmade.cloud.pages.parameters import address_of
from nearmade.cloud.pages.trail import trail_of
from nearmade.cloud.pages.views.asking import person
from nearmade.vocabulary.errors import Conflict, NearmadeError, NotFound
from nearmade.vocabulary.place import Place

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
    try:
        order = services.place_order(person(request), wish, now=timezone.now())
    except (Conflict, NotFound) as error:
        instance = find_instance(wish.instance_key)
        messages.warning(request, _sentences(error))
        return redirect(_quotes_again(instance, wish))
    return redirect("pages:order", order.pk)


def _sentences(error: NearmadeError) -> str:
    said = [
        text[0].upper() + text[1:] for text in (error.message, error.remedy) if text
    ]
    return ". ".join(said) + "."


def _quotes_again(instance: Instance, wish: services.Wish) -> str:
    """Address the offers as they are now, with the one that was wanted on top."""
    version = instance.design_version
    query = {
        **address_of(instance.values, load_version(version).design),
        "near": str(wish.place),
        "how": "deliver" if wish.deliver else "collect",
        "take": wish.offer_id,
    }
    return f"{reverse('pages:quotes', args=[version.design_id])}?{urlencode(query)}"


def _address(instance: Instance) -> dict[str, str]:
    """Give what leads back to this fit; nothing while its design cannot be read."""
    try:
        design = load_version(instance.design_version).design
    except NearmadeError:
        return {}
    return address_of(instance.values, design)


def order_line(order: Order) -> dict[str, Any]:
    """Lay out an order for a list and for the side of its page."""
    version = order.instance.design_version
    address = _address(order.instance)
    here = {**address, "near": str(place_from(order.place))}
    here["how"] = "deliver" if order.deliver else "collect"
    query = urlencode(address)
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
        "quotes_href": (
            f"{reverse('pages:quotes', args=[version.design_id])}?{urlencode(here)}"
        ),
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


@login_required
@require_GET
def order_report(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show what a delivered order cost the world, as a report that prints well."""
    found = services.order_seen_by(person(request), order_id)
    address = reverse("pages:order", args=[order_id])
    return HttpResponse(report_of_order(found, back=(_("To the order"), address)))


def order_context(request: HttpRequest, order_id: UUID) -> dict[str, Any]:
    """Collect what the order's page shows."""
    user = person(request)
    found = services.order_seen_by(user, order_id)
    events = list(found.events.select_related("site"))
    legs = list(found.legs.select_related("origin", "destination"))
    now = timezone.now()
    jobs = list(
        found.jobs.exclude(state="cancelled").select_related(
            "site", "order__instance__design_version"
        )
    )
    line = order_line(found)
    headline, said = headline_of(found)
    own = found.customer_id == user.pk
    accept = (Order.State.TRAVELLING, Order.State.DELIVERED)
    return {
        "order": line,
        "headline": headline,
        "said": said,
        "steps": steps_of(found, events, jobs, legs, now),
        "next": next_of(found, line["href"], line["quotes_href"]) if own else None,
        "trail": trail_of(events, user, found.customer.email),
        "kept": _kept(found, events),
        "may": {
            "cancel": own and found.state in services.CANCELLABLE,
            "accept": own and found.state in accept,
        },
        "card": card_of(found.impact),
        "report_url": reverse("pages:order_report", args=[order_id]),
        "map": _ways(found, legs, now),
    }


def _kept(found: Order, events: list[Any]) -> str:
    delivered = next((e.at for e in events if e.kind == "delivered"), None)
    if delivered is None:
        return ""
    return "kept" if delivered <= found.promised_at else "late"


def _ways(found: Order, legs: Sequence[OrderLeg], now: datetime) -> WorldMap | None:
    customer = place_from(found.place)
    ways = [
        RouteWay(
            leg.origin_id,
            _label(leg.origin),
            reverse("pages:site", args=[leg.origin_id]),
            _place(leg.origin),
            _place(leg.destination) if leg.destination else customer,
            leg.state,
            way_gone(leg, now),
        )
        for leg in legs
    ]
    farthest = max((leg.leg["distance_km"] for leg in legs), default=0.0)
    if farthest < WORTH_A_MAP_KM:
        return None
    return route_map(customer, ways, _("Its way to you"))


def _label(site: Site) -> str:
    return f"{plain_name(site.name)}, {facility_of(site).place}"


def _place(site: Site) -> Place:
    return facility_of(site).place


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
