"""Every machine of the demo network asked for one part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nearmade.adapters.network_file import load_network
from nearmade.facilities.facility import Facility
from nearmade.planning.machine_quotes import quote_machines
from nearmade.planning.site_work import PartDemand
from nearmade.quoting.plate import builds_needed
from nearmade.quoting.price import price_build
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.identity import PartName
from tests.quoting.parts import cuboid_facts

DEMO_FILE = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"
MONDAY_NOON = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BOX = PartDemand(
    PartName("box"), "Box", 12, ("PETG",), "FDM", cuboid_facts(60, 40, 25), 0.2
)


@pytest.fixture(scope="module")
def demo() -> Sequence[Facility]:
    return load_network(DEMO_FILE)


def test_each_machine_asks_what_its_price_list_says(demo: Sequence[Facility]) -> None:
    quotes = quote_machines(BOX, demo, MONDAY_NOON, commercial_use=True)
    assert len(quotes.matches) > 50
    for index, match in enumerate(quotes.matches):
        build = quotes.market.build(index)
        plates = builds_needed(
            BOX.facts.extents_mm, PROFILES[match.profile_id], BOX.quantity
        )
        price = price_build(
            [build], match.facility.tariff, [match.material], builds=plates
        )
        assert quotes.market.price(index) == (price.total, price.low, price.high)
        assert PROFILES[match.profile_id].material == "PETG"
        assert (build.quantity, build.profile_id) == (12, match.profile_id)


def test_each_facility_answers_or_is_refused_with_reasons(
    demo: Sequence[Facility],
) -> None:
    quotes = quote_machines(BOX, demo, MONDAY_NOON, commercial_use=True)
    asked = {match.facility.id for match in quotes.matches}
    refused = {refusal.facility_id for refusal in quotes.refusals}
    assert asked | refused == {each.id for each in demo}
    assert not asked & refused
    assert all(refusal.reasons for refusal in quotes.refusals)


def test_a_price_list_without_the_material_is_a_reason(
    demo: Sequence[Facility],
) -> None:
    first = quote_machines(BOX, demo, MONDAY_NOON, commercial_use=True).matches[0]
    tariff = replace(first.facility.tariff, material_gram={})
    poor = replace(first.facility, tariff=tariff)
    quotes = quote_machines(BOX, [poor], MONDAY_NOON, commercial_use=True)
    assert quotes.matches == ()
    assert [reason.rule for reason in quotes.refusals[0].reasons] == [
        "material-unpriced"
    ]
