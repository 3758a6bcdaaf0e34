"""Making and its factors: sums by hand, fallbacks, refusals, sources."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.impact import grid, regions, sea
from nearmade.impact.database import own_database
from nearmade.impact.freight import FreightLeg, freight_process, fuel_fraction
from nearmade.impact.inventory import central_alternative
from nearmade.impact.making import making_gco2e
from nearmade.impact.polymers import filament
from nearmade.impact.sea import central_haul
from nearmade.impact.study import Study, solve
from nearmade.vocabulary.countries import COUNTRIES
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.factor import Factor
from nearmade.vocabulary.freight_factors import VEHICLES
from nearmade.vocabulary.place import Place, great_circle_km

SHANGHAI = Place("Shanghai", "CN", 31.23, 121.47)
SYDNEY = Place("Sydney", "AU", -33.87, 151.21)
ROTTERDAM = Place("Rotterdam", "NL", 51.92, 4.48)

#: Shares of a year's generation: facts, taken as certain; and a convention.
CERTAIN = {
    one
    for one in own_database().numbers
    if one.startswith("grid/") or one == "energy/renewable-content"
}


def test_making_ten_grams_of_petg_in_kenya_agrees_with_the_sum_by_hand() -> None:
    # 0.01 kg x (3400 + 0.24 x 472.94 + 197.7 + 62.61) + 0.05 kWh x 84.83
    assert making_gco2e("PETG", 10.0, 50.0, "KE", solar=False) == pytest.approx(
        0.01 * 3773.8156 + 4.2415
    )


def test_the_sun_gives_48_grams_a_kilowatt_hour() -> None:
    assert making_gco2e("PLA", 0.0, 1000.0, "IN", solar=True) == pytest.approx(48.0)


@given(st.floats(0, 1e4), st.floats(0, 1e5), st.floats(0, 100))
def test_more_plastic_never_emits_less(
    mass_g: float, energy_wh: float, more_g: float
) -> None:
    less = making_gco2e("ABS", mass_g, energy_wh, "US", solar=False)
    assert making_gco2e("ABS", mass_g + more_g, energy_wh, "US", solar=False) >= less


def test_nothing_made_emits_nothing() -> None:
    assert making_gco2e("TPU", 0.0, 0.0, "US", solar=False) == 0.0


@pytest.mark.parametrize(("mass_g", "energy_wh"), [(-1.0, 0.0), (0.0, float("nan"))])
def test_impossible_figures_are_refused(mass_g: float, energy_wh: float) -> None:
    with pytest.raises(InvalidInput, match="making of PLA"):
        making_gco2e("PLA", mass_g, energy_wh, "US", solar=False)


def test_the_hours_of_a_build_may_be_cleaner_than_the_country() -> None:
    made = making_gco2e("PLA", 0.0, 1000.0, "IN", solar=False, gco2e_per_kwh=100.0)
    assert made == pytest.approx(100.0)
    with pytest.raises(InvalidInput, match="gco2e_per_kwh"):
        making_gco2e("PLA", 0.0, 1.0, "IN", solar=False, gco2e_per_kwh=-1.0)


@pytest.mark.parametrize("name", ["wood", "unobtainium"])
def test_an_unknown_material_is_refused_by_name(name: str) -> None:
    with pytest.raises(InvalidInput, match=f"material '{name}'") as caught:
        making_gco2e(name, 1.0, 1.0, "US", solar=False)
    assert caught.value.code == "unknown-material"


@pytest.mark.parametrize(
    ("said", "meant"),
    [("pla", "filament/pla"), (" Nylon ", "filament/pa6"), ("PLA+", "filament/pla")],
)
def test_materials_answer_to_the_names_that_workshops_use(
    said: str, meant: str
) -> None:
    assert filament(said) == meant


@pytest.mark.parametrize(
    ("country", "gco2e", "words"),
    [
        ("TD", 545.09, "average of Africa"),  # Ember's row of Africa
        ("AQ", 472.94, "average of the world"),
        ("XX", 472.94, "a site that does not say its country"),
    ],
)
def test_a_country_without_a_figure_gets_its_regions_average_marked_as_assumed(
    country: str, gco2e: float, words: str
) -> None:
    factor = grid.electricity_factor(country, solar=False)
    assert (factor.value, factor.assumed) == (gco2e, True)
    assert factor.geometric_sd >= 2
    assert country in factor.source
    assert words in grid.stand_in_note(country)


def test_a_country_with_figures_of_its_own_needs_no_word() -> None:
    assert grid.stand_in_note("KE") == ""


@pytest.mark.parametrize("country", ["ZZ", "ke", "", "KEN"])
def test_a_code_that_no_country_has_is_refused_with_a_remedy(country: str) -> None:
    with pytest.raises(InvalidInput, match="no code of ISO 3166-1") as caught:
        making_gco2e("PLA", 1.0, 1.0, country, solar=False)
    assert "such as KE" in caught.value.remedy


def test_every_country_has_electricity() -> None:
    for country in COUNTRIES:
        assert grid.electricity_factor(country, solar=False).value > 0, country


def test_countries_of_a_region_are_countries_and_stand_in_one_only() -> None:
    members = [one for _, _, those in regions._REGIONS for one in those.split()]
    assert len(members) == len(set(members))
    assert set(members) <= set(COUNTRIES)


def test_two_vintages_of_a_country_lie_within_one_standard_deviation() -> None:
    kenya = grid.electricity_factor("KE", solar=False)
    # 84.83 / 70.492 = 1.203
    assert kenya.geometric_sd == pytest.approx(1.203, abs=1e-3)
    assert not kenya.assumed


def every_factor() -> list[Factor]:
    found = [port.sea_km for port in sea.PORTS]
    found += [one for one in vars(sea).values() if isinstance(one, Factor)]
    return [*found, *own_database().numbers.values()]


def test_every_number_is_above_zero_and_says_plainly_when_it_is_assumed() -> None:
    for factor in every_factor():
        # where nothing is burnt or cooled, nothing is a figure too, and a certain one
        nothing = factor.value == 0
        assert not nothing or factor.id.startswith(("water/", "pm25/")), factor.id
        assert factor.source.startswith("assumed:") == factor.assumed, factor.id
        assert nothing or factor.geometric_sd > 1 or factor.id in CERTAIN, factor.id


def test_factor_ids_name_one_factor_each() -> None:
    by_id: dict[str, Factor] = {}
    for factor in every_factor():
        assert by_id.setdefault(factor.id, factor) == factor, factor.id
    for process in own_database().processes.values():
        for exchange in process.exchanges:
            if exchange.sourced:
                assert by_id[exchange.id].value == exchange.amount, exchange.id


def test_one_degree_of_the_equator_is_111_km() -> None:
    here, there = Place("a", "XX", 0.0, 0.0), Place("b", "XX", 0.0, 1.0)
    # 6371.0088 x pi / 180
    assert great_circle_km(here, there) == pytest.approx(111.19508)


def test_rotterdam_is_reached_through_suez() -> None:
    haul = central_haul(ROTTERDAM)
    assert haul.sea_km.value == 19_587
    assert not haul.sea_km.assumed


def test_where_no_route_is_known_the_sea_is_assumed() -> None:
    haul = central_haul(SYDNEY)
    # Shanghai to Sydney is about 7880 km by great circle
    assert haul.sea_km.assumed
    assert haul.sea_km.value == pytest.approx(7880 * 1.31, rel=0.01)


def test_inside_china_no_ship_sails() -> None:
    assert central_haul(SHANGHAI).sea_km.value == 0.0
    assert central_haul(SHANGHAI).road_km.value == 200.0


def test_days_from_the_factory_are_handling_plus_travel() -> None:
    days = central_alternative(SHANGHAI).days
    assert days is not None
    # 14 days and 200 km at 500 km a day
    assert days.value == pytest.approx(14.4)
    assert (days.low, days.high) == pytest.approx((7.2, 28.8))


def test_long_and_short_flights_take_their_own_factor() -> None:
    assert freight_process("air", 3700.0) == "freight/air-short"
    assert freight_process("air", 3701.0) == "freight/air-long"


def test_walking_burns_nothing() -> None:
    assert freight_process("collect", 3.0) is None


def test_the_fuel_of_a_flight_emits_less_than_the_flight_does() -> None:
    # DEFRA 2025: 0.66646 without and 1.03455 with radiative forcing
    assert fuel_fraction("freight/air-long") == pytest.approx(0.66646 / 1.03455)
    assert fuel_fraction("freight/van-diesel") == 1.0


def test_a_mode_that_is_not_ours_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'drone'"):
        freight_process("drone", 3.0)  # type: ignore[arg-type]


def test_carriage_by_mass_and_distance_is_what_logistics_counts() -> None:
    study = Study(
        "One t.km",
        {name: {f"freight/{name}": 1.0} for name in VEHICLES},
        methods=("gwp100", "gwp100-no-forcing"),
    )
    scores = solve(study, 1).score
    for name, vehicle in VEHICLES.items():
        without = scores[name]["gwp100-no-forcing"]
        assert without == pytest.approx(vehicle.factor().value, rel=1e-9), name
        if vehicle.with_forcing_kgco2e is not None:
            whole = vehicle.factor_with_forcing().value
            assert scores[name]["gwp100"] == pytest.approx(whole, rel=1e-9), name


@pytest.mark.parametrize(("mass_g", "km"), [(-1.0, 1.0), (1.0, float("nan"))])
def test_a_leg_with_impossible_figures_is_refused(mass_g: float, km: float) -> None:
    with pytest.raises(InvalidInput, match="leg by van"):
        FreightLeg("van", mass_g, km)
