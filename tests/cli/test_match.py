"""``nearmade match``: who can, who cannot, and why."""

from __future__ import annotations

import json
import re
import struct
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nearmade.cli import match_wish
from nearmade.cli.match import command
from nearmade.vocabulary.errors import InvalidInput, NotFound

DEMO = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"


def box_stl(x_mm: float, y_mm: float, z_mm: float) -> bytes:
    """Write a box as binary STL, corner by corner."""
    corners = [
        (x * x_mm, y * y_mm, z * z_mm) for x, y, z in product((0, 1), (0, 1), (0, 1))
    ]
    quads = [
        (0, 1, 3, 2),
        (4, 6, 7, 5),
        (0, 4, 5, 1),
        (2, 3, 7, 6),
        (0, 2, 6, 4),
        (1, 5, 7, 3),
    ]
    triangles = [t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))]
    body = b"".join(
        struct.pack("<12fH", 0, 0, 0, *(v for i in t for v in corners[i]), 0)
        for t in triangles
    )
    return bytes(80) + struct.pack("<I", len(triangles)) + body


@pytest.fixture
def tray(tmp_path: Path) -> Path:
    """A slab of 208 x 60 x 5 mm: too long for a bed of 180 mm."""
    file = tmp_path / "tray.stl"
    file.write_bytes(box_stl(208, 60, 5))
    return file


def ask(file: Path, *arguments: str) -> dict[str, Any]:
    ran = CliRunner().invoke(
        command,
        [
            str(file),
            "--network",
            str(DEMO),
            "--to",
            "Nairobi, KE",
            *arguments,
            "--json",
        ],
        catch_exceptions=False,
    )
    assert ran.exit_code == 0
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def test_matches_have_distance_and_score_and_refusals_rule_and_numbers(
    tray: Path,
) -> None:
    answer = ask(tray)
    first = answer["matches"][0]
    assert first["place"]["name"] == "Nairobi"
    assert first["distance_km"] < 10
    assert first["demo"] is True
    assert set(first["score"]) == {
        "total_usd",
        "price_usd",
        "carriage_usd",
        "days",
        "gco2e",
        "energy_kwh",
        "parts",
    }
    assert set(first["score"]["parts"]) == {
        "cost_usd",
        "time_usd",
        "distance_usd",
        "gco2e_usd",
        "history_usd",
        "sum_usd",
    }
    assert set(first["score"]["total_usd"]) == {"value", "low", "high"}
    van = next(r for r in answer["refusals"] if r["facility_id"] == "nairobi-van")
    (reason,) = van["reasons"]
    assert reason["rule"] == "too-large"
    assert "needs 216 mm along x; bed 180 mm" in reason["message"]


def test_material_and_quantity_are_heeded(tray: Path) -> None:
    assert ask(tray, "--material", "ASA")["matches"] == []
    many = ask(tray, "--quantity", "5000")
    rules = {r["rule"] for refusal in many["refusals"] for r in refusal["reasons"]}
    assert "stock-too-low" in rules
    assert many["matches"] == []


def test_people_get_one_line_a_site(tray: Path) -> None:
    ran = CliRunner().invoke(
        command, [str(tray), "--network", str(DEMO), "--to", "Lyon, FR"]
    )
    assert ran.exit_code == 0
    lines = ran.stdout.splitlines()
    assert "can make it" in lines[0]
    assert lines[1].startswith("Croix-Rousse Fab Lab (demo)")
    assert "cheapest" in lines[1]


@pytest.mark.parametrize(
    ("date", "message", "remedy"),
    [
        ("tomorrow", "'tomorrow' is no date: write it as YYYY-MM-DD", ""),
        ("2026-01-31", "--by 2026-01-31 23:59 UTC is past", "name a later one"),
        ("2026-01-31T16:30", "--by 2026-01-31 16:30 UTC is past", "name a later one"),
    ],
)
def test_a_date_that_is_none_or_past_is_refused_in_words(
    tray: Path, date: str, message: str, remedy: str
) -> None:
    words = [str(tray), "--network", str(DEMO), "--to", "Nairobi, KE", "--by", date]
    done = CliRunner().invoke(command, words)
    assert done.exit_code != 0
    refused = done.exception
    if isinstance(refused, InvalidInput):
        assert refused.message == message
        assert refused.remedy.startswith(remedy)
    else:
        assert message in done.stderr
        assert "%" not in done.stderr


