"""Milling in three axes: a block is roughed, finished face by face, and turned over.

References
----------
.. [1] Z. Bouaziz, J. Ben Younes, A. Zghal, Int. J. Adv. Manuf. Technol. 28 (2006)
   262-271, doi:10.1007/s00170-004-2179-3: roughing by volume, finishing by surface.
.. [2] A. Armillotta, J. Intell. Manuf. (2021), doi:10.1007/s10845-021-01741-y: closed
   forms of machining time are off by a quarter on average.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from nearmade.energy.load.machine_power import SECONDS_PER_HOUR
from nearmade.geometry.facts import Finding, PartFacts
from nearmade.quoting.level0 import MM3_PER_CM3, check_part
from nearmade.quoting.processes.evidence import Evidence, Figure, Known, Term, figure_of
from nearmade.quoting.processes.process_estimate import (
    ListedMachine,
    PlainRates,
    ProcessEstimate,
    drawn,
    stands_in,
    too_large,
)
from nearmade.quoting.processes.reach import Reach
from nearmade.vocabulary.errors import InvalidInput

S_PER_MIN: Final = 60.0

#: Stock left on each side of the block. Assumed. [mm]
STOCK_MM: Final = 2.5
#: Surface that may stay out of reach before the part is refused. Assumed: what inner
#: corners and deep hollows leave, that a longer or finer tool would still reach.
MOST_UNREACHED_FRACTION: Final = 0.05
#: Above this it is a warning.
SOME_UNREACHED_FRACTION: Final = 0.01

_KC: Final = "specific cutting force at 0.1 to 0.2 mm a tooth (Mitsubishi Materials)"
#: Spindle to chip.
EFFICIENCY_FRACTION: Final = 0.8
#: Share of the spindle's power that roughing uses on average, entries and air included.
POWER_USED: Final = Known.of(
    0.10, 1.7, "assumed", "a tenth of what the spindle's power would remove"
)

#: Finishing level faces and walls in aluminium: 4 mm aside at 800 mm/min. [mm2/s]
FINISH_MM2_PER_S: Final = Known.of(
    4.0 * 800 / S_PER_MIN,
    1.6,
    "assumed",
    "structure of Bouaziz et al. 2006; 4 mm aside at 800 mm/min",
)
#: Finishing slopes in aluminium with a ball: 0.3 mm aside at 1500 mm/min. [mm2/s]
SCULPT_MM2_PER_S: Final = Known.of(
    0.3 * 1500 / S_PER_MIN,
    1.7,
    "assumed",
    "structure of Bouaziz et al. 2006; 0.3 mm aside",
)

SETUP_S: Final = Known.of(
    2700.0, 1.3, "formula", "simple set-up 30 to 60 min (Machine Tool Search, 2026)"
)
PROGRAM_S: Final = Known.of(
    3600.0, 1.7, "assumed", "an hour of programming for the first set-up"
)
PROGRAM_MORE_S: Final = Known.of(
    1200.0, 1.7, "assumed", "twenty minutes for each further set-up"
)
LOAD_S: Final = Known.of(
    150.0, 1.4, "assumed", "clamping, clearing chips, each set-up of a part"
)
TOOLS_S: Final = Known.of(
    30.0, 1.5, "assumed", "three tools a set-up, ten seconds a change"
)


@dataclass(frozen=True, slots=True)
class Stock:
    """A material that is milled.

    Parameters
    ----------
    density_g_cm3
        Of the block. [g/cm3]
    cutting
        Work to remove one mm3. [J/cm3, which is N/mm2]
    pace
        Finishing speed over that in aluminium.
    kilogram
        Price to ask with where no facility is asked.
    """

    density_g_cm3: float
    cutting: Known
    pace: float
    kilogram: Decimal


STOCKS: Final = {
    "ALUMINIUM": Stock(
        2.70, Known.of(860.0, 1.1, "formula", f"Al-Zn-Mg-Cu, {_KC}"), 1.0,
        Decimal(8),
    ),
    "BRASS": Stock(
        8.5, Known.of(1050.0, 1.1, "formula", f"brass, {_KC}"), 0.9, Decimal(12)
    ),
    "STEEL": Stock(
        7.85, Known.of(2070.0, 1.1, "formula", f"mild steel, {_KC}"), 0.35,
        Decimal(3),
    ),
    "STAINLESS": Stock(
        8.0, Known.of(2000.0, 1.1, "formula", f"austenitic stainless, {_KC}"),
        0.2, Decimal(7),
    ),
    "POM": Stock(
        1.41,
        Known.of(600.0, 1.5, "assumed", "plastics: less than aluminium"),
        1.2,
        Decimal(9),
    ),
}  # fmt: skip


#: The hour is that of a shop with its people; programming is not priced apart.
RATES: Final = PlainRates(
    "USD",
    machine_hour=Decimal(65),
    kilogram=Decimal(8),
    labour_hour=Decimal(0),
    evidence=Evidence(
        "formula",
        "Machine Tool Search 2026: set-up and cycles at 50 to 80 an hour in three "
        "axes, hands at the machine included; stock assumed",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mill(ListedMachine):
    """A machine that mills in three axes; its power is that without cutting.

    Parameters
    ----------
    travel_mm
        Along x, y and z. [mm]
    spindle_w
        Rated power of the spindle. [W]
    """

    travel_mm: tuple[float, float, float]
    spindle_w: float
    process: str = "MILLING"
    rates: PlainRates = RATES


MILLS: Final = (
    Mill(
        id="vmc-small",
        title="Small machining centre (Haas Mini Mill class)",
        travel_mm=(406.0, 305.0, 254.0),
        spindle_w=5600.0,
        power_w=Known.of(1500.0, 1.5, "assumed", "drives, coolant, control"),
        source="maker's specification",
    ),
    Mill(
        id="mill-bench",
        title="Bench mill (Tormach 770 class)",
        travel_mm=(355.0, 190.0, 336.0),
        spindle_w=750.0,
        power_w=Known.of(400.0, 1.5, "assumed", "drives, coolant, control"),
        source="maker's specification",
    ),
)


def estimate_milling(
    facts: PartFacts, reach: Reach, mill: Mill, material: str, quantity: int = 1
) -> ProcessEstimate:
    """Estimate parts milled from blocks.

    Parameters
    ----------
    facts
        Of one part, lying along the axes as it would be clamped.
    reach
        Which directions its surface asks for.
    mill
        Machine.
    material
        Code of the block's material.
    quantity
        How many, 1 or more; programmed and set up once.

    Raises
    ------
    InvalidInput
        When the part has no volume, is too large, or cannot be reached in three axes;
        when the material is not known or the quantity is below one.
    """
    check_part(facts, quantity)
    stock = _stock(material)
    block_mm = tuple(side + 2 * STOCK_MM for side in facts.extents_mm)
    if not stands_in(block_mm, mill.travel_mm):
        of = f"that a {mill.title} takes"
        raise too_large(facts.extents_mm, mill.travel_mm, of)
    check_reach(reach)
    block_mm3 = math.prod(block_mm)
    removed_mm3 = max(block_mm3 - facts.volume_mm3, 0.0)
    cutting = _cutting(removed_mm3, reach, stock, mill, quantity)
    setups = max(1, len(reach.setups))
    around = [
        LOAD_S.term("clamping", quantity * setups),
        TOOLS_S.term("changing tools", quantity * setups),
    ]
    setting_up = SETUP_S.term("setting up", setups)
    time = figure_of([*cutting, *around, setting_up])
    block = figure_of([_SAWN.term("block", quantity * block_mm3)])
    return ProcessEstimate(
        process=mill.process,
        machine=mill.id,
        title=mill.title,
        material=material,
        quantity=quantity,
        builds=quantity * setups,
        feedstock_mm3=block,
        mass_g=block.times(stock.density_g_cm3 / MM3_PER_CM3),
        time_s=time,
        ready_s=time,
        hands_s=_hands(setting_up, around, setups),
        energy_wh=_energy(cutting, around, removed_mm3 * quantity, stock, mill),
        findings=_findings(facts, reach, setups),
    )


#: Blocks are bought in the sizes that are sold.
_SAWN: Final = Known.of(
    1.0, 1.15, "assumed", "sawn to size; the next size sold is larger"
)


def check_reach(reach: Reach) -> None:
    """Refuse a part that tools along the axes do not reach.

    Raises
    ------
    InvalidInput
        When more of its surface stays hidden than inner corners explain.
    """
    if reach.unreached_fraction > MOST_UNREACHED_FRACTION:
        raise InvalidInput(
            f"part: {reach.unreached_fraction * 100:.0f} % of its surface is reached "
            "by no tool along the axes (undercuts, cavities or gaps below 3 mm)",
            code="not-millable",
            remedy="split it, open the undercuts, or take five axes or an additive "
            "process",
        )


def _stock(material: str) -> Stock:
    stock = STOCKS.get(material)
    if stock is None:
        known = ", ".join(STOCKS)
        raise InvalidInput(
            f"milling: material {material!r} is not known; known are {known}",
            code="material-missing",
            remedy=f"take one of {known}",
        )
    return stock


def _cutting(
    removed_mm3: float, reach: Reach, stock: Stock, mill: Mill, quantity: int
) -> list[Term]:
    """Give roughing and finishing. [s]"""
    joule = removed_mm3 / MM3_PER_CM3 * stock.cutting.value
    watt = mill.spindle_w * EFFICIENCY_FRACTION * POWER_USED.value
    plain_mm2 = reach.level_mm2 + reach.wall_mm2
    return [
        Term("roughing", quantity * joule / watt, (stock.cutting, POWER_USED)),
        *(
            Term(title, quantity * surface_mm2 / (rate.value * stock.pace), (rate,))
            for title, surface_mm2, rate in (
                ("finishing faces", plain_mm2, FINISH_MM2_PER_S),
                ("finishing slopes", reach.sculpted_mm2, SCULPT_MM2_PER_S),
            )
        ),
    ]


def _hands(setting_up: Term, around: list[Term], setups: int) -> Figure:
    """Give the work by hand: programming, setting up, clamping. [s]"""
    return figure_of(
        [
            PROGRAM_S.term("programming", 1),
            PROGRAM_MORE_S.term("further set-ups", setups - 1),
            setting_up,
            around[0],
        ]
    )


def _energy(
    cutting: list[Term],
    around: list[Term],
    removed_mm3: float,
    stock: Stock,
    mill: Mill,
) -> Figure:
    """Give what the machine draws: its own running, and the work of cutting. [Wh]"""
    joule = removed_mm3 / MM3_PER_CM3 * stock.cutting.value / EFFICIENCY_FRACTION
    chips = Term("chips", joule / SECONDS_PER_HOUR, (stock.cutting,))
    return figure_of([*drawn([*cutting, *around], mill.power_w), chips])


def _findings(facts: PartFacts, reach: Reach, setups: int) -> tuple[Finding, ...]:
    found = [
        Finding(
            "set-ups",
            "note",
            f"clamped {setups} times: tools come from {', '.join(reach.setups)}",
        )
    ]
    if facts.bodies > 1:
        found.append(
            Finding(
                "loose-bodies",
                "warning",
                f"{facts.bodies} bodies: what does not hang together cannot be "
                "clamped as one block",
            )
        )
    unreached = reach.unreached_fraction
    if unreached > 0:
        found.append(
            Finding(
                "out-of-reach",
                "warning" if unreached > SOME_UNREACHED_FRACTION else "note",
                f"{unreached * 100:.1f} % of the surface is out of reach of common "
                "tools: it keeps their radius, or asks for a longer one",
            )
        )
    return tuple(found)
