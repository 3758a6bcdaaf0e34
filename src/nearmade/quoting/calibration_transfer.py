"""Carry a fit over to a profile that has none of its own.

Filament follows from the shells, which the estimators take from the profile's own
settings; time is scaled by how fast the profile draws walls, solid and sparse lines.
What that leaves open widens the spreads, marked as assumed.
"""

from __future__ import annotations

from dataclasses import replace

from nearmade.quoting.build_start import start_of
from nearmade.quoting.print_settings import Lines, PrintSettings
from nearmade.quoting.profile import Level0Fit, Level1Fit, SizedSpread, Spread

#: A line of middling length, at which speeds are compared: two sides of 74 open meshes'
#: median outline. Assumed. [mm]
TYPICAL_LINE_MM = 10.0

#: Hull of a small part, whose skirt is much of its filament: 15 mm square. At this
#: skirts are compared. Assumed. [mm]
SMALL_HULL_MM = 60.0

#: Slicer over a carried-over estimate, beside the fit's own error. Checked on 30 own
#: parts each: a Voron, a V-Core, a Neptune 2, an i3 Mega and a Sidewinder with fits of
#: other machines, and the MK3S at 0.30 mm. The intervals held 70 to 93 % of the closed
#: form's figures and 77 to 100 % of those of level 1, whose median errors were 1 to 2 %
#: of filament and 3 to 5 % of time.
CARRIED_VOLUME = Spread(0.94, 1.06, "assumed: carried over", assumed=True)
CARRIED_TIME = Spread(0.80, 1.25, "assumed: carried over", assumed=True)
#: Level 1 draws the lines of the profile's own settings, so that little is carried
#: over: fits of three machines of two makers differ by less than this in sum.
CARRIED_LAYERS = Spread(0.96, 1.05, "assumed: carried over", assumed=True)


def carry_level0(
    fit: Level0Fit, own: PrintSettings, to: PrintSettings, name: str
) -> Level0Fit:
    """Give a closed form for settings that it was not fitted on.

    Parameters
    ----------
    fit
        Of the profile with the settings ``own``.
    own, to
        Settings that the fit was made for, and those it is carried over to.
    name
        Of the profile that the fit was made for.
    """
    shell = _shell_s_per_mm3(to) / _shell_s_per_mm3(own)
    sparse = _sparse_s_per_mm3(to) / _sparse_s_per_mm3(own)
    walls = _line_s_per_mm(to, to.speeds.outer, to.lines.outer_mm) / _line_s_per_mm(
        own, own.speeds.outer, own.lines.outer_mm
    )
    flow = to.flow / own.flow
    source = f"carried over from {name}; {fit.source}"
    return replace(
        fit,
        shell_mm3=fit.shell_mm3 * flow,
        sparse_mm3=fit.sparse_mm3 * flow,
        start_mm3=fit.start_mm3 * _starts(own, to) * flow,
        shell_s=fit.shell_s * shell,
        sparse_s=fit.sparse_s * sparse,
        wall_s=fit.wall_s * walls,
        layer_s=fit.layer_s * _waits(own, to),
        volume_spread=fit.volume_spread.with_error_of(CARRIED_VOLUME),
        time_spread=fit.time_spread.with_error_of(CARRIED_TIME),
        volume_sizes=_widened(fit.volume_sizes, CARRIED_VOLUME),
        time_sizes=_widened(fit.time_sizes, CARRIED_TIME),
        source=source,
    )


def carry_level1(fit: Level1Fit, name: str) -> Level1Fit:
    """Give sampled layers' coefficients to a profile that they were not fitted on."""
    return replace(
        fit,
        volume_spread=fit.volume_spread.with_error_of(CARRIED_LAYERS),
        time_spread=fit.time_spread.with_error_of(CARRIED_LAYERS),
        volume_sizes=_widened(fit.volume_sizes, CARRIED_LAYERS),
        time_sizes=_widened(fit.time_sizes, CARRIED_LAYERS),
        source=f"carried over from {name}; {fit.source}",
    )


def _widened(sizes: SizedSpread | None, by: Spread) -> SizedSpread | None:
    if sizes is None:
        return None
    wider = tuple(spread.with_error_of(by) for spread in sizes.spreads)
    return SizedSpread(sizes.edges, wider)


def _starts(own: PrintSettings, to: PrintSettings) -> float:
    """Compare skirts around a small part; a fit made without one lends what it has."""
    (own_mm3, _), (to_mm3, _) = (start_of(SMALL_HULL_MM, each) for each in (own, to))
    return to_mm3 / own_mm3 if own_mm3 > 0 else 1.0


def _waits(own: PrintSettings, to: PrintSettings) -> float:
    """Compare what small layers are slowed down to: most of what each layer adds."""
    if not own.speeds.slow_layer_s > 0:
        return 1.0
    return min(2.0, max(0.2, to.speeds.slow_layer_s / own.speeds.slow_layer_s))


def _shell_s_per_mm3(settings: PrintSettings) -> float:
    """Give the time of a mm3 of shell, half walls, half solid lines. [s/mm3]"""
    lines, speeds = settings.lines, settings.speeds
    layer_mm = lines.layer_mm
    inner = max(0, settings.shells.perimeters - 1)
    walls_s = _line_s_per_mm(settings, speeds.outer, lines.outer_mm)
    walls_s += inner * _line_s_per_mm(settings, speeds.inner, lines.inner_mm)
    walls_mm2 = layer_mm * Lines.spacing_mm(lines.outer_mm, layer_mm)
    walls_mm2 += inner * layer_mm * Lines.spacing_mm(lines.inner_mm, layer_mm)
    solid_s = _line_s_per_mm(settings, speeds.solid, lines.solid_mm)
    solid_mm2 = layer_mm * Lines.spacing_mm(lines.solid_mm, layer_mm)
    return (walls_s / walls_mm2 + solid_s / solid_mm2) / 2


def _sparse_s_per_mm3(settings: PrintSettings) -> float:
    lines = settings.lines
    line_s = _line_s_per_mm(settings, settings.speeds.sparse, lines.sparse_mm)
    return line_s / (lines.layer_mm * Lines.spacing_mm(lines.sparse_mm, lines.layer_mm))


def _line_s_per_mm(settings: PrintSettings, speed: float, width_mm: float) -> float:
    """Give the time of a millimetre in a line of middling length. [s/mm]

    Its ends are at rest and its speed is held by the flow that can be melted.
    """
    motion, flow = settings.motion, settings.speeds.flow_mm3_s
    layer_mm = settings.lines.layer_mm
    section_mm2 = layer_mm * Lines.spacing_mm(width_mm, layer_mm)
    fastest = min(speed, motion.most_speeds[0])
    fastest = min(fastest, flow / section_mm2) if flow > 0 else fastest
    asked = motion.accelerations[0] or motion.extruding_acceleration
    most = min(motion.extruding_acceleration, *motion.most_accelerations[:2])
    acceleration = min(asked, most)
    return 1 / fastest + fastest / acceleration / TYPICAL_LINE_MM
