"""A machine as an equipment of a record: OKW's words where it has them, ours beside.

What is unknown of a machine is not written; what is not written is unknown. OKW's
``laser_power`` is what a laser draws from the mains (clause 7.20.15), so the power of
its light stands in our namespace.

References
----------
Open Know-Where specification v1, 2021, class Equipment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite
from typing import cast, get_args

from nearmade.facilities.facility import Machine, MachineStatus, OutOfUse
from nearmade.facilities.fields import Fields
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.identity import MachineId, ProfileId
from nearmade.vocabulary.processes import PROCESSES, find_process, satisfies

#: No machine here is hotter; what is above is a slip. [degC]
MOST_DEGC = 3000
#: Most axes that a record may state; robots on rails have nine or ten.
_MOST_AXES = 20


def equipment_record(machine: Machine) -> dict[str, object]:
    """Write a machine so that ``machines_from_record`` gives it back."""
    make, _, model = machine.make_model.rpartition(" ")
    process = PROCESSES.get(machine.process)
    process_said = {"process": machine.process}
    okw = {**_box_and_nozzle(machine), "axes": machine.axes}
    own = {
        "laser_w": machine.laser_w,
        "layer_mm": machine.layer_mm and list(machine.layer_mm),
        "tolerance_mm": machine.tolerance_mm,
        "nozzle_degc": machine.nozzle_degc,
        "bed_degc": machine.bed_degc,
        "chamber_degc": machine.chamber_degc,
        "enclosed": machine.enclosed,
        "materials": list(machine.materials) or None,
        "certifications": list(machine.certifications) or None,
        "out_of_use": [_span_record(span) for span in machine.out_of_use] or None,
    }
    return {
        "make": make,
        "model": model,
        "manufacturing_process": (process and process.wikipedia) or machine.process,
        **_known(okw),
        "nearmade": {
            "id": machine.id,
            # Beside a process of ours travel is the box; without one it is travel.
            **({} if "build_volume_mm" in machine.unsaid else process_said),
            "profiles": list(machine.profiles),
            "status": machine.status,
            "driver": machine.driver,
            **_known(own),
        },
    }


def _box_and_nozzle(machine: Machine) -> dict[str, float | None]:
    """Give the box as travel, and the nozzle, as far as they are said."""
    said: dict[str, float | None] = {}
    for axis, side in zip("xyz", machine.build_volume_mm, strict=True):
        said[f"{axis}_travel"] = side if isfinite(side) else None
    if "nozzle_mm" not in machine.unsaid:
        said["nozzle_size"] = machine.nozzle_mm
    return said


def machines_from_record(top: Fields, facility_id: str) -> Iterator[Machine]:
    """Read the machines of a facility; what is wrong is complained of."""
    seen: set[str] = set()
    for equipment in top.each("equipment"):
        own = equipment.inner("nearmade")
        count = round(equipment.number("quantity", 1, 1000, 1))
        first = own.text("id")
        if not first.startswith(f"{facility_id}/"):
            own.complain("id", first, f"must begin with {facility_id}/")
        for index in range(count):
            machine_id = f"{first}-{index + 1}" if count > 1 else first
            if machine_id in seen:
                own.complain("id", machine_id, "is there twice")
            seen.add(machine_id)
        machine = _machine(equipment, own, first)
        for index in range(count):
            machine_id = f"{first}-{index + 1}" if count > 1 else first
            yield replace(machine, id=MachineId(machine_id))


def _machine(equipment: Fields, own: Fields, machine_id: str) -> Machine:
    box = tuple(equipment.number(f"{a}_travel", 0, above=True) for a in "xyz")
    if own.has("build_volume_mm"):
        inner = own.inner("build_volume_mm")
        box = tuple(inner.number(axis, 0, above=True) for axis in "xyz")
    process = _process_code(own.text("process"))
    extrudes = satisfies(process, "MATERIAL-EXTRUSION")
    return Machine(
        id=MachineId(machine_id),
        make_model=f"{equipment.text('make', '')} {equipment.text('model')}".strip(),
        process=process,
        build_volume_mm=(box[0], box[1], box[2]),
        nozzle_mm=(
            equipment.number("nozzle_size", 0, above=True)
            if extrudes
            else equipment.number_known("nozzle_size", 0, 1000) or 0.0
        ),
        profiles=tuple(
            ProfileId(name) for name in own.texts("profiles", optional=True)
        ),
        status=cast(
            "MachineStatus", own.choice("status", get_args(MachineStatus), "ready")
        ),
        driver=own.choice("driver", ("octoprint", "simulated", ""), ""),
        layer_mm=own.rising("layer_mm"),
        tolerance_mm=own.number_known("tolerance_mm", 0, 100.0, above=True),
        nozzle_degc=own.number_known("nozzle_degc", 0, MOST_DEGC),
        bed_degc=own.number_known("bed_degc", 0, MOST_DEGC),
        chamber_degc=own.number_known("chamber_degc", 0, MOST_DEGC),
        enclosed=own.flag_known("enclosed"),
        laser_w=own.number_known("laser_w", 0, 1e6, above=True),
        axes=equipment.whole_known("axes", 1, _MOST_AXES),
        materials=own.texts("materials", optional=True),
        certifications=own.texts("certifications", optional=True),
        out_of_use=tuple(_out_of_use(own)),
    )


def _span_record(span: OutOfUse) -> dict[str, str]:
    return {
        "starts_at": span.starts_at.isoformat(),
        "ends_at": span.ends_at.isoformat(),
        "why": span.why,
    }


def _out_of_use(own: Fields) -> Iterator[OutOfUse]:
    for written in own.each("out_of_use") if own.has("out_of_use") else ():
        starts_at, ends_at = written.moment("starts_at"), written.moment("ends_at")
        why = written.text("why", "") or "maintenance"
        if starts_at is None or ends_at is None:
            continue
        if starts_at < ends_at:
            yield OutOfUse(starts_at, ends_at, why)
        else:
            written.complain("ends_at", ends_at.isoformat(), "must be after starts_at")


def _process_code(name: str) -> str:
    """Give the code of a process that the tree knows; else the name as it stands."""
    try:
        return find_process(name).code
    except NotFound:
        return name


def _known(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}
