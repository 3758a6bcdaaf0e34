"""Turn faces so that neighbours agree and every body looks outward."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import label_groups
from nearmade.geometry.repair_edges import (
    edge_table,
    face_areas,
    signed_volumes,
)

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Bodies thinner than this share of their longest side are left as they are: rounding
#: alone gives them a sign.
SLIVER_FRACTION = 1e-4


def agreeing(vertices_mm: Floats, faces: Whole) -> Flags | None:
    """Give the faces to turn so that neighbours agree; None where that cannot be.

    Faces are neighbours over edges of exactly two. Of the two ways to make a surface
    agree, the one that turns less area is taken.

    Parameters
    ----------
    vertices_mm
        Corners, shape (n, 3). [mm]
    faces
        Corner indices, shape (m, 3), the three of each face distinct.
    """
    count = len(faces)
    table = edge_table(faces)
    one, other = table.face_pairs().T
    clash = table.balance[table.edge[table.partner_pairs[:, 0]]] != 0
    if not clash.any():
        return np.zeros(count, dtype=bool)
    # Each face stands twice, as it is and turned; agreeing ones are joined.
    across = np.where(clash, count, 0)
    pairs = np.concatenate(
        [
            np.stack([one, other + across], axis=1),
            np.stack([one + count, other + count - across], axis=1),
        ]
    )
    _, cover = label_groups(2 * count, pairs)
    straight, turned = cover[:count], cover[count:]
    if (straight == turned).any():
        return None
    areas = np.bincount(straight, face_areas(vertices_mm, faces), cover.max() + 1)
    # The cover that holds more area unturned is kept; ties go to the first.
    flip: Flags = (areas[straight] < areas[turned]) | (
        (areas[straight] == areas[turned]) & (straight > turned)
    )
    return flip


def outward(vertices_mm: Floats, faces: Whole) -> Flags:
    """Give the faces to turn so that each body looks outward and each cavity inward.

    Parameters
    ----------
    vertices_mm
        Corners, shape (n, 3). [mm]
    faces
        Closed bodies, shape (m, 3); each edge joins exactly two faces that agree.
    """
    bodies, labels = label_groups(len(faces), edge_table(faces).face_pairs())
    volumes = np.bincount(labels, signed_volumes(vertices_mm, faces), bodies)
    low, high = _boxes(vertices_mm, faces, labels, bodies)
    flip = np.zeros(len(faces), dtype=bool)
    areas = np.bincount(labels, face_areas(vertices_mm, faces), bodies)
    sliver_mm3 = SLIVER_FRACTION * (high - low).max(axis=1) * areas / 2
    for body in np.flatnonzero(volumes < -sliver_mm3):
        around = np.flatnonzero(
            (low <= low[body]).all(axis=1) & (high >= high[body]).all(axis=1)
        )
        own = labels == body
        others = np.isin(labels, around) & ~own
        seen_from = vertices_mm[faces[own][0]].mean(axis=0)
        if not _inside(seen_from, vertices_mm[faces[others]]):
            flip |= own
    return flip


def _boxes(
    vertices_mm: Floats, faces: Whole, labels: Whole, bodies: int
) -> tuple[Floats, Floats]:
    """Give the low and the high corner of each body's box, shape (bodies, 3)."""
    corners = vertices_mm[faces]
    low = np.full((bodies, 3), np.inf)
    high = np.full((bodies, 3), -np.inf)
    np.minimum.at(low, labels, corners.min(axis=1))
    np.maximum.at(high, labels, corners.max(axis=1))
    return low, high


def _inside(position_mm: Floats, triangles_mm: Floats) -> bool:
    """Tell whether a line upward leaves through an odd number of faces."""
    if not len(triangles_mm):
        return False
    flat = triangles_mm[:, :, :2] - position_mm[:2]
    ends = flat[:, [1, 2, 0]]
    turns = flat[..., 0] * ends[..., 1] - flat[..., 1] * ends[..., 0]
    hit = (turns > 0).all(axis=1) | (turns < 0).all(axis=1)
    weights = turns[hit][:, [1, 2, 0]]
    heights = (weights * triangles_mm[hit][:, :, 2]).sum(axis=1) / weights.sum(axis=1)
    return bool(np.count_nonzero(heights > position_mm[2]) % 2)
