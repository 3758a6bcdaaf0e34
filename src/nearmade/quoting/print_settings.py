"""What a slicer is told, as plain facts: lines, speeds, accelerations, supports."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Lines:
    """Widths of extruded lines, and how thick the layers are.

    Parameters
    ----------
    layer_mm, first_layer_mm
        Thickness of a layer, and of the first one. [mm]
    outer_mm, inner_mm
        Width of the outermost wall, and of those inside it. [mm]
    sparse_mm, solid_mm, top_mm
        Width of lines of sparse infill, of solid infill, of the topmost layer. [mm]
    first_mm
        Width of all lines of the first layer. [mm]
    support_mm
        Width of support lines. [mm]
    first_inset_mm
        The first layer is drawn smaller by this on all sides. [mm]
    """

    layer_mm: float
    first_layer_mm: float
    outer_mm: float
    inner_mm: float
    sparse_mm: float
    solid_mm: float
    top_mm: float
    first_mm: float
    support_mm: float
    first_inset_mm: float = 0.0

    def __post_init__(self) -> None:
        _check_above_zero(self)

    @staticmethod
    def spacing_mm(width_mm: float, layer_mm: float) -> float:
        """Give the distance of neighbouring lines: width less what sides overlap. [mm]

        References
        ----------
        .. [1] PrusaSlicer manual, "Flow math": spacing = width - height (1 - pi/4).
        """
        return width_mm - layer_mm * (1 - math.pi / 4)


@dataclass(frozen=True, slots=True)
class Shells:
    """What is solid and what is sparse.

    Parameters
    ----------
    perimeters
        Walls beside each other.
    top_layers, bottom_layers
        Solid layers above and below.
    top_mm, bottom_mm
        Least thickness of those; zero for none. [mm]
    infill_fraction
        Share of the inside that is filled, 0..1.
    infill_pattern
        Name such as ``gyroid`` or ``grid``, as slicers write it.
    infill_overlap_fraction
        How far infill reaches into the walls, in shares of the wall's width.
    bridge_flow
        Flow over bridges, in shares of a round thread or line.
    anchor_mm, anchor_most_mm
        Ends of sparse lines are joined along the wall where that takes less than the
        second, else they run along it for the first. [mm]
    """

    perimeters: int
    top_layers: int
    bottom_layers: int
    top_mm: float
    bottom_mm: float
    infill_fraction: float
    infill_pattern: str
    infill_overlap_fraction: float
    bridge_flow: float
    anchor_mm: float = 2.5
    anchor_most_mm: float = 12.0


@dataclass(frozen=True, slots=True)
class Speeds:
    """How fast each kind of line is drawn, before the machine's limits. [mm/s]

    Parameters
    ----------
    outer, inner, small
        Outermost wall, those inside it, and walls of small outlines.
    sparse, solid, top, gap, bridge
        Kinds of infill.
    first
        The most on the first layer.
    support, interface
        Supports, and their topmost layers.
    travel, travel_z
        Without extrusion; zero along z means as along x and y.
    flow_mm3_s
        The most filament that may be melted, zero for no limit. [mm3/s]
    slowest
        Cooling slows no line below this.
    slow_layer_s
        Layers shorter than this are slowed down to it. [s]

    Raises
    ------
    InvalidInput
        When a speed is not above zero. Gap, travel along z, flow and the time of short
        layers may be zero.
    """

    outer: float
    inner: float
    small: float
    sparse: float
    solid: float
    top: float
    gap: float
    bridge: float
    first: float
    support: float
    interface: float
    travel: float
    travel_z: float
    flow_mm3_s: float
    slowest: float
    slow_layer_s: float

    def __post_init__(self) -> None:
        for field in fields(self):
            _check_figure(self, field.name, or_zero=field.name in _ZERO_SPEEDS)


@dataclass(frozen=True, slots=True)
class Motion:
    """What the machine's firmware allows, and what the slicer asks of it.

    Parameters
    ----------
    accelerations
        For ``default``, ``wall``, ``infill``, ``bridge`` and ``first`` layer; zero
        means the default's. [mm/s2]
    most_accelerations
        The machine's limits along x, y, z and e. [mm/s2]
    extruding_acceleration, travel_acceleration
        The machine's limits with and without extrusion. [mm/s2]
    jerks
        Changes of speed that need no ramp, along x, y, z and e. [mm/s]
    most_speeds
        The machine's limits along x, y, z and e. [mm/s]

    Raises
    ------
    InvalidInput
        When a limit is not above zero. Jerks and what is asked may be zero.
    """

    accelerations: tuple[float, float, float, float, float]
    most_accelerations: tuple[float, float, float, float]
    extruding_acceleration: float
    travel_acceleration: float
    jerks: tuple[float, float, float, float]
    most_speeds: tuple[float, float, float, float]

    def __post_init__(self) -> None:
        for field in fields(self):
            _check_figure(self, field.name, or_zero=field.name in _ZERO_MOTION)


@dataclass(frozen=True, slots=True)
class Retraction:
    """What happens when the nozzle travels without extruding.

    Parameters
    ----------
    length_mm
        Filament drawn back. [mm]
    back_mm_s, forth_mm_s
        Speeds of drawing back and of pushing forth. [mm/s]
    lift_mm
        The nozzle rises by this meanwhile. [mm]
    least_travel_mm
        Shorter travels go without. [mm]
    wipes
        Whether the nozzle wipes along the wall while drawing back.
    wiped_fraction
        Share of the length left to be drawn back in the wipe, 0..1.
    on_layer_change
        Whether each new layer starts with one.
    """

    length_mm: float
    back_mm_s: float
    forth_mm_s: float
    lift_mm: float
    least_travel_mm: float
    wipes: bool
    wiped_fraction: float
    on_layer_change: bool


@dataclass(frozen=True, slots=True)
class Adhesion:
    """What is printed around a part on the first layers.

    Parameters
    ----------
    skirts
        Loops around the part.
    skirt_layers
        How many layers high.
    skirt_gap_mm
        Between part and skirt. [mm]
    skirt_least_mm
        Least filament of a skirt on the first layer. [mm]
    brim_mm
        Width of the brim, zero for none. [mm]
    intro_mm3
        Filament that the start-up lines extrude. [mm3]
    intro_s
        Time of the start-up lines that a slicer counts. [s]
    """

    skirts: int
    skirt_layers: int
    skirt_gap_mm: float
    skirt_least_mm: float
    brim_mm: float
    intro_mm3: float
    intro_s: float


@dataclass(frozen=True, slots=True)
class Supports:
    """How supports are built where they are asked for.

    Parameters
    ----------
    threshold_deg
        Faces flatter than this against the plate are held up. [deg]
    spacing_mm, interface_spacing_mm
        Free width between lines, in the body and in the topmost layers. [mm]
    interface_layers, bottom_interface_layers
        Dense layers beneath the part, and above it.
    gap_mm
        Free height between support and part. [mm]
    side_gap_mm
        Free width between support and part. [mm]
    holds_bridges
        Whether bridges are held up too.
    pattern
        Name such as ``rectilinear``, as slicers write it.
    thinnest_mm, thickest_mm
        Least and greatest height of a layer of supports; zero for three quarters of
        the nozzle. [mm]
    first_spread_mm
        The first layer is wider by this. [mm]
    first_fraction
        Share of the first layer that is filled, 0..1.
    """

    threshold_deg: float
    spacing_mm: float
    interface_spacing_mm: float
    interface_layers: int
    bottom_interface_layers: int
    gap_mm: float
    side_gap_mm: float
    holds_bridges: bool
    pattern: str
    thinnest_mm: float = 0.07
    thickest_mm: float = 0.0
    first_spread_mm: float = 3.0
    first_fraction: float = 0.9


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """Everything about a print that changes its filament or its time.

    Parameters
    ----------
    lines, shells, speeds, motion, retraction, adhesion, supports
        See each.
    nozzle_mm, filament_mm
        Diameters. [mm]
    flow
        Filament pushed for each mm3 of line: above one where a material needs more.
    """

    lines: Lines
    shells: Shells
    speeds: Speeds
    motion: Motion
    retraction: Retraction
    adhesion: Adhesion
    supports: Supports
    nozzle_mm: float
    filament_mm: float
    flow: float = 1.0

    @property
    def filament_mm2(self) -> float:
        """Cross-section of the filament. [mm2]"""
        return math.pi * self.filament_mm**2 / 4


def _check_above_zero(lines: Lines) -> None:
    for field in fields(lines):
        least = field.default == 0.0
        if not (getattr(lines, field.name) > 0 or least):
            raise InvalidInput(f"print settings: {field.name} must be above zero")


#: Zero has a meaning here: no gaps filled, as along x and y, no limit, no waiting.
_ZERO_SPEEDS = frozenset({"gap", "travel_z", "flow_mm3_s", "slow_layer_s"})
#: Zero means the default's, or a stop at each corner.
_ZERO_MOTION = frozenset({"accelerations", "jerks"})


def _check_figure(group: Speeds | Motion, name: str, *, or_zero: bool) -> None:
    value = getattr(group, name)
    figures = value if isinstance(value, tuple) else (value,)
    if all(figure > 0 or (or_zero and figure == 0) for figure in figures):
        return
    least = "zero or more" if or_zero else "above zero"
    raise InvalidInput(f"print settings: {name} must be {least}")
