"""What a site's page says that it can make: sizes, materials, stops, exports."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from nearmade.cloud.network.services import facility_of, import_facility
from nearmade.cloud.pages.capability import fits_words, ways_of
from nearmade.facilities.facility import Stop
from nearmade.vocabulary.place import Place
from tests.cloud.listed import a_listed_lab, listed
from tests.cloud.test_network_claims import a_moderator, approved
from tests.cloud.workshop import a_person, the_lyon_fablab
from tests.pages.bench import words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("room_mm", "said"),
    [
        ((300, 300, 300), "football"),  # 223 mm across
        ((300, 215, 5), "A4"),
        ((215, 5, 300), "A4"),
        ((180, 180, 180), "compact disc"),
        ((100, 60, 2), "bank card"),
        ((50, 50, 50), "smaller"),
    ],
)
def test_sizes_are_told_by_things_that_everybody_knows(
    room_mm: tuple[float, float, float], said: str
) -> None:
    assert said in fits_words(room_mm)


def test_rooms_are_drawn_to_one_scale() -> None:
    """300 mm are 100 units: the bed is 250 by 210, a bank card 85.6 by 54 mm."""
    (way,) = ways_of(facility_of(the_lyon_fablab()))
    (room,) = way.rooms
    assert (room.width, room.depth, room.height) == (83.33, 70.0, 70.0)
    assert room.card == (28.53, 18.0)
    assert way.materials == ("PLA",)


def test_a_page_says_what_stands_there_and_gives_it_to_programs(
    client: Client,
) -> None:
    the_lyon_fablab()
    page = words_of(client.get("/sites/lyon"))
    for words in ("What it can make", "250 × 210 × 210 mm", "/sites/lyon/aas.json"):
        assert words in page
    submodels = json.loads(client.get("/sites/lyon/aas.json").content)["submodels"]
    assert len(submodels) == 1
    assert client.get("/sites/nowhere/aas.json").status_code == 404


def test_a_van_says_where_it_stands_now_and_next(client: Client) -> None:
    now = timezone.now()
    oslo = Place("Oslo", "NO", 59.91, 10.75)
    day = timedelta(days=1)
    facility = replace(
        facility_of(the_lyon_fablab()),
        itinerary=(
            Stop(now - day, now + day, oslo),
            Stop(now + 2 * day, now + 3 * day, Place("Rome", "IT", 41.9, 12.5)),
        ),
        holidays=(datetime(2099, 12, 24, tzinfo=UTC).date(),),
        certifications=("ISO 9001",),
    )
    import_facility(facility)
    page = words_of(client.get("/sites/lyon"))
    for words in ("Now at Oslo, NO", "Rome, IT", "2099", "ISO 9001"):
        assert words in page


def test_a_site_just_claimed_says_that_nobody_has_said(client: Client) -> None:
    (listing,) = listed(a_listed_lab())
    approved(listing, a_person(), a_moderator())
    page = words_of(client.get(f"/sites/{listing.pk}"))
    for words in (
        "Nobody has said yet what stands here",
        "being set up",
        "no price named yet",
        "nothing named yet",
        "Nobody has said yet when it is open",
    ):
        assert words in page
    assert "0.00 USD" not in page
    aas = json.loads(client.get(f"/sites/{listing.pk}/aas.json").content)
    assert aas["submodels"] == []
