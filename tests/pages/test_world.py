"""The map's sheet, against the library that draws the land."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.cloud.pages.world import (
    SHEET_HEIGHT,
    SHEET_WIDTH,
    leg_path,
    on_sheet,
    radius_on_sheet,
    view_around,
)

# lat, lon, x, y by geoEqualEarth of d3-geo 3.1.2, scaled and centred as the build does.
BY_D3 = [
    (0.0, 0.0, 500.0, 243.5),
    (-1.28333, 36.81667, 602.256, 248.302),
    (51.50853, -0.12574, 499.715, 65.211),
    (-34.61315, -58.37723, 351.730, 368.802),
    (-18.14161, 178.44149, 983.857, 310.795),
    (78.2186, 15.6267, 527.175, 7.553),
]


@pytest.mark.parametrize(("lat", "lon", "x", "y"), BY_D3)
def test_sites_stand_where_the_land_is_drawn(
    lat: float, lon: float, x: float, y: float
) -> None:
    assert on_sheet(lat, lon) == pytest.approx((x, y), abs=0.006)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_of_the_earth_is_on_the_sheet(lat: float, lon: float) -> None:
    x, y = on_sheet(lat, lon)
    assert -0.01 <= x <= SHEET_WIDTH + 0.01
    assert -0.5 <= y <= SHEET_HEIGHT + 0.5


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 487)), min_size=1))
def test_a_view_holds_every_point_unless_it_is_the_whole_sheet(
    points: list[tuple[float, float]],
) -> None:
    view = view_around(points)
    if view.width < SHEET_WIDTH:
        for x, y in points:
            assert view.x - 0.02 <= x <= view.x + view.width + 0.02
            assert view.y - 0.02 <= y <= view.y + view.height + 0.02


def test_a_thousand_kilometres_at_the_equator_are_a_fortieth_of_the_way_round() -> None:
    # 1000 km is 8.993 degrees; d3-geo puts 8.993 S at y 276.99, the equator at 243.5
    assert radius_on_sheet(0.0, 0.0, 1000.0) == pytest.approx(33.6, abs=0.3)


def test_ways_there_and_back_do_not_lie_on_each_other() -> None:
    assert leg_path((0, 0), (10, 0)) != leg_path((10, 0), (0, 0))
    assert leg_path((0, 0), (10, 0)) == "M0 0Q5.00 -1.40 10 0"
