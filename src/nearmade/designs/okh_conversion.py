"""OKH 1.0 manifests as OKH-LOSH ones, by the published mapping; nothing is lost.

What the mapping gives no key keeps its own, and where OKH-LOSH uses that key for
something else it goes into the table ``okh-v1``. TOML knows no empty fields: their
paths stand in ``okh-v1.empty``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nearmade.designs.okh import OkhFile
from nearmade.designs.okh_keys import OLD_SPELLINGS, TOP, today
from nearmade.designs.okh_rules import diagnose
from nearmade.designs.okh_schema import schema_findings
from nearmade.designs.okh_v1_rules import canonical, sources, spelled
from nearmade.designs.okh_values import filled, spdx_of
from nearmade.vocabulary.diagnosis import Diagnosis
from nearmade.vocabulary.document_trees import step_into
from nearmade.vocabulary.documents import read_document, write_document
from nearmade.vocabulary.errors import InvalidInput

#: Table of the converted manifest that holds what has no place elsewhere.
KEPT = "okh-v1"

_MADE = "OTRL-3"
_DOCUMENTED = "ODRL-3"

#: Hosts whose repositories lie at owner and name.
_FORGE = re.compile(
    r"(https?://(?:www\.)?(?:github\.com|codeberg\.org|bitbucket\.org)/[^/]+/[^/?#]+)"
)
_GITLAB = re.compile(r"(https?://[^/]*gitlab[^/]*/[^?#]+?)/-/")
_GITLAB_BARE = re.compile(r"(https?://[^/]*gitlab[^/]*/[^/]+/[^/?#]+)")
_RAW = re.compile(r"https?://raw\.githubusercontent\.com/([^/]+/[^/]+)/")


@dataclass(frozen=True, slots=True)
class Conversion:
    """A manifest in another generation of OKH.

    Parameters
    ----------
    tree
        What the new manifest holds.
    data
        The same, written as TOML.
    findings
        What is amiss in the new one, by the rules of OKH 2.x.
    schema
        What the published schema refuses in it.
    moved
        From where to where, in the order of the mapping.
    """

    tree: Mapping[str, Any]
    data: bytes
    findings: tuple[Diagnosis, ...]
    schema: tuple[Diagnosis, ...]
    moved: tuple[tuple[str, str], ...]


def convert(manifest: OkhFile) -> Conversion:
    """Give a manifest as OKH-LOSH: 1.0 by the mapping, 2.x in today's spelling.

    Raises
    ------
    InvalidInput
        When the file could not be read, or names no licence that the mapping takes.

    References
    ----------
    .. [1] OKHv1 to OKH-LOSHv1, https://github.com/OPEN-NEXT/OKH-LOSH
    """
    if manifest.generation == "unknown":
        why = manifest.findings[-1]
        raise InvalidInput(
            ": ".join(filter(None, ("manifest cannot be read", why.path, why.value))),
            code="manifest-unreadable",
            remedy=why.suggestion,
        )
    plain, empty = _without_empty(manifest.document.tree)
    moving = _Moving(plain, empty)
    if manifest.generation == "1.0":
        moving.convert()
        if "license" not in moving.tree:
            raise InvalidInput(
                "manifest names no licence of its hardware or documentation",
                code="manifest-no-licence",
                remedy="add license.hardware, an SPDX name such as CERN-OHL-S-2.0",
            )
    else:
        moving.respell()
    tree = moving.finished()
    data = write_document(read_document(b"", "okh.toml"), tree)
    return Conversion(
        tree, data, diagnose(tree), schema_findings(tree), tuple(moving.moved)
    )


@dataclass
class _Moving:
    """Takes fields of one manifest over into another, and notes what went where."""

    old: dict[str, Any]
    empty: list[str]
    tree: dict[str, Any] = field(default_factory=dict)
    moved: list[tuple[str, str]] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

    def put(self, source: str, target: str, value: object, *, whole: bool) -> None:
        """Put a value at its new key; ``whole`` when nothing of the old one is left."""
        self.tree[target] = value
        self.moved.append((source, target))
        if whole:
            self.done.add(source)

    def convert(self) -> None:
        """Apply the mapping, row by row."""
        view = canonical(self.old)
        self.tree["okhv"] = "OKH-LOSHv1.0"
        for row in _ROWS:
            row(self, view)
        self.keep()

    def respell(self) -> None:
        """Give every key of the top level today's spelling, where that is free."""
        taken = set(self.old)
        for key, value in self.old.items():
            spelling = today(key)
            other = key not in TOP or key in OLD_SPELLINGS
            if other and spelling in TOP and spelling not in taken:
                taken.add(spelling)
                self.put(key, spelling, value, whole=True)
            else:
                self.tree[key] = value
        if self.empty:
            self.tree[_free(KEPT, self.tree)] = {"empty": self.empty}

    def keep(self) -> None:
        """Carry what is left under its own key, or in the table that keeps things."""
        kept: dict[str, Any] = {}
        gone = {key for word, key in sources(self.old).items() if word in self.done}
        taken = {*TOP, *self.tree, *OLD_SPELLINGS}
        for key, value in self.old.items():
            if key in gone:
                continue
            if key in taken or spelled(key) in taken:
                kept[key] = value
                self.moved.append((key, f"{KEPT}.{key}"))
            else:
                self.tree[key] = value
                self.moved.append((key, key))
        if self.empty:
            kept[_free("empty", kept)] = self.empty
        if kept:
            self.tree[KEPT] = kept

    def finished(self) -> dict[str, Any]:
        """Give the new manifest: plain fields first, as TOML wants them."""
        tables = {key: one for key, one in self.tree.items() if _is_table(one)}
        plain = {key: one for key, one in self.tree.items() if key not in tables}
        return {**plain, **tables}


