"""A catalogue as a folder of design folders: rendered as published, measured once.

Facts of a mesh are kept beside the meshes, under the mesh's digest and that of the
code that measures, so that neither another mesh nor another version finds them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import platformdirs

from nearmade import geometry
from nearmade.adapters.design_folder import (
    MANIFEST,
    LoadedDesign,
    RenderedPart,
    customise,
    load_design,
    write_whole,
)
from nearmade.adapters.gate import admit
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.facts_record import facts_from, facts_record
from nearmade.screening.printability import check_makeable
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import PartName, canonical_json, sha256_of

#: Most designs that one catalogue may hold.
MOST_DESIGNS: Final = 10_000

#: Called with designs done, designs in all and the folder that was done last.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class MeasuredDesign:
    """A design as published and the facts of its parts at these values."""

    loaded: LoadedDesign
    facts: Mapping[PartName, PartFacts]


@dataclass(frozen=True, slots=True)
class Unread:
    """A folder of a catalogue that is no design, and why."""

    folder: str
    message: str


def read_catalogue(
    folder: Path, *, cache: Path | None, progress: Progress | None = None
) -> tuple[tuple[MeasuredDesign, ...], tuple[Unread, ...]]:
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
    designs: list[MeasuredDesign] = []
    unread: list[Unread] = []
    seen: dict[str, str] = {}
    for number, each in enumerate(folders, start=1):
        try:
            loaded = load_design(each)
            _check_id(seen, loaded.design.id, each.name)
            designs.append(MeasuredDesign(loaded, measure_design(loaded, {}, cache)))
        except (InvalidInput, NotFound) as error:
            unread.append(Unread(each.name, error.message))
        if progress:
            progress(number, len(folders), each.name)
    return tuple(designs), tuple(unread)


def measure_design(
    loaded: LoadedDesign, values: Mapping[str, object], cache: Path | None
) -> dict[PartName, PartFacts]:
    """Render a design and measure each part behind the gate, or look both up.

    Raises
    ------
    InvalidInput
        When a value is refused, or a part does not render or cannot be made.
    Unavailable
        When there is no engine, or a part takes too long.
    """
    instance = customise(loaded, values, cache=cache, assembly=False)
    return {each.part.name: _facts(each, cache) for each in instance.parts}


def _facts(rendered: RenderedPart, cache: Path | None) -> PartFacts:
    name = rendered.part.name
    key = sha256_of(f"{_measuring()} {rendered.sha256}".encode())
    kept = None if cache is None else cache / "facts" / key[:2] / f"{key}.json"
    facts = None if kept is None else _kept(kept)
    if facts is None:
        facts = admit(rendered.stl, f"{name}.stl").facts
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, canonical_json(facts_record(facts)))
    return check_makeable(facts, rendered.part.title)


def _kept(path: Path) -> PartFacts | None:
    """Read facts back; None when they are not kept or no longer whole."""
    try:
        return facts_from(json.loads(path.read_bytes()), complete=True)
    except (OSError, ValueError, TypeError):
        return None


@cache
def _measuring() -> str:
    """Name the code that measures by its text."""
    folder = Path(geometry.__path__[0])
    return sha256_of(
        b"".join(each.read_bytes() for each in sorted(folder.glob("*.py")))
    )


def _design_folders(folder: Path) -> Iterator[Path]:
    if (folder / MANIFEST).is_file():
        yield folder
    elif folder.is_dir():
        yield from (found.parent for found in folder.glob(f"*/{MANIFEST}"))


def _check_id(seen: dict[str, str], design_id: str, folder: str) -> None:
    """Refuse a design whose id another folder has already."""
    if design_id in seen:
        raise InvalidInput(f"has the id {design_id}, as the folder {seen[design_id]}")
    seen[design_id] = folder


def render_cache(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the folder where the platform of this machine keeps rendered meshes."""
    data = environ.get("NEARMADE_DATA_DIR") or platformdirs.user_data_dir(
        "nearmade", appauthor=False
    )
    return Path(data).expanduser().absolute() / "cache" / "renders"
