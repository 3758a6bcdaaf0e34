"""Parts that were drawn before surveys were made: looked at once more, when shown."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.adapters.gate import admit
from nearmade.cloud.blobs import get_blob, put_blob
from nearmade.cloud.catalogue.marking import marked_picture, marks_of
from nearmade.cloud.catalogue.models import Instance, InstancePart
from nearmade.cloud.catalogue.records import facts_record
from nearmade.cloud.catalogue.services import NOBODY_WAITS
from nearmade.cloud.durable import defer
from nearmade.geometry.glb import write_glb

LOOK_AGAIN = "catalogue.look_again"
#: Facts of parts drawn before have no word of this.
SURVEY = "survey"


def request_look(instance: Instance) -> None:
    """Have the parts of an instance surveyed that never were."""
    for part in instance.parts.all():
        if SURVEY in part.facts:
            continue
        asked = ProcrastinateJob.objects.filter(
            task_name=LOOK_AGAIN, args__part_id=part.pk
        )
        if not asked.exists():
            defer(LOOK_AGAIN, priority=NOBODY_WAITS, part_id=part.pk)


def look_again_now(part_id: int) -> None:
    """Survey a part, mark its findings, and draw them; a second time does nothing.

    Raises
    ------
    InvalidInput
        When the gate refuses the mesh.
    NotFound, Unavailable
        When the mesh is lost, or no child can be started.
    """
    part = InstancePart.objects.select_related("instance").get(pk=part_id)
    if SURVEY in part.facts:
        return
    admitted = admit(get_blob(part.mesh_sha256), "part.stl")
    marks = marks_of(admitted.mesh, admitted.facts)
    marked = marked_picture(admitted.mesh, admitted.facts, marks)
    before = part.glb_sha256
    part.facts = facts_record(admitted.facts)
    part.glb_sha256 = put_blob(write_glb(admitted.mesh, marks=marks))
    part.marked_sha256 = put_blob(marked) if marked else ""
    with transaction.atomic():
        part.save(update_fields=["facts", "glb_sha256", "marked_sha256"])
        Instance.objects.filter(pk=part.instance_id, glb_sha256=before).update(
            glb_sha256=part.glb_sha256
        )
