"""One agent, its simulated printers and a platform reduced to the wire."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nearmade.adapters.printers.simulated import SimulatedPrinter
from nearmade.agent.config import load_config
from nearmade.agent.loop import Agent, only_agent
from nearmade.agent.store import Store
from nearmade.cli.main import cli
from nearmade.energy.load.machine_power import MK3S
from nearmade.production.gcode.gate import check_gcode
from nearmade.production.job import JobState
from nearmade.production.signing import SignedTicket, sign
from nearmade.vocabulary.errors import Conflict, NearmadeError, Refused
from nearmade.vocabulary.identity import JobId
from tests.agent.wire_platform import (
    KEY,
    TOKEN,
    WirePlatform,
    config_text,
    wire_platform,
)
from tests.production.plain_files import LIMITS, build, ticket

FILE = build() + b"; estimated printing time (normal mode) = 1m 0s\n"

#: 300 s of heat-up and 60 s of moves in under half a second.
ONE = """
[[printer]]
machine_id = "lab/one"
driver = "simulated"
[printer.settings]
speed_factor = 800
"""


@dataclass
class Mono:
    """A monotonic clock that can be put forward."""

    ahead_s: float = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead_s


class Lab:
    """A site in a folder, with its platform."""

    def __init__(
        self, folder: Path, platform: WirePlatform, printers: str, power: str
    ) -> None:
        self.folder = folder
        self.platform = platform
        self.mono = Mono()
        self.path = folder / "site.toml"
        self.path.write_text(config_text(platform.url, printers=printers, power=power))

    def printer(self, name: str = "lab_one") -> SimulatedPrinter:
        return SimulatedPrinter(
            self.folder / "state" / "printers" / name, MK3S, speed_factor=800.0
        )

    @contextmanager
    def agent(self) -> Iterator[Agent]:
        config = load_config(self.path)
        with only_agent(config.state_dir):
            agent = Agent(config, mono=self.mono)
            try:
                yield agent
            finally:
                agent.close()

    def until(self, agent: Agent, kind: str, times: int = 1) -> None:
        """Let the agent work until the platform has heard of something."""
        end = time.monotonic() + 20
        while len(self.platform.story(kind)) < times:
            assert time.monotonic() < end, self.platform.story()
            agent.once()
            time.sleep(0.02)

    def make(self, job_id: str = "job-1", machine_id: str = "lab/one") -> None:
        self.platform.make(
            f"make-{job_id}",
            ticket(FILE, job_id=job_id, machine_id=machine_id),
            FILE,
        )

    def waiting(self) -> dict[str, str]:
        waiting = self.platform.snapshot["waiting"]
        assert isinstance(waiting, list)
        return {entry["job_id"]: entry["reason"] for entry in waiting}


@contextmanager
def a_lab(folder: Path, *, printers: str = ONE, power: str = "") -> Iterator[Lab]:
    with wire_platform() as platform:
        yield Lab(folder, platform, printers, power)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with a_lab(tmp_path) as lab:
        yield lab


def test_an_offer_becomes_a_print_with_evidence(lab: Lab) -> None:
    lab.platform.offer("offer-1", "job-1")
    with lab.agent() as agent:
        lab.until(agent, "command.accepted")
        lab.make()
        lab.until(agent, "job.printed")
    assert lab.platform.story() == [
        "command.accepted",
        "command.accepted",
        "job.starting",
        "job.printing",
        "job.printed",
    ]
    evidence = lab.platform.bodies("job.printed")[0]["evidence"]
    assert isinstance(evidence, dict)
    assert evidence["simulated"] is True
    assert evidence["filament_mm"] == 12.0
    assert evidence["gcode_sha256"] == ticket(FILE).gcode_sha256
    # 300 s of heat-up and 60 s of printing at the MK3S's figures.
    expected_wh = MK3S.heatup_wh + MK3S.printing_w / 60
    assert evidence["energy_wh"] == pytest.approx(expected_wh, rel=1e-3)
    assert lab.platform.snapshot["simulated"] is True


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"machine_id": "lab/other"}, "does not stand"),
        ({"machine_id": 7}, "must be text"),
        ({"energy_wh": -1}, "zero or more"),
        ({"energy_wh": "much"}, "must be a number"),
    ],
)
def test_an_offer_that_cannot_be_kept_is_rejected(
    lab: Lab, body: dict[str, object], why: str
) -> None:
    lab.platform.offer("offer-1", "job-1", **body)
    with lab.agent() as agent:
        lab.until(agent, "command.rejected")
    assert why in str(lab.platform.bodies("command.rejected")[0]["reason"])


def test_an_offer_to_a_machine_that_is_down_is_rejected(lab: Lab) -> None:
    lab.printer().inject(offline=True)
    lab.platform.offer("offer-1", "job-1")
    with lab.agent() as agent:
        lab.until(agent, "command.rejected")
    assert "is offline" in str(lab.platform.bodies("command.rejected")[0]["reason"])


SOLAR = """
[power]
kind = "solar"
pv_wp = 100
battery_wh = 400
first_fraction = {first}
max_w = 400
lat_deg = -1.3
lon_deg = 36.8
utc_offset_h = 3
"""


def test_a_solar_site_rejects_what_its_battery_never_holds(tmp_path: Path) -> None:
    with a_lab(tmp_path, power=SOLAR.format(first=0.9)) as lab:
        lab.platform.offer("offer-1", "job-1", energy_wh=390.0)
        with lab.agent() as agent:
            lab.until(agent, "command.rejected")
        why = str(lab.platform.bodies("command.rejected")[0]["reason"])
        assert "even when full" in why


def test_a_site_rejects_what_is_longer_than_its_people_stay(tmp_path: Path) -> None:
    hours = "[hands]\nopens_hour = 9\ncloses_hour = 17\nnights = false\n"
    with a_lab(tmp_path, power=hours) as lab:
        lab.platform.offer("offer-1", "job-1", expected_s=20 * 3600.0)
        with lab.agent() as agent:
            lab.until(agent, "command.rejected")
        why = str(lab.platform.bodies("command.rejected")[0]["reason"])
    assert "longer than anybody is there at a stretch (8 h 00 min)" in why


def test_jobs_of_a_printer_that_was_taken_away_hold_up_no_other(
    tmp_path: Path,
) -> None:
    offline = ONE.replace("lab/one", "lab/two")
    with a_lab(tmp_path, printers=ONE + offline) as lab:
        lab.printer("lab_two").inject(offline=True)
        lab.make("job-2", "lab/two")
        with lab.agent() as agent:
            lab.until(agent, "command.accepted")
        lab.path.write_text(config_text(lab.platform.url, printers=ONE, power=""))
        lab.make("job-1")
        with lab.agent() as agent:
            lab.until(agent, "job.printed")
            agent.sync()
            assert "does not stand at this site" in lab.waiting()["job-2"]


def test_a_solar_site_waits_for_sun_and_says_so(tmp_path: Path) -> None:
    with a_lab(tmp_path, power=SOLAR.format(first=0.12)) as lab:
        lab.make()
        with lab.agent() as agent:
            lab.until(agent, "command.accepted")
            agent.once()
            agent.sync()
            power = lab.platform.snapshot["power"]
        assert "waits: 12 % stored" in lab.waiting()["job-1"]
        assert isinstance(power, dict)
        assert power["kind"] == "solar"
        assert power["battery_fraction"] == pytest.approx(0.12, abs=0.01)
        assert lab.platform.story("job.starting") == []


def test_machines_share_the_sites_power(tmp_path: Path) -> None:
    two = ONE + ONE.replace("lab/one", "lab/two")
    with a_lab(tmp_path, printers=two, power="[power]\nmax_w = 400") as lab:
        lab.make("job-1", "lab/one")
        lab.make("job-2", "lab/two")
        with lab.agent() as agent:
            lab.until(agent, "job.starting")
            agent.sync()
            # Two MK3S may draw 545 W together at their worst.
            assert "400 W" in lab.waiting()["job-2"]
            lab.until(agent, "job.printed", times=2)
        assert lab.platform.story("job.starting", "job.printed") == [
            "job.starting",
            "job.printed",
            "job.starting",
            "job.printed",
        ]


def signed_over(content: bytes, key: Ed25519PrivateKey = KEY) -> SignedTicket:
    """Sign a file as a platform would whose own gate had been fooled."""
    fooled = check_gcode(build(), LIMITS)
    until = datetime.now(UTC).replace(year=2100)
    return sign(ticket(content), fooled, until, key)


@pytest.mark.parametrize(
    ("content", "delivered", "key", "why"),
    [
        (build("M104 S400\n"), None, KEY, "line 10: temperature"),
        (FILE, b"G28\n", KEY, "not the one that is named"),
        (
            FILE,
            None,
            Ed25519PrivateKey.from_private_bytes(bytes(32)),
            "another key",
        ),
    ],
)
def test_the_site_checks_again_what_the_platform_vouched_for(
    lab: Lab,
    content: bytes,
    delivered: bytes | None,
    key: Ed25519PrivateKey,
    why: str,
) -> None:
    lab.make()
    body = lab.platform.commands["make-job-1"]["body"]
    assert isinstance(body, dict)
    signed = signed_over(content, key)
    body["signed"] = signed.as_dict()
    body["artefact"]["sha256"] = signed.ticket.gcode_sha256
    lab.platform.artefacts[body["artefact"]["url"]] = delivered or content
    with lab.agent() as agent:
        lab.until(agent, "command.rejected")
        agent.once()
    assert why in str(lab.platform.bodies("command.rejected")[0]["reason"])
    assert lab.platform.story("job.starting") == []


def test_an_artefact_on_another_host_is_not_fetched(lab: Lab) -> None:
    lab.make()
    body = lab.platform.commands["make-job-1"]["body"]
    assert isinstance(body, dict)
    body["artefact"]["url"] = "//example.org/x"
    with lab.agent() as agent:
        lab.until(agent, "command.rejected")
    assert "a path on" in str(lab.platform.bodies("command.rejected")[0]["reason"])


def test_a_job_is_ordered_once_whatever_the_command_is_called(lab: Lab) -> None:
    lab.make()
    with lab.agent() as agent:
        lab.until(agent, "job.printed")
        lab.platform.make("make-again", ticket(FILE), FILE)
        lab.until(agent, "command.rejected")
        agent.once()
    assert lab.printer().starts_of("nm-job-1-1.gcode") == 1


def test_a_job_can_be_cancelled_before_it_starts_and_not_after(lab: Lab) -> None:
    lab.make("job-1")
    lab.make("job-2")
    with lab.agent() as agent:
        lab.until(agent, "job.starting")
        lab.platform.cancel("cancel-1", "job-1")
        lab.platform.cancel("cancel-2", "job-2")
        lab.platform.cancel("cancel-3", "job-3")  # not heard of yet
        lab.until(agent, "job.cancelled", times=2)
        lab.platform.make("make-job-3", ticket(FILE, job_id="job-3"), FILE)
        lab.until(agent, "command.rejected", times=2)
        lab.until(agent, "job.printed")
    cancelled = [body["job_id"] for body in lab.platform.bodies("job.cancelled")]
    assert cancelled == ["job-2", "job-3"]
    assert len(lab.platform.story("job.starting")) == 1


def test_a_failed_print_asks_for_a_person_and_can_be_cancelled(lab: Lab) -> None:
    lab.printer().inject(fail_fraction=0.5)
    lab.make()
    with lab.agent() as agent:
        lab.until(agent, "job.attention")
        lab.platform.cancel("cancel-1", "job-1")
        lab.until(agent, "job.cancelled")
        lab.printer().inject()
        lab.platform.make("make-2", replace(ticket(FILE), generation=2), FILE)
        lab.until(agent, "job.printed")
    assert lab.printer().starts_of("nm-job-1-1.gcode") == 1
    assert lab.printer().starts_of("nm-job-1-2.gcode") == 1


def test_an_older_generation_is_rejected(lab: Lab) -> None:
    lab.platform.make("new", replace(ticket(FILE), generation=3), FILE)
    with lab.agent() as agent:
        lab.until(agent, "command.accepted")
        lab.platform.make("old", replace(ticket(FILE), generation=2), FILE)
        lab.until(agent, "command.rejected")
    assert "older than 3" in str(lab.platform.bodies("command.rejected")[0]["reason"])


def test_a_newer_generation_takes_the_place_of_one_that_waits(lab: Lab) -> None:
    lab.make("job-0")
    lab.make("job-1")
    lab.printer().inject(fail_fraction=0.5)
    with lab.agent() as agent:
        lab.until(agent, "job.attention")  # job-0; job-1 waits behind it
        for job in ("job-0", "job-1"):
            newer = replace(ticket(FILE, job_id=job), generation=2)
            lab.platform.make(f"make-{job}-2", newer, FILE)
        lab.until(agent, "job.cancelled", times=2)
        lab.printer().inject()
        lab.until(agent, "job.printed", times=2)
    printed = [
        (body["job_id"], body["generation"])
        for body in lab.platform.bodies("job.printed")
    ]
    assert printed == [("job-0", 2), ("job-1", 2)]
    assert lab.printer().starts_of("nm-job-1-1.gcode") == 0


def test_a_bed_that_nothing_clears_waits_for_a_person(tmp_path: Path) -> None:
    uncleared = ONE.replace("[printer.s", "clear_before_next = true\n[printer.s")
    with a_lab(tmp_path, printers=uncleared) as lab:
        lab.make("job-1")
        lab.make("job-2")
        with lab.agent() as agent:
            lab.until(agent, "job.printed")
            agent.once()
            agent.sync()
            assert "a person must" in lab.waiting()["job-2"]
            result = CliRunner().invoke(
                cli, ["agent", "--config", str(lab.path), "--cleared", "lab/one"]
            )
            assert result.exit_code == 0, result.output
            lab.until(agent, "job.printed", times=2)


def test_lost_answers_repeat_events_and_nothing_else(lab: Lab) -> None:
    lab.make()
    with lab.agent() as agent:
        for _ in range(200):
            lab.platform.lose_answers += lab.platform.calls % 2
            with suppress(NearmadeError):
                agent.once()
            if lab.platform.story("job.printed"):
                break
            time.sleep(0.02)
        lab.platform.lose_answers = 0
        agent.once()
        assert lab.platform.redelivered > 0
    assert lab.platform.story() == [
        "command.accepted",
        "job.starting",
        "job.printing",
        "job.printed",
    ]


def test_the_site_works_on_while_the_platform_is_away(lab: Lab) -> None:
    lab.make()
    with lab.agent() as agent:
        lab.until(agent, "command.accepted")
        lab.platform.away = True
        end = time.monotonic() + 10
        while time.monotonic() < end:
            agent.site.tick(datetime.now(UTC))
            if lab.printer().status().state == "done":
                break
            time.sleep(0.02)
        with pytest.raises(NearmadeError):
            agent.once()
        lab.platform.away = False
        lab.until(agent, "job.printed")
    assert lab.printer().starts_of("nm-job-1-1.gcode") == 1


def test_a_platform_restored_from_a_backup_hears_what_happens_next(lab: Lab) -> None:
    lab.make("job-1")
    with lab.agent() as agent:
        lab.until(agent, "job.printed")
        agent.once()
        lab.platform.events.clear()  # the backup is older than all of it
        lab.make("job-2")
        lab.until(agent, "job.printed")
        agent.once()
    assert [body["job_id"] for body in lab.platform.bodies("job.printed")] == ["job-2"]
    assert len(lab.platform.story("command.accepted")) == 1


def test_a_token_that_is_not_known_is_refused(lab: Lab) -> None:
    lab.path.write_text(lab.path.read_text().replace(TOKEN, "stolen"))
    with lab.agent() as agent, pytest.raises(Refused):
        agent.once()


def test_only_one_agent_works_in_a_folder(lab: Lab) -> None:
    with lab.agent(), pytest.raises(Conflict), only_agent(lab.folder / "state"):
        pass


def crashed_at_the_start(lab: Lab) -> None:
    """Leave a state folder as a crash right after the intent leaves it."""
    lab.printer().inject(offline=True)
    lab.make()
    with lab.agent() as agent:
        lab.until(agent, "command.accepted")
    lab.printer().inject(offline=False)
    lab.printer().upload("nm-job-1-1.gcode", FILE)
    store = Store(lab.folder / "state" / "agent.sqlite3")
    with store.transaction():
        row = store.job(JobId("job-1"), 1)
        assert row is not None
        at = datetime.now(UTC).isoformat()
        store.move_job(row, JobState.STARTING, started_at=at)
    store.close()


def test_a_start_that_may_not_have_happened_is_never_repeated(lab: Lab) -> None:
    crashed_at_the_start(lab)
    with lab.agent() as agent:
        agent.once()
        assert lab.platform.story("job.attention") == []
        lab.mono.ahead_s = 31.0
        lab.until(agent, "job.attention")
        lab.mono.ahead_s = 90.0
        agent.once()
    assert "not confirmed" in str(lab.platform.bodies("job.attention")[0]["reason"])
    assert lab.printer().starts_of("nm-job-1-1.gcode") == 0


@pytest.mark.parametrize("asleep_s", [0.0, 0.6])
def test_a_start_that_did_happen_is_adopted(lab: Lab, asleep_s: float) -> None:
    crashed_at_the_start(lab)
    lab.printer().start("nm-job-1-1.gcode")
    time.sleep(asleep_s)  # the print takes 0.45 s: at work, or done meanwhile
    with lab.agent() as agent:
        lab.until(agent, "job.printed")
    assert lab.platform.story("job.printing", "job.printed", "job.attention") == [
        "job.printing",
        "job.printed",
    ]
    assert lab.printer().starts_of("nm-job-1-1.gcode") == 1
