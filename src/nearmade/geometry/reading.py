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
