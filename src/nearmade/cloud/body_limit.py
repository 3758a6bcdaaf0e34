"""Refuse bodies that nobody needs before they are written to disk.

Django keeps a whole body, in memory or in a temporary file, before any of its own
limits is asked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

#: The largest file that anybody may send. [bytes]
LARGEST_UPLOAD_BYTES = 64 * 1024 * 1024
#: The largest file and what a form puts around it.
LARGEST_BODY_BYTES = LARGEST_UPLOAD_BYTES + 64 * 1024
TOO_LARGE = (
    b'{"error": {"code": "too-large", "message": "the body is too large", '
    b'"remedy": "send less than 64 MiB"}}'
)


class BodyLimit:
    """Let requests through up to a size, whether or not they tell it first."""

    def __init__(
        self, application: Application, at_most_bytes: int = LARGEST_BODY_BYTES
    ) -> None:
        self._application = application
        self._at_most_bytes = at_most_bytes

    async def __call__(
        self, scope: dict[str, Any], receive: Receive, send: Send
    ) -> None:
        """Answer 413, or pass on."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told) > self._at_most_bytes:
            await _refuse(send)
            return
        seen_bytes = 0

        async def counted() -> Message:
            nonlocal seen_bytes
            message = await receive()
            seen_bytes += len(message.get("body", b""))
            if seen_bytes > self._at_most_bytes:  # in pieces, no length told
                return {"type": "http.disconnect"}
            return message

        await self._application(scope, counted, send)


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})
