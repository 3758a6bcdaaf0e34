"""Sections of the report on the ways themselves: facts, money, time, water, materials.

What an order's page shows on its card stands here too, so that one report serves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from nearmade.impact.case import Moulded, Own, Printed, Way
from nearmade.impact.compare import Comparison
from nearmade.impact.hazards import ends_of_life, material_hazards
from nearmade.impact.partial import PARTIAL, partial_words
from nearmade.impact.report_words import definitions, dollars, spread, table
from nearmade.vocabulary.estimate import Estimate

#: Name and what it is, both plain text.
Facts = Sequence[tuple[str, str]]


def facts_section(facts: Facts) -> str:
    """Tell what the report is of; nothing where nothing is told."""
    return definitions(facts) if facts else ""


def money_and_time(comparison: Comparison) -> str:
    """Set prices and days side by side, where any way tells them."""
    rows = []
    for name, way in comparison.case.ways.items():
        price, days = _price_and_days(way)
        if price is not None or days is not None:
            cells = (spread(price, dollars), spread(days, _days))
            rows.append((escape(name), *cells))
    if not rows:
        return ""
    heads = ("way", "price, all of it", "from order to user")
    return table(heads, rows, "Money and time; an interval holds four cases in five")


def _price_and_days(way: Way) -> tuple[Estimate | None, Estimate | None]:
    if isinstance(way, Printed):
        return way.inventory.price_usd, way.inventory.days
    if isinstance(way, Moulded):
        return way.inventory.central.retail_price_usd, way.inventory.central.days
    assert isinstance(way, Own)
    return None, None


def _days(value: float) -> str:
    return f"{value:.2g} days"


def water_and_dust(comparison: Comparison) -> str:
    """Tell what is known of both, with the share of the climate score it covers."""
    methods = comparison.result.database.methods
    rows = [
        (
            escape(name),
            *(escape(partial_words(one)) for one in comparison.partial(name)),
        )
        for name in comparison.case.ways
    ]
    heads = ("way", *(escape(methods[one].name) for one in PARTIAL))
    return table(heads, rows, "What only a part of the inventory has figures for")


def materials(comparison: Comparison) -> str:
    """Tell what the feedstocks do to those who work them, and what comes after."""
    printed = (w for w in comparison.case.ways.values() if isinstance(w, Printed))
    used = tuple(
        dict.fromkeys(part.material for way in printed for part in way.inventory.parts)
    )
    flags, ends = material_hazards(used), ends_of_life(used)
    if not (flags or ends):
        return ""
    told = [(one.material, one.message, one.source) for one in flags]
    told += [(one.material, one.message, one.source) for one in ends]
    lines = [
        f"<b>{escape(name)}:</b> {escape(said)} <small>{escape(source)}</small>"
        for name, said, source in told
    ]
    return "<h2>The material, at work and after use</h2>" + _list(lines)


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
