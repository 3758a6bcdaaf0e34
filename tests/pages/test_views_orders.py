"""An order on its page: placed without scripts, followed, accepted, and by whom."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.moderation.models import Case
from nearmade.cloud.network.models import Site
from nearmade.cloud.orders.models import Order, OrderLeg
from nearmade.cloud.orders.report import report_of_order
from nearmade.cloud.orders.trail import record
from nearmade.cloud.people.models import User
from nearmade.impact.card import Contribution, Footprint, ImpactCard
from nearmade.impact.case import case_of
from nearmade.impact.case_writing import record_of_case
from nearmade.impact.freight import FreightLeg
from nearmade.impact.hazards import ends_of_life, material_hazards
from nearmade.impact.inventory import (
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.production.job import JobState
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor
from nearmade.vocabulary.place import Place
from tests.cloud.workshop import NOON, a_job, a_person, an_order, the_lyon_fablab
from tests.pages.bench import (
    a_drawn_coupling,
    a_site,
    an_operator,
    signed_in,
    words_of,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db]

QUOTES = "/designs/pipe-coupling/quotes"
HERE = {"near": "Lyon, FR", "how": "collect"}
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
State = Order.State


def form_of(page: str, offer: str) -> dict[str, str]:
    """The hidden fields of one offer's form, as a browser would send them."""
    forms = re.findall(r'<form action="/orders/place".*?</form>', page)
    fields = [dict(FIELD.findall(form)) for form in forms]
    return next(each for each in fields if each.get("offer_id") == offer)


def my_order(site: Site, customer: User, state: str = "ordered", **more: Any) -> Order:
    a_drawn_coupling() if not Instance.objects.exists() else None
    return an_order(site, customer, state=state, **more)


def being_made(client: Client) -> Order:
    order = my_order(the_lyon_fablab(), signed_in(client), State.IN_PRODUCTION)
    record(order, "accepted", by="agent of lyon", at=NOON, site=order.site)
    return order


def opened(client: Client, order: Order) -> str:
    answer = client.get(f"/orders/{order.pk}")
    assert answer.status_code == 200
    live = client.get(f"/orders/{order.pk}/live")
    assert live.status_code == 200
    return words_of(answer)


def test_an_order_is_placed_by_a_form_without_scripts(client: Client) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    signed_in(client)
    sent = form_of(words_of(client.get(QUOTES, HERE)), "site:lyon")
    answer = client.post("/orders/place", sent, follow=True)
    order = Order.objects.get()
    assert answer.redirect_chain[-1][0] == f"/orders/{order.pk}"
    assert (order.site_id, order.deliver) == ("lyon", False)
    client.post("/orders/place", sent)  # the same click twice
    assert Order.objects.count() == 1
    assert "Pipe coupling" in words_of(client.get("/orders"))


def test_an_order_begins_with_signing_in(client: Client) -> None:
    answer = client.post("/orders/place", {"offer_id": "site:lyon"})
    assert answer.status_code == 302
    assert "/accounts/login" in answer["Location"]
    signed_in(client)
    assert client.get("/orders/place").status_code == 302
    assert "/orders/place" not in words_of(client.get("/orders"))


def test_a_price_that_rose_leads_back_to_the_offers_as_they_are_now(
    client: Client,
) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    signed_in(client)
    sent = form_of(words_of(client.get(QUOTES, HERE)), "site:lyon")
    answer = client.post("/orders/place", {**sent, "at_most_minor": "1"}, follow=True)
    page = words_of(answer)
    assert "more than was shown" in page
    assert 'class="is-chosen"' in page
    assert not Order.objects.exists()


def test_an_offer_that_is_gone_leads_back_to_the_others(client: Client) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    signed_in(client)
    sent = form_of(words_of(client.get(QUOTES, HERE)), "site:lyon")
    answer = client.post(
        "/orders/place", {**sent, "offer_id": "site:gone"}, follow=True
    )
    assert "no longer open" in words_of(answer)


