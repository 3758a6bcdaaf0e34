"""Gates of a site: status, licence, law, time, reach and visitors.

A gate gives reasons (no) or questions (unknown); a gate that gives nothing is open.
``table`` has each of them for all sites at once, with the same verdicts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.facilities.itinerary import place_at
from nearmade.matching.verdict import Question, Reason, Requirement
from nearmade.vocabulary.place import great_circle_km

#: Kinds of facility where making is not for profit.
NON_COMMERCIAL_KINDS: Final = frozenset({"home", "fab-lab", "commons"})

#: OKW's access type of a site that lets nobody in.
CLOSED_TO_VISITORS: Final = "restricted"

Finding = Reason | Question

#: When a site opens whose calendar has no moment at which it works.
NEVER: Final = datetime.max.replace(tzinfo=UTC)


def starts_at(facility: Facility, opens_at: datetime, now: datetime) -> datetime:
    """Give the first moment at which new work may start there."""
    return max(opens_at, now + timedelta(seconds=facility.queue_s))


def said_level(unsaid: Collection[str], requirement: Requirement) -> int:
    """Tell whether a site says all that decides: 1 unknown, 2 yes."""
    return 1 if any(_asked_for(name, requirement) for name in unsaid) else 2


def _asked_for(name: str, requirement: Requirement) -> bool:
    """Tell whether a gap is the site's to fill, whatever machine is meant."""
    if name == "kind":
        return not requirement.commercial_use
    return name not in ("machines", "feedstocks")


def site_findings(
    facility: Facility, requirement: Requirement, opens_at: datetime, now: datetime
) -> Iterator[Finding]:
    """Hold a site against what a part asks, machines and materials left out."""
    if facility.status != "active":
        yield Reason(
            "facility-not-active",
            f"the site is marked {facility.status}; it must be active",
            "ask when it takes work again",
        )
    if opens_at >= NEVER:
        yield Reason(
            "never-opens",
            "its calendar has no hour at which it works",
            "ask when it works",
        )
    yield from _gap_findings(facility, requirement)
    if not requirement.commercial_use and facility.kind not in NON_COMMERCIAL_KINDS:
        yield Reason(
            "non-commercial-licence",
            f"the design's licence forbids paid production; a {facility.kind} "
            "works for pay, only a home, fab-lab or commons site may make it",
            "choose a home, fab-lab or commons site, or ask the licensor",
        )
    first = starts_at(facility, opens_at, now)
    late = requirement.needed_by is not None and first > requirement.needed_by
    if late and requirement.needed_by is not None and opens_at < NEVER:
        yield Reason(
            "starts-too-late",
            f"can start {first:%Y-%m-%d %H:%M} UTC at the earliest; "
            f"needed by {requirement.needed_by:%Y-%m-%d %H:%M}",
            "allow a later date",
        )
    yield from _place_findings(facility, requirement, first)
    if requirement.visits:
        yield from _visit_findings(facility)


def _gap_findings(facility: Facility, requirement: Requirement) -> Iterator[Question]:
    """Ask for what the record of a site does not say."""
    name = facility.name
    asked = {
        "facility_status": Question(
            "status-unknown",
            "the site does not say whether it is active",
            f"does {name} take work now?",
        ),
        "location": Question(
            "place-unknown",
            "the site does not say where it stands",
            f"in which country, at which latitude and longitude, does {name} stand?",
        ),
        "kind": Question(
            "kind-unknown",
            "the design's licence forbids paid production; the site does not say "
            "whether it works for pay",
            f"is {name} a home, fab-lab or commons site, or does it work for pay?",
        ),
        "opening": Question(
            "opening-unknown",
            "the site does not say when it works",
            f"on which days, from which hour to which, does {name} work?",
        ),
        "tariff": Question(
            "prices-unknown",
            "the site does not say what it asks for its work",
            f"what does {name} ask for an hour of its machines, and by the gram?",
        ),
        "power": Question(
            "power-unknown",
            "the site does not say where its electricity comes from",
            f"does {name} run on the grid, or on panels and a battery?",
        ),
    }
    for gap, question in asked.items():
        if gap in facility.unsaid and _asked_for(gap, requirement):
            yield question


def _place_findings(
    facility: Facility, requirement: Requirement, first: datetime
) -> Iterator[Finding]:
    """Hold where the site stands when it starts against law and reach."""
    if not requirement.barred_countries and requirement.within_km is None:
        return
    if "location" in facility.unsaid:
        return
    place = place_at(facility, first)
    where = f"{place.name}, {place.country}"
    if facility.itinerary:
        where += f" on {first:%Y-%m-%d}"
    if place.country in requirement.barred_countries:
        yield Reason(
            "barred-country",
            f"may not be made in {', '.join(requirement.barred_countries)}; "
            f"the site stands in {where}",
            "choose a site in another country",
        )
    if requirement.near is None or requirement.within_km is None:
        return
    away_km = great_circle_km(requirement.near, place)
    if not away_km <= requirement.within_km:
        yield Reason(
            "too-far",
            f"stands {away_km:.0f} km from {requirement.near.name}, in {where}; "
            f"at most {requirement.within_km:g} km",
            _when_near(facility, requirement, first),
        )


def _when_near(facility: Facility, requirement: Requirement, first: datetime) -> str:
    """Name the next stop in reach, for a site that moves."""
    assert requirement.near is not None
    assert requirement.within_km is not None
    for stop in facility.itinerary:
        away_km = great_circle_km(requirement.near, stop.place)
        if stop.ends_at > first and away_km <= requirement.within_km:
            return f"ask from {stop.starts_at:%Y-%m-%d} on: it is in {stop.place.name}"
    return "allow a longer way"


def access_level(access: str) -> int:
    """Tell whether a site lets customers in: 0 no, 1 unknown, 2 yes."""
    word = access.strip().casefold()
    return 1 if not word else 0 if word == CLOSED_TO_VISITORS else 2


def _visit_findings(facility: Facility) -> Iterator[Finding]:
    level = access_level(facility.access)
    if level == 1:
        yield Question(
            "access-unknown",
            "the customer wants to come; the site does not say whom it lets in",
            f"may a customer come to {facility.name}?",
        )
    elif level == 0:
        yield Reason(
            "no-visitors",
            f"the customer wants to come; access there is {facility.access}",
            "let it be sent",
        )
