"""Facts read off vendors' presets by ``tools/read_presets.py``."""

from __future__ import annotations

from nearmade.quoting.print_settings import Adhesion, Supports

ADHESION = (
    Adhesion(1, 3, 2, 4, 0, 51.7136, 6.19667),
    Adhesion(1, 3, 2, 4, 0, 43.2951, 15.4986),
    Adhesion(1, 2, 3, 4, 0, 48.1056, 36.8376),
)

SUPPORTS = (
    Supports(50, 2, 0.2, 2, 0, 0.2, 0.27, holds_bridges=True, pattern="rectilinear"),
    Supports(40, 1, 0.2, 2, 2, 0.15, 0.252, holds_bridges=False, pattern="rectilinear"),
)
