"""Where a design's manifest lies, and which files beside it may be read as meshes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from nearmade.adapters.design_folder import MANIFEST
from nearmade.designs.okh_values import is_safe_place
from nearmade.geometry.formats import ALIASES, CURVED, READERS
from nearmade.vocabulary.errors import InvalidInput, NotFound

#: Endings of manifests.
MANIFEST_ENDINGS: Final = frozenset({".toml", ".yml", ".yaml"})
#: Endings of files that the gate reads.
MESH_ENDINGS: Final = frozenset(f".{one}" for one in (*READERS, *CURVED, *ALIASES))
#: Names that manifests of OKH have beside ``okh.toml``.
_NAMED_OKH: Final = re.compile(
    r"(?:okh[^/]*|[^/]*\.okh)\.(?:toml|ya?ml)", re.IGNORECASE
)
#: Names that a message tells at most.
_MOST_NAMED: Final = 5


def is_design(path: Path) -> bool:
    """Tell whether a path is meant as a design: a folder, or a manifest."""
    return path.is_dir() or path.suffix.lower() in MANIFEST_ENDINGS


def manifest_at(path: Path) -> Path:
    """Find the manifest of a design.

    Parameters
    ----------
    path
        A folder, or the manifest itself.

    Raises
    ------
    NotFound
        When there is none.
    InvalidInput
        When a folder holds several and none of them is ``okh.toml``.
    """
    if not path.is_dir():
        return path
    if (path / MANIFEST).is_file():
        return path / MANIFEST
    found = sorted(
        each.name
        for each in path.iterdir()
        if _NAMED_OKH.fullmatch(each.name) and each.is_file()
    )
    if len(found) > 1:
        raise InvalidInput(
            f"{path}: holds several manifests: {some_of(found)}",
            code="manifest-unnamed",
            remedy="name one of them",
        )
    if not found:
        raise NotFound(
            f"no design at {path}: it has neither an {MANIFEST} nor another manifest "
            "of Open Know-How",
            code="design-not-found",
            remedy=instead(path),
        )
    return path / found[0]


def names_mesh(path: str) -> bool:
    """Tell by its name whether a path of a repository is a file that the gate reads."""
    ending = f".{path.rpartition('.')[2].lower()}"
    return ending in MESH_ENDINGS and "://" not in path and is_safe_place(path)


def inside(folder: Path, path: str) -> Path:
    """Give the file that a path of the manifest means, never one outside the folder.

    Raises
    ------
    InvalidInput
        When it lies elsewhere, links followed.
    """
    home = folder.resolve()
    file = (home / path.removeprefix("./").lstrip("/")).resolve()
    if not file.is_relative_to(home):
        raise InvalidInput(f"{path}: lies outside the design's folder", code="path")
    return file


def instead(folder: Path) -> str:
    """Name the mesh files of a folder, which can be matched one by one."""
    meshes = sorted(_meshes_in(folder))
    if meshes:
        return f"match a mesh file of it by itself, such as {some_of(meshes)}"
    return "name a mesh file, or a folder with an okh.toml"


def _meshes_in(folder: Path) -> Iterator[str]:
    for each in folder.iterdir():
        if each.suffix.lower() in MESH_ENDINGS and each.is_file():
            yield each.name


def some_of(names: Sequence[str]) -> str:
    """Tell the first few of some names, and how many more there are."""
    more = len(names) - _MOST_NAMED
    told = ", ".join(names[:_MOST_NAMED])
    return f"{told} and {more} more" if more > 0 else told
