"""Facts read off vendors' presets by ``tools/read_presets.py``."""

from __future__ import annotations

from nearmade.quoting.print_settings import Adhesion, Supports

#: skirts, skirt_layers, skirt_gap_mm, skirt_least_mm, brim_mm, intro_mm3, intro_s.
ADHESION = tuple(
    Adhesion(*row)
    for row in (
        (1, 3, 2, 4, 0, 51.7136, 6.19667),
        (1, 3, 2, 4, 0, 43.2951, 15.4986),
        (1, 2, 3, 4, 0, 48.1056, 36.8376),
        (1, 3, 2, 4, 0, 143.114, 30.4234),
        (2, 1, 5, 0, 0, 12.0264, 14.8779),
        (1, 1, 6, 4, 0, 108.238, 7.40962),
        (1, 2, 2, 4, 0, 48.1056, 36.8376),
        (3, 1, 3, 0, 0, 0, 128.204),
        (3, 1, 3, 0, 0, 95.6909, 49.3838),
        (2, 1, 10, 4, 0, 0, 0),
        (3, 1, 3, 25, 0, 0, 5.77618),
        (3, 1, 5, 4, 0, 0, 6.28284),
        (1, 1, 3, 2, 0, 0, 14.6577),
        (3, 1, 3, 20, 0, 0, 0),
    )
)

#: threshold_deg, spacing_mm, interface_spacing_mm, interface_layers,
#: bottom_interface_layers, gap_mm, side_gap_mm, holds_bridges, pattern, thinnest_mm,
#: thickest_mm, first_spread_mm, first_fraction.
SUPPORTS = tuple(
    Supports(*row)
    for row in (
        (50, 2, 0.2, 2, 0, 0.2, 0.27, True, "rectilinear", 0.07, 0.25, 3, 0.9),
        (50, 2, 0.2, 2, 0, 0.2, 0.36, True, "rectilinear", 0.07, 0.25, 3, 0.9),
        (40, 1, 0.2, 2, 2, 0.15, 0.252, False, "rectilinear", 0.08, 0.32, 3, 0.9),
        (50, 2, 0.2, 2, 2, 0.1, 0.27, False, "rectilinear", 0.07, 0.36, 3, 0.9),
        (50, 2, 0.2, 2, 2, 0.1, 0.36, False, "rectilinear", 0.07, 0.36, 3, 0.9),
        (45, 2.5, 0.2, 2, 2, 0.2, 0.27, False, "rectilinear-grid", 0.07, 0.3, 3, 0.9),
        (55, 2, 0.2, 2, 2, 0.15, 0.225, False, "rectilinear", 0.07, 0.25, 3, 0.9),
        (45, 2, 0.2, 2, 2, 0.15, 0.27, False, "rectilinear", 0.08, 0.28, 3, 0.9),
        (0, 2.5, 0, 3, 3, 0.2, 0.28, False, "rectilinear", 0.07, 0, 3, 0.9),
        (65, 2, 0.2, 2, 2, 0.2, 0.24, False, "rectilinear", 0.05, 0.3, 3, 0.9),
        (45, 2, 0.2, 2, 2, 0.15, 0.27, False, "rectilinear", 0.08, 0.3, 3, 0.9),
        (0, 4, 0.2, 2, 2, 0.2, 0.8, True, "rectilinear-grid", 0.08, 0.3, 3, 0.9),
        (30, 1, 0.2, 1, 1, 0.15, 0.6, False, "rectilinear", 0.0375, 0.3, 3, 0.9),
    )
)
