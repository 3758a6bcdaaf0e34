"""Find the rims of holes and close them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import label_groups
from nearmade.geometry.repair_edges import edge_table, face_areas, face_vectors, point
from nearmade.geometry.repair_report import Hole

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: A rim is flat when it leaves its plane by less than this share of its width.
FLAT_FRACTION = 1e-3
#: Flat rims lie in one plane when their planes differ by less than this.
SAME_PLANE_COSINE = 0.9999
#: The best patch of a curved rim is sought among all up to this many edges, since the
#: cost grows with the cube; larger rims are closed as seen along their normal.
MAX_CURVED_EDGES = 150


@dataclass(frozen=True, slots=True, eq=False)
class Rim:
    """A closed line of open edges, in the direction that the patch runs.

    Parameters
    ----------
    vertices
        Indices of its corners in order, each once.
    points_mm
        Their positions, shape (n, 3). [mm]
    normal
        Of the plane that fits best; its length is the area inside. [mm2]
    deviation_mm
        How far the rim leaves that plane. [mm]
    face
        One of the faces beside it.
    """

    vertices: Whole
    points_mm: Floats
    normal: Floats
    deviation_mm: float
    face: int

    @property
    def flat(self) -> bool:
        """Tell whether the rim lies in one plane."""
        width_mm = float(np.ptp(self.points_mm, axis=0).max())
        return self.deviation_mm <= FLAT_FRACTION * width_mm

    @property
    def length_mm(self) -> float:
        """Length all round. [mm]"""
        steps = np.diff(self.points_mm, axis=0, append=self.points_mm[:1])
        return float(np.linalg.norm(steps, axis=1).sum())

    def fan_mm3(self, origin_mm: Floats) -> float:
        """Volume between the origin and a fan from the rim's middle. [mm3]"""
        near = self.points_mm - origin_mm
        middle = near.mean(axis=0)
        following = np.roll(near, -1, axis=0)
        return float(np.cross(near, following).sum(axis=0) @ middle / 6)


def rims(vertices_mm: Floats, faces: Whole) -> list[Rim] | None:
    """Give the rim of every hole; None where open edges do not close to lines.

    Where lines touch in a corner, each is cut off at its first return there.

    Parameters
    ----------
    vertices_mm
        Corners, shape (n, 3). [mm]
    faces
        Corner indices, shape (m, 3); neighbours agree.
    """
    table = edge_table(faces)
    lone = np.flatnonzero(table.count[table.edge] == 1)
    onward: dict[int, list[int]] = defaultdict(list)
    beside: dict[tuple[int, int], int] = {}
    # The patch runs against the faces that are there.
    for tail, head, half in zip(
        table.head[lone].tolist(),
        table.tail[lone].tolist(),
        lone.tolist(),
        strict=True,
    ):
        onward[tail].append(head)
        beside[tail, head] = half % len(faces)
    found = []
    while onward:
        path = [next(iter(onward))]
        place = {path[0]: 0}
        while path[-1] in onward:
            ways = onward[path[-1]]
            ahead = ways.pop()
            if not ways:
                del onward[path[-1]]
            if ahead in place:
                loop = path[place[ahead] :]
                del path[place[ahead] + 1 :]
                for vertex in loop[1:]:
                    del place[vertex]
                face = beside[loop[-1], ahead]
                found.append(_rim(vertices_mm, np.array(loop, dtype=np.int64), face))
            else:
                place[ahead] = len(path)
                path.append(ahead)
        if len(path) > 1:
            return None
    return found


def _rim(vertices_mm: Floats, loop: Whole, face: int) -> Rim:
    points = vertices_mm[loop]
    near = points - points.mean(axis=0)
    normal = np.cross(near, np.roll(near, -1, axis=0)).sum(axis=0) / 2
    length = float(np.linalg.norm(normal))
    # A rim without area is a crack; along it any plane will do.
    heights = near @ (normal / length) if length > 0 else np.zeros(1)
    return Rim(loop, points, normal, float(np.abs(heights).max()), face)


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """What closes one hole, or several that lie in one plane.

    Parameters
    ----------
    rims
        Rims that it closes.
    faces
        Its faces, shape (m, 3).
    """

    rims: list[Rim]
    faces: Whole


def patches(found: list[Rim]) -> list[Patch] | None:
    """Close every hole; None where a large curved one crosses itself.

    Flat rims in one plane are closed together, so that a ring stays a ring. Curved
    ones get the patch of least area.

    Parameters
    ----------
    found
        Rims of all holes.
    """
    found = sorted(found, key=lambda rim: -float(np.linalg.norm(rim.normal)))
    planes = _planes(found)
    closing = []
    waiting = np.ones(len(found), dtype=bool)
    for at, first in enumerate(found):
        if not waiting[at]:
            continue
        beside = np.flatnonzero(waiting & _same_plane(planes, at))
        patch = _patch([first, *(found[k] for k in beside if k != at)])
        if patch is None:
            return None
        closing.append(patch)
        waiting[at] = False
        if len(patch.rims) > 1:
            waiting[beside] = False
    return closing


def _patch(together: list[Rim]) -> Patch | None:
    """Close rims of one plane, or only the first where that fails."""
    first = together[0]
    if first.flat:
        for group in (together, [first])[len(together) == 1 :]:
            faces = _flat_patch(group)
            if faces is not None:
                return Patch(group, faces)
    large = len(first.vertices) > MAX_CURVED_EDGES
    faces = _flat_patch([first]) if large else _least_patch(first)
    return None if faces is None else Patch([first], faces)


