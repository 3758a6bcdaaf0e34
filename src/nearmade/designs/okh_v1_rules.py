"""What OKH 1.0 (YAML) asks of a manifest, as rules that give diagnoses.

The standard spells some keys in two ways, and others are written otherwise in the
field; all are read, and the value stays as its author wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from nearmade.designs.okh_rules import bounded
from nearmade.designs.okh_values import (
    filled,
    near,
    of_language,
    of_licence,
    of_moment,
    of_person,
    of_place,
    of_text,
    of_url,
)
from nearmade.vocabulary.diagnosis import Diagnosis, shown

#: Keys of the top level, https://standards.internetofproduction.org/pub/okh
KEYS: Mapping[str, str] = {
    "title": "text", "description": "text", "intended-use": "text",
    "keywords": "words", "project-link": "url", "documentation-home": "place",
    "health-safety-notice": "text", "contact": "contact", "contributors": "people",
    "image": "place", "version": "version", "development-stage": "text",
    "made": "truth", "made-independently": "truth", "standards-used": "standards",
    "derivative-of": "origin", "variant-of": "origin", "sub": "origins",
    "sub-parts": "origins", "license": "licence", "licensor": "licensors",
    "manifest-author": "person", "date-created": "moment", "date-updated": "moment",
    "manifest-language": "language", "documentation-language": "language",
    "manifest-is-translation": "origin", "documentation-is-translation": "origin",
    "okh-manifest-version": "version", "archive-download": "place", "bom": "place",
    "tool-list": "place", "design-files": "files", "schematics": "files",
    "making-instructions": "files", "manufacturing-files": "files",
    "risk-assessment": "files", "tool-settings": "files",
    "quality-instructions": "files", "operating-instructions": "files",
    "maintenance-instructions": "files", "disposal-instructions": "files",
    "software": "files",
}  # fmt: skip

#: Spellings seen in the text of the standard, and the key that its template uses.
SPELLINGS: Mapping[str, str] = {
    "indended-use": "intended-use",
    "licence": "license",
    "sub-part": "sub-parts",
}
_PERSON = ("name", "affiliation", "email")
_CONTACT = (*_PERSON, "social")
_ORIGIN = ("title", "manifest", "web", "lang")
_STANDARD = ("standard-title", "publisher", "reference", "certification")
_AWARD = ("certifier", "date-awarded", "link")
_LICENCES = ("hardware", "documentation", "software")


def spelled(key: object) -> str:
    """Give a key in the template's spelling: lower case with hyphens."""
    kebab = str(key)[:100].strip().lower().replace("_", "-").replace(" ", "-")
    return SPELLINGS.get(kebab, kebab)


def sources(tree: Mapping[Any, Any]) -> dict[str, Any]:
    """Give for each key of the standard the key that the manifest uses for it.

    Where it uses several, the template's spelling counts, else the first.
    """
    found: dict[str, Any] = {}
    for key in tree:
        word = spelled(key)
        if word in KEYS and (word not in found or word == key):
            found[word] = key
    return found


def canonical(tree: Mapping[Any, Any]) -> dict[str, Any]:
    """Give a manifest with the template's spelling of its keys."""
    return {word: tree[key] for word, key in sources(tree).items()}


def diagnose_v1(tree: Mapping[Any, Any], head: str) -> tuple[Diagnosis, ...]:
    """Check a tree against the rules of OKH 1.0.

    Parameters
    ----------
    tree
        As it was read.
    head
        The line that declares the standard; empty where there is none.
    """
    return bounded(_of_manifest(tree, head))


