"""Turns of a site's builds at its agent: hands, nights and maintenance, in words."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from nearmade.agent.config import AgentConfig, load_config
from nearmade.agent.queue import Queue, Queued
from nearmade.agent.schedule import choose
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import JobId, MachineId
from tests.agent.test_schedule import build, on_grid
from tests.agent.wire_platform import config_text

#: A Monday morning at a site whose clock is three hours ahead: half past eight there.
MORNING = datetime(2026, 6, 1, 5, 30, tzinfo=UTC)
OPEN = MORNING + timedelta(hours=1, minutes=30)
ONE = MachineId("lab/one")
HOUR_S = 3600.0
NINE_TO_SIX = """
[power]
utc_offset_h = 3.0
[hands]
days = [1, 2, 3, 4, 5]
opens_hour = 9
closes_hour = 18
nights = {nights}
"""
PRINTER = """
[[printer]]
machine_id = "lab/one"
driver = "octoprint"
out_of_use = [{out}]
[printer.settings]
url = "http://127.0.0.1:5001"
"""
NOZZLE = (
    "{from = 2026-06-01T12:00:00+03:00, to = 2026-06-01T14:00:00+03:00, "
    'why = "a new nozzle"}'
)


def a_site(folder: Path, *, nights: str = "true", out: str = "") -> AgentConfig:
    text = config_text(
        "https://nearmade.example",
        printers=PRINTER.replace("{out}", out),
        power=NINE_TO_SIX.replace("{nights}", nights),
    )
    (folder / "site.toml").write_text(text)
    return load_config(folder / "site.toml")


def waits(name: str, hours: float) -> Queued:
    return Queued(JobId(name), ONE, "PLA", hours * HOUR_S)


def clock(at: datetime | None) -> str:
    assert at is not None
    return f"{at + timedelta(hours=3):%a %H:%M}"


def test_an_agent_starts_alone_and_hands_take_off_when_they_come(
    tmp_path: Path,
) -> None:
    queue = Queue(a_site(tmp_path))
    turns = queue.turns([waits("a", 12), waits("b", 1)], {}, MORNING)
    first, second = turns[JobId("a")], turns[JobId("b")]
    # It starts with nobody there, is done half past eight in the evening, and is taken
    # off on Tuesday at nine.
    assert first.why == ("starts at once",)
    assert queue.kept_back(first, MORNING) == ""
    assert (clock(first.ends_at), clock(first.off_at)) == ("Mon 20:30", "Tue 09:05")
    assert clock(second.starts_at) == "Tue 09:05"
    (why,) = second.why
    assert why == (
        "waits until Tue 09:05: lab/one holds a, done at 20:30; nobody is there to "
        "clear it before Tue 09:00"
    )


def test_without_nights_a_build_is_kept_back_that_would_outlast_people(
    tmp_path: Path,
) -> None:
    queue = Queue(a_site(tmp_path, nights="false"))
    turns = queue.turns([waits("a", 8)], {}, MORNING)
    kept = queue.kept_back(turns[JobId("a")], MORNING)
    assert clock(turns[JobId("a")].starts_at) == "Mon 09:00"
    assert "the site does not print unattended" in kept
    choice = choose([build("a", "lab/one"), build("b", "lab/one")], {}, on_grid())
    assert [each.job_id for each, _ in choice.starts] == ["a"]


def test_what_would_run_into_maintenance_waits_and_says_so(tmp_path: Path) -> None:
    queue = Queue(a_site(tmp_path, out=NOZZLE))
    turns = queue.turns([waits("a", 5)], {}, MORNING)
    kept = queue.kept_back(turns[JobId("a")], MORNING)
    assert kept == "waits until 14:00: lab/one has a new nozzle until 14:00"
    short = queue.turns([waits("b", 2)], {}, MORNING)
    assert queue.kept_back(short[JobId("b")], MORNING) == ""


def test_who_is_kept_back_keeps_its_place_in_the_line() -> None:
    first = replace(build("a", "one"), kept_back="waits until 14:00: a new nozzle")
    choice = choose([first, build("b", "one")], {}, on_grid())
    assert choice.starts == ()
    assert choice.reasons == (
        ("a", "waits until 14:00: a new nozzle"),
        ("b", "an earlier build is ahead on this machine"),
    )


def test_who_can_never_start_holds_up_nobody_behind_it(tmp_path: Path) -> None:
    queue = Queue(a_site(tmp_path, nights="false"))
    turns = queue.turns([waits("long", 20), waits("short", 1)], {}, OPEN)
    assert turns[JobId("long")].starts_at is None
    assert clock(turns[JobId("short")].starts_at) == "Mon 10:00"
    kept = queue.kept_back(turns[JobId("long")], OPEN)
    line = [
        queue.held(build(name, "lab/one"), turns[JobId(name)], OPEN)
        for name in ("long", "short")
    ]
    choice = choose(line, {}, on_grid())
    assert [each.job_id for each, _ in choice.starts] == ["short"]
    assert choice.reasons == (("long", kept),)


def test_a_build_longer_than_people_stay_never_starts_and_is_told_why(
    tmp_path: Path,
) -> None:
    by_day = Queue(a_site(tmp_path, nights="false"))
    assert by_day.never_starts(waits("a", 9), MORNING) == ""
    assert by_day.never_starts(waits("a", 9.5), MORNING) == (
        "cannot start within 28 days: prints 9 h 30 min, longer than anybody is there "
        "at a stretch (9 h 00 min), and the site does not print unattended"
    )
    assert Queue(a_site(tmp_path)).never_starts(waits("a", 9.5), MORNING) == ""


def test_a_job_of_a_printer_no_longer_there_frees_no_other_of_its_hours(
    tmp_path: Path,
) -> None:
    queue = Queue(a_site(tmp_path, nights="false"))
    gone = Queued(JobId("old"), MachineId("lab/gone"), "PLA", HOUR_S)
    turns = queue.turns([gone, waits("a", 1)], {}, MORNING)
    assert list(turns) == ["a"]
    assert clock(turns[JobId("a")].starts_at) == "Mon 09:00"


def test_a_bed_that_nobody_clears_in_four_weeks_holds_its_printer_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = a_site(tmp_path, out=NOZZLE)
    days = (date(2026, 6, 1) + timedelta(days=at) for at in range(40))
    (one,) = config.printers
    closed = replace(
        config,
        hands=replace(config.hands, holidays=frozenset(days)),
        printers=(one, replace(one, machine_id=MachineId("lab/two"))),
    )
    queue = Queue(closed)
    other = Queued(JobId("b"), MachineId("lab/two"), "PLA", HOUR_S)
    held = {MachineId("lab/two"): "the build before"}
    turns = queue.turns([waits("a", 5), other], held, MORNING)
    # Without a schedule, nothing goes; the other printer has its own words.
    words = "site: not all running builds can be cleared in the horizon"
    assert queue.kept_back(turns[JobId("b")], MORNING) == f"waits: {words}"
    assert queue.kept_back(turns[JobId("a")], MORNING).startswith("no room for its 5 h")
    assert caplog.messages == [f"lab/two: {words}"]


@pytest.mark.parametrize("neighbour", [False, True])
def test_a_printer_that_clears_itself_goes_on_whoever_stands_beside_it(
    tmp_path: Path, neighbour: bool
) -> None:
    config = a_site(tmp_path)
    (one,) = config.printers
    belt = replace(one, clear_before_next=False)
    two = replace(one, machine_id=MachineId("lab/two"))
    printers = (belt, two) if neighbour else (belt,)
    queue = Queue(replace(config, printers=printers))
    evening = MORNING + timedelta(hours=11, minutes=30)
    runs = replace(waits("runs", 1 / 6), running=True)
    turns = queue.turns([runs, waits("next", 1)], {}, evening)
    # Ten minutes are left at eight in the evening, when nobody is there.
    assert clock(turns[JobId("next")].starts_at) == "Mon 20:10"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("opens_hour = 9", "opens_hour = 19", "must rise"),
        ("opens_hour = 9", 'opens_hour = "nine"', "must be numbers"),
        ("days = [1, 2, 3, 4, 5]", "days = [0]", "ISO weekdays"),
        ("nights = true", "nights = 1", "must be a bool"),
        ("nights = true", "noons = true", "noons is not known"),
        ("nights = true", 'holidays = ["Easter"]', "must be days"),
        ("2026-06-01T14:00:00+03:00", "2026-06-01T14:00:00", "need a zone"),
        ("2026-06-01T14:00:00+03:00", "2026-06-01T09:00:00+03:00", "must end after"),
        ("2026-06-01T14:00:00+03:00", "14", "must be moments"),
        ('why = "a new nozzle"', "why = 3", "why must be text"),
    ],
)
def test_hours_that_make_no_sense_are_named(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    a_site(tmp_path, out=NOZZLE)
    text = (tmp_path / "site.toml").read_text()
    assert old in text
    (tmp_path / "site.toml").write_text(text.replace(old, new))
    with pytest.raises(InvalidInput, match=why):
        load_config(tmp_path / "site.toml")


def test_an_agent_needs_no_solver_and_no_platform() -> None:
    code = (
        "import sys, nearmade.agent.loop\n"
        "heavy = ('ortools', 'django', 'trimesh', 'nearmade.planning.network')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
