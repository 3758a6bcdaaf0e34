"""A catalogue as a folder of design folders: measured as published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nearmade.adapters.design_folder import MANIFEST
from nearmade.adapters.found_design import FoundDesign, find_measured
from nearmade.vocabulary.errors import InvalidInput, NotFound

#: Most designs that one catalogue may hold.
MOST_DESIGNS: Final = 10_000

#: Called with designs done, designs in all and the folder that was done last.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Unread:
    """A folder of a catalogue that is no design, and why."""

    folder: str
    message: str


def read_catalogue(
    folder: Path, *, cache: Path | None, progress: Progress | None = None
) -> tuple[tuple[FoundDesign, ...], tuple[Unread, ...]]:
    """Read, render and measure every design of a catalogue, by its folder's name.

    Parameters
    ----------
    folder
        Holds one folder for each design; may be a design itself.
    cache
        Folder where meshes and facts are kept; None keeps nothing.
    progress
        Told after each design.

    Returns
    -------
    designs
        At their initial values.
    unread
        Those that cannot be read, rendered or made, or have the id of one before,
        with the reason.

    Raises
    ------
    NotFound
        When there is no design in the folder.
    InvalidInput
        When there are too many.
    Unavailable
        When there is no engine, or a part takes too long.
    """
    folders = sorted(_design_folders(folder))
    if not folders:
        raise NotFound(
            f"no design in {folder}: no folder there has an {MANIFEST}",
            code="catalogue-empty",
            remedy="name a folder of design folders, such as examples/designs",
        )
    if len(folders) > MOST_DESIGNS:
        raise InvalidInput(f"catalogue {folder}: more than {MOST_DESIGNS} designs")
    designs: list[FoundDesign] = []
    unread: list[Unread] = []
    seen: dict[str, str] = {}
    for number, each in enumerate(folders, start=1):
        try:
            found = find_measured(each, cache)
            _check_whole(found)
            _check_id(seen, found.design.id, each.name)
            designs.append(found)
        except (InvalidInput, NotFound) as error:
            unread.append(Unread(each.name, error.message))
        if progress:
            progress(number, len(folders), each.name)
    return tuple(designs), tuple(unread)


def _design_folders(folder: Path) -> Iterator[Path]:
    if (folder / MANIFEST).is_file():
        yield folder
    elif folder.is_dir():
        yield from (found.parent for found in folder.glob(f"*/{MANIFEST}"))


def _check_whole(found: FoundDesign) -> None:
    """Refuse a design with a part unmeasured or a bill unread: who could promise it."""
    for one in found.unmeasured:
        raise InvalidInput(f"{one.part.title} cannot be judged: {one.why}")
    for told in found.unread:
        raise InvalidInput(f"hand work cannot be judged: {told}")


def _check_id(seen: dict[str, str], design_id: str, folder: str) -> None:
    """Refuse a design whose id another folder has already."""
    if design_id in seen:
        raise InvalidInput(f"has the id {design_id}, as the folder {seen[design_id]}")
    seen[design_id] = folder
