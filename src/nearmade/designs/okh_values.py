"""Checks of single values that both generations of OKH share.

Each gives diagnoses; none changes a value. Close misses become suggestions.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from nearmade.designs.licence import is_spdx, read_licence
from nearmade.vocabulary.diagnosis import Diagnosis, shown

#: Longer words are no slips of known ones.
MOST_SIGNS = 60

#: Codes of ISO 639-1, https://www.loc.gov/standards/iso639-2/php/code_list.php
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr "
    "cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu "
    "gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk "
    "kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms "
    "mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro "
    "ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl "
    "tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_LANGUAGES = frozenset(_CODES.split())
#: Names and wrong codes of languages and regions that manifests use for these.
_MEANT = {
    "english": "en", "french": "fr", "german": "de", "deutsch": "de",
    "spanish": "es", "italian": "it", "portuguese": "pt", "dutch": "nl",
    "japanese": "ja", "chinese": "zh", "swahili": "sw", "jp": "ja", "cn": "zh",
    "kr": "ko", "gr": "el", "cz": "cs", "dk": "da", "ua": "uk", "eng": "en",
}  # fmt: skip
_REGIONS = {"uk": "GB", "en": "GB"}

#: Language tags as RFC 5646, section 2.1, builds them (the ABNF of ``langtag`` and
#: ``privateuse``).
_PRIVATE = r"x(?:-[A-Za-z0-9]{1,8})++"
_LANGTAG = (
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}(?:-[A-Za-z]{3}){0,2})?|[A-Za-z]{4}|[A-Za-z]{5,8})"
    r"(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*+"
    r"(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})++)*+"
    rf"(?:-{_PRIVATE})?"
)
#: Tags registered before that grammar; RFC 5646, section 2.1, ``grandfathered``.
_GRANDFATHERED = (
    "en-GB-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo "
    "i-pwn i-tao i-tay i-tsu sgn-BE-FR sgn-BE-NL sgn-CH-DE art-lojban cel-gaulish "
    "no-bok no-nyn zh-guoyu zh-hakka zh-min zh-min-nan zh-xiang"
)
LANGUAGE_TAG = re.compile(
    rf"(?:{_GRANDFATHERED.replace(' ', '|')}|{_LANGTAG}|{_PRIVATE})(?=\n?\Z)"
)
_MOST_TAG_SIGNS = 100

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PLACEHOLDER = re.compile(r"\s*\[[^\]]{1,40}\](?:-\[[^\]]{1,40}\])?\s*")
_EMAIL = re.compile(r"[^@\s]{1,100}@[^@\s]{1,200}")
#: Unix seconds from 1980 to 2100, as machine imports write them.
_SECONDS = re.compile(r"\d{9,10}(?:\.\d{1,9})?")


def near(word: str, known: Iterable[str], likeness: float = 0.76) -> str:
    """Give the closest known word; empty when none is close.

    Parameters
    ----------
    likeness
        Least share of signs that both have, as difflib counts it, 0..1.
    """
    if len(word) > MOST_SIGNS:
        return ""
    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=likeness)
    return folded[close[0]] if close else ""


def near_value(word: str, known: Iterable[str]) -> str:
    """Give the closest known value: these are short, so fewer signs need be alike."""
    return near(word, known, 0.6)


def is_safe_place(place: str) -> bool:
    """Tell whether a path stays in the repository, or is a web address."""
    text = place.strip()
    if _SCHEME.match(text):
        return text.startswith(("http://", "https://"))
    return (
        not text.startswith("//") and "\\" not in text and ".." not in text.split("/")
    )


def of_place(value: object, path: str) -> Iterator[Diagnosis]:
    """Refuse what is no path inside the repository and no web address."""
    if not isinstance(value, str):
        yield Diagnosis(path, "type", shown(value), "write a path or URL")
    elif not is_safe_place(value):
        yield Diagnosis(
            path, "path", shown(value), "a path inside the repository, or http(s)"
        )
    else:
        yield from of_text(value, path, line=True)


def of_url(value: object, path: str) -> Iterator[Diagnosis]:
    """Refuse what is no web address."""
    if not isinstance(value, str):
        yield Diagnosis(path, "type", shown(value), "write a URL")
    elif not value.strip().startswith(("http://", "https://")):
        bare = re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?", value.strip())
        meant = f"https://{value.strip()}" if bare else "a URL with http(s)"
        yield from of_placeholder(value, path) or (
            Diagnosis(path, "path", shown(value), meant),
        )
    else:
        yield from of_text(value, path, line=True)


def of_text(value: object, path: str, *, line: bool = False) -> Iterator[Diagnosis]:
    """Ask for a text; name blanks around it and placeholders of templates.

    Parameters
    ----------
    line
        Whether it is one line, so that a new line at its end is a blank too.
    """
    if not isinstance(value, str):
        yield Diagnosis(path, "type", shown(value), "write a text")
        return
    yield from of_placeholder(value, path)
    held = value if line else value.rstrip("\n")
    if held != held.strip() and "\n" not in held.strip():
        yield Diagnosis(path, "blanks", repr(value[-20:]), shown(value.strip()))


def of_placeholder(value: str, path: str) -> tuple[Diagnosis, ...]:
    """Name a value that a template left to be filled in."""
    if not _PLACEHOLDER.fullmatch(value):
        return ()
    return (Diagnosis(path, "placeholder", shown(value), "fill it in, or leave out"),)


def of_language(value: object, path: str) -> Iterator[Diagnosis]:
    """Check a language tag of BCP 47.

    References
    ----------
    .. [1] RFC 5646, https://www.rfc-editor.org/rfc/rfc5646
    """
    if not isinstance(value, str):
        yield Diagnosis(path, "type", shown(value), "write a language tag")
        return
    left = of_placeholder(value, path)
    if left:
        yield from left
        return
    tag = value.strip()
    first, *rest = tag.split("-") if tag else [""]
    good = len(tag) <= _MOST_TAG_SIGNS and LANGUAGE_TAG.match(tag)
    known = len(first) == 3 or first.casefold() in _LANGUAGES or first in "ix"
    wrong_region = any(one.casefold() == "uk" for one in rest)
    if good and known and first and not wrong_region:
        return
    lead = _MEANT.get(first.casefold(), first.casefold() if known else "")
    tail = [_REGIONS.get(one.casefold(), one) for one in rest if len(one) == 2]
    meant = "-".join([lead, *tail]) if lead else "a tag of BCP 47, such as en-GB"
    yield Diagnosis(path, "language", shown(value), meant)


def of_licence(value: str, path: str) -> Iterator[Diagnosis]:
    """Check a licence expression."""
    if is_spdx(value) or re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", value):
        return
    bare = value.strip().removeprefix("LicenseRef-")
    dashed = re.sub(r"\s+v?", "-", bare)
    for meant in (bare, dashed, f"CC-{dashed}"):
        if is_spdx(meant):
            suggestion = read_licence(meant).expression
            break
    else:
        suggestion = "an SPDX expression, or LicenseRef- with letters, digits, . and -"
    yield from of_placeholder(value, path) or (
        Diagnosis(path, "licence", shown(value), suggestion),
    )


def of_person(
    value: object, path: str, known: Iterable[str], *, named: bool = True
) -> Iterator[Diagnosis]:
    """Check a person or an organisation written as a table.

    Parameters
    ----------
    known
        Keys that the table may have.
    named
        Whether a name must be there.
    """
    if not isinstance(value, dict):
        yield Diagnosis(path, "type", shown(value), "write a table with name")
        return
    if named and not value.get("name"):
        yield Diagnosis(f"{path}.name", "required", "", "add name")
    for key, one in value.items():
        place = f"{path}.{key}"
        if key not in known:
            yield Diagnosis(place, "unknown-key", shown(one), near(str(key), known))
        elif one is None and not (named and key == "name"):
            yield Diagnosis(place, "empty", "", "fill it in, or leave the key out")
        elif key == "email":
            yield from of_email(one, place)
        elif key == "url":
            yield from of_url(one, place)
        elif isinstance(one, str):
            yield from of_text(one, place)


def of_email(value: object, path: str) -> Iterator[Diagnosis]:
    """Ask for one address with an @."""
    if isinstance(value, str):
        if not _EMAIL.fullmatch(value.strip()):
            yield from of_placeholder(value, path) or (
                Diagnosis(path, "value", shown(value), "an address with one @"),
            )
    else:
        yield Diagnosis(path, "type", shown(value), "write a text")


def of_moment(value: object, path: str) -> Iterator[Diagnosis]:
    """Ask for a date or a moment; Unix seconds get the moment that they mean."""
    if isinstance(value, date):
        return
    if isinstance(value, str):
        text = value.strip()
        try:
            datetime.fromisoformat(text)
        except ValueError:
            meant = "YYYY-MM-DD"
            if _SECONDS.fullmatch(text):
                moment = datetime.fromtimestamp(float(text), UTC)
                meant = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            yield from of_placeholder(value, path) or (
                Diagnosis(path, "value", shown(value), meant),
            )
        return
    yield Diagnosis(path, "type", shown(value), "write a date")


def filled(value: Any) -> bool:
    """Tell whether a field says anything at all."""
    if isinstance(value, str):
        return bool(value.strip())
    return value not in (None, [], {})


def spdx_of(text: str) -> str:
    """Give the canonical spelling of an SPDX expression; empty when it is none."""
    return read_licence(text).expression if is_spdx(text) else ""
