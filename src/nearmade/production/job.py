"""A job: one build given to one machine, and the states it goes through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nearmade.vocabulary.errors import Conflict
from nearmade.vocabulary.identity import JobId, MachineId, Sha256


class JobState(StrEnum):
    """Where a job is. ``started`` and later are never given to another machine."""

    PLANNED = "planned"
    SLICED = "sliced"
    OFFERED = "offered"
    COMMITTED = "committed"
    STARTING = "starting"
    PRINTING = "printing"
    PRINTED = "printed"
    CHECKED = "checked"
    ATTENTION = "attention"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: Every allowed move; anything else is a conflict.
MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.PLANNED: frozenset({JobState.SLICED, JobState.FAILED, JobState.CANCELLED}),
    JobState.SLICED: frozenset({JobState.OFFERED, JobState.FAILED, JobState.CANCELLED}),
    JobState.OFFERED: frozenset(
        {JobState.COMMITTED, JobState.FAILED, JobState.CANCELLED}
    ),
    JobState.COMMITTED: frozenset(
        {JobState.STARTING, JobState.FAILED, JobState.CANCELLED}
    ),
    JobState.STARTING: frozenset(
        {JobState.PRINTING, JobState.ATTENTION, JobState.FAILED}
    ),
    JobState.PRINTING: frozenset(
        {JobState.PRINTED, JobState.ATTENTION, JobState.FAILED}
    ),
    JobState.ATTENTION: frozenset(
        {JobState.PRINTING, JobState.PRINTED, JobState.FAILED, JobState.CANCELLED}
    ),
    JobState.PRINTED: frozenset({JobState.CHECKED, JobState.FAILED}),
    JobState.CHECKED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}


def check_move(job: JobId, now: JobState, then: JobState) -> None:
    """Let an allowed move pass.

    Raises
    ------
    Conflict
        When the table has no such move.
    """
    if then not in MOVES[now]:
        raise Conflict(f"job {job}: cannot go from {now} to {then}")


@dataclass(frozen=True, slots=True)
class JobTicket:
    """What the platform signs and the agent checks before a printer gets anything.

    Parameters
    ----------
    job_id, generation
        Which job; the generation rises when a person declares a started job lost.
    machine_id
        The only machine that may run it.
    gcode_sha256
        Hash of the exact file.
    material
        Feedstock that must be loaded.
    max_nozzle_degc, max_bed_degc
        Limits for the gate. [degC]
    max_filament_mm
        The most filament the quote allows. [mm]
    expected_s
        Print time by the slicer. [s]
    build_volume_mm
        Usable extents of the machine along x, y and z: the gate's walls. [mm]
    """

    job_id: JobId
    generation: int
    machine_id: MachineId
    gcode_sha256: Sha256
    material: str
    max_nozzle_degc: float
    max_bed_degc: float
    max_filament_mm: float
    expected_s: int
    build_volume_mm: tuple[float, float, float]

    @property
    def file_name(self) -> str:
        """The only name this build has on any printer."""
        return f"nm-{self.job_id}-{self.generation}.gcode"
