"""CuraEngine as a second opinion: our own print settings in, filament and time out.

It takes no derived setting from its definitions, only their defaults, so everything
that matters is set by hand. Its exit code and the header of its G-code say nothing: the
figures stand among what it writes to standard error. It binds nothing: its G-code is
thrown away.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nearmade.adapters.sandbox import Limits, run_limited
from nearmade.quoting.print_settings import Lines, PrintSettings
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput, Unavailable

PROGRAM = Path("/usr/bin/CuraEngine")
#: Where Debian's package ``cura`` puts the definitions.
DEFINITIONS = Path("/usr/share/cura/resources")
_MAIN, _EXTRUDER = "fdmprinter.def.json", "fdmextruder.def.json"

#: Lines of infill that cross each other, by pattern; one where not named.
_CROSSINGS = {"grid": 2, "triangles": 3, "stars": 3, "cubic": 3, "adaptivecubic": 3}
#: Cura's word for a pattern; those it has not are drawn as a grid.
_PATTERNS = {
    "gyroid": "gyroid",
    "grid": "grid",
    "rectilinear": "lines",
    "cubic": "cubic",
    "adaptivecubic": "cubic",
    "triangles": "triangles",
}

#: Settings of flow that Cura derives from one.
_FLOWS = (
    "material_flow",
    "wall_material_flow",
    "wall_0_material_flow",
    "wall_x_material_flow",
    "skin_material_flow",
    "roofing_material_flow",
    "infill_material_flow",
    "skirt_brim_material_flow",
    "support_material_flow",
    "support_interface_material_flow",
    "support_roof_material_flow",
    "support_bottom_material_flow",
)

_TIME = re.compile(rb"^Print time \(s\): (\d+)", re.MULTILINE)
_FILAMENT = re.compile(rb"^Filament \(mm\^3\): (\d+)", re.MULTILINE)
_VERSION = re.compile(rb"version (\d+\.\d+\.\d+)")

Value = float | str | bool


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What another slicer says of one part.

    Parameters
    ----------
    filament_mm3, time_s
        Without heat-up. [mm3] [s]
    slicer_version
        Such as ``CuraEngine 4.13.0``.
    """

    filament_mm3: float
    time_s: float
    slicer_version: str


def second_opinion(
    stl: bytes,
    profile: Profile,
    *,
    supports: bool = False,
    infill_fraction: float | None = None,
    wall_s: float = 60,
) -> SecondOpinion:
    """Ask CuraEngine what one part takes with a profile's settings.

    Parameters
    ----------
    stl
        The part, checked and lying as it will be printed.
    profile
        Machine, material and quality.
    supports
        Whether supports are added.
    infill_fraction
        Instead of the profile's, 0..1.
    wall_s
        Time before it is ended. [s]

    Raises
    ------
    InvalidInput
        When the infill is out of range.
    Unavailable
        When the program or its definitions are missing, or it answers nonsense.
    """
    infill = profile.infill_fraction if infill_fraction is None else infill_fraction
    if not 0 <= infill <= 1:
        raise InvalidInput(f"infill {infill}: must be in 0..1")
    _check_installed()
    settings = cura_settings(profile, infill_fraction=infill, supports=supports)
    with tempfile.TemporaryDirectory(prefix="nearmade-cura-") as name:
        folder = Path(name)
        (folder / "part.stl").write_bytes(stl)
        for wanted in (_MAIN, _EXTRUDER):
            content = (DEFINITIONS / "definitions" / wanted).read_bytes()
            (folder / wanted).write_bytes(content)
        given = [f"{key}={_word(value)}" for key, value in sorted(settings.items())]
        pairs = [word for pair in given for word in ("-s", pair)]
        argv = [str(PROGRAM), "slice", "-v", "-j", str(folder / _MAIN), *pairs]
        argv += ["-e0", "-j", str(folder / _EXTRUDER), *pairs]
        argv += ["-l", str(folder / "part.stl"), "-o", str(folder / "out.gcode")]
        outcome = run_limited(
            argv,
            limits=Limits(
                wall_s=wall_s,
                cpu_s=max(1, round(wall_s)),
                memory_bytes=4 * 2**30,
                file_bytes=256 * 2**20,
                rss_bytes=2**30,
            ),
            writable=[folder],
            cwd=folder,
        )
    return read_opinion(outcome.stderr)


def read_opinion(said: bytes) -> SecondOpinion:
    """Read the figures from what CuraEngine wrote to standard error.

    Raises
    ------
    Unavailable
        When they are missing or not above zero.
    """
    time, filament = _TIME.findall(said), _FILAMENT.findall(said)
    version = _VERSION.search(said)
    figures = [float(found[-1]) if found else 0.0 for found in (filament, time)]
    if not all(figure > 0 for figure in figures):
        last = said.strip().splitlines()[-1:] or [b"no word"]
        raise Unavailable(
            f"CuraEngine gives no figures: {last[0].decode(errors='replace')[:200]}",
            code="slicer-nonsense",
        )
    named = version.group(1).decode() if version else ""
    return SecondOpinion(figures[0], figures[1], f"CuraEngine {named}".strip())


