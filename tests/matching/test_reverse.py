"""What one site could make, and what to buy, by hand; and that buying loses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.facilities.facility import Facility, Feedstock, Machine
from nearmade.matching.purchases import model_of, purchases
from nearmade.matching.reverse import Opening, Reverse, what_can_be_made
from nearmade.matching.verdict import Requirement
from nearmade.matching.whole_need import (
    ASSEMBLY,
    Component,
    HandWork,
    WholeNeed,
)
from nearmade.quoting.machines import MACHINES
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.identity import DesignId, MachineId, ProfileId
from tests.matching.test_whole_design import (
    BY_HAND,
    LARGE,
    SMALL,
    SOLDER,
    component,
    networks,
    site,
)
from tests.matching.workshops import block

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def design(
    name: str, *components: Component, work: tuple[HandWork, ...] = ()
) -> WholeNeed:
    return WholeNeed(DesignId(name), name.title(), components, (), work, True)


CUP = design("cup", component("cup", 60))
SEAL = design("seal", component("ring", 30, ("TPU",)))
HOSE = design("hose", component("ring", 30, ("TPU",)), component("end", 40))
HOOK = design("hook", component("hook", 40, ("PETG",)))
LAMP = design("lamp", component("base", 60), work=(SOLDER,))
KIT = design("kit", component("box", 60), work=(BY_HAND,))
#: 280 mm and 4 mm of skirt on either side.
LONG = design("long", component("rail", 280))
#: 380 mm: longer than any bed of the machines that the house prints with.
ENDLESS = design("endless", component("rail", 380))


def answer(facility: Facility, *needs: WholeNeed) -> Reverse:
    return what_can_be_made(facility, needs, NOW, profiles=MAKEABLE)


def bought(opening: Opening) -> tuple[str, ...]:
    return tuple(f"{one.kind} {one.code}" for one in opening.purchases)


def test_each_design_is_answered_with_what_lacks_or_what_to_ask() -> None:
    found = answer(site("lab"), CUP, SEAL, LAMP)
    assert [each.verdict for each in found.answers] == ["yes", "no", "unknown"]
    lacks = found.answers[1].judgement.reasons
    assert lacks["ring"][0].rule == "material-missing"
    asks = found.answers[2].judgement.questions
    assert [question.rule for question in asks["SOLDERING"]] == ["service-unknown"]


def test_the_purchase_that_opens_most_comes_first() -> None:
    # TPU opens two designs, PETG and a soldering iron one each, a longer bed one.
    found = answer(site("lab"), CUP, SEAL, HOSE, HOOK, LAMP, LONG)
    first, second, third, *machines = found.openings
    assert (bought(first), first.opens) == (("material TPU",), ("seal", "hose"))
    assert (bought(second), second.opens) == (("material PETG",), ("hook",))
    assert all(each.opens == ("long",) for each in machines[:-1])
    # Beds of 300 and 350 mm; the price in the middle of each band decides.
    assert bought(third) == ("machine ender3max",)
    # Nobody says what hands that solder cost: last of those that open one design.
    assert bought(machines[-1]) == ("service SOLDERING",)


def test_ties_go_to_the_lower_price_and_then_to_the_smaller_step() -> None:
    found = answer(site("lab", SMALL), LONG)
    middles = [sum(one.price_usd) / 2 for one in found.openings if one.price_usd]
    assert middles == sorted(middles)
    keys = [bought(each)[0] for each in found.openings]
    assert set(keys) <= {f"machine {each.key}" for each in MACHINES.values()}
    assert {"machine cr10", "machine ender5plus", "machine ender3max"} == set(keys)


def test_a_site_without_machines_is_told_a_machine_with_a_spool() -> None:
    bare = replace(site("bare"), machines=(), feedstocks=())
    found = answer(bare, CUP, SEAL)
    assert all(len(each.purchases) == 2 for each in found.openings)
    # A spool of PLA with the cheapest printer; TPU needs one with a profile for it.
    assert bought(found.openings[0])[1] == "material PLA"
    assert {each.opens for each in found.openings} == {("cup",), ("seal",)}


def test_what_no_purchase_opens_is_left_closed() -> None:
    found = answer(site("lab"), ENDLESS)
    assert found.openings == ()
    assert found.tried > len(MACHINES) / 3


def test_a_site_that_makes_all_is_told_to_buy_nothing() -> None:
    assert answer(site("lab"), CUP).openings == ()
    assert answer(site("lab")).answers == ()


def test_a_profile_of_the_house_costs_nothing() -> None:
    petg = Feedstock("PETG", "", 500)
    shelf = replace(site("lab"), feedstocks=(petg,))
    (only, *rest) = answer(shelf, HOOK).openings
    assert bought(only) == ("profile PETG",)
    assert only.price_usd == (0, 0)
    # Machines that come with a profile for PETG would do it too, for money.
    assert all(bought(each)[0].startswith(("machine", "material")) for each in rest)


def test_a_nozzle_that_the_house_prints_with_opens_what_the_other_cannot() -> None:
    coarse = Machine(MachineId("lab/1"), "Prusa MK3S+", "FDM", LARGE, 0.6, ())
    lab = replace(site("lab"), machines=(coarse,))
    fine = replace(
        CUP.components[0],
        requirement=replace(CUP.components[0].requirement, detail_mm=0.4),
    )
    found = answer(lab, design("fine", fine))
    assert bought(found.openings[0]) == ("nozzle mk3s/0.4",)


def test_assembly_is_bought_as_hands() -> None:
    found = answer(site("lab", assembles=False), KIT)
    assert [bought(each) for each in found.openings] == [(f"service {ASSEMBLY}",)]


def test_a_machine_is_known_by_its_profiles_or_by_its_name() -> None:
    plain = Machine(MachineId("a/1"), "creality  ender-3 ", "FDM", SMALL, 0.4, ())
    named = model_of(plain)
    assert named is not None
    assert named.key == "ender3"
    by_profile = model_of(replace(plain, profiles=(ProfileId("mini-pla-0.20"),)))
    assert by_profile is not None
    assert by_profile.key == "mini"
    own = replace(plain, profiles=(ProfileId("ours-pla-0.20"),))
    assert model_of(own) == named
    assert model_of(replace(plain, make_model="Ender")) is None


def test_another_process_may_be_bought() -> None:
    etched = Requirement("mask", block(40, 40, 3), "MILLING", ("POM",), 1, 20)
    lab = replace(site("lab"), feedstocks=(Feedstock("POM", "", 500),))
    found = answer(lab, design("mask", Component("Mask", etched)))
    assert {bought(each)[0] for each in found.openings} == {
        "machine vmc-small",
        "machine mill-bench",
    }
    assert all(each.price_usd is None for each in found.openings)


catalogues = st.lists(
    st.sampled_from([CUP, SEAL, HOSE, HOOK, LAMP, KIT, LONG, ENDLESS]),
    unique_by=lambda one: one.design_id,
    min_size=1,
    max_size=6,
)


def makes(facility: Facility, needs: list[WholeNeed]) -> set[str]:
    found = what_can_be_made(facility, needs, NOW, profiles=MAKEABLE)
    return {a.need.design_id for a in found.answers if a.verdict == "yes"}


@settings(max_examples=25)  # each matches the catalogue several times
@given(networks.filter(bool), catalogues, st.data())
def test_buying_never_loses_a_design_and_opens_what_was_said(
    network: list[Facility], catalogue: list[WholeNeed], data: st.DataObject
) -> None:
    facility = network[0]
    found = what_can_be_made(facility, catalogue, NOW, profiles=MAKEABLE)
    before = makes(facility, catalogue)
    thing = data.draw(st.sampled_from(purchases(facility, catalogue, MAKEABLE)))
    after = makes(thing.after, catalogue)
    assert before <= after
    said = {
        one.code: each.opens
        for each in found.openings
        if len(each.purchases) == 1
        for one in each.purchases
        if one.kind == thing.kind
    }
    assert set(said.get(thing.code, ())) == after - before
    if len(found.openings) > 0 and len(found.openings[0].purchases) == 1:
        assert len(found.openings[0].opens) >= len(after - before)
