"""Powder bed fusion of polymers: a laser (SLS) or lamps over printed ink (MJF).

Parts lie anywhere in a cake of powder, so a part pays for its share of a build: of the
room its box takes, or, where it is denser than parts usually lie, of the powder fused.
The height of the cake sets the time; a laser besides scans what it fuses.

References
----------
.. [1] ISO/ASTM 52900:2021, 3.2.5, powder bed fusion.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from nearmade.geometry.facts import Finding, PartFacts
from nearmade.quoting.level0 import MM3_PER_CM3, check_part
from nearmade.quoting.processes.evidence import Evidence, Figure, Known, Term, figure_of
from nearmade.quoting.processes.process_estimate import (
    LayerPrinter,
    PlainRates,
    ProcessEstimate,
    drawn,
    stands_in,
    too_large,
)

#: Least space between parts, and to the wall of the chamber. [mm]
#: 3D People nest at 1 mm, other guides ask for 3 to 5 mm.
GAP_MM: Final = 3.0

#: Share of a full chamber that the parts' boxes fill. Boxes never pack fully, and some
#: parts nest inside the boxes of others.
BOX_FILL: Final = Known.of(
    0.55, 1.35, "assumed", "boxes of mixed parts packed by software, 0.4..0.8"
)
#: Share of a full chamber that is fused powder, at most what it can carry away in heat.
FUSED_FILL: Final = Known.of(
    0.10, 1.35, "assumed", "usual nesting density of PA12, 0.07 to 0.13"
)

#: PA12, fused. [g/cm3]
FUSED_DENSITY: Final = Known.of(
    1.01, 1.02, "formula", "3YOURMIND pricing script, PA12: 1.02 g/cm3"
)
#: PA12 powder as it lies: 1 kg is 1.99 l (Industrial) to 2.2 l (Smooth). [g/cm3]
POWDER_DENSITY: Final = Known.of(
    0.48, 1.05, "formula", "Sinterit, how much can you print from 1 kg"
)
#: Powder blown away, sieved out or spilt, of the new powder.
LOST_POWDER: Final = Known.of(0.05, 1.8, "assumed", "handling losses; no study found")

HANDS_BUILD_S: Final = Known.of(
    5400.0, 1.4, "assumed", "an hour and a half to unpack and fill one cake"
)
HANDS_PART_S: Final = Known.of(90.0, 1.7, "assumed", "blasting and looking at one part")

BENCH_RATES: Final = PlainRates(
    "EUR",
    machine_hour=Decimal(10),
    kilogram=Decimal(60),
    labour_hour=Decimal(30),
    evidence=Evidence(
        "assumed", "a bench machine; powder 60 a kilogram as 3YOURMIND's script has it"
    ),
)
LARGE_RATES: Final = PlainRates(
    "EUR",
    machine_hour=Decimal(50),
    kilogram=Decimal(60),
    labour_hour=Decimal(30),
    evidence=Evidence(
        "formula",
        "3YOURMIND pricing script, SLS PA12: 50 an hour, 60 a kilogram; labour assumed",
    ),
)


_WARM_UP: Final = Known.of(7200.0, 1.4, "assumed", "one to three hours")
_COOLING: Final = Known.of(
    1.0, 1.5, "assumed", "guides ask for about as long as the build took"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowderPrinter(LayerPrinter):
    """A machine that fuses polymer powder, with a laser unless said otherwise.

    Parameters
    ----------
    layer_s
        Each layer without scanning: spreading, heating, for MJF inking. [s]
    refresh
        Share of new powder in what is spread.
    scan_mm3_per_s
        Powder that the laser fuses in a second; None for MJF.
    cool_fraction
        Cooling for each second of building; it may run beside the machine.
    cools_in_machine
        True when the machine waits for the cooling.
    """

    layer_s: Known
    refresh: Known
    scan_mm3_per_s: Known | None = None
    cool_fraction: Known = _COOLING
    cools_in_machine: bool = False
    process: str = "SLS"
    start_s: Known = _WARM_UP
    material: str = "PA12"
    rates: PlainRates = BENCH_RATES


_AMMAP: Final = "ammap.eu, classes from data sheets"

PRINTERS: Final = (
    PowderPrinter(
        id="fuse-1-plus",
        title="Formlabs Fuse 1+ 30W, PA12, 0.11 mm layers",
        room_mm=(165.0, 165.0, 300.0),
        layer_mm=0.11,
        layer_s=Known.of(14.0, 1.4, "assumed", "spreading and heating, 9-22 s"),
        scan_mm3_per_s=Known.of(
            40.0, 1.6, "assumed", "30 W laser, a few m/s over 0.2 mm lines"
        ),
        refresh=Known.of(
            0.30, 1.15, "formula", "Formlabs and additive-X on refresh rate: about 30 %"
        ),
        power_w=Known.of(2000.0, 1.4, "formula", f"{_AMMAP}: small SLS, 2 kW"),
        source="maker's specification",
    ),
    PowderPrinter(
        id="formiga-p110",
        title="EOS Formiga P 110, PA12, 0.10 mm layers",
        room_mm=(190.0, 240.0, 300.0),
        layer_mm=0.10,
        layer_s=Known.of(12.0, 1.4, "assumed", "spreading and heating, 8-20 s"),
        scan_mm3_per_s=Known.of(
            50.0, 1.6, "assumed", "30 W laser, up to 5 m/s over 0.25 mm lines"
        ),
        refresh=Known.of(0.50, 1.2, "assumed", "PA 2200 is usually refreshed by half"),
        power_w=Known.of(5000.0, 1.5, "formula", f"{_AMMAP}: medium SLS, 5 kW"),
        source="exaparts.ch, design guidelines: 190 x 240 x 300 mm",
        rates=replace(BENCH_RATES, machine_hour=Decimal(25)),
    ),
    PowderPrinter(
        id="lisa-x",
        title="Sinterit Lisa X, PA12, 0.125 mm layers",
        room_mm=(130.0, 180.0, 330.0),
        layer_mm=0.125,
        layer_s=Known.of(15.0, 1.5, "assumed", "spreading and heating, 9-25 s"),
        scan_mm3_per_s=Known.of(
            30.0, 1.6, "assumed", "30 W laser, a few m/s over 0.2 mm lines"
        ),
        cools_in_machine=True,
        refresh=Known.of(
            0.28, 1.15, "formula", "Sinterit: 0.54 l of new powder for 1.92 l spread"
        ),
        power_w=Known.of(2000.0, 1.4, "formula", f"{_AMMAP}: small SLS, 2 kW"),
        source="Sinterit, how much can you print from 1 kg",
    ),
    PowderPrinter(
        id="jet-fusion-5200",
        title="HP Jet Fusion 5200, PA12, 0.08 mm layers",
        process="MJF",
        room_mm=(380.0, 284.0, 380.0),
        layer_mm=0.08,
        layer_s=Known.of(
            7.6, 1.25, "fitted", "8 to 14 h for 4750 layers (Phasio, 3YOURMIND)"
        ),
        start_s=Known.of(3600.0, 1.4, "assumed", "about an hour of warming"),
        refresh=Known.of(0.20, 1.1, "formula", "Hawk Ridge Systems: PA12 at 80/20"),
        power_w=Known.of(10_000.0, 1.4, "formula", f"{_AMMAP}: large, 10 kW"),
        source="HP and Xometry: 380 x 284 x 380 mm, 0.08 mm",
        rates=LARGE_RATES,
    ),
)


def estimate_powder(
    facts: PartFacts, printer: PowderPrinter, quantity: int = 1
) -> ProcessEstimate:
    """Estimate parts as their share of full builds.

    Time, powder and energy are the share's; ``ready_s`` is that of builds that hold
    these parts alone, cooled down.

    Parameters
    ----------
    facts
        Of one part.
    printer
        Machine and powder.
    quantity
        How many, 1 or more.

    Raises
    ------
    InvalidInput
        When the part has no volume or does not fit, or the quantity is below one.
    """
    check_part(facts, quantity)
    with_gaps_mm = [side + 2 * GAP_MM for side in facts.extents_mm]
    if not stands_in(with_gaps_mm, printer.room_mm):
        of = f"that a {printer.title} takes"
        raise too_large(facts.extents_mm, printer.room_mm, of)
    share = _share(facts, printer)
    building = _full_build(facts, printer, share, quantity)
    cooling = _cooling(building, printer)
    machine = [*building, *cooling] if printer.cools_in_machine else building
    new = _new_powder(facts, printer, share, quantity)
    alone, builds = _alone(facts, printer, quantity)
    return ProcessEstimate(
        process=printer.process,
        machine=printer.id,
        title=printer.title,
        material=printer.material,
        quantity=quantity,
        builds=builds,
        feedstock_mm3=new.times(MM3_PER_CM3 / FUSED_DENSITY.value),
        mass_g=new,
        time_s=figure_of(machine),
        ready_s=alone,
        hands_s=figure_of(
            [
                HANDS_BUILD_S.term(
                    "share of unpacking", quantity * share.amount, *share.factors
                ),
                HANDS_PART_S.term("each part", quantity),
            ]
        ),
        energy_wh=figure_of(drawn(building, printer.power_w)),
        findings=_findings(facts),
    )


def _share(facts: PartFacts, printer: PowderPrinter) -> Term:
    """Give what share of a full build one part pays for, by box or by fused powder."""
    chamber_mm3 = math.prod(printer.room_mm)
    box_mm3 = math.prod(side + GAP_MM for side in facts.extents_mm)
    by_box = box_mm3 / (chamber_mm3 * BOX_FILL.value)
    by_fused = facts.volume_mm3 / (chamber_mm3 * FUSED_FILL.value)
    if by_box >= by_fused:
        return Term("share by box", by_box, (BOX_FILL,))
    return Term("share by fused powder", by_fused, (FUSED_FILL,))


def _full_build(
    facts: PartFacts, printer: PowderPrinter, share: Term, quantity: int
) -> list[Term]:
    """Give the share of the time that a full chamber takes. [s]"""
    layers = printer.room_mm[2] / printer.layer_mm
    copies = quantity * share.amount
    return [
        printer.start_s.term("warming up", copies, *share.factors),
        printer.layer_s.term("layers", copies * layers, *share.factors),
        *_scanning(facts, printer, quantity),
    ]


def _scanning(facts: PartFacts, printer: PowderPrinter, quantity: int) -> list[Term]:
    rate = printer.scan_mm3_per_s
    if rate is None:
        return []
    return [Term("scanning", quantity * facts.volume_mm3 / rate.value, (rate,))]


def _cooling(building: list[Term], printer: PowderPrinter) -> list[Term]:
    cool = printer.cool_fraction
    return [each.times(1, cool, title="cooling") for each in building]


def _new_powder(
    facts: PartFacts, printer: PowderPrinter, share: Term, quantity: int
) -> Figure:
    """Give the new powder that the parts use up. [g]

    What is fused is gone; of what lies around it, the refresh share has to be replaced
    by new powder, and the fused part counts towards that.
    """
    fused_g = quantity * facts.volume_mm3 / MM3_PER_CM3 * FUSED_DENSITY.value
    chamber_cm3 = math.prod(printer.room_mm) / MM3_PER_CM3
    spread_g = quantity * share.amount * chamber_cm3 * POWDER_DENSITY.value
    replaced_g = spread_g * printer.refresh.value
    factors = (*share.factors, POWDER_DENSITY, printer.refresh)
    terms = [
        Term("fused", fused_g, (FUSED_DENSITY,)),
        Term("aged around it", max(0.0, replaced_g - fused_g), factors),
    ]
    lost = [each.times(1, LOST_POWDER, title="lost") for each in terms]
    return figure_of([*terms, *lost])


def _alone(
    facts: PartFacts, printer: PowderPrinter, quantity: int
) -> tuple[Figure, int]:
    """Give the time to usable parts when nothing else is built with them. [s]"""
    x, y, z = (side + GAP_MM for side in facts.extents_mm)
    ways = [(x, y, z), (y, x, z), (x, z, y), (z, x, y), (y, z, x), (z, y, x)]
    trials = [
        _building_alone(facts, printer, quantity, way)
        for way in ways
        if all(side <= room for side, room in zip(way, printer.room_mm, strict=True))
    ]
    terms, builds = min(trials, key=lambda trial: math.fsum(t.amount for t in trial[0]))
    return figure_of([*terms, *_cooling(terms, printer)]), builds


def _building_alone(
    facts: PartFacts,
    printer: PowderPrinter,
    quantity: int,
    box_mm: tuple[float, float, float],
) -> tuple[list[Term], int]:
    """Give the time of builds of copies stacked in a grid, without cooling. [s]"""
    builds, height_mm = _stack(box_mm, printer.room_mm, quantity)
    layers = math.ceil(height_mm / printer.layer_mm)
    terms = [
        printer.start_s.term("warming up", builds),
        printer.layer_s.term("layers", layers),
        *_scanning(facts, printer, quantity),
    ]
    return terms, builds


def _stack(
    box_mm: tuple[float, float, float],
    room_mm: tuple[float, float, float],
    quantity: int,
) -> tuple[int, float]:
    """Give builds, and the height of all of them together, of boxes in a grid. [mm]"""
    columns, rows, floors = (
        math.floor(room / side) for side, room in zip(box_mm, room_mm, strict=True)
    )
    levels = math.ceil(quantity / (columns * rows))
    return math.ceil(levels / floors), levels * box_mm[2]


def _findings(facts: PartFacts) -> tuple[Finding, ...]:
    if facts.bodies > 1:
        return (
            Finding(
                "loose-bodies",
                "note",
                f"{facts.bodies} bodies: services count each as a part of its own",
            ),
        )
    return ()
