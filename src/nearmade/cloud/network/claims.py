"""Claims: a person says that a place is theirs to run, and a moderator decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from nearmade.cloud.network.listings import find_listing
from nearmade.cloud.network.models import (
    LONGEST_WORDS,
    Claim,
    ClaimEvent,
    Listing,
    Operator,
)
from nearmade.cloud.network.services import (
    appoint_operator,
    import_facility,
    revoke_tokens,
    save_facility,
)
from nearmade.cloud.people.models import User
from nearmade.facilities.facility import (
    Facility,
    FacilityKind,
    OpeningHours,
    PowerSystem,
    Tariff,
)
from nearmade.vocabulary.errors import Conflict, InvalidInput, NotFound, Refused
from nearmade.vocabulary.identity import FacilityId
from nearmade.vocabulary.place import Place

#: Claims that one person may have open at a time.
MOST_OPEN: Final = 5
#: Refusals of one person at one place, after which only the platform's own people help.
MOST_REFUSED: Final = 3
#: The least that a reason must have to be looked at, in letters.
LEAST_REASON: Final = 20
#: The trail does not name moderators to the people who claim.
MODERATOR: Final = "a moderator"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What somebody brings forward for a claim.

    Parameters
    ----------
    reason
        Who they are there, in their own words.
    evidence, evidence_url
        What shows it: words, a public page that names them, or both.
    town
        Where the place stands, where its source names no point.
    """

    reason: str
    evidence: str = ""
    evidence_url: str = ""
    town: Place | None = None


@transaction.atomic
def open_claim(
    person: User, listing_id: str, grounds: Grounds, *, now: datetime
) -> Claim:
    """Ask to run a place; a moderator decides.

    Raises
    ------
    NotFound
        When the register has no such place.
    InvalidInput
        When reason or evidence are missing or too long, or nobody knows where it is.
    Conflict
        When it is claimed already, or this person's claim waits.
    Refused
        When this person has too many claims, or was refused here too often.
    """
    find_listing(listing_id)
    listing = Listing.objects.select_for_update().get(pk=listing_id)
    _check(grounds, listing)
    # One person's claims are counted under one lock, so that no two pass at once.
    User.objects.select_for_update().get(pk=person.pk)
    if _is_run(listing):
        raise Conflict(
            f"{listing}: somebody runs this place already",
            code="already-claimed",
            remedy="if that is wrong, tell the platform's moderators with your reason",
        )
    own = Claim.objects.filter(person=person)
    if own.filter(listing=listing, state=Claim.State.OPEN).exists():
        raise Conflict(
            f"{listing}: your claim waits for a moderator", code="claim-waits"
        )
    refused = own.filter(listing=listing, state=Claim.State.REFUSED).count()
    if refused >= MOST_REFUSED:
        raise Refused(
            f"{listing}: refused to you {refused} times", code="refused-too-often"
        )
    if own.filter(state=Claim.State.OPEN).count() >= MOST_OPEN:
        raise Refused(
            f"{MOST_OPEN} of your claims wait already",
            code="too-many-claims",
            remedy="wait until one is decided, or withdraw one",
        )
    claim = Claim.objects.create(
        listing=listing,
        person=person,
        reason=grounds.reason.strip(),
        evidence=grounds.evidence.strip(),
        evidence_url=grounds.evidence_url,
        town=_town_record(grounds.town),
        opened_at=now,
    )
    _note(claim, "opened", person.email, now)
    return claim


def _check(grounds: Grounds, listing: Listing) -> None:
    if len(grounds.reason.strip()) < LEAST_REASON:
        raise InvalidInput(
            f"reason: {len(grounds.reason.strip())} letters, at least {LEAST_REASON}",
            remedy="say who you are there and since when",
        )
    if not (grounds.evidence.strip() or grounds.evidence_url):
        raise InvalidInput(
            "evidence: neither words nor a link",
            remedy="link a public page that names you, or say how we can check",
        )
    if max(len(grounds.reason), len(grounds.evidence)) > LONGEST_WORDS:
        raise InvalidInput(f"reason and evidence: at most {LONGEST_WORDS} letters")
    if listing.lat_deg is None and grounds.town is None:
        raise InvalidInput(
            "town: the source names no point", remedy="say in which town it stands"
        )


def _is_run(listing: Listing) -> bool:
    """Tell whether somebody acts for the site that a place became."""
    return Operator.objects.filter(site__listing=listing).exists()


def _town_record(place: Place | None) -> dict[str, object] | None:
    if place is None:
        return None
    return {
        "name": place.name,
        "country": place.country,
        "lat_deg": place.lat_deg,
        "lon_deg": place.lon_deg,
    }


def _note(claim: Claim, kind: str, by: str, now: datetime, why: str = "") -> None:
    ClaimEvent.objects.create(claim=claim, at=now, by=by, kind=kind, why=why)


def claims_of(person: User) -> QuerySet[Claim]:
    """List a person's own claims, the newest first."""
    own = Claim.objects.filter(person=person).select_related("listing")
    return own.order_by("-opened_at", "-pk")


@transaction.atomic
def withdraw_claim(person: User, claim_id: int, *, now: datetime) -> Claim:
    """Take an own claim back while nobody has decided.

    Raises
    ------
    NotFound
        When there is no such claim, or it is somebody else's.
    Conflict
        When it is no longer open.
    """
    own = Claim.objects.select_for_update().filter(pk=claim_id, person=person)
    claim = own.first()
    if claim is None:
        raise NotFound(f"claim {claim_id}: none of yours")
    if claim.state != Claim.State.OPEN:
        raise Conflict(f"{claim}: {claim.state}, no longer open")
    claim.state, claim.decided_at = Claim.State.WITHDRAWN, now
    claim.save()
    _note(claim, "withdrawn", person.email, now)
    return claim


