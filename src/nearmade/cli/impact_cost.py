"""``nearmade impact cost``: what making instead of buying costs, and when it pays."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from nearmade.adapters.places import one_place
from nearmade.cli.impact_source import read_json
from nearmade.cli.main import emit
from nearmade.impact.case_record import case_from_record
from nearmade.impact.economics import LifeCycleCost, life_cycle_cost, making_usd
from nearmade.impact.household import Household
from nearmade.impact.household_record import household_from_record
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate


@click.command(
    "cost",
    epilog="""\b
Examples:
  nearmade impact compare --example > CASE.json
  nearmade impact cost CASE.json
  nearmade impact cost COST.json --json
Exit codes: 0 answered, 2 the file is refused, 3 there is no such file.
""",
)
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option(
    "--draws", type=click.IntRange(1, 100_000), default=1000, show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(source: Path, seed: int, draws: int, as_json: bool) -> None:
    """Account for the life-cycle cost of a household or a site that makes for itself.

    SOURCE is a CASE.json with a "cost", or that part alone. Payback, net present value
    and return follow Wittbrodt 2013 and Petersen & Pearce 2017.
    """
    household = _household(source)
    cost = life_cycle_cost(household, draws=draws, seed=seed)
    result = {
        **asdict(cost),
        "years": household.years,
        "products": [
            {"name": one.name, "making_usd": making_usd(one, household.rates)}
            for one in household.products
        ],
    }
    emit(result, page(household, cost), as_json=as_json)


def _household(source: Path) -> Household:
    record = read_json(source)
    if not isinstance(record, dict) or not {"ways", "cost", "products"} & set(record):
        raise InvalidInput(
            f"{source.name}: no case and no cost",
            remedy="nearmade impact compare --example shows the form",
        )
    if "ways" not in record:
        return household_from_record(record.get("cost", record))
    found = case_from_record(record, one_place).household
    if found is None:
        raise InvalidInput(
            f"{source.name}: the case has no cost",
            remedy="add a cost as nearmade impact compare --example shows it",
        )
    return found


def page(household: Household, cost: LifeCycleCost) -> str:
    """Lay a cost out for people."""
    rates = household.rates
    lines = [
        f"{one.name}: {making_usd(one, rates):.2f} USD to make, "
        f"{one.retail_usd.value:.2f} USD to buy"
        for one in household.products
    ]
    lines += [
        "",
        f"Bought at the start: {_usd(cost.assets_usd)}",
        f"Bought over the years, worn things again: {_usd(cost.bought_usd)}",
        f"Making, upkeep included: {_usd(cost.making_usd_per_year)} a year",
        f"Saved beside buying: {_usd(cost.saved_usd_per_year)} a year",
        f"Paid back: {_years(cost.payback_years)}",
        f"Worth over {household.years:g} years: {_usd(cost.net_present_value_usd)}",
        f"  above nothing in {cost.worth_it_fraction:.0%} of draws",
        f"Return over the years: {_percent(cost.return_fraction)}",
        f"Return a year: {_percent(cost.yearly_return_fraction)}",
        f"Each product over its life: {_usd(cost.usd_per_product)}",
        "In brackets: four draws in five lie there.",
    ]
    return "\n".join(lines)


def _usd(figure: Estimate | None) -> str:
    if figure is None:
        return "not known"
    return f"{figure.value:,.2f} USD ({figure.low:,.2f} to {figure.high:,.2f})"


def _years(figure: Estimate | None) -> str:
    if figure is None:
        return "not in at least one draw of ten"
    return f"after {figure.value:.2f} years ({figure.low:.2f} to {figure.high:.2f})"


def _percent(figure: Estimate | None) -> str:
    if figure is None:
        return "none to speak of"
    return f"{figure.value:.0%} ({figure.low:.0%} to {figure.high:.0%})"
