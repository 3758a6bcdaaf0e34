"""Job shops and flow lines as records of plain values; refusals name their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nearmade.planning.shop.flow_lines import FlowLines, ends_of_line
from nearmade.planning.shop.flow_search import LinesAnswer
from nearmade.planning.shop.job_search import JobShopAnswer
from nearmade.planning.shop.job_shop import JobShop, Operation
from nearmade.vocabulary.record_checks import (
    as_list,
    as_object,
    field,
    index_of,
    known,
    numbers,
    only,
    refuse,
)

JOB_SHOP: Final = "nearmade/schedule/job-shop/1"
FLOW_LINES: Final = "nearmade/schedule/flow-lines/1"
MOST_STEPS: Final = 5000
MOST_MACHINES: Final = 1000
#: Ten years. [minutes]
MOST_MINUTES: Final = 5_256_000


def _names(listed: list[Any], where: str) -> list[str]:
    index_of(listed, lambda n: f"{where}[{n}]")
    return [*listed]


def job_shop_from_record(record: Any) -> tuple[JobShop, list[str], list[str]]:
    """Read a job shop: the shop, its machines' names, its steps' names.

    Raises
    ------
    InvalidInput
        When a field is missing or wrong; the message names the place.
    """
    top = as_object(record, "shop")
    only(top, frozenset({"schema", "note", "machines", "steps"}), "shop")
    listed = as_list(field(top, "machines", "shop"), "shop.machines", MOST_MACHINES)
    machines = _names(listed, "shop.machines")
    rows = [
        as_object(each, f"shop.steps[{n}]")
        for n, each in enumerate(
            as_list(field(top, "steps", "shop"), "shop.steps", MOST_STEPS)
        )
    ]
    steps = _names(
        [field(row, "id", f"shop.steps[{n}]") for n, row in enumerate(rows)],
        "shop.steps",
    )
    row_of = {name: at for at, name in enumerate(machines)}
    step_of = {name: at for at, name in enumerate(steps)}
    operations, arcs = [], []
    for n, row in enumerate(rows):
        where = f"shop.steps[{n}]"
        only(row, frozenset({"id", "minutes", "after"}), where)
        operations.append(Operation(n, _times(row, where, row_of)))
        arcs += [
            (known(step_of, name, f"{where}.after", "step"), n)
            for name in as_list(row.get("after", []), f"{where}.after", MOST_STEPS)
        ]
    return JobShop(len(machines), tuple(operations), tuple(arcs)), machines, steps


def _times(
    row: Mapping[str, Any], where: str, row_of: Mapping[str, int]
) -> tuple[tuple[int, int], ...]:
    minutes = as_object(field(row, "minutes", where), f"{where}.minutes")
    place = f"{where}.minutes"
    if not minutes:
        raise refuse(place, "names no machine", "give the minutes on each that can")
    numbers([*minutes.values()], lambda _: place, most=MOST_MINUTES, whole=True)
    return tuple(
        (known(row_of, name, place, "machine"), int(time))
        for name, time in minutes.items()
    )


def flow_lines_from_record(record: Any) -> tuple[FlowLines, list[str], list[str]]:
    """Read flow lines: the lines, the sites' names, the jobs' names."""
    top = as_object(record, "lines")
    only(top, frozenset({"schema", "note", "sites", "jobs"}), "lines")
    sites = _names(
        as_list(field(top, "sites", "lines"), "lines.sites", MOST_MACHINES),
        "lines.sites",
    )
    jobs = as_object(field(top, "jobs", "lines"), "lines.jobs")
    if len(jobs) > MOST_STEPS:
        raise refuse("lines.jobs", f"has {len(jobs)} jobs, the most is {MOST_STEPS}")
    rows = []
    for name, minutes in jobs.items():
        place = f"lines.jobs.{name}"
        row = as_list(minutes, place, 200)
        numbers(row, lambda _, at=place: at, most=MOST_MINUTES, whole=True)  # type: ignore[misc]
        rows.append(tuple(int(time) for time in row))
    return FlowLines(len(sites), tuple(rows)), sites, [*jobs]


def record_of_job_shop(
    shop: JobShop, answer: JobShopAnswer, machines: list[str], steps: list[str]
) -> dict[str, Any]:
    """Give a job shop's schedule in minutes."""
    ends = answer.schedule.ends(shop)
    return {
        "schema": f"{JOB_SHOP}/plan",
        "makespan_minutes": answer.makespan,
        "bound_minutes": answer.bound,
        "gap_fraction": answer.gap_fraction,
        "steps": [
            {
                "id": name,
                "machine": machines[answer.schedule.machine[at]],
                "start_minutes": answer.schedule.start[at],
                "end_minutes": ends[at],
            }
            for at, name in enumerate(steps)
        ],
    }


def record_of_lines(
    lines: FlowLines, answer: LinesAnswer, sites: list[str], jobs: list[str]
) -> dict[str, Any]:
    """Give the sequences of flow lines with the end of each job in minutes."""
    return {
        "schema": f"{FLOW_LINES}/plan",
        "makespan_minutes": answer.schedule.makespan,
        "bound_minutes": answer.bound,
        "gap_fraction": answer.gap_fraction,
        "sites": [
            {
                "site": site,
                "jobs": [
                    {"id": jobs[job], "end_minutes": ends[-1]}
                    for job, ends in zip(
                        sequence, ends_of_line(lines, sequence), strict=True
                    )
                ],
            }
            for site, sequence in zip(sites, answer.schedule.sequences, strict=True)
        ],
    }
