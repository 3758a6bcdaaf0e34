"""Flexible job shops: worked by hand, against all schedules, and laws."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.planning.allowance import Allowance
from nearmade.planning.shop.chance import below, chance_of, fraction
from nearmade.planning.shop.job_arrays import (
    arrays_of,
    empty_state,
    measure,
    schedule_of,
    state_of,
)
from nearmade.planning.shop.job_check import faults_of_schedule
from nearmade.planning.shop.job_cp import solve_by_cp
from nearmade.planning.shop.job_search import TabuSearch, solve_job_shop
from nearmade.planning.shop.job_shop import (
    JobSchedule,
    JobShop,
    Operation,
    chain_arcs,
)
from nearmade.planning.shop.job_start import first_schedule, lower_bound
from nearmade.planning.shop.job_tabu import (
    critical_path,
    length_at,
    move_to,
    places_on,
    scratch_of,
    take_out,
)
from nearmade.vocabulary.errors import InvalidInput

#: Print on either of two machines, cure on a third; then both parts are joined there.
TWO_PARTS_JOINED = JobShop(
    3,
    (
        Operation(0, ((0, 4), (1, 6))),
        Operation(0, ((2, 2),)),
        Operation(1, ((0, 5), (1, 5))),
        Operation(1, ((2, 3),)),
        Operation(2, ((2, 1),)),
    ),
    ((0, 1), (2, 3), (1, 4), (3, 4)),
)


class Ticks:
    """A clock that goes on by one second at each look."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 1.0
        return self.now_s


def least_makespan(shop: JobShop) -> int:
    """Try every order of the operations on every choice of machines."""
    best = None
    count = len(shop.operations)
    for order in itertools.permutations(range(count)):
        place = {op: at for at, op in enumerate(order)}
        if any(place[a] > place[b] for a, b in shop.arcs):
            continue
        for choice in itertools.product(*(each.times for each in shop.operations)):
            free = [0] * shop.machines
            end = [0] * count
            for op in order:
                machine, time = choice[op]
                before = [end[a] for a, b in shop.arcs if b == op]
                end[op] = max([free[machine], *before]) + time
                free[machine] = end[op]
            best = max(end) if best is None else min(best, max(end))
    assert best is not None
    return best


@st.composite
def small_shops(draw: st.DrawFn, most: int = 5) -> JobShop:
    machines = draw(st.integers(1, 3))
    lengths = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    while sum(lengths) > most:
        lengths.pop()
    operations = []
    for job, length in enumerate(lengths):
        for _ in range(length):
            chosen = draw(
                st.lists(st.integers(0, machines - 1), min_size=1, unique=True)
            )
            times = tuple((machine, draw(st.integers(1, 9))) for machine in chosen)
            operations.append(Operation(job, times))
    if not operations:
        operations = [Operation(0, ((0, 1),))]
        lengths = [1]
    return JobShop(machines, tuple(operations), chain_arcs(lengths))


def test_two_parts_are_printed_side_by_side_and_joined() -> None:
    # 4 on machine 0 and 5 on 1; curing 4-6 and 6-9, joined at 9: 10 in all.
    answer = solve_job_shop(TWO_PARTS_JOINED, Allowance(5.0, Ticks()))
    assert answer.makespan == 10
    assert not faults_of_schedule(TWO_PARTS_JOINED, answer.schedule, 10)


def test_bounds_by_hand() -> None:
    # The chain 5 + 3 + 1 is 9; what only machine 2 does is 2 + 3 + 1 after 4: 10.
    assert lower_bound(TWO_PARTS_JOINED) == 10
    one_machine = JobShop(1, tuple(Operation(j, ((0, 3),)) for j in range(4)), ())
    assert lower_bound(one_machine) == 12
    wide = JobShop(2, tuple(Operation(j, ((0, 3), (1, 3))) for j in range(5)), ())
    assert lower_bound(wide) == 8  # 15 on two machines


@settings(max_examples=25, deadline=None)
@given(small_shops())
def test_the_optimum_of_small_shops_is_found_and_proven(shop: JobShop) -> None:
    least = least_makespan(shop)
    start = first_schedule(shop)
    assert not faults_of_schedule(shop, start, max(start.ends(shop)))
    assert lower_bound(shop) <= least <= max(start.ends(shop))
    found = solve_by_cp(
        shop, start, bound=lower_bound(shop), limit_s=20.0, workers=1, seed=1
    )
    assert found.schedule is not None
    assert found.proven
    assert found.bound == least
    assert not faults_of_schedule(shop, found.schedule, least)


@settings(max_examples=25, deadline=None)
@given(small_shops(), st.integers(0, 5))
def test_tabu_search_finds_the_optimum_of_small_shops(shop: JobShop, seed: int) -> None:
    least = least_makespan(shop)
    search = TabuSearch(shop, first_schedule(shop), lower_bound(shop), seed)
    schedule = search.run(Allowance(30.0, Ticks()), 8.0)
    assert not faults_of_schedule(shop, schedule, least)


