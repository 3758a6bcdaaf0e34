"""A month of forecasts as a picture: what was foretold each day, and what came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Final

from django.utils.translation import gettext as _

from nearmade.cloud.pages.figures import significant
from nearmade.energy.day.forecast_said import ForecastDay
from nearmade.vocabulary.drawing import (
    INK,
    LINE,
    QUIET,
    Scale,
    element,
    picture,
    words,
)

SUN: Final = "var(--sun,#d99a00)"
STOP: Final = "var(--stop,#b42318)"
WH_PER_KWH: Final = 1000.0
_LEFT_PX, _RIGHT_PX = 46.0, 10.0
_ENERGY_PX = (130.0, 24.0)
_HIGH_PX = 156.0
#: Fewer days are a table, no picture.
LEAST_DAYS: Final = 3
#: A day takes no more room than this. [px]
_MOST_WIDE_PX: Final = 34.0


def forecast_svg(
    days: Sequence[ForecastDay], zone: tzinfo, described: str, *, wide_px: float = 760
) -> str:
    """Draw each day's forecast as a bar and what came as a dot; empty for few days.

    Parameters
    ----------
    days
        The oldest first.
    zone
        The clock on the site's wall.
    described
        Text alternative.
    wide_px
        Width of the drawing. [px]
    """
    if len(days) < LEAST_DAYS:
        return ""
    most_wh = max(max(day.high_wh, day.came_wh or 0.0) for day in days)
    energy = Scale(0.0, max(most_wh, 1.0) * 1.08, *_ENERGY_PX)
    each_px = min((wide_px - _LEFT_PX - _RIGHT_PX) / len(days), _MOST_WIDE_PX)
    marks = [
        *_frame(energy, wide_px),
        *(
            mark
            for number, day in enumerate(days)
            for mark in _day(day, _LEFT_PX + (number + 0.5) * each_px, each_px, energy)
        ),
        *_dates(days, zone, each_px),
        words(_("kWh a day"), 0, 12, size_px=12, fill=QUIET),
    ]
    return picture(
        marks,
        wide_px=wide_px,
        high_px=_HIGH_PX,
        title=_("Forecasts and what came"),
        described=described,
        kind="forecasts",
    )


def _frame(energy: Scale, wide_px: float) -> Iterator[str]:
    for tick in energy.ticks(4):
        y = energy.at(tick)
        yield element(
            "path", d=f"M{_LEFT_PX} {y:.1f}H{wide_px - _RIGHT_PX}", stroke=LINE
        )
        yield words(
            significant(tick / WH_PER_KWH, 2),
            _LEFT_PX - 6,
            y + 4,
            anchor="end",
            size_px=12,
            fill=QUIET,
        )


def _day(day: ForecastDay, x: float, each_px: float, energy: Scale) -> Iterator[str]:
    """A bar from the worst to the best of ten, its middle, and a dot."""
    half = each_px * 0.3
    top, bottom = energy.at(day.high_wh), energy.at(day.low_wh)
    yield element(
        "rect",
        x=x - half,
        y=top,
        width=2 * half,
        height=max(1.0, bottom - top),
        fill=SUN,
        fill_opacity=0.3,
    )
    middle = energy.at(day.middle_wh)
    yield element("path", d=f"M{x - half:.1f} {middle:.1f}h{2 * half:.1f}", stroke=SUN)
    if day.came_wh is not None:
        under = day.came_wh < day.low_wh
        yield element(
            "circle",
            cx=x,
            cy=energy.at(day.came_wh),
            r=min(3.5, max(2.0, half)),
            fill=STOP if under else INK,
        )


def _dates(days: Sequence[ForecastDay], zone: tzinfo, each_px: float) -> Iterator[str]:
    every = max(1, -(-64 // int(max(each_px, 1.0))))
    for number in range(0, len(days), every):
        at = days[number].begins_at.astimezone(zone)
        yield words(
            f"{at.day}.{at.month}.",
            _LEFT_PX + (number + 0.5) * each_px,
            _HIGH_PX - 8,
            anchor="middle",
            size_px=12,
            fill=QUIET,
        )
