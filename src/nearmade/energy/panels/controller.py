"""Between panels and battery, and between battery and plug: controller and inverter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from nearmade.energy.panels.rows import (
    INVERTER_BEND,
    INVERTER_REFERENCE,
    INVERTER_REST,
    INVERTER_TOP,
)
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.compiled import compiled
from nearmade.vocabulary.errors import InvalidInput

#: Mean efficiency of a controller that seeks the panels' best point. Assumed; makers
#: tell a peak of 0.98.
MPPT_FRACTION: Final = 0.96

#: What a switch and its wires leave of the current. Assumed.
PWM_FRACTION: Final = 0.98

#: Change of voltage with the cells' temperature, crystalline silicon. Source: D. L.
#: King et al., SAND2004-3535, table 3, roundly. [1/K]
VOLTS_PER_KELVIN: Final = -0.0035


@dataclass(frozen=True, slots=True)
class Controller:
    """A charge controller.

    Parameters
    ----------
    kind
        ``mppt`` seeks the panels' best point; ``pwm`` ties them to the battery's
        voltage.
    max_w
        The most it passes on. [W]
    efficiency_fraction
        Of what it takes, above 0 to 1; usual for its kind when None.
    battery_v
        While charging, for ``pwm``. [V]
    panel_v, open_v
        Of the panels at their best point and without load at 25 degC, for ``pwm``. A
        panel of 36 cells has 18 and 22, made for batteries of 12 V. [V]

    Raises
    ------
    InvalidInput
        When the kind is unknown or a figure is out of range.
    """

    kind: str = "mppt"
    max_w: float = math.inf
    efficiency_fraction: float | None = None
    battery_v: float = 13.5
    panel_v: float = 18.0
    open_v: float = 22.0

    def __post_init__(self) -> None:
        if self.kind not in {"mppt", "pwm"}:
            raise InvalidInput(f"controller: {self.kind!r} is neither mppt nor pwm")
        share = self.efficiency_fraction
        if not (share is None or 0 < share <= 1) or not self.max_w >= 0:
            raise InvalidInput(f"controller: {share} or {self.max_w} W out of range")
        if self.kind == "pwm" and not self.battery_v < self.open_v:
            raise InvalidInput(
                f"controller: panels of {self.open_v:g} V open do not charge a battery "
                f"of {self.battery_v:g} V through pwm",
                remedy="mend open_v and battery_v, or take mppt",
            )
        if not 0 < self.panel_v < self.open_v < math.inf or not self.battery_v > 0:
            raise InvalidInput("controller: voltages must grow from best point to open")

    @property
    def passed_fraction(self) -> float:
        """What it leaves of what it takes."""
        if self.efficiency_fraction is not None:
            return self.efficiency_fraction
        return MPPT_FRACTION if self.kind == "mppt" else PWM_FRACTION


def delivered_w(controller: Controller, panel_w: Array, cell_degc: Array) -> Array:
    """Give what reaches the battery's terminals, shape (n,). [W]

    Tied to the battery, panels give about the current of their best point, at the
    battery's voltage; near the open voltage of hot panels the current falls to none.

    Parameters
    ----------
    controller
        The controller.
    panel_w
        What the panels give at their best point. [W]
    cell_degc
        Of their cells. [degC]
    """
    power = panel_w * controller.passed_fraction
    if controller.kind == "pwm":
        warm = np.maximum(0.1, 1 + VOLTS_PER_KELVIN * (cell_degc - 25.0))
        best, empty = controller.panel_v * warm, controller.open_v * warm
        volts = controller.battery_v
        current = np.clip((empty - volts) / (empty - best), 0.0, 1.0)
        power = power * current * volts / best
    out: Array = np.minimum(power, controller.max_w)
    return out


@dataclass(frozen=True, slots=True)
class Inverter:
    """An inverter between battery and plug.

    Parameters
    ----------
    rated_w
        The most it gives. [W]
    efficiency_fraction
        Nominal, above 0 to 0.99.

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """

    rated_w: float
    efficiency_fraction: float = 0.92

    def __post_init__(self) -> None:
        if not 0 < self.rated_w < math.inf:
            raise InvalidInput(f"inverter: {self.rated_w} W must be above zero")
        if not 0 < self.efficiency_fraction <= 0.99:
            raise InvalidInput(
                f"inverter: {self.efficiency_fraction} must be in 0..0.99"
            )


@compiled
def drawn_w(load_w: float, rated_w: float, efficiency: float) -> float:
    """Give what an inverter draws from the battery for a load at its plug. [W]

    The inverse of the part-load curve of ``panel_rows``: idle it draws some 0.6 % of
    its rating. A load above the rating is not served: it draws as at its rating.
    """
    scale = efficiency / INVERTER_REFERENCE
    full = rated_w / efficiency
    bend = INVERTER_BEND * scale / full
    slope = INVERTER_TOP * scale
    rest = INVERTER_REST * scale * full - min(load_w, rated_w)
    root = math.sqrt(max(0.0, slope * slope - 4.0 * bend * rest))
    return (root - slope) / (2.0 * bend)
