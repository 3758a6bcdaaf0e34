"""May a build start now on a battery: store the whole build first."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.vocabulary.errors import InvalidInput

#: Efficiency from battery to plug. Assumed.
OUT_FRACTION = 0.95

#: State of charge at which the load is cut off and the build is ruined.
CUTOFF_FRACTION = 0.10

#: Kept above the cut-off for what the estimate does not know.
SPARE_FRACTION = 0.05

#: A battery this full counts as full: a build larger than the battery starts then.
FULL_FRACTION = 0.98


@dataclass(frozen=True, slots=True)
class StartAdvice:
    """Whether a build may start, and why.

    Parameters
    ----------
    ok
        True when it may.
    reason
        For people, with the numbers.
    stored_whole
        True when the battery alone carries the build, whatever the sun does.
    """

    ok: bool
    reason: str
    stored_whole: bool = False


def may_start(
    battery_wh_stored: float,
    capacity_wh: float,
    job_wh: float,
    *,
    peak_w: float = 0.0,
    max_w: float = float("inf"),
    out_fraction: float = OUT_FRACTION,
    cutoff_fraction: float = CUTOFF_FRACTION,
    spare_fraction: float = SPARE_FRACTION,
) -> StartAdvice:
    """Advise on starting a build that must not be interrupted.

    The rule in simulated years: from a battery of two builds up it ruined none and
    lost about two in a hundred builds against knowing the weather. A build larger
    than the battery starts only when the battery is full, and says so.

    Parameters
    ----------
    battery_wh_stored, capacity_wh
        In the battery now, and when full. [Wh]
    job_wh
        The build at the plug; take the high end of its estimate. [Wh]
    peak_w, max_w
        Most the machine draws at once, most the site can give. [W]
    out_fraction
        Efficiency from battery to plug, above 0 to 1.
    cutoff_fraction, spare_fraction
        Kept in the battery, shares of its capacity.

    Raises
    ------
    InvalidInput
        When a figure is negative or not a number.
    """
    figures = (battery_wh_stored, capacity_wh, job_wh, peak_w, max_w)
    if not all(figure >= 0 for figure in figures):
        raise InvalidInput(f"reserve: {figures} must be zero or more")
    if not 0 < out_fraction <= 1:
        raise InvalidInput(f"reserve: efficiency {out_fraction} must be in 0..1")
    if peak_w > max_w:
        too_much = f"the machine draws up to {peak_w:.0f} W, the site gives {max_w:.0f}"
        return StartAdvice(ok=False, reason=f"{too_much} W")
    needed_wh = job_wh / out_fraction + (cutoff_fraction + spare_fraction) * capacity_wh
    have = f"{battery_wh_stored:.0f} of {capacity_wh:.0f} Wh stored"
    need = f"the build needs {needed_wh:.0f} Wh with reserve"
    if battery_wh_stored > needed_wh:
        return StartAdvice(ok=True, reason=f"{have}, {need}", stored_whole=True)
    if needed_wh < FULL_FRACTION * capacity_wh:
        return StartAdvice(ok=False, reason=f"{have}, {need}: wait for sun")
    if battery_wh_stored > FULL_FRACTION * capacity_wh:
        return StartAdvice(
            ok=True, reason=f"{have}: full, but {need}; the sun must carry the rest"
        )
    return StartAdvice(
        ok=False,
        reason=f"{have}, {need}, more than the battery holds: wait until it is full",
    )
