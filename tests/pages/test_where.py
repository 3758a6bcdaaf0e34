"""Why not here, and where in the world: refusals in words, counts of all sites."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import facility_of, import_facility
from nearmade.cloud.network.whole import whole_network
from nearmade.cloud.pages.where import where_of
from nearmade.facilities.record import facility_from_record
from tests.cloud.workshop import facility_in_words, the_lyon_fablab
from tests.pages.bench import a_drawn_coupling, a_site, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

WHERE = "/designs/pipe-coupling/where"
QUOTES = "/designs/pipe-coupling/quotes"


def a_small_printer() -> None:
    """Its bed holds 19 mm: a 20 mm cube does not lie on it."""
    words = facility_in_words("small", "Nice")
    words["equipment"][0] |= {"x_travel": 19, "y_travel": 19, "z_travel": 19}
    import_facility(facility_from_record(words))


def test_all_a_part_and_none_are_counted_over_all_sites(client: Client) -> None:
    """The coupling takes PETG or PLA, its rings TPU: Tours has all, two have one."""
    instance = a_drawn_coupling()
    the_lyon_fablab()
    a_site("oslo", "Oslo", "PETG")
    words = facility_in_words("tours", "Tours")
    words["equipment"][0]["nearmade"]["profiles"].append("mk3s-tpu-0.20")
    words["nearmade"]["feedstocks"].append(
        {"material": "TPU", "colour": "black", "stock_g": 900}
    )
    import_facility(facility_from_record(words))
    found = where_of(instance, timezone.now())
    assert found.sites == 3
    assert found.all_of_it == {"tours"}
    assert found.a_part == {"lyon": 1, "oslo": 1}
    assert [n for _title, n in found.parts] == [3, 1, 1]
    assert (found.lacks[0].rule, found.lacks[0].sites) == ("material-missing", 2)
    page = words_of(client.get(WHERE))
    for said in ("1 / 3", "What lacks most", "needs TPU", "Soft ring, lower pipe"):
        assert said in page


def test_a_design_page_asks_for_its_world_and_links_to_it(client: Client) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    page = words_of(client.get("/designs/pipe-coupling"))
    assert "Where in the world it can be made" in page
    assert f'hx-get="{WHERE}?' in page
    assert f'href="{WHERE}?' in page
    part = client.get(WHERE, headers={"HX-Request": "true"})
    assert "<html" not in words_of(part)
    assert "Can make all of it" in words_of(part)


def test_the_answer_follows_the_network_and_is_kept_between(client: Client) -> None:
    instance = a_drawn_coupling()
    assert "No workshop is in the network yet" in words_of(client.get(WHERE))
    the_lyon_fablab()
    now = timezone.now()
    first = where_of(instance, now)
    assert first.sites == 1
    with CaptureQueriesContext(connection) as asked:
        assert where_of(instance, now) is first
    assert len(asked) == 1  # only whether the network changed
    a_site("oslo", "Oslo")
    assert where_of(instance, now).sites == 2


def test_a_change_of_one_site_reads_and_asks_that_one_alone() -> None:
    instance = a_drawn_coupling()
    the_lyon_fablab()
    a_site("oslo", "Oslo")
    a_site("gone", "Tours")
    now = timezone.now()
    assert where_of(instance, now).parts[0][1] == 3
    before = whole_network().sites
    changed = a_site("oslo", "Oslo", "PETG")
    Site.objects.get(pk="gone").delete()
    with CaptureQueriesContext(connection) as asked:
        after = whole_network().sites
    assert list(after) == ["lyon", "oslo"]
    assert after["lyon"] is before["lyon"]
    assert after["oslo"].facility == facility_of(changed)
    records = [query["sql"] for query in asked if '"record"' in query["sql"]]
    assert len(records) == 1
    assert "oslo" in records[0]
    assert "lyon" not in records[0]
    found = where_of(instance, now)
    fresh = where_of(instance, now + timedelta(hours=1))  # everybody is asked anew
    assert found == fresh
    assert (found.sites, found.a_part) == (2, {"lyon": 1, "oslo": 1})


def test_a_change_committed_late_is_seen() -> None:
    """Written first and committed last, it moves neither count nor last moment."""
    a_site("oslo", "Oslo")
    lyon = the_lyon_fablab()
    whole_network()
    last = Site.objects.get(pk="lyon").updated_at
    Site.objects.filter(pk="oslo").update(updated_at=last - timedelta(seconds=1))
    lyon.refresh_from_db()
    assert whole_network().sites["oslo"].version == last - timedelta(seconds=1)


def test_more_sites_take_no_more_queries(client: Client) -> None:
    a_drawn_coupling()
    the_lyon_fablab()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(WHERE).status_code == 200
        return len(asked)

    queries()
    few = queries()
    for n in range(10):
        a_site(f"s{n}", "Lyon")
    queries()
    assert queries() <= few


def test_many_sites_are_drawn_by_area(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nearmade.cloud.pages.where.SINGLE", 3)
    a_drawn_coupling()
    for n in range(5):
        a_site(f"s{n}", "Lyon")
    page = words_of(client.get(WHERE))
    assert page.count('data-go aria-label="') == 1
    assert "of 5 can make all of it" in page


def test_an_undrawn_fit_says_so_and_odd_values_do_no_harm(client: Client) -> None:
    a_drawn_coupling()
    assert client.get("/designs/nothing/where").status_code == 404
    odd = client.get(WHERE, {"wall_mm": "NaN", "near": "\0"})
    assert odd.status_code == 200


def test_every_site_that_cannot_opens_to_rule_numbers_and_remedy(
    client: Client,
) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    a_small_printer()
    a_site("oslo", "Oslo", "PETG")
    page = words_of(client.get(QUOTES, {"near": "Lyon, FR"}))
    small = page.partition('id="why-small"')[2].partition("</details>")[0]
    assert "too large for the bed" in small
    assert ">too-large</code>" in small
    assert "bed 19 mm" in small
    assert "make it smaller" in small or "split" in small
    assert "Near misses" in small
    assert "scale to" in small
    oslo = page.partition('id="why-oslo"')[2].partition("</details>")[0]
    assert "material not in stock" in oslo
    assert "the shelf holds PETG" in oslo