def test_the_first_line_says_which_place_was_read(tray: Path) -> None:
    # Of the places of that name the one with most people.
    words = [str(tray), "--network", str(DEMO), "--to", "Atlantis"]
    ran = CliRunner().invoke(command, words)
    assert ran.stdout.startswith("To Atlantis, ZA: ")
    assert ask(tray, "--to", "Atlantis")["to"]["country"] == "ZA"


def test_an_unknown_place_is_not_found_with_a_suggestion(tray: Path) -> None:
    ran = CliRunner().invoke(
        command, [str(tray), "--network", str(DEMO), "--to", "Nairobbi, KE"]
    )
    assert isinstance(ran.exception, NotFound)
    assert "Nairobi, KE" in ran.exception.remedy


def test_a_file_that_is_no_mesh_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "nonsense.stl"
    file.write_bytes(b"nonsense")
    ran = CliRunner().invoke(
        command, [str(file), "--network", str(DEMO), "--to", "Nairobi, KE"]
    )
    assert isinstance(ran.exception, InvalidInput)


def test_the_help_shows_an_example() -> None:
    assert "Example: nearmade match" in CliRunner().invoke(command, ["--help"]).stdout


@pytest.mark.parametrize(
    ("option", "word", "code", "near"),
    [
        ("--material", "PETGG", "material-unknown", "PETG"),
        ("--process", "FDMM", "process-unknown", "FDM"),
    ],
)
def test_a_word_that_is_not_known_is_refused_with_those_near(
    tray: Path, option: str, word: str, code: str, near: str
) -> None:
    words = [str(tray), "--network", str(DEMO), "--to", "Nairobi, KE", option, word]
    done = CliRunner().invoke(command, words)
    assert isinstance(done.exception, NotFound)
    assert done.exception.code == code
    assert re.search(rf"near it (is|are) {near}", done.exception.message)
    assert near in done.exception.remedy


@pytest.mark.parametrize(
    "words",
    [
        ("--not-in", "ZZ"),
        ("--not-in", ""),
        ("--not-in", "../x"),
        ("--certificate", " "),
        ("--property", "heat_deflection_degc=nan"),
        ("--property", "heat_deflection_degc=inf"),
        ("--property", "density_g_cm3=-1"),
        ("--property", ""),
        ("--colour", ""),
        ("--colour", "  "),
        ("--colour", "x" * 201),
        ("--certificate", "x" * 201),
    ],
)
def test_a_wish_that_means_nothing_is_refused(
    tray: Path, words: tuple[str, str]
) -> None:
    asked = [str(tray), "--network", str(DEMO), "--to", "Nairobi, KE", *words]
    done = CliRunner().invoke(command, asked)
    assert isinstance(done.exception, InvalidInput)


@pytest.mark.parametrize("option", ["--tolerance", "--detail", "--within", "--infill"])
@pytest.mark.parametrize("figure", ["nan", "inf", "-inf", "-1", ""])
def test_what_is_no_finite_number_in_range_is_refused(
    tray: Path, option: str, figure: str
) -> None:
    asked = [str(tray), "--network", str(DEMO), "--to", "Nairobi, KE", option, figure]
    done = CliRunner().invoke(command, asked)
    assert done.exit_code == 2
    assert f"Invalid value for '{option}'" in done.output


def test_a_country_may_be_named_in_words(tray: Path) -> None:
    for name in ("Kenya", "ke", "KEN"):
        told = ask(tray, "--not-in", name, "--within", "100")
        assert not told["matches"]


def test_a_process_brings_the_materials_that_it_works(tmp_path: Path) -> None:
    cube = tmp_path / "cube.stl"
    cube.write_bytes(box_stl(20, 20, 20))
    told = ask(cube, "--process", "SLA")  # one site of the demo has such a machine
    assert {one["facility_id"] for one in told["matches"]} == {"utrecht-lab"}


