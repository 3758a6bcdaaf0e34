"""How long moves take, against school physics and the planner's own rules."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.quoting.kinematics import Moves, durations_s, ramp_s
from nearmade.quoting.print_settings import Motion

#: No axis limits in the way, a jerk of 8 mm/s as on common machines.
FREE = Motion(
    accelerations=(1000, 1000, 1000, 1000, 1000),
    most_accelerations=(9000, 9000, 500, 10000),
    extruding_acceleration=1500,
    travel_acceleration=1500,
    jerks=(8, 8, 0.4, 50),
    most_speeds=(500, 500, 12, 500),
)


def moves(
    steps: list[tuple[float, float]], speed: float = 50, acceleration: float = 1000
) -> Moves:
    """Give moves that feed nothing, as one path."""
    count = len(steps)
    return Moves(
        np.column_stack([np.array(steps, dtype=np.float64), np.zeros(count)]),
        np.full(count, float(speed)),
        np.full(count, float(acceleration)),
        np.arange(count) == 0,
    )


def test_a_long_move_ramps_from_jerk_speed_and_back() -> None:
    # From 8 to 50 mm/s at 1000 mm/s2: 0.042 s and 1.218 mm, twice; the rest at 50.
    expected_s = 2 * 0.042 + (100 - 2 * 1.218) / 50
    assert durations_s(moves([(100, 0)]), FREE) == pytest.approx([expected_s])


def test_a_short_move_never_reaches_its_speed() -> None:
    # 1 mm: peak squared = 8^2 + 1000 x 1, so 32.62 mm/s; time 2 x 24.62 / 1000.
    peak = math.sqrt(64 + 1000)
    assert durations_s(moves([(1, 0)]), FREE) == pytest.approx([2 * (peak - 8) / 1000])


def test_straight_on_is_one_move_however_it_is_cut() -> None:
    whole = durations_s(moves([(30, 0)]), FREE).sum()
    cut = durations_s(moves([(1, 0)] * 30), FREE).sum()
    assert cut == pytest.approx(whole)


def test_a_right_angle_is_passed_at_jerk_speed() -> None:
    # Along x the speed falls by v and along y it rises by v: v = 8 mm/s at most.
    corner = durations_s(moves([(50, 0), (0, 50)]), FREE)
    alone = durations_s(moves([(50, 0)]), FREE)
    assert corner.sum() == pytest.approx(2 * alone.sum())


def test_a_new_path_starts_at_rest_even_straight_on() -> None:
    two = moves([(30, 0), (30, 0)])
    apart = Moves(two.steps_mm, two.speeds, two.accelerations, np.array([True, True]))
    alone = durations_s(moves([(30, 0)]), FREE).sum()
    assert durations_s(apart, FREE).sum() == pytest.approx(2 * alone)


def test_the_machine_holds_speed_and_acceleration() -> None:
    slow = Motion(
        FREE.accelerations, (100, 100, 500, 10000), 1500, 1500, FREE.jerks,
        (20, 20, 12, 500),
    )  # fmt: skip
    # 20 mm/s from 8 at 100 mm/s2: 0.12 s and 1.68 mm, twice.
    expected_s = 2 * 0.12 + (10 - 2 * 1.68) / 20
    assert durations_s(moves([(10, 0)]), slow) == pytest.approx([expected_s])


def test_moves_without_length_take_no_time_and_break_no_path() -> None:
    plain = durations_s(moves([(10, 0), (10, 0)]), FREE).sum()
    padded = durations_s(moves([(0, 0), (10, 0), (0, 0), (10, 0)]), FREE)
    assert padded[[0, 2]].tolist() == [0, 0]
    assert padded.sum() == pytest.approx(plain)
    assert durations_s(moves([(0, 0)]), FREE).tolist() == [0]


@pytest.mark.parametrize(
    ("length_mm", "seconds"),
    [(0.0, 0.0), (0.4, 2 * math.sqrt(0.4 / 1000)), (100, 100 / 50 + 0.05)],
)
def test_from_rest_to_rest_as_in_school(length_mm: float, seconds: float) -> None:
    assert ramp_s(length_mm, 50, 1000) == pytest.approx(seconds)


steps = st.lists(
    st.tuples(st.floats(-20, 20), st.floats(-20, 20)), min_size=1, max_size=30
)


@settings(deadline=None, max_examples=100)
@given(steps, st.floats(5, 150), st.floats(100, 3000))
def test_no_path_is_faster_than_its_speed_nor_slower_than_stopping_everywhere(
    path: list[tuple[float, float]], speed: float, acceleration: float
) -> None:
    times = durations_s(moves(path, speed, acceleration), FREE)
    lengths = np.hypot(*np.array(path).T)
    lengths = np.where(lengths > 1e-9, lengths, 0.0)
    stops = [ramp_s(float(length), speed, acceleration) for length in lengths]
    assert times.sum() >= lengths.sum() / speed * (1 - 1e-9)
    assert times.sum() <= sum(stops) * (1 + 1e-9) + 1e-12


@settings(deadline=None, max_examples=50)
@given(steps, st.floats(5, 60))
def test_a_path_takes_as_long_backward(
    path: list[tuple[float, float]], speed: float
) -> None:
    back = [(-x, -y) for x, y in reversed(path)]
    forward_s = durations_s(moves(path, speed), FREE).sum()
    assert durations_s(moves(back, speed), FREE).sum() == pytest.approx(
        forward_s, rel=0.02, abs=1e-9
    )
