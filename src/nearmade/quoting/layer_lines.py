"""The lines of one layer by kind, with the speeds that cooling leaves them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from manifold3d import CrossSection
from numpy.typing import NDArray

from nearmade.quoting.gyroid import Gyroid
from nearmade.quoting.layers import Layer, Stack, opened
from nearmade.quoting.print_settings import PrintSettings
from nearmade.quoting.toolpaths import Paths, loops, perimeter_mm, zigzag

Array = NDArray[np.float64]

#: Outlines up to a circle of 6.5 mm radius are small (PrusaSlicer). [mm]
SMALL_MM = 2 * math.pi * 6.5
#: Directions in one layer of patterns made of straight lines; others count as two.
DIRECTIONS = {
    "rectilinear": 1,
    "alignedrectilinear": 1,
    "monotonic": 1,
    "line": 1,
    "grid": 2,
    "triangles": 3,
    "stars": 3,
    "cubic": 3,
}
#: The least line, in nozzles, decides where two walls give way to three lines and three
#: to four (PrusaSlicer 2.5). Walls thinner than the last are left out. [mm]
LEAST_LINE_NOZZLES, LEAST_MM = 0.85, 0.1
#: Areas and widths below which nothing is drawn. [mm2] [mm]
NOTHING_MM2, SLIVER_MM = 0.05, 0.05
#: Paths that sparse infill begins, for each of its outlines and each mm of its edge,
#: grid and gyroid alike. Fitted likewise. [1] [1/mm]
STARTS_PER_OUTLINE, STARTS_PER_EDGE_MM = 0.67, 0.0095


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """Lines of one kind in one layer.

    Parameters
    ----------
    name
        Such as ``outer``.
    paths
        The moves.
    speeds
        Asked for, one for each move. [mm/s]
    acceleration
        Asked for. [mm/s2]
    mm2
        Cross-section of the line. [mm2]
    cooled
        0 never slowed for cooling, 1 slowed last, 2 slowed first.
    """

    name: str
    paths: Paths
    speeds: Array
    acceleration: float
    mm2: float
    cooled: int

    def seconds(self, most: float = math.inf) -> float:
        """Give the time without ramps, no line faster than ``most``. [s]"""
        steps = self.paths.steps_mm
        lengths = np.hypot(steps[:, 0], steps[:, 1])
        return float((lengths / np.minimum(self.speeds, most)).sum())


@dataclass(frozen=True, slots=True, eq=False)
class LayerLines:
    """Everything drawn in one layer.

    Parameters
    ----------
    kinds
        Lines whose moves are known.
    walled_mm3, filled_mm3
        Filament of walls, and of solid infill of all kinds. [mm3]
    sparse_mm, sparse_edge_mm
        Curves of sparse infill whose moves are not drawn, and its edge. [mm]
    extra_outer_mm, extra_inner_mm
        Single lines where walls of both sides are too near for loops, less the loops
        that one line stands for. [mm]
    sparse_starts
        Paths of sparse infill, as counted on average.
    thin_pieces
        Single lines between walls of both sides, each a path of its own.
    size_mm
        Side of a square as large as the box around the layer. [mm]
    """

    kinds: tuple[Kind, ...]
    walled_mm3: float
    filled_mm3: float
    bridged_mm3: float
    sparse_mm: float
    sparse_edge_mm: float
    sparse_speed: float
    sparse_starts: float
    extra_outer_mm: float
    extra_inner_mm: float
    thin_pieces: int
    size_mm: float


def lines_of(layer: Layer, stack: Stack, curve: Gyroid | None) -> LayerLines:
    """Draw the lines of a layer.

    Parameters
    ----------
    layer
        Divided by kinds.
    stack
        That it was taken from.
    curve
        Of gyroid infill; None where the pattern is of straight lines.
    """
    settings = stack.settings
    first = layer.index == 0
    height_mm = settings.lines.first_layer_mm if first else settings.lines.layer_mm
    walls = _walls(layer, stack, height_mm)
    fills, filled_mm3, bridged_mm3 = _fills(layer, stack, height_mm)
    sparse, drawn_mm, edge_mm = _sparse(layer, stack, curve, height_mm)
    spacing_mm = stack.line_mm(layer.index, settings.lines.sparse_mm)[1]
    extra_outer_mm, extra_inner_mm, pieces = _single_lines(layer, stack)
    kinds = tuple(
        _on_first_layer(kind, settings) if first else kind
        for kind in (*walls, *fills, *sparse)
        if len(kind.paths.steps_mm)
    )
    return LayerLines(
        kinds=kinds,
        walled_mm3=layer.walled_mm2 * height_mm,
        filled_mm3=filled_mm3,
        bridged_mm3=bridged_mm3,
        sparse_mm=drawn_mm,
        sparse_edge_mm=edge_mm,
        sparse_speed=most_speed(
            settings, settings.speeds.sparse, spacing_mm * height_mm
        ),
        sparse_starts=_sparse_starts(layer, edge_mm),
        extra_outer_mm=extra_outer_mm,
        extra_inner_mm=extra_inner_mm,
        thin_pieces=pieces,
        size_mm=_size_mm(layer.slice),
    )


def _sparse_starts(layer: Layer, edge_mm: float) -> float:
    if edge_mm <= 0:
        return 0.0
    outlines: int = layer.sparse.num_contour()
    return STARTS_PER_OUTLINE * outlines + STARTS_PER_EDGE_MM * edge_mm


def most_speed(settings: PrintSettings, speed: float, mm2: float) -> float:
    """Hold a speed against the flow that may be melted. [mm/s]

    Parameters
    ----------
    settings
        With the most filament a second.
    speed
        Asked for. [mm/s]
    mm2
        Cross-section of the line. [mm2]
    """
    flow = settings.speeds.flow_mm3_s
    return min(speed, flow / mm2) if flow > 0 else speed


def acceleration_of(settings: PrintSettings, place: int, *, first: bool) -> float:
    """Give what is asked for a kind of line, as far as the machine allows. [mm/s2]

    Parameters
    ----------
    settings
        With both.
    place
        Of the kind in ``Motion.accelerations``.
    first
        Whether this is the first layer.
    """
    asked = settings.motion.accelerations
    if first and asked[4]:
        place = 4
    wanted = asked[place] or asked[0]
    limit = settings.motion.extruding_acceleration
    return min(wanted, limit) if wanted else limit


def _on_first_layer(kind: Kind, settings: PrintSettings) -> Kind:
    return replace(kind, speeds=np.minimum(kind.speeds, settings.speeds.first))


def _walls(layer: Layer, stack: Stack, height_mm: float) -> list[Kind]:
    settings, first = stack.settings, layer.index == 0
    width_mm, outer_mm = stack.line_mm(layer.index, settings.lines.outer_mm)
    _, inner_mm = stack.line_mm(layer.index, settings.lines.inner_mm)
    kinds = []
    for number in range(settings.shells.perimeters):
        outermost = number == 0
        inset_mm = width_mm / 2
        if not outermost:
            inset_mm += (outer_mm + inner_mm) / 2 + (number - 1) * inner_mm
        paths = loops(layer.slice, inset_mm)
        speed = settings.speeds.outer if outermost else settings.speeds.inner
        mm2 = (outer_mm if outermost else inner_mm) * height_mm
        speeds = np.where(paths.sizes_mm <= SMALL_MM, settings.speeds.small, speed)
        kinds.append(
            Kind(
                "outer" if outermost else "inner",
                paths,
                np.minimum(speeds, most_speed(settings, math.inf, mm2)),
                acceleration_of(settings, 1, first=first),
                mm2,
                1 if outermost else 2,
            )
        )
    return kinds


def _fills(
    layer: Layer, stack: Stack, height_mm: float
) -> tuple[list[Kind], float, float]:
    """Give solid infill by kind, its filament, and that of bridges. [mm3]"""
    settings, first = stack.settings, layer.index == 0
    lines, speeds = settings.lines, settings.speeds
    angle_rad = math.pi / 4 * (1 if layer.index % 2 else 3)
    kinds = []
    bridges = layer.bottom + layer.bridge
    for name, region, width_mm, speed, place in (
        ("solid", layer.solid, lines.solid_mm, speeds.solid, 2),
        ("top", layer.top, lines.top_mm, speeds.top, 2),
        ("bridge", bridges, lines.solid_mm, speeds.bridge, 3),
    ):
        spacing_mm = stack.line_mm(layer.index, width_mm)[1]
        mm2 = spacing_mm * height_mm
        paths = zigzag(region, spacing_mm, angle_rad)
        flat = np.full(len(paths.steps_mm), most_speed(settings, speed, mm2))
        acceleration = acceleration_of(settings, place, first=first)
        cooled = 0 if name == "bridge" else 2
        kinds.append(Kind(name, paths, flat, acceleration, mm2, cooled))
    filled_mm3 = (layer.solid.area() + layer.top.area()) * height_mm
    return kinds, filled_mm3, bridges.area() * height_mm


def _sparse(
    layer: Layer, stack: Stack, curve: Gyroid | None, height_mm: float
) -> tuple[list[Kind], float, float]:
    """Give straight sparse lines, or the length of curves, and the edge. [mm]"""
    settings, fraction = stack.settings, stack.settings.shells.infill_fraction
    if layer.sparse.is_empty() or not fraction > 0:
        return [], 0.0, 0.0
    edge_mm = perimeter_mm(layer.sparse)
    if curve is not None:
        return [], layer.sparse.area() / curve.waves_mm * curve.stretch, edge_mm
    width_mm, first = settings.lines.sparse_mm, layer.index == 0
    spacing_mm = stack.line_mm(layer.index, width_mm)[1]
    mm2 = spacing_mm * height_mm
    directions = DIRECTIONS.get(settings.shells.infill_pattern, 2)
    kinds = []
    for number in range(directions):
        angle_rad = math.pi / 4 + math.pi * number / directions
        if directions == 1 and layer.index % 2:
            angle_rad += math.pi / 2
        # Turns at the edge are counted with it, for all patterns alike.
        paths = zigzag(
            layer.sparse,
            directions * spacing_mm / fraction,
            angle_rad,
            trim_mm=spacing_mm / 2,
            join_mm=0.0,
        )
        speed = most_speed(settings, settings.speeds.sparse, mm2)
        kinds.append(
            Kind(
                "sparse",
                paths,
                np.full(len(paths.steps_mm), speed),
                acceleration_of(settings, 2, first=first),
                mm2,
                2,
            )
        )
    return kinds, 0.0, edge_mm


def _size_mm(cut: CrossSection) -> float:
    if cut.is_empty():
        return 0.0
    left, front, right, back = cut.bounds()
    return math.sqrt(max(right - left, 0.0) * max(back - front, 0.0))


def _single_lines(layer: Layer, stack: Stack) -> tuple[float, float, int]:
    """Give what single lines add to outer and inner loops, or take away, and pieces.

    Between the widths at which the slicer puts one line in the middle, loops drawn from
    both sides count twice, or are not there yet. Each such line is a path of its own.

    References
    ----------
    .. [1] PrusaSlicer 2.5, ``WallToolPaths.cpp``: thresholds of the middle line.
    """
    if layer.thin.is_empty():
        return 0.0, 0.0, 0
    lines = stack.settings.lines
    width_mm, spacing_mm = stack.line_mm(layer.index, lines.outer_mm)
    edge_mm = width_mm - spacing_mm
    least_mm = LEAST_LINE_NOZZLES * stack.settings.nozzle_mm
    add = min(max(least_mm / lines.inner_mm, 0.01), 0.99)
    split = min(max(2 * least_mm / lines.outer_mm - 1, 0.01), 0.99)
    extra, pieces = [0.0, 0.0], 0
    for number in range(stack.settings.shells.perimeters):
        add_mm = (2 * number + add) * spacing_mm + edge_mm
        low_mm = add_mm if number else LEAST_MM
        middle_mm = width_mm + 2 * number * spacing_mm
        high_mm = (2 * number + 1 + split) * spacing_mm + edge_mm
        low, high = opened(layer.thin, low_mm / 2), opened(layer.thin, high_mm / 2)
        from_low, from_high = float(low.area()), float(high.area())
        if from_low - from_high <= NOTHING_MM2:
            continue
        from_middle = float(opened(layer.thin, middle_mm / 2).area())
        lacking_mm = (from_low - from_middle) / ((low_mm + middle_mm) / 2)
        twice_mm = (from_middle - from_high) / ((middle_mm + high_mm) / 2)
        extra[min(number, 1)] += lacking_mm - twice_mm
        pieces += opened(low - high, SLIVER_MM).num_contour()
    return extra[0], extra[1], pieces
