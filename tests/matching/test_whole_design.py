"""A whole design at small networks, by hand, and its laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.designs.design import BomLine, Design, MadePart
from nearmade.facilities.facility import (
    Facility,
    Feedstock,
    Machine,
    OpeningHours,
    PowerSystem,
)
from nearmade.geometry.facts import PartFacts
from nearmade.matching.verdict import Requirement, Wishes
from nearmade.matching.whole_changes import changes_of_uncovered
from nearmade.matching.whole_design import TOGETHER, WholeMatch, whole_design
from nearmade.matching.whole_need import (
    ASSEMBLY,
    Component,
    HandWork,
    WholeNeed,
    whole_need,
)
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import DesignId, FacilityId, MachineId, PartName
from nearmade.vocabulary.identity import ProfileId as P
from nearmade.vocabulary.place import Place
from tests.matching.workshops import TARIFF, block

#: Monday noon in Nairobi.
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

SMALL = (180.0, 180.0, 180.0)
LARGE = (250.0, 210.0, 210.0)


def site(
    name: str,
    bed_mm: tuple[float, float, float] = LARGE,
    materials: tuple[str, ...] = ("PLA",),
    *,
    grams: float = 1000,
    assembles: bool = True,
    services: tuple[str, ...] = (),
) -> Facility:
    """One machine, a kilogram of each material."""
    profiles = tuple(P(f"mk3s-{one.lower()}-0.20") for one in materials)
    return Facility(
        FacilityId(name),
        name.title(),
        "print-farm",
        Place("Nairobi", "KE", -1.28333, 36.81667),
        "active",
        OpeningHours(),
        (Machine(MachineId(f"{name}/1"), "Prusa", "FDM", bed_mm, 0.4, profiles),),
        tuple(Feedstock(one, "", grams) for one in materials),
        TARIFF,
        PowerSystem("grid"),
        assembles=assembles,
        services=services,
    )


def component(
    name: str,
    side_mm: float,
    materials: tuple[str, ...] = ("PLA",),
    *,
    mass_g: float = 100,
) -> Component:
    return Component(
        name.title(),
        Requirement(name, block(side_mm, 20, 20), "FDM", materials, 1, mass_g),
    )


def need(*components: Component, work: tuple[HandWork, ...] = ()) -> WholeNeed:
    return WholeNeed(DesignId("lamp"), "Lamp", components, (), work, True)


LONG = component("arm", 230)  # with 4 mm on each side: 238 mm
SHORT = component("foot", 100)
SOFT = component("ring", 30, ("TPU",))
BY_HAND = HandWork(ASSEMBLY, ("screw together",), 10)
SOLDER = HandWork("SOLDERING", ("solder",), 5)


def ask(wanted: WholeNeed, *facilities: Facility) -> WholeMatch:
    return whole_design(wanted, facilities, NOW, profiles=MAKEABLE)


def test_makers_share_a_design_that_none_makes_alone() -> None:
    lamp = need(LONG, SOFT, work=(BY_HAND,))
    found = ask(lamp, site("long"), site("soft", SMALL, ("TPU",)))
    arm, ring = found.components
    assert (arm.makers, ring.makers) == (("long",), ("soft",))
    assert (found.uncovered, found.alone, found.makers_of_all) == ((), (), ())
    assert found.assemblers == ("long", "soft")
    assert found.verdict == "yes"


def test_who_makes_all_and_assembles_is_named() -> None:
    lamp = need(LONG, SHORT, work=(BY_HAND,))
    hands = site("hands")
    makers_only = site("no-hands", assembles=False)
    found = ask(lamp, hands, makers_only, site("tiny", SMALL))
    assert found.makers_of_all == ("hands", "no-hands")
    assert found.alone == ("hands",)
    assert found.assemblers == ("hands", "tiny")
    lacks = found.judgements[FacilityId("no-hands")].reasons
    assert [(part, r.rule) for part, (r,) in lacks.items()] == [
        (ASSEMBLY, "no-assembly")
    ]
    lacks = found.judgements[FacilityId("tiny")].reasons
    assert [(part, r.rule) for part, (r,) in lacks.items()] == [("arm", "too-large")]


def test_what_nobody_makes_is_said_with_the_nearest_miss() -> None:
    lamp = need(SHORT, SOFT)
    worse = replace(site("worse"), status="closed")
    found = ask(lamp, worse, site("better"))
    assert found.uncovered == ("ring",)
    assert found.verdict == "no"
    nearest = found.components[1].nearest
    assert nearest is not None
    who, reasons = nearest
    assert who == "better"
    assert "material-missing" in {reason.rule for reason in reasons}
    assert found.components[0].nearest is None


def test_a_network_of_nobody_covers_nothing() -> None:
    found = ask(need(SHORT, work=(BY_HAND,)))
    assert (found.uncovered, found.uncovered_work) == (("foot",), (ASSEMBLY,))
    assert (found.verdict, found.components[0].nearest) == ("no", None)


def test_hand_work_that_a_site_does_not_list_is_refused_or_asked() -> None:
    lamp = need(SHORT, work=(BY_HAND, SOLDER))
    silent = site("silent")
    sander = site("sander", services=("SANDING",))
    solderer = site("solderer", services=("SOLDERING",))
    found = ask(lamp, silent, sander, solderer)
    assert found.assemblers == ("solderer",)
    assert found.assemblers_to_ask == ("silent",)
    assert {s: each.verdict for s, each in found.judgements.items()} == {
        "silent": "unknown",
        "sander": "no",
        "solderer": "yes",
    }
    (question,) = found.judgements[FacilityId("silent")].questions["SOLDERING"]
    assert question.ask == "does Silent do soldering?"
    (reason,) = found.judgements[FacilityId("sander")].reasons["SOLDERING"]
    assert reason.message == "needs 5 min of soldering; the site offers SANDING"


def test_a_kind_of_finishing_does_for_finishing_and_not_the_other_way() -> None:
    finishing = need(SHORT, work=(HandWork("FINISHING", (), 0),))
    polishing = need(SHORT, work=(HandWork("POLISHING", (), 0),))
    polisher = site("polisher", services=("POLISHING",))
    finisher = site("finisher", services=("FINISHING",))
    assert ask(finishing, polisher, finisher).assemblers == ("polisher", "finisher")
    assert ask(polishing, polisher, finisher).assemblers == ("polisher",)


def test_no_hand_work_lets_any_site_that_works_bring_the_parts_together() -> None:
    closed = replace(site("closed"), status="closed")
    found = ask(need(SHORT), site("open", assembles=False), closed)
    assert found.assemblers == ("open",)


def test_a_licence_without_pay_keeps_farms_from_assembly_too() -> None:
    asked = replace(SHORT.requirement, commercial_use=False)
    lamp = need(replace(SHORT, requirement=asked), work=(BY_HAND,))
    home = replace(site("home"), kind="home")
    found = ask(lamp, site("farm"), home)
    assert (found.alone, found.assemblers) == (("home",), ("home",))


def test_lots_must_do_for_all_components_together() -> None:
    # 100 g each: two components of PLA from 150 g do not go, from 200 g they do.
    lamp = need(SHORT, component("lid", 50))
    scarce, enough = site("scarce", grams=150), site("enough", grams=200)
    found = ask(lamp, scarce, enough)
    assert found.components[0].makers == ("scarce", "enough")
    assert found.alone == ("enough",)
    (reason,) = found.judgements[FacilityId("scarce")].reasons[TOGETHER]
    assert reason.message == (
        "all components together need 200 g, each from one lot; "
        "the shelf holds 150 g of PLA"
    )


def test_components_take_other_lots_and_other_materials_where_one_is_short() -> None:
    # Both would rather be PLA, of which one lot holds 100 g: one becomes PETG.
    either = ("PLA", "PETG")
    lamp = need(component("foot", 100, either), component("lid", 50, either))
    mixed = site("mixed", materials=either, grams=100)
    two_lots = replace(
        site("two"),
        feedstocks=(Feedstock("PLA", "red", 120), Feedstock("PLA", "blue", 120)),
    )
    assert ask(lamp, mixed, two_lots).alone == ("mixed", "two")
    # The lid may only be PLA, so the foot, which comes first, must leave it.
    picky = need(component("foot", 100, either), component("lid", 50, mass_g=90))
    assert ask(picky, mixed).alone == ("mixed",)


def test_lots_that_cannot_be_shared_out_in_reasonable_time_are_asked_about() -> None:
    # 13 components of 60 g and more, 12 lots of some 100 g: each lot takes one, which
    # is plain to a person and 12! ways to a search.
    parts = [component(f"p{n}", 50, mass_g=60 + n / 10) for n in range(13)]
    lots = tuple(Feedstock("PLA", "", 100 + n / 10) for n in range(12))
    found = ask(need(*parts), replace(site("many"), feedstocks=lots))
    assert found.judgements[FacilityId("many")].verdict == "unknown"
    (question,) = found.judgements[FacilityId("many")].questions[TOGETHER]
    assert question.rule == "stock-together-unknown"
    assert (found.alone, found.makers_of_all) == ((), ())


def test_a_lot_that_no_machine_there_works_is_no_help() -> None:
    either = ("PLA", "TPU")
    lamp = need(component("foot", 100, either), component("lid", 50, either))
    lots = (Feedstock("PLA", "", 150), Feedstock("TPU", "", 500))
    pla_only = replace(site("pla"), feedstocks=lots)
    assert TOGETHER in ask(lamp, pla_only).judgements[FacilityId("pla")].reasons


def test_a_colour_is_asked_of_the_very_lot() -> None:
    red = replace(SHORT.requirement, colour="red")
    lamp = need(replace(SHORT, requirement=red), component("lid", 50))
    lots = (Feedstock("PLA", "blue", 120), Feedstock("PLA", "red", 120))
    assert ask(lamp, replace(site("two"), feedstocks=lots)).alone == ("two",)
    # Of 220 g one lot is red: both components would have to share 120 g of it.
    reds = need(*(replace(c, requirement=replace(c.requirement, colour="red"))
                  for c in lamp.components))  # fmt: skip
    assert ask(reds, replace(site("two"), feedstocks=lots)).alone == ()


def test_hand_work_that_nobody_does_has_a_nearest_miss_and_who_to_ask() -> None:
    lamp = need(SHORT, work=(SOLDER,))
    sander = site("sander", services=("SANDING",))
    (found,) = ask(lamp, sander, site("silent")).work
    assert (found.hands, found.to_ask) == ((), ("silent",))
    assert found.nearest is not None
    assert found.nearest[0] == "sander"
    (found,) = ask(lamp, site("solderer", services=("SOLDERING",))).work
    assert found.nearest is None


def test_a_component_that_may_be_made_names_whom_to_ask() -> None:
    exact = replace(SHORT.requirement, tolerance_mm=0.1)
    found = ask(need(replace(SHORT, requirement=exact)), site("lab"))
    assert found.components[0].to_ask == ("lab",)
    assert (found.verdict, found.uncovered) == ("unknown", ("foot",))


def test_a_design_without_hand_work_asks_for_none() -> None:
    plain = replace(LANTERN, bom=(), assembly_minutes=0.0)
    assert whole_need(plain, FACTS, profiles=MAKEABLE).work == ()
    # Lines that say more minutes than the manifest are believed.
    short = replace(LANTERN, assembly_minutes=1.0)
    minutes = {w.service: w.minutes for w in
               whole_need(short, FACTS, profiles=MAKEABLE).work}  # fmt: skip
    assert minutes == {ASSEMBLY: pytest.approx(6), "SOLDERING": 5}


def made(name: str, quantity: int = 1) -> MadePart:
    return MadePart(PartName(name), name.title(), quantity, "3DP", ("PLA",), 0.2)


LANTERN = Design(
    id=DesignId("lantern"),
    version="1",
    title="Lantern",
    summary="",
    function="",
    licence="CC-BY-NC-4.0",
    licensor="",
    purpose="",
    main="",
    parameters=(),
    presets={},
    parts=(made("base"), made("foot", 3)),
    bom=(
        BomLine("screw", 4, "pcs", "bought", 0.05, 0.5),
        BomLine("cell", 1, "pcs", "bought"),
        BomLine("solder the wires", 5, "min", "work", service="SOLDERING"),
        BomLine("close it", 0.1, "h", "work"),
    ),
    assembly_minutes=15,
)
FACTS: dict[PartName, PartFacts] = {
    PartName("base"): block(60, 60, 20),
    PartName("foot"): block(10, 10, 10),
}


def test_a_need_counts_products_bought_things_and_minutes() -> None:
    whole = whole_need(LANTERN, FACTS, profiles=MAKEABLE, quantity=2)
    assert [c.requirement.quantity for c in whole.components] == [2, 6]
    assert whole.commercial_use is False
    # 8 screws of 0.05 USD and 0.5 g; of the cells nobody says price or mass.
    assert whole.bought_usd == pytest.approx(0.4)
    assert whole.bought_g == 4.0
    assert whole.unpriced == ("cell",)
    # 15 min in all: 5 of soldering, 6 named as assembly, 4 more of the same.
    assert {each.service: each.minutes for each in whole.work} == {
        ASSEMBLY: pytest.approx(20),
        "SOLDERING": 10,
    }


def test_a_part_weighs_no_more_than_the_block_it_is() -> None:
    whole = whole_need(LANTERN, FACTS, profiles=MAKEABLE)
    base = whole.components[0].requirement
    # 72 cm3 of solid PLA at 1.24 g/cm3 are 89 g; 20 % of that is the least inside.
    assert 0.2 * 89 < base.mass_g < 89


def test_a_need_without_facts_or_products_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no facts of foot"):
        whole_need(LANTERN, {PartName("base"): block(1, 1, 1)}, profiles=MAKEABLE)
    with pytest.raises(InvalidInput, match="must be 1 or more"):
        whole_need(LANTERN, FACTS, profiles=MAKEABLE, quantity=0)


def test_wishes_hold_for_components_and_for_the_place_of_assembly() -> None:
    wishes = Wishes(
        colour="red",
        certifications=("ISO 13485",),
        visits=True,
        barred_countries=("FR",),
        needed_by=NOW,
    )
    whole = whole_need(LANTERN, FACTS, profiles=MAKEABLE, wishes=wishes)
    for each in whole.components:
        assert each.requirement.colour == "red"
        assert each.requirement.barred_countries == ("FR",)
        assert each.requirement.visits is False
    assert whole.place.visits is True
    # A product of one part and no work comes from its maker alone.
    alone = replace(LANTERN, bom=(), assembly_minutes=0.0, parts=(made("base"),))
    (only,) = whole_need(alone, FACTS, profiles=MAKEABLE, wishes=wishes).components
    assert only.requirement.visits is True


def test_who_asks_for_work_without_pay_gets_it_whatever_the_licence() -> None:
    free = replace(LANTERN, licence="CC0-1.0")
    assert whole_need(free, FACTS, profiles=MAKEABLE).commercial_use is True
    wished = Wishes(non_commercial=True)
    whole = whole_need(free, FACTS, profiles=MAKEABLE, wishes=wished)
    assert whole.commercial_use is False
    assert not any(c.requirement.commercial_use for c in whole.components)


def test_a_certificate_is_asked_of_the_place_of_assembly_by_itself() -> None:
    asked = replace(SHORT.requirement, certifications=("ISO 13485", "ISO 9001"))
    lamp = need(replace(SHORT, requirement=asked), work=(SOLDER,))
    hands = ("SOLDERING",)
    holds = replace(
        site("holds", services=hands), certifications=("iso 9001", "ISO 13485")
    )
    other = replace(site("other", services=hands), certifications=("ISO 9001",))
    found = ask(lamp, holds, other, site("silent", services=hands))
    assert found.assemblers == ("holds",)
    assert found.assemblers_to_ask == ("silent",)
    (work,) = found.work
    (lacks,) = work.judgements[FacilityId("other")].reasons
    assert lacks.rule == "certification-missing"
    assert "needs ISO 13485 where it is brought together" in lacks.message
    (question,) = work.judgements[FacilityId("silent")].questions
    assert question.ask == "does Silent hold ISO 13485, ISO 9001 for its hand work?"


def test_codes_of_okh_are_asked_by_our_own_and_weigh_as_their_densest() -> None:
    cut = replace(made("base"), tsdc="LAS", materials=("ACRYLIC", "PLYWOOD"))
    odd = replace(made("foot"), tsdc="BASKETRY", materials=("Willow",))
    design = replace(LANTERN, parts=(cut, odd))
    base, foot = whole_need(design, FACTS, profiles=MAKEABLE).components
    assert (base.requirement.process, foot.requirement.process) == (
        "LASER-CUTTING",
        "BASKETRY",
    )
    # 72 cm3 of acrylic at 1.19 g/cm3; of willow nobody says how much it weighs.
    assert base.requirement.mass_g == pytest.approx(72 * 1.19)
    assert foot.requirement.mass_g == 0.0


materials = st.lists(
    st.sampled_from(["PLA", "PETG", "TPU"]), min_size=1, max_size=3, unique=True
).map(tuple)
needs = st.builds(
    lambda parts, work: need(
        *(component(f"p{n}", *each, mass_g=150) for n, each in enumerate(parts)),
        work=tuple(work),
    ),
    st.lists(
        st.tuples(st.sampled_from([50.0, 200.0, 230.0, 300.0]), materials),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.sampled_from([BY_HAND, SOLDER]), max_size=2, unique=True),
)
networks = st.lists(
    st.builds(
        lambda name, bed, held, grams, assembles, services: site(
            name, bed, held, grams=grams, assembles=assembles, services=services
        ),
        st.sampled_from("abcdef"),
        st.sampled_from([SMALL, LARGE]),
        materials,
        st.sampled_from([100.0, 200.0, 1000.0]),
        st.booleans(),
        st.sampled_from([(), ("SOLDERING",), ("SANDING",)]),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)


@given(needs, networks)
def test_uncovered_is_exactly_what_nobody_matched(
    wanted: WholeNeed, network: list[Facility]
) -> None:
    found = ask(wanted, *network)
    nobody = {c.component.name for c in found.components if not c.matches}
    assert set(found.uncovered) == nobody
    assert all((c.nearest is None) == bool(c.makers) or not network
               for c in found.components)  # fmt: skip


@given(needs, networks, st.integers(0, 4))
def test_a_design_that_is_covered_stays_covered_when_a_site_is_added(
    wanted: WholeNeed, network: list[Facility], place: int
) -> None:
    extra = site("new", SMALL, ("PETG",), assembles=False, services=("SANDING",))
    before = ask(wanted, *network)
    after = ask(wanted, *network[:place], extra, *network[place:])
    assert set(after.uncovered) <= set(before.uncovered)
    assert set(before.assemblers) <= set(after.assemblers)
    assert set(before.alone) == set(after.alone) - {"new"}
    order = ["no", "unknown", "yes"]
    assert order.index(after.verdict) >= order.index(before.verdict)


@given(needs, networks)
def test_a_change_that_is_offered_covers_what_nobody_makes(
    wanted: WholeNeed, network: list[Facility]
) -> None:
    found = ask(wanted, *network)
    offered = changes_of_uncovered(found, network, NOW, profiles=MAKEABLE)
    assert set(offered) == set(found.uncovered)
    for name, changes in offered.items():
        for change in changes:
            changed = need(Component(name, change.requirement))
            (one,) = whole_design(
                changed, network, change.asked_at, profiles=MAKEABLE
            ).components
            assert set(change.opens) <= set(one.makers)


@given(needs, networks)
def test_who_makes_and_assembles_alone_makes_each_and_assembles(
    wanted: WholeNeed, network: list[Facility]
) -> None:
    found = ask(wanted, *network)
    for name in found.alone:
        assert all(name in c.makers for c in found.components)
        assert name in found.assemblers
        assert name in found.makers_of_all
