"""Ask a child that can be killed about a mesh that nobody vouches for.

For level 1 of its quote, and for how it would better lie on the plate.
"""

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
from nearmade.vocabulary.errors import InvalidInput, Unavailable

#: A mesh of a million triangles takes about 2 s; nothing sound takes longer than this.
#: On a busy machine the clock runs faster than the processor's time.
LIMITS = Limits(wall_s=25, cpu_s=10, memory_bytes=2**31, file_bytes=2**20)
ASKED, MESH, ANSWER = "asked.json", "part.stl", "answer.json"
FIGURES = ("feedstock_mm3", "mass_g", "time_s", "energy_wh")
POSE_FIGURES = ("author_s", "best_s", "author_support_mm3", "best_support_mm3")
LONGEST_ANSWER_BYTES = 2**16
#: What reading an answer of any other shape raises.
BROKEN_ANSWER = (KeyError, OverflowError, RecursionError, TypeError, ValueError)


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
    Unavailable
        When the machine is too busy.
    """
    return _checked(_answer(_words(asked), stl))


def ask_pose(facts: PartFacts, stl: bytes) -> dict[str, Any]:
    """Say how a part would better lie on the plate; ``uploads`` keeps the answer.

    Returns
    -------
    dict[str, Any]
        ``better``; ``rotation``, nine numbers; time and supports of the author's pose
        and of the best one.

    Raises
    ------
    InvalidInput
        When its poses cannot be weighed, or not within the child's limits.
    Unavailable
        When the machine is too busy.
    """
    answer = _answer({"facts": facts_record(facts), "pose": True}, stl)
    if "problem" in answer:
        raise _said(answer)
    try:
        rotation = [_number(value) for value in answer["rotation"]]
        if len(rotation) != 9:
            raise ValueError("no rotation")
        return {
            "better": answer["better"] is True,
            "rotation": rotation,
            **{name: _finite(answer[name]) for name in POSE_FIGURES},
        }
    except BROKEN_ANSWER as error:
        raise _no_estimate() from error


def _words(asked: LayersAsked) -> dict[str, Any]:
    return {
        "facts": facts_record(asked.facts),
        "profile_id": asked.profile_id,
        "quantity": asked.quantity,
        "infill_fraction": asked.infill_fraction,
        "supports": asked.supports,
    }


def _answer(words: Mapping[str, Any], stl: bytes) -> dict[str, Any]:
    """Run the child and read what it left."""
    with tempfile.TemporaryDirectory(prefix="nearmade-layers-") as scratch:
        given, out = Path(scratch, "in"), Path(scratch, "out")
        given.mkdir()
        out.mkdir()
        (given / MESH).write_bytes(stl)
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
        if outcome.timed_out:  # the machine is busy: another time it may do
            raise Unavailable(
                "its layers could not be measured in time",
                remedy="try again in a minute; the estimate from its shape stays",
            )
        if outcome.returncode != 0:
            raise _no_estimate()
        return _read(out / ANSWER)


def _said(answer: Mapping[str, Any]) -> InvalidInput:
    """Turn the child's refusal into ours, one printable line."""
    words = answer["problem"]
    if not isinstance(words, str):
        return _no_estimate()
    return InvalidInput("".join(c for c in words[:300] if c.isprintable()))


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
    except (OSError, ValueError, RecursionError) as error:
        raise _no_estimate() from error
    if not isinstance(record, dict):
        raise _no_estimate()
    return record


def _checked(record: Mapping[str, Any]) -> dict[str, Any]:
    """Take the child's answer only in the shape that our own code gives."""
    if "problem" in record:
        raise _said(record)
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
    except BROKEN_ANSWER as error:
        raise _no_estimate() from error


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    if not math.isfinite(value):
        raise ValueError(f"{value} is not finite")
    return float(value)


def _finite(value: object) -> float:
    number = _number(value)
    if number < 0:
        raise ValueError(f"{number} is not zero or more")
    return number
