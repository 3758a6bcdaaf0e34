"""The child: read one of our STL files, estimate or weigh it, end.

Run as ``python -m nearmade.cloud.catalogue.layers_child GIVEN OUT`` in the sandbox.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nearmade.cloud.catalogue.layers import ANSWER, ASKED, MESH
from nearmade.cloud.catalogue.records import facts_from
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.orient import orient, plain_score
from nearmade.geometry.stl import read_stl
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput


def main(given: Path, out: Path) -> None:
    """Answer about the part in ``given`` with a file in ``out``."""
    asked = json.loads((given / ASKED).read_text(encoding="utf-8"))
    mesh = read_stl((given / MESH).read_bytes())
    facts = facts_from(asked["facts"])
    try:
        if asked.get("pose"):
            answer = _pose(mesh, facts)
        else:
            answer = _estimate(mesh, facts, asked)
    except InvalidInput as refusal:
        answer = {"problem": refusal.message}
    (out / ANSWER).write_text(json.dumps(answer), encoding="utf-8")


def _estimate(mesh: Mesh, facts: PartFacts, asked: dict[str, Any]) -> dict[str, Any]:
    return asdict(
        estimate_level1(
            mesh,
            facts,
            find_profile(asked["profile_id"]),
            asked["quantity"],
            infill_fraction=asked["infill_fraction"],
            supports=asked["supports"],
        )
    )


def _pose(mesh: Mesh, facts: PartFacts) -> dict[str, Any]:
    found = orient(mesh, facts)
    author, best = found.author, found.chosen
    return {
        "better": best is not author,
        "rotation": best.pose.rotation.ravel().tolist(),
        "author_s": plain_score(author),
        "best_s": plain_score(best),
        "author_support_mm3": author.support.volume_mm3,
        "best_support_mm3": best.support.volume_mm3,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
