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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]

#: ``nearmade up`` has this long to end; its children get 8 s of it. [s]
END_S = 20.0
#: What is done in its database takes a process that imports all of it. [s]
ASK_S = 240.0


def clean_environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Give this environment without settings of other installations."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NEARMADE_", "DJANGO_", "PYTEST_"))
        and name != "DATABASE_URL"
    }
    node_modules = os.environ.get("NEARMADE_NODE_MODULES")
    if node_modules:
        clean["NEARMADE_NODE_MODULES"] = node_modules
    return {**clean, "NEARMADE_DATA_DIR": str(data_dir), **more}


def nearmade(*arguments: str) -> list[str]:
    """Give the command line of ``nearmade``."""
    return [sys.executable, "-m", "nearmade.cli.main", *arguments]


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
    environment
        What its programs were started with.
    process
        The keeper of its programs, ``nearmade up``.
    """

    url: str
    password: str
    data_dir: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[str]
    _beside: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def pid(self, name: str) -> int:
        """Give the process id of one of its programs: web, worker, agent-..."""
        return int((self.data_dir / "run" / f"{name}.pid").read_text())

    def pids(self) -> dict[str, int]:
        """Give the process ids of all its programs."""
        files = sorted((self.data_dir / "run").glob("*.pid"))
        return {file.stem: int(file.read_text()) for file in files}

    def kill(self, name: str) -> int:
        """End one program as a power cut would; its keeper starts it again."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def log(self, name: str) -> str:
        """Read what a program has said so far."""
        path = self.data_dir / "run" / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def ask(self, verb: str, **values: Any) -> Any:
        """Do something in its database, in a short process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.on_platform", verb],
            input=json.dumps(values),
            capture_output=True,
            text=True,
            env=dict(self.environment),
            cwd=ROOT,
            timeout=ASK_S,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{verb}:\n{done.stderr}")
        return json.loads(done.stdout)

    def start_beside(self, name: str, *arguments: str) -> None:
        """Start another ``nearmade`` program that ends with the platform."""
        log = self.data_dir / "run" / f"{name}.log"
        with log.open("wb") as output:
            self._beside.append(
                subprocess.Popen(
                    nearmade(*arguments),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=dict(self.environment),
                )
            )

    def stop(self) -> int:
        """Ask it to end, as a terminal or a service manager would."""
        for other in self._beside:
            _end(other)
        return _end(self.process)


def _end(process: subprocess.Popen[Any]) -> int:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


@contextmanager
def short_folder() -> Iterator[Path]:
    """Give a folder with a path short enough for PostgreSQL's socket."""
    with tempfile.TemporaryDirectory(
        prefix="nmj-", ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


@contextmanager
def platform_host(
    *arguments: str, data_dir: Path | None = None, **environment: str
) -> Iterator[PlatformHost]:
    """Start ``nearmade up`` on a free port, with a data folder of its own if none."""
    if data_dir is None:
        with (
            short_folder() as folder,
            platform_host(*arguments, data_dir=folder / "d", **environment) as host,
        ):
            yield host
        return
    own = clean_environment(data_dir, **environment)
    log = data_dir.with_suffix(".log")
    command = nearmade("up", "--port", "0", "--json", *arguments)
    with log.open("w") as stderr:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=own
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise AssertionError(f"nearmade up did not start:\n{log.read_text()}")
        said = json.loads(line)
        host = PlatformHost(
            said["url"], said.get("password", ""), data_dir, own, process
        )
        try:
            yield host
        finally:
            host.stop()
    finally:
        _end(process)
        process.stdout.close()


def eventually(
    look: Callable[[], T | None],
    what: str = "",
    *,
    within_s: float = 60.0,
    every_s: float = 0.2,
) -> T:
    """Look again and again until there is something; fail after the time."""
    deadline_s = time.monotonic() + within_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline_s:
            raise AssertionError(f"{what or look}: not within {within_s} s")
        time.sleep(every_s)


def gone(pid: int) -> bool:
    """Say whether no process has this id any more, or only a dead one."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"
