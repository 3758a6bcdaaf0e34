"""A platform reduced to the wire: real HTTP, real rules of acknowledgement, no shop.

It keeps every event under ``(epoch, seq)``, acknowledges without gaps, and repeats each
command until an event answers it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nearmade.production.gcode.gate import check_gcode
from nearmade.production.gcode.limits import limits_for
from nearmade.production.job import JobTicket
from nearmade.production.signing import public_key_text, sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TOKEN = "token-of-the-lab"


@dataclass
class WirePlatform:
    """What the platform knows."""

    url: str = ""
    events: dict[tuple[str, int], dict[str, object]] = field(default_factory=dict)
    redelivered: int = 0
    commands: dict[str, dict[str, object]] = field(default_factory=dict)
    artefacts: dict[str, bytes] = field(default_factory=dict)
    snapshot: dict[str, object] = field(default_factory=dict)
    supplies: list[object] = field(default_factory=list)
    refuse_supply: bool = False
    calls: int = 0
    lose_answers: int = 0
    away: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def offer(self, command_id: str, job_id: str, **body: object) -> None:
        """Ask whether a job could be made."""
        whole = {
            "machine_id": "lab/one",
            "material": "PLA",
            "expected_s": 60.0,
            "energy_wh": 20.0,
            "mass_g": 1.0,
            **body,
        }
        self._command(command_id, "offer", job_id, whole)

    def make(
        self,
        command_id: str,
        ticket: JobTicket,
        content: bytes,
        key: Ed25519PrivateKey = KEY,
    ) -> None:
        """Order a job that the gate here lets pass."""
        report = check_gcode(content, limits_for(ticket, ticket.build_volume_mm))
        signed = sign(ticket, report, datetime.now(UTC) + timedelta(days=7), key)
        path = f"/api/agent/artefacts/{ticket.gcode_sha256}"
        self.artefacts[path] = content
        body = {
            "signed": signed.as_dict(),
            "artefact": {"sha256": ticket.gcode_sha256, "url": path},
        }
        self._command(command_id, "make", ticket.job_id, body, ticket.generation)

    def cancel(self, command_id: str, job_id: str, generation: int = 1) -> None:
        """Ask to stop a job."""
        self._command(command_id, "cancel", job_id, {}, generation)

    def story(self, *kinds: str) -> list[str]:
        """Give the kinds of all events but readings, in the order they happened."""
        with self.lock:
            ordered = [self.events[key]["kind"] for key in sorted(self.events)]
        names = [str(kind) for kind in ordered if kind != "job.progress"]
        return [name for name in names if not kinds or name in kinds]

    def bodies(self, kind: str) -> list[dict[str, object]]:
        """Give the bodies of one kind of event."""
        with self.lock:
            found = [self.events[key] for key in sorted(self.events)]
        return [dict(event["body"]) for event in found if event["kind"] == kind]  # type: ignore[call-overload]

    def _command(
        self,
        command_id: str,
        kind: str,
        job_id: str,
        body: dict[str, object],
        generation: int = 1,
    ) -> None:
        with self.lock:
            self.commands[command_id] = {
                "id": command_id,
                "kind": kind,
                "job_id": job_id,
                "generation": generation,
                "body": json.loads(json.dumps(body)),
                "valid_for_s": 60.0,
            }

    def take(self, request: dict[str, object]) -> dict[str, object]:
        """Store events once, answer with what holds without a gap."""
        with self.lock:
            self.calls += 1
            epoch = str(request["epoch"])
            self.snapshot = dict(request["snapshot"])  # type: ignore[call-overload]
            for event in request["events"]:  # type: ignore[attr-defined]
                key = epoch, event["seq"]
                self.redelivered += key in self.events
                self.events.setdefault(key, event)
                self.commands.pop(event["body"].get("command_id", ""), None)
            ack = 0
            while (epoch, ack + 1) in self.events:
                ack += 1
            return {
                "ack": ack,
                "commands": list(self.commands.values()),
                "next_in_s": 0.2,
                "server_at": datetime.now(UTC).isoformat(),
            }


@contextmanager
def wire_platform() -> Iterator[WirePlatform]:
    """Serve such a platform on a free port of this machine."""
    platform = WirePlatform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            request = json.loads(self.rfile.read(length))
            if self._refused():
                return
            answer = platform.take(request)
            if platform.lose_answers > 0:
                platform.lose_answers -= 1
                self._send(502, b"")
                return
            self._send(200, json.dumps(answer).encode())

        def do_PUT(self) -> None:
            length = int(self.headers["Content-Length"])
            request = json.loads(self.rfile.read(length))
            if self._refused():
                return
            if platform.refuse_supply or self.path != "/api/agent/supply":
                self._send(422, b'{"error": {"message": "supply.pv_wp: no"}}')
                return
            platform.supplies.append(request["supply"])
            self._send(200, b'{"kept": true}')

        def do_GET(self) -> None:
            if not self._refused():
                content = platform.artefacts.get(self.path)
                self._send(404 if content is None else 200, content or b"")

        def _refused(self) -> bool:
            if platform.away:
                self._send(503, b"")
            elif self.headers["Authorization"] != f"Bearer {TOKEN}":
                self._send(401, b"")
            else:
                return False
            return True

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    platform.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def config_text(platform_url: str, *, printers: str, power: str = "") -> str:
    """Write an agent's configuration."""
    return f"""\
platform_url = "{platform_url}"
site = "lab"
token = "{TOKEN}"
state_dir = "state"
platform_key = "{public_key_text(KEY.public_key())}"
poll_s = 0.05
{power}
{printers}
"""
