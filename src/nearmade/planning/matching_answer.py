"""Who can make a part, in which order, who cannot, whom to ask, and what would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from nearmade.facilities.facility import Facility
from nearmade.facilities.itinerary import place_at
from nearmade.logistics.distance import great_circle_km
from nearmade.matching.material_gates import NO, colour_level, material_of
from nearmade.matching.near_misses import NearMiss, near_misses
from nearmade.matching.score import Score, score_match
from nearmade.matching.substitution import substitutes_by
from nearmade.matching.table import NetworkTable
from nearmade.matching.table_gates import TableJudgement, judge_table
from nearmade.matching.verdict import Match, Reason, Refusal, Requirement, Unknown
from nearmade.planning.offers import SiteOffer, quote_network
from nearmade.planning.site_work import Estimator, PartDemand
from nearmade.quoting.exchange import Rates
from nearmade.quoting.profile import Profile
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.identity import FacilityId, ProfileId
from nearmade.vocabulary.place import Place


@dataclass(frozen=True, slots=True)
class ScoredMatch:
    """A facility that can make the part.

    Parameters
    ----------
    matches
        Its machines, ready ones first.
    offer
        Its price at the door; None where no profile of ours estimates it.
    score
        What orders it among the others.
    distance_km
        Great circle from where it stands when it starts. [km]
    """

    facility: Facility
    matches: tuple[Match, ...]
    offer: SiteOffer | None
    score: Score
    distance_km: float


@dataclass(frozen=True, slots=True)
class MatchingAnswer:
    """What a network says to a part; each facility stands in one of the first three.

    Parameters
    ----------
    matches
        Who can, best score first.
    refusals
        Who cannot, with every reason.
    unknowns
        Who does not say enough, with what to ask.
    near_misses
        Changes of the part that would open more.
    """

    matches: tuple[ScoredMatch, ...]
    refusals: tuple[Refusal, ...]
    unknowns: tuple[Unknown, ...]
    near_misses: tuple[NearMiss, ...]


def answer_part(
    demand: PartDemand,
    wish: Requirement,
    facilities: Sequence[Facility],
    destination: Place,
    now: datetime,
    *,
    rates: Rates,
    profiles: Mapping[ProfileId, Profile] = MAKEABLE,
) -> MatchingAnswer:
    """Match a part to a network, price it where it can be made, and look for changes.

    Parameters
    ----------
    demand
        The part as quotes need it.
    wish
        What it asks beside; name, geometry, process, materials and quantity are taken
        from the demand, its feedstock is estimated unless the wish says more.
    facilities
        The network.
    destination
        Where the customer is.
    now
        The present, with a zone.

    Raises
    ------
    InvalidInput
        When the part cannot be estimated, or the wish is out of range.
    """
    requirement = replace(wish, mass_g=max(wish.mass_g, mass_of(demand, profiles)))
    table = NetworkTable.of(facilities, profiles)
    judged = judge_table(requirement, table, now)
    told = {
        facility.id: judged.explain(number)
        for number, facility in enumerate(facilities)
    }
    can = {site: each.matches for site, each in told.items() if each.matches}
    offers, unpriced = _offers(
        demand, requirement, judged, can, destination, now, rates, profiles
    )
    scored: list[ScoredMatch] = []
    refused: dict[FacilityId, tuple[Reason, ...]] = {
        site: each.reasons for site, each in told.items() if each.verdict == "no"
    }
    for facility in facilities:
        if facility.id not in can:
            continue
        each = _scored(facility, can[facility.id], offers, destination)
        reasons = _late(each, requirement, now) or unpriced.get(facility.id)
        if reasons:
            refused[facility.id] = reasons
        else:
            scored.append(each)
    scored.sort(key=lambda each: (*each.score.rank, each.facility.id))
    return MatchingAnswer(
        tuple(scored),
        tuple(Refusal(site, refused[site]) for site in told if site in refused),
        tuple(Unknown(s, e.questions) for s, e in told.items() if e.questions),
        near_misses(
            judged,
            requirement,
            now,
            substitutes=substitutes_by(requirement.process, requirement.properties),
        ),
    )


def mass_of(demand: PartDemand, profiles: Mapping[ProfileId, Profile]) -> float:
    """Give the feedstock of one. [g]

    It is estimated for profiles; where none works any of the materials, the part counts
    as full and the densest of them is taken.
    """
    estimated_g = Estimator([demand], profiles).mass_of_one_g(demand.name)
    if estimated_g > 0:
        return estimated_g
    known = (material_of(name) for name in demand.materials)
    densities = (m.density_g_cm3 for m in known if m is not None)
    densest = max((each for each in densities if each is not None), default=0.0)
    return densest * demand.facts.volume_mm3 / 1000


def _offers(
    demand: PartDemand,
    requirement: Requirement,
    judged: TableJudgement,
    can: Mapping[FacilityId, Sequence[Match]],
    destination: Place,
    now: datetime,
    rates: Rates,
    profiles: Mapping[ProfileId, Profile],
) -> tuple[dict[FacilityId, SiteOffer], dict[FacilityId, tuple[Reason, ...]]]:
    """Price the part at the machines that match; give also why some are refused."""
    facilities = [
        _as_matched(each, can[each.id], requirement)
        for each in judged.table.facilities
        if any(match.profile_id for match in can.get(each.id, ()))
    ]
    if not facilities:
        return {}, {}
    quote = quote_network(
        [demand],
        0.0,
        0.0,
        0.0,
        facilities,
        destination,
        deliver=True,
        now=now,
        rates=rates,
        promise_days=0,
        carbon_price_usd_per_t=0,
        commercial_use=requirement.commercial_use,
        profiles=profiles,
    )
    return (
        {offer.facility.id: offer for offer in quote.offers},
        {refusal.facility_id: refusal.reasons for refusal in quote.refusals},
    )


def _as_matched(
    facility: Facility, matches: Sequence[Match], requirement: Requirement
) -> Facility:
    """Keep of a facility what matched: machines, and lots of the right colour."""
    kept = {match.machine.id for match in matches if match.profile_id}
    lots = facility.feedstocks
    if requirement.colour:
        lots = tuple(
            lot for lot in lots if colour_level(lot.colour, requirement.colour) != NO
        )
    return replace(
        facility,
        machines=tuple(each for each in facility.machines if each.id in kept),
        feedstocks=lots,
        place=place_at(facility, matches[0].opens_at),
        itinerary=(),
    )


def _scored(
    facility: Facility,
    matches: tuple[Match, ...],
    offers: Mapping[FacilityId, SiteOffer],
    destination: Place,
) -> ScoredMatch:
    offer = offers.get(facility.id)
    here = place_at(facility, matches[0].opens_at)
    distance_km = great_circle_km(here, destination)
    score = score_match(
        distance_km=distance_km,
        reliability_fraction=facility.reliability_fraction,
        cost_usd=None if offer is None else offer.total_usd.value,
        days=None if offer is None else offer.days.value,
        gco2e=None if offer is None else offer.gco2e.value,
    )
    return ScoredMatch(facility, matches, offer, score, distance_km)


def _late(
    each: ScoredMatch, requirement: Requirement, now: datetime
) -> tuple[Reason, ...]:
    """Refuse what starts in time and is at the door too late."""
    if each.offer is None or requirement.needed_by is None:
        return ()
    there = now + timedelta(days=each.offer.days.value)
    if there <= requirement.needed_by:
        return ()
    return (
        Reason(
            "arrives-too-late",
            f"is at the door {there:%Y-%m-%d %H:%M} UTC, {each.offer.days.value:.1f} "
            f"days from now; needed by {requirement.needed_by:%Y-%m-%d %H:%M}",
            "allow a later date",
        ),
    )
