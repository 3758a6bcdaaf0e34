"""Flow lines at several sites: worked by hand, against all schedules, and laws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.planning.allowance import Allowance
from nearmade.planning.shop.chance import chance_of
from nearmade.planning.shop.flow_kernels import (
    best_place,
    empty_lines,
    put,
    start_by_neh,
)
from nearmade.planning.shop.flow_lines import (
    FlowLines,
    LinesSchedule,
    ends_of_line,
    faults_of_lines,
    lines_bound,
)
from nearmade.planning.shop.flow_search import solve_flow_lines
from nearmade.vocabulary.errors import InvalidInput


def no_clock() -> float:
    return 0.0


@st.composite
def small_lines(draw: st.DrawFn) -> FlowLines:
    machines = draw(st.integers(1, 3))
    row = st.tuples(*[st.integers(0, 9)] * machines)
    rows = draw(st.lists(row, min_size=1, max_size=5))
    return FlowLines(draw(st.integers(1, 3)), tuple(rows))


def least_makespan(lines: FlowLines) -> int:
    """Try every order of the jobs and every way to part it among the sites."""
    best = None
    jobs = range(len(lines.times))
    for order in itertools.permutations(jobs):
        for cuts in itertools.combinations_with_replacement(
            range(len(order) + 1), lines.sites - 1
        ):
            edges = [0, *cuts, len(order)]
            last = 0
            for one, other in itertools.pairwise(edges):
                if other > one:
                    last = max(last, ends_of_line(lines, order[one:other])[-1][-1])
            best = last if best is None else min(best, last)
    assert best is not None
    return best


def test_ends_of_a_line_by_hand() -> None:
    lines = FlowLines(1, ((3, 2), (1, 4)))
    # Job 1 first: 1, 5; job 0 then ends at 4 and max(5, 4) + 2 = 7.
    assert ends_of_line(lines, (1, 0)) == [(1, 5), (4, 7)]
    assert solve_flow_lines(lines, Allowance(1.0, no_clock), most_rounds=5) is not None


def test_johnsons_order_is_found_for_two_machines() -> None:
    # S. M. Johnson 1954: shortest first at the first machine, then last at the second.
    times = ((4, 5), (4, 1), (30, 4), (6, 30), (2, 3))
    johnson = (4, 0, 3, 2, 1)
    lines = FlowLines(1, times)
    answer = solve_flow_lines(lines, Allowance(1.0, no_clock), most_rounds=200)
    assert answer.schedule.makespan == ends_of_line(lines, johnson)[-1][-1] == 47


def test_four_like_jobs_on_two_sites() -> None:
    answer = solve_flow_lines(
        FlowLines(2, ((5, 5),) * 4), Allowance(1.0, no_clock), most_rounds=10
    )
    assert answer.schedule.makespan == 15
    assert answer.gap_fraction == 0.0  # 5 at the least before the second machine's 10


@settings(max_examples=25, deadline=None)
@given(small_lines())
def test_the_optimum_of_small_lines_is_found(lines: FlowLines) -> None:
    least = least_makespan(lines)
    answer = solve_flow_lines(lines, Allowance(1.0, no_clock), most_rounds=300)
    assert not faults_of_lines(lines, answer.schedule)
    assert lines_bound(lines) <= least == answer.schedule.makespan


@settings(max_examples=25, deadline=None)
@given(small_lines(), st.integers(0, 99))
def test_same_seed_same_schedule_and_more_rounds_are_no_worse(
    lines: FlowLines, seed: int
) -> None:
    def found(rounds: int) -> LinesSchedule:
        return solve_flow_lines(
            lines, Allowance(1.0, no_clock), seed=seed, most_rounds=rounds
        ).schedule

    assert found(60) == found(60)
    assert found(120).makespan <= found(60).makespan <= found(0).makespan


@settings(max_examples=40, deadline=None)
@given(small_lines())
def test_one_pass_gives_what_trying_every_place_gives(lines: FlowLines) -> None:
    times = np.array(lines.times, dtype=np.int64)
    chance = chance_of(1)
    state = empty_lines(1, *times.shape)
    last = len(times) - 1
    for job in range(last):
        put(times, state, 0, 0, job)
    rest = tuple(reversed(range(last)))
    ends = [
        ends_of_line(lines, (*rest[:at], last, *rest[at:]))[-1][-1]
        for at in range(last + 1)
    ]
    end, place = best_place(times, state, 0, last, chance)
    assert end == min(ends) == ends[place]


def test_the_start_places_every_job_once() -> None:
    times = np.arange(1, 25, dtype=np.int64).reshape(8, 3)
    state = empty_lines(3, 8, 3)
    start_by_neh(times, state, np.arange(8), chance_of(2))
    placed = [
        int(job)
        for row, count in zip(state.sequence, state.held, strict=True)
        for job in row[:count]
    ]
    assert sorted(placed) == list(range(8))


def test_the_clock_ends_the_search() -> None:
    lines = FlowLines(2, tuple((a % 7 + 1, a * 5 % 11 + 1) for a in range(9)))
    answer = solve_flow_lines(lines, Allowance(0.0, no_clock))
    assert answer.rounds == 0
    assert answer.gap_fraction >= 0.0


@pytest.mark.parametrize(
    ("sequences", "makespan", "fault"),
    [
        (((0, 1),), 20, "1 sequences for 2 sites"),
        (((0,), (0, 1)), 15, "not every job is placed once"),
        (((0,), (1,)), 11, "the last end is 10, not 11"),
    ],
)
def test_the_check_names_what_is_wrong(
    sequences: tuple[tuple[int, ...], ...], makespan: int, fault: str
) -> None:
    lines = FlowLines(2, ((5, 5), (5, 5)))
    assert fault in faults_of_lines(lines, LinesSchedule(sequences, makespan))


@pytest.mark.parametrize(
    ("sites", "times", "says"),
    [
        (0, ((1,),), "need a site"),
        (1, (), "need a site, a job"),
        (1, ((1, 2), (1,)), "job 1: 1 times, the line has 2 machines"),
        (1, ((-1,),), "zero or more"),
        (1, ((2**40,),), "all times together"),
    ],
)
def test_lines_that_cannot_be_are_refused(
    sites: int, times: tuple[tuple[int, ...], ...], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        FlowLines(sites, times)


def test_nothing_to_do_has_no_gap() -> None:
    answer = solve_flow_lines(FlowLines(1, ((0,),)), Allowance(1.0, no_clock))
    assert (answer.schedule.makespan, answer.gap_fraction) == (0, 0.0)
