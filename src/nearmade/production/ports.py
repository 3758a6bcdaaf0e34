"""What production asks of a printer, in our words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PrinterState(StrEnum):
    """A printer's state, the same words for every make."""

    OFFLINE = "offline"
    IDLE = "idle"
    STARTING = "starting"
    PRINTING = "printing"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """A fact read from a printer.

    Parameters
    ----------
    state
        Normalised state.
    file_name
        The file it speaks of; empty when none.
    done_fraction
        Progress 0..1; None when the printer does not say.
    left_s
        Time left as the printer believes. [s]
    nozzle_degc, bed_degc
        Measured temperatures. [degC]
    energy_wh
        Energy since the job started, where it is metered or simulated. [Wh]
    power_w
        Mean power now, where it is metered or simulated. [W]
    layer
        Number of the layer being laid; None when the printer does not say.
    words
        The state in the printer's own words.
    """

    state: PrinterState
    file_name: str = ""
    done_fraction: float | None = None
    left_s: float | None = None
    nozzle_degc: float | None = None
    bed_degc: float | None = None
    energy_wh: float | None = None
    power_w: float | None = None
    layer: int | None = None
    words: str = ""


class Printer(Protocol):
    """Every call returns a claim; only a later ``status`` is a fact.

    Each method raises ``Unavailable`` when the printer cannot be reached or answers
    nonsense, and ``Conflict`` when it is in the wrong state.
    """

    def status(self) -> PrinterStatus:
        """Read what the printer does now."""

    def upload(self, file_name: str, content: bytes) -> None:
        """Put a file on the printer under its only name."""

    def start(self, file_name: str) -> None:
        """Ask the printer to print a file that was uploaded."""

    def pause(self) -> None:
        """Ask for a pause at the next safe point."""

    def resume(self) -> None:
        """Ask to go on."""

    def cancel(self) -> None:
        """Ask to stop and cool down."""

    def close(self) -> None:
        """Let go of whatever connects to it; the printer works on."""
