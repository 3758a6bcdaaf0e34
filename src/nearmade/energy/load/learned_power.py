"""What a machine truly draws, learned from readings of a plug or of the printer.

Readings are kept as counts, never as a series: watts at rest, watts while printing in
classes of power, and whole heat-ups. The model of the machine is the first guess and
gives way as readings come:

- at rest, after ``LEAST_REST`` readings;
- while printing, by ``minutes / (minutes + HALF_MINUTES)``, from ``LEAST_MINUTES`` on;
  with readings close enough to catch the bed switching, its power and duty too, else
  base and bed are scaled alike to the measured mean;
- heat-up, after ``LEAST_HEAT_UPS`` whole ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, Literal

from nearmade.energy.load.machine_power import POWER_HIGH_FACTOR, MachinePower

Doing = Literal["rest", "heat", "print"]

#: Classes of power while printing are this wide. [W]
CLASS_W = 2.0

#: No workshop's plug gives more; a reading beyond is a fault. [W]
MOST_W = 4000.0

#: A bed switches within a minute or two; readings further apart do not show it. [s]
CLOSE_S = 30.0

#: A reading speaks for at most this long; a gap is not filled. [s]
LONGEST_GAP_S = 600.0

#: Before these, the model alone counts.
LEAST_REST = 30
LEAST_MINUTES = 20.0
LEAST_HEAT_UPS = 2

#: Printing for this long weighs as much as the model. [min]
HALF_MINUTES = 60.0

#: Highest against typical energy of a build when it is well measured. Measured means of
#: three runs lie within 5 %.
MEASURED_HIGH_FACTOR = 1.05

#: A switching bed parts the classes in two groups at least this far apart. [W]
LEAST_BED_W = 40.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Watts at a moment, and what the machine did.

    Parameters
    ----------
    at_s
        By any clock that only goes forward. [s]
    watts
        Zero or more. [W]
    doing
        ``rest``, ``heat`` or ``print``.
    bed_degc
        Set-point of the bed, or its warmth. [degC]
    """

    at_s: float
    watts: float
    doing: Doing
    bed_degc: float = 0.0


@dataclass(frozen=True, slots=True)
class Readings:
    """Counts of all readings of one machine; ``with_reading`` gives the next.

    Parameters
    ----------
    rest_n, rest_w
        Readings at rest, and their sum. [W]
    print_s, close_s
        Time printed under readings, and that under close ones. [s]
    print_ws, bed_kelvin_s
        Energy of printing [Ws], and the bed's warmth times time. [K s]
    classes
        Time in each class of power under close readings, by its number. [s]
    heats, heat_wh, heat_s
        Whole heat-ups, their energy and time. [Wh] [s]
    top_w
        Highest of close readings. [W]
    last
        The last reading.
    heating
        ``(begun, Wh)`` of a heat-up that lasts; None when none was seen to begin.
    """

    rest_n: int = 0
    rest_w: float = 0.0
    print_s: float = 0.0
    close_s: float = 0.0
    print_ws: float = 0.0
    bed_kelvin_s: float = 0.0
    classes: Mapping[int, float] = field(default_factory=dict)
    heats: int = 0
    heat_wh: float = 0.0
    heat_s: float = 0.0
    top_w: float = 0.0
    last: Reading | None = None
    heating: tuple[float, float] | None = None

    def with_reading(self, new: Reading) -> Readings:
        """Count one reading more; one that cannot be is passed over."""
        if not (0 <= new.watts <= MOST_W and isfinite(new.at_s)):
            return self
        last = self.last
        gap_s = new.at_s - last.at_s if last else 0.0
        after = replace(self, last=new)
        if new.doing == "rest":
            after = replace(
                after, rest_n=self.rest_n + 1, rest_w=self.rest_w + new.watts
            )
        if last is None or not 0 < gap_s <= LONGEST_GAP_S:
            return replace(after, heating=None)
        if last.doing == new.doing == "print":
            after = _printed(after, new, gap_s)
        return _heated(after, last, new, gap_s)

    def as_record(self) -> dict[str, object]:
        """Give plain values, to be kept; the moment's own part is left out."""
        return {
            "rest_n": self.rest_n,
            "rest_w": self.rest_w,
            "print_s": self.print_s,
            "close_s": self.close_s,
            "print_ws": self.print_ws,
            "bed_kelvin_s": self.bed_kelvin_s,
            "classes": {str(number): s for number, s in self.classes.items()},
            "heats": self.heats,
            "heat_wh": self.heat_wh,
            "heat_s": self.heat_s,
            "top_w": self.top_w,
        }


