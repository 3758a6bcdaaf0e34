"""A visitor's own part: through the gate, kept for a short while, swept.

Nothing of it is published, nothing of its name is kept. Whoever sent it may see it, by
the session it was sent in; to everybody else it is not there.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Sum

from nearmade.adapters.gate import Admitted, admit
from nearmade.adapters.mending import beyond_repair, mend
from nearmade.cloud.catalogue import upload_files as files
from nearmade.cloud.catalogue.holding import is_held, lock_uploads
from nearmade.cloud.catalogue.layers import ask_pose
from nearmade.cloud.catalogue.marking import marked_picture, marks_of, picture_of
from nearmade.cloud.catalogue.models import MeshEstimate, UploadedMesh
from nearmade.cloud.catalogue.records import facts_from, facts_record
from nearmade.geometry.glb import write_glb
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.vocabulary.errors import InvalidInput, NotFound, Unavailable
from nearmade.vocabulary.identity import sha256_of

#: The largest file that is taken for a quote. [bytes]
LARGEST_BYTES = 32 * 1024 * 1024
#: How long a part is kept after it was last sent.
KEPT = timedelta(hours=6)
#: How long estimates are kept; they are found again when asked for.
ESTIMATES_KEPT = timedelta(days=30)
#: All uploads together; for more, the oldest are ended. [bytes]
ALL_TOGETHER_BYTES = 2 * 2**30
#: Parts of one visitor; a further one takes the place of the oldest.
OF_ONE_VISITOR = 8
#: Files that one process reads at a time.
AT_ONCE = 2
#: Sentences of a repair's report that are kept.
CHANGES_KEPT = 12
WAIT_S = 5.0
ENDINGS = (".stl", ".3mf", ".obj", ".off", ".amf", ".ply", ".glb", ".gltf", ".step",
           ".stp")  # fmt: skip

_places = threading.BoundedSemaphore(AT_ONCE)


def admit_upload(data: bytes, name: str, *, now: datetime) -> UploadedMesh:
    """Read a visitor's file through the gate and keep what a quote needs of it.

    Parameters
    ----------
    data
        The whole file.
    name
        As the browser sent it; only a known ending counts.
    now
        The present.

    Raises
    ------
    InvalidInput
        When the file is too large, or the gate refuses it.
    Unavailable
        When too many are read at once.
    """
    if len(data) > LARGEST_BYTES:
        raise InvalidInput(
            f"the file has {len(data) / 2**20:.0f} MiB, more than the "
            f"{LARGEST_BYTES // 2**20} MiB taken for a quote",
            code="file-too-large",
            remedy="export it with fewer triangles, as a binary STL or a 3MF",
        )
    with _a_place():
        return _keep(admit(data, _plain_name(name)), sha256_of(data), now)


@contextmanager
def _a_place() -> Iterator[None]:
    """Read only so much at a time.

    Raises
    ------
    Unavailable
        When there is no place.
    """
    if not _places.acquire(timeout=WAIT_S):
        raise Unavailable(
            "too many files are being read",
            remedy="wait a few seconds, then send again",
        )
    try:
        yield
    finally:
        _places.release()


def mend_upload(upload: UploadedMesh, *, now: datetime) -> UploadedMesh:
    """Mend a part into a new upload, which says what was changed.

    Raises
    ------
    InvalidInput
        When it is beyond repair, or needs none.
    Unavailable
        When too many are read at once.
    """
    with _a_place():
        given = admit(files.read_upload(upload.pk), "part.stl")
        mended = mend(given)
        if mended.part is None:
            raise beyond_repair(mended.report)
        if mended.report.verdict == "sound":
            raise InvalidInput("this part is sound; nothing was to be mended")
        return _keep(mended.part, upload.sha256, now, changes=mended.report.changes())


def pose_of(upload: UploadedMesh) -> dict[str, Any]:
    """Say how a part would better lie; found once.

    Raises
    ------
    InvalidInput
        When its poses cannot be weighed.
    NotFound
        When the part was deleted meanwhile.
    Unavailable
        When too many are read at once.
    """
    if upload.pose is None:
        facts = facts_from(upload.facts)
        with _a_place():
            try:
                upload.pose = ask_pose(facts, files.read_upload(upload.pk))
            except InvalidInput as error:
                upload.pose = {"problem": error.message}
        if not UploadedMesh.objects.filter(pk=upload.pk).update(pose=upload.pose):
            raise _not_here()
    if "problem" in upload.pose:
        raise InvalidInput(upload.pose["problem"])
    return dict(upload.pose)


def turn_upload(upload: UploadedMesh, *, now: datetime) -> UploadedMesh:
    """Lay a part as ``pose_of`` says, into a new upload.

    Raises
    ------
    InvalidInput
        When no other pose is better.
    Unavailable
        When too many are read at once.
    """
    pose = pose_of(upload)
    if not pose["better"]:
        raise InvalidInput("this part lies well already")
    with _a_place():
        mesh = read_stl(files.read_upload(upload.pk))
        rotation = np.array(pose["rotation"], dtype=np.float64).reshape(3, 3)
        vertices_mm = mesh.vertices_mm @ rotation.T
        vertices_mm -= vertices_mm.min(axis=0)
        stl = write_stl(Mesh(vertices_mm, mesh.faces))
        return _keep(admit(stl, "part.stl"), upload.sha256, now)


def _plain_name(name: str) -> str:
    """Keep nothing of a name but an ending that we know."""
    ending = PurePosixPath(name[-20:].lower()).suffix
    return f"part{ending}" if ending in ENDINGS else "part"


def _keep(
    admitted: Admitted, sha256: str, now: datetime, changes: Sequence[str] = ()
) -> UploadedMesh:
    mesh = admitted.mesh
    marks = marks_of(mesh, admitted.facts)
    shown = marked_picture(mesh, admitted.facts, marks)
    contents = {
        files.MESH: write_stl(mesh),
        files.GLB: write_glb(mesh, marks=marks),
        files.PICTURE: picture_of(mesh),
    }
    if shown is not None:
        contents[files.MARKED] = shown
    upload = UploadedMesh(
        sha256=sha256,
        mesh_sha256=sha256_of(contents[files.MESH]),
        facts=facts_record(admitted.facts),
        mended=list(changes[:CHANGES_KEPT]) or None,
        marked=shown is not None,
        size_bytes=sum(map(len, contents.values())),
        created_at=now,
        expires_at=now + KEPT,
    )
    _make_room(upload.size_bytes)
    upload.save(
        force_insert=True
    )  # first, so that the sweep knows whose files these are
    for name, content in contents.items():
        files.write_file(upload.pk, name, content)
    return upload


def _make_room(size_bytes: int) -> None:
    """End the oldest uploads until so much more may be kept."""
    kept_bytes = UploadedMesh.objects.aggregate(all=Sum("size_bytes"))["all"] or 0
    oldest = UploadedMesh.objects.order_by("created_at", "pk")
    for upload_id, freed_bytes in oldest.values_list("pk", "size_bytes"):
        if kept_bytes + size_bytes <= ALL_TOGETHER_BYTES:
            return
        forget_upload(upload_id)
        kept_bytes -= freed_bytes


def find_upload(
    upload_id: uuid.UUID | str, allowed: Iterable[str], *, now: datetime
) -> UploadedMesh:
    """Find a visitor's own part.

    Parameters
    ----------
    upload_id
        Which.
    allowed
        Ids of what this visitor sent.
    now
        The present.

    Raises
    ------
    NotFound
        When it is gone, or somebody else's: both look the same.
    """
    upload = None
    if str(upload_id) in set(allowed):
        upload = UploadedMesh.objects.filter(pk=upload_id, expires_at__gt=now).first()
    if upload is None:
        raise _not_here()
    return upload


def _not_here() -> NotFound:
    return NotFound(
        "this part is not here: it was deleted, or sent from another browser",
        remedy="send the file again",
    )


def forget_upload(upload_id: uuid.UUID | str) -> None:
    """Delete a part, and what was found out about it where nobody else has it."""
    upload = UploadedMesh.objects.filter(pk=upload_id).first()
    if upload is None:
        return
    with transaction.atomic():
        lock_uploads(upload.mesh_sha256)
        upload.delete()
        if not is_held(upload.mesh_sha256):
            MeshEstimate.objects.filter(mesh_sha256=upload.mesh_sha256).delete()
    files.delete_files(upload_id)


def sweep(now: datetime) -> int:
    """Delete the parts whose time is over, and files that no row speaks of."""
    with_files = set(files.folders())  # before the rows, which come before their files
    over = UploadedMesh.objects.filter(expires_at__lte=now)
    ids = [str(pk) for pk in over.values_list("pk", flat=True)]
    for upload_id in ids:
        forget_upload(upload_id)
    known = {str(pk) for pk in UploadedMesh.objects.values_list("pk", flat=True)}
    MeshEstimate.objects.filter(created_at__lt=now - ESTIMATES_KEPT).delete()
    for name in with_files - known:
        files.delete_files(name)
    return len(ids)
