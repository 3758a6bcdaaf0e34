"""Laser cutting of sheet: contours at the speed that material and thickness allow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from nearmade.quoting.level0 import MM3_PER_CM3
from nearmade.quoting.processes.evidence import Evidence, Known, Term, figure_of
from nearmade.quoting.processes.process_estimate import (
    ListedMachine,
    PlainRates,
    ProcessEstimate,
    drawn,
    most_in_grid,
    too_large,
)
from nearmade.quoting.processes.sheet import Sheet
from nearmade.vocabulary.errors import InvalidInput

MM_PER_M: Final = 1000.0
#: Between parts, and to the sheet's edge. [mm]
GAP_MM: Final = 4.0
#: Share of a sheet that boxes and gaps use; the rest is offcut that is paid for.
USED_FRACTION: Final = 0.8

#: Cutting takes longer than length over speed: corners, lead-ins, acceleration.
CORNERS: Final = Known.of(1.2, 1.2, "assumed", "corners and lead-ins add 5 to 50 %")
#: From one contour to the next, at some 200 mm/s. [s]
MOVE_S: Final = Known.of(0.5, 1.5, "assumed", "100 mm at 200 mm/s")
#: Loading a sheet and taking its parts out. [s]
LOAD_S: Final = Known.of(180.0, 1.5, "assumed", "three minutes for each sheet")
#: Hands for one part: taking it out, looking at it. [s]
HANDS_PART_S: Final = Known.of(15.0, 1.6, "assumed", "a quarter of a minute")
#: Hands for one order: the file, the first cut tried. [s]
HANDS_ORDER_S: Final = Known.of(600.0, 1.6, "assumed", "ten minutes an order")


@dataclass(frozen=True, slots=True)
class CutMaterial:
    """A sheet material with the speeds at which one machine cuts it.

    Parameters
    ----------
    density_g_cm3
        Of the sheet. [g/cm3]
    pierce_s
        For 1 mm of thickness. [s/mm]
    speeds_mm_per_s
        Lowest and highest published speed by thickness, [mm] to [mm/s].
    evidence
        Of the speeds.
    kilogram
        Price of sheet to ask with where no facility is asked.
    """

    density_g_cm3: float
    pierce_s: Known
    speeds_mm_per_s: dict[float, tuple[float, float]]
    evidence: Evidence
    kilogram: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LaserCutter(ListedMachine):
    """A machine that cuts sheet with a laser; its power is with extraction.

    Parameters
    ----------
    bed_mm
        Largest sheet, the longer side first. [mm]
    materials
        What it cuts, by code.
    laser_w
        Optical power. [W]
    """

    bed_mm: tuple[float, float]
    materials: dict[str, CutMaterial]
    laser_w: float
    process: str = "LASER-CUTTING"


_COURSE: Final = Evidence(
    "fitted", "settings for a 60 W CO2 laser (Certifitrax course; Softsolder's trials)"
)
_CHART: Final = Evidence(
    "fitted", "speed chart of a 1000 W fibre laser, Q235A (machinemfg.com)"
)
_SOFT_PIERCE: Final = Known.of(
    0.1, 1.8, "assumed", "a CO2 laser pierces 3 mm in some 0.3 s"
)
_STEEL_PIERCE: Final = Known.of(
    0.3, 1.8, "assumed", "about 1 s for 3 mm, several for 10 mm"
)
_WOOD: Final = Decimal(4)

CO2_60W: Final = LaserCutter(
    id="co2-60w",
    title="CO2 laser, 60 W, 600 x 400 mm",
    bed_mm=(600.0, 400.0),
    laser_w=60.0,
    power_w=Known.of(1200.0, 1.4, "assumed", "tube 400 W, chiller, extraction"),
    materials={
        "ACRYLIC": CutMaterial(
            1.19, _SOFT_PIERCE, {3: (10, 15), 6: (5, 8)}, _COURSE, Decimal(8)
        ),
        "PLYWOOD": CutMaterial(
            0.68, _SOFT_PIERCE, {3: (12, 18), 6: (5, 8)}, _COURSE, _WOOD
        ),
        "MDF": CutMaterial(0.75, _SOFT_PIERCE, {3: (15, 20)}, _COURSE, Decimal(2)),
        "CARDBOARD": CutMaterial(0.2, _SOFT_PIERCE, {2: (25, 35)}, _COURSE, Decimal(2)),
        "LEATHER": CutMaterial(0.9, _SOFT_PIERCE, {2: (15, 20)}, _COURSE, Decimal(40)),
    },
    source="bed as desktop machines of that power have it; assumed",
    rates=PlainRates(
        "GBP",
        machine_hour=Decimal(50),
        kilogram=Decimal(8),
        labour_hour=Decimal(0),
        evidence=Evidence(
            "formula",
            "Exeter Laser: 50 an hour of machine time, hands included; sheet assumed",
        ),
    ),
)

FIBRE_1KW: Final = LaserCutter(
    id="fibre-1kw",
    title="Fibre laser, 1 kW, 3000 x 1500 mm",
    bed_mm=(3000.0, 1500.0),
    laser_w=1000.0,
    power_w=Known.of(
        9000.0, 1.4, "assumed", "source 3.5 kW, chiller, drives, extraction"
    ),
    materials={
        "STEEL": CutMaterial(
            7.85,
            _STEEL_PIERCE,
            {
                thickness: (low * MM_PER_M / 60, high * MM_PER_M / 60)
                for thickness, low, high in (
                    (1.0, 8.0, 10.0),
                    (2.0, 4.0, 6.5),
                    (3.0, 2.4, 3.0),
                    (4.0, 2.0, 2.4),
                    (5.0, 1.5, 2.0),
                    (6.0, 1.4, 1.6),
                    (8.0, 0.8, 1.2),
                    (10.0, 0.6, 1.0),
                    (12.0, 0.5, 0.8),
                )
            },
            _CHART,
            Decimal("1.5"),
        )
    },
    source="common bed of flat-bed machines; assumed",
    rates=PlainRates(
        "EUR",
        machine_hour=Decimal(90),
        kilogram=Decimal("1.5"),
        labour_hour=Decimal(0),
        evidence=Evidence("assumed", "90 an hour, hands included; no list found"),
    ),
)

CUTTERS: Final = (CO2_60W, FIBRE_1KW)

#: Thicker than the table's last row by this much is still cut at its trend.
BEYOND_TABLE: Final = 1.25
#: A table of one thickness says nothing of the trend: speed falls as thickness rises.
FALL: Final = 1.2


def estimate_cutting(
    sheet: Sheet, cutter: LaserCutter, material: str, quantity: int = 1
) -> ProcessEstimate:
    """Estimate parts cut from sheet.

    Parameters
    ----------
    sheet
        The part as a piece of sheet.
    cutter
        Machine.
    material
        Code of the sheet's material, as the machine knows it.
    quantity
        How many, 1 or more.

    Raises
    ------
    InvalidInput
        When the machine does not cut that material or thickness, the part is larger
        than its bed, or the quantity is below one.
    """
    if not quantity >= 1:
        raise InvalidInput(f"quantity {quantity}: must be 1 or more")
    cut = cutter.materials.get(material)
    if cut is None:
        known = ", ".join(cutter.materials)
        raise InvalidInput(
            f"{cutter.title}: does not cut {material!r}; it cuts {known}",
            code="material-missing",
            remedy=f"take one of {known}, or another machine",
        )
    speed = speed_of(sheet.thickness_mm, cut, cutter)
    sheets = math.ceil(quantity / _per_sheet(sheet, cutter))
    cutting = [
        Term(
            "cutting",
            quantity * sheet.cut_mm / speed.value * CORNERS.value,
            (speed, CORNERS),
        ),
        Term(
            "piercing",
            quantity * sheet.contours * cut.pierce_s.value * sheet.thickness_mm,
            (cut.pierce_s,),
        ),
        MOVE_S.term("moving", quantity * sheet.contours),
    ]
    loading = LOAD_S.term("loading", sheets)
    time = figure_of([*cutting, loading])
    bought = _bought(sheet, quantity)
    return ProcessEstimate(
        process=cutter.process,
        machine=cutter.id,
        title=cutter.title,
        material=material,
        quantity=quantity,
        builds=sheets,
        feedstock_mm3=figure_of([bought]),
        mass_g=figure_of([bought]).times(cut.density_g_cm3 / MM3_PER_CM3),
        time_s=time,
        ready_s=time,
        hands_s=figure_of(
            [
                HANDS_ORDER_S.term("each order", 1),
                HANDS_PART_S.term("each part", quantity),
            ]
        ),
        energy_wh=figure_of(drawn(cutting, cutter.power_w)),
    )


#: Share of the sheet that is paid for besides the parts' boxes.
_OFFCUT: Final = Known.of(
    1 / USED_FRACTION, 1.15, "assumed", "nests use 0.65 to 0.9 of a sheet"
)


def _bought(sheet: Sheet, quantity: int) -> Term:
    """Give the sheet that the parts and their share of offcuts take. [mm3]"""
    long_mm, short_mm = (side + GAP_MM for side in sheet.box_mm)
    box_mm3 = long_mm * short_mm * sheet.thickness_mm
    return _OFFCUT.term("sheet", quantity * box_mm3)


def _per_sheet(sheet: Sheet, cutter: LaserCutter) -> int:
    """Count copies in a grid on the largest sheet."""
    long_mm, short_mm = (side + GAP_MM for side in sheet.box_mm)
    wide, deep = (side - GAP_MM for side in cutter.bed_mm)
    found = most_in_grid((wide, deep), (long_mm, short_mm))
    if not found:
        raise too_large(sheet.box_mm, cutter.bed_mm, f"bed of the {cutter.title}")
    return found


def speed_of(thickness_mm: float, cut: CutMaterial, cutter: LaserCutter) -> Known:
    """Give the cutting speed at a thickness, between the rows of the table. [mm/s]

    Between rows logarithms are joined by straight lines; thinner than the first row the
    first row holds.

    Raises
    ------
    InvalidInput
        When the sheet is thicker than the table goes.
    """
    rows = sorted(cut.speeds_mm_per_s.items())
    thickest = rows[-1][0] * BEYOND_TABLE
    if not thickness_mm <= thickest:
        raise InvalidInput(
            f"sheet {thickness_mm:.1f} mm: the {cutter.title} cuts at most "
            f"{thickest:g} mm of it",
            code="sheet-too-thick",
            remedy="take a thinner sheet, a stronger laser, or milling",
        )
    points = [
        (math.log(thickness), math.log(math.sqrt(low * high)))
        for thickness, (low, high) in rows
    ]
    spread = max(math.sqrt(high / low) for _, (low, high) in rows)
    at = max(math.log(thickness_mm), points[0][0])
    below = max(index for index, (x, _) in enumerate(points) if x <= at)
    if len(points) == 1:
        fall = -FALL
    else:
        first = min(below, len(points) - 2)
        (x0, y0), (x1, y1) = points[first], points[first + 1]
        fall = (y1 - y0) / (x1 - x0)
    log_speed = points[below][1] + fall * (at - points[below][0])
    return Known(math.exp(log_speed), max(1.15, min(spread, 1.5)), cut.evidence)
