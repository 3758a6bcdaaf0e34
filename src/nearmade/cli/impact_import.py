"""``nearmade impact import``: score what an LCA tool wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite, nan
from pathlib import Path

import click

from nearmade.adapters.openlca_zip import read_openlca
from nearmade.cli.main import emit
from nearmade.impact.database import Database, Process
from nearmade.impact.study import Study, StudyResult, solve
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.record_checks import MOST


@click.command("import")
@click.argument(
    "archive", metavar="FILE.zip", type=click.Path(dir_okay=False, path_type=Path)
)
@click.option(
    "--take",
    "taken",
    multiple=True,
    metavar="PROCESS=AMOUNT",
    help="What to score, by id or name; may be given again.",
)
@click.option("--draws", type=click.IntRange(1, 100_000), default=1000)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def command(
    archive: Path, taken: tuple[str, ...], draws: int, seed: int, as_json: bool
) -> None:
    """Read an openLCA archive (JSON-LD, schema 2); list its processes or score some.

    Example: nearmade impact import processes.zip --take filament/petg=0.02
    --take electricity/ke=0.1
    """
    database = read_openlca(archive)
    if not taken:
        rows = [
            {"id": one.id, "name": one.name, "unit": one.unit, "location": one.location}
            for one in database.processes.values()
        ]
        methods = [
            {"id": one.id, "name": one.name, "unit": one.unit}
            for one in database.methods.values()
        ]
        lines = [f"{one.id} [{one.unit}] {one.name}" for one in _sorted(database)]
        record = {"processes": rows, "methods": methods, "sha256": database.sha256}
        emit(record, "\n".join(lines), as_json=as_json)
        return
    demand: dict[str, float] = {}
    for one in taken:
        name, amount = _demanded(one, database)
        demand[name] = demand.get(name, 0.0) + amount
    study = Study(f"What was asked of {archive.name}", {"asked": demand})
    result = solve(study, draws, seed, database=database)
    emit(_record(result), "\n".join(_lines(result)), as_json=as_json)


def _sorted(database: Database) -> list[Process]:
    return sorted(database.processes.values(), key=lambda one: one.id)


def _demanded(text: str, database: Database) -> tuple[str, float]:
    """Read ``PROCESS=AMOUNT``; a name that only one process has stands for its id."""
    name, found, told = text.rpartition("=")
    try:
        amount = float(told)
    except ValueError:
        amount = nan
    if not found or not isfinite(amount):
        raise InvalidInput(
            f"--take {text!r}: is not PROCESS=AMOUNT",
            remedy="such as --take electricity/ke=0.1",
        )
    if not abs(amount) <= MOST:
        raise InvalidInput(
            f"--take {text!r}: the amount is beyond {MOST:g}",
            remedy="ask for less of it; scores grow in step",
        )
    if name in database.processes:
        return name, amount
    named = [one.id for one in database.processes.values() if one.name == name]
    if len(named) != 1:
        raise InvalidInput(
            f"--take {text!r}: {len(named)} processes of the archive are called that",
            remedy="name one by its id, as listed without --take",
        )
    return named[0], amount


def _record(result: StudyResult) -> dict[str, object]:
    methods = result.score["asked"]
    return {
        "demand": dict(result.study.alternatives["asked"]),
        "scores": {
            name: {
                **result.interval("asked", name).as_dict(),
                "unit": result.database.methods[name].unit,
                "contributions": [
                    {"process": one.process, "direct": one.direct, "total": one.total}
                    for one in result.contributions("asked", name)
                ],
            }
            for name in methods
        },
        "sha256": result.database.sha256,
    }


def _lines(result: StudyResult) -> Iterator[str]:
    for name in result.score["asked"]:
        method = result.database.methods[name]
        figure = result.interval("asked", name)
        yield (
            f"{method.name}: {figure.value:.4g} {method.unit} "
            f"({figure.low:.4g} to {figure.high:.4g})"
        )
        yield from _largest(result, name)


def _largest(result: StudyResult, method: str) -> Iterable[str]:
    shares = result.contributions("asked", method)[:3]
    return (f"  {one.name}: {one.direct:.4g}" for one in shares if one.direct)
