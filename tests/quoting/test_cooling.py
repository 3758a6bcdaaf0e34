"""Layers too short to cool: the slicer's order of slowing lines down."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from nearmade.quoting.cooling import UNSLOWED, Caps, slowest_speeds
from nearmade.quoting.layer_lines import Kind, LayerLines
from nearmade.quoting.toolpaths import Paths
from tests.quoting.parts import MK3S

#: 15 s a layer, nothing below 15 mm/s.
SETTINGS = MK3S.settings
LINE_MM2 = 0.0814


def kind(name: str, length_mm: float, speed: float, cooled: int) -> Kind:
    paths = Paths(np.array([[length_mm, 0.0]]), np.array([True]), np.array([length_mm]))
    return Kind(name, paths, np.array([speed]), 1000.0, LINE_MM2, cooled)


def layer(*kinds: Kind) -> LayerLines:
    return LayerLines(
        kinds=kinds,
        walled_mm3=0.0,
        filled_mm3=0.0,
        bridged_mm3=0.0,
        sparse_mm=0.0,
        sparse_edge_mm=0.0,
        sparse_starts=0.0,
        sparse_speed=80.0,
        extra_outer_mm=0.0,
        extra_inner_mm=0.0,
        thin_pieces=0,
        size_mm=10.0,
    )


def test_a_long_layer_is_left_alone() -> None:
    long = layer(kind("outer", 400, 25, 1), kind("inner", 400, 45, 2))
    assert slowest_speeds(long, SETTINGS, 0.0) == UNSLOWED


def test_inner_lines_are_slowed_first() -> None:
    # 5 s of outer wall at 25 mm/s are left as they are; 300 mm must take 10 s.
    short = layer(kind("outer", 125, 25, 1), kind("inner", 300, 45, 2))
    caps = slowest_speeds(short, SETTINGS, 0.0)
    assert caps.outer == math.inf
    assert caps.others == pytest.approx(30, rel=1e-4)


def test_the_fastest_lines_come_down_to_one_speed() -> None:
    # 100 mm at 20 mm/s stay: 5 s. 200 mm at 80 must take what is left of 15 - 5.
    short = layer(kind("inner", 100, 20, 2), kind("solid", 200, 80, 2))
    caps = slowest_speeds(short, SETTINGS, 0.0)
    assert caps.others == pytest.approx(20, rel=1e-3)


def test_outer_walls_follow_when_that_is_not_enough() -> None:
    # 150 mm inside at 15 mm/s: 10 s. 100 mm of outer wall must take 5 s.
    short = layer(kind("outer", 100, 25, 1), kind("inner", 150, 45, 2))
    caps = slowest_speeds(short, SETTINGS, 0.0)
    assert caps.others == pytest.approx(15)
    assert caps.outer == pytest.approx(20, rel=1e-4)


def test_nothing_is_slower_than_the_least_speed() -> None:
    tiny = layer(kind("outer", 10, 25, 1), kind("inner", 5, 45, 2))
    assert slowest_speeds(tiny, SETTINGS, 0.0) == Caps(15.0, 15.0)


def test_bridges_waits_and_supports_count_but_bridges_keep_their_speed() -> None:
    # 5 s of bridge, 4 s of ways: 6 s are left for 180 mm.
    short = layer(kind("bridge", 125, 25, 0), kind("inner", 180, 45, 2))
    caps = slowest_speeds(short, SETTINGS, 4.0)
    assert caps.others == pytest.approx(30, rel=1e-4)
    assert caps.of(0) == math.inf
    held = slowest_speeds(short, SETTINGS, 4.0, supports_mm=60.0)
    assert held.others == pytest.approx(40, rel=1e-3)


def test_without_cooling_nothing_is_slowed() -> None:
    hot = replace(SETTINGS, speeds=replace(SETTINGS.speeds, slow_layer_s=0.0))
    assert slowest_speeds(layer(kind("outer", 1, 25, 1)), hot, 0.0) == UNSLOWED
