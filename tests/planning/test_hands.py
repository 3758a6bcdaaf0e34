"""Where hands must do more than put parts together, only who offers that finishes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.network_file import load_network
from nearmade.facilities.facility import Facility, Feedstock
from nearmade.matching.whole_need import ASSEMBLY, HandWork
from nearmade.planning.offers import NetworkQuote, quote_network
from nearmade.vocabulary.place import Place
from tests.planning.test_offers import block, part

DEMO = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"
NAIROBI = Place("Nairobi", "KE", -1.28333, 36.81667)
NOON = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SOLDER = HandWork("SOLDERING", ("solder",), 5)
ASSEMBLE = HandWork(ASSEMBLY, (), 10)


@pytest.fixture(scope="module")
def farm() -> Facility:
    """A print farm that lies near, with enough of everything."""
    known = {str(each.id): each for each in load_network(DEMO)}
    plenty = (Feedstock("PLA", "white", 900), Feedstock("PETG", "clear", 900))
    return replace(known["nairobi-print-farm"], feedstocks=plenty)


def ask(facilities: list[Facility], *hands: HandWork) -> NetworkQuote:
    return quote_network(
        [part("case", block(60, 60, 10))],
        0.0,
        0.0,
        15.0,
        facilities,
        NAIROBI,
        deliver=True,
        now=NOON,
        rates=latest_rates(),
        promise_days=7,
        carbon_price_usd_per_t=100,
        commercial_use=True,
        hands=hands,
    )


def named(farm: Facility, name: str, *services: str) -> Facility:
    machines = tuple(
        replace(each, id=type(each.id)(f"{name}/{number}"))
        for number, each in enumerate(farm.machines)
    )
    return replace(farm, id=type(farm.id)(name), machines=machines, services=services)


def test_only_who_offers_the_hand_work_makes_an_offer(farm: Facility) -> None:
    solders, sands = (
        named(farm, "solders", "SOLDERING"),
        named(farm, "sands", "SANDING"),
    )
    quote = ask([solders, sands, named(farm, "silent")], ASSEMBLE, SOLDER)
    assert [offer.facility.id for offer in quote.offers] == ["solders"]
    rules = {
        refusal.facility_id: [reason.rule for reason in refusal.reasons]
        for refusal in quote.refusals
    }
    assert rules == {"sands": ["service-missing"], "silent": ["service-unknown"]}
    (silent,) = [each for each in quote.refusals if each.facility_id == "silent"]
    assert silent.reasons[0].remedy.startswith("ask: does ")


def test_who_lacks_the_hands_still_makes_parts_for_who_has_them(
    farm: Facility,
) -> None:
    maker, pads = named(farm, "maker", "SANDING"), named(farm, "pads", "SOLDERING")
    quote = ask([maker, pads], ASSEMBLE, SOLDER)
    assert {plan.assembly.facility_id for plan in quote.plans} == {"pads"}
    assert {made.facility_id for plan in quote.plans for made in plan.made} == {
        "maker",
        "pads",
    }


def test_plain_assembly_asks_for_no_list_of_services(farm: Facility) -> None:
    quote = ask([named(farm, "silent")], ASSEMBLE)
    assert [offer.facility.id for offer in quote.offers] == ["silent"]


def test_the_short_list_reaches_for_the_only_hands(farm: Facility) -> None:
    crowd = [named(farm, f"farm-{number}") for number in range(20)]
    dear = named(farm, "dear", "SOLDERING")
    slow = replace(dear, queue_s=86_400)
    quote = ask([*crowd, slow], ASSEMBLE, SOLDER)
    assert {plan.assembly.facility_id for plan in quote.plans} == {"dear"}
