"""What OKH 2.x asks of a manifest, as rules that give diagnoses.

Close misses become suggestions; the value stays as its author wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from nearmade.designs.okh_keys import (
    CARRIED,
    CHOICES,
    COMMON,
    CPC,
    DIMENSIONS,
    IMAGE,
    MASS,
    ORGANISATION,
    PERSON,
    RDF,
    REQUIRED,
    SOFTWARE,
    SUB,
    TOP,
    today,
)
from nearmade.designs.okh_values import (
    near,
    near_value,
    of_language,
    of_licence,
    of_moment,
    of_person,
    of_place,
    of_text,
    of_url,
)
from nearmade.vocabulary.diagnosis import Diagnosis, shown

#: Most findings that are told of one manifest.
MOST_FINDINGS = 500

#: Rules whose findings a manifest may keep: nothing in it is wrong or unclear.
NOTES = frozenset({"spelling", "blanks", "empty", "declaration", "more"})

_UNITS = {"outer-dimensions": ("mm", "cm", "m"), "mass": ("g", "kg")}


def is_fault(finding: Diagnosis) -> bool:
    """Tell a fault from a note: keys of one's own are allowed, slips are not."""
    if finding.rule == "unknown-key":
        return bool(finding.suggestion)
    return finding.rule not in NOTES


def bounded(findings: Iterator[Diagnosis]) -> tuple[Diagnosis, ...]:
    """Take the first findings; say so when there are more."""
    told = tuple(islice(findings, MOST_FINDINGS + 1))
    if len(told) <= MOST_FINDINGS:
        return told
    more = Diagnosis("", "size", f"more than {MOST_FINDINGS} findings", "mend these")
    return (*told[:MOST_FINDINGS], more)


def diagnose(raw: Mapping[str, Any]) -> tuple[Diagnosis, ...]:
    """Check a tree against the rules of OKH 2.x."""
    return bounded(_of_top(raw))


def _of_top(raw: Mapping[str, Any]) -> Iterator[Diagnosis]:
    """Check the top level, then parts, software and modules below it."""
    there = {today(key) for key in raw if isinstance(key, str)}
    for key in REQUIRED:
        if key not in there:
            yield Diagnosis(key, "required", "", f"add {key}")
    yield from _of_table(raw, {**TOP, **CARRIED}, "")
    for key in raw:
        match today(str(key)):
            case "part":
                yield from _of_tables(raw[key], f"{key}", COMMON, ("name",))
            case "software":
                yield from _of_tables(raw[key], f"{key}", SOFTWARE, ("release",))
            case "sub":
                yield from _of_tables(raw[key], f"{key}", SUB, ("name",))


def _of_tables(
    value: object, path: str, known: Mapping[str, str], required: tuple[str, ...]
) -> Iterator[Diagnosis]:
    """Check a list of tables; that it is a list has been checked."""
    for number, table in enumerate(value if isinstance(value, list) else []):
        at = f"{path}[{number}]"
        if not isinstance(table, dict):
            yield Diagnosis(at, "type", shown(table), f"write a table [[{path}]]")
            continue
        for key in required:
            if key not in table:
                yield Diagnosis(f"{at}.{key}", "required", "", f"add {key}")
        if known is COMMON and "source" not in table and "export" not in table:
            yield Diagnosis(f"{at}.source", "required", "", "add source or export")
        yield from _of_table(table, known, f"{at}.")


def _of_table(
    table: Mapping[str, Any], known: Mapping[str, str], at: str
) -> Iterator[Diagnosis]:
    """Check keys and values of one table."""
    for key, value in table.items():
        path, word = f"{at}{shown(key)}", str(key)
        if key not in known:
            spelled = today(word)
            if spelled not in known:
                meant = near(word, known)
                yield Diagnosis(path, "unknown-key", shown(value), meant)
                continue
            yield Diagnosis(path, "spelling", word[:80], spelled)
            word = spelled
        if value is None:
            yield Diagnosis(path, "empty", "", "fill it in, or leave the key out")
        else:
            yield from _KINDS[known[word]](value, path, word)


def _of_each(
    check: Callable[[object, str], Iterator[Diagnosis]], what: str
) -> Callable[[object, str, str], Iterator[Diagnosis]]:
    """Make a check of one thing a check of one or several."""

    def of_each(value: object, path: str, _key: str) -> Iterator[Diagnosis]:
        if isinstance(value, list):
            for index, one in enumerate(value):
                place = f"{path}[{index}]" if len(value) > 1 else path
                yield from check(one, place)
        elif isinstance(value, str):
            yield from check(value, path)
        else:
            yield Diagnosis(path, "type", shown(value), f"write {what}")

    return of_each


def _of_words(value: object, path: str, key: str) -> Iterator[Diagnosis]:
    yield from _EACH_WORD(value, path, key)
    words = value if isinstance(value, list) else [value]
    for word in words:
        if not isinstance(word, str):
            continue
        if key in CHOICES:
            yield from _of_choice(word, path, key)
        elif key == "cpc-patent-class" and not CPC.fullmatch(word):
            yield Diagnosis(path, "value", shown(word), "a class such as D03D 35/00")


def _of_choice(value: object, path: str, key: str) -> Iterator[Diagnosis]:
    if value not in CHOICES[key]:
        meant = near_value(str(value), CHOICES[key]) or ", ".join(CHOICES[key])
        yield Diagnosis(path, "value", shown(value), meant)


