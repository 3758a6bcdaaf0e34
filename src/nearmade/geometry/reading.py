"""What a reader gives: the mesh, and what the file says beyond it."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.geometry.facts import Finding
from nearmade.geometry.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read.

    Parameters
    ----------
    mesh
        All that the file would have made, in millimetres.
    findings
        What the file holds and the mesh does not, such as materials.
    """

    mesh: Mesh
    findings: tuple[Finding, ...] = ()


def note(code: str, message: str) -> Finding:
    """Give a finding that informs and asks for nothing."""
    return Finding(code=code, severity="note", message=message)


def materials_left_out(names: str = "") -> Finding:
    """Give the note on materials, with their names in brackets where there are any."""
    return note(
        "materials-left-out",
        f"The file assigns materials or colours{names}; the part is quoted and made in "
        "the one material that you choose.",
    )


#: What a slicer adds to a part and does not make.
HELPERS_LEFT_OUT = Finding(
    code="helpers-left-out",
    severity="warning",
    message="The file holds a slicer's helpers (modifiers, blockers); they are no "
    "material and were left out. Check the shape.",
)
