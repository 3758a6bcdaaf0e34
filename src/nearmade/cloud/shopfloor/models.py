"""Jobs, and the conversation with the agents that run them."""

from __future__ import annotations

import uuid

from django.db import models

from nearmade.cloud.network.models import Site
from nearmade.cloud.orders.models import Order
from nearmade.production.job import JobState

ON_A_MACHINE = [JobState.STARTING, JobState.PRINTING, JobState.ATTENTION]


class Job(models.Model):
    """One build given to one machine."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="jobs")
    site = models.ForeignKey(Site, models.PROTECT, related_name="jobs")
    machine_id = models.CharField(max_length=120)
    profile_id = models.CharField(max_length=80)
    material = models.CharField(max_length=20)
    parts = models.JSONField()  # [{"name", "quantity"}]
    state = models.CharField(
        max_length=12,
        choices=[(state.value, state.value) for state in JobState],
        default=JobState.PLANNED.value,
    )
    generation = models.PositiveIntegerField(default=1)
    gcode_sha256 = models.CharField(max_length=64, default="", blank=True)
    figures = models.JSONField(null=True, blank=True)  # what the slicer said
    signed = models.JSONField(null=True, blank=True)  # the signed ticket
    progress = models.JSONField(default=dict, blank=True)
    evidence = models.JSONField(null=True, blank=True)
    problem = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    printed_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["machine_id"],
                condition=models.Q(state__in=[s.value for s in ON_A_MACHINE]),
                name="one_machine_holds_one_build",
            )
        ]

    def __str__(self) -> str:
        return f"job {str(self.id)[:8]}"


class AgentEpoch(models.Model):
    """One life of an agent's database; a wiped disk is a new epoch."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="epochs")
    epoch = models.CharField(max_length=32)
    acknowledged = models.BigIntegerField(default=0)
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "epoch"], name="an_epoch_belongs_to_one_site"
            )
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.epoch[:8]}"


class AgentEvent(models.Model):
    """An event as the agent told it, kept once."""

    epoch = models.ForeignKey(AgentEpoch, models.PROTECT, related_name="events")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    body = models.JSONField()
    effect = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["epoch", "seq"], name="an_event_is_applied_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.epoch} {self.seq} {self.kind}"


class Command(models.Model):
    """Something we ask of an agent, said again until it answers."""

    class State(models.TextChoices):
        """Whether the agent has answered."""

        OPEN = "open"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="commands")
    job = models.ForeignKey(Job, models.CASCADE, related_name="commands")
    kind = models.CharField(max_length=12)
    generation = models.PositiveIntegerField()
    body = models.JSONField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "-kind"]  # offer, make, cancel

    def __str__(self) -> str:
        return f"{self.kind} {self.job}"
