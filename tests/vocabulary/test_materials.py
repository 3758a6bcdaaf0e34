"""Materials: identity, figures and their sources."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.quoting.materials import MATERIALS as FILAMENTS
from nearmade.quoting.materials import filament_of
from nearmade.quoting.processes import laser_cutting
from nearmade.quoting.processes.catalogue import MACHINES, materials_of
from nearmade.quoting.processes.milling import STOCKS
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.materials import (
    MATERIALS,
    Material,
    find_material,
)
from nearmade.vocabulary.processes import PROCESSES, folded
from tests.shared_data import shared


@pytest.mark.parametrize(
    ("code", "lowest", "highest"),
    [
        # heat deflection at 0.46 MPa, lowest and highest of the plain grades:
        # omnexus.specialchem.com (ABS), alteredrooms.com's survey of filaments
        ("ABS", 68, 100),
        ("PLA", 50, 60),
        ("PETG", 65, 80),
        # Stratasys: PC 138; blends of filament are lower
        ("PC", 90, 138),
        # HP states 175 of jet-fused PA12
        ("PA12", 95, 177),
    ],
)
def test_heat_deflection_lies_within_published_ranges(
    code: str, lowest: float, highest: float
) -> None:
    figure = MATERIALS[code].heat_deflection_degc
    assert figure is not None
    assert lowest <= figure <= highest


@pytest.mark.parametrize(
    ("code", "density"),
    [
        # CRC Handbook, EN 1991-1-1 and Wikipedia's articles, rounded
        ("PLA", 1.24),
        ("ABS", 1.05),
        ("PC", 1.21),
        ("PP", 0.905),
        ("PEEK", 1.32),
        ("HDPE", 0.95),
        ("PVC", 1.4),
        ("ACRYLIC", 1.18),
        ("POM", 1.41),
        ("ALUMINIUM", 2.70),
        ("STEEL", 7.85),
        ("COPPER", 8.96),
        ("ZINC", 7.14),
        ("TITANIUM", 4.43),
        ("GLASS", 2.5),
    ],
)
def test_densities_are_those_of_handbooks(code: str, density: float) -> None:
    assert MATERIALS[code].density_g_cm3 == pytest.approx(density, rel=0.02)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        # Decision 97/129/EC, annexes I to VI
        ("PET", "1"),
        ("HDPE", "2"),
        ("PVC", "3"),
        ("PP", "5"),
        ("HIPS", "6"),
        ("CARDBOARD", "20"),
        ("PAPER", "22"),
        ("STEEL", "40"),
        ("ALUMINIUM", "41"),
        ("SOFTWOOD", "50"),
        ("TEXTILE", "60"),
        ("GLASS", "70"),
    ],
)
def test_recycling_codes_are_those_of_the_decision(code: str, number: str) -> None:
    assert MATERIALS[code].recycling_code == number


def test_what_grades_decide_is_not_known() -> None:
    for code in ("PLA", "PETG", "ABS", "PP"):
        assert MATERIALS[code].food_contact is None
    assert MATERIALS["STAINLESS"].food_contact is True
    assert MATERIALS["RESIN"].food_contact is False
    assert MATERIALS["RESIN"].skin_contact is False


def test_pvc_warns_of_the_laser() -> None:
    assert any("laser" in each for each in MATERIALS["PVC"].hazards)
    assert "LASER-CUTTING" not in MATERIALS["PVC"].processes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("https://en.wikipedia.org/wiki/Polylactic_acid", "PLA"),
        ("https://en.wikipedia.org/?title=Galvanized_steel&redirect=no", "GALVANISED"),
        ("https://en.wikipedia.org/wiki/Aluminium", "ALUMINIUM"),
        ("aluminum", "ALUMINIUM"),
        ("Nylon", "PA6"),
        ("polylactide", "PLA"),
        ("EN AW-2017A", "ALUMINIUM"),
        ("wood", "SOFTWOOD"),
        ("pet-g", "PETG"),
    ],
)
def test_names_and_addresses_find_their_material(name: str, code: str) -> None:
    assert find_material(name).code == code


def test_an_unknown_material_is_answered_with_those_near() -> None:
    with pytest.raises(NotFound, match=r"near it are.*PETG") as refusal:
        find_material("PETGG")
    assert refusal.value.code == "material-unknown"


def test_every_material_type_that_okw_lists_is_known() -> None:
    text = shared("okh_okw/schemas/okw_v1_specification.md").read_text(encoding="utf-8")
    listed = text.partition("Defined Material Types")[2].partition("Record Data")[0]
    links = re.findall(r"\[([^\]]+)\]\((https://en\.wikipedia[^ ]+) ", listed)
    assert len(links) == 42
    for name, address in links:
        assert find_material(name) is find_material(address), name


def test_every_material_that_the_house_quotes_is_known_alike() -> None:
    for code, filament in FILAMENTS.items():
        assert filament == filament_of(code)
        assert filament.density_g_cm3 == MATERIALS[code].density_g_cm3
    for machine in MACHINES:
        for code in materials_of(machine):
            assert machine.process in MATERIALS[code].processes, (machine.id, code)
    densities = {code: stock.density_g_cm3 for code, stock in STOCKS.items()}
    for cutter in laser_cutting.CUTTERS:
        densities |= {c: cut.density_g_cm3 for c, cut in cutter.materials.items()}
    for code, density in densities.items():
        assert MATERIALS[code].density_g_cm3 == pytest.approx(density), code


def test_what_quoting_lacks_is_refused() -> None:
    with pytest.raises(InvalidInput, match="must be known to quote it"):
        filament_of("PA-CF")


def test_the_table_is_whole() -> None:
    seen: dict[str, str] = {}
    for code, material in MATERIALS.items():
        assert code == material.code
        assert set(material.processes) <= set(PROCESSES)
        for name in (code, material.title, *material.aliases):
            owner = seen.setdefault(folded(name), code)
            assert owner == code, f"{name}: {owner} and {code}"
        printed = material.nozzle_degc is not None
        assert printed is ("FDM" in material.processes), code


@given(st.sampled_from(sorted(MATERIALS)))
def test_every_name_finds_its_own_material(code: str) -> None:
    material = MATERIALS[code]
    for name in (code, material.title, *material.aliases):
        assert find_material(name) is material


def test_a_material_out_of_range_cannot_be_made() -> None:
    pla = MATERIALS["PLA"]
    for change in (
        {"density_g_cm3": 0.0},
        {"price_usd_per_kg": (30, 15)},
        {"source": ""},
    ):
        with pytest.raises(InvalidInput):
            replace(pla, **change)
    assert isinstance(pla, Material)
