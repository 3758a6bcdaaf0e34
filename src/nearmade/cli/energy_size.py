"""``nearmade energy size``: the cheapest panel and battery for a wish."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from nearmade.cli.energy_weather import read_site, weather_options, year_of
from nearmade.cli.figures import Figure
from nearmade.cli.main import emit, one_line
from nearmade.cli.text_plots import bar, scatter
from nearmade.energy.site.site_energy import SiteEnergy, Wish
from nearmade.energy.site.site_record import machine_named
from nearmade.energy.sizing.site_sizes import SUN, size_for_wish
from nearmade.energy.sizing.sizing_record import sizing_record
from nearmade.energy.years.wish_year import SEARCH_STEP_S, STEP_S
from nearmade.vocabulary.errors import InvalidInput

MOST_PIECES = 100_000


@click.command(
    "size",
    epilog="""\b
Examples:
  nearmade energy size school.json --pieces-a-day 12 --days 0.95
  nearmade energy size school.json --weather 723170TYA.CSV --json | jq .ways[0].chosen
  nearmade energy size school.json --minutes 150 --pieces 1 --model MK3S

\b
Exit codes: 0 sized, also when no size serves the wish; 2 a file or a wish is refused,
3 there is no such file.""",
)
@click.argument("site", type=click.Path(path_type=Path), metavar="SITE.json")
@click.option(
    "--pieces-a-day",
    type=click.IntRange(1, MOST_PIECES),
    help="What should be made each day.  [default: as the site says]",
)
@click.option(
    "--days",
    "days_fraction",
    type=Figure(0, 1, min_open=True),
    help="On which share of days.  [default: as the site says, or 0.95]",
)
@click.option("--model", help="Machine instead of the site's, such as MK3S.")
@click.option(
    "--minutes", type=Figure(0, 40_320, min_open=True), help="Of one job, instead."
)
@click.option("--pieces", type=click.IntRange(1, 10_000), help="Of one job, instead.")
@weather_options
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    site: Path,
    pieces_a_day: int | None,
    days_fraction: float | None,
    model: str | None,
    minutes: float | None,
    pieces: int | None,
    weather: str,
    stay_weather: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Find the cheapest panel and battery that make a wish on most days.

    Shows the curve of panel against battery, what more days would cost, and what a
    generator or the grid would cost instead. Prices are the site's own where it names
    them, else assumed and marked so.
    """
    energy, _ = read_site(site)
    energy = _with_work(energy, model, minutes, pieces)
    wish = _wish(energy, pieces_a_day, days_fraction)
    search = year_of(energy, weather, stay_weather, seed, SEARCH_STEP_S)
    fine = year_of(energy, weather, stay_weather, seed, STEP_S, quiet=True)
    terminal = sys.stderr.isatty()

    def tell(years: int) -> None:
        if terminal:
            click.echo(f"\r{years} years run ", err=True, nl=False)

    sizing = size_for_wish(energy, search, wish, fine=fine, tell=tell)
    if terminal:
        click.echo(err=True)
    found = sizing_record(energy, fine, sizing)
    emit(found, "\n".join(_lines(found)), as_json=as_json)


def _with_work(
    site: SiteEnergy, model: str | None, minutes: float | None, pieces: int | None
) -> SiteEnergy:
    work = site.work
    if work is None:
        return site
    if model is not None:
        work = replace(work, machine=machine_named(model, "--model"))
    if minutes is not None:
        work = replace(work, minutes=minutes)
    if pieces is not None:
        work = replace(work, pieces=pieces)
    return replace(site, work=work)


def _wish(site: SiteEnergy, pieces: int | None, days: float | None) -> Wish:
    own = site.wish
    if pieces is None and own is None:
        raise InvalidInput(
            f"{site.name}: nothing is said of how much should be made",
            remedy="name --pieces-a-day, or add energy.wish to the site",
        )
    return Wish(
        pieces or (own.pieces_a_day if own else 1),
        days or (own.days_fraction if own else Wish(1).days_fraction),
    )


def _lines(found: dict[str, Any]) -> list[str]:
    """Lay a sizing out for people."""
    wish = found["wish"]
    asked = (
        f"{wish['pieces_a_day']} pieces a day on {wish['days_fraction']:.1%} of days"
    )
    sun = next(way for way in found["ways"] if way["name"] == SUN)
    lines = [
        click.style(one_line(f"{found['site']}: {asked}"), bold=True),
        one_line(found["weather"]["source"]),
        "",
        f"{'way':32}  panel  battery    days  first   a year, {found['currency']}",
    ]
    lines += [_way_line(way, way["name"] == found["cheapest"]) for way in found["ways"]]
    lines += ["", *_curve_lines(sun), "", *_frontier_lines(sun, found["currency"])]
    assumed = ", ".join(
        f"{name} {found['prices'][name]:g}" for name in found["assumed_prices"]
    )
    if assumed:
        lines += ["", f"assumed, not given by the site, in USD: {assumed}"]
    return lines


def _way_line(way: dict[str, Any], cheapest: bool) -> str:
    chosen = way["chosen"]
    if chosen is None:
        most = f"{way['most_days_fraction']:.1%}"
        return f"{way['name']:32} nothing serves it; the largest tried serves {most}"
    extra = ""
    if way["fuel_l"]:
        extra += f"  {way['fuel_l']:.0f} l of fuel"
    if way["grid_kwh"]:
        extra += f"  {way['grid_kwh']:.0f} kWh of grid"
    return (
        f"{way['name']:32} {chosen['panel_wp']:5.0f}W "
        f"{chosen['battery_wh'] / 1000:5.2f}kWh "
        f"{chosen['days_fraction']:7.1%} {chosen['first_cost']:6.0f} "
        f"{chosen['yearly_cost']:7.0f}{extra}{'  <- cheapest' if cheapest else ''}"
    )


def _curve_lines(way: dict[str, Any]) -> list[str]:
    """Draw the least battery for each panel."""
    curve, chosen = way["curve"], way["chosen"]
    if chosen is None:
        return ["no panel and battery serve the wish"]
    points = [(each["panel_wp"], each["battery_wh"] / 1000) for each in curve]
    at = (chosen["panel_wp"], chosen["battery_wh"] / 1000)
    return [
        "the least battery for each panel, @ the cheapest",
        *scatter(points, across="Wp", up="kWh", chosen=at),
    ]


def _frontier_lines(way: dict[str, Any], currency: str) -> list[str]:
    """Draw what more days cost."""
    lines = [f"what more days cost by the sun alone, {currency} a year"]
    kept = way["frontier"]
    every = max(1, len(kept) // 10)
    lines += [
        f"{each['yearly_cost']:8.0f}  {bar(each['days_fraction'])} "
        f"{each['days_fraction']:6.1%}  {each['panel_wp']:.0f} Wp, "
        f"{each['battery_wh'] / 1000:.2f} kWh"
        for each in [*kept[:-1:every], kept[-1]]
    ]
    return lines
