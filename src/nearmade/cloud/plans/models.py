"""Plans of the whole network: asked for, being made, and what came of them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Plan(models.Model):
    """A plan that the platform made of its open orders, or that a planner sent."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        WORKING = "working"
        READY = "ready"
        EMPTY = "empty"
        FAILED = "failed"

    class Source(models.TextChoices):
        """Where it comes from."""

        TIMER = "timer"
        ASKED = "asked"
        FILE = "file"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=8, choices=Source)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    title = models.CharField(max_length=120, default="", blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True
    )
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(default="", blank=True)  # why it failed, or is empty
    stamp = models.CharField(max_length=120, default="", blank=True)  # what it saw
    figures = models.JSONField(default=dict, blank=True)  # cost, bound, terms, counts
    scenarios = models.JSONField(default=list, blank=True)
    sent = models.BinaryField(null=True, blank=True)  # files, until they are read
    picture = models.BinaryField(null=True, blank=True)  # gzip of JSON
    files = models.BinaryField(null=True, blank=True)  # zip, to be checked elsewhere

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["asked_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state__in=["waiting", "working"])
                & models.Q(source__in=["timer", "asked"]),
                name="one_plan_of_a_source_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"plan {str(self.id)[:8]}"
