"""How figures are written for people."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def significant(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits, never less than whole ones."""
    if value == 0 or not math.isfinite(value):
        return number_format(0) if value == 0 else "–"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    rounded = round(value, decimals)
    text = f"{rounded:.{min(decimals, 6)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return number_format(text, use_l10n=True, force_grouping=abs(rounded) >= 10_000)


def duration_text(span: timedelta) -> str:
    """Write a time span as people say it: 40 min, 2 h 05 min, 3.5 days."""
    minutes = max(0, round(span.total_seconds() / 60))
    if minutes < 60:
        return _("%(n)s min") % {"n": number_format(minutes)}
    hours, rest = divmod(minutes, 60)
    if hours < 36:
        return _("%(h)s h %(m)s min") % {"h": number_format(hours), "m": f"{rest:02d}"}
    return _("%(n)s days") % {"n": significant(minutes / 1440, 2)}


def plain_value(value: object) -> str:
    """Write a parameter's value as a form or an address carries it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, list | tuple):
        return ", ".join(plain_value(entry) for entry in value)
    return str(value)


def plain_name(name: str) -> str:
    """Leave out ``(demo)`` where a badge says it."""
    return name.removesuffix(" (demo)")


def number_in(said: Mapping[str, Any], name: str) -> float | None:
    """Take a figure from what an agent said; None when it is no finite number."""
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
