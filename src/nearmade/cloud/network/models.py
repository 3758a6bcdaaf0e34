"""Facilities, who runs them, and what their agents say."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

#: Letters that a person's own words may have: a reason, evidence, a note.
LONGEST_WORDS = 2000


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
    # What the register searches and counts by, taken from the record.
    area = models.CharField(max_length=20, default="", blank=True)  # H3, resolution 1
    processes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    materials = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    machine_count = models.PositiveIntegerField(default=0)
    solar = models.BooleanField(default=False)
    demo = models.BooleanField(default=False)
    snapshot = models.JSONField(null=True, blank=True)  # what its agent said last
    seen_at = models.DateTimeField(null=True, blank=True)
    supply = models.JSONField(null=True, blank=True)  # its electricity, by its agent
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["cell"]),
            models.Index(fields=["area"]),
            GinIndex(fields=["processes"], name="site_processes"),
            GinIndex(fields=["materials"], name="site_materials"),
        ]

    def __str__(self) -> str:
        return self.name


class SiteVersion(models.Model):
    """What a site's record said before it was changed, so that it can be again."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="versions")
    record = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True
    )
    changed = models.CharField(max_length=200)  # what replaced it, in words

    class Meta:
        ordering = ["-saved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.site} before {self.saved_at:%Y-%m-%d %H:%M}"


class ListingSource(models.Model):
    """A public list of places, and the licence that it is used under."""

    id = models.SlugField(primary_key=True, max_length=40)
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=400)
    licence = models.CharField(max_length=60)  # SPDX
    licence_url = models.URLField(max_length=400)
    attribution = models.CharField(max_length=400)

    def __str__(self) -> str:
        return self.title


class Listing(models.Model):
    """A place that a public list names; nobody need have claimed it.

    It holds what its source says and nothing else: no machine, no price, no hours.
    Once claimed it points to the site that it became, under the same id.
    """

    id = models.SlugField(primary_key=True, max_length=80)
    source = models.ForeignKey(ListingSource, models.PROTECT, related_name="listings")
    at_source = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    url = models.URLField(max_length=400, default="", blank=True)
    street = models.CharField(max_length=300, default="", blank=True)
    postcode = models.CharField(max_length=60, default="", blank=True)
    town = models.CharField(max_length=200, default="", blank=True)
    region = models.CharField(max_length=200, default="", blank=True)
    country = models.CharField(max_length=2)
    lat_deg = models.FloatField(null=True, blank=True)
    lon_deg = models.FloatField(null=True, blank=True)
    cell = models.CharField(max_length=20, default="", blank=True)  # as Site's
    area = models.CharField(max_length=20, default="", blank=True)
    record = models.JSONField()  # as the source wrote it
    record_sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField()
    site = models.OneToOneField(
        Site, models.PROTECT, null=True, blank=True, related_name="listing"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "at_source"], name="a_source_lists_a_place_once"
            )
        ]
        indexes = [
            models.Index(fields=["cell"]),
            models.Index(fields=["area"]),
            models.Index(fields=["country"]),
        ]

    def __str__(self) -> str:
        return self.name


class Claim(models.Model):
    """A person says: this place is mine to run."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open"
        APPROVED = "approved"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        REVOKED = "revoked"

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="claims")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.TextField(max_length=LONGEST_WORDS)
    evidence = models.TextField(max_length=LONGEST_WORDS, default="", blank=True)
    evidence_url = models.URLField(max_length=400, default="", blank=True)
    town = models.JSONField(null=True, blank=True)  # where the source names no point
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="claims_decided",
    )
    decision = models.TextField(default="", blank=True)

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing"],
                condition=models.Q(state="approved"),
                name="one_person_owns_a_place",
            ),
            models.UniqueConstraint(
                fields=["listing", "person"],
                condition=models.Q(state="open"),
                name="a_person_claims_a_place_once",
            ),
        ]

    def __str__(self) -> str:
        return f"claim of {self.listing} by {self.person}"


class ClaimEvent(models.Model):
    """What happened to a claim: who, when, what, and why; never changed."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.CharField(max_length=254)
    kind = models.CharField(max_length=20)
    why = models.TextField(default="", blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


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
