"""Who still has a mesh: findings are kept no longer than that.

A visitor's upload has it until it is forgotten, a design's part for good.
"""

from __future__ import annotations

from nearmade.cloud.blobs import get_blob
from nearmade.cloud.catalogue.models import InstancePart, UploadedMesh
from nearmade.cloud.catalogue.upload_files import read_upload
from nearmade.vocabulary.errors import NotFound


def lock_uploads(mesh_sha256: str) -> None:
    """Keep others from forgetting a mesh until this transaction ends."""
    uploads = UploadedMesh.objects.select_for_update().filter(mesh_sha256=mesh_sha256)
    list(uploads.order_by("pk").values_list("pk"))


def is_held(mesh_sha256: str) -> bool:
    """Say whether a design or a visitor still has a mesh."""
    return (
        InstancePart.objects.filter(mesh_sha256=mesh_sha256).exists()
        or UploadedMesh.objects.filter(mesh_sha256=mesh_sha256).exists()
    )


def read_visitors_mesh(mesh_sha256: str) -> tuple[bytes, bool]:
    """Read a mesh that a visitor sent from whoever still has it.

    Returns
    -------
    tuple[bytes, bool]
        Its STL; whether it was read from a design's blob.

    Raises
    ------
    NotFound
        When nobody has it any more.
    """
    if InstancePart.objects.filter(mesh_sha256=mesh_sha256).exists():
        return get_blob(mesh_sha256), True
    uploads = UploadedMesh.objects.filter(mesh_sha256=mesh_sha256)
    for upload_id in uploads.order_by("-expires_at").values_list("pk", flat=True):
        try:
            return read_upload(upload_id), False
        except NotFound:  # forgotten just now; another may have it
            continue
    raise NotFound("nobody has this mesh any more")
