"""Turn a STEP file into triangles, in a child process with limits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nearmade.adapters.sandbox import Limits, Outcome, run_limited
from nearmade.adapters.step.settings import Settings
from nearmade.geometry.facts import Finding
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.placing import MAX_TRIANGLES
from nearmade.geometry.reading import note
from nearmade.vocabulary.errors import InvalidInput

#: How far a triangle may lie from the curve that it stands for: a tenth of the layer of
#: a fine print, and less than such a machine can repeat. [mm]
CHORD_MM = 0.02
#: Larger files take the library more memory than the limit below. [byte]
MAX_STEP_BYTES = 64 * 2**20
#: The library maps 0.6 GB before it reads anything; what it uses is watched.
LIMITS = Limits(
    wall_s=60,
    cpu_s=60,
    memory_bytes=4 * 2**30,
    file_bytes=MAX_STEP_BYTES,
    rss_bytes=2**30,
    output_bytes=2**28,
)
#: Ending of a file with what the child writes.
ARRAYS = "arrays"
ENDING = b"END-ISO-10303-21;"
MAX_HEAD_BYTES = 2**14
CODES = {"step-malformed", "step-no-shape"}


@dataclass(frozen=True, slots=True)
class Tessellation:
    """Triangles of a STEP file, not yet checked.

    Parameters
    ----------
    arrays
        Counts and raw arrays as the child wrote them; ``read_arrays`` takes them.
    findings
        Unit of the file, number of solids, distance kept from the curves.
    """

    arrays: bytes
    findings: tuple[Finding, ...]


def tessellate(
    data: bytes, settings: Settings, *, limits: Limits = LIMITS
) -> Tessellation:
    """Turn a STEP file that nobody has vouched for into triangles.

    Parameters
    ----------
    data
        The whole file.
    settings
        Where OpenCASCADE is.
    limits
        What the child may use.

    Raises
    ------
    InvalidInput
        When the file is refused; code ``gate-could-not-decide`` when the child was
        ended or failed.
    Unavailable
        When OpenCASCADE is not installed, or no child can be started.
    """
    _check(data)
    python = settings.python()
    program = Path(__file__).with_name("child.py")
    outcome = run_limited(
        [str(python), "-I", str(program), str(CHORD_MM)],
        limits=limits,
        read_only=[*_folders(python), program],
        stdin=data,
        env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        require_isolation=False,
    )
    if outcome.returncode != 0:
        raise _undecided(_ending(outcome))
    head, _, body = outcome.stdout.partition(b"\n")
    return Tessellation(outcome.stdout, _findings(_told(head, len(body))))


def read_arrays(content: bytes) -> Mesh:
    """Read what a child has written; sizes and indices are checked.

    Raises
    ------
    InvalidInput
        When the arrays do not fit their counts or each other.
    """
    head, _, body = content.partition(b"\n")
    told = _told(head, len(body))
    cut = 24 * int(str(told["vertices"]))
    return Mesh(
        np.frombuffer(body[:cut], "<f8").reshape(-1, 3).astype(np.float64),
        np.frombuffer(body[cut:], "<i8").reshape(-1, 3).astype(np.int64),
    )


def _check(data: bytes) -> None:
    """Look at size and end before anything is started."""
    if len(data) > MAX_STEP_BYTES:
        raise InvalidInput(
            f"STEP: {len(data)} bytes, more than {MAX_STEP_BYTES}",
            code="file-too-large",
            remedy="leave out what need not be made",
        )
    if ENDING not in data[-4096:]:
        raise InvalidInput(
            f"STEP: the file does not end with {ENDING.decode()}",
            code="step-truncated",
            remedy="the file is cut off: export the part again",
        )


def _folders(python: Path) -> list[Path]:
    """Give the folders that the environment's Python needs, but for /usr."""
    base = python.resolve().parents[1]
    folders = [python.parents[1].absolute(), base]
    return [one for one in folders if one not in (Path("/usr"), Path("/"))]


def _told(head: bytes, body_bytes: int) -> dict[str, object]:
    """Read the child's line; what our own child cannot have written is no answer."""
    try:
        told = json.loads(head[:MAX_HEAD_BYTES])
        if "refused" in told:
            code = told["refused"] if told["refused"] in CODES else "step-malformed"
            raise InvalidInput(
                f"STEP: {str(told['message'])[:200]}",
                code=code,
                remedy="export the part again, or as STL or 3MF",
            )
        vertices, faces = int(told["vertices"]), int(told["faces"])
    except (ValueError, TypeError, KeyError) as error:
        raise _undecided("the reader gave a broken answer") from error
    if faces > MAX_TRIANGLES:
        raise InvalidInput(
            f"STEP: gives {faces} triangles, more than {MAX_TRIANGLES}",
            code="step-too-many-triangles",
            remedy="leave out what need not be made",
        )
    if min(vertices, faces) < 0 or 24 * (vertices + faces) != body_bytes:
        raise _undecided("the reader gave a broken answer")
    return dict(told)


def _findings(told: dict[str, object]) -> tuple[Finding, ...]:
    units = told.get("units")
    names = units if isinstance(units, list) else []
    solids = told.get("solids")
    found = [
        note(
            "curves-made-triangles",
            f"The file is drawn by curves ({solids} solids); they became "
            f"{told['faces']} triangles that keep within {CHORD_MM} mm of them.",
        )
    ]
    if not names:
        found.append(
            Finding(
                code="unit-assumed",
                severity="warning",
                message="The file names no unit of length; it was read as millimetres. "
                "Check the size.",
            )
        )
    return tuple(found)


def _ending(outcome: Outcome) -> str:
    if outcome.timed_out:
        return f"the STEP reader was stopped after {outcome.wall_s:.0f} s"
    if outcome.memory_exceeded or b"MemoryError" in outcome.stderr:
        return "the STEP reader ran out of memory"
    return f"the STEP reader ended with status {outcome.returncode}"


def _undecided(reason: str) -> InvalidInput:
    return InvalidInput(
        f"the file could not be judged: {reason}",
        code="gate-could-not-decide",
        remedy="export the part as STL or 3MF",
    )
