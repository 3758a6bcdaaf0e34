"""Turn STEP files, which are drawn by curves, into triangles.

Knows: where OpenCASCADE is installed, how to call it cut off from the machine, how near
the triangles lie to the curves.
Leaves to others: what the mesh is good for; every rule that meshes have to meet (gate).
Public: ``tessellate``, ``Tessellation``, ``Settings``.
"""

from nearmade.adapters.step.settings import Settings
from nearmade.adapters.step.tessellation import Tessellation, tessellate

__all__ = ["Settings", "Tessellation", "tessellate"]
