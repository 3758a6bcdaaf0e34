"""The life-cycle report of one order, for its page and for the command line."""

from __future__ import annotations

from importlib.metadata import version

from nearmade.cloud.orders.accounting import case_of_order, seed_of
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.records import place_from
from nearmade.impact.axes import meet, varies
from nearmade.impact.case import with_titles
from nearmade.impact.compare import compare
from nearmade.impact.opened import CURVE_DRAWS
from nearmade.impact.report import report_html

DRAWS = 2000


def report_of_order(order: Order, *, back: tuple[str, str] | None = None) -> str:
    """Write the report of an order that was accounted for, as one HTML page.

    Its figures are worked out from the case that its card was made of, with the same
    seed, by the process database of today; its foot names that.

    Parameters
    ----------
    order
        Delivered and accounted for.
    back
        Where it was asked for: words and address; None for a file.

    Raises
    ------
    NotFound
        When it was not accounted for yet.
    """
    case, seed = with_titles(case_of_order(order)), seed_of(order)
    comparison = compare(case, draws=DRAWS, seed=seed)
    found = [
        meet(case, one, draws=CURVE_DRAWS, seed=seed)
        for one in case.meetings
        if not varies(case, one)
    ]
    facts = _facts(order)
    kept = (order.impact or {}).get("database_sha256")
    if kept is not None and kept != comparison.result.database.sha256:
        facts.append(("Process database", f"newer than that of the card, {kept[:16]}"))
    return report_html(
        comparison,
        break_evens=found,
        facts=facts,
        back=back,
        made_on=_accounted_on(order),
        version=version("nearmade"),
    )


def _facts(order: Order) -> list[tuple[str, str]]:
    place = str(place_from(order.place))
    facts = [
        ("Order", str(order.pk)),
        ("Brought to" if order.deliver else "Fetched by its customer in", place),
        ("Accounted for", _accounted_on(order)),
    ]
    if order.demo:
        facts.append(("Demo order", "synthetic workshop, simulated printers"))
    return facts


def _accounted_on(order: Order) -> str:
    """Give the day on which the card was made; the day of the order where unknown."""
    at = order.events.filter(kind="accounted").values_list("at", flat=True).first()
    return f"{at or order.placed_at:%Y-%m-%d}"
