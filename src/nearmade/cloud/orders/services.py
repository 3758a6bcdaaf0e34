"""What the orders' desk does: place, cancel, gather, assemble, hand over, receive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.durable import defer
from nearmade.cloud.identifiers import uuid_from
from nearmade.cloud.network.models import Site
from nearmade.cloud.orders.models import Order, OrderLeg
from nearmade.cloud.orders.quotes import find_offer, quote_near
from nearmade.cloud.orders.trail import lock_order, record
from nearmade.cloud.people.models import User
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import Conflict, InvalidInput, NotFound
from nearmade.vocabulary.place import Place

State = Order.State
SCREEN_ORDER = "moderation.screen_order"
ACCOUNT_ORDER = "orders.account_order"
DEMO_CARRIER = "orders.demo_carrier"

#: Printable ASCII, as long as its column.
IDEMPOTENCY_KEY = re.compile(r"[!-~]{0,80}")
#: As many digits as a price's column has.
WHOLE_MINOR = re.compile(r"[0-9]{1,18}")
NOT_CALLED_OFF = [s.value for s in JobState if s is not JobState.CANCELLED]
#: A customer may cancel for nothing until production starts.
CANCELLABLE = (State.ORDERED, State.REVIEW, State.SCREENED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer asks for.

    Parameters
    ----------
    instance_key
        The customised design.
    offer_id
        Id of an offer among those quoted for this place, such as ``site:lyon-lab``.
    place
        Where it is needed.
    deliver
        False when the customer collects it.
    idempotency_key
        The same key from the same customer is the same order.
    at_most_minor
        The highest total that the customer agreed to, in whole minor units of the
        offer's currency; None when no price was shown.

    Raises
    ------
    InvalidInput
        When the key has another shape than ``IDEMPOTENCY_KEY``.
    """

    instance_key: str
    offer_id: str
    place: Place
    deliver: bool
    idempotency_key: str = ""
    at_most_minor: int | None = None

    def __post_init__(self) -> None:
        if not IDEMPOTENCY_KEY.fullmatch(self.idempotency_key):
            raise InvalidInput(
                "idempotency_key: at most 80 characters, no blanks or controls"
            )


def place_record(place: Place) -> dict[str, Any]:
    """Give a place as plain values."""
    return {
        "name": place.name,
        "country": place.country,
        "lat_deg": place.lat_deg,
        "lon_deg": place.lon_deg,
    }


def place_order(customer: User, wish: Wish, *, now: datetime) -> Order:
    """Turn an offer into an order; its screening is deferred in the same transaction.

    Raises
    ------
    NotFound
        When the instance or the offer does not exist (any more).
    Conflict
        When the instance is not rendered yet, or the price has risen.
    """
    if wish.idempotency_key:
        known = Order.objects.filter(
            customer=customer, idempotency_key=wish.idempotency_key
        ).first()
        if known:
            return known
    instance = Instance.objects.filter(key=wish.instance_key).first()
    if instance is None:
        raise NotFound(f"instance {wish.instance_key[:12]!r}: nobody asked for it yet")
    if instance.state != Instance.State.READY:
        raise Conflict("the design is still being rendered", remedy="wait for it")
    quote = quote_near(instance, wish.place, deliver=wish.deliver, now=now)
    offer = find_offer(quote, wish.offer_id)
    price = offer["price"]
    if wish.at_most_minor is not None and price["total_minor"] > wish.at_most_minor:
        raise Conflict(
            f"offer {wish.offer_id!r}: now {price['total']}, more than was shown",
            remedy="ask for quotes again",
        )
    try:
        return _store(customer, instance, wish, offer, now)
    except IntegrityError:
        if not wish.idempotency_key:
            raise
        return Order.objects.get(  # the same click, twice at once
            customer=customer, idempotency_key=wish.idempotency_key
        )


