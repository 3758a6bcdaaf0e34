"""Measure the supports that a slicer wrote, layer by layer, from its G-code."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.quoting.print_settings import PrintSettings

Array = NDArray[np.float64]

BASE, INTERFACE = "Support material", "Support material interface"
HEIGHT, BASE_MM3, INTERFACE_MM3, PLAIN_S, SLOWED_S = range(5)


@dataclass(slots=True)
class _Head:
    """Where the nozzle is and what it draws."""

    x: float = 0.0
    y: float = 0.0
    mm_s: float = 1.0
    role: str = ""


def layer_table(gcode: bytes, settings: PrintSettings) -> Array:
    """Give height, filament of supports by role, and times, one row a layer.

    The times are lengths over speeds, without ramps, as the slicer counts them to cool:
    as if nothing were slowed down, and as written. [mm], [mm3], [mm3], [s], [s]
    """
    speeds = settings.speeds
    nominal = {
        "External perimeter": speeds.outer,
        "Perimeter": speeds.inner,
        "Internal infill": speeds.sparse,
        "Solid infill": speeds.solid,
        "Top solid infill": speeds.top,
        "Gap fill": speeds.gap,
    }
    rows: list[list[float]] = [[0.0] * 5]
    head = _Head()
    for line in gcode.decode().splitlines():
        if line.startswith("G1 "):
            _move(line, head, rows[-1], settings, nominal if len(rows) > 2 else {})
        elif line.startswith(";LAYER_CHANGE"):
            rows.append([0.0] * 5)
        elif line.startswith(";Z:"):
            rows[-1][HEIGHT] = float(line[3:])
        elif line.startswith(";TYPE:"):
            head.role = line[6:].strip()
    return np.array(rows[1:])


def _move(
    line: str,
    head: _Head,
    row: list[float],
    settings: PrintSettings,
    nominal: dict[str, float],
) -> None:
    """Add one move to its layer; the first layer and supports have no other speed."""
    x, y, fed = head.x, head.y, 0.0
    for word in line.split(";", 1)[0].split()[1:]:
        value = float(word[1:])
        if word[0] == "X":
            x = value
        elif word[0] == "Y":
            y = value
        elif word[0] == "E":
            fed = value
        elif word[0] == "F":
            head.mm_s = value / 60
    length = math.hypot(x - head.x, y - head.y)
    head.x, head.y = x, y
    if length == 0:
        row[PLAIN_S] += abs(fed) / head.mm_s
        row[SLOWED_S] += abs(fed) / head.mm_s
        return
    plain = head.mm_s
    if fed > 0:
        filament_mm3 = fed * settings.filament_mm2
        plain = nominal.get(head.role, head.mm_s)
        if settings.speeds.flow_mm3_s > 0:
            plain = min(plain, settings.speeds.flow_mm3_s * length / filament_mm3)
        plain = max(plain, head.mm_s)
        if head.role == BASE:
            row[BASE_MM3] += filament_mm3
        elif head.role == INTERFACE:
            row[INTERFACE_MM3] += filament_mm3
    row[PLAIN_S] += length / plain
    row[SLOWED_S] += length / head.mm_s
