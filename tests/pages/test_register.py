"""The register: sites and unclaimed places, narrowed down, paged, on the map."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nearmade.cloud.network.place_records import slug_of
from nearmade.cloud.network.register import PAGE
from tests.cloud.listed import a_listed_lab, listed
from tests.cloud.workshop import the_lyon_fablab
from tests.pages.bench import a_site, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PORTO = f"/sites/{slug_of('Porto Lab', 'lab-1')}"


def both() -> None:
    the_lyon_fablab()
    listed(a_listed_lab())


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, "LP"),
        ({"q": "porto"}, "P"),
        ({"q": "LYON"}, "L"),
        ({"country": "PT"}, "P"),
        ({"country": "fr"}, "L"),
        ({"kind": "fab-lab"}, "LP"),
        ({"kind": "van"}, ""),
        ({"process": "FDM"}, "L"),
        ({"process": "SLA"}, ""),
        ({"material": "PLA"}, "L"),
        ({"material": "PETG"}, ""),
        ({"whose": "claimed"}, "L"),
        ({"whose": "unclaimed"}, "P"),
        ({"live": "1"}, ""),
        ({"q": "%"}, ""),
        ({"q": "\0", "country": "'\"", "area": "x", "page": "-1", "whose": "?"}, ""),
        ({"page": "99999"}, "LP"),
    ],
)
def test_the_register_is_narrowed_down(
    client: Client, asked: dict[str, str], shown: str
) -> None:
    both()
    answer = client.get("/sites", asked)
    page = words_of(answer)
    assert answer.status_code == 200
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = "L" * ("Lyon fab lab" in table) + "P" * ("Porto Lab" in table)
    assert found == shown
    assert ("No place is like that" in page) == (shown == "")


def test_live_sites_are_those_whose_agent_was_heard(client: Client) -> None:
    site = the_lyon_fablab()
    site.seen_at = timezone.now() - timedelta(seconds=60)
    site.save()
    assert "Lyon fab lab" in words_of(client.get("/sites", {"live": "1"}))


def test_what_is_asked_for_stays_in_the_form(client: Client) -> None:
    both()
    page = words_of(client.get("/sites", {"country": "PT", "q": '"><b>'}))
    assert '<option value="PT" selected>Portugal (1)</option>' in page
    assert 'value="&quot;&gt;&lt;b&gt;"' in page


def test_the_list_names_its_source_and_licence(client: Client) -> None:
    both()
    page = words_of(client.get("/sites"))
    assert "Internet of Production Alliance" in page
    assert "https://creativecommons.org/licenses/by/4.0/" in page
    assert "CC-BY-4.0" in page


def test_sites_come_first_and_pages_follow_each_other(client: Client) -> None:
    the_lyon_fablab()
    listed(*(a_listed_lab(f"Lab {n:03}", n) for n in range(PAGE + 10)))
    first, second = (words_of(client.get("/sites", {"page": n})) for n in "12")
    table = first.partition("<tbody>")[2]
    assert table.index("Lyon fab lab") < table.index("Lab 000")
    assert f"Lab {PAGE - 2:03}" in first
    assert f"Lab {PAGE - 1:03}" not in first.partition("<tbody>")[2]
    assert f"Lab {PAGE - 1:03}" in second
    assert "page 1 of 2" in first
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


def test_many_places_near_each_other_are_one_dot_that_leads_closer(
    client: Client,
) -> None:
    """250 labs in Porto and one in Quito: a dot with 250 and a dot of one."""
    near = [a_listed_lab(f"Lab {n}", n) for n in range(250)]
    listed(*near, a_listed_lab("Quito Lab", 999, "Quito", "EC", (-0.18, -78.47)))
    page = words_of(client.get("/sites"))
    assert page.count('class="site nobodys"') == 2
    assert ">250</text>" in page
    assert 'aria-label="250 unclaimed places"' in page
    assert 'aria-label="Quito Lab, unclaimed"' in page
    area = page.partition("?area=")[2].partition('"')[0]
    closer = words_of(client.get("/sites", {"area": area}))
    assert "Quito Lab" not in closer
    assert "Back to the whole world" in closer
    assert "250 unclaimed places" in closer


def test_a_place_without_a_point_is_in_the_list_and_not_on_the_map(
    client: Client,
) -> None:
    listed(a_listed_lab(point=None))
    page = words_of(client.get("/sites"))
    assert "Porto Lab" in page
    assert 'class="site nobodys"' not in page
    assert "1 unclaimed place has no point" in page


@pytest.mark.parametrize("path", ["/sites", "/sites?q=lab", "/sites?material=PLA"])
def test_a_larger_register_takes_no_more_queries(client: Client, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    both()
    few = queries()
    for n in range(4):
        a_site(f"lab-{n}", "Lyon")
    listed(*(a_listed_lab(f"Lab {n}", n) for n in range(300)))
    assert queries() <= few + 4 <= 26  # groups in the place of single dots


def test_an_unclaimed_place_says_what_is_known_and_invents_nothing(
    client: Client,
) -> None:
    both()
    page = words_of(client.get(PORTO))
    for words in (
        "Nobody has claimed this place yet",
        "Rua das Flores 1",
        "4000-001",
        "Portugal",
        "41.1500, -8.6100",
        "CC-BY-4.0",
        "https://example.org/labs/1",
        "Sign in to claim it",
    ):
        assert words in page
    assert "Machines" not in page.partition("<main")[2]


def test_a_place_is_given_as_open_know_where_with_its_licence(client: Client) -> None:
    both()
    record = json.loads(client.get(f"{PORTO}/okw.json").content)
    assert record["name"] == "Porto Lab"
    assert record["@id"].endswith(PORTO)
    assert record["location"]["address"]["country"] == "PT"
    assert record["nearmade"]["source"]["licence"] == "CC-BY-4.0"
    assert "equipment" not in record
    own = json.loads(client.get("/sites/lyon/okw.json").content)
    assert own["equipment"][0]["model"] == "MK3S+"
    assert client.get("/sites/nowhere/okw.json").status_code == 404
    assert client.get("/sites/nowhere").status_code == 404


def test_choices_are_called_by_their_titles(client: Client) -> None:
    the_lyon_fablab()
    page = words_of(client.get("/sites"))
    assert '<option value="FDM">fused filament fabrication (1)</option>' in page
    assert '<option value="PLA">PLA, polylactide (1)</option>' in page
