"""The one call to the platform, outward only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from nearmade.agent.config import checked_url
from nearmade.vocabulary.errors import Refused, Unavailable

PROTO = 1

#: The largest artefact that is fetched: five times the largest sliced part measured.
MOST_ARTEFACT_BYTES = 64 * 1024 * 1024

#: Longest and shortest pause between syncs, whatever the platform asks for. [s]
LONGEST_PAUSE_S, SHORTEST_PAUSE_S = 300.0, 0.1


@dataclass(frozen=True, slots=True)
class Command:
    """Something the platform asks for.

    Parameters
    ----------
    id
        It is repeated until an event names this.
    kind
        ``offer``, ``make`` or ``cancel``.
    job_id, generation
        Which job.
    body
        By kind.
    valid_for_s
        From its arrival. [s]
    """

    id: str
    kind: str
    job_id: str
    generation: int
    body: Mapping[str, object]
    valid_for_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform said.

    Parameters
    ----------
    ack
        Highest event number up to which it has all.
    commands
        What it asks for.
    next_in_s
        When it wants the next call. [s]
    """

    ack: int
    commands: tuple[Command, ...]
    next_in_s: float


class Platform:
    """The platform as the agent sees it.

    Parameters
    ----------
    url
        HTTPS, or plain HTTP to this machine.
    token
        Bearer token of the site.
    timeout_s
        For each call. [s]

    Raises
    ------
    Refused
        When the address is plain HTTP to another machine.
    """

    def __init__(self, url: str, token: str, *, timeout_s: float = 10.0) -> None:
        self._http = httpx.Client(
            base_url=checked_url(url),
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout_s,
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def exchange(self, request: Mapping[str, object]) -> Answer:
        """Send events and snapshot; get the acknowledgement and commands.

        Raises
        ------
        Unavailable
            When the platform is away or answers nonsense.
        Refused
            When it does not know the token.
        """
        try:
            answer = self._http.post("/api/agent/sync", json=dict(request))
        except httpx.HTTPError as error:
            raise Unavailable(f"platform: {error!r}") from error
        _check(answer)
        try:
            return _answer(answer.json())
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable(f"platform: answer not understood: {error!r}") from error

    def report_supply(self, supply: Mapping[str, object] | None) -> None:
        """Report the site's electricity; None takes back what was reported.

        Raises
        ------
        Unavailable
            When the platform is away.
        Refused
            When it does not know the token, or refuses what is reported.
        """
        body = {"supply": None if supply is None else dict(supply)}
        try:
            answer = self._http.put("/api/agent/supply", json=body)
        except httpx.HTTPError as error:
            raise Unavailable(f"platform: {error!r}") from error
        if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise Refused(f"platform: refuses the supply: {answer.text[:300]}")
        _check(answer)

    def fetch(self, path: str) -> bytes:
        """Fetch an artefact by its path on the platform.

        Raises
        ------
        Unavailable
            When the platform is away.
        Refused
            When the path leads elsewhere, or the artefact is too large.
        """
        if not path.startswith("/") or path.startswith("//"):
            raise Refused(f"artefact {path!r}: must be a path on the platform")
        content = bytearray()
        try:
            with self._http.stream("GET", path) as answer:
                _check(answer)
                for chunk in answer.iter_bytes():
                    content += chunk
                    if len(content) > MOST_ARTEFACT_BYTES:
                        raise Refused(f"artefact {path}: above 64 MiB")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"platform {path}: {error!r}") from error
        return bytes(content)


def _check(answer: httpx.Response) -> None:
    if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise Refused("platform: does not accept the token of this site")
    if answer.status_code != HTTPStatus.OK:
        raise Unavailable(f"platform: answered {answer.status_code}")


def _answer(values: Mapping[str, object]) -> Answer:
    next_in_s, commands = values["next_in_s"], values["commands"]
    if not isinstance(next_in_s, int | float) or not math.isfinite(next_in_s):
        raise TypeError("next_in_s must be a number")
    if not isinstance(commands, list):
        raise TypeError("commands must be a list")
    return Answer(
        ack=_whole(values["ack"]),
        commands=tuple(_command(command) for command in commands),
        next_in_s=min(max(next_in_s, SHORTEST_PAUSE_S), LONGEST_PAUSE_S),
    )


def _command(values: Mapping[str, object]) -> Command:
    body = values["body"]
    valid_for_s = values["valid_for_s"]
    if not isinstance(body, Mapping) or not isinstance(valid_for_s, int | float):
        raise TypeError("a command's body must be an object, valid_for_s a number")
    return Command(
        id=str(values["id"]),
        kind=str(values["kind"]),
        job_id=str(values["job_id"]),
        generation=_whole(values["generation"]),
        body=body,
        valid_for_s=float(valid_for_s),
    )


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(f"{value!r} must be a whole number")
    return value
