"""Every address of the API: who may, what comes back, what a refusal looks like."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nearmade.adapters.examples import designs_dir
from nearmade.cloud import errors
from nearmade.cloud.blobs import put_blob
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import appoint_operator, issue_token
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.trail import record
from nearmade.geometry.stl import write_stl
from nearmade.production.job import JobState
from nearmade.vocabulary.addresses import parse_address
from nearmade.vocabulary.errors import NearmadeError
from tests.cloud.test_sync import told
from tests.cloud.workshop import (
    NOON,
    a_coupling,
    a_job,
    a_person,
    an_order,
    the_lyon_fablab,
    the_oslo_fablab,
)
from tests.geometry.solids import cube

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def nobody_was_counted_yet() -> Iterator[None]:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # else WhiteNoise warns
    cache.clear()
    yield
    cache.clear()


def post(client: Client, path: str, body: Any = None, **more: Any) -> Any:
    return client.post(f"/api{path}", body or {}, "application/json", **more)


def get(client: Client, path: str, **more: Any) -> Any:
    return client.get(f"/api{path}", **more)


def refusal(response: Any, status: int, code: str = "") -> dict[str, str]:
    assert response.status_code == status, response.content[:300]
    error: dict[str, str] = response.json()["error"]
    assert set(error) == {"code", "message", "remedy"}
    if code:
        assert error["code"] == code
    return error


def signed_in(email: str = "ada@example.org") -> Client:
    client = Client()
    client.force_login(a_person(email))
    return client


def bearer(site: Site) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {issue_token(site, now=NOON)}"}


# What is listed


def test_the_openapi_file_lists_every_address(client: Client) -> None:
    listed = get(client, "/openapi.json").json()
    operations = {
        f"{method.upper()} {path}"
        for path, methods in listed["paths"].items()
        for method in methods
    }
    assert operations == {
        "GET /api/designs",
        "GET /api/designs/{design_id}",
        "GET /api/designs/{design_id}/manifest",
        "GET /api/addresses",
        "POST /api/designs/{design_id}/instances",
        "GET /api/instances/{key}",
        "POST /api/inspect",
        "GET /api/places",
        "GET /api/sites",
        "POST /api/quotes",
        "POST /api/orders",
        "GET /api/orders",
        "GET /api/orders/{order_id}",
        "POST /api/orders/{order_id}/accept",
        "POST /api/orders/{order_id}/cancel",
        "POST /api/agent/sync",
        "PUT /api/agent/supply",
        "GET /api/agent/artefacts/{sha256}",
    }
    assert all(
        operation["summary"]
        for methods in listed["paths"].values()
        for operation in methods.values()
    )


def test_the_documentation_loads_from_this_host_only(client: Client) -> None:
    response = get(client, "/docs")
    page = response.content.decode()
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(url.startswith("/static/") for url in loaded)
    assert "script-src 'self';" in response["Content-Security-Policy"]
    assert not re.search(r"<script>|<script type=.text/javascript", page)


def test_every_class_of_error_has_its_status() -> None:
    assert set(errors.HTTP_STATUS) == set(NearmadeError.__subclasses__())


# What everybody may


def test_the_catalogue_is_open_to_all(client: Client) -> None:
    instance = a_coupling()
    [listed] = get(client, "/designs").json()
    assert listed["design_id"] == "pipe-coupling"
    design = get(client, "/designs/pipe-coupling").json()
    address = f"{settings.CONFIGURATION.public_url}/designs/pipe-coupling"
    assert {listed["url"], design["url"]} == {address}
    assert {"parameters", "presets", "parts", "bom"} <= set(design)
    found = get(client, f"/instances/{instance.key}").json()
    assert (found["state"], found["design_id"]) == ("ready", "pipe-coupling")
    refusal(get(client, "/designs/no-such"), 404, "not-found")
    refusal(get(client, "/instances/none"), 404, "not-found")


def test_a_manifest_carries_its_address_and_all_that_was_published(
    client: Client,
) -> None:
    a_coupling()
    answer = get(client, "/designs/pipe-coupling/manifest")
    assert answer["Content-Type"] == "application/toml"
    given = tomllib.loads(answer.content.decode())
    address = parse_address(given["nearmade"].pop("url"))
    assert (address.kind, address.id) == ("design", "pipe-coupling")
    assert address.is_of(settings.CONFIGURATION.public_url)
    published = designs_dir() / "pipe-coupling/okh.toml"
    assert given == tomllib.loads(published.read_text("utf-8"))
    refusal(get(client, "/designs/no-such/manifest"), 404, "not-found")


def test_an_address_is_told_apart_from_another_platform_s(client: Client) -> None:
    a_coupling()
    site = the_lyon_fablab()
    here = settings.CONFIGURATION.public_url

    def told(url: str) -> dict[str, Any]:
        answer: dict[str, Any] = get(client, "/addresses", data={"url": url}).json()
        return answer

    design = told(f"{here}/designs/pipe-coupling/")
    assert (design["url"], design["here"]) == (f"{here}/designs/pipe-coupling", True)
    assert (design["kind"], design["title"]) == ("design", "Pipe coupling")
    assert told(f"{here}/sites/{site.pk}")["title"] == site.name
    assert told(f"{here}/sites/nobody")["title"] is None
    other = told("https://Other.example:443/designs/pipe-coupling")
    assert other["url"] == "https://other.example/designs/pipe-coupling"
    assert (other["here"], other["title"]) == (False, None)
    hostile = get(client, "/addresses", data={"url": "https://a@b.example/x"})
    refusal(hostile, 422, "address-refused")


def test_a_design_is_customised_within_its_ranges(client: Client) -> None:
    a_coupling()
    path = "/designs/pipe-coupling/instances"
    asked = post(client, path, {"values": {}})
    assert (asked.status_code, asked.json()["state"]) == (200, "rendering")
    again = post(client, path, {"values": {}})
    assert again.json()["key"] == asked.json()["key"]
    error = refusal(post(client, path, {"values": {"no_such": 1}}), 422, "parameters")
    assert "no_such" in error["message"]
    refusal(post(client, "/designs/no-such/instances", {"values": {}}), 404)
    many = {f"p{number}": 1 for number in range(201)}
    refusal(post(client, path, {"values": many}), 422, "invalid-input")


def test_sites_and_places_are_open_to_all(client: Client) -> None:
    the_lyon_fablab()
    [site] = get(client, "/sites").json()
    assert (site["id"], site["live"]) == ("lyon", False)
    assert site["url"] == f"{settings.CONFIGURATION.public_url}/sites/lyon"
    assert "record" not in site
    places = get(client, "/places", data={"q": "Nairobi"}).json()
    assert places[0]["country"] == "KE"


def test_a_quote_lists_offers_and_stores_nothing(client: Client) -> None:
    the_lyon_fablab()
    body = {"instance_key": a_coupling().key, "to": "Lyon, FR", "deliver": False}
    quote = post(client, "/quotes", body).json()
    assert [offer["id"] for offer in quote["offers"]] == ["site:lyon"]
    assert not Order.objects.exists()
    refusal(post(client, "/quotes", body | {"to": "Nowhereville-on-Sea"}), 404)
    refusal(post(client, "/quotes", body | {"instance_key": "f" * 64}), 404)
    refusal(post(client, "/quotes", {"to": "Lyon"}), 422, "invalid-input")


def test_a_mesh_is_inspected_and_not_kept(client: Client) -> None:
    file = SimpleUploadedFile("cube.stl", write_stl(cube(20.0)))
    facts = client.post("/api/inspect", {"file": file}).json()
    assert facts["volume_mm3"] == pytest.approx(8000)
    assert facts["extents_mm"] == pytest.approx([20, 20, 20])


def test_what_is_no_mesh_is_refused(client: Client) -> None:
    file = SimpleUploadedFile("cube.stl", b"this is no mesh")
    refusal(client.post("/api/inspect", {"file": file}), 422)
    refusal(client.post("/api/inspect", {}), 422, "invalid-input")


# What only a signed-in person may


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/orders"),
        ("post", "/orders"),
        ("get", f"/orders/{NOBODYS}"),
        ("post", f"/orders/{NOBODYS}/accept"),
        ("post", f"/orders/{NOBODYS}/cancel"),
        ("post", "/agent/sync"),
        ("get", "/agent/artefacts/" + "a" * 64),
    ],
)
def test_strangers_are_asked_who_they_are(
    client: Client, method: str, path: str
) -> None:
    call = {"get": get, "post": post}[method]
    error = refusal(call(client, path), 401, "sign-in")
    assert error["remedy"]


def an_order_body(**changes: Any) -> dict[str, Any]:
    return {
        "instance_key": "c" * 64,
        "to": "Lyon, FR",
        "deliver": False,
        "offer_id": "site:lyon",
        "idempotency_key": "click-1",
        **changes,
    }


def test_an_order_is_placed_once_for_one_key() -> None:
    the_lyon_fablab()
    a_coupling()
    client = signed_in()
    first = post(client, "/orders", an_order_body()).json()
    assert post(client, "/orders", an_order_body()).json()["id"] == first["id"]
    assert set(first) == {
        "id", "state", "site", "price", "promised_at", "events", "impact",
    }  # fmt: skip
    assert first["state"] == "ordered"
    assert [each["id"] for each in get(client, "/orders").json()] == [first["id"]]
    assert get(client, f"/orders/{first['id']}").json()["site"] == "lyon"


def test_a_price_above_what_was_agreed_is_a_conflict() -> None:
    the_lyon_fablab()
    a_coupling()
    answer = post(signed_in(), "/orders", an_order_body(at_most_minor=1))
    assert refusal(answer, 409, "conflict")["remedy"]


@pytest.mark.parametrize(
    "change",
    [
        {"idempotency_key": "x" * 81},
        {"idempotency_key": "\0"},
        {"instance_key": "\0"},
        {"offer_id": "x" * 101},
        {"to": "x" * 201},
        {"at_most_minor": -1},
    ],
    ids=str,
)
def test_what_no_column_holds_is_refused(change: dict[str, Any]) -> None:
    the_lyon_fablab()
    a_coupling()
    refusal(post(signed_in(), "/orders", an_order_body(**change)), 422)


def test_a_session_alone_places_no_order_without_its_csrf_token() -> None:
    the_lyon_fablab()
    a_coupling()
    client = Client(enforce_csrf_checks=True)
    client.force_login(a_person())
    assert post(client, "/orders", an_order_body()).status_code == 403
    assert not Order.objects.exists()
    client.get("/accounts/logout/")
    token = client.cookies["csrftoken"].value
    answer = post(client, "/orders", an_order_body(), HTTP_X_CSRFTOKEN=token)
    assert answer.status_code == 200


@pytest.mark.parametrize("what", ["", "/accept", "/cancel"])
def test_another_customers_order_does_not_exist(what: str) -> None:
    order = an_order(the_lyon_fablab(), a_person("owner@example.org"))
    client = signed_in("eve@example.org")
    call = post if what else get
    refusal(call(client, f"/orders/{order.pk}{what}"), 404)
    refusal(call(client, f"/orders/{NOBODYS}{what}"), 404)
    refusal(call(client, f"/orders/not-a-uuid{what}"), 422)
    assert get(client, "/orders").json() == []
    order.refresh_from_db()
    assert order.state == Order.State.ORDERED


def test_an_operator_sees_an_order_of_the_site_until_it_goes_elsewhere() -> None:
    lyon = the_lyon_fablab()
    order = an_order(lyon, a_person("owner@example.org"))
    job = a_job(order)
    operator = a_person("op@example.org")
    appoint_operator(operator, lyon)
    client = Client()
    client.force_login(operator)
    assert get(client, f"/orders/{order.pk}").status_code == 200
    job.state = JobState.CANCELLED.value
    job.save()
    order.site = the_oslo_fablab()
    order.save()
    refusal(get(client, f"/orders/{order.pk}"), 404)


def test_own_orders_are_cancelled_and_accepted_in_turn() -> None:
    client = signed_in()
    order = an_order(the_lyon_fablab(), a_person("b@example.org"))
    order.customer_id = client.session["_auth_user_id"]
    order.save()
    refusal(post(client, f"/orders/{order.pk}/accept"), 409, "conflict")
    cancelled = post(client, f"/orders/{order.pk}/cancel").json()
    assert cancelled["state"] == "cancelled"
    refusal(post(client, f"/orders/{order.pk}/cancel"), 409, "conflict")


def test_the_trail_does_not_tell_what_is_on_the_block_list() -> None:
    client = signed_in()
    order = an_order(the_lyon_fablab(), a_person("b@example.org"))
    order.customer_id = client.session["_auth_user_id"]
    order.save()
    reason = {
        "rule": "blocklist-secret-code",
        "decision": "review",
        "message": "a person looks at this part before it is made",
        "rule_version": "1/7 entries",
    }
    record(order, "held", by="screening", at=NOON, body={"reasons": [reason]})
    answer = get(client, f"/orders/{order.pk}")
    assert "secret-code" not in answer.content.decode()
    assert answer.json()["events"][0]["body"] == {
        "reasons": [{"message": reason["message"]}]
    }


def test_the_price_is_the_promised_one_after_the_order_moved() -> None:
    client = signed_in()
    order = an_order(the_lyon_fablab(), a_person("b@example.org"))
    order.customer_id = client.session["_auth_user_id"]
    moved = {**order.quote, "price": {**order.quote["price"], "total": "7.00 USD"}}
    order.quote = {**moved, "promised": order.quote}
    order.save()
    assert get(client, f"/orders/{order.pk}").json()["price"] == "9.00 EUR"


def test_a_list_of_orders_takes_a_fixed_number_of_queries(
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in()
    for _ in range(10):
        order = an_order(the_lyon_fablab(), a_person(f"{_}@example.org"))
        order.customer_id = client.session["_auth_user_id"]
        order.save()
    with django_assert_max_num_queries(4):
        assert len(get(client, "/orders").json()) == 10


# Agents


def test_an_agent_tells_and_is_told(client: Client) -> None:
    lyon = the_lyon_fablab()
    answer = post(client, "/agent/sync", told(), **bearer(lyon)).json()
    assert set(answer) == {"ack", "commands", "next_in_s", "server_at"}
    broken = told() | {"epoch": "no"}
    refusal(post(client, "/agent/sync", broken, **bearer(lyon)), 422)
    refusal(post(client, "/agent/sync", {"proto": 1}, **bearer(lyon)), 422)


def test_a_token_that_nobody_gave_out_is_refused(client: Client) -> None:
    wrong = {"HTTP_AUTHORIZATION": "Bearer nma_guess"}
    refusal(post(client, "/agent/sync", told(), **wrong), 403, "bad-token")


def test_a_persons_session_is_no_agents_token() -> None:
    the_lyon_fablab()
    refusal(post(signed_in(), "/agent/sync", told()), 401)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (JobState.OFFERED, 404),
        (JobState.COMMITTED, 200),
        (JobState.PRINTING, 200),
        (JobState.CANCELLED, 404),
        (JobState.CHECKED, 404),
    ],
)
def test_an_artefact_is_for_its_own_site_while_it_makes_it(
    client: Client, state: JobState, status: int
) -> None:
    lyon, oslo = the_lyon_fablab(), the_oslo_fablab()
    sha256 = put_blob(b"G28\n")
    order = an_order(lyon, a_person())
    a_job(order, state, gcode_sha256=sha256)
    path = f"/agent/artefacts/{sha256}"
    assert get(client, path, **bearer(lyon)).status_code == status
    refusal(get(client, path, **bearer(oslo)), 404)
    refusal(get(client, "/agent/artefacts/%00", **bearer(lyon)), 404)


# Limits


def test_one_client_asks_for_so_many_quotes_a_minute(client: Client) -> None:
    body = {"instance_key": "f" * 64, "to": "Lyon", "deliver": False}
    for number in range(120):
        spoofed = {"HTTP_X_FORWARDED_FOR": f"10.0.0.{number}"}
        assert post(client, "/quotes", body, **spoofed).status_code == 404
    answer = post(client, "/quotes", body)
    refusal(answer, 429, "too-many")
    assert int(answer["Retry-After"]) > 0
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert post(other, "/quotes", body).status_code == 404


def test_a_body_that_is_no_json_is_refused(client: Client) -> None:
    for content in (
        "{",
        "[" * 100_000,
        '{"values": NaN',
        "\udcff".encode("utf-8", "replace"),
    ):
        answer = client.post("/api/quotes", content, content_type="application/json")
        refusal(answer, 400, "unreadable")


def test_a_body_of_nine_mebibytes_is_too_large(client: Client) -> None:
    answer = client.post(
        "/api/quotes",
        json.dumps({"to": "x" * 9 * 2**20}),
        content_type="application/json",
    )
    assert answer.status_code in (400, 413)


def test_every_answer_keeps_to_this_host(client: Client) -> None:
    response = get(client, "/sites")
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
