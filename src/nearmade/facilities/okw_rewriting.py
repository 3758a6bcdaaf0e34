"""A document with its facilities in another form, all else in it kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nearmade.facilities.okw import OkwDocument, OkwRecord, listed_facilities
from nearmade.facilities.okw_shapes import orphan_rows


def rewritten(okw: OkwDocument, form: Callable[[OkwRecord], Mapping[str, Any]]) -> Any:
    """Give the tree of a document with each facility as ``form`` writes it.

    Parameters
    ----------
    okw
        As it was read.
    form
        Gives the new record of one facility.

    Returns
    -------
    A list where the document was one, an object with ``facilities`` where it held
    several, else the one record. Entries that are no facility stay as they are, and
    relational rows that belong to none are carried beside the facilities.
    """
    tree = okw.document.tree
    at = {one.path: form(one) for one in okw.records}
    if isinstance(tree, list):
        relational = any(one.shape == "relational" for one in okw.records)
        if relational:
            return _several(okw, form, tree)
        return [at.get(f"[{i}]", entry) for i, entry in enumerate(tree)]
    listed = listed_facilities(tree)
    if listed is not None:
        key, entries = listed
        made = [at.get(f"{key}[{i}]", entry) for i, entry in enumerate(entries)]
        return {**tree, key: made}
    orphans = orphan_rows(tree, [one.source for one in okw.records])
    if len(okw.records) == 1 and not orphans:
        return dict(at[""])
    made_all: dict[str, Any] = {"facilities": [dict(form(one)) for one in okw.records]}
    if orphans:
        made_all["nearmade"] = {"carried": orphans}
    return made_all


def _several(
    okw: OkwDocument, form: Callable[[OkwRecord], Mapping[str, Any]], tree: list[Any]
) -> list[Any]:
    """Write a list in which relational data stand: each may hold many facilities."""
    made: list[Any] = []
    for index, entry in enumerate(tree):
        here = [one for one in okw.records if one.path == f"[{index}]"]
        made.extend(dict(form(one)) for one in here)
        orphans = orphan_rows(entry, [one.source for one in here]) if here else {}
        if not here:
            made.append(entry)
        elif orphans:
            made.append({"nearmade": {"carried": orphans}})
    return made
