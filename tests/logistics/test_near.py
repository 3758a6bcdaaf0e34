"""H3 cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.logistics.distance import great_circle_km
from nearmade.logistics.near import cell_of, cells_within, nearest
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place

NAIROBI = Place("Nairobi", "KE", -1.28333, 36.81667)
THIKA = Place("Thika", "KE", -1.03326, 37.06933)
MOMBASA = Place("Mombasa", "KE", -4.05466, 39.66359)
LYON = Place("Lyon", "FR", 45.74846, 4.84671)


def test_the_cell_of_a_place_is_the_one_in_h3s_own_documentation() -> None:
    # h3geo.org, core library usage: the Ferry Building at resolution 10
    ferry = Place("Ferry Building", "US", 37.795, -122.39376)
    assert len(cell_of(ferry, 10)) == 15
    # h3-py README: h3.latlng_to_cell(37.769377, -122.388903, 9)
    assert cell_of(Place("x", "US", 37.769377, -122.388903), 9) == "89283082e73ffff"


@given(
    lat=st.floats(-80, 80),
    lon=st.floats(-180, 180),
    dlat=st.floats(-2, 2),
    dlon=st.floats(-2, 2),
)
def test_no_place_within_the_radius_is_missed(
    lat: float, lon: float, dlat: float, dlon: float
) -> None:
    here = Place("here", "XX", lat, lon)
    there = Place("there", "XX", lat + dlat, max(-180, min(180, lon + dlon)))
    radius_km = great_circle_km(here, there)
    assert cell_of(there, 3) in cells_within(here, radius_km, 3)


def test_a_disk_too_wide_for_its_resolution_is_refused_with_a_remedy() -> None:
    with pytest.raises(InvalidInput, match="at most 60") as refusal:
        cells_within(NAIROBI, 1000, 9)
    assert refusal.value.remedy == "take a coarser resolution"
    with pytest.raises(InvalidInput, match="from 0 to 15"):
        cell_of(NAIROBI, 16)


def test_the_nearest_come_first_with_their_distance() -> None:
    found = nearest(NAIROBI, [LYON, MOMBASA, THIKA], lambda place: place, most=2)
    assert [place.name for place, _ in found] == ["Thika", "Mombasa"]
    assert found[0][1] == pytest.approx(39.6, abs=1)
    assert nearest(NAIROBI, [LYON], lambda place: place, most=2, within_km=100) == ()
    assert nearest(NAIROBI, [], lambda place: place, most=2) == ()
