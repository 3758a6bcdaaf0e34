"""Networks planned region by region: by threads here, by processes and dask outside."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from nearmade.adapters.executors import dask_cluster, processes
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.region_borders import improve_borders
from nearmade.planning.network.region_crew import Crew
from nearmade.planning.network.region_cut import region_of, split_orders
from nearmade.planning.network.regions import solve_regions
from nearmade.planning.network.sample import sample_network
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem
from nearmade.vocabulary.errors import InvalidInput, Unavailable


def small_network(days: int = 1) -> PricedProblem:
    problem = sample_network(
        60,
        orders=150,
        seed=4,
        load=0.75,
        hubs=3,
        days=days,
        candidates=8,
        off_grid_fraction=0.2 if days > 1 else 0.0,
        scarce_fraction=0.2 if days > 1 else 0.0,
    )
    return price_problem(problem, Weights())


def threads(workers: int) -> Callable[[], Executor]:
    return lambda: ThreadPoolExecutor(workers)


def by_region(
    priced: PricedProblem, make_pool: Callable[[], Executor], regions: int = 3
) -> NetworkPlan:
    return solve_regions(
        priced,
        regions=regions,
        seed=5,
        seconds=0.2,
        clock=float,  # a clock that stands still: time never ends the search
        make_pool=make_pool,
    )


def assert_same(one: NetworkPlan, two: NetworkPlan) -> None:
    np.testing.assert_array_equal(one.way, two.way)
    np.testing.assert_array_equal(one.candidate, two.candidate)
    np.testing.assert_array_equal(one.prices.hour_usd, two.prices.hour_usd)
    assert (one.cost_usd, one.bound_usd) == (two.cost_usd, two.bound_usd)


def test_every_order_is_in_one_region() -> None:
    problem = small_network().problem
    parts = split_orders(problem, 4)
    assert sorted(np.concatenate(parts).tolist()) == list(range(150))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_a_region_has_the_components_and_places_of_its_orders() -> None:
    problem = small_network().problem
    region = region_of(problem, np.array([0, 7], np.int32))
    first = problem.orders.first_component
    expected = [*range(first[0], first[1]), *range(first[7], first[8])]
    assert region.components.tolist() == expected
    hubs = {int(h) for w in region.ways for h in [problem.orders.way_hub[w]]}
    assert set(region.hubs.tolist()) == hubs


@pytest.mark.parametrize("days", [1, 5])
def test_a_plan_by_region_stands_and_its_bound_is_proven(days: int) -> None:
    priced = small_network(days)
    plan = by_region(priced, threads(1))
    assert verify(priced, plan).stands
    assert 0 < plan.bound_usd <= plan.cost_usd


def test_one_and_two_workers_give_the_same_plan() -> None:
    priced = small_network()
    assert_same(by_region(priced, threads(1)), by_region(priced, threads(2)))


def test_no_region_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one"):
        by_region(small_network(), threads(1), regions=0)


class Dying(ThreadPoolExecutor):
    """Threads whose first task finds the pool broken, as when a process was killed."""

    def submit(self, *_: object, **__: object) -> Future[object]:  # type: ignore[override]
        answer: Future[object] = Future()
        answer.set_exception(BrokenExecutor("killed"))
        return answer


def test_a_broken_pool_is_made_again_and_the_batch_tried_once_more() -> None:
    priced = small_network()
    pools: list[Executor] = []

    def make_pool() -> Executor:
        pools.append(Dying(1) if not pools else ThreadPoolExecutor(1))
        return pools[-1]

    assert_same(by_region(priced, make_pool), by_region(priced, threads(1)))
    assert len(pools) == 2


def test_a_pool_that_breaks_twice_is_told() -> None:
    with pytest.raises(Unavailable, match="died twice"):
        by_region(small_network(), lambda: Dying(1))


def test_few_tasks_are_made_before_the_first_is_answered() -> None:
    made: list[int] = []
    answered: list[int] = []

    def task(number: int) -> int:
        assert len(made) - len(answered) < 3
        made.append(number)
        return number

    def work(number: int) -> int:
        answered.append(number)
        return number * number

    class Now(ThreadPoolExecutor):
        """Works when it is asked to."""

        def submit(self, *work: object, **_: object) -> Future[object]:  # type: ignore[override]
            answer: Future[object] = Future()
            answer.set_result(work[0](work[1]))  # type: ignore[operator]
            return answer

    with Crew(lambda: Now(1), at_once=3) as crew:
        assert crew.run(work, task, 7) == [0, 1, 4, 9, 16, 25, 36]
    assert made == [*range(7)]


@pytest.mark.parametrize("days", [1, 5])
def test_borders_are_improved_within_all_limits(days: int) -> None:
    priced = small_network(days)
    simple = first_come(priced)
    with Crew(threads(1), at_once=2) as crew:
        better = improve_borders(
            priced, 3, simple, crew, shift=0.5, seed=1, seconds=0.2, clock=float
        )
    assert verify(priced, better).stands
    assert better.cost_usd < simple.cost_usd


def test_no_cluster_is_told() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(Unavailable, match="dask cluster tcp"):
        dask_cluster("tcp://127.0.0.1:9", timeout_s=0.5)()


@pytest.mark.outside
def test_one_and_two_processes_give_the_same_plan() -> None:
    priced = small_network()
    one = by_region(priced, processes(1))
    assert_same(one, by_region(priced, processes(2)))
    assert_same(one, by_region(priced, threads(2)))


def _mark_and_wait(folder: str) -> int:
    """Say who works here, then wait until told to go on."""
    (Path(folder) / str(os.getpid())).touch()
    for _ in range(600):
        if (Path(folder) / "go").exists():
            break
        time.sleep(0.05)
    return os.getpid()


@pytest.mark.outside
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_a_worker_gives_the_same_plan(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    priced = small_network()
    expected = by_region(priced, threads(1))
    cluster = distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        worker_dashboard_address=None,
        local_directory=str(tmp_path / "dask"),
        silence_logs=50,
    )
    try:
        make_pool = dask_cluster(cluster.scheduler_address)
        pids = [worker.pid for worker in cluster.workers.values()]
        with make_pool() as pool:
            folder = tmp_path / "workers"
            folder.mkdir()
            asked = [pool.submit(_mark_and_wait, str(folder)) for _ in range(2)]
            for _ in range(600):
                if len(list(folder.iterdir())) == 2:
                    break
                time.sleep(0.05)
            victim = min(int(path.name) for path in folder.iterdir())
            assert victim in pids
            os.kill(victim, signal.SIGKILL)
            (folder / "go").touch()
            assert len([answer.result(120) for answer in asked]) == 2
        plan: list[NetworkPlan] = []
        killer = threading.Timer(1.0, lambda: _kill_one(cluster))
        killer.start()
        plan.append(by_region(priced, make_pool))
        killer.join()
        assert_same(plan[0], expected)
    finally:
        cluster.close()


def _kill_one(cluster: object) -> None:
    """Kill one of the cluster's workers while it works."""
    workers = cluster.workers.values()  # type: ignore[attr-defined]
    pids = [worker.pid for worker in workers if worker.pid]
    if pids:
        os.kill(pids[0], signal.SIGKILL)
