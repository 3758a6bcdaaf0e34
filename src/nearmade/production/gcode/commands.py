"""The commands that are let through, and what each does to a machine's state."""

from __future__ import annotations

import re
from collections.abc import Callable

from nearmade.production.gcode.reading import AXES, FanStep, HeatStep, Reading
from nearmade.production.gcode.words import Command

Effect = Callable[[Reading, Command], None]

_MILLISECOND = 0.001


def _nothing(_reading: Reading, _command: Command) -> None:
    """Pass a command that changes nothing the gate watches."""


def _straight(reading: Reading, command: Command) -> None:
    word = command.number
    reading.move(word("X"), word("Y"), word("Z"), word("E"), word("F"))


def _clockwise(reading: Reading, command: Command) -> None:
    reading.arc(command, clockwise=True)


def _counter_clockwise(reading: Reading, command: Command) -> None:
    reading.arc(command, clockwise=False)


def _dwell(reading: Reading, command: Command) -> None:
    milliseconds, seconds = command.number("P") or 0.0, command.number("S") or 0.0
    # Firmwares differ in which of the two wins: count the longer.
    pause_s = max(milliseconds * _MILLISECOND, seconds)
    limits = reading.limits
    reading.dwell_s += pause_s
    if not (milliseconds >= 0 and 0 <= pause_s <= limits.max_dwell_s):
        reading.refuse(
            "dwell", f"pause of {pause_s:g} s; at most {limits.max_dwell_s:g}"
        )
        return
    if reading.dwell_s > limits.max_dwell_total_s:
        reading.refuse("dwell", f"pauses add up to {reading.dwell_s:g} s")
    reading.time_s += pause_s


def _firmware_retraction(reading: Reading, _command: Command) -> None:
    if not reading.may_extrude:
        reading.refuse("cold-extrusion", "retraction before the nozzle is hot")


def _inches(reading: Reading, _command: Command) -> None:
    reading.unit_mm = 25.4


def _millimetres(reading: Reading, _command: Command) -> None:
    reading.unit_mm = 1.0


def _home(reading: Reading, command: Command) -> None:
    named = [letter in command.words for letter in AXES]
    for axis in range(3):
        if named[axis] or not any(named):
            reading.homed[axis] = True
            reading.position[axis] = None
            reading.offset[axis] = 0.0
    reading.all_homed = all(reading.homed)


def _level(reading: Reading, _command: Command) -> None:
    """Probe the bed: the nozzle ends wherever the firmware leaves it."""
    if not reading.all_homed:
        reading.refuse("not-homed", "bed levelling before homing")
    reading.position = [None, None, None]


def _absolute(reading: Reading, _command: Command) -> None:
    reading.relative = False
    # Marlin 2 makes E absolute too, Klipper and RepRapFirmware do not.
    if reading.e_relative is not False:
        reading.e_relative = None


def _relative(reading: Reading, _command: Command) -> None:
    reading.relative = True
    if reading.e_relative is not True:
        reading.e_relative = None


def _e_absolute(reading: Reading, _command: Command) -> None:
    # Klipper keeps E relative while G91 holds: then nobody knows.
    reading.e_relative = None if reading.relative else False


def _e_relative(reading: Reading, _command: Command) -> None:
    reading.e_relative = True


def _set_position(reading: Reading, command: Command) -> None:
    """``G92``: what the file calls a place changes, the place does not."""
    words = command.words or dict.fromkeys("XYZE", 0.0)
    for letter, value in words.items():
        word = value or 0.0
        if letter == "E":
            reading.e_mm = word * reading.unit_mm
            continue
        axis = AXES.index(letter)
        there = reading.position[axis]
        if there is None:
            reading.refuse("unknown-position", f"G92 {letter} at an unknown place")
        else:
            reading.offset[axis] = there - word * reading.unit_mm


def _motors_off(reading: Reading, command: Command) -> None:
    """Motors that are off may be pushed: the axes must be homed again."""
    for axis, letter in enumerate(AXES):
        if not command.words or letter in command.words:
            reading.homed[axis] = False
            reading.position[axis] = None
    reading.all_homed = all(reading.homed)


def _set_points(reading: Reading, command: Command, highest: float, name: str) -> float:
    """Check S and R of a heater command; gives the higher. [degC]"""
    asked = [command.number(letter) for letter in "SR" if letter in command.words]
    numbers = [degc for degc in asked if degc is not None]
    if not numbers or len(numbers) != len(asked):
        reading.refuse("temperature", f"{command.name} names no temperature")
        return 0.0
    degc = max(numbers)
    if not (min(numbers) >= 0 and degc <= highest):
        reading.refuse(
            "temperature", f"{name} {degc:g} degC; 0 to {highest:g} for this job"
        )
    reading.heats.append(HeatStep(reading.time_s, name, degc))
    return degc


def _heat_nozzle(reading: Reading, command: Command) -> None:
    degc = _set_points(reading, command, reading.limits.max_nozzle_degc, "nozzle")
    if command.number("T"):
        reading.refuse("tool", "a second nozzle; this gate knows one")
    reading.nozzle_degc = degc
    reading.max_nozzle_degc = max(reading.max_nozzle_degc, degc)
    warm = degc >= reading.limits.min_extrusion_degc
    if not warm or command.name == "M109":
        reading.may_extrude = warm


