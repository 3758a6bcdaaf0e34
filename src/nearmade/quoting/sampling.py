"""Choose few layers that stand for all: alike in area, outline, tops and bottoms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

#: Choosing stops when every layer is this near to its sample, in shares of the mean
#: layer's work.
NEAR_FRACTION = 0.01
#: How much place counts beside shape: from bottom to top, in the same shares.
PLACE_FRACTION = 0.2
#: Work of one mm of outline over that of one mm2 inside, sparse; and of one mm2 that
#: tops and bottoms make solid. From lines per mm and per mm2 at 0.45 mm and 20 %.
OUTLINE_WORK, INSIDE_WORK, SOLID_WORK = 2.0, 0.5, 2.5


#: A sample with less than this share of its layers' mean says nothing of them.
TELLING_FRACTION = 0.25
#: Triangles worked on at once, to bound memory.
AT_ONCE = 50_000
#: Faces lower than this lie level. [mm]
LEVEL_MM = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Layers chosen, and how much each stands for.

    Parameters
    ----------
    indices
        Of the layers, ascending, shape (n,).
    weights
        Layers that each stands for, shape (n,); they sum to the number of layers.
    outline, solid, bridge, sparse
        The same for what follows the outline, for solid infill, for bridges and for
        what is neither: what the layers spoken for have of it over what the sample has.
    """

    indices: Whole
    weights: Array
    outline: Array
    solid: Array
    bridge: Array
    sparse: Array


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """What faces alone say of each layer, shape (count,) each.

    Parameters
    ----------
    area_mm2
        Of the layer. [mm2]
    outline_mm
        Length of its outline. [mm]
    up_mm2, down_mm2
        What the next layer does not cover, and the one before does not hold. [mm2]
    """

    area_mm2: Array
    outline_mm: Array
    up_mm2: Array
    down_mm2: Array


def outlines(mesh: Mesh, edges_mm: Array, middles_mm: Array) -> Outlines:
    """Give what the faces within each layer say of it.

    Parameters
    ----------
    mesh
        A closed solid, faces outward.
    edges_mm
        Heights between layers, ascending, shape (count + 1,). [mm]
    middles_mm
        Heights at which layers are cut, ascending, shape (count,). [mm]
    """
    ends = np.concatenate([[edges_mm[0] - 1.0], middles_mm, [edges_mm[-1] + 1.0]])
    looks, flanks = np.zeros((len(ends), 3)), np.zeros((len(edges_mm), 3))
    for start in range(0, len(mesh.faces), AT_ONCE):
        below = _below(mesh.vertices_mm[mesh.faces[start : start + AT_ONCE]])
        looks += below.at(ends)
        flanks += below.at(edges_mm)
    # Faces from one cut to the next end the lower layer, or begin the upper one.
    up, down = np.diff(looks[:, :2], axis=0).T
    flank = np.diff(flanks[:, 2])
    area = np.cumsum(down - up)[:-1]
    return Outlines(np.maximum(area, 0.0), flank / np.diff(edges_mm), up[1:], down[:-1])


def _below(corners: Array) -> _Below:
    """Give what looks up, what looks down and what stands of some triangles."""
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2
    areas = np.sqrt(np.einsum("ij,ij->i", crosses, crosses))
    rise = crosses[:, 2]
    side = np.sqrt(np.maximum(areas**2 - rise**2, 0.0))
    return _Below(
        np.sort(corners[:, :, 2], axis=1),
        np.column_stack([np.maximum(rise, 0.0), np.maximum(-rise, 0.0), side]),
    )


class _Below:
    """How much of each triangle's weight lies below a height.

    A triangle is widest at its middle corner: its share of weight per height rises
    linearly up to there and falls beyond.
    """

    def __init__(self, heights: Array, weights: Array) -> None:
        low, middle, high = heights.T
        rise = (middle - low)[:, None]
        fall = (high - middle)[:, None]
        steep_rise, steep_fall = rise > LEVEL_MM, fall > LEVEL_MM
        # Half of a ramp's width counts, and all of a level part's.
        level = ~(steep_rise | steep_fall)
        wide = np.where(steep_rise, rise / 2, 0.0) + np.where(steep_fall, fall / 2, 0.0)
        peak = weights / np.where(level, LEVEL_MM, np.maximum(wide, LEVEL_MM / 2))
        up = np.where(steep_rise, peak / np.maximum(rise, LEVEL_MM), 0.0)
        down = np.where(steep_fall, -peak / np.maximum(fall, LEVEL_MM), 0.0)
        # A side that is not steep begins or ends at the middle corner with a jump.
        begin = np.where(steep_rise[:, 0], low, middle)
        end = np.where(steep_fall[:, 0], high, middle)
        end = np.where(level[:, 0], middle + LEVEL_MM, end)
        at = np.concatenate([begin, middle, end])
        jumps = np.concatenate(
            [
                np.where(steep_rise, 0.0, peak),
                np.zeros_like(peak),
                np.where(steep_fall, 0.0, -peak),
            ]
        )
        bends = np.concatenate([up, down - up, -down])
        order = np.argsort(at)
        self._at = at[order]
        self._slope = np.cumsum(bends[order], axis=0)
        steps = np.diff(self._at)[:, None]
        gained = self._slope[:-1] * steps
        self._rate = np.cumsum(jumps[order], axis=0)
        self._rate[1:] += np.cumsum(gained, axis=0)
        sums = (self._rate[:-1] + gained / 2) * steps
        self._sum = np.concatenate([np.zeros((1, 3)), np.cumsum(sums, axis=0)])

    def at(self, heights_mm: Array) -> Array:
        """Give the weight below each height, shape (heights, 3)."""
        last = np.searchsorted(self._at, heights_mm, side="right") - 1
        inside = np.maximum(last, 0)
        beyond = np.minimum(heights_mm, self._at[-1]) - self._at[inside]
        beyond = np.maximum(beyond, 0.0)[:, None]
        found = self._sum[inside] + beyond * (
            self._rate[inside] + self._slope[inside] * beyond / 2
        )
        result: Array = np.where((last < 0)[:, None], 0.0, found)
        return result


