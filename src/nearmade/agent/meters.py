"""Meters that other programs read for the agent: a plug's file, a controller's file.

Both are plain files beside the agent, so any reader will do: a few lines of shell, Home
Assistant, a driver of the charge controller. What is old, broken or out of range counts
as not measured.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path

from nearmade.energy.load.learned_power import MOST_W

#: Readings older than these say nothing of now. [s]
PLUG_FRESH_S = 120.0
CONTROLLER_FRESH_S = 900.0

#: So much of a plug's file is read from its end. [bytes]
TAIL_BYTES = 4096

#: A controller's file is larger only by mistake. [bytes]
MOST_BYTES = 65_536

#: No small site's panels give more. [W]
MOST_PV_W = 1e6


@dataclass(frozen=True, slots=True)
class Measured:
    """What a charge controller says.

    Parameters
    ----------
    battery_fraction
        State of charge, 0..1; None where it does not say.
    pv_w
        From the panels; None where it does not say. [W]
    """

    battery_fraction: float | None
    pv_w: float | None


def plug_watts(path: Path, now: datetime) -> float | None:
    """Give a plug's last reading: the last line of ``moment,watts``. [W]"""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        moment, _, watts = line.partition(",")
        if not line.strip():
            continue
        if not _fresh(moment.strip(), now, PLUG_FRESH_S):
            return None
        return _within(watts.strip(), MOST_W)
    return None


def controller(path: Path, now: datetime) -> Measured | None:
    """Give what a charge controller's reader wrote: a JSON object with ``at``."""
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not _fresh(
        str(said.get("at")), now, CONTROLLER_FRESH_S
    ):
        return None
    measured = Measured(
        _within(said.get("battery_fraction"), 1.0), _within(said.get("pv_w"), MOST_PV_W)
    )
    return None if measured == Measured(None, None) else measured


def _fresh(moment: str, now: datetime, within_s: float) -> bool:
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return False
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return abs((now - at).total_seconds()) <= within_s


def _within(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) and 0 <= number <= most else None
