"""``nearmade processes``: the ways of making that the house knows, and their names."""

from __future__ import annotations

from collections.abc import Iterator

import click

from nearmade.cli.main import emit
from nearmade.vocabulary.process_tolerances import usual_tolerance
from nearmade.vocabulary.processes import (
    PROCESSES,
    Process,
    ancestry,
    children,
    find_process,
    process_words,
)


@click.command(
    epilog="""\b
Examples:
  nearmade processes
  nearmade processes "laser cutting"
  nearmade processes https://en.wikipedia.org/wiki/Brazing --json
"""
)
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(name: str | None, as_json: bool) -> None:
    """List processes as a tree, or tell of the one that NAME means.

    NAME is a code, another name, an OKH code such as WEL, a Wikidata id, or the
    address of an article in Wikipedia.
    """
    if name is not None:
        process = find_process(name)
        emit(_record(process), "\n".join(_page(process)), as_json=as_json)
        return
    roots = [each for each in PROCESSES.values() if not each.parent]
    lines = [line for root in roots for line in _tree(root, 0)]
    records = [_record(each) for each in PROCESSES.values()]
    emit({"processes": records}, "\n".join(lines), as_json=as_json)


def _record(process: Process) -> dict[str, object]:
    return {
        "code": process.code,
        "title": process.title,
        "ancestry": list(ancestry(process.code)[1:]),
        "children": list(children(process.code)),
        "family": process.family or None,
        "din_8580_group": process.group or None,
        "tsdc": process.tsdc or None,
        "wikidata": process.wikidata or None,
        "wikipedia": process.wikipedia or None,
        "aliases": list(process.aliases),
        "ask_for_more": process.broad,
        "usual_tolerance_mm": _tolerance(process.code),
        "source": process.source,
    }


def _tolerance(code: str) -> dict[str, object] | None:
    usual = usual_tolerance(code)
    if usual is None:
        return None
    return {"finest": usual.finest_mm, "widest": usual.widest_mm,
            "source": f"typical: {usual.source}"}  # fmt: skip


def _tree(process: Process, depth: int) -> Iterator[str]:
    name = "  " * depth + process.code
    yield f"{name:<34}{process.group:<6}{process.tsdc:<5}{process.title}"
    for code in children(process.code):
        if PROCESSES[code].parent == process.code:
            yield from _tree(PROCESSES[code], depth + 1)


def _usually(code: str) -> str:
    usual = usual_tolerance(code)
    return "" if usual is None else f"{usual} (typical: {usual.source})"


def _page(process: Process) -> Iterator[str]:
    yield f"{process.code}: {process.title}"
    for title, value in (
        ("a kind of", ", ".join(map(process_words, ancestry(process.code)[1:]))),
        ("kinds of it", ", ".join(map(process_words, children(process.code)))),
        ("family", process.family),
        ("DIN 8580 group", process.group),
        ("OKH code", process.tsdc),
        ("Wikidata", process.wikidata),
        ("Wikipedia", process.wikipedia),
        ("also called", ", ".join(process.aliases)),
        ("usually holds", _usually(process.code)),
        ("source", process.source),
    ):
        if value:
            yield f"  {title:<16}{value}"
    if process.broad:
        yield "  A request for it does not say enough: ask the author."
