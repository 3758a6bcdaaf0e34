"""Places of public lists that nobody has claimed: what the list says, and whose it is.

A list names places, not machines; so a place is no facility until an operator has
claimed it and told what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from nearmade.facilities.okw import OkwRecord


@dataclass(frozen=True, slots=True)
class PlaceSource:
    """A public list and the terms under which it is used.

    Parameters
    ----------
    title, url
        What it is called, and where it is.
    licence
        SPDX id.
    attribution
        The line that goes with every place of it.
    """

    title: str
    url: str
    licence: str
    attribution: str

    def record(self) -> dict[str, str]:
        """Give what stands in a record of the list, as ``nearmade.source``."""
        return {
            "title": self.title,
            "url": self.url,
            "licence": self.licence,
            "attribution": self.attribution,
        }


#: The list of fab labs that the Internet of Production Alliance publishes.
FAB_LABS: Final = PlaceSource(
    title="Fab labs of fablabs.io in Open Know-Where form",
    url="https://github.com/iop-alliance/okw_data_management",
    licence="CC-BY-4.0",
    attribution=(
        "Internet of Production Alliance, okw_data_management, from fablabs.io"
    ),
)


@dataclass(frozen=True, slots=True)
class UnclaimedPlace:
    """A place as a public list names it.

    Parameters
    ----------
    at_source
        Its id in the list.
    name, url, city, region, country
        As written.
    lat_deg, lon_deg
        Where it stands; None where the list does not say. [deg]
    source
        The list.
    """

    at_source: str
    name: str
    url: str
    city: str
    region: str
    country: str
    lat_deg: float | None
    lon_deg: float | None
    source: PlaceSource


def unclaimed_places(records: Iterable[OkwRecord]) -> tuple[UnclaimedPlace, ...]:
    """Give the places among the records of a document, in their order.

    Parameters
    ----------
    records
        Those of the list's shape are places; others are passed over.
    """
    return tuple(_place(one) for one in records if one.shape == "fab-lab")


def with_source(record: OkwRecord) -> dict[str, Any]:
    """Give the class model of a record, with the list that it came from."""
    model = dict(record.model)
    if record.shape == "fab-lab":
        own = dict(model.get("nearmade", {}))
        model["nearmade"] = own | {"source": FAB_LABS.record()}
    return model


def _place(record: OkwRecord) -> UnclaimedPlace:
    facility = record.facility
    address = facility.location.address
    lat_deg, lon_deg = facility.location.gps_coordinates or (None, None)
    urls = facility.contact.social_media.other_urls if facility.contact else ()
    inner = record.source.get("facility", {})
    return UnclaimedPlace(
        at_source=str(inner.get("facility_id", "")),
        name=facility.name,
        url=urls[0] if urls else "",
        city=address.city,
        region=address.region,
        country=address.country,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        source=FAB_LABS,
    )
