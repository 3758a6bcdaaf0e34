"""Parts drawn before surveys were made are looked at once more, once."""

from __future__ import annotations

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.cloud.blobs import get_blob, put_blob
from nearmade.cloud.catalogue.looking_again import LOOK_AGAIN, look_again_now
from nearmade.cloud.catalogue.models import Instance, InstancePart
from nearmade.cloud.catalogue.records import facts_from
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import write_stl
from tests.geometry.solids import cube, together
from tests.pages.bench import a_drawn_coupling

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def an_old_part() -> InstancePart:
    """An arm that hangs in the air, drawn when nobody looked for such things."""
    leg = Mesh(cube(1.0).vertices_mm * [10, 10, 20], cube().faces)
    arm = Mesh(cube(1.0).vertices_mm * [10, 40, 5] + [0, 0, 20], cube().faces)
    part = a_drawn_coupling().parts.all()[0]
    part.mesh_sha256 = put_blob(write_stl(together(leg, arm)))
    part.facts = {name: one for name, one in part.facts.items() if name != "survey"}
    part.save()
    Instance.objects.update(glb_sha256=part.glb_sha256)
    return part


def test_showing_an_old_part_asks_for_a_look_once(client: Client) -> None:
    an_old_part()
    for _ in range(2):
        client.get("/designs/pipe-coupling")
    assert ProcrastinateJob.objects.filter(task_name=LOOK_AGAIN).count() == 1


def test_the_look_surveys_marks_and_draws(client: Client) -> None:
    part = an_old_part()
    old = part.glb_sha256
    look_again_now(part.pk)
    part.refresh_from_db()
    assert facts_from(part.facts).survey is not None
    assert b"overhangs" in get_blob(part.glb_sha256)
    assert get_blob(part.marked_sha256)[:4] == b"RIFF"
    assert part.glb_sha256 != old
    assert part.instance.glb_sha256 == part.glb_sha256  # it stood for the whole
    marked = part.marked_sha256
    assert client.get(f"/blobs/{marked}.webp").status_code == 200
    look_again_now(part.pk)
    part.refresh_from_db()
    assert part.marked_sha256 == marked
