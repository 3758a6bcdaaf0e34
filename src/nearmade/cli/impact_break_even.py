"""``nearmade impact break-even``: from where on one way beats another."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from nearmade.cli.impact_source import Asked, read_case, source_options
from nearmade.cli.main import emit
from nearmade.impact.axes import AXES, meet, varies
from nearmade.impact.break_even import BreakEven
from nearmade.impact.case import Case, Meeting
from nearmade.vocabulary.errors import InvalidInput, NotFound


@click.command(
    "break-even",
    epilog="""\b
Examples:
  nearmade impact break-even CASE.json
  nearmade impact break-even CASE.json --over batch --json
  nearmade impact break-even plan.json --over distance --over grid
  nearmade impact break-even CASE.json --over batch --between a b --method ced
Exit codes: 0 answered, also where they never meet; 2 the file is refused, 3 a file,
place or way is not there.
""",
)
@source_options()
@click.option(
    "--over",
    multiple=True,
    type=click.Choice(sorted(AXES)),
    help="What is varied; may be repeated. [default: what the case asks]",
)
@click.option(
    "--between",
    nargs=2,
    metavar="WAY WAY",
    help="Which two ways. [default: as the case asks, or its first two]",
)
@click.option(
    "--method",
    type=click.Choice(["gwp100", "ced"]),
    default="gwp100",
    show_default=True,
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option(
    "--draws", type=click.IntRange(1, 100_000), default=1000, show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    source: Path,
    asked: Asked,
    over: tuple[str, ...],
    between: tuple[str, str] | None,
    method: str,
    seed: int,
    draws: int,
    as_json: bool,
) -> None:
    """Find where two ways of SOURCE meet: batch, distance, infill, grid.

    Each crossing has its 5-95 % band. SOURCE as for `nearmade impact compare`.
    """
    case = read_case(source, asked)
    found = [
        meet(case, one, method=method, draws=draws, seed=seed)
        for one in _meetings(case, over, between)
    ]
    result = {"break_even": [record_of(one) for one in found]}
    emit(result, "\n".join(one.sentence() for one in found), as_json=as_json)


def _meetings(
    case: Case, over: tuple[str, ...], between: tuple[str, str] | None
) -> list[Meeting]:
    """Take what is asked, else what the case asks, else all that can be varied."""
    for name in between or ():
        if name not in case.ways:
            raise NotFound(
                f"break-even: the case has no way {name!r}",
                remedy=f"name two of {', '.join(case.ways)}",
            )
    asked = [x for x in case.meetings if x.over in over or not over]
    if asked and not between:
        left = [x for x in over if x not in {one.over for one in asked}]
        pair = (asked[0].first, asked[0].second)
        usable = [one for one in asked if over or not varies(case, one)]
        return usable + [Meeting(x, *pair) for x in left]
    if not between and len(case.ways) < 2:
        raise InvalidInput(
            "break-even: the case has one way only", remedy="add another to compare"
        )
    names = list(case.ways)
    pair = between or (names[0], names[1])
    found = [Meeting(x, *pair) for x in over or sorted(AXES)]
    return found if over else [one for one in found if not varies(case, one)]


def record_of(found: BreakEven) -> dict[str, Any]:
    """Give a break-even as plain values, its sentence with it."""
    return {**asdict(found), "sentence": found.sentence()}