def _of_manifest(tree: Mapping[Any, Any], head: str) -> Iterator[Diagnosis]:
    if not re.fullmatch(r"%Open Know-How Manifest 1\.0", head):
        begin = "begin with %Open Know-How Manifest 1.0, then ---"
        yield Diagnosis("", "declaration", head, begin)
    view = canonical(tree)
    for key in ("title", "description", "license"):
        if not filled(view.get(key)):
            yield Diagnosis(key, "required", shown(view.get(key, "")), f"add {key}")
    if not any(filled(view.get(key)) for key in ("project-link", "documentation-home")):
        yield Diagnosis(
            "project-link", "required", "", "add project-link or documentation-home"
        )
    for key, value in tree.items():
        path, word = shown(key), spelled(key)
        if word not in KEYS:
            yield Diagnosis(path, "unknown-key", shown(value), near(word, KEYS))
            continue
        if word != key:
            yield Diagnosis(path, "spelling", path, word)
        if value is None:
            yield Diagnosis(path, "empty", "", "fill it in, or leave the key out")
        else:
            yield from _KINDS[KEYS[word]](value, path)


def _of_text(value: object, path: str) -> Iterator[Diagnosis]:
    """Ask for a text; numbers and truths are no texts, though YAML reads them so."""
    if isinstance(value, bool | int | float | date):
        yield Diagnosis(path, "type", shown(value), f'write "{shown(value)}" in quotes')
    else:
        yield from of_text(value, path)


def _of_version(value: object, path: str) -> Iterator[Diagnosis]:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        yield Diagnosis(path, "type", shown(value), "write a text")
    elif isinstance(value, float):
        meant = f'"{value}": a number forgets its last zeros'
        yield Diagnosis(path, "spelling", shown(value), meant)
    elif isinstance(value, str):
        yield from of_text(value, path)


def _of_truth(value: object, path: str) -> Iterator[Diagnosis]:
    if isinstance(value, bool):
        return
    word = str(value).strip().casefold()
    meant = {"yes": "true", "true": "true", "1": "true"}.get(word)
    meant = meant or {"no": "false", "false": "false", "0": "false"}.get(word)
    yield Diagnosis(path, "type", shown(value), meant or "write true or false")


def _of_words(value: object, path: str) -> Iterator[Diagnosis]:
    if not isinstance(value, list):
        yield Diagnosis(path, "type", shown(value), "write a list of texts")
        return
    for index, word in enumerate(value):
        yield from _of_text(word, f"{path}[{index}]")


def _of_people(value: object, path: str, *, one: bool = False) -> Iterator[Diagnosis]:
    if isinstance(value, dict) and one:
        yield from of_person(value, path, _PERSON)
        return
    if not isinstance(value, list):
        what = "a table" if one else "a list of tables"
        yield Diagnosis(path, "type", shown(value), f"write {what} with name")
        return
    for index, person in enumerate(value):
        yield from of_person(person, f"{path}[{index}]", _PERSON)


def _of_contact(value: object, path: str) -> Iterator[Diagnosis]:
    if not isinstance(value, dict):
        yield Diagnosis(path, "type", shown(value), "write a table with email")
        return
    yield from of_person(value, path, _CONTACT, named=False)
    social = value.get("social")
    handles = [
        one
        for one in (social if isinstance(social, list) else [])
        if isinstance(one, dict) and filled(one.get("user-handle"))
    ]
    if not (filled(value.get("email")) or handles):
        yield Diagnosis(f"{path}.email", "required", "", "add email or social")
    if isinstance(social, list):
        for index, one in enumerate(social):
            place = f"{path}.social[{index}]"
            yield from _of_keys(one, place, ("platform", "user-handle"))
    elif social is not None:
        yield Diagnosis(f"{path}.social", "type", shown(social), "write a list")


def _of_keys(value: object, path: str, known: tuple[str, ...]) -> Iterator[Diagnosis]:
    """Check that a value is a table, and name keys that it should not have."""
    if not isinstance(value, dict):
        words = " and ".join(known[:2])
        yield Diagnosis(path, "type", shown(value), f"write a table with {words}")
        return
    for key, one in value.items():
        place = f"{path}.{shown(key)}"
        if key not in known:
            yield Diagnosis(place, "unknown-key", shown(one), near(str(key), known))
        elif one is None:
            yield Diagnosis(place, "empty", "", "fill it in, or leave the key out")


