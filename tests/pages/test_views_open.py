"""What everybody may open: start, catalogue, design, quotes, network, site."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.catalogue.services import current_version, load_version
from nearmade.cloud.pages.views import catalogue
from nearmade.cloud.shopfloor.models import Job
from nearmade.cloud.throttling import PerClient
from nearmade.production.job import JobState
from tests.cloud.workshop import a_job, a_person, an_order, the_lyon_fablab
from tests.pages.bench import a_drawn_coupling, a_site, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

QUOTES = "/designs/pipe-coupling/quotes"
HERE = {"near": "Lyon, FR"}


def test_a_platform_without_anything_says_how_to_begin(client: Client) -> None:
    assert "catalogue is empty" in words_of(client.get("/"))
    assert "No workshop yet" in words_of(client.get("/sites"))
    assert client.get("/designs").status_code == 200


def test_the_start_shows_things_workshops_and_what_is_being_printed(
    client: Client,
) -> None:
    a_drawn_coupling()
    order = an_order(the_lyon_fablab(), a_person())
    a_job(order, JobState.PRINTING, progress={"done_fraction": 0.42})
    page = words_of(client.get("/"))
    for words in (
        "Pipe coupling",
        "1 workshops in 1 countries",
        "Lyon fab lab",
        "42 %",
    ):
        assert words in page


def test_the_catalogue_is_narrowed_by_words_and_facets(client: Client) -> None:
    a_drawn_coupling()
    assert "Pipe coupling" in words_of(client.get("/designs", {"q": "pip"}))
    assert "/designs/pipe-coupling" not in words_of(client.get("/designs", {"q": "zz"}))
    asked = {"purpose": "water", "sort": "newest"}
    assert "Pipe coupling" in words_of(client.get("/designs", asked))
    odd = {"purpose": "\0", "sort": "by-magic", "licence": "x" * 5000}
    assert client.get("/designs", odd).status_code == 200


def test_a_design_shows_form_parts_and_licence(client: Client) -> None:
    a_drawn_coupling()
    page = words_of(client.get("/designs/pipe-coupling"))
    for words in (
        "Fit it",
        "What it takes",
        "CERN-OHL-W-2.0",
        "viewer-sheet",
        "20 × 20",
    ):
        assert words in page


def test_a_fit_that_nobody_asked_for_is_drawn_next(client: Client) -> None:
    instance = a_drawn_coupling()
    name, value = next(
        (name, value)
        for name, value in instance.values.items()
        if isinstance(value, float)
    )
    sent = {name: str(value + 0.5), "near": "Lyon, FR"}
    answer = client.post("/designs/pipe-coupling/fit", sent)
    assert answer.status_code == 202
    assert Instance.objects.count() == 2
    assert ProcrastinateJob.objects.filter(task_name="catalogue.render").count() <= 1


@pytest.mark.parametrize("value", ["1e99", "nan", "-1", "abc", "", "\0", "9" * 400])
def test_a_value_out_of_range_is_said_beside_its_field(
    client: Client, value: str
) -> None:
    instance = a_drawn_coupling()
    name = next(n for n, v in instance.values.items() if isinstance(v, float))
    for answer in (
        client.get("/designs/pipe-coupling", {name: value}),
        client.get(QUOTES, {name: value, **HERE}),
    ):
        assert answer.status_code == 200
        assert "has-error" in words_of(answer) or "note stop" in words_of(answer)
    assert client.post("/designs/pipe-coupling/fit", {name: value}).status_code == 422
    offers = client.get("/designs/pipe-coupling/offers", {name: value, **HERE})
    assert offers.status_code == 422


def test_the_few_best_offers_come_for_a_place(client: Client) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    page = words_of(client.get("/designs/pipe-coupling/offers", HERE))
    assert "Lyon fab lab" in page
    assert "EUR" in page
    assert "See the 1 offer on the map" in page


def test_quotes_stand_on_a_map_and_in_its_table_twin(client: Client) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    a_site("far", "Oslo", "PETG")
    page = words_of(client.get(QUOTES, HERE))
    for words in ('<svg class="world"', "Lyon fab lab", "1 cannot", "needs"):
        assert words in page
    assert "accounts/login" in page  # an order begins with signing in


@pytest.mark.parametrize("near", ["Nowhereville", "\0", "x" * 300, "<b>"])
def test_an_unknown_place_is_said_and_nothing_breaks(client: Client, near: str) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    for path in (QUOTES, "/designs/pipe-coupling/offers"):
        page = client.get(path, {"near": near})
        assert page.status_code == 200
        assert "We do not know a town" in words_of(page)
        assert "<b>" not in words_of(page).replace("<b></b>", "")


def test_without_a_place_the_page_asks_for_one(client: Client) -> None:
    a_drawn_coupling()
    assert "Where is it needed?" in words_of(client.get(QUOTES))
    page = client.get("/designs/pipe-coupling/offers")
    assert page.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/designs/no-such-thing",
        "/designs/no-such-thing/quotes?near=Lyon",
        "/designs/no-such-thing/offers",
        "/sites/nowhere",
        "/sites/nowhere/live",
        "/designs/UPPER%20CASE",
        "/designs/%00",
    ],
)
def test_what_does_not_exist_is_a_page_that_says_so(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<h1>" in words_of(answer)


def test_a_site_shows_machines_price_list_and_hours_to_everybody(
    client: Client,
) -> None:
    the_lyon_fablab()
    page = words_of(client.get("/sites/lyon"))
    for words in ("Prusa MK3S+", "1.50 EUR", "Always open", "1500 g", "Price list"):
        assert words in page
    assert "To do now" not in page
    assert words_of(client.get("/sites/lyon/live")) in page


def test_places_are_found_while_typing(client: Client) -> None:
    found = client.get("/places", {"q": "Nairo"}).json()["places"]
    assert found[0]["label"] == "Nairobi"
    assert client.get("/places", {"q": "\0"}).status_code == 200
    assert client.get("/places").json() == {"places": []}


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("path", ["/", "/sites", f"{QUOTES}?near=Lyon,+FR"])
def test_many_sites_take_no_more_queries_than_two(client: Client, path: str) -> None:
    a_drawn_coupling()
    for number in range(2):
        a_site(f"lab-{number}", "Lyon")
    client.get(path)  # what is read once and kept
    few = queries(client, path)
    for number in range(2, 12):
        a_site(f"lab-{number}", "Lyon")
    assert queries(client, path) <= few
    assert few <= 20


def test_many_jobs_take_no_more_queries_than_two(client: Client) -> None:
    a_drawn_coupling()
    customer = a_person()
    for number in range(2):
        site = a_site(f"lab-{number}", "Lyon")
        a_job(an_order(site, customer), JobState.PRINTING)
    few = queries(client, "/")
    for number in range(2, 10):
        site = a_site(f"lab-{number}", "Lyon")
        a_job(an_order(site, customer), JobState.PRINTING)
    assert Job.objects.count() == 10
    assert queries(client, "/") <= few


def test_one_client_begins_only_so_many_drawings_in_a_minute(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_drawn_coupling()
    monkeypatch.setattr(catalogue, "NEW_FITS", PerClient("test-fit", "1/m"))
    design = load_version(current_version("pipe-coupling")).design
    first = next(p for p in design.parameters if p.minimum is not None)
    fits = [{first.name: str((first.minimum or 0) + step)} for step in (0, 1, 0)]
    answers = [client.get("/designs/pipe-coupling", fit).status_code for fit in fits]
    assert answers == [200, 503, 200]  # what was begun may be looked at again
