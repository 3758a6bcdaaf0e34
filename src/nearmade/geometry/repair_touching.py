"""Part bodies that touch along an edge or in a point, so that each is a solid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import label_groups
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.repair_edges import EdgeTable, edge_table, face_vectors

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: How far corners that lay on one point are moved apart, as a share of the diagonal.
PART_FRACTION = 1e-5
#: Steps between neighbouring 32-bit numbers that they must lie apart at least, since a
#: file of that width would join them again.
MIN_STEPS = 8
#: More crowded edges than this are no touching bodies but noise.
MAX_CROWDED_EDGES = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """Bodies apart.

    Parameters
    ----------
    mesh
        Each edge joins exactly two faces.
    came_from
        For each corner, which one it was.
    vertices_parted
        Corners more than before.
    parted_by_mm
        How far they were moved. [mm]
    """

    mesh: Mesh
    came_from: Whole
    vertices_parted: int
    parted_by_mm: float


def parted(mesh: Mesh) -> Parted | None:
    """Part what touches; None where crowded edges do not belong to closed bodies.

    Around an edge with more than two faces, each is joined with the one on the other
    side of the same solid wedge. Corners of different wedges then become different
    ones, each moved a little into its own body.

    Parameters
    ----------
    mesh
        A mesh whose edges are run through as often forward as backward, looking
        outward.
    """
    table = edge_table(mesh.faces)
    crowded = np.flatnonzero(table.count > 2)
    if table.balance.any() or len(crowded) > MAX_CROWDED_EDGES:
        return None
    wedges = _wedges(mesh, table, crowded)
    pairs = np.concatenate([table.partner_pairs, wedges])
    one, other = pairs.T
    faces = len(mesh.faces)
    ahead_one, ahead_other = (one + faces) % (3 * faces), (other + faces) % (3 * faces)
    # Partners run against each other: the tail of one is the head of the other.
    same = np.concatenate(
        [np.stack([one, ahead_other], 1), np.stack([ahead_one, other], 1)]
    )
    number, corner = label_groups(3 * faces, same)
    came_from = np.zeros(number, dtype=np.int64)
    came_from[corner] = mesh.faces.T.reshape(-1)
    apart = corner.reshape(3, faces).T
    moved = np.bincount(came_from, minlength=len(mesh.vertices_mm))[came_from] > 1
    reach_mm = _reach_mm(mesh.vertices_mm)
    inward = _inward(mesh.vertices_mm[came_from], apart)
    vertices_mm = mesh.vertices_mm[came_from] + np.where(
        moved[:, None], inward * reach_mm, 0.0
    )
    extra = number - len(np.unique(mesh.faces))
    return Parted(Mesh(vertices_mm, apart), came_from, extra, reach_mm)


def _reach_mm(vertices_mm: Floats) -> float:
    diagonal_mm = float(np.linalg.norm(np.ptp(vertices_mm, axis=0)))
    step = float(np.spacing(np.float32(np.abs(vertices_mm).max())))
    return max(PART_FRACTION * diagonal_mm, MIN_STEPS * step)


def _inward(vertices_mm: Floats, faces: Whole) -> Floats:
    """Give the direction into the body at each corner, of length one."""
    vectors = face_vectors(vertices_mm, faces)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    sums = np.zeros_like(vertices_mm)
    for k in range(3):
        weights = _corner_angles(vertices_mm, faces, k)[:, None]
        np.add.at(sums, faces[:, k], units * weights)
    size = np.linalg.norm(sums, axis=1, keepdims=True)
    inward: Floats = -np.divide(sums, size, out=np.zeros_like(sums), where=size > 0)
    return inward


def _corner_angles(vertices_mm: Floats, faces: Whole, k: int) -> Floats:
    here = vertices_mm[faces[:, k]]
    u = vertices_mm[faces[:, (k + 1) % 3]] - here
    v = vertices_mm[faces[:, (k + 2) % 3]] - here
    sines = np.linalg.norm(np.cross(u, v), axis=1)
    angles: Floats = np.arctan2(sines, np.einsum("ij,ij->i", u, v))
    return angles


def _wedges(mesh: Mesh, table: EdgeTable, crowded: Whole) -> Whole:
    """Pair the half-edges of each crowded edge by the solid between them."""
    chosen = np.flatnonzero(np.isin(table.edge, crowded))
    chosen = chosen[np.argsort(table.edge[chosen], kind="stable")]
    groups = np.split(chosen, np.cumsum(table.count[crowded])[:-1])
    pairs = [pair for group in groups if len(group) for pair in _around(mesh, group)]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _around(mesh: Mesh, halves: Whole) -> list[tuple[int, int]]:
    """Pair half-edges around one edge: a solid lies between backward and forward.

    A face that runs forward has its solid on the side of smaller angles, one that runs
    backward on the side of larger ones.
    """
    count = len(mesh.faces)
    face, slot = halves % count, halves // count
    tail, head = mesh.faces[face, slot], mesh.faces[face, (slot + 1) % 3]
    low, high = min(tail[0], head[0]), max(tail[0], head[0])
    axis = mesh.vertices_mm[high] - mesh.vertices_mm[low]
    axis /= max(float(np.linalg.norm(axis)), 1e-300)
    arms = mesh.vertices_mm[mesh.faces[face, (slot + 2) % 3]] - mesh.vertices_mm[low]
    across = np.cross(axis, np.eye(3)[int(np.argmin(np.abs(axis)))])
    upward = np.cross(axis, across)
    angles = np.arctan2(arms @ upward, arms @ across)
    forward = tail == low
    # Where two faces lie on each other, the solid that ends comes first.
    order = np.lexsort((~forward, angles))
    steps = np.where(forward[order], -1, 1)
    start = (int(np.argmin(np.cumsum(steps))) + 1) % len(order)
    waiting: list[int] = []
    pairs = []
    for half in np.roll(order, -start).tolist():
        if not forward[half]:
            waiting.append(half)
        else:
            pairs.append((int(halves[waiting.pop()]), int(halves[half])))
    return pairs
