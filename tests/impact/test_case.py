"""Cases: ways as one study, what is varied in them, and their record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.impact.account import account_order
from nearmade.impact.axes import AXES, meet, varied, varies
from nearmade.impact.case import (
    CAR_BURNT_GCO2E,
    CAR_FUEL_MADE_GCO2E,
    Case,
    Meeting,
    Moulded,
    Own,
    Printed,
    Way,
    case_of,
    study_of_case,
)
from nearmade.impact.case_record import case_from_record
from nearmade.impact.case_writing import record_of_case
from nearmade.impact.compare import compare
from nearmade.impact.freight import FreightLeg
from nearmade.impact.household import Asset, Household, Product, Rates
from nearmade.impact.inventory import (
    BoughtPart,
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.impact.study import solve
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place

NAIROBI = Place("Nairobi", "KE", -1.28, 36.82)
exact = Estimate.exact
FRAME = OrderInventory(
    functional_unit="One frame",
    parts=(MadePart("frame", "PLA", Estimate(12.5, 12.0, 13.2), 0.04),),
    electricity=(
        SiteElectricity("shop", "KE", False, Estimate(85, 70, 110), exact(0.8)),
    ),
    legs=(FreightLeg("van", 50.0, 12.0),),
    central=central_alternative(NAIROBI),
    bought=(BoughtPart("lenses", 7.0),),
)
PLAIN = case_of(FRAME, NAIROBI)


def score(case: Case, way: str, method: str = "gwp100") -> float:
    """Score a way with every number at its median."""
    return solve(study_of_case(case), draws=1).score[way][method]


def nowhere(name: str) -> Place:
    """Know no place by its name."""
    raise NotFound(f"{name}: no such place")


def again(case: Case) -> Case:
    """Write a case and read it."""
    return case_from_record(json.loads(json.dumps(record_of_case(case))), nowhere)


# --- ways


def test_a_case_scores_as_the_card_of_the_order_does() -> None:
    card = account_order(FRAME, draws=100, seed=1)
    for way, side in (("here", card.here), ("central", card.central)):
        assert score(PLAIN, way) == pytest.approx(side.kgco2e.value * 1000, rel=1e-12)
        assert score(PLAIN, way, "ced") == pytest.approx(side.ced_mj.value, rel=1e-12)


def test_what_ways_share_has_the_same_draws_whatever_the_ways_are_called() -> None:
    twice = Case("One", NAIROBI, {"a": Printed(FRAME), "b": Printed(FRAME)})
    result = compare(twice, draws=50).result
    assert (result.draws["a"]["gwp100"] == result.draws["b"]["gwp100"]).all()
    assert result.chance_below("a", "b", "gwp100") == 0.5


def test_sunshine_replaces_the_grid() -> None:
    sunny = replace(FRAME, electricity=(replace(FRAME.electricity[0], solar=True),))
    case = Case("One", NAIROBI, {"grid": Printed(FRAME), "sun": Printed(sunny)})
    # 85 Wh / 0.95 of 84.83 and of 48 g/kWh
    apart = score(case, "grid") - score(case, "sun")
    assert apart == pytest.approx(0.085 / 0.95 * (84.83 - 48.0))


def test_a_shop_adds_the_trip_and_what_is_never_sold() -> None:
    ways = {
        "central": Moulded(FRAME),
        "shop": Moulded(FRAME, trip_km=exact(2.0), unsold_fraction=0.2),
    }
    case = Case("One", NAIROBI, ways)
    trip = 2.0 * (CAR_BURNT_GCO2E + CAR_FUEL_MADE_GCO2E)
    assert score(case, "shop") == pytest.approx(score(case, "central") / 0.8 + trip)


def test_a_mould_is_shared_by_its_batch() -> None:
    few, many = (
        Case("One", NAIROBI, {"m": Moulded(FRAME, batch=n)}) for n in (100.0, 200.0)
    )
    # 100 kg of steel at 2863.901 g/kg
    apart = score(few, "m") - score(many, "m")
    assert apart == pytest.approx(100 * 2863.901 * (1 / 100 - 1 / 200))


def test_a_demand_on_the_database_is_a_way() -> None:
    case = Case("One", NAIROBI, {"own": Own({"electricity/ke": 0.1})})
    assert score(case, "own") == pytest.approx(8.483)
    assert compare(case, draws=5).pairs("gwp100") == ()


def test_ways_that_land_in_two_places_are_refused() -> None:
    tokyo = Place("Tokyo", "JP", 35.7, 139.7)
    far = replace(FRAME, central=central_alternative(tokyo))
    ways = {"here": Moulded(FRAME), "there": Moulded(far)}
    with pytest.raises(InvalidInput, match="differs between two ways"):
        study_of_case(Case("One", NAIROBI, ways))


EMPTY = replace(FRAME, parts=())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Printed(FRAME, infill_fraction=1.0),
        lambda: Printed(FRAME, {"frame": 1.0}),
        lambda: Moulded(FRAME, batch=0.5),
        lambda: Moulded(FRAME, unsold_fraction=1.0),
        lambda: Moulded(FRAME, trip_km=Estimate(1.0, -1.0, 2.0)),
        lambda: Case("One", NAIROBI, {}),
        lambda: study_of_case(Case("One", NAIROBI, {"a": Printed(EMPTY)})),
        lambda: study_of_case(Case("One", NAIROBI, {"a": Moulded(EMPTY)})),
    ],
)
def test_a_way_that_cannot_be_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(InvalidInput):
        wrong()


# --- axes


def at(case: Case, over: str, value: float, way: str = "here") -> float:
    """Score a way with one figure set."""
    study = varied(case, Meeting(over, "here", "central"), value)
    return solve(study, draws=1).score[way]["gwp100"]


SOLID = replace(
    PLAIN,
    ways={"here": Printed(FRAME, {"frame": 20.0}, 0.2), "central": Moulded(FRAME)},
)


def test_where_the_case_stands_nothing_moves() -> None:
    assert at(SOLID, "distance", 12.0) == pytest.approx(score(SOLID, "here"))
    assert at(SOLID, "infill", 0.2) == pytest.approx(score(SOLID, "here"))
    assert at(SOLID, "grid", 84.83) == pytest.approx(score(SOLID, "here"))
    assert at(SOLID, "batch", 1e5, "central") == pytest.approx(score(SOLID, "central"))


def test_distance_adds_grams_by_tonne_kilometre() -> None:
    # 50 g over 100 km more at 782.25 g/t.km
    apart = at(PLAIN, "distance", 112.0) - at(PLAIN, "distance", 12.0)
    assert apart == pytest.approx(50e-6 * 100 * 782.25)


def test_infill_reaches_the_solid_part_and_electricity_follows_the_mass() -> None:
    worked = FRAME.electricity[0].energy_wh.times(1.6)
    solid = replace(
        FRAME,
        parts=(MadePart("frame", "PLA", FRAME.parts[0].mass_g.times(1.6), 0.04),),
        electricity=(SiteElectricity("shop", "KE", False, worked, exact(1.28)),),
    )
    assert at(SOLID, "infill", 1.0) == pytest.approx(
        score(case_of(solid, NAIROBI), "here")
    )


def test_the_grid_adds_its_grams() -> None:
    apart = at(PLAIN, "grid", 1000.0) - at(PLAIN, "grid", 0.0)
    assert apart == pytest.approx(0.085 / 0.95 * 1000)


def test_the_batch_where_moulding_wins_is_that_worked_out_by_hand() -> None:
    light = replace(
        PLAIN,
        ways={"here": Own({"electricity/world": 1.0}), "central": Moulded(FRAME)},
    )
    found = meet(light, Meeting("batch", "here", "central"), draws=50)
    # 472.94 g stand against the mould and the rest of the moulded frame
    rest = at(light, "batch", 1e6, "central") - 100 * 2863.901 / 1e6
    assert found.crossing == pytest.approx(100 * 2863.901 / (472.94 - rest), rel=1e-6)
    assert found.better_below == "here"


@pytest.mark.parametrize("over", sorted(AXES))
def test_what_cannot_be_varied_says_why(over: str) -> None:
    own = Own({"electricity/ke": 1.0})
    case = replace(PLAIN, ways={"here": own, "central": own})
    meeting = Meeting(over, "here", "central")
    assert varies(case, meeting)
    with pytest.raises(InvalidInput, match=over):
        meet(case, meeting)


def test_what_is_fetched_on_foot_has_no_distance_to_vary() -> None:
    fetched = replace(FRAME, legs=(FreightLeg("collect", 50.0, 2.0),))
    case = case_of(fetched, NAIROBI)
    with pytest.raises(InvalidInput, match="on foot"):
        meet(case, Meeting("distance", "here", "central"))


def test_an_axis_or_a_way_that_is_not_known_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be varied"):
        meet(PLAIN, Meeting("moon", "here", "central"))
    with pytest.raises(NotFound, match="no alternative 'x'"):
        meet(PLAIN, Meeting("distance", "here", "x"))
    with pytest.raises(InvalidInput, match="does not move ced"):
        meet(PLAIN, Meeting("grid", "here", "central"), method="ced")


def test_a_way_without_legs_or_hours_varies_with_the_other() -> None:
    bare = replace(FRAME, legs=(), electricity=(SiteElectricity(
        "shop", "KE", False, exact(85.0)),))  # fmt: skip
    ways = {"here": Printed(FRAME, {"frame": 20.0}), "central": Printed(bare)}
    case = replace(PLAIN, ways=ways)
    for over in ("distance", "infill"):
        found = meet(case, Meeting(over, "here", "central"), draws=5)
        assert found.second.values[0] == pytest.approx(found.second.values[-1])


# --- records


def test_a_case_written_and_read_is_the_same_study() -> None:
    shares = (("electricity/ke", 0.25), ("electricity/solar", 0.75))
    supplied = replace(FRAME.electricity[0], supply=shares)
    ways: dict[str, Way] = {
        "here": Printed(FRAME, {"frame": 20.0}, 0.3),
        "mixed": Printed(replace(FRAME, electricity=(supplied,))),
        "central": Moulded(FRAME, batch=500.0),
        "shop": Moulded(FRAME, trip_km=Estimate(2.0, 1.0, 4.0), unsold_fraction=0.1),
        "own": Own({"electricity/ke": 0.1, "filament/pla": Estimate(0.02, 0.01, 0.03)}),
    }
    case = replace(PLAIN, ways=ways, goal="to test", notes=("by hand",))
    assert study_of_case(again(case)) == study_of_case(case)
    assert again(again(case)) == again(case)


figures = st.builds(
    lambda x: Estimate(x[1], x[0], x[2]),
    st.tuples(*(st.floats(0.1, 1e4),) * 3).map(sorted),
)


@given(mass=figures, energy=figures, km=st.floats(0, 1e4), packing=st.floats(0, 1e3))
def test_any_order_survives_its_record(
    mass: Estimate, energy: Estimate, km: float, packing: float
) -> None:
    inventory = replace(
        FRAME,
        parts=(MadePart("part", "PETG", mass),),
        electricity=(SiteElectricity("s", "DE", False, energy, energy),),
        legs=(FreightLeg("sea", mass.value, km, energy), FreightLeg("van", 1.0, km)),
        packaging_g=packing,
    )
    case = case_of(inventory, NAIROBI)
    assert study_of_case(again(case)) == study_of_case(case)


def changed(path: str, value: Any) -> dict[str, Any]:
    """Give the plain case's record with one field set."""
    record = record_of_case(PLAIN)
    node: Any = record
    *way, last = path.split(".")
    for name in way:
        node = node[int(name)] if name.isdigit() else node[name]
    node[last] = value
    return record


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("schema", "x", "case.schema"),
        ("strange", 1, "case.strange"),
        ("ways", {}, "case.ways"),
        ("ways", [], "case.ways"),
        ("ways.a/b", {"kind": "printed"}, "case.ways.a/b"),
        ("ways.here.kind", "stolen", "case.ways.here.kind"),
        ("ways.here.parts", [], "case.ways.here.parts"),
        ("ways.here.electricity.0.solar", "yes", "electricity[0].solar"),
        ("ways.here.legs.0.mode", "drone", "legs[0].mode"),
        ("ways.central.trip_km", 1, "central.kind"),
        ("ways.central.like", "nobody", "central.like"),
        ("ways.own", {"kind": "processes", "processes": {}}, "own.processes"),
        ("break_even.0.between", ["here"], "break_even[0].between"),
        ("break_even.0.between", ["here", "here"], "break_even[0].between"),
        ("break_even.0.over", "moon", "break_even[0].over"),
        ("functional_unit", 7, "case.functional_unit"),
        ("to.lat_deg", 91, "case.to.lat_deg"),
        ("to.country", "ZZ", "case.to.country: 'ZZ' is no code of ISO 3166-1"),
        ("ways.here.electricity.0.country", "ZZ", "electricity[0].country: 'ZZ'"),
        ("ways.here.electricity.0.country", "", "electricity[0].country: ''"),
        ("ways.here.parts.0.mass_g.low", 99, "parts[0].mass_g"),
        ("ways.here.parts.0.mass_g.mid", 99, "parts[0].mass_g.mid"),
    ],
)
def test_a_wrong_field_is_refused_with_its_place(
    path: str, value: Any, place: str
) -> None:
    with pytest.raises(InvalidInput) as told:
        case_from_record(changed(path, value), nowhere)
    assert place in told.value.message


