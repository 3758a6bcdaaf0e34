"""Quotes and orders over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.security import django_auth

from nearmade.adapters.places import one_place
from nearmade.cloud.catalogue.services import find_instance
from nearmade.cloud.orders import services
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.quotes import quote_near
from nearmade.cloud.people.models import User
from nearmade.cloud.throttling import PerClient
from nearmade.vocabulary.money import Money

router = Router(tags=["orders"])


class QuoteIn(Schema):
    """What to quote, and where it is needed."""

    instance_key: str = Field(pattern="^[0-9a-f]{64}$")
    to: str = Field(max_length=200)
    deliver: bool = True


class OrderIn(QuoteIn):
    """Which offer to take, and the most that it may cost in its own minor units."""

    offer_id: str = Field(max_length=100)
    idempotency_key: str = Field("", max_length=80)
    at_most_minor: int | None = Field(None, ge=0)


class OrderOut(Schema):
    """An order with its trail."""

    id: str
    state: str
    site: str | None
    price: str
    promised_at: str
    events: list[dict[str, Any]]
    impact: dict[str, Any] | None


#: What a line of the trail holds for moderators alone: which rule spoke tells what is
#: on the block-list.
UNSHOWN = ("reasons", "signed")


def _shown(body: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in body.items() if name not in UNSHOWN}
    if isinstance(body.get("reasons"), list):
        shown["reasons"] = [{"message": one["message"]} for one in body["reasons"]]
    return shown


def _who(by: str, order: Order, reader: User) -> str:
    """Name who did something; a customer does not learn who works at a site."""
    works_there = reader.is_moderator or reader.pk != order.customer_id
    if works_there or by == reader.email or "@" not in by:
        return by
    return "a person at the site"


def order_out(order: Order, reader: User) -> dict[str, Any]:
    """Describe an order with its trail to one reader."""
    return {
        "id": str(order.pk),
        "state": order.state,
        "site": order.site_id,
        "price": str(Money(order.price_minor, order.currency)),
        "promised_at": order.promised_at.isoformat(),
        "events": [
            {
                "number": event.number,
                "kind": event.kind,
                "at": event.at.isoformat(),
                "by": _who(event.by, order, reader),
                "site": event.site_id,
                "body": _shown(event.body),
            }
            for event in order.events.all()
        ],
        "impact": order.impact,
    }


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@router.post(
    "/quotes",
    throttle=[PerClient("quotes", "120/m")],
    summary="Quote an instance near a place",
)
def post_quote(request: HttpRequest, body: QuoteIn) -> dict[str, Any]:
    """Price it at every capable site; nothing is stored or promised."""
    instance = find_instance(body.instance_key)
    place = one_place(body.to)
    return quote_near(instance, place, deliver=body.deliver, now=timezone.now())


@router.post("/orders", response=OrderOut, auth=django_auth, summary="Place an order")
def post_order(request: HttpRequest, body: OrderIn) -> dict[str, Any]:
    """Take an offer; the same idempotency key gives the same order."""
    wish = services.wish_from(body.dict(), one_place(body.to))
    user = _user(request)
    return order_out(services.place_order(user, wish, now=timezone.now()), user)


@router.get("/orders", response=list[OrderOut], auth=django_auth, summary="My orders")
def get_orders(request: HttpRequest) -> list[dict[str, Any]]:
    """Orders that this person may see, newest first, at most a hundred."""
    user = _user(request)
    found = services.orders_of(user).prefetch_related("events")[:100]
    return [order_out(order, user) for order in found]


@router.get(
    "/orders/{order_id}", response=OrderOut, auth=django_auth, summary="One order"
)
def get_order(request: HttpRequest, order_id: UUID) -> dict[str, Any]:
    """One order with its trail and, at the end, its impact card."""
    user = _user(request)
    return order_out(services.order_seen_by(user, order_id), user)


@router.post(
    "/orders/{order_id}/accept", response=OrderOut, auth=django_auth,
    summary="Say that it has arrived and is right",
)  # fmt: skip
def post_accept(request: HttpRequest, order_id: UUID) -> dict[str, Any]:
    """Accept a delivery."""
    user = _user(request)
    order = services.accept_delivery(user, order_id, now=timezone.now())
    return order_out(order, user)


@router.post(
    "/orders/{order_id}/cancel", response=OrderOut, auth=django_auth,
    summary="Cancel before production",
)  # fmt: skip
def post_cancel(request: HttpRequest, order_id: UUID) -> dict[str, Any]:
    """Cancel one's own order while nothing has been made."""
    user = _user(request)
    order = services.cancel_order(user, order_id, now=timezone.now())
    return order_out(order, user)
