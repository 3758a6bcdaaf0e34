"""Half-edges of a mesh under repair, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import label_groups
from nearmade.geometry.repair_report import Fault, FaultKind, Point

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: The code of each kind of edge in ``EdgeTable.kind``; 0 is right.
KINDS: tuple[FaultKind, ...] = ("open", "crowded", "clashing")
OPEN, CROWDED, CLASHING = 1, 2, 3


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTable:
    """Every half-edge of a mesh beside its partners.

    Half-edge ``k m + f`` of ``m`` faces runs from corner ``k`` of face ``f`` to the
    next one.

    Parameters
    ----------
    tail, head
        Vertices of each half-edge, shape (3 m,).
    edge
        Edge that each half-edge belongs to, shape (3 m,).
    count
        Half-edges of each edge.
    balance
        Half-edges that run one way less those that run the other, each edge.
    partner_pairs
        Half-edges of edges with exactly two, shape (p, 2).
    """

    tail: Whole
    head: Whole
    edge: Whole
    count: Whole
    balance: Whole
    partner_pairs: Whole

    @property
    def kind(self) -> NDArray[np.int8]:
        """Fault of each edge: 0 none, else its place in ``KINDS`` plus one."""
        kinds = np.zeros(len(self.count), dtype=np.int8)
        kinds[(self.count == 2) & (self.balance != 0)] = CLASHING
        kinds[self.count > 2] = CROWDED
        kinds[self.count == 1] = OPEN
        return kinds

    @property
    def faults(self) -> int:
        """How many edges are wrong."""
        return int(np.count_nonzero(self.kind))

    def face_pairs(self) -> Whole:
        """Faces that meet in an edge of exactly two, shape (p, 2)."""
        faces = len(self.tail) // 3
        return self.partner_pairs % max(faces, 1)


def edge_table(faces: Whole) -> EdgeTable:
    """Match the half-edges of faces whose three corners are distinct.

    Parameters
    ----------
    faces
        Corner indices, shape (m, 3).
    """
    tail, head = faces.T.reshape(-1), faces[:, [1, 2, 0]].T.reshape(-1)
    span = int(faces.max(initial=0)) + 1
    keys = np.minimum(tail, head) * span + np.maximum(tail, head)
    _, edge, count = np.unique(keys, return_inverse=True, return_counts=True)
    edge = edge.reshape(-1).astype(np.int64)
    signs = np.where(tail > head, -1, 1)
    balance = np.bincount(edge, weights=signs, minlength=len(count)).astype(np.int64)
    order = np.argsort(edge, kind="stable")
    starts = np.cumsum(count) - count
    two = starts[count == 2]
    pairs = np.stack([order[two], order[two + 1]], axis=1)
    return EdgeTable(tail, head, edge, count.astype(np.int64), balance, pairs)


def touching_bodies(faces: Whole) -> int:
    """Count bodies; faces that share an edge, however many, belong to one."""
    table = edge_table(faces)
    order = np.argsort(table.edge, kind="stable")
    same = table.edge[order][1:] == table.edge[order][:-1]
    owners = order % max(len(faces), 1)
    pairs = np.stack([owners[:-1][same], owners[1:][same]], axis=1)
    number, _ = label_groups(len(faces), pairs)
    return number


def named_faults(vertices_mm: Floats, faces: Whole, limit: int) -> tuple[Fault, ...]:
    """Give the first edges that are wrong, with their ends.

    Parameters
    ----------
    vertices_mm
        Corners, shape (n, 3). [mm]
    faces
        Corner indices, shape (m, 3), the three of each face distinct.
    limit
        How many are named.
    """
    table = edge_table(faces)
    kinds = table.kind
    _, first = np.unique(table.edge, return_index=True)
    wrong = np.flatnonzero(kinds)[:limit]
    return tuple(
        Fault(
            KINDS[kinds[edge] - 1],
            point(vertices_mm[table.tail[first[edge]]]),
            point(vertices_mm[table.head[first[edge]]]),
        )
        for edge in wrong
    )


def point(values: Floats) -> Point:
    """Give one position as plain numbers."""
    x, y, z = values.tolist()
    return x, y, z


def face_vectors(vertices_mm: Floats, faces: Whole) -> Floats:
    """Give twice each face's area along its normal, shape (m, 3). [mm2]"""
    a, b, c = (vertices_mm[faces[:, k]] for k in range(3))
    return np.cross(b - a, c - a)


def face_areas(vertices_mm: Floats, faces: Whole) -> Floats:
    """Give the area of each face. [mm2]"""
    lengths: Floats = np.linalg.norm(face_vectors(vertices_mm, faces), axis=1)
    return lengths / 2


def signed_volumes(vertices_mm: Floats, faces: Whole) -> Floats:
    """Give what each face adds to the volume, seen from the middle. [mm3]"""
    if not len(faces):
        return np.zeros(0)
    used = vertices_mm[faces.reshape(-1)]
    near = vertices_mm - (used.min(axis=0) + used.max(axis=0)) / 2
    vectors = face_vectors(near, faces)
    parts: Floats = np.einsum("ij,ij->i", near[faces[:, 0]], vectors)
    return parts / 6
