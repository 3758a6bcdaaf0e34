"""What is blocked, what is held, what was decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from nearmade.cloud.orders.models import Order


class BlockEntry(models.Model):
    """A fingerprint that may not pass; never a mesh, never a description."""

    sha256 = models.CharField(max_length=64, default="", blank=True, db_index=True)
    canonical_sha256 = models.CharField(
        max_length=64, default="", blank=True, db_index=True
    )
    decision = models.CharField(
        max_length=8, choices=[("review", "review"), ("refuse", "refuse")]
    )
    reason_code = models.CharField(max_length=80)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True
    )

    def __str__(self) -> str:
        return self.reason_code


class Case(models.Model):
    """An order that a person must look at."""

    class State(models.TextChoices):
        """Whether a person has decided."""

        OPEN = "open"
        ALLOWED = "allowed"
        REFUSED = "refused"

    order = models.OneToOneField(Order, models.PROTECT, related_name="case")
    verdict = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True
    )
    reason = models.TextField(default="", blank=True)

    class Meta:
        ordering = ["opened_at"]

    def __str__(self) -> str:
        return f"case of {self.order}"
