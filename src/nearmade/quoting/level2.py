"""Level 2: what a slicer found, turned into the figures of a real build."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.level0 import assemble_estimate
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class SliceFigures:
    """What a slicer says of one build.

    Parameters
    ----------
    filament_mm, filament_mm3, mass_g
        Length, volume and mass of the filament. [mm] [mm3] [g]
    time_s
        Printing time without heat-up. [s]
    layers
        Number of layers.
    slicer_version
        Such as ``PrusaSlicer 2.5.0``.
    max_nozzle_degc, max_bed_degc
        Highest temperatures the G-code asks for. [degC]
    low_mm, high_mm
        Corners of the box of all extruding moves. [mm]
    parts
        How many parts the build holds.

    Raises
    ------
    InvalidInput
        When filament, time or layers are not above zero.
    """

    filament_mm: float
    filament_mm3: float
    mass_g: float
    time_s: float
    layers: int
    slicer_version: str
    max_nozzle_degc: float
    max_bed_degc: float
    low_mm: tuple[float, float, float]
    high_mm: tuple[float, float, float]
    parts: int = 1

    def __post_init__(self) -> None:
        figures = (self.filament_mm, self.filament_mm3, self.mass_g, self.time_s)
        if not all(0 < figure < math.inf for figure in figures):
            raise InvalidInput(f"slice figures {figures}: must be above zero")
        if not (self.layers >= 1 and self.parts >= 1):
            raise InvalidInput(
                f"slice figures: {self.layers} layers, {self.parts} parts: 1 or more"
            )


def estimate_level2(
    figures: SliceFigures,
    profile: Profile,
    quantity: int | None = None,
    rest: SliceFigures | None = None,
) -> BuildEstimate:
    """Estimate real builds from a slicer's figures of full ones and of the last.

    Parameters
    ----------
    figures
        Of one build of ``figures.parts`` parts.
    profile
        Machine, material and quality it was sliced for.
    quantity
        Parts in all, 1 or more; those of one build when None.
    rest
        Of the last build, where it is not full.

    Raises
    ------
    InvalidInput
        When the quantity is below one, or the builds do not hold it.
    """
    parts = figures.parts if quantity is None else quantity
    if not parts >= 1:
        raise InvalidInput(f"quantity {parts}: must be 1 or more")
    full, left = divmod(parts, figures.parts)
    if left != (0 if rest is None else rest.parts):
        raise InvalidInput(
            f"quantity {parts}: builds of {figures.parts} leave {left} parts, which "
            "have to be sliced too"
        )
    volume_mm3, time_s = figures.filament_mm3 * full, figures.time_s * full
    if rest is not None:
        volume_mm3, time_s = volume_mm3 + rest.filament_mm3, time_s + rest.time_s
    return assemble_estimate(
        2,
        profile,
        parts,
        full + (rest is not None),
        volume_mm3=volume_mm3,
        time_s=time_s,
        volume_spread=profile.volume_reality,
        time_spread=profile.time_reality,
    )
