"""``nearmade impact compare``: every way to one product beside the others."""

from __future__ import annotations

from pathlib import Path

import click

from nearmade.cli.figures import Figure
from nearmade.cli.impact_source import (
    Asked,
    example_case,
    one_part,
    read_case,
    source_options,
)
from nearmade.cli.main import emit
from nearmade.impact.case import Case
from nearmade.impact.compare import Comparison, activities_of, compare
from nearmade.impact.partial import NOTE, partial_words
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.record_checks import MOST

#: Activities of a way that are listed for people.
MOST_LINES = 6
PARTIAL_TITLES = {"water": "Water", "pm25": "Fine dust"}


@click.command(
    "compare",
    epilog="""\b
Examples:
  nearmade impact compare --example > CASE.json
  nearmade impact compare CASE.json --json
  nearmade quote frame.stl --profile mk3s-pla-0.20 --json > quote.json
  nearmade impact compare quote.json --to "Nairobi, KE"
  nearmade impact compare --mass-g 20 --energy-wh 100 --to "Nairobi, KE"
Exit codes: 0 compared, 2 the file is refused, 3 a file or place is not there.
""",
)
@source_options(optional=True)
@click.option(
    "--mass-g", type=Figure(0, MOST), help="Instead of SOURCE: filament of a part."
)
@click.option("--material", default="PLA", show_default=True, help="With --mass-g.")
@click.option("--energy-wh", type=Figure(0, MOST), help="With --mass-g.")
@click.option("--example", is_flag=True, help="Write a sample CASE.json, no more.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option(
    "--draws", type=click.IntRange(1, 100_000), default=1000, show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    source: Path | None,
    asked: Asked,
    mass_g: float | None,
    material: str,
    energy_wh: float | None,
    example: bool,
    seed: int,
    draws: int,
    as_json: bool,
) -> None:
    """Set the footprint of every way of SOURCE beside the others.

    SOURCE is a CASE.json, the --json of quote, plan order or order, the PLAN.json of a
    network, or the id of an order on the platform of NEARMADE_DATA_DIR. docs/impact.md
    explains the fields of a case.
    """
    if example:
        click.echo(example_case(), nl=False)
        return
    comparison = compare(
        _case(source, asked, mass_g, material, energy_wh), draws=draws, seed=seed
    )
    emit(comparison.record(), page(comparison), as_json=as_json)


def _case(
    source: Path | None,
    asked: Asked,
    mass_g: float | None,
    material: str,
    energy_wh: float | None,
) -> Case:
    if (source is None) == (mass_g is None):
        raise InvalidInput(
            "impact compare: give either SOURCE or --mass-g",
            remedy="nearmade impact compare --example > CASE.json writes one to start",
        )
    if source is not None:
        return read_case(source, asked)
    if energy_wh is None:
        raise InvalidInput(
            "impact compare: --mass-g wants --energy-wh, what printing it draws",
            remedy="add --energy-wh, such as --energy-wh 100",
        )
    figures = (Estimate.exact(mass_g or 0.0), Estimate.exact(energy_wh), None)
    return one_part(asked, "part", material, 1, figures)


def page(comparison: Comparison) -> str:
    """Lay a comparison out for people."""
    case, result = comparison.case, comparison.result
    lines = [click.style(case.functional_unit, bold=True)]
    lines += [case.goal, ""] if case.goal else [""]
    wide = max(len(name) for name in case.ways)
    lines.append(f"{'':{wide}}  {'g CO2e':>24}  {'MJ':>22}  {'kWh at machines':>16}")
    for name in case.ways:
        climate, energy = (comparison.score(name, x) for x in ("gwp100", "ced"))
        kwh = result.score[name]["electricity"]
        lines.append(
            f"{name:{wide}}  {_span(climate):>24}  {_span(energy):>22}  {kwh:>16.3f}"
        )
    lines += ["", "In brackets: nine draws in ten lie there."]
    for pair in comparison.pairs("gwp100"):
        found = pair.difference
        lines.append(
            f"{pair.first} emits less than {pair.second} in "
            f"{found.chance_below:.0%} of draws (difference {found.median:.3g} g, "
            f"{found.low:.3g} to {found.high:.3g})"
        )
    for name in case.ways:
        share = result.assumed_fraction(name, "gwp100")
        lines += ["", f"{name}: {share:.0%} rests on assumptions"]
        rows = activities_of(comparison, name, "gwp100")
        lines += [f"  {title}: {grams:.1f} g" for title, grams in rows[:MOST_LINES]]
        lines += [
            f"  {PARTIAL_TITLES[one.method]}: {partial_words(one)}"
            for one in comparison.partial(name)
        ]
    return "\n".join([*lines, "", *case.all_notes, NOTE])


def _span(figure: Estimate) -> str:
    return f"{figure.value:.3g} ({figure.low:.3g} to {figure.high:.3g})"