@transaction.atomic
def _store(
    customer: User, instance: Instance, wish: Wish, offer: dict[str, Any], now: datetime
) -> Order:
    site = Site.objects.get(pk=offer["site_id"])
    makers = {made["site_id"] for made in offer["assignments"]}
    demo = Site.objects.filter(pk__in={*makers, site.pk}, demo=True).exists()
    order = Order.objects.create(
        customer=customer,
        instance=instance,
        place=place_record(wish.place),
        deliver=wish.deliver,
        site=site,
        asked=[site.pk],
        quote=offer,
        price_minor=offer["price"]["total_minor"],
        price_high_minor=offer["price"]["high_minor"],
        currency=offer["price"]["currency"],
        promised_at=now + timedelta(days=offer["days"]["high"]),
        placed_at=now,
        idempotency_key=wish.idempotency_key,
        demo=demo,
    )
    record(
        order,
        "ordered",
        by=customer.email,
        at=now,
        site=site,
        body={"price": offer["price"]["total"], "offer": offer["id"]},
    )
    defer(SCREEN_ORDER, order_id=str(order.pk))
    return order


def orders_of(user: User) -> QuerySet[Order]:
    """Orders that this person may see: own, and those of sites they operate.

    A site that declined, or was passed over, no longer sees where the customer lives.
    """
    if user.is_moderator:
        return Order.objects.all()
    return Order.objects.filter(
        Q(customer=user)
        | Q(site__operators__user=user)
        | Q(jobs__site__operators__user=user, jobs__state__in=NOT_CALLED_OFF)
    ).distinct()


def order_seen_by(user: User, order_id: UUID | str) -> Order:
    """Find an order that this person may see.

    Raises
    ------
    NotFound
        When there is none such for this person.
    """
    order = (
        orders_of(user)
        .select_related("site", "instance__design_version", "customer")
        .filter(pk=uuid_from(order_id, "order"))
        .first()
    )
    if order is None:
        raise NotFound(f"order {order_id}: not one of yours")
    return order


def _own_order(customer: User, order_id: UUID | str) -> UUID:
    own = uuid_from(order_id, "order")
    if not Order.objects.filter(pk=own, customer=customer).exists():
        raise NotFound(f"order {order_id}: not one of yours")
    return own


@transaction.atomic
def cancel_order(customer: User, order_id: UUID | str, *, now: datetime) -> Order:
    """Cancel one's own order while nothing has been made.

    Raises
    ------
    NotFound
        When it is not this customer's.
    Conflict
        When production has begun.
    """
    order_id = _own_order(customer, order_id)
    order = lock_order(order_id)
    if order.state not in CANCELLABLE:
        raise Conflict(
            f"{order}: {order.state}, can no longer be cancelled",
            remedy="write to the site, or refuse it when it arrives",
        )
    move(order, State.CANCELLED, "cancelled", by=customer.email, now=now)
    return order


def move(
    order: Order,
    state: str,
    kind: str,
    *,
    by: str,
    now: datetime,
    site: Site | None = None,
    body: dict[str, Any] | None = None,
) -> None:
    """Change a locked order's state and write the line that says why."""
    order.state = state
    if state in (State.REFUSED, State.FAILED, State.CANCELLED, State.ACCEPTED):
        order.closed_at = now
    order.save()
    record(order, kind, by=by, at=now, site=site, body=body)


def components_ready(order: Order, *, now: datetime) -> None:
    """All parts of a locked order are checked: bring them together."""
    order.state = State.GATHERING
    order.save()
    inbound = order.legs.filter(destination__isnull=False, state=OrderLeg.State.PLANNED)
    if not inbound:
        return
    for leg in inbound:
        leg.state, leg.left_at = OrderLeg.State.TRAVELLING, now
        leg.save()
        record(
            order,
            "components-sent",
            by="platform",
            at=now,
            site=leg.origin,
            body={"to": leg.destination_id, **leg.leg},
        )
    _demo_carrier_comes(order)


