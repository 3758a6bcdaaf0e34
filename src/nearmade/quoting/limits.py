"""The limits of machines that quotes are made for, as printability asks for them."""

from __future__ import annotations

from nearmade.quoting.plate import EDGE_MM
from nearmade.quoting.processes.catalogue import MACHINES, ProcessMachine
from nearmade.quoting.processes.laser_cutting import BEYOND_TABLE, LaserCutter
from nearmade.quoting.processes.laser_cutting import GAP_MM as SHEET_GAP_MM
from nearmade.quoting.processes.milling import STOCK_MM, Mill
from nearmade.quoting.processes.powder_bed_fusion import GAP_MM as POWDER_GAP_MM
from nearmade.quoting.processes.powder_bed_fusion import PowderPrinter
from nearmade.quoting.processes.vat_photopolymerisation import LIFTED_MM
from nearmade.quoting.profile import Profile
from nearmade.quoting.profiles import PROFILES
from nearmade.screening.machine_limits import MachineLimits
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.identity import ProfileId
from nearmade.vocabulary.nearest import not_known


def limits_of(profile: Profile) -> MachineLimits:
    """Give the limits of a print profile, the edge of the bed kept free."""
    along_x, along_y, along_z = profile.bed_mm
    return MachineLimits(
        name=profile.title,
        process=profile.process,
        build_mm=(along_x - 2 * EDGE_MM, along_y - 2 * EDGE_MM, along_z),
        nozzle_mm=profile.nozzle_mm,
        bead_mm=profile.bead_mm,
        layer_mm=profile.layer_mm,
    )


def process_limits(machine: ProcessMachine) -> MachineLimits:
    """Give the limits of a machine of another process, what stays free taken off.

    A laser's third side is the thickest sheet that is quoted.
    """
    layer_mm = 0.0
    if isinstance(machine, LaserCutter):
        speeds = [one.speeds_mm_per_s for one in machine.materials.values()]
        thickest_mm = BEYOND_TABLE * max(size for table in speeds for size in table)
        wide_mm, deep_mm = machine.bed_mm
        room = (wide_mm - 2 * SHEET_GAP_MM, deep_mm - 2 * SHEET_GAP_MM, thickest_mm)
    elif isinstance(machine, Mill):
        room = _less(machine.travel_mm, 2 * STOCK_MM)
    elif isinstance(machine, PowderPrinter):
        room, layer_mm = _less(machine.room_mm, 2 * POWDER_GAP_MM), machine.layer_mm
    else:
        wide_mm, deep_mm, high_mm = machine.room_mm
        room, layer_mm = (wide_mm, deep_mm, high_mm - LIFTED_MM), machine.layer_mm
    return MachineLimits(machine.title, machine.process, room, layer_mm=layer_mm)


def _less(
    room_mm: tuple[float, float, float], free_mm: float
) -> tuple[float, float, float]:
    along_x, along_y, along_z = room_mm
    return along_x - free_mm, along_y - free_mm, along_z - free_mm


def limits_named(name: str) -> MachineLimits:
    """Give the limits of a print profile or a machine of another process.

    Parameters
    ----------
    name
        Such as ``mk3s-pla-0.20`` or ``form-3-0.10``.

    Raises
    ------
    NotFound
        When there is neither; the message names the nearest.
    """
    profile = PROFILES.get(ProfileId(name))
    if profile is not None:
        return limits_of(profile)
    for machine in MACHINES:
        if machine.id == name:
            return process_limits(machine)
    raise NotFound(
        not_known("machine", name, [*PROFILES, *(machine.id for machine in MACHINES)]),
        code="machine-unknown",
        remedy="run nearmade profiles with a machine's name, which lists its profiles",
    )
