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

    Shows the battery by month and by the hour of the site's clock, the pieces made, the
    prints ruined, the share of days that met the wish, and why more did not.
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
    jobs, wish = found["jobs"], found["wish"]
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
    lines += [f"  why: {one_line(words)}" for words in found["reasons"]]
    lines += _energy_lines(found)
    lines += ["", *_month_lines(found), "", *_hour_lines(found)]
    return lines


def _energy_lines(found: dict[str, Any]) -> list[str]:
    """Say where the electricity came from and went."""
    energy, battery, forecast = found["energy_kwh"], found["battery"], found["forecast"]
    lines = []
    if found["panel_wp"]:
        lines.append(
            f"sun {energy['sun']:.0f} kWh, of which {energy['curtailed']:.0f} found no "
            "taker"
        )
    lost = [
        name
        for name, there in (
            ("the battery", battery),
            ("the generator", energy["generator"]),
        )
        if there
    ]
    lines.append(
        f"{energy['served']:.0f} kWh to inverter and machines"
        + (f", {energy['lost']:.0f} lost in {' and '.join(lost)}" if lost else "")
    )
    if energy["grid"]:
        lines.append(f"grid {energy['grid']:.0f} kWh")
    if energy["generator"]:
        lines.append(
            f"generator {energy['generator']:.0f} kWh on {found['fuel_l']:.0f} l of "
            "fuel"
        )
    if battery is not None:
        lines.append(
            f"battery of {battery['chemistry']}: such years leave it "
            f"{battery['left_after_year_fraction']:.0%} after the first and wear it "
            f"out in {battery['life_years']:.0f}"
        )
    if found["panel_wp"]:
        lines.append(
            f"forecast ({forecast['source']}): the worst day of ten came on "
            f"{forecast['missed_days_fraction']:.0%} of days, corrected by what came "
            f"before on {forecast['missed_corrected_fraction']:.0%}; the middling day "
            f"said {abs(forecast['bias_fraction']):.0%} "
            f"{'more' if forecast['bias_fraction'] > 0 else 'less'} than came"
        )
    if found["hours_without_power"]:
        lines.append(f"{found['hours_without_power']:.0f} hours without power")
    return lines


def _month_lines(found: dict[str, Any]) -> list[str]:
    """Draw the months; the battery only where there is one."""
    stored = found["battery"] is not None
    head = "battery: mean, lowest as |".ljust(33) if stored else ""
    lines = ["     " + head + "   sun  pieces  ruined  days met"]
    for row in found["months"]:
        met = row["met_days_fraction"]
        drawn = bar(row["battery_mean_fraction"], mark=row["battery_least_fraction"])
        lines.append(
            f"{MONTHS[row['month'] - 1]}  "
            + (f"{drawn} " if stored else "")
            + f"{row['sun_kwh']:4.0f} kWh {row['pieces']:6d} {row['ruined']:7d}"
            + ("" if met is None else f"  {met:8.0%}")
        )
    return lines


def _hour_lines(found: dict[str, Any]) -> list[str]:
    """Draw the mean day by the clock on the site's wall."""
    stored, hours = found["battery"] is not None, found["hours"]
    most_w = max(hour["sun_w"] for hour in hours)
    most = max(hour["begun"] for hour in hours)
    parts = ["battery, mean".ljust(33)] if stored else []
    if most_w:
        parts.append(f"sun, up to {most_w:.0f} W".ljust(23))
    if most:
        parts.append(f"prints begun, up to {most} a year")
    lines = ["      " + "".join(parts), f"by the clock of {found['clock']}"]
    for hour in hours:
        drawn = [bar(hour["battery_mean_fraction"])] if stored else []
        if most_w:
            drawn.append(bar(hour["sun_w"] / most_w, width=20))
        if most:
            drawn.append(bar(hour["begun"] / most, width=20))
        lines.append(f"{hour['hour']:02d}:00 " + " ".join(drawn).rstrip())
    return lines if parts else []
