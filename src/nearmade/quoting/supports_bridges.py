"""Which level spans of a part need no support, since they are printed as bridges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from nearmade.quoting.print_settings import Lines, PrintSettings
from nearmade.quoting.supports_columns import MOST_PIXELS, Columns, Grid, occupied_at
from nearmade.quoting.supports_contacts import Contacts

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: A bridge is held up this far in from the walls at ends that nothing holds
#: (PrusaSlicer's ``SUPPORT_MATERIAL_MARGIN``). [mm]
BRIDGE_END_MM = 1.5


def without_bridges(
    points: Contacts,
    found: Columns,
    grid: Grid,
    settings: PrintSettings,
) -> Contacts:
    """Leave out points below level spans that count as bridges.

    That is every level span that the part holds somewhere. It is bridged along x or
    along y, whichever the part holds more of. Held up are still its ends that nothing
    holds, and the walls along its free sides, unless those hang between two held ends.
    """
    layers = np.unique(points.layer[points.level])
    together = max(1, MOST_PIXELS // (grid.shape[0] * grid.shape[1]))
    gone = np.zeros(len(points.layer), dtype=bool)
    for first in range(0, len(layers), together):
        some = layers[first : first + together]
        chosen = np.flatnonzero(points.level & np.isin(points.layer, some))
        own = points.only(chosen)
        gone[chosen] = _bridged(own, some, found, grid, settings)
    return points.only(~gone)


def _bridged(
    own: Contacts, layers: Whole, found: Columns, grid: Grid, settings: PrintSettings
) -> Flags:
    """Tell which points of level faces, in the layers given, lie below a bridge."""
    index = np.searchsorted(layers, own.layer)
    mask = np.zeros((len(layers), *grid.shape), dtype=bool)
    middle = own.central
    mask[index[middle], own.pixel_x[middle], own.pixel_y[middle]] = True
    heights_mm = (layers.astype(np.float64) - 0.5) * settings.lines.layer_mm
    solid = occupied_at(found, grid, heights_mm)
    mask &= ~solid
    kept = _kept(mask, solid, grid.pixel_mm, settings)
    # A point beside the middles that were looked at goes with its neighbours.
    around = np.ones((1, 3, 3), dtype=bool)
    near = ndimage.binary_dilation(kept, around)
    near |= ~ndimage.binary_dilation(mask, around)
    stays = np.where(mask, kept, near)
    gone: Flags = ~stays[index, own.pixel_x, own.pixel_y]
    return gone


def _kept(mask: Flags, solid: Flags, pixel_mm: float, settings: PrintSettings) -> Flags:
    """Tell which pixels of level spans want support although the rest is bridged."""
    links = np.zeros((3, 3, 3), dtype=bool)
    links[1] = ndimage.generate_binary_structure(2, 1)
    group, groups = ndimage.label(mask, structure=links)
    lines, shells = settings.lines, settings.shells
    inner_mm = Lines.spacing_mm(lines.inner_mm, lines.layer_mm)
    walls_mm = lines.outer_mm + (shells.perimeters - 1) * inner_mm
    ends = [_ends(mask, solid, axis) for axis in (1, 2)]
    score = [
        np.bincount(group[mask & before[0]], minlength=groups + 1)
        + np.bincount(group[mask & after[0]], minlength=groups + 1)
        for before, after in ends
    ]
    along_x = (score[0] >= score[1])[group]
    free = (score[0] + score[1] == 0)[group]
    kept = []
    for axis in (0, 1):
        (held, far), (held_after, far_after) = ends[axis]
        deep = (walls_mm + BRIDGE_END_MM) / pixel_mm
        open_end = (~held & (far < deep)) | (~held_after & (far_after < deep))
        (side, near), (side_after, near_after) = ends[1 - axis]
        wall = walls_mm / pixel_mm
        open_side = (~side & (near < wall)) | (~side_after & (near_after < wall))
        kept.append(open_end | (open_side & ~(held & held_after)))
    result: Flags = mask & (np.where(along_x, kept[0], kept[1]) | free)
    return result


def _ends(
    mask: Flags, solid: Flags, axis: int
) -> tuple[tuple[Flags, Whole], tuple[Flags, Whole]]:
    """Tell before and after each pixel if its span is held, and how far off that is."""
    count = mask.shape[axis]
    shape = [1, 1, 1]
    shape[axis] = count
    place = np.arange(count).reshape(shape)
    before = np.maximum.accumulate(np.where(mask, -1, place), axis=axis)
    turned = np.flip(np.where(mask, count, place), axis=axis)
    after = np.flip(np.minimum.accumulate(turned, axis=axis), axis=axis)
    held = np.take_along_axis(solid, np.maximum(before, 0), axis) & (before >= 0)
    held_after = np.take_along_axis(solid, np.minimum(after, count - 1), axis)
    held_after &= after < count
    return (held, place - before - 1), (held_after, after - place - 1)
