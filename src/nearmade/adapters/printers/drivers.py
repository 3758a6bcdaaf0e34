"""Drivers by the name a site's settings give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from nearmade.adapters.printers.octoprint import OctoPrint
from nearmade.adapters.printers.simulated import SimulatedPrinter
from nearmade.energy.load.machine_power import MachinePower
from nearmade.energy.load.machine_ratings import MACHINE_POWERS
from nearmade.production.ports import Printer
from nearmade.vocabulary.errors import InvalidInput, NotFound

Settings = Mapping[str, object]

SIMULATED = "simulated"


def machine_power(settings: Settings) -> MachinePower:
    """Look up what a machine draws by the ``power_model`` of its settings.

    Raises
    ------
    NotFound
        When no such model is known.
    """
    name = _text(settings, "power_model", "MK3S")
    if name not in MACHINE_POWERS:
        raise NotFound(
            f"power_model {name!r}: not known",
            remedy=f"use one of {', '.join(sorted(MACHINE_POWERS))}",
        )
    return MACHINE_POWERS[name]


def _simulated(settings: Settings) -> Printer:
    return SimulatedPrinter(
        Path(_text(settings, "folder")).expanduser(),
        machine_power(settings),
        speed_factor=_number(settings, "speed_factor", 1.0),
    )


def _octoprint(settings: Settings) -> Printer:
    return OctoPrint(
        _text(settings, "url"),
        _text(settings, "api_key"),
        timeout_s=_number(settings, "timeout_s", 10.0),
        confirm_s=_number(settings, "confirm_s", 15.0),
    )


DRIVERS: Mapping[str, Callable[[Settings], Printer]] = {
    SIMULATED: _simulated,
    "octoprint": _octoprint,
}


def make_driver(kind: str, settings: Settings) -> Printer:
    """Make the driver of one printer.

    Parameters
    ----------
    kind
        ``octoprint`` (url, api_key) or ``simulated`` (folder, power_model,
        speed_factor).
    settings
        What the driver needs.

    Raises
    ------
    NotFound
        When no such driver exists.
    InvalidInput
        When a setting is missing or of the wrong kind.
    """
    if kind not in DRIVERS:
        raise NotFound(
            f"driver {kind!r}: not known", remedy=f"use one of {', '.join(DRIVERS)}"
        )
    return DRIVERS[kind](settings)


def _text(settings: Settings, name: str, default: str | None = None) -> str:
    value = settings.get(name, default)
    if not isinstance(value, str) or not value:
        raise InvalidInput(f"printer setting {name}: must be text")
    return value


def _number(settings: Settings, name: str, default: float) -> float:
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(f"printer setting {name}: must be a number")
    return float(value)
