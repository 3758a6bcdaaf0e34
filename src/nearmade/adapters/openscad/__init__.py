"""OpenSCAD as an outside program: parameters in, meshes out.

Knows: where the engines are, how they fail silently, how to shut them in.
Leaves to others: what values are allowed (designs), what a mesh is worth (geometry).
Public: ``render``, ``Rendered``, ``Settings``, ``engine_version``; ``ENGINE_VERSION``
is the engine of this process, ``none`` where there is none.
"""

from nearmade.adapters.openscad.engines import (
    Settings,
    engine_version,
    known_engine_version,
)
from nearmade.adapters.openscad.rendering import Rendered, render

ENGINE_VERSION = known_engine_version()

__all__ = ["ENGINE_VERSION", "Rendered", "Settings", "engine_version", "render"]
