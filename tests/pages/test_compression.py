"""Public pages are sent compressed; pages with something of somebody's own are not."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.test import Client

from nearmade.cloud.compression import PUBLIC
from nearmade.cloud.pages.urls import urlpatterns
from tests.cloud.workshop import the_lyon_fablab
from tests.pages.bench import a_drawn_coupling, an_operator, signed_in

pytestmark = [pytest.mark.database, pytest.mark.django_db]

BROWSER: dict[str, Any] = {"headers": {"Accept-Encoding": "gzip, deflate, br"}}


def compressed(client: Client, path: str) -> bool:
    answer = client.get(path, **BROWSER)
    assert answer.status_code == 200
    return answer.get("Content-Encoding", "") == "gzip"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/designs",
        "/designs?q=coupling",
        "/designs/pipe-coupling",
        "/designs/pipe-coupling/where",
        "/designs/pipe-coupling/quotes?near=Lyon",
        "/sites",
        "/sites?q=lyon",
        "/sites/lyon",
        "/sites/lyon/okw.json",
    ],
)
def test_everybody_gets_public_pages_compressed(client: Client, path: str) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    assert compressed(client, path)


def test_it_weighs_half_at_most_and_says_the_same(client: Client) -> None:
    a_drawn_coupling()
    plain = client.get("/sites").content
    packed = client.get("/sites", **BROWSER).content
    assert len(gzip.decompress(packed)) == len(plain)
    assert len(packed) * 2 < len(plain)


def test_signed_in_only_pages_without_anybodys_text_are(client: Client) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    signed_in(client)
    assert compressed(client, "/sites")
    assert compressed(client, "/designs/pipe-coupling")
    assert not compressed(client, "/sites?q=ada@example.org")
    assert not compressed(client, "/designs?q=ada@example.org")


def test_what_is_somebodys_own_is_never(client: Client) -> None:
    site = the_lyon_fablab()
    assert not compressed(client, "/quote")
    an_operator(client, site)
    for path in ("/sites/lyon", "/sites/lyon/edit", "/claims", "/orders"):
        assert not compressed(client, path)


def test_browsers_that_do_not_ask_get_it_plain(client: Client) -> None:
    assert "Content-Encoding" not in client.get("/designs")


def test_every_name_of_a_public_page_is_an_address() -> None:
    assert {f"pages:{each.name}" for each in urlpatterns} >= PUBLIC
