"""Legs worked by hand. One degree along a meridian is 111.19508 km."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.logistics.carriers import by_land
from nearmade.logistics.carry import carry, no_way, options, packed_mass_g
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place

NAIROBI = Place("Nairobi", "KE", -1.28333, 36.81667)
WESTLANDS = Place("Westlands", "KE", -1.2676, 36.8108)
KAMPALA = Place("Kampala", "UG", 0.31628, 32.58219)
SHENZHEN = Place("Shenzhen", "CN", 22.54554, 114.0683)
TOKYO = Place("Tokyo", "JP", 35.6895, 139.69171)
BUSAN = Place("Busan", "KR", 35.10168, 129.03004)
AUCKLAND = Place("Auckland", "NZ", -36.84853, 174.76349)


def north(degrees: float, country: str = "KE") -> Place:
    return Place("north", country, degrees, 36.0)


EQUATOR = north(0.0)


def test_a_van_carries_a_kilogram_a_tenth_of_a_degree() -> None:
    leg = carry(EQUATOR, north(0.1), 1000)
    assert leg.mode == "van"
    # 11.1195 km x 1.4 = 15.5673 km
    assert leg.distance_km == pytest.approx(15.5673, abs=1e-4)
    # 3.00 + 0.3 x 1 kg + 0.04 x 15.5673
    assert leg.price_usd.value == pytest.approx(3.92269, abs=1e-4)
    # 782.25 g/t.km x 0.001 t x 15.5673 km
    assert leg.freight_gco2e.value == pytest.approx(12.1775, abs=1e-3)
    # half a day and 15.5673/600 day
    assert leg.time_s.value == pytest.approx(45_441.7, abs=0.1)


def test_a_parcel_by_road_goes_by_van_at_both_ends() -> None:
    leg = carry(EQUATOR, north(3.0), 1000)
    assert leg.mode == "road"
    # 333.585 km x 1.3 = 433.661 km: 60 by van, 373.661 by lorry
    assert leg.distance_km == pytest.approx(433.661, abs=1e-3)
    # 60 x 0.78225 + 373.661 x 0.12522 = 46.935 + 46.790
    assert leg.freight_gco2e.value == pytest.approx(93.725, abs=1e-2)
    # 5 + 0.8 + 0.004 x 433.661
    assert leg.price_usd.value == pytest.approx(7.53464, abs=1e-4)


def test_an_express_parcel_flies_ninety_five_kilometres_more_than_the_sphere() -> None:
    leg = carry(EQUATOR, north(60.0, "NO"), 1000)
    assert leg.mode == "air"
    # 6671.705 + 95 km long haul and 60 km by van
    assert leg.distance_km == pytest.approx(6826.705, abs=1e-2)
    # 6766.705 x 1.03455 + 60 x 0.78225 = 7000.495 + 46.935
    assert leg.freight_gco2e.value == pytest.approx(7047.43, abs=0.1)
    # without radiative forcing: 6766.705 x 0.66646 + 46.935, inside the interval
    assert leg.freight_gco2e.low < 4556.7


def test_a_border_costs_a_day_and_a_declaration() -> None:
    home, abroad = (
        carry(EQUATOR, north(3.0), 1000),
        carry(EQUATOR, north(3, "ET"), 1000),
    )
    assert abroad.price_usd.value - home.price_usd.value == pytest.approx(8.0)
    assert abroad.time_s.value - home.time_s.value == pytest.approx(86_400)


@pytest.mark.parametrize(
    ("origin", "destination", "mass_g", "collect", "mode"),
    [
        (NAIROBI, WESTLANDS, 200, True, "collect"),
        (NAIROBI, WESTLANDS, 200, False, "van"),
        (NAIROBI, KAMPALA, 200, True, "road"),  # 505 km, one border, too far to walk
        (SHENZHEN, NAIROBI, 200, False, "air"),
        (SHENZHEN, NAIROBI, 31_000, False, "sea"),
        (BUSAN, TOKYO, 200, False, "air"),  # 970 km, but Japan is islands
        (AUCKLAND, AUCKLAND, 200, False, "van"),
    ],
)
def test_the_mode_follows_distance_border_and_mass(
    origin: Place, destination: Place, mass_g: float, collect: bool, mode: str
) -> None:
    assert carry(origin, destination, mass_g, collect=collect).mode == mode


def test_collecting_costs_nothing_but_a_walk() -> None:
    leg = carry(NAIROBI, WESTLANDS, 200, collect=True)
    assert leg.price_usd.high == leg.freight_gco2e.high == 0
    # 1.867 km x 1.3 at 5 km/h: 29 minutes
    assert leg.time_s.value == pytest.approx(29.1 * 60, rel=0.02)


def test_goods_that_stay_need_no_carriage() -> None:
    leg = no_way(NAIROBI, 200)
    assert (leg.distance_km, leg.price_usd.high, leg.time_s.high) == (0, 0, 0)


def test_options_offer_the_ship_beside_the_aeroplane() -> None:
    legs = options(SHENZHEN, NAIROBI, 500)
    assert [leg.mode for leg in legs] == ["air", "sea"]
    air, sea = legs
    assert sea.freight_gco2e.value < air.freight_gco2e.value / 8
    assert sea.time_s.value > air.time_s.value * 4
    assert [leg.mode for leg in options(NAIROBI, WESTLANDS, 500)] == [
        "van",
        "road",
        "collect",
    ]


@pytest.mark.parametrize("mass_g", [0.0, -1.0, float("nan")])
def test_goods_without_mass_are_refused(mass_g: float) -> None:
    with pytest.raises(InvalidInput, match="must be above zero"):
        carry(NAIROBI, KAMPALA, mass_g)


def test_packaging_is_a_carton_and_a_tenth() -> None:
    assert packed_mass_g(100) == pytest.approx(150)


@given(st.floats(1, 20_000), st.floats(1, 20_000), st.floats(-80, 80))
def test_more_mass_never_costs_less_at_the_same_mode(
    one_g: float, other_g: float, degrees: float
) -> None:
    light, heavy = sorted((one_g, other_g))
    for country in ("KE", "BR"):
        first = carry(EQUATOR, north(degrees, country), light)
        second = carry(EQUATOR, north(degrees, country), heavy)
        assert first.mode == second.mode
        assert first.price_usd.value <= second.price_usd.value
        assert first.freight_gco2e.value <= second.freight_gco2e.value


@pytest.mark.parametrize(
    ("country", "other"), [("FO", "DK"), ("CW", "NL"), ("YT", "MZ"), ("FK", "AR")]
)
def test_small_islands_have_no_road_to_a_mainland(country: str, other: str) -> None:
    assert not by_land(country, other)
    assert not by_land(other, country)


def test_a_parcel_within_one_town_still_rides_some_way() -> None:
    nairobi = Place("Nairobi", "KE", -1.28333, 36.81667)
    leg = carry(nairobi, nairobi, 100.0)
    # 100 g over the 5 km assumed, at 782.25 g/t.km (DEFRA 2025, average diesel van).
    assert leg.distance_km == 5.0
    assert leg.freight_gco2e.value == pytest.approx(0.0001 * 5 * 782.25)
