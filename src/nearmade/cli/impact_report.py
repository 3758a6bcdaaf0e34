"""``nearmade impact report``: a comparison as one page to print or to send."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from nearmade.cli.impact_source import Asked, read_case, source_options
from nearmade.cli.main import emit
from nearmade.impact.axes import meet, varies
from nearmade.impact.compare import compare
from nearmade.impact.economics import life_cycle_cost
from nearmade.impact.report import report_html
from nearmade.vocabulary.errors import Conflict, InvalidInput


@click.command(
    "report",
    epilog="""\b
Examples:
  nearmade impact report CASE.json --out report.html
  nearmade order spectacles --to "Nairobi, KE" --json > order.json
  nearmade impact report order.json --out order.html
  chromium --headless --print-to-pdf=report.pdf report.html
Exit codes: 0 written, 2 the file is refused, 3 a file or place is not there, 5 OUT is
there already.
""",
)
@source_options()
@click.option(
    "--out",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("report.html"),
    show_default=True,
    help="The page.",
)
@click.option("--force", is_flag=True, help="Write over OUT where it is there.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option(
    "--draws", type=click.IntRange(1, 100_000), default=1000, show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    source: Path,
    asked: Asked,
    out: Path,
    force: bool,
    seed: int,
    draws: int,
    as_json: bool,
) -> None:
    """Write the report of SOURCE: one HTML page, ready for A4, every source listed.

    SOURCE as for `nearmade impact compare`; an order's record is one of them. The page
    needs nothing beside it; a browser prints it to PDF.
    """
    case = read_case(source, asked)
    if out.exists() and not force:
        raise Conflict(
            f"{out}: is there already", remedy="add --force, or another --out"
        )
    comparison = compare(case, draws=draws, seed=seed)
    found = [
        meet(case, one, draws=draws, seed=seed)
        for one in case.meetings
        if not varies(case, one)
    ]
    cost = None
    if case.household is not None:
        cost = (case.household, life_cycle_cost(case.household, draws=draws, seed=seed))
    text = report_html(
        comparison,
        break_evens=found,
        cost=cost,
        made_on=f"{datetime.now(UTC):%Y-%m-%d}",
        version=version("nearmade"),
    )
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            f"{out}: cannot be written ({error.strerror})",
            remedy="name a file in a folder that is there, with --out",
        ) from error
    result = {"report": str(out), "bytes": len(text.encode())}
    emit(result, f"{out}: {case.functional_unit}", as_json=as_json)
