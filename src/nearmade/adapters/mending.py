"""Mend a mesh in a child process that can be killed, and read it through the gate.

The child gets the mesh on its standard input and gives the report and the mended mesh
on its standard output; it sees no file but the programs it needs. What it gives is
trusted as little as a stranger's upload.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import BinaryIO

import numpy as np

import nearmade
from nearmade.adapters.gate import Admitted, admit
from nearmade.adapters.sandbox import Limits, Outcome, python_folders, run_limited
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.repair import repair
from nearmade.geometry.repair_report import Fault, Hole, Point, RepairReport
from nearmade.geometry.stl import write_stl
from nearmade.vocabulary.errors import InvalidInput

#: Enough for half a million triangles; output holds their STL and the report.
MENDING_LIMITS = Limits(
    wall_s=30, cpu_s=30, memory_bytes=2**31, file_bytes=1, output_bytes=2**27
)
#: Both counts of the child's input, and the length of the report, little-endian.
COUNT_BYTES = 8
#: Longest text of a report. [letter]
MAX_WORDS = 500
#: Most holes and faults of a report that are read.
MAX_ROWS = 20_000
#: Holes that an error message names with their places.
PLACES_NAMED = 3
#: What reading an answer of any other shape raises.
BROKEN_ANSWER = (
    AttributeError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of a part that was to be mended.

    Parameters
    ----------
    part
        The part as given where it was sound, the mended one through the gate where it
        was repaired, None where the repair was refused.
    report
        What was changed, or why nothing is given.
    """

    part: Admitted | None
    report: RepairReport


def mend(given: Admitted, *, limits: Limits = MENDING_LIMITS) -> Mended:
    """Mend an admitted part; the part given stays as it is.

    Parameters
    ----------
    given
        What the gate admitted.
    limits
        What the child may use.

    Raises
    ------
    InvalidInput
        With code ``mending-could-not-decide`` when the child was ended or failed.
    Unavailable
        When no child can be started.
    """
    outcome = _run_child(_packed(given.mesh), limits)
    if outcome.returncode != 0:
        raise _undecided(_ending(outcome))
    try:
        report, stl = _unpacked(outcome.stdout)
    except BROKEN_ANSWER as error:
        raise _undecided("the child gave a broken answer") from error
    if report.verdict == "sound":
        return Mended(given, report)
    if report.verdict == "refused":
        return Mended(None, report)
    try:
        part = admit(stl, "mended.stl")
    except InvalidInput as error:
        raise _undecided("the mended mesh does not pass the gate") from error
    if not part.facts.watertight:
        raise _undecided("the mended mesh is not watertight when it is read again")
    return Mended(part, report)


def mended_part(
    given: Admitted, *, limits: Limits = MENDING_LIMITS
) -> tuple[Admitted, RepairReport]:
    """Mend an admitted part, or raise with the places that are broken.

    Parameters
    ----------
    given
        What the gate admitted.
    limits
        What the child may use.

    Raises
    ------
    InvalidInput
        With code ``beyond-repair`` when the repair was refused, and as ``mend``.
    Unavailable
        When no child can be started.
    """
    mended = mend(given, limits=limits)
    if mended.part is None:
        raise beyond_repair(mended.report)
    return mended.part, mended.report


def beyond_repair(report: RepairReport) -> InvalidInput:
    """Give the error that says why a repair was refused, and where."""
    places = "; ".join(
        f"{fault.kind} edge at ({', '.join(f'{x:.2f}' for x in fault.start_mm)})"
        for fault in report.faults[:PLACES_NAMED]
    )
    more = report.faults_in_all - min(PLACES_NAMED, len(report.faults))
    told = f" {places}{f'; {more} more' if more > 0 else ''}." if places else ""
    return InvalidInput(
        f"the part cannot be repaired: {report.reason}{told}",
        code="beyond-repair",
        remedy="mend it in the program that drew it",
    )


def _run_child(given: bytes, limits: Limits) -> Outcome:
    return run_limited(
        [sys.executable, "-I", "-m", __name__],
        limits=limits,
        read_only=[
            *python_folders(),
            *(Path(folder).parent for folder in nearmade.__path__),
        ],
        stdin=given,
        env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        require_isolation=False,
    )


