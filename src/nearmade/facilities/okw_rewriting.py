"""A document with its facilities in another form, all else in it kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nearmade.facilities.okw import OkwDocument, OkwRecord, listed_facilities
from nearmade.facilities.okw_shapes import orphan_rows


def rewritten(okw: OkwDocument, form: Callable[[OkwRecord], Mapping[str, Any]]) -> Any:
    """Give the tree of a document with each facility as ``form`` writes it.

    Parameters
    ----------
    okw
        As it was read, with a facility at least.
    form
        Gives the new record of one facility.

    Returns
    -------
    A list where the document was one, an object with ``facilities`` where it held
    several, else the one record. Entries that are no facility stay as they are, and
    relational rows that belong to none are carried beside the facilities.
    """
    tree = okw.tree
    here: dict[str, list[OkwRecord]] = {}
    for record in okw.records:
        here.setdefault(record.path, []).append(record)
    if isinstance(tree, list):
        return list(_entries(tree, "", here, form))
    listed = listed_facilities(tree)
    if listed is not None:
        key, entries = listed
        return {**tree, key: list(_entries(entries, key, here, form))}
    made = [dict(form(record)) for record in here[""]]
    rest = _orphans(tree, here[""])
    return made[0] if len(made) == 1 and not rest else {"facilities": made} | rest


def _entries(
    entries: list[Any],
    key: str,
    here: Mapping[str, list[OkwRecord]],
    form: Callable[[OkwRecord], Mapping[str, Any]],
) -> Iterator[Any]:
    for index, entry in enumerate(entries):
        records = here.get(f"{key}[{index}]")
        if records is None:
            yield entry
        else:
            yield from _entry(entry, records, form)


def _entry(
    entry: object,
    records: list[OkwRecord],
    form: Callable[[OkwRecord], Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Give the facilities of one entry; relational data may hold many."""
    for record in records:
        yield dict(form(record))
    rest = _orphans(entry, records)
    if rest:
        yield rest


def _orphans(entry: object, records: list[OkwRecord]) -> dict[str, Any]:
    """Carry the rows of relational data that belong to no facility."""
    orphans = orphan_rows(entry, [record.source for record in records])
    return {"nearmade": {"carried": orphans}} if orphans else {}
