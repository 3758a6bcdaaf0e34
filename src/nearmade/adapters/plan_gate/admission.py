"""Take a plan with its network and orders, and give its picture."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import nearmade
from nearmade.adapters.plan_gate.machine_code import copy_machine_code
from nearmade.adapters.sandbox import Limits, Outcome, python_folders, run_limited
from nearmade.vocabulary.errors import InvalidInput

MIB: Final = 2**20
#: What all three files may weigh as they are sent, compressed or not. [byte]
MOST_SENT_BYTES: Final = 60 * MIB
#: The largest picture that is taken from the child. [byte]
MOST_PICTURE_BYTES: Final = 64 * MIB
#: A network of 10,000 sites with 40,000 orders takes about 20 s and 1.5 GB.
PLAN_LIMITS: Final = Limits(
    wall_s=300,
    cpu_s=240,
    memory_bytes=None,  # compiled code maps more than it uses
    file_bytes=512 * MIB,
    rss_bytes=3 * 1024 * MIB,
)
NAMES: Final = ("network", "orders", "plan")


@dataclass(frozen=True, slots=True)
class SentPlan:
    """Three files as they were sent, JSON or gzip of JSON.

    Parameters
    ----------
    network, orders, plan
        Whole files.
    """

    network: bytes
    orders: bytes
    plan: bytes

    @property
    def size_bytes(self) -> int:
        """All three together. [byte]"""
        return len(self.network) + len(self.orders) + len(self.plan)


def admit_plan(sent: SentPlan, *, limits: Limits = PLAN_LIMITS) -> dict[str, Any]:
    """Read, check and picture a plan in a child process.

    The child runs under bubblewrap where that works, and under the limits of the
    kernel everywhere. Nothing stays behind, whatever happens.

    Raises
    ------
    InvalidInput
        When a file is refused, with the place in it; code ``gate-could-not-decide``
        when the child was ended or failed.
    Unavailable
        When no child can be started.
    """
    if sent.size_bytes > MOST_SENT_BYTES:
        raise InvalidInput(
            f"the files have {sent.size_bytes / MIB:.0f} MiB together, more than "
            f"{MOST_SENT_BYTES // MIB} MiB",
            code="file-too-large",
            remedy="compress them with gzip, or plan by region",
        )
    with tempfile.TemporaryDirectory(prefix="nearmade-plan-") as scratch:
        given, answer = Path(scratch, "in"), Path(scratch, "out")
        given.mkdir()
        answer.mkdir()
        for name in NAMES:
            (given / name).write_bytes(getattr(sent, name))
        outcome = _run_child(given, answer, limits)
        # Stopped while it looked for other ways, it has left the picture all the same.
        if outcome.returncode != 0 and not (answer / "picture.json").exists():
            raise _undecided(_ending(outcome))
        return _read_answer(answer)


def _run_child(given: Path, answer: Path, limits: Limits) -> Outcome:
    compiled = answer.parent / "compiled"
    compiled.mkdir()
    copy_machine_code(compiled)
    return run_limited(
        [sys.executable, "-I", "-m", f"{__package__}.child", str(given), str(answer)],
        limits=limits,
        read_only=[
            *python_folders(),
            *(Path(folder).parent for folder in nearmade.__path__),
            given,
        ],
        writable=[answer, compiled],
        cwd=answer,
        env={
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "NUMBA_CACHE_DIR": str(compiled),
        },
        require_isolation=False,
    )


def _read_answer(folder: Path) -> dict[str, Any]:
    refusal, picture = folder / "refusal.json", folder / "picture.json"
    try:
        if refusal.exists():
            given = json.loads(refusal.read_bytes()[:MIB])
            raise InvalidInput(
                str(given["message"])[:1000],
                code="plan-refused",
                remedy=str(given["remedy"])[:300],
            )
        if picture.stat().st_size > MOST_PICTURE_BYTES:
            raise _undecided("its picture is too large")
        found: dict[str, Any] = json.loads(picture.read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _undecided("the reader gave a broken answer") from error
    return found


def _ending(outcome: Outcome) -> str:
    if outcome.timed_out:
        return f"the reader was stopped after {outcome.wall_s:.0f} s"
    if outcome.memory_exceeded or b"MemoryError" in outcome.stderr:
        return "the reader ran out of memory"
    return f"the reader ended with status {outcome.returncode}"


def _undecided(reason: str) -> InvalidInput:
    return InvalidInput(
        f"the plan could not be judged: {reason}",
        code="gate-could-not-decide",
        remedy="check it with nearmade plan verify",
    )
