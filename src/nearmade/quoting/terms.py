"""What a build takes, part by part of the work, before any coefficient.

A print's filament and time are sums over kinds of lines. Level 1 draws these lines for
some layers and counts; what it counts are the terms here. Coefficients near one, fitted
on sliced parts, make figures of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.quoting.cooling import Caps, slowest_speeds
from nearmade.quoting.gyroid import Gyroid, gyroid
from nearmade.quoting.kinematics import Moves, durations_s, ramp_s, retraction_s
from nearmade.quoting.layer_lines import (
    LayerLines,
    acceleration_of,
    lines_of,
    most_speed,
)
from nearmade.quoting.layers import Stack
from nearmade.quoting.plate import GAP_MM
from nearmade.quoting.print_settings import PrintSettings
from nearmade.quoting.sampling import Sample, choose, outlines
from nearmade.quoting.skirt import brim, skirt
from nearmade.quoting.supports import SupportFigures, estimate_supports

Array = NDArray[np.float64]

#: Filament by kind: walls and brim, solid infill, bridges, sparse infill, its turns at
#: the edge, skirt, supports. [mm3]
VOLUMES: Final = (
    "walls", "solid", "bridges", "sparse", "edge", "skirt", "supports",
)  # fmt: skip
#: Time by kind; starts are what every new path costs, travels the ways between. [s]
TIMES: Final = (
    "outer", "inner", "solid", "bridge", "sparse", "edge", "wall_starts",
    "inner_starts", "fill_starts", "thin_starts", "travels", "layers", "skirt",
    "supports",
)  # fmt: skip
#: A way between paths, in sides of the box around a layer. Fitted with sliced meshes.
WAY_FRACTION = 0.15
#: Layers looked at.
SAMPLES = 28


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


def count_terms(
    mesh: Mesh,
    settings: PrintSettings,
    most: int = SAMPLES,
    *,
    supports: bool = False,
) -> Terms:
    """Draw the lines of some layers and count for all.

    Parameters
    ----------
    mesh
        A closed solid as it will be printed.
    settings
        What the slicer is told.
    most
        Layers to look at, at most.
    supports
        Whether the part is held up where it needs that.

    Raises
    ------
    InvalidInput
        When the mesh is no closed solid.
    """
    (alone,) = count_together(mesh, settings, (1,), most, supports=supports)
    return alone


def count_together(
    mesh: Mesh,
    settings: PrintSettings,
    copies: Sequence[float],
    most: int = SAMPLES,
    *,
    supports: bool = False,
) -> tuple[Terms, ...]:
    """Count the terms of one copy that is printed beside others like it.

    Copies share their layers, so that together they need be slowed down less.

    Parameters
    ----------
    mesh, settings, most, supports
        As for ``count_terms``.
    copies
        How many stand on the plate, 1 or more; infinity where nothing is slowed down.

    Returns
    -------
    One for each number of copies.

    Raises
    ------
    InvalidInput
        When the mesh is no closed solid.
    """
    drawn = _draw(mesh, settings, most, supports=supports)
    filled = np.array([_layer_volumes(one, settings) for one in drawn.lines])
    volumes = _summed(filled[: drawn.chosen], drawn.sample, _VOLUMES_FOLLOW)
    # Each part has its own brim, which is drawn as walls are.
    brim_mm3, brim_s = brim(drawn.stack)
    volumes[_WALLS_MM3] += brim_mm3
    held = drawn.held
    if held is not None and held.layers:
        volumes[-1] = held.volume_mm3
    found: dict[tuple[Caps, ...], Array] = {}
    result = []
    for number in copies:
        caps = tuple(_caps(drawn, number))
        if caps not in found:
            found[caps] = _layer_times(drawn.lines, caps, settings, drawn.curve)
        rows = found[caps]
        times = _summed(rows[: drawn.chosen], drawn.sample, _TIMES_FOLLOW)
        times[_OUTER_S] += brim_s
        if number > 1:
            times[_TRAVELS_S] += drawn.stack.count * _to_next_s(drawn)
        second_s = float(rows[drawn.looked == min(1, drawn.stack.count - 1)].sum())
        foot_mm = None if held is None else held.first_outline_mm
        skirted = skirt(drawn.stack, number * second_s, foot_mm)
        volumes[_SKIRT_MM3], times[_SKIRT_S] = skirted
        if held is not None and held.layers:
            times[-1] = held.time_s + _slowed_s(drawn, held, caps)
        result.append(
            Terms(tuple((volumes * settings.flow).tolist()), tuple(times.tolist()))
        )
    return tuple(result)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Lines of some layers: of those chosen to count for all, and one beside."""

    stack: Stack
    sample: Sample
    looked: NDArray[np.int64]
    lines: list[LayerLines]
    curve: Gyroid | None
    held: SupportFigures | None

    @property
    def chosen(self) -> int:
        return len(self.sample.indices)


