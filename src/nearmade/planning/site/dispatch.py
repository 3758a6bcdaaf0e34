"""A schedule of a site in milliseconds: builds in one order, each where it costs least.

It needs no solver, so that it serves a quote, a page and a small computer at a site.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from nearmade.planning.site.check import fault_at_rest
from nearmade.planning.site.cost import terms_of
from nearmade.planning.site.grid import Grid, grid_of
from nearmade.planning.site.quick import Filled, empty_filled, fill
from nearmade.planning.site.site import STEP_S, Placed, Site, SitePlan
from nearmade.vocabulary.errors import InvalidInput


class Span(NamedTuple):
    """Where and when one build lies, in steps; machine -1 when it is left out."""

    machine: int
    hands: int
    start: int
    end: int
    clear: int


def dispatch(site: Site, order: Sequence[str] = ()) -> SitePlan:
    """Give each build in turn the machine and moment where it costs least.

    Parameters
    ----------
    site
        Machines, builds, hands, power.
    order
        Ids of the builds in their turn, such as the order in which they came; those
        that are not named follow, and all go by their dues when none is.

    Raises
    ------
    InvalidInput
        When a running build cannot be cleared within the horizon, or power falls
        short of machines at rest.
    """
    grid = checked_grid(site)
    turn = {name: at for at, name in enumerate(order)}
    numbers = first_order(site)
    if turn:
        numbers.sort(key=lambda at: turn.get(site.builds[at].id, len(turn)))
    filled = filled_in_turn(grid, numbers)
    return plan_of(site, placed_by(site, filled), 0.0, "dispatch")


def filled_in_turn(grid: Grid, numbers: Sequence[int]) -> Filled:
    """Place the builds of these numbers one after the other.

    Raises
    ------
    InvalidInput
        When a running build cannot be cleared within the horizon.
    """
    filled = empty_filled(grid)
    if len(numbers):
        fill(grid, filled, np.array(numbers, dtype=np.int64))
    check_cleared(grid, filled)
    return filled


def checked_grid(site: Site) -> Grid:
    """Lay a site out as arrays, once it can carry what runs already.

    Raises
    ------
    InvalidInput
        When a running build does not end within the horizon, or power falls short of
        machines at rest.
    """
    grid = grid_of(site)
    for at, build in enumerate(site.builds):
        row = int(grid.running[at])
        if row >= 0 and grid.lasts[at, row] + grid.hands[1] > site.steps:
            raise InvalidInput(
                f"build {build.id}: still runs at the end of the horizon",
                remedy="lengthen the horizon",
            )
    fault = fault_at_rest(site)
    if fault is not None:
        raise InvalidInput(
            f"site: too little power for machines at rest and builds that run: {fault}",
            remedy="raise limit_w, add sun or battery, or lower idle_w",
        )
    return grid


def check_cleared(grid: Grid, filled: Filled) -> None:
    """Let a schedule pass that clears every build that runs.

    Raises
    ------
    InvalidInput
        When one is not cleared within the horizon.
    """
    if ((grid.running >= 0) & (filled.clear < 0)).any():
        raise InvalidInput(
            "site: not all running builds can be cleared in the horizon",
            remedy="lengthen the horizon, or let more hands be there",
        )


def first_order(site: Site) -> list[int]:
    """Order builds by their due, like settings of one due beside each other."""
    last_s = site.steps * STEP_S

    def key(at: int) -> tuple[float, str, int]:
        build = site.builds[at]
        due_s = last_s if build.due_s is None else build.due_s
        return due_s, str(build.setting), at

    return sorted(range(len(site.builds)), key=key)


def placed_by(site: Site, filled: Filled) -> list[Placed]:
    """Read a schedule off the arrays."""
    spans = (
        Span(*(int(row[b]) for row in filled[:5])) for b in range(len(site.builds))
    )
    return placed_of(site, spans)


def placed_of(site: Site, spans: Iterable[Span]) -> list[Placed]:
    """Turn steps into moments, and say what each machine was changed from."""
    rows = sorted(
        (
            (span.start, build, span)
            for build, span in zip(site.builds, spans, strict=True)
            if span.machine >= 0
        ),
        key=lambda row: (row[0], row[2].machine),
    )
    setting = [machine.set_to for machine in site.machines]
    placed = []
    for _, build, span in rows:
        before = setting[span.machine]
        changed = before != build.setting and build.running_on is None
        setting[span.machine] = build.setting
        placed.append(
            Placed(
                build.id,
                site.machines[span.machine].id,
                span.hands * STEP_S,
                span.start * STEP_S,
                span.end * STEP_S,
                span.clear * STEP_S,
                span.clear * STEP_S + site.hands.clear_s,
                before if changed else None,
            )
        )
    return placed


def plan_of(site: Site, placed: list[Placed], bound: float, method: str) -> SitePlan:
    """Price a schedule."""
    made = {each.build for each in placed}
    left_out = tuple(build.id for build in site.builds if build.id not in made)
    terms = terms_of(site, placed, left_out)
    return SitePlan(tuple(placed), left_out, terms, min(bound, terms.total), method)
