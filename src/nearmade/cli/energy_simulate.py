"""``nearmade energy simulate``: a year of one site, month by month."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from nearmade.cli.energy_weather import read_site, weather_options, year_of
from nearmade.cli.main import emit, one_line
from nearmade.cli.text_plots import MONTHS, bar
from nearmade.energy.years.wish_year import STEP_S, lay_out
from nearmade.energy.years.year_report import year_record


@click.command(
    "simulate",
    epilog="""\b
Examples:
  nearmade energy simulate school.json --weather 723170TYA.CSV
  nearmade energy simulate school.json --weather clear-sky --json | jq .jobs
  nearmade energy simulate van.json --stay-weather Naivasha=naivasha.csv

\b
Exit codes: 0 simulated, also when the wish is not met; 2 a file is refused, 3 there
is no such file.""",
)
@click.argument("site", type=click.Path(path_type=Path), metavar="SITE.json")
@weather_options
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    site: Path,
    weather: str,
    stay_weather: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Run a site through a year: sun, battery, machines, in steps of five minutes.

    Shows the battery by month, the pieces made, the prints ruined, and the share of
    days that met the wish.
    """
    energy, _ = read_site(site)
    year = year_of(energy, weather, stay_weather, seed, STEP_S)
    laid = lay_out(energy, year, wish=energy.wish, seed=seed)
    runs = laid.run(
        np.array([energy.panel.rated_wp]),
        np.array([energy.battery.capacity_wh]),
        trace=True,
    )
    found = year_record(laid, runs)
    emit(found, "\n".join(_lines(found)), as_json=as_json)


def _lines(found: dict[str, Any]) -> list[str]:
    """Lay a year out for people."""
    jobs, energy, wish = found["jobs"], found["energy_kwh"], found["wish"]
    lines = [
        click.style(
            one_line(
                f"{found['site']}: {jobs['pieces']} pieces a year, {jobs['ruined']} "
                "prints ruined"
            ),
            bold=True,
        ),
        f"{found['panel_wp']:g} Wp, {found['battery_wh'] / 1000:g} kWh; "
        + one_line(found["weather"]["source"]),
    ]
    if wish is not None:
        lines.append(
            f"{wish['pieces_a_day']} pieces a day on "
            f"{wish['met_days_fraction']:.1%} of days; wished for "
            f"{wish['days_fraction']:.1%}"
        )
    lines.append(
        f"sun {energy['sun']:.0f} kWh, of which {energy['curtailed']:.0f} found no "
        f"taker; {energy['served']:.0f} kWh to inverter and machines, "
        f"{energy['lost']:.0f} lost in the battery"
    )
    if energy["grid"] or energy["generator"]:
        lines.append(
            f"grid {energy['grid']:.0f} kWh, generator {energy['generator']:.0f} kWh "
            f"on {found['fuel_l']:.0f} l of fuel"
        )
    if found["battery"] is not None:
        battery = found["battery"]
        lines.append(
            f"battery of {battery['chemistry']}: such years leave it "
            f"{battery['left_after_year_fraction']:.0%} after the first and wear it "
            f"out in {battery['life_years']:.0f}"
        )
    forecast = found["forecast"]
    lines.append(
        f"forecast ({forecast['source']}): the worst day of ten came on "
        f"{forecast['missed_days_fraction']:.0%} of days"
    )
    if found["hours_without_power"]:
        lines.append(f"{found['hours_without_power']:.0f} hours without power")
    lines += [
        "",
        "     " + "battery: mean, lowest as |".ljust(36) + "sun  pieces  days met",
    ]
    for row in found["months"]:
        met = row["met_days_fraction"]
        lines.append(
            f"{MONTHS[row['month'] - 1]}  "
            + bar(row["battery_mean_fraction"], mark=row["battery_least_fraction"])
            + f" {row['sun_kwh']:6.0f} kWh {row['pieces']:6d}"
            + ("" if met is None else f"  {met:7.0%}")
        )
    return lines