def choose(found: Outlines, reach: tuple[int, int], most: int) -> Sample:
    """Choose layers one by one, each time the one least like those chosen.

    Parameters
    ----------
    found
        What faces say of each layer.
    reach
        Layers that a top and a bottom thicken, downward and upward, themselves in.
    most
        How many to choose at most, 1 or more.
    """
    count = len(found.area_mm2)
    work = _work(found, reach)
    features = _features(found, work)
    first = int(np.argmin(np.abs(features - np.median(features, axis=0)).sum(axis=1)))
    chosen = [first]
    away = np.abs(features - features[first]).sum(axis=1)
    owner = np.zeros(count, dtype=np.int64)
    while len(chosen) < min(most, count):
        next_one = int(np.argmax(away))
        if away[next_one] <= NEAR_FRACTION:
            break
        distance = np.abs(features - features[next_one]).sum(axis=1)
        nearer = distance < away
        owner[nearer] = len(chosen)
        away = np.minimum(away, distance)
        chosen.append(next_one)
    order = np.argsort(chosen)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    owner = place[owner]
    indices = np.array(chosen, dtype=np.int64)[order]
    return Sample(
        indices,
        np.bincount(owner, minlength=len(indices)).astype(np.float64),
        _shares(work.outline, indices, owner),
        _shares(work.solid, indices, owner),
        _shares(work.bridged + found.down_mm2, indices, owner),
        _shares(work.sparse, indices, owner),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """What faces let expect of each layer, shape (count,) each."""

    outline: Array
    solid: Array
    sparse: Array
    tops: Array
    bottoms: Array
    bridged: Array


def _work(found: Outlines, reach: tuple[int, int]) -> _Work:
    below, above = reach
    tops = np.minimum(_window(found.up_mm2, 0, below - 1), found.area_mm2)
    bottoms = np.minimum(_window(found.down_mm2, above - 1, 0), found.area_mm2)
    solid = np.minimum(tops + bottoms, found.area_mm2)
    # The lowest layer that a top thickens bridges the sparse infill beneath.
    count = len(found.up_mm2)
    bridged = np.concatenate([found.up_mm2[below - 1 :], np.zeros(below - 1)])[:count]
    return _Work(
        found.outline_mm, solid, found.area_mm2 - solid, tops, bottoms, bridged
    )


def _features(found: Outlines, work: _Work) -> Array:
    """Give what makes layers alike, in shares of the mean layer's work."""
    all_work = (
        OUTLINE_WORK * work.outline
        + INSIDE_WORK * found.area_mm2
        + SOLID_WORK * work.solid
    )
    mean = max(float(all_work.mean()), 1e-9)
    count = len(all_work)
    columns = (
        OUTLINE_WORK * work.outline / mean,
        INSIDE_WORK * found.area_mm2 / mean,
        SOLID_WORK * work.tops / mean,
        SOLID_WORK * work.bottoms / mean,
        SOLID_WORK * np.minimum(found.up_mm2, found.area_mm2) / mean,
        SOLID_WORK * np.minimum(found.down_mm2, found.area_mm2) / mean,
        SOLID_WORK * np.minimum(work.bridged, found.area_mm2) / mean,
        np.arange(count) / max(count - 1, 1) * PLACE_FRACTION,
    )
    return np.column_stack(columns)


def _shares(values: Array, indices: Whole, owner: Whole) -> Array:
    """Give what each sample's layers have over what it has itself.

    A sample that has little of it where its layers have some tells nothing of how much
    they have: it then counts as many times as it has layers.
    """
    counts = np.bincount(owner, minlength=len(indices)).astype(np.float64)
    sums = np.bincount(owner, weights=values, minlength=len(indices))
    own = values[indices]
    telling = own > TELLING_FRACTION * sums / counts
    result: Array = np.where(telling & (own > 0), sums / np.maximum(own, 1e-12), counts)
    return result


def _window(values: Array, before: int, after: int) -> Array:
    """Sum each value with some before and after it."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    low = np.maximum(index - before, 0)
    high = np.minimum(index + after, len(values) - 1) + 1
    return np.asarray(sums[high] - sums[low], dtype=np.float64)
