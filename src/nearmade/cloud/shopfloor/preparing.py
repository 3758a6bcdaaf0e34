"""From parts to a signed ticket: slice, prepare, gate, sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nearmade.adapters.slicers.prusa import slice_plate
from nearmade.cloud.blobs import get_blob, put_blob
from nearmade.cloud.catalogue.services import load_version
from nearmade.cloud.configuration import Configuration
from nearmade.cloud.keys import platform_key
from nearmade.cloud.shopfloor.machines import machine_of
from nearmade.cloud.shopfloor.models import Job
from nearmade.production.gcode.gate import check_gcode
from nearmade.production.gcode.limits import limits_for
from nearmade.production.gcode.prepare import prepare as prepare_gcode
from nearmade.production.job import JobTicket
from nearmade.production.signing import sign
from nearmade.quoting.level2 import estimate_level2
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import JobId, MachineId, ProfileId

#: More filament than this share of what the slicer said is refused at the gate.
FILAMENT_ALLOWANCE = 1.05
#: Intro lines in vendors' start code, which the slicer's figure leaves out: 20 mm seen
#: on a MK3S; assumed below 40 mm anywhere. [mm]
INTRO_LINE_MM = 40.0
#: Degrees above the profile's own temperatures that a ticket allows. [degC]
NOZZLE_ALLOWANCE_DEGC = 10.0
#: A ticket holds this long; an agent that was away longer asks again.
TICKET_LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a job needs before it is offered, as plain values."""

    gcode_sha256: str
    figures: dict[str, Any]
    signed: dict[str, Any]


def _needs_supports(job: Job, part_name: str) -> bool:
    design = load_version(job.order.instance.design_version).design
    return any(part.name == part_name and part.supports for part in design.parts)


def prepare(job: Job, configuration: Configuration, *, now: datetime) -> Prepared:
    """Slice a job's parts as one build, pass the gate, sign.

    Raises
    ------
    InvalidInput
        When they do not fit one bed (code ``plate-full``), or the gate refuses.
    Unavailable
        When the slicer is missing or fails.
    """
    profile = find_profile(ProfileId(job.profile_id))
    wanted = {part["name"]: part["quantity"] for part in job.parts}
    rows = [part for part in job.order.instance.parts.all() if part.name in wanted]
    sliced = slice_plate(
        [(get_blob(part.mesh_sha256), wanted[part.name]) for part in rows],
        profile,
        cache=configuration.cache_dir / "slices",
        supports=any(_needs_supports(job, part.name) for part in rows),
        infill_fraction=max(part.infill_fraction for part in rows),
    )
    content = prepare_gcode(sliced.gcode)
    figures = sliced.figures
    ticket = JobTicket(
        job_id=JobId(str(job.pk)),
        generation=job.generation,
        machine_id=MachineId(job.machine_id),
        gcode_sha256=put_blob(content),
        material=job.material,
        max_nozzle_degc=figures.max_nozzle_degc + NOZZLE_ALLOWANCE_DEGC,
        max_bed_degc=figures.max_bed_degc + NOZZLE_ALLOWANCE_DEGC,
        max_filament_mm=figures.filament_mm * FILAMENT_ALLOWANCE + INTRO_LINE_MM,
        expected_s=round(figures.time_s),
        build_volume_mm=machine_of(job).build_volume_mm,
    )
    limits = limits_for(ticket, ticket.build_volume_mm)
    report = check_gcode(content, limits)
    if not report.accepted:
        reasons = "; ".join(reason.message for reason in report.reasons[:3])
        raise InvalidInput(f"{job}: the G-code gate refuses: {reasons}", code="gate")
    key = platform_key(configuration.data_dir)
    estimate = estimate_level2(figures, profile)
    return Prepared(
        gcode_sha256=ticket.gcode_sha256,
        figures={
            "time_s": estimate.time_s.value,
            "mass_g": estimate.mass_g.value,
            "energy_wh": estimate.energy_wh.value,
            "energy": estimate.energy_wh.as_dict(),
            "mass": estimate.mass_g.as_dict(),
            "layers": figures.layers,
            "slicer": figures.slicer_version,
        },
        signed=sign(ticket, report, now + TICKET_LASTS, key).as_dict(),
    )
