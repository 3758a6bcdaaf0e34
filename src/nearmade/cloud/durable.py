"""Defer durable work in the very transaction of the rows it belongs to.

Inside a worker, Procrastinate's own app writes through the worker's connection: a job
deferred there is visible before the task's transaction has committed, and stays if it
rolls back. This app always writes through Django's connection, so that rows and job
commit or vanish together, whoever defers.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.db import connection
from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector


@cache
def _deferring() -> App:
    return App(connector=DjangoConnector(alias="default"))


def defer(
    task: str, *, after_s: float = 0.0, priority: int = 0, **payload: str | int
) -> None:
    """Queue a task by its name.

    No lock is taken: Procrastinate would hold every later job of a lock behind one that
    is scheduled for tomorrow. Tasks hold the rows they change instead.

    Parameters
    ----------
    task
        Name given in ``@app.task``.
    after_s
        Not before this much later. [s]
    priority
        Higher goes first.
    payload
        The task's arguments, as JSON values.
    """
    later: dict[str, Any] = (
        {"schedule_in": {"seconds": max(1, int(after_s))}} if after_s > 0 else {}
    )
    _deferring().configure_task(
        task, allow_unknown=True, priority=priority, **later
    ).defer(**payload)


def hurry(task: str, *, priority: int, **payload: str | int) -> None:
    """Let work that waits go before: somebody waits for it now.

    Parameters
    ----------
    task
        Name given in ``@app.task``.
    priority
        Its new priority, where that is higher.
    payload
        The arguments it was queued with, all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET priority = %s WHERE status = 'todo' "
            "AND task_name = %s AND args = %s::jsonb AND priority < %s",
            [priority, task, json.dumps(payload), priority],
        )
