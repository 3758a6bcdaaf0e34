"""What the gate says of files that attack it: verdict, seconds, memory."""

from __future__ import annotations

import json
import os
import resource
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nearmade.adapters import sandbox
from nearmade.adapters.gate import admit
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from tests.adapters.hostile_files import HOSTILE, HOSTILE_STEP

#: What the gate promises for each of them.
MOST_S, MOST_MIB = 5.0, 1024.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file.

    Parameters
    ----------
    name
        Of the file.
    verdict
        Code of the refusal, or the codes of the findings of one that is admitted.
    cpu_s
        Processor time of the gate and its children. [s]
    peak_mib
        Largest resident memory of any of them, and never less than that of the process
        that started them, about 100. [MiB]
    """

    name: str
    verdict: str
    cpu_s: float
    peak_mib: float


def hostile_files(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    """Give the files made here, and those in a folder."""
    if folder is not None:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".md":
                yield str(path.relative_to(folder)), path.read_bytes()
    for name, (make, _) in HOSTILE.items():
        yield name, make()
    for name, make_step in HOSTILE_STEP.items():
        yield name, make_step()


def judged(name: str, data: bytes) -> Verdict:
    """Show one file to the gate, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told.json")
        child = os.fork()
        if child == 0:
            _tell(name, data, told)
            os._exit(0)
        os.waitpid(child, 0)
        verdict, cpu_s, peak_mib = json.loads(told.read_text())
    return Verdict(name, verdict, cpu_s, peak_mib)


def _tell(name: str, data: bytes, told: Path) -> None:
    """Judge without bubblewrap, which keeps what its children used to itself."""
    sandbox.bubblewrap = lambda: None  # type: ignore[assignment]
    try:
        facts = admit(data, Path(name).name).facts
        codes = " ".join(sorted(one.code for one in facts.findings))
        verdict = f"admitted ({codes})" if codes else "admitted"
    except (InvalidInput, Unavailable) as refusal:
        verdict = refusal.code
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = used.ru_utime + used.ru_stime
    told.write_text(json.dumps([verdict, cpu_s, used.ru_maxrss / 1024]))


def table(verdicts: list[Verdict]) -> str:
    """Lay the verdicts out, the dearest last."""
    lines = [f"{'file':36} {'CPU s':>6} {'MiB':>5}  verdict"]
    lines += [
        f"{one.name:36} {one.cpu_s:6.2f} {one.peak_mib:5.0f}  {one.verdict}"
        for one in sorted(verdicts, key=lambda one: one.cpu_s)
    ]
    return "\n".join(lines)
