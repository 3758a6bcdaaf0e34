"""The child: read one file, measure it, write the answer, end.

Run as ``python -m nearmade.adapters.gate.child FILE FOLDER`` by the gate, in the
sandbox.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from nearmade.adapters.gate.answer import write_mesh, write_refusal
from nearmade.geometry.fingerprint import canonical_hash
from nearmade.geometry.formats import read_file
from nearmade.geometry.measure import measure
from nearmade.vocabulary.errors import InvalidInput


def main(file: Path, folder: Path) -> None:
    """Read ``file`` and leave the answer in ``folder``."""
    try:
        reading = read_file(file.read_bytes(), file.name)
    except InvalidInput as refusal:
        write_refusal(folder, refusal)
        return
    facts = measure(reading.mesh)
    facts = replace(facts, findings=(*facts.findings, *reading.findings))
    write_mesh(folder, reading.mesh, facts, canonical_hash(reading.mesh))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