@pytest.mark.parametrize(
    "broken",
    [
        {"near": "Nowhereville"}, {"near": ""}, {"instance_key": "f" * 64},
        {"instance_key": ""}, {"at_most_minor": "cheap"},
        {"idempotency_key": "x" * 200}, {"offer_id": ""},
    ],
)  # fmt: skip
def test_a_broken_form_places_nothing_and_says_why(
    client: Client, broken: dict[str, str]
) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    signed_in(client)
    sent = form_of(words_of(client.get(QUOTES, HERE)), "site:lyon")
    answer = client.post("/orders/place", {**sent, **broken})
    assert answer.status_code in (404, 422)
    assert "That did not work" in words_of(answer)
    assert not Order.objects.exists()


def test_several_workshops_share_an_order_and_say_how(client: Client) -> None:
    """One site prints only PLA, the other only PETG; neither can do it alone."""
    a_drawn_coupling(("PLA", "PETG", "PLA"))
    the_lyon_fablab()
    a_site("paris", "Paris", "PETG")
    signed_in(client)
    page = words_of(client.get(QUOTES, HERE))
    for words in (
        "2 workshops together",
        "puts it together",
        "Lyon fab lab to",
        'data-with="lyon paris"',
        'data-leg="plan:1"',
    ):
        assert words in page or words.replace("Lyon", "Paris") in page
    client.post("/orders/place", form_of(page, "plan:1"))
    order = Order.objects.get()
    assert order.quote["kind"] == "plan"
    assert {made["site_id"] for made in order.quote["assignments"]} == {"lyon", "paris"}
    offers = words_of(client.get("/designs/pipe-coupling/offers", HERE))
    assert "2 workshops together" in offers


@pytest.mark.parametrize("path", ["", "/live"])
def test_an_order_is_nobody_elses(client: Client, path: str) -> None:
    order = my_order(the_lyon_fablab(), a_person())
    assert client.get(f"/orders/{order.pk}{path}").status_code == 302
    signed_in(client, "eve@example.org")
    assert client.get(f"/orders/{order.pk}{path}").status_code == 404
    for act in ("cancel", "accept"):
        assert client.post(f"/orders/{order.pk}/{act}").status_code == 404
    assert client.get("/orders").status_code == 200
    order.refresh_from_db()
    assert order.state == State.ORDERED


def test_who_is_not_signed_in_has_no_orders_page(client: Client) -> None:
    assert client.get("/orders")["Location"].startswith("/accounts/login")
    signed_in(client)
    assert "Nothing ordered yet" in words_of(client.get("/orders"))


def test_an_order_is_cancelled_by_its_customer_and_only_in_time(
    client: Client,
) -> None:
    order = my_order(the_lyon_fablab(), signed_in(client))
    assert "Cancel the order" in opened(client, order)
    assert client.get(f"/orders/{order.pk}/cancel").status_code == 405
    page = words_of(client.post(f"/orders/{order.pk}/cancel", follow=True))
    assert "nothing is charged" in page
    assert "Back to the fit" in page
    assert client.post(f"/orders/{order.pk}/cancel").status_code == 409
    assert "Cancel the order" not in opened(client, order)


def a_way(order: Order, **more: Any) -> OrderLeg:
    leg = {**order.quote["legs"][0], "days": 2.0, "distance_km": 90.0, "mode": "van"}
    assert order.site is not None
    return OrderLeg.objects.create(
        order=order, position=0, origin=order.site, leg=leg, **more
    )


def test_what_is_here_and_right_is_accepted(client: Client) -> None:
    order = my_order(the_lyon_fablab(), signed_in(client), State.TRAVELLING)
    a_way(order, state="travelling", left_at=NOON)
    assert "It is here and it is right" in opened(client, order)
    page = words_of(client.post(f"/orders/{order.pk}/accept", follow=True))
    assert "Thank you" in page
    order.refresh_from_db()
    assert order.state == State.ACCEPTED
    assert client.post(f"/orders/{order.pk}/accept").status_code == 409


