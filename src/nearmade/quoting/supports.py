"""Supports of a part: filament, lengths and time, in some tens of milliseconds.

Reproduced of PrusaSlicer 2.5 with ``support_material_style = grid``:

- a layer is held up where it reaches beyond the one below by more than the threshold
  angle allows; ledges narrower than that and the lowest layers are not;
- contacts fill whole cells of a grid, as wide as the distance of support lines, in
  place with the part's middle, as far as the part leaves room; they are carried down
  to the plate or onto the part, with gaps above, below and beside;
- lines run along the grid, are joined along the outline, and lie in layers of their
  own, as thick as the printer allows between contacts;
- dense tops where the overhang is nearly level, dense bottoms where asked for;
- the first layer is wider and nearly solid;
- where bridges are not to be held up, level spans that the part holds somewhere are
  left out, but for free ends and the walls along free sides.

Not reproduced: snug, organic and tree supports, sheaths, other patterns than lines,
soluble supports printed in layers of the part, blockers, enforcers and rafts; bridges
askew to x and y; the paths that join lines, which are counted by the length of
outlines. In the part itself little changes: its lines stay as they are, each layer is
cooled together with the supports below it, and the skirt goes around their feet too.

References
----------
.. [1] PrusaSlicer 2.5.0, support material: what it writes was compared line by line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.quoting.kinematics import ramp_s, retraction_s
from nearmade.quoting.layer_lines import acceleration_of
from nearmade.quoting.print_settings import PrintSettings
from nearmade.quoting.supports_lines import ROUND, LaidLines, lay_lines
from nearmade.quoting.supports_survey import survey_supports

Array = NDArray[np.float64]

#: From piece to piece, and to the part and back; a guess that ``starting`` mends. [mm]
TRAVEL_MM = 20.0


@dataclass(frozen=True, slots=True)
class SupportFit:
    """Few numbers fitted on sliced parts; the plain rules would give about one.

    Parameters
    ----------
    ruled, across, hugging
        Drawn length for each length of the grid's lines, of outline across them, and of
        outline along them beside the part.
    dense, bottom, foot
        Length in dense tops, in dense bottoms and in the first layer, for that of
        evenly spaced lines on their area.
    turning, starting
        Time of a turn between lines, and of a new piece, for a move from rest to rest.
    """

    ruled: float
    across: float
    hugging: float
    dense: float
    bottom: float
    foot: float
    turning: float
    starting: float


#: Fitted by ``benchmarks/quoting/support_fit.py`` on 400 slices of three profiles.
FIT = SupportFit(
    ruled=1.028,
    across=0.579,
    hugging=0.318,
    dense=1.256,
    bottom=1.828,
    foot=1.081,
    turning=0.046,
    starting=1.329,
)


@dataclass(frozen=True, slots=True, eq=False)
class SupportFigures:
    """What supports take, start to end.

    Parameters
    ----------
    base_mm3, interface_mm3, first_mm3
        Filament of towers, of dense tops and bottoms, and of the first layer. [mm3]
    base_mm, interface_mm, first_mm
        Lengths of their lines. [mm]
    layers
        Layers of supports.
    layer_s, layer_mm
        Time of supports up to the top of each of the part's layers, travels between
        pieces included, and the length drawn in it, shape (count,). [s], [mm]
        A slicer cools them together with that layer: the sum of both times counts when
        it slows short layers down.
    first_outline_mm
        Points whose hull encloses the first layer of supports, shape (n, 2). [mm]
    """

    base_mm3: float
    interface_mm3: float
    first_mm3: float
    base_mm: float
    interface_mm: float
    first_mm: float
    layers: int
    layer_s: Array
    layer_mm: Array
    first_outline_mm: Array

    @property
    def volume_mm3(self) -> float:
        """Filament of all lines. [mm3]"""
        return self.base_mm3 + self.interface_mm3 + self.first_mm3

    @property
    def time_s(self) -> float:
        """Time of all lines and of travels between them. [s]"""
        return float(self.layer_s.sum())


def estimate_supports(
    solid: manifold3d.Manifold,
    low_mm: float,
    height_mm: float,
    settings: PrintSettings,
    fit: SupportFit = FIT,
) -> SupportFigures:
    """Estimate the supports of a part as it will be printed.

    Parameters
    ----------
    solid
        The part.
    low_mm, height_mm
        Its lowest point, and how high it is. [mm]
    settings
        What the slicer is told.
    fit
        Numbers fitted on sliced parts.
    """
    lines = settings.lines
    above = max(height_mm - lines.first_layer_mm, 0.0) / lines.layer_mm
    count = 1 + max(0, math.ceil(above - 0.5 - 1e-6))
    survey = survey_supports(solid, low_mm, settings)
    if survey is None:
        none_s, none_mm = np.zeros(count), np.zeros(count)
        return SupportFigures(0, 0, 0, 0, 0, 0, 0, none_s, none_mm, np.empty((0, 2)))
    return figures(lay_lines(survey, count, settings), settings, fit)


def figures(raw: LaidLines, settings: PrintSettings, fit: SupportFit) -> SupportFigures:
    """Give what laid lines take.

    Parameters
    ----------
    raw
        Lines by the plain rules.
    settings
        What the slicer is told.
    fit
        Numbers fitted on sliced parts.
    """
    by = np.array([fit.ruled, fit.across, fit.hugging, fit.dense, fit.bottom, fit.foot])
    hidden_mm = np.minimum(raw.hidden_mm, raw.length_mm[:, :3] @ by[:3])
    length = raw.length_mm * by
    volume = (length * raw.section_mm2[:, None]).sum(axis=0)
    return SupportFigures(
        base_mm3=float(volume[:3].sum() - hidden_mm @ raw.section_mm2),
        interface_mm3=float(volume[3:5].sum()),
        first_mm3=float(volume[5]),
        base_mm=float(length[:, :3].sum() - hidden_mm.sum()),
        interface_mm=float(length[:, 3:5].sum()),
        first_mm=float(length[:, 5].sum()),
        layers=raw.layers,
        layer_s=_times_s(raw, length, hidden_mm, settings, fit),
        layer_mm=length.sum(axis=1) - hidden_mm,
        first_outline_mm=raw.foot_mm,
    )


def _times_s(
    raw: LaidLines,
    length_mm: Array,
    hidden_mm: Array,
    settings: PrintSettings,
    fit: SupportFit,
) -> Array:
    """Give the time of supports for each of the part's layers. [s]"""
    speeds, motion = settings.speeds, settings.motion
    most = _most_speed(settings)
    support, interface = min(speeds.support, most), min(speeds.interface, most)
    base_mm = length_mm[:, :3].sum(axis=1) - hidden_mm
    drawn_s = base_mm / support + length_mm[:, 3:5].sum(axis=1) / interface
    drawn_s += length_mm[:, 5] / min(speeds.first, support)
    acceleration = min(
        acceleration_of(settings, 0, first=False), motion.most_accelerations[0]
    )
    corner = min(motion.jerks[0], support)
    turn_s = (support - corner) ** 2 / (acceleration * support)
    times: Array = drawn_s + fit.turning * turn_s * raw.turns
    times += fit.starting * _start_s(settings) * raw.starts
    return times


def _start_s(settings: PrintSettings) -> float:
    """Give the time from the end of one piece to the start of the next. [s]"""
    motion = settings.motion
    travel_s = ramp_s(
        TRAVEL_MM,
        min(settings.speeds.travel, motion.most_speeds[0]),
        min(motion.travel_acceleration, motion.most_accelerations[0]),
    )
    return retraction_s(settings) + travel_s


def _most_speed(settings: PrintSettings) -> float:
    """Give the speed at which a support line takes all that may be melted. [mm/s]"""
    if settings.speeds.flow_mm3_s <= 0:
        return math.inf
    lines = settings.lines
    section = lines.layer_mm * (lines.support_mm - ROUND * lines.layer_mm)
    return settings.speeds.flow_mm3_s / section