def _of_plain_text(value: object, path: str, key: str) -> Iterator[Diagnosis]:
    if not isinstance(value, str):
        yield Diagnosis(path, "type", shown(value), "write a text")
    elif not value.strip():
        yield Diagnosis(path, "value", repr(value[:20]), "fill it in")
    elif key in CHOICES:
        yield from _of_choice(value, path, key)
    else:
        yield from of_text(value, path, line=key == "name")


def _of_one_place(value: object, path: str, _key: str) -> Iterator[Diagnosis]:
    if isinstance(value, str):
        yield from of_place(value, path)
    else:
        yield Diagnosis(path, "type", shown(value), "write a path")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _of_number(value: object, path: str, key: str) -> Iterator[Diagnosis]:
    if not _is_number(value):
        yield Diagnosis(path, "type", shown(value), "write a number")
    elif key == "infill":
        if not 0 <= value <= 100:  # type: ignore[operator]
            yield Diagnosis(path, "range", shown(value), "0 to 100 percent")
    elif not 0 < value < float("inf"):  # type: ignore[operator]
        yield Diagnosis(path, "range", shown(value), "above zero")


def _of_truth(value: object, path: str, _key: str) -> Iterator[Diagnosis]:
    if not isinstance(value, bool):
        yield Diagnosis(path, "type", shown(value), "write true or false")


def _of_one_table(value: object, path: str, key: str) -> Iterator[Diagnosis]:
    if not isinstance(value, dict):
        yield Diagnosis(path, "type", shown(value), "write a table")
    elif key == "rdf":
        yield from _of_table(value, RDF, f"{path}.")


def _of_list(value: object, path: str, _key: str) -> Iterator[Diagnosis]:
    if not isinstance(value, list):
        yield Diagnosis(path, "type", shown(value), "write a list of tables")


def _of_people(value: object, path: str, key: str) -> Iterator[Diagnosis]:
    known = PERSON if key == "licensor" else ORGANISATION
    for index, one in enumerate(value if isinstance(value, list) else [value]):
        place = f"{path}[{index}]" if isinstance(value, list) else path
        if isinstance(one, str):
            yield from _of_plain_text(one, place, "")
        elif isinstance(one, dict):
            yield from of_person(one, place, known)
        else:
            what = "write a name, or a table with name"
            yield Diagnosis(place, "type", shown(one), what)


def _of_image(value: object, path: str, _key: str) -> Iterator[Diagnosis]:
    for index, one in enumerate(value if isinstance(value, list) else [value]):
        place = f"{path}[{index}]" if isinstance(value, list) else path
        if isinstance(one, dict):
            if "location" not in one:
                yield Diagnosis(f"{place}.location", "required", "", "add location")
            yield from _of_table(one, IMAGE, f"{place}.")
        else:
            yield from of_place(one, place)


def _of_mass(value: object, path: str, key: str) -> Iterator[Diagnosis]:
    if isinstance(value, dict):
        yield from _of_table(value, MASS, f"{path}.")
        yield from _of_unit(value, path, key)
    else:
        yield from _of_number(value, path, key)


def _of_unit(value: dict[str, Any], path: str, key: str) -> Iterator[Diagnosis]:
    unit = value.get("unit")
    if isinstance(unit, str) and unit not in _UNITS[key]:
        meant = near_value(unit, _UNITS[key]) or " or ".join(_UNITS[key])
        yield Diagnosis(f"{path}.unit", "value", shown(unit), meant)


def _of_dimensions(value: object, path: str, key: str) -> Iterator[Diagnosis]:
    """Check the ways of giving outer dimensions."""
    text = value
    if isinstance(value, dict):
        yield from _of_table(value, DIMENSIONS, f"{path}.")
        yield from _of_unit(value, path, key)
        text = value.get("openSCAD")
    elif not isinstance(value, str):
        yield Diagnosis(path, "type", shown(value), "write width, depth and height")
    if isinstance(text, str) and (
        text.count("(") != text.count(")") or text.count("[") != text.count("]")
    ):
        yield Diagnosis(path, "value", shown(text), "close every bracket")


def _of_version(value: object, path: str, key: str) -> Iterator[Diagnosis]:
    if not _is_number(value):
        yield from _of_plain_text(value, path, key)


def _of_licence(value: object, path: str, _key: str) -> Iterator[Diagnosis]:
    if isinstance(value, str):
        yield from of_licence(value, path)
    else:
        yield Diagnosis(path, "type", shown(value), "write a text")


def _of_anything(_value: object, _path: str, _key: str) -> Iterator[Diagnosis]:
    yield from ()


_EACH_WORD = _of_each(of_text, "a text or a list of texts")
_KINDS: Mapping[str, Callable[[object, str, str], Iterator[Diagnosis]]] = {
    "text": _of_plain_text,
    "words": _of_words,
    "place": _of_one_place,
    "places": _of_each(of_place, "a path or a list of paths"),
    "url": lambda value, path, _key: of_url(value, path),
    "number": _of_number,
    "percent": _of_number,
    "truth": _of_truth,
    "table": _of_one_table,
    "tables": _of_list,
    "people": _of_people,
    "organisations": _of_people,
    "image": _of_image,
    "mass": _of_mass,
    "dimensions": _of_dimensions,
    "languages": _of_each(of_language, "a language tag or a list of them"),
    "level": _of_choice,
    "version": _of_version,
    "moment": lambda value, path, _key: of_moment(value, path),
    "okhv": _of_choice,
    "licence": _of_licence,
    "any": _of_anything,
}
