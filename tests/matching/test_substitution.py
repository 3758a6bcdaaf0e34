"""Which material may stand in for another."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.matching.material_gates import NO, YES, property_level
from nearmade.matching.substitution import substitutes, substitutes_by
from nearmade.matching.substitution_rules import RULES
from nearmade.vocabulary.materials import MATERIALS, find_material
from nearmade.vocabulary.processes import satisfies


def names(material: str, process: str = "FDM", **properties: object) -> list[str]:
    return [each.material for each in substitutes(material, process, properties)]


def test_petg_may_replace_pla_and_says_why_and_where_not() -> None:
    (petg,) = (s for s in substitutes("PLA", "FDM") if s.material == "PETG")
    # Prusament's sheets: 68 degC and 55 degC at 0.45 MPa
    assert "typically holds 13 degC more (68 against 55)" in petg.reason
    assert "prints slower" in petg.reason
    assert "not where it must stay stiff under steady load" in petg.reason
    assert petg.source


def test_a_cooler_material_is_offered_with_its_limit() -> None:
    (pla,) = (s for s in substitutes("PETG", "FDM") if s.material == "PLA")
    assert "only where it stays below 55 degC (it was 68)" in pla.reason


@pytest.mark.parametrize(
    ("material", "needs", "offered"),
    [
        # 80 degC: PETG's 68 falls out, ABS (90) and ASA (93) stay
        ("PLA", {"heat_deflection_degc": 80}, ["ASA", "ABS"]),
        # nothing that rules know holds 150 degC in place of PLA
        ("PLA", {"heat_deflection_degc": 150}, []),
        # in the sun: ASA for sure, PETG and PC only if the maker says so, ABS never
        ("PLA", {"outdoor": True}, ["ASA", "PETG"]),
        ("PETG", {"outdoor": True}, ["ASA", "PC"]),
        ("PETG", {"flexible": False}, ["ASA", "PLA", "ABS", "PC"]),
        # TPU bends; nothing stands in for it
        ("TPU", {}, []),
    ],
)
def test_what_the_part_needs_decides(
    material: str, needs: dict[str, object], offered: list[str]
) -> None:
    assert names(material, "FDM", **needs) == offered


def test_the_process_must_work_it_too() -> None:
    assert names("RESIN", "SLA") == ["RESIN-TOUGH", "RESIN-HIGH-TEMP"]
    assert names("RESIN", "FDM") == []
    assert names("PLA", "3DP") == ["PETG", "ASA", "ABS"]
    assert names("steel", "LASER-CUTTING") == ["STAINLESS", "GALVANISED"]
    assert names("steel", "MILLING") == ["STAINLESS"]


def test_weight_is_told_where_it_differs() -> None:
    (steel,) = substitutes("aluminium", "MILLING")
    # 8.0 / 2.7 = 2.963
    assert "weighs 196 % more" in steel.reason
    (pla,) = (s for s in substitutes("PETG") if s.material == "PLA")
    assert "weighs" not in pla.reason


def test_what_is_not_known_is_asked() -> None:
    (petg,) = (s for s in substitutes("PLA", "FDM", {"food_contact": True})
               if s.material == "PETG")  # fmt: skip
    assert petg.reason.endswith("; ask its maker about food contact")


def test_an_unknown_material_has_no_substitute() -> None:
    assert substitutes("unobtainium") == ()
    assert substitutes_by("FDM", {})("unobtainium") == []


def test_the_look_up_gives_codes_and_reasons() -> None:
    look_up = substitutes_by("FDM", {"heat_deflection_degc": 80})
    assert [code for code, _ in look_up("polylactide")] == ["ASA", "ABS"]


def test_every_rule_names_two_materials_and_its_source() -> None:
    for code, rules in RULES.items():
        assert code in MATERIALS
        for rule in rules:
            assert rule.material in MATERIALS
            assert rule.material != code
            assert rule.gains
            assert rule.not_where
            assert rule.source
            shared = {
                process
                for process in MATERIALS[code].processes
                if any(
                    satisfies(p, process) for p in MATERIALS[rule.material].processes
                )
            }
            assert shared, f"no process works both {code} and {rule.material}"


needs = st.fixed_dictionaries(
    {},
    optional={
        "heat_deflection_degc": st.integers(30, 250),
        "food_contact": st.booleans(),
        "skin_contact": st.booleans(),
        "flexible": st.booleans(),
        "outdoor": st.booleans(),
        "density_g_cm3": st.floats(0.5, 9),
    },
)


@given(st.sampled_from(sorted(MATERIALS)), st.sampled_from(["", "FDM", "SLS"]), needs)
def test_no_required_property_is_lost(
    material: str, process: str, required: dict[str, object]
) -> None:
    for offered in substitutes(material, process, required):
        for key, wanted in required.items():
            one = {key: wanted}
            assert property_level(offered.material, one) != NO
            if property_level(material, one) == YES:
                assert property_level(offered.material, one) == YES


@given(st.sampled_from(sorted(MATERIALS)), needs, needs)
def test_asking_for_more_never_offers_more(
    material: str, some: dict[str, object], more: dict[str, object]
) -> None:
    wider = {each.material for each in substitutes(material, "", some)}
    narrower = {each.material for each in substitutes(material, "", some | more)}
    if all(some[key] == more[key] for key in some.keys() & more.keys()):
        assert narrower <= wider


def test_the_degrees_in_the_reasons_are_those_of_the_table() -> None:
    for code in RULES:
        for offered in substitutes(code):
            told = re.search(r"\((\d+) against (\d+)\)", offered.reason)
            if told:
                now = find_material(offered.material).heat_deflection_degc
                assert (float(told[1]), float(told[2])) == (
                    now, find_material(code).heat_deflection_degc,
                )  # fmt: skip
