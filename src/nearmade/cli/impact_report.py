"""``nearmade impact report``: a comparison as one page to print or to send."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from nearmade.cli.impact_order import order_named, order_on_platform
from nearmade.cli.impact_source import Asked, read_case, source_options
from nearmade.cli.main import emit
from nearmade.cli.targets import check_target, force_option, write_new
from nearmade.impact.axes import meet, varies
from nearmade.impact.compare import compare
from nearmade.impact.economics import life_cycle_cost
from nearmade.impact.report import report_html


@click.command(
    "report",
    epilog="""\b
Examples:
  nearmade impact report CASE.json --out report.html
  nearmade order spectacles --to "Nairobi, KE" --json > order.json
  nearmade impact report order.json --out order.html
  chromium --headless --print-to-pdf=report.pdf report.html
  nearmade impact report 0f6f0a52-6a1e-4f7c-9a3b-2f5f0c9d1e77 --out order.html
Exit codes: 0 written, 2 the file is refused or OUT is there already, 3 a file, place or
order is not there, 6 no platform answers.
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
@force_option
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

    SOURCE as for `nearmade impact compare`; the id of an order gives the report of its
    own page, with its own seed. The page needs nothing beside it; a browser prints it.
    """
    check_target(out, force=force, given=(source,))
    title, text = _report(source, asked, seed, draws)
    write_new(out, text.encode(), force=force)
    result = {"report": str(out), "bytes": len(text.encode())}
    emit(result, f"{out}: {title}", as_json=as_json)


def _report(source: Path, asked: Asked, seed: int, draws: int) -> tuple[str, str]:
    """Give the functional unit and the page; an order's is that of its own page."""
    order_id = order_named(source)
    if order_id is not None and asked == Asked():
        order = order_on_platform(order_id)
        from nearmade.cloud.orders.report import report_of_order

        text = report_of_order(order)
        return str((order.impact or {})["functional_unit"]), text
    case = read_case(source, asked)
    comparison = compare(case, draws=draws, seed=seed)
    found = [
        meet(case, one, draws=draws, seed=seed)
        for one in case.meetings
        if not varies(case, one)
    ]
    cost = None
    if case.household is not None:
        cost = (case.household, life_cycle_cost(case.household, draws=draws, seed=seed))
    return case.functional_unit, report_html(
        comparison,
        break_evens=found,
        cost=cost,
        made_on=f"{datetime.now(UTC):%Y-%m-%d}",
        version=version("nearmade"),
    )