def test_a_moulded_way_alone_needs_its_mass() -> None:
    record = record_of_case(PLAIN)
    del record["ways"]["here"], record["ways"]["central"]["like"]
    record["break_even"] = []
    with pytest.raises(InvalidInput, match="product_mass_g: is missing"):
        case_from_record(record, nowhere)
    record["ways"]["central"]["product_mass_g"] = 12.0
    found = case_from_record(record, nowhere)
    assert score(found, "central") > 0


def test_a_moulded_way_without_a_printed_one_is_written_without_likeness() -> None:
    own = replace(FRAME.central, product_mass_g=exact(12.0))
    bare = replace(FRAME, parts=(), electricity=(), legs=(), bought=(), central=own)
    case = replace(PLAIN, ways={"own": Moulded(bare)}, meetings=())
    assert study_of_case(again(case)) == study_of_case(case)
    assert "like" not in record_of_case(case)["ways"]["own"]


def test_a_household_survives_its_record() -> None:
    home = Household(
        (Asset("printer", Estimate(600, 300, 900), 5.0, 40.0),),
        (Product("frame", exact(12.5), exact(85.0), exact(30.0), 100.0, 15.0, 2.0),),
        Rates(exact(25.0), exact(0.2), 10.0, 0.05, 0.05),
        years=5.0,
    )
    assert again(replace(PLAIN, household=home)).household == home
