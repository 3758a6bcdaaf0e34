"""The child: read one of our STL files, estimate it from its layers, end.

Run as ``python -m nearmade.cloud.catalogue.layers_child GIVEN OUT`` in the sandbox.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from nearmade.cloud.catalogue.layers import ANSWER, ASKED, MESH
from nearmade.cloud.catalogue.records import facts_from
from nearmade.geometry.stl import read_stl
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput


def main(given: Path, out: Path) -> None:
    """Estimate the part in ``given`` and leave the figures in ``out``."""
    asked = json.loads((given / ASKED).read_text(encoding="utf-8"))
    try:
        estimate = estimate_level1(
            read_stl((given / MESH).read_bytes()),
            facts_from(asked["facts"]),
            find_profile(asked["profile_id"]),
            asked["quantity"],
            infill_fraction=asked["infill_fraction"],
        )
        answer = asdict(estimate)
    except InvalidInput as refusal:
        answer = {"problem": refusal.message}
    (out / ANSWER).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