def _of_origin(value: object, path: str) -> Iterator[Diagnosis]:
    """Check a thing that this one comes from, or a part that has its own manifest."""
    for finding in _of_keys(value, path, _ORIGIN):
        if finding.path == f"{path}.name":
            finding = Diagnosis(finding.path, finding.rule, finding.value, "title")
        yield finding
    if not isinstance(value, dict):
        return
    if path == "derivative-of" and not filled(value.get("title")):
        yield Diagnosis(f"{path}.title", "required", "", "add title")
    for key in ("manifest", "web"):
        if value.get(key) is not None:
            yield from of_url(value[key], f"{path}.{key}")
    if value.get("lang") is not None:
        yield from of_language(value["lang"], f"{path}.lang")


def _of_origins(value: object, path: str) -> Iterator[Diagnosis]:
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _of_origin(one, f"{path}[{index}]")
    else:
        yield from _of_origin(value, path)


def _of_licence(value: object, path: str) -> Iterator[Diagnosis]:
    if not isinstance(value, dict):
        what = "write hardware, documentation, software: each an SPDX name"
        yield Diagnosis(path, "type", shown(value), what)
        return
    yield from _of_keys(value, path, _LICENCES)
    if value and not any(filled(value.get(key)) for key in _LICENCES):
        yield Diagnosis(f"{path}.hardware", "required", "", "add a licence")
    for key in _LICENCES:
        name = value.get(key)
        if isinstance(name, str) and name.strip():
            yield from of_licence(name, f"{path}.{key}")
        elif name is not None and not isinstance(name, str):
            yield Diagnosis(f"{path}.{key}", "type", shown(name), "write a text")


def _of_files(value: object, path: str) -> Iterator[Diagnosis]:
    if not isinstance(value, list):
        yield Diagnosis(path, "type", shown(value), "write a list of path and title")
        return
    for index, one in enumerate(value):
        place = f"{path}[{index}]"
        yield from _of_keys(one, place, ("path", "title"))
        if not isinstance(one, dict):
            continue
        if not filled(one.get("path")):
            yield Diagnosis(f"{place}.path", "required", "", "add path")
        else:
            yield from of_place(one["path"], f"{place}.path")
        if one.get("title") is not None:
            yield from _of_text(one["title"], f"{place}.title")


def _of_standards(value: object, path: str) -> Iterator[Diagnosis]:
    if not isinstance(value, list):
        yield Diagnosis(path, "type", shown(value), "write a list of standard-title")
        return
    for index, one in enumerate(value):
        place = f"{path}[{index}]"
        yield from _of_keys(one, place, _STANDARD)
        if not isinstance(one, dict):
            continue
        if not filled(one.get("standard-title")):
            yield Diagnosis(f"{place}.standard-title", "required", "", "add it")
        awards = one.get("certification")
        for number, award in enumerate(awards if isinstance(awards, list) else []):
            at = f"{place}.certification[{number}]"
            yield from _of_keys(award, at, _AWARD)
            if isinstance(award, dict) and award.get("date-awarded") is not None:
                yield from of_moment(award["date-awarded"], f"{at}.date-awarded")


_KINDS: Mapping[str, Callable[[object, str], Iterator[Diagnosis]]] = {
    "text": _of_text,
    "words": _of_words,
    "url": of_url,
    "place": of_place,
    "contact": _of_contact,
    "people": _of_people,
    "person": lambda value, path: of_person(value, path, _PERSON),
    "licensors": lambda value, path: _of_people(value, path, one=True),
    "version": _of_version,
    "truth": _of_truth,
    "standards": _of_standards,
    "origin": _of_origin,
    "origins": _of_origins,
    "licence": _of_licence,
    "moment": of_moment,
    "language": of_language,
    "files": _of_files,
}