def test_a_leg_halfway_is_drawn_halfway(client: Client) -> None:
    """Left a day ago, two days take: half of the way is gone."""
    order = my_order(the_lyon_fablab(), signed_in(client), State.TRAVELLING)
    a_way(order, state="travelling", left_at=timezone.now() - timedelta(days=1))
    page = opened(client, order)
    assert 'stroke-dasharray="50.0 200"' in page
    assert "Lyon fab lab → Lyon" in page
    assert "90 km by van" in page


def test_a_build_shows_layer_temperatures_and_time_left(client: Client) -> None:
    order = being_made(client)
    told = {"done_fraction": 0.37, "left_s": 1500, "layer": 41, "nozzle_degc": 214.6,
            "bed_degc": 60.2, "power_w": 96}  # fmt: skip
    a_job(order, JobState.PRINTING, progress=told)
    page = opened(client, order)
    for words in ("37 %", "25 min", ">41<", "215 °C", "60.2 °C", "96 W"):
        assert words in page


def test_a_build_opens_its_evidence(client: Client) -> None:
    order = being_made(client)
    sha256 = "ab" * 32
    said = {
        "gcode_sha256": sha256, "energy_wh": 83.2, "printer_words": "Operational",
        "started_at": "2026-06-01T12:00:00+00:00", "filament_mm": 4123.4,
        "ended_at": "2026-06-01T13:01:30+00:00",
    }  # fmt: skip
    job = a_job(order, JobState.CHECKED, gcode_sha256=sha256, evidence=said)
    page = opened(client, order)
    for words in ("83.2 Wh", "Operational", "12:00:00 – 13:01:30", sha256,
                  "the very file that was sliced"):  # fmt: skip
        assert words in page
    job.evidence = {**said, "gcode_sha256": "cd" * 32, "started_at": "yesterday"}
    job.save()
    assert "not the file that was signed" in opened(client, order)
    job.evidence = {"energy_wh": "much", "printer_words": None, "ended_at": 5}
    job.save()
    opened(client, order)


REASON = {"message": "the part looks like one that is blocked", "rule": "x"}


@pytest.mark.parametrize(
    ("state", "kind", "next_said"),
    [
        (State.REVIEW, "held", "A moderator looks at the part"),
        (State.REFUSED, "refused", "Change the fit"),
        (State.FAILED, "failed", "Ask the workshops again"),
        (State.CANCELLED, "cancelled", "Back to the fit"),
    ],
)
def test_what_stood_still_says_why_and_what_comes_next(
    client: Client, state: str, kind: str, next_said: str
) -> None:
    order = my_order(the_lyon_fablab(), signed_in(client), state)
    record(order, "ordered", by="ada@example.org", at=NOON)
    record(order, kind, by="screening", at=NOON, body={"reasons": [REASON]})
    page = opened(client, order)
    assert next_said in page
    assert REASON["message"] in page


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_page(client: Client, state: str) -> None:
    order = my_order(the_lyon_fablab(), signed_in(client), state)
    record(order, "ordered", by="ada@example.org", at=NOON, body={"price": "9 EUR"})
    a_way(order)
    opened(client, order)
    assert client.get("/orders").status_code == 200


def test_a_customer_reads_what_was_done_but_not_who_works_there(
    client: Client,
) -> None:
    site, customer = the_lyon_fablab(), a_person()
    order = my_order(site, customer, State.IN_PRODUCTION)
    record(order, "ordered", by=customer.email, at=NOON)
    record(order, "accepted", by="agent of lyon", at=NOON, site=site)
    record(order, "checked", by="op@example.org", at=NOON, site=site)
    client.force_login(customer)
    page = opened(client, order)
    for words in ("· you<", "a person at the site", "the site's agent"):
        assert words.replace("'", "&#x27;") in page
    assert "op@example.org" not in page
    operator = an_operator(client, site)
    a_job(order, JobState.PRINTED)
    assert "· you<" in opened(client, order)
    assert operator.email == "op@example.org"


