"""``nearmade energy`` and ``nearmade schedule sample`` through their own doors."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nearmade.cli.energy import command as energy
from nearmade.cli.schedule import command as schedule
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, NotFound
from tests.shared_data import shared

SITE: dict[str, Any] = {
    "name": "Greensboro school",
    "zone": "America/New_York",
    "start_at": "2026-03-02T08:30:00-05:00",
    "energy": {
        "place": {
            "country": "US",
            "name": "Greensboro",
            "lat_deg": 36.1,
            "lon_deg": -79.95,
        },
        "panel": {"rated_wp": 460, "tilt_deg": 35},
        "battery": {"capacity_wh": 550},
        "work": {
            "model": "MINI",
            "minutes": 90,
            "pieces": 2,
            "machines": 2,
            "from": "07:00",
            "to": "21:00",
        },
        "wish": {"pieces_a_day": 12},
    },
}


def run(*words: str, group: Any = energy) -> Result:
    result = CliRunner().invoke(group, list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def found(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def changed(where: str, value: object) -> dict[str, Any]:
    record = copy.deepcopy(SITE)
    *way, last = where.split(".")
    at: Any = record
    for word in way:
        at = at.setdefault(word, {})
    at[last] = value
    return record


@pytest.fixture
def school(tmp_path: Path) -> str:
    return written(tmp_path, SITE)


def written(folder: Path, record: object) -> str:
    path = folder / "site.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return str(path)


def test_a_year_is_told_by_month_and_adds_up(school: str) -> None:
    year = found("simulate", school, "--weather", "clear-sky")
    assert year["schema"] == "nearmade/energy/year/1"
    assert [row["month"] for row in year["months"]] == list(range(1, 13))
    assert sum(row["pieces"] for row in year["months"]) == year["jobs"]["pieces"]
    assert sum(row["sun_kwh"] for row in year["months"]) == pytest.approx(
        year["energy_kwh"]["sun"], abs=0.02
    )
    # Under a sky without clouds twelve a day are made every day: 365 x 12.
    assert year["jobs"] == {
        "finished": 2190,
        "ruined": 0,
        "pieces": 4380,
        "pieces_a_day": 12.0,
    }
    assert year["wish"]["met_days_fraction"] == 1.0
    assert year["weather"]["synthetic"]


def test_the_same_seed_makes_the_same_weather(school: str) -> None:
    one, other, third = (
        found("simulate", school, "--seed", seed) for seed in ("3", "3", "4")
    )
    assert one == other != third


def test_people_read_a_plot_and_a_note_on_made_up_weather(school: str) -> None:
    result = run("simulate", school)
    assert "Dec  [" in result.stdout
    assert "pieces a day on" in result.stdout
    assert "proves nothing about the place" in result.stderr


def test_a_sizing_serves_the_wish_and_shows_the_curve(school: str) -> None:
    sizing = found("size", school, "--pieces-a-day", "4", "--weather", "clear-sky")
    assert sizing["schema"] == "nearmade/energy/sizing/1"
    sun = sizing["ways"][0]
    assert sun["name"] == "sun and battery"
    assert sun["chosen"]["days_fraction"] >= 0.95
    assert sun["chosen"] in sun["curve"]
    assert all(each["days_fraction"] >= 0.95 for each in sun["curve"])
    assert set(sizing["assumed_prices"]) == set(sizing["prices"])
    assert sizing["cheapest"] == "sun and battery"
    assert {way["name"] for way in sizing["ways"]} == {
        "sun and battery",
        "generator and battery",
        "sun, battery and generator",
    }


def test_what_was_sized_serves_the_wish_when_it_is_simulated(tmp_path: Path) -> None:
    school = written(tmp_path, SITE)
    weather = str(shared("solar", "723170TYA.CSV"))
    chosen = found("size", school, "--weather", weather)["ways"][0]["chosen"]
    record = changed("energy.panel.rated_wp", chosen["panel_wp"])
    record["energy"]["battery"]["capacity_wh"] = chosen["battery_wh"]
    year = found("simulate", written(tmp_path, record), "--weather", weather)
    assert year["wish"]["met_days_fraction"] == chosen["days_fraction"] >= 0.95
    assert year["jobs"]["ruined"] == 0
    assert not year["weather"]["synthetic"]
    less = changed("energy.panel.rated_wp", chosen["panel_wp"] * 0.8)
    less["energy"]["battery"]["capacity_wh"] = chosen["battery_wh"] * 0.8
    poorer = found("simulate", written(tmp_path, less), "--weather", weather)
    assert poorer["wish"]["met_days_fraction"] < 0.95


def test_weather_of_elsewhere_is_told(tmp_path: Path) -> None:
    kisumu = {"name": "Kisumu", "country": "KE", "lat_deg": -0.09, "lon_deg": 34.77}
    path = written(tmp_path, changed("energy.place", kisumu))
    weather = str(shared("solar", "723170TYA.CSV"))
    result = run("simulate", path, "--weather", weather)
    assert "km from Kisumu" in result.stderr


def test_a_day_says_what_starts_and_why_the_rest_waits(school: str) -> None:
    day = found("schedule", school, "--charge", "0.3", "--jobs", "2")
    assert day["schema"] == "nearmade/energy/day/1"
    assert day["begins_at"] == "2026-03-02T08:30-05:00"
    first = day["jobs"][0]
    assert first["verb"] == "start"
    assert first["reason"].startswith("starts ")
    assert "carry it without sun" in first["waited"]
    assert day["hours"][0]["battery_fraction"] == pytest.approx(0.3)
    page = run("schedule", school, "--charge", "0.3", "--jobs", "2").stdout
    assert "before, it waits: 30 % stored" in page


def test_a_day_in_summer_time_shows_what_the_clock_on_the_wall_shows(
    tmp_path: Path,
) -> None:
    summer = {**SITE, "zone": "America/New_York"}
    words = ("--at", "2026-07-15T08:30:00-04:00", "--charge", "1", "--jobs", "1")
    day = found("schedule", written(tmp_path, summer), *words)
    assert day["begins_at"] == "2026-07-15T08:30-04:00"
    assert day["jobs"][0]["reason"].startswith("starts 08:30")


def test_a_full_battery_starts_at_once_and_an_empty_one_in_the_dark_never(
    tmp_path: Path,
) -> None:
    school = written(tmp_path, SITE)
    full = found("schedule", school, "--charge", "1", "--jobs", "1")["jobs"][0]
    assert full["start_at"] == "2026-03-02T08:30-05:00"
    dark = changed("energy.panel.rated_wp", 1)
    empty = found("schedule", written(tmp_path, dark), "--charge", "0.1")
    assert empty["jobs"][0]["verb"] == "wait"
    assert empty["jobs"][0]["start_at"] is None


def test_builds_of_the_schedule_are_the_jobs_in_line(tmp_path: Path) -> None:
    builds = [{"id": "a", "minutes": 60}, {"id": "b", "minutes": {"x": 30, "y": 90}}]
    path = written(tmp_path, {**SITE, "builds": builds})
    day = found("schedule", path, "--charge", "1", "--weather", "clear-sky")
    assert [row["job"] for row in day["jobs"]] == ["a", "b"]


def test_a_van_is_simulated_by_its_stays(tmp_path: Path) -> None:
    out = tmp_path / "van.json"
    run("sample", "--kind", "van", "--out", str(out), group=schedule)
    year = found("simulate", str(out), "--weather", "clear-sky")
    assert year["places"] == ["Kisumu, KE", "Lodwar, KE", "Mombasa, KE"]
    assert year["months"][6]["place"] == "Mombasa, KE"


@pytest.mark.parametrize("kind", ["farm", "off-grid", "van"])
def test_an_invented_site_is_read_by_every_command(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "site.json"
    made = run("sample", "--kind", kind, "--out", str(out), "--json", group=schedule)
    assert json.loads(made.stdout)["kind"] == kind
    page = run(str(out), "--effort", "0", group=schedule).stdout
    assert "8 builds scheduled" in page
    assert found("simulate", str(out))["jobs"]["pieces"] > 1000
    again = tmp_path / "again.json"
    run("sample", "--kind", kind, "--out", str(again), group=schedule)
    assert out.read_bytes() == again.read_bytes()


@pytest.mark.parametrize(
    "words", [("--machines", "0"), ("--builds", "0"), ("--machines", "1000000")]
)
def test_a_sample_of_nothing_or_too_much_is_refused(
    words: tuple[str, str], tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput):
        run("sample", *words, "--out", str(tmp_path / "s.json"), group=schedule)


BAD_SITES: list[tuple[str, object, str]] = [
    ("energy.panel.rated_wp", -1, "rated_wp"),
    ("energy.panel.rated_wp", "lots", "rated_wp"),
    ("energy.panel.rated_wp", 10**400, "rated_wp"),
    ("energy.battery", [], "battery"),
    ("energy.place.lat_deg", 99, "lat_deg"),
    ("energy.max_w", 20, "draws up to"),
    ("energy.work", None, "energy.work"),
    ("energy", None, "must be an object"),
]


@pytest.mark.parametrize(("where", "value", "says"), BAD_SITES)
@pytest.mark.parametrize("door", ["simulate", "size", "schedule"])
def test_a_site_that_cannot_be_is_refused_with_a_remedy(
    door: str, where: str, value: object, says: str, tmp_path: Path
) -> None:
    path = written(tmp_path, changed(where, value))
    with pytest.raises(InvalidInput) as caught:
        run(door, path, "--weather", "clear-sky")
    assert says in caught.value.message + (caught.value.remedy or "")
    assert caught.value.remedy


@pytest.mark.parametrize("door", ["simulate", "size", "schedule"])
def test_files_that_are_none_are_refused(door: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        run(door, str(tmp_path / "none.json"))
    site = written(tmp_path, SITE)
    with pytest.raises(NotFound) as missing:
        run(door, site, "--weather", str(tmp_path / "none.csv"))
    assert "clear-sky" in missing.value.remedy
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\x00\xff" * 50)
    with pytest.raises(InvalidInput):
        run(door, site, "--weather", str(bad))
    with pytest.raises(NotFound):
        run(door, site, "--weather", str(tmp_path))
    for text in ("", "[", "[1]", '{"energy": NaN}', "7"):
        (tmp_path / "odd.json").write_text(text, encoding="utf-8")
        with pytest.raises(InvalidInput) as caught:
            run(door, str(tmp_path / "odd.json"))
        assert caught.value.remedy


@pytest.mark.parametrize(
    ("door", "words"),
    [
        ("size", ("--days", "nan")),
        ("size", ("--days", "0")),
        ("size", ("--days", "1.5")),
        ("size", ("--pieces-a-day", "-3")),
        ("size", ("--pieces-a-day", "1e9")),
        ("size", ("--minutes", "inf")),
        ("schedule", ("--charge", "2")),
        ("schedule", ("--charge", "nan")),
        ("schedule", ("--jobs", "0")),
        ("schedule", ("--worst", "1")),
        ("simulate", ("--seed", "-1")),
    ],
)
def test_options_out_of_range_are_refused(
    door: str, words: tuple[str, str], school: str
) -> None:
    assert run(door, school, *words).exit_code == 2


@pytest.mark.parametrize(
    ("door", "words", "says"),
    [
        ("size", ("--pieces-a-day", "1000"), "take 500 jobs a day"),
        ("size", ("--model", "Nothing"), "is not known"),
        ("schedule", ("--at", "today"), "no moment with a zone"),
        ("schedule", ("--at", "2026-03-02T08:30:00"), "no moment with a zone"),
        ("simulate", ("--stay-weather", "Nowhere=x.csv"), "no stay at"),
        ("simulate", ("--stay-weather", "x.csv"), "NAME=FILE"),
    ],
)
def test_wishes_that_mean_nothing_are_refused(
    door: str, words: tuple[str, ...], says: str, school: str
) -> None:
    with pytest.raises(NearmadeError) as caught:
        run(door, school, *words)
    assert says in caught.value.message
    assert caught.value.remedy


def test_a_site_without_a_wish_is_asked_for_one(tmp_path: Path) -> None:
    record = copy.deepcopy(SITE)
    del record["energy"]["wish"]
    path = written(tmp_path, record)
    with pytest.raises(InvalidInput) as caught:
        run("size", path)
    assert "--pieces-a-day" in caught.value.remedy
    free = found("simulate", path, "--weather", "clear-sky")
    assert free["wish"] is None
    assert free["jobs"]["pieces"] > 4380
    assert not math.isnan(free["energy_kwh"]["sun"])
