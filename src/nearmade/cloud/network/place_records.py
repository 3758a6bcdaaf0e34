"""Public lists of places, read for the register: what each record says, no more.

One shape is known: the list of fab labs in the relational OKW shape of 2024, an array
of ``{geocoding, address, region, location, facility}``.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from nearmade.facilities.facility import FacilityKind
from nearmade.vocabulary.errors import InvalidInput, NotFound

#: A list of a hundred thousand places takes about this much. [bytes]
MOST_BYTES: Final = 128 * 1024 * 1024
#: So many faults are named before the rest is only counted.
MOST_COMPLAINTS: Final = 10
#: What the source calls a place, and our word.
_KINDS: Final[Mapping[str, FacilityKind]] = {"fablab": "fab-lab"}


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
        When it is not JSON of that shape; the message names the first faults.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise InvalidInput(f"places {path.name}: is no regular file")
        if state.st_size > MOST_BYTES:
            raise InvalidInput(f"places {path.name}: larger than {MOST_BYTES} bytes")
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(f"places {path}: no such file") from error
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(f"places {path.name}: not JSON: {error}") from error
    if not isinstance(content, list):
        raise InvalidInput(f"places {path.name}: must be a list of records")
    return read_places(content, path.name)


def read_places(records: Sequence[object], name: str) -> tuple[ListedPlace, ...]:
    """Read the records of a list.

    Raises
    ------
    InvalidInput
        When a record lacks its id, name or country, or two share an id.
    """
    places: dict[str, ListedPlace] = {}
    complaints: list[str] = []
    for index, record in enumerate(records):
        try:
            place = _read(record)
        except InvalidInput as error:
            complaints.append(f"[{index}]: {error.message}")
            continue
        if place.at_source in places:
            complaints.append(f"[{index}]: id {place.at_source} is there twice")
        places[place.at_source] = place
    if complaints:
        more = len(complaints) - MOST_COMPLAINTS
        tail = f"; and {more} more" if more > 0 else ""
        raise InvalidInput(
            f"places {name}: {'; '.join(complaints[:MOST_COMPLAINTS])}{tail}",
            code="places-refused",
        )
    return tuple(places.values())


def _read(record: object) -> ListedPlace:
    if not isinstance(record, dict):
        raise InvalidInput("is no object")
    facility, region = _inner(record, "facility"), _inner(record, "region")
    address, geocoding = _inner(record, "address"), _inner(record, "geocoding")
    at_source = _text(facility, "facility_id", 100)
    title = _text(facility, "name", 200)
    country = _text(region, "country", 10)
    if not at_source or not title:
        raise InvalidInput("facility.facility_id and facility.name must not be empty")
    if not (len(country) == 2 and country.isascii() and country.isupper()):
        raise InvalidInput(f"region.country {country!r}: must be two capitals")
    lat_deg, lon_deg = _point(geocoding)
    return ListedPlace(
        id=slug_of(title, at_source),
        at_source=at_source,
        name=title,
        kind=_KINDS.get(_text(facility, "description", 80), "fab-lab"),
        url=_web_address(_text(facility, "url", 400)),
        street=_text(address, "extended", 300),
        postcode=_text(address, "zip_code", 60),
        town=_text(region, "city_town", 200),
        region=_text(region, "state_region", 200),
        country=country,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        record=record,
    )


def _inner(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def _text(record: Mapping[str, Any], name: str, most: int) -> str:
    value = record.get(name)
    if not isinstance(value, str):
        return ""
    return " ".join(value.replace("\0", " ").split())[:most]


def _point(geocoding: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Read a point; nothing when it is missing, off the map, or the null island."""
    lat, lon = geocoding.get("latitude"), geocoding.get("longitude")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None, None
    on_the_map = -90 <= lat <= 90 and -180 <= lon <= 180
    if not on_the_map or (lat, lon) == (0, 0):
        return None, None
    return float(lat), float(lon)


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
