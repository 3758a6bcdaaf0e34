"""Fits of a profile, on parts whose truth is made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nearmade.quoting.calibration import fit_near
from nearmade.quoting.calibration_fits import (
    ProfileFit,
    SlicedPart,
    fit_profile,
    level0_columns,
    with_fit,
)
from nearmade.quoting.level0 import estimate_level0, part_figures
from nearmade.quoting.level1 import REFERENCE_TIMES, REFERENCE_VOLUMES
from nearmade.quoting.terms import Terms
from tests.quoting.parts import BY_HAND, MK3S, NOTED, cuboid_facts


def parts_by_hand(count: int, noise: float = 0.0) -> list[SlicedPart]:
    """Cuboids whose truth is the noted closed form and the reference of level 1."""
    draw = np.random.default_rng(5)
    parts = []
    for number in range(count):
        facts = cuboid_facts(*draw.uniform(5, 60, 3))
        filament_mm3, time_s = part_figures(facts, BY_HAND, 0.2)
        truth_mm3 = filament_mm3 + NOTED.start_mm3
        truth_s = time_s + NOTED.start_s
        scatter = np.exp(draw.normal(0, noise, 2))
        shares = draw.dirichlet(np.ones(len(REFERENCE_VOLUMES)))
        volumes = shares * truth_mm3 / np.dot(shares, REFERENCE_VOLUMES)
        pieces = draw.dirichlet(np.ones(len(REFERENCE_TIMES)))
        times = pieces * truth_s / np.dot(pieces, REFERENCE_TIMES)
        parts.append(
            SlicedPart(
                name=f"part-{number}",
                group=f"group-{number % 8}",
                facts=facts,
                terms=Terms(tuple(volumes.tolist()), tuple(times.tolist())),
                truth_mm3=truth_mm3 * scatter[0],
                truth_s=truth_s * scatter[1],
            )
        )
    return parts


def fitted(noise: float = 0.0, count: int = 60) -> ProfileFit:
    return fit_profile(parts_by_hand(count, noise), MK3S, "by hand")


def test_the_closed_form_that_made_the_parts_is_found_again() -> None:
    found = fitted().level0
    assert found.shell_mm3 == pytest.approx(NOTED.shell_mm3, rel=1e-3)
    assert found.sparse_mm3 == pytest.approx(NOTED.sparse_mm3, rel=1e-2)
    assert found.start_mm3 == pytest.approx(NOTED.start_mm3, rel=1e-2)
    assert found.errors is not None
    assert found.errors.volume[0] < 1e-3
    assert (found.errors.parts, found.errors.groups) == (60, 8)


def test_the_factors_of_level_1_stay_where_parts_say_so() -> None:
    found = fitted().level1
    assert found.volume_factors == pytest.approx(REFERENCE_VOLUMES, abs=0.02)
    assert found.time_factors == pytest.approx(REFERENCE_TIMES, abs=0.05)
    assert found.errors is not None
    assert found.errors.time[0] < 0.01


def test_what_scatters_has_an_interval_as_wide_as_the_scatter() -> None:
    found = fitted(noise=0.05, count=200)
    for spread in (found.level1.volume_spread, found.level1.time_spread):
        # exp(+-1.2816 x 0.05) = 0.938 and 1.066; with the widest tail, of 5 %,
        # exp(+-1.6449 x 0.05) = 0.921 and 1.086; two hundredths for chance.
        assert 0.90 < spread.low < 0.96
        assert 1.05 < spread.high < 1.11
        assert spread.source == "by hand"
    assert found.level1.errors is not None
    assert 0.75 <= found.level1.errors.volume[2] <= 0.87


def test_a_profile_takes_another_fit_and_keeps_the_rest() -> None:
    found = fitted()
    changed = with_fit(MK3S, found)
    assert (changed.level0, changed.level1) == (found.level0, found.level1)
    assert changed.settings == MK3S.settings


def test_a_fit_without_infill_has_no_sparse_lines_and_can_be_used() -> None:
    shells = replace(MK3S.settings.shells, infill_fraction=0.0)
    hollow = replace(MK3S, settings=replace(MK3S.settings, shells=shells))
    found = fit_profile(parts_by_hand(60), hollow, "by hand")
    assert (found.level0.sparse_mm3, found.level0.sparse_s) == (0.0, 0.0)
    used = with_fit(hollow, found)
    facts = cuboid_facts(20, 20, 20)
    empty = estimate_level0(facts, used)
    assert empty.feedstock_mm3.value > 0
    # What the fit knows nothing of is left out, and nothing fails.
    assert estimate_level0(facts, used, infill_fraction=0.2) == empty


def test_the_columns_are_shell_and_inside_walls_and_layers() -> None:
    volume, time = level0_columns(cuboid_facts(20, 20, 20), MK3S)
    assert volume[:2].sum() == pytest.approx(8000)
    assert volume[2] == 1
    assert time[2] == pytest.approx(4 * 20 * 20 / 0.2)
    assert time[3] == 100


def test_a_fit_that_is_drawn_to_what_is_expected_gives_way_to_many_parts() -> None:
    columns = np.random.default_rng(6).uniform(1, 100, (200, 2))
    truth = columns @ np.array([1.3, 0.7])
    found = fit_near(np.array([1.0, 1.0]))(columns, truth)
    assert found == pytest.approx([1.3, 0.7], abs=0.01)
    # Where a column is never there, what is expected stands.
    columns[:, 1] = 0.0
    alone = fit_near(np.array([1.0, 0.8]))(columns, columns[:, 0] * 1.3)
    assert alone == pytest.approx([1.3, 0.8], abs=0.01)
