from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.deciding.like_days import (
    clearness,
    like_hours,
    like_paths_w,
    sums_of,
)
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.errors import InvalidInput

#: A clear day by the hour: twelve hours of 100 W.
DAY = np.r_[np.zeros(6), np.full(12, 100.0), np.zeros(6)]


def days_of(*shares: float) -> Array:
    given: Array = np.concatenate([DAY * share for share in shares])
    return given


def test_clearness_is_the_share_of_the_clear_sky() -> None:
    clear, given = sums_of(DAY), sums_of(DAY * 0.3)
    assert clearness(given, clear, 12, 3) == pytest.approx(0.3)
    assert clearness(given, clear, 3, 3) == 0.0  # at night nothing is known


def test_hours_like_the_last_ones_are_found() -> None:
    # Bright and dull days in turn, and now a bright morning.
    shares = [0.9, 0.3] * 20
    given = np.concatenate([days_of(*shares), 0.9 * DAY[:10]])
    clear = np.tile(DAY, 41)
    like = like_hours(sums_of(given), sums_of(clear), len(given), 3, 1.0, 30, 15)
    assert len(like) == 15
    assert {int(at) // 24 % 2 for at in like} == {0}  # bright days


def test_what_followed_is_laid_over_the_clear_sky_with_caution() -> None:
    shares = [0.9, 0.3] * 20
    given = np.concatenate([days_of(*shares), 0.9 * DAY[:10]])
    paths = like_paths_w(given, np.tile(DAY, 41)[: len(given) + 5], 5, 1.0)
    assert paths.shape == (40, 5)
    assert paths[0] == pytest.approx(np.full(5, 0.8 * 90.0))


def test_before_anything_was_seen_there_is_no_course() -> None:
    assert like_paths_w(np.zeros(0), np.zeros(4), 4, 1.0).shape == (0, 4)


@given(st.integers(0, 400), st.integers(1, 30))
def test_the_future_is_never_looked_at(now: int, steps: int) -> None:
    chance = np.random.default_rng(now)
    clear = np.tile(DAY, 30)
    past = clear[:now] * chance.random(now)
    like = like_hours(sums_of(past), sums_of(clear), now, steps, 1.0, 60, 40)
    assert np.all(like + steps <= now)


def test_lengths_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidInput, match="like days"):
        like_paths_w(np.zeros(3), np.zeros(3), 1, 1.0)
