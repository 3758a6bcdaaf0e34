"""A pose costs what its part and its supports take on one machine."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.orient import in_pose, orient
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.pose_costs import (
    fits,
    layers_score,
    pose_figures,
    pose_score,
    support_mm3,
    support_rules,
)
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube
from tests.geometry.test_orient import TABLE

MK3S = find_profile("mk3s-pla-0.20")


def test_a_part_without_overhangs_costs_what_level_0_says_with_the_start() -> None:
    mesh = cube(20)
    author = orient(mesh, measure(mesh)).author
    quoted = estimate_level0(measure(mesh), MK3S)
    assert pose_figures(author, MK3S) == pytest.approx(
        (quoted.feedstock_mm3.value, quoted.time_s.value)
    )


def test_supports_add_feedstock_and_time() -> None:
    author = orient(TABLE, measure(TABLE)).author
    bare = estimate_level0(author.facts, MK3S)
    filament_mm3, time_s = pose_figures(author, MK3S)
    added_mm3 = filament_mm3 - bare.feedstock_mm3.value
    assert added_mm3 == pytest.approx(author.support.feedstock_mm3)
    assert time_s > bare.time_s.value


def test_denser_supports_take_more() -> None:
    # The Ender-3's lines lie 1 mm apart, the MK3S's 2 mm: the root of two.
    author = orient(TABLE, measure(TABLE)).author
    ender = support_mm3(author, find_profile("ender3-pla-0.20"))
    assert ender / support_mm3(author, MK3S) == pytest.approx(math.sqrt(2))


def test_prices_add_machine_time_and_grams() -> None:
    author = orient(cube(20), measure(cube(20))).author
    filament_mm3, time_s = pose_figures(author, MK3S)
    by_hour = pose_score(MK3S, per_hour=3600, per_gram=0)(author)
    by_gram = pose_score(MK3S, per_hour=0, per_gram=1)(author)
    assert by_hour == pytest.approx(time_s)
    assert by_gram == pytest.approx(filament_mm3 / 1000 * 1.24)


def test_layers_confirm_a_pose_with_its_supports() -> None:
    found = orient(TABLE, measure(TABLE))
    confirm = layers_score(MK3S, per_hour=1.5, per_gram=0.04)
    turned = in_pose(TABLE, found.chosen.pose)
    as_given, as_turned = confirm(TABLE, found.author), confirm(turned, found.chosen)
    assert as_turned < 0.9 * as_given
    # Level 0 with columns says about the same as the layers.
    rough = pose_score(MK3S, per_hour=1.5, per_gram=0.04)
    assert as_given == pytest.approx(rough(found.author), rel=0.5)


def test_a_mesh_without_layers_is_priced_by_its_columns() -> None:
    found = orient(TABLE, measure(TABLE))
    opened = Mesh(TABLE.vertices_mm, TABLE.faces[1:])
    confirm = layers_score(MK3S, per_hour=1.5, per_gram=0.04)
    rough = pose_score(MK3S, per_hour=1.5, per_gram=0.04)
    assert confirm(opened, found.author) == rough(found.author)


def test_a_pose_that_is_too_tall_costs_without_end() -> None:
    author = orient(cube(20), measure(cube(20))).author
    tall = replace(author, facts=replace(author.facts, extents_mm=(20, 20, 300)))
    assert not fits(tall.facts.extents_mm, MK3S)
    assert pose_score(MK3S, per_hour=1, per_gram=1)(tall) == math.inf


def test_rules_are_those_of_the_profile() -> None:
    # Vendors' presets: 50 deg with bridges held up, 40 deg without.
    assert support_rules(MK3S).threshold_deg == 50
    assert support_rules(MK3S).bridge_mm == 0
    ender = support_rules(find_profile("ender3-pla-0.20"))
    assert ender.threshold_deg == 40
    assert ender.bridge_mm > 1000


@pytest.mark.parametrize("prices", [(-1, 0), (0, math.nan)])
def test_prices_below_zero_are_refused(prices: tuple[float, float]) -> None:
    with pytest.raises(InvalidInput):
        pose_score(MK3S, per_hour=prices[0], per_gram=prices[1])
