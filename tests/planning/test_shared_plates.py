"""Parts of one order on common plates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.network_file import load_network
from nearmade.facilities.facility import Facility, Feedstock
from nearmade.matching.verdict import Match
from nearmade.planning.earliest_finish import NoRoom, earliest_finish
from nearmade.planning.shared_plates import BuildStart, deal_copies, with_builds
from nearmade.planning.site_price import price_site
from nearmade.planning.site_work import Estimator, PartDemand, SiteWork
from nearmade.quoting.level0 import assemble_estimate, estimate_level0
from nearmade.quoting.profiles import PROFILES, find_profile
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import PartName, ProfileId
from tests.planning.test_offers import DEMO_FILE, block, by_id, part
from tests.quoting.parts import EXACT

MK3S_PLA = ProfileId("mk3s-pla-0.20")
MK3S_PETG = ProfileId("mk3s-petg-0.20")
NOON = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def farm() -> Facility:
    """A farm with one MK3S, PLA and PETG on the shelf."""
    found = by_id(load_network(DEMO_FILE), "nairobi-print-farm")
    one = next(m for m in found.machines if "mk3s" in m.id)
    return replace(
        found,
        machines=(replace(one, profiles=(MK3S_PLA, MK3S_PETG)),),
        feedstocks=(Feedstock("PLA", "white", 9e3), Feedstock("PETG", "black", 9e3)),
    )


def work_of(
    farm: Facility,
    demands: Sequence[PartDemand],
    profiles: dict[str, ProfileId] | None = None,
) -> SiteWork:
    chosen = profiles or {}
    matches = {
        demand.name: [
            Match(
                farm,
                machine,
                PROFILES[chosen.get(demand.name, MK3S_PLA)].material,
                chosen.get(demand.name, MK3S_PLA),
                False,
                NOON,
            )
            for machine in farm.machines
        ]
        for demand in demands
    }
    work = earliest_finish(farm, matches, Estimator(demands, PROFILES), 0.0, NOON)
    assert not isinstance(work, NoRoom)
    return work


FRONT, LEFT, RIGHT = (
    part("front", block(140, 50, 4)),
    part("left", block(145, 20, 4)),
    part("right", block(145, 20, 4)),
)


def test_three_parts_on_one_machine_are_one_build_with_one_set_up(
    farm: Facility,
) -> None:
    work = work_of(farm, [FRONT, LEFT, RIGHT])
    assert sum(build.plates for build in work.builds) == pytest.approx(1)
    alone = [work_of(farm, [each]) for each in (FRONT, LEFT, RIGHT)]
    profile = find_profile(MK3S_PLA)
    start_s = profile.power.heatup_s + profile.level0.start_s
    printing_s = sum(build.estimate.time_s.value for build in work.builds)
    assert printing_s == pytest.approx(
        sum(each.builds[0].estimate.time_s.value for each in alone) - 2 * start_s
    )
    # One start and one clearing of five minutes each, and whole steps of five minutes.
    assert work.makespan_s.value == 600 + 300 * math.ceil(printing_s / 300)
    assert work.mass_g().value == pytest.approx(
        sum(each.mass_g().value for each in alone)
        - 2 * profile.level0.start_mm3 * profile.density_g_cm3 / 1000
    )
    # All come off the bed together.
    assert {build.ends_s for build in work.builds} == {work.makespan_s.value}


def test_other_materials_and_other_infill_have_plates_of_their_own(
    farm: Facility,
) -> None:
    mixed = work_of(farm, [FRONT, LEFT], {"front": MK3S_PETG})
    assert [build.plates for build in mixed.builds] == [1, 1]
    dense = replace(LEFT, infill_fraction=0.5)
    assert [b.plates for b in work_of(farm, [FRONT, dense]).builds] == [1, 1]


def test_plates_of_several_parts_are_paid_in_shares_that_sum_to_them(
    farm: Facility,
) -> None:
    # 240 x 150 mm fill a plate alone, and leave 46 mm for the temples.
    slabs = part("slab", block(240, 150, 2), quantity=3)
    work = work_of(farm, [slabs, LEFT, RIGHT])
    assert sum(build.plates for build in work.builds) == pytest.approx(3)
    assert [build.copies for build in work.builds] == [(3,), (1,), (1,)]


def test_a_part_beyond_the_profiles_bed_shares_no_plate(farm: Facility) -> None:
    # The machine itself may be larger than the profile says.
    large = part("large", block(300, 20, 4), quantity=2)
    work = work_of(farm, [large, LEFT, RIGHT])
    assert sum(build.plates for build in work.builds) == pytest.approx(3)


def test_set_ups_are_counted_by_plates(farm: Facility) -> None:
    dear = replace(farm, tariff=replace(farm.tariff, setup=farm.tariff.setup + 100))
    rates = latest_rates()

    def more(demands: Sequence[PartDemand]) -> float:
        cheap, costly = (
            price_site(work_of(each, demands), rates, least=False)
            for each in (farm, dear)
        )
        lines = [
            next(item.amount for item in price.items if item.code == "setup")
            for price in (cheap, costly)
        ]
        return float((lines[1] - lines[0]).amount) / 100

    assert more([FRONT, LEFT, RIGHT]) == 1
    assert more([part("slab", block(240, 200, 2), quantity=4)]) == 4


def test_copies_go_where_plates_are_and_all_are_dealt() -> None:
    assert deal_copies(10, [1, 1, 1]) == [4, 3, 3]
    assert deal_copies(73, [1, 1]) == [37, 36]
    assert deal_copies(3, [3]) == [3]


@given(
    plates=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    more=st.integers(0, 1000),
)
def test_every_machine_gets_copies_for_each_of_its_plates(
    plates: list[int], more: int
) -> None:
    quantity = sum(plates) + more
    copies = deal_copies(quantity, plates)
    assert sum(copies) == quantity
    most = -(-quantity // sum(plates))
    for own, number in zip(copies, plates, strict=True):
        assert number <= own <= number * most


@given(
    quantity=st.integers(1, 40),
    share=st.floats(0.05, 1),
    after=st.floats(0.1, 5),
    size=st.floats(3, 60),
)
def test_fewer_builds_take_less_and_intervals_stay_in_order(
    quantity: int, share: float, after: float, size: float
) -> None:
    profile = find_profile(MK3S_PLA)
    estimate = estimate_level0(block(size, size, size), profile, quantity)
    start = BuildStart(20.0, 300.0, Estimate(30, 25, 40))

    def figures(builds: float) -> tuple[float, float, float]:
        moved = with_builds(
            estimate, profile, start, share=share, before=1, after=builds
        )
        for figure in (moved.feedstock_mm3, moved.time_s, moved.energy_wh):
            assert 0 < figure.low <= figure.value <= figure.high
        return moved.feedstock_mm3.value, moved.time_s.value, moved.energy_wh.value

    few, many = figures(after), figures(after + 1)
    assert all(less < more for less, more in zip(few, many, strict=True))


def test_half_the_copies_in_half_a_build_take_half() -> None:
    profile = find_profile(MK3S_PLA)
    estimate = assemble_estimate(
        2, profile, 4, 1, volume_mm3=4000, time_s=8000,
        volume_spread=EXACT, time_spread=EXACT,
    )  # fmt: skip
    start = BuildStart(40.0, 350.0, Estimate(20, 15, 25))
    half = with_builds(estimate, profile, start, share=0.5, before=1, after=0.5)
    assert half.time_s.value == pytest.approx(estimate.time_s.value / 2)
    assert half.feedstock_mm3.value == pytest.approx(2000)
    # as half the copies in a whole build, one start less a half: 2000 + 20
    whole = with_builds(estimate, profile, start, share=0.5, before=1, after=1)
    assert whole.feedstock_mm3.value == pytest.approx(2020)


def test_names_are_those_of_the_order(farm: Facility) -> None:
    assert [build.part for build in work_of(farm, [RIGHT, FRONT]).builds] == [
        PartName("right"),
        PartName("front"),
    ]
