"""Public lists of places, read for the register: what each record says, no more.

One shape is known: the list of fab labs, an array of ``{geocoding, address, region,
location, facility}``, which ``facilities.okw`` reads.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from nearmade.facilities.facility import FacilityKind
from nearmade.facilities.okw import OkwRecord, read_okw
from nearmade.facilities.okw_places import unclaimed_places
from nearmade.vocabulary.errors import InvalidInput, NotFound

#: A list of a hundred thousand places takes about this much. [bytes]
MOST_BYTES: Final = 128 * 1024 * 1024
#: So many faults are named before the rest is only counted.
MOST_COMPLAINTS: Final = 10


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """One place as a public list names it.

    Parameters
    ----------
    id
        Slug for addresses: the name as far as it is Latin, and the source's id.
    at_source
        Its id in the list.
    name, kind, url
        As written; kind in our words.
    street, postcode, town, region, country
        As written; country by its ISO 3166 code.
    lat_deg, lon_deg
        Where it stands; None where the list does not say. [deg]
    record
        The whole record.
    """

    id: str
    at_source: str
    name: str
    kind: FacilityKind
    url: str
    street: str
    postcode: str
    town: str
    region: str
    country: str
    lat_deg: float | None
    lon_deg: float | None
    record: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        """Hash of the record, to see whether the source changed it."""
        text = json.dumps(self.record, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def load_places(path: Path) -> tuple[ListedPlace, ...]:
    """Read every place of a list, in its order.

    Raises
    ------
    NotFound
        When there is no such file.
    InvalidInput
        When it is no list of that shape; the message names the first faults.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise InvalidInput(f"places {path.name}: is no regular file")
        if state.st_size > MOST_BYTES:
            raise InvalidInput(f"places {path.name}: larger than {MOST_BYTES} bytes")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"places {path}: no such file") from error
    except OSError as error:
        raise InvalidInput(f"places {path.name}: cannot be read: {error}") from error
    return read_places(data, path.name)


def read_places(data: bytes, name: str) -> tuple[ListedPlace, ...]:
    """Read the records of a list.

    Raises
    ------
    InvalidInput
        When a record is none of a list of fab labs, lacks its id, name or country,
        or two share an id.
    """
    document = read_okw(data, name)
    places: dict[str, ListedPlace] = {}
    tree = document.document.tree
    read = {record.path for record in document.records}
    paths = (
        [f"[{index}]" for index in range(len(tree))] if isinstance(tree, list) else []
    )
    complaints = [f"{path}: is no record" for path in paths if path not in read]
    if not document.records:
        complaints.append("no record of a fab lab")
    for record in document.records:
        try:
            place = _read(record)
        except InvalidInput as error:
            complaints.append(f"{record.path}: {error.message}")
            continue
        if place.at_source in places:
            complaints.append(f"{record.path}: id {place.at_source} is there twice")
        places[place.at_source] = place
    if complaints:
        more = len(complaints) - MOST_COMPLAINTS
        tail = f"; and {more} more" if more > 0 else ""
        raise InvalidInput(
            f"places {name}: {'; '.join(complaints[:MOST_COMPLAINTS])}{tail}",
            code="places-refused",
        )
    return tuple(places.values())


def _read(record: OkwRecord) -> ListedPlace:
    (place,) = unclaimed_places([record]) or (None,)
    if place is None:
        raise InvalidInput("is no record of a fab lab")
    if not place.at_source or not place.name.strip():
        raise InvalidInput("facility.facility_id and facility.name must not be empty")
    country = place.country
    if not (len(country) == 2 and country.isascii() and country.isupper()):
        raise InvalidInput(f"region.country {country!r}: must be two capitals")
    address = record.facility.location.address
    lat_deg, lon_deg = place.lat_deg, place.lon_deg
    if (lat_deg, lon_deg) == (0, 0):  # what a source writes that does not know
        lat_deg = lon_deg = None
    name = _text(place.name, 200)
    return ListedPlace(
        id=slug_of(name, place.at_source),
        at_source=_text(place.at_source, 100),
        name=name,
        kind="fab-lab",
        url=_web_address(_text(place.url, 400)),
        street=_text(f"{address.number} {address.street}", 300),
        postcode=_text(address.postcode, 60),
        town=_text(place.city, 200),
        region=_text(place.region, 200),
        country=country,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        record=record.source,
    )


def _text(value: str, most: int) -> str:
    return " ".join(value.replace("\0", " ").split())[:most]


def _web_address(text: str) -> str:
    """Give an address that a page may link to; nothing for any other scheme."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc else ""


def slug_of(name: str, at_source: str) -> str:
    """Make a slug of a name and eight signs of its id at the source."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-")
    sign = hashlib.sha256(at_source.encode()).hexdigest()[:8]
    return f"{words or 'place'}-{sign}"
