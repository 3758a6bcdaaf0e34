"""The commands of ``impact``: bodies, lines, refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nearmade.cli.impact import NAMES, command
from nearmade.cli.impact_source import Asked, example_case, read_case
from nearmade.impact.published_energy import published
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, NotFound

NAIROBI = ("--to", "Nairobi, KE")


def run(*arguments: object) -> Result:
    """Run `nearmade impact`."""
    return CliRunner().invoke(command, [str(one) for one in arguments])


def told(result: Result) -> Any:
    """Give what a command printed for programs."""
    assert result.exit_code == 0, result.exception or result.output
    return json.loads(result.stdout)


def refusal(result: Result) -> NearmadeError:
    """Give the error that a command ended with."""
    assert isinstance(result.exception, NearmadeError), result.output
    return result.exception


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    """Write the sample case."""
    path = tmp_path / "CASE.json"
    path.write_text(example_case(), encoding="utf-8")
    return path


@pytest.fixture
def quote_file(tmp_path: Path) -> Path:
    """Write what `nearmade quote --json` says of one part."""
    path = tmp_path / "quote.json"
    figures = {
        "mass_g": {"value": 20.0, "low": 19.0, "high": 21.0},
        "time_s": {"value": 7200.0, "low": 7000.0, "high": 8000.0},
        "energy_wh": {"value": 100.0, "low": 80.0, "high": 140.0},
        "price": {"value": 3.0, "low": 2.0, "high": 4.0, "currency": "USD"},
    }
    record = {"profile": "mk3s-petg-0.20", "level": 0, "quantity": 2, **figures}
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


# --- compare


def test_the_example_can_be_compared_as_it_stands(case_file: Path) -> None:
    written = run("compare", "--example")
    assert written.stdout == case_file.read_text("utf-8")
    found = told(run("compare", case_file, "--json", "--draws", 200))
    assert list(found["ways"]) == [
        "printed on the grid",
        "printed in the sun",
        "moulded and shipped",
        "bought in a shop",
    ]
    assert found["units"]["gwp100"] == "gCO2e"
    assert all(one["source"] for one in found["sources"])
    assert {one["method"] for one in found["comparisons"]} == {"gwp100", "ced"}
    for way in found["ways"].values():
        score = way["scores"]["gwp100"]
        assert score["low"] < score["value"] < score["high"]
        direct = sum(one["direct"] for one in way["contributions"])
        assert direct == pytest.approx(score["value"], rel=0.01)


def test_people_get_a_table_and_what_rests_on_assumptions(case_file: Path) -> None:
    result = run("compare", case_file, "--draws", 100)
    assert re.search(r"printed in the sun +\d+", result.stdout)
    assert "rests on assumptions" in result.stdout
    assert "in 9" in result.stdout


def test_the_same_seed_gives_the_same_figures(case_file: Path) -> None:
    first, again, other = (
        run("compare", case_file, "--json", "--draws", 50, "--seed", seed).stdout
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_part_needs_no_file() -> None:
    options = "--mass-g 20 --material PETG --energy-wh 100 --distance-km 50 --json"
    found = told(run("compare", *options.split(), *NAIROBI))
    shares = found["ways"]["here"]["contributions"]
    grams = {one["process"]: one["direct"] for one in shares}
    # 0.1 kWh / 0.95 x 84.83 g, and 50 g over 50 km at 631.3 and 150.95 g/t.km
    assert grams["electricity/ke"] == pytest.approx(8.483 / 0.95)
    assert grams["freight/van-diesel"] >= 50e-6 * 50 * 782.25


def test_a_quote_is_accounted_with_its_hours(quote_file: Path) -> None:
    found = told(run("compare", quote_file, *NAIROBI, "--json", "--draws", 50))
    supplies = {
        one["process"]: one["supply"] for one in found["ways"]["here"]["contributions"]
    }
    assert supplies["filament/petg"] == pytest.approx(0.020 / 0.95)
    assert supplies["machine/desktop-printer-hour"] == pytest.approx(2 / 0.95)


def test_sunshine_lowers_the_electricity_of_a_quote(quote_file: Path) -> None:
    grid, sun = (
        told(run("compare", quote_file, "--to", "Pune, IN", "--json", *more))
        for more in ((), ("--solar",))
    )
    scores = [each["ways"]["here"]["scores"]["gwp100"]["value"] for each in (grid, sun)]
    # 0.1 kWh / 0.95 of 708.96 and of 48 g/kWh
    assert scores[0] - scores[1] == pytest.approx(0.1 / 0.95 * (708.96 - 48.0))


def test_a_quote_without_a_destination_says_what_to_add(quote_file: Path) -> None:
    error = refusal(run("compare", quote_file))
    assert isinstance(error, InvalidInput)
    assert "--to" in error.remedy


def test_a_quote_over_a_network_takes_the_machine_named(tmp_path: Path) -> None:
    figure = {"value": 10.0, "low": 9.0, "high": 11.0}
    machine = {
        "machine_id": "a/1",
        "material": "PLA",
        "price": {"usd": 1.0},
        "mass_g": figure,
        "time_s": figure,
        "energy_wh": figure,
    }
    heavy = {**machine, "machine_id": "b/2", "mass_g": {**figure, "value": 10.5}}
    record = {"part": "x.stl", "quantity": 1, "machines": [machine, heavy]}
    path = tmp_path / "quote.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    case = read_case(path, Asked("Nairobi, KE", machine="b/2"))
    assert "b/2" in case.functional_unit
    with pytest.raises(InvalidInput, match="c/3"):
        read_case(path, Asked("Nairobi, KE", machine="c/3"))


def test_a_plan_of_an_order_is_accounted_site_by_site(tmp_path: Path) -> None:
    figure = {"value": 10.0, "low": 9.0, "high": 11.0}
    made = {
        "part": "front",
        "facility_id": "a",
        "country": "KE",
        "solar": True,
        "material": "PLA",
        "mass_g": figure,
        "energy_wh": figure,
        "time_s": {"value": 3600.0, "low": 3600.0, "high": 3600.0},
    }
    leg = {"mode": "van", "mass_g": 50.0, "distance_km": 3.0, "gco2e": figure}
    plan = {
        "made": [made, {**made, "part": "back"}],
        "legs": [leg],
        "price_usd": 5,
        "days": 1,
    }
    record = {
        "design": "spectacles",
        "quantity": 1,
        "to": {"name": "Nairobi", "country": "KE", "lat_deg": -1.28, "lon_deg": 36.8},
        "plans": [plan],
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    found = told(run("compare", path, "--json", "--draws", 50))
    supplies = {
        one["process"]: one["supply"] for one in found["ways"]["here"]["contributions"]
    }
    assert supplies["electricity/solar"] == pytest.approx(0.020 / 0.95)
    assert supplies["machine/desktop-printer-hour"] == pytest.approx(2 / 0.95)
    assert refusal(run("compare", path, "--plan", 2)).remedy == "ask for --plan 1"


def test_the_plan_of_a_network_is_accounted_whole(tmp_path: Path) -> None:
    from nearmade.cli.plan import command as plan

    runner = CliRunner()
    sample = "sample --facilities 30 --orders 20 --seed 1 --out"
    assert runner.invoke(plan, [*sample.split(), str(tmp_path)]).exit_code == 0
    names = ("NETWORK.json", "ORDERS.json", "PLAN.json")
    network, orders, made = (str(tmp_path / one) for one in names)
    assert runner.invoke(plan, [network, orders, "--out", made]).exit_code == 0
    asked = Asked("Nairobi, KE", stand_ins={"asa": "ABS"})
    case = read_case(Path(made), asked)
    assert "printed components" in case.functional_unit
    assert refusal(run("compare", made)).remedy.startswith("add --to")


def test_the_record_of_an_order_holds_its_case(tmp_path: Path, case_file: Path) -> None:
    path = tmp_path / "order.json"
    record = {"order": "x", "case": json.loads(case_file.read_text("utf-8"))}
    path.write_text(json.dumps(record), encoding="utf-8")
    assert read_case(path) == read_case(case_file)


def test_a_material_without_figures_may_be_counted_as_another(
    quote_file: Path,
) -> None:
    text = quote_file.read_text("utf-8").replace("mk3s-petg-0.20", "mk3s-asa-0.20")
    record = {**json.loads(text), "process": "FDM", "material": "ASA", "machine": "x"}
    del record["profile"]
    quote_file.write_text(json.dumps(record), encoding="utf-8")
    error = refusal(run("compare", quote_file, *NAIROBI))
    assert error.remedy.endswith("--as ASA=ABS")
    found = told(run("compare", quote_file, *NAIROBI, "--as", "ASA=ABS", "--json"))
    shares = {one["process"] for one in found["ways"]["here"]["contributions"]}
    assert "filament/abs" in shares
    assert "ASA is counted as ABS." in found["notes"]


@pytest.mark.parametrize(
    "option", [("--country", "nowhere"), ("--as", "ASA"), ("--as", "=ABS")]
)
def test_an_option_that_says_nothing_is_refused(
    quote_file: Path, option: tuple[str, str]
) -> None:
    error = refusal(run("compare", quote_file, *NAIROBI, *option))
    assert option[0] in error.message
    assert error.remedy


def test_a_country_may_be_named(quote_file: Path) -> None:
    first, other = (
        run("compare", quote_file, *NAIROBI, "--country", name, "--json").stdout
        for name in ("DE", "Germany")
    )
    assert first == other


# --- bad input


@pytest.mark.parametrize("name", ["compare", "break-even", "report", "cost"])
@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "NaN", '{"schema": "other"}', "\x00", "nonsense", "[" * 200_000],
)
def test_a_file_of_no_known_form_is_refused(
    tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / "CASE.json"
    path.write_text(text, encoding="utf-8")
    error = refusal(run(name, path))
    assert isinstance(error, InvalidInput)
    assert error.remedy


@pytest.mark.parametrize("name", ["compare", "break-even", "report", "cost"])
def test_a_file_that_is_not_there_is_not_found(tmp_path: Path, name: str) -> None:
    assert isinstance(refusal(run(name, tmp_path / "none.json")), NotFound)
    assert isinstance(refusal(run(name, tmp_path)), InvalidInput)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"mass_g": 5.9', '"mass_g": -1', "parts[1].mass_g"),
        ('"mass_g": 5.9', '"mass_g": "x"', "parts[1].mass_g"),
        ('"mass_g": 5.9, "solid', '"mas_g": 5.9, "solid', "parts[1].mas_g"),
        ('"mode": "van"', '"mode": "drone"', "legs[0].mode"),
        ('"kind": "shop"', '"kind": "bazaar"', "bought in a shop.kind"),
        ('"batch": 5000', '"batch": 0', "moulded and shipped.batch"),
        ('"over": "grid"', '"over": "moon"', "break_even[3].over"),
        ('"unsold_fraction": 0.1', '"unsold_fraction": 1', "unsold_fraction"),
        ('"value": 6.6', '"value": 66', "parts[0].mass_g"),
        ('"years": 5', '"years": 0', "years"),
        ('"schema"', '"scheme"', "case.s"),
    ],
)
def test_a_field_that_is_wrong_is_named_with_its_place(
    case_file: Path, old: str, new: str, place: str
) -> None:
    text = case_file.read_text("utf-8")
    assert old in text
    case_file.write_text(text.replace(old, new, 1), encoding="utf-8")
    error = refusal(run("compare", case_file))
    assert isinstance(error, InvalidInput)
    assert place in error.message


def test_an_unknown_material_is_refused(case_file: Path) -> None:
    text = case_file.read_text("utf-8").replace('"PLA"', '"UNOBTAINIUM"')
    case_file.write_text(text, encoding="utf-8")
    assert refusal(run("compare", case_file)).code == "unknown-material"


def test_an_unknown_process_is_not_found(tmp_path: Path, case_file: Path) -> None:
    record = json.loads(case_file.read_text("utf-8"))
    own = {"kind": "processes", "processes": {"filament/moon": 1}}
    record["ways"]["own"] = own
    path = tmp_path / "own.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    assert isinstance(refusal(run("compare", path)), NotFound)


def test_neither_a_file_nor_a_mass_is_refused() -> None:
    assert "--example" in refusal(run("compare", *NAIROBI)).remedy


# --- break-even


def test_a_case_is_asked_for_its_own_break_evens(case_file: Path) -> None:
    found = told(run("break-even", case_file, "--json", "--draws", 100))["break_even"]
    assert [one["axis"]["id"] for one in found] == [
        "batch",
        "distance",
        "infill",
        "grid",
    ]
    distance = found[1]
    assert distance["better_below"] == "printed on the grid"
    assert distance["low"] < distance["crossing"]
    assert "better below" in distance["sentence"]


def test_another_axis_and_two_other_ways_may_be_named(case_file: Path) -> None:
    ways = ("--between", "printed in the sun", "bought in a shop")
    result = run("break-even", case_file, "--over", "distance", *ways, "--draws", 50)
    assert "printed in the sun" in result.stdout
    wrong = run("break-even", case_file, "--between", "printed in the sun", "nobody")
    assert isinstance(refusal(wrong), NotFound)


def test_what_a_case_does_not_have_cannot_be_varied(quote_file: Path) -> None:
    error = refusal(run("break-even", quote_file, *NAIROBI, "--over", "infill"))
    assert "solid_mass_g" in error.message
    grid = run("break-even", quote_file, *NAIROBI, "--over", "grid", "--method", "ced")
    assert "gwp100" in refusal(grid).remedy


# --- cost


def test_the_cost_of_a_case_or_of_a_file_of_its_own(
    case_file: Path, tmp_path: Path
) -> None:
    found = told(run("cost", case_file, "--json", "--draws", 200))
    # (12.5 g x 25 USD/kg + 85 Wh x 0.2 USD/kWh) / 0.95 + 2 USD of lenses
    assert found["products"][0]["making_usd"] == pytest.approx(2.3468, abs=1e-4)
    alone = tmp_path / "COST.json"
    alone.write_text(json.dumps(json.loads(example_case())["cost"]), encoding="utf-8")
    assert told(run("cost", alone, "--json", "--draws", 200)) == found
    assert "Paid back: after 0.2" in run("cost", case_file).stdout


def test_a_case_without_a_cost_says_so(case_file: Path) -> None:
    record = json.loads(case_file.read_text("utf-8"))
    del record["cost"]
    case_file.write_text(json.dumps(record), encoding="utf-8")
    assert "has no cost" in refusal(run("cost", case_file)).message


# --- published


def test_published_figures_are_a_table_and_json() -> None:
    rows = told(run("published", "--json"))["published"]
    assert [one["id"] for one in rows] == [one.id for one in published()]
    assert "| CubeFactory2 |" in run("published").stdout


def test_every_command_of_the_group_is_there() -> None:
    for name in NAMES:
        assert run(name, "--help").exit_code == 0


# --- what would pass in silence


@pytest.mark.parametrize("name", ["compare", "break-even", "report", "cost"])
def test_a_name_that_stands_twice_is_refused(case_file: Path, name: str) -> None:
    text = case_file.read_text("utf-8")
    twice = text.replace('"printed in the sun": {', '"printed on the grid": {')
    case_file.write_text(twice, encoding="utf-8")
    assert "'printed on the grid' stands twice" in refusal(run(name, case_file)).message


@pytest.mark.parametrize("name", ["compare", "break-even", "report"])
@pytest.mark.parametrize(
    "option", [NAIROBI, ("--country", "KE"), ("--as", "PLA=ABS"), ("--solar",)]
)
def test_a_case_takes_no_option_that_completes_a_quote(
    case_file: Path, name: str, option: tuple[str, ...]
) -> None:
    error = refusal(run(name, case_file, *option))
    assert isinstance(error, InvalidInput)
    assert "a case says" in error.message


def test_a_part_printed_with_no_electricity_named_is_refused() -> None:
    error = refusal(run("compare", "--mass-g", 20, *NAIROBI))
    assert "--energy-wh" in error.message


@pytest.mark.parametrize("sign", ["\\ud800", "\\u0000", "\\u001b[31m"])
@pytest.mark.parametrize(
    ("old", "place"),
    [
        ("One spectacle frame", "case.functional_unit"),
        ("printed on the grid", "case.ways"),
    ],
)
def test_signs_that_no_page_can_show_are_refused(
    case_file: Path, sign: str, old: str, place: str
) -> None:
    text = case_file.read_text("utf-8").replace(old, old + sign)
    case_file.write_text(text, encoding="utf-8")
    error = refusal(run("report", case_file, "--out", case_file.with_suffix(".html")))
    assert isinstance(error, InvalidInput)
    assert place in error.message


def test_a_way_does_not_meet_itself(case_file: Path) -> None:
    same = ("--between", "printed in the sun", "printed in the sun")
    error = refusal(run("break-even", case_file, "--over", "distance", *same))
    assert "itself" in error.message


def test_a_household_that_makes_nothing_still_has_a_report(case_file: Path) -> None:
    text = case_file.read_text("utf-8")
    none = text.replace('"made_per_year": 100', '"made_per_year": 0')
    case_file.write_text(none, encoding="utf-8")
    out = case_file.with_suffix(".html")
    assert run("report", case_file, "--out", out, "--draws", 50).exit_code == 0
    assert "not known" in out.read_text("utf-8")


@pytest.mark.parametrize("option", ["--mass-g", "--energy-wh"])
@pytest.mark.parametrize("value", ["1e308", "inf", "nan", "-1"])
def test_a_part_beyond_all_measure_is_refused(option: str, value: str) -> None:
    figures = {"--mass-g": "10", "--energy-wh": "10", option: value}
    told = run("compare", *(x for pair in figures.items() for x in pair), *NAIROBI)
    assert told.exit_code == 2