@settings(max_examples=60, deadline=None)
@given(small_shops(most=8), st.integers(0, 1000))
def test_no_move_of_the_neighbourhood_makes_a_circle_or_lies(
    shop: JobShop, seed: int
) -> None:
    arrays, chance = arrays_of(shop), chance_of(seed)
    room = scratch_of(len(shop.operations), shop.machines)
    state = state_of(shop, first_schedule(shop))
    makespan = measure(arrays, state)
    for _ in range(5):
        length = critical_path(arrays, state, room, makespan, chance)
        op = int(room.path[below(chance, length)])
        take_out(arrays, state, room, op)
        row, time = shop.operations[op].times[
            below(chance, len(shop.operations[op].times))
        ]
        first, last = places_on(state, room, op, row)
        place = first + below(chance, last - first + 1)
        promised = length_at(state, room, op, row, time, place)
        move_to(state, op, row, time, place)
        makespan = measure(arrays, state)
        assert makespan >= promised
        assert not faults_of_schedule(shop, schedule_of(state), makespan)


def test_the_same_seed_gives_the_same_schedule() -> None:
    def found(seed: int) -> JobSchedule:
        search = TabuSearch(TWO_PARTS_JOINED, first_schedule(TWO_PARTS_JOINED), 0, seed)
        search.once()
        return search.run(Allowance(10.0, Ticks()), 3.0)

    assert found(4) == found(4)


def test_searches_side_by_side_in_a_pool() -> None:
    operations = tuple(Operation(job, ((0, 3), (1, 4))) for job in range(7))
    shop = JobShop(2, operations, ())
    with ThreadPoolExecutor(2) as pool:
        answer = solve_job_shop(shop, Allowance(40.0, Ticks()), pool=pool, workers=2)
    assert answer.makespan == 12  # four at 3 beside three at 4
    assert answer.gap_fraction == 0.0


def test_a_shop_whose_first_schedule_is_best_needs_no_search() -> None:
    shop = JobShop(1, (Operation(0, ((0, 0),)),), ())
    answer = solve_job_shop(shop, Allowance(1.0, Ticks()))
    assert (answer.makespan, answer.bound, answer.gap_fraction) == (0, 0, 0.0)


def test_without_time_left_the_rules_stand() -> None:
    answer = solve_job_shop(TWO_PARTS_JOINED, Allowance(0.0, Ticks()))
    assert answer.makespan >= answer.bound


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"machine": (2, 2, 1, 2, 2)}, "operation 0: machine 2 cannot do it"),
        ({"start": (-1, 4, 0, 6, 9)}, "operation 0: starts before 0"),
        ({"start": (0, 3, 0, 6, 9)}, "operation 1 starts before 0 has ended"),
        ({"start": (0, 4, 0, 5, 9)}, "machine 2 holds 1 and 3 at once"),
        ({"start": (0, 4, 0, 6, 10)}, "the last end is 11, not 10"),
        ({"start": (0,)}, "the schedule has not all of the 5 operations once"),
    ],
)
def test_the_check_names_what_is_wrong(
    change: dict[str, tuple[int, ...]], fault: str
) -> None:
    right = JobSchedule((0, 2, 1, 2, 2), (0, 4, 0, 6, 9))
    assert not faults_of_schedule(TWO_PARTS_JOINED, right, 10)
    assert fault in faults_of_schedule(TWO_PARTS_JOINED, replace(right, **change), 10)


@pytest.mark.parametrize(
    ("machines", "operations", "arcs", "says"),
    [
        (0, (Operation(0, ((0, 1),)),), (), "needs a machine"),
        (1, (), (), "needs a machine and an operation"),
        (1, (Operation(0, ()),), (), "no machine can do it"),
        (1, (Operation(0, ((0, 1), (0, 2))),), (), "names a machine twice"),
        (1, (Operation(0, ((1, 1),)),), (), "there is no machine 1"),
        (1, (Operation(0, ((0, -1),)),), (), "must be >= 0"),
        (1, (Operation(0, ((0, 2**40),)),), (), "all times together"),
        (1, (Operation(0, ((0, 1),)),), ((0, 1),), "no such operation"),
        (1, (Operation(0, ((0, 1),)),), ((0, 0),), "goes in a circle"),
    ],
)
def test_a_shop_that_cannot_be_is_refused(
    machines: int,
    operations: tuple[Operation, ...],
    arcs: tuple[tuple[int, int], ...],
    says: str,
) -> None:
    with pytest.raises(InvalidInput, match=says):
        JobShop(machines, operations, arcs)


def test_an_empty_state_holds_nothing() -> None:
    assert empty_state(3, 2).held.tolist() == [0, 0]


@given(st.integers(0, 2**64 - 1), st.integers(1, 1000))
@settings(max_examples=30, deadline=None)
def test_draws_stay_below_their_limit(seed: int, limit: int) -> None:
    chance = chance_of(seed)
    assert 0 <= below(chance, limit) < limit
    assert 0.0 <= fraction(chance) < 1.0
