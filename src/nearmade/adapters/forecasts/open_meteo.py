"""Asks a service with the interface of Open-Meteo for the hours ahead.

One request for each forecast. An answer that is late, large, broken or about another
place is an error with its reason, never a guess.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import pairwise
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import httpx
import numpy as np

from nearmade.energy.forecast.sky_ensemble import SkyEnsemble
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.errors import InvalidInput, Refused, Unavailable

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

#: Four figures of 64 members over three days take a third of this. [bytes]
MOST_BYTES: Final = 1024 * 1024
#: How far the first hour of an answer may lie from the moment it was asked.
FARTHEST: Final = timedelta(days=7)
#: With fewer members the worst day of ten is not known; the largest ensemble that is
#: offered has 64.
LEAST_MEMBERS: Final = 10
MOST_MEMBERS: Final = 100
#: Days that are asked for: at its end the first still has two ahead.
DAYS: Final = 3
#: The service answers for the middle of a cell of its grid, the largest half a degree
#: wide. [deg]
APART_DEG: Final = 1.0

#: Our figures, the service's names for them, and the unit it must say.
FIGURES: Final = {
    "global_w_m2": ("shortwave_radiation", "W/m²"),
    "beam_w_m2": ("direct_normal_irradiance", "W/m²"),
    "diffuse_w_m2": ("diffuse_radiation", "W/m²"),
    "air_degc": ("temperature_2m", "°C"),
}
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OpenMeteo:
    """A service at one address, for one place.

    Parameters
    ----------
    url
        Of its forecasts, without a query, as in
        ``https://ensemble-api.open-meteo.com/v1/ensemble``.
    lat_deg, lon_deg
        The place. [deg]
    models
        Which weather models, as the service names them; its own choice when empty.
    key
        Of the account; none when empty. Never shown.
    timeout_s
        For the connection, for each wait, and for the whole answer. [s]

    Raises
    ------
    InvalidInput
        When the address is none or the time is not above zero.
    Refused
        When the address is plain HTTP to another machine.

    References
    ----------
    .. [1] Open-Meteo, Ensemble API, https://open-meteo.com/en/docs/ensemble-api:
       a figure's bare name is the control run, ``_member01`` and so on the others;
       radiation is the mean of the hour before its moment.
    """

    url: str
    lat_deg: float
    lon_deg: float
    models: str = ""
    key: str = field(default="", repr=False)
    timeout_s: float = 10.0

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            host = parts.hostname
        except ValueError as error:
            raise InvalidInput(f"forecast url {self.url!r}: {error}") from error
        if parts.scheme not in ("http", "https") or not host:
            raise InvalidInput(
                f"forecast url {self.url!r}: must be http(s)://host/path"
            )
        if parts.query or parts.fragment or parts.username or parts.password:
            raise InvalidInput(
                "forecast url: must hold no query and no password",
                remedy="write the key as key or key_file",
            )
        if parts.scheme == "http" and host not in LOOPBACK:
            raise Refused(
                f"forecast url {self.url!r}: plain HTTP would show key and place",
                remedy="use https",
            )
        if not 0 < self.timeout_s <= 120:
            raise InvalidInput(
                f"forecast: timeout_s {self.timeout_s} must be in 0..120"
            )

    @property
    def host(self) -> str:
        """Which machine answers, for people."""
        return urlsplit(self.url).hostname or ""

    def fetch(self, now: datetime) -> SkyEnsemble:
        """Ask for the hours of today and the days after.

        Raises
        ------
        Unavailable
            When the service is away, refuses, or its answer is not understood.
        """
        return self.read(self.ask(), now)

    def ask(self) -> bytes:
        """Fetch the answer as it comes, of at most 1 MiB.

        Raises
        ------
        Unavailable
            When the service is away, slow or refuses, or says more than that.
        """
        asked: dict[str, str] = {
            "latitude": f"{self.lat_deg:.4f}",
            "longitude": f"{self.lon_deg:.4f}",
            "hourly": ",".join(name for name, _ in FIGURES.values()),
            "timeformat": "unixtime",
            "timezone": "GMT",
            "forecast_days": str(DAYS),
        }
        if self.models:
            asked["models"] = self.models
        if self.key:
            asked["apikey"] = self.key
        ends_s = time.monotonic() + self.timeout_s
        content = bytearray()
        try:
            with (
                httpx.Client(
                    timeout=self.timeout_s, follow_redirects=False, trust_env=False
                ) as client,
                client.stream("GET", self.url, params=asked) as answer,
            ):
                for chunk in answer.iter_bytes():
                    content += chunk
                    if len(content) > MOST_BYTES:
                        self._fail("says more than 1 MiB")
                    if time.monotonic() > ends_s:
                        self._fail(f"not done after {self.timeout_s:g} s")
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The kind alone: some messages hold the address, and so the key.
            raise Unavailable(
                f"forecast of {self.host}: {type(error).__name__}"
            ) from None
        if status != HTTPStatus.OK:
            self._fail(f"answered {status}{_reason(bytes(content))}")
        return bytes(content)

    def read(self, content: bytes, issued_at: datetime) -> SkyEnsemble:
        """Read an answer.

        Hours at the end that not all members reach are left out.

        Raises
        ------
        Unavailable
            When it is not understood, is about another place, or has a gap.
        """
        try:
            said = json.loads(content.decode("utf-8"), parse_constant=_no_number)
            hourly, units = said["hourly"], said["hourly_units"]
            self._check_place(said)
            begins_at, hours = _hours(hourly["time"])
            if abs(begins_at - issued_at) > FARTHEST:
                raise InvalidInput(f"it begins {begins_at:%Y-%m-%d}, another time")
            members = _members(hourly)
            tables = {
                ours: np.stack([_series(hourly, name + end, hours) for end in members])
                for ours, (name, unit) in FIGURES.items()
                if _in_unit(units, name, unit)
            }
            whole = _whole_hours(list(tables.values()))
            return SkyEnsemble(
                self.lat_deg,
                self.lon_deg,
                begins_at,
                issued_at,
                **{name: table[:, :whole] for name, table in tables.items()},
                source=self._source(len(members)),
            )
        except (
            KeyError,
            TypeError,
            ValueError,
            OverflowError,
            OSError,  # a moment beyond the calendar
            RecursionError,
        ) as error:
            why = f"{type(error).__name__}: {error}"
            raise Unavailable(
                f"forecast of {self.host}: answer not understood, {why[:200]}"
            ) from error
        except InvalidInput as error:
            raise Unavailable(
                f"forecast of {self.host}: answer not believed, {error.message[:200]}"
            ) from error

    def _source(self, members: int) -> str:
        models = self.models or "its weather models"
        return f"{members} runs of {models} from {self.host}"

    def _check_place(self, said: Mapping[str, Any]) -> None:
        lat, lon = _number(said["latitude"]), _number(said["longitude"])
        around = abs((lon - self.lon_deg + 180) % 360 - 180)
        if not (abs(lat - self.lat_deg) <= APART_DEG and around <= APART_DEG):
            raise InvalidInput(
                f"it is about {lat:.2f}, {lon:.2f}, asked was {self.lat_deg:.2f}, "
                f"{self.lon_deg:.2f}"
            )

    def _fail(self, why: str) -> NoReturn:
        raise Unavailable(f"forecast of {self.host}: {why}")


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{str(value)[:40]!r} must be a number")
    return float(value)


def _reason(content: bytes) -> str:
    """Give the reason that the service writes beside an error, cut short."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    reason = said.get("reason") if isinstance(said, dict) else None
    if not isinstance(reason, str):
        return ""
    return ", " + "".join(c if c.isprintable() else " " for c in reason[:200])


