"""Machines of every process by name, and one door to estimate a part on any."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from nearmade.facilities.facility import Tariff
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.shadows import hull_mm3
from nearmade.quoting.build_estimate import Price
from nearmade.quoting.price import price_build
from nearmade.quoting.processes import (
    laser_cutting,
    milling,
    powder_bed_fusion,
    vat_photopolymerisation,
)
from nearmade.quoting.processes.laser_cutting import LaserCutter, estimate_cutting
from nearmade.quoting.processes.milling import STOCKS, Mill, estimate_milling
from nearmade.quoting.processes.powder_bed_fusion import PowderPrinter, estimate_powder
from nearmade.quoting.processes.price_structures import Asked
from nearmade.quoting.processes.process_estimate import PlainRates
from nearmade.quoting.processes.reach import reach_of
from nearmade.quoting.processes.sheet import NoSheet, Sheet, sheet_of
from nearmade.quoting.processes.vat_photopolymerisation import (
    ResinPrinter,
    estimate_resin,
)
from nearmade.vocabulary.errors import InvalidInput, NotFound

ProcessMachine = ResinPrinter | PowderPrinter | LaserCutter | Mill

#: What people type for a process, and its code.
WORDS: Final = {
    "sla": "SLA",
    "dlp": "DLP",
    "sls": "SLS",
    "mjf": "MJF",
    "laser": "LASER-CUTTING",
    "mill": "MILLING",
}

#: Every machine, by process in the order of ``WORDS``.
MACHINES: Final[tuple[ProcessMachine, ...]] = (
    *vat_photopolymerisation.PRINTERS,
    *powder_bed_fusion.PRINTERS,
    *laser_cutting.CUTTERS,
    *milling.MILLS,
)


def find_machine(word: str, machine_id: str | None = None) -> ProcessMachine:
    """Give a machine of a process: the one named, or the first.

    Parameters
    ----------
    word
        One of ``WORDS``.
    machine_id
        Such as ``form-3-0.10``.

    Raises
    ------
    NotFound
        When there is none; the message lists those known.
    """
    of_process = [each for each in MACHINES if each.process == WORDS.get(word)]
    if not of_process:
        raise NotFound(
            f"process {word!r}: not known; known are {', '.join(WORDS)}",
            code="process-unknown",
        )
    for each in of_process:
        if machine_id is None or each.id == machine_id:
            return each
    raise NotFound(
        f"machine {machine_id!r}: not known for {word}; known are "
        f"{', '.join(each.id for each in of_process)}",
        code="machine-unknown",
    )


def materials_of(machine: ProcessMachine) -> tuple[str, ...]:
    """Name what a machine works, the usual first."""
    if isinstance(machine, ResinPrinter | PowderPrinter):
        return (machine.material,)
    if isinstance(machine, LaserCutter):
        return tuple(machine.materials)
    return tuple(STOCKS)


def estimate_on(
    machine: ProcessMachine,
    mesh: Mesh,
    facts: PartFacts,
    quantity: int = 1,
    *,
    material: str | None = None,
) -> Asked:
    """Estimate a part on a machine of any process.

    Parameters
    ----------
    machine
        As ``find_machine`` gives it.
    mesh, facts
        Of one part, lying as it will be made.
    quantity
        How many, 1 or more.
    material
        One of ``materials_of(machine)``; the first when None.

    Raises
    ------
    InvalidInput
        When the machine cannot make it; the message says why and what would help.
    """
    chosen = material or materials_of(machine)[0]
    if chosen not in materials_of(machine):
        known = ", ".join(materials_of(machine))
        raise InvalidInput(
            f"{machine.title}: does not work {chosen!r}; it works {known}",
            code="material-missing",
            remedy=f"take {' or '.join(materials_of(machine))}, or another machine",
        )
    sheet: Sheet | None = None
    if isinstance(machine, ResinPrinter):
        estimate = estimate_resin(facts, machine, quantity)
    elif isinstance(machine, PowderPrinter):
        estimate = estimate_powder(facts, machine, quantity)
    elif isinstance(machine, LaserCutter):
        sheet = _as_sheet(mesh)
        estimate = estimate_cutting(sheet, machine, chosen, quantity)
    else:
        estimate = estimate_milling(facts, reach_of(mesh), machine, chosen, quantity)
    survey = facts.survey
    hull = hull_mm3(mesh) if survey is None else survey.hull_mm3
    return Asked(facts, hull, estimate, sheet)


def rates_of(machine: ProcessMachine, material: str) -> PlainRates:
    """Give the rates to ask with where no facility is asked."""
    rates = machine.rates
    if isinstance(machine, LaserCutter):
        return _with_kilogram(rates, machine.materials[material].kilogram)
    if isinstance(machine, Mill):
        return _with_kilogram(rates, STOCKS[material].kilogram)
    return rates


def plain_price(
    asked: Asked,
    rates: PlainRates,
    *,
    machine_hour: Decimal | None = None,
    gram: Decimal | None = None,
) -> Price:
    """Price an estimate by plain rates: machine, feedstock, hands.

    Parameters
    ----------
    machine_hour, gram
        Instead of the rates'.
    """
    grams_per_kilogram = 1000
    tariff = Tariff(
        currency=rates.currency,
        machine_hour=rates.machine_hour if machine_hour is None else machine_hour,
        material_gram={
            asked.estimate.material: rates.kilogram / grams_per_kilogram
            if gram is None
            else gram
        },
        setup=Decimal(0),
        labour_hour=rates.labour_hour,
        minimum=Decimal(0),
        margin_fraction=Decimal(0),
    )
    hands = asked.estimate.hands_s.estimate

    def at(labour_s: float) -> Price:
        return price_build(
            [asked.estimate.as_build()],
            tariff,
            [asked.estimate.material],
            labour_s=labour_s if rates.labour_hour else 0.0,
        )

    price = at(hands.value)
    return replace(price, low=at(hands.low).low, high=at(hands.high).high)


def _with_kilogram(rates: PlainRates, kilogram: Decimal) -> PlainRates:
    return replace(rates, kilogram=kilogram)


def _as_sheet(mesh: Mesh) -> Sheet:
    found = sheet_of(mesh)
    if isinstance(found, NoSheet):
        raise InvalidInput(
            f"part: no piece of sheet, because {found.reason}",
            code="not-a-sheet",
            remedy="laser cutting makes flat parts of one thickness with walls square "
            "to it; take milling or an additive process",
        )
    return found
