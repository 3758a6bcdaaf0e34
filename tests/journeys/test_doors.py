"""The platform's doors under bad input and without a key."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import httpx
import pytest

from tests.adapters.test_gate import ADMITTED, REFUSED
from tests.cloud.workshop import facility_in_words
from tests.journeys.api_customer import ApiCustomer
from tests.journeys.platform_host import PlatformHost, gone, platform_host
from tests.shared_data import shared

pytestmark = [pytest.mark.journey, pytest.mark.database]

#: Last numbers of loopback addresses.
HOUSES = itertools.count(2)


@pytest.fixture(scope="module")
def platform() -> Iterator[PlatformHost]:
    """A platform without a demo network."""
    with platform_host("--design", "citrus-juicer") as host:
        yield host


@pytest.fixture
def http(platform: PlatformHost) -> Iterator[httpx.Client]:
    """Nobody in particular, at an own address: asking is counted by address."""
    address = f"127.0.0.{next(HOUSES)}"
    transport = httpx.HTTPTransport(local_address=address)
    with httpx.Client(
        base_url=platform.url, timeout=120.0, trust_env=False, transport=transport
    ) as client:
        yield client


@pytest.mark.parametrize("name", [*REFUSED, *ADMITTED])
def test_a_posted_file_gets_its_verdict_and_the_server_lives_on(
    platform: PlatformHost, http: httpx.Client, name: str
) -> None:
    content = shared("bad_inputs", name).read_bytes()
    web = platform.pid("web")
    answer = http.post("/api/inspect", files={"file": (name.split("/")[-1], content)})
    if name in REFUSED:
        assert answer.status_code == 422, answer.text
        assert answer.json()["error"]["code"] == REFUSED[name]
    else:
        assert answer.status_code == 200, answer.text
        findings = answer.json()["findings"]
        told = {f"{one['code']}:{one['severity']}" for one in findings}
        assert told == ADMITTED[name]
    assert http.get("/health").json() == {"ok": True}
    assert platform.pid("web") == web
    assert not gone(web)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/orders"),
        ("POST", "/api/orders"),
        ("GET", "/api/orders/00000000-0000-0000-0000-000000000000"),
        ("POST", "/api/orders/00000000-0000-0000-0000-000000000000/accept"),
        ("POST", "/api/orders/00000000-0000-0000-0000-000000000000/cancel"),
        ("GET", "/orders/00000000-0000-0000-0000-000000000000/events"),
    ],
)
def test_orders_are_closed_to_strangers(
    platform: PlatformHost, method: str, path: str
) -> None:
    stranger = ApiCustomer(platform.url)
    with stranger.http:
        if method == "POST":  # from another page, not even that is said
            assert stranger.http.post(path).status_code == 403
        stranger.http.get("/accounts/login/").raise_for_status()
        assert stranger.patiently(method, path).status_code == 401


@pytest.mark.parametrize(
    "path", ["/orders", "/orders/00000000-0000-0000-0000-000000000000"]
)
def test_pages_of_orders_lead_strangers_to_the_sign_in(
    http: httpx.Client, path: str
) -> None:
    answer = http.get(path)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/accounts/login/")


def test_the_agents_door_opens_to_tokens_only(http: httpx.Client) -> None:
    artefact = f"/api/agent/artefacts/{'0' * 64}"
    for headers in ({}, {"Authorization": "Bearer nma_guess"}):
        assert http.post("/api/agent/sync", headers=headers).status_code in (401, 403)
        assert http.get(artefact, headers=headers).status_code in (401, 403)


def test_a_site_gets_its_own_files_and_no_others(
    platform: PlatformHost, http: httpx.Client
) -> None:
    lyon = platform.ask("add_site", record=facility_in_words())["token"]
    oslo = platform.ask("add_site", record=facility_in_words("oslo", "Oslo"))["token"]
    sha256 = platform.ask("artefact_of", site="lyon", content="G28\n")

    def fetch(token: str, name: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return http.get(f"/api/agent/artefacts/{name}", headers=headers)

    assert fetch(lyon, sha256).content == b"G28\n"
    assert fetch(oslo, sha256).status_code == 404
    assert fetch(lyon, "0" * 64).status_code == 404
    assert http.get(f"/blobs/{sha256}.stl").status_code == 404
