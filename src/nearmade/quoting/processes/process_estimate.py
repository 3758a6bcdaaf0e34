"""What parts take with one process on one machine: figures that carry evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nearmade.energy.load.machine_power import SECONDS_PER_HOUR
from nearmade.geometry.facts import Finding
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.processes.evidence import Evidence, Figure, Known, Term
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import ProfileId


@dataclass(frozen=True, slots=True)
class PlainRates:
    """A price list to ask with where no facility is asked.

    Parameters
    ----------
    currency
        ISO 4217 code.
    machine_hour
        For one hour of the machine.
    kilogram
        For one kilogram of feedstock.
    labour_hour
        For one hour of hands; 0 where the machine's hour includes those at it.
    evidence
        Where the rates come from.
    """

    currency: str
    machine_hour: Decimal
    kilogram: Decimal
    labour_hour: Decimal
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMachine:
    """What machines of all processes have.

    Parameters
    ----------
    id, title
        For programs and for people.
    process
        Code as in ``vocabulary.processes``, such as ``SLS``.
    power_w
        Mean at the plug while it works. [W]
    source
        Where its room comes from.
    rates
        To ask with where no facility is asked.
    """

    id: str
    title: str
    process: str
    power_w: Known
    source: str
    rates: PlainRates


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPrinter(ListedMachine):
    """A machine that builds in layers, with one layer height and one feedstock.

    Parameters
    ----------
    room_mm
        What it builds in, along x, y and z. [mm]
    layer_mm
        Layer height. [mm]
    start_s
        Once for each build, before the first layer or on top of it. [s]
    material
        Code of its feedstock.
    """

    room_mm: tuple[float, float, float]
    layer_mm: float
    start_s: Known
    material: str


@dataclass(frozen=True, slots=True)
class ProcessEstimate:
    """The figures of all copies of a part, with one process on one machine.

    Parameters
    ----------
    process
        Code as in ``vocabulary.processes``, such as ``SLS``.
    machine, title
        Its id, and its name for people.
    material
        Feedstock.
    quantity, builds
        Parts in all; how many times the machine is loaded for them.
    feedstock_mm3, mass_g
        Feedstock used up: supports, losses and waste included. [mm3] [g]
    time_s
        The machine's time that the parts pay for. [s]
    ready_s
        From start to the parts being usable, on a machine of their own. [s]
    hands_s
        Work by hand. [s]
    energy_wh
        At the plug. [Wh]
    findings
        What to know before ordering.
    """

    process: str
    machine: str
    title: str
    material: str
    quantity: int
    builds: int
    feedstock_mm3: Figure
    mass_g: Figure
    time_s: Figure
    ready_s: Figure
    hands_s: Figure
    energy_wh: Figure
    findings: tuple[Finding, ...] = ()

    def figures(self) -> dict[str, Figure]:
        """Give the figures by name, in the order people read them."""
        return {
            "feedstock_mm3": self.feedstock_mm3,
            "mass_g": self.mass_g,
            "time_s": self.time_s,
            "ready_s": self.ready_s,
            "hands_s": self.hands_s,
            "energy_wh": self.energy_wh,
        }

    def as_build(self) -> BuildEstimate:
        """Give the figures as of one build, so that price lists can be applied."""
        return BuildEstimate(
            level=0,
            profile_id=ProfileId(self.machine),
            quantity=self.quantity,
            feedstock_mm3=self.feedstock_mm3.estimate,
            mass_g=self.mass_g.estimate,
            time_s=self.time_s.estimate,
            energy_wh=self.energy_wh.estimate,
        )


def drawn(terms: Sequence[Term], power_w: Known) -> list[Term]:
    """Turn times into energies at one mean power. [Wh]"""
    return [
        Term(
            each.title,
            each.amount * power_w.value / SECONDS_PER_HOUR,
            (*each.factors, power_w),
        )
        for each in terms
    ]


def stands_in(sides_mm: Sequence[float], room_mm: Sequence[float]) -> bool:
    """Tell whether a box goes into a room, turned in any right-angled way."""
    pairs = zip(sorted(sides_mm), sorted(room_mm), strict=True)
    return all(side <= room for side, room in pairs)


def most_in_grid(ground_mm: tuple[float, float], cell_mm: tuple[float, float]) -> int:
    """Count cells in a grid on a rectangle, straight or turned by a quarter."""
    (wide, deep), (long, short) = ground_mm, cell_mm
    straight = math.floor(wide / long) * math.floor(deep / short)
    return max(straight, math.floor(wide / short) * math.floor(deep / long))


def too_large(
    sides_mm: Sequence[float], room_mm: Sequence[float], of: str
) -> InvalidInput:
    """Give the refusal of a part that a machine's room does not take.

    Parameters
    ----------
    sides_mm, room_mm
        Of the part and of the room. [mm]
    of
        Whose room it is, such as ``bed of the CO2 laser``.
    """
    part = " x ".join(f"{side:.1f}" for side in sides_mm)
    room = " x ".join(f"{side:g}" for side in room_mm)
    return InvalidInput(
        f"part {part} mm: larger than the {room} mm {of}",
        code="larger-than-bed",
        remedy="take a larger machine, or a smaller part",
    )