Row = Callable[[_Moving, dict[str, Any]], None]


def _direct(source: str, target: str) -> Row:
    """Give the row of a field that keeps its value."""

    def row(moving: _Moving, view: dict[str, Any]) -> None:
        value = view.get(source)
        number = isinstance(value, int | float) and source == "version"
        if (isinstance(value, str) or number) and filled(value):
            moving.put(source, target, value, whole=True)

    return row


def _dates(moving: _Moving, view: dict[str, Any]) -> None:
    for source in ("date-updated", "date-created"):
        value = view.get(source)
        if filled(value) and isinstance(value, str | date):
            moving.put(source, "timestamp", value, whole=True)
            return


def _function(moving: _Moving, view: dict[str, Any]) -> None:
    sources = [
        key
        for key in ("description", "intended-use", "health-safety-notice")
        if isinstance(view.get(key), str) and view[key].strip()
    ]
    if not sources:
        return
    alone = len(sources) == 1
    texts = [view[key] if alone else view[key].strip() for key in sources]
    for source in sources:
        moving.put(source, "function", "\n\n".join(texts), whole=alone)


def _origin(moving: _Moving, view: dict[str, Any]) -> None:
    for source in ("derivative-of", "variant-of"):
        origin = view.get(source)
        if "fork-of" in moving.tree or not isinstance(origin, dict):
            continue
        manifest, web = origin.get("manifest"), origin.get("web")
        if isinstance(manifest, str) and manifest.strip():
            moving.put(source, "fork-of", repository_of(manifest), whole=False)
        elif isinstance(web, str) and web.strip():
            whole = set(origin) == {"web"}
            moving.put(source, "fork-of", web, whole=whole)


def _stage(moving: _Moving, view: dict[str, Any]) -> None:
    if view.get("made-independently") is True:
        moving.put(
            "made-independently", "technology-readiness-level", _MADE, whole=False
        )
        moving.put(
            "made-independently",
            "documentation-readiness-level",
            _DOCUMENTED,
            whole=False,
        )
    elif view.get("made") is True:
        moving.put("made", "technology-readiness-level", _MADE, whole=False)
    elif str(view.get("development-stage")).strip().casefold() == "prototype":
        moving.put(
            "development-stage", "technology-readiness-level", _MADE, whole=False
        )


def _licence(moving: _Moving, view: dict[str, Any]) -> None:
    licences = view.get("license")
    if not isinstance(licences, dict):
        return
    for kind in ("hardware", "documentation"):
        name = licences.get(kind)
        if not (isinstance(name, str) and name.strip()):
            continue
        words = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-") or "other"
        official = spdx_of(name)
        whole = official == name and set(licences) == {kind}
        target = official or f"LicenseRef-{words.removeprefix('LicenseRef-')}"
        moving.put("license", "license", target, whole=whole)
        return


def _licensor(moving: _Moving, view: dict[str, Any]) -> None:
    value = view.get("licensor")
    people = value if isinstance(value, list) else [value]
    names = [
        person["name"]
        for person in people
        if isinstance(person, dict)
        and isinstance(person.get("name"), str)
        and person["name"].strip()
    ]
    if isinstance(value, str) and value.strip():
        moving.put("licensor", "licensor", value, whole=True)
    elif names:
        whole = all(isinstance(one, dict) and set(one) == {"name"} for one in people)
        lone = len(names) == 1 and not isinstance(value, list)
        target = names[0] if lone or len(names) == 1 else names
        moving.put("licensor", "licensor", target, whole=whole)


