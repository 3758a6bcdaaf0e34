"""Which files of a corpus our readers take, and whether trimesh reads the same.

trimesh reads 3MF only beside networkx and lxml, and AMF not at all; where those are
absent, their column of equal files stays at zero.
"""

from __future__ import annotations

import io
import logging
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from nearmade.adapters.gate import admit
from nearmade.geometry.formats import CURVED, READERS, kind_of, read_mesh
from nearmade.geometry.measure import measure
from nearmade.vocabulary.errors import InvalidInput, Unavailable

#: trimesh gives 3MF in the file's own unit. [mm]
UNITS_MM = {
    "micron": 0.001, "millimeter": 1.0, "centimeter": 10.0, "inch": 25.4,
    "foot": 304.8, "meter": 1000.0,
}  # fmt: skip
#: Largest difference of boxes and volumes that is none.
SAME_FRACTION = 1e-6


@dataclass(slots=True)
class Comparison:
    """What came of a corpus.

    Parameters
    ----------
    taken, refused
        How many files of each kind we read, and do not.
    same
        How many that both read are equal in faces, box and volume.
    differing
        Those that are not, and how.
    ours_alone, theirs_alone
        Files that one of the two reads.
    seconds
        Processor time of our readers, by kind. [s]
    """

    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    differing: dict[str, str] = field(default_factory=dict)
    ours_alone: dict[str, str] = field(default_factory=dict)
    theirs_alone: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def figures(self) -> dict[str, object]:
        """Give it as plain values."""
        names = [one.name for one in fields(self)]
        return {name: dict(getattr(self, name)) for name in names}

    def table(self) -> str:
        """Lay it out by kind, then the files that differ."""
        lines = [f"{'kind':5} {'taken':>6} {'refused':>8} {'equal':>6} {'CPU s':>7}"]
        lines += [
            f"{kind:5} {self.taken[kind]:6} {self.refused[kind]:8} "
            f"{self.same[kind]:6} {self.seconds.get(kind, 0):7.2f}"
            for kind in sorted({*self.taken, *self.refused})
        ]
        for title, files in (
            ("read otherwise by trimesh", self.differing),
            ("refused here, read by trimesh", self.theirs_alone),
        ):
            lines += [f"{title}: {name}: {how}" for name, how in files.items()]
        return "\n".join(lines)


def compare(folder: Path) -> Comparison:
    """Read every file of a corpus with our readers and with trimesh."""
    found = Comparison()
    logging.disable(logging.ERROR)
    for path in sorted(folder.rglob("*")):
        try:
            kind = kind_of(path.read_bytes(), path.name) if path.is_file() else ""
        except InvalidInput as refusal:
            if refusal.code != "format-unsupported":
                found.refused[path.suffix.lower()[1:]] += 1
            continue
        if kind in CURVED:
            _count_step(path, found)
        elif kind in READERS:
            _compare(path, kind, found)
    logging.disable(logging.NOTSET)
    return found


def _count_step(path: Path, found: Comparison) -> None:
    try:
        admit(path.read_bytes(), path.name)
        found.taken["step"] += 1
    except (InvalidInput, Unavailable):
        found.refused["step"] += 1


def _compare(path: Path, kind: str, found: Comparison) -> None:
    data = path.read_bytes()
    began = time.process_time()
    try:
        ours = read_mesh(data, path.name)
        found.taken[kind] += 1
    except InvalidInput as refusal:
        ours, why = None, refusal.code
        found.refused[kind] += 1
    spent_s = time.process_time() - began
    found.seconds[kind] = found.seconds.get(kind, 0.0) + spent_s
    theirs, fault = _trimesh(data, kind)
    if ours is None:
        if theirs is not None:
            found.theirs_alone[path.name] = why
        return
    if theirs is None:
        found.ours_alone[path.name] = fault
        return
    if how := _difference(ours, theirs):
        found.differing[path.name] = how
    else:
        found.same[kind] += 1


def _trimesh(data: bytes, kind: str) -> tuple[Any, str]:
    """Read with trimesh; whatever it raises, it has not read the file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            loaded: Any = trimesh.load(io.BytesIO(data), file_type=kind, process=False)
            if isinstance(loaded, trimesh.Scene):
                unit = loaded.units
                loaded = loaded.to_geometry()
                loaded.vertices *= UNITS_MM.get(unit or "", 1.0)
        except (
            ValueError, TypeError, KeyError, IndexError, AttributeError, ImportError,
            NotImplementedError, RuntimeError, AssertionError, OSError, SyntaxError,
        ) as error:  # fmt: skip
            return None, type(error).__name__
    return (loaded, "") if len(getattr(loaded, "faces", ())) else (None, "no faces")


def _difference(ours: Any, theirs: Any) -> str:
    facts = measure(ours)
    if len(ours.faces) != len(theirs.faces):
        return f"{len(ours.faces)} faces, not {len(theirs.faces)}"
    if not np.allclose(facts.extents_mm, theirs.extents, rtol=SAME_FRACTION):
        return f"box {facts.extents_mm}, not {theirs.extents.tolist()}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        volume = abs(float(theirs.volume))
    # An open surface encloses nothing, so programs may differ about how much.
    if facts.watertight and abs(facts.volume_mm3 - volume) > SAME_FRACTION * volume:
        return f"volume {facts.volume_mm3}, not {volume}"
    return ""
