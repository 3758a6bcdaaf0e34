"""The register: sites of the network and places that nobody has claimed, as one list.

Every look is a fixed number of queries, each bounded by a page of rows, the countries
of the world, or the areas of the map; so a register of any size answers alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import h3
from django.db.models import (
    Avg,
    BooleanField,
    CharField,
    Count,
    F,
    Func,
    Min,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Lower

from nearmade.cloud.network.listings import unclaimed
from nearmade.cloud.network.models import Listing, Site
from nearmade.cloud.network.services import (
    AREA_RESOLUTION,
    AWAY_AFTER_S,
    CELL_RESOLUTION,
)

Whose = Literal["", "claimed", "unclaimed"]
#: Entries on one page.
PAGE: Final = 50
#: Pages that can be asked for; what lies beyond is found by narrowing down.
MOST_PAGES: Final = 1000
LONGEST_TEXT: Final = 80
#: Up to this many entries of an area are drawn one by one.
SINGLE: Final = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody looks for in the register.

    Parameters
    ----------
    text
        Part of a name or town.
    country, kind, process, material
        Exactly these; empty for any. Nobody knows of an unclaimed place what it can
        make, so a process or a material leaves those out.
    live
        Only sites whose agent was heard of lately.
    whose
        Only claimed places, only unclaimed ones, or both.
    area
        An H3 cell of the map; empty for the world.
    """

    text: str = ""
    country: str = ""
    kind: str = ""
    process: str = ""
    material: str = ""
    live: bool = False
    whose: Whose = ""
    area: str = ""

    @property
    def only_sites(self) -> bool:
        """True when no unclaimed place can be meant."""
        wanted = self.process or self.material or self.live
        return bool(wanted) or self.whose == "claimed"

    @property
    def narrowed(self) -> bool:
        """True when anything is asked."""
        return self != Ask()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register; ``site`` or ``listing`` is there, the other is None."""

    id: str
    site: Site | None
    listing: Listing | None


@dataclass(frozen=True, slots=True)
class Dot:
    """One or more entries at one point of the map.

    Parameters
    ----------
    id
        Of the only entry, or of the cell that holds them.
    lat_deg, lon_deg
        In their middle.
    sites, unclaimed
        How many of each.
    name
        Of the only entry; empty for several.
    cell
        Where to look closer; empty for one.
    """

    id: str
    lat_deg: float
    lon_deg: float
    sites: int
    unclaimed: int
    name: str = ""
    cell: str = ""
    solar: bool = False

    @property
    def count(self) -> int:
        """How many entries stand there."""
        return self.sites + self.unclaimed


def asked_in(given: Mapping[str, str]) -> Ask:
    """Read what is asked from an address; nonsense counts as not asked."""
    whose = given.get("whose", "")
    area = given.get("area", "")
    known = h3.is_valid_cell(area) and h3.get_resolution(area) in (
        AREA_RESOLUTION,
        CELL_RESOLUTION,
    )

    def text(name: str) -> str:
        return " ".join(given.get(name, "").replace("\0", " ").split())[:LONGEST_TEXT]

    return Ask(
        text=text("q"),
        country=text("country").upper()[:2],
        kind=text("kind"),
        process=text("process"),
        material=text("material"),
        live=given.get("live", "") == "1",
        whose="claimed"
        if whose == "claimed"
        else "unclaimed"
        if whose == "unclaimed"
        else "",
        area=area if known else "",
    )


def _within(area: str) -> Q:
    if not area:
        return Q()
    coarse = h3.get_resolution(area) == AREA_RESOLUTION
    return Q(area=area) if coarse else Q(cell=area)


def sites_asked(ask: Ask, *, now: datetime) -> QuerySet[Site]:
    """Give the sites of the network that are meant."""
    rows = Site.objects.filter(_within(ask.area))
    if ask.whose == "unclaimed":
        return rows.none()
    if ask.text:
        town = Q(record__location__address__city__icontains=ask.text)
        rows = rows.filter(Q(name__icontains=ask.text) | town)
    if ask.country:
        rows = rows.filter(country=ask.country)
    if ask.kind:
        rows = rows.filter(kind=ask.kind)
    if ask.process:
        rows = rows.filter(processes__contains=[ask.process])
    if ask.material:
        rows = rows.filter(materials__contains=[ask.material])
    if ask.live:
        rows = rows.filter(seen_at__gt=now - timedelta(seconds=AWAY_AFTER_S))
    return rows


def listings_asked(ask: Ask) -> QuerySet[Listing]:
    """Give the unclaimed places that are meant."""
    rows = unclaimed().filter(_within(ask.area))
    if ask.only_sites:
        return rows.none()
    if ask.text:
        rows = rows.filter(Q(name__icontains=ask.text) | Q(town__icontains=ask.text))
    if ask.country:
        rows = rows.filter(country=ask.country)
    if ask.kind:
        rows = rows.filter(kind=ask.kind)
    return rows


def page_of(ask: Ask, page: int, *, now: datetime) -> list[Entry]:
    """Give one page of entries: sites that can make things first, then by name."""

    def lines(rows: QuerySet[Any], nobodys: bool) -> Any:
        text: Any = Cast("pk", CharField())
        return (
            rows.order_by()
            .annotate(
                key=text,
                nobodys=Value(nobodys, BooleanField()),
                by=Lower("name", output_field=CharField()),
            )
            .values_list("key", "nobodys", "by")
        )

    both = lines(sites_asked(ask, now=now), False).union(
        lines(listings_asked(ask), True), all=True
    )
    start = (page - 1) * PAGE
    keys = list(both.order_by("nobodys", "by", "key")[start : start + PAGE])
    sites = Site.objects.in_bulk([key for key, nobodys, _ in keys if not nobodys])
    listings = Listing.objects.select_related("source").in_bulk(
        [key for key, nobodys, _ in keys if nobodys]
    )
    return [
        Entry(key, sites.get(key), listings.get(key))
        for key, _nobodys, _by in keys
        if key in sites or key in listings
    ]


def counts_of(ask: Ask, *, now: datetime) -> tuple[int, int]:
    """Count sites and unclaimed places that are meant."""
    return sites_asked(ask, now=now).count(), listings_asked(ask).count()


def dots_of(ask: Ask, *, now: datetime) -> list[Dot]:
    """Put what is meant on the map: one by one when few, else by area.

    Places without a point are not on the map.
    """
    sites = sites_asked(ask, now=now)
    listings = listings_asked(ask).exclude(area="")
    if sites.count() + listings.count() <= SINGLE or _finest(ask.area):
        return [*_single(sites, 1), *_single(listings, 0)]
    by = "cell" if ask.area else "area"
    areas: dict[str, Dot] = {}
    for rows, own in ((sites, 1), (listings, 0)):
        for dot in _grouped(rows, by, own):
            areas[dot.cell] = (
                _joined(areas[dot.cell], dot) if dot.cell in areas else dot
            )
    return list(areas.values())


def _finest(area: str) -> bool:
    return bool(area) and h3.get_resolution(area) == CELL_RESOLUTION


def _single(rows: QuerySet[Any], own: int) -> Iterable[Dot]:
    solar = ("solar",) if own else ()
    columns = ("pk", "name", "lat_deg", "lon_deg", *solar)
    # A cell is no wider than a city: more than this in one would hide each other.
    for pk, name, lat_deg, lon_deg, *more in rows.values_list(*columns)[: 2 * SINGLE]:
        sunny = bool(more and more[0])
        yield Dot(pk, lat_deg, lon_deg, own, 1 - own, name, solar=sunny)


def _grouped(rows: QuerySet[Any], by: str, own: int) -> Iterable[Dot]:
    groups = (
        rows.order_by()
        .values(by)
        .annotate(
            n=Count("pk"),
            lat=Avg("lat_deg"),
            lon=Avg("lon_deg"),
            first=Min("pk"),
            called=Min("name"),
        )
    )
    for group in groups:
        one = group["n"] == 1
        yield Dot(
            id=group["first"] if one else group[by],
            lat_deg=group["lat"],
            lon_deg=group["lon"],
            sites=group["n"] * own,
            unclaimed=group["n"] * (1 - own),
            name=group["called"] if one else "",
            cell=group[by],
        )


def _joined(one: Dot, other: Dot) -> Dot:
    share = one.count / (one.count + other.count)
    return replace(
        one,
        id=one.cell,
        lat_deg=one.lat_deg * share + other.lat_deg * (1 - share),
        lon_deg=one.lon_deg * share + other.lon_deg * (1 - share),
        sites=one.sites + other.sites,
        unclaimed=one.unclaimed + other.unclaimed,
        name="",
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """How large the register is.

    Parameters
    ----------
    sites, machines, solar
        Of the network.
    unclaimed, unmapped
        Places that nobody has claimed; and those of them without a point.
    countries
        Of all.
    """

    sites: int
    machines: int
    solar: int
    unclaimed: int
    unmapped: int
    countries: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be narrowed down to, each with how many entries it has."""

    countries: Mapping[str, int]
    kinds: Mapping[str, int]
    processes: Mapping[str, int]
    materials: Mapping[str, int]