def _heat_bed(reading: Reading, command: Command) -> None:
    degc = _set_points(reading, command, reading.limits.max_bed_degc, "bed")
    reading.bed_degc = degc
    reading.max_bed_degc = max(reading.max_bed_degc, degc)


def _fraction(reading: Reading, command: Command) -> float | None:
    percent = command.number("S")
    limits = reading.limits
    low, high = limits.min_flow_fraction, limits.max_flow_fraction
    if percent is None or not low <= percent / 100 <= high:
        reading.refuse(
            "factor", f"{command.name} S{percent}; {100 * low:g} to {100 * high:g} %"
        )
        return None
    return percent / 100


def _speed(reading: Reading, command: Command) -> None:
    reading.set_speed(_fraction(reading, command) or reading.speed_fraction)


def _flow(reading: Reading, command: Command) -> None:
    reading.flow_fraction = _fraction(reading, command) or reading.flow_fraction


def _fan(reading: Reading, command: Command) -> None:
    speed = command.number("S")
    if not 0 <= (speed or 0.0) <= 255:
        reading.refuse("fan", "fan speed must be 0 to 255")
        return
    if not command.number("P"):  # the others cool electronics
        full = 255.0 if speed is None else speed
        reading.fans.append(FanStep(reading.time_s, full / 255.0))


def _fan_off(reading: Reading, command: Command) -> None:
    if not command.number("P"):
        reading.fans.append(FanStep(reading.time_s, 0.0))


def _speeds(reading: Reading, command: Command) -> None:
    for letter, value in command.words.items():
        if not 0 <= (value or 0.0) <= reading.limits.max_feed_mm_s:
            reading.refuse("feed", f"{command.name} {letter}{value} mm/s")


def _accelerations(reading: Reading, command: Command) -> None:
    for letter, value in command.words.items():
        if not 0 <= (value or 0.0) <= reading.limits.max_acceleration_mm_s2:
            reading.refuse("acceleration", f"{command.name} {letter}{value} mm/s2")


#: Letters with a number, letters that stand alone, effect.
ALLOWED: dict[str, tuple[str, str, Effect]] = {
    "G0": ("XYZEF", "", _straight),
    "G1": ("XYZEF", "", _straight),
    "G2": ("XYZEFIJR", "", _clockwise),
    "G3": ("XYZEFIJR", "", _counter_clockwise),
    "G4": ("PS", "", _dwell),
    "G10": ("", "", _firmware_retraction),  # with words it sets tools in some firmwares
    "G11": ("", "", _firmware_retraction),
    "G20": ("", "", _inches),
    "G21": ("", "", _millimetres),
    "G28": ("", "XYZW", _home),
    "G29": ("", "", _level),  # with words it may write the EEPROM
    "G80": ("", "", _level),
    "G90": ("", "", _absolute),
    "G91": ("", "", _relative),
    "G92": ("XYZE", "", _set_position),
    "M17": ("", "XYZE", _nothing),
    "M18": ("", "XYZE", _motors_off),
    "M73": ("PQRSDC", "", _nothing),
    "M82": ("", "", _e_absolute),
    "M83": ("", "", _e_relative),
    "M84": ("", "XYZE", _motors_off),
    "M104": ("SRT", "", _heat_nozzle),
    "M106": ("PS", "", _fan),
    "M107": ("P", "", _fan_off),
    "M109": ("SRT", "", _heat_nozzle),
    "M115": ("", "", _nothing),
    "M140": ("S", "", _heat_bed),
    "M190": ("SR", "", _heat_bed),
    "M201": ("XYZE", "", _accelerations),
    "M203": ("XYZE", "", _speeds),
    "M204": ("PRTS", "", _accelerations),
    "M205": ("XYZEST", "", _speeds),
    "M220": ("S", "", _speed),
    "M221": ("S", "", _flow),
    "M400": ("", "", _nothing),
    "M862.1": ("P", "", _nothing),  # the printer stops when nozzle or model differ
    "M862.2": ("P", "", _nothing),
    "M862.3": ("P", "", _nothing),
    "M900": ("K", "", _nothing),
    "T0": ("", "", _nothing),
}

#: Text on the screen: letters and figures only, since some firmwares expand more.
_SCREEN_TEXT = re.compile(r"M117(?: [A-Z0-9 .:%/_-]{0,80})?$")


def is_screen_text(code: str) -> bool:
    """Tell whether a line only writes plain text on the printer's screen."""
    return _SCREEN_TEXT.match(code) is not None


def apply(reading: Reading, command: Command) -> None:
    """Do what a command does to the state, or refuse it."""
    rule = ALLOWED.get(command.name)
    if rule is None:
        reading.refuse("not-allowed", f"{command.name} is not on the list")
        return
    numbered, bare, effect = rule
    for letter, value in command.words.items():
        if letter not in (bare if value is None else numbered):
            reading.refuse("not-allowed", f"{command.name} with {letter}")
            return
    effect(reading, command)
