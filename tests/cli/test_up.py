"""``nearmade up`` starts everything, starts again quickly, and ends everything."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.journeys.platform_host import (
    clean_environment,
    eventually,
    gone,
    nearmade,
    platform_host,
    short_folder,
)

pytestmark = [pytest.mark.journey, pytest.mark.outside, pytest.mark.database]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder / "d"


def of_this_folder(data_dir: Path) -> list[int]:
    """Find living processes that work with a data folder, by environment or words."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            said = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:  # it has ended, or is not ours
            continue
        if os.fsencode(data_dir) in said and not gone(int(entry.name)):
            found.append(int(entry.name))
    return found


def test_it_starts_answers_starts_again_and_leaves_no_process(
    data_dir: Path,
) -> None:
    with platform_host("--design", "citrus-juicer", data_dir=data_dir) as first:
        assert httpx.get(f"{first.url}/health", trust_env=False).json() == {"ok": True}
        assert set(first.pids()) == {"web", "worker"}
        assert first.stop() == 0
    eventually(lambda: not of_this_folder(data_dir), "no process is left", within_s=10)

    with platform_host("--design", "citrus-juicer", data_dir=data_dir) as second:
        assert httpx.get(f"{second.url}/health", trust_env=False).json() == {"ok": True}
    eventually(lambda: not of_this_folder(data_dir), "no process is left", within_s=10)


def test_it_can_be_ended_before_it_is_ready(data_dir: Path) -> None:
    with data_dir.with_suffix(".log").open("w") as stderr:
        process = subprocess.Popen(
            nearmade("up", "--port", "0", "--json"),
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env=clean_environment(data_dir),
        )
    try:
        worker = data_dir / "run" / "worker.pid"
        eventually(worker.exists, "children are there", within_s=90)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM
    finally:
        process.kill()
        process.wait()
    eventually(lambda: not of_this_folder(data_dir), "no process is left", within_s=10)


def test_a_taken_port_is_said_clearly_and_nothing_is_started(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            nearmade("up", "--port", str(port), "--json"),
            capture_output=True,
            text=True,
            env=clean_environment(data_dir),
            timeout=100,
            check=False,
        )
    assert done.returncode == 5
    assert f"port {port}" in done.stderr
    assert "port" in json.loads(done.stdout)["refused"]["message"]
    assert "Traceback" not in done.stderr
    assert not of_this_folder(data_dir)
