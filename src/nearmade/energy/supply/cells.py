"""Chemistries of batteries: how they charge, what cold does, how they grow old."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery
from nearmade.vocabulary.compiled import compiled
from nearmade.vocabulary.errors import InvalidInput

KELVIN: Final = 273.15
DAYS_PER_YEAR: Final = 365.0
SECONDS_PER_DAY: Final = 86_400

#: A battery is worn out with this share of its first capacity. Source: makers' tables
#: of cycles count to here.
WORN_FRACTION: Final = 0.8


@dataclass(frozen=True, slots=True)
class Curve:
    """Voltage of a cell at rest over its charge.

    Parameters
    ----------
    full_v, knee_v, nominal_v
        When full, where the first steep fall ends, where the last begins. [V]
    knee_fraction, nominal_fraction
        Charge taken out there, shares of the whole.

    References
    ----------
    .. [1] O. Tremblay, L.-A. Dessaint, Experimental validation of a battery dynamic
       model for EV applications, World Electric Vehicle Journal 3 (2), 2009,
       doi:10.3390/wevj3020289.
    """

    full_v: float
    knee_v: float
    nominal_v: float
    knee_fraction: float
    nominal_fraction: float

    def __post_init__(self) -> None:
        if not self.full_v >= self.knee_v >= self.nominal_v > 0:
            raise InvalidInput("cell: voltages must fall from full to nominal")
        if not 0 < self.knee_fraction < self.nominal_fraction < 1:
            raise InvalidInput("cell: charges must grow from the knee to nominal")

    def volts(self, charge_fraction: Array) -> Array:
        """Give the voltage at rest, shape (n,). [V]"""
        out = 1.0 - np.clip(charge_fraction, 1e-4, 1.0)
        steep = self.full_v - self.knee_v
        rate = 3.0 / self.knee_fraction
        dropped = steep * (math.exp(-rate * self.nominal_fraction) - 1)
        bend = (
            (self.full_v - self.nominal_v + dropped)
            * (1 - self.nominal_fraction)
            / self.nominal_fraction
        )
        start = self.full_v + bend - steep
        volts: Array = start - bend / (1 - out) + steep * np.exp(-rate * out)
        return np.maximum(volts, 0.0)

    def energy_fraction(self, charge_fraction: Array) -> Array:
        """Give the share of energy that a share of charge holds, shape (n,)."""
        charge, energy = self._table()
        return np.interp(charge_fraction, charge, energy)

    def charge_fraction(self, energy_fraction: Array) -> Array:
        """Give the state of charge, as a battery's own display tells, shape (n,)."""
        charge, energy = self._table()
        return np.interp(energy_fraction, energy, charge)

    def _table(self) -> tuple[Array, Array]:
        charge = np.linspace(0.0, 1.0, 2001)
        volts = self.volts(charge)
        energy = np.concatenate(([0.0], np.cumsum((volts[1:] + volts[:-1]) / 2)))
        return charge, energy / energy[-1]


