"""Where straight lines first meet a surface."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.solid import Solid

try:  # not made for every kind of processor
    from embreex import rtcore_scene
    from embreex.mesh_construction import TriangleMesh
except ImportError:  # pragma: no cover
    rtcore_scene = None

Points = NDArray[np.float64]


def many_rays() -> bool:
    """Tell whether thousands of rays cost little on this machine."""
    return rtcore_scene is not None


def first_hits(
    mesh: Mesh, solid: Solid, starts_mm: Points, ways: Points
) -> tuple[Points, Points]:
    """Give how far each ray goes, and the normal that it meets; inf and 0 for none.

    Where embree is not installed manifold3d casts the rays, some hundred times slower.

    Parameters
    ----------
    mesh, solid
        The surface, and the solid made of it.
    starts_mm
        Where rays start, shape (n, 3). [mm]
    ways
        Unit vectors, shape (n, 3).

    References
    ----------
    .. [1] I. Wald et al., "Embree", ACM Trans. Graph. 33 (2014),
       doi:10.1145/2601097.2601199.
    """
    if rtcore_scene is None:
        return _slow_hits(solid, starts_mm, ways)
    centre = (solid.low_mm + solid.high_mm) / 2
    scene = rtcore_scene.EmbreeScene()
    TriangleMesh(scene, (mesh.triangles_mm - centre).astype(np.float32))
    found = scene.run(
        (starts_mm - centre).astype(np.float32), ways.astype(np.float32), output=True
    )
    met = found["primID"].astype(np.int64)
    distances = np.where(met >= 0, found["tfar"], np.inf).astype(np.float64)
    corners = mesh.triangles_mm[met]
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(crosses, axis=1)
    known = (met >= 0) & (lengths > 0)
    return distances, np.where(
        known[:, None], crosses / np.where(known, lengths, 1.0)[:, None], 0.0
    )


def _slow_hits(solid: Solid, starts_mm: Points, ways: Points) -> tuple[Points, Points]:
    reach = float(np.linalg.norm(solid.high_mm - solid.low_mm)) + 1.0
    distances, normals = np.full(len(starts_mm), np.inf), np.zeros((len(starts_mm), 3))
    ends = (starts_mm + ways * reach).tolist()
    for place, (start, end) in enumerate(zip(starts_mm.tolist(), ends, strict=True)):
        hits = solid.body.ray_cast(start, end)
        if hits:
            distances[place] = hits[0].distance * reach
            normals[place] = hits[0].normal
    return distances, normals
