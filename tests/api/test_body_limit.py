"""Bodies are counted before they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from nearmade.cloud.body_limit import LARGEST_BODY_BYTES, BodyLimit


class Reader:
    """An application that reads a body to its end and says how it ended."""

    def __init__(self) -> None:
        self.read_bytes = 0
        self.last = ""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            self.last = message["type"]
            self.read_bytes += len(message.get("body", b""))
            if not message.get("more_body"):
                return


def sent(pieces: list[bytes], told: bytes | None) -> tuple[Reader, list[int]]:
    reader, waiting, statuses = Reader(), list(pieces), []

    async def receive() -> Mapping[str, Any]:
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = [] if told is None else [(b"content-length", told)]
    scope = {"type": "http", "headers": headers}
    async_to_sync(BodyLimit(reader, at_most_bytes=10))(scope, receive, send)
    return reader, statuses


def test_a_small_body_passes() -> None:
    reader, statuses = sent([b"12345", b"67890"], b"10")
    assert (reader.read_bytes, statuses) == (10, [])


@pytest.mark.parametrize("told", [b"11", b"-1", b"many"])
def test_a_body_that_says_it_is_too_large_is_refused_unread(told: bytes) -> None:
    reader, statuses = sent([b"x"], told)
    assert (reader.read_bytes, statuses) == (0, [413])


def test_a_body_in_pieces_is_cut_off_at_the_limit() -> None:
    reader, _ = sent([b"12345"] * 1000, None)
    assert (reader.read_bytes, reader.last) == (10, "http.disconnect")


def test_the_limit_lets_the_largest_file_through() -> None:
    assert LARGEST_BODY_BYTES > 64 * 2**20