def _draw(mesh: Mesh, settings: PrintSettings, most: int, *, supports: bool) -> _Drawn:
    stack = Stack(mesh, settings)
    below, above = stack.reach
    sample = choose(
        outlines(stack.mesh, stack.edges_mm, stack.middles_mm), (above, below), most
    )
    curve = _curve(settings)
    # A skirt of several layers is cooled with the layer beside it.
    beside = set() if stack.count == 1 else {1} - set(sample.indices.tolist())
    looked = np.array([*sample.indices, *beside], dtype=np.int64)
    lines = [lines_of(stack.layer(int(i)), stack, curve) for i in looked]
    held = None
    if supports:
        held = estimate_supports(stack.solid, 0.0, stack.height_mm, settings)
    return _Drawn(stack, sample, looked, lines, curve, held)


def _summed(rows: Array, sample: Sample, follow: tuple[str, ...]) -> Array:
    """Sum over all layers what was counted in some, shape (terms,)."""
    weights = np.column_stack([getattr(sample, name) for name in follow])
    result: Array = (weights * rows).sum(axis=0)
    return result


#: What of a layer each term follows, see ``Sample``.
_VOLUMES_FOLLOW = (
    "outline", "solid", "bridge", "sparse", "sparse", "weights", "weights",
)  # fmt: skip
_TIMES_FOLLOW = (
    "outline", "outline", "solid", "bridge", "sparse", "sparse", "outline", "outline",
    "solid", "outline", "weights", "weights", "weights", "weights",
)  # fmt: skip
_WALLS_MM3, _OUTER_S = VOLUMES.index("walls"), TIMES.index("outer")
_TRAVELS_S = TIMES.index("travels")
_SKIRT_MM3, _SKIRT_S = VOLUMES.index("skirt"), TIMES.index("skirt")


def _caps(drawn: _Drawn, copies: float) -> Iterator[Caps]:
    """Give how fast the lines of each layer may be, supports cooled with it."""
    settings, held = drawn.stack.settings, drawn.held
    start_s, support = retraction_s(settings), settings.speeds.support
    for index, one in zip(drawn.looked.tolist(), drawn.lines, strict=True):
        waits_s, lines_mm = _starts(one) * start_s, 0.0
        if held is not None and index < len(held.layer_mm):
            lines_mm = float(held.layer_mm[index])
            waits_s += max(0.0, float(held.layer_s[index]) - lines_mm / support)
        yield slowest_speeds(one, settings, waits_s, lines_mm, copies)


def _slowed_s(drawn: _Drawn, held: SupportFigures, caps: Sequence[Caps]) -> float:
    """Give what cooling adds to the supports. [s]"""
    speed = drawn.stack.settings.speeds.support
    slower = np.array(
        [
            max(0.0, 1 / min(cap.others, speed) - 1 / speed)
            for cap in caps[: drawn.chosen]
        ]
    )
    inside = np.minimum(drawn.sample.indices, len(held.layer_mm) - 1)
    return float(drawn.sample.weights @ (held.layer_mm[inside] * slower))


