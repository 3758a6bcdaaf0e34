"""What matching says of one part at one facility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nearmade.facilities.facility import Facility, Machine
from nearmade.geometry.facts import PartFacts
from nearmade.vocabulary.identity import FacilityId, ProfileId


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a part asks of a machine.

    Parameters
    ----------
    part
        Name for reasons.
    facts
        Its geometry.
    process
        Code such as ``FDM``.
    materials
        Feedstocks allowed, best first.
    quantity
        How many, 1 or more.
    mass_g
        Expected feedstock of one part, for stock; supports included. [g]
    commercial_use
        True when the design's licence allows paid production.
    needed_by
        The latest moment that helps; None when any will do.
    """

    part: str
    facts: PartFacts
    process: str
    materials: tuple[str, ...]
    quantity: int
    mass_g: float
    commercial_use: bool = True
    needed_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not here: the rule, the numbers and what would open it.

    Parameters
    ----------
    rule
        Code in kebab-case, such as ``too-large``.
    message
        One sentence with the numbers on both sides.
    remedy
        What change would open the facility; empty when nothing would.
    """

    rule: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A machine that can make the part, with the material and profile to use.

    Parameters
    ----------
    turned
        True when the part only fits turned by a quarter on the plate.
    opens_at
        The first moment the facility may start.
    """

    facility: Facility
    machine: Machine
    material: str
    profile_id: ProfileId
    turned: bool
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """A facility that cannot make the part, with every reason."""

    facility_id: FacilityId
    reasons: tuple[Reason, ...]
