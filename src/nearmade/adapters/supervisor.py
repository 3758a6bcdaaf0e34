"""Keep a handful of processes running: start, watch, start again, end together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from nearmade.vocabulary.errors import Conflict

#: Waits before a process that ended is started again. [s]
BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
#: A process that lived this long starts again without a wait. [s]
SETTLED_AFTER_S = 20.0
#: Time to end politely before the kernel ends it. [s]
GRACE_S = 8.0


@dataclass(frozen=True, slots=True)
class Program:
    """A process to keep running.

    Parameters
    ----------
    name
        For people, logs and the pid file.
    argv
        The command, no shell.
    """

    name: str
    argv: tuple[str, ...]


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started_at_s: float
    failures: int = 0
    due_at_s: float | None = None


@dataclass(slots=True)
class Supervisor:
    """Run programs until told to stop.

    Parameters
    ----------
    run_dir
        Gets a log and a pid file for each program.
    environment
        The environment of every program.
    say
        Told when a program ended and is started again.
    grace_s
        Time that programs get to end politely. [s]
    """

    run_dir: Path
    environment: Mapping[str, str]
    say: Callable[[str], None]
    grace_s: float = GRACE_S
    _children: dict[str, _Child] = field(default_factory=dict)
    _stopping: bool = False

    def start(self, program: Program) -> None:
        """Start a program; its output goes to a log of its name."""
        self.run_dir.mkdir(parents=True, exist_ok=True)
        child = self._spawn(program)
        self._children[program.name] = child

    def _spawn(self, program: Program) -> _Child:
        log = self.run_dir / f"{program.name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                program.argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,
            )
        (self.run_dir / f"{program.name}.pid").write_text(
            str(process.pid), encoding="ascii"
        )
        return _Child(program, process, time.monotonic())

    def watch_once(self) -> None:
        """Start again whatever has ended and is due."""
        for name, child in self._children.items():
            if child.process.poll() is None:
                continue
            now_s = time.monotonic()
            if child.due_at_s is None:
                lived_s = now_s - child.started_at_s
                failures = 0 if lived_s > SETTLED_AFTER_S else child.failures + 1
                child.failures = failures
                child.due_at_s = now_s + _wait_s(failures)
                self.say(
                    f"{name} ended with {child.process.returncode}; starting it again"
                )
            elif now_s >= child.due_at_s:
                fresh = self._spawn(child.program)
                fresh.failures = child.failures
                self._children[name] = fresh

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Watch until a signal to stop, or until the caller's condition holds."""

        def stop(number: int, frame: FrameType | None) -> None:
            self._stopping = True

        before = {
            number: signal.signal(number, stop)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            while not self._stopping and not until():
                self.watch_once()
                time.sleep(0.2)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self.stop()

    def stop(self) -> None:
        """End every program, the last started first."""
        children = list(reversed(self._children.values()))
        for child in children:
            _signal(child.process, signal.SIGTERM)
        deadline_s = time.monotonic() + self.grace_s
        for child in children:
            try:
                child.process.wait(max(0.1, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(child.process, signal.SIGKILL)
                child.process.wait()
            (self.run_dir / f"{child.program.name}.pid").unlink(missing_ok=True)
        self._children.clear()


def _wait_s(failures: int) -> float:
    """Give how long to wait after so many early ends in a row. [s]"""
    if failures == 0:
        return 0.0
    return BACKOFF_S[min(failures, len(BACKOFF_S)) - 1]


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def python(*arguments: str) -> tuple[str, ...]:
    """Give the command line of a Python program in this environment."""
    return (sys.executable, *arguments)


def free_port() -> int:
    """Find a port on loopback that nothing listens on now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def check_free(host: str, port: int) -> None:
    """Let a port pass that nothing listens on.

    Raises
    ------
    Conflict
        When it is taken, or may not be used.
    """
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Conflict(
                f"port {port} on {host}: {error.strerror or error}",
                code="port-taken",
                remedy="end what listens there, or take another with --port",
            ) from error


def log_tail(run_dir: Path, names: Sequence[str], lines: int = 15) -> str:
    """Give the ends of some logs, for an error message."""
    tails = []
    for name in names:
        path = run_dir / f"{name}.log"
        if path.exists():
            text = path.read_text(encoding="utf-8", errors="replace")
            tails.append(f"--- {name}\n" + "\n".join(text.splitlines()[-lines:]))
    return "\n".join(tails)
