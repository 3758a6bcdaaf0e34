"""Which settings each profile has; written by ``tools/read_presets.py``."""

from __future__ import annotations

#: Of each profile the places of lines, shells, speeds, motion,
#: retraction, adhesion, supports; then nozzle and filament diameter [mm],
#: hottest nozzle and bed [degC], density [g/cm3].
ROWS: dict[str, tuple[float, ...]] = {
    "mk3s-pla-0.20": (0, 0, 0, 0, 0, 0, 0, 0.4, 1.75, 215, 60, 1.24),
    "mk3s-petg-0.20": (0, 0, 1, 0, 1, 0, 0, 0.4, 1.75, 250, 90, 1.27),
    "mk3s-tpu-0.20": (0, 0, 2, 0, 2, 0, 0, 0.4, 1.75, 235, 50, 1.21),
    "mk3s-abs-0.20": (0, 0, 3, 0, 0, 0, 0, 0.4, 1.75, 255, 110, 1.04),
    "mini-pla-0.20": (0, 0, 4, 1, 3, 1, 0, 0.4, 1.75, 215, 60, 1.24),
    "mini-petg-0.20": (0, 0, 5, 1, 4, 1, 0, 0.4, 1.75, 250, 90, 1.27),
    "ender3-pla-0.20": (1, 1, 6, 2, 5, 2, 1, 0.4, 1.75, 215, 60, 1.24),
    "ender3-petg-0.20": (1, 1, 7, 2, 5, 2, 1, 0.4, 1.75, 245, 70, 1.27),
}
