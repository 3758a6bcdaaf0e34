"""Work that somebody waits for goes before work that nobody waits for."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.cloud.durable import defer, hurry

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def priorities() -> list[int]:
    jobs = ProcrastinateJob.objects.order_by("id")
    return list(jobs.values_list("priority", flat=True))


def test_only_the_job_with_these_arguments_is_raised() -> None:
    defer("catalogue.render_instance", priority=-10, instance_id=1)
    defer("catalogue.render_instance", priority=-10, instance_id=2)
    hurry("catalogue.render_instance", priority=10, instance_id=2)
    assert priorities() == [-10, 10]


def test_a_higher_priority_is_never_lowered() -> None:
    defer("catalogue.render_instance", priority=20, instance_id=1)
    hurry("catalogue.render_instance", priority=10, instance_id=1)
    assert priorities() == [20]
