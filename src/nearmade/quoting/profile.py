"""A print profile: one machine model, one material, one quality, and its figures."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nearmade.energy.load.machine_power import MachinePower
from nearmade.quoting.print_settings import Lines, PrintSettings
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import ProfileId


@dataclass(frozen=True, slots=True)
class Spread:
    """The 80 % interval of truth over estimate, as two factors.

    Parameters
    ----------
    low, high
        10th and 90th percentile of the ratio; ``0 < low <= 1 <= high``.
    source
        How many parts it was measured on, or why it is assumed.
    assumed
        True when it was not measured.

    Raises
    ------
    InvalidInput
        When the factors are not in order.
    """

    low: float
    high: float
    source: str
    assumed: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.low <= 1 <= self.high:
            raise InvalidInput(f"spread {self.low} .. {self.high}: must hold 1")

    def with_error_of(self, other: Spread) -> Spread:
        """Join two independent errors: their logarithms add in squares."""
        low = math.hypot(math.log(self.low), math.log(other.low))
        high = math.hypot(math.log(self.high), math.log(other.high))
        return Spread(
            math.exp(-low),
            math.exp(high),
            f"{self.source}; {other.source}",
            self.assumed or other.assumed,
        )


@dataclass(frozen=True, slots=True)
class SizedSpread:
    """Intervals by the size of a part.

    Parameters
    ----------
    edges
        Sizes at which the next class begins, rising; none for one class.
    spreads
        One more than edges.

    Raises
    ------
    InvalidInput
        When the numbers of edges and spreads do not fit.
    """

    edges: tuple[float, ...]
    spreads: tuple[Spread, ...]

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.edges, self.edges[1:], strict=False))
        if len(self.spreads) != len(self.edges) + 1 or not rising:
            raise InvalidInput(
                f"spreads by size: {len(self.spreads)} for {len(self.edges)} edges"
            )

    def at(self, size: float) -> Spread:
        """Give the interval for a part of some size."""
        return self.spreads[sum(size >= edge for edge in self.edges)]


@dataclass(frozen=True, slots=True)
class FitErrors:
    """How far off an estimator is on parts left out of its fit.

    Parameters
    ----------
    parts, groups
        How many it was fitted on; groups were left out whole.
    volume, time
        Median and 90th percentile of the relative errors, and the share of parts in
        their 80 % interval, each 0..1.
    """

    parts: int
    groups: int
    volume: tuple[float, float, float]
    time: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PrusaPresets:
    """Names of the vendor's presets in PrusaSlicer.

    Parameters
    ----------
    vendor_file
        Bundle such as ``PrusaResearch.ini``.
    print_preset, filament_preset, printer_preset
        As the bundle writes them.
    """

    vendor_file: str
    print_preset: str
    filament_preset: str
    printer_preset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSpreads:
    """How far the slicer lies from a fit, and what the fit was made on.

    Parameters
    ----------
    volume_spread, time_spread
        Slicer over estimate on parts left out of the fit, for parts of any size.
    source
        What it was fitted on.
    errors
        On parts left out, where they were kept.
    volume_sizes, time_sizes
        The spreads by the size of one part [mm3], where they are known: its volume for
        the closed form, its estimated filament for sampled layers.
    """

    volume_spread: Spread
    time_spread: Spread
    source: str
    errors: FitErrors | None = None
    volume_sizes: SizedSpread | None = None
    time_sizes: SizedSpread | None = None

    def volume_spread_at(self, part_mm3: float) -> Spread:
        """Give the spread of filament for parts of this size."""
        sizes = self.volume_sizes
        return self.volume_spread if sizes is None else sizes.at(part_mm3)

    def time_spread_at(self, part_mm3: float) -> Spread:
        """Give the spread of time for parts of this size."""
        sizes = self.time_sizes
        return self.time_spread if sizes is None else sizes.at(part_mm3)


@dataclass(frozen=True, slots=True)
class Level0Fit(FitSpreads):
    """Coefficients of the closed form: a shell that saturates, and sparse inside.

    Parameters
    ----------
    shell_mm3, sparse_mm3
        Filament for each mm3 of shell, and of inside at ``fitted_infill_fraction``.
    start_mm3
        Filament of one build whatever its parts: intro line and skirt. [mm3]
    shell_s, sparse_s
        Time for each mm3 of shell, and of inside at that infill. [s/mm3]
    wall_s
        Time for each mm of outer wall, height by height. [s/mm]
    layer_s
        Time for each layer. [s]
    start_s
        Time of one build whatever its parts, without heat-up. [s]
    fitted_infill_fraction
        Infill of the parts that the fit was made on.
    """

    shell_mm3: float
    sparse_mm3: float
    start_mm3: float
    shell_s: float
    sparse_s: float
    wall_s: float
    layer_s: float
    start_s: float
    fitted_infill_fraction: float = 0.20


@dataclass(frozen=True, slots=True)
class Level1Fit(FitSpreads):
    """What the slicer makes of the terms that sampled layers count.

    Parameters
    ----------
    volume_factors, time_factors
        One for each of ``terms.VOLUMES`` and ``terms.TIMES``, near one where the slicer
        draws the same lines.
    """

    volume_factors: tuple[float, ...]
    time_factors: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One machine model with one material at one quality.

    Parameters
    ----------
    id
        Such as ``mk3s-pla-0.20``.
    machine_model
        Such as ``MK3S``.
    title
        For people.
    process
        ``FDM``.
    material
        ``PLA``, ``PETG``, ``TPU``, ``ABS``.
    bed_mm
        Build volume along x, y and z, its corner at the origin. [mm]
    density_g_cm3
        Of the feedstock. [g/cm3]
    settings
        Lines, shells, speeds and limits of the machine.
    nozzle_degc, bed_degc
        Highest temperatures the profile asks for. [degC]
    power
        Of the machine at that bed temperature.
    presets
        What the slicer calls it; None where it ships no profile of this machine.
    makeable
        Whether jobs can be prepared: the slicer has the presets, and the G-code gate
        lets the maker's start-up lines pass.
    level0, level1
        Fitted coefficients of the estimators.
    volume_reality, time_reality
        Spread of a real build over the slicer's figure.
    level1_supported
        Coefficients for parts that are held up by supports, where they were fitted.
    """

    id: ProfileId
    machine_model: str
    title: str
    process: str
    material: str
    bed_mm: tuple[float, float, float]
    density_g_cm3: float
    settings: PrintSettings
    nozzle_degc: float
    bed_degc: float
    power: MachinePower
    presets: PrusaPresets | None
    level0: Level0Fit
    level1: Level1Fit
    volume_reality: Spread
    time_reality: Spread
    makeable: bool = True
    level1_supported: Level1Fit | None = None

    @property
    def nozzle_mm(self) -> float:
        """Diameter of the nozzle. [mm]"""
        return self.settings.nozzle_mm

    @property
    def filament_diameter_mm(self) -> float:
        """Diameter of the feedstock. [mm]"""
        return self.settings.filament_mm

    @property
    def layer_mm(self) -> float:
        """Thickness of a layer. [mm]"""
        return self.settings.lines.layer_mm

    @property
    def bead_mm(self) -> float:
        """Width of one extruded line of the walls. [mm]"""
        return self.settings.lines.inner_mm

    @property
    def bead_spacing_mm(self) -> float:
        """Distance of neighbouring lines of the walls. [mm]"""
        return Lines.spacing_mm(self.bead_mm, self.layer_mm)

    @property
    def perimeters(self) -> int:
        """Walls beside each other."""
        return self.settings.shells.perimeters

    @property
    def top_layers(self) -> int:
        """Solid layers above."""
        return self.settings.shells.top_layers

    @property
    def bottom_layers(self) -> int:
        """Solid layers below."""
        return self.settings.shells.bottom_layers

    @property
    def infill_fraction(self) -> float:
        """Share of the inside that is filled, 0..1."""
        return self.settings.shells.infill_fraction

    @property
    def slow_layer_s(self) -> float:
        """Layers shorter than this are slowed down to it. [s]"""
        return self.settings.speeds.slow_layer_s

    @property
    def slow_mm_s(self) -> float:
        """Cooling slows no line below this. [mm/s]"""
        return self.settings.speeds.slowest
