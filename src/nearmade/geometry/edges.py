"""How faces join along edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True, slots=True)
class EdgeCensus:
    """What the edges of a mesh say about it.

    Parameters
    ----------
    open
        Edges with one face.
    crowded
        Edges with three faces or more.
    clashing
        Edges with two faces of the same direction.
    unbalanced
        Edges not run through as often forward as backward; none means closed.
    pairs
        Faces that share an edge, shape (p, 2), indices into the faces given.
    open_ends
        Both corners of each open edge, shape (open, 2).
    open_faces
        Face of each open edge, shape (open,), index into the faces given.
    crowded_faces, clashing_faces
        Faces at such edges, each once, indices into the faces given.
    """

    open: int
    crowded: int
    clashing: int
    unbalanced: int
    pairs: NDArray[np.int64]
    open_ends: NDArray[np.int64]
    open_faces: NDArray[np.int64]
    crowded_faces: NDArray[np.int64]
    clashing_faces: NDArray[np.int64]


def count_edges(faces: NDArray[np.int64]) -> EdgeCensus:
    """Count edges by the faces that share them.

    Parameters
    ----------
    faces
        Corner indices, shape (m, 3), the three corners of each face distinct.
    """
    count = len(faces)
    tail, head = faces.T.reshape(-1), faces[:, [1, 2, 0]].T.reshape(-1)
    span = int(faces.max(initial=0)) + 1
    backward = tail > head
    keys = np.where(backward, head * span + tail, tail * span + head)
    order = np.argsort(keys)
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    starts = starts if count else np.zeros(0, dtype=np.int64)
    sizes = np.diff(starts, append=len(ordered))
    signs = np.where(backward[order], -1, 1)
    sums = np.add.reduceat(signs, starts) if count else np.zeros(0, dtype=np.int64)
    owners = order % max(count, 1)
    within = np.ones(max(len(ordered) - 1, 0), dtype=bool)
    within[starts[1:] - 1] = False
    pairs = np.stack([owners[:-1][within], owners[1:][within]], axis=1)
    lone = order[starts[sizes == 1]]
    crowded, clashing = sizes > 2, (sizes == 2) & (sums != 0)
    return EdgeCensus(
        open=len(lone),
        crowded=int(np.count_nonzero(crowded)),
        clashing=int(np.count_nonzero(clashing)),
        unbalanced=int(np.count_nonzero(sums)),
        pairs=pairs,
        open_ends=np.stack([tail[lone], head[lone]], axis=1),
        open_faces=owners[starts[sizes == 1]],
        crowded_faces=_faces_at(crowded, starts, sizes, owners),
        clashing_faces=_faces_at(clashing, starts, sizes, owners),
    )


def _faces_at(
    chosen: NDArray[np.bool_],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    owners: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Give the faces at the chosen edges, each once."""
    many = sizes[chosen]
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    return np.unique(owners[np.repeat(starts[chosen], many) + within])


def label_groups(count: int, pairs: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    """Give the number of groups that pairs join, and the group of each of ``count``.

    Parameters
    ----------
    count
        How many things there are.
    pairs
        Joined things, shape (p, 2), indices in 0..count-1.
    """
    if not count:
        return 0, np.zeros(0, dtype=np.int64)
    graph = coo_array(
        (np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])),
        shape=(count, count),
    )
    number, labels = connected_components(graph, directed=False)
    return int(number), labels.astype(np.int64)
