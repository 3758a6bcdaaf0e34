"""What OKH 2.x asks of a manifest, as rules that give diagnoses.

Close misses become suggestions; the value stays as its author wrote it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nearmade.designs.licence import read_licence
from nearmade.vocabulary.diagnosis import Diagnosis
from nearmade.vocabulary.errors import InvalidInput

#: Keys of the top level and of a part: what each may hold. Source: OKH-LOSH 1.0 JSON
#: schema and the 2.4 template, https://github.com/iop-alliance/OpenKnowHow.
#: text, words (text or list of text), path (path or URL), paths, number, truth, table,
#: tables, any.
_COMMON = {
    "name": "text", "image": "any", "tsdc": "words", "source": "paths",
    "export": "paths", "auxiliary": "paths", "mass": "any", "outer-dimensions": "any",
    "outer-dimension": "any", "outer-dimension-dim": "any",
    "manufacturing-instructions": "paths", "nearmade": "table", "material": "text",
    "printing-process": "text", "infill": "number", "raft-brim": "truth",
    "supports": "truth", "resolution-mm": "number", "shell-thickness": "number",
    "top-bottom-thickness": "number", "engraving-depth-mm": "number",
    "resolution-dpi": "number", "thickness-mm": "number", "welding-process": "text",
    "welder-certification": "text", "smallest-tolerance-class": "text",
    "smallest-inner-radius-mm": "number", "fabric-width-mm": "number",
    "joining-process": "any", "surface-finishing-process": "any",
}  # fmt: skip
_TOP = {
    **_COMMON,
    "okhv": "any", "repo": "text", "function": "text", "version": "any",
    "license": "text", "licensor": "any", "organization": "any", "release": "path",
    "readme": "path", "contribution-guide": "path", "user-manual": "path",
    "publication": "path", "attestation": "paths", "bom": "paths",
    "standard-compliance": "words", "documentation-language": "words",
    "cpc-patent-class": "words", "technology-readiness-level": "text",
    "documentation-readiness-level": "text", "fork-of": "any", "timestamp": "any",
    "rdf": "table", "software": "tables", "part": "tables",
}  # fmt: skip
_DIMENSIONS = {
    "width": "number", "height": "number", "depth": "number", "openSCAD": "text",
    "unit": "text", "source": "any",
}  # fmt: skip
_REQUIRED = ("okhv", "name", "repo", "function", "version", "license", "licensor")

#: Accepted values of ``okhv``; absent is accepted as well by readers, not by the text.
_OKHV = ("OKH-LOSHv1.0", "OKHv1.0", "2.0", "2.4", "0.1.0")
_CHOICES = {
    "okhv": _OKHV,
    "technology-readiness-level": tuple(f"OTRL-{level}" for level in range(1, 7)),
    "documentation-readiness-level": (
        "ODRL-1",
        "ODRL-2",
        "ODRL-3",
        "ODRL-3*",
        "ODRL-4",
    ),
    "tsdc": ("ASM", "MEC", "CIR", "PCB", "WEL", "3DP", "LAS", "CNC", "COT", "STD"),
    "printing-process": ("FDM", "SLA", "SLS", "MJF", "DMLS"),
}
_NAMES = {
    "text": "a text",
    "words": "a text or a list of texts",
    "path": "a path",
    "paths": "a path or a list of paths",
    "number": "a number",
    "truth": "true or false",
    "table": "a table",
    "tables": "a list of tables",
}
_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "words": (str, list),
    "path": (str,),
    "paths": (str, list),
    "number": (int, float),
    "truth": (bool,),
    "table": (dict,),
    "tables": (list,),
}


def diagnose(
    raw: Mapping[str, Any], old_spellings: frozenset[str]
) -> tuple[Diagnosis, ...]:
    """Check a tree against the rules of OKH 2.x."""
    return tuple(_of_top(raw, old_spellings))


def _of_top(raw: Mapping[str, Any], old: frozenset[str]) -> Iterator[Diagnosis]:
    """Check the top level, then the parts."""
    for key in _REQUIRED:
        if key not in raw and not (key == "license" and "spdx-license" in raw):
            yield Diagnosis(key, "required", "", f"add {key}")
    yield from _of_table(raw, _TOP, "", old)
    licence = raw.get("license", raw.get("spdx-license"))
    if isinstance(licence, str):
        yield from _of_licence(licence)
    parts = raw.get("part", [])
    for number, part in enumerate(parts if isinstance(parts, list) else []):
        path = f"part[{number}]"
        if not isinstance(part, dict):
            yield Diagnosis(path, "type", _shown(part), "write a table [[part]]")
            continue
        if "name" not in part:
            yield Diagnosis(f"{path}.name", "required", "", "add name")
        if "source" not in part and "export" not in part:
            yield Diagnosis(f"{path}.source", "required", "", "add source or export")
        yield from _of_table(part, _COMMON, f"{path}.", old)


def _of_table(
    table: Mapping[str, Any],
    known: Mapping[str, str],
    at: str,
    old: frozenset[str],
) -> Iterator[Diagnosis]:
    """Check keys and values of one table."""
    for key, value in table.items():
        path = f"{at}{key}"
        if key not in known:
            if key not in old:
                yield Diagnosis(path, "unknown-key", _shown(value), _near(key, known))
            continue
        kind = known[key]
        expected = _TYPES.get(kind)
        if expected and (
            not isinstance(value, expected)
            or (isinstance(value, bool) and kind == "number")
        ):
            yield Diagnosis(path, "type", _shown(value), f"write {_NAMES[kind]}")
            continue
        if kind in ("path", "paths"):
            yield from _of_paths(value, path)
        yield from _of_value(key, value, path)
        if key == "outer-dimensions":
            yield from _of_dimensions(value, path, old)


def _of_value(key: str, value: object, path: str) -> Iterator[Diagnosis]:
    """Check lists of allowed words and ranges of numbers."""
    if key in _CHOICES:
        for word in value if isinstance(value, list) else [value]:
            if word not in _CHOICES[key]:
                near = _near(str(word), _CHOICES[key])
                yield Diagnosis(path, "value", _shown(word), near)
    if key == "infill" and isinstance(value, (int, float)) and not 0 <= value <= 100:
        yield Diagnosis(path, "range", _shown(value), "0 to 100 percent")
    sized = key.endswith(("-mm", "-dpi", "thickness"))
    if sized and isinstance(value, (int, float)) and not value > 0:
        yield Diagnosis(path, "range", _shown(value), "above zero")


def _of_paths(value: object, path: str) -> Iterator[Diagnosis]:
    """Refuse paths that leave the repository."""
    for place in value if isinstance(value, list) else [value]:
        if not isinstance(place, str):
            yield Diagnosis(path, "type", _shown(place), "write a path or URL")
        elif not is_safe_place(place):
            yield Diagnosis(
                path,
                "path",
                _shown(place),
                "a path inside the repository, or http(s)",
            )


def is_safe_place(place: str) -> bool:
    """Tell whether a path stays in the repository, or is a web address."""
    text = place.strip()
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        return text.startswith(("http://", "https://"))
    return (
        not text.startswith("//") and "\\" not in text and ".." not in text.split("/")
    )


def _of_dimensions(
    value: object, path: str, old: frozenset[str]
) -> Iterator[Diagnosis]:
    """Check the ways of giving outer dimensions."""
    text = value
    if isinstance(value, dict):
        yield from _of_table(value, _DIMENSIONS, f"{path}.", old)
        text = value.get("openSCAD")
    if isinstance(text, str) and (
        text.count("(") != text.count(")") or text.count("[") != text.count("]")
    ):
        yield Diagnosis(path, "value", _shown(text), "close every bracket")


def _of_licence(licence: str) -> Iterator[Diagnosis]:
    """Check the licence expression."""
    try:
        known = read_licence(licence).known
    except InvalidInput:
        known = False
    if not known and not re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", licence):
        bare = licence.removeprefix("LicenseRef-").replace(" ", "-")
        try:
            meant = read_licence(bare)
        except InvalidInput:
            meant = None
        suggestion = (
            meant.expression
            if meant is not None and meant.known
            else "an SPDX expression, or LicenseRef- with letters, digits, . and -"
        )
        yield Diagnosis("license", "licence", _shown(licence), suggestion)


def _near(word: str, known: Mapping[str, str] | tuple[str, ...]) -> str:
    """Give the closest known word; empty when none is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


def _shown(value: object) -> str:
    """Show a value, cut to a readable length."""
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