def readings_from(record: object) -> Readings:
    """Read what ``as_record`` gave; anything else counts as no readings."""
    if not isinstance(record, Mapping):
        return Readings()
    try:
        figures: dict[str, Any] = {
            name: float(record[name])
            for name in (
                "rest_w",
                "print_s",
                "close_s",
                "print_ws",
                "bed_kelvin_s",
                "heat_wh",
                "heat_s",
                "top_w",
            )
        }
        classes = {
            int(number): float(s) for number, s in dict(record["classes"]).items()
        }
        found = Readings(
            rest_n=int(record["rest_n"]),
            heats=int(record["heats"]),
            classes=classes,
            **figures,
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return Readings()
    values = (*figures.values(), *classes.values(), found.rest_n, found.heats)
    sound = all(0 <= value < 1e12 for value in values)
    return found if sound else Readings()


@dataclass(frozen=True, slots=True)
class Learned:
    """A machine's power with what was measured worked in.

    Parameters
    ----------
    power
        To be reckoned with.
    high_factor
        Highest against typical energy of a build: 1.2 by model, 1.05 well measured.
    words
        What was measured and what was not, for people.
    """

    power: MachinePower
    high_factor: float
    words: str


def learn(model: MachinePower, readings: Readings, room_degc: float = 22.0) -> Learned:
    """Work readings into a machine's model.

    Parameters
    ----------
    model
        Of the machine, the first guess.
    readings
        All that there are.
    room_degc
        Around the machine. [degC]
    """
    power, said = model, []
    if readings.rest_n >= LEAST_REST:
        power = replace(power, idle_w=readings.rest_w / readings.rest_n)
        said.append(f"at rest from {readings.rest_n} readings")
    minutes = readings.print_s / 60
    weight = minutes / (minutes + HALF_MINUTES) if minutes >= LEAST_MINUTES else 0.0
    if weight:
        power, how = _printing(power, readings, weight, room_degc)
        said.append(f"printing from {minutes:.0f} min ({how})")
    if readings.heats >= LEAST_HEAT_UPS:
        power = replace(
            power,
            heatup_wh=readings.heat_wh / readings.heats,
            heatup_s=readings.heat_s / readings.heats,
        )
        said.append(f"heat-up from {readings.heats}")
    if not said:
        return Learned(model, POWER_HIGH_FACTOR, f"by model: {model.machine_model}")
    words = f"measured: {', '.join(said)}"
    factor = POWER_HIGH_FACTOR + (MEASURED_HIGH_FACTOR - POWER_HIGH_FACTOR) * weight
    whole = weight > 0.5 and readings.heats >= LEAST_HEAT_UPS
    power = replace(power, source=f"{words}; {model.source}", assumed=not whole)
    return Learned(power, factor, words)


def _printed(counts: Readings, new: Reading, gap_s: float) -> Readings:
    """Count a stretch of printing at the power of its end."""
    counts = replace(
        counts,
        print_s=counts.print_s + gap_s,
        print_ws=counts.print_ws + new.watts * gap_s,
        bed_kelvin_s=counts.bed_kelvin_s + new.bed_degc * gap_s,
    )
    if gap_s > CLOSE_S:
        return counts
    classes = dict(counts.classes)
    number = int(new.watts // CLASS_W)
    classes[number] = classes.get(number, 0.0) + gap_s
    return replace(
        counts,
        close_s=counts.close_s + gap_s,
        classes=classes,
        top_w=max(counts.top_w, new.watts),
    )


def _heated(counts: Readings, last: Reading, new: Reading, gap_s: float) -> Readings:
    """Follow a heat-up from rest to the first line; one that breaks off is no whole."""
    if new.doing == "heat":
        if last.doing != "heat":
            return replace(counts, heating=(last.at_s, new.watts * gap_s / 3600))
        if counts.heating:
            begun, wh = counts.heating
            return replace(counts, heating=(begun, wh + new.watts * gap_s / 3600))
        return counts
    if last.doing == "heat" and new.doing == "print" and counts.heating:
        begun, wh = counts.heating
        counts = replace(
            counts,
            heats=counts.heats + 1,
            heat_wh=counts.heat_wh + wh,
            heat_s=counts.heat_s + last.at_s - begun,
        )
    return replace(counts, heating=None)


def _printing(
    model: MachinePower, readings: Readings, weight: float, room_degc: float
) -> tuple[MachinePower, str]:
    """Work the measured printing in: base, bed and duty, or the mean alone."""
    mean_w = readings.print_ws / readings.print_s
    bed_degc = readings.bed_kelvin_s / readings.print_s
    parted = _parted(readings)
    if parted is None or bed_degc <= room_degc:
        expected_w = model.printing_w
        if bed_degc > 0:
            expected_w = model.at_bed(bed_degc).printing_w
        if expected_w <= 0:
            return model, "the model draws nothing to compare with"
        factor = 1 + weight * (mean_w / expected_w - 1)
        scaled = replace(
            model,
            base_w=model.base_w * factor,
            bed_duty_fraction=min(1.0, model.bed_duty_fraction * factor),
            peak_w=max(model.peak_w, readings.top_w),
        )
        return scaled, "the mean; readings too far apart to see the bed"
    base_w, bed_w, duty = parted
    at_model = duty * (model.bed_degc - room_degc) / (bed_degc - room_degc)

    def blend(old: float, new: float) -> float:
        return old + weight * (new - old)

    learned = replace(
        model,
        base_w=blend(model.base_w, base_w),
        bed_w=blend(model.bed_w, bed_w),
        bed_duty_fraction=blend(model.bed_duty_fraction, min(1.0, at_model)),
        peak_w=max(readings.top_w, blend(model.peak_w, readings.top_w)),
    )
    return learned, f"bed {bed_w:.0f} W, on for {100 * duty:.0f} %"


def _parted(readings: Readings) -> tuple[float, float, float] | None:
    """Part the classes where their spread within is least; None when they are one.

    Returns
    -------
    tuple
        Power with the bed off and of the bed [W], and its share of the time.

    References
    ----------
    .. [1] N. Otsu, A threshold selection method from gray-level histograms, IEEE
       Transactions on Systems, Man and Cybernetics 9 (1), 1979.
    """
    if readings.close_s < LEAST_MINUTES * 60:
        return None
    table = sorted(readings.classes.items())
    total_s = sum(s for _, s in table)
    total = sum((number + 0.5) * CLASS_W * s for number, s in table)
    best, found = 0.0, None
    low_s = low = 0.0
    for number, s in table[:-1]:
        low_s += s
        low += (number + 0.5) * CLASS_W * s
        high_s = total_s - low_s
        base_w, high_w = low / low_s, (total - low) / high_s
        between = low_s * high_s * (high_w - base_w) ** 2
        if between > best:
            best, found = between, (base_w, high_w - base_w, high_s / total_s)
    if found is None or found[1] < LEAST_BED_W or not 0.01 < found[2] < 0.99:
        return None
    return found
