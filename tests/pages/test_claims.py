"""Claiming a place by the pages: the form, its faults, the review, the answer."""

from __future__ import annotations

import pytest
from django.test import Client

from nearmade.cloud.network.claims import Grounds, open_claim
from nearmade.cloud.network.models import Claim
from nearmade.cloud.network.place_records import slug_of
from tests.cloud.listed import a_listed_lab, listed
from tests.cloud.workshop import NOON, a_person
from tests.pages.bench import signed_in, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ID = slug_of("Porto Lab", "lab-1")
PORTO = f"/sites/{ID}"
GOOD = {
    "reason": "I have led this lab since 2019.",
    "evidence_url": "https://example.org/people",
}
GROUNDS = Grounds("I have led this lab since 2019.", "Ask at lab@example.org")


def test_from_a_claim_to_the_site_by_the_pages_buttons(client: Client) -> None:
    listed(a_listed_lab())
    ada = signed_in(client)
    assert client.post(f"{PORTO}/claim", GOOD)["Location"] == "/claims"
    assert "waits for a moderator" in words_of(client.get("/claims"))
    assert "You claimed it" in words_of(client.get(PORTO))
    mod = Client()
    signed_in(mod, "mod@example.org", is_moderator=True)
    page = words_of(mod.get("/review"))
    for words in (GOOD["reason"], GOOD["evidence_url"], ada.email, "same host"):
        assert words in page
    assert '<span class="badge warn">1</span>' in page
    claim = Claim.objects.get()
    act = f"/review/claims/{claim.pk}"
    answer = mod.post(act, {"decision": "approve", "reason": " "})
    assert answer.status_code == 422
    assert "a decision needs a reason" in words_of(answer)
    mod.post(act, {"decision": "approve", "reason": "I rang them."})
    told = words_of(client.get("/claims"))
    assert "I rang them." in told
    assert "mod@example.org" not in told
    assert "Porto Lab" in words_of(client.get("/")).partition("</header>")[0]
    assert "To do now" in words_of(client.get(PORTO))
    taken_back = mod.post(act, {"decision": "revoke", "reason": "Not theirs."})
    assert taken_back.status_code == 302
    assert "Not theirs." in words_of(client.get("/claims"))
    assert "To do now" not in words_of(client.get(PORTO))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "This field is required."),
        ({**GOOD, "reason": "mine"}, "Say a little more"),
        ({"reason": GOOD["reason"]}, "Link a page that names you"),
        ({**GOOD, "evidence_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({**GOOD, "evidence": "x" * 2001}, "at most 2000"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_written_stays(
    client: Client, sent: dict[str, str], said: str
) -> None:
    listed(a_listed_lab())
    signed_in(client)
    answer = client.post(f"{PORTO}/claim", sent)
    page = words_of(answer)
    assert answer.status_code == 422
    assert said in page
    assert 'aria-invalid="true"' in page
    assert sent.get("reason", "") in page
    assert Claim.objects.count() == 0


def test_where_the_source_names_no_point_the_town_is_asked_for(client: Client) -> None:
    listed(a_listed_lab(point=None))
    signed_in(client)
    assert 'value="Porto, PT"' in words_of(client.get(PORTO))
    odd = client.post(f"{PORTO}/claim", {**GOOD, "town": "Nowhereville"})
    assert "We know no town of that name" in words_of(odd)
    client.post(f"{PORTO}/claim", {**GOOD, "town": "Porto, PT"})
    town = Claim.objects.get().town
    assert town is not None
    assert town["country"] == "PT"


def test_a_stranger_signs_in_first(client: Client) -> None:
    listed(a_listed_lab())
    for path in (f"{PORTO}/claim", "/claims/1/withdraw", "/review/claims/1"):
        answer = client.post(path, GOOD)
        assert answer.status_code == 302
        assert "/accounts/login" in answer["Location"]
    assert client.get("/claims").status_code == 302


def test_claims_of_others_are_nobodys_to_see_or_withdraw(client: Client) -> None:
    listed(a_listed_lab())
    claim = open_claim(a_person("bob@example.org"), ID, GROUNDS, now=NOON)
    signed_in(client)
    assert "Porto Lab" not in words_of(client.get("/claims"))
    assert client.post(f"/claims/{claim.pk}/withdraw").status_code == 404
    act = f"/review/claims/{claim.pk}"
    assert client.post(act, {"decision": "approve", "reason": "x"}).status_code == 403
    assert client.post(act, {"decision": "burn", "reason": "x"}).status_code == 422


def test_an_own_claim_is_taken_back(client: Client) -> None:
    listed(a_listed_lab())
    claim = open_claim(signed_in(client), ID, GROUNDS, now=NOON)
    client.post(f"/claims/{claim.pk}/withdraw")
    assert "taken back by you" in words_of(client.get("/claims"))
    assert "Claim this place" in words_of(client.get(PORTO))
    assert client.post(f"/claims/{claim.pk}/withdraw").status_code == 409


def test_a_claim_that_comes_twice_or_too_late_says_so(client: Client) -> None:
    listed(a_listed_lab())
    signed_in(client)
    client.post(f"{PORTO}/claim", GOOD)
    again = client.post(f"{PORTO}/claim", GOOD)
    assert again.status_code == 422
    assert Claim.objects.count() == 1


def test_hostile_words_stay_words(client: Client) -> None:
    listed(a_listed_lab("<script>alert(1)</script>", 1))
    mod = signed_in(client, "mod@example.org", is_moderator=True)
    nasty = Grounds("<img src=x onerror=alert(1)> since 2019", "</textarea><b>")
    open_claim(
        a_person(), slug_of("<script>alert(1)</script>", "lab-1"), nasty, now=NOON
    )
    page = words_of(client.get("/review"))
    assert mod.is_moderator
    for raw in ("<script>alert", "<img src=x", "</textarea><b>"):
        assert raw not in page
        assert raw not in words_of(client.get("/sites"))


def test_rivals_stand_beside_each_other_in_the_review(client: Client) -> None:
    listed(a_listed_lab())
    open_claim(a_person(), ID, GROUNDS, now=NOON)
    open_claim(a_person("eve@example.org"), ID, GROUNDS, now=NOON)
    signed_in(client, "mod@example.org", is_moderator=True)
    page = words_of(client.get("/review"))
    assert page.count("Others claimed this place too") == 2