def _curve(settings: PrintSettings) -> Gyroid | None:
    shells = settings.shells
    if shells.infill_pattern != "gyroid" or not shells.infill_fraction > 0:
        return None
    return _known_curve(settings)


@lru_cache(maxsize=256)
def _known_curve(settings: PrintSettings) -> Gyroid:
    lines = settings.lines
    spacing_mm = lines.spacing_mm(lines.sparse_mm, lines.layer_mm)
    return gyroid(
        spacing_mm,
        settings.shells.infill_fraction,
        most_speed(settings, settings.speeds.sparse, spacing_mm * lines.layer_mm),
        acceleration_of(settings, 2, first=False),
        settings.motion,
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
        0.0,
    )


def _layer_times(
    drawn: list[LayerLines],
    caps: Sequence[Caps],
    settings: PrintSettings,
    curve: Gyroid | None,
) -> Array:
    """Give the time terms of each layer drawn, shape (layers, terms). [s]"""
    start_s = retraction_s(settings)
    by_kind = _drawn_times(drawn, caps, settings)
    rows = np.zeros((len(drawn), len(TIMES)))
    travel = _travel(settings)
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
        inner = min(_wall_speed(settings, settings.speeds.inner), cap.others)
        outer = min(_wall_speed(settings, settings.speeds.outer), cap.outer)
        starts = _starts(one)
        rows[row] = (
            max(0.0, found["outer"] + one.extra_outer_mm / outer),
            max(0.0, found["inner"] + one.extra_inner_mm / inner),
            found["solid"] + found["top"],
            found["bridge"],
            found["sparse"] + one.sparse_mm * pace,
            one.sparse_edge_mm * pace,
            walls * start_s,
            _entered(one, settings.shells.perimeters) * start_s,
            (fills + one.sparse_starts) * start_s,
            one.thin_pieces * start_s,
            starts * ramp_s(WAY_FRACTION * one.size_mm, *travel),
            start_s,
            0.0,
            0.0,
        )
    return rows


def _entered(one: LayerLines, perimeters: int) -> float:
    """Give the number of times that the nozzle must leave for an inner wall.

    Walls inside each other are drawn one after the other; an inner wall that parts in
    two, or more walls than outlines, take a way of their own.
    """
    outer = sum(kind.paths.count for kind in one.kinds if kind.name == "outer")
    inner = sum(kind.paths.count for kind in one.kinds if kind.name == "inner")
    each = max(1, perimeters - 1)
    return min(outer, inner / each) + max(0, inner - outer * each)


def _travel(settings: PrintSettings) -> tuple[float, float]:
    """Give speed and acceleration of ways. [mm/s] [mm/s2]"""
    motion = settings.motion
    most = min(motion.travel_acceleration, *motion.most_accelerations[:2])
    return settings.speeds.travel, most


def _to_next_s(drawn: _Drawn) -> float:
    """Give the time of the way to the next copy, where it stands beside. [s]"""
    pitch_mm = max(one.size_mm for one in drawn.lines) + GAP_MM
    return ramp_s(pitch_mm, *_travel(drawn.stack.settings))


def _wall_speed(settings: PrintSettings, speed: float) -> float:
    lines = settings.lines
    spacing_mm = lines.spacing_mm(lines.inner_mm, lines.layer_mm)
    return most_speed(settings, speed, spacing_mm * lines.layer_mm)


def _starts(one: LayerLines) -> float:
    counted = {"outer", "solid", "top", "bridge"}
    paths = sum(kind.paths.count for kind in one.kinds if kind.name in counted)
    return paths + one.sparse_starts


KINDS = ("outer", "inner", "solid", "top", "bridge", "sparse")


def _drawn_times(
    drawn: list[LayerLines], caps: Sequence[Caps], settings: PrintSettings
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
