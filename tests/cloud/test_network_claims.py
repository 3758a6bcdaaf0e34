"""Claims on places: one owner, a reason, a trail; hostile hands get nowhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError

from nearmade.cloud.network import claims
from nearmade.cloud.network.claims import Grounds, decide_claim, open_claim
from nearmade.cloud.network.models import Claim, ClaimEvent, Listing, Operator, Site
from nearmade.cloud.network.services import (
    facility_of,
    issue_token,
    site_of_token,
    site_operated_by,
)
from nearmade.cloud.people.models import User
from nearmade.vocabulary.errors import (
    Conflict,
    InvalidInput,
    NearmadeError,
    NotFound,
    Refused,
)
from nearmade.vocabulary.place import Place
from tests.cloud.listed import a_listed_lab, listed
from tests.cloud.workshop import NOON, a_person

pytestmark = [pytest.mark.database, pytest.mark.django_db]

GROUNDS = Grounds("I have led this lab since 2019.", "Ask at lab@example.org")


def the_porto_lab() -> Listing:
    (place,) = listed(a_listed_lab())
    return place


def a_moderator() -> User:
    return a_person("mod@example.org", is_moderator=True)


def approved(listing: Listing, person: User, moderator: User) -> Claim:
    claim = open_claim(person, listing.pk, GROUNDS, now=NOON)
    return decide_claim(moderator, claim.pk, approve=True, reason="seen", now=NOON)


def test_an_approved_claim_makes_a_site_that_says_nothing_nobody_said() -> None:
    listing, ada = the_porto_lab(), a_person()
    approved(listing, ada, a_moderator())
    site = site_operated_by(ada, listing.pk)
    facility = facility_of(site)
    assert (facility.name, facility.kind, facility.status) == (
        "Porto Lab", "fab-lab", "planned",
    )  # fmt: skip
    assert (facility.machines, facility.feedstocks) == ((), ())
    assert facility.tariff.material_gram == {}
    assert (facility.place.lat_deg, facility.place.lon_deg) == (41.15, -8.61)
    listing.refresh_from_db()
    assert listing.site == site


def test_every_step_of_a_claim_stays_in_its_trail() -> None:
    listing, ada, mod = the_porto_lab(), a_person(), a_moderator()
    claim = approved(listing, ada, mod)
    claims.revoke_claim(mod, claim.pk, reason="it was not theirs", now=NOON)
    trail = list(claim.events.values_list("kind", "by", "why"))
    assert trail == [
        ("opened", "ada@example.org", ""),
        ("approved", "a moderator", "seen"),
        ("revoked", "a moderator", "it was not theirs"),
    ]
    claim.refresh_from_db()
    assert claim.decided_by == mod


def test_the_database_refuses_to_rewrite_the_trail() -> None:
    claim = open_claim(a_person(), the_porto_lab().pk, GROUNDS, now=NOON)
    for act in (
        lambda: ClaimEvent.objects.filter(claim=claim).update(by="x"),
        lambda: ClaimEvent.objects.filter(claim=claim).delete(),
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            act()


def test_the_second_of_two_claims_is_refused_when_the_first_is_approved() -> None:
    listing, mod = the_porto_lab(), a_moderator()
    ada, eve = a_person(), a_person("eve@example.org")
    first = open_claim(ada, listing.pk, GROUNDS, now=NOON)
    second = open_claim(eve, listing.pk, GROUNDS, now=NOON)
    decide_claim(mod, first.pk, approve=True, reason="seen", now=NOON)
    second.refresh_from_db()
    assert second.state == Claim.State.REFUSED
    assert "another claim" in second.decision
    with pytest.raises(Conflict):
        decide_claim(mod, second.pk, approve=True, reason="too", now=NOON)
    with pytest.raises(NotFound):
        site_operated_by(eve, listing.pk)
    with pytest.raises(Conflict, match="runs this place already"):
        open_claim(eve, listing.pk, GROUNDS, now=NOON)
    assert Operator.objects.count() == 1


def test_the_database_itself_knows_only_one_owner() -> None:
    listing, mod = the_porto_lab(), a_moderator()
    approved(listing, a_person(), mod)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            listing=listing,
            person=a_person("eve@example.org"),
            state=Claim.State.APPROVED,
            reason="x",
            opened_at=NOON,
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_makes_an_owner() -> None:
    listing = the_porto_lab()
    mods = [a_person(f"mod{n}@example.org", is_moderator=True) for n in range(2)]
    people = [a_person(f"p{n}@example.org") for n in range(2)]
    waiting = [open_claim(p, listing.pk, GROUNDS, now=NOON) for p in people]

    def decide(number: int) -> str:
        try:
            claim = waiting[number].pk
            decide_claim(mods[number], claim, approve=True, reason="yes", now=NOON)
        except NearmadeError as error:
            return error.code
        finally:
            connection.close()
        return "approved"

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(decide, range(2)))
    assert said == ["approved", "conflict"]
    assert Operator.objects.count() == 1
    assert Claim.objects.filter(state=Claim.State.APPROVED).count() == 1


def test_a_claim_is_withdrawn_by_its_own_person_only() -> None:
    listing, ada = the_porto_lab(), a_person()
    claim = open_claim(ada, listing.pk, GROUNDS, now=NOON)
    with pytest.raises(NotFound):
        claims.withdraw_claim(a_person("eve@example.org"), claim.pk, now=NOON)
    assert claims.withdraw_claim(ada, claim.pk, now=NOON).state == "withdrawn"
    with pytest.raises(Conflict):
        claims.withdraw_claim(ada, claim.pk, now=NOON)
    with pytest.raises(Conflict):
        decide_claim(a_moderator(), claim.pk, approve=True, reason="x", now=NOON)
    assert open_claim(ada, listing.pk, GROUNDS, now=NOON + timedelta(days=1)).pk


def test_a_claim_that_waits_is_not_opened_again() -> None:
    listing, ada = the_porto_lab(), a_person()
    open_claim(ada, listing.pk, GROUNDS, now=NOON)
    with pytest.raises(Conflict, match="waits") as error:
        open_claim(ada, listing.pk, GROUNDS, now=NOON)
    assert error.value.code == "claim-waits"


def test_after_three_refusals_nobody_asks_again_for_that_place() -> None:
    listing, ada, mod = the_porto_lab(), a_person(), a_moderator()
    for _ in range(claims.MOST_REFUSED):
        claim = open_claim(ada, listing.pk, GROUNDS, now=NOON)
        decide_claim(mod, claim.pk, approve=False, reason="no answer", now=NOON)
    with pytest.raises(Refused) as error:
        open_claim(ada, listing.pk, GROUNDS, now=NOON)
    assert error.value.code == "refused-too-often"


def test_nobody_grabs_many_places_at_once() -> None:
    places = listed(*(a_listed_lab(f"Lab {n}", n) for n in range(6)))
    eve = a_person("eve@example.org")
    for place in places[: claims.MOST_OPEN]:
        open_claim(eve, place.pk, GROUNDS, now=NOON)
    with pytest.raises(Refused) as error:
        open_claim(eve, places[-1].pk, GROUNDS, now=NOON)
    assert error.value.code == "too-many-claims"


@pytest.mark.parametrize(
    "grounds",
    [
        Grounds("mine", "ask"),
        Grounds("   " * 30, "ask"),
        Grounds("I have led this lab since 2019."),
        Grounds("x" * 2001, "ask"),
        Grounds("I have led this lab since 2019.", "y" * 2001),
    ],
)
def test_a_claim_without_reason_or_evidence_is_refused(grounds: Grounds) -> None:
    with pytest.raises(InvalidInput):
        open_claim(a_person(), the_porto_lab().pk, grounds, now=NOON)
    assert Claim.objects.count() == 0


def test_who_is_no_moderator_decides_nothing() -> None:
    claim = open_claim(a_person(), the_porto_lab().pk, GROUNDS, now=NOON)
    eve = a_person("eve@example.org")
    with pytest.raises(Refused):
        claims.open_claims(eve)
    with pytest.raises(Refused):
        decide_claim(eve, claim.pk, approve=True, reason="x", now=NOON)
    with pytest.raises(Refused):
        claims.revoke_claim(eve, claim.pk, reason="x", now=NOON)


def test_a_moderator_does_not_decide_on_a_claim_of_their_own() -> None:
    mod = a_moderator()
    claim = open_claim(mod, the_porto_lab().pk, GROUNDS, now=NOON)
    with pytest.raises(Refused, match="their own"):
        decide_claim(mod, claim.pk, approve=True, reason="me", now=NOON)


def test_a_decision_needs_a_reason_and_a_claim() -> None:
    mod = a_moderator()
    claim = open_claim(a_person(), the_porto_lab().pk, GROUNDS, now=NOON)
    with pytest.raises(InvalidInput):
        decide_claim(mod, claim.pk, approve=True, reason=" ", now=NOON)
    with pytest.raises(NotFound):
        decide_claim(mod, claim.pk + 1, approve=True, reason="x", now=NOON)


def test_a_place_taken_back_is_closed_its_agent_cut_off_and_claimable_anew() -> None:
    listing, ada, mod = the_porto_lab(), a_person(), a_moderator()
    claim = approved(listing, ada, mod)
    site = Site.objects.get()
    token = issue_token(site, now=NOON)
    claims.revoke_claim(mod, claim.pk, reason="it was not theirs", now=NOON)
    with pytest.raises(NotFound):
        site_operated_by(ada, listing.pk)
    with pytest.raises(Refused):
        site_of_token(token)
    site.refresh_from_db()
    assert facility_of(site).status == "closed"
    with pytest.raises(Conflict):
        claims.revoke_claim(mod, claim.pk, reason="again", now=NOON)
    eve = a_person("eve@example.org")
    approved(listing, eve, mod)
    assert site_operated_by(eve, listing.pk) == site


def test_a_place_without_a_point_stands_in_the_town_that_is_named() -> None:
    (listing,) = listed(a_listed_lab(point=None))
    ada = a_person()
    with pytest.raises(InvalidInput, match="town"):
        open_claim(ada, listing.pk, GROUNDS, now=NOON)
    porto = Place("Porto", "PT", 41.15, -8.61)
    grounds = Grounds(GROUNDS.reason, GROUNDS.evidence, "", porto)
    claim = open_claim(ada, listing.pk, grounds, now=NOON)
    decide_claim(a_moderator(), claim.pk, approve=True, reason="seen", now=NOON)
    assert facility_of(Site.objects.get()).place == porto
