"""Read print settings from a flattened PrusaSlicer configuration.

Absent keys take the defaults of PrusaSlicer 2.5.0, read off the configuration that it
writes at the tail of a G-code when it is given none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict

from nearmade.adapters.slicers.start_lines import count_start_lines
from nearmade.quoting.print_settings import (
    Adhesion,
    Lines,
    Motion,
    PrintSettings,
    Retraction,
    Shells,
    Speeds,
    Supports,
)
from nearmade.vocabulary.errors import Unavailable

#: What PrusaSlicer 2.5.0 takes for keys that a configuration lacks.
DEFAULTS: Mapping[str, str] = {
    "bottom_solid_layers": "3",
    "bottom_solid_min_thickness": "0",
    "bridge_acceleration": "0",
    "bridge_flow_ratio": "1",
    "bridge_speed": "60",
    "brim_type": "outer_only",
    "brim_width": "0",
    "cooling": "1",
    "default_acceleration": "0",
    "deretract_speed": "0",
    "dont_support_bridges": "1",
    "external_perimeter_extrusion_width": "0",
    "external_perimeter_speed": "50%",
    "elefant_foot_compensation": "0",
    "extrusion_multiplier": "1",
    "extrusion_width": "0",
    "filament_diameter": "1.75",
    "filament_max_volumetric_speed": "0",
    "fill_density": "20%",
    "fill_pattern": "stars",
    "first_layer_acceleration": "0",
    "first_layer_extrusion_width": "200%",
    "first_layer_height": "0.35",
    "first_layer_speed": "30",
    "gap_fill_enabled": "1",
    "gap_fill_speed": "20",
    "gcode_flavor": "reprap",
    "infill_acceleration": "0",
    "infill_anchor": "600%",
    "infill_anchor_max": "50",
    "infill_extrusion_width": "0",
    "infill_overlap": "25%",
    "infill_speed": "80",
    "layer_height": "0.3",
    "machine_limits_usage": "time_estimate_only",
    "machine_max_acceleration_e": "10000",
    "machine_max_acceleration_extruding": "1500",
    "machine_max_acceleration_travel": "1500",
    "machine_max_acceleration_x": "9000",
    "machine_max_acceleration_y": "9000",
    "machine_max_acceleration_z": "500",
    "machine_max_feedrate_e": "120",
    "machine_max_feedrate_x": "500",
    "machine_max_feedrate_y": "500",
    "machine_max_feedrate_z": "12",
    "machine_max_jerk_e": "2.5",
    "machine_max_jerk_x": "10",
    "machine_max_jerk_y": "10",
    "machine_max_jerk_z": "0.2",
    "max_layer_height": "0",
    "max_print_speed": "80",
    "max_volumetric_speed": "0",
    "min_layer_height": "0.07",
    "min_print_speed": "10",
    "min_skirt_length": "0",
    "nozzle_diameter": "0.4",
    "perimeter_acceleration": "0",
    "perimeter_extrusion_width": "0",
    "perimeter_speed": "60",
    "perimeters": "3",
    "raft_first_layer_density": "90%",
    "raft_first_layer_expansion": "3",
    "retract_before_travel": "2",
    "retract_before_wipe": "0%",
    "retract_layer_change": "0",
    "retract_length": "2",
    "retract_lift": "0",
    "retract_speed": "40",
    "skirt_distance": "6",
    "skirt_height": "1",
    "skirts": "1",
    "slowdown_below_layer_time": "5",
    "small_perimeter_speed": "15",
    "solid_infill_extrusion_width": "0",
    "solid_infill_speed": "20",
    "start_gcode": "G28\\nG1 Z5 F5000\\n",
    "support_material_bottom_interface_layers": "-1",
    "support_material_contact_distance": "0.2",
    "support_material_extrusion_width": "0",
    "support_material_interface_layers": "3",
    "support_material_interface_spacing": "0",
    "support_material_interface_speed": "100%",
    "support_material_pattern": "rectilinear",
    "support_material_spacing": "2.5",
    "support_material_speed": "60",
    "support_material_threshold": "0",
    "support_material_xy_spacing": "50%",
    "top_infill_extrusion_width": "0",
    "top_solid_infill_speed": "15",
    "top_solid_layers": "3",
    "top_solid_min_thickness": "0",
    "travel_speed": "130",
    "travel_speed_z": "0",
    "wipe": "0",
}

#: Cooling has no floor where the slowest speed is zero; this is as good as none. [mm/s]
NO_FLOOR_MM_S = 0.01

#: Width of a line that nobody set, in nozzle diameters; of supports and of the topmost
#: layer it is one (PrusaSlicer's ``Flow::auto_extrusion_width``).
AUTOMATIC_WIDTH_NOZZLES = 1.125


def print_settings(flat: Mapping[str, str]) -> PrintSettings:
    """Give the print settings that a flattened configuration stands for.

    Parameters
    ----------
    flat
        Keys and values as PrusaSlicer writes them; lists give their first entry.

    Raises
    ------
    Unavailable
        When a value cannot be read.
    InvalidInput
        When a speed or a limit is not above zero where it must be.
    """
    keys = _Keys(flat)
    lines = _lines(keys)
    return PrintSettings(
        lines=lines,
        shells=_shells(keys, lines.sparse_mm),
        speeds=_speeds(keys),
        motion=_motion(keys),
        retraction=_retraction(keys),
        adhesion=_adhesion(keys),
        supports=_supports(keys, lines),
        nozzle_mm=keys.number("nozzle_diameter"),
        filament_mm=keys.number("filament_diameter"),
        flow=keys.number("extrusion_multiplier"),
    )


def groups_that_differ(flat: Mapping[str, str], kept: PrintSettings) -> list[str]:
    """Name the groups of settings in which a configuration differs from facts kept.

    Parameters
    ----------
    flat
        As the installed slicer has it now.
    kept
        Facts read off an earlier version of it.
    """
    now, before = asdict(print_settings(flat)), asdict(kept)
    return [group for group in before if not _alike(now[group], before[group])]


def _alike(one: object, other: object) -> bool:
    """Compare down to the digits that facts are kept with."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(_alike(one[key], other[key]) for key in other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(map(_alike, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-9)
    return one == other


