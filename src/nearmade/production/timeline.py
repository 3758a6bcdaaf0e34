"""What a printer does when, while it works through a file."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import inf

from nearmade.production.gcode.gate import GateReport, check_gcode
from nearmade.production.gcode.limits import GateLimits
from nearmade.production.gcode.prepare import expected_s
from nearmade.vocabulary.errors import InvalidInput

#: A reading for time only: whether a file may be printed is the gate's question.
_ANY = GateLimits(
    lower_mm=(-inf, -inf, -inf),
    upper_mm=(inf, inf, inf),
    max_nozzle_degc=inf,
    max_bed_degc=inf,
    max_filament_mm=inf,
    max_feed_mm_s=inf,
    max_dwell_s=inf,
    max_dwell_total_s=inf,
    max_extrusion_mm=inf,
    max_extrusion_ratio=inf,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a printer does at one time of its work.

    Parameters
    ----------
    done_fraction
        Share of the whole time that has passed, 0..1.
    left_s
        Time to the end. [s]
    layer, layers
        Number of the layer being laid, 0 before the first; layers in all.
    nozzle_degc, bed_degc
        Set-points. [degC]
    heating
        True while the printer heats up and lays nothing.
    """

    done_fraction: float
    left_s: float
    layer: int
    layers: int
    nozzle_degc: float
    bed_degc: float
    heating: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """A file's work in time: first heat-up, then moves.

    Parameters
    ----------
    heatup_s
        From cold to the first move. [s]
    moves_s
        All moves and pauses. [s]
    layer_starts_s
        When each layer begins, from the start. [s]
    heat_steps
        Moments and set-points ``(at_s, heater, degc)``, from the start.
    first_nozzle_degc, first_bed_degc
        What the heat-up heats to. [degC]
    max_bed_degc
        Highest bed set-point. [degC]
    fan_steps
        Moments and speeds ``(at_s, share of full)`` of the part-cooling fan. [s]
    """

    heatup_s: float
    moves_s: float
    layer_starts_s: tuple[float, ...]
    heat_steps: tuple[tuple[float, str, float], ...]
    first_nozzle_degc: float
    first_bed_degc: float
    max_bed_degc: float
    fan_steps: tuple[tuple[float, float], ...] = ()

    @property
    def total_s(self) -> float:
        """Heat-up and moves. [s]"""
        return self.heatup_s + self.moves_s

    def at(self, elapsed_s: float) -> Moment:
        """Tell what the printer does after some time of work. [s]"""
        elapsed_s = min(max(elapsed_s, 0.0), self.total_s)
        heating = elapsed_s < self.heatup_s
        nozzle_degc, bed_degc = self.first_nozzle_degc, self.first_bed_degc
        for at_s, heater, degc in self.heat_steps:
            if at_s > elapsed_s or heating:
                break
            if heater == "nozzle":
                nozzle_degc = degc
            else:
                bed_degc = degc
        return Moment(
            done_fraction=elapsed_s / self.total_s if self.total_s else 1.0,
            left_s=self.total_s - elapsed_s,
            layer=bisect_right(self.layer_starts_s, elapsed_s) if not heating else 0,
            layers=len(self.layer_starts_s),
            nozzle_degc=nozzle_degc,
            bed_degc=bed_degc,
            heating=heating,
        )


def timeline(
    content: bytes, *, total_s: float | None = None, heatup_s: float = 0.0
) -> Timeline:
    """Lay a file's work out in time.

    Moves are timed by length and feed, without accelerations, then all of them are
    stretched by one factor so that they add up to what the slicer expects.

    Parameters
    ----------
    content
        G-code.
    total_s
        Time of the moves, above zero; by default what the slicer wrote into the file,
        and where it wrote nothing the bare estimate. [s]
    heatup_s
        Heat-up before the first move, zero or more. Slicers leave it out. [s]

    Raises
    ------
    InvalidInput
        When a time is out of range.
    """
    report = check_gcode(content, _ANY)
    if total_s is None:
        total_s = expected_s(content) or report.estimated_s
    if not (0 <= total_s < inf and 0 <= heatup_s < inf):
        raise InvalidInput(f"times of {total_s} s and {heatup_s} s: must be in range")
    stretch = total_s / report.estimated_s if report.estimated_s > 0 else 1.0
    return _laid_out(report, total_s=total_s, heatup_s=heatup_s, stretch=stretch)


def _laid_out(
    report: GateReport, *, total_s: float, heatup_s: float, stretch: float
) -> Timeline:
    def first(heater: str) -> float:
        before = [
            step.degc
            for step in report.heats
            if step.heater == heater
            and (not report.layers or step.start_s <= report.layers[0].start_s)
        ]
        return max(before, default=0.0)

    return Timeline(
        heatup_s=heatup_s,
        moves_s=total_s,
        layer_starts_s=tuple(
            heatup_s + stretch * layer.start_s for layer in report.layers
        ),
        heat_steps=tuple(
            (heatup_s + stretch * step.start_s, step.heater, step.degc)
            for step in report.heats
        ),
        first_nozzle_degc=first("nozzle"),
        first_bed_degc=first("bed"),
        max_bed_degc=report.max_bed_degc,
        fan_steps=tuple(
            (heatup_s + stretch * step.start_s, step.fraction) for step in report.fans
        ),
    )
