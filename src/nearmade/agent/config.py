"""What an agent is told once, in one TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from nearmade.adapters.printers.drivers import SIMULATED
from nearmade.agent.hours import HandsHours, hands_from, out_of_use_from
from nearmade.agent.power_config import PowerConfig, power_config
from nearmade.energy.load.machine_power import MachinePower
from nearmade.energy.load.machine_ratings import MACHINE_POWERS
from nearmade.facilities.facility import OutOfUse
from nearmade.production.signing import public_key_from_text
from nearmade.vocabulary.errors import InvalidInput, Refused
from nearmade.vocabulary.identity import MachineId

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class PrinterConfig:
    """One printer of the site.

    Parameters
    ----------
    machine_id
        Its name in the network.
    driver
        ``octoprint`` or ``simulated``.
    settings
        For the driver.
    power
        What it draws, by its ``power_model``.
    clear_before_next
        True when a person must take the build off before the next may start.
    plug
        A file to which a smart plug's readings are appended; None when there is none.
    out_of_use
        When it makes nothing.
    """

    machine_id: MachineId
    driver: str
    settings: Mapping[str, object]
    power: MachinePower
    clear_before_next: bool
    plug: Path | None = None
    out_of_use: tuple[OutOfUse, ...] = ()

    @property
    def simulated(self) -> bool:
        """True when no real printer stands behind it."""
        return self.driver == SIMULATED

    @property
    def speed_factor(self) -> float:
        """How much faster than true time it works."""
        factor = self.settings.get("speed_factor", 1.0)
        return float(factor) if isinstance(factor, int | float) else 1.0


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """Everything an agent knows before it starts.

    Parameters
    ----------
    platform_url
        Where the platform is: HTTPS, or plain HTTP on this machine only.
    site
        The facility, and the agent's name.
    token
        Scoped to the site; never shown.
    state_dir
        Where database, artefacts and simulated printers live.
    platform_key
        Pinned public key that tickets are signed with.
    printers, power
        What stands here.
    poll_s
        Pause between looks at the printers. [s]
    hands
        When people are there.
    """

    platform_url: str
    site: str
    token: str
    state_dir: Path
    platform_key: Ed25519PublicKey
    printers: tuple[PrinterConfig, ...]
    power: PowerConfig
    poll_s: float = 1.0
    hands: HandsHours = field(default_factory=HandsHours)

    def __repr__(self) -> str:
        return f"AgentConfig(site={self.site!r}, platform_url={self.platform_url!r})"


def load_config(path: Path) -> AgentConfig:
    """Read an agent's configuration; paths in it start at the file's folder.

    A setting ``NAME_file`` stands for ``NAME`` and is read from that file.

    Raises
    ------
    InvalidInput
        When the file cannot be read or a value is missing or out of range.
    Refused
        When the platform would be spoken to in plain HTTP over a network.
    """
    try:
        raw = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"agent configuration {path}: {error}") from error
    here = path.resolve().parent
    values = _with_files(raw, here)
    state_dir = here / _text(values, "state_dir")
    printers = tuple(
        _printer(_table(entry), here, state_dir) for entry in _list(values, "printer")
    )
    names = [printer.machine_id for printer in printers]
    if not printers or len(set(names)) != len(names):
        raise InvalidInput(f"agent configuration {path}: printers must differ")
    power = power_config(_table(values.get("power", {})), here)
    return AgentConfig(
        platform_url=checked_url(_text(values, "platform_url")),
        site=_text(values, "site"),
        token=_text(values, "token"),
        state_dir=state_dir,
        platform_key=public_key_from_text(_text(values, "platform_key")),
        printers=printers,
        power=power,
        poll_s=_above_zero(values, "poll_s", 1.0),
        hands=_hands(_table(values.get("hands", {})), power),
    )


def _hands(values: Mapping[str, object], power: PowerConfig) -> HandsHours:
    """Read people's hours; they are on the clock that the power is on."""
    found = hands_from(values)
    return replace(
        found, opening=replace(found.opening, utc_offset_h=power.utc_offset_h)
    )


def checked_url(url: str) -> str:
    """Let HTTPS pass, and plain HTTP to this machine.

    Raises
    ------
    InvalidInput
        When it is not an address of a web server.
    Refused
        When it is plain HTTP to another machine.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidInput(f"platform_url {url!r}: must be http(s)://host")
    if parts.username or parts.password:
        raise InvalidInput("platform_url: must not hold a password")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise Refused(
            f"platform_url {url!r}: plain HTTP would show the token to the network",
            remedy="use https",
        )
    return url.rstrip("/")


def _printer(
    values: Mapping[str, object], here: Path, state_dir: Path
) -> PrinterConfig:
    machine_id = MachineId(_text(values, "machine_id"))
    driver = _text(values, "driver")
    settings = _with_files(_table(values.get("settings", {})), here)
    if driver == SIMULATED:
        folder = settings.get("folder")
        default = state_dir / "printers" / machine_id.replace("/", "_")
        settings["folder"] = str(here / str(folder) if folder else default)
    model = str(settings.get("power_model", "MK3S"))
    if model not in MACHINE_POWERS:
        raise InvalidInput(
            f"printer {machine_id}: power_model {model!r} is not known",
            remedy=f"use one of {', '.join(sorted(MACHINE_POWERS))}",
        )
    clear = values.get("clear_before_next", driver != SIMULATED)
    if not isinstance(clear, bool):
        raise InvalidInput(f"printer {machine_id}: clear_before_next must be a bool")
    if not clear and driver != SIMULATED and not values.get("clear_reason"):
        raise InvalidInput(
            f"printer {machine_id}: builds would be printed onto each other",
            remedy="say in clear_reason what clears the bed",
        )
    plug = values.get("plug")
    if plug is not None and not isinstance(plug, str):
        raise InvalidInput(f"printer {machine_id}: plug must be a path")
    return PrinterConfig(
        machine_id,
        driver,
        settings,
        MACHINE_POWERS[model],
        clear,
        None if plug is None else here / plug,
        out_of_use_from(values.get("out_of_use", []), machine_id),
    )


def _with_files(values: Mapping[str, object], here: Path) -> dict[str, object]:
    """Replace each ``NAME_file`` by ``NAME`` with that file's text."""
    result = dict(values)
    for name, value in values.items():
        if name.endswith("_file") and isinstance(value, str):
            try:
                result[name.removesuffix("_file")] = (here / value).read_text().strip()
            except (OSError, UnicodeDecodeError) as error:
                raise InvalidInput(f"{name} {value}: {error}") from error
            del result[name]
    return result


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidInput(f"agent configuration: {name} must be text")
    return value


def _above_zero(values: Mapping[str, object], name: str, default: float) -> float:
    value = values.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise InvalidInput(f"agent configuration: {name} must be above zero")
    return float(value)


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise InvalidInput(f"agent configuration: {value!r} must be a table")
    return value


def _list(values: Mapping[str, object], name: str) -> list[object]:
    value = values.get(name, [])
    if not isinstance(value, list):
        raise InvalidInput(f"agent configuration: {name} must be [[{name}]]")
    return value
