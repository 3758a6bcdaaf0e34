"""Common machines as facts: what they can hold, how hot, how fast, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nearmade.energy.load.machine_power import MachinePower
from nearmade.energy.load.machine_ratings import MACHINE_POWERS
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.nearest import not_known


@dataclass(frozen=True, slots=True)
class MachineModel:
    """A machine as its maker sells it.

    Parameters
    ----------
    key
        First word of its profiles' names, such as ``mk3s``.
    maker, machine_model
        Such as ``Prusa`` and ``MK3S``.
    kinematics
        ``cartesian`` where the bed or a gantry moves alone, ``corexy``.
    bed_mm
        Build volume along x, y and z. [mm]
    nozzles_mm
        Nozzles it is sold with, the usual one first. [mm]
    most_nozzle_degc, most_bed_degc
        Highest temperatures. [degC]
    most_mm_s, most_mm_s2
        Fastest travel and acceleration that its maker states or sets. [mm/s] [mm/s2]
    filament_mm
        Diameter of the feedstock. [mm]
    enclosed
        Whether it has a chamber.
    sliced
        Whether the house slices for it with the maker's own start-up lines, and the
        G-code gate lets them pass; others are only estimated.
    flow_95
        Whether its start-up lines set the flow to 95 % after the slicer has counted.
    source
        Where the facts come from.
    called
        What people call it where that is not the model.
    assumed
        Names of facts that no maker states.

    Raises
    ------
    InvalidInput
        When a figure is not above zero.
    """

    key: str
    maker: str
    machine_model: str
    kinematics: str
    bed_mm: tuple[float, float, float]
    most_nozzle_degc: float
    most_bed_degc: float
    most_mm_s: float
    most_mm_s2: float
    source: str
    called: str = ""
    nozzles_mm: tuple[float, ...] = (0.4,)
    filament_mm: float = 1.75
    enclosed: bool = False
    sliced: bool = False
    flow_95: bool = False
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        figures = (*self.bed_mm, *self.nozzles_mm, self.most_mm_s, self.most_mm_s2)
        if not all(figure > 0 for figure in figures):
            raise InvalidInput(f"machine {self.key}: figures must be above zero")

    @property
    def title(self) -> str:
        """Maker and model, for people."""
        return f"{self.maker} {self.called or self.machine_model}"

    @property
    def power(self) -> MachinePower:
        """What it draws, with a bed of 60 degC."""
        return MACHINE_POWERS[self.machine_model]


_BUNDLE = "build volume and temperatures: maker's data sheet; limits: maker's profile"
#: What kits leave to their builder.
_HEATERS = ("most_nozzle_degc", "most_bed_degc")

_SHEET = "maker's data sheet"
_SHEET_ORCA = "maker's data sheet; speeds: maker's profile in OrcaSlicer"

_PRUSA = (
    MachineModel(
        "mk3s", "Prusa", "MK3S", "cartesian", (250, 210, 210), 300, 120, 200, 1250,
        _BUNDLE, called="MK3S+", nozzles_mm=(0.4, 0.25, 0.6, 0.8), sliced=True,
        flow_95=True,
    ),
    MachineModel(
        "mini", "Prusa", "MINI", "cartesian", (180, 180, 180), 280, 100, 180, 2500,
        _BUNDLE, called="MINI+", nozzles_mm=(0.4, 0.25, 0.6, 0.8), sliced=True,
        flow_95=True,
    ),
    MachineModel(
        "mk25s", "Prusa", "MK2.5S", "cartesian", (250, 210, 200), 300, 120, 500, 9000,
        _BUNDLE, nozzles_mm=(0.4, 0.25, 0.6), sliced=True, flow_95=True,
        assumed=("most_mm_s2",),
    ),
    MachineModel(
        "mk4", "Prusa", "MK4", "cartesian", (250, 210, 220), 290, 120, 300, 4000,
        _SHEET, nozzles_mm=(0.4, 0.25, 0.6, 0.8), assumed=("most_mm_s", "most_mm_s2"),
    ),
)  # fmt: skip

_CREALITY = (
    MachineModel(
        "ender3", "Creality", "Ender-3", "cartesian", (220, 220, 250), 255, 110, 500,
        500, _BUNDLE, sliced=True,
    ),
    MachineModel(
        "ender3v2", "Creality", "Ender-3 V2", "cartesian", (220, 220, 250), 255, 100,
        500, 500, _BUNDLE, sliced=True,
    ),
    MachineModel(
        "ender3s1", "Creality", "Ender-3 S1", "cartesian", (220, 220, 270), 260, 100,
        500, 500, _BUNDLE, sliced=True,
    ),
    MachineModel(
        "ender3max", "Creality", "Ender-3 Max", "cartesian", (300, 300, 340), 255, 100,
        500, 500, _BUNDLE, sliced=True,
    ),
    MachineModel(
        "ender3v3se", "Creality", "Ender-3 V3 SE", "cartesian", (220, 220, 250), 260,
        100, 250, 2500, _SHEET_ORCA,
    ),
    MachineModel(
        "ender5", "Creality", "Ender-5", "cartesian", (220, 220, 300), 260, 110, 500,
        500, _BUNDLE, sliced=True,
    ),
    MachineModel(
        "ender5plus", "Creality", "Ender-5 Plus", "cartesian", (350, 350, 400), 260,
        110, 300, 500, _BUNDLE, sliced=True,
    ),
    MachineModel(
        "cr10", "Creality", "CR-10", "cartesian", (300, 300, 400), 255, 100, 500, 500,
        _BUNDLE, sliced=True,
    ),
    MachineModel(
        "cr6se", "Creality", "CR-6 SE", "cartesian", (235, 235, 250), 260, 110, 500,
        500, _BUNDLE, sliced=True,
    ),
    MachineModel(
        "k1", "Creality", "K1", "corexy", (220, 220, 250), 300, 120, 600, 20000,
        _SHEET_ORCA, enclosed=True,
    ),
)  # fmt: skip

_OTHERS = (
    MachineModel(
        "i3megas", "Anycubic", "i3 Mega S", "cartesian", (210, 210, 205), 260, 110,
        500, 3000, _BUNDLE, sliced=True,
    ),
    MachineModel(
        "4maxpro2", "Anycubic", "4Max Pro 2.0", "cartesian", (270, 210, 190), 260, 110,
        200, 900, _BUNDLE, enclosed=True,
    ),
    MachineModel(
        "kobra2", "Anycubic", "Kobra 2", "cartesian", (220, 220, 250), 260, 110, 300,
        2500, _SHEET_ORCA,
    ),
    MachineModel(
        "sidewinderx1", "Artillery", "Sidewinder X1", "cartesian", (300, 300, 400),
        240, 130, 200, 1000, _BUNDLE,
    ),
    MachineModel(
        "genius", "Artillery", "Genius", "cartesian", (220, 220, 250), 240, 130, 200,
        1000, _BUNDLE,
    ),
    MachineModel(
        "neptune2", "Elegoo", "Neptune 2", "cartesian", (220, 220, 250), 250, 100,
        500, 500, _BUNDLE, sliced=True,
    ),
    MachineModel(
        "neptune3", "Elegoo", "Neptune 3", "cartesian", (220, 220, 280), 260, 100,
        500, 500, _BUNDLE,
    ),
    MachineModel(
        "lulzbotmini", "LulzBot", "LulzBot Mini", "cartesian", (152, 152, 158), 300,
        120, 275, 500, _BUNDLE, called="Mini", nozzles_mm=(0.5,), filament_mm=2.85,
        assumed=("most_mm_s",),
    ),
    MachineModel(
        "taz6", "LulzBot", "TAZ 6", "cartesian", (280, 280, 250), 300, 120, 200, 500,
        _BUNDLE, nozzles_mm=(0.5,), filament_mm=2.85, assumed=("most_mm_s",),
    ),
    MachineModel(
        "snapmakera250", "Snapmaker", "Snapmaker A250", "cartesian", (230, 250, 235),
        275, 100, 150, 3000, _BUNDLE, called="A250",
    ),
    MachineModel(
        "snapmakera350", "Snapmaker", "Snapmaker A350", "cartesian", (320, 350, 330),
        275, 80, 150, 3000, _BUNDLE, called="A350",
    ),
    MachineModel(
        "ultimaker2", "Ultimaker", "Ultimaker 2", "cartesian", (223, 223, 205), 260,
        100, 300, 3000, _SHEET, called="2", filament_mm=2.85, assumed=("most_mm_s2",),
    ),
)  # fmt: skip

_FAST = (
    MachineModel(
        "vcore300", "RatRig", "V-Core 3 300", "corexy", (300, 300, 300), 300, 120, 500,
        9000, _BUNDLE, assumed=_HEATERS,
    ),
    MachineModel(
        "voron0", "Voron", "Voron 0", "corexy", (120, 120, 120), 300, 110, 500, 9000,
        _BUNDLE, called="0", enclosed=True, assumed=_HEATERS,
    ),
    MachineModel(
        "voron250", "Voron", "Voron 2.4 250", "corexy", (250, 250, 250), 300, 120, 500,
        9000, _BUNDLE, called="2.4 250", enclosed=True, assumed=_HEATERS,
    ),
    MachineModel(
        "voron300", "Voron", "Voron 2.4 300", "corexy", (300, 300, 300), 300, 120, 500,
        9000, _BUNDLE, called="2.4 300", enclosed=True, assumed=_HEATERS,
    ),
    MachineModel(
        "voron350", "Voron", "Voron 2.4 350", "corexy", (350, 350, 350), 300, 120, 500,
        9000, _BUNDLE, called="2.4 350", enclosed=True, assumed=_HEATERS,
    ),
    MachineModel(
        "x1c", "Bambu Lab", "X1 Carbon", "corexy", (256, 256, 250), 300, 120, 500,
        20000, _SHEET_ORCA, enclosed=True,
    ),
    MachineModel(
        "p1s", "Bambu Lab", "P1S", "corexy", (256, 256, 250), 300, 100, 500, 20000,
        _SHEET_ORCA, enclosed=True,
    ),
    MachineModel(
        "a1mini", "Bambu Lab", "A1 mini", "cartesian", (180, 180, 180), 300, 80, 500,
        10000, _SHEET_ORCA,
    ),
)  # fmt: skip

#: Every machine by the first word of its profiles' names.
MACHINES: Mapping[str, MachineModel] = MappingProxyType(
    {machine.key: machine for machine in (*_PRUSA, *_CREALITY, *_OTHERS, *_FAST)}
)


def find_machine(key: str) -> MachineModel:
    """Give the machine of a key.

    Raises
    ------
    NotFound
        When there is none; the message names the nearest.
    """
    machine = MACHINES.get(key)
    if machine is None:
        raise NotFound(
            not_known("machine", key, MACHINES),
            code="machine-unknown",
            remedy="run nearmade profiles, which lists all",
        )
    return machine
