"""Where the battery may go while work is done: on no sun, on a bad course of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from math import ceil

import numpy as np

from nearmade.energy.deciding.run_step import lowest_wh
from nearmade.energy.load.machine_load import JobLoad
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery, bus_row
from nearmade.energy.supply.bus import RATED_DEGC
from nearmade.vocabulary.errors import InvalidInput

#: Steps in which work ahead is laid out. [s]
STEP_S = 300


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What the panels may give from now on.

    Parameters
    ----------
    begins_at
        Now, aware.
    paths_w
        Courses that are equally likely, shape (k, steps), in steps of five minutes; k
        is 0 where nothing is known. [W]
    clear_w
        Under a sky without clouds, shape (steps,). [W]
    source
        What the courses are, as in ``the 40 likest hours of the last 60 days``.
    utc_offset_h
        For clocks in words where no zone is given. [h]
    zone
        The clock on the site's wall, with its summer time.
    """

    begins_at: datetime
    paths_w: Array
    clear_w: Array
    source: str = ""
    utc_offset_h: float = 0.0
    zone: tzinfo | None = None

    def __post_init__(self) -> None:
        if self.paths_w.ndim != 2 or self.paths_w.shape[1] != len(self.clear_w):
            raise InvalidInput(
                f"outlook: courses {self.paths_w.shape}, sky {self.clear_w.shape}"
            )

    @property
    def known(self) -> bool:
        """True when there is any course."""
        return len(self.paths_w) > 0

    @property
    def wall(self) -> tzinfo:
        """The clock that people read: the zone's, else that of the offset."""
        return self.zone or timezone(timedelta(hours=self.utc_offset_h))

    def local(self, step: int) -> datetime:
        """Give the local moment at which a step begins."""
        at = self.begins_at.astimezone(UTC) + timedelta(seconds=step * STEP_S)
        return at.astimezone(self.wall)

    def clock(self, step: int) -> str:
        """Give the local time at which a step begins, as in ``09:40``."""
        return self.local(step).strftime("%H:%M")

    def turned_h(self, after_s: float) -> float:
        """Give by how much the clock is put on within a time; below zero for back. [h]

        Parameters
        ----------
        after_s
            From now on. [s]
        """
        now = self.begins_at.astimezone(UTC)
        ahead = [
            at.astimezone(self.wall).utcoffset() or timedelta()
            for at in (now, now + timedelta(seconds=after_s))
        ]
        return (ahead[1] - ahead[0]).total_seconds() / 3600

    def dark_within(self, steps: int) -> bool:
        """Tell whether the sun is down at some time within the next steps."""
        return bool(np.any(self.clear_w[: max(1, steps)] <= 0.0))


@dataclass(frozen=True, slots=True)
class Low:
    """The lowest that the battery comes to.

    Parameters
    ----------
    fraction
        State of charge; below zero where the load would be cut off.
    step
        When, in steps from now.
    """

    fraction: float
    step: int


def lows(
    battery: Battery,
    stored_wh: float,
    paths_w: Array,
    works: Sequence[JobLoad],
    standing_w: float = 0.0,
) -> list[Low]:
    """Give the lowest charge on each course until all work ends, the worst first.

    Parameters
    ----------
    battery, stored_wh
        The battery and what it holds. [Wh]
    paths_w
        Shape (k, steps); beyond its end a course stays dark. [W]
    works
        What each machine has before it.
    standing_w
        What is always on, machines at rest included. [W]
    """
    profiles = [work.profile(STEP_S) for work in works if work.work_s > 0]
    if not profiles:
        return [Low(stored_wh / max(battery.usable_top_wh, 1e-9), 0)] * len(paths_w)
    lengths = np.array([len(profile.low_w) for profile in profiles], np.int64)
    table = np.zeros((len(profiles), int(lengths.max()), 3))
    for index, profile in enumerate(profiles):
        rows = np.stack((profile.low_w, profile.high_w, profile.high_fraction), axis=1)
        table[index, : lengths[index]] = rows
    jobs = np.arange(len(profiles), dtype=np.int64)
    missing = max(0, int(lengths.max()) - paths_w.shape[1])
    padded = np.pad(paths_w, ((0, 0), (0, missing)))
    row, full = bus_row(battery), battery.usable_top_wh
    found = []
    connected, running = True, False
    for path in padded:
        least, step = lowest_wh(
            min(stored_wh, full), connected, running, path, 0, 1.0, RATED_DEGC, jobs,
            np.zeros_like(jobs), table, lengths, 0.0, standing_w,
            STEP_S / 3600.0, row,
        )  # fmt: skip
        found.append(Low(least / full if least >= 0 else -1.0, int(step)))
    return sorted(found, key=lambda low: low.fraction)


def dark_low(
    battery: Battery,
    stored_wh: float,
    works: Sequence[JobLoad],
    standing_w: float = 0.0,
) -> Low:
    """Give the lowest charge without any sun."""
    return lows(battery, stored_wh, np.zeros((1, 1)), works, standing_w)[0]


def charged_by(
    battery: Battery,
    stored_wh: float,
    wanted_wh: float,
    outlook: Outlook,
    load_w: float,
) -> int | None:
    """Give the step at which a middling course has charged the battery so far.

    None when not within the outlook. The loss on the way in is that of the battery;
    what runs draws its mean.
    """
    if not outlook.known:
        return None
    net_wh = (np.median(outlook.paths_w, axis=0) - load_w) * (STEP_S / 3600.0)
    stored = stored_wh
    for step, gained in enumerate(net_wh):
        if stored >= wanted_wh - 1e-6:
            return step
        grown = gained * battery.charge_fraction
        drained = gained / battery.discharge_fraction
        stored += grown if gained > 0 else drained
        stored = min(max(stored, 0.0), battery.usable_top_wh)
    return None


def steps_of(work_s: float) -> int:
    """Give the steps that cover a time."""
    return max(1, ceil(work_s / STEP_S))
