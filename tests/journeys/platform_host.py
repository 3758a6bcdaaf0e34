"""A whole platform for a journey: ``nearmade up`` in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class PlatformHost:
    """A running platform.

    Parameters
    ----------
    url
        Where it answers.
    password
        Of the synthetic people; empty without the demo.
    data_dir
        Its data folder, thrown away at the end.
    """

    url: str
    password: str
    data_dir: Path

    def pid(self, name: str) -> int:
        """Give the process id of one of its programs: web, worker, agent-..."""
        return int((self.data_dir / "run" / f"{name}.pid").read_text())

    def kill(self, name: str) -> int:
        """End one program as a power cut would; its keeper starts it again."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def log(self, name: str) -> str:
        """Read what a program has said so far."""
        path = self.data_dir / "run" / f"{name}.log"
        return path.read_text() if path.exists() else ""


@contextmanager
def platform_host(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[PlatformHost]:
    """Start ``nearmade up`` on a free port with a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="nmj-") as folder:
        data_dir = Path(folder) / "d"
        log = Path(folder) / "up.log"
        own = {"NEARMADE_DATA_DIR": str(data_dir), **(environment or {})}
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("NEARMADE_") and name != "DATABASE_URL"
        }
        node_modules = os.environ.get("NEARMADE_NODE_MODULES")
        if node_modules:
            clean["NEARMADE_NODE_MODULES"] = node_modules
        with log.open("w") as stderr:
            process = subprocess.Popen(
                [
                    sys.executable, "-m", "nearmade.cli.main", "up", "--port", "0",
                    "--json", *arguments,
                ],
                stdout=subprocess.PIPE, stderr=stderr, text=True, env={**clean, **own},
            )  # fmt: skip
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise AssertionError(f"nearmade up did not start:\n{log.read_text()}")
            said = json.loads(line)
            yield PlatformHost(said["url"], said.get("password", ""), data_dir)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()


def eventually(
    look: Callable[[], T | None], *, within_s: float = 60.0, every_s: float = 0.3
) -> T:
    """Look again and again until there is something; fail after the time."""
    deadline_s = time.monotonic() + within_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline_s:
            raise AssertionError(f"not within {within_s} s")
        time.sleep(every_s)
