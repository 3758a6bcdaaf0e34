"""Durable work of the planner's desk."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from nearmade.cloud.plans import services
from nearmade.cloud.retries import PATIENT


@app.periodic(cron="*/10 * * * *")
@app.task(name="plans.timer", queueing_lock="plans.timer")
def timer(timestamp: int) -> None:
    """Every ten minutes: plan the open orders, when something changed."""
    services.plan_on_timer(now=timezone.now())


@app.task(name="plans.make", lock="plans", retry=PATIENT)
def make(plan_id: str) -> None:
    """Make a plan, or read one that was sent; one at a time."""
    services.make_plan(plan_id, now=timezone.now())