def test_materials_and_processes_may_be_written_small(tray: Path) -> None:
    told = ask(tray, "--material", "petg", "--process", "fdm")
    assert {b["material"] for one in told["matches"] for b in one["builds"]} == {"PETG"}


def test_near_misses_name_the_change_and_the_sites_that_it_opens(tray: Path) -> None:
    told = {each["message"]: each["opens"] for each in ask(tray)["near_misses"]}
    # the MINI+ of the van: 172 mm of room over 208 mm
    assert "nairobi-van" in told["scale to 82 %"]
    assert "nairobi-van" in told["split in two along x"]


def test_what_is_not_said_is_asked_and_not_refused(tray: Path) -> None:
    answer = ask(tray, "--certificate", "AS9100")
    assert answer["matches"] == []
    asked = answer["unknowns"][0]
    assert asked["questions"][0]["rule"] == "certification-unknown"
    assert asked["questions"][0]["ask"] == f"does {asked['name']} hold AS9100?"


def test_each_wish_narrows_the_matches_by_its_own_rule(
    tray: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The call is made in time; the sites are asked today, too late.
    monkeypatch.setattr(match_wish, "now_utc", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    for options, rule in (
        (("--within", "50"), "too-far"),
        (("--not-in", "ke"), "barred-country"),
        (("--visit",), "no-visitors"),
        (("--by", "2026-01-31"), "starts-too-late"),
        (("--detail", "0.3"), "detail-too-fine"),
        (("--colour", "mauve"), "colour-missing"),
        (("--property", "flexible", "--material", "PLA"), "property-missing"),
    ):
        told = ask(tray, *options)["refusals"]
        rules = {reason["rule"] for each in told for reason in each["reasons"]}
        assert rule in rules, options


def test_a_property_finds_the_materials_that_have_it(tray: Path) -> None:
    warm = ask(tray, "--property", "heat_deflection_degc=65")
    made = {b["material"] for one in warm["matches"] for b in one["builds"]}
    assert made == {"PETG"}
    assert ask(tray, "--property", "flexible=no")["matches"] != []


@pytest.mark.parametrize("text", ["flexible=perhaps", "taste", "flexible=3"])
def test_a_property_that_says_nothing_is_refused(tray: Path, text: str) -> None:
    words = [str(tray), "--network", str(DEMO), "--to", "Nairobi, KE"]
    done = CliRunner().invoke(command, [*words, "--property", text])
    assert isinstance(done.exception, InvalidInput)
    assert done.exception.code == "property-unknown"


def test_a_property_asked_twice_and_not_alike_is_refused(tray: Path) -> None:
    words = [str(tray), "--network", str(DEMO), "--to", "Nairobi, KE"]
    twice = ["--property", "flexible", "--property", "flexible=no"]
    done = CliRunner().invoke(command, [*words, *twice])
    assert isinstance(done.exception, InvalidInput)
    assert "asked twice" in str(done.exception)


def test_matches_stand_in_the_order_of_their_score(tray: Path) -> None:
    sums = [m["score"]["parts"]["sum_usd"] for m in ask(tray)["matches"]]
    assert sums == sorted(sums)


def test_people_see_what_would_help(tray: Path) -> None:
    ran = CliRunner().invoke(
        command, [str(tray), "--network", str(DEMO), "--to", "Lyon, FR"]
    )
    assert "+ scale to 82 % (opens " in ran.stdout


def test_a_day_alone_counts_until_its_last_minute(
    tray: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
    monkeypatch.setattr(match_wish, "now_utc", lambda: noon)
    today = match_wish.Moment().convert("2026-01-31", None, None)
    assert today == datetime(2026, 1, 31, 23, 59)  # noqa: DTZ001 - click gives no zone
    hour = match_wish.Moment().convert("2026-01-31T16:30", None, None)
    assert hour == datetime(2026, 1, 31, 16, 30)  # noqa: DTZ001
    told = ask(tray, "--by", "2026-01-31")["refusals"]
    assert all(
        "past" not in reason["rule"] for one in told for reason in one["reasons"]
    )
