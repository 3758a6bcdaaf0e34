"""Who does heavy batches: processes on this machine, or a dask cluster.

Both are an ``Executor`` of the standard library; what a cluster says when its workers
died comes as ``BrokenExecutor``, as from processes.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
)
from typing import Any, Final, ParamSpec, TypeVar

from nearmade.vocabulary.errors import InvalidInput, Unavailable

_P = ParamSpec("_P")
_R = TypeVar("_R")

#: Schemes of addresses that end with a port.
_WITH_PORTS: Final = ("tcp", "tls", "ws", "wss")


def processes(workers: int) -> Callable[[], Executor]:
    """Give what makes a pool of so many processes, each started afresh."""

    def make() -> Executor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(workers, mp_context=context)

    return make


def dask_cluster(address: str, *, timeout_s: float = 10.0) -> Callable[[], Executor]:
    """Give what joins a dask cluster, such as ``tcp://127.0.0.1:8786``.

    A task whose worker died is done again by another; when a task has died with
    several workers the pool counts as broken.

    Raises
    ------
    InvalidInput
        When that is no address.
    Unavailable
        When joining, where dask is not installed or the cluster does not answer.
    """
    scheme, _, place = address.partition("://")
    host, _, port = place.rpartition(":")
    if scheme in _WITH_PORTS and not (host and port.isdecimal()):
        raise InvalidInput(
            f"dask cluster {address!r}: is no address",
            remedy="name a host and a port, such as tcp://127.0.0.1:8786",
        )

    def make() -> Executor:
        return _DaskPool(address, timeout_s)

    return make


class _DaskPool(Executor):
    """A dask cluster as an executor of the standard library."""

    def __init__(self, address: str, timeout_s: float) -> None:
        try:
            import distributed
        except ImportError as error:
            raise Unavailable(
                "dask is not installed", remedy="install dask[distributed]"
            ) from error
        try:
            client: Any = distributed.Client
            self._client = client(address, timeout=timeout_s, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise Unavailable(
                f"dask cluster {address}: {error}",
                remedy="start its scheduler, or name where it is",
            ) from error
        self._executor: Executor = self._client.get_executor(pure=False)

    def submit(
        self, fn: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Future[_R]:
        """Send a task to the cluster."""
        answer: Future[_R] = Future()
        sent = self._executor.submit(fn, *args, **kwargs)
        sent.add_done_callback(lambda done: _pass_on(done, answer))
        return answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as the standard library has it
        """Leave the cluster; it goes on."""
        self._executor.shutdown(wait=wait)
        self._client.close()


def _pass_on(done: Future[_R], answer: Future[_R]) -> None:
    """Hand an answer on; a cluster's own failure counts as a broken pool."""
    error = None if done.cancelled() else done.exception()
    if done.cancelled() or _is_broken(error):
        answer.set_exception(BrokenExecutor(f"dask cluster: {error!r}"))
    elif error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(done.result())


def _is_broken(error: Any) -> bool:
    from distributed import CancelledError, KilledWorker
    from distributed.comm.core import CommClosedError

    return isinstance(error, KilledWorker | CommClosedError | CancelledError)
