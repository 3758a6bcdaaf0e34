"""A schedule as lines of a terminal: a row for each machine, a column for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from nearmade.planning.site.moments import Clock, clock_of
from nearmade.planning.site.site import STEP_S, Placed, Site, SitePlan

#: Columns of the picture.
WIDTH: Final = 72
#: Signs: hands at work, printing, done and waiting to be cleared, out of use.
HANDS, WAITING, OUT, FREE = "+", "~", "x", " "
NAMES: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def gantt_lines(site: Site, plan: SitePlan, width: int = WIDTH) -> list[str]:
    """Draw a schedule; each build is one letter, named below."""
    last_s = max((each.free_s for each in plan.placed), default=STEP_S)
    column_s = max(STEP_S, -(-last_s // width))
    label = max(len(machine.id) for machine in site.machines)
    count = -(-last_s // column_s)
    lines = [*_scale(clock_of(site), column_s, count, label)]
    sign = {each.build: NAMES[at % len(NAMES)] for at, each in enumerate(plan.placed)}
    attended = "".join(
        "-"
        if site.hands.attended[min(site.steps - 1, at * column_s // STEP_S)]
        else " "
        for at in range(count)
    )
    lines.append(f"{'people':<{label}} |{attended}|")
    for machine in site.machines:
        row = [FREE] * count
        for span in machine.maintenance:
            _draw(row, column_s, span.start_s, span.end_s, OUT)
        for each in plan.placed:
            if each.machine == machine.id:
                _draw_build(row, column_s, each, sign[each.build])
        lines.append(f"{machine.id:<{label}} |{''.join(row)}|")
    return lines


def _draw_build(row: list[str], column_s: int, each: Placed, sign: str) -> None:
    _draw(row, column_s, each.end_s, each.clear_s, WAITING)
    _draw(row, column_s, each.hands_s, each.start_s, HANDS)
    _draw(row, column_s, each.start_s, each.end_s, sign)


def _draw(row: list[str], column_s: int, start_s: int, end_s: int, sign: str) -> None:
    for at in range(max(0, start_s // column_s), len(row)):
        if at * column_s >= end_s:
            break
        row[at] = sign


def _scale(clock: Clock, column_s: int, count: int, label: int) -> Sequence[str]:
    """Write days above the columns where they begin, and hours every so often."""
    days = [" "] * (count + 12)
    hours = [" "] * (count + 12)
    written = -99
    before = None
    for at in range(count):
        moment = clock.start_at + timedelta(seconds=at * column_s)
        local = moment.astimezone(clock.zone)
        if local.date() != before:
            before = local.date()
            days[at : at + 6] = f"{local:%a %d}"
        if at - written >= 9:
            hours[at : at + 5] = f"{local:%H:%M}"
            written = at
    pad = " " * (label + 2)
    return [pad + "".join(days).rstrip(), pad + "".join(hours).rstrip()]
