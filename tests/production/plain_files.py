"""Small true G-code files, written by hand."""

from __future__ import annotations

from nearmade.production.gcode.limits import GateLimits
from nearmade.production.job import JobTicket
from nearmade.vocabulary.identity import JobId, MachineId, sha256_of

HEAD = """\
G21
G90
M83
M140 S60
M104 S205
M190 S60
M109 S205
G28
G1 Z0.2 F600
"""

TAIL = """\
M104 S0
M140 S0
M107
M84
"""

#: A square of 40 mm a side, two layers; 8 x 1.5 mm of filament.
SQUARE = """\
G1 X20 Y20 F6000
G1 X60 Y20 E1.5 F1200
G1 X60 Y60 E1.5
G1 X20 Y60 E1.5
G1 X20 Y20 E1.5
G1 Z0.4
G1 X60 Y20 E1.5
G1 X60 Y60 E1.5
G1 X20 Y60 E1.5
G1 X20 Y20 E1.5
"""

#: An MK3S with PLA.
LIMITS = GateLimits(
    lower_mm=(-4.0, -4.0, 0.0),
    upper_mm=(250.0, 210.0, 210.0),
    max_nozzle_degc=235.0,
    max_bed_degc=65.0,
    max_filament_mm=500.0,
)


def build(middle: str = SQUARE, *, head: str = HEAD, tail: str = TAIL) -> bytes:
    """Put a middle between the usual beginning and end."""
    return (head + middle + tail).encode("latin-1")


def ticket(
    content: bytes,
    *,
    job_id: str = "job-1",
    machine_id: str = "lab/one",
    generation: int = 1,
    expected_s: int = 60,
) -> JobTicket:
    """Give a ticket that fits a file."""
    return JobTicket(
        job_id=JobId(job_id),
        generation=generation,
        machine_id=MachineId(machine_id),
        gcode_sha256=sha256_of(content),
        material="PLA",
        max_nozzle_degc=235.0,
        max_bed_degc=65.0,
        max_filament_mm=500.0,
        expected_s=expected_s,
        build_volume_mm=(250.0, 210.0, 210.0),
    )
