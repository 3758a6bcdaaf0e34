"""Replies that no OctoPrint should give, from a server that gives them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nearmade.adapters.printers.octoprint import OctoPrint
from nearmade.production.ports import PrinterState
from nearmade.vocabulary.errors import Conflict, NotFound, Unavailable


@contextmanager
def answering(replies: dict[str, tuple[int, bytes]]) -> Iterator[str]:
    """Serve one fixed reply for each path on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = replies.get(self.path, (404, b""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def octoprint(
    replies: dict[str, tuple[int, bytes]], *, confirm_s: float = 1.0
) -> Iterator[OctoPrint]:
    """Speak to such a server."""
    with answering(replies) as url, OctoPrint(url, "k", confirm_s=confirm_s) as printer:
        yield printer


def job(state: object, percent: object = None, name: object = "a.gcode") -> bytes:
    return json.dumps(
        {
            "state": state,
            "progress": {"completion": percent, "printTimeLeft": 12},
            "job": {"file": {"name": name}},
        }
    ).encode()


PRINTER = b'{"temperature": {"tool0": {"actual": 200.5}, "bed": {"actual": 59.9}}}'


@pytest.mark.parametrize(
    ("words", "percent", "state"),
    [
        ("Operational", None, PrinterState.IDLE),
        ("Operational", 41.0, PrinterState.IDLE),
        ("Operational", 100.0, PrinterState.DONE),
        ("Printing", 41.0, PrinterState.PRINTING),
        ("Printing from SD", 41.0, PrinterState.PRINTING),
        ("Pausing", 41.0, PrinterState.PRINTING),
        ("Paused", 41.0, PrinterState.PAUSED),
        ("Cancelling", 41.0, PrinterState.PRINTING),
        ("Offline", None, PrinterState.OFFLINE),
        ("Offline after error", None, PrinterState.ATTENTION),
        ("Error: MINTEMP", None, PrinterState.ATTENTION),
        ("Dancing", None, PrinterState.ATTENTION),
    ],
)
def test_its_words_become_ours(
    words: str, percent: float | None, state: PrinterState
) -> None:
    replies = {"/api/job": (200, job(words, percent)), "/api/printer": (200, PRINTER)}
    with octoprint(replies) as printer:
        status = printer.status()
    assert (status.state, status.file_name) == (state, "a.gcode")
    assert words in status.words
    if state is not PrinterState.OFFLINE:
        assert (status.nozzle_degc, status.bed_degc) == (200.5, 59.9)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        job(7),
        job("Printing", "half"),
        job("Printing", True),
        b'{"state": "Printing", "progress": [], "job": {}}',
        b"\xff\xfe",
    ],
)
def test_nonsense_is_unavailable(body: bytes) -> None:
    with octoprint({"/api/job": (200, body)}) as printer, pytest.raises(Unavailable):
        printer.status()


@pytest.mark.parametrize(
    ("status", "error"),
    [(403, Unavailable), (404, NotFound), (409, Conflict), (500, Unavailable)],
)
def test_refusals_are_split_by_who_acts_next(
    status: int, error: type[Exception]
) -> None:
    with octoprint({"/api/job": (status, b"")}) as printer, pytest.raises(error):
        printer.cancel()


def test_a_start_that_was_answered_but_did_not_happen_is_not_believed() -> None:
    replies = {
        "/api/job": (200, job("Operational", None, None)),
        "/api/printer": (200, PRINTER),
        "/api/files/local/a.gcode": (204, b""),
    }
    with (
        octoprint(replies, confirm_s=0.5) as printer,
        pytest.raises(Unavailable, match="did not begin"),
    ):
        printer.start("a.gcode")


def test_a_start_of_another_file_is_not_taken_for_ours() -> None:
    replies = {
        "/api/job": (200, job("Operational", 100.0, "other.gcode")),
        "/api/printer": (200, PRINTER),
        "/api/files/local/a.gcode": (204, b""),
    }
    with (
        octoprint(replies, confirm_s=0.3) as printer,
        pytest.raises(Unavailable, match="did not begin"),
    ):
        printer.start("a.gcode")


def test_a_file_kept_under_another_name_is_not_ours() -> None:
    kept = b'{"files": {"local": {"name": "a_1.gcode"}}}'
    with (
        octoprint({"/api/files/local": (201, kept)}) as printer,
        pytest.raises(Unavailable, match="a_1"),
    ):
        printer.upload("a.gcode", b"G28\n")
