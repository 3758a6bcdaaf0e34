"""The days of sites in a plan: which builds stand where, and how full each day is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

import numpy as np
from django.utils import formats
from django.utils.translation import gettext as _

from nearmade.cloud.pages.plan_sheet import Ints, PlanSheet

Sort = Literal["load", "price", "parts", "name"]
SORTS: Final[tuple[Sort, ...]] = ("load", "price", "parts", "name")
#: Sites on one page.
PAGE: Final = 12
#: Builds drawn of one group; the rest is told by number.
BARS: Final = 120
#: Width of a day in the drawing.
DAY: Final = 100.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One build: from when until when, in widths of the drawing."""

    x: float
    width: float
    label: str
    late: bool


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a group.

    Parameters
    ----------
    x
        In the drawing.
    hours, used
        There are; are used. [h]
    closed
        True when there are none.
    """

    x: float
    hours: float
    used: float
    closed: bool


@dataclass(frozen=True, slots=True)
class GroupDays:
    """Like machines of a site over the days."""

    name: str
    hours: float
    used: float
    price_usd: float
    cells: tuple[DayCell, ...]
    bars: tuple[Bar, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SiteDays:
    """A site over the days."""

    id: str
    name: str
    parts: int
    load: float
    price_usd: float
    groups: tuple[GroupDays, ...]


@dataclass(frozen=True, slots=True)
class DaysView:
    """One page of sites over the days."""

    sites: tuple[SiteDays, ...]
    days: tuple[str, ...]
    width: float
    total: int
    page: int
    last: int


def day_words(sheet: PlanSheet, day: int) -> str:
    """Name a day: by its date where the plan has one."""
    starts = sheet.picture.get("starts")
    if not starts:
        return _("day %(n)s") % {"n": day}
    moment = date.fromisoformat(starts) + timedelta(days=day)
    return formats.date_format(moment, "j M")


def days_view(sheet: PlanSheet, sort: Sort, page: int, only: str = "") -> DaysView:
    """Draw one page of the sites that make something, or one site alone."""
    busy = np.flatnonzero(sheet.site_parts)
    if only in sheet.site_id:
        busy = np.array([sheet.site_id.index(only)])
    keys: dict[Sort, Any] = {
        "load": lambda n: (-sheet.site_load[n], n),
        "price": lambda n: (-sheet.site_price[n], n),
        "parts": lambda n: (-sheet.site_parts[n], n),
        "name": lambda n: (sheet.site_name[n].casefold(), n),
    }
    ordered = sorted(busy.tolist(), key=keys[sort])
    last = max(1, -(-len(ordered) // PAGE))
    page = min(max(1, page), last)
    shown = ordered[(page - 1) * PAGE : page * PAGE]
    return DaysView(
        tuple(_site_days(sheet, n) for n in shown),
        tuple(day_words(sheet, day) for day in range(sheet.days)),
        DAY * sheet.days,
        len(ordered),
        page,
        last,
    )


def _site_days(sheet: PlanSheet, site: int) -> SiteDays:
    parts = sheet.parts_of_site[site]
    groups = [
        _group_days(sheet, int(group), parts[sheet.part_group[parts] == group])
        for group in sheet.groups_of_site[site]
    ]
    return SiteDays(
        sheet.site_id[site],
        sheet.site_name[site],
        int(sheet.site_parts[site]),
        float(sheet.site_load[site]),
        float(sheet.site_price[site]),
        tuple(groups),
    )


def _group_days(sheet: PlanSheet, group: int, parts: Ints) -> GroupDays:
    """Lay a group's builds one after the other, those needed first at the front.

    Like machines share their hours, so a bar is as long as the build takes of what
    the whole group has on these days.
    """
    columns = sheet.picture["components"]
    orders = sheet.picture["orders"]
    hours, used = sheet.group_hours[group], sheet.group_used[group]
    # Days on which nothing runs take no time away: a trace keeps the order of days.
    there = np.concatenate([[0.0], np.cumsum(hours + 1e-9)])
    when = np.arange(sheet.days + 1) * DAY
    sequence = sorted(parts.tolist(), key=lambda n: (columns["ready_day"][n], n))
    bars = []
    begun = 0.0
    for n in sequence[:BARS]:
        ended = begun + columns["hours"][n]
        order = columns["order"][n]
        x, end = np.interp([begun, ended], there, when)
        words = _("%(part)s of %(order)s: %(hours)s h, ready by %(day)s") % {
            "part": columns["id"][n],
            "order": order_name(sheet, order),
            "hours": f"{columns['hours'][n]:.2g}",
            "day": day_words(sheet, columns["ready_day"][n]),
        }
        late = orders["late_days"][order] > 0
        bars.append(
            Bar(round(float(x), 1), max(1.5, round(float(end - x), 1)), words, late)
        )
        begun = ended
    return GroupDays(
        str(sheet.picture["groups"]["id"][group]).rpartition("/")[2],
        float(hours.sum()),
        float(used.sum()),
        float(sheet.picture["groups"]["price"][group]),
        tuple(
            DayCell(day * DAY, float(hours[day]), float(used[day]), hours[day] <= 0)
            for day in range(sheet.days)
        ),
        tuple(bars),
        max(0, len(sequence) - BARS),
    )


def order_name(sheet: PlanSheet, order: int) -> str:
    """Call an order by what it is, where that is known, and its number."""
    number = str(sheet.picture["orders"]["id"][order])
    title = sheet.picture.get("titles", {}).get(number)
    return f"{title} {number[:8]}" if title else number
