"""Facts read off vendors' presets by ``tools/read_presets.py``."""

from __future__ import annotations

from nearmade.quoting.print_settings import Adhesion, Supports

ADHESION = (
    Adhesion(1, 3, 2, 4, 0, 51.7136, 6.19667),
    Adhesion(1, 3, 2, 4, 0, 43.2951, 15.4986),
    Adhesion(1, 2, 3, 4, 0, 48.1056, 36.8376),
    Adhesion(1, 3, 2, 4, 0, 143.114, 30.4234),
    Adhesion(2, 1, 5, 0, 0, 12.0264, 14.8779),
    Adhesion(1, 1, 6, 4, 0, 108.238, 7.40962),
    Adhesion(1, 2, 2, 4, 0, 48.1056, 36.8376),
    Adhesion(3, 1, 3, 0, 0, 0, 128.204),
    Adhesion(3, 1, 3, 0, 0, 95.6909, 49.3838),
    Adhesion(2, 1, 10, 4, 0, 0, 0),
    Adhesion(3, 1, 3, 25, 0, 0, 5.77618),
    Adhesion(3, 1, 5, 4, 0, 0, 6.28284),
    Adhesion(1, 1, 3, 2, 0, 0, 14.6577),
    Adhesion(3, 1, 3, 20, 0, 0, 0),
)

SUPPORTS = (
    Supports(50, 2, 0.2, 2, 0, 0.2, 0.27, holds_bridges=True, pattern="rectilinear"),
    Supports(50, 2, 0.2, 2, 0, 0.2, 0.36, holds_bridges=True, pattern="rectilinear"),
    Supports(40, 1, 0.2, 2, 2, 0.15, 0.252, holds_bridges=False, pattern="rectilinear"),
    Supports(50, 2, 0.2, 2, 2, 0.1, 0.27, holds_bridges=False, pattern="rectilinear"),
    Supports(50, 2, 0.2, 2, 2, 0.1, 0.36, holds_bridges=False, pattern="rectilinear"),
    Supports(
        45, 2.5, 0.2, 2, 2, 0.2, 0.27, holds_bridges=False, pattern="rectilinear-grid"
    ),
    Supports(55, 2, 0.2, 2, 2, 0.15, 0.225, holds_bridges=False, pattern="rectilinear"),
    Supports(45, 2, 0.2, 2, 2, 0.15, 0.27, holds_bridges=False, pattern="rectilinear"),
    Supports(0, 2.5, 0, 3, 3, 0.2, 0.28, holds_bridges=False, pattern="rectilinear"),
    Supports(65, 2, 0.2, 2, 2, 0.2, 0.24, holds_bridges=False, pattern="rectilinear"),
    Supports(0, 4, 0.2, 2, 2, 0.2, 0.8, holds_bridges=True, pattern="rectilinear-grid"),
    Supports(30, 1, 0.2, 1, 1, 0.15, 0.6, holds_bridges=False, pattern="rectilinear"),
)
