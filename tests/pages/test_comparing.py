"""The public page that compares any design, anywhere to anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.catalogue.records import facts_record
from nearmade.cloud.pages import comparing
from nearmade.cloud.throttling import PerClient
from nearmade.geometry.measure import measure
from tests.geometry.solids import cube
from tests.pages.bench import a_drawn_coupling, a_site, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ASKED = {
    "the-design": "pipe-coupling",
    "made-in": "Lyon, FR",
    "near": "Nairobi, KE",
    "how-many": "3",
}


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> Iterator[None]:
    comparing._KEPT.clear()
    cache.clear()
    yield
    cache.clear()


def compared(client: Client, **asked: str) -> str:
    answer = client.get("/compare", {**ASKED, **asked})
    assert answer.status_code == 200
    return words_of(answer)


def scores(page: str) -> dict[str, float]:
    """Give the grams of the ways, as the table writes them."""
    found = re.findall(
        r'class="key-(\w+)">[^<]*</span></th><td[^>]*>([\d.,]+) (k?g)<', page
    )
    return {
        name: float(text.replace(",", "")) * (1000 if unit == "kg" else 1)
        for name, text, unit in found
    }


def test_three_ways_are_set_side_by_side_and_opened(client: Client) -> None:
    a_drawn_coupling()
    page = compared(client)
    assert set(scores(page)) == {"here", "central", "shop"}
    for words in (
        "3 × Pipe coupling", "at a door in Nairobi, KE", "of 100 cases",
        "How the CO₂e flows", "What moves the difference most",
        "Where one beats the other", "By pieces that share one mould",
        "By kilometres from the workshop to the door", "Every factor and its source",
    ):  # fmt: skip
        assert words in page


def test_the_shop_is_the_factory_with_a_car_trip(client: Client) -> None:
    """10 km at 165 + 45 g/km are 2.1 kg more."""
    a_drawn_coupling()
    page = scores(compared(client, **{"shop-km": "10"}))
    assert page["shop"] - page["central"] == pytest.approx(2100, rel=0.02)
    none = scores(compared(client, **{"shop-km": "0"}))
    assert none["shop"] == none["central"]


def test_the_sun_of_the_workshop_counts(client: Client) -> None:
    a_drawn_coupling()
    there = {"made-in": "Johannesburg, ZA", "near": "Johannesburg, ZA"}
    grid, sun = (
        scores(compared(client, **there, **{"made-by": power}))["here"]
        for power in ("grid", "sun")
    )
    assert sun < grid


def test_ten_pieces_take_ten_times_the_filament(client: Client) -> None:
    a_drawn_coupling()
    near = {"made-in": "Nairobi, KE"}
    one, hundred = (
        scores(compared(client, **near, **{"how-many": n}))["central"]
        for n in ("50", "500")
    )
    assert hundred == pytest.approx(10 * one, rel=0.1)


def test_its_address_carries_the_whole_comparison(client: Client) -> None:
    a_drawn_coupling()
    page = compared(client, **{"made-by": "sun", "shop-km": "7.5"})
    found = re.search(r'id="share" class="num" readonly value="([^"]+)"', page)
    assert found is not None
    address = found[1].replace("&amp;", "&")
    again = words_of(client.get(address))
    assert scores(again) == scores(page)
    assert 'value="7.5"' in again
    assert '<option value="sun" selected>' in again


def test_a_report_lists_goal_boundary_and_sources(client: Client) -> None:
    a_drawn_coupling()
    answer = client.get("/compare/report", ASKED)
    page = words_of(answer)
    for words in (
        "1. Goal and scope", "To show anybody what one way costs", "Cradle to grave",
        "Reading the result", ". Sources", "filament/pla", "not critically reviewed",
        "The material, at work and after use", "Bought in a shop", "To the comparison",
    ):  # fmt: skip
        assert words.lower() in page.lower(), words


def test_water_and_dust_stand_with_what_they_cover(client: Client) -> None:
    a_drawn_coupling()
    page = compared(client)
    told = re.findall(r"<b>(Made [^<]+)</b>: ([^<]+): ([^<]+)</li>", page)
    assert len(told) == 4
    for title, _name, words in told:
        known = words == "not known" or re.search(r"covers \d+%$", words)
        assert known, (title, words)


def test_a_report_of_what_nobody_knows_says_so(client: Client) -> None:
    a_drawn_coupling()
    answer = client.get("/compare/report", {**ASKED, "near": "Nowhereville"})
    assert "We do not know a town called" in words_of(answer)


def test_without_a_wish_the_first_design_shows_an_example(client: Client) -> None:
    a_drawn_coupling()
    assert len(scores(words_of(client.get("/compare")))) == 3


@pytest.mark.parametrize(
    ("odd", "status", "words"),
    [
        ({"the-design": "nothing-like-it"}, 404, "No design in the catalogue"),
        ({"near": "Nowhereville"}, 200, "We do not know a town called “Nowhereville”"),
        ({"how-many": "-3", "shop-km": "nan", "made-by": "magic"}, 200, "1 × Pipe"),
        ({"how-many": "9" * 400, "shop-km": "1e999"}, 200, "1 × Pipe"),
        ({"how-many": "99999999"}, 200, "100000 × Pipe"),
        ({"the-material": "unobtainium"}, 200, "1 × Pipe"),
    ],
)
def test_odd_questions_are_answered_in_words(
    client: Client, odd: dict[str, str], status: int, words: str
) -> None:
    a_drawn_coupling()
    asked = {"the-design": "pipe-coupling", "near": "Nairobi, KE", **odd}
    answer = client.get("/compare", asked)
    assert answer.status_code == status
    assert words in words_of(answer)


def test_a_design_that_is_being_drawn_is_waited_for(client: Client) -> None:
    instance = a_drawn_coupling()
    Instance.objects.filter(pk=instance.pk).update(state=Instance.State.RENDERING)
    page = compared(client)
    assert "It is being drawn" in page
    assert '<meta http-equiv="refresh"' in page


def test_what_was_worked_out_before_costs_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_drawn_coupling()
    monkeypatch.setattr(comparing, "NEW_COMPARISONS", PerClient("c1", "2/m"))
    first = scores(compared(client))
    compared(client, **{"how-many": "4"})
    assert scores(compared(client)) == first
    answer = client.get("/compare", {**ASKED, "how-many": "5"})
    assert answer.status_code == 503
    assert "too many new comparisons in one minute; wait a minute" in words_of(answer)


def test_only_so_many_comparisons_are_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_drawn_coupling()
    monkeypatch.setattr(comparing, "KEPT", 2)
    for number in ("1", "2", "3"):
        compared(client, **{"how-many": number})
    assert len(comparing._KEPT) == 2


def test_when_too_many_ask_at_once_the_last_is_sent_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_drawn_coupling()
    monkeypatch.setattr(comparing, "WAIT_S", 0.01)
    for _place in range(comparing.AT_ONCE):
        comparing._PLACES.acquire()
    try:
        answer = client.get("/compare", ASKED)
    finally:
        comparing._PLACES.release(comparing.AT_ONCE)
    assert answer.status_code == 503
    assert "too many comparisons at once" in words_of(answer)


def test_money_is_compared_with_a_workshops_price_list(client: Client) -> None:
    a_drawn_coupling()
    a_site("lyon", "Lyon")
    page = compared(client)
    assert "Money" in page


def test_an_empty_catalogue_says_so(client: Client) -> None:
    answer = client.get("/compare")
    assert answer.status_code == 404
    assert "No design in the catalogue" in words_of(answer)


def wish(**asked: Any) -> comparing.Wish:
    from django.http import QueryDict

    sent = QueryDict(mutable=True)
    sent.update(asked)
    return comparing.wish_in(sent, "Lyon, FR", "spectacles")


def test_what_nobody_says_is_the_usual() -> None:
    usual = wish()
    assert (usual.design_id, usual.made_in, usual.to) == (
        "spectacles", "Lyon, FR", "Lyon, FR",
    )  # fmt: skip
    assert (usual.pieces, usual.trip_km, usual.solar) == (1, 5.0, False)
    assert comparing.sets_quoted(wish(**{"how-many": "400"})) == 50


def machine_said(page: str) -> str:
    found = re.search(r"an estimate for the ([^,]+), ", page)
    assert found is not None
    return found[1]


def of_a_cube(side_mm: float) -> None:
    for part in a_drawn_coupling().parts.all():
        part.facts = facts_record(measure(cube(side_mm)))
        part.save()


def test_the_fastest_machine_that_fits_is_counted_until_another_is_chosen(
    client: Client,
) -> None:
    a_drawn_coupling()
    usual = compared(client)
    fastest = machine_said(usual)
    assert f"fastest: {fastest}" in usual
    other = compared(client, **{"made-on": "Ender-3"})
    assert machine_said(other) != fastest
    assert '<option value="Ender-3" selected' in other
    assert "made-on=Ender-3" in other


def test_what_makes_no_sense_is_the_fastest(client: Client) -> None:
    a_drawn_coupling()
    page = compared(client, **{"made-on": "warp drive"})
    assert machine_said(page) == machine_said(compared(client))


def test_a_machine_without_the_room_names_one_that_has_it(client: Client) -> None:
    of_a_cube(220.0)
    answer = client.get("/compare", {**ASKED, "made-on": "A1 mini"})
    page = words_of(answer)
    assert "has not the room or the material for it; the" in page
    assert '<option value="A1 mini" selected' in page
    assert scores(page) == {}
    assert set(scores(compared(client))) == {"here", "central", "shop"}


def test_what_no_machine_has_room_for_is_said(client: Client) -> None:
    of_a_cube(9000.0)
    assert "No machine known here has the room" in compared(client)
