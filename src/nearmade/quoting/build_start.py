"""What a slicer counts once for a build, whatever lies on the bed."""

from __future__ import annotations

import math

from nearmade.quoting.layer_lines import most_speed
from nearmade.quoting.print_settings import Lines, PrintSettings


def start_of(hull_mm: float, settings: PrintSettings) -> tuple[float, float]:
    """Give what a slicer counts once for a build: the skirt, and the start's moves.

    The intro line's filament is not among a slicer's figures, its time is.

    Parameters
    ----------
    hull_mm
        Length of the convex hull around all parts. [mm]
    settings
        What the slicer is told.

    Returns
    -------
    Filament and time. [mm3] [s]
    """
    adhesion, lines = settings.adhesion, settings.lines
    loops_mm, time_s = skirt_mm(hull_mm, settings), adhesion.intro_s
    if not loops_mm:
        return 0.0, time_s
    spacing_mm = Lines.spacing_mm(lines.first_mm, lines.first_layer_mm)
    line_mm2 = spacing_mm * lines.first_layer_mm
    above = adhesion.skirt_layers - 1
    volume_mm3 = loops_mm * (line_mm2 + above * spacing_mm * lines.layer_mm)
    rest = most_speed(settings, settings.speeds.support, spacing_mm * lines.layer_mm)
    time_s += loops_mm / settings.speeds.first + above * loops_mm / rest
    return volume_mm3, time_s


def skirt_mm(hull_mm: float, settings: PrintSettings) -> float:
    """Give the length of a skirt's loops on one layer, zero where it has none. [mm]

    Parameters
    ----------
    hull_mm
        Length of the convex hull around all parts. [mm]
    settings
        What the slicer is told.
    """
    adhesion, lines = settings.adhesion, settings.lines
    if not (adhesion.skirts and adhesion.skirt_layers):
        return 0.0
    spacing_mm = Lines.spacing_mm(lines.first_mm, lines.first_layer_mm)
    line_mm2 = spacing_mm * lines.first_layer_mm
    least_mm = adhesion.skirt_least_mm * settings.filament_mm2 / line_mm2
    loops, length_mm = 0, 0.0
    # Loops are added until the first layer has its least length.
    while loops < adhesion.skirts or length_mm < least_mm:
        away_mm = adhesion.skirt_gap_mm + (loops + 0.5) * spacing_mm
        length_mm += hull_mm + 2 * math.pi * away_mm
        loops += 1
    return length_mm
