"""Places of public lists, brought into the register as nobody's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from nearmade.cloud.network.models import Listing, ListingSource
from nearmade.cloud.network.place_records import ListedPlace
from nearmade.cloud.network.services import AREA_RESOLUTION, CELL_RESOLUTION
from nearmade.facilities.okw_places import FAB_LABS, PlaceSource
from nearmade.logistics.near import cell_of
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.place import Place

#: Rows written by one statement.
BATCH: Final = 500
#: What an import changes of a place that is there already.
_CHANGES: Final = (
    "name", "kind", "url", "street", "postcode", "town", "region", "country",
    "lat_deg", "lon_deg", "cell", "area", "record", "record_sha256", "imported_at",
)  # fmt: skip


#: Where the text of a licence stands, by its SPDX id.
_LICENCE_URLS: Final = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in counts of places."""

    new: int
    changed: int
    same: int
    without_point: int


@transaction.atomic
def import_places(
    places: Iterable[ListedPlace],
    source: PlaceSource = FAB_LABS,
    *,
    source_id: str = "iop-fab-labs",
    now: datetime,
) -> Imported:
    """Bring a list's places in, or up to date; once more changes nothing.

    A place that was claimed keeps its site as its operator wrote it: only what its
    source says of it is renewed. A place that is no longer listed stays.
    """
    row, _ = ListingSource.objects.update_or_create(
        id=source_id,
        defaults={
            "title": source.title,
            "url": source.url,
            "licence": source.licence,
            "licence_url": _LICENCE_URLS.get(source.licence, source.url),
            "attribution": source.attribution,
        },
    )
    known = {
        at_source: (pk, sha256)
        for pk, at_source, sha256 in row.listings.values_list(
            "pk", "at_source", "record_sha256"
        )
    }
    new: list[Listing] = []
    changed: list[Listing] = []
    same = without_point = 0
    for place in places:
        without_point += place.lat_deg is None
        pk, sha256 = known.get(place.at_source, ("", ""))
        if sha256 == place.sha256:
            same += 1
            continue
        (changed if pk else new).append(_row(place, row, pk or place.id, now))
    Listing.objects.bulk_create(new, batch_size=BATCH)
    Listing.objects.bulk_update(changed, _CHANGES, batch_size=BATCH)
    return Imported(len(new), len(changed), same, without_point)


def _row(place: ListedPlace, source: ListingSource, pk: str, now: datetime) -> Listing:
    return Listing(
        id=pk,
        source=source,
        at_source=place.at_source,
        name=place.name,
        kind=place.kind,
        url=place.url,
        street=place.street,
        postcode=place.postcode,
        town=place.town,
        region=place.region,
        country=place.country,
        lat_deg=place.lat_deg,
        lon_deg=place.lon_deg,
        record=dict(place.record),
        record_sha256=place.sha256,
        imported_at=now,
        **_cells(place),
    )


def _cells(place: ListedPlace) -> dict[str, Any]:
    if place.lat_deg is None or place.lon_deg is None:
        return {"cell": "", "area": ""}
    point = Place(place.name, place.country, place.lat_deg, place.lon_deg)
    return {
        "cell": cell_of(point, CELL_RESOLUTION),
        "area": cell_of(point, AREA_RESOLUTION),
    }


def unclaimed() -> QuerySet[Listing]:
    """Give the places of the register that nobody runs here."""
    return Listing.objects.filter(site__isnull=True)


def find_listing(listing_id: str) -> Listing:
    """Find a place of a public list by its id.

    Raises
    ------
    NotFound
        When the register has no such place.
    """
    row = Listing.objects.select_related("source").filter(pk=listing_id).first()
    if row is None:
        raise NotFound(f"place {listing_id!r}: not in the register")
    return row
