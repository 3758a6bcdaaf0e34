"""Published price structures worked by hand, and the one door to every machine."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.facts import PartFacts, Survey
from nearmade.geometry.measure import measure
from nearmade.quoting.processes.catalogue import (
    MACHINES,
    WORDS,
    ProcessMachine,
    estimate_on,
    find_machine,
    materials_of,
    plain_price,
    rates_of,
)
from nearmade.quoting.processes.evidence import LEVELS
from nearmade.quoting.processes.price_structures import (
    STRUCTURES,
    Asked,
    published_prices,
)
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.money import Money
from tests.quoting.parts import cuboid_mesh
from tests.quoting.solids import block, drill, mesh_of

BRICK = cuboid_mesh(50, 40, 20)
PLATE = cuboid_mesh(100, 50, 3)


def asked(
    word: str, quantity: int = 1, *, material: str | None = None, flat: bool = False
) -> Asked:
    mesh = PLATE if flat else BRICK
    machine = find_machine(word)
    return estimate_on(machine, mesh, measure(mesh), quantity, material=material)


def price(name: str, question: Asked) -> Money:
    """Give what the structure whose name begins so comes to."""
    found = [
        each.total
        for each in published_prices(question)
        if each.structure.name.startswith(name)
    ]
    assert len(found) == 1, [each.structure.name for each in published_prices(question)]
    return found[0]


def test_a_brick_of_40_cm3_costs_what_the_sintering_formulas_say() -> None:
    question = asked("sls")
    # 3YOURMIND: 5 x (40 x 1.02 x 0.06 + 40 cm3 of 41,009.6 x 14 h x 50) = 15.65.
    assert price("3YOURMIND", question) == Money(1565, "EUR")
    # AMFG: max(4, 23) + 0.0325 x 40 = 24.30.
    assert price("AMFG", question) == Money(2430, "XXX")
    # 3D People: 51 x 41 x 21 x 0.00011 = 4.83.
    assert price("3D People", question) == Money(483, "GBP")
    assert price("Shapeways", question) == Money(500, "USD")


def test_the_example_of_the_page_comes_out_as_printed() -> None:
    # Phasio: 210 cm3, five of them: 53.80 each; fifty: 35.46 each.
    few, many = (replace(asked("mjf", count), hull_mm3=210_000.0) for count in (5, 50))
    assert price("Phasio", few) == Money(5 * 5380, "EUR")
    assert price("Phasio", many).minor >= 50 * 3546
    # Nobody pays less for fifty than for forty-nine.
    fewer = replace(asked("mjf", 49), hull_mm3=210_000.0)
    assert price("Phasio", many).minor >= price("Phasio", fewer).minor


def test_resin_is_priced_by_volume_and_surface() -> None:
    # 3YOURMIND: 5 x ((40 + supports) x 1.12 x 0.12 + 7600 mm2 x 1e-5 h x 32);
    # 2000 mm2 look down: 3.18 cm3 of supports. 29.02 + 12.16.
    assert price("3YOURMIND", asked("sla")).minor == pytest.approx(4118, abs=2)


def test_cutting_is_priced_by_length_or_by_the_minute() -> None:
    one, many = (asked("laser", count, flat=True) for count in (1, 100))
    # Pololu: 300 mm are 11.81 inches, 1.77; 0.054 square feet, 0.27; 25 at least.
    assert price("Pololu", one) == Money(2500, "USD")
    assert price("Pololu", many).minor == pytest.approx(100 * 204, abs=20)
    # Exeter Laser: 10 minutes at least.
    assert price("Exeter", one) == Money(1000, "GBP")
    # A plate of 6 mm is not what Pololu's price speaks of.
    thick = cuboid_mesh(100, 50, 6)
    question = estimate_on(find_machine("laser"), thick, measure(thick))
    names = [each.structure.name for each in published_prices(question)]
    assert names == ["Exeter Laser, machine time"]


def test_every_structure_names_a_process_and_a_source() -> None:
    for structure in STRUCTURES:
        assert set(structure.processes) <= set(WORDS.values())
        assert structure.evidence.level == "formula"


@given(
    st.sampled_from(sorted(set(WORDS) - {"mill"})),
    st.integers(1, 120),
    st.integers(1, 30),
)
def test_no_published_price_falls_with_quantity(
    word: str, quantity: int, more: int
) -> None:
    few, many = (
        {
            each.structure.name: each.total.minor
            for each in published_prices(asked(word, count, flat=word == "laser"))
        }
        for count in (quantity, quantity + more)
    )
    assert few.keys() == many.keys()
    assert all(few[name] <= many[name] for name in few)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.id)
def test_every_machine_makes_a_plate_of_every_material_it_works(
    machine: ProcessMachine,
) -> None:
    mesh = cuboid_mesh(60, 40, 2)
    for material in materials_of(machine):
        question = estimate_on(machine, mesh, measure(mesh), 2, material=material)
        rates = rates_of(machine, material)
        total = plain_price(question, rates)
        assert 0 < total.low.minor <= total.total.minor <= total.high.minor
        for figure in question.estimate.figures().values():
            assert figure.evidence.level in LEVELS
            assert figure.evidence.source


def test_the_plain_price_is_hours_grams_and_hands() -> None:
    question = asked("sla")
    rates = rates_of(find_machine("sla"), "RESIN")
    hours, grams, hands = (
        figure.estimate.value
        for figure in (
            question.estimate.time_s,
            question.estimate.mass_g,
            question.estimate.hands_s,
        )
    )
    expected = hours / 3600 * 6 + grams * 0.12 + hands / 3600 * 30
    total = plain_price(question, rates)
    assert float(total.total.amount) == pytest.approx(expected, abs=0.02)
    free = plain_price(question, rates, machine_hour=Decimal(0), gram=Decimal(0))
    assert float(free.total.amount) == pytest.approx(hands / 3600 * 30, abs=0.01)


def test_the_first_machine_is_taken_where_none_is_named() -> None:
    assert find_machine("sla").id == "form-3-0.10"
    assert find_machine("dlp", "mars-3-0.05").title.startswith("Elegoo Mars 3")


def test_unknown_names_are_told_with_those_known() -> None:
    with pytest.raises(NotFound, match="sla, dlp, sls, mjf, laser, mill"):
        find_machine("ebm")
    with pytest.raises(NotFound, match="formiga-p110"):
        find_machine("sls", "form-3-0.10")
    with pytest.raises(InvalidInput, match="it works PA12") as refusal:
        asked("sls", material="STEEL")
    assert refusal.value.remedy == "take PA12, or another machine"


def test_what_is_no_sheet_is_refused_by_the_laser_with_its_reason() -> None:
    mesh = mesh_of(block(60, 40, 3) + drill(8, 30, (30, 20, 0)))
    with pytest.raises(InvalidInput, match="steps or pockets") as refusal:
        estimate_on(find_machine("laser"), mesh, measure(mesh))
    assert refusal.value.code == "not-a-sheet"


def test_the_hull_of_the_survey_goes_before_our_own() -> None:
    facts: PartFacts = measure(BRICK)
    question = estimate_on(find_machine("sls"), BRICK, facts)
    assert question.hull_mm3 == pytest.approx(40_000)
    surveyed = replace(
        facts, survey=Survey(True, 41_000.0, (0.0, 0.0, 0.0), (), (), ())
    )
    question = estimate_on(find_machine("sls"), BRICK, surveyed)
    assert question.hull_mm3 == 41_000.0