def _demo_carrier_comes(order: Order) -> None:
    """Goods that left demo sites arrive by themselves a little later."""
    travelling = order.legs.filter(state=OrderLeg.State.TRAVELLING)
    real = travelling.filter(origin__demo=False).exists()
    if settings.CONFIGURATION.demo and order.demo and not real:
        defer(DEMO_CARRIER, after_s=3, order_id=str(order.pk))


def ready_to_assemble(order: Order) -> bool:
    """Say whether every component lies at the assembly site."""
    return (
        order.state == State.GATHERING
        and not order.legs.filter(destination__isnull=False)
        .exclude(state=OrderLeg.State.ARRIVED)
        .exists()
    )


@transaction.atomic
def confirm_assembled(order_id: UUID | str, *, by: str, now: datetime) -> Order:
    """Hands at the site say that the product is together and right.

    Raises
    ------
    Conflict
        When components are still missing.
    """
    order = lock_order(order_id)
    if not ready_to_assemble(order):
        raise Conflict(f"{order}: {order.state}, components are not all here")
    move(order, State.ASSEMBLED, "assembled", by=by, now=now, site=order.site)
    return order


@transaction.atomic
def hand_over(order_id: UUID | str, *, by: str, now: datetime) -> Order:
    """Give the product to the carrier, or lay it ready for the customer.

    Raises
    ------
    Conflict
        When it is not assembled.
    """
    order = lock_order(order_id)
    if order.state != State.ASSEMBLED:
        raise Conflict(f"{order}: {order.state}, not assembled")
    last = order.legs.get(destination__isnull=True)
    last.state, last.left_at = OrderLeg.State.TRAVELLING, now
    last.save()
    kind = "handed-to-carrier" if order.deliver else "ready-to-collect"
    move(order, State.TRAVELLING, kind, by=by, now=now, site=order.site, body=last.leg)
    _demo_carrier_comes(order)
    return order


@transaction.atomic
def confirm_arrived(order_id: UUID | str, *, by: str, now: datetime) -> Order:
    """Somebody says that goods have arrived; saying it twice is harmless."""
    order = lock_order(order_id)
    for leg in order.legs.filter(state=OrderLeg.State.TRAVELLING):
        leg.state, leg.arrived_at = OrderLeg.State.ARRIVED, now
        leg.save()
        if leg.destination_id is None:
            move(order, State.DELIVERED, "delivered", by=by, now=now)
            defer(ACCOUNT_ORDER, order_id=str(order.pk))
        else:
            record(order, "components-arrived", by=by, at=now, site=leg.destination)
    return order


@transaction.atomic
def accept_delivery(customer: User, order_id: UUID | str, *, now: datetime) -> Order:
    """The customer says that it is here and right.

    Raises
    ------
    NotFound
        When it is not this customer's.
    Conflict
        When it has not left the site yet.
    """
    order_id = _own_order(customer, order_id)
    order = lock_order(order_id)
    if order.state == State.TRAVELLING:
        order = confirm_arrived(order_id, by=customer.email, now=now)
    if order.state != State.DELIVERED:
        raise Conflict(f"{order}: {order.state}, not delivered")
    move(order, State.ACCEPTED, "accepted-by-customer", by=customer.email, now=now)
    return order


def wish_from(values: dict[str, Any], place: Place) -> Wish:
    """Read a wish from a form or an API body.

    Raises
    ------
    InvalidInput
        When the instance or the offer is not named, or the price is no number.
    """
    if not values.get("instance_key") or not values.get("offer_id"):
        raise InvalidInput("an order needs instance_key and offer_id")
    at_most = values.get("at_most_minor")
    if at_most is not None and not WHOLE_MINOR.fullmatch(str(at_most)):
        raise InvalidInput("at_most_minor: must be whole minor units")
    return Wish(
        instance_key=str(values["instance_key"])[:64],
        offer_id=str(values["offer_id"])[:100],
        place=place,
        deliver=bool(values.get("deliver")),
        idempotency_key=str(values.get("idempotency_key") or ""),
        at_most_minor=None if at_most is None else int(at_most),
    )
