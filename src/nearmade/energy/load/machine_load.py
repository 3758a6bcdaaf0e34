"""What one build draws, phase by phase and step by step.

A bed switches on and off through the whole build. So every phase has a low power (bed
off), a high power (bed on) and the share of the time that the high one holds: the mean
says what the battery must store, the high one what inverter and cells must give at
any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, log
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nearmade.energy.load.machine_power import ROOM_DEGC, SECONDS_PER_HOUR, MachinePower
from nearmade.energy.load.machine_ratings import HOT_END_MEAN_W, MOTION_W
from nearmade.vocabulary.errors import InvalidInput

Array = NDArray[np.float64]
PhaseName = Literal["heat", "print", "cool"]

#: Share of the power without bed that motors and electronics take; the rest is the
#: hot end. Measured: Ender-3, 16.4 of 47.2 W.
MOTION_FRACTION = MOTION_W / (MOTION_W + HOT_END_MEAN_W)

#: Nozzle temperature that the measured hot end speaks of. The logs name the printer
#: alone; taken as that of PLA. Assumed. [degC]
NOZZLE_DEGC = 205.0

#: Part-cooling fan at full speed, in the measured mean too. Assumed: 24 V, 0.1 A. [W]
FAN_W = 2.4

#: Highest against mean power without bed. Measured: Ender-3, 54.7 of 47.2 W.
UNBEDDED_PEAK_FACTOR = 54.7 / 47.2

#: A bed loses its warmth with this time constant; a part comes off at this warmth.
#: Assumed. [s] [degC]
BED_COOLING_S = 900.0
PART_OFF_DEGC = 35.0

#: Fan of the hot end, which runs until that is cold. Assumed: 24 V, 0.1 A. [W]
COOLING_FAN_W = 2.4

#: Set-points beyond this are a slip or an attack; no printer reaches them. [degC]
HIGHEST_DEGC = 500.0

#: A build longer than this is a slip. [s]
LONGEST_S = 60 * 86_400.0


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a build at one state of heaters and motors.

    Parameters
    ----------
    name
        ``heat``, ``print`` or ``cool``.
    duration_s
        Zero or more. [s]
    low_w, high_w
        With the bed off and on. [W]
    high_fraction
        Share of the time that the bed is on, 0..1.
    """

    name: PhaseName
    duration_s: float
    low_w: float
    high_w: float
    high_fraction: float

    @property
    def mean_w(self) -> float:
        """Mean power. [W]"""
        return self.low_w + (self.high_w - self.low_w) * self.high_fraction

    @property
    def energy_wh(self) -> float:
        """Energy of the phase. [Wh]"""
        return self.mean_w * self.duration_s / SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True, eq=False)
class LoadProfile:
    """A build's power in equal steps.

    Parameters
    ----------
    step_s
        Length of a step. [s]
    low_w, high_w, high_fraction
        Of each step, shape (n,): the bed off, the bed on, and how long. What is left of
        the last step after the build is the machine's rest.
    """

    step_s: float
    low_w: Array
    high_w: Array
    high_fraction: Array

    @property
    def mean_w(self) -> Array:
        """Mean power of each step, shape (n,). [W]"""
        mean: Array = self.low_w + (self.high_w - self.low_w) * self.high_fraction
        return mean


