"""When a build on the grid is cheapest, or cleanest: tariff and carbon by the hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from nearmade.energy.deciding.rules import Decision, Verb
from nearmade.energy.load.machine_load import JobLoad
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.errors import InvalidInput

#: Beginnings that are compared lie this far apart, and load is laid out in such steps.
#: [s]
STEP_S = 900

#: Waiting longer than this is no waiting. [h]
LONGEST_PATIENCE_H = 168.0


@dataclass(frozen=True, slots=True)
class Band:
    """A figure that holds between two hours of the local day, over midnight too.

    Parameters
    ----------
    from_h, to_h
        Hours of the day, 0..24; all day when they are equal. [h]
    per_kwh
        Money or gCO2e for one kWh, zero or more.
    """

    from_h: float
    to_h: float
    per_kwh: float

    def __post_init__(self) -> None:
        if not all(0 <= hour <= 24 for hour in (self.from_h, self.to_h)):
            raise InvalidInput(f"band {self.from_h} to {self.to_h} h: must be in 0..24")
        if not 0 <= self.per_kwh < float("inf"):
            raise InvalidInput(f"band: {self.per_kwh} per kWh must be zero or more")

    def holds_at(self, hours: Array) -> NDArray[np.bool_]:
        """Tell at which hours of the day it holds, shape (n,)."""
        length = (self.to_h - self.from_h) % 24 or 24.0
        held: NDArray[np.bool_] = (hours - self.from_h) % 24 < length
        return held


@dataclass(frozen=True, slots=True)
class Windows:
    """What electricity costs over the day, and how long a build may wait for less.

    Parameters
    ----------
    tariff, carbon
        Bands of money and of gCO2e; the first that holds counts, and where none does
        the dearest band. Empty when nothing is known.
    currency
        Of the tariff.
    carbon_per_kg
        What a kilogram of CO2e is worth to the site, in the tariff's money; without a
        tariff emissions alone decide.
    patience_h
        How long a build waits at most after it came. [h]
    worth_fraction
        What must be saved at least for a build to wait.
    """

    tariff: tuple[Band, ...] = ()
    carbon: tuple[Band, ...] = ()
    currency: str = ""
    carbon_per_kg: float = 0.0
    patience_h: float = 12.0
    worth_fraction: float = 0.05

    def __post_init__(self) -> None:
        if not (
            0 <= self.patience_h <= LONGEST_PATIENCE_H and 0 <= self.worth_fraction <= 1
        ):
            raise InvalidInput(
                f"windows: patience {self.patience_h} h must be in 0..168, what is "
                f"worth a wait {self.worth_fraction} in 0..1"
            )
        if not 0 <= self.carbon_per_kg < float("inf"):
            raise InvalidInput("windows: the worth of CO2e must be zero or more")

    def weights(self, hours: Array) -> Array:
        """Give what is made least, for one kWh at hours of the day, shape (n,)."""
        carbon = by_hour(self.carbon, hours)
        if not self.tariff:
            return carbon
        weights: Array = (
            by_hour(self.tariff, hours) + carbon / 1000 * self.carbon_per_kg
        )
        return weights


def by_hour(bands: Sequence[Band], hours: Array) -> Array:
    """Give the figure at hours of the day, shape (n,); zero without bands."""
    dearest = max((band.per_kwh for band in bands), default=0.0)
    figures = np.full(len(hours), dearest)
    for band in reversed(bands):
        figures[band.holds_at(hours)] = band.per_kwh
    return figures


def may_start_on_grid(
    job: JobLoad,
    windows: Windows,
    now: datetime,
    *,
    since: datetime,
    zone: tzinfo = UTC,
) -> Decision:
    """Decide whether a build begins now or waits for cheaper hours.

    Parameters
    ----------
    job
        Its load.
    windows
        Of the site.
    now, since
        The moment, and when the build came; both aware.
    zone
        The clock that the bands are read by, with its summer time.
    """
    local = now.astimezone(zone)
    clock = local.strftime("%H:%M")
    if not (windows.tariff or windows.carbon):
        return Decision(Verb.START, f"starts {clock}: on the grid", "grid")
    waited_h = max(0.0, (now - since).total_seconds() / 3600)
    left_h = max(0.0, windows.patience_h - waited_h)
    energy_kwh = job.profile(STEP_S).mean_w * (STEP_S / 3.6e6)
    steps, waits = len(energy_kwh), int(left_h * 3600 / STEP_S)
    hours = _clock_hours(now, steps + waits, zone)
    costs = np.correlate(windows.weights(hours), energy_kwh, mode="valid")
    best = int(np.argmin(costs))
    saved = 1 - costs[best] / costs[0] if costs[0] > 0 else 0.0
    here, there = (
        _cost_words(windows, hours[at : at + steps], energy_kwh) for at in (0, best)
    )
    total_kwh = float(energy_kwh.sum())
    if best == 0 or saved < windows.worth_fraction:
        words = f"starts {clock}: {total_kwh:.2f} kWh for {here}"
        if windows.patience_h > 0:
            words += f", no later start within {left_h:.0f} h saves {_needed(windows)}"
        return Decision(Verb.START, words, "grid")
    later_at = now.astimezone(UTC) + timedelta(seconds=best * STEP_S)
    later = later_at.astimezone(zone).strftime("%a %H:%M")
    words = (
        f"waits until {later}: {total_kwh:.2f} kWh then take {there} instead of {here}"
    )
    if windows.tariff:
        dear, cheap = (
            float(by_hour(windows.tariff, hours[at : at + steps]) @ energy_kwh)
            / total_kwh
            for at in (0, best)
        )
        words += f" ({cheap:.2f} instead of {dear:.2f} per kWh)"
    return Decision(Verb.WAIT, words, "grid")


def _clock_hours(now: datetime, steps: int, zone: tzinfo) -> Array:
    """Give the hour of the local day at each step from now on, shape (steps,). [h]"""
    begin = now.astimezone(UTC)
    ahead = [
        ((begin + timedelta(seconds=n * STEP_S)).astimezone(zone).utcoffset())
        for n in range(steps)
    ]
    offset_h = np.array([(o or timedelta()).total_seconds() / 3600 for o in ahead])
    first_h = begin.hour + begin.minute / 60 + begin.second / 3600
    hours: Array = (first_h + np.arange(steps) * STEP_S / 3600 + offset_h) % 24
    return hours


def _cost_words(windows: Windows, hours: Array, energy_kwh: Array) -> str:
    """Say what a build takes over some hours."""
    said = []
    if windows.tariff:
        money = float(by_hour(windows.tariff, hours) @ energy_kwh)
        said.append(f"{money:.3f} {windows.currency}".rstrip())
    if windows.carbon:
        grams = float(by_hour(windows.carbon, hours) @ energy_kwh)
        said.append(f"{grams:.0f} g CO2e")
    return " and ".join(said)


def _needed(windows: Windows) -> str:
    return f"{100 * windows.worth_fraction:.0f} %"
