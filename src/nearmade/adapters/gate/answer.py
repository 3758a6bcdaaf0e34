"""What the child writes and the parent reads: raw arrays and one small JSON file.

The parent trusts none of it: sizes, types, ranges and file kinds are checked, and
nothing is unpickled or unpacked.
"""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import numpy as np

from nearmade.geometry.facts import PartFacts
from nearmade.geometry.facts_record import CODE, facts_from, facts_record
from nearmade.geometry.mesh import Mesh
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import Sha256

VERDICT, VERTICES, FACES = "verdict.json", "vertices.f64", "faces.i64"
MAX_VERDICT_BYTES = 2**18
MAX_ARRAY_BYTES = 2**28
MAX_WORDS = 500
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class NonsenseAnswer(Exception):
    """The child's answer is not one that our own code could have given."""


def write_mesh(folder: Path, mesh: Mesh, facts: PartFacts, canonical: Sha256) -> None:
    """Write the answer of a child that could read the file."""
    (folder / VERTICES).write_bytes(mesh.vertices_mm.astype("<f8").tobytes())
    (folder / FACES).write_bytes(mesh.faces.astype("<i8").tobytes())
    answer = {"facts": facts_record(facts), "canonical": canonical}
    (folder / VERDICT).write_text(json.dumps(answer))


def write_refusal(folder: Path, refusal: InvalidInput) -> None:
    """Write the answer of a child that refuses the file."""
    (folder / VERDICT).write_text(json.dumps({"refused": refusal.as_dict()}))


def read_answer(folder: Path) -> tuple[Mesh, PartFacts, Sha256]:
    """Read and check a child's answer.

    Raises
    ------
    InvalidInput
        When the child refused the file.
    NonsenseAnswer
        When the answer is missing or breaks a rule.
    """
    try:
        answer = json.loads(_content(folder / VERDICT, MAX_VERDICT_BYTES))
        if "refused" in answer:
            raise _refusal(answer["refused"])
        vertices = np.frombuffer(_content(folder / VERTICES, MAX_ARRAY_BYTES), "<f8")
        faces = np.frombuffer(_content(folder / FACES, MAX_ARRAY_BYTES), "<i8")
        facts = facts_from(answer["facts"], complete=True)
        canonical = _matching(HASH, answer["canonical"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NonsenseAnswer(str(error)) from error
    try:
        mesh = Mesh(
            vertices.reshape(-1, 3).astype(np.float64),
            faces.reshape(-1, 3).astype(np.int64),
        )
    except (InvalidInput, ValueError) as error:
        raise NonsenseAnswer(str(error)) from error
    if not 0 < facts.triangles <= len(mesh.faces):
        raise NonsenseAnswer(f"{facts.triangles} triangles of {len(mesh.faces)} faces")
    return mesh, facts, Sha256(canonical)


def _content(path: Path, max_bytes: int) -> bytes:
    """Read a plain file, never through a link, never more than allowed."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError(f"{path.name} is not a plain file")
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise ValueError(f"{path.name} is larger than {max_bytes} bytes")
    return content


def _refusal(given: dict[str, str]) -> InvalidInput:
    return InvalidInput(
        _words(given["message"]),
        code=_matching(CODE, given["code"]),
        remedy=_words(given["remedy"]),
    )


def _words(text: str) -> str:
    """Keep what can be printed on one line."""
    if not isinstance(text, str):
        raise TypeError("not a text")
    return "".join(sign if sign.isprintable() else " " for sign in text[:MAX_WORDS])


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"{text[:20]!r} is not {pattern.pattern}")
    return text
