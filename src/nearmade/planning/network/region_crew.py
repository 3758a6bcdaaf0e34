"""Who works on the regions of a network: tasks handed out a few at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import TypeVar

from nearmade.vocabulary.errors import Unavailable

_T = TypeVar("_T")
_R = TypeVar("_R")


class Crew:
    """Who works on a batch; made again once when they die.

    Parameters
    ----------
    make_pool
        Gives who works.
    at_once
        Most tasks that are made and not yet answered, at least one: a task holds its
        region's arrays.
    """

    def __init__(self, make_pool: Callable[[], Executor], at_once: int) -> None:
        self._make_pool = make_pool
        self._at_once = at_once
        self._pool = make_pool()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def run(
        self, work: Callable[[_T], _R], task: Callable[[int], _T], count: int
    ) -> list[_R]:
        """Do so many tasks, each made when its turn comes; answers in their sequence.

        Raises
        ------
        Unavailable
            When those who work died twice.
        """
        answers: list[_R] = []
        try:
            self._go_on(work, task, count, answers)
        except BrokenExecutor:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = self._make_pool()
        try:
            self._go_on(work, task, count, answers)
        except BrokenExecutor as error:
            raise Unavailable(
                f"plan by region: the workers died twice over {count} tasks"
            ) from error
        return answers

    def _go_on(
        self,
        work: Callable[[_T], _R],
        task: Callable[[int], _T],
        count: int,
        answers: list[_R],
    ) -> None:
        """Do what is not yet answered."""
        sent: deque[Future[_R]] = deque()
        for number in range(len(answers), count):
            if len(sent) == self._at_once:
                answers.append(sent.popleft().result())
            sent.append(self._pool.submit(work, task(number)))
        while sent:
            answers.append(sent.popleft().result())
