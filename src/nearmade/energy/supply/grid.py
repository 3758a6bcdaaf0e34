"""A grid that is not always there: its limit, its outages, and when it is used."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class GridUse:
    """When the grid serves the load, and when it charges the battery.

    Parameters
    ----------
    below_fraction
        The grid serves while the battery holds this share or less: 1 saves the battery
        for outages, 0 uses it up first.
    charge_to_fraction
        The grid charges the battery up to this share; 0 never.

    Raises
    ------
    InvalidInput
        When a share is not in 0..1.
    """

    below_fraction: float = 1.0
    charge_to_fraction: float = 0.0

    def __post_init__(self) -> None:
        shares = (self.below_fraction, self.charge_to_fraction)
        if not all(0 <= share <= 1 for share in shares):
            raise InvalidInput(f"grid: shares {shares} must be in 0..1")


@dataclass(frozen=True, slots=True)
class WeakGrid:
    """A grid with outages.

    Parameters
    ----------
    limit_w
        What it gives at most while it is there. [W]
    outages_per_month
        How many begin by chance in 30 days. The World Bank's Enterprise Surveys ask
        firms for this figure and for the next, country by country.
    outage_hours
        How long one lasts on average; lengths vary exponentially. [h]
    shed_from_h, shed_to_h
        Hours of local time without power on every day, none when equal. [h]
    converted_fraction
        What a charger leaves of it at the battery, above 0 to 1.

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """

    limit_w: float
    outages_per_month: float = 0.0
    outage_hours: float = 0.0
    shed_from_h: float = 0.0
    shed_to_h: float = 0.0
    converted_fraction: float = 1.0

    def __post_init__(self) -> None:
        figures = (self.limit_w, self.outages_per_month, self.outage_hours)
        if not all(0 <= figure < math.inf for figure in figures):
            raise InvalidInput(f"grid: {figures} must be zero or more")
        if not (0 <= self.shed_from_h <= 24 and 0 <= self.shed_to_h <= 24):
            raise InvalidInput("grid: hours of the day must be in 0..24")
        if not 0 < self.converted_fraction <= 1:
            raise InvalidInput(f"grid: {self.converted_fraction} must be in 0..1")

    @property
    def there_fraction(self) -> float:
        """Share of time it is there, the daily hours without power left aside."""
        if not self.outages_per_month * self.outage_hours:
            return 1.0
        between_h = 720.0 / self.outages_per_month
        return between_h / (between_h + self.outage_hours)


def grid_power_w(
    grid: WeakGrid, steps: int, step_s: int, seed: int, ahead_h: Array | None = None
) -> Array:
    """Give what a weak grid can give at the battery, step by step. [W]

    A step in which it fails for part of the time gives so much less.

    Parameters
    ----------
    grid
        The grid.
    steps, step_s
        How many, and how long, from midnight. [s]
    seed
        Same seed, same outages.
    ahead_h
        What the clock is ahead, by day, a circle where it is shorter; nothing when
        None. [h]

    Returns
    -------
    Array
        Shape (steps,). [W]

    Raises
    ------
    InvalidInput
        When there is no step or it has no length.
    """
    if not (steps > 0 and step_s > 0):
        raise InvalidInput(f"grid: {steps} steps of {step_s} s")
    step_h = step_s / 3600
    end_h = steps * step_h
    down = np.zeros(steps)
    for start_h, stop_h in _outages(grid, end_h, seed):
        first, last = int(start_h / step_h), min(steps - 1, int(stop_h / step_h))
        for at in range(first, last + 1):
            overlap = min(stop_h, (at + 1) * step_h) - max(start_h, at * step_h)
            down[at] += max(0.0, overlap) / step_h
    there = 1.0 - np.minimum(down, 1.0)
    if grid.shed_from_h != grid.shed_to_h:
        at_h = np.arange(steps) * step_h
        clock = np.zeros(1) if ahead_h is None else ahead_h
        hour = (at_h + clock[(at_h // 24).astype(np.int64) % len(clock)]) % 24
        begins, ends = grid.shed_from_h, grid.shed_to_h
        inside = (
            (hour >= begins) & (hour < ends)
            if begins < ends
            else (hour >= begins) | (hour < ends)
        )
        there[inside] = 0.0
    return there * grid.limit_w * grid.converted_fraction


def _outages(grid: WeakGrid, end_h: float, seed: int) -> list[tuple[float, float]]:
    """Draw outages: waiting times and lengths are exponential."""
    if not grid.outages_per_month * grid.outage_hours:
        return []
    chance = np.random.default_rng(seed)
    between_h = 720.0 / grid.outages_per_month
    found: list[tuple[float, float]] = []
    now_h = 0.0
    while True:
        now_h += chance.exponential(between_h)
        if now_h >= end_h:
            return found
        length_h = chance.exponential(grid.outage_hours)
        found.append((now_h, now_h + length_h))
        now_h += length_h
