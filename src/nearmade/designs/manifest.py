"""Read and write OKH 2.x manifests (``okh.toml``) without losing anything.

A manifest is kept as it came: text, tree with types, and our view of it. Export starts
from the text or the tree, never from the view, so keys that we do not know survive.
A dirty manifest gives diagnoses, not exceptions, and no guess is made in silence.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nearmade.designs.okh_keys import today
from nearmade.designs.okh_rules import diagnose
from nearmade.vocabulary.diagnosis import Diagnosis
from nearmade.vocabulary.documents import (
    MAX_BYTES,
    Document,
    read_document,
    write_document,
)
from nearmade.vocabulary.errors import InvalidInput

#: Longest manifest that is read, in bytes.
MAX_MANIFEST_BYTES = MAX_BYTES["toml"]


@dataclass(frozen=True, slots=True)
class PartEntry:
    """Our view of one ``[[part]]`` table; None where it says nothing.

    Parameters
    ----------
    name, tsdc, material, source
        As OKH names them.
    infill_percent
        Share of the inside that is filled, 0..100. [%]
    supports
        The author says whether it needs supports.
    extra
        The table ``[part.nearmade]``: part, title, quantity, materials.
    raw
        The whole table, in today's spelling of its keys.
    """

    name: str | None
    tsdc: str | None
    material: str | None
    source: str | None
    infill_percent: float | None
    supports: bool | None
    extra: Mapping[str, Any]
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it came, and what we make of it.

    Parameters
    ----------
    raw
        The tree with its types, unknown keys and all. Not to be changed: see ``edit``.
    document
        The document it was read from.
    diagnoses
        What breaks a rule, in the order of the tree.
    name, version, function, licence, licensor, organization, repo
        Our view; texts with blanks trimmed, empty where nothing is said.
    bom
        Path of the bill of materials; empty where nothing is said.
    parts
        Our view of the parts, in order.
    extra
        The table ``[nearmade]``: id, summary, purpose, main, presets and so on.
    """

    raw: Mapping[str, Any]
    document: Document
    diagnoses: tuple[Diagnosis, ...]
    name: str
    version: str
    function: str
    licence: str
    licensor: str
    organization: str
    repo: str
    bom: str
    parts: tuple[PartEntry, ...]
    extra: Mapping[str, Any]


def read_okh(text: str) -> Manifest:
    """Read an OKH 2.x manifest.

    Raises
    ------
    InvalidInput
        When the text is too long or no TOML at all; everything else is a diagnosis.

    References
    ----------
    .. [1] OKH-LOSH specification, https://github.com/iop-alliance/OpenKnowHow
    """
    document = read_document(text.encode("utf-8", "surrogatepass"), "okh.toml")
    if not document.readable:
        (why,) = document.diagnoses
        long = why.rule == "size"
        raise InvalidInput(
            ": ".join(filter(None, ("manifest is not TOML", why.path, why.value))),
            code="manifest-too-long" if long else "manifest-not-toml",
            remedy=why.suggestion,
        )
    return manifest_of(document)


def manifest_of(document: Document) -> Manifest:
    """Make our view of a manifest of OKH 2.x that was read, whatever its format.

    Parameters
    ----------
    document
        A readable one whose tree is a table.
    """
    return _view(document.tree, document)


def write_okh(manifest: Manifest) -> str:
    """Write a manifest: its own text as it came, or its tree once it was edited.

    Raises
    ------
    InvalidInput
        When TOML has no way to write a value.
    """
    return write_document(manifest.document, manifest.raw).decode()


def edit(manifest: Manifest, path: Sequence[str | int], value: object) -> Manifest:
    """Put a value at a place of the tree and look at the whole anew.

    Parameters
    ----------
    path
        Keys and indices from the root, such as ``("part", 0, "material")``.
    value
        Anything that TOML can hold.

    Raises
    ------
    InvalidInput
        When the path leads nowhere.
    """
    raw = copy.deepcopy(dict(manifest.raw))
    place: Any = raw
    try:
        for step in path[:-1]:
            if isinstance(place, dict):
                place = place.setdefault(step, {})
            else:
                place = place[step]
        if not path or type(place) not in (dict, list):
            raise TypeError("no table or list there")
        place[path[-1]] = value
    except (KeyError, IndexError, TypeError) as error:
        raise InvalidInput(
            f"manifest has no place {'.'.join(map(str, path))!r}: {error}",
            code="manifest-path",
        ) from error
    return _view(raw, manifest.document)


def _view(raw: dict[str, Any], document: Document) -> Manifest:
    """Make our view of a tree."""
    top = _canonical(raw)
    parts = top.get("part", [])
    extra = top.get("nearmade", {})
    return Manifest(
        raw=raw,
        document=document,
        diagnoses=(*document.diagnoses, *diagnose(raw)),
        name=_text(top.get("name")),
        version=_text(top.get("version")),
        function=_text(top.get("function")),
        licence=_text(top.get("license")),
        licensor=_people(top.get("licensor")),
        organization=_people(top.get("organization")),
        repo=_text(top.get("repo")),
        bom=_text(_first(top.get("bom"))),
        parts=tuple(
            part_entry(part)
            for part in (parts if isinstance(parts, list) else [])
            if isinstance(part, dict)
        ),
        extra=extra if isinstance(extra, dict) else {},
    )


def _canonical(table: Mapping[str, Any]) -> dict[str, Any]:
    """Give a table with today's spelling of its keys; today's spelling wins."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        found.setdefault(today(key), value)
    return {**found, **{key: table[key] for key in found if key in table}}


def part_entry(table: Mapping[str, Any]) -> PartEntry:
    """Make our view of one part, or of a manifest that is one part itself."""
    part = _canonical(table)
    infill, supports = part.get("infill"), part.get("supports")
    extra = part.get("nearmade", {})
    counts = isinstance(infill, (int, float)) and not isinstance(infill, bool)
    return PartEntry(
        name=_text(part.get("name")) or None,
        tsdc=_text(_first(part.get("tsdc"))) or None,
        material=_text(part.get("material")) or None,
        source=_text(_first(part.get("source"))) or None,
        infill_percent=float(infill) if counts else None,  # type: ignore[arg-type]
        supports=supports if isinstance(supports, bool) else None,
        extra=extra if isinstance(extra, dict) else {},
        raw=part,
    )


def _first(value: object) -> object:
    """Give the first of a list, or the thing itself."""
    if isinstance(value, list):
        return value[0] if value else None
    return value


def _text(value: object) -> str:
    """Give a text or number as text; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return ""


def _people(value: object) -> str:
    """Give people or organisations, written in any of OKH's ways, as one text."""
    several = value if isinstance(value, list) else [value]
    names = [
        _text(one.get("name") if isinstance(one, dict) else one) for one in several
    ]
    return ", ".join(name for name in names if name)
