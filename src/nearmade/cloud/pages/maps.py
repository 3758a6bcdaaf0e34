"""Maps for templates: ``pages/parts/map.html`` says what one holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from nearmade.cloud.pages.figures import significant
from nearmade.cloud.pages.world import (
    View,
    leg_path,
    on_sheet,
    radius_on_sheet,
    view_around,
)
from nearmade.vocabulary.place import Place

#: Radius of a dot on a map of the whole world, in units of the sheet.
DOT = 4.2
HERE_RING = 9.0
#: How much a dot of ten times as many places is wider, in dots of one place.
COUNT_GROWTH = 0.55


@dataclass(frozen=True, slots=True)
class Mark:
    """A site on the map.

    Parameters
    ----------
    id
        The same as in the table twin's ``data-site``.
    x, y, r
        Where its dot stands on the sheet, and how large it is.
    label
        For people.
    href
        Where it leads.
    kind
        ``solar``, ``nobodys`` (no site of the network), or empty.
    live, closed, go
        Printing now; cannot make it; follow the link instead of choosing.
    count
        How many places the dot stands for; above one, the number is written in it.
    """

    id: str
    x: float
    y: float
    r: float
    label: str
    href: str
    kind: str = ""
    live: bool = False
    closed: bool = False
    go: bool = False
    count: int = 1

    @property
    def letter(self) -> float:
        """Height of the number in the dot, so that its figures stay inside."""
        return round(self.r * (1.25 if self.count < 100 else 0.95), 3)


@dataclass(frozen=True, slots=True)
class Here:
    """Where the customer is."""

    x: float
    y: float
    r: float
    dot: float
    label: str


@dataclass(frozen=True, slots=True)
class Ring:
    """So many kilometres around the customer."""

    r: float
    label: str


@dataclass(frozen=True, slots=True)
class LegLine:
    """A way of goods; ``width`` in pixels where it stands for many."""

    site: str
    path: str
    hidden: bool = False
    state: str = ""
    gone_percent: float = 0.0
    width: float = 0.0
    label: str = ""


@dataclass(frozen=True, slots=True)
class WorldMap:
    """All that the template draws."""

    view: View
    label: str
    marks: tuple[Mark, ...]
    here: Here | None = None
    rings: tuple[Ring, ...] = ()
    legs: tuple[LegLine, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Spot:
    """A site to be drawn, before the map's size is known."""

    id: str
    lat_deg: float
    lon_deg: float
    label: str
    href: str
    solar: bool = False
    live: bool = False
    closed: bool = False
    go: bool = False
    nobodys: bool = False
    count: int = 1
    heat: int = -1

    @property
    def kind(self) -> str:
        """The word of its colour."""
        if self.heat >= 0:
            return f"heat heat-{self.heat}"
        return "nobodys" if self.nobodys else "solar" if self.solar else ""

    @property
    def growth(self) -> float:
        """How much wider than the dot of one place it is, by the number of places."""
        if self.count == 1:
            return 1.0
        return 1.25 + COUNT_GROWTH * math.log10(self.count)


@dataclass(frozen=True, slots=True)
class Way:
    """A leg of an offer over several sites; to the customer when ``to`` is None."""

    offer: str
    origin: str
    to: str | None


def world_map(
    spots: Iterable[Spot],
    label: str,
    around: Iterable[tuple[float, float]] = (),
    legs: Iterable[LegLine] = (),
) -> WorldMap:
    """Draw sites on the whole world, or on what frames some points of it. [deg]"""
    view = view_around([on_sheet(*point) for point in around], aspect=0.56)
    return WorldMap(view, label, _marks(spots, view), legs=tuple(legs))


