"""Which sites of a large network are asked: those around the place, enough of them."""

from __future__ import annotations

import pytest

from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import ASK_ALL, CELL_RESOLUTION, sites_near
from nearmade.logistics.distance import great_circle_km
from nearmade.logistics.near import cell_of
from nearmade.vocabulary.place import Place

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LYON = Place("Lyon", "FR", 45.75, 4.85)


def sites_on_a_line(count: int, step_deg: float) -> None:
    places = [Place(f"s{n}", "FR", 45.75, 4.85 + n * step_deg) for n in range(count)]
    Site.objects.bulk_create(
        Site(
            id=place.name,
            name=place.name,
            kind="home",
            record={},
            country="FR",
            lat_deg=place.lat_deg,
            lon_deg=place.lon_deg,
            cell=cell_of(place, CELL_RESOLUTION),
        )
        for place in places
    )


def test_a_small_network_is_asked_as_a_whole() -> None:
    sites_on_a_line(ASK_ALL, 0.5)
    assert sites_near(LYON).count() == ASK_ALL


def test_of_a_large_one_every_site_within_the_circle_is_asked_and_no_far_one() -> None:
    sites_on_a_line(600, 0.01)  # 0.78 km apart: 192 of them within 150 km
    asked = {site.pk for site in sites_near(LYON)}
    for site in Site.objects.all():
        km = great_circle_km(LYON, Place(site.name, "FR", site.lat_deg, site.lon_deg))
        if km <= 150:
            assert site.pk in asked
        if km > 400:  # cells reach farther than the circle, to be safe
            assert site.pk not in asked
    assert 192 <= len(asked) < 600


def test_the_circle_grows_until_there_are_enough() -> None:
    sites_on_a_line(400, 0.1)  # 7.8 km apart: 20 within 150 km, 65 within 500 km
    assert 100 <= sites_near(LYON).count() < 400


def test_where_all_are_far_all_are_asked() -> None:
    sites_on_a_line(400, 0.1)
    fiji = Place("Suva", "FJ", -18.14, 178.44)
    assert sites_near(fiji).count() == 400
