"""What tolerance a process usually holds, where its machine does not say.

No promise: bands that makers publish as usual in production, on either side of a
dimension. They inform a question and never answer it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from nearmade.vocabulary.processes import ancestry

_MATRIX: Final = (
    "iteraio.com, Manufacturing process comparison matrix, typical tolerance"
)
_HUBS: Final = "3D Hubs, FDM quality guideline: 0.5 mm or 1 %"
_XOMETRY_2016: Final = "Xometry, Manufacturing standards, 2016: 0.001 to 0.006 inch"


@dataclass(frozen=True, slots=True)
class UsualTolerance:
    """The band that a process usually holds.

    Parameters
    ----------
    finest_mm, widest_mm
        On either side of a dimension, with care and without. [mm]
    source
        Who publishes it.
    """

    finest_mm: float
    widest_mm: float
    source: str

    def __str__(self) -> str:
        """Write it for people."""
        return f"+-{self.finest_mm:g} to {self.widest_mm:g} mm"


#: By code of the process; kinds of it hold the same where they have no row.
USUAL_TOLERANCES: Final[Mapping[str, UsualTolerance]] = MappingProxyType(
    {
        "FDM": UsualTolerance(0.1, 0.5, f"{_MATRIX}; {_HUBS}"),
        "VAT-PHOTOPOLYMERISATION": UsualTolerance(0.05, 0.15, f"{_MATRIX}, SLA"),
        "SLS": UsualTolerance(0.2, 0.5, _MATRIX),
        "MJF": UsualTolerance(0.2, 0.5, _MATRIX),
        "DMLS": UsualTolerance(0.025, 0.15, _XOMETRY_2016),
        "MILLING": UsualTolerance(
            0.025, 0.13, f"{_MATRIX}; Xometry, Manufacturing standards: 0.005 inch"
        ),
        "TURNING": UsualTolerance(
            0.025, 0.13, f"{_MATRIX}; Xometry, Manufacturing standards: 0.005 inch"
        ),
        "LASER-CUTTING": UsualTolerance(
            0.1, 0.5, f"{_MATRIX}; Snijlab, by ISO 9013-1 for sheets up to 3 mm"
        ),
        "WATERJET-CUTTING": UsualTolerance(0.05, 0.25, _MATRIX),
        "PLASMA-CUTTING": UsualTolerance(0.5, 1.0, _MATRIX),
    }
)


def usual_tolerance(process: str) -> UsualTolerance | None:
    """Give what a process usually holds, or what it is a kind of; None if unknown.

    Parameters
    ----------
    process
        Code such as ``MSLA``.
    """
    found = (USUAL_TOLERANCES.get(code) for code in ancestry(process))
    return next(filter(None, found), None)
