"""What is printed around a part on the first layers, and the lines before it."""

from __future__ import annotations

import numpy as np
from manifold3d import CrossSection
from numpy.typing import NDArray

from nearmade.quoting.build_start import skirt_mm
from nearmade.quoting.layer_lines import most_speed
from nearmade.quoting.layers import Stack
from nearmade.quoting.toolpaths import perimeter_mm


def skirt(
    stack: Stack, layer_s: float, foot_mm: NDArray[np.float64] | None = None
) -> tuple[float, float]:
    """Give filament and time of the skirt, with the start's moves. [mm3] [s]

    Parameters
    ----------
    stack
        The part's layers.
    layer_s
        Time of the part's second layer; the skirt beside it is cooled with it. [s]
    foot_mm
        Points that supports reach on the plate, shape (n, 2). [mm]
    """
    settings, lines = stack.settings, stack.settings.lines
    volume_mm3, time_s = 0.0, settings.adhesion.intro_s
    layers = min(settings.adhesion.skirt_layers, stack.count)
    if settings.adhesion.skirts and layers:
        cuts = [stack.slice(index) for index in range(layers)]
        if foot_mm is not None and len(foot_mm) > 2:
            cuts.append(CrossSection.hull_points(foot_mm))
        hull_mm = perimeter_mm(CrossSection.batch_hull(cuts))
        loops_mm = skirt_mm(hull_mm, settings)
        high_mm = lines.first_layer_mm + (layers - 1) * lines.layer_mm
        spacing_mm = lines.spacing_mm(lines.first_mm, lines.first_layer_mm)
        volume_mm3 += loops_mm * spacing_mm * high_mm
        time_s += loops_mm / settings.speeds.first
        left_s = max(settings.speeds.slow_layer_s - layer_s, 1e-9)
        speed = max(settings.speeds.slowest, loops_mm / left_s)
        speed = min(speed, settings.speeds.support)
        speed = most_speed(settings, speed, spacing_mm * lines.layer_mm)
        time_s += (layers - 1) * loops_mm / speed
    return volume_mm3, time_s


def brim(stack: Stack) -> tuple[float, float]:
    """Give filament and time of the brim around one part. [mm3] [s]"""
    settings = stack.settings
    width_mm, lines = settings.adhesion.brim_mm, settings.lines
    if not width_mm > 0:
        return 0.0, 0.0
    foot, first_mm = stack.slice(0), lines.first_layer_mm
    ring_mm2 = foot.offset(width_mm).area() - foot.area()
    spacing_mm = lines.spacing_mm(lines.first_mm, first_mm)
    return ring_mm2 * first_mm, ring_mm2 / spacing_mm / settings.speeds.first
