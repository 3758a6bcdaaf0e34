"""``nearmade schedule SITE.json``: which build starts when, and why it waits."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

from nearmade.adapters.plan_files import read_record
from nearmade.cli.figures import Figure
from nearmade.cli.main import emit, one_line
from nearmade.planning.allowance import Allowance
from nearmade.planning.shop.flow_lines import faults_of_lines
from nearmade.planning.shop.flow_search import solve_flow_lines
from nearmade.planning.shop.job_check import faults_of_schedule
from nearmade.planning.shop.job_search import solve_job_shop
from nearmade.planning.site.check import faults_of_plan
from nearmade.planning.site.gantt import NAMES, gantt_lines
from nearmade.planning.site.plan_record import record_of_plan
from nearmade.planning.site.shop_record import (
    FLOW_LINES,
    JOB_SHOP,
    flow_lines_from_record,
    job_shop_from_record,
    record_of_job_shop,
    record_of_lines,
)
from nearmade.planning.site.site_record import site_from_record
from nearmade.planning.site.solve import schedule_site


@click.command(
    "site",
    epilog="""\b
Examples:
  nearmade schedule examples/schedules/print-farm.json
  nearmade schedule examples/schedules/off-grid.json --json | jq '.builds[].why'
  nearmade schedule site examples/schedules/job-shop.json --effort 5

\b
Exit codes: 0 scheduled, also when builds are late or left out; 2 the file is
refused, 3 there is no such file.""",
)
@click.argument("site", type=click.Path(path_type=Path), metavar="SITE.json")
@click.option(
    "--effort",
    "effort_s",
    default=10.0,
    show_default=True,
    type=Figure(0, 86_400),
    help="About the seconds to search; more gives a schedule that costs no more.",
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1))
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(site: Path, effort_s: float, seed: int, as_json: bool) -> None:
    """Schedule the builds of SITE.json on its machines, and say why each waits.

    Knows change-overs, the hours of people, nights, maintenance, dues, the power
    limit, tariffs, sun and battery. Also takes a job shop (several steps a job) or
    like flow lines at several sites; docs/scheduling.md describes the files.
    """
    record, _ = read_record(site)
    schema = record.get("schema") if isinstance(record, dict) else None
    if schema == JOB_SHOP:
        _job_shop(record, effort_s, seed, as_json=as_json)
    elif schema == FLOW_LINES:
        _flow_lines(record, effort_s, seed, as_json=as_json)
    else:
        _site(record, effort_s, seed, as_json=as_json)


def _site(record: Any, effort_s: float, seed: int, *, as_json: bool) -> None:
    site = site_from_record(record)
    plan = schedule_site(site, effort_s=effort_s, seed=seed)
    _trust(faults_of_plan(site, plan))
    found = record_of_plan(site, plan)
    terms = ", ".join(
        f"{name.replace('_', ' ')} {value:.2f}"
        for name, value in found["cost"].items()
        if name != "total" and value
    )
    title = f"{one_line(site.name)}: {_counted(found)}"
    lines = [
        click.style(title, bold=True),
        f"cost {plan.terms.total:.2f} ({terms or 'nothing'})",
        f"no schedule costs less than {plan.bound:.2f}: gap {plan.gap_fraction:.1%}, "
        + plan.method,
    ]
    if plan.placed:
        lines += ["", *map(one_line, gantt_lines(site, plan)), ""]
    for at, row in enumerate(found["builds"]):
        lines.append(
            one_line(
                f"{NAMES[at % len(NAMES)]} {row['build']}: {row['machine']}, "
                f"{_clock(row['start_at'])} to {_clock(row['end_at'])}, cleared "
                f"{_clock(row['free_at'])} ({row['setting']})"
            )
        )
        lines += [f"    {one_line(reason)}" for reason in row["why"]]
    for row in found["left_out"]:
        lines.append(one_line(f"left out {row['build']}: {row['why']}"))
    emit(found, "\n".join(lines), as_json=as_json)


def _counted(found: dict[str, Any]) -> str:
    late = sum(row["late_s"] > 0 for row in found["builds"])
    left = len(found["left_out"])
    return f"{len(found['builds'])} builds scheduled, {late} late, {left} left out"


def _clock(moment: str) -> str:
    """Give day and time of an ISO moment."""
    return f"{moment[5:10]} {moment[11:16]}"


def _job_shop(record: Any, effort_s: float, seed: int, *, as_json: bool) -> None:
    shop, machines, steps = job_shop_from_record(record)
    allowance = Allowance(effort_s, time.perf_counter)
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        answer = solve_job_shop(shop, allowance, seed=seed, pool=pool, workers=workers)
    _trust(faults_of_schedule(shop, answer.schedule, answer.makespan))
    found = record_of_job_shop(shop, answer, machines, steps)
    lines = [click.style(f"{len(steps)} steps: {_minutes(found)}", bold=True)]
    lines += [
        one_line(
            f"{row['start_minutes']:>7} to {row['end_minutes']:>7}  "
            f"{row['machine']}: {row['id']}"
        )
        for row in sorted(found["steps"], key=lambda each: each["start_minutes"])
    ]
    emit(found, "\n".join(lines), as_json=as_json)


def _flow_lines(record: Any, effort_s: float, seed: int, *, as_json: bool) -> None:
    lines_of, sites, jobs = flow_lines_from_record(record)
    answer = solve_flow_lines(
        lines_of, Allowance(effort_s, time.perf_counter), seed=seed
    )
    _trust(faults_of_lines(lines_of, answer.schedule))
    found = record_of_lines(lines_of, answer, sites, jobs)
    title = f"{len(jobs)} jobs at {len(sites)} sites: {_minutes(found)}"
    lines = [click.style(title, bold=True)]
    for row in found["sites"]:
        sequence = ", ".join(f"{job['id']} {job['end_minutes']}" for job in row["jobs"])
        lines.append(one_line(f"{row['site']}: {sequence or 'nothing'}"))
    emit(found, "\n".join(lines), as_json=as_json)


def _minutes(found: dict[str, Any]) -> str:
    return (
        f"all done after {found['makespan_minutes']} minutes; none is shorter than "
        f"{found['bound_minutes']}, gap {found['gap_fraction']:.1%}"
    )


def _trust(faults: list[str]) -> None:
    """Stop where the check finds a schedule wrong: that is a fault of ours."""
    if faults:
        raise AssertionError(f"the schedule is wrong: {'; '.join(faults[:3])}")
