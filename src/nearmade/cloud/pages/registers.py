"""The register as the page shows it: its lines, its map, what it is narrowed by."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import h3
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nearmade.cloud.network.models import Listing, ListingSource, Site
from nearmade.cloud.network.register import Ask, Choices, Dot, Entry, dots_of
from nearmade.cloud.network.services import facility_of, is_live
from nearmade.cloud.pages.figures import plain_name
from nearmade.cloud.pages.maps import Spot, WorldMap, world_map
from nearmade.cloud.pages.templatetags.nearmade import kind_name
from nearmade.cloud.pages.titles import material_name, process_name
from nearmade.vocabulary.addresses import facility_url
from nearmade.vocabulary.countries import country_name


def address(ask: Ask, **changes: str) -> str:
    """Give the register's address for what is asked, with changes."""
    fields = {
        "q": ask.text,
        "country": ask.country,
        "kind": ask.kind,
        "process": ask.process,
        "material": ask.material,
        "live": "1" if ask.live else "",
        "whose": ask.whose,
        "area": ask.area,
        **changes,
    }
    query = urlencode({name: value for name, value in fields.items() if value})
    return reverse("pages:sites") + (f"?{query}" if query else "")


def stable_url(site_id: str) -> str:
    """Give the lasting address of a place, for other platforms too."""
    return facility_url(settings.CONFIGURATION.public_url, site_id)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the register; ``pages/sites.html`` says what is shown."""

    id: str
    name: str
    place: str
    kind: str
    href: str
    claimed: bool
    machines: int = 0
    materials: tuple[str, ...] = ()
    solar: bool = False
    live: bool = False
    busy: bool = False
    demo: bool = False
    status: str = ""
    source: ListingSource | None = None


def lines_of(entries: Iterable[Entry], busy: set[str], now: datetime) -> list[Line]:
    """Lay out a page of the register."""
    lines = []
    for entry in entries:
        if entry.site is not None:
            lines.append(_site_line(entry.site, entry.id in busy, now))
        elif entry.listing is not None:
            lines.append(_listing_line(entry.listing))
    return lines


def _site_line(row: Site, busy: bool, now: datetime) -> Line:
    facility = facility_of(row)
    return Line(
        id=row.pk,
        name=plain_name(row.name),
        place=str(facility.place),
        kind=facility.kind,
        href=reverse("pages:site", args=[row.pk]),
        claimed=True,
        machines=row.machine_count,
        materials=tuple(row.materials),
        solar=row.solar,
        live=is_live(row, now),
        busy=busy,
        demo=row.demo,
        status="" if facility.status == "active" else facility.status,
    )


def _listing_line(row: Listing) -> Line:
    return Line(
        id=row.pk,
        name=row.name,
        place=", ".join(filter(None, (row.town or row.region, row.country))),
        kind=row.kind,
        href=reverse("pages:site", args=[row.pk]),
        claimed=False,
        source=row.source,
    )


def register_map(ask: Ask, busy: set[str], now: datetime) -> WorldMap:
    """Draw what is meant, near places as one dot with their number."""
    spots = [_spot(dot, ask, busy) for dot in dots_of(ask, now=now)]
    around: list[tuple[float, float]] = []
    if ask.area:
        around = [(lat, lon) for lat, lon in h3.cell_to_boundary(ask.area)]
    elif ask.narrowed and len(spots) > 0:
        around = [(spot.lat_deg, spot.lon_deg) for spot in spots]
    if around and max(lon for _, lon in around) - min(lon for _, lon in around) > 180:
        around = []  # over the edge of the sheet: show the world
    return world_map(spots, _("The places of the register"), around)


def _spot(dot: Dot, ask: Ask, busy: set[str]) -> Spot:
    if dot.count == 1 and dot.name:
        label = plain_name(dot.name)
        if dot.unclaimed:
            label = _("%(name)s, unclaimed") % {"name": label}
        href = reverse("pages:site", args=[dot.id])
    else:
        label = places_text(dot.sites, dot.unclaimed)
        if dot.sites and dot.unclaimed:  # the number in the dot is in its name
            label = _("%(n)s places: %(what)s") % {"n": dot.count, "what": label}
        href = address(ask, area=dot.cell)
    return Spot(
        id=dot.id,
        lat_deg=dot.lat_deg,
        lon_deg=dot.lon_deg,
        label=label,
        href=href,
        solar=dot.solar,
        live=dot.id in busy,
        go=True,
        nobodys=dot.sites == 0,
        count=dot.count,
    )


def places_text(sites: int, unclaimed: int) -> str:
    """Say how many workshops and how many unclaimed places there are."""
    ours = ngettext("%(n)s workshop", "%(n)s workshops", sites) % {"n": sites}
    nobodys = ngettext("%(n)s unclaimed place", "%(n)s unclaimed places", unclaimed) % {
        "n": unclaimed
    }
    if not unclaimed:
        return ours
    return f"{ours}, {nobodys}" if sites else nobodys


@dataclass(frozen=True, slots=True)
class Select:
    """One field that narrows the register down."""

    name: str
    label: str
    anything: str
    options: tuple[tuple[str, str], ...]
    chosen: str


def selects_of(ask: Ask, choices: Choices) -> list[Select]:
    """Give the selects, each choice with how many entries it has."""

    def options(counted: Mapping[str, int], word: Any) -> tuple[tuple[str, str], ...]:
        pairs = ((value, word(value), n) for value, n in counted.items())
        return tuple(
            (value, f"{title} ({n})")
            for value, title, n in sorted(pairs, key=lambda one: one[1])
        )

    return [
        Select("country", _("Country"), _("any country"),
               options(choices.countries, country_name), ask.country),
        Select("kind", _("Sort of place"), _("any sort"),
               options(choices.kinds, kind_name), ask.kind),
        Select("process", _("Process"), _("any process"),
               options(choices.processes, process_name), ask.process),
        Select("material", _("Material in stock"), _("any material"),
               options(choices.materials, material_name), ask.material),
        Select("whose", _("Claimed"), _("both"),
               (("claimed", _("run by somebody here")),
                ("unclaimed", _("claimed by nobody yet"))), ask.whose),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in the register a page stands."""

    number: int
    last: int
    before: str
    after: str


def pages_of(ask: Ask, number: int, entries: int, per_page: int) -> Pages:
    """Give the links to the pages before and after."""
    last = max(1, math.ceil(entries / per_page))
    return Pages(
        number,
        last,
        address(ask, page=str(number - 1)) if number > 1 else "",
        address(ask, page=str(number + 1)) if number < last else "",
    )


def listing_record(listing: Listing) -> dict[str, Any]:
    """Give an unclaimed place as Open Know-Where, with its source and licence."""
    address = {
        "street": listing.street,
        "postcode": listing.postcode,
        "city": listing.town,
        "region": listing.region,
        "country": listing.country,
    }
    location: dict[str, Any] = {"address": {k: v for k, v in address.items() if v}}
    if listing.lat_deg is not None:
        location["gps_coordinates"] = f"{listing.lat_deg}, {listing.lon_deg}"
    source = listing.source
    return {
        "@id": stable_url(listing.pk),
        "name": listing.name,
        "location": location,
        "contact": {"website": listing.url} if listing.url else {},
        "nearmade": {
            "id": listing.pk,
            "kind": listing.kind,
            "claimed": False,
            "source": {
                "title": source.title,
                "url": source.url,
                "licence": source.licence,
                "attribution": source.attribution,
            },
        },
    }
