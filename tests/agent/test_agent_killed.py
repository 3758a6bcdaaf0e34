"""kill -9 of the agent in the middle of its jobs."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from nearmade.adapters.printers.simulated import SimulatedPrinter
from nearmade.energy.load.machine_power import MK3S
from tests.agent.wire_platform import WirePlatform, config_text, wire_platform
from tests.production.plain_files import build, ticket

FILE = build() + b"; estimated printing time (normal mode) = 1m 0s\n"
JOBS = ("job-1", "job-2", "job-3")

#: 360 s of work in about 1.2 s, so that several kills fall into each job.
ONE = """
[[printer]]
machine_id = "lab/one"
driver = "simulated"
[printer.settings]
speed_factor = 300
"""

PROGRAM = "from nearmade.cli.main import run; run()"


#: Kills before the agent may live: by then three jobs have nearly always been printed.
MOST_KILLS = 25

#: Longer than the agent waits for the confirmation of a start.
LET_LIVE_S = 40.0


def settled(platform: WirePlatform) -> bool:
    """Tell whether every job has come to an end or wants a person."""
    return len(platform.story("job.printed", "job.attention")) >= len(JOBS)


def test_killed_again_and_again_it_prints_no_job_twice(tmp_path: Path) -> None:
    chance = random.Random(20260601)
    kills = 0
    with wire_platform() as platform:
        config = tmp_path / "site.toml"
        config.write_text(config_text(platform.url, printers=ONE))
        for job in JOBS:
            platform.make(f"make-{job}", ticket(FILE, job_id=job), FILE)
        end = time.monotonic() + 120
        while not settled(platform):
            assert time.monotonic() < end, platform.story()
            calls = platform.calls
            agent = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "agent", "--config", str(config)],
                stderr=subprocess.DEVNULL,
            )
            while platform.calls == calls and time.monotonic() < end:
                time.sleep(0.01)
            if kills < MOST_KILLS:
                time.sleep(chance.uniform(0.0, 0.7))
            else:
                live = time.monotonic() + LET_LIVE_S
                while not settled(platform) and time.monotonic() < live:
                    time.sleep(0.1)
            agent.kill()
            agent.wait()
            kills += 1
            platform.lose_answers = chance.randrange(2)
            for body in platform.bodies("job.attention"):
                job = str(body["job_id"])  # killed between intent and start
                platform.cancel(f"cancel-{job}", job)
    printer = SimulatedPrinter(tmp_path / "state/printers/lab_one", MK3S)
    told = Counter(platform.story())
    assert kills >= 3
    doubtful = {str(body["job_id"]) for body in platform.bodies("job.attention")}
    for job in JOBS:
        assert printer.starts_of(f"nm-{job}-1.gcode") == (job not in doubtful)
    assert told["job.starting"] == len(JOBS)
    assert told["job.printed"] == told["job.printing"] == len(JOBS) - len(doubtful)
    assert told["job.failed"] == 0
    numbers = sorted(seq for _, seq in platform.events)
    assert numbers == list(range(1, len(numbers) + 1))
