"""Files that were fetched, kept under their hash."""

from __future__ import annotations

import os
from pathlib import Path

from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.identity import Sha256, sha256_of


class Artefacts:
    """A folder of files named by their content.

    Parameters
    ----------
    folder
        Made when it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def read(self, sha256: Sha256) -> bytes | None:
        """Give a file whose content still fits its name; None when there is none."""
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None
        return content if sha256_of(content) == sha256 else None

    def keep(self, content: bytes) -> Sha256:
        """Write a file so that it is whole on disk or not there."""
        sha256 = sha256_of(content)
        path = self._path(sha256)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        return sha256

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise NotFound(f"artefact {sha256!r}: not a SHA-256")
        return self._folder / f"{sha256}.gcode"