def _ending(outcome: Outcome) -> str:
    if outcome.timed_out:
        return f"the child was stopped after {outcome.wall_s:.0f} s"
    return f"the child ended with status {outcome.returncode}"


def _undecided(reason: str) -> InvalidInput:
    return InvalidInput(
        f"the part could not be mended: {reason}",
        code="mending-could-not-decide",
        remedy="mend it in the program that drew it",
    )


def _packed(mesh: Mesh) -> bytes:
    counts = np.array([len(mesh.vertices_mm), len(mesh.faces)], dtype="<i8")
    vertices = mesh.vertices_mm.astype("<f8").tobytes()
    return counts.tobytes() + vertices + mesh.faces.astype("<i8").tobytes()


def _unpacked(answer: bytes) -> tuple[RepairReport, bytes]:
    length = int.from_bytes(answer[:COUNT_BYTES], "little")
    text = answer[COUNT_BYTES : COUNT_BYTES + length]
    if len(text) != length:
        raise ValueError("the report is cut off")
    return report_from(json.loads(text)), answer[COUNT_BYTES + length :]


def report_from(given: dict[str, object]) -> RepairReport:
    """Read a report that nobody has vouched for.

    Parameters
    ----------
    given
        As ``dataclasses.asdict`` gives a report, through JSON.

    Raises
    ------
    ValueError, TypeError, KeyError, AttributeError, OverflowError
        When a name, a type or a range is not as our own code would write it.
    """
    if set(given) != {field.name for field in fields(RepairReport)}:
        raise ValueError("the report has other names")
    if given["verdict"] not in ("sound", "repaired", "refused"):
        raise ValueError("unknown verdict")
    values = {
        name: _plain(value)
        for name, value in given.items()
        if name not in ("holes", "faults")
    }
    values["holes"] = tuple(_hole(row) for row in _rows(given["holes"]))
    values["faults"] = tuple(_fault(row) for row in _rows(given["faults"]))
    return RepairReport(**values)  # type: ignore[arg-type]


def _rows(given: object) -> list[dict[str, object]]:
    if not isinstance(given, list) or len(given) > MAX_ROWS:
        raise TypeError("not a list of bearable length")
    return given


def _hole(row: dict[str, object]) -> Hole:
    certain = row["certain"]
    if not isinstance(certain, bool):
        raise TypeError("certain")
    return Hole(
        place_mm=_point(row["place_mm"]),
        length_mm=_figure(row["length_mm"]),
        edges=int(_figure(row["edges"])),
        area_mm2=_figure(row["area_mm2"]),
        certain=certain,
    )


def _fault(row: dict[str, object]) -> Fault:
    kind = row["kind"]
    if kind not in ("open", "crowded", "clashing"):
        raise ValueError("unknown kind of fault")
    return Fault(kind, _point(row["start_mm"]), _point(row["end_mm"]))


def _point(given: object) -> Point:
    if not isinstance(given, list):
        raise TypeError("not a place")
    x, y, z = (_figure(value) for value in given)
    return x, y, z


def _figure(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    if not math.isfinite(value):
        raise ValueError(f"{value} is not finite")
    return float(value)


def _plain(value: object) -> object:
    """Give back a number, a truth value or a text of one line."""
    if isinstance(value, str):
        return "".join(x if x.isprintable() else " " for x in value[:MAX_WORDS])
    if not isinstance(value, bool):
        _figure(value)
    return value


def main(given: BinaryIO, answer: BinaryIO) -> None:
    """Be the child: read a mesh, mend it, write report and mesh."""
    counts = np.frombuffer(given.read(2 * COUNT_BYTES), "<i8")
    vertices = np.frombuffer(given.read(24 * int(counts[0])), "<f8").reshape(-1, 3)
    faces = np.frombuffer(given.read(24 * int(counts[1])), "<i8").reshape(-1, 3)
    repaired = repair(Mesh(vertices.astype(np.float64), faces.astype(np.int64)))
    text = json.dumps(asdict(repaired.report)).encode()
    answer.write(len(text).to_bytes(COUNT_BYTES, "little") + text)
    if repaired.mesh is not None and repaired.report.verdict == "repaired":
        answer.write(write_stl(repaired.mesh))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