@dataclass(frozen=True, slots=True, eq=False)
class _Planes:
    """The planes of all rims: unit normals, zero where a rim has none."""

    units: Floats
    middles_mm: Floats
    flat: NDArray[np.bool_]
    widths_mm: Floats


def _planes(found: list[Rim]) -> _Planes:
    normals = np.array([rim.normal for rim in found]).reshape(-1, 3)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    units = np.divide(normals, lengths, out=np.zeros_like(normals), where=lengths > 0)
    middles = [rim.points_mm.mean(axis=0) for rim in found]
    widths = [float(np.ptp(rim.points_mm, axis=0).max()) for rim in found]
    return _Planes(
        units,
        np.array(middles).reshape(-1, 3),
        np.array([rim.flat for rim in found], dtype=bool),
        np.array(widths),
    )


def _same_plane(planes: _Planes, at: int) -> NDArray[np.bool_]:
    """Tell which flat rims lie in the plane of one, whichever way round they run."""
    unit = planes.units[at]
    level = np.abs(planes.units @ unit) > SAME_PLANE_COSINE
    heights = np.abs((planes.middles_mm - planes.middles_mm[at]) @ unit)
    near = heights <= FLAT_FRACTION * planes.widths_mm[at]
    flags: NDArray[np.bool_] = planes.flat & planes.flat[at] & level & near
    return flags


def only_one_way(vertices_mm: Floats, faces: Whole, closing: list[Patch]) -> list[bool]:
    """Tell of each patch whether any draughtsman would draw it so.

    Its rims are flat, or each of its faces lies in the plane of a face of the mesh that
    it adjoins, straight or over other faces of patches.

    Parameters
    ----------
    vertices_mm
        Corners, shape (n, 3). [mm]
    faces
        Of the mesh with its holes, shape (m, 3).
    closing
        All its patches.
    """
    flat = [all(rim.flat for rim in patch.rims) for patch in closing]
    if all(flat):
        return flat
    together = np.concatenate([faces, *(patch.faces for patch in closing)])
    one, other = edge_table(together).face_pairs().T
    near = np.maximum(one, other) >= len(faces)
    one, other = one[near], other[near]
    vectors = face_vectors(vertices_mm, together)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    level = np.einsum("ij,ij->i", units[one], units[other]) > SAME_PLANE_COSINE
    pairs = np.stack([one[level], other[level]], axis=1)
    _, group = label_groups(len(together), pairs)
    continued = np.isin(group[len(faces) :], group[: len(faces)])
    ends = np.cumsum([len(patch.faces) for patch in closing])
    return [
        known or bool(continued[end - len(patch.faces) : end].all())
        for known, patch, end in zip(flat, closing, ends.tolist(), strict=True)
    ]


def _flat_patch(group: list[Rim]) -> Whole | None:
    """Triangulate rims of one plane; None where they cross each other.

    The triangles cover just the area between the rims when nothing crosses.
    """
    normal = group[0].normal
    length = float(np.linalg.norm(normal))
    if not length > 0:
        return None
    across = np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))])
    across /= np.linalg.norm(across)
    along = np.cross(normal / length, across)
    plane = np.stack([across, along], axis=1)
    middle = group[0].points_mm.mean(axis=0)
    outlines = [(rim.points_mm - middle) @ plane for rim in group]
    triangles = np.asarray(manifold3d.triangulate(outlines), dtype=np.int64)
    if len(triangles) != sum(map(len, outlines)) + 2 * (len(group) - 2):
        return None
    corners = np.concatenate(outlines)[triangles]
    sides = corners[:, 1:] - corners[:, :1]
    areas = (sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]) / 2
    wanted = sum(float(rim.normal @ normal) / length for rim in group)
    if not abs(np.abs(areas).sum() - wanted) <= 1e-6 * abs(wanted):
        return None
    return np.concatenate([rim.vertices for rim in group])[triangles]


def _least_patch(rim: Rim) -> Whole:
    """Give the triangles over one rim that have the least area together.

    References
    ----------
    .. [1] Barequet and Sharir, "Filling gaps in the boundary of a polyhedron", 1995,
       doi:10.1016/0167-8396(94)00011-G.
    """
    count = len(rim.vertices)
    points = rim.points_mm
    cost = np.zeros((count, count))
    choice = np.zeros((count, count), dtype=np.int64)
    for gap in range(2, count):
        for first in range(count - gap):
            last = first + gap
            between = np.arange(first + 1, last)
            sides = points[between] - points[first]
            vectors = np.cross(sides, points[last] - points[first])
            areas = np.sqrt(np.einsum("ij,ij->i", vectors, vectors)) / 2
            totals = cost[first, between] + cost[between, last] + areas
            best = int(np.argmin(totals))
            cost[first, last] = totals[best]
            choice[first, last] = between[best]
    triangles = []
    open_spans = [(0, count - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        middle = int(choice[first, last])
        triangles.append((first, middle, last))
        open_spans += [(first, middle), (middle, last)]
    return rim.vertices[np.array(triangles, dtype=np.int64).reshape(-1, 3)]


def described(vertices_mm: Floats, patch: Patch, *, certain: bool) -> list[Hole]:
    """Say where the holes of one patch were; the first one bears its area."""
    area_mm2 = float(face_areas(vertices_mm, patch.faces).sum())
    return [
        Hole(
            place_mm=point(rim.points_mm.mean(axis=0)),
            length_mm=rim.length_mm,
            edges=len(rim.vertices),
            area_mm2=0.0 if at else area_mm2,
            certain=certain,
        )
        for at, rim in enumerate(patch.rims)
    ]