def _instructions(source: str, target: str, *, several: bool) -> Row:
    """Give the row of a list of files of which the path goes on."""

    def row(moving: _Moving, view: dict[str, Any]) -> None:
        value = view.get(source)
        files = value if isinstance(value, list) else [value]
        paths = [
            one["path"]
            for one in files
            if isinstance(one, dict)
            and isinstance(one.get("path"), str)
            and one["path"].strip()
        ]
        if not paths:
            return
        whole = all(isinstance(one, dict) and set(one) == {"path"} for one in files)
        if len(paths) == 1 or not several:
            moving.put(source, target, paths[0], whole=whole and len(paths) == 1)
        else:
            moving.put(source, target, paths, whole=whole)

    return row


def _software(moving: _Moving, view: dict[str, Any]) -> None:
    value = view.get("software")
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return
    names = {"title": "label", "path": "release"}
    tables = [
        {names.get(key, key): one for key, one in software.items()}
        for software in value
        if software
    ]
    whole = all(
        isinstance(software.get(key, ""), str)
        for software in value
        for key in ("title", "path")
    ) and not any(set(one) & {"label", "release"} for one in value)
    if tables:
        moving.put("software", "software", tables, whole=whole)


def _standards(moving: _Moving, view: dict[str, Any]) -> None:
    value = view.get("standards-used")
    if not isinstance(value, list):
        return
    names: list[str] = []
    for standard in value:
        if not isinstance(standard, dict):
            continue
        for key in ("reference", "standard-title"):
            if isinstance(standard.get(key), str) and standard[key].strip():
                names.append(standard[key])
                break
    if names:
        moving.put("standards-used", "standard-compliance", names, whole=False)


def _below(moving: _Moving, view: dict[str, Any]) -> None:
    """Make a table ``[[sub]]`` of each thing below that has its own manifest."""
    found: list[dict[str, str]] = []
    for source in ("sub", "sub-parts"):
        value = view.get(source)
        things = value if isinstance(value, list) else [value]
        made = [_module(one) for one in things if isinstance(one, dict)]
        made = [one for one in made if one]
        if made:
            found += made
            moving.put(source, "sub", found, whole=False)


def _module(thing: dict[str, Any]) -> dict[str, str]:
    title, manifest, web = (
        str(thing.get(key) or "").strip() for key in ("title", "manifest", "web")
    )
    # A manifest beside this one is in this repository; its page says where it lives.
    remote = "://" in manifest
    repository = repository_of(manifest) if remote else web
    module = {"name": title, "manifest-file": manifest, "repo": repository}
    return {key: text for key, text in module.items() if text}


#: The mapping, in its order.
_ROWS: tuple[Row, ...] = (
    _direct("title", "name"),
    _direct("documentation-home", "repo"),
    _direct("version", "version"),
    _direct("archive-download", "release"),
    _licence,
    _licensor,
    _direct("image", "image"),
    _direct("documentation-language", "documentation-language"),
    _stage,
    _function,
    _standards,
    _direct("bom", "bom"),
    _instructions("making-instructions", "manufacturing-instructions", several=True),
    _instructions("operating-instructions", "user-manual", several=False),
    _dates,
    _origin,
    _software,
    _below,
)


def repository_of(manifest_url: str) -> str:
    """Shorten the address of a manifest to that of its repository.

    Addresses of hosts whose repositories we cannot tell are left as they are.
    """
    url = manifest_url.strip()
    raw = _RAW.match(url)
    if raw:
        return f"https://github.com/{raw[1]}"
    for pattern in (_FORGE, _GITLAB, _GITLAB_BARE):
        found = pattern.match(url)
        if found:
            return found[1].removesuffix(".git")
    return url


def _is_table(value: object) -> bool:
    several = isinstance(value, list) and bool(value)
    return isinstance(value, dict) or (
        several and all(isinstance(one, dict) for one in value)  # type: ignore[attr-defined]
    )


def _without_empty(tree: Mapping[Any, Any]) -> tuple[dict[str, Any], list[str]]:
    """Give a tree that TOML can hold: no empty fields, keys that are texts."""
    empty: list[str] = []

    def plain(value: Any, path: str) -> Any:
        if isinstance(value, dict):
            found: dict[str, Any] = {}
            for key, one in value.items():
                place = step_into(path, str(key))
                if one is None:
                    empty.append(place)
                else:
                    found[_free(str(key), found)] = plain(one, place)
            return found
        if isinstance(value, list):
            kept = []
            for index, one in enumerate(value):
                if one is None:
                    empty.append(step_into(path, index))
                else:
                    kept.append(plain(one, step_into(path, index)))
            return kept
        return value

    return plain(dict(tree), ""), empty


def _free(key: str, taken: Mapping[str, Any]) -> str:
    """Give a key that is not taken: ``1`` and ``"1"`` are one key in TOML."""
    while key in taken:
        key += "-"
    return key