@dataclass(frozen=True, slots=True)
class Chemistry:
    """What batteries of one kind have in common.

    Parameters
    ----------
    name
        For people.
    charge_fraction
        Of the energy that flows in, what stays, inner resistance aside.
    loss_hours
        Share of power lost to inner resistance at a power that would empty the
        battery in one hour. [h]
    max_charge_per_h, max_discharge_per_h
        Most power as a share of capacity. [1/h]
    cutoff_fraction, reconnect_fraction
        Of energy, where the load is cut off and comes back.
    peukert, rated_hours, taper_fraction, cold_per_kelvin, no_charge_below_degc
        As in ``Battery``.
    self_loss_per_month
        Share lost in 30 days at rest.
    cycles
        How often it can be emptied by a share before it is worn, by that share.
    calendar
        Loss by age for roots of days: factor [1/d^0.5], its temperature [K] and its
        temperature by charge [K]; None when ``life_years`` counts.
    making_kgco2e_per_kwh
        Of its making, for each kWh that it can hold: likely, least and most.
        [kgCO2e/kWh]
    life_years
        Time to be worn by age alone at 20 degC, halved by each 10 K more. [a]
    """

    name: str
    charge_fraction: float
    loss_hours: float
    max_charge_per_h: float
    max_discharge_per_h: float
    cutoff_fraction: float
    reconnect_fraction: float
    peukert: float
    rated_hours: float
    taper_fraction: float
    cold_per_kelvin: float
    no_charge_below_degc: float
    self_loss_per_month: float
    cycles: tuple[tuple[float, float], ...]
    making_kgco2e_per_kwh: tuple[float, float, float]
    calendar: tuple[float, float, float] | None = None
    life_years: float = math.inf
    curve: Curve = field(default=Curve(3.4, 3.35, 3.2, 0.03, 0.9))

    def battery(self, capacity_wh: float) -> Battery:
        """Give a new battery of this kind."""
        return Battery(
            capacity_wh,
            charge_fraction=self.charge_fraction,
            discharge_fraction=1.0,
            max_charge_w=capacity_wh * self.max_charge_per_h,
            max_discharge_w=capacity_wh * self.max_discharge_per_h,
            cutoff_fraction=self.cutoff_fraction,
            reconnect_fraction=self.reconnect_fraction,
            loss_per_w=self.loss_hours / capacity_wh if capacity_wh > 0 else 0.0,
            peukert=self.peukert,
            rated_hours=self.rated_hours,
            taper_fraction=self.taper_fraction,
            cold_per_kelvin=self.cold_per_kelvin,
            no_charge_below_degc=self.no_charge_below_degc,
            self_loss_per_month=self.self_loss_per_month,
        )


#: Lithium iron phosphate. Sources: losses as in PySAM's BatteryStateful (0.2 % to 1 %
#: from one hour's power to the next) rounded up; powers, cold and cycles of the Victron
#: Lithium Battery 12.8 V Smart data sheet (charge 0.5C above 5 degC, discharge 1C;
#: 2500, 3000, 5000 cycles at 80, 70, 50 %); cut-off of CubeFactory2 (90 % depth); cold
#: of the table that SAM takes for the chemistry; age of SAM, NREL/TP-6A20-64641, 2015,
#: with PySAM's figures for this chemistry; self-discharge, at most 3 % a month, of the
#: sheet of a block of 12.8 V and 100 Ah (CZ52F7B48). Victron's sheet was read on
#: https://victronenergy.com/media/pg/Lithium_Battery_Smart/en/technical-data.html: it
#: tells 92 % there and back too, and 80 % of the capacity at 0 degC; both are less than
#: taken here. Making: 3061 kg for 28 kWh in China (H. Hao et al., Sustainability 9 (4),
#: 504, 2017, doi:10.3390/su9040504); from and to the quartiles of 50 studies of
#: lithium-ion packs, median 120 (C. Aichberger, G. Jungmeier, Energies 13 (23), 6345,
#: 2020, doi:10.3390/en13236345).
LITHIUM_IRON_PHOSPHATE: Final = Chemistry(
    name="lithium iron phosphate",
    charge_fraction=0.99,
    loss_hours=0.01,
    max_charge_per_h=0.5,
    max_discharge_per_h=1.0,
    cutoff_fraction=0.10,
    reconnect_fraction=0.20,
    peukert=1.0,
    rated_hours=5.0,
    taper_fraction=0.98,
    cold_per_kelvin=0.005,
    no_charge_below_degc=5.0,
    self_loss_per_month=0.03,
    cycles=((0.5, 5000.0), (0.7, 3000.0), (0.8, 2500.0)),
    making_kgco2e_per_kwh=(109.0, 70.0, 175.0),
    calendar=(0.0033143, -3191.0, 389.7),
)

