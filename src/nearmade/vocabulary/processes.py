"""Which process is which, and which satisfies which: by identity, never by likeness.

A child satisfies a request for its parent; a parent never satisfies a request for its
child, and siblings never stand in for each other. A code that the tree does not hold
satisfies itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.nearest import not_known
from nearmade.vocabulary.process_table import SECTIONS, Row

_ARTICLES: Final = "https://en.wikipedia.org/wiki/"


@dataclass(frozen=True, slots=True)
class Process:
    """A way of making.

    Parameters
    ----------
    code
        Ours, in capitals, such as ``FDM``.
    title
        For people.
    parent
        Code of what it is a kind of; empty at a root.
    family
        Additive family (ISO/ASTM 52900); empty for all else.
    group
        Number of its group, such as ``3.2`` (DIN 8580); empty where it has none.
    tsdc
        Code of OKH's documentation criteria, such as ``3DP``; empty where none fits.
    wikidata
        Id such as ``Q229367``; empty where none was met in use.
    aliases
        Other names, titles of Wikipedia articles among them.
    source
        Who orders it so.
    wikipedia
        Address of its own article in English, by which OKW names it; may be empty.
    also
        Codes of further parents.
    broad
        True when a request for it does not say enough: the author must be asked.
    """

    code: str
    title: str
    parent: str
    family: str
    group: str
    tsdc: str
    wikidata: str
    aliases: tuple[str, ...]
    source: str
    wikipedia: str = ""
    also: tuple[str, ...] = ()
    broad: bool = False


def _process(row: Row, source: str, parents: Mapping[str, Process]) -> Process:
    above = parents.get(row.parent)
    return Process(
        code=row.code,
        title=row.title,
        parent=row.parent,
        family=row.family or (above.family if above else ""),
        group=row.group or (above.group if above else ""),
        tsdc=row.tsdc or (above.tsdc if above else ""),
        wikidata=row.wikidata,
        aliases=tuple(filter(None, (row.article, *row.names.split("|")))),
        source=source,
        wikipedia=row.article and _ARTICLES + row.article.replace(" ", "_"),
        also=row.also,
        broad=row.broad,
    )


def _table() -> Iterator[Process]:
    made: dict[str, Process] = {}
    for source, rows in SECTIONS:
        for row in rows:
            made[row.code] = _process(row, source, made)
            yield made[row.code]


#: Every process by its code; parents stand before their children.
PROCESSES: Final[Mapping[str, Process]] = MappingProxyType(
    {process.code: process for process in _table()}
)


@cache
def ancestry(code: str) -> tuple[str, ...]:
    """Name a process, its parents, and so on up to the roots, nearest first."""
    names = [code]
    for name in names:
        process = PROCESSES.get(name)
        if process is not None:
            above = filter(None, (process.parent, *process.also))
            names.extend(each for each in above if each not in names)
    return tuple(names)


def satisfies(offered: str, requested: str) -> bool:
    """Tell whether a machine's process is what a part asks for, or a kind of it."""
    return requested in ancestry(offered)


def children(code: str) -> tuple[str, ...]:
    """Name what is directly a kind of a process."""
    return tuple(
        each.code for each in PROCESSES.values() if code in (each.parent, *each.also)
    )


def process_title(code: str) -> str:
    """Give what people call a process; of a code that the tree does not hold, itself.

    Parameters
    ----------
    code
        Such as ``FDM``, which is ``fused filament fabrication``.
    """
    known = PROCESSES.get(code)
    return code.replace("-", " ").casefold() if known is None else known.title


def process_words(code: str) -> str:
    """Give title and code of a process, such as ``laser cutting (LASER-CUTTING)``."""
    return f"{PROCESSES[code].title} ({code})" if code in PROCESSES else code


def find_process(name: str) -> Process:
    """Give the process that a name means.

    Parameters
    ----------
    name
        Code, alias, OKH's ``tsdc`` code, Wikidata id, or address of an article in
        Wikipedia or an entry in Wikidata; capitals, blanks and hyphens do not matter.

    Raises
    ------
    NotFound
        When none is known by it; the message names those near.
    """
    found = _BY_NAME.get(folded(name))
    if found is None:
        raise NotFound(
            not_known("process", name, _KNOWN),
            code="process-unknown",
            remedy=f"known are {', '.join(PROCESSES)}",
        )
    return found


def requested_process(name: str, offered: Iterable[str] = ()) -> str:
    """Give the code of a process that a request names.

    Parameters
    ----------
    name
        As the caller gave it; whatever ``find_process`` knows.
    offered
        Codes that machines at hand have, known beside the tree.

    Raises
    ------
    NotFound
        When neither the tree nor a machine knows it; the message names those near.
    """
    own = {code.casefold(): code for code in offered}
    if name.casefold() in own:
        return own[name.casefold()]
    try:
        return find_process(name).code
    except NotFound as error:
        known = sorted({*PROCESSES, *own.values()})
        raise NotFound(
            not_known("process", name, [*known, *_KNOWN]),
            code=error.code,
            remedy=f"known are {', '.join(known)}",
        ) from error


def folded(name: str) -> str:
    """Write a name, or the end of its address, in one way for comparing."""
    text = name.strip()
    if "://" in text or text.startswith(("en.wikipedia.org/", "www.wikidata.org/")):
        text = text.partition("#")[0]
        title = re.search(r"[?&]title=([^&]+)", text)
        text = title[1] if title else text.partition("?")[0].rstrip("/")
        text = unquote(text.rpartition("/")[2])
    return re.sub(r"[\s_–-]+", " ", text).strip().casefold()


def _names_of(process: Process) -> Iterator[str]:
    above = PROCESSES.get(process.parent)
    yield process.code
    yield process.title
    yield from process.aliases
    if process.wikidata:
        yield process.wikidata
    # A child has its parent's code of OKH too; the topmost is meant by it.
    if (
        process.tsdc
        and not process.also
        and (above is None or above.tsdc != process.tsdc)
    ):
        yield process.tsdc


_BY_NAME: Final[dict[str, Process]] = {}
for _each in PROCESSES.values():
    for _name in _names_of(_each):
        _BY_NAME.setdefault(folded(_name), _each)
_KNOWN: Final = (*PROCESSES, *(n for p in PROCESSES.values() for n in p.aliases))
