"""The planner's map: how full or dear sites are, and what goes from where to where.

A plan of ten thousand sites is drawn by areas; whoever opens an area sees its cells,
then its sites. So there are never more than a few hundred marks and flows on a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import h3
import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nearmade.cloud.network.services import AREA_RESOLUTION, CELL_RESOLUTION
from nearmade.cloud.pages.figures import significant
from nearmade.cloud.pages.maps import LegLine, Spot, WorldMap, world_map
from nearmade.cloud.pages.plan_sheet import Floats, Ints, PlanSheet
from nearmade.cloud.pages.world import leg_path, on_sheet

Show = Literal["price", "load"]
SHOWS: Final[tuple[Show, ...]] = ("price", "load")
#: Up to so many sites are drawn one by one.
SINGLE: Final = 300
#: Flows drawn, the largest first: between sites and hubs, and to customers.
FLOWS: Final = 200
LAST_FLOWS: Final = 100
#: Lines of the table twin.
LINES: Final = 60
#: Upper ends of how full a place is, beside the colours.
LOAD_ENDS: Final = (0.0, 0.5, 0.75, 0.9, 0.99)
_COLOURS: Final = 5
#: Widths of the thinnest and thickest flow. [px]
_THIN, _THICK = 0.8, 6.0


@dataclass(frozen=True, slots=True)
class HeatStep:
    """One colour of the legend, and what it means."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One mark of the map, as a line of its table twin."""

    id: str
    name: str
    first: str
    href: str
    sites: int
    parts: int
    load: float
    price_usd: float
    level: int


@dataclass(frozen=True, slots=True)
class PlanMap:
    """The map, its legend and its twin.

    Parameters
    ----------
    map
        As ``pages/parts/map.html`` draws it.
    steps
        Colours of the legend.
    rows, more
        The twin, and how many places it leaves out.
    flows_drawn, flows
        Components on flows that are drawn, and on all.
    """

    map: WorldMap
    steps: tuple[HeatStep, ...]
    rows: tuple[PlaceRow, ...]
    more: int
    flows_drawn: int
    flows: int


def area_asked(text: str) -> str:
    """Read an area from an address; nonsense is the world."""
    known = h3.is_valid_cell(text) and h3.get_resolution(text) in (
        AREA_RESOLUTION,
        CELL_RESOLUTION,
    )
    return text if known else ""


def plan_map(sheet: PlanSheet, show: Show, area: str, address: str) -> PlanMap:
    """Draw a plan's sites and flows, in the world or in one area.

    Parameters
    ----------
    address
        Of the page, with everything that was asked but the area, to be added.
    """
    marks = _Marks(sheet, area)
    value = marks.price if show == "price" else marks.load
    ends = _ends(value) if show == "price" else LOAD_ENDS
    level = np.searchsorted(ends, value, side="left")
    rows = [
        PlaceRow(
            marks.key[n],
            marks.name(n),
            sheet.site_name[marks.first[n]],
            marks.href(n, address),
            int(marks.sites[n]),
            int(marks.parts[n]),
            float(marks.load[n]),
            float(marks.price[n]),
            int(level[n]),
        )
        for n in range(len(marks.key))
    ]
    flows, drawn = _flows(sheet, marks)
    around = [(lat, lon) for lat, lon in h3.cell_to_boundary(area)] if area else []
    if not area and len(marks.key) > 1:
        around = [(lat, lon) for lat, lon in marks.point.tolist()]
    if around and max(p[1] for p in around) - min(p[1] for p in around) > 180:
        around = []  # over the edge of the sheet: show the world
    spots = [_spot(row, marks.point[n]) for n, row in enumerate(rows)]
    best = sorted(rows, key=lambda row: (-_shown(row, show), -row.parts, row.name))
    return PlanMap(
        world_map(spots, _("Where the plan makes things"), around, flows),
        _steps(ends, show),
        tuple(best[:LINES]),
        max(0, len(best) - LINES),
        drawn,
        int((sheet.part_site >= 0).sum()),
    )


