"""One job through the agent to a real OctoPrint."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nearmade.agent.config import load_config
from nearmade.agent.loop import Agent
from tests.agent.wire_platform import config_text, wire_platform
from tests.octoprint_host import octoprint
from tests.production.plain_files import build, ticket

FILE = build()


@pytest.mark.outside
def test_a_job_is_printed_by_octoprint_under_its_own_name(tmp_path: Path) -> None:
    with wire_platform() as platform, octoprint(room_degc=180.0) as host:
        (tmp_path / "key").write_text(host.api_key)
        printers = f"""
[[printer]]
machine_id = "lab/one"
driver = "octoprint"
[printer.settings]
url = "{host.url}"
api_key_file = "key"
"""
        (tmp_path / "state").mkdir()
        config = tmp_path / "site.toml"
        config.write_text(config_text(platform.url, printers=printers))
        platform.make("make-1", ticket(FILE), FILE)
        agent = Agent(load_config(config))
        end = time.monotonic() + 60
        while not platform.story("job.printed"):
            assert time.monotonic() < end, platform.story()
            agent.once()
            time.sleep(0.2)
        agent.site.tick(datetime.now(UTC))
        snapshot = agent.site.snapshot()
        agent.close()
    assert platform.story() == [
        "command.accepted",
        "job.starting",
        "job.printing",
        "job.printed",
    ]
    evidence = platform.bodies("job.printed")[0]["evidence"]
    assert isinstance(evidence, dict)
    assert evidence["simulated"] is False
    assert evidence["energy_wh"] is None  # nobody metered it
    assert evidence["printer_words"] == "OctoPrint: Operational"
    assert snapshot["simulated"] is False
