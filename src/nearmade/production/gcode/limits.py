"""What one build may ask of one machine."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.production.job import JobTicket
from nearmade.vocabulary.errors import InvalidInput

#: Hottest nozzle and bed that any filament profile of a material asks for. [degC]
#: Source: the vendor bundles PrusaResearch and Creality of PrusaSlicer 2.5.0, largest
#: of ``temperature``, ``first_layer_temperature`` and of their bed counterparts.
MATERIAL_CEILINGS_DEGC: dict[str, tuple[float, float]] = {
    "PLA": (235.0, 65.0),
    "PETG": (270.0, 110.0),
    "PET": (270.0, 80.0),
    "ABS": (265.0, 110.0),
    "ASA": (275.0, 110.0),
    "TPU": (260.0, 100.0),
    "PA": (285.0, 115.0),
    "PC": (285.0, 115.0),
    "PP": (260.0, 100.0),
    "HIPS": (255.0, 110.0),
    "PVA": (215.0, 60.0),
    "PVB": (225.0, 75.0),
}

#: Nothing passes hotter than this, whatever ticket and material say. Assumed: the
#: usual limits of a hot end with a PTFE-free heat break and of a bed. [degC]
HIGHEST_NOZZLE_DEGC = 300.0
HIGHEST_BED_DEGC = 115.0

#: Marlin's EXTRUDE_MINTEMP: below it a hot end must not push. [degC]
#: Source: https://marlinfw.org/docs/configuration/configuration.html
COLDEST_EXTRUSION_DEGC = 170.0

#: Beside the bed towards the origin: start code of the MK3S wipes at Y-3. [mm]
LOWER_MARGIN_MM = 4.0


@dataclass(frozen=True, slots=True)
class GateLimits:
    """The limits one file is held against.

    Parameters
    ----------
    lower_mm, upper_mm
        Corners of the box the nozzle stays in, machine coordinates, shape (3,). [mm]
    max_nozzle_degc, max_bed_degc
        Highest set-points. [degC]
    max_filament_mm
        Most filament in all. [mm]
    min_extrusion_degc
        Lowest nozzle set-point that may push filament. [degC]
    max_feed_mm_s
        Fastest move that may be asked. [mm/s]
    max_acceleration_mm_s2
        Largest acceleration that may be set. [mm/s2]
    max_extrusion_mm
        Most filament in one move. [mm]
    max_extrusion_ratio
        Most filament for each millimetre of travel.
    max_dwell_s, max_dwell_total_s
        Longest single pause, and all pauses together. [s]
    min_flow_fraction, max_flow_fraction
        Range of the factors that ``M220`` and ``M221`` set.

    Raises
    ------
    InvalidInput
        When the box is empty, or a limit is not above zero.
    """

    lower_mm: tuple[float, float, float]
    upper_mm: tuple[float, float, float]
    max_nozzle_degc: float
    max_bed_degc: float
    max_filament_mm: float
    min_extrusion_degc: float = COLDEST_EXTRUSION_DEGC
    max_feed_mm_s: float = 500.0
    max_acceleration_mm_s2: float = 20_000.0
    max_extrusion_mm: float = 60.0
    max_extrusion_ratio: float = 1.0
    max_dwell_s: float = 60.0
    max_dwell_total_s: float = 600.0
    min_flow_fraction: float = 0.5
    max_flow_fraction: float = 1.5

    def __post_init__(self) -> None:
        pairs = zip(self.lower_mm, self.upper_mm, strict=True)
        if not all(low < high for low, high in pairs):
            raise InvalidInput(f"gate box {self.lower_mm} .. {self.upper_mm}: empty")
        most = (self.max_nozzle_degc, self.max_filament_mm, self.max_feed_mm_s)
        if not (all(limit > 0 for limit in most) and self.max_bed_degc >= 0):
            raise InvalidInput("gate limits: each must be above zero")


def limits_for(
    ticket: JobTicket, build_volume_mm: tuple[float, float, float]
) -> GateLimits:
    """Join what the ticket, the machine and the material allow: the tightest wins.

    Parameters
    ----------
    ticket
        Of the job.
    build_volume_mm
        Usable extents of the machine along x, y and z. [mm]

    Raises
    ------
    InvalidInput
        When the material has no known ceiling, or an extent is not above zero.
    """
    if ticket.material not in MATERIAL_CEILINGS_DEGC:
        raise InvalidInput(
            f"material {ticket.material!r}: no temperature ceiling is known",
            remedy=f"use one of {', '.join(MATERIAL_CEILINGS_DEGC)}",
        )
    nozzle_degc, bed_degc = MATERIAL_CEILINGS_DEGC[ticket.material]
    width_mm, depth_mm, height_mm = build_volume_mm
    return GateLimits(
        lower_mm=(-LOWER_MARGIN_MM, -LOWER_MARGIN_MM, 0.0),
        upper_mm=(width_mm, depth_mm, height_mm),
        max_nozzle_degc=min(ticket.max_nozzle_degc, nozzle_degc, HIGHEST_NOZZLE_DEGC),
        max_bed_degc=min(ticket.max_bed_degc, bed_degc, HIGHEST_BED_DEGC),
        max_filament_mm=ticket.max_filament_mm,
    )
