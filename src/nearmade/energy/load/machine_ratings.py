"""Heaters and supplies of common machines, and what they draw by them.

Ratings are from makers' data sheets where these state them; what they leave open is
taken from like machines and marked so. One machine, the Ender-3, was measured; its
losses carry the duty of every other bed.
"""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.energy.load.machine_power import (
    ENDER_3,
    IDLE_W,
    MINI,
    MK3S,
    SECONDS_PER_HOUR,
    SUPPLY_EFFICIENCY_FRACTION,
    MachinePower,
)

#: Motors and electronics in motion. Measured: Ender-3, mean of the run without heaters
#: 16.4 W on the 24 V side. [W]
MOTION_W = 16.4

#: Mean of a hot end while printing. Measured: Ender-3, 47.2 W without the bed less the
#: 16.4 W of motion. [W]
HOT_END_MEAN_W = 30.8

#: What a bed at 60 degC loses for each square millimetre. Measured: Ender-3, 33.1 W of
#: 235 x 235 mm. [W/mm2]
BED_LOSS_W_PER_MM2 = 33.1 / 235**2

#: Heat-up for each square millimetre of bed. Measured: Ender-3, 17 Wh of 235 x 235 mm.
#: [Wh/mm2]
BED_HEATUP_WH_PER_MM2 = 17.0 / 235**2

#: Homing and levelling, added to the time that the heaters need. Assumed. [s]
HOMING_S = 60.0


@dataclass(frozen=True, slots=True)
class Rating:
    """What a machine's heaters and supply are rated for.

    Parameters
    ----------
    machine_model
        Whose figures these are.
    bed_w, hot_end_w
        Heaters while switched on. [W]
    supply_w
        The most the machine takes. [W]
    bed_mm
        Heated plate along x and y. [mm]
    source
        Where the figures come from.
    """

    machine_model: str
    bed_w: float
    hot_end_w: float
    supply_w: float
    bed_mm: tuple[float, float]
    source: str


def power_of(rating: Rating) -> MachinePower:
    """Give a machine's power at a bed of 60 degC from its ratings.

    Losses and heat-up are the measured Ender-3's, scaled by the area of the plate.
    """
    area_mm2 = rating.bed_mm[0] * rating.bed_mm[1]
    loss = 1 / SUPPLY_EFFICIENCY_FRACTION
    heatup_wh = BED_HEATUP_WH_PER_MM2 * area_mm2
    heating_w = rating.bed_w + rating.hot_end_w
    return MachinePower(
        machine_model=rating.machine_model,
        idle_w=IDLE_W * loss,
        base_w=(MOTION_W + HOT_END_MEAN_W) * loss,
        bed_w=rating.bed_w * loss,
        bed_duty_fraction=min(1.0, BED_LOSS_W_PER_MM2 * area_mm2 / rating.bed_w),
        bed_degc=60.0,
        heatup_wh=heatup_wh * loss,
        heatup_s=HOMING_S + heatup_wh / heating_w * SECONDS_PER_HOUR,
        peak_w=max(rating.supply_w, heating_w) * loss,
        source=f"{rating.source}; duty and heat-up by the plate's area from the "
        "measured Ender-3, supply efficiency assumed",
    )


_SHEET = "supply as the maker states it, heaters assumed"
_LIKE = "assumed from machines of the same size"
_MAINS = "bed on mains power as the maker states it, the rest assumed"

RATINGS = (
    Rating("MK2.5S", 120, 40, 240, (250, 210), _SHEET),
    Rating("MK4", 200, 40, 240, (250, 210), _SHEET),
    Rating("Ender-3 V2", 220, 40, 350, (235, 235), _SHEET),
    Rating("Ender-3 S1", 220, 40, 350, (235, 235), _SHEET),
    Rating("Ender-3 Max", 290, 40, 350, (310, 310), _SHEET),
    Rating("Ender-3 V3 SE", 220, 60, 350, (235, 235), _SHEET),
    Rating("Ender-5", 220, 40, 350, (235, 235), _SHEET),
    Rating("Ender-5 Plus", 430, 40, 500, (370, 370), _SHEET),
    Rating("CR-10", 240, 40, 360, (310, 310), _SHEET),
    Rating("CR-6 SE", 230, 40, 350, (245, 245), _SHEET),
    Rating("K1", 280, 60, 350, (235, 235), _SHEET),
    Rating("i3 Mega S", 170, 40, 300, (220, 220), _SHEET),
    Rating("4Max Pro 2.0", 200, 40, 360, (280, 220), _LIKE),
    Rating("Kobra 2", 250, 60, 400, (230, 230), _SHEET),
    Rating("Sidewinder X1", 400, 50, 600, (310, 310), _MAINS),
    Rating("Genius", 250, 50, 500, (230, 230), _MAINS),
    Rating("Neptune 2", 220, 40, 360, (235, 235), _LIKE),
    Rating("Neptune 3", 220, 40, 360, (235, 235), _LIKE),
    Rating("LulzBot Mini", 150, 40, 250, (170, 170), _LIKE),
    Rating("TAZ 6", 360, 40, 500, (300, 300), _SHEET),
    Rating("V-Core 3 300", 600, 50, 950, (310, 310), _MAINS),
    Rating("Snapmaker A250", 220, 40, 320, (240, 260), _SHEET),
    Rating("Snapmaker A350", 260, 40, 320, (330, 360), _SHEET),
    Rating("Ultimaker 2", 150, 25, 221, (230, 225), _SHEET),
    Rating("Voron 0", 60, 50, 150, (120, 120), _LIKE),
    Rating("Voron 2.4 250", 375, 50, 575, (255, 255), _LIKE),
    Rating("Voron 2.4 300", 540, 50, 740, (305, 305), _LIKE),
    Rating("Voron 2.4 350", 735, 50, 935, (355, 355), _LIKE),
    Rating("X1 Carbon", 850, 50, 1000, (256, 256), _SHEET),
    Rating("P1S", 850, 50, 1000, (256, 256), _SHEET),
    Rating("A1 mini", 80, 45, 150, (180, 180), _SHEET),
)

#: Power by machine model: those measured or set by hand, and those rated.
MACHINE_POWERS = {
    power.machine_model: power
    for power in (ENDER_3, MK3S, MINI, *map(power_of, RATINGS))
}
