"""What each process asks of a part: published limits as data, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: A new one whenever a limit changes.
RULES_VERSION: Final = "process-rules-2026-1"

_HUBS = "Hubs, Design rules for 3D printing (poster)"
_JLC = "JLC, 3D printing design guidelines, support.jlcpcb.com/article/170"
_HANZOF = "Hanzof, Design guidelines, hanzof.com/design-guidelines"
_HYCUBE = "Hycube Works, Design guide, hycubeworks.in/design_guide"
_SERVICES = "3D Services USA, Design tips, 3dservicesusa.com/blog/design-tips"
_NEXT = "3DPNext, Design guideline, 3dpnext.com/design-guideline"
_SNAPCUT = "SnapCut, Design guidelines, gosnapcut.com/guide/design-guidelines"
_LASERMASTER = "Lasermaster, Design guidelines for laser cutting, 2022"


@dataclass(frozen=True, slots=True)
class Limit:
    """A published limit.

    Parameters
    ----------
    value
        What it compares with: a length, or the share that its field speaks of. [mm]
    source
        Who says so.
    """

    value: float
    source: str


@dataclass(frozen=True, slots=True)
class ProcessRules:
    """The limits of one process; None where it has no such limit.

    Parameters
    ----------
    wall_mm
        Thinner walls may fail: a warning.
    wall_advised_mm
        Thinner walls are weak: a note.
    floor_layers, floor_advised_mm
        Floors of fewer layers may fail; thinner ones are weak.
    hole_mm, hole_of_thickness
        Narrower holes may close: a note. The second is a share of the sheet.
    pin_mm, pin_advised_mm
        Narrower pins break: a warning; a note.
    bridge_mm, bridge_advised_mm
        Longer bridges fail without supports: a warning; sag: a note.
    overhang_mm, overhang_advised_mm
        Overhangs that stand out further need supports: a warning; look rough: a note.
    layers
        True where parts grow layer upon layer on a plate, as they lie.
    hollows
        What becomes of closed hollows; empty where they do no harm.
    hollows_refused
        True when a closed hollow cannot be made at all.
    flat_only
        True when only sheets can be made.
    any_way_up
        True when the part may be laid on another side to fit.
    """

    wall_mm: Limit | None = None
    wall_advised_mm: Limit | None = None
    floor_layers: int = 0
    floor_advised_mm: Limit | None = None
    hole_mm: Limit | None = None
    hole_of_thickness: Limit | None = None
    pin_mm: Limit | None = None
    pin_advised_mm: Limit | None = None
    bridge_mm: Limit | None = None
    bridge_advised_mm: Limit | None = None
    overhang_mm: Limit | None = None
    overhang_advised_mm: Limit | None = None
    layers: bool = False
    hollows: str = ""
    hollows_refused: bool = False
    flat_only: bool = False
    any_way_up: bool = True


#: Of material extrusion at a nozzle of 0.4 mm; with another one, walls and pins scale.
NOZZLE_MM: Final = 0.4

FDM: Final = ProcessRules(
    wall_mm=None,  # one bead of the machine
    wall_advised_mm=Limit(0.8, f"{_HUBS}; {_SERVICES}: two nozzles"),
    floor_layers=2,
    floor_advised_mm=Limit(0.6, "three layers of 0.2 mm"),
    hole_mm=Limit(2.0, _HUBS),
    pin_mm=Limit(0.8, "two nozzles"),
    pin_advised_mm=Limit(2.0, f"{_HUBS}; {_HYCUBE}: smallest feature"),
    bridge_mm=Limit(10.0, f"{_HUBS}; {_SERVICES}"),
    bridge_advised_mm=Limit(5.0, _HYCUBE),
    # An overhang is a slope flatter than 45 degrees. The crown of a level hole of 8 mm,
    # which prints without supports as a rule, has 5.7 mm of it.
    overhang_mm=Limit(5.0, "judged on published parts that print without supports"),
    overhang_advised_mm=Limit(2.0, "judged on the same parts"),
    layers=True,
    any_way_up=False,
)
SLA: Final = ProcessRules(
    wall_mm=Limit(0.5, f"{_HUBS}: supported walls"),
    wall_advised_mm=Limit(0.8, f"{_JLC}; {_NEXT}"),
    hole_mm=Limit(0.5, _HUBS),
    pin_mm=Limit(0.5, f"{_HUBS}; {_HYCUBE}"),
    hollows="resin stays in them: give each an escape hole of 2.5 mm, two if narrower "
    "than 3 mm",  # JLC
    any_way_up=False,
)
SLS: Final = ProcessRules(
    wall_mm=Limit(0.7, _HUBS),
    wall_advised_mm=Limit(0.8, _NEXT),
    hole_mm=Limit(1.5, _HUBS),
    pin_mm=Limit(0.8, _HUBS),
    hollows="powder stays in them: give each an escape hole of 5 mm",  # Hubs
)
MILLING: Final = ProcessRules(
    wall_mm=Limit(0.8, f"{_HANZOF}: metals"),
    wall_advised_mm=Limit(1.5, f"{_HANZOF}: plastics"),
    hollows="no tool reaches them: open them, or split the part",
    hollows_refused=True,
)
LASER: Final = ProcessRules(
    wall_mm=Limit(1.0, f"{_SNAPCUT}: smallest feature"),
    hole_of_thickness=Limit(0.7, _LASERMASTER),
    flat_only=True,
)

RULES: Final[dict[str, ProcessRules]] = {
    "FDM": FDM,
    "SLA": SLA,
    "DLP": SLA,
    "MSLA": SLA,
    "SLS": SLS,
    "MJF": SLS,
    "MILLING": MILLING,
    "LASER-CUTTING": LASER,
}
