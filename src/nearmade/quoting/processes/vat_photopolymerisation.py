"""Vat photopolymerisation: resin cured layer by layer, by a laser or through a mask.

A mask (DLP, LCD) takes the same time for every layer however much it holds; a laser
(SLA) besides scans the area of each layer, so its time grows with the volume too.

References
----------
.. [1] ISO/ASTM 52900:2021, 3.2.9, vat photopolymerization.
.. [2] Gibson, Rosen, Stucker, "Additive Manufacturing Technologies", 2nd ed. 2015,
   16.6.2: build time = scanning + transition between layers + delay.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from nearmade.geometry.facts import PartFacts
from nearmade.quoting.level0 import MM3_PER_CM3, check_part
from nearmade.quoting.processes.evidence import Evidence, Figure, Known, Term, figure_of
from nearmade.quoting.processes.process_estimate import (
    LayerPrinter,
    PlainRates,
    ProcessEstimate,
    drawn,
    most_in_grid,
    too_large,
)

_SLICED: Final = Evidence(
    "measured",
    "PrusaSlicer 2.5.0, Original Prusa SL1S, 0.05 mm, pad and supports: 82 open meshes",
)
_UVTOOLS: Final = "machine profile of UVtools (github.com/sn4k3/UVtools)"
_GUIDES: Final = Evidence(
    "assumed", "makers' guides ask for 10 to 20 min of washing, 15 to 60 min of curing"
)

# --- resin: part, supports and pad, fitted on slices of the SL1S -------------------
#: Cured resin for each mm3 of part.
RESIN_PART: Final = Known(0.973, 1.0, _SLICED)
#: Supports for each mm2 that looks down. [mm3/mm2]
RESIN_DOWN_MM: Final = Known(1.59, 1.0, _SLICED)
#: Pad for each mm2 of the box's ground. [mm3/mm2]
RESIN_PAD_MM: Final = Known(0.858, 1.0, _SLICED)
#: Rim of the pad and feet of supports, for each part. [mm3]
RESIN_EACH_MM3: Final = Known(22.8, 1.0, _SLICED)
#: How far the slicer lay from their sum, projects left out of the fit: 0.90 to 1.14 in
#: four cases of five.
RESIN_FIT: Final = Known(1.0, 1.10, _SLICED)
#: Supports lift the part, and the pad lies below it. [mm]
LIFTED_MM: Final = 6.0
#: Resin that clings to parts, is filtered out or fails, for each of the cured.
RESIN_LOST: Final = Known.of(
    0.08, 1.8, "assumed", "resin washed off and failed builds; no study found"
)

# --- afterwards ---------------------------------------------------------------------
#: One washing and one curing for each build. [s]
WASH_S: Final = Known(900.0, 1.3, _GUIDES)
CURE_S: Final = Known(1800.0, 1.5, _GUIDES)
#: Hands: taking the build off, washing it, wiping the machine. [s]
HANDS_BUILD_S: Final = Known.of(
    900.0, 1.6, "assumed", "a quarter of an hour at the machine for a build"
)
#: Hands: cutting supports off one part, for each 1000 mm2 that hung. [s]
HANDS_SUPPORT_S: Final = Known.of(
    120.0, 1.8, "assumed", "two minutes for 10 cm2 of supported surface"
)
#: Least time in hands of one part. [s]
HANDS_PART_S: Final = Known.of(
    60.0, 1.6, "assumed", "a minute to take each part off and look at it"
)
#: Washing and curing stations while they run. [W]
AFTER_W: Final = Known.of(
    60.0, 1.6, "assumed", "rated 40 to 150 W; on for part of the time"
)

#: Resin's density. [g/cm3]
DENSITY: Final = Known.of(
    1.12, 1.03, "formula", "3YOURMIND pricing script, Accura ClearVue"
)
#: Clear space between parts and at the edge. [mm]
GAP_MM: Final = 2.0

#: Desktop machines; what the published script asks, 32 an hour, is for a large one.
LCD_RATES: Final = PlainRates(
    "EUR",
    machine_hour=Decimal(3),
    kilogram=Decimal(40),
    labour_hour=Decimal(30),
    evidence=Evidence("assumed", "a desktop machine written off in 2000 h; resin 40"),
)
LASER_RATES: Final = PlainRates(
    "EUR",
    machine_hour=Decimal(6),
    kilogram=Decimal(120),
    labour_hour=Decimal(30),
    evidence=Evidence(
        "assumed", "a bench machine; resin 120 a kilogram as 3YOURMIND's script has it"
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResinPrinter(LayerPrinter):
    """A machine that cures resin: with a mask (``DLP``) unless said otherwise.

    Parameters
    ----------
    layer_s
        Each layer without scanning: exposure of a mask, peeling, waiting. [s]
    scan_mm2_per_s
        Area that the laser hardens in a second; None for a mask.
    """

    layer_s: tuple[Known, ...]
    scan_mm2_per_s: Known | None = None
    process: str = "DLP"
    material: str = "RESIN"
    rates: PlainRates = LCD_RATES


_EXPOSURE: Final = Known.of(
    2.5,
    1.5,
    "formula",
    "screens of one colour take 0.5 to 5 s a layer (Core Electronics)",
)
_FIRST_LAYERS: Final = Known.of(
    150.0, 1.4, "formula", "bottom layers take 8 to 12 times as long (Core Electronics)"
)
_LCD_W: Final = Known.of(45.0, 1.4, "assumed", "supplies are rated 60 to 100 W")

#: Lifting and lowering by 5 mm at the profile's speeds, and its waits. [s]
_MARS_3_MOVES: Final = Known.of(
    5 / 100 * 60 + 5 / 150 * 60 + 2.5 + 1.0,
    1.2,
    "formula",
    f"{_UVTOOLS}: 5 mm at 100 and 150 mm/min, waits 3.5 s",
)
_SONIC_MINI_MOVES: Final = Known.of(
    5 / 65 * 60 + 5 / 150 * 60,
    1.25,
    "formula",
    f"{_UVTOOLS}: 5 mm at 65 and 150 mm/min",
)

_MARS_3: Final = ResinPrinter(
    id="mars-3-0.05",
    title="Elegoo Mars 3, 0.05 mm layers",
    room_mm=(143.43, 89.6, 175.0),
    layer_mm=0.05,
    layer_s=(_EXPOSURE, _MARS_3_MOVES),
    start_s=_FIRST_LAYERS,
    power_w=_LCD_W,
    source=_UVTOOLS,
)

PRINTERS: Final = (
    ResinPrinter(
        id="sl1s-0.05",
        title="Original Prusa SL1S, 0.05 mm layers",
        room_mm=(127.0, 80.0, 150.0),
        layer_mm=0.05,
        layer_s=(Known(4.75, 1.03, _SLICED),),
        start_s=Known(182.0, 1.05, _SLICED),
        power_w=_LCD_W,
        source="PrusaSlicer's bundle, PrusaResearch.ini",
    ),
    _MARS_3,
    replace(
        _MARS_3,
        id="sonic-mini-4k-0.05",
        title="Phrozen Sonic Mini 4K, 0.05 mm layers",
        room_mm=(134.4, 75.6, 130.0),
        layer_s=(_EXPOSURE, _SONIC_MINI_MOVES),
    ),
    ResinPrinter(
        id="form-3-0.10",
        title="Formlabs Form 3, 0.10 mm layers",
        process="SLA",
        room_mm=(145.0, 145.0, 185.0),
        layer_mm=0.10,
        layer_s=(Known.of(9.0, 1.5, "assumed", "peeling and wiping, 5 to 15 s"),),
        scan_mm2_per_s=Known.of(
            270.0,
            1.6,
            "assumed",
            "3 m/s over lines 0.09 mm apart (the spot is 0.085 mm)",
        ),
        start_s=Known.of(600.0, 1.4, "assumed", "resin is warmed to 35 degC"),
        power_w=Known.of(
            40.0,
            1.6,
            "assumed",
            "a Form 1+ drew 20.4 W (Hopkins et al. 2021); the Form 3 warms resin",
        ),
        source="maker's specification",
        rates=LASER_RATES,
    ),
)


def estimate_resin(
    facts: PartFacts, printer: ResinPrinter, quantity: int = 1
) -> ProcessEstimate:
    """Estimate parts of resin, on supports and washed and cured.

    Parameters
    ----------
    facts
        Of one part, lying as it will be built.
    printer
        Machine, layer and resin.
    quantity
        How many, 1 or more; as many share a build as the platform takes.

    Raises
    ------
    InvalidInput
        When the part has no volume or does not fit, or the quantity is below one.
    """
    check_part(facts, quantity)
    per_build = _per_build(facts, printer)
    if not per_build:
        raise too_large(
            facts.extents_mm,
            (*printer.room_mm[:2], printer.room_mm[2] - LIFTED_MM),
            f"that a {printer.title} takes",
        )
    builds = math.ceil(quantity / per_build)
    printing = _printing(facts, printer, quantity, builds)
    after = [WASH_S.term("washing", builds), CURE_S.term("curing", builds)]
    cured = _cured(facts, quantity)
    lost = [each.times(1, RESIN_LOST, title="lost") for each in cured]
    resin = figure_of([*cured, *lost])
    return ProcessEstimate(
        process=printer.process,
        machine=printer.id,
        title=printer.title,
        material=printer.material,
        quantity=quantity,
        builds=builds,
        feedstock_mm3=resin,
        mass_g=resin.times(1 / MM3_PER_CM3, DENSITY),
        time_s=figure_of(printing),
        ready_s=figure_of([*printing, *after]),
        hands_s=_hands(facts, quantity, builds),
        energy_wh=figure_of(
            [*drawn(printing, printer.power_w), *drawn(after, AFTER_W)]
        ),
    )


def _per_build(facts: PartFacts, printer: ResinPrinter) -> int:
    """Count the copies on one platform, straight or turned by a quarter."""
    x, y, z = facts.extents_mm
    wide, deep, high = printer.room_mm
    if z + LIFTED_MM > high:
        return 0
    return most_in_grid((wide + GAP_MM, deep + GAP_MM), (x + GAP_MM, y + GAP_MM))


def _cured(facts: PartFacts, quantity: int) -> list[Term]:
    """Give the resin that hardens. [mm3]"""
    ground_mm2 = facts.extents_mm[0] * facts.extents_mm[1]
    return [
        RESIN_FIT.term(title, quantity * size * known.value, known)
        for title, size, known in (
            ("part", facts.volume_mm3, RESIN_PART),
            ("supports", facts.down_mm2, RESIN_DOWN_MM),
            ("pad", ground_mm2, RESIN_PAD_MM),
            ("pad", 1.0, RESIN_EACH_MM3),
        )
    ]


def _printing(
    facts: PartFacts, printer: ResinPrinter, quantity: int, builds: int
) -> list[Term]:
    """Give the time on the machine. [s]"""
    layers = math.ceil((facts.extents_mm[2] + LIFTED_MM) / printer.layer_mm)
    terms = [
        printer.start_s.term("start", builds),
        *(each.term("layers", builds * layers) for each in printer.layer_s),
    ]
    if printer.scan_mm2_per_s is not None:
        rate = printer.layer_mm * printer.scan_mm2_per_s.value
        terms += [
            Term(
                "scanning", each.amount / rate, (*each.factors, printer.scan_mm2_per_s)
            )
            for each in _cured(facts, quantity)
        ]
    return terms


def _hands(facts: PartFacts, quantity: int, builds: int) -> Figure:
    """Give the work by hand. [s]"""
    hung = facts.down_mm2 / 1000.0
    return figure_of(
        [
            HANDS_BUILD_S.term("each build", builds),
            HANDS_PART_S.term("each part", quantity),
            HANDS_SUPPORT_S.term("supports off", quantity * hung),
        ]
    )
