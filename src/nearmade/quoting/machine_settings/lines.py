"""Facts read off vendors' presets by ``tools/read_presets.py``."""

from __future__ import annotations

from nearmade.quoting.print_settings import Lines, Shells

LINES = (
    Lines(0.2, 0.2, 0.45, 0.45, 0.45, 0.45, 0.4, 0.42, 0.35),
    Lines(0.2, 0.2, 0.42, 0.44, 0.44, 0.44, 0.4, 0.42, 0.36),
)

SHELLS = (
    Shells(2, 6, 4, 0.7, 0.5, 0.2, "gyroid", 0.25, 0.95),
    Shells(3, 5, 4, 0, 0, 0.2, "grid", 0.23, 0.95),
)
