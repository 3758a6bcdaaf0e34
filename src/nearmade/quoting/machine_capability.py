"""What machines are known to do by their make and model, where no record says more.

The facts are those that quoting has of machines; what their makers do not state, such
as the heaters of kits, stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeVar

from nearmade.facilities.facility import Facility, Machine
from nearmade.quoting.machines import MACHINES, MachineModel
from nearmade.quoting.processes.catalogue import MACHINES as PROCESS_MACHINES
from nearmade.quoting.processes.catalogue import ProcessMachine
from nearmade.quoting.processes.laser_cutting import LaserCutter
from nearmade.quoting.processes.milling import Mill
from nearmade.vocabulary.processes import satisfies

_T = TypeVar("_T")

#: Thinnest and thickest layer as shares of the nozzle's diameter. Usual rule of
#: slicers' handbooks: a quarter to three quarters.
LAYER_FRACTIONS: Final = (0.25, 0.75)
#: Usual printers and mills move along x, y and z.
_THREE_AXES: Final = 3


@dataclass(frozen=True, slots=True)
class Capability:
    """What is known of a make and model; None is unknown.

    Parameters
    ----------
    title
        Make and model, for people.
    process
        Code of the process it does.
    nozzle_degc, bed_degc
        Highest temperatures. [degC]
    enclosed
        Whether walls keep the warmth around the part.
    layer_mm
        Thinnest and thickest layer; of a printer with a nozzle, that nozzle's. [mm]
    laser_w
        Optical power. [W]
    axes
        Axes that move together.
    source
        Where the facts come from.
    """

    title: str
    process: str
    source: str
    nozzle_degc: float | None = None
    bed_degc: float | None = None
    enclosed: bool | None = None
    layer_mm: tuple[float, float] | None = None
    laser_w: float | None = None
    axes: int | None = None


def capability_of(make_model: str) -> Capability | None:
    """Give what is known of a make and model, or None where it is not known.

    Parameters
    ----------
    make_model
        As people write it, such as ``Original Prusa i3 MK3S+`` or ``Ender 3``;
        capitals, blanks and hyphens do not matter.
    """
    return CAPABILITIES.get(_folded(make_model))


def with_known_capability(machine: Machine) -> Machine:
    """Fill in what a machine's record leaves unknown from what its model is known for.

    What the record says stays as it is, also where the model's maker says otherwise.
    Materials are left to the site: it knows what it has loaded.
    """
    known = capability_of(machine.make_model)
    if known is None or not satisfies(machine.process, known.process):
        return machine
    layer_mm = known.layer_mm
    if layer_mm is None and machine.nozzle_mm > 0:
        low, high = LAYER_FRACTIONS
        layer_mm = (low * machine.nozzle_mm, high * machine.nozzle_mm)
    return replace(
        machine,
        layer_mm=_said(machine.layer_mm, layer_mm),
        nozzle_degc=_said(machine.nozzle_degc, known.nozzle_degc),
        bed_degc=_said(machine.bed_degc, known.bed_degc),
        enclosed=_said(machine.enclosed, known.enclosed),
        laser_w=_said(machine.laser_w, known.laser_w),
        axes=_said(machine.axes, known.axes),
    )


def with_known_capabilities(facility: Facility) -> Facility:
    """Fill in what the records of all machines of a facility leave unknown."""
    machines = tuple(with_known_capability(each) for each in facility.machines)
    return (
        facility
        if machines == facility.machines
        else replace(facility, machines=machines)
    )


def _said(record: _T | None, model: _T | None) -> _T | None:
    return model if record is None else record


def _of_model(model: MachineModel) -> Capability:
    stated = {
        name: None if name in model.assumed else figure
        for name, figure in (
            ("most_nozzle_degc", model.most_nozzle_degc),
            ("most_bed_degc", model.most_bed_degc),
        )
    }
    return Capability(
        title=model.title,
        process="FDM",
        source=model.source,
        nozzle_degc=stated["most_nozzle_degc"],
        bed_degc=stated["most_bed_degc"],
        enclosed=model.enclosed,
        axes=_THREE_AXES,
    )


def _of_process_machine(listed: ProcessMachine) -> Capability:
    title, source = listed.title, listed.source
    if isinstance(listed, LaserCutter):
        return Capability(
            title,
            listed.process,
            source,
            laser_w=listed.laser_w,
            axes=2,
        )
    if isinstance(listed, Mill):
        return Capability(title, listed.process, source, axes=_THREE_AXES)
    return Capability(
        title,
        listed.process,
        source,
        layer_mm=_LAYERS_MM.get(listed.id),
    )


def _names() -> Iterator[tuple[str, Capability]]:
    for model in MACHINES.values():
        known = _of_model(model)
        for name in (model.machine_model, model.called, *_CALLED.get(model.key, ())):
            if name:
                yield f"{model.maker} {name}", known
        if model.machine_model not in _SHORT:
            yield model.machine_model, known
    for listed in PROCESS_MACHINES:
        known = _of_process_machine(listed)
        yield listed.id, known
        yield listed.title, known
        if not isinstance(listed, LaserCutter | Mill):
            yield listed.title.partition(",")[0], known


#: Thinnest and thickest layer by machine. [mm] Makers' specifications; unknown of
#: the others, of which quoting knows one layer height only.
_LAYERS_MM: Final = {
    "form-3-0.10": (0.025, 0.3),
    "sl1s-0.05": (0.025, 0.1),
    "fuse-1-plus": (0.11, 0.11),
    "lisa-x": (0.075, 0.175),
}
#: Models whose name alone says too little to know the maker by.
_SHORT: Final = frozenset({"MINI", "K1", "Genius", "CR-10"})
#: What else people call a model, after its maker's name.
_CALLED: Final = {
    "mk3s": ("i3 MK3S", "i3 MK3S+"),
    "mk25s": ("i3 MK2.5S",),
    "x1c": ("X1C",),
    "taz6": ("LulzBot TAZ 6",),
    "ultimaker2": ("Ultimaker 2",),
}


def _folded(name: str) -> str:
    text = re.sub(r"[^a-z0-9+.]", "", name.casefold())
    return text.removeprefix("original").replace("bambulab", "bambu")


#: What is known by every name of a machine, folded.
CAPABILITIES: Final[Mapping[str, Capability]] = MappingProxyType(
    {_folded(name): known for name, known in _names()}
)
