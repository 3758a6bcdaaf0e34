"""Print settings of machines that the installed slicer has no profile of.

Speeds and accelerations are the defaults that their makers set in their own slicers;
shells and retraction too where known, the rest is a like machine's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from nearmade.quoting.machine_settings.look_up import settings_of
from nearmade.quoting.print_settings import PrintSettings
from nearmade.vocabulary.identity import ProfileId

#: Flow that a usual hot end melts of each material. Assumed from the presets of
#: other machines in PrusaSlicer. [mm3/s]
_USUAL_FLOW_MM3_S = {"pla": 15.0, "petg": 10.0, "abs": 12.0, "tpu": 3.0}

#: Settings of what is not stated here.
_LIKE = {"pla": "mk3s-pla-0.20", "petg": "mk3s-petg-0.20", "abs": "mk3s-abs-0.20",
         "tpu": "mk3s-tpu-0.20"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Machine:
    """Speeds [mm/s] and accelerations [mm/s2] of one machine."""

    key: str
    outer: float
    inner: float
    sparse: float
    solid: float
    top: float
    bridge: float
    gap: float
    first: float
    travel: float
    acceleration: float
    wall_acceleration: float
    first_acceleration: float
    most_acceleration: float
    most_speed: float
    perimeters: int = 2
    top_layers: int = 5
    bottom_layers: int = 3
    outer_mm: float = 0.42
    pattern: str = "grid"
    flow_factor: float = 1.0
    materials: tuple[str, ...] = ("pla", "petg", "abs", "tpu")


_MACHINES = (
    _Machine(
        "mk4", 170, 170, 200, 200, 100, 45, 120, 40, 300, 4000, 3000, 600, 4000, 300,
        outer_mm=0.45,
    ),
    _Machine(
        "x1c", 200, 300, 270, 250, 200, 50, 250, 50, 500, 10000, 5000, 500, 20000, 500,
        flow_factor=1.4,
    ),
    _Machine(
        "p1s", 200, 300, 270, 250, 200, 50, 250, 50, 500, 10000, 5000, 500, 20000, 500,
        flow_factor=1.4,
    ),
    _Machine(
        "a1mini", 200, 300, 270, 250, 200, 50, 250, 50, 700, 6000, 5000, 500, 10000,
        500, flow_factor=1.4, materials=("pla", "petg", "tpu"),
    ),
    _Machine(
        "k1", 200, 300, 500, 300, 200, 50, 300, 60, 500, 12000, 5000, 500, 20000, 600,
        perimeters=3, top_layers=3, flow_factor=1.4,
    ),
    _Machine(
        "ender3v3se", 60, 90, 180, 180, 50, 100, 50, 30, 150, 2500, 1000, 500, 2500,
        250, top_layers=4, bottom_layers=4, materials=("pla", "petg", "tpu"),
    ),
    _Machine(
        "kobra2", 150, 150, 70, 150, 120, 40, 100, 75, 120, 2500, 2500, 2000, 2500,
        300, perimeters=3, top_layers=3, outer_mm=0.4, pattern="rectilinear",
        materials=("pla", "petg", "tpu"),
    ),
)  # fmt: skip


def _settings(machine: _Machine, material: str) -> PrintSettings:
    like = settings_of(ProfileId(_LIKE[material]))
    flow = _USUAL_FLOW_MM3_S[material] * machine.flow_factor
    return replace(
        like,
        lines=replace(like.lines, outer_mm=machine.outer_mm),
        shells=replace(
            like.shells,
            perimeters=machine.perimeters,
            top_layers=machine.top_layers,
            bottom_layers=machine.bottom_layers,
            infill_pattern=machine.pattern,
        ),
        speeds=replace(
            like.speeds,
            outer=machine.outer,
            inner=machine.inner,
            small=machine.outer / 2,
            sparse=machine.sparse,
            solid=machine.solid,
            top=machine.top,
            gap=machine.gap,
            bridge=machine.bridge,
            first=machine.first,
            support=min(150.0, machine.inner),
            interface=min(80.0, machine.inner),
            travel=machine.travel,
            travel_z=0.0,
            flow_mm3_s=flow,
            slow_layer_s=min(8.0, like.speeds.slow_layer_s),
        ),
        motion=replace(
            like.motion,
            accelerations=(
                machine.acceleration,
                machine.wall_acceleration,
                machine.acceleration,
                machine.acceleration,
                machine.first_acceleration,
            ),
            most_accelerations=(
                machine.most_acceleration,
                machine.most_acceleration,
                500.0,
                5000.0,
            ),
            extruding_acceleration=machine.most_acceleration,
            travel_acceleration=machine.most_acceleration,
            jerks=(9.0, 9.0, 3.0, 2.5),
            most_speeds=(machine.most_speed, machine.most_speed, 20.0, 30.0),
        ),
    )


def _all() -> Iterator[tuple[ProfileId, PrintSettings]]:
    for machine in _MACHINES:
        for material in machine.materials:
            name = ProfileId(f"{machine.key}-{material}-0.20")
            yield name, _settings(machine, material)


#: Settings by profile.
UNSLICED: Mapping[ProfileId, PrintSettings] = MappingProxyType(dict(_all()))
