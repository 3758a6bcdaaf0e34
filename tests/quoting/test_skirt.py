"""Skirts once for a build, brims once for each part, by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.terms import TIMES, count_terms
from tests.quoting.parts import BY_HAND, CUBE, MK3S, cuboid_mesh
from tests.quoting.solids import block, mesh_of


def test_a_skirt_is_cooled_with_the_second_layer_whichever_were_sampled() -> None:
    # Two layers of 2 x 2 mm carry a block of 40 mm, which the third layer's skirt goes
    # around: 160 + 13.751 mm. Beside a second layer of about a second, up to 15 s are
    # left, so that the skirt is drawn at the 15 mm/s that cooling goes down to.
    foot = block(2, 2, 0.4).translate([19, 19, 0])
    table = mesh_of(foot + block(40, 40, 10).translate([0, 0, 0.4]))
    times = dict(zip(TIMES, count_terms(table, MK3S.settings).times_s, strict=True))
    loop_mm = 160 + 2 * math.pi * (2 + 0.37708 / 2)
    by_hand = loop_mm / 20 + 2 * loop_mm / 15 + MK3S.settings.adhesion.intro_s
    assert times["skirt"] == pytest.approx(by_hand, rel=1e-3)


def test_each_of_three_parts_has_a_brim_and_their_build_one_skirt() -> None:
    settings = BY_HAND.settings
    wide = replace(settings.adhesion, brim_mm=5.0)
    brimmed = replace(BY_HAND, settings=replace(settings, adhesion=wide))
    mesh = cuboid_mesh(20, 20, 20)
    bare, own = (estimate_level1(mesh, CUBE, one, 3) for one in (BY_HAND, brimmed))
    # 5 mm around the first layer, which is 20 x 20 mm less 0.2 mm on each side, with
    # round corners; lines 0.37708 mm apart, 0.2 mm high, at 20 mm/s.
    ring_mm2 = 4 * 19.6 * 5 + math.pi * 5**2
    added_mm3 = own.feedstock_mm3.value - bare.feedstock_mm3.value
    assert added_mm3 == pytest.approx(3 * ring_mm2 * 0.2, rel=0.01)
    added_s = own.time_s.value - bare.time_s.value
    assert added_s == pytest.approx(3 * ring_mm2 / 0.37708 / 20, rel=0.01)
