"""``nearmade agent``: the process beside the printers of one site."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from nearmade.agent.config import load_config
from nearmade.agent.loop import Agent, only_agent
from nearmade.agent.store import Store
from nearmade.cli.main import emit
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import MachineId


@click.command()
@click.option(
    "--config",
    "config_path",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file of the site.",
)
@click.option("--once", is_flag=True, help="One look and one call, then end.")
@click.option(
    "--cleared",
    metavar="MACHINE",
    help="Note that the bed of MACHINE is clear, then end.",
)
@click.option(
    "--storm-until",
    metavar="MOMENT",
    help="Keep charge for a storm until then (2026-06-02T18:00+03:00, or `over`).",
)
@click.option("--json", "as_json", is_flag=True, help="Status as JSON at the end.")
def command(
    config_path: Path,
    once: bool,
    cleared: str | None,
    storm_until: str | None,
    as_json: bool,
) -> None:
    """Drive the printers of one site for the platform.

    Works on while the platform is away. Ends on Ctrl-C or SIGTERM; printers print on.
    On solar power the status tells what the sun is foretold by, and how the forecasts
    of the last 30 days have held beside what came.

    Example: nearmade agent --config site.toml --once --json
    """
    config = load_config(config_path)
    config.state_dir.mkdir(parents=True, exist_ok=True)
    if cleared is not None:
        if cleared not in {printer.machine_id for printer in config.printers}:
            raise NotFound(f"machine {cleared!r}: does not stand at {config.site}")
        _note_cleared(config.state_dir, MachineId(cleared))
        emit({"cleared": cleared}, f"{cleared}: bed is clear", as_json=as_json)
        return
    if storm_until is not None:
        until = "" if storm_until == "over" else _moment(storm_until).isoformat()
        _note(config.state_dir, "storm", until)
        words = f"a storm until {until}" if until else "no storm"
        emit({"storm_until": until or None}, words, as_json=as_json)
        return
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("nearmade.agent").setLevel(logging.INFO)  # decisions
    with only_agent(config.state_dir):
        agent = Agent(config)
        try:
            if once:
                agent.once()
            else:
                click.echo(f"agent of {config.site} at work", err=True)
                agent.run(_until_signal())
            status = agent.site.snapshot()
        finally:
            agent.close()
    emit(status, _lines(config.site, status), as_json=as_json)


def _note_cleared(state_dir: Path, machine_id: MachineId) -> None:
    store = Store(state_dir / "agent.sqlite3")
    try:
        with store.transaction():
            store.set_cleared(machine_id)
    finally:
        store.close()


def _note(state_dir: Path, name: str, value: str) -> None:
    store = Store(state_dir / "agent.sqlite3")
    try:
        with store.transaction():
            store.set_meta(name, value)
    finally:
        store.close()


def _moment(text: str) -> datetime:
    """Read a moment; without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(f"moment {text!r}: {error}") from error


def _until_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _forecast_lines(forecast: object) -> Iterator[str]:
    """Say what the sun is foretold by, how that has held, and what is not used."""
    if isinstance(forecast, dict):
        yield f"  sun: by {forecast['source']}"
        yield f"  sun: {forecast['held']}"
        if forecast["note"]:
            yield f"  sun: {forecast['note']}"


def _lines(site: str, status: dict[str, object]) -> str:
    printers = status["printers"]
    assert isinstance(printers, list)
    lines = [f"{site}:"]
    for printer in printers:
        job = printer["job_id"] or "no job"
        lines.append(f"  {printer['machine_id']}: {printer['state']}, {job}")
    power, waiting = status["power"], status["waiting"]
    assert isinstance(power, dict)
    assert isinstance(waiting, list)
    if power["decision"]:
        lines.append(f"  power: {power['decision']}")
    lines += _forecast_lines(power.get("forecast"))
    for build in waiting:
        lines.append(f"  {build['job_id']} {build['reason']}")
        lines += [
            f"    {why}" for why in build.get("why", []) if why != build["reason"]
        ]
    return "\n".join(lines)