#: Lead-acid, sealed (AGM). Sources: J. W. Stevens, G. P. Corey, A study of lead-acid
#: battery efficiency near top-of-charge, IEEE PVSC 1996 (91 % on average, less towards
#: full); Victron Gel and AGM Batteries data sheet (charge 0.2C; 1500, 600, 400 cycles
#: at 30, 50, 80 %); Victron, Energy Unlimited, 2.5.9 and 2.5.10, read on
#: https://university.safiery.com/view/116822/20 (AGM: 8 years at 20 degC, 4 at 30;
#: loses 3 % a month); IEEE 485 table 1 (1.30 times the cells at 4.4 degC); Peukert's
#: exponent as makers of AGM tell, 1.1 to 1.15. Inner loss assumed. Making assumed: some
#: 31 MJ for each kg, 35 Wh/kg and 0.08 kg/MJ; recycled lead makes it range widely.
LEAD_ACID: Final = Chemistry(
    name="lead-acid",
    charge_fraction=0.88,
    loss_hours=0.25,
    max_charge_per_h=0.2,
    max_discharge_per_h=0.5,
    cutoff_fraction=0.50,
    reconnect_fraction=0.60,
    peukert=1.15,
    rated_hours=20.0,
    taper_fraction=0.80,
    cold_per_kelvin=0.011,
    no_charge_below_degc=-20.0,
    self_loss_per_month=0.03,
    cycles=((0.3, 1500.0), (0.5, 600.0), (0.8, 400.0)),
    making_kgco2e_per_kwh=(70.0, 30.0, 150.0),
    life_years=8.0,
    curve=Curve(2.15, 2.12, 1.95, 0.03, 0.85),
)

#: Those that can be named in a site's record.
CHEMISTRIES: Final = {"lifepo4": LITHIUM_IRON_PHOSPHATE, "lead-acid": LEAD_ACID}


@compiled
def _swings(series: Array, ranges: Array, counts: Array) -> int:
    """Fill in the depths of cycles and how often each (0.5 or 1); give how many.

    The series holds turning points only.

    References
    ----------
    .. [1] ASTM E1049-85, Standard practices for cycle counting in fatigue analysis,
       5.4.4 (rainflow).
    """
    stack = np.empty(len(series))
    top, found = 0, 0
    for value in series:
        stack[top] = value
        top += 1
        while top >= 3:
            newer = abs(stack[top - 1] - stack[top - 2])
            older = abs(stack[top - 2] - stack[top - 3])
            if newer < older:
                break
            ranges[found] = older
            if top == 3:
                counts[found] = 0.5
                stack[0], stack[1] = stack[1], stack[2]
                top = 2
            else:
                counts[found] = 1.0
                stack[top - 3] = stack[top - 1]
                top -= 2
            found += 1
    for at in range(top - 1):
        ranges[found] = abs(stack[at + 1] - stack[at])
        counts[found] = 0.5
        found += 1
    return found


def swings(series: Array) -> tuple[Array, Array]:
    """Give the depths of the cycles of a series, and how often each, shapes (m,)."""
    values = np.asarray(series, dtype=np.float64)
    moved = values[np.concatenate(([True], np.diff(values) != 0))]
    turns = np.sign(np.diff(moved))
    inner = turns[1:] != turns[:-1]
    ends = np.ones(min(1, len(turns)), dtype=bool)
    points = moved[np.concatenate(([True], inner, ends))]
    ranges, counts = np.empty(len(points)), np.empty(len(points))
    found = _swings(points, ranges, counts)
    return ranges[:found], counts[:found]


def cycle_wear_fraction(chemistry: Chemistry, charge: Array) -> float:
    """Give the share of a battery's cycles that a course of charge used up.

    Each cycle uses as much as one of how many there are at its depth (Palmgren and
    Miner). Depths between those of the table lie on a straight line of logarithms.

    Parameters
    ----------
    chemistry
        Of the battery.
    charge
        State of charge, 0..1, step by step, shape (n,).
    """
    if len(charge) < 2:
        return 0.0
    depths, counts = swings(charge)
    seen = depths > 1e-6
    if not seen.any():
        return 0.0
    return float((counts[seen] / _cycles_at(chemistry, depths[seen])).sum())


