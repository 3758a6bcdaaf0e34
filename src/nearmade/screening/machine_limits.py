"""What a machine can make, as far as printability asks."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class MachineLimits:
    """The limits of one machine with one setting.

    Parameters
    ----------
    name
        For people.
    process
        A key of ``process_rules.RULES``, such as ``FDM``.
    build_mm
        Room for parts along x, y and z, what must stay free already taken off. [mm]
    nozzle_mm
        Diameter of the nozzle; 0 where there is none. [mm]
    bead_mm
        Width of a line of the walls; 0 where there is none. [mm]
    layer_mm
        Thickness of a layer; 0 where there are none. [mm]

    Raises
    ------
    InvalidInput
        When a side is not above zero, or another length below it.
    """

    name: str
    process: str
    build_mm: tuple[float, float, float]
    nozzle_mm: float = 0.0
    bead_mm: float = 0.0
    layer_mm: float = 0.0

    def __post_init__(self) -> None:
        if not all(side > 0 for side in self.build_mm):
            raise InvalidInput(f"machine {self.name}: build_mm must be > 0")
        if not min(self.nozzle_mm, self.bead_mm, self.layer_mm) >= 0:
            raise InvalidInput(f"machine {self.name}: lengths must be >= 0")
