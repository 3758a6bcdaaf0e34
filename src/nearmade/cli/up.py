"""``nearmade up``: the whole platform on this machine."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from nearmade.cloud.configuration import Configuration, read_configuration
from nearmade.vocabulary.errors import Unavailable

READY_WITHIN_S = 60.0


def say(line: str) -> None:
    """Tell a person what is being done."""
    click.echo(line, err=True)


def address_of(host: str, port: int) -> str:
    """Give where this machine reaches a server that listens on a host."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return (
        f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"
    )


def wait_until_up(url: str, run_dir: Path, *, within_s: float = READY_WITHIN_S) -> None:
    """Wait until the platform answers.

    Raises
    ------
    Unavailable
        When it does not in time; the message ends with the logs.
    """
    import httpx

    from nearmade.adapters.supervisor import log_tail

    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        try:
            if httpx.get(f"{url}/health", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise Unavailable(
        f"the platform at {url} does not answer\n{log_tail(run_dir, ['web'])}"
    )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--demo/--no-demo",
    default=False,
    help="Add the synthetic network, synthetic people and three live agents.",
)
@click.option(
    "--speed",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=1),
    help="How many times faster simulated printers run.",
)
@click.option(
    "--design",
    "designs",
    multiple=True,
    metavar="ID",
    help="Publish only this starter design; may be given again. Default: all.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the addresses as JSON when ready."
)
def command(
    host: str,
    port: int,
    demo: bool,
    speed: float,
    designs: tuple[str, ...],
    as_json: bool,
) -> None:
    """Run the platform: database, web, worker, and with --demo a live network.

    Example: nearmade up --demo --port 8000
    """
    from nearmade.adapters.supervisor import check_free, free_port
    from nearmade.cli.customise import find_design
    from nearmade.cli.launch import LIVE_SITES, launch

    port = port or free_port()
    check_free(host, port)
    here = address_of(host, port)
    os.environ.setdefault("NEARMADE_PUBLIC_URL", here)
    if demo:
        os.environ["NEARMADE_DEMO"] = "1"
        os.environ.setdefault("NEARMADE_OFFER_TIMEOUT_S", "45")
    configuration: Configuration = read_configuration(os.environ)
    agents_of = LIVE_SITES if demo else ()
    folders = [find_design(design) for design in designs] or None
    with launch(
        configuration,
        host=host,
        port=port,
        say=say,
        speed=speed,
        agents_of=agents_of,
        designs=folders,
    ) as running:
        wait_until_up(here, running.supervisor.run_dir)
        running.announce(as_json=as_json)
        running.supervisor.run(running.wake_sites if demo else lambda: False)
