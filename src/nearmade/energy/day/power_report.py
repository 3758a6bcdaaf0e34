"""What a site's agent says of its electricity: now, the day behind, the day ahead.

The agent writes it into its snapshot with ``as_record``, the site's page reads it with
``report_from``. What an agent says is taken as it comes: a part that is missing or no
figure counts as not said, and the rest still stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, Final

from nearmade.energy.day.forecast_said import ForecastSaid, forecast_from

#: Longest trace that is read: a week of half hours.
MOST_STEPS: Final = 400
#: Shortest and longest step of a trace. [s]
STEPS_S: Final = (60.0, 7200.0)
#: An outlook begins within this of the end of the day behind.
APART: Final = timedelta(days=1)
#: No workshop draws more. [W]
MOST_W: Final = 1e7


@dataclass(frozen=True, slots=True)
class PowerTrace:
    """Battery, sun and machines step by step, behind or ahead of now.

    Parameters
    ----------
    starts_at
        Of the first step, aware.
    step_s
        Of each step. [s]
    battery_fraction
        Charge at each step, shape (n,), each in 0..1; ahead: in the middle case.
    pv_w, load_w
        From the panels and into the machines, shape (n,). [W]
    low_fraction, low_pv_w
        The same on the bad day that is decided by, shape (n,); empty behind. [W]
    """

    starts_at: datetime
    step_s: float
    battery_fraction: tuple[float, ...]
    pv_w: tuple[float, ...]
    load_w: tuple[float, ...]
    low_fraction: tuple[float, ...] = ()
    low_pv_w: tuple[float, ...] = ()

    @property
    def ends_at(self) -> datetime:
        """When the last step begins."""
        steps = max(0, len(self.battery_fraction) - 1)
        return self.starts_at + timedelta(seconds=self.step_s * steps)

    def as_record(self) -> dict[str, object]:
        """Give plain values, figures shortened to what a picture can show."""
        return {
            "starts_at": self.starts_at.isoformat(),
            "step_s": self.step_s,
            "battery_fraction": [round(v, 3) for v in self.battery_fraction],
            "pv_w": [round(v, 1) for v in self.pv_w],
            "load_w": [round(v, 1) for v in self.load_w],
            "low_fraction": [round(v, 3) for v in self.low_fraction],
            "low_pv_w": [round(v, 1) for v in self.low_pv_w],
        }


@dataclass(frozen=True, slots=True)
class PowerReport:
    """Everything an agent says of its site's electricity.

    Parameters
    ----------
    kind
        ``grid`` or ``solar``; other words are kept.
    at
        What the site's clock shows; a simulated day may run faster than ours. None:
        not said.
    battery_fraction, pv_w
        None on the grid or before the first look. [1], [W]
    load_w
        Into the machines now. [W]
    max_w, peak_w
        The most the site gives, and the most that runs may draw at once. None: not
        said. [W]
    cutoff_fraction, reserve_fraction
        Charge at which machines are cut off, and below which no build may let it fall.
        None: not said.
    past, ahead
        The day behind and the outlook. None: not said.
    decision
        What was decided last and why, in words; empty when nothing had to be.
    modelled
        True where sun and battery are a model, not meters.
    forecast
        What is foretold and how it has held. None: not said.
    """

    kind: str
    at: datetime | None = None
    battery_fraction: float | None = None
    pv_w: float | None = None
    load_w: float = 0.0
    max_w: float | None = None
    peak_w: float | None = None
    cutoff_fraction: float | None = None
    reserve_fraction: float | None = None
    past: PowerTrace | None = None
    ahead: PowerTrace | None = None
    decision: str = ""
    modelled: bool = False
    forecast: ForecastSaid | None = None

    def as_record(self) -> dict[str, object]:
        """Give plain values for the snapshot; what is not said is None."""
        return {
            "kind": self.kind,
            "at": None if self.at is None else self.at.isoformat(),
            "battery_fraction": _rounded(self.battery_fraction, 4),
            "pv_w": _rounded(self.pv_w, 1),
            "load_w": round(self.load_w, 1),
            "max_w": _rounded(self.max_w, 1),
            "peak_w": _rounded(self.peak_w, 1),
            "cutoff_fraction": _rounded(self.cutoff_fraction, 4),
            "reserve_fraction": _rounded(self.reserve_fraction, 4),
            "past": None if self.past is None else self.past.as_record(),
            "ahead": None if self.ahead is None else self.ahead.as_record(),
            "decision": self.decision,
            "modelled": self.modelled,
            "forecast": None if self.forecast is None else self.forecast.as_record(),
        }


def report_from(record: object) -> PowerReport:
    """Read what an agent said; nothing of it makes this fail."""
    said: Mapping[str, Any] = record if isinstance(record, Mapping) else {}
    decision = said.get("decision")
    past, ahead = _trace(said.get("past")), _trace(said.get("ahead"))
    if past and ahead and abs(ahead.starts_at - past.ends_at) > APART:
        ahead = None
    return PowerReport(
        kind=str(said.get("kind") or "grid")[:20],
        at=_moment(said.get("at")),
        battery_fraction=_fraction(said.get("battery_fraction")),
        pv_w=_figure(said.get("pv_w")),
        load_w=_figure(said.get("load_w")) or 0.0,
        max_w=_figure(said.get("max_w")),
        peak_w=_figure(said.get("peak_w")),
        cutoff_fraction=_fraction(said.get("cutoff_fraction")),
        reserve_fraction=_fraction(said.get("reserve_fraction")),
        past=past,
        ahead=ahead,
        decision=decision[:500] if isinstance(decision, str) else "",
        modelled=said.get("modelled") is True,
        forecast=forecast_from(said.get("forecast")),
    )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _figure(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return min(max(0.0, number), MOST_W) if isfinite(number) else None


def _fraction(value: object) -> float | None:
    number = _figure(value)
    return None if number is None else min(number, 1.0)


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        at = at.astimezone(UTC) if at.tzinfo else datetime.min.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return at if 1971 < at.year < 9000 else None


def _trace(value: object) -> PowerTrace | None:
    """Read a trace; None unless its three lines are figures of one length."""
    if not isinstance(value, Mapping):
        return None
    starts_at, step_s = _moment(value.get("starts_at")), _figure(value.get("step_s"))
    if starts_at is None:
        return None
    if step_s is None or not STEPS_S[0] <= step_s <= STEPS_S[1]:
        return None
    lines = {
        name: _line(value.get(name), top)
        for name, top in (
            ("battery_fraction", 1.0),
            ("pv_w", MOST_W),
            ("load_w", MOST_W),
            ("low_fraction", 1.0),
            ("low_pv_w", MOST_W),
        )
    }
    count = len(lines["battery_fraction"])
    if not 2 <= count <= MOST_STEPS:
        return None
    if len(lines["pv_w"]) != count or len(lines["load_w"]) != count:
        return None
    for name in ("low_fraction", "low_pv_w"):
        if len(lines[name]) != count:
            lines[name] = ()
    return PowerTrace(starts_at, step_s, **lines)


def _line(values: object, top: float) -> tuple[float, ...]:
    if not isinstance(values, list | tuple) or len(values) > MOST_STEPS:
        return ()
    figures = [_figure(value) for value in values]
    return tuple(min(f, top) for f in figures if f is not None)
