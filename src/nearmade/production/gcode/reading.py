"""A machine's state while G-code is read: where the nozzle is and how hot."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

from nearmade.production.gcode.arcs import centre_by_radius, trace
from nearmade.production.gcode.limits import GateLimits
from nearmade.production.gcode.words import Command

#: Speed before the file names one: 1500 mm/min, Marlin's start-up feed rate. [mm/s]
FIRST_FEED_MM_S = 25.0

#: A file that breaks more rules than this is not read into more reasons.
MOST_REASONS = 100

#: Extruding at a height this far from the last one begins a layer. [mm]
LAYER_STEP_MM = 0.03

AXES = "XYZ"


@dataclass(frozen=True, slots=True)
class GateReason:
    """Why a line was refused.

    Parameters
    ----------
    line
        Counted from 1; 0 for the file as a whole.
    rule
        Stable word, such as ``out-of-bounds``.
    message
        The rule, the value and the limit in words.
    """

    line: int
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Layer:
    """Where a layer begins.

    Parameters
    ----------
    line
        First line that extrudes in it.
    start_s
        Moving time before it, without accelerations. [s]
    z_mm
        Height of the nozzle. [mm]
    """

    line: int
    start_s: float
    z_mm: float


@dataclass(frozen=True, slots=True)
class HeatStep:
    """A set-point.

    Parameters
    ----------
    start_s
        Moving time before it. [s]
    heater
        ``nozzle`` or ``bed``.
    degc
        The set-point; zero is off. [degC]
    """

    start_s: float
    heater: str
    degc: float


@dataclass(frozen=True, slots=True)
class FanStep:
    """A speed of the part-cooling fan.

    Parameters
    ----------
    start_s
        Moving time before it. [s]
    fraction
        Of full speed, 0..1.
    """

    start_s: float
    fraction: float


class Reading:
    """State of one machine while one file is read against its limits.

    Positions are the machine's own, in mm; None where nothing has placed an axis yet.
    """

    def __init__(self, limits: GateLimits) -> None:
        self.limits = limits
        self.reasons: list[GateReason] = []
        self.refused = False
        self.line = 0
        self.position: list[float | None] = [None, None, None]
        self.offset = [0.0, 0.0, 0.0]
        self.homed = [False, False, False]
        self.all_homed = False
        self.reached_low = [inf, inf, inf]
        self.reached_high = [-inf, -inf, -inf]
        self.e_mm = 0.0
        self.unit_mm = 1.0
        self.relative = False
        self.e_relative: bool | None = None
        self.feed_mm_s = FIRST_FEED_MM_S
        self.speed_fraction = 1.0
        self.flow_fraction = 1.0
        self.nozzle_degc = 0.0
        self.bed_degc = 0.0
        self.may_extrude = False
        self.max_nozzle_degc = 0.0
        self.max_bed_degc = 0.0
        self.pushed_mm = 0.0
        self.filament_mm = 0.0
        self.time_s = 0.0
        self.dwell_s = 0.0
        self.layer_z_mm = -inf
        self.layers: list[Layer] = []
        self.heats: list[HeatStep] = []
        self.fans: list[FanStep] = []

    def refuse(self, rule: str, message: str) -> None:
        """Note a reason at the current line."""
        self.refused = True
        if len(self.reasons) < MOST_REASONS:
            self.reasons.append(GateReason(self.line, rule, message))

    def move(
        self,
        x: float | None,
        y: float | None,
        z: float | None,
        e: float | None,
        feed: float | None,
    ) -> None:
        """Go along a straight line, words as in the file, and push filament."""
        if feed is not None:
            self.set_feed(feed)
        position = self.position
        from_x, from_y, from_z = position
        if x is not None:
            position[0] = self._place(0, x)
        if y is not None:
            position[1] = self._place(1, y)
        if z is not None:
            position[2] = self._place(2, z)
        to_x, to_y, to_z = position
        length = 0.0
        if from_x is not None and to_x is not None:
            length = (to_x - from_x) ** 2
        if from_y is not None and to_y is not None:
            length += (to_y - from_y) ** 2
        flat = sqrt(length)
        if z is not None and from_z is not None and to_z is not None:
            length = sqrt(length + (to_z - from_z) ** 2)
        else:
            length = flat
        self._spend(length, flat, e)

    def arc(self, command: Command, *, clockwise: bool) -> None:
        """Go along an arc in the plane of the bed, and up or down with it."""
        number = command.number
        feed = number("F")
        if feed is not None:
            self.set_feed(feed)
        from_x, from_y = self.position[0], self.position[1]
        for axis, letter in enumerate(AXES):
            word = number(letter)
            if word is not None:
                self.position[axis] = self._place(axis, word)
        to_x, to_y = self.position[0], self.position[1]
        length = 0.0
        if from_x is None or from_y is None or to_x is None or to_y is None:
            self.refuse("unknown-position", "an arc from or to an unknown place")
        else:
            length = self._trace(
                (from_x, from_y), (to_x, to_y), command, clockwise=clockwise
            )
        self._spend(length, length, number("E"))

    def set_feed(self, feed: float) -> None:
        """Take an F word. [mm/min or inch/min]"""
        self._run_at(feed * self.unit_mm / 60.0, self.speed_fraction)

    def set_speed(self, fraction: float) -> None:
        """Take a speed factor: it also scales the feed that holds already."""
        self._run_at(self.feed_mm_s, fraction)

    def _run_at(self, feed_mm_s: float, fraction: float) -> None:
        if not 0 < feed_mm_s * fraction <= self.limits.max_feed_mm_s:
            self.refuse(
                "feed",
                f"feed {feed_mm_s * fraction:.1f} mm/s; above 0, at most "
                f"{self.limits.max_feed_mm_s:g}",
            )
            return
        self.feed_mm_s, self.speed_fraction = feed_mm_s, fraction

    def _place(self, axis: int, word: float) -> float | None:
        """Give the machine position that a word asks for, within bounds or refused."""
        if not self.all_homed and not self.homed[axis]:
            self.refuse("not-homed", f"{AXES[axis]} moves before it is homed")
        if self.relative:
            before = self.position[axis]
            if before is None:
                self.refuse(
                    "unknown-position",
                    f"{AXES[axis]} moves relative to an unknown place",
                )
                return None
            there = before + word * self.unit_mm
        else:
            there = word * self.unit_mm + self.offset[axis]
        self._reach(axis, there)
        return there

    def _reach(self, axis: int, there: float) -> None:
        """Hold a machine position against the box."""
        if there < self.reached_low[axis]:
            self.reached_low[axis] = there
        if there > self.reached_high[axis]:
            self.reached_high[axis] = there
        limits = self.limits
        if not limits.lower_mm[axis] <= there <= limits.upper_mm[axis]:
            self.refuse(
                "out-of-bounds",
                f"{AXES[axis]} {there:.2f} mm is outside "
                f"{limits.lower_mm[axis]:g} .. {limits.upper_mm[axis]:g}",
            )

    def _trace(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        command: Command,
        *,
        clockwise: bool,
    ) -> float:
        """Hold an arc's extremes against the box and give its length. [mm]"""
        number = command.number
        radius = number("R")
        i, j = number("I"), number("J")
        centre: tuple[float, float] | None = None
        if radius is not None and i is None and j is None:
            centre = centre_by_radius(
                start, end, radius * self.unit_mm, clockwise=clockwise
            )
        elif radius is None and not (i is None and j is None):
            centre = (
                start[0] + (i or 0.0) * self.unit_mm,
                start[1] + (j or 0.0) * self.unit_mm,
            )
        arc = trace(start, end, centre, clockwise=clockwise) if centre else None
        if arc is None:
            self.refuse("arc", "an arc without a centre that fits both of its ends")
            return 0.0
        for axis in (0, 1):
            self._reach(axis, arc.low_mm[axis])
            self._reach(axis, arc.high_mm[axis])
        return arc.length_mm

    def _spend(self, length_mm: float, flat_mm: float, e: float | None) -> None:
        """Add a move's time, and its filament when it has an E word."""
        if e is not None:
            pushed = self._push(e * self.unit_mm, flat_mm)
            if length_mm == 0.0:
                length_mm = abs(pushed)
        self.time_s += length_mm / (self.feed_mm_s * self.speed_fraction)

    def _push(self, e_mm: float, flat_mm: float) -> float:
        """Check and count the filament of a move; gives what is pushed. [mm]"""
        if self.e_relative is None:
            self.refuse("extruder-mode", "E before M82 or M83 has said what it means")
            return 0.0
        if self.e_relative:
            push = e_mm
        else:
            push = e_mm - self.e_mm
            self.e_mm = e_mm
        if not self.may_extrude:
            self.refuse("cold-extrusion", "E before the nozzle was waited for to heat")
        limits = self.limits
        if not abs(push) <= limits.max_extrusion_mm:
            self.refuse("extrusion", f"{push:.1f} mm of filament in one move")
        if push > 0:
            if flat_mm > 0:
                if flat_mm > 0.5 and push > limits.max_extrusion_ratio * flat_mm:
                    self.refuse(
                        "extrusion", f"{push:.2f} mm pushed over {flat_mm:.2f} mm"
                    )
                self._note_layer()
            self.pushed_mm += push * self.flow_fraction
            if self.pushed_mm > self.filament_mm:
                self.filament_mm = self.pushed_mm
        else:
            self.pushed_mm += push * self.flow_fraction
        return push

    def _note_layer(self) -> None:
        """Begin a layer when filament is laid at another height."""
        z = self.position[2]
        if z is None or abs(z - self.layer_z_mm) < LAYER_STEP_MM:
            return
        if len(self.layers) == 1 and z < self.layer_z_mm:
            self.layers.clear()  # what came before was the nozzle's wiping line
        self.layer_z_mm = z
        self.layers.append(Layer(self.line, self.time_s, z))
