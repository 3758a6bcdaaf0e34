"""Published versions of designs and what customers made of them."""

from __future__ import annotations

import uuid

from django.db import models


class DesignVersion(models.Model):
    """One published version; its files are blobs, its name is their hash."""

    design_id = models.SlugField(max_length=80)
    version = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=400)
    purpose = models.CharField(max_length=40)
    licence = models.CharField(max_length=120)
    files = models.JSONField()  # file name -> blob
    published_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["design_id"],
                condition=models.Q(current=True),
                name="one_current_version_of_a_design",
            )
        ]

    def __str__(self) -> str:
        return f"{self.design_id} {self.version}"


class Instance(models.Model):
    """A design with its parameters set: one key, one set of meshes, for ever."""

    class State(models.TextChoices):
        """How far the rendering is."""

        RENDERING = "rendering"
        READY = "ready"
        FAILED = "failed"

    key = models.CharField(max_length=64, unique=True)
    design_version = models.ForeignKey(DesignVersion, models.PROTECT)
    values = models.JSONField()
    state = models.CharField(max_length=12, choices=State, default=State.RENDERING)
    problem = models.TextField(default="", blank=True)
    parts_done = models.PositiveIntegerField(default=0)
    parts_total = models.PositiveIntegerField(default=0)
    picture_sha256 = models.CharField(
        max_length=64, default="", blank=True, db_index=True
    )
    glb_sha256 = models.CharField(max_length=64, default="", blank=True, db_index=True)
    assembly_sha256 = models.CharField(max_length=64, default="", blank=True)
    assembly_canonical_sha256 = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.design_version} {self.key[:8]}"


class InstancePart(models.Model):
    """One mesh of an instance with its facts."""

    instance = models.ForeignKey(Instance, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    materials = models.JSONField()
    infill_fraction = models.FloatField()
    mesh_sha256 = models.CharField(max_length=64, db_index=True)
    canonical_sha256 = models.CharField(max_length=64)
    facts = models.JSONField()
    glb_sha256 = models.CharField(max_length=64, db_index=True)
    picture_sha256 = models.CharField(
        max_length=64, default="", blank=True, db_index=True
    )
    marked_sha256 = models.CharField(
        max_length=64, default="", blank=True, db_index=True
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "name"], name="one_part_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instance}: {self.title}"


class PartSlice(models.Model):
    """What the slicer says of all copies of a part on one profile."""

    part = models.ForeignKey(InstancePart, models.CASCADE, related_name="slices")
    profile_id = models.CharField(max_length=80)
    figures = models.JSONField(null=True, blank=True)  # none until it is sliced
    problem = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part", "profile_id"], name="one_slice_of_a_part_and_profile"
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} on {self.profile_id}"


class MeshEstimate(models.Model):
    """What a mesh takes on one profile, found once: from its layers, or sliced.

    The key is the hash of all that the figures depend on; a profile that is fitted
    anew gets new rows, and old rows are swept.
    """

    key = models.CharField(max_length=64, unique=True)
    level = models.PositiveSmallIntegerField()
    mesh_sha256 = models.CharField(max_length=64)
    profile_id = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField()
    infill_fraction = models.FloatField(null=True, blank=True)
    supports = models.BooleanField(default=False)
    figures = models.JSONField(null=True, blank=True)  # none until it is known
    problem = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.mesh_sha256[:8]} on {self.profile_id}, level {self.level}"


class UploadedMesh(models.Model):
    """A visitor's own part, kept for a short while to be quoted, then swept.

    Its files lie in a folder of its own, so that sweeping it takes nobody else's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64)  # of what was sent
    mesh_sha256 = models.CharField(max_length=64)  # of our own STL of it
    facts = models.JSONField()
    mended = models.JSONField(null=True, blank=True)  # what a repair changed
    pose = models.JSONField(null=True, blank=True)  # how it would better lie
    marked = models.BooleanField(default=False)  # a picture shows its findings
    size_bytes = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"upload {self.id}"
