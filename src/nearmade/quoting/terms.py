"""What a build takes, part by part of the work, before any coefficient.

A print's filament and time are sums over kinds of lines. Level 1 draws these lines for
some layers and counts; what it counts are the terms here. Coefficients near one, fitted
on sliced parts, make figures of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from manifold3d import CrossSection
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.quoting.cooling import Caps, slowest_speeds
from nearmade.quoting.gyroid import Gyroid, gyroid
from nearmade.quoting.kinematics import Moves, durations_s, ramp_s
from nearmade.quoting.layer_lines import STARTS_PER_EDGE_MM, LayerLines, lines_of
from nearmade.quoting.layers import Stack
from nearmade.quoting.print_settings import PrintSettings
from nearmade.quoting.sampling import choose, outlines
from nearmade.quoting.toolpaths import perimeter_mm

Array = NDArray[np.float64]

#: Filament by kind: walls, solid infill, bridges, sparse infill, its turns at the edge,
#: skirt and brim. [mm3]
VOLUMES: Final = ("walls", "solid", "bridges", "sparse", "edge", "skirt")
#: Time by kind; starts are what every new path costs, travels the ways between. [s]
TIMES: Final = (
    "outer", "inner", "solid", "bridge", "sparse", "edge", "wall_starts",
    "fill_starts", "thin_starts", "travels", "layers", "skirt",
)  # fmt: skip
#: A way between paths, in sides of the box around a layer. Fitted with sliced meshes.
WAY_FRACTION = 0.15
#: Layers looked at.
SAMPLES = 24


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one part.

    Parameters
    ----------
    volumes_mm3
        One for each of ``VOLUMES``. [mm3]
    times_s
        One for each of ``TIMES``. [s]
    """

    volumes_mm3: tuple[float, ...]
    times_s: tuple[float, ...]


def count_terms(mesh: Mesh, settings: PrintSettings, most: int = SAMPLES) -> Terms:
    """Draw the lines of some layers and count for all.

    Parameters
    ----------
    mesh
        A closed solid as it will be printed.
    settings
        What the slicer is told.
    most
        Layers to look at, at most.

    Raises
    ------
    InvalidInput
        When the mesh is no closed solid.
    """
    stack = Stack(mesh, settings)
    below, above = stack.reach
    sample = choose(
        outlines(stack.mesh, stack.edges_mm, stack.middles_mm), (above, below), most
    )
    curve = _curve(settings)
    drawn = [lines_of(stack.layer(int(i)), stack, curve) for i in sample.indices]
    rows = _layer_times(drawn, settings, curve)
    walls, inside = sample.outline_ratio, sample.inside_ratio
    ratios = np.array([walls, walls, *[inside] * 4, walls, inside, walls, 1, 1, 1])
    times = sample.weights @ rows * ratios
    filled = np.array([_layer_volumes(one, settings) for one in drawn])
    volumes = sample.weights @ filled * np.array([walls, *[inside] * 4, 1])
    volumes[-1], times[-1] = _skirt(stack, float(rows[min(1, len(rows) - 1)].sum()))
    return Terms(tuple(volumes.tolist()), tuple(times.tolist()))


def _curve(settings: PrintSettings) -> Gyroid | None:
    shells = settings.shells
    if shells.infill_pattern != "gyroid" or not shells.infill_fraction > 0:
        return None
    return _known_curve(settings)


@lru_cache(maxsize=256)
def _known_curve(settings: PrintSettings) -> Gyroid:
    lines, motion = settings.lines, settings.motion
    return gyroid(
        lines.spacing_mm(lines.sparse_mm, lines.layer_mm),
        settings.shells.infill_fraction,
        settings.speeds.sparse,
        motion.accelerations[2] or motion.accelerations[0] or 1000.0,
        motion,
    )


def _layer_volumes(one: LayerLines, settings: PrintSettings) -> tuple[float, ...]:
    lines = settings.lines
    mm2 = lines.spacing_mm(lines.sparse_mm, lines.layer_mm) * lines.layer_mm
    drawn_mm3 = sum(
        kind.paths.length_mm * kind.mm2 for kind in one.kinds if kind.name == "sparse"
    )
    return (
        one.walled_mm3,
        one.filled_mm3,
        one.bridged_mm3,
        one.sparse_mm * mm2 + drawn_mm3,
        one.sparse_edge_mm * mm2,
        0.0,
    )


