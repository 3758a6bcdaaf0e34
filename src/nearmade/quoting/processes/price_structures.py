"""How others price such work, as they publish it: formulas over a part's figures.

They are for comparison: no facility here is bound by them, most date from some year,
and margins, minimums and carriage differ. A structure without a currency of its own is
given in ``XXX``, which is ISO 4217's code for none.

References
----------
.. [1] 3YOURMIND, "Material pricing scripts", sample scripts (3yourmind.atlassian.net).
.. [2] AMFG, default pricing formulas.
.. [3] 3D People, "SLS pricing" (3dpeople.uk/sls-pricing).
.. [4] Phasio, "Powder bed - SLS / MJF" (docs.phas.io).
.. [5] Shapeways, "Pricing transparency update" (forum 98708).
.. [6] Pololu, "Custom laser cutting", 3 Pricing (pololu.com/docs/0J24/3).
.. [7] Exeter Laser, "How to calculate cost" (exeter-laser.co.uk/main/node/22).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from nearmade.energy.load.machine_power import SECONDS_PER_HOUR
from nearmade.geometry.facts import PartFacts
from nearmade.quoting.level0 import MM3_PER_CM3
from nearmade.quoting.processes.evidence import Evidence
from nearmade.quoting.processes.process_estimate import ProcessEstimate
from nearmade.quoting.processes.sheet import Sheet
from nearmade.vocabulary.money import Money

MM_PER_INCH: Final = 25.4
MM2_PER_FT2: Final = 304.8**2
SECONDS_PER_MINUTE: Final = 60.0
G_PER_KG: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a price structure may look at.

    Parameters
    ----------
    facts
        Of one part.
    hull_mm3
        Volume of its convex hull. [mm3]
    estimate
        Our figures of all copies.
    sheet
        The part as a piece of sheet, where it is one.
    """

    facts: PartFacts
    hull_mm3: float
    estimate: ProcessEstimate
    sheet: Sheet | None = None

    @property
    def quantity(self) -> int:
        """How many parts are asked for."""
        return self.estimate.quantity

    @property
    def volume_cm3(self) -> float:
        """Volume of one part. [cm3]"""
        return self.facts.volume_mm3 / MM3_PER_CM3


@dataclass(frozen=True, slots=True)
class PriceStructure:
    """A published way to price one process.

    Parameters
    ----------
    name
        Who publishes it, for people.
    processes, materials
        What it is for; no materials means any.
    currency
        ISO 4217 code; ``XXX`` when the formula states none.
    evidence
        Level and source.
    total
        Price of all copies, in major units; None where it does not apply.
    """

    name: str
    processes: tuple[str, ...]
    currency: str
    evidence: Evidence
    total: Callable[[Asked], float | None]
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedPrice:
    """What one structure comes to for one question."""

    structure: PriceStructure
    total: Money


def published_prices(asked: Asked) -> list[PublishedPrice]:
    """Apply every structure that fits the process and material asked for."""
    prices = []
    for structure in STRUCTURES:
        fits = asked.estimate.process in structure.processes and (
            not structure.materials or asked.estimate.material in structure.materials
        )
        total = structure.total(asked) if fits else None
        if total is not None:
            amount = Decimal(str(total))
            prices.append(
                PublishedPrice(structure, Money.of(amount, structure.currency))
            )
    return prices


def _each(price: Callable[[Asked], float]) -> Callable[[Asked], float]:
    return lambda asked: asked.quantity * price(asked)


def _3yourmind_sls(asked: Asked) -> float:
    """Give material by volume and machine by hull in a 14 h chamber, times five."""
    material = asked.volume_cm3 * 1.02 / G_PER_KG * 60
    chamber_mm3 = 380 * 284 * 380
    hours = asked.hull_mm3 * 14 / chamber_mm3
    return 5 * (material + hours * 50)


def _3yourmind_sla(asked: Asked) -> float:
    """Give material by volume, machine by surface, times five.

    The script adds a tenth of the solid supports, for which our own supports stand; it
    multiplies by the hourly rate twice, which is taken as a slip.
    """
    supports_cm3 = (
        asked.estimate.feedstock_mm3.made_of().get("supports", 0.0)
        / asked.quantity
        / MM3_PER_CM3
    )
    material = (asked.volume_cm3 + supports_cm3) * 1.12 / G_PER_KG * 120
    return 5 * (material + asked.facts.area_mm2 * 0.00001 * 32)


