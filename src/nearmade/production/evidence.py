"""What a finished job can show for itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import (
    JobId,
    MachineId,
    Sha256,
    canonical_json,
    sha256_of,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A printer's account of one build.

    Parameters
    ----------
    job_id, generation, machine_id
        Which build, where.
    gcode_sha256
        Hash of the file that was printed.
    started_at, ended_at
        As the agent saw them. [aware UTC]
    energy_wh
        Metered or simulated; None where the printer does not say. [Wh]
    filament_mm
        As the gate counted it in the file. [mm]
    printer_words
        The printer's last state in its own words.
    simulated
        True when no real printer was at work.
    speed_factor
        How much faster than true time a simulated printer ran.

    Raises
    ------
    InvalidInput
        When the end is before the start or a moment has no time zone.
    """

    job_id: JobId
    generation: int
    machine_id: MachineId
    gcode_sha256: Sha256
    started_at: datetime
    ended_at: datetime
    energy_wh: float | None
    filament_mm: float
    printer_words: str
    simulated: bool = False
    speed_factor: float = 1.0

    def __post_init__(self) -> None:
        if self.started_at.tzinfo is None or self.ended_at.tzinfo is None:
            raise InvalidInput(f"evidence of {self.job_id}: moments need a time zone")
        if self.ended_at < self.started_at:
            raise InvalidInput(f"evidence of {self.job_id}: ends before it starts")

    def as_dict(self) -> dict[str, object]:
        """Give plain values for JSON."""
        return {
            **asdict(self),
            "started_at": self.started_at.isoformat(),
            "ended_at": self.ended_at.isoformat(),
        }

    @property
    def sha256(self) -> Sha256:
        """Name the evidence by its content."""
        return sha256_of(canonical_json(self.as_dict()))
