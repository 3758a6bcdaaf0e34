"""Durable work of the catalogue: rendering instances, slicing parts, sweeping."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from nearmade.cloud.catalogue.looking_again import look_again_now
from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.catalogue.rendering import RenderedInstance, render
from nearmade.cloud.catalogue.services import load_version
from nearmade.cloud.catalogue.slicing import slice_mesh_now, slice_now
from nearmade.cloud.catalogue.uploads import sweep
from nearmade.cloud.retries import PATIENT
from nearmade.vocabulary.errors import InvalidInput


@app.task(name="catalogue.render_instance", retry=PATIENT)
def render_instance(instance_id: int) -> None:
    """Render every part of an instance; running twice changes nothing."""
    instance = Instance.objects.select_related("design_version").get(pk=instance_id)
    if instance.state != Instance.State.RENDERING:
        return

    def report(done: int, total: int, what: str) -> None:
        Instance.objects.filter(pk=instance_id).update(
            parts_done=done, parts_total=total
        )

    try:
        rendered = render(
            load_version(instance.design_version),
            instance.values,
            cache=settings.CONFIGURATION.cache_dir / "renders",
            report=report,
        )
    except InvalidInput as error:
        Instance.objects.filter(pk=instance_id).update(
            state=Instance.State.FAILED, problem=error.message
        )
        return
    store(instance_id, rendered)


@app.task(name="catalogue.slice_part", retry=PATIENT)
def slice_part(slice_id: int) -> None:
    """Slice one part for one profile, so that quotes need not guess."""
    slice_now(slice_id)


@app.task(name="catalogue.slice_mesh", retry=PATIENT)
def slice_mesh(estimate_id: int, source: str) -> None:
    """Slice several sets of a part, or a visitor's own."""
    slice_mesh_now(estimate_id, source)


@app.task(name="catalogue.look_again", retry=PATIENT)
def look_again(part_id: int) -> None:
    """Survey a part that was drawn before surveys were made."""
    look_again_now(part_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name="catalogue.sweep_uploads", queueing_lock="sweep-uploads")
def sweep_uploads(timestamp: int) -> None:
    """Delete visitors' parts whose time is over."""
    sweep(timezone.now())


@transaction.atomic
def store(instance_id: int, rendered: RenderedInstance) -> None:
    """Keep a rendering, once."""
    instance = Instance.objects.select_for_update().get(pk=instance_id)
    if instance.state != Instance.State.RENDERING:
        return
    for position, part in enumerate(rendered.parts):
        instance.parts.create(position=position, **part)
    instance.glb_sha256 = rendered.glb_sha256
    instance.picture_sha256 = rendered.picture_sha256
    instance.assembly_sha256 = rendered.assembly_sha256
    instance.assembly_canonical_sha256 = rendered.assembly_canonical_sha256
    instance.parts_done = instance.parts_total = len(rendered.parts)
    instance.state = Instance.State.READY
    instance.ready_at = timezone.now()
    instance.save()