class _Keys:
    """A configuration with the slicer's defaults behind it."""

    def __init__(self, flat: Mapping[str, str]) -> None:
        self._flat = flat

    def text(self, key: str) -> str:
        return self._flat.get(key, DEFAULTS[key]).strip()

    def number(self, key: str, whole: float | None = None) -> float:
        """Give a number; of several the first, a percentage in shares of ``whole``."""
        first = self.text(key).split(",")[0].strip()
        try:
            if not first.endswith("%"):
                return float(first)
            if whole is not None:
                return float(first[:-1]) / 100 * whole
        except ValueError:
            pass
        raise Unavailable(
            f"slicer settings: {key} = {first!r} cannot be read",
            code="slicer-setting-unread",
        )

    def of_filament(self, key: str, whole: float | None = None) -> float:
        """Give what the filament sets instead of the printer, or the printer's."""
        own = self._flat.get(f"filament_{key}", "nil").split(",")[0].strip()
        if own in {"", "nil"}:
            return self.number(key, whole)
        return _Keys({key: own}).number(key, whole)


def _lines(keys: _Keys) -> Lines:
    layer_mm = keys.number("layer_height")
    first_layer_mm = keys.number("first_layer_height", layer_mm)

    def width_mm(kind: str, automatic: float = AUTOMATIC_WIDTH_NOZZLES) -> float:
        """Zero means the common width; where that is zero too, the nozzle's."""
        own = keys.number(f"{kind}_extrusion_width", layer_mm)
        shared = keys.number("extrusion_width", layer_mm)
        return own or shared or automatic * keys.number("nozzle_diameter")

    inner_mm = width_mm("perimeter")
    return Lines(
        layer_mm=layer_mm,
        first_layer_mm=first_layer_mm,
        outer_mm=width_mm("external_perimeter"),
        inner_mm=inner_mm,
        sparse_mm=width_mm("infill"),
        solid_mm=width_mm("solid_infill"),
        top_mm=width_mm("top_infill", 1.0),
        first_mm=keys.number("first_layer_extrusion_width", first_layer_mm) or inner_mm,
        support_mm=width_mm("support_material", 1.0),
        first_inset_mm=keys.number("elefant_foot_compensation"),
    )


def _shells(keys: _Keys, sparse_mm: float) -> Shells:
    return Shells(
        perimeters=int(keys.number("perimeters")),
        top_layers=int(keys.number("top_solid_layers")),
        bottom_layers=int(keys.number("bottom_solid_layers")),
        top_mm=keys.number("top_solid_min_thickness"),
        bottom_mm=keys.number("bottom_solid_min_thickness"),
        infill_fraction=keys.number("fill_density", 1.0),
        infill_pattern=keys.text("fill_pattern"),
        infill_overlap_fraction=keys.number("infill_overlap", 1.0),
        bridge_flow=keys.number("bridge_flow_ratio"),
        anchor_mm=keys.number("infill_anchor", sparse_mm),
        anchor_most_mm=keys.number("infill_anchor_max", sparse_mm),
    )


def _speeds(keys: _Keys) -> Speeds:
    """Resolve shares of other speeds; zero is automatic, at most the general limit."""
    automatic = keys.number("max_print_speed")

    def speed(key: str, whole: float | None = None) -> float:
        return keys.number(key, whole) or automatic

    inner, sparse = speed("perimeter_speed"), speed("infill_speed")
    solid = speed("solid_infill_speed", sparse)
    support = speed("support_material_speed")
    return Speeds(
        outer=speed("external_perimeter_speed", inner),
        inner=inner,
        small=speed("small_perimeter_speed", inner),
        sparse=sparse,
        solid=solid,
        top=speed("top_solid_infill_speed", solid),
        gap=keys.number("gap_fill_speed") if _gaps_filled(keys) else 0.0,
        bridge=speed("bridge_speed"),
        first=speed("first_layer_speed", inner),
        support=support,
        interface=speed("support_material_interface_speed", support),
        travel=keys.number("travel_speed"),
        travel_z=keys.number("travel_speed_z"),
        flow_mm3_s=_flow_mm3_s(keys),
        slowest=keys.number("min_print_speed") or NO_FLOOR_MM_S,
        slow_layer_s=_slow_layer_s(keys),
    )


