"""The door through which foreign mesh files come in.

Knows: what may be looked at before reading, how to read in a child that can be killed,
what to check again afterwards.
Leaves to others: what the mesh is good for (geometry, screening), storing it (cloud).
Public: ``admit``, ``Admitted``.
"""

from nearmade.adapters.gate.admission import GATE_LIMITS, Admitted, admit

__all__ = ["GATE_LIMITS", "Admitted", "admit"]
