"""The columns say what the judge says, and the laws of matching hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nearmade.facilities.facility import Facility
from nearmade.matching.judge import Judge
from nearmade.matching.match import judge_each, match
from nearmade.matching.table import NetworkTable
from nearmade.matching.table_gates import judge_table
from nearmade.matching.verdict import Requirement, Verdict
from nearmade.vocabulary.identity import FacilityId
from tests.matching.drawn import EASY, NETWORKS, REQUIREMENTS, SIDES
from tests.matching.workshops import (
    FRAME,
    MONDAY_NOON,
    NAIROBI_FARM,
    PROFILES,
    block,
    farm,
    only,
)

Network = tuple[Facility, ...]


def verdicts(part: Requirement, network: Network) -> list[Verdict]:
    each = judge_each(part, network, MONDAY_NOON, profiles=PROFILES)
    return [judgement.verdict for judgement in each]


def machines_of(part: Requirement, network: Network) -> set[tuple[FacilityId, int]]:
    """Name the machines that can make it, by site and place in it."""
    return {
        (site.id, site.machines.index(found.machine))
        for site, judgement in zip(
            network,
            judge_each(part, network, MONDAY_NOON, profiles=PROFILES),
            strict=True,
        )
        for found in judgement.matches
    }


@given(REQUIREMENTS, NETWORKS)
def test_the_columns_give_the_verdicts_of_the_judge(
    part: Requirement, network: Network
) -> None:
    table = NetworkTable.of(network, PROFILES)
    judged = judge_table(part, table, MONDAY_NOON)
    told = [judged.verdict(number) for number in range(len(network))]
    assert told == verdicts(part, network)


@given(EASY, NETWORKS)
def test_the_columns_agree_also_for_parts_that_ask_little(
    part: Requirement, network: Network
) -> None:
    judged = judge_table(part, NetworkTable.of(network, PROFILES), MONDAY_NOON)
    told = [judged.verdict(number) for number in range(len(network))]
    assert told == verdicts(part, network)


@given(REQUIREMENTS, NETWORKS)
def test_every_refusal_has_a_reason_and_every_unknown_a_question(
    part: Requirement, network: Network
) -> None:
    for each in judge_each(part, network, MONDAY_NOON, profiles=PROFILES):
        spoken = [bool(each.matches), bool(each.reasons), bool(each.questions)]
        assert sum(spoken) == 1


@given(EASY, NETWORKS, SIDES, st.integers(0, 2))
def test_a_bigger_build_volume_never_loses_a_match(
    part: Requirement, network: Network, more_mm: float, axis: int
) -> None:
    def bigger(site: Facility) -> Facility:
        machines = []
        for machine in site.machines:
            box = list(machine.build_volume_mm)
            box[axis] += more_mm
            machines.append(replace(machine, build_volume_mm=(box[0], box[1], box[2])))
        return replace(site, machines=tuple(machines))

    grown = tuple(bigger(site) for site in network)
    assert machines_of(part, network) <= machines_of(part, grown)


@given(REQUIREMENTS, NETWORKS, st.sampled_from(["PLA", "PEEK", "ASA", "Straw"]))
def test_allowing_another_material_never_loses_a_match(
    part: Requirement, network: Network, name: str
) -> None:
    if not part.materials:
        return
    wider = replace(part, materials=(*part.materials, name))
    assert machines_of(part, network) <= machines_of(wider, network)


@given(REQUIREMENTS, NETWORKS, st.sampled_from(["PLA", "PEEK", "ASA", "Straw"]))
def test_a_machine_that_works_one_material_more_loses_no_match(
    part: Requirement, network: Network, name: str
) -> None:
    def richer(site: Facility) -> Facility:
        machines = tuple(
            replace(machine, materials=(*machine.materials, name))
            for machine in site.machines
        )
        return replace(site, machines=machines)

    more = tuple(richer(site) for site in network)
    assert machines_of(part, network) <= machines_of(part, more)


@given(REQUIREMENTS, NETWORKS, st.data())
def test_closing_a_site_loses_exactly_its_own_matches(
    part: Requirement, network: Network, data: st.DataObject
) -> None:
    shut = data.draw(st.sampled_from(network)).id
    after = tuple(
        replace(site, status="closed") if site.id == shut else site for site in network
    )
    kept = {found for found in machines_of(part, network) if found[0] != shut}
    assert machines_of(part, after) == kept


@given(REQUIREMENTS, NETWORKS)
def test_each_site_is_judged_as_if_it_were_alone(
    part: Requirement, network: Network
) -> None:
    judge = Judge(part, MONDAY_NOON, PROFILES)
    alone = [
        judge_each(part, [site], MONDAY_NOON, profiles=PROFILES)[0] for site in network
    ]
    assert [judge.judge(site) for site in network] == alone


def test_an_empty_network_is_judged_to_nothing() -> None:
    judged = judge_table(FRAME, NetworkTable.of((), PROFILES), MONDAY_NOON)
    assert (judged.of("yes"), judged.of("no"), judged.of("unknown")) == ((), (), ())


def test_words_are_made_for_the_site_that_is_asked_about() -> None:
    small = farm(id=FacilityId("small"), machines=(NAIROBI_FARM.machines[0],))
    empty = farm(id=FacilityId("empty"), machines=())
    table = NetworkTable.of((NAIROBI_FARM, small, empty), PROFILES)
    judged = judge_table(only(facts=block(208, 20, 10)), table, MONDAY_NOON)
    assert judged.of("yes") == ("nairobi",)
    assert judged.of("no") == ("small",)
    assert judged.of("unknown") == ("empty",)
    assert judged.failed(1) == ("size",)
    (reason,) = judged.explain(1).reasons
    assert reason.message.startswith("needs 216 mm along x; bed 180 mm")


def test_what_is_unknown_is_refused_by_match_with_the_question_as_remedy() -> None:
    strict = only(tolerance_mm=0.1)
    matches, refusals = match(strict, [NAIROBI_FARM], MONDAY_NOON, profiles=PROFILES)
    assert matches == ()
    first = refusals[0].reasons[0]
    assert first.rule == "tolerance-unknown"
    assert first.remedy == "ask: what tolerance does the Prusa MINI+ hold?"


def test_the_moment_is_counted_in_any_zone() -> None:
    table = NetworkTable.of((NAIROBI_FARM,), PROFILES)
    friday_evening = datetime(2026, 11, 6, 17, 0, tzinfo=UTC)
    part = only(needed_by=datetime(2026, 11, 9, 4, 59, tzinfo=UTC))
    assert judge_table(part, table, friday_evening).failed(0) == ("time",)
    later = only(needed_by=datetime(2026, 11, 9, 5, 0, tzinfo=UTC))
    assert judge_table(later, table, friday_evening).of("yes") == ("nairobi",)
