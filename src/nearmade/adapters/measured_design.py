"""Render a drawn design and measure its parts, or look both up.

Facts of a mesh are kept beside the meshes, under the mesh's digest and that of the
code that measures, so that neither another mesh nor another version finds them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import platformdirs

from nearmade import geometry
from nearmade.adapters.design_folder import (
    LoadedDesign,
    RenderedPart,
    customise,
    write_whole,
)
from nearmade.adapters.gate import admit
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.facts_record import facts_from, facts_record
from nearmade.screening.printability import OF_LAYERS, check_makeable
from nearmade.vocabulary.identity import PartName, canonical_json, sha256_of


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
    return check_makeable(facts, rendered.part.title, but=OF_LAYERS)


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


def render_cache(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the folder where the platform of this machine keeps rendered meshes."""
    data = environ.get("NEARMADE_DATA_DIR") or platformdirs.user_data_dir(
        "nearmade", appauthor=False
    )
    return Path(data).expanduser().absolute() / "cache" / "renders"