def _amfg_sls(asked: Asked) -> float:
    box_cm3 = math.prod(asked.facts.extents_mm) / MM3_PER_CM3
    return max(4.0, 0.575 * asked.volume_cm3) + 0.0325 * box_cm3


def _3dpeople_sls(asked: Asked) -> float:
    """Give 11 pence for each cm3 of the box, 1 mm larger each way."""
    return math.prod(side + 1 for side in asked.facts.extents_mm) * 0.00011


def _phasio_mjf(asked: Asked) -> float:
    """Give 0.18 for each cm3 of the hull and 80 for the build; a tenth off from fifty.

    The page prices the shrink-wrapped volume; the convex hull stands for it, which is
    larger. Nobody pays less for fifty than for forty-nine.
    """
    each = asked.hull_mm3 / MM3_PER_CM3 * 0.18
    discount = 0.9 if asked.quantity >= 50 else 1.0
    below = 49 * each + 80
    total = asked.quantity * each * discount + 80 * discount
    return max(total, below) if asked.quantity >= 50 else total


def _shapeways_least(asked: Asked) -> float:
    """Give the least price of a natural white part; the rest is not published."""
    return asked.quantity * 5.0


def _pololu(asked: Asked) -> float | None:
    """Give 0.15 an inch of cut in 3 mm acrylic and 5 a square foot; 25 at least."""
    sheet = asked.sheet
    if sheet is None or not 2.5 <= sheet.thickness_mm <= 3.5:
        return None
    inches = asked.quantity * sheet.cut_mm / MM_PER_INCH
    feet2 = asked.quantity * math.prod(sheet.box_mm) / MM2_PER_FT2
    return max(25.0, 0.15 * inches + 5.0 * feet2)


def _exeter_laser(asked: Asked) -> float:
    """Give 1 a minute of the machine, 10 at least, 50 an hour where that is less."""
    seconds = asked.estimate.time_s.estimate.value
    by_minute = max(10.0, seconds / SECONDS_PER_MINUTE)
    by_hour = max(50.0, seconds / SECONDS_PER_HOUR * 50)
    return min(by_minute, by_hour)


def _formula(source: str) -> Evidence:
    return Evidence("formula", source)


#: Every structure that is known, by process.
STRUCTURES: Final = (
    PriceStructure(
        "3YOURMIND sample script, SLS PA12",
        ("SLS", "MJF"),
        "EUR",
        _formula("3YOURMIND, material pricing scripts, SLS (PA12)"),
        _each(_3yourmind_sls),
        ("PA12",),
    ),
    PriceStructure(
        "AMFG default, SLS",
        ("SLS", "MJF"),
        "XXX",
        _formula("AMFG defaults: max(4, 0.575 V) + 0.0325 box, in cm3"),
        _each(_amfg_sls),
    ),
    PriceStructure(
        "3D People, SLS by box",
        ("SLS",),
        "GBP",
        _formula("3dpeople.uk/sls-pricing: (X+1)(Y+1)(Z+1) x 0.00011"),
        _each(_3dpeople_sls),
        ("PA12",),
    ),
    PriceStructure(
        "Phasio example, MJF",
        ("MJF",),
        "EUR",
        _formula("docs.phas.io, powder bed: 0.18 a cm3, 80 a build, 10 % off from 50"),
        _phasio_mjf,
    ),
    PriceStructure(
        "Shapeways, least price of a part",
        ("SLS",),
        "USD",
        _formula("Shapeways forum 98708: Versatile Plastic, natural white, 5.00"),
        _shapeways_least,
        ("PA12",),
    ),
    PriceStructure(
        "3YOURMIND sample script, SLA",
        ("SLA", "DLP"),
        "EUR",
        _formula("3YOURMIND, material pricing scripts, SLA (Accura ClearVue)"),
        _each(_3yourmind_sla),
    ),
    PriceStructure(
        "Pololu, custom laser cutting",
        ("LASER-CUTTING",),
        "USD",
        _formula("pololu.com/docs/0J24/3: 0.15 an inch, 5 a square foot, 25 at least"),
        _pololu,
        ("ACRYLIC",),
    ),
    PriceStructure(
        "Exeter Laser, machine time",
        ("LASER-CUTTING",),
        "GBP",
        _formula(
            "exeter-laser.co.uk/main/node/22: 1 a minute, 10 at least, 50 an hour"
        ),
        _exeter_laser,
        ("ACRYLIC", "PLYWOOD", "MDF", "CARDBOARD", "LEATHER"),
    ),
)