@dataclass(frozen=True, slots=True)
class JobLoad:
    """A build as its machine's plug will see it.

    Parameters
    ----------
    phases
        In their order.
    rest_w
        What the machine draws when nothing is made. [W]
    source
        Where the figures come from.
    """

    phases: tuple[Phase, ...]
    rest_w: float
    source: str

    @property
    def work_s(self) -> float:
        """Heat-up and print: until here a loss of power ruins the build. [s]"""
        return sum(x.duration_s for x in self.phases if x.name != "cool")

    @property
    def work_wh(self) -> float:
        """Energy of heat-up and print. [Wh]"""
        return sum(x.energy_wh for x in self.phases if x.name != "cool")

    @property
    def peak_w(self) -> float:
        """The most that it draws at once. [W]"""
        return max((x.high_w for x in self.phases), default=self.rest_w)

    @property
    def heat_s(self) -> float:
        """Heat-up alone. [s]"""
        return sum(x.duration_s for x in self.phases if x.name == "heat")

    def scaled(self, factor: float) -> JobLoad:
        """Give the load with another energy: heaters on for longer, the same peaks.

        A phase that is at its peak all the time already lasts longer instead.

        Parameters
        ----------
        factor
            Energy of heat-up and print against this one's, above zero.
        """
        if not 0 < factor < inf:
            raise InvalidInput(f"load: factor {factor} must be above zero")
        return JobLoad(
            tuple(_with_mean(x, x.mean_w * factor) for x in self.phases),
            self.rest_w,
            self.source,
        )

    def rest_of(self, done_s: float) -> JobLoad:
        """Give what is left of the build after some time of it. [s]"""
        left = []
        for phase in self.phases:
            kept_s = min(phase.duration_s, phase.duration_s - done_s)
            done_s = max(0.0, done_s - phase.duration_s)
            if kept_s > 0:
                left.append(_lasting(phase, kept_s))
        return JobLoad(tuple(left), self.rest_w, self.source)

    def profile(self, step_s: float, *, cooling: bool = False) -> LoadProfile:
        """Lay the build out in equal steps, 120 to 300 s say.

        Energy is kept in every step, and the highest power of a step is the highest
        that comes in it.

        Parameters
        ----------
        step_s
            Length of a step, above zero. [s]
        cooling
            True for the cooling too, which a loss of power does not ruin.
        """
        if not 0 < step_s < inf:
            raise InvalidInput(f"load: step {step_s} s must be above zero")
        phases = [
            x for x in self.phases if x.duration_s > 0 and (cooling or x.name != "cool")
        ]
        total_s = sum(x.duration_s for x in phases)
        count = max(1, int(np.ceil(total_s / step_s - 1e-9)))
        phases.append(
            Phase("cool", count * step_s - total_s + step_s, *(self.rest_w,) * 2, 0.0)
        )
        return _stepped(phases, step_s, count)

    def as_dict(self) -> dict[str, object]:
        """Give plain values for JSON."""
        return {
            "phases": [
                {
                    "name": x.name,
                    "s": round(x.duration_s, 1),
                    "mean_w": round(x.mean_w, 1),
                    "peak_w": round(x.high_w, 1),
                }
                for x in self.phases
            ],
            "energy_wh": round(self.work_wh, 1),
            "peak_w": round(self.peak_w, 1),
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class WorkTimes:
    """When a file changes what draws power, after the heat-up.

    Parameters
    ----------
    moves_s
        All moves and pauses. [s]
    bed_steps, nozzle_steps
        ``(at, set-point)`` in any order. [s] [degC]
    fan_steps
        ``(at, share of full speed)``. [s]
    layer_starts_s
        When each layer begins. [s]
    """

    moves_s: float
    bed_steps: Sequence[tuple[float, float]] = ()
    nozzle_steps: Sequence[tuple[float, float]] = ()
    fan_steps: Sequence[tuple[float, float]] = ()
    layer_starts_s: Sequence[float] = ()


def load_of_time(power: MachinePower, print_s: float) -> JobLoad:
    """Give the load of a build whose file is not known, from its time alone.

    Parameters
    ----------
    power
        Of the machine, at the build's bed temperature.
    print_s
        From the first line to the last. [s]
    """
    bed = power.bed_degc
    times = WorkTimes(print_s, [(0.0, bed)], [(0.0, NOZZLE_DEGC)], [(0.0, 1.0)])
    return load_of_file(power, times)


def load_of_file(
    power: MachinePower, times: WorkTimes, *, room_degc: float = ROOM_DEGC
) -> JobLoad:
    """Give the load of a build from its machine and its file's own times.

    Losses of bed and hot end grow with their excess over the room. Set-points out of
    any printer's reach are taken as the nearest within it; the file may be hostile.

    Parameters
    ----------
    power
        Of the machine.
    times
        Of the file.
    room_degc
        Around the machine. [degC]

    Raises
    ------
    InvalidInput
        When the time is not a number, below zero or beyond sixty days.
    """
    if not 0 <= times.moves_s <= LONGEST_S:
        raise InvalidInput(f"load: print time {times.moves_s} s is out of range")
    beds = _steps(times.bed_steps, times.moves_s, HIGHEST_DEGC)
    nozzles = _steps(times.nozzle_steps, times.moves_s, HIGHEST_DEGC)
    fans = _steps(times.fan_steps, times.moves_s, 1.0)
    first_bed = beds[0][1]
    marks = sorted({0.0, *(at for steps in (beds, nozzles, fans) for at, _ in steps)})
    ends = [*marks[1:], times.moves_s]
    printing: list[Phase] = []
    at_bed = at_nozzle = at_fan = 0
    for begin, end in zip(marks, ends, strict=True):
        at_bed = _reached(beds, at_bed, begin)
        at_nozzle = _reached(nozzles, at_nozzle, begin)
        at_fan = _reached(fans, at_fan, begin)
        phase = _printing(
            power,
            end - begin,
            beds[at_bed][1],
            nozzles[at_nozzle][1],
            fans[at_fan][1],
            room_degc,
        )
        if phase.duration_s > 0:
            _append(printing, phase)
    hottest = max(degc for _, degc in beds)
    return JobLoad(
        (_heating(power, first_bed, room_degc), *printing, _cooling(power, hottest)),
        power.idle_w,
        power.source,
    )


def _heating(power: MachinePower, bed_degc: float, room_degc: float) -> Phase:
    """Give the heat-up: near the peak, over the time that the machine takes for it."""
    if bed_degc <= room_degc:
        peak_w = power.base_w * UNBEDDED_PEAK_FACTOR
        share = power.base_w / peak_w if peak_w else 0.0
        return Phase("heat", power.heatup_s, 0.0, peak_w, share)
    warm = power.at_bed(bed_degc)
    heat_wh = max(warm.heatup_wh, power.base_w * warm.heatup_s / SECONDS_PER_HOUR)
    mean_w = heat_wh * SECONDS_PER_HOUR / warm.heatup_s if warm.heatup_s else 0.0
    phase = Phase("heat", warm.heatup_s, power.idle_w, power.peak_w, 1.0)
    return _with_mean(phase, mean_w)


def _printing(
    power: MachinePower,
    duration_s: float,
    bed_degc: float,
    nozzle_degc: float,
    fan_fraction: float,
    room_degc: float,
) -> Phase:
    """Give a stretch of printing at one set of set-points."""
    hot = max(nozzle_degc - room_degc, 0.0) / (NOZZLE_DEGC - ROOM_DEGC)
    motion_w = MOTION_FRACTION * power.base_w
    hot_end_w = (power.base_w - motion_w) * hot
    low_w = max(0.0, motion_w + hot_end_w - FAN_W * (1.0 - fan_fraction))
    warm = max(bed_degc - room_degc, 0.0) / (power.bed_degc - ROOM_DEGC)
    duty = min(1.0, power.bed_duty_fraction * warm)
    high_w = low_w + power.bed_w if duty > 0 else low_w
    return Phase("print", duration_s, low_w, high_w, duty)


def _cooling(power: MachinePower, bed_degc: float) -> Phase:
    """Give the time until a part comes off; nothing but a fan and the rest draws."""
    over = max(bed_degc - ROOM_DEGC, 0.0) / (PART_OFF_DEGC - ROOM_DEGC)
    duration_s = BED_COOLING_S * log(over) if over > 1 else 0.0
    draw_w = power.idle_w + COOLING_FAN_W
    return Phase("cool", duration_s, draw_w, draw_w, 0.0)


def _steps(
    steps: Sequence[tuple[float, float]], end: float, highest: float
) -> list[tuple[float, float]]:
    """Give the steps in order, from time zero on, each within reach."""
    kept: list[tuple[float, float]] = []
    for at, value in sorted(
        (min(max(at, 0.0), end), min(max(value, 0.0), highest))
        for at, value in steps
        if isfinite(at) and value == value
    ):
        if kept and kept[-1][0] == at:
            kept[-1] = (at, max(kept[-1][1], value) if at == 0.0 else value)
        elif not kept or kept[-1][1] != value:
            kept.append((at, value))
    if not kept or kept[0][0] > 0:
        kept.insert(0, (0.0, 0.0))
    return kept


def _reached(steps: Sequence[tuple[float, float]], index: int, at: float) -> int:
    """Give the index of the step that holds at a moment, from an earlier one on."""
    while index + 1 < len(steps) and steps[index + 1][0] <= at:
        index += 1
    return index


def _append(phases: list[Phase], phase: Phase) -> None:
    """Add a phase, or lengthen the last one when nothing changed."""
    last = phases[-1] if phases else None
    same = (phase.low_w, phase.high_w, phase.high_fraction)
    if last and (last.low_w, last.high_w, last.high_fraction) == same:
        phases[-1] = _lasting(last, last.duration_s + phase.duration_s)
    else:
        phases.append(phase)


def _lasting(phase: Phase, duration_s: float) -> Phase:
    return Phase(phase.name, duration_s, phase.low_w, phase.high_w, phase.high_fraction)


def _with_mean(phase: Phase, mean_w: float) -> Phase:
    """Give a phase with another energy: its share changes, or else its length."""
    low, high = phase.low_w, phase.high_w
    if low <= mean_w <= high and high > low:
        share = (mean_w - low) / (high - low)
        return Phase(phase.name, phase.duration_s, low, high, share)
    if mean_w > high > 0:
        longer_s = phase.duration_s * mean_w / high
        return Phase(phase.name, longer_s, high, high, 0.0)
    return Phase(phase.name, phase.duration_s, mean_w, high, 0.0)


def _stepped(phases: Sequence[Phase], step_s: float, count: int) -> LoadProfile:
    """Sum low and mean powers over each step, and take the highest high."""
    low, mean = np.zeros(count), np.zeros(count)
    high = np.zeros(count)
    begin = 0.0
    for phase in phases:
        end = begin + phase.duration_s
        first = int(begin // step_s)
        last = min(count, int(np.ceil(end / step_s - 1e-9)))
        for step in range(first, last):
            inside = min(end, (step + 1) * step_s) - max(begin, step * step_s)
            if inside > 1e-6:
                low[step] += phase.low_w * inside / step_s
                mean[step] += phase.mean_w * inside / step_s
                high[step] = max(high[step], phase.high_w)
        begin = end
    high = np.maximum(high, mean)
    spread = high - low
    share = np.divide(mean - low, spread, out=np.zeros(count), where=spread > 1e-12)
    return LoadProfile(step_s, low, high, np.clip(share, 0.0, 1.0))