def map_near(
    place: Place,
    spots: Iterable[Spot],
    frame: Iterable[str],
    label: str,
    ways: Iterable[Way] = (),
) -> WorldMap:
    """Draw sites around a place; those named in ``frame`` are all in the picture.

    The ways of every offer are drawn hidden: whoever chooses the offer shows them.
    """
    known = list(spots)
    framed = set(frame)
    here = on_sheet(place.lat_deg, place.lon_deg)
    points = [on_sheet(s.lat_deg, s.lon_deg) for s in known if s.id in framed]
    view = view_around([here, *points])
    stand = {spot.id: on_sheet(spot.lat_deg, spot.lon_deg) for spot in known}
    alone = [
        LegLine(spot.id, leg_path(stand[spot.id], here), hidden=True)
        for spot in known
        if not spot.closed
    ]
    together = [
        LegLine(
            way.offer,
            leg_path(stand[way.origin], stand[way.to] if way.to else here),
            hidden=True,
        )
        for way in ways
    ]
    rings = []
    for reach_km in (100, 500, 2000):
        radius = radius_on_sheet(place.lat_deg, place.lon_deg, reach_km)
        if 0.06 < radius / view.width < 0.6:
            text = _("ring: %(n)s km") % {"n": significant(reach_km, 3)}
            rings.append(Ring(radius, text))
    return WorldMap(
        view,
        label,
        _marks(known, view),
        Here(*here, view.sized(HERE_RING), view.sized(DOT * 0.7), str(place)),
        tuple(rings[:2]),
        (*alone, *together),
    )


@dataclass(frozen=True, slots=True)
class RouteWay:
    """One leg of an order: from which site, to where, and how far it is."""

    site: str
    label: str
    href: str
    start: Place
    end: Place
    state: str
    gone_fraction: float


def route_map(place: Place, ways: Sequence[RouteWay], label: str) -> WorldMap:
    """Draw the ways that an order's goods take, and how far they are."""
    here = on_sheet(place.lat_deg, place.lon_deg)
    points = [on_sheet(p.lat_deg, p.lon_deg) for w in ways for p in (w.start, w.end)]
    view = view_around([here, *points], least=14.0)
    lines = tuple(
        LegLine(
            way.site,
            leg_path(
                on_sheet(way.start.lat_deg, way.start.lon_deg),
                on_sheet(way.end.lat_deg, way.end.lon_deg),
            ),
            state=way.state,
            gone_percent=round(100 * way.gone_fraction, 1),
        )
        for way in ways
    )
    spots = {
        way.site: Spot(
            way.site, way.start.lat_deg, way.start.lon_deg, way.label,
            way.href, go=True,
        )
        for way in ways
    }  # fmt: skip
    return WorldMap(
        view,
        label,
        _marks(spots.values(), view),
        Here(*here, view.sized(HERE_RING), view.sized(DOT * 0.7), str(place)),
        (),
        lines,
    )


def _marks(spots: Iterable[Spot], view: View) -> tuple[Mark, ...]:
    size = view.sized(DOT if view.width > 500 else DOT * 1.3)
    taken: Counter[tuple[float, float]] = Counter()
    drawn = [
        Mark(
            spot.id,
            *_beside(on_sheet(spot.lat_deg, spot.lon_deg), taken, size),
            round(size * spot.growth, 3),
            spot.label,
            spot.href,
            spot.kind,
            spot.live,
            spot.closed,
            spot.go,
            spot.count,
        )
        for spot in spots
    ]
    # What cannot be chosen lies below what can; what prints lies on top.
    return tuple(sorted(drawn, key=lambda mark: (not mark.closed, mark.live)))


def _beside(
    point: tuple[float, float], taken: Counter[tuple[float, float]], size: float
) -> tuple[float, float]:
    """Move the second and later sites of one town around the first."""
    town = (round(point[0], 1), round(point[1], 1))
    before = taken[town]
    taken[town] += 1
    if before == 0:
        return point
    angle = before * math.tau / 6
    away = size * 2.2 * (1 + (before - 1) // 6)
    return point[0] + away * math.cos(angle), point[1] + away * math.sin(angle)