def open_claims(moderator: User) -> QuerySet[Claim]:
    """List the claims that wait, oldest first.

    Raises
    ------
    Refused
        When this person is no moderator.
    """
    _only_moderators(moderator)
    waiting = Claim.objects.filter(state=Claim.State.OPEN)
    return waiting.select_related("listing__source", "person").prefetch_related(
        "listing__claims__person"
    )


def approved_claims(moderator: User) -> QuerySet[Claim]:
    """List the claims that hold, the newest first.

    Raises
    ------
    Refused
        When this person is no moderator.
    """
    _only_moderators(moderator)
    held = Claim.objects.filter(state=Claim.State.APPROVED)
    return held.select_related("listing", "person").order_by("-decided_at")


def _only_moderators(user: User) -> None:
    if not user.is_moderator:
        raise Refused("claims are decided by moderators")


@transaction.atomic
def decide_claim(
    moderator: User, claim_id: int, *, approve: bool, reason: str, now: datetime
) -> Claim:
    """Approve or refuse a claim, with a reason that stays.

    Approving makes the place a site that this person operates, not yet open for work;
    every other claim on it that waits is refused in the same transaction.

    Raises
    ------
    Refused
        When this person is no moderator, or it is their own claim.
    InvalidInput
        When no reason is given.
    NotFound
        When there is no such claim.
    Conflict
        When it is no longer open, or somebody else runs the place by now.
    """
    _only_moderators(moderator)
    claim = _claim_to_change(claim_id, reason)
    if claim.state != Claim.State.OPEN:
        raise Conflict(f"{claim}: already {claim.state}")
    if claim.person_id == moderator.pk:
        raise Refused("nobody decides on a claim of their own")
    if not approve:
        _decided(claim, Claim.State.REFUSED, moderator, reason, now)
        return claim
    if _is_run(claim.listing):
        raise Conflict(f"{claim.listing}: somebody else runs this place by now")
    others = claim.listing.claims.filter(state=Claim.State.OPEN).exclude(pk=claim.pk)
    for other in others:
        why = "another claim on this place was approved"
        _decided(other, Claim.State.REFUSED, moderator, why, now)
    _decided(claim, Claim.State.APPROVED, moderator, reason, now)
    site = claim.listing.site or import_facility(first_facility(claim))
    Listing.objects.filter(pk=claim.listing_id).update(site=site)
    appoint_operator(claim.person, site)
    return claim


def _claim_to_change(claim_id: int, reason: str) -> Claim:
    """Lock a claim, its place first: two decisions on one place wait for each other."""
    if not reason.strip():
        raise InvalidInput("a decision needs a reason")
    if len(reason) > LONGEST_WORDS:
        raise InvalidInput(f"reason: at most {LONGEST_WORDS} letters")
    place = Claim.objects.filter(pk=claim_id).values("listing_id")
    listing = Listing.objects.select_for_update().filter(pk__in=place).first()
    if listing is None:
        raise NotFound(f"claim {claim_id}: none such")
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    claim.listing = listing
    return claim


def _decided(
    claim: Claim, state: Claim.State, moderator: User, reason: str, now: datetime
) -> None:
    claim.state, claim.decided_at, claim.decided_by = state, now, moderator
    claim.decision = reason.strip()
    claim.save()
    _note(claim, state.value, MODERATOR, now, claim.decision)


@transaction.atomic
def revoke_claim(
    moderator: User, claim_id: int, *, reason: str, now: datetime
) -> Claim:
    """Take a place back from whom it was given to; it can be claimed anew.

    The site stays, closed, so that its orders keep their place; its agent's tokens end.

    Raises
    ------
    Refused
        When this person is no moderator.
    InvalidInput
        When no reason is given.
    NotFound
        When there is no such claim.
    Conflict
        When the claim does not hold.
    """
    _only_moderators(moderator)
    claim = _claim_to_change(claim_id, reason)
    if claim.state != Claim.State.APPROVED:
        raise Conflict(f"{claim}: {claim.state}, there is nothing to take back")
    _decided(claim, Claim.State.REVOKED, moderator, reason, now)
    site = claim.listing.site
    assert site is not None
    Operator.objects.filter(site=site).delete()
    revoke_tokens(site, now=now)
    save_facility(site.pk, {"status": "closed"}, by=None, changed="revoked", now=now)
    return claim


def first_facility(claim: Claim) -> Facility:
    """Make the site of a claimed place: where it is, and nothing that nobody said.

    It has no machine, no stock and no price, and is not open for work.
    """
    listing = claim.listing
    nothing = Decimal(0)
    return Facility(
        id=FacilityId(listing.pk),
        name=listing.name,
        kind=_kind(listing.kind),
        place=_place(claim),
        status="planned",
        opening=OpeningHours(),
        machines=(),
        feedstocks=(),
        tariff=Tariff("USD", nothing, {}, nothing, nothing, nothing, nothing),
        power=PowerSystem("grid"),
        assembles=False,
        url=listing.url,
    )


def _kind(word: str) -> FacilityKind:
    return "fab-lab" if word == "fab-lab" else "commons"


def _place(claim: Claim) -> Place:
    listing, town = claim.listing, claim.town
    if listing.lat_deg is not None and listing.lon_deg is not None:
        name = listing.town or listing.region or listing.name
        return Place(name, listing.country, listing.lat_deg, listing.lon_deg)
    if town is None:
        raise InvalidInput(f"{listing}: nobody said in which town it stands")
    return Place(town["name"], town["country"], town["lat_deg"], town["lon_deg"])


def waiting_claim(listing: Listing, person: User) -> Claim | None:
    """Give a person's own claim on a place that waits."""
    own = listing.claims.filter(person=person, state=Claim.State.OPEN)
    return own.first()
