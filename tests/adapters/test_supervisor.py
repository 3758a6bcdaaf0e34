"""Processes that are kept running: started again when killed, ended together."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nearmade.adapters.supervisor import Program, Supervisor, free_port, log_tail

SLEEP = (sys.executable, "-c", "print('here', flush=True); import time; time.sleep(60)")


def wait_for(look: Callable[[], bool], within_s: float = 15.0) -> None:
    deadline_s = time.monotonic() + within_s
    while not look():
        assert time.monotonic() < deadline_s, "not in time"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def pid_of(folder: Path, name: str) -> int:
    return int((folder / f"{name}.pid").read_text())


def test_a_killed_program_is_started_again_and_all_end_together(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    supervisor = Supervisor(tmp_path, dict(os.environ), said.append)
    supervisor.start(Program("one", SLEEP))
    supervisor.start(Program("two", SLEEP))
    first = pid_of(tmp_path, "one")
    os.kill(first, signal.SIGKILL)

    def started_again() -> bool:
        supervisor.watch_once()
        return pid_of(tmp_path, "one") != first

    wait_for(started_again)
    pids = [pid_of(tmp_path, name) for name in ("one", "two")]
    assert all(alive(pid) for pid in pids)
    assert any("one ended with -9" in line for line in said)
    supervisor.stop()
    assert not any(alive(pid) for pid in pids)
    assert not list(tmp_path.glob("*.pid"))


def test_a_program_that_does_not_listen_is_killed_at_the_end(
    tmp_path: Path,
) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print('deaf', flush=True); time.sleep(60)"
    )
    supervisor = Supervisor(tmp_path, dict(os.environ), print, grace_s=0.5)
    supervisor.start(Program("deaf", (sys.executable, "-c", deaf)))
    pid = pid_of(tmp_path, "deaf")
    wait_for(lambda: "deaf" in (tmp_path / "deaf.log").read_text())
    supervisor.stop()
    assert not alive(pid)


def test_a_signal_ends_the_watch_and_gives_the_old_handlers_back(
    tmp_path: Path,
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    supervisor = Supervisor(tmp_path, dict(os.environ), print)
    supervisor.start(Program("one", SLEEP))

    def stop_soon() -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        return False

    supervisor.run(stop_soon)
    assert signal.getsignal(signal.SIGTERM) == before
    assert not list(tmp_path.glob("*.pid"))


def test_logs_are_kept_and_their_ends_can_be_shown(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, dict(os.environ), print)
    supervisor.start(Program("one", SLEEP))
    wait_for(lambda: "here" in (tmp_path / "one.log").read_text())
    supervisor.stop()
    assert "here" in log_tail(tmp_path, ["one", "missing"])


def test_a_free_port_is_one_that_can_be_bound() -> None:
    assert 1024 <= free_port() <= 65535


def test_a_program_that_had_settled_starts_again_without_a_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nearmade.adapters.supervisor.SETTLED_AFTER_S", 0.0)
    supervisor = Supervisor(tmp_path, dict(os.environ), print)
    supervisor.start(Program("settled", SLEEP))
    first = pid_of(tmp_path, "settled")
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    supervisor.watch_once()  # sees it
    supervisor.watch_once()
    assert pid_of(tmp_path, "settled") != first
    supervisor.stop()
