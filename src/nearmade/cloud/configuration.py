"""The platform's configuration: read once from the environment, frozen, passed on."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from nearmade.vocabulary.addresses import canonical_platform
from nearmade.vocabulary.errors import InvalidInput

PREFIX = "NEARMADE_"
#: A platform always answers to its own machine, which asks whether it is up.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything that differs between one installation and the next.

    Parameters
    ----------
    data_dir
        Where the embedded database, blobs, caches and keys live.
    database_url
        An ordinary PostgreSQL; empty for the embedded one in ``data_dir``.
    public_url
        How browsers and agents reach the platform.
    hosts
        Host names the platform answers to.
    demo
        True when synthetic sites may be shown and simulated people act.
    offer_timeout_s
        How long a site may think about an offer. [s]
    stalled_after_s
        Silence after which a worker's jobs are given to another. [s]
    people_may_sign_up
        False closes registration.
    """

    data_dir: Path
    database_url: str
    public_url: str
    hosts: tuple[str, ...]
    demo: bool
    offer_timeout_s: float
    stalled_after_s: float
    people_may_sign_up: bool = True

    @property
    def answers_to(self) -> tuple[str, ...]:
        """Host names that are answered: those given, the public one, loopback."""
        public = urlsplit(self.public_url).hostname or ""
        if ":" in public:
            public = f"[{public}]"
        names = (*self.hosts, public, *LOOPBACK)
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def postgres_dir(self) -> Path:
        """Folder of the embedded PostgreSQL, its socket inside."""
        return self.data_dir / "pg"

    @property
    def blobs_dir(self) -> Path:
        """Folder of content-addressed files."""
        return self.data_dir / "blobs"

    @property
    def cache_dir(self) -> Path:
        """Folder of what can be computed again."""
        return self.data_dir / "cache"

    def secret_key(self) -> str:
        """Read the installation's secret, made on first use, readable by its owner."""
        return _secret(self.data_dir / "secret-key")


def _secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret


def _platform(public_url: str) -> str:
    """Read the platform's own address, which names its designs and sites."""
    try:
        return canonical_platform(public_url)
    except InvalidInput as error:
        raise InvalidInput(
            f"{PREFIX}PUBLIC_URL: {error.message}", remedy="such as https://HOST"
        ) from error


def _seconds(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(PREFIX + name, "")
    try:
        value = float(text) if text else default
    except ValueError as error:
        raise InvalidInput(f"{PREFIX}{name}={text!r}: must be seconds") from error
    if not value > 0:
        raise InvalidInput(f"{PREFIX}{name}={text!r}: must be above zero")
    return value


def read_configuration(environ: Mapping[str, str]) -> Configuration:
    """Read the environment variables ``NEARMADE_*`` and ``DATABASE_URL``.

    Raises
    ------
    InvalidInput
        When a value cannot be read; the message names the variable.
    """
    data_dir = environ.get(PREFIX + "DATA_DIR") or platformdirs.user_data_dir(
        "nearmade", appauthor=False
    )
    public_url = environ.get(PREFIX + "PUBLIC_URL", "http://127.0.0.1:8000")
    hosts = environ.get(PREFIX + "HOSTS", "127.0.0.1,localhost,[::1]")
    database_url = environ.get("DATABASE_URL", "")
    if database_url and not database_url.startswith(("postgres://", "postgresql://")):
        raise InvalidInput("DATABASE_URL: must begin with postgresql://")
    return Configuration(
        data_dir=Path(data_dir).expanduser().absolute(),
        database_url=database_url,
        public_url=_platform(public_url),
        hosts=tuple(host for host in hosts.split(",") if host),
        demo=environ.get(PREFIX + "DEMO", "") == "1",
        offer_timeout_s=_seconds(environ, "OFFER_TIMEOUT_S", 24 * 3600),
        stalled_after_s=_seconds(environ, "STALLED_AFTER_S", 30),
        people_may_sign_up=environ.get(PREFIX + "SIGN_UP", "1") == "1",
    )
