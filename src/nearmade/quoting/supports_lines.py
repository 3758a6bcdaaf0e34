"""Lines of supports: how long, how thick, in which of the part's layers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.quoting.print_settings import Lines, PrintSettings
from nearmade.quoting.supports_survey import Survey, pitch_mm

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

#: Loss of a line's cross-section at its rounded sides, in squares of its height.
ROUND = 1 - math.pi / 4
#: New pieces, and turns from line to line: for each island, each end of a line, each
#: layer with dense lines and each dense cell; counted in 220 slices with supports.
STARTS = (0.55, 0.094, 1.9, 0.27)
TURNS = (1.8, 1.27, 27.0, 3.7)
#: Turns in the first layer, for each root of its area. [1/mm]
FOOT_TURNS = 14.0


@dataclass(frozen=True, slots=True, eq=False)
class LaidLines:
    """Lines of supports by the plain rules, for each of the part's layers.

    Parameters
    ----------
    length_mm
        Along the grid, across it, beside the part, in dense tops, in dense bottoms, in
        the first layer, shape (count, 6). [mm]
    hidden_mm
        Of towers, where dense lines take their place, shape (count,). [mm]
    section_mm2
        Of a line, shape (count,). [mm2]
    turns, starts
        Between lines, and of pieces, shape (count,).
    layers
        Layers of supports in all.
    foot_mm
        Points whose hull encloses the first layer, shape (n, 2). [mm]
    """

    length_mm: Array
    hidden_mm: Array
    section_mm2: Array
    turns: Array
    starts: Array
    layers: int
    foot_mm: Array


def lay_lines(survey: Survey, count: int, settings: PrintSettings) -> LaidLines:
    """Give the lines of supports.

    Parameters
    ----------
    survey
        What the supports measure.
    count
        Layers of the part.
    settings
        What the slicer is told.
    """
    lines, supports = settings.lines, settings.supports
    step_mm = steps_mm(survey, count, settings)
    share = lines.layer_mm / step_mm  # layers of supports in one of the part
    share[0] = 0.0
    section = step_mm * (lines.support_mm - ROUND * step_mm)
    section[0] = lines.first_layer_mm * (lines.first_mm - ROUND * lines.first_layer_mm)
    own_mm = Lines.spacing_mm(lines.support_mm, lines.layer_mm)
    dense_pitch_mm = supports.interface_spacing_mm + own_mm
    first_mm = Lines.spacing_mm(lines.first_mm, lines.first_layer_mm)
    slab = np.arange(count) // survey.slab_layers
    plane = survey.plane[np.minimum(slab, len(survey.plane) - 1)]
    there = np.where(slab < len(survey.plane), share, 0.0)
    body = survey.body
    dense_mm2 = _by_layer(_dense_at(survey, settings), survey.dense_mm2, count)
    landing_mm2 = _by_layer(_landing_at(survey, settings), survey.landing_mm2, count)
    landing_mm2 *= supports.bottom_interface_layers
    length = np.zeros((count, 6))
    length[:, 0] = body.ruled_mm[plane] * there
    length[:, 1] = body.across_mm[plane] * there
    length[:, 2] = body.hugging_mm[plane] * there
    length[:, 3] = dense_mm2 / dense_pitch_mm
    length[:, 4] = landing_mm2 / dense_pitch_mm
    length[0, 5] = survey.foot.area_mm2[0] * supports.first_fraction / first_mm
    dense = dense_mm2 + landing_mm2
    cells = dense / pitch_mm(settings) ** 2
    ends = body.across_mm[plane] * there / pitch_mm(settings)
    islands = body.islands[plane] * there
    starts = STARTS[0] * islands + STARTS[1] * ends
    starts += np.where(islands > 0, there, 0.0)  # there from the part, and back
    starts += STARTS[2] * (dense > 0) + STARTS[3] * cells
    starts[0] += survey.foot.islands[0]
    turns = TURNS[0] * islands + TURNS[1] * ends
    turns += TURNS[2] * (dense > 0) + TURNS[3] * cells
    turns[0] += FOOT_TURNS * math.sqrt(survey.foot.area_mm2[0])
    printed = float(share[body.area_mm2[plane] * there > 0].sum())
    return LaidLines(
        length_mm=length,
        hidden_mm=dense / pitch_mm(settings),
        section_mm2=section,
        turns=turns,
        starts=starts,
        layers=round(printed) + int(survey.foot.area_mm2[0] > 0),
        foot_mm=survey.foot_mm,
    )


def steps_mm(survey: Survey, count: int, settings: PrintSettings) -> Array:
    """Give how high layers of supports are beside each of the part's layers. [mm]

    Between the heights at which supports begin and end they are as high as the printer
    allows, all alike; those heights hold for the whole part.
    """
    supports, layer_mm = settings.supports, settings.lines.layer_mm
    most_mm = supports.thickest_mm or 0.75 * settings.nozzle_mm
    tops = survey.contact_layers * layer_mm - supports.gap_mm
    landed = np.round((survey.landing_mm - supports.gap_mm) / layer_mm) * layer_mm
    ends = np.concatenate([tops, landed + layer_mm + supports.gap_mm])
    ends = np.unique(np.round(ends[ends > layer_mm + supports.thinnest_mm], 6))
    kept = [layer_mm]
    for end in ends.tolist():
        if end - kept[-1] >= supports.thinnest_mm:
            kept.append(end)
    if len(kept) == 1:
        return np.full(count, layer_mm)
    gaps = np.diff(kept)
    height = gaps / np.ceil(gaps / most_mm - 1e-6)
    middle = (np.arange(count) + 0.5) * layer_mm
    between = np.clip(np.searchsorted(kept, middle) - 1, 0, len(height) - 1)
    steps: Array = height[between]
    return steps


def _dense_at(survey: Survey, settings: PrintSettings) -> Whole:
    """Give the part's layer at whose height each dense top is printed."""
    layer_mm = settings.lines.layer_mm
    top = survey.dense_layers * layer_mm - settings.supports.gap_mm
    index: Whole = np.ceil(top / layer_mm - 1e-6).astype(np.int64) - 1
    return index


def _landing_at(survey: Survey, settings: PrintSettings) -> Whole:
    """Give the part's layer at whose height each tower begins."""
    return np.floor(survey.landing_mm / settings.lines.layer_mm + 1e-6).astype(np.int64)


def _by_layer(layer: Whole, values: Array, count: int) -> Array:
    """Sum values by layer, shape (count,)."""
    inside = np.clip(layer, 0, count - 1)
    summed: Array = np.bincount(inside, values, count).astype(np.float64)
    return summed
