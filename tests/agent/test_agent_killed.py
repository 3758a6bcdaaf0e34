"""kill -9 of the agent in the middle of its jobs."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from nearmade.adapters.printers.simulated import SimulatedPrinter
from nearmade.energy.machine_power import MK3S
from tests.agent.wire_platform import config_text, wire_platform
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


def test_killed_again_and_again_it_prints_each_job_once(tmp_path: Path) -> None:
    chance = random.Random(20260601)
    with wire_platform() as platform:
        config = tmp_path / "site.toml"
        config.write_text(config_text(platform.url, printers=ONE))
        for job in JOBS:
            platform.make(f"make-{job}", ticket(FILE, job_id=job), FILE)
        end = time.monotonic() + 60
        kills = 0
        while len(platform.story("job.printed")) < len(JOBS):
            assert time.monotonic() < end, platform.story()
            calls = platform.calls
            agent = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "agent", "--config", str(config)],
                stderr=subprocess.DEVNULL,
            )
            while platform.calls == calls and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.0, 0.7))
            agent.kill()
            agent.wait()
            kills += 1
            platform.lose_answers = chance.randrange(2)
    printer = SimulatedPrinter(tmp_path / "state/printers/lab_one", MK3S)
    told = Counter(platform.story())
    assert kills >= 3
    for job in JOBS:
        assert printer.starts_of(f"nm-{job}-1.gcode") == 1
    for kind in ("job.starting", "job.printing", "job.printed"):
        assert told[kind] == len(JOBS)
    assert platform.story("job.attention", "job.failed") == []
    numbers = sorted(seq for _, seq in platform.events)
    assert numbers == list(range(1, len(numbers) + 1))
