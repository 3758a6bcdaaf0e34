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
    Motion(
        (1000, 800, 2000, 1000, 800),
        (9000, 9000, 500, 10000),
        2000,
        2000,
        (10, 10, 0.2, 4.5),
        (500, 500, 12, 120),
    ),
    Motion(
        (500, 0, 0, 250, 0),
        (500, 500, 100, 1000),
        500,
        500,
        (8, 8, 0.4, 5),
        (500, 500, 5, 60),
    ),
    Motion(
        (500, 0, 0, 250, 0),
        (500, 500, 100, 1000),
        500,
        500,
        (8, 8, 0.4, 5),
        (300, 300, 5, 60),
    ),
    Motion(
        (1000, 800, 1000, 1000, 800),
        (3000, 2000, 60, 10000),
        1250,
        1250,
        (10, 10, 0.4, 5),
        (500, 500, 8, 30),
    ),
    Motion(
        (900, 500, 600, 300, 300),
        (900, 900, 100, 5000),
        1250,
        1250,
        (6, 6, 0.2, 5),
        (200, 200, 16, 120),
    ),
    Motion(
        (1000, 800, 1000, 1000, 500),
        (1000, 1000, 1000, 5000),
        1250,
        1250,
        (8, 8, 0.4, 1.5),
        (200, 200, 12, 120),
    ),
    Motion(
        (0, 0, 0, 0, 0),
        (500, 500, 100, 5000),
        500,
        500,
        (8, 8, 0.4, 5),
        (500, 500, 10, 60),
    ),
    Motion(
        (500, 500, 500, 500, 500),
        (9000, 9000, 100, 10000),
        1500,
        1500,
        (20, 20, 0.2, 2.5),
        (800, 800, 8, 40),
    ),
    Motion(
        (500, 500, 500, 500, 500),
        (9000, 9000, 100, 1000),
        1000,
        1000,
        (12, 12, 0.2, 2.5),
        (800, 800, 3, 40),
    ),
    Motion(
        (3000, 3000, 4000, 0, 1000),
        (9000, 9000, 100, 5000),
        9000,
        9000,
        (5, 5, 0.4, 5),
        (500, 500, 10, 60),
    ),
    Motion(
        (0, 0, 0, 0, 0),
        (3000, 3000, 100, 10000),
        1000,
        1000,
        (10, 10, 0.2, 2.5),
        (150, 150, 50, 25),
    ),
    Motion(
        (0, 0, 0, 0, 0),
        (9000, 9000, 500, 10000),
        1500,
        1500,
        (10, 10, 0.2, 2.5),
        (500, 500, 12, 120),
    ),
    Motion(
        (3000, 2000, 4000, 3000, 1000),
        (9000, 9000, 500, 10000),
        1500,
        1500,
        (10, 10, 0.2, 2.5),
        (500, 500, 12, 120),
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
    Retraction(
        2.7, 70, 40, 0.2, 3, wipes=False, wiped_fraction=0.3, on_layer_change=True
    ),
    Retraction(5, 60, 40, 0, 2, wipes=True, wiped_fraction=0.3, on_layer_change=True),
    Retraction(0.8, 30, 30, 0, 1, wipes=True, wiped_fraction=1, on_layer_change=True),
    Retraction(6, 60, 40, 0, 2, wipes=True, wiped_fraction=0.3, on_layer_change=True),
    Retraction(
        6, 40, 50, 0.075, 1.5, wipes=True, wiped_fraction=0.4, on_layer_change=True
    ),
    Retraction(
        4, 40, 15, 0.075, 5, wipes=True, wiped_fraction=0.4, on_layer_change=True
    ),
    Retraction(2.5, 35, 25, 0, 2, wipes=False, wiped_fraction=1, on_layer_change=True),
    Retraction(2.5, 30, 20, 0, 2, wipes=False, wiped_fraction=1, on_layer_change=True),
    Retraction(1.9, 35, 35, 0.6, 1, wipes=True, wiped_fraction=1, on_layer_change=True),
    Retraction(2.5, 30, 30, 0.6, 4, wipes=True, wiped_fraction=1, on_layer_change=True),
    Retraction(1, 40, 20, 0, 2, wipes=True, wiped_fraction=1, on_layer_change=True),
    Retraction(2, 40, 20, 0, 2, wipes=True, wiped_fraction=1, on_layer_change=False),
    Retraction(0.6, 40, 40, 0, 1, wipes=False, wiped_fraction=1, on_layer_change=True),
    Retraction(1.2, 40, 40, 0, 1, wipes=True, wiped_fraction=1, on_layer_change=True),
    Retraction(0.7, 40, 40, 0, 1, wipes=True, wiped_fraction=1, on_layer_change=False),
    Retraction(3, 60, 40, 0, 2, wipes=False, wiped_fraction=1, on_layer_change=True),
    Retraction(6, 50, 50, 0, 5, wipes=False, wiped_fraction=1, on_layer_change=True),
    Retraction(2, 50, 30, 0.4, 3, wipes=False, wiped_fraction=1, on_layer_change=False),
    Retraction(
        0.75, 50, 30, 0.4, 3, wipes=False, wiped_fraction=1, on_layer_change=False
    ),
)
