"""``nearmade energy schedule``: which job starts today, which waits, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from nearmade.cli.energy_weather import read_site, weather_options, year_of
from nearmade.cli.figures import Figure
from nearmade.cli.main import emit, one_line
from nearmade.cli.text_plots import bar
from nearmade.energy.day.day_courses import outlook_of_year
from nearmade.energy.day.day_plan import plan_day
from nearmade.energy.day.day_record import day_record
from nearmade.energy.day.day_site import day_jobs, day_site, moment_of
from nearmade.energy.deciding.outlook import STEP_S
from nearmade.energy.deciding.rules import RuleBook
from nearmade.energy.site.site_energy import SiteEnergy
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.zones import zone_of

#: The worst course of the sun that a job is started on, unless told otherwise.
WORST = 0.1


@click.command(
    "schedule",
    epilog="""\b
Examples:
  nearmade energy schedule school.json --charge 0.6
  nearmade energy schedule school.json --at 2026-03-02T08:30:00+03:00 --worst 0
  nearmade energy schedule school.json --jobs 4 --weather clear-sky --json

\b
Exit codes: 0 planned, also when jobs wait; 2 a file is refused, 3 there is no such
file.""",
)
@click.argument("site", type=click.Path(path_type=Path), metavar="SITE.json")
@click.option(
    "--at",
    "at_text",
    metavar="MOMENT",
    help="Now, with its zone.  [default: the site's start_at, or the clock]",
)
@click.option(
    "--charge",
    type=Figure(0, 1),
    help="State of charge now, 0 to 1.  [default: the site's, or 0.5]",
)
@click.option(
    "--jobs",
    "count",
    type=click.IntRange(1, 500),
    help="So many of the site's usual job instead of its builds.",
)
@click.option(
    "--worst",
    default=WORST,
    show_default=True,
    type=Figure(0, 0.9),
    help="Share of the days that need not carry a job; 0 for none.",
)
@click.option(
    "--trust-sun",
    is_flag=True,
    help="Let the sun carry a part of a job that a full battery would carry alone.",
)
@click.option(
    "--storm",
    default="",
    metavar="WORDS",
    help='A storm that is expected, such as "until Tue 18:00": half the charge stays.',
)
@weather_options
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    site: Path,
    at_text: str | None,
    charge: float | None,
    count: int | None,
    worst: float,
    trust_sun: bool,
    storm: str,
    weather: str,
    stay_weather: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Say for each job of today when it starts, or why it waits, by the agent's rules.

    Jobs are the builds of the site, in line. The sun is that of the days around this
    one in the year; the plan walks through a middling one of them.
    """
    energy, record = read_site(site)
    _check(energy)
    at = moment_of(record, at_text) or datetime.now(UTC)
    jobs = day_jobs(energy, record, count)
    hours = 24 + max(job.load.work_s for job in jobs) / 3600
    year = year_of(energy, weather, stay_weather, seed, STEP_S)
    outlook = outlook_of_year(
        year, energy.panel.rated_wp, at, energy.utc_offset_h, hours
    )
    if energy.zone:
        outlook = replace(outlook, zone=zone_of(energy.zone))
    book = RuleBook(worst_fraction=worst, trust_sun=trust_sun)
    here = replace(day_site(energy, record, charge), storm=storm)
    plan = plan_day(jobs, here, outlook, book)
    found = day_record(energy.name, plan, outlook)
    emit(found, "\n".join(_lines(found)), as_json=as_json)


def _check(site: SiteEnergy) -> None:
    by_sun = site.panel.rated_wp > 0 and site.battery.capacity_wh > 0
    if not (by_sun or site.grid is not None):
        raise InvalidInput(
            f"{site.name}: has no panel or no battery, and no grid; nothing can start",
            remedy="add energy.panel and .battery, or energy.grid",
        )


def _lines(found: dict[str, Any]) -> list[str]:
    """Lay a day out for people."""
    started = [row for row in found["jobs"] if row["start_at"]]
    lines = [
        click.style(
            one_line(
                f"{found['site']}, {found['begins_at'][:16].replace('T', ' ')}: "
                f"{len(started)} of {len(found['jobs'])} jobs start within a day"
            ),
            bold=True,
        ),
        f"the sun: {found['sun']}",
        "",
    ]
    for row in found["jobs"]:
        place = "" if row["machine"] is None else f", machine {row['machine'] + 1}"
        lines.append(one_line(f"{row['job']}{place}: {row['reason']}"))
        if row["waited"] and row["start_at"]:
            lines.append(one_line(f"    before, it {row['waited']}"))
    most = max((hour["sun_w"] for hour in found["hours"]), default=0.0) or 1.0
    if not any(hour["sun_w"] or hour["battery_fraction"] for hour in found["hours"]):
        return lines
    lines += ["", f"{'':6}battery{'':26}sun, up to {most:.0f} W"]
    lines += [
        f"{hour['at'][11:16]} {bar(hour['battery_fraction'])} "
        f"{bar(hour['sun_w'] / most, width=20)}"
        for hour in found["hours"]
    ]
    return lines