def _in_unit(units: Mapping[str, object], name: str, unit: str) -> bool:
    """Let a figure pass in its unit.

    Raises
    ------
    InvalidInput
        When the service says another.
    """
    if units[name] != unit:
        raise InvalidInput(f"{name} is in {str(units[name])[:20]!r}, not in {unit}")
    return True


def _hours(stamps: object) -> tuple[datetime, int]:
    """Give the start of the first hour, and how many follow each other.

    A figure stands at the end of its hour.
    """
    if not isinstance(stamps, list) or not 1 <= len(stamps) <= 24 * (DAYS + 1):
        raise InvalidInput("its moments are no list of one to four days")
    seconds = [int(stamp) if type(stamp) is int else -1 for stamp in stamps]
    if any(stamp < 0 or stamp % 3600 for stamp in seconds):
        raise InvalidInput("a moment is no whole hour in seconds since 1970")
    if any(b - a != 3600 for a, b in pairwise(seconds)):
        raise InvalidInput("its hours do not follow each other")
    return datetime.fromtimestamp(seconds[0], tz=UTC) - HOUR, len(seconds)


def _members(hourly: Mapping[str, object]) -> list[str]:
    """Give the endings of the members' names, the control run's empty one first."""
    name = FIGURES["global_w_m2"][0]
    ends = sorted(
        key.removeprefix(name)
        for key in hourly
        if key == name or key.startswith(f"{name}_member")
    )
    if not LEAST_MEMBERS <= len(ends) <= MOST_MEMBERS:
        raise InvalidInput(
            f"{len(ends)} members: the worst day of ten needs {LEAST_MEMBERS} to "
            f"{MOST_MEMBERS} of an ensemble"
        )
    return ends


def _series(hourly: Mapping[str, object], name: str, hours: int) -> Array:
    """Give one member's figures, shape (hours,); what is null is no number."""
    values = hourly[name]
    if not isinstance(values, list) or len(values) != hours:
        raise InvalidInput(f"{name} has not one figure for each of {hours} hours")
    return np.array([np.nan if v is None else _number(v) for v in values])


def _whole_hours(tables: list[Array]) -> int:
    """Give how many hours from the first on are known of every figure and member."""
    known = np.all([np.isfinite(table).all(axis=0) for table in tables], axis=0)
    whole = len(known) if known.all() else int(np.argmin(known))
    if whole == 0:
        raise InvalidInput("no figures for this place, or not of all members")
    if known[whole:].any():
        raise InvalidInput(f"a gap in hour {whole + 1}")
    return whole
