"""Facilities, who runs them, and what their agents say."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Site(models.Model):
    """A facility of the network: its record, and the little we search by."""

    id = models.SlugField(primary_key=True, max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    record = models.JSONField()
    country = models.CharField(max_length=2)
    lat_deg = models.FloatField()
    lon_deg = models.FloatField()
    cell = models.CharField(max_length=20)  # H3, resolution 4
    demo = models.BooleanField(default=False)
    snapshot = models.JSONField(null=True, blank=True)  # what its agent said last
    seen_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["cell"])]

    def __str__(self) -> str:
        return self.name


class Operator(models.Model):
    """A person who may act for a site."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="operates"
    )
    site = models.ForeignKey(Site, models.CASCADE, related_name="operators")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "site"], name="an_operator_is_named_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.site}"


class AgentToken(models.Model):
    """The secret of one site's agent, kept as a hash; it opens that site only."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="tokens")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token of {self.site}"