def cura_settings(
    profile: Profile, *, infill_fraction: float, supports: bool
) -> Mapping[str, Value]:
    """Write a profile's settings in CuraEngine's words, derived ones included."""
    settings = profile.settings
    return {
        **_machine(profile),
        **_lines(settings),
        **dict.fromkeys(_FLOWS, 100 * settings.flow),
        **_infill(settings, infill_fraction),
        **_speeds(settings),
        **_motion(settings),
        **_retraction(settings),
        **_around(settings, supports=supports),
    }


def _machine(profile: Profile) -> dict[str, Value]:
    width, depth, height = profile.bed_mm
    return {
        "machine_width": width,
        "machine_depth": depth,
        "machine_height": height,
        "machine_nozzle_size": profile.nozzle_mm,
        "material_diameter": profile.filament_diameter_mm,
        "machine_extruder_count": 1,
        "extruders_enabled_count": 1,
        "center_object": True,
        "machine_start_gcode": "",
        "machine_end_gcode": "",
    }


def _lines(settings: PrintSettings) -> dict[str, Value]:
    """Give widths as the distances of lines: Cura draws them square, side by side."""
    lines, shells = settings.lines, settings.shells
    layer_mm = lines.layer_mm

    def wide(width_mm: float) -> float:
        return Lines.spacing_mm(width_mm, layer_mm)

    inner_mm = wide(lines.inner_mm)
    first_mm = Lines.spacing_mm(lines.first_mm, lines.first_layer_mm)
    overlap_mm = shells.infill_overlap_fraction * lines.inner_mm
    return {
        "layer_height": layer_mm,
        "layer_height_0": lines.first_layer_mm,
        "line_width": inner_mm,
        "wall_line_width": inner_mm,
        "wall_line_width_0": wide(lines.outer_mm),
        "wall_line_width_x": inner_mm,
        "skin_line_width": wide(lines.solid_mm),
        "infill_line_width": wide(lines.sparse_mm),
        "skirt_brim_line_width": first_mm,
        "support_line_width": wide(lines.support_mm),
        "initial_layer_line_width_factor": 100 * first_mm / inner_mm,
        "wall_line_count": shells.perimeters,
        "wall_0_inset": 0,
        "top_layers": _layers(shells.top_layers, shells.top_mm, layer_mm),
        "bottom_layers": _layers(shells.bottom_layers, shells.bottom_mm, layer_mm),
        "initial_bottom_layers": shells.bottom_layers,
        "roofing_layer_count": 0,
        "skin_edge_support_layers": 0,
        "skin_edge_support_thickness": 0,
        "skin_preshrink": shells.perimeters * inner_mm,
        "top_skin_preshrink": shells.perimeters * inner_mm,
        "bottom_skin_preshrink": shells.perimeters * inner_mm,
        "expand_skins_expand_distance": shells.perimeters * inner_mm,
        "top_skin_expand_distance": shells.perimeters * inner_mm,
        "bottom_skin_expand_distance": shells.perimeters * inner_mm,
        "infill_overlap_mm": overlap_mm,
        "skin_overlap_mm": overlap_mm,
        "xy_offset_layer_0": -lines.first_inset_mm,
    }


