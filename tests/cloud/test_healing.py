"""Stalled work is looked for every few seconds, at any minute of the hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from croniter import croniter

from nearmade.cloud.healing import heal


def test_healing_comes_every_five_seconds_at_any_minute() -> None:
    from procrastinate.contrib.django import app

    (cron,) = [
        periodic.cron
        for periodic in app.periodic_registry.periodic_tasks.values()
        if periodic.task.name == heal.name
    ]
    begin = datetime(2026, 11, 22, 13, 21, 0, tzinfo=UTC)
    due = croniter(cron, begin)
    moments = [due.get_next(datetime) for _ in range(3)]
    assert moments == [begin + timedelta(seconds=s) for s in (5, 10, 15)]
