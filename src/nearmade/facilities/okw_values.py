"""Single values of OKW records: read by their kind, with what is wrong with them.

Each reader gives the value for the view, or None, and tells its complaints to
``Notes``. Nothing is guessed: where a text holds ``25 cm``, 250 is a suggestion.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from nearmade.facilities.okw_codes import language_meant
from nearmade.facilities.okw_fields import Field
from nearmade.facilities.okw_links import is_url
from nearmade.vocabulary.countries import country_meant
from nearmade.vocabulary.diagnosis import Diagnosis, shown
from nearmade.vocabulary.nearest import slip_meant

#: So many complaints are kept for one document; the rest is counted.
MOST_NOTES: Final = 1000


@dataclass(slots=True)
class Notes:
    """The complaints about one document, in the order in which they were met."""

    kept: list[Diagnosis] = field(default_factory=list)
    more: int = 0
    _told: set[tuple[str, str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self._told = {(one.path, one.rule, one.value) for one in self.kept}

    def tell(self, path: str, rule: str, value: object, suggestion: str) -> None:
        """Keep one complaint; one too many is only counted."""
        one = Diagnosis(path, rule, shown(value), suggestion)
        if (path, rule, one.value) in self._told:
            return  # A row that two facilities share is judged with each of them.
        if self.full:
            self.more += 1
        else:
            self.kept.append(one)
            self._told.add((path, rule, one.value))

    def unknown(
        self, path: str, key: object, value: object, known: Iterable[str]
    ) -> None:
        """Keep that a key is not known, with the known one that is nearest."""
        near = ""
        if isinstance(key, str) and not self.full:
            near = slip_meant(key, known)
        self.tell(path, "unknown-key", value, near or "it is kept")

    @property
    def full(self) -> bool:
        """Whether no further complaint is kept."""
        return len(self.kept) >= MOST_NOTES

    def all(self) -> tuple[Diagnosis, ...]:
        """Give the complaints, and how many are left out."""
        if not self.more:
            return tuple(self.kept)
        left = Diagnosis("", "left-out", f"{self.more} more", "mend these first")
        return (*self.kept, left)


#: Factor to millimetres, watts, kilonewtons and so on, by the unit a field is in.
_UNITS: Final[Mapping[str, Mapping[str, Fraction]]] = {
    "mm": {
        "mm": Fraction(1), "millimetre": Fraction(1), "millimeter": Fraction(1),
        "cm": Fraction(10), "m": Fraction(1000), "um": Fraction(1, 1000),
        "micron": Fraction(1, 1000), "microns": Fraction(1, 1000),
        "in": Fraction(254, 10), "inch": Fraction(254, 10),
        "inches": Fraction(254, 10), '"': Fraction(254, 10), "ft": Fraction(3048, 10),
    },
    "mm3": {
        "mm3": Fraction(1), "cm3": Fraction(1000), "cc": Fraction(1000),
        "ml": Fraction(1000), "l": Fraction(10**6), "m3": Fraction(10**9),
    },
    "W": {"w": Fraction(1), "kw": Fraction(1000), "mw": Fraction(1, 1000)},
    "kN": {"kn": Fraction(1), "n": Fraction(1, 1000), "mn": Fraction(1000)},
    "t": {"t": Fraction(1), "ton": Fraction(1), "tonnes": Fraction(1),
          "kg": Fraction(1, 1000)},
    "rpm": {"rpm": Fraction(1), "min-1": Fraction(1), "krpm": Fraction(1000)},
    "deg": {"deg": Fraction(1), "°": Fraction(1)},
    "m2": {"m2": Fraction(1), "sqm": Fraction(1), "sqft": Fraction(9290304, 10**8)},
}  # fmt: skip

_TRUTHS: Final = {
    "yes": "true", "true": "true", "y": "true",
    "no": "false", "false": "false", "n": "false",
}  # fmt: skip

_QUANTITY: Final = re.compile(r"([+-]?\d{1,12}(?:\.\d{1,9})?)\s*([^\d\s].{0,20})?")
_COORDINATES: Final = re.compile(
    r"\s*\(?\s*([+-]?\d{1,3}(?:\.\d{0,20})?)\s*,\s*([+-]?\d{1,3}(?:\.\d{0,20})?)\s*\)?\s*"
)
_WRITTEN_SIDES: Final = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)")


def read_value(entry: Field, value: object, path: str, notes: Notes) -> Any:
    """Read one value by its kind; None where it breaks its rule or is empty."""
    if value is None:
        return None
    return _READERS[entry.kind](entry, value, path, notes)


def quantity_meant(text: str, unit: str) -> str:
    """Give the number that a text with a unit means in our unit, or nothing."""
    plain = text.strip().replace("³", "3").replace("µ", "u")
    found = _QUANTITY.fullmatch(re.sub(r"^(\d+),(\d{1,2})(?!\d)", r"\1.\2", plain))
    if found is None:
        return ""
    name = (found[2] or "").strip().casefold().replace("^", "")
    factor = Fraction(1) if not name else _UNITS.get(unit, {}).get(name)
    return "" if factor is None else _plain(Fraction(found[1]) * factor)


def _text(_: Field, value: object, path: str, notes: Notes) -> str | None:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict | list):
        notes.tell(path, "type", value, "must be one text")
        return None
    written = value.isoformat() if isinstance(value, date) else str(value)
    notes.tell(path, "type", value, f'write it as text: "{written}"')
    return written


def postcode_told(code: object) -> str:
    """Tell how to write a postcode that stands as a number."""
    return f'write it as text, "{code}"; as a number it loses zeros at its front'


def _postcode(_: Field, value: object, path: str, notes: Notes) -> str | None:
    if type(value) is int:
        notes.tell(path, "postcode", value, postcode_told(value))
        return str(value)
    return _text(_, value, path, notes)


def _texts(_: Field, value: object, path: str, notes: Notes) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    if not isinstance(value, list):
        notes.tell(path, "type", value, "must be a list of texts")
    read = (
        _text(_, entry, f"{path}[{index}]", notes)
        for index, entry in enumerate(entries)
        if entry is not None
    )
    return tuple(one for one in read if one)


def _url(_: Field, value: object, path: str, notes: Notes) -> str | None:
    text = _text(_, value, path, notes)
    if text and not is_url(text):
        notes.tell(path, "link", text, "must be a web address, with https:// in front")
    return text


def _truth(_: Field, value: object, path: str, notes: Notes) -> bool | None:
    if isinstance(value, bool):
        return value
    meant = _TRUTHS.get(str(value).strip().casefold(), "")
    notes.tell(path, "type", value, meant or "must be true or false")
    return None


def _number(entry: Field, value: object, path: str, notes: Notes) -> float | None:
    if isinstance(value, str):
        meant = quantity_meant(value, entry.unit)
        told = f"write the number alone, in {entry.unit}" if entry.unit else "a number"
        notes.tell(path, "unit" if entry.unit else "type", value, meant or told)
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        notes.tell(path, "type", value, f"must be a number {entry.unit}".strip())
        return None
    if not (0 <= value < math.inf):
        notes.tell(path, "range", value, "must be zero or more, and finite")
        return None
    if entry.most is not None and value > entry.most:
        thousandth = _plain(Fraction(value) / 1000)
        notes.tell(
            path, "range", value,
            f"hardly in {entry.unit}; if thousandths are meant, {thousandth}",
        )  # fmt: skip
    return value


def _whole(entry: Field, value: object, path: str, notes: Notes) -> float | None:
    number = _number(entry, value, path, notes)
    if isinstance(number, float) and not number.is_integer():
        notes.tell(
            path, "whole-number", value,
            f"OKW counts in whole {entry.unit or 'numbers'} and cannot say this; "
            "it is kept as it is",
        )  # fmt: skip
    return number


def _box(entry: Field, value: object, path: str, notes: Notes) -> float | None:
    """Read one number where three extents are meant; those are judged elsewhere."""
    return None if sides_meant(value) else _whole(entry, value, path, notes)


def _date(entry: Field, value: object, path: str, notes: Notes) -> str | None:
    if isinstance(value, datetime | date):
        return value.isoformat()
    early = entry.kind == "early-date"
    if early and type(value) is int and 1000 <= value <= 9999:
        return str(value)
    text = value.strip() if isinstance(value, str) else ""
    if text and _is_date(text, early=early, moment=entry.kind == "moment"):
        return text
    if value != "":
        asked = "YYYY-MM-DD, YYYY-MM or YYYY" if early else "YYYY-MM-DD"
        notes.tell(path, "date", value, f"must be {asked} (ISO 8601)")
    return None


def _is_date(text: str, *, early: bool, moment: bool) -> bool:
    try:
        if early and re.fullmatch(r"\d{4}(-\d{2})?", text):
            date.fromisoformat((text + "-01-01")[:10])
        elif moment or "T" in text:
            datetime.fromisoformat(text)
        else:
            date.fromisoformat(text)
            return len(text) == 10
    except ValueError:
        return False
    return True


def _choice(entry: Field, value: object, path: str, notes: Notes) -> str | None:
    text = value.strip() if isinstance(value, str) else ""
    if text in entry.words:
        return text
    letters = re.sub(r"[\W_]+", "", text).casefold()
    meant = next(
        (w for w in entry.words if re.sub(r"[\W_]+", "", w).casefold() == letters), ""
    )
    if meant or value != "":
        notes.tell(path, "value", value, meant or f"one of {', '.join(entry.words)}")
    return None


def _country(_: Field, value: object, path: str, notes: Notes) -> str | None:
    if value is False:
        notes.tell(path, "code", value, '"NO", in quotes, if Norway is meant')
        return None
    text = _text(_, value, path, notes)
    code = country_meant(text) if text else text
    if text and not code:
        notes.tell(path, "code", text, "must be two capitals (ISO 3166-1)")
    elif code != text:
        notes.tell(path, "name", text, code or "")
    return text


def _language(_: Field, value: object, path: str, notes: Notes) -> str | None:
    text = _text(_, value, path, notes)
    if text and language_meant(text) != text:
        told = language_meant(text) or "must be a code such as en or en-gb (ISO 639)"
        notes.tell(path, "code", text, told)
    return text


def _languages(_: Field, value: object, path: str, notes: Notes) -> tuple[str, ...]:
    read = _texts(_, value, path, notes)
    for index, text in enumerate(read):
        _language(_, text, f"{path}[{index}]", notes)
    return read


def _coordinates(
    _: Field, value: object, path: str, notes: Notes
) -> tuple[float, float] | None:
    if value == "":
        return None
    text = value if isinstance(value, str) else _joined(value)
    found = _COORDINATES.fullmatch(text[:200])
    asked = 'must be "latitude, longitude" in decimal degrees'
    if found is None:
        notes.tell(path, "coordinates", value, asked)
        return None
    lat_deg, lon_deg = float(found[1]), float(found[2])
    if not (-90 <= lat_deg <= 90 and -180 <= lon_deg <= 180):
        swapped = -180 <= lat_deg <= 180 and -90 <= lon_deg <= 90
        told = f'"{found[2]}, {found[1]}", latitude first' if swapped else asked
        notes.tell(path, "coordinates", value, told)
        return None
    if not isinstance(value, str):
        notes.tell(path, "coordinates", value, f'write it as text: "{text}"')
    return lat_deg, lon_deg


def _joined(value: object) -> str:
    """Write a pair or an object of coordinates as the text that OKW wants."""
    if isinstance(value, list) and len(value) == 2:
        return f"{value[0]}, {value[1]}"
    if isinstance(value, Mapping):
        lat = next((value[key] for key in ("lat", "latitude") if key in value), None)
        lon = next(
            (value[key] for key in ("lon", "lng", "longitude") if key in value), None
        )
        return f"{lat}, {lon}"
    return ""


def sides_meant(value: object) -> str:
    """Give the three extents that a build volume spells out, or nothing."""
    if isinstance(value, Mapping):
        keys = (("x", "width"), ("y", "depth", "length"), ("z", "height"))
        found = [next((value[k] for k in ks if k in value), None) for ks in keys]
    elif isinstance(value, list):
        found = list(value)
    else:
        found = list(_WRITTEN_SIDES.findall(str(value)[:100]))
    if len(found) != 3 or not all(isinstance(one, int | float | str) for one in found):
        return ""
    return "{" + ", ".join(f"{a}: {s}" for a, s in zip("xyz", found, strict=True)) + "}"


def _plain(number: Fraction) -> str:
    return f"{float(number):.10g}"


_READERS: Final[Mapping[str, Callable[[Field, object, str, Notes], Any]]] = {
    "text": _text,
    "texts": _texts,
    "url": _url,
    "truth": _truth,
    "whole": _whole,
    "number": _number,
    "box": _box,
    "date": _date,
    "early-date": _date,
    "moment": _date,
    "choice": _choice,
    "country": _country,
    "language": _language,
    "languages": _languages,
    "coordinates": _coordinates,
    "postcode": _postcode,
    "any": lambda _, value, path, notes: value,
}
