"""Public lists of places: brought in once, with their source, nothing invented."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import h3
import pytest

from nearmade.cloud.network.listings import import_places
from nearmade.cloud.network.management.commands import import_places as command
from nearmade.cloud.network.models import Listing, ListingSource, Site
from nearmade.cloud.network.place_records import load_places, read_places, slug_of
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.cloud.listed import a_listed_lab, as_file, listed
from tests.cloud.workshop import NOON
from tests.shared_data import shared

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_place_says_what_its_list_says_and_no_more() -> None:
    (place,) = listed(a_listed_lab())
    assert (place.name, place.town, place.country) == ("Porto Lab", "Porto", "PT")
    assert (place.lat_deg, place.lon_deg) == (41.15, -8.61)
    assert place.cell == h3.latlng_to_cell(41.15, -8.61, 4)
    assert place.area == h3.latlng_to_cell(41.15, -8.61, 1)
    assert place.source.licence == "CC-BY-4.0"
    assert place.record == a_listed_lab()
    assert Site.objects.count() == 0


def test_the_same_list_again_changes_nothing_and_a_new_one_what_it_changed() -> None:
    two = [a_listed_lab(), a_listed_lab("Braga Lab", 2, "Braga")]
    first = import_places(read_places(as_file(*two), "x.json"), now=NOON)
    again = import_places(read_places(as_file(*two), "x.json"), now=NOON)
    two[1]["facility"]["name"] = "Braga Maker Lab"
    third = import_places(read_places(as_file(*two), "x.json"), now=NOON)
    assert (first.new, first.changed, first.same) == (2, 0, 0)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert (third.new, third.changed, third.same) == (0, 1, 1)
    names = Listing.objects.order_by("name").values_list("pk", "name")
    braga = slug_of("Braga Lab", "lab-2")  # its address stays
    assert [pair for pair in names if pair[0] == braga] == [(braga, "Braga Maker Lab")]
    assert ListingSource.objects.count() == 1


def test_a_place_without_a_point_is_listed_and_put_nowhere() -> None:
    nowhere = [a_listed_lab(point=None), a_listed_lab("Null", 2, point=(0, 0))]
    off = a_listed_lab("Off", 3)
    off["geocoding"]["latitude"] = 91
    for place in listed(*nowhere, off):
        assert (place.lat_deg, place.lon_deg, place.cell, place.area) == (
            None,
            None,
            "",
            "",
        )


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("http:///nohost", ""),
        ("https://[", ""),
        ("https://example.org/a", "https://example.org/a"),
    ],
)
def test_only_web_addresses_become_links(url: str, kept: str) -> None:
    record = a_listed_lab()
    record["facility"]["url"] = url
    (place,) = listed(record)
    assert place.url == kept


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        {},
        {"facility": {"name": "x"}, "region": {"country": "PT"}},
        {"facility": {"name": "x", "facility_id": "1"}, "region": {"country": "pt"}},
        {"facility": "x", "region": "y"},
    ],
)
def test_a_record_without_id_name_or_country_refuses_the_list(record: Any) -> None:
    with pytest.raises(InvalidInput, match=r"\[1\]"):
        read_places(as_file(a_listed_lab(), record), "x.json")


def test_an_id_that_is_there_twice_refuses_the_list() -> None:
    with pytest.raises(InvalidInput, match="is there twice"):
        read_places(as_file(a_listed_lab(), a_listed_lab("Other")), "x.json")


def test_two_of_one_name_have_two_addresses() -> None:
    assert slug_of("Fab Lab", "1") != slug_of("Fab Lab", "2")
    assert slug_of("鎌倉", "1").startswith("place-")
    assert slug_of("Fab Lab Öst", "1").startswith("fab-lab-ost-")


def test_a_file_that_is_no_list_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_places(tmp_path / "no.json")
    for content in ("{", "{}", "[" * 100_000):
        (tmp_path / "x.json").write_text(content)
        with pytest.raises(InvalidInput):
            load_places(tmp_path / "x.json")
    with pytest.raises(InvalidInput, match="no regular file"):
        load_places(tmp_path)


def test_the_command_says_what_it_did_and_whose_the_list_is(tmp_path: Path) -> None:
    file = tmp_path / "labs.json"
    file.write_text(json.dumps([a_listed_lab(), a_listed_lab("B", 2, point=None)]))
    first, again = said(file), said(file)
    assert "2 new places, 0 changed, 0 as before; 1 have no point" in first
    assert "0 new places, 0 changed, 2 as before" in again
    assert "CC-BY-4.0" in again
    file.write_text("[1]")
    with pytest.raises(InvalidInput, match="no record"):
        said(file)


def said(file: Path) -> str:
    out = io.StringIO()
    told = command.Command(stdout=out)
    told.act(file=file)
    return out.getvalue()


def test_all_fab_labs_of_the_public_list_come_in() -> None:
    """Counted in the file by hand: 2,237 labs in 137 countries, 2,036 with a point."""
    file = shared("okh_okw", "okw", "preliminary_iop_okw_fac_source_01.json")
    done = import_places(load_places(file), now=NOON)
    assert (done.new, done.without_point) == (2237, 2237 - 2036)
    assert Listing.objects.values("country").distinct().count() == 137
