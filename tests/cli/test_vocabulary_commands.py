"""``nearmade materials`` and ``nearmade processes``."""

import json
import re

from click.testing import CliRunner

from nearmade.cli import materials, processes
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.materials import MATERIALS
from nearmade.vocabulary.processes import PROCESSES


def told(*words: str) -> dict[str, object]:
    result = CliRunner().invoke(materials.command, [*words, "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert isinstance(found, dict)
    return found


def listed(*words: str) -> list[dict[str, object]]:
    found = told(*words)["materials"]
    assert isinstance(found, list)
    return found


def test_every_material_is_listed() -> None:
    assert {each["code"] for each in listed()} == set(MATERIALS)


def test_what_holds_80_degrees_on_a_filament_printer_is_listed() -> None:
    wish = ("--process", "FDM", "--property", "heat_deflection_degc >= 80")
    answers = {each["code"]: each["answer"] for each in listed(*wish)}
    assert answers["ABS"] == answers["ASA"] == answers["PEEK"] == "yes"
    assert answers["PA6"] == "unknown"
    assert "PLA" not in answers
    assert "PETG" not in answers
    assert "STEEL" not in answers


def test_a_material_is_told_with_its_substitutes() -> None:
    record = told("polylactide", "--property", "heat_deflection_degc=80")
    assert (record["code"], record["answer"]) == ("PLA", "no")
    offered = record["substitutes"]
    assert isinstance(offered, list)
    assert [each["material"] for each in offered] == ["ASA", "ABS"]


def test_a_material_is_told_whether_the_process_asked_works_it() -> None:
    assert told("PLA", "--process", "FDM")["worked"] is True
    assert told("PLA", "--process", "3DP")["worked"] is True
    assert told("PLA", "--process", "SLA")["worked"] is False
    assert told("PLA")["worked"] is None
    page = CliRunner().invoke(materials.command, ["PLA", "--process", "SLA"]).output
    assert "laser stereolithography does not usually work it" in page
    assert "usually worked by     fused filament fabrication, pellet extrusion" in page


def test_a_sign_against_the_way_that_a_property_counts_is_refused() -> None:
    for wish in ("density_g_cm3 >= 1", "heat_deflection_degc<=80"):
        refused = CliRunner().invoke(materials.command, ["--property", wish]).exception
        assert isinstance(refused, InvalidInput)
        assert "asks the contrary" in refused.message
    light = {each["code"] for each in listed("--property", "density_g_cm3 <= 1")}
    assert light == {each["code"] for each in listed("--property", "density_g_cm3=1")}


def test_people_read_a_page_and_a_table() -> None:
    page = CliRunner().invoke(materials.command, ["pvc"]).output
    assert "PVC: polyvinyl chloride (thermoplastic)" in page
    assert "never by laser: gives off hydrogen chloride" in page
    assert "outdoor               yes" in page
    assert "food_contact" not in page
    assert re.search(r"density_g_cm3 +[0-9.]+ \(typical\)", page)
    assert "typical values, after these but not read again in them" in page
    table = CliRunner().invoke(materials.command, ["--property", "outdoor"]).output
    assert table.index("ASA ") < table.index("PETG ")
    assert "PLA " not in table


def test_wrong_words_are_refused() -> None:
    wrong = CliRunner().invoke(materials.command, ["--property", "edible"])
    assert isinstance(wrong.exception, InvalidInput)
    unheard = CliRunner().invoke(materials.command, ["unobtainium"])
    assert isinstance(unheard.exception, NotFound)
    nothing = CliRunner().invoke(materials.command, ["--process", "wishing"])
    assert isinstance(nothing.exception, NotFound)
    blank = CliRunner().invoke(materials.command, ["--process", ""])
    assert isinstance(blank.exception, NotFound)


def test_the_tree_is_listed_each_process_once() -> None:
    result = CliRunner().invoke(processes.command, [])
    codes = [line.split()[0] for line in result.output.splitlines()]
    assert sorted(codes) == sorted(PROCESSES)
    assert "    FDM " in result.output
    record = json.loads(CliRunner().invoke(processes.command, ["--json"]).output)
    assert len(record["processes"]) == len(PROCESSES)


def test_a_process_is_told_by_any_of_its_names() -> None:
    address = "https://en.wikipedia.org/wiki/Milling_(machining)"
    result = CliRunner().invoke(processes.command, [address, "--json"])
    record = json.loads(result.output)
    assert (record["code"], record["children"]) == ("MILLING", ["CNC-MILLING"])
    assert record["ancestry"] == ["MACHINING"]
    page = CliRunner().invoke(processes.command, ["WEL"]).output
    assert "WELDING: welding" in page
    assert "kinds of it     arc welding (ARC-WELDING)" in page
    assert "ask the author" in CliRunner().invoke(processes.command, ["MEC"]).output
    wrong = CliRunner().invoke(processes.command, ["wishing"])
    assert isinstance(wrong.exception, NotFound)


def test_what_a_process_usually_holds_is_told_with_its_source() -> None:
    record = json.loads(CliRunner().invoke(processes.command, ["SLA", "--json"]).output)
    held = record["usual_tolerance_mm"]
    assert (held["finest"], held["widest"]) == (0.05, 0.15)
    assert held["source"].startswith("typical: ")
    page = CliRunner().invoke(processes.command, ["sla"]).output
    assert "usually holds   +-0.05 to 0.15 mm (typical: " in page
    assert "usually holds" not in CliRunner().invoke(processes.command, ["WEL"]).output
