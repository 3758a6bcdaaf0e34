"""What a machine draws: heating up, printing, waiting."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

SECONDS_PER_HOUR = 3600.0

#: Spread of the mean power between builds on one machine, 80 % interval. Measured
#: means of three Ender-3 runs lie within 5 % (79.6, 80.3, 83.9 W), but an insulated
#: bed drew 23 % less and rooms differ; widened, assumed.
POWER_LOW_FACTOR, POWER_HIGH_FACTOR = 0.80, 1.20

#: Efficiency of a 24 V supply between plug and machine. Assumed: data sheets of such
#: supplies state 85 to 90 %; the measured logs are of the 24 V side.
SUPPLY_EFFICIENCY_FRACTION = 0.88

#: Room temperature behind the bed's duty. Assumed. [degC]
ROOM_DEGC = 22.0


@dataclass(frozen=True, slots=True)
class MachinePower:
    """Power of a machine in its states, at the plug.

    A printer's bed switches on and off through the whole build, so the mean power of
    printing is the base plus the bed at its duty, and the peak may come at any time.

    Parameters
    ----------
    machine_model
        Whose figures these are.
    idle_w
        Waiting, heaters off. [W]
    base_w
        Motors, electronics and hot end while printing, mean. [W]
    bed_w
        The bed while it is switched on. [W]
    bed_duty_fraction
        Share of the printing time that the bed is on, 0..1.
    bed_degc
        Bed temperature that the duty speaks of. [degC]
    heatup_wh
        Energy from cold to the first line. [Wh]
    heatup_s
        Time from cold to the first line, homing and levelling included. [s]
    peak_w
        The most it draws at once. [W]
    source
        Where the figures come from.
    assumed
        True unless they were measured.

    Raises
    ------
    InvalidInput
        When a figure is below zero, or the duty is above one.
    """

    machine_model: str
    idle_w: float
    base_w: float
    bed_w: float
    bed_duty_fraction: float
    bed_degc: float
    heatup_wh: float
    heatup_s: float
    peak_w: float
    source: str
    assumed: bool = True

    def __post_init__(self) -> None:
        figures = (
            self.idle_w,
            self.base_w,
            self.bed_w,
            self.heatup_wh,
            self.heatup_s,
            self.peak_w,
        )
        if not all(figure >= 0 for figure in figures):
            raise InvalidInput(f"power of {self.machine_model}: must be zero or more")
        if not 0 <= self.bed_duty_fraction <= 1:
            raise InvalidInput(
                f"power of {self.machine_model}: bed duty {self.bed_duty_fraction} "
                "must be in 0..1"
            )

    @property
    def printing_w(self) -> float:
        """Mean power while printing. [W]"""
        return self.base_w + self.bed_w * self.bed_duty_fraction

    def at_bed(self, bed_degc: float) -> MachinePower:
        """Give the power with another bed temperature.

        Losses grow with the bed's excess over the room (Newton's law of cooling), so
        the duty and the bed's part of the heat-up grow with it; the duty ends at 1.
        """
        ratio = max(bed_degc - ROOM_DEGC, 0.0) / (self.bed_degc - ROOM_DEGC)
        return replace(
            self,
            bed_degc=bed_degc,
            bed_duty_fraction=min(1.0, self.bed_duty_fraction * ratio),
            heatup_wh=self.heatup_wh * ratio,
            heatup_s=self.heatup_s * max(1.0, ratio),
        )


def build_energy_wh(power: MachinePower, time_s: Estimate) -> Estimate:
    """Give the energy of one build at the plug, with its interval. [Wh]

    Parameters
    ----------
    power
        Of the machine, at this build's bed temperature.
    time_s
        From start to the machine being free, heat-up included. [s]
    """
    return Estimate(
        _energy_wh(power, time_s.value, 1.0),
        _energy_wh(power, time_s.low, POWER_LOW_FACTOR),
        _energy_wh(power, time_s.high, POWER_HIGH_FACTOR),
    )


def _energy_wh(power: MachinePower, time_s: float, factor: float) -> float:
    """Add the states: heat-up first, then printing for what is left of the time."""
    heating_fraction = min(1.0, time_s / power.heatup_s) if power.heatup_s else 1.0
    printing_h = max(0.0, time_s - power.heatup_s) / SECONDS_PER_HOUR
    heating_wh = power.heatup_wh * heating_fraction
    return factor * (heating_wh + power.printing_w * printing_h)


def _from_supply_side(
    machine_model: str,
    *,
    base_w: float,
    bed_w: float,
    bed_duty_fraction: float,
    heatup_wh: float,
    peak_w: float,
    source: str,
    assumed: bool = True,
) -> MachinePower:
    """Turn figures of the 24 V side into figures of the plug."""
    loss = 1 / SUPPLY_EFFICIENCY_FRACTION
    return MachinePower(
        machine_model=machine_model,
        idle_w=IDLE_W * loss,
        base_w=base_w * loss,
        bed_w=bed_w * loss,
        bed_duty_fraction=bed_duty_fraction,
        bed_degc=60.0,
        heatup_wh=heatup_wh * loss,
        heatup_s=HEATUP_S,
        peak_w=peak_w * loss,
        source=source,
        assumed=assumed,
    )


#: Electronics of a waiting printer, 24 V side. Assumed. [W]
IDLE_W = 3.0

#: From cold to the first line: heaters, homing, levelling. Assumed. [s]
HEATUP_S = 300.0

#: Means of three runs with the bed on are 79.6, 80.3 and 83.9 W, without bed 47.2 W,
#: peak 262 W; so the bed gives 215 W and is on for (80.3 - 47.2) / 215 = 15.4 % of the
#: time. Heat-up 17 Wh: allowance over the first ten minutes (13 to 16 Wh in all).
ENDER_3 = _from_supply_side(
    "Ender-3",
    base_w=47.2,
    bed_w=215.0,
    bed_duty_fraction=0.154,
    heatup_wh=17.0,
    peak_w=262.0,
    source="statistics of six measured 24 V side logs (Makers-project, Ender-3); "
    "bed set-point not recorded, taken as 60 degC; idle, heat-up time and supply "
    "efficiency assumed",
    assumed=False,
)

#: Bed about 200 W, hot end 40 W, 240 W supply: ratings. The maker states about 80 W
#: with PLA, which the duty is set to meet.
MK3S = _from_supply_side(
    "MK3S",
    base_w=40.0,
    bed_w=200.0,
    bed_duty_fraction=0.152,
    heatup_wh=16.0,
    peak_w=240.0,
    source="assumed from heater and supply ratings; duty so that the mean is 80 W "
    "at the plug with a 60 degC bed",
)

#: A bed of 180 x 180 mm has half the area of the MK3S's and a 160 W supply.
MINI = _from_supply_side(
    "MINI",
    base_w=40.0,
    bed_w=110.0,
    bed_duty_fraction=0.20,
    heatup_wh=10.0,
    peak_w=160.0,
    source="assumed from the 160 W supply and a bed scaled by its area from the MK3S",
)
