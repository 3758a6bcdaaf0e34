"""What parts take with one process on one machine: figures that carry evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from nearmade.geometry.facts import Finding, PartFacts
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.processes.evidence import Evidence, Figure, Known, Term
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import ProfileId

SECONDS_PER_HOUR: Final = 3600.0


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
        For one hour of hands.
    evidence
        Where the rates come from.
    """

    currency: str
    machine_hour: Decimal
    kilogram: Decimal
    labour_hour: Decimal
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ProcessEstimate:
    """The figures of all copies of a part, with one process on one machine.

    Parameters
    ----------
    process
        Code as in ``matching.process``, such as ``SLS``.
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


def check_part(facts: PartFacts, quantity: int) -> None:
    """Refuse what no process can be estimated for.

    Raises
    ------
    InvalidInput
        When the part has no volume, or the quantity is below one.
    """
    if not 0 < facts.volume_mm3 < math.inf:
        raise InvalidInput(
            f"part: volume {facts.volume_mm3} mm3 must be above zero to be quoted",
            code="no-volume",
            remedy="repair the mesh so that it is watertight and faces outward",
        )
    if not quantity >= 1:
        raise InvalidInput(f"quantity {quantity}: must be 1 or more")


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


def too_large(
    extents_mm: tuple[float, float, float],
    room_mm: tuple[float, float, float],
    title: str,
) -> InvalidInput:
    """Give the refusal of a part that a machine's room does not take."""
    part = " x ".join(f"{side:.1f}" for side in extents_mm)
    room = " x ".join(f"{side:g}" for side in room_mm)
    return InvalidInput(
        f"part {part} mm: larger than the {room} mm that a {title} takes",
        code="larger-than-bed",
        remedy="take a larger machine, or a smaller part",
    )
