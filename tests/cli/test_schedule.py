"""``nearmade schedule`` through its own door."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nearmade.cli.schedule import command
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.architecture.sources import ROOT

EXAMPLES = ROOT / "examples" / "schedules"
SITE: dict[str, Any] = {
    "schema": "nearmade/schedule/site/1",
    "start_at": "2026-03-02T08:00:00+01:00",
    "zone": "Europe/Paris",
    "days": 1,
    "machines": [{"id": "one", "material": "PLA"}],
    "builds": [{"id": "a", "material": "PLA", "minutes": 60}],
}


def run(path: Path, *words: str) -> str:
    result = CliRunner().invoke(command, [str(path), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def changed(where: str, value: object) -> dict[str, Any]:
    """Give the site with one field changed, such as ``builds.0.minutes``."""
    record = copy.deepcopy(SITE)
    *way, last = where.split(".")
    at: Any = record
    for word in way:
        at = at[int(word)] if word.isdigit() else at.setdefault(word, {})
    at[int(last) if last.isdigit() else last] = value
    return record


def refused(tmp_path: Path, record: object) -> InvalidInput:
    path = tmp_path / "site.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        run(path, "--effort", "0")
    assert caught.value.remedy
    return caught.value


def test_the_example_farm_is_scheduled_with_reasons() -> None:
    found = json.loads(run(EXAMPLES / "print-farm.json", "--effort", "0.5", "--json"))
    assert found["schema"] == "nearmade/schedule/plan/1"
    assert {row["build"] for row in found["builds"]} >= {"running", "lamp", "plate-1"}
    assert found["left_out"] == []
    assert found["bound"] <= found["cost"]["total"]
    assert max(found["peak_w_by_quarter"]) <= 900
    lamp = next(row for row in found["builds"] if row["build"] == "lamp")
    assert lamp["changed_from"]
    assert lamp["start_at"].endswith("+01:00")
    plates = [row for row in found["builds"] if row["parts"]]
    assert sum(int(part.split()[0]) for row in plates for part in row["parts"]) == 18


def test_the_off_grid_example_says_what_it_cannot_make() -> None:
    page = run(EXAMPLES / "off-grid.json", "--effort", "0.2")
    assert "left out pegs-6: prints 13 h 20 min" in page
    assert "MINI-1 |" in page


def test_a_job_shop_and_flow_lines_are_scheduled() -> None:
    page = run(EXAMPLES / "job-shop.json", "--effort", "9")
    # Two prints on resin-1 or both on resin-2 take 300; then 15 + 30 + 10.
    assert "all done after 355 minutes" in page
    found = json.loads(run(EXAMPLES / "job-shop.json", "--effort", "9", "--json"))
    assert len(found["steps"]) == 15
    page = run(EXAMPLES / "flow-lines.json", "--effort", "0.5")
    assert "6 jobs at 2 sites" in page
    found = json.loads(run(EXAMPLES / "flow-lines.json", "--effort", "0.2", "--json"))
    assert found["makespan_minutes"] >= found["bound_minutes"]


def test_the_page_and_the_machine_wait_for_nobody(tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    path.write_text(json.dumps(SITE), encoding="utf-8")
    page = run(path, "--effort", "0.2")
    assert "1 builds scheduled, 0 late, 0 left out" in page
    assert "starts at once" in page


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        ("schema", "other", "site.schema"),
        ("zone", "Mars", "site.zone"),
        ("start_at", "tomorrow", "site.start_at"),
        ("start_at", "2026-03-02T08:00:00", "no moment with a zone"),
        ("days", 29, "site.days"),
        ("strange", 1, "site.strange"),
        ("machines", [], "names no machine"),
        ("machines.0.model", "Nothing", "is not known"),
        ("machines.0.bed_mm", [1, 2], "three lengths"),
        (
            "machines.0.maintenance",
            [{"from": "2026-03-02T09:00:00Z", "to": "2026-03-02T09:00:00Z"}],
            "after from",
        ),
        ("hands.nights", "no", "true or false"),
        ("hands.opens", "25:00", "no time of the day"),
        ("hands.opens", "24:30", "no time of the day"),
        ("hands.closes", "00:00", "after opens"),
        ("hands.holidays", ["Monday"], "is no day"),
        ("power.sun_w", [1.0], "24 values"),
        ("power.battery", {}, "capacity_wh"),
        ("builds.0.minutes", 0, "at least 1"),
        ("builds.0.minutes", {"two": 5}, "names no machine of the site"),
        ("builds.0.due_at", "2126-03-02T09:00:00Z", "more than ten years"),
        ("builds.0.running_on", 4, "must be a text"),
        ("worth.more", 4, "site.worth.more"),
        (
            "parts",
            [{"id": "p", "size_mm": [1, 1], "minutes": 1, "material": "PLA"}],
            "three lengths",
        ),
    ],
)
def test_a_file_that_means_nothing_is_refused_with_its_place(
    tmp_path: Path, where: str, value: object, says: str
) -> None:
    assert says in refused(tmp_path, changed(where, value)).message


def test_parts_must_fit_a_bed_and_have_names_of_their_own(tmp_path: Path) -> None:
    part = {"id": "p", "size_mm": [50, 20, 10], "minutes": 9, "material": "PLA"}
    found = refused(tmp_path, changed("parts", [part]))
    assert found.code == "larger-than-bed"
    beds = changed("machines.0.bed_mm", [200, 200, 200])
    assert "same id" in refused(tmp_path, {**beds, "parts": [part, part]}).message


def test_parts_of_one_due_window_share_plates(tmp_path: Path) -> None:
    def part(name: str, due: str, layer_mm: float = 0.2) -> dict[str, Any]:
        return {
            "id": name,
            "size_mm": [50, 20, 10],
            "minutes": 10,
            "material": "PLA",
            "due_at": due,
            "layer_mm": layer_mm,
            "copies": 2,
        }

    record = changed("machines.0.bed_mm", [200, 200, 200])
    record["builds"] = []
    record["parts"] = [
        part("a", "2026-03-02T18:00:00+01:00"),
        part("b", "2026-03-02T17:00:00+01:00"),
        part("c", "2026-03-02T17:00:00+01:00", 0.1),
        part("d", "2026-03-04T17:00:00+01:00"),
    ]
    path = tmp_path / "site.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    found = json.loads(run(path, "--effort", "0.2", "--json"))
    plates = sorted(sorted(row["parts"]) for row in found["builds"])
    assert plates == [["2 x a", "2 x b"], ["2 x c"], ["2 x d"]]


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (
            {"machines": ["m"], "steps": [{"id": "s", "minutes": {"n": 1}}]},
            "no machine",
        ),
        (
            {
                "machines": ["m"],
                "steps": [{"id": "s", "minutes": {"m": 1}, "after": ["t"]}],
            },
            "names no step",
        ),
        ({"machines": ["m", "m"], "steps": []}, "is there twice"),
        ({"machines": ["m"], "steps": []}, "needs a machine and an operation"),
        ({"machines": ["m"], "steps": [{"id": "s", "minutes": {}}]}, "no machine"),
    ],
)
def test_a_job_shop_that_means_nothing_is_refused(
    tmp_path: Path, record: dict[str, Any], says: str
) -> None:
    record = {"schema": "nearmade/schedule/job-shop/1", **record}
    assert says in refused(tmp_path, record).message


def test_too_many_flow_jobs_are_refused(tmp_path: Path) -> None:
    record = {
        "schema": "nearmade/schedule/flow-lines/1",
        "sites": ["s"],
        "jobs": {str(at): [1] for at in range(5001)},
    }
    assert "the most is 5000" in refused(tmp_path, record).message


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFound):
        run(EXAMPLES / "nothing.json")


@pytest.mark.parametrize(
    "start_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-12:00"]
)
def test_a_start_at_an_end_of_the_calendar_is_refused(
    tmp_path: Path, start_at: str
) -> None:
    (tmp_path / "site.json").write_text(json.dumps(SITE | {"start_at": start_at}))
    with pytest.raises(InvalidInput, match="must lie in the years 1900 to 2200"):
        run(tmp_path / "site.json")