def figure(value: float) -> Estimate:
    return Estimate(value, value * 0.8, value * 1.2)


def a_card(**unknown: Estimate) -> dict[str, Any]:
    def side(name: Any, kgco2e: float) -> Footprint:
        figures: dict[str, Any] = {
            "price_usd": figure(12.0), "days": figure(3.0),
            "electricity_kwh": figure(0.4), "ced_mj": figure(9.0), **unknown,
        }  # fmt: skip
        part = Contribution("material", "PLA", figure(kgco2e * 1000), None, ("pla",))
        return Footprint(name, kgco2e=figure(kgco2e), contributions=(part,), **figures)

    factor = Factor("material/pla", 2.1, "kgCO2e/kg", "Table 4 of a paper", 1.3, 2019)
    assumed = Factor("waste/scrap", 0.1, "1", "Assumed.", assumed=True)
    card = ImpactCard(
        "One pipe coupling, at the door", side("here", 0.2), side("central", 0.4),
        {"kgco2e": 0.9, "ced_mj": 0.6}, 0.25, ("A note.",), (factor, assumed),
        material_hazards(("ABS",)), ends_of_life(("ABS",)),
    )  # fmt: skip
    return asdict(card)


def test_the_card_opens_into_every_factor_with_its_source(client: Client) -> None:
    site, customer = the_lyon_fablab(), signed_in(client)
    order = my_order(site, customer, State.DELIVERED, impact=a_card())
    page = opened(client, order)
    for words in ("50 % less CO₂e", "material/pla", "kgCO2e/kg", "Table 4 of a paper",
                  ">2019<", 'badge warn">assumed', "25 % of the CO₂e rests",
                  "Cumulative energy demand", "MJ", "90 of 100"):  # fmt: skip
        assert words in page
    assert page.count('class="dumbbell') == 4 + 1 + 1  # rows, energy, their frame


def test_the_card_says_what_its_material_does_to_air_and_waste(client: Client) -> None:
    site, customer = the_lyon_fablab(), signed_in(client)
    page = opened(client, my_order(site, customer, State.DELIVERED, impact=a_card()))
    for words in (
        "styrene vapour",
        "Azimi",
        "When it is worn out",
        "♻ 7",
        "ASTM D7611",
    ):
        assert words in page


LYON = Place("Lyon", "FR", 45.76, 4.84)


def a_coupling_of_abs() -> OrderInventory:
    return OrderInventory(
        functional_unit="One pipe coupling, at the door",
        parts=(MadePart("coupling", "ABS", Estimate.exact(20.0)),),
        electricity=(SiteElectricity("lyon", "FR", False, Estimate.exact(90.0)),),
        legs=(FreightLeg("van", 50.0, 4.0),),
        central=central_alternative(LYON),
        notes=("A note.",),
    )


def test_a_delivered_order_has_a_report_that_prints(client: Client) -> None:
    site, customer = the_lyon_fablab(), signed_in(client)
    case = record_of_case(case_of(a_coupling_of_abs(), LYON))
    impact = {**a_card(), "case": case, "database_sha256": "0" * 64}
    order = my_order(site, customer, State.DELIVERED, impact=impact)
    report = f"/orders/{order.pk}/report"
    assert f'href="{report}"' in opened(client, order)
    page = words_of(client.get(report))
    for words in ("One pipe coupling, at the door", "1. Goal and scope", str(order.pk),
                  "Fetched by its customer in", "Cradle to grave", "A note.",
                  "styrene vapour", "newer than that of the card",
                  "To the order"):  # fmt: skip
        assert words in page
    assert (
        report_of_order(order).partition("<footer")[0]
        in client.get(report).content.decode()
    )