def _shown(row: PlaceRow, show: Show) -> float:
    return row.price_usd if show == "price" else row.load


class _Marks:
    """Sites gathered by what one mark stands for."""

    def __init__(self, sheet: PlanSheet, area: str) -> None:
        self.sheet = sheet
        inside = np.arange(len(sheet.site_point))
        if area:
            by = (
                sheet.site_area
                if h3.get_resolution(area) == AREA_RESOLUTION
                else sheet.site_cell
            )
            inside = np.array([n for n in inside if by[n] == area], dtype=np.int64)
        self.single = len(inside) <= SINGLE or (
            bool(area) and h3.get_resolution(area) == CELL_RESOLUTION
        )
        if self.single:
            inside = inside[:SINGLE]
        self.resolution = CELL_RESOLUTION if area else AREA_RESOLUTION
        words = (
            sheet.site_id
            if self.single
            else (sheet.site_cell if area else sheet.site_area)
        )
        names = [words[n] for n in inside]
        self.key = list(dict.fromkeys(names))
        place = {name: n for n, name in enumerate(self.key)}
        number = np.array([place[name] for name in names], dtype=np.int64)
        #: Mark of each site, -1 where it is not on the map.
        self.mark_of_site = np.full(len(sheet.site_point), -1, dtype=np.int64)
        self.mark_of_site[inside] = number

        def summed(values: Floats | Ints) -> Floats:
            return np.bincount(
                number, weights=values[inside], minlength=len(self.key)
            ).astype(np.float64)

        self.sites = np.bincount(number, minlength=len(self.key))
        self.parts = summed(sheet.site_parts)
        hours = summed(sheet.site_hours)
        self.load = summed(sheet.site_used) / np.maximum(hours, 1e-9)
        # A place is as dear as its sites are on the whole, by the hours they have.
        self.price = summed(sheet.site_price * sheet.site_hours) / np.maximum(
            hours, 1e-9
        )
        several = np.maximum(self.sites, 1)
        self.point = np.stack(
            [summed(sheet.site_point[:, axis]) / several for axis in (0, 1)], axis=1
        )
        self.first = [int(n) for n in inside[np.unique(number, return_index=True)[1]]]

    def name(self, mark: int) -> str:
        """Call one site by its name, several by how many they are."""
        one = self.sheet.site_name[self.first[mark]]
        n = int(self.sites[mark])
        if n == 1:
            return one
        said = ngettext("%(name)s and %(n)s more", "%(name)s and %(n)s more", n - 1)
        return said % {"name": one, "n": n - 1}

    def href(self, mark: int, address: str) -> str:
        """Give where a mark leads: closer, or to its site's days."""
        if self.single or self.sites[mark] == 1:
            return f"{address}&site={self.sheet.site_id[self.first[mark]]}#days"
        return f"{address}&area={self.key[mark]}#map"


def _spot(row: PlaceRow, point: Floats) -> Spot:
    name = row.name
    if row.sites > 1:  # the number in the dot is in its name
        name = _("%(n)s sites with %(name)s") % {"n": row.sites, "name": row.first}
    said = ngettext(
        "%(name)s: %(parts)s component, %(load)s %% full, %(price)s USD for an hour",
        "%(name)s: %(parts)s components, %(load)s %% full, %(price)s USD for an hour",
        row.parts,
    ) % {
        "name": name,
        "parts": row.parts,
        "load": round(100 * row.load),
        "price": significant(row.price_usd, 2),
    }
    return Spot(
        id=row.id,
        lat_deg=float(point[0]),
        lon_deg=float(point[1]),
        label=said,
        href=row.href,
        go=True,
        count=max(1, row.sites),
        heat=row.level,
    )


def _ends(value: Floats) -> tuple[float, ...]:
    """Give the upper ends of colours: nothing, then as many places in each."""
    above = value[value > 0]
    if not len(above):
        return (0.0,)
    shares = np.arange(1, _COLOURS) / _COLOURS
    found = np.unique(np.round(np.quantile(above, shares), 4))
    return (0.0, *[float(end) for end in found if end > 0])