def _layers(least: int, least_mm: float, layer_mm: float) -> int:
    """Give as many layers as number and thickness ask for."""
    return max(least, -int(-least_mm // layer_mm))


def _infill(settings: PrintSettings, fraction: float) -> dict[str, Value]:
    """Give the distance of lines so that they fill the share asked for."""
    lines, pattern = settings.lines, settings.shells.infill_pattern
    drawn = _PATTERNS.get(pattern, "grid")
    spacing_mm = Lines.spacing_mm(lines.sparse_mm, lines.layer_mm)
    crossings = _CROSSINGS.get(pattern, 1 if pattern in _PATTERNS else 2)
    distance_mm = spacing_mm * crossings / fraction if fraction > 0 else 0.0
    return {
        "infill_sparse_density": 100 * fraction,
        "infill_pattern": drawn,
        "infill_line_distance": distance_mm,
        "infill_sparse_thickness": lines.layer_mm,
        "gradual_infill_steps": 0,
        "zig_zaggify_infill": True,
        "connect_infill_polygons": False,
    }


def _speeds(settings: PrintSettings) -> dict[str, Value]:
    speeds = settings.speeds
    return {
        "speed_print": speeds.inner,
        "speed_wall": speeds.inner,
        "speed_wall_0": speeds.outer,
        "speed_wall_x": speeds.inner,
        "speed_infill": speeds.sparse,
        "speed_topbottom": speeds.solid,
        "speed_roofing": speeds.top,
        "speed_ironing": speeds.top,
        "speed_travel": speeds.travel,
        "speed_z_hop": speeds.travel_z or speeds.travel,
        "speed_layer_0": speeds.first,
        "speed_print_layer_0": speeds.first,
        "speed_travel_layer_0": speeds.travel,
        "skirt_brim_speed": speeds.first,
        "speed_support": speeds.support,
        "speed_support_infill": speeds.support,
        "speed_support_interface": speeds.interface,
        "speed_support_roof": speeds.interface,
        "speed_support_bottom": speeds.interface,
        "bridge_wall_speed": speeds.bridge,
        "bridge_skin_speed": speeds.bridge,
        "speed_slowdown_layers": 1,
        "cool_min_layer_time": speeds.slow_layer_s,
        "cool_min_speed": speeds.slowest,
        "cool_lift_head": False,
    }


def _motion(settings: PrintSettings) -> dict[str, Value]:
    motion = settings.motion
    default, wall, infill, _, first = motion.accelerations
    default = default or motion.extruding_acceleration
    wall, infill, first = (each or default for each in (wall, infill, first))
    jerk = motion.jerks[0]
    kinds = {
        "print": default, "infill": infill, "wall": wall, "wall_0": wall,
        "wall_x": wall, "roofing": infill, "topbottom": infill, "support": default,
        "support_infill": default, "support_interface": default,
        "support_roof": default, "support_bottom": default,
        "travel": motion.travel_acceleration, "layer_0": first,
        "print_layer_0": first, "travel_layer_0": first, "skirt_brim": first,
        "prime_tower": default, "ironing": infill,
    }  # fmt: skip
    accelerations: dict[str, Value] = {
        f"acceleration_{kind}": value for kind, value in kinds.items()
    }
    jerks: dict[str, Value] = {f"jerk_{kind}": jerk for kind in kinds}
    limits: dict[str, Value] = {}
    for axis, speed, most in zip(
        "xyze", motion.most_speeds, motion.most_accelerations, strict=True
    ):
        limits[f"machine_max_feedrate_{axis}"] = speed
        limits[f"machine_max_acceleration_{axis}"] = most
    return {
        **accelerations,
        **jerks,
        **limits,
        "acceleration_enabled": True,
        "jerk_enabled": True,
        "machine_acceleration": default,
        "machine_max_jerk_xy": jerk,
        "machine_max_jerk_z": motion.jerks[2],
        "machine_max_jerk_e": motion.jerks[3],
    }


def _retraction(settings: PrintSettings) -> dict[str, Value]:
    retraction = settings.retraction
    return {
        "retraction_enable": retraction.length_mm > 0,
        "retraction_amount": retraction.length_mm,
        "retraction_speed": retraction.back_mm_s,
        "retraction_retract_speed": retraction.back_mm_s,
        "retraction_prime_speed": retraction.forth_mm_s,
        "retraction_min_travel": retraction.least_travel_mm,
        "retraction_extrusion_window": retraction.length_mm,
        "retraction_hop_enabled": retraction.lift_mm > 0,
        "retraction_hop": retraction.lift_mm,
        "retract_at_layer_change": retraction.on_layer_change,
    }


def _around(settings: PrintSettings, *, supports: bool) -> dict[str, Value]:
    """Give skirt and supports."""
    adhesion, held = settings.adhesion, settings.supports
    spacing_mm = held.spacing_mm + settings.lines.support_mm
    return {
        "adhesion_type": "brim" if adhesion.brim_mm else "skirt",
        "skirt_line_count": adhesion.skirts,
        "skirt_gap": adhesion.skirt_gap_mm,
        "skirt_brim_minimal_length": adhesion.skirt_least_mm,
        "brim_width": adhesion.brim_mm,
        "brim_line_count": round(adhesion.brim_mm / settings.lines.first_mm),
        "support_enable": supports,
        "support_angle": 90 - (held.threshold_deg or 45),
        "support_line_distance": spacing_mm,
        "support_pattern": "lines",
        "support_top_distance": held.gap_mm,
        "support_z_distance": held.gap_mm,
        "support_bottom_distance": held.gap_mm,
        "support_xy_distance": held.side_gap_mm,
        "support_interface_enable": held.interface_layers > 0,
        "support_roof_enable": held.interface_layers > 0,
        "support_roof_height": held.interface_layers * settings.lines.layer_mm,
    }


def _check_installed() -> None:
    wanted = (
        DEFINITIONS / "definitions" / _MAIN,
        DEFINITIONS / "definitions" / _EXTRUDER,
    )
    if not PROGRAM.exists() or not all(path.exists() for path in wanted):
        raise Unavailable(
            "CuraEngine or its definitions are not installed",
            code="second-slicer-missing",
            remedy="apt-get install cura-engine cura",
        )


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:.6g}"