def _layer_times(
    drawn: list[LayerLines], settings: PrintSettings, curve: Gyroid | None
) -> Array:
    """Give the time terms of each layer drawn, shape (layers, terms). [s]"""
    start_s = _start_s(settings)
    caps = [slowest_speeds(one, settings, _starts(one) * start_s) for one in drawn]
    by_kind = _drawn_times(drawn, caps, settings)
    rows = np.zeros((len(drawn), len(TIMES)))
    motion = settings.motion
    travel = (
        settings.speeds.travel,
        min(motion.travel_acceleration, *motion.most_accelerations[:2]),
    )
    for row, one, cap in zip(range(len(drawn)), drawn, caps, strict=True):
        found = by_kind[row]
        walls = sum(kind.paths.count for kind in one.kinds if kind.name == "outer")
        fills = sum(
            kind.paths.count
            for kind in one.kinds
            if kind.name in {"solid", "top", "bridge"}
        )
        pace = curve.pace_s_mm if curve else 1 / settings.speeds.sparse
        pace = max(pace, 1.03 / cap.others)
        inner = min(settings.speeds.inner, cap.others)
        outer = min(settings.speeds.outer, cap.outer)
        starts = _starts(one)
        rows[row] = (
            max(0.0, found["outer"] + one.extra_outer_mm / outer),
            max(0.0, found["inner"] + one.extra_inner_mm / inner),
            found["solid"] + found["top"],
            found["bridge"],
            found["sparse"] + one.sparse_mm * pace,
            one.sparse_edge_mm * pace,
            walls * start_s,
            (fills + STARTS_PER_EDGE_MM * one.sparse_edge_mm) * start_s,
            one.thin_pieces * start_s,
            starts * ramp_s(WAY_FRACTION * one.size_mm, *travel),
            start_s,
            0.0,
        )
    return rows


def _starts(one: LayerLines) -> float:
    counted = {"outer", "solid", "top", "bridge"}
    paths = sum(kind.paths.count for kind in one.kinds if kind.name in counted)
    return paths + STARTS_PER_EDGE_MM * one.sparse_edge_mm


KINDS = ("outer", "inner", "solid", "top", "bridge", "sparse")


def _drawn_times(
    drawn: list[LayerLines], caps: list[Caps], settings: PrintSettings
) -> list[dict[str, float]]:
    """Plan all lines of all layers at once and sum by layer and kind. [s]"""
    steps, speeds, accelerations, starts, places = [], [], [], [], []
    for row, (one, cap) in enumerate(zip(drawn, caps, strict=True)):
        for kind in one.kinds:
            paths = kind.paths
            count = len(paths.steps_mm)
            lengths = np.hypot(paths.steps_mm[:, 0], paths.steps_mm[:, 1])
            fed = lengths * (kind.mm2 / settings.filament_mm2)
            steps.append(np.column_stack([paths.steps_mm, fed]))
            speeds.append(np.minimum(kind.speeds, cap.of(kind.cooled)))
            accelerations.append(np.full(count, kind.acceleration))
            starts.append(paths.starts)
            places.append(np.full(count, row * len(KINDS) + KINDS.index(kind.name)))
    sums = np.zeros(len(drawn) * len(KINDS))
    if steps:
        moves = Moves(
            np.concatenate(steps),
            np.concatenate(speeds),
            np.concatenate(accelerations),
            np.concatenate(starts),
        )
        times = durations_s(moves, settings.motion)
        sums += np.bincount(np.concatenate(places), weights=times, minlength=len(sums))
    table = sums.reshape(len(drawn), len(KINDS))
    return [dict(zip(KINDS, row.tolist(), strict=True)) for row in table]


def _start_s(settings: PrintSettings) -> float:
    """Give the time of a retraction, a lift and back again. [s]"""
    retraction, motion = settings.retraction, settings.motion
    feed = motion.most_accelerations[3]
    back = ramp_s(retraction.length_mm, retraction.back_mm_s, feed)
    forth = ramp_s(retraction.length_mm, retraction.forth_mm_s, feed)
    rise = settings.speeds.travel_z or motion.most_speeds[2]
    rise = min(rise, motion.most_speeds[2])
    lift = ramp_s(retraction.lift_mm, rise, motion.most_accelerations[2])
    return back + forth + 2 * lift


def _skirt(stack: Stack, layer_s: float) -> tuple[float, float]:
    """Give filament and time of what is printed around the part. [mm3] [s]"""
    settings = stack.settings
    adhesion, lines = settings.adhesion, settings.lines
    first_mm = lines.first_layer_mm
    spacing_mm = lines.spacing_mm(lines.first_mm, first_mm)
    volume_mm3, time_s = 0.0, adhesion.intro_s
    layers = min(adhesion.skirt_layers, stack.count)
    if adhesion.skirts and layers:
        cuts = [stack.slice(index) for index in range(layers)]
        hull_mm = perimeter_mm(CrossSection.batch_hull(cuts))
        least_mm = adhesion.skirt_least_mm * settings.filament_mm2
        least_mm /= spacing_mm * first_mm
        number, loops_mm = 0, 0.0
        while number < adhesion.skirts or loops_mm < least_mm:
            away_mm = adhesion.skirt_gap_mm + (number + 0.5) * spacing_mm
            loops_mm += hull_mm + 2 * math.pi * away_mm
            number += 1
        high_mm = first_mm + (layers - 1) * lines.layer_mm
        volume_mm3 += loops_mm * spacing_mm * high_mm
        time_s += loops_mm / settings.speeds.first
        left_s = max(settings.speeds.slow_layer_s - layer_s, 1e-9)
        speed = max(settings.speeds.slowest, loops_mm / left_s)
        speed = min(speed, settings.speeds.support)
        time_s += (layers - 1) * loops_mm / speed
    if adhesion.brim_mm > 0:
        foot = stack.slice(0)
        ring_mm2 = foot.offset(adhesion.brim_mm).area() - foot.area()
        volume_mm3 += ring_mm2 * first_mm
        time_s += ring_mm2 / spacing_mm / settings.speeds.first
    return volume_mm3, time_s
