"""Ask a child that can be killed for level 1 of a mesh that nobody vouches for."""

from __future__ import annotations

import json
import math
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nearmade
from nearmade.adapters.sandbox import Limits, python_folders, run_limited
from nearmade.cloud.catalogue.records import facts_record
from nearmade.geometry.facts import PartFacts
from nearmade.vocabulary.errors import InvalidInput

#: A mesh of a million triangles takes about 2 s; nothing sound takes longer than this.
LIMITS = Limits(wall_s=10, cpu_s=10, memory_bytes=2**31, file_bytes=2**20)
ASKED, MESH, ANSWER = "asked.json", "part.stl", "answer.json"
FIGURES = ("feedstock_mm3", "mass_g", "time_s", "energy_wh")
LONGEST_ANSWER_BYTES = 2**16


@dataclass(frozen=True, slots=True)
class LayersAsked:
    """What the child is asked, besides the mesh."""

    facts: PartFacts
    profile_id: str
    quantity: int
    infill_fraction: float | None = None
    supports: bool = False


def ask_child(asked: LayersAsked, stl: bytes) -> dict[str, Any]:
    """Give the figures as ``estimate_from`` reads them.

    Raises
    ------
    InvalidInput
        When the mesh cannot be estimated, or not within the child's limits.
    """
    with tempfile.TemporaryDirectory(prefix="nearmade-layers-") as scratch:
        given, out = Path(scratch, "in"), Path(scratch, "out")
        given.mkdir()
        out.mkdir()
        (given / MESH).write_bytes(stl)
        words = {
            "facts": facts_record(asked.facts),
            "profile_id": asked.profile_id,
            "quantity": asked.quantity,
            "infill_fraction": asked.infill_fraction,
            "supports": asked.supports,
        }
        (given / ASKED).write_text(json.dumps(words), encoding="utf-8")
        outcome = run_limited(
            [
                sys.executable, "-I", "-m", "nearmade.cloud.catalogue.layers_child",
                str(given), str(out),
            ],
            limits=LIMITS,
            read_only=[
                *python_folders(),
                *(Path(folder).parent for folder in nearmade.__path__),
                given,
            ],
            writable=[out],
            cwd=out,
            env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            require_isolation=False,
        )  # fmt: skip
        if outcome.returncode != 0:
            raise _no_estimate()
        return _checked(_read(out / ANSWER))


def _no_estimate() -> InvalidInput:
    return InvalidInput(
        "its layers could not be measured within the time and memory for one part",
        code="layers-too-costly",
        remedy="simplify the part; the estimate from its shape stays",
    )


def _read(answer: Path) -> dict[str, Any]:
    try:
        if answer.is_symlink() or answer.stat().st_size > LONGEST_ANSWER_BYTES:
            raise _no_estimate()
        record = json.loads(answer.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _no_estimate() from error
    if not isinstance(record, dict):
        raise _no_estimate()
    return record


def _checked(record: Mapping[str, Any]) -> dict[str, Any]:
    """Take the child's answer only in the shape that our own code gives."""
    if "problem" in record:
        said = "".join(c for c in str(record["problem"])[:300] if c.isprintable())
        raise InvalidInput(said)
    try:
        figures = {
            name: {end: _finite(record[name][end]) for end in ("value", "low", "high")}
            for name in FIGURES
        }
        return {
            "level": 1,
            "profile_id": str(record["profile_id"]),
            "quantity": int(record["quantity"]),
            **figures,
        }
    except (KeyError, TypeError, ValueError) as error:
        raise _no_estimate() from error


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{value} is not zero or more")
    return float(value)
