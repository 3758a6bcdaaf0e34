"""What matching says of one part at one facility: yes, no with reasons, or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from nearmade.facilities.facility import Facility, Machine
from nearmade.geometry.facts import PartFacts
from nearmade.vocabulary.identity import FacilityId, ProfileId
from nearmade.vocabulary.place import Place

#: What matching says; ``unknown`` comes with what to ask.
Verdict = Literal["yes", "no", "unknown"]


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
        Feedstocks allowed, best first; empty when any will do that has ``properties``.
    quantity
        How many, 1 or more.
    mass_g
        Expected feedstock of one part, for stock; supports included. [g]
    commercial_use
        True when the design's licence allows paid production.
    needed_by
        The latest moment that helps; None when any will do.
    properties
        What the material must be, by the names of ``vocabulary.materials``: True for
        what it must be (``food_contact``), a number for the least of it
        (``heat_deflection_degc``).
    tolerance_mm
        The widest deviation allowed; None when none is asked. [mm]
    certifications
        All that the machine or its site must hold.
    detail_mm
        The narrowest wall, hole or pin that must come out; None when none is asked.
        [mm]
    colour
        Of the feedstock; empty when any will do.
    near, within_km
        How far from a place it may be made; None anywhere. [km]
    visits
        True when the customer comes to the site, so it must let people in.
    barred_countries
        Where law or licence forbid to make it. [ISO 3166-1]
    """

    part: str
    facts: PartFacts
    process: str
    materials: tuple[str, ...]
    quantity: int
    mass_g: float
    commercial_use: bool = True
    needed_by: datetime | None = None
    properties: Mapping[str, object] = field(default_factory=dict)
    tolerance_mm: float | None = None
    certifications: tuple[str, ...] = ()
    detail_mm: float | None = None
    colour: str = ""
    near: Place | None = None
    within_km: float | None = None
    visits: bool = False
    barred_countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a customer asks whatever the part; fields as in ``Requirement``.

    Parameters
    ----------
    non_commercial
        True when it must be made without pay, whatever the licence allows.
    """

    non_commercial: bool = False
    needed_by: datetime | None = None
    properties: Mapping[str, object] = field(default_factory=dict)
    tolerance_mm: float | None = None
    certifications: tuple[str, ...] = ()
    detail_mm: float | None = None
    colour: str = ""
    near: Place | None = None
    within_km: float | None = None
    visits: bool = False
    barred_countries: tuple[str, ...] = ()

    def of(self, part: Requirement) -> Requirement:
        """Ask it of a part beside what the part asks by itself."""
        return replace(
            part,
            commercial_use=part.commercial_use and not self.non_commercial,
            needed_by=self.needed_by,
            properties=self.properties,
            tolerance_mm=self.tolerance_mm,
            certifications=self.certifications,
            detail_mm=self.detail_mm,
            colour=self.colour,
            near=self.near,
            within_km=self.within_km,
            visits=self.visits,
            barred_countries=self.barred_countries,
        )


#: Nothing is asked beside what the part asks.
NO_WISHES: Final = Wishes()


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
    profile_id
        Print profile to use; empty where the machine works the material without one of
        ours, so that nothing can be estimated there.
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


@dataclass(frozen=True, slots=True)
class Question:
    """What a facility does not say and matching has to know.

    Parameters
    ----------
    rule
        Code in kebab-case, such as ``tolerance-unknown``.
    message
        What is asked for and what is not said, with the number.
    ask
        The question to put to the facility, the designer or the maker of the material.
    """

    rule: str
    message: str
    ask: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A facility that nothing refuses and that does not say enough for a match."""

    facility_id: FacilityId
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one facility says to a part.

    Parameters
    ----------
    matches
        Its machines that can make it, ready ones first; with verdict ``yes`` only.
    reasons
        Why not, all of them; with verdict ``no`` only.
    questions
        What to ask; with verdict ``unknown`` only.
    """

    matches: tuple[Match, ...] = ()
    reasons: tuple[Reason, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Say it in one word."""
        if self.matches:
            return "yes"
        return "unknown" if self.questions else "no"
