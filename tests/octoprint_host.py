"""A real OctoPrint with its bundled virtual printer, for tests.

It runs from its own virtual environment, ``.octoprint-venv`` at the project's root:
its licence and its dependencies stay apart from ours.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / ".octoprint-venv" / "bin" / "octoprint"

#: Alone it is up in about 7 s; beside other work it takes longer.
START_S = 90.0

_CONFIG = """\
accessControl:
  autologinLocal: false
server:
  firstRun: false
  host: 127.0.0.1
  port: {port}
  secretKey: {secret}
  startOnceInSafeMode: false
  onlineCheck: {{enabled: false}}
  pluginBlacklist: {{enabled: false}}
serial:
  port: VIRTUAL
  autoconnect: true
  baudrate: 0
plugins:
  _disabled: [tracking, announcements, softwareupdate, discovery, errortracking,
    pi_support, achievements, backup, health_check, firmware_check]
  virtual_printer: {{_config_version: 1, enabled: true, ambientTemperature: {room}}}
"""

_USERS = """\
_version: 2
nearmade:
  active: true
  apikey: {key}
  groups: [admins]
  password: unusable
  permissions: []
  roles: [user, admin]
  settings: {{}}
"""


@dataclass(frozen=True)
class OctoPrintHost:
    """Address and key of a running OctoPrint."""

    url: str
    api_key: str

    def debug(self, fault: str) -> None:
        """Ask the virtual printer for a fault, such as ``action_disconnect``."""
        self._post("/api/printer/command", {"commands": [f"!!DEBUG:{fault}"]})

    def connect(self) -> None:
        """Plug the virtual printer in again."""
        self._post("/api/connection", {"command": "connect", "port": "VIRTUAL"})

    def _post(self, path: str, body: dict[str, object]) -> None:
        httpx.post(
            self.url + path,
            headers={"X-Api-Key": self.api_key},
            json=body,
            trust_env=False,
        ).raise_for_status()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def octoprint(*, room_degc: float = 21.3) -> Iterator[OctoPrintHost]:
    """Start OctoPrint in a folder of its own, and stop it by its id.

    The virtual printer heats by 10 degC a second, from ``room_degc``: a hot room makes
    a test short.
    """
    if not PROGRAM.exists():
        pytest.skip("no .octoprint-venv: run `make setup`")
    folder = Path(tempfile.mkdtemp(prefix="nearmade-octoprint-"))
    port, key = free_port(), secrets.token_hex(16)
    (folder / "config.yaml").write_text(
        _CONFIG.format(port=port, secret=secrets.token_hex(32), room=room_degc)
    )
    (folder / "users.yaml").write_text(_USERS.format(key=key))
    host = OctoPrintHost(f"http://127.0.0.1:{port}", key)
    command = [str(PROGRAM), "--basedir", str(folder), "serve", "--port", str(port)]
    command += ["--host", "127.0.0.1"]
    if os.geteuid() == 0:
        command.append("--iknowwhatimdoing")
    with (folder / "console.log").open("wb") as console:
        process = subprocess.Popen(command, stdout=console, stderr=console)
    try:
        _wait_until_up(host, process, folder)
        yield host
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_up(
    host: OctoPrintHost, process: subprocess.Popen[bytes], folder: Path
) -> None:
    until = time.monotonic() + START_S
    headers = {"X-Api-Key": host.api_key}
    with httpx.Client(
        base_url=host.url, headers=headers, timeout=5.0, trust_env=False
    ) as http:
        while time.monotonic() < until:
            if process.poll() is not None:
                break
            try:
                answer = http.get("/api/connection").raise_for_status()
                if answer.json()["current"]["state"] == "Operational":
                    return
            except (httpx.HTTPError, ValueError, KeyError):
                pass
            time.sleep(0.3)
    console = (folder / "console.log").read_text(errors="replace")[-3000:]
    raise RuntimeError(f"OctoPrint did not come up:\n{console}")
