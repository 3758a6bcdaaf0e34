"""``nearmade quote`` through its own door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.adapters.exchange import latest_rates
from nearmade.cli.quote import command
from nearmade.geometry.stl import write_stl
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.geometry.solids import cube as solid_cube
from tests.geometry.solids import together, without
from tests.quoting.parts import cuboid_mesh
from tests.quoting.solids import block, mesh_of

DEMO_FILE = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"


@pytest.fixture
def cube(tmp_path: Path) -> str:
    path = tmp_path / "cube.stl"
    path.write_bytes(write_stl(cuboid_mesh(20, 20, 20)))
    return str(path)


def asked(*words: str) -> dict[str, dict[str, float]]:
    result = CliRunner().invoke(
        command, [*words, "--profile", "mk3s-pla-0.20", "--json"]
    )
    assert result.exit_code == 0, result.output
    answer: dict[str, dict[str, float]] = json.loads(result.stdout)
    return answer


@pytest.mark.parametrize(
    "level", ["0", "1", pytest.param("2", marks=pytest.mark.outside)]
)
def test_every_level_gives_every_figure_with_its_interval(
    cube: str, level: str
) -> None:
    answer = asked(cube, "--level", level)
    for name in ("feedstock_mm3", "mass_g", "time_s", "energy_wh", "price"):
        figure = answer[name]
        assert 0 < figure["low"] <= figure["value"] <= figure["high"], name
    # The slicer says 3303 mm3; levels 0 and 1 are within a tenth of it.
    assert answer["feedstock_mm3"]["value"] == pytest.approx(3303, rel=0.1)
    assert answer["price"]["currency"] == "EUR"  # type: ignore[comparison-overlap]


def test_the_price_is_the_plain_list_that_was_given(cube: str) -> None:
    answer = asked(cube, "--hour", "36", "--gram", "0", "--currency", "USD")
    hours = answer["time_s"]["value"] / 3600
    assert answer["price"]["value"] == pytest.approx(hours * 36, abs=0.005)


def test_eighty_cubes_take_eighty_times_the_filament_but_the_starts(cube: str) -> None:
    eighty, one = asked(cube, "--quantity", "80"), asked(cube)
    ratio = eighty["mass_g"]["value"] / one["mass_g"]["value"]
    assert 79 < ratio < 80


def test_people_read_lines(cube: str) -> None:
    result = CliRunner().invoke(command, [cube, "--profile", "mini-petg-0.20"])
    assert result.exit_code == 0
    assert "Prusa MINI+, PETG" in result.output
    assert "plain price list" in result.output


def test_an_unknown_profile_is_not_found(cube: str) -> None:
    result = CliRunner().invoke(command, [cube, "--profile", "nope"])
    assert isinstance(result.exception, NotFound)


def test_a_file_that_is_no_mesh_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "junk.stl"
    path.write_bytes(b"junk" * 50)
    result = CliRunner().invoke(command, [str(path), "--profile", "mk3s-pla-0.20"])
    assert isinstance(result.exception, InvalidInput)


@pytest.mark.parametrize(
    "words",
    [
        ["--quantity", "0"],
        ["--quantity", "1000001"],
        ["--infill", "2"],
        ["--supports"],
    ],
)
def test_options_out_of_range_are_refused(cube: str, words: list[str]) -> None:
    result = CliRunner().invoke(command, [cube, "--profile", "mk3s-pla-0.20", *words])
    assert result.exit_code == 2


@pytest.mark.parametrize("option", ["--hour", "--gram"])
@pytest.mark.parametrize(
    "amount", ["much", "-1", "NaN", "sNaN", "Infinity", "1e30", "1e999", "1e9999999999"]
)
def test_an_amount_out_of_all_reason_is_refused_by_its_option(
    cube: str, option: str, amount: str
) -> None:
    result = CliRunner().invoke(
        command, [cube, "--profile", "mk3s-pla-0.20", option, amount]
    )
    assert isinstance(result.exception, InvalidInput)
    assert result.exception.message == (
        f"{option} {amount!r}: must be an amount from 0 to 1000000000"
    )


def test_the_highest_amounts_of_the_most_parts_still_have_a_price(cube: str) -> None:
    most = ["--hour", "1e9", "--gram", "1e9", "--quantity", "1000000"]
    assert asked(cube, *most)["price"]["value"] > 1e15


def test_the_plain_list_is_converted_and_amounts_given_are_not(cube: str) -> None:
    rates = latest_rates().per_eur
    euros, yen = asked(cube)["price"], asked(cube, "--currency", "JPY")["price"]
    assert yen["currency"] == "JPY"  # type: ignore[comparison-overlap]
    # Each line is rounded to whole yen.
    expected = euros["value"] * float(rates["JPY"])
    assert yen["value"] == pytest.approx(expected, rel=0.05)
    assert yen["value"] > 30
    own = asked(cube, "--currency", "JPY", "--hour", "0", "--gram", "100")
    assert own["price"]["value"] == round(own["mass_g"]["value"] * 100)


def test_a_process_is_priced_in_the_currency_asked_by_the_rates(cube: str) -> None:
    words = [cube, "--process", "sls", "--json"]
    own = json.loads(CliRunner().invoke(command, words).stdout)["price"]
    words += ["--currency", "JPY"]
    yen = json.loads(CliRunner().invoke(command, words).stdout)["price"]
    rates = latest_rates().per_eur
    expected = own["value"] * float(rates["JPY"] / rates[own["currency"]])
    assert yen["value"] == pytest.approx(expected, rel=0.01)


@pytest.fixture
def open_cube(tmp_path: Path) -> str:
    path = tmp_path / "open.stl"
    path.write_bytes(write_stl(without(cuboid_mesh(20, 20, 20), 0)))
    return str(path)


@pytest.mark.parametrize(
    "which",
    [
        ["--profile", "mk3s-pla-0.20"],
        ["--process", "sls"],
        ["--network", str(DEMO_FILE)],
    ],
)
def test_what_a_repair_changed_stands_in_the_json(
    open_cube: str, cube: str, which: list[str]
) -> None:
    words = [*which, "--repair", "--json"]
    answer = json.loads(CliRunner().invoke(command, [open_cube, *words]).stdout)
    assert answer["repair"]["verdict"] == "repaired"
    assert answer["repair"]["changes"]
    sound = json.loads(CliRunner().invoke(command, [cube, *words]).stdout)
    assert sound["repair"]["verdict"] == "sound"
    unasked = CliRunner().invoke(command, [cube, *which, "--json"])
    assert "repair" not in json.loads(unasked.stdout)


def test_warnings_are_told_on_stderr_and_stand_in_the_json(
    cube: str, tmp_path: Path
) -> None:
    small = tmp_path / "small.stl"
    small.write_bytes(write_stl(cuboid_mesh(1, 1, 1)))
    words = [str(small), "--profile", "mk3s-pla-0.20", "--json"]
    done = CliRunner().invoke(command, words)
    findings = json.loads(done.stdout)["findings"]
    assert {each["code"]: each["severity"] for each in findings} == {"tiny": "warning"}
    assert "in inches it should be 25.4 mm" in findings[0]["message"]
    assert done.stderr == f"warning: {findings[0]['message']}\n"
    sound = CliRunner().invoke(command, [cube, "--profile", "mk3s-pla-0.20", "--json"])
    assert (json.loads(sound.stdout)["findings"], sound.stderr) == ([], "")
    words = [str(small), "--network", str(DEMO_FILE), "--json"]
    listed = CliRunner().invoke(command, words)
    assert [each["code"] for each in json.loads(listed.stdout)["findings"]] == ["tiny"]


def test_a_body_in_the_air_is_told_unless_supports_hold_it(tmp_path: Path) -> None:
    path = tmp_path / "two.stl"
    path.write_bytes(write_stl(together(solid_cube(20), solid_cube(20, (0, 0, 40)))))
    words = [str(path), "--profile", "mk3s-pla-0.20", "--level", "1"]
    assert "1 body hangs in the air" in CliRunner().invoke(command, words).stderr
    held = CliRunner().invoke(command, [*words, "--supports"])
    assert held.stderr == ""


def test_a_currency_that_is_none_is_refused(cube: str) -> None:
    result = CliRunner().invoke(
        command, [cube, "--profile", "mk3s-pla-0.20", "--currency", "euro"]
    )
    assert isinstance(result.exception, InvalidInput)


@pytest.mark.parametrize(
    "which", [["--profile", "mk3s-pla-0.20"], ["--process", "sls"]]
)
def test_a_currency_that_has_no_rate_is_refused_with_those_near(
    cube: str, which: list[str]
) -> None:
    result = CliRunner().invoke(command, [cube, *which, "--currency", "EUX"])
    assert isinstance(result.exception, InvalidInput)
    assert result.exception.code == "currency-unknown"
    assert "near it is EUR" in result.exception.message
    assert "USD" in result.exception.remedy


def test_the_help_shows_an_example() -> None:
    assert "nearmade quote frame.stl" in CliRunner().invoke(command, ["--help"]).output


@pytest.mark.parametrize("level", ["0", "1"])
def test_what_no_bed_takes_is_refused_at_every_level(
    tmp_path: Path, level: str
) -> None:
    path = tmp_path / "large.stl"
    path.write_bytes(write_stl(cuboid_mesh(300, 20, 20)))
    words = [str(path), "--profile", "mini-pla-0.20", "--level", level]
    with pytest.raises(InvalidInput, match="larger than the 180 x 180 x 180 mm"):
        CliRunner().invoke(command, words, catch_exceptions=False)


def test_people_read_level_evidence_and_what_the_price_is_made_of(cube: str) -> None:
    result = CliRunner().invoke(command, [cube, "--profile", "mk3s-pla-0.20"])
    assert "level 0: closed form of areas, volume and height" in result.output
    assert "measured by us" in result.output
    assert "Machine time, " in result.output
    assert "four times in five" in result.output


def test_programs_read_evidence_and_the_lines_of_the_price(cube: str) -> None:
    result = CliRunner().invoke(command, [cube, "--profile", "mk3s-pla-0.20", "--json"])
    answer = json.loads(result.stdout)
    assert answer["evidence"]["level"] == "measured"
    lines = sum(float(item["amount"].split()[0]) for item in answer["price"]["items"])
    assert lines == pytest.approx(answer["price"]["value"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "give one of"),
        (["--profile", "mk3s-pla-0.20", "--process", "sla"], "give one of"),
        (["--process", "sla", "--level", "1"], "--level needs --profile"),
        (["--process", "sls", "--infill", "0.2"], "are solid"),
        (["--process", "sls", "--material", "PA12", "--material", "PA11"], "one only"),
        (["--network", "n.json", "--hour", "2"], "have their own"),
        (["--network", "n.json", "--machine", "x"], "--machine needs --process"),
        (["--profile", "mk3s-pla-0.20", "--material", "PLA"], "says which"),
        (["--profile", "mk3s-pla-0.20", "--by", "time"], "need --network"),
        (["--process", "sls", "--most", "3"], "need --network"),
        (["--profile", "mk3s-pla-0.20", "--cache", "x"], "--cache needs --level 2"),
    ],
)
def test_options_that_would_be_passed_over_are_refused(
    cube: str, words: list[str], told: str
) -> None:
    result = CliRunner().invoke(command, [cube, *words])
    assert result.exit_code == 2
    assert told in result.output


def test_a_second_opinion_needs_the_slicer(cube: str) -> None:
    result = CliRunner().invoke(
        command, [cube, "--profile", "mk3s-pla-0.20", "--second-opinion"]
    )
    assert result.exit_code == 2
    assert "--second-opinion needs --level 2" in result.output


def test_level_1_counts_supports_where_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "table.stl"
    table = block(6, 6, 20).translate([17, 17, 0]) + block(40, 40, 3).translate(
        [0, 0, 20]
    )
    path.write_bytes(write_stl(mesh_of(table)))
    without = asked(str(path), "--level", "1")
    held = asked(str(path), "--level", "1", "--supports")
    assert held["mass_g"]["low"] > without["mass_g"]["high"]
    assert held["time_s"]["value"] > without["time_s"]["value"]


@pytest.mark.outside
def test_slicing_many_says_on_stderr_which_plates_it_slices(cube: str) -> None:
    words = [cube, "--profile", "mk3s-pla-0.20", "--level", "2", "--quantity", "2"]
    done = CliRunner().invoke(command, [*words, "--json"])
    assert done.exit_code == 0, done.output
    assert done.stderr == "slicing a plate of 2; this may take minutes\n"
    assert json.loads(done.stdout)["quantity"] == 2
