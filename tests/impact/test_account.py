"""The impact card: one order worked by hand, and the laws of accounting."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.impact.account import account_order
from nearmade.impact.card import Footprint
from nearmade.impact.case import case_of
from nearmade.impact.freight import FreightLeg
from nearmade.impact.inventory import (
    FETCHED,
    BoughtPart,
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place

NAIROBI = Place("Nairobi", "KE", -1.29, 36.82)


def a_spectacle_frame() -> OrderInventory:
    """20 g of PETG, a tenth of it scrap, 100 Wh in Kenya, 50 km by van."""
    return OrderInventory(
        functional_unit="One spectacle frame worn for two years",
        parts=(MadePart("frame", "PETG", Estimate.exact(20.0), 0.1),),
        electricity=(SiteElectricity("nairobi", "KE", False, Estimate.exact(100.0)),),
        legs=(FreightLeg("van", 100.0, 50.0),),
        central=central_alternative(NAIROBI, retail_price_usd=Estimate.exact(30.0)),
        price_usd=Estimate.exact(9.0),
        days=Estimate.exact(2.0),
        bought=(BoughtPart("lenses", 20.0),),
        reliability_fraction=0.8,
        packaging_g=30.0,
    )


def by_activity(footprint: Footprint) -> dict[str, float]:
    return {one.activity: one.gco2e.value for one in footprint.contributions}


def test_one_frame_here_agrees_with_the_sum_worked_by_hand() -> None:
    card = account_order(a_spectacle_frame(), draws=50, seed=1)
    # 20 g / 0.8 = 25 g of filament goes through the machine.
    assert by_activity(card.here) == pytest.approx(
        {
            # 0.025 kg x (3400 + 0.24 kWh x 472.94) = 85 + 2.837640
            "material": 87.83764,
            # 0.1 kWh / 0.8 x 84.83
            "electricity": 10.60375,
            # 0.1 kg over 50 km = 0.005 t.km x (631.3 + 150.95)
            "freight": 3.91125,
            # 25e-6 t x (10000 km x 19.77 + 500 km x 125.22) = 4.9425 + 1.56525
            "feedstock-freight": 6.50775,
            # 0.025 kg x 8.98311
            "waste": 0.22457775,
            # 0.03 kg x 1199.725
            "packaging": 35.99175,
        }
    )
    assert card.here.kgco2e.value == pytest.approx(0.14507671775)
    assert card.here.electricity_kwh.value == pytest.approx(0.125)


def test_one_frame_from_the_factory_agrees_with_the_sum_worked_by_hand() -> None:
    card = account_order(a_spectacle_frame(), draws=50, seed=1)
    # 18 g stay in the product; with lenses and board 68 g travel.
    central = by_activity(card.central)
    # 0.018 kg x 3354.28
    assert central["moulding"] == pytest.approx(60.37704)
    # 18e-6 t x 500 km x 125.22
    assert central["feedstock-freight"] == pytest.approx(1.12698)
    # 68e-6 t x 10326 km x 19.77
    assert central["sea-freight"] == pytest.approx(13.88186, rel=1e-6)
    # 68e-6 t x 30 km x 782.25
    assert central["parcel"] == pytest.approx(1.59579)
    # Mombasa to Nairobi is 441 km as the crow flies; 200 + 1.3 x 441 = 773 km
    assert central["road-freight"] == pytest.approx(68e-6 * 773 * 125.22, rel=0.01)


def test_the_energy_of_the_frame_agrees_with_the_sum_worked_by_hand() -> None:
    card = account_order(a_spectacle_frame(), draws=50, seed=1)
    ced = {
        one.activity: one.ced_mj.value
        for one in card.here.contributions
        if one.ced_mj is not None
    }
    assert ced == pytest.approx(
        {
            # 30.24 % of the world's electricity is renewable, 94.02 % of Kenya's: that
            # counts 3.6 MJ/kWh, the rest 9.0
            "material": 0.025 * (82.7 + 0.24 * (0.3024 * 3.6 + 0.6976 * 9.0)),
            "electricity": 0.125 * (0.9402 * 3.6 + 0.0598 * 9.0),
            "freight": 3.91125 / 74.1,
            "feedstock-freight": 6.50775 / 74.1,
        }
    )


def test_what_rests_on_assumptions_is_stated() -> None:
    card = account_order(a_spectacle_frame(), draws=50, seed=1)
    here, central = by_activity(card.here), by_activity(card.central)
    # PETG, filament carriage, resin carriage, inland road and the last van's round
    # are assumed; grid, van, board, moulded plastic, waste and the sea route are not.
    assumed = here["material"] + here["feedstock-freight"]
    assumed += central["feedstock-freight"]
    assumed += central["road-freight"] + central["parcel"]
    whole = sum(here.values()) + sum(central.values())
    assert card.assumed_fraction == pytest.approx(assumed / whole)


def test_every_factor_that_a_contribution_names_comes_with_its_source() -> None:
    card = account_order(a_spectacle_frame(), draws=50, seed=1)
    known = {factor.id for factor in card.factors}
    named = {
        factor_id
        for side in (card.here, card.central)
        for one in side.contributions
        for factor_id in one.factor_ids
    }
    assert named <= known
    assert "material/petg-gwp" in named
    assert all(factor.source for factor in card.factors)


def test_cheaper_and_sooner_for_certain_is_better_in_every_draw() -> None:
    card = account_order(a_spectacle_frame(), draws=50, seed=1)
    assert card.better_here_fraction["price_usd"] == 1.0
    assert card.better_here_fraction["days"] == 1.0


def test_an_unknown_price_is_not_compared_and_the_card_says_so() -> None:
    inventory = replace(a_spectacle_frame(), price_usd=None)
    card = account_order(inventory, draws=50, seed=1)
    assert "price_usd" not in card.better_here_fraction
    assert any("Prices are not compared" in note for note in card.notes)


def test_a_central_product_of_another_mass_is_taken_as_given() -> None:
    days = Estimate.exact(30.0)
    central = central_alternative(
        NAIROBI, days=days, product_mass_g=Estimate(30.0, 27.0, 33.0)
    )
    card = account_order(
        replace(a_spectacle_frame(), central=central), draws=50, seed=1
    )
    # 0.030 kg x 3354.28
    assert by_activity(card.central)["moulding"] == pytest.approx(100.6284)
    assert card.central.days == days


def test_a_leg_that_brings_its_own_account_keeps_it() -> None:
    van = FreightLeg("van", 100.0, 50.0)
    own = FreightLeg("road", 100.0, 500.0, gco2e=Estimate(9.0, 8.0, 11.0))
    walk = FreightLeg("collect", 100.0, 2.0, gco2e=Estimate.exact(0.0))
    inventory = replace(a_spectacle_frame(), legs=(van, own, walk))
    card = account_order(inventory, draws=50, seed=1)
    assert by_activity(card.here)["freight"] == pytest.approx(3.91125 + 9.0)


def test_a_shared_factor_cancels_in_the_comparison() -> None:
    # The same board around both: without plastic, energy and carriage they tie.
    bare = replace(
        a_spectacle_frame(),
        parts=(MadePart("frame", "PETG", Estimate.exact(0.0)),),
        electricity=(),
        legs=(),
        bought=(),
        central=replace(
            a_spectacle_frame().central,
            haul=central_alternative(Place("Shanghai", "CN", 31.23, 121.47)).haul,
        ),
    )
    card = account_order(bare, draws=200, seed=4)
    packaging = {
        side.alternative: one.gco2e
        for side in (card.here, card.central)
        for one in side.contributions
        if one.activity == "packaging"
    }
    assert packaging["here"] == packaging["central"]
    # what is left to central is carriage of the board, so here wins every draw
    assert card.better_here_fraction["kgco2e"] == 1.0


def test_solar_electricity_emits_less_than_the_grid_of_zimbabwe() -> None:
    grid = replace(
        a_spectacle_frame(),
        electricity=(SiteElectricity("s", "ZW", False, Estimate.exact(100.0)),),
    )
    solar = replace(
        grid, electricity=(SiteElectricity("s", "ZW", True, Estimate.exact(100.0)),)
    )
    grid_card = account_order(grid, draws=50, seed=1)
    solar_card = account_order(solar, draws=50, seed=1)
    # 0.125 kWh x (298.44 - 48)
    saved_g = by_activity(grid_card.here)["electricity"]
    saved_g -= by_activity(solar_card.here)["electricity"]
    assert saved_g == pytest.approx(31.305)


def test_an_inventory_without_parts_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one made part"):
        account_order(replace(a_spectacle_frame(), parts=()), draws=10, seed=1)


@pytest.mark.parametrize("fraction", [0.0, -0.1, 1.1, float("nan")])
def test_a_reliability_out_of_range_is_refused(fraction: float) -> None:
    with pytest.raises(InvalidInput, match="reliability_fraction"):
        replace(a_spectacle_frame(), reliability_fraction=fraction)


@pytest.mark.parametrize(
    ("mass_g", "waste"), [(Estimate(1.0, -1.0, 2.0), 0.0), (Estimate.exact(1.0), 1.5)]
)
def test_a_part_with_impossible_figures_is_refused(
    mass_g: Estimate, waste: float
) -> None:
    with pytest.raises(InvalidInput, match="part frame"):
        MadePart("frame", "PLA", mass_g, waste)


def test_negative_energy_is_refused() -> None:
    with pytest.raises(InvalidInput, match="energy_wh"):
        SiteElectricity("s", "KE", False, Estimate(1.0, -1.0, 2.0))


MASSES = st.floats(0.1, 5000)
SHARES = st.floats(0, 0.9)
LEGS = st.lists(
    st.builds(
        FreightLeg,
        st.sampled_from(("collect", "van", "road", "sea", "air")),
        st.floats(0, 1e5),
        st.floats(0, 2e4),
    ),
    max_size=4,
)


@st.composite
def inventories(draw: st.DrawFn) -> OrderInventory:
    mass = Estimate.within(draw(MASSES), 0.9, 1.2)
    energy = Estimate.within(draw(st.floats(0, 1e4)), 0.8, 1.3)
    material = draw(st.sampled_from(("PLA", "PETG", "ABS", "TPU", "PP", "nylon")))
    lat, lon = draw(st.floats(-60, 70)), draw(st.floats(-180, 180))
    return OrderInventory(
        functional_unit="One thing",
        parts=(MadePart("a", material, mass, draw(SHARES)),),
        electricity=(
            SiteElectricity(
                "s", draw(st.sampled_from(("KE", "XX"))), draw(st.booleans()), energy
            ),
        ),
        legs=tuple(draw(LEGS)),
        central=central_alternative(Place("Somewhere", "XX", lat, lon)),
        reliability_fraction=draw(st.floats(0.3, 1)),
    )


@given(inventories(), st.integers(0, 2**31))
@settings(max_examples=40, deadline=None)
def test_contributions_sum_to_the_total(inventory: OrderInventory, seed: int) -> None:
    card = account_order(inventory, draws=40, seed=seed)
    for side in (card.here, card.central):
        summed_g = sum(one.gco2e.value for one in side.contributions)
        assert side.kgco2e.value * 1000 == pytest.approx(summed_g)
        assert 0 <= side.kgco2e.low <= side.kgco2e.high


@given(inventories(), st.integers(0, 2**31))
@settings(max_examples=20, deadline=None)
def test_the_same_seed_gives_the_same_card(
    inventory: OrderInventory, seed: int
) -> None:
    first = account_order(inventory, draws=40, seed=seed)
    assert first == account_order(inventory, draws=40, seed=seed)


@given(inventories(), st.floats(0, 5000))
@settings(max_examples=30, deadline=None)
def test_more_kilometres_never_emit_less(
    inventory: OrderInventory, more_km: float
) -> None:
    # air is counted by haul class, and a long haul emits less per km: leave it out
    legs = tuple(leg for leg in inventory.legs if leg.mode != "air")
    longer = tuple(replace(leg, distance_km=leg.distance_km + more_km) for leg in legs)
    near = account_order(replace(inventory, legs=legs), draws=20, seed=1)
    far = account_order(replace(inventory, legs=longer), draws=20, seed=1)
    assert far.here.kgco2e.value >= near.here.kgco2e.value
    assert far.here.kgco2e.high >= near.here.kgco2e.high


@given(st.lists(st.floats(0, 2e4), max_size=3))
@settings(max_examples=20, deadline=None)
def test_nothing_made_and_nothing_carried_emits_nothing(
    distances_km: list[float],
) -> None:
    nothing = replace(
        a_spectacle_frame(),
        parts=(MadePart("a", "PLA", Estimate.exact(0.0)),),
        electricity=(SiteElectricity("s", "KE", False, Estimate.exact(0.0)),),
        legs=tuple(FreightLeg("van", 0.0, km) for km in distances_km),
        bought=(),
        packaging_g=0.0,
        central=replace(a_spectacle_frame().central, packaging_g=0.0),
    )
    card = account_order(nothing, draws=20, seed=1)
    for side in (card.here, card.central):
        assert side.kgco2e == Estimate.exact(0.0)
        assert side.ced_mj == Estimate.exact(0.0)
        assert side.contributions == ()


def test_two_parts_of_one_name_are_refused() -> None:
    frame = a_spectacle_frame()
    twice = (frame.parts[0], replace(frame.parts[0], mass_g=Estimate.exact(40.0)))
    with pytest.raises(InvalidInput, match="part 'frame': is there twice"):
        replace(frame, parts=twice)


@pytest.mark.parametrize("mass_g", [float("inf"), float("nan"), -1.0])
def test_a_bought_part_or_a_leg_without_a_finite_mass_is_refused(mass_g: float) -> None:
    with pytest.raises(InvalidInput, match="lenses: mass_g"):
        BoughtPart("lenses", mass_g)
    with pytest.raises(InvalidInput, match="leg by van: mass_g"):
        FreightLeg("van", mass_g, 1.0)
    with pytest.raises(InvalidInput, match="leg by van: distance_km"):
        FreightLeg("van", 1.0, mass_g)


def test_endless_feedstock_and_energy_are_refused() -> None:
    endless = Estimate(20.0, 10.0, float("inf"))
    with pytest.raises(InvalidInput, match="part frame: mass_g"):
        MadePart("frame", "PETG", endless)
    with pytest.raises(InvalidInput, match="site nairobi: energy_wh"):
        SiteElectricity("nairobi", "KE", False, endless)


def test_what_is_fetched_is_compared_with_what_is_fetched_too() -> None:
    frame = a_spectacle_frame()
    walked = replace(frame, legs=(FreightLeg("collect", 50.0, 2.0),))
    brought = replace(frame, legs=(FreightLeg("van", 50.0, 2.0),))
    assert (walked.fetched, brought.fetched) == (True, False)
    for inventory in (walked, brought):
        card = account_order(inventory, draws=10, seed=1)
        titles = [one.title for one in card.central.contributions]
        assert ("Van to where it is fetched" in titles) == inventory.fetched
        assert ("Van to the door" in titles) != inventory.fetched
        assert (FETCHED in card.notes) == inventory.fetched
        assert (FETCHED in case_of(inventory, NAIROBI).all_notes) == inventory.fetched


def test_goods_that_stay_where_they_are_are_not_fetched() -> None:
    stays = (FreightLeg("collect", 50.0, 0.0), FreightLeg("van", 50.0, 2.0))
    assert not replace(a_spectacle_frame(), legs=stays).fetched


@pytest.mark.parametrize("country", ["kenya", "ke", ""])
def test_a_country_that_is_no_code_is_refused(country: str) -> None:
    with pytest.raises(InvalidInput, match="no code of ISO 3166-1"):
        SiteElectricity("nairobi", country, False, Estimate.exact(1.0))


def test_radiative_forcing_is_climate_but_no_fuel() -> None:
    # 1 kg over 5000 km: 5 t.km/1000 x 1034.55 g with forcing, 666.46 g without
    flown = replace(a_spectacle_frame(), legs=(FreightLeg("air", 1000.0, 5000.0),))
    card = account_order(flown, draws=50, seed=1)
    carriage = next(c for c in card.here.contributions if c.activity == "freight")
    assert carriage.gco2e.value == pytest.approx(5.0 * 1034.55)
    assert carriage.ced_mj is not None
    assert carriage.ced_mj.value == pytest.approx(5.0 * 666.46 / 74.1)


def with_hours() -> OrderInventory:
    frame = a_spectacle_frame()
    hours = replace(frame.electricity[0], machine_h=Estimate.exact(1.6))
    return replace(frame, electricity=(hours,))


def test_wear_is_counted_on_both_sides_when_hours_are_known() -> None:
    card = account_order(with_hours(), draws=50, seed=1)
    # 1.6 h / 0.8 at 7 kg / 5000 h x 5647.946 g/kg
    assert by_activity(card.here)["tooling"] == pytest.approx(2.0 * 7.9071244)
    # 1 g of steel of the mould, and 18 g x 5 g/kg of the press, at 2863.901 g/kg
    assert by_activity(card.central)["tooling"] == pytest.approx(2.863901 * 1.09)
    assert any("Wear of printer" in note for note in card.notes)


def test_wear_is_left_out_of_both_when_hours_are_not_known() -> None:
    card = account_order(a_spectacle_frame(), draws=50, seed=1)
    assert "tooling" not in by_activity(card.here) | by_activity(card.central)
    assert any("hours are not known" in note for note in card.notes)


def test_a_sites_own_supply_counts_by_its_shares() -> None:
    frame = a_spectacle_frame()
    mixed = replace(
        frame.electricity[0],
        supply=(("electricity/solar", 0.75), ("generation/petroleum", 0.25)),
    )
    card = account_order(replace(frame, electricity=(mixed,)), draws=50, seed=1)
    # 0.125 kWh x (0.75 x 48 + 0.25 x 816)
    assert by_activity(card.here)["electricity"] == pytest.approx(30.0)


@pytest.mark.parametrize("share", [0.5, -0.1, float("nan")])
def test_shares_of_supply_that_do_not_sum_to_one_are_refused(share: float) -> None:
    site = a_spectacle_frame().electricity[0]
    with pytest.raises(InvalidInput, match="sum to 1"):
        replace(site, supply=(("electricity/solar", share),))


def test_endless_hours_are_refused() -> None:
    site = a_spectacle_frame().electricity[0]
    with pytest.raises(InvalidInput, match="machine_h"):
        replace(site, machine_h=Estimate(1.0, 1.0, float("inf")))


def test_a_supply_that_is_not_known_is_refused_by_name() -> None:
    site = replace(a_spectacle_frame().electricity[0], supply=(("fusion", 1.0),))
    with pytest.raises(InvalidInput, match="'fusion' is not known"):
        account_order(
            replace(a_spectacle_frame(), electricity=(site,)), draws=5, seed=1
        )


def test_the_card_tells_hazards_and_what_becomes_of_the_plastic() -> None:
    abs_frame = replace(
        a_spectacle_frame(), parts=(MadePart("frame", "ABS", Estimate.exact(20.0)),)
    )
    card = account_order(abs_frame, draws=5, seed=1)
    assert [one.kind for one in card.hazards] == ["fumes"]
    assert [one.resin_code for one in card.ends_of_life] == ["7"]