def choices_and_figures() -> tuple[Choices, Figures]:
    """Count the whole register, by what it can be narrowed down to."""
    total = Site.objects.aggregate(
        n=Count("pk"),
        machines=Sum("machine_count"),
        solar=Count("pk", filter=Q(solar=True)),
    )
    open_places = unclaimed().aggregate(
        n=Count("pk"), unmapped=Count("pk", filter=Q(area=""))
    )
    countries = _tally(("country",), Site.objects.all(), unclaimed())
    choices = Choices(
        countries,
        _tally(("kind",), Site.objects.all(), unclaimed()),
        _each_of("processes"),
        _each_of("materials"),
    )
    figures = Figures(
        sites=total["n"],
        machines=total["machines"] or 0,
        solar=total["solar"],
        unclaimed=open_places["n"],
        unmapped=open_places["unmapped"],
        countries=len(countries),
    )
    return choices, figures


def _tally(by: tuple[str], *several: QuerySet[Any]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for rows in several:
        pairs = rows.order_by().values_list(*by).annotate(n=Count("pk"))
        for value, n in pairs:
            counted[value] = counted.get(value, 0) + n
    return dict(sorted(counted.items()))


def _each_of(column: str) -> dict[str, int]:
    each = Func(F(column), function="unnest", output_field=TextField())
    pairs = (
        Site.objects.order_by()
        .annotate(each=each)
        .values_list("each")
        .annotate(n=Count("pk"))
    )
    return dict(sorted(pairs))
