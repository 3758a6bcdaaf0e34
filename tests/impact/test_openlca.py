"""Writing and reading openLCA's exchange format; what a foreign reader scores."""

from __future__ import annotations

import copy
import json
import math
import os
import subprocess
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.impact.database import (
    Database,
    Exchange,
    Flow,
    Method,
    Process,
    own_database,
)
from nearmade.impact.olca_read import database_from_openlca
from nearmade.impact.olca_words import unit_named, uuid_of
from nearmade.impact.olca_write import openlca_files
from nearmade.impact.study import Study, solve
from nearmade.vocabulary.errors import InvalidInput

GOLDEN = Path(__file__).parent / "golden" / "openlca_readers.json"

Files = dict[str, dict[str, Any]]


def through_json(database: Database) -> Files:
    files: Files = json.loads(json.dumps(openlca_files(database)))
    return files


def a_small_database() -> Database:
    power = Process(
        "power",
        "Power",
        "kWh",
        "KE",
        (Exchange("co2", 84.83, 1.2, "Ember", 2023, "KE", id="power/co2"),),
    )
    steel = Process(
        "steel",
        "Steel",
        "kg",
        "GLO",
        (
            Exchange("power", 3.3, source="assumed: by hand", assumed=True),
            Exchange("co2", -0.1, 2.0, "by hand", drawn_as="twin", boundary="gate"),
            Exchange("heat", 7.0, source="by hand", low=5.0, high=9.0),
        ),
        "metal",
        "A note.",
    )
    flows = {"co2": Flow("co2", "CO2", "g"), "heat": Flow("heat", "Heat", "kWh")}
    methods = {"gwp": Method("gwp", "Climate", "gCO2e", {"co2": 1.0}, "by hand")}
    return Database({"power": power, "steel": steel}, flows, methods)


def test_our_whole_database_comes_back_the_same() -> None:
    back = database_from_openlca(through_json(own_database()))
    assert back.processes == dict(own_database().processes)
    assert back.sha256 == own_database().sha256


def test_spreads_sources_assumptions_and_percentiles_come_back() -> None:
    back = database_from_openlca(through_json(a_small_database()))
    assert back == a_small_database()


def test_grams_are_written_as_kilograms_and_count_the_same() -> None:
    files = through_json(a_small_database())
    power = files[f"processes/{uuid_of('Process', 'power')}.json"]
    emitted = power["exchanges"][1]
    assert (emitted["amount"], emitted["unit"]["name"]) == (0.08483, "kg")
    assert emitted["uncertainty"]["geomMean"] == 0.08483
    category = files[f"lcia_categories/{uuid_of('ImpactCategory', 'gwp')}.json"]
    factor = category["impactFactors"][0]
    assert (factor["value"], factor["unit"]["name"]) == (1000.0, "kg")


def test_another_tools_reader_scores_every_process_as_we_do() -> None:
    golden = json.loads(GOLDEN.read_text("utf-8"))
    database = own_database()
    assert golden["database_sha256"] == database.sha256, (
        "the database changed: run tools/oracles/openlca_readers.py again"
    )
    methods = ("gwp100", "ced")
    demands = {name: {name: 1.0} for name in database.processes}
    ours = solve(Study("One", demands, methods=methods), 1).score
    theirs = golden["brightway"]["scores"]
    for name, process in database.processes.items():
        found = theirs[uuid_of("Flow", f"product:{process.id}")]
        for method in methods:
            # bw2io counts products in the reference unit of their property
            per_reference = ours[name][method] / unit_named(process.unit).factor
            title = database.methods[method].name
            assert math.isclose(
                per_reference, found[title], rel_tol=1e-6, abs_tol=1e-12
            ), (name, method)
    assert golden["brightway"]["unlinked"] == 0


def test_the_tools_own_classes_read_every_entity() -> None:
    golden = json.loads(GOLDEN.read_text("utf-8"))["schema"]
    database = own_database()
    assert golden["processes"] == len(database.processes)
    assert golden["flows"] == len(database.processes) + len(database.flows)
    assert golden["lcia_categories"] == len(database.methods)
    exchanges = sum(len(one.exchanges) + 1 for one in database.processes.values())
    assert golden["exchanges"] == exchanges


def foreign() -> Files:
    """Without our tags, words in descriptions and named providers."""
    files = through_json(a_small_database())
    for path, record in files.items():
        record.pop("tags", None)
        record.pop("description", None)
        if path.startswith("processes/"):
            for exchange in record["exchanges"]:
                exchange.pop("defaultProvider", None)
                exchange["description"] = "measured at\nthe plant"
    return files


def test_what_another_tool_wrote_is_read_by_its_uuids() -> None:
    back = database_from_openlca(foreign())
    steel = back.process(f"olca/{uuid_of('Process', 'steel')}")
    power = f"olca/{uuid_of('Process', 'power')}"
    assert steel.exchanges[0].input == power
    assert steel.exchanges[0].source == "measured at the plant"
    study = Study("Steel", {"a": {steel.id: 1.0}})
    method = f"olca/{uuid_of('ImpactCategory', 'gwp')}"
    # 3.3 x 84.83 - 0.1
    assert solve(study, 3, database=back).score["a"][method] == pytest.approx(279.839)


def test_a_reference_amount_other_than_one_is_divided_out() -> None:
    files = foreign()
    files[f"processes/{uuid_of('Process', 'power')}.json"]["exchanges"][0]["amount"] = (
        4.0
    )
    back = database_from_openlca(files)
    power = back.process(f"olca/{uuid_of('Process', 'power')}")
    # 84.83 g for 4 kWh, counted in kilograms as the archive does
    assert power.exchanges[0].amount == pytest.approx(0.08483 / 4)