def _gaps_filled(keys: _Keys) -> bool:
    return bool(keys.number("gap_fill_enabled"))


def _flow_mm3_s(keys: _Keys) -> float:
    """Both limits hold; zero is none."""
    limits = (
        keys.number("filament_max_volumetric_speed"),
        keys.number("max_volumetric_speed"),
    )
    return min((limit for limit in limits if limit > 0), default=0.0)


def _slow_layer_s(keys: _Keys) -> float:
    return keys.number("slowdown_below_layer_time") if keys.number("cooling") else 0.0


#: Flavours of G-code for whose machines the slicer heeds the limits it was given.
#: Measured by slicing one part with two limits in every flavour.
HEEDING_FLAVOURS = frozenset({"marlin", "marlin2", "reprapfirmware"})


def _motion(keys: _Keys) -> Motion:
    """Give the limits that the slicer's own time estimate uses."""
    flavour = keys.text("gcode_flavor")
    heeded = flavour in HEEDING_FLAVOURS
    heeded = heeded and keys.text("machine_limits_usage") != "ignore"
    limits = keys if heeded else _Keys({})

    def along(kind: str) -> tuple[float, float, float, float]:
        x, y, z, e = (limits.number(f"machine_max_{kind}_{axis}") for axis in "xyze")
        return x, y, z, e

    axes = along("acceleration")
    # Zero is no limit beside those of the axes.
    extruding = limits.number("machine_max_acceleration_extruding") or min(axes[:2])
    travel = limits.number("machine_max_acceleration_travel") or min(axes[:2])
    return Motion(
        accelerations=(
            keys.number("default_acceleration"),
            keys.number("perimeter_acceleration"),
            keys.number("infill_acceleration"),
            keys.number("bridge_acceleration"),
            keys.number("first_layer_acceleration"),
        ),
        most_accelerations=axes,
        extruding_acceleration=extruding,
        # Marlin of old has one limit for both.
        travel_acceleration=extruding if flavour == "marlin" else travel,
        jerks=along("jerk"),
        most_speeds=along("feedrate"),
    )


def _retraction(keys: _Keys) -> Retraction:
    back = keys.of_filament("retract_speed")
    return Retraction(
        length_mm=keys.of_filament("retract_length"),
        back_mm_s=back,
        forth_mm_s=keys.of_filament("deretract_speed") or back,
        lift_mm=keys.of_filament("retract_lift"),
        least_travel_mm=keys.of_filament("retract_before_travel"),
        wipes=bool(keys.of_filament("wipe")),
        wiped_fraction=round(1 - keys.of_filament("retract_before_wipe", 1.0), 6),
        on_layer_change=bool(keys.of_filament("retract_layer_change")),
    )


def _adhesion(keys: _Keys) -> Adhesion:
    filament_mm = keys.number("filament_diameter")
    intro = count_start_lines(keys.text("start_gcode"), filament_mm=filament_mm)
    brimless = keys.text("brim_type") == "no_brim"
    return Adhesion(
        skirts=int(keys.number("skirts")),
        skirt_layers=int(keys.number("skirt_height")),
        skirt_gap_mm=keys.number("skirt_distance"),
        skirt_least_mm=keys.number("min_skirt_length"),
        brim_mm=0.0 if brimless else keys.number("brim_width"),
        intro_mm3=intro.filament_mm3,
        intro_s=intro.time_s,
    )


def _supports(keys: _Keys, lines: Lines) -> Supports:
    interface_layers = int(keys.number("support_material_interface_layers"))
    bottom = int(keys.number("support_material_bottom_interface_layers"))
    return Supports(
        threshold_deg=keys.number("support_material_threshold"),
        spacing_mm=keys.number("support_material_spacing"),
        interface_spacing_mm=keys.number("support_material_interface_spacing"),
        interface_layers=interface_layers,
        bottom_interface_layers=interface_layers if bottom < 0 else bottom,
        gap_mm=keys.number("support_material_contact_distance"),
        side_gap_mm=keys.number("support_material_xy_spacing", lines.outer_mm),
        holds_bridges=not keys.number("dont_support_bridges"),
        pattern=keys.text("support_material_pattern"),
        thinnest_mm=keys.number("min_layer_height"),
        thickest_mm=keys.number("max_layer_height"),
        first_spread_mm=keys.number("raft_first_layer_expansion"),
        first_fraction=keys.number("raft_first_layer_density", 1.0),
    )
