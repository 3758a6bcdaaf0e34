"""The names of materials that a request may use."""

from __future__ import annotations

import pytest

from nearmade.facilities.facility import Feedstock
from nearmade.matching.material_gates import (
    check_properties,
    property_findings,
    suitable_materials,
)
from nearmade.matching.materials import named_materials, usual_materials
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.matching.workshops import farm


def test_a_material_goes_by_any_of_its_names() -> None:
    assert named_materials(["pla", "Polylactic acid", "aluminum"], []) == (
        "PLA",
        "PLA",
        "ALUMINIUM",
    )


def test_what_lies_on_a_shelf_is_known_as_it_is_written_there() -> None:
    willow = farm(feedstocks=(Feedstock("Willow", "", 900),))
    assert named_materials(["willow"], [willow]) == ("Willow",)


def test_a_material_that_nobody_knows_is_refused_with_those_near() -> None:
    with pytest.raises(NotFound, match=r"near it (is|are) PETG"):
        named_materials(["PETGG"], [])


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("density_g_cm3", -1),
        ("density_g_cm3", 0),
        ("density_g_cm3", float("inf")),
        ("heat_deflection_degc", float("nan")),
        ("heat_deflection_degc", -300.0),
    ],
)
def test_a_figure_that_no_material_can_have_is_no_wish(
    name: str, figure: float
) -> None:
    with pytest.raises(InvalidInput, match="must be above 0, and finite"):
        check_properties({name: figure})


def test_every_material_with_a_print_profile_is_known_by_the_vocabulary_alone() -> None:
    assert named_materials(["tpu", "Asa"], []) == ("TPU", "ASA")


def test_a_process_that_prints_no_pla_brings_what_it_works() -> None:
    assert usual_materials("FDM") == usual_materials("3DP") == ("PLA",)
    assert set(usual_materials("MJF")) == {"PA12", "PA11"}


def test_materials_that_surely_suit_come_before_those_that_may() -> None:
    names = suitable_materials({"heat_deflection_degc": 110})
    assert "PLA" not in names  # 55 degC
    assert names.index("PC") < names.index("PA6")  # 113 degC; the grade decides


def test_a_property_that_a_material_has_gives_nothing_to_say() -> None:
    wanted = {"flexible": True, "outdoor": True}
    said = [each.message for each in property_findings(["SILICONE", "LEATHER"], wanted)]
    assert said == ["needs outdoor; nothing is known of it for LEATHER"]
