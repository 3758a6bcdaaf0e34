"""Matches with their price, and those that cannot be priced or come too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from nearmade.matching.verdict import Requirement
from nearmade.planning.matching_answer import MatchingAnswer, answer_part, mass_of
from nearmade.planning.site_work import PartDemand
from nearmade.quoting.exchange import Rates
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.identity import FacilityId, PartName
from tests.matching.workshops import (
    IN_NAKURU,
    MONDAY_NOON,
    NAIROBI,
    NAIROBI_FARM,
    NAKURU,
    block,
    farm,
    only,
    shop,
    van,
)

RATES = Rates(date(2026, 11, 2), {"EUR": Decimal(1), "USD": Decimal("1.1")}, "by hand")


def demand_of(part: Requirement) -> PartDemand:
    return PartDemand(
        PartName("plate"),
        "plate",
        part.quantity,
        part.materials,
        part.process,
        part.facts,
        0.2,
    )


def answer(part: Requirement, *sites: object, to: object = NAIROBI) -> MatchingAnswer:
    return answer_part(
        demand_of(part),
        replace(part, mass_g=0.0),
        sites,  # type: ignore[arg-type]
        to,  # type: ignore[arg-type]
        MONDAY_NOON,
        rates=RATES,
    )


def test_a_match_has_its_offer_and_the_parts_of_its_score() -> None:
    (found,) = answer(only(materials=("PLA",)), NAIROBI_FARM).matches
    assert found.offer is not None
    assert found.score.cost_usd == found.offer.total_usd.value
    assert found.distance_km == 0.0


def test_a_mill_without_a_profile_matches_and_is_asked_for_its_price() -> None:
    plate = only(process="MILLING", materials=("BRASS",), facts=block(90, 90, 8))
    (found,) = answer(plate, shop("CNC-MILLING", "BRASS")).matches
    assert found.offer is None
    assert found.score.cost_usd is None
    # 9 x 9 x 0.8 cm of brass at 8.4 to 8.73 g/cm3
    mass_g = mass_of(demand_of(plate), MAKEABLE)
    assert 64.8 * 8.4 <= mass_g <= 64.8 * 8.75


def test_stock_is_held_against_the_mass_of_the_full_part() -> None:
    plate = only(
        process="MILLING", materials=("BRASS",), facts=block(90, 90, 8), quantity=10
    )
    # 5,000 g on the shelf, some 5,500 g asked
    (refusal,) = answer(plate, shop("CNC-MILLING", "BRASS")).refusals
    assert [reason.rule for reason in refusal.reasons] == ["stock-too-low"]


def test_what_starts_in_time_and_comes_too_late_is_refused_with_both_moments() -> None:
    soon = only(materials=("PLA",), needed_by=MONDAY_NOON + timedelta(hours=1))
    (refusal,) = answer(soon, NAIROBI_FARM).refusals
    (reason,) = refusal.reasons
    assert reason.rule == "arrives-too-late"
    assert "needed by 2026-11-02 10:00" in reason.message


def test_a_site_without_a_price_for_the_material_is_refused() -> None:
    tariff = replace(NAIROBI_FARM.tariff, material_gram={})
    told = answer(only(materials=("PLA",)), farm(tariff=tariff))
    assert [r.rule for r in told.refusals[0].reasons] == ["material-unpriced"]


def test_a_van_is_priced_from_where_it_stands() -> None:
    on_the_way = replace(IN_NAKURU, starts_at=MONDAY_NOON - timedelta(hours=1))
    (found,) = answer(only(materials=("PLA",)), van(on_the_way), to=NAKURU).matches
    assert found.offer is not None
    assert (found.distance_km, found.offer.distance_km) == (0.0, 0.0)


def test_machines_that_do_not_match_are_not_priced() -> None:
    mini, mk3s = NAIROBI_FARM.machines
    exact = farm(
        id=FacilityId("exact"),
        machines=(mini, replace(mk3s, tolerance_mm=0.1)),
    )
    (found,) = answer(only(materials=("PLA",), tolerance_mm=0.2), exact).matches
    assert found.offer is not None
    assert found.offer.builds[0].machine_ids == (mk3s.id,)


def test_the_colour_asked_for_is_the_one_in_stock() -> None:
    (found,) = answer(only(materials=("PLA",), colour="black"), NAIROBI_FARM).matches
    assert found.offer is not None
    assert [lot.colour for lot in found.offer.facility.feedstocks] == ["black"]
