"""The child: read one file, measure it, write the answer, end.

Run as ``python -m nearmade.adapters.gate.child FILE FOLDER`` by the gate, in the
sandbox.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from nearmade.adapters.gate.answer import write_mesh, write_refusal
from nearmade.adapters.step.tessellation import ARRAYS, read_arrays
from nearmade.geometry.fingerprint import canonical_hash
from nearmade.geometry.formats import check_part, read_file
from nearmade.geometry.reading import Reading
from nearmade.geometry.seams import close_seams
from nearmade.geometry.survey import measure_all
from nearmade.vocabulary.errors import InvalidInput


def main(file: Path, folder: Path) -> None:
    """Read ``file`` and leave the answer in ``folder``."""
    try:
        reading = _reading(file)
    except InvalidInput as refusal:
        write_refusal(folder, refusal)
        return
    facts = measure_all(reading.mesh)
    facts = replace(facts, findings=(*facts.findings, *reading.findings))
    write_mesh(folder, reading.mesh, facts, canonical_hash(reading.mesh))


def _reading(file: Path) -> Reading:
    """Read a file, or the triangles that another child has made of one."""
    if file.suffix != f".{ARRAYS}":
        return read_file(file.read_bytes(), file.name)
    mesh = close_seams(read_arrays(file.read_bytes()))
    check_part(mesh)
    return Reading(mesh)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
