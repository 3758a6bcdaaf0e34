"""Files by their content: same bytes, same name, everywhere."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from nearmade.vocabulary.errors import NotFound, Unavailable
from nearmade.vocabulary.identity import Sha256, sha256_of


def _path(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def put_blob(content: bytes) -> Sha256:
    """Keep content; a second time changes nothing."""
    sha256 = sha256_of(content)
    storage = storages["blobs"]
    path = _path(sha256)
    if not (storage.exists(path) and storage.size(path) == len(content)):
        storage.save(path, ContentFile(content))  # overwrites a half-written one
        _settle(storage, path)
    return sha256


def _settle(storage: Storage, path: str) -> None:
    """Have a file on disk before a row speaks of it; other storages see to it."""
    try:
        place = Path(storage.path(path))
    except NotImplementedError:
        return
    for part in (place, place.parent):
        descriptor = os.open(part, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def get_blob(sha256: str) -> bytes:
    """Read content back and check it against its name.

    Raises
    ------
    NotFound
        When nothing has this name.
    Unavailable
        When the stored bytes are not those that were put.
    """
    storage = storages["blobs"]
    try:
        with storage.open(_path(sha256)) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise NotFound(f"blob {sha256}: not here") from error
    if sha256_of(content) != sha256:
        raise Unavailable(f"blob {sha256}: stored bytes are damaged")
    return content
