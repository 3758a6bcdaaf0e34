"""The verdict of the published OKH-LOSH 1.0 schema, of 15 February 2022.

Our own words of what it asks, so that a manifest can be told beforehand whether other
programs take it. Three of its defects are known: the pattern of language tags names a
group twice, so that many programs refuse to compile it, some revisions use a type
``float`` that there is none of, and the readiness levels end at OTRL-5, though
OTRL-6 is in use. The first two are read as they were meant; the third stays, for
other programs do refuse OTRL-6, and is told as what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nearmade.designs.okh_rules import bounded
from nearmade.designs.okh_values import LANGUAGE_TAG
from nearmade.vocabulary.diagnosis import Diagnosis, shown

Check = Callable[[object, str], Iterator[Diagnosis]]

_SCHEMA = "schema"
_CPC = re.compile(
    r"[A-HY][0-9]{2}[A-HJ-NP-Z](?: ?[12]?[0-9]{0,3}/[0-9]{2,6})?(?=\n?\Z)"
)
_REQUIRED = ("okhv", "name", "repo", "version", "license", "licensor", "function")


def schema_findings(tree: object) -> tuple[Diagnosis, ...]:
    """Say what the published schema refuses; empty when the manifest conforms.

    References
    ----------
    .. [1] okh-losh.schema.json, https://github.com/OPEN-NEXT/OKH-LOSH
    """
    return bounded(_object(_TOP, _REQUIRED)(tree, ""))


def _no(path: str, value: object, wanted: str) -> Diagnosis:
    return Diagnosis(path, _SCHEMA, shown(value), wanted)


def _text(value: object, path: str) -> Iterator[Diagnosis]:
    if not isinstance(value, str):
        yield _no(path, value, "a text")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object, path: str) -> Iterator[Diagnosis]:
    if not _is_number(value):
        yield _no(path, value, "a number")


def _version(value: object, path: str) -> Iterator[Diagnosis]:
    if not (isinstance(value, str) or _is_number(value)):
        yield _no(path, value, "a text or a number")


def _web(value: object, path: str) -> Iterator[Diagnosis]:
    if not (isinstance(value, str) and value.startswith(("http://", "https://"))):
        yield _no(path, value, "an address with http:// or https://")


def _inside(value: object) -> bool:
    """Tell whether a text is a path below the root, as the schema tells it."""
    return (
        isinstance(value, str)
        and not re.match(r"[a-z]*:", value)
        and not value.startswith("//")
        and ".." not in value
    )


def _relative(value: object, path: str) -> Iterator[Diagnosis]:
    if not _inside(value):
        yield _no(path, value, "a path inside the repository, no address")


def _place(value: object, path: str) -> Iterator[Diagnosis]:
    web = isinstance(value, str) and value.startswith(("http://", "https://"))
    if not (web or _inside(value)):
        yield _no(path, value, "a path inside the repository, or an address")


def _language(value: object, path: str) -> Iterator[Diagnosis]:
    if not (isinstance(value, str) and LANGUAGE_TAG.match(value)):
        yield _no(path, value, "a language tag, such as en-GB")


def _class(value: object, path: str) -> Iterator[Diagnosis]:
    if not (isinstance(value, str) and _CPC.match(value)):
        yield _no(path, value, "a class such as D03D 35/00")


def _one_of(*known: str) -> Check:
    def one_of(value: object, path: str) -> Iterator[Diagnosis]:
        if not (isinstance(value, str) and value in known):
            yield _no(path, value, f"one of {', '.join(known)}")

    return one_of


def _list(each: Check) -> Check:
    def of_list(value: object, path: str) -> Iterator[Diagnosis]:
        if not isinstance(value, list):
            yield _no(path, value, "a list")
            return
        for index, one in enumerate(value):
            yield from each(one, f"{path}[{index}]")

    return of_list


def _one_or_list(one: Check, each: Check) -> Check:
    listed = _list(each)

    def of_either(value: object, path: str) -> Iterator[Diagnosis]:
        yield from (listed if isinstance(value, list) else one)(value, path)

    return of_either


def _object(known: Mapping[str, Check], required: tuple[str, ...]) -> Check:
    def of_object(value: object, path: str) -> Iterator[Diagnosis]:
        if not isinstance(value, dict):
            yield _no(path, value, "a table")
            return
        at = f"{path}." if path else ""
        for key in required:
            if key not in value:
                yield _no(f"{at}{key}", "", f"add {key}")
        for key, one in value.items():
            if key in known:
                yield from known[key](one, f"{at}{key}")

    return of_object


def _part(value: object, path: str) -> Iterator[Diagnosis]:
    yield from _object(_PART, ("name",))(value, path)
    if isinstance(value, dict) and not ("source" in value or "export" in value):
        yield _no(f"{path}.source", "", "add source or export")


_PLACES = _one_or_list(_place, _place)
_DIMENSIONS = _object(
    {"openSCAD": _text, "unit": _one_of("mm", "m", "cm")}, ("openSCAD", "unit")
)
_MASS = _object({"value": _number, "unit": _one_of("g", "kg")}, ("value", "unit"))
_PART: Mapping[str, Check] = {
    "name": _text,
    "image": _PLACES,
    "tsdc": _one_or_list(_text, _text),
    "source": _one_or_list(_text, _text),
    "export": _one_or_list(_text, _place),
    "auxiliary": _list(_place),
    "outer-dimensions": _DIMENSIONS,
    "mass": _MASS,
}
_TOP: Mapping[str, Any] = {
    **_PART,
    "okhv": _one_of("OKH-LOSHv1.0"),
    "repo": _web,
    "version": _version,
    "release": _place,
    "license": _text,
    "licensor": _text,
    "organisation": _text,
    "readme": _relative,
    "contribution-guide": _relative,
    "documentation-language": _one_or_list(_language, _language),
    "technology-readiness-level": _one_of(*(f"OTRL-{level}" for level in range(1, 6))),
    "documentation-readiness-level": _one_of(
        "ODRL-1", "ODRL-2", "ODRL-3", "ODRL-3*", "ODRL-4"
    ),
    "attestation": _place,
    "function": _text,
    "standard-compliance": _list(_text),
    "cpc-patent-class": _class,
    "bom": _place,
    "manufacturing-instructions": _PLACES,
    "user-manual": _place,
    "part": _list(_part),
    "software": _list(
        _object({"release": _place, "installation-guide": _place}, ("release",))
    ),
}
