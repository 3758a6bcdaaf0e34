"""Facts of meshes that were measured before, by the hash of the very arrays."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Final

import numpy as np

from nearmade.geometry.facts import PartFacts
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh

#: Most meshes that are remembered; the one asked for longest ago is forgotten first.
MOST: Final = 512

_known: OrderedDict[bytes, PartFacts] = OrderedDict()
_lock: Final = Lock()


def facts_of(mesh: Mesh) -> PartFacts:
    """Give the facts of a mesh, measured now unless they are known.

    Parameters
    ----------
    mesh
        Any mesh. The same arrays give the same facts; with the survey where that was
        remembered, else without.
    """
    key = _key(mesh)
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    facts = measure(mesh)
    _keep(key, facts)
    return facts


def remember(mesh: Mesh, facts: PartFacts) -> None:
    """Keep the facts that somebody else has measured of a mesh."""
    _keep(_key(mesh), facts)


def _keep(key: bytes, facts: PartFacts) -> None:
    with _lock:
        known = _known.get(key)
        if known is None or known.survey is None:
            _known[key] = facts
        _known.move_to_end(key)
        while len(_known) > MOST:
            _known.popitem(last=False)


def _key(mesh: Mesh) -> bytes:
    digest = hashlib.sha256(np.ascontiguousarray(mesh.vertices_mm).tobytes())
    digest.update(len(mesh.vertices_mm).to_bytes(8, "little"))
    digest.update(np.ascontiguousarray(mesh.faces).tobytes())
    return digest.digest()
