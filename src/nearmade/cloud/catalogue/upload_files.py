"""The files of visitors' own parts: a folder for each, gone when it is swept."""

from __future__ import annotations

import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from nearmade.vocabulary.errors import NotFound

FOLDER = "uploads"
#: Our own STL of the part, what the viewer shows, its still, and the marked still.
MESH, GLB, PICTURE, MARKED = "part.stl", "part.glb", "part.webp", "marked.webp"
NAMES = (MESH, GLB, PICTURE, MARKED)


def _path(upload_id: uuid.UUID | str, name: str) -> str:
    if name not in NAMES:
        raise NotFound(f"upload: no file {name!r}")
    return f"{FOLDER}/{uuid.UUID(str(upload_id))}/{name}"


def write_file(upload_id: uuid.UUID | str, name: str, content: bytes) -> None:
    """Keep a file of an upload."""
    storages["blobs"].save(_path(upload_id, name), ContentFile(content))


def read_file(upload_id: uuid.UUID | str, name: str) -> bytes:
    """Read a file of an upload.

    Raises
    ------
    NotFound
        When it was swept, or never was.
    """
    try:
        with storages["blobs"].open(_path(upload_id, name)) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise NotFound(
            "this part was deleted, as it is after a few hours",
            remedy="send the file again",
        ) from error
    return content


def read_upload(upload_id: uuid.UUID | str) -> bytes:
    """Read an upload's mesh, as STL that we wrote."""
    return read_file(upload_id, MESH)


def delete_files(upload_id: uuid.UUID | str) -> None:
    """Delete all files of an upload; those that are gone are no trouble."""
    storage = storages["blobs"]
    for name in NAMES:
        storage.delete(_path(upload_id, name))
    storage.delete(f"{FOLDER}/{uuid.UUID(str(upload_id))}")


def folders() -> list[str]:
    """Name the uploads that have files; a folder of any other name is not ours."""
    try:
        found, _ = storages["blobs"].listdir(FOLDER)
    except FileNotFoundError:
        return []
    return [name for name in found if _is_upload_id(name)]


def _is_upload_id(name: str) -> bool:
    try:
        return str(uuid.UUID(name)) == name
    except ValueError:
        return False