def _steps(ends: Sequence[float], show: Show) -> tuple[HeatStep, ...]:
    def word(value: float) -> str:
        if show == "load":
            return _("%(n)s %%") % {"n": round(100 * value)}
        return significant(value, 2)

    found = [HeatStep(0, _("nothing"))]
    for n, (low, high) in enumerate(zip(ends, (*ends[1:], None), strict=True), 1):
        if high is None:
            text = _("above %(low)s") % {"low": word(low)}
        else:
            text = _("to %(high)s") % {"high": word(high)}
        found.append(HeatStep(n, text))
    return tuple(found)


def _flows(sheet: PlanSheet, marks: _Marks) -> tuple[list[LegLine], int]:
    """Draw what goes from where it is made to where it comes together, and on."""
    hub = sheet.order_hub[sheet.part_order]
    made = sheet.part_site >= 0
    start = np.where(made, marks.mark_of_site[np.maximum(sheet.part_site, 0)], -1)
    travels = (start >= 0) & (hub >= 0)
    near, of_hub = _places(sheet.hub_point, marks)
    lines: list[LegLine] = []
    drawn = 0
    if travels.any():
        ends = of_hub[hub[travels]]
        for a, b, n, width in _largest(start[travels], ends, FLOWS):
            drawn += n
            label = ngettext("%(n)s component", "%(n)s components", n) % {"n": n}
            lines += _line(marks.point[a], near[b], width, label, "flow")
    done = sheet.order_hub >= 0
    if done.any():
        from_hub = of_hub[sheet.order_hub[done]]
        homes, home = _places(sheet.order_point[done], marks)
        if marks.resolution == CELL_RESOLUTION:
            # Of one area: only orders whose hub makes for or stands in it.
            inside = np.isin(sheet.order_hub[done], np.unique(hub[travels]))
            from_hub, home = from_hub[inside], home[inside]
        for a, b, n, width in _largest(from_hub, home, LAST_FLOWS):
            label = ngettext("%(n)s order", "%(n)s orders", n) % {"n": n}
            lines += _line(near[a], homes[b], width, label, "flow last")
    return lines, drawn


def _places(points: Floats, marks: _Marks) -> tuple[Floats, Ints]:
    """Gather points as the map does: where they stand, and which each one is."""
    if marks.single or not len(points):
        return points, np.arange(len(points))
    words = [
        h3.latlng_to_cell(lat, lon, marks.resolution) for lat, lon in points.tolist()
    ]
    names, number = np.unique(words, return_inverse=True)
    several = np.maximum(np.bincount(number), 1)
    middle = np.stack(
        [np.bincount(number, weights=points[:, axis]) / several for axis in (0, 1)],
        axis=1,
    )
    # An area that has sites has its middle where its mark stands.
    stand = {key: marks.point[n] for n, key in enumerate(marks.key)}
    for n, name in enumerate(names.tolist()):
        if name in stand:
            middle[n] = stand[name]
    return middle, number.astype(np.int64)


def _largest(start: Ints, end: Ints, most: int) -> list[tuple[int, int, int, float]]:
    """Count pairs, and give the largest with their widths. [px]"""
    if not len(start):
        return []
    width = int(end.max()) + 1
    pairs, counts = np.unique(start * width + end, return_counts=True)
    top = np.argsort(-counts, kind="stable")[:most]
    largest = float(counts[top[0]])
    return [
        (
            int(pairs[n]) // width,
            int(pairs[n]) % width,
            int(counts[n]),
            _THIN + (_THICK - _THIN) * float(np.sqrt(counts[n] / largest)),
        )
        for n in top
    ]


def _line(
    start: Floats, end: Floats, width: float, label: str, state: str
) -> list[LegLine]:
    a = on_sheet(float(start[0]), float(start[1]))
    b = on_sheet(float(end[0]), float(end[1]))
    if a == b:
        return []
    return [LegLine("", leg_path(a, b), state=state, width=width, label=label)]
