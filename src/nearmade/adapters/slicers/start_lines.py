"""What a printer's start-up lines extrude, and how long their moves take."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_BRANCH = re.compile(r"\{(if|elsif|else|endif)\b[^{}]*\}")
_WORD = re.compile(r"([XYZEF])(-?\d*\.?\d+)")


@dataclass(frozen=True, slots=True)
class StartLines:
    """Filament and time of start-up lines.

    Parameters
    ----------
    filament_mm3
        Laid down while moving, such as the intro line. [mm3]
    time_s
        Of all moves at their stated speed; heating and homing are not counted. [s]
    """

    filament_mm3: float
    time_s: float


def count_start_lines(gcode: str, *, filament_mm: float) -> StartLines:
    r"""Count what a start-up text extrudes; of branches the last one stands.

    Parameters
    ----------
    gcode
        Lines joined by a written ``\n``, with PrusaSlicer's ``{if}`` branches.
    filament_mm
        Diameter of the filament. [mm]
    """
    here = dict.fromkeys("XYZE", 0.0)
    relative, speed_mm_s = False, 0.0
    extruded_mm, time_s = 0.0, 0.0
    for line in _chosen(gcode.replace("\\n", "\n")).splitlines():
        code = line.split(";", 1)[0].strip()
        word = code.split(" ", 1)[0]
        found = {axis: float(value) for axis, value in _WORD.findall(code)}
        if word in {"M82", "M83"}:
            relative = word == "M83"
        elif word == "G92":
            here |= found
        elif word in {"G0", "G1"}:
            speed_mm_s = found.pop("F", speed_mm_s * 60) / 60
            target = here | found
            if relative and "E" in found:
                target["E"] = here["E"] + found["E"]
            steps = {axis: target[axis] - here[axis] for axis in here}
            path_mm = math.hypot(*(steps[axis] for axis in "XYZ"))
            time_s += (path_mm or abs(steps["E"])) / speed_mm_s if speed_mm_s else 0.0
            extruded_mm += max(0.0, steps["E"]) if path_mm else 0.0
            here = target
    return StartLines(extruded_mm * math.pi * filament_mm**2 / 4, time_s)


def _chosen(gcode: str) -> str:
    """Keep the text outside branches and that of each ``else``."""
    kept, depth_kept, at = [], [True], 0
    for mark in _BRANCH.finditer(gcode):
        if all(depth_kept):
            kept.append(gcode[at : mark.start()])
        at = mark.end()
        if mark[1] == "if":
            depth_kept.append(False)
        elif mark[1] == "endif":
            depth_kept = depth_kept[:-1] or [True]
        else:
            depth_kept[-1] = mark[1] == "else"
    if all(depth_kept):
        kept.append(gcode[at:])
    return "".join(kept)
