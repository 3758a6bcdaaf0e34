"""What a site earned: its own share of the prices that customers paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nearmade.cloud.network.models import Site
from nearmade.cloud.orders.models import Order
from nearmade.cloud.pages import reading
from nearmade.vocabulary.money import Money

#: Parts of a price that the site hands on: to the carrier, to who sold the parts.
HANDED_ON = ("carriage", "bought")
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Earned:
    """One line of a site's earnings.

    Parameters
    ----------
    title
        Which orders.
    orders_text, share_text
        How many, and the site's own share of them, by currency.
    shared
        How many more were made with other sites, whose shares are not known.
    """

    title: str
    orders_text: str
    share_text: str
    shared: int


def own_share(order: Order) -> Money | None:
    """Give what the order's site keeps of its price; None when sites made it together.

    A price over several sites has one line for all their work, and nothing says how
    they divide it.
    """
    if order.quote.get("kind") == "plan":
        return None
    price = order.quote["price"]
    kept = [
        _money(str(item["amount"]))
        for item in price["items"]
        if item["code"] not in HANDED_ON
    ]
    return Money.total(kept, str(price["currency"]))


def _money(text: str) -> Money:
    amount, currency = text.split()
    return Money.of(Decimal(amount), currency)


def earnings_of(site: Site, now: datetime) -> list[Earned]:
    """Give this week's and all orders that reached people, and those in work."""
    return [
        _earned(_("This week"), reading.delivered_orders_at(site, now - WEEK)),
        _earned(_("In all"), reading.delivered_orders_at(site)),
        _earned(_("Still in work"), reading.orders_in_work_at(site)),
    ]


def _earned(title: str, orders: Sequence[Order]) -> Earned:
    shares = [share for share in map(own_share, orders) if share is not None]
    currencies = sorted({share.currency for share in shares})
    totals = [
        str(Money.total([s for s in shares if s.currency == currency], currency))
        for currency in currencies
    ]
    count = ngettext("%(n)d order", "%(n)d orders", len(shares)) % {"n": len(shares)}
    return Earned(title, count, " + ".join(totals), len(orders) - len(shares))