def _cycles_at(chemistry: Chemistry, depths: Array) -> Array:
    """Give how often a battery can be emptied so far before it is worn, shape (n,)."""
    known = np.log(np.array(chemistry.cycles))
    slopes = np.diff(known[:, 1]) / np.diff(known[:, 0])
    deep = np.log(depths)
    life = np.interp(deep, known[:, 0], known[:, 1])
    below, above = deep < known[0, 0], deep > known[-1, 0]
    life[below] = known[0, 1] + slopes[0] * (deep[below] - known[0, 0])
    life[above] = known[-1, 1] + slopes[-1] * (deep[above] - known[-1, 0])
    cycles: Array = np.exp(life)
    return cycles


def making_gco2e_per_kwh(chemistry: Chemistry) -> tuple[float, float, float]:
    """Give a battery's making for each kWh that it gives: likely, least and most.

    Spread over all that it gives when it is emptied to its cut-off until it is worn
    out. One that stands idle, or dies of age first, takes more. [gCO2e/kWh]

    Parameters
    ----------
    chemistry
        Of the battery.
    """
    depth = 1.0 - chemistry.cutoff_fraction
    cycles = float(_cycles_at(chemistry, np.array([depth]))[0])
    likely, least, most = (
        each * 1000.0 / (cycles * depth) for each in chemistry.making_kgco2e_per_kwh
    )
    return likely, least, most


def age_loss_fraction(
    chemistry: Chemistry, years: float, degc: float, charge_fraction: float
) -> float:
    """Give the share of capacity lost by age alone.

    Parameters
    ----------
    chemistry
        Of the battery.
    years
        Zero or more. [a]
    degc
        Mean temperature of the battery. [degC]
    charge_fraction
        Mean state of charge, 0..1.

    References
    ----------
    .. [1] N. DiOrio et al., Technoeconomic modeling of battery energy storage in SAM,
       NREL/TP-6A20-64641, 2015.
    """
    if not (years >= 0 and -50 <= degc <= 100 and 0 <= charge_fraction <= 1):
        raise InvalidInput(
            f"battery: {years} a at {degc} degC and {charge_fraction} of charge"
        )
    if chemistry.calendar is None:
        halves = math.pow(2.0, (degc - 20.0) / 10.0)
        return min(1.0, (1 - WORN_FRACTION) * years * halves / chemistry.life_years)
    factor, hot, charged = chemistry.calendar
    kelvin = degc + KELVIN
    rate = factor * math.exp(hot * (1 / kelvin - 1 / 296.0))
    rate *= math.exp(charged * (charge_fraction / kelvin - 1 / 296.0))
    return min(1.0, rate * math.sqrt(years * DAYS_PER_YEAR))


def health_after(
    chemistry: Chemistry,
    charge: Array,
    step_s: int,
    *,
    degc: float,
    years: float | None = None,
) -> float:
    """Give the capacity left when a course of charge has been lived through.

    Age and cycles add up.

    Parameters
    ----------
    chemistry
        Of the battery.
    charge
        State of charge, 0..1, step by step, shape (n,).
    step_s
        Length of a step. [s]
    degc
        Mean temperature of the battery. [degC]
    years
        The course repeated for so long; once when None. [a]

    Returns
    -------
    float
        Share of the first capacity, 0..1.
    """
    once = len(charge) * step_s / SECONDS_PER_DAY / DAYS_PER_YEAR
    lived = once if years is None else years
    if not (len(charge) and step_s > 0 and lived >= 0):
        raise InvalidInput(f"battery: {len(charge)} steps of {step_s} s, {years} a")
    worn = cycle_wear_fraction(chemistry, charge) * lived / once
    aged = age_loss_fraction(chemistry, lived, degc, float(charge.mean()))
    return max(0.0, 1.0 - aged - (1 - WORN_FRACTION) * worn)


def life_years(
    chemistry: Chemistry, charge: Array, step_s: int, *, degc: float
) -> float:
    """Give how long a battery lasts when a course of charge repeats; at most 30. [a]"""
    low, high = 0.0, 30.0
    if health_after(chemistry, charge, step_s, degc=degc, years=high) > WORN_FRACTION:
        return high
    for _ in range(40):
        middle = (low + high) / 2
        left = health_after(chemistry, charge, step_s, degc=degc, years=middle)
        low, high = (middle, high) if left > WORN_FRACTION else (low, middle)
    return high
