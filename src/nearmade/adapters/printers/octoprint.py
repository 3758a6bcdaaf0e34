"""OctoPrint over REST: claims by its answers, facts by its state.

References
----------
.. [1] https://docs.octoprint.org/en/master/api/
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType

import httpx

from nearmade.production.ports import PrinterState, PrinterStatus
from nearmade.vocabulary.errors import Conflict, NotFound, Unavailable

#: States of ``GET /api/job`` by their first word.
#: Source: ``octoprint.util.comm.MachineCom.getStateString``, OctoPrint 1.11.
_STATES = {
    "Offline": PrinterState.OFFLINE,
    "Opening": PrinterState.OFFLINE,
    "Detecting": PrinterState.OFFLINE,
    "Connecting": PrinterState.OFFLINE,
    "Starting": PrinterState.STARTING,
    "Starting print from SD": PrinterState.STARTING,
    "Printing": PrinterState.PRINTING,
    "Printing from SD": PrinterState.PRINTING,
    "Finishing": PrinterState.PRINTING,
    "Pausing": PrinterState.PRINTING,  # a resume would be lost now
    "Paused": PrinterState.PAUSED,
    "Resuming": PrinterState.PRINTING,
    "Cancelling": PrinterState.PRINTING,
    "Error": PrinterState.ATTENTION,
    "Offline after error": PrinterState.ATTENTION,
}

_MOST_ANSWER_BYTES = 4_000_000


class OctoPrint:
    """Fills the port ``Printer`` with one OctoPrint and the printer behind it.

    Parameters
    ----------
    url
        Address, such as ``http://127.0.0.1:5000``.
    api_key
        Of one user; the global key is going away.
    timeout_s
        For each call. [s]
    confirm_s
        How long ``start`` looks for the print to begin. [s]
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        timeout_s: float = 10.0,
        confirm_s: float = 15.0,
    ) -> None:
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            headers={"X-Api-Key": api_key},
            timeout=timeout_s,
            trust_env=False,
        )
        self._confirm_s = confirm_s

    def __enter__(self) -> OctoPrint:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def status(self) -> PrinterStatus:
        """Read ``GET /api/job`` and, when the printer is connected, its temperatures.

        After a restart OctoPrint no longer knows what it printed last: then the state
        is idle, without a file.
        """
        answer = self._read("/api/job")
        words = _text(answer, "state")
        progress, job = _part(answer, "progress"), _part(answer, "job")
        percent = _number(progress, "completion")
        file_name = _part(job, "file").get("name") or ""
        state = _state(words, percent, str(file_name))
        nozzle_degc = bed_degc = None
        if state is not PrinterState.OFFLINE:
            nozzle_degc, bed_degc = self._temperatures()
        return PrinterStatus(
            state=state,
            file_name=str(file_name),
            done_fraction=None
            if percent is None
            else min(max(percent / 100, 0.0), 1.0),
            left_s=_number(progress, "printTimeLeft"),
            nozzle_degc=nozzle_degc,
            bed_degc=bed_degc,
            words=f"OctoPrint: {words}",
        )

    def upload(self, file_name: str, content: bytes) -> None:
        """Upload to the local folder, neither selected nor started."""
        answer = self._call(
            "POST",
            "/api/files/local",
            files={"file": (file_name, content, "application/octet-stream")},
            data={"select": "false", "print": "false"},
        )
        kept = _part(_part(_json(answer), "files"), "local").get("name")
        if kept != file_name:
            raise Unavailable(f"octoprint: kept {file_name!r} under the name {kept!r}")

    def start(self, file_name: str) -> None:
        """Select and print a file, then look until its print is a fact.

        Raises
        ------
        Conflict
            When the printer is not free.
        Unavailable
            When the print did not begin, as far as OctoPrint tells. It may begin yet:
            look at ``status`` before anything else.
        """
        before = self.status()
        if before.state not in (
            PrinterState.IDLE,
            PrinterState.DONE,
            PrinterState.CANCELLED,
        ):
            raise Conflict(f"octoprint: {before.words}, cannot start {file_name}")
        self._call(
            "POST",
            f"/api/files/local/{file_name}",
            json={"command": "select", "print": True},
        )
        until = time.monotonic() + self._confirm_s
        while time.monotonic() < until:
            now = self.status()
            begun = now.state in (PrinterState.PRINTING, PrinterState.DONE)
            if begun and now.file_name == file_name:
                return
            time.sleep(0.2)
        raise Unavailable(f"octoprint: {file_name} did not begin: {now.words}")

    def pause(self) -> None:
        """Pause the print."""
        self._command({"command": "pause", "action": "pause"})

    def resume(self) -> None:
        """Go on with the print."""
        self._command({"command": "pause", "action": "resume"})

    def cancel(self) -> None:
        """Cancel the print."""
        self._command({"command": "cancel"})

    def _command(self, body: Mapping[str, str]) -> None:
        self._call("POST", "/api/job", json=dict(body))

    def _temperatures(self) -> tuple[float | None, float | None]:
        try:
            answer = self._read("/api/printer")
        except Conflict:  # it went offline between the two calls
            return None, None
        heaters = _part(answer, "temperature")
        return (
            _number(_part(heaters, "tool0"), "actual"),
            _number(_part(heaters, "bed"), "actual"),
        )

    def _read(self, path: str) -> Mapping[str, object]:
        return _json(self._call("GET", path))

    def _call(self, method: str, path: str, **body: object) -> httpx.Response:
        """Make one call; every foreign failure becomes one of ours."""
        try:
            answer = self._http.request(method, path, **body)  # type: ignore[arg-type]
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"octoprint {path}: {error!r}") from error
        if answer.status_code == HTTPStatus.CONFLICT:
            raise Conflict(f"octoprint {path}: wrong state")
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise NotFound(f"octoprint {path}: not there")
        if not answer.is_success:
            raise Unavailable(
                f"octoprint {path}: answered {answer.status_code}",
                remedy="check address and key"
                if answer.status_code == HTTPStatus.FORBIDDEN
                else "",
            )
        return answer


def _state(words: str, percent: float | None, file_name: str) -> PrinterState:
    """Translate a state; what is not known needs a person."""
    if words == "Operational":
        if file_name and percent is not None and percent >= 100:
            return PrinterState.DONE
        return PrinterState.IDLE
    if words in _STATES:
        return _STATES[words]
    return _STATES.get(words.split()[0] if words else "", PrinterState.ATTENTION)


def _json(answer: httpx.Response) -> Mapping[str, object]:
    try:
        if len(answer.content) > _MOST_ANSWER_BYTES:
            raise ValueError("answer too long")
        value = answer.json()
    except ValueError as error:
        raise Unavailable(f"octoprint {answer.url.path}: {error}") from error
    if not isinstance(value, Mapping):
        raise Unavailable(f"octoprint {answer.url.path}: not an object")
    return value


def _part(values: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Give an object inside an object; an absent one is empty."""
    part = values.get(name)
    if part is None:
        return {}
    if not isinstance(part, Mapping):
        raise Unavailable(f"octoprint: {name} is {part!r}")
    return part


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str):
        raise Unavailable(f"octoprint: {name} is {value!r}")
    return value


def _number(values: Mapping[str, object], name: str) -> float | None:
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unavailable(f"octoprint: {name} is {value!r}")
    return float(value) if math.isfinite(value) else None
