"""Facts read off vendors' presets by ``tools/read_presets.py``."""

from __future__ import annotations

from nearmade.quoting.print_settings import Motion, Retraction

MOTION = (
    Motion(
        (1000, 800, 1000, 1000, 800),
        (1000, 1000, 200, 5000),
        1250,
        1250,
        (8, 8, 0.4, 4.5),
        (200, 200, 12, 120),
    ),
    Motion(
        (1000, 800, 1000, 1000, 800),
        (2500, 2500, 400, 5000),
        1250,
        2500,
        (8, 8, 2, 10),
        (180, 180, 12, 80),
    ),
    Motion(
        (500, 0, 0, 250, 0),
        (500, 500, 100, 5000),
        500,
        500,
        (8, 8, 0.4, 5),
        (500, 500, 10, 60),
    ),
)

RETRACTION = (
    Retraction(0.8, 35, 35, 0.4, 1, wipes=True, wiped_fraction=1, on_layer_change=True),
    Retraction(1, 35, 35, 0.2, 1, wipes=True, wiped_fraction=1, on_layer_change=True),
    Retraction(2, 45, 20, 0, 3, wipes=False, wiped_fraction=1, on_layer_change=True),
    Retraction(
        3.2, 70, 40, 0.2, 1.5, wipes=True, wiped_fraction=0.3, on_layer_change=True
    ),
    Retraction(
        3.2, 45, 25, 0.2, 1, wipes=True, wiped_fraction=0.3, on_layer_change=True
    ),
    Retraction(5, 60, 40, 0, 2, wipes=True, wiped_fraction=0.3, on_layer_change=True),
)
