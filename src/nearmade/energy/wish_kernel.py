"""The compiled year of one site and many sizes: sun, battery, machines, daily wish."""

from __future__ import annotations

from typing import Final

import numpy as np

from nearmade.energy.bus import CUTOFF_FRACTION, FULL_WH, MAX_DISCHARGE_W, bus_step
from nearmade.energy.sun import Array
from nearmade.vocabulary.compiled import compiled

# What is noted of each day.
MADE: Final = 0
RUINED: Final = 1
STORED_END: Final = 2
STORED_LEAST: Final = 3
SUN_WH: Final = 4
SERVED_WH: Final = 5
UNMET_WH: Final = 6
CURTAILED_WH: Final = 7
LOST_WH: Final = 8
GRID_WH: Final = 9
GENERATOR_WH: Final = 10
GENERATOR_H: Final = 11
STARTED: Final = 12
DAY_FIGURES: Final = 13

# Figures of the rule and of the machines, in one row.
MACHINES: Final = 0
JOBS_A_DAY: Final = 1
OPEN_STEP: Final = 2
CLOSE_STEP: Final = 3
REST_W: Final = 4
JOB_WH: Final = 5
OUT_FRACTION: Final = 6
KEPT_FRACTION: Final = 7
FULL_ENOUGH: Final = 8
PEAK_W: Final = 9
STEP_H: Final = 10
FIRST_FRACTION: Final = 11
WORK_FIGURES: Final = 12


@compiled
def reserve_lets_start(
    stored_wh: float, left_wh: float, full: float, bus: Array, work: Array
) -> bool:
    """Tell whether the whole job and what runs is stored; the rule of ``reserve``."""
    kept = (bus[CUTOFF_FRACTION] + work[KEPT_FRACTION]) * full
    needed = (left_wh + work[JOB_WH]) / work[OUT_FRACTION] + kept
    if stored_wh > needed:
        return True
    return needed >= work[FULL_ENOUGH] * full and stored_wh > work[FULL_ENOUGH] * full


@compiled
def run_year(
    days: Array,
    unit_w: Array,
    panel_wp: float,
    bus: Array,
    grid_w: Array,
    battery_degc: Array,
    job_w: Array,
    work: Array,
) -> None:
    """Run one size through the year; note each day's figures.

    Machines that stand ready start, one at each step, while the day's wish is open, the
    job ends before closing, and stored energy, grid or generator carry it. When the
    load is cut off, all that runs is ruined.

    Parameters
    ----------
    days
        Filled, shape (days, 13).
    unit_w
        Of one watt-peak, shape (n,). [W]
    panel_wp
        How many. [Wp]
    bus
        Of ``battery.bus_row``.
    grid_w, battery_degc
        What the grid can give at the battery; its warmth, shape (n,). [W], [degC]
    job_w
        What a job draws above rest, step by step, at the battery. [W]
    work
        Shape (12,).
    """
    step_h = work[STEP_H]
    per_day = round(24.0 / step_h)
    length = len(job_w)
    machines = int(work[MACHINES])
    done = np.full(machines, -1, np.int64)  # steps done; -1 stands ready
    left_after = np.zeros(length + 1)
    for at in range(length - 1, -1, -1):
        left_after[at] = left_after[at + 1] + job_w[at] * step_h
    high = work[JOB_WH] / max(left_after[0], 1e-12)
    full = bus[FULL_WH]
    stored = work[FIRST_FRACTION] * full
    connected, running = True, False
    for step in range(len(unit_w)):
        day = step // per_day
        of_day = step - day * per_day
        note = days[day]
        if of_day == 0:
            note[STORED_LEAST] = 1.0
        load = work[REST_W]
        left_wh = 0.0
        busy = 0
        for m in range(machines):
            if done[m] >= 0:
                load += job_w[done[m]]
                left_wh += high * left_after[done[m]]
                busy += 1
        if (
            busy < machines
            and connected
            and of_day >= work[OPEN_STEP]
            and of_day + length <= work[CLOSE_STEP]
            and note[MADE] + busy < work[JOBS_A_DAY]
        ):
            peak = (busy + 1) * work[PEAK_W] + work[REST_W]
            outside = grid_w[step]
            if running:
                outside += bus[16]
            fits = peak <= bus[MAX_DISCHARGE_W] + outside
            if fits and (
                outside >= peak or reserve_lets_start(stored, left_wh, full, bus, work)
            ):
                for m in range(machines):
                    if done[m] < 0:
                        done[m] = 0
                        break
                load += job_w[0]
                note[STARTED] += 1
        sun_w = unit_w[step] * panel_wp
        stored, connected, running, served, curtailed, lost, grid, made = bus_step(
            stored,
            connected,
            running,
            sun_w,
            load,
            grid_w[step],
            battery_degc[step],
            step_h,
            bus,
        )
        cut = served < load * step_h * (1.0 - 1e-6)
        for m in range(machines):
            if done[m] < 0:
                continue
            if cut:
                done[m] = -1
                note[RUINED] += 1
            else:
                done[m] += 1
                if done[m] == length:
                    done[m] = -1
                    note[MADE] += 1
        note[STORED_LEAST] = min(note[STORED_LEAST], stored / full if full else 0.0)
        note[STORED_END] = stored / full if full else 0.0
        note[SUN_WH] += sun_w * step_h
        note[SERVED_WH] += served
        note[UNMET_WH] += load * step_h - served
        note[CURTAILED_WH] += curtailed
        note[LOST_WH] += lost
        note[GRID_WH] += grid
        note[GENERATOR_WH] += made
        if made > 0.0:
            note[GENERATOR_H] += step_h
