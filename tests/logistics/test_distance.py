"""Great circles."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.logistics.distance import great_circle_km, great_circles_km
from nearmade.vocabulary.place import Place

NAIROBI = Place("Nairobi", "KE", -1.28333, 36.81667)
MOMBASA = Place("Mombasa", "KE", -4.05466, 39.66359)
PARIS = Place("Paris", "FR", 48.8566, 2.3522)
LONDON = Place("London", "GB", 51.5074, -0.1278)
SUVA = Place("Suva", "FJ", -18.1416, 178.4419)
APIA = Place("Apia", "WS", -13.8333, -171.7667)

places = st.builds(
    Place,
    st.just("somewhere"),
    st.just("XX"),
    st.floats(-90, 90, allow_nan=False),
    st.floats(-180, 180, allow_nan=False),
)


@pytest.mark.parametrize(
    ("one", "other", "distance_km", "within_km"),
    [
        (NAIROBI, MOMBASA, 440, 3),  # as air-distance tables print it
        (PARIS, LONDON, 344, 1),
        (SUVA, APIA, 1140, 30),  # across the date line, not around the world
        # a quarter of the meridian: 10,002 km on the ellipsoid, pi R / 2 on the sphere
        (Place("a", "XX", 0, 0), Place("b", "XX", 90, 0), 10_007.557, 0.001),
        (Place("a", "XX", 0, 0), Place("b", "XX", 0, 180), 20_015.115, 0.001),
    ],
)
def test_great_circles_agree_with_tables(
    one: Place, other: Place, distance_km: float, within_km: float
) -> None:
    assert great_circle_km(one, other) == pytest.approx(distance_km, abs=within_km)


@given(places, places, places)
def test_distance_is_a_metric(one: Place, two: Place, three: Place) -> None:
    assert great_circle_km(one, one) == 0
    assert great_circle_km(one, two) == pytest.approx(great_circle_km(two, one))
    around = great_circle_km(one, three) + great_circle_km(three, two)
    assert great_circle_km(one, two) <= around + 1e-3


@given(places, st.lists(places, min_size=1, max_size=5))
def test_many_at_once_agree_with_one_by_one(one: Place, others: list[Place]) -> None:
    single = [great_circle_km(one, other) for other in others]
    assert np.allclose(great_circles_km(one, others), single, atol=1e-6)
    assert max(single) <= math.pi * 6371.0088 + 1e-6
