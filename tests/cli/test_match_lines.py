"""What people read of an answer, and of matches without a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from nearmade.cli.match_records import answer_lines, match_record
from nearmade.facilities.facility import Facility
from nearmade.matching.verdict import Requirement
from nearmade.planning.matching_answer import MatchingAnswer, answer_part
from nearmade.planning.site_work import PartDemand
from nearmade.quoting.exchange import Rates
from nearmade.vocabulary.identity import FacilityId, PartName
from tests.matching.workshops import MONDAY_NOON, NAIROBI, block, farm, only, shop

RATES = Rates(date(2026, 11, 2), {"EUR": Decimal(1), "USD": Decimal("1.1")}, "by hand")
PLATE = only(process="MILLING", materials=("BRASS",), facts=block(90, 90, 8))


def answer(part: Requirement, *sites: Facility) -> MatchingAnswer:
    demand = PartDemand(
        PartName("plate"),
        "plate",
        part.quantity,
        part.materials,
        part.process,
        part.facts,
        0.2,
    )
    wish = replace(part, mass_g=0.0)
    return answer_part(demand, wish, sites, NAIROBI, MONDAY_NOON, rates=RATES)


def test_a_match_without_a_profile_has_no_price_and_says_so() -> None:
    told = answer(PLATE, shop("CNC-MILLING", "BRASS"))
    record = match_record(told.matches[0])
    assert record["price"] is None
    assert record["score"]["parts"]["cost_usd"] is None
    assert record["builds"] == [
        {
            "machines": ["shop/one"],
            "profile": None,
            "material": "BRASS",
            "turned": False,
        }
    ]
    line = answer_lines(told).splitlines()[1]
    assert line.endswith("0 km  ask for a price: Workhorse, BRASS")


def test_a_long_list_of_reasons_is_cut_and_what_is_left_is_counted() -> None:
    shut = [farm(id=FacilityId(f"shut-{n}"), status="closed") for n in range(50)]
    lines = answer_lines(answer(only(materials=("PLA",)), *shut)).splitlines()
    assert lines[0] == "0 can make it, 50 cannot."
    assert lines[-1] == "... and 10 more; --json has all of them."


def test_what_is_to_be_asked_is_written_with_its_question() -> None:
    lines = answer_lines(answer(only(materials=("PLA",)), farm(machines=())))
    first, second = lines.splitlines()
    assert first == "0 can make it, 0 cannot, 1 do not say enough."
    assert second == (
        "? nairobi: machines-unknown: needs fused filament fabrication (FDM); "
        "the site names no machine; "
        "ask: which machines stand at Nairobi print farm?"
    )
