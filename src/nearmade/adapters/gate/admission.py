"""Admit a mesh file that nobody has vouched for, or refuse it with a reason."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import nearmade
from nearmade.adapters.gate.answer import NonsenseAnswer, read_answer
from nearmade.adapters.sandbox import Limits, Outcome, python_folders, run_limited
from nearmade.adapters.step import Settings as StepSettings
from nearmade.adapters.step import tessellate
from nearmade.adapters.step.tessellation import ARRAYS
from nearmade.geometry.facts import Finding, PartFacts
from nearmade.geometry.formats import CURVED, kind_of
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.remembered import remember
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import Sha256, sha256_of

#: Largest file that is looked at. [byte]
MAX_FILE_BYTES = 128 * 2**20

#: Enough for a million triangles; every known attack ends long before. The clock is
#: longer than the processor time, for a machine with other work.
GATE_LIMITS = Limits(wall_s=40, cpu_s=20, memory_bytes=2**30, file_bytes=2**28)


@dataclass(frozen=True, slots=True)
class Admitted:
    """A file that passed the gate.

    Parameters
    ----------
    mesh
        The part, in millimetres.
    facts
        Its figures and what to know about it; findings of severity ``error`` mean
        that it can be read but not made.
    sha256
        Name of the file's bytes.
    canonical_sha256
        Name of the shape, whatever its place, order and format.
    """

    mesh: Mesh
    facts: PartFacts
    sha256: Sha256
    canonical_sha256: Sha256


def admit(data: bytes, name: str, *, limits: Limits = GATE_LIMITS) -> Admitted:
    """Read and measure a mesh file in a child process, and check its answer.

    A file drawn by curves (STEP) is first turned into triangles by a child of its own.
    The child runs under bubblewrap where that works, and under the limits of the
    kernel everywhere. Nothing stays behind, whatever happens.

    Parameters
    ----------
    data
        The whole file.
    name
        Its name; only the ending counts, and no file is ever given this name.
    limits
        What the child may use.

    Raises
    ------
    InvalidInput
        When the file is refused, with the reason; code ``gate-could-not-decide``
        when the child was ended or failed.
    Unavailable
        When no child can be started, or the file is STEP and OpenCASCADE is not
        installed.
    """
    if len(data) > MAX_FILE_BYTES:
        raise InvalidInput(
            f"the file has {len(data)} bytes, more than {MAX_FILE_BYTES}",
            code="file-too-large",
            remedy="reduce the number of triangles",
        )
    kind = kind_of(data, name)
    content, told = _drawn(data, kind)
    with tempfile.TemporaryDirectory(prefix="nearmade-gate-") as scratch:
        given, answer = Path(scratch, "in"), Path(scratch, "out")
        given.mkdir()
        answer.mkdir()
        file = given / f"part.{ARRAYS if kind in CURVED else kind}"
        file.write_bytes(content)
        outcome = _run_child(file, answer, limits)
        if outcome.returncode != 0:
            raise _undecided(_ending(outcome))
        try:
            mesh, facts, canonical = read_answer(answer)
        except NonsenseAnswer as error:
            raise _undecided("the reader gave a broken answer") from error
    facts = replace(facts, findings=(*facts.findings, *told))
    remember(mesh, facts)
    return Admitted(mesh, facts, sha256_of(data), canonical)


def _drawn(data: bytes, kind: str) -> tuple[bytes, tuple[Finding, ...]]:
    """Give what the child is to read: the file, or the triangles made of its curves."""
    if kind not in CURVED:
        return data, ()
    made = tessellate(data, StepSettings.found())
    return made.arrays, made.findings


def _run_child(file: Path, answer: Path, limits: Limits) -> Outcome:
    return run_limited(
        [sys.executable, "-I", "-m", f"{__package__}.child", str(file), str(answer)],
        limits=limits,
        read_only=[
            *python_folders(),
            *(Path(folder).parent for folder in nearmade.__path__),
            file.parent,
        ],
        writable=[answer],
        cwd=answer,
        env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        require_isolation=False,
    )


def _ending(outcome: Outcome) -> str:
    if outcome.timed_out:
        return f"the reader was stopped after {outcome.wall_s:.0f} s"
    if b"MemoryError" in outcome.stderr:
        return "the reader ran out of memory"
    return f"the reader ended with status {outcome.returncode}"


def _undecided(reason: str) -> InvalidInput:
    return InvalidInput(
        f"the file could not be judged: {reason}",
        code="gate-could-not-decide",
        remedy="simplify the part or export it again",
    )