def damaged(files: Files, kind: str) -> Files:
    files = copy.deepcopy(files)
    steel = files[f"processes/{uuid_of('Process', 'steel')}.json"]
    first = steel["exchanges"][1]
    damages: dict[str, Any] = {
        "formula": lambda: first.update(amountFormula="2*x"),
        "avoided": lambda: first.update(isAvoidedProduct=True),
        "by-product": lambda: first.update(isInput=False),
        "no reference": lambda: steel["exchanges"][0].update(
            isQuantitativeReference=False
        ),
        "makes 0": lambda: steel["exchanges"][0].update(amount=0),
        "lognormal": lambda: steel["exchanges"][2].update(
            uncertainty={"distributionType": "NORMAL_DISTRIBUTION"}
        ),
        "not finite": lambda: first.update(amount=float("inf")),
        "missing": lambda: first.pop("flow"),
        "wrong kind": lambda: steel.update(exchanges=7),
        "parameters": lambda: steel.update(parameters=[{"name": "x"}]),
        "unit": lambda: first["unit"].update({"@id": "nowhere"}),
        "no unit process": lambda: steel.update(processType="SYSTEM"),
        "reference is no product": lambda: steel["exchanges"][0].update(isInput=True),
        "method": lambda: files[
            f"lcia_categories/{uuid_of('ImpactCategory', 'gwp')}.json"
        ]["impactFactors"][0].update(formula="1+1"),
        "other unit": lambda: files[f"flows/{uuid_of('Flow', 'co2')}.json"].update(
            description="unit: h"
        ),
        "producers": lambda: files.pop(f"processes/{uuid_of('Process', 'power')}.json"),
    }
    damages[kind]()
    return files


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("formula", "formulas"),
        ("avoided", "avoided"),
        ("by-product", "by-product"),
        ("no reference", "0 quantitative"),
        ("makes 0", "makes 0"),
        ("lognormal", "lognormal"),
        ("not finite", "not finite"),
        ("missing", "missing"),
        ("wrong kind", "wrong kind"),
        ("parameters", "parameters"),
        ("unit", "missing"),
        ("no unit process", "no unit process"),
        ("reference is no product", "no product"),
        ("method", "formulas not read"),
        ("other unit", "unit 'h' is not in it"),
        ("producers", "0 producers"),
    ],
)
def test_what_cannot_be_said_is_refused_by_name(kind: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        database_from_openlca(damaged(foreign(), kind))


def test_other_tags_and_files_outside_folders_are_passed_over() -> None:
    files = foreign()
    for record in files.values():
        record["tags"] = ["steel", "2026"]
    files["readme.json"] = {"name": "no entity"}
    assert len(database_from_openlca(files).processes) == 2


def test_an_archive_without_processes_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no processes"):
        database_from_openlca({})


@given(
    st.floats(-1e6, 1e6).map(lambda one: float(f"{one:.12g}") if one**2 > 0 else 0.0),
    st.floats(1, 5),
    st.sampled_from(("kg", "g", "kWh", "t.km", "h", "piece", "lm.s")),
)
@settings(max_examples=50, deadline=None)
def test_any_amount_and_spread_comes_back(
    amount: float, geometric_sd: float, unit: str
) -> None:
    one = Process("one", "One", unit, "GLO", (Exchange("f", amount, geometric_sd),))
    two = Process("two", "Two", "kg", "GLO", (Exchange("one", amount, geometric_sd),))
    flows = {"f": Flow("f", "F", unit)}
    methods = {"m": Method("m", "M", "u", {"f": 1.0}, "by hand")}
    database = Database({"one": one, "two": two}, flows, methods)
    assert database_from_openlca(through_json(database)) == database


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the path of every value inside."""
    inside: list[tuple[Any, ...]] = []
    if isinstance(value, dict | list):
        rows = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in rows:
            inside += [(*path, key), *leaves(one, (*path, key))]
    return inside


PLACES = leaves(foreign())
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_any_damage_is_read_or_refused(
    damages: list[tuple[tuple[Any, ...], Any]],
) -> None:
    files: Any = foreign()
    for path, junk in damages:
        inner = files
        with suppress(LookupError, TypeError):  # an earlier damage took it away
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = junk
    try:
        database = database_from_openlca(files)
    except InvalidInput:
        return
    for method in database.methods.values():
        assert all(math.isfinite(one) for one in method.factors.values())


@pytest.mark.oracle
def test_foreign_readers_still_find_what_was_kept(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    python = Path(
        os.environ.get(
            "NEARMADE_ORACLES_PYTHON", root / ".oracles-venv" / "bin" / "python"
        )
    )
    if not python.exists():
        pytest.skip("the readers are not set up: make oracles")
    archive, out = tmp_path / "archive.zip", tmp_path / "out.json"
    with zipfile.ZipFile(archive, "w") as packed:
        for name, record in openlca_files(own_database()).items():
            packed.writestr(name, json.dumps(record))
    script = root / "tools/oracles/openlca_readers.py"
    subprocess.run(
        [str(python), str(script), str(archive), str(out)],
        check=True,
        capture_output=True,
        timeout=280,
    )
    found = json.loads(out.read_text("utf-8"))["brightway"]
    golden = json.loads(GOLDEN.read_text("utf-8"))["brightway"]
    assert found["unlinked"] == 0
    for uuid, kept in golden["scores"].items():
        for title, score in kept.items():
            assert math.isclose(found["scores"][uuid][title], score, rel_tol=1e-9)
