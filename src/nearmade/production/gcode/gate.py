"""The last check before a printer: may this file be printed within these limits?"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from math import isfinite

from nearmade.production.gcode import commands
from nearmade.production.gcode.limits import GateLimits
from nearmade.production.gcode.reading import (
    AXES,
    FanStep,
    GateReason,
    HeatStep,
    Layer,
    Reading,
)
from nearmade.production.gcode.words import BadLine, code_of, parse

#: What nearly every line of a sliced file looks like.
_NUMBER = r"(-?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9}))"
_PLAIN_MOVE = re.compile(
    rf"G[01](?: X{_NUMBER})?(?: Y{_NUMBER})?(?: Z{_NUMBER})?"
    rf"(?: E{_NUMBER})?(?: F{_NUMBER})?$"
)


@dataclass(frozen=True, slots=True)
class GateReport:
    """What the gate found.

    Parameters
    ----------
    accepted
        True when nothing was refused.
    reasons
        Why not; the first hundred.
    lines
        Lines of the file.
    filament_mm
        Filament pushed in all, retractions not counted twice. [mm]
    max_nozzle_degc, max_bed_degc
        Highest set-points. [degC]
    bounds_mm
        Lowest and highest machine position that was named along x, y and z, zero where
        none was, shape (2, 3). [mm]
    estimated_s
        Moving time without accelerations and heating. [s]
    layers
        Where each layer begins.
    heats
        Every set-point in turn.
    fans
        Every speed of the part-cooling fan in turn.
    """

    accepted: bool
    reasons: tuple[GateReason, ...]
    lines: int
    filament_mm: float
    max_nozzle_degc: float
    max_bed_degc: float
    bounds_mm: tuple[tuple[float, float, float], tuple[float, float, float]]
    estimated_s: float
    layers: tuple[Layer, ...]
    heats: tuple[HeatStep, ...]
    fans: tuple[FanStep, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Give the findings as plain values for JSON, layers by their number only."""
        return {
            "accepted": self.accepted,
            "reasons": [asdict(reason) for reason in self.reasons],
            "lines": self.lines,
            "filament_mm": round(self.filament_mm, 3),
            "max_nozzle_degc": self.max_nozzle_degc,
            "max_bed_degc": self.max_bed_degc,
            "bounds_mm": [[round(side, 3) for side in end] for end in self.bounds_mm],
            "estimated_s": round(self.estimated_s, 1),
            "layers": len(self.layers),
        }


def check_gcode(content: bytes, limits: GateLimits) -> GateReport:
    """Read a file as a machine would and hold every line against the limits.

    Any bytes give a report. What cannot be read in one way only is refused.

    Parameters
    ----------
    content
        The exact file that would go to the printer.
    limits
        Of the job on this machine.
    """
    reading = Reading(limits)
    text = content.decode("latin-1")
    plain_move = _PLAIN_MOVE.match
    move = reading.move
    number = 0
    for number, line in enumerate(text.split("\n"), 1):
        reading.line = number
        plain = plain_move(line)
        if plain is None:
            _read_line(reading, line)
        else:
            x, y, z, e, feed = plain.groups()
            move(
                None if x is None else float(x),
                None if y is None else float(y),
                None if z is None else float(z),
                None if e is None else float(e),
                None if feed is None else float(feed),
            )
    reading.line = 0
    _check_end(reading)
    return _report(reading, number - (not text or text.endswith("\n")))


def _read_line(reading: Reading, line: str) -> None:
    """Read a line that is not a plain move."""
    try:
        code = code_of(line)
        if code and not commands.is_screen_text(code):
            commands.apply(reading, parse(code))
    except BadLine as error:
        reading.refuse("unreadable", str(error))


def _check_end(reading: Reading) -> None:
    """Hold the totals against the limits once the file is read."""
    limits = reading.limits
    if reading.nozzle_degc > 0 or reading.bed_degc > 0:
        reading.refuse(
            "heaters-on",
            f"at the end nozzle {reading.nozzle_degc:g} and bed "
            f"{reading.bed_degc:g} degC; both must be off",
        )
    if not reading.filament_mm <= limits.max_filament_mm:
        reading.refuse(
            "filament",
            f"{reading.filament_mm:.0f} mm of filament; the quote allows "
            f"{limits.max_filament_mm:.0f}",
        )
    if not reading.layers:
        reading.refuse("nothing-made", "the file lays no filament")


def _report(reading: Reading, lines: int) -> GateReport:
    low = [end if isfinite(end) else 0.0 for end in reading.reached_low]
    high = [end if isfinite(end) else 0.0 for end in reading.reached_high]
    assert len(low) == len(AXES)
    return GateReport(
        accepted=not reading.refused,
        reasons=tuple(reading.reasons),
        lines=lines,
        filament_mm=reading.filament_mm,
        max_nozzle_degc=reading.max_nozzle_degc,
        max_bed_degc=reading.max_bed_degc,
        bounds_mm=((low[0], low[1], low[2]), (high[0], high[1], high[2])),
        estimated_s=reading.time_s,
        layers=tuple(reading.layers),
        heats=tuple(reading.heats),
        fans=tuple(reading.fans),
    )
