"""The reverse match: what one facility could make, and what to buy to make more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.matching.purchases import (
    Purchase,
    PurchaseKind,
    machine_purchases,
    material_purchases,
    purchases,
)
from nearmade.matching.verdict import Verdict
from nearmade.matching.whole_design import WholeJudgement, whole_design
from nearmade.matching.whole_need import WholeNeed
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.identity import DesignId, FacilityId, ProfileId

#: Of purchases that open as many designs for as much money, the smaller comes first.
_ORDER: Final[tuple[PurchaseKind, ...]] = (
    "profile",
    "material",
    "nozzle",
    "service",
    "machine",
)


@dataclass(frozen=True, slots=True)
class DesignAnswer:
    """What a facility says to one design of a catalogue.

    Parameters
    ----------
    need
        What the design asks.
    judgement
        Yes, no with what lacks, or unknown with what to ask.
    """

    need: WholeNeed
    judgement: WholeJudgement

    @property
    def verdict(self) -> Verdict:
        """Say it in one word."""
        return self.judgement.verdict


@dataclass(frozen=True, slots=True)
class Opening:
    """Which designs a facility could make with a purchase and cannot without.

    Parameters
    ----------
    purchases
        One thing; two where no single one opens any design.
    opens
        Ids of designs, in the order of the catalogue.
    """

    purchases: tuple[Purchase, ...]
    opens: tuple[DesignId, ...]

    @property
    def price_usd(self) -> tuple[float, float] | None:
        """Low and high of what it costs; None when a price is not known. [USD]"""
        low = high = 0.0
        for each in self.purchases:
            if each.price_usd is None:
                return None
            low, high = low + each.price_usd[0], high + each.price_usd[1]
        return low, high


@dataclass(frozen=True, slots=True)
class Reverse:
    """What one facility could make of a catalogue, now and with a purchase.

    Parameters
    ----------
    facility
        Who was asked.
    answers
        One for each design, in the order of the catalogue.
    openings
        Purchases that open at least one design, best first.
    tried
        How many purchases were tried.
    """

    facility: Facility
    answers: tuple[DesignAnswer, ...]
    openings: tuple[Opening, ...]
    tried: int


def what_can_be_made(
    facility: Facility,
    needs: Sequence[WholeNeed],
    now: datetime,
    *,
    profiles: Mapping[ProfileId, Profile],
) -> Reverse:
    """Tell what a facility could make, and which one purchase opens most designs to it.

    Every purchase is tried on every design that is not a plain yes, so the ranking is
    exact. It goes by designs opened; then by price, the middle of its band, an unknown
    price after all known ones; then what is less to do (a profile, a material, a
    nozzle, a service, a machine); then by code. Only where no single purchase opens
    anything, a machine together with a spool is tried as one.

    Parameters
    ----------
    facility
        Who is asked.
    needs
        What each design of the catalogue asks.
    now
        The present, with a zone.
    profiles
        Print profiles by id.

    Raises
    ------
    InvalidInput
        When a design's request is out of range, or the moment has no zone.
    """
    answers = tuple(
        DesignAnswer(need, judgement)
        for need in needs
        for judgement in _judge(need, [facility], now, profiles)
    )
    closed = [each.need for each in answers if each.verdict != "yes"]
    singles = [(one,) for one in purchases(facility, closed, profiles)]
    openings = _openings(singles, closed, now, profiles)
    tried = len(singles)
    if not openings and closed:
        pairs = list(_machine_with_spool(facility, closed, profiles))
        openings = _openings(pairs, closed, now, profiles)
        tried += len(pairs)
    return Reverse(facility, answers, openings, tried)


def _machine_with_spool(
    facility: Facility,
    needs: Sequence[WholeNeed],
    profiles: Mapping[ProfileId, Profile],
) -> Iterator[tuple[Purchase, Purchase]]:
    for machine in machine_purchases(facility, profiles):
        for spool in material_purchases(machine.after, needs, profiles):
            yield machine, spool


def _openings(
    tried: Sequence[tuple[Purchase, ...]],
    needs: Iterable[WholeNeed],
    now: datetime,
    profiles: Mapping[ProfileId, Profile],
) -> tuple[Opening, ...]:
    """Try each on each design; keep those that open any, best first."""
    opens: list[list[DesignId]] = [[] for _ in tried]
    afters = [each[-1].after for each in tried]
    for need in needs:
        judged = _judge(need, afters, now, profiles)
        for found, judgement in zip(opens, judged, strict=True):
            if judgement.verdict == "yes":
                found.append(need.design_id)
    found_any = [
        Opening(bought, tuple(designs))
        for bought, designs in zip(tried, opens, strict=True)
        if designs
    ]
    return tuple(sorted(found_any, key=_rank))


def _rank(opening: Opening) -> tuple[int, bool, float, int, str]:
    band = opening.price_usd
    first = opening.purchases[0]
    return (
        -len(opening.opens),
        band is None,
        0.0 if band is None else sum(band) / 2,
        _ORDER.index(first.kind),
        "+".join(each.code for each in opening.purchases),
    )


def _judge(
    need: WholeNeed,
    facilities: Sequence[Facility],
    now: datetime,
    profiles: Mapping[ProfileId, Profile],
) -> tuple[WholeJudgement, ...]:
    """Judge states of one facility, each as if it were another."""
    apart = [
        replace(each, id=FacilityId(f"{each.id}+{number}"))
        for number, each in enumerate(facilities)
    ]
    found = whole_design(need, apart, now, profiles=profiles).judgements
    return tuple(found[each.id] for each in apart)