def test_a_report_is_for_those_who_see_the_order_and_once_there_is_one(
    client: Client,
) -> None:
    site, customer = the_lyon_fablab(), signed_in(client)
    order = my_order(site, customer, State.IN_PRODUCTION)
    answer = client.get(f"/orders/{order.pk}/report")
    assert answer.status_code == 404
    assert "not accounted for yet" in words_of(answer)
    order.impact = a_card()
    order.save()
    signed_in(client, "eve@example.org")
    assert client.get(f"/orders/{order.pk}/report").status_code == 404


def test_a_figure_that_is_not_known_is_not_compared(client: Client) -> None:
    unknown = Estimate.exact(0.0)
    impact = a_card(price_usd=unknown, days=unknown)
    del impact["here"]["ced_mj"], impact["factors"]
    site, customer = the_lyon_fablab(), signed_in(client)
    page = opened(client, my_order(site, customer, State.DELIVERED, impact=impact))
    assert page.count("Not compared") == 2
    assert "Cumulative energy demand" not in page


def test_more_orders_and_builds_take_no_more_queries(client: Client) -> None:
    site, customer = the_lyon_fablab(), signed_in(client)
    order = my_order(site, customer, State.IN_PRODUCTION)
    a_way(order)

    def more() -> None:
        a_job(order, JobState.PRINTED)
        record(order, "checked", by="x", at=NOON, site=site)
        my_order(site, customer)

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    more()
    paths = ["/orders", f"/orders/{order.pk}"]
    few = [queries(path) for path in paths]
    for _ in range(5):
        more()
    assert [queries(path) for path in paths] <= few
    assert max(few) <= 20


def a_case(order: Order) -> Case:
    verdict = {"decision": "review", "reasons": [
        {"rule": "lookalike", "decision": "review", "message": "It looks like another.",
         "rule_version": "1", "evidence": {}}
    ]}  # fmt: skip
    return Case.objects.create(order=order, verdict=verdict, opened_at=NOON)


def test_a_moderator_allows_and_refuses_with_a_reason(client: Client) -> None:
    site, customer = the_lyon_fablab(), a_person()
    first = a_case(my_order(site, customer, State.REVIEW))
    second = a_case(my_order(site, customer, State.REVIEW))
    signed_in(client, "mod@example.org", is_moderator=True)
    assert "It looks like another." in words_of(client.get("/review"))
    nothing = client.post(f"/review/{first.pk}", {"decision": "allow", "reason": " "})
    assert nothing.status_code == 422
    assert "needs a reason" in words_of(nothing)
    client.post(f"/review/{first.pk}", {"decision": "allow", "reason": "It is a pipe."})
    client.post(f"/review/{second.pk}", {"decision": "refuse", "reason": "It is not."})
    for case, state in ((first, State.SCREENED), (second, State.REFUSED)):
        case.order.refresh_from_db()
        assert case.order.state == state
    assert "Nothing waits" in words_of(client.get("/review"))
    again = client.post(f"/review/{first.pk}", {"decision": "allow", "reason": "x"})
    assert again.status_code == 409
    odd = client.post(f"/review/{first.pk}", {"decision": "burn", "reason": "x"})
    assert odd.status_code == 422
    assert (
        client.post("/review/999999", {"decision": "allow", "reason": "x"}).status_code
        == 404
    )
    client.force_login(customer)
    assert "It is not." in opened(client, second.order)


def test_the_review_list_is_for_moderators(client: Client) -> None:
    assert client.get("/review")["Location"].startswith("/accounts/login")
    case = a_case(my_order(the_lyon_fablab(), signed_in(client), State.REVIEW))
    assert client.get("/review").status_code == 403
    sent = {"decision": "allow", "reason": "mine"}
    assert client.post(f"/review/{case.pk}", sent).status_code == 403
