"""A site's day as a picture: the battery above, sun and machines below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from django.utils.translation import gettext as _

from nearmade.cloud.pages.figures import significant
from nearmade.energy.day.power_report import PowerReport, PowerTrace
from nearmade.vocabulary.drawing import (
    INK,
    LINE,
    QUIET,
    Point,
    Scale,
    band_between,
    element,
    line_through,
    picture,
    words,
)

LEAF: Final = "var(--leaf,#2f7d4f)"
SUN: Final = "var(--sun,#d99a00)"
ACCENT: Final = "var(--accent,#c2410c)"
STOP: Final = "var(--stop,#b42318)"
#: Below this width hours are written further apart. [px]
SLIM_PX: Final = 500
_LEFT_PX, _RIGHT_PX = 46.0, 10.0
_BATTERY_PX = (150.0, 24.0)
_POWER_PX = (282.0, 186.0)
_HIGH_PX = 308.0
#: Hours between those written beneath, by how long the picture is.
_STEPS_H: Final = (1, 2, 3, 6, 12, 24, 48)


@dataclass(frozen=True, slots=True)
class _Paper:
    time: Scale
    battery: Scale
    power: Scale
    zone: tzinfo

    def x(self, at: datetime) -> float:
        return self.time.at(at.timestamp())


def day_svg(
    said: PowerReport,
    now: datetime,
    zone: tzinfo,
    described: str,
    *,
    wide_px: float = 760,
) -> str:
    """Draw the day behind and the outlook; empty while the agent said of neither.

    Parameters
    ----------
    said
        What the agent says.
    now
        On the agent's clock.
    zone
        The clock on the site's wall.
    described
        Text alternative.
    wide_px
        Width of the drawing. [px]
    """
    traces = [trace for trace in (said.past, said.ahead) if trace is not None]
    if not traces:
        return ""
    paper = _paper(said, traces, zone, wide_px)
    marks = [
        *_frame(paper, wide_px),
        *_limits(said, paper),
        *(mark for trace in traces for mark in _sun(trace, paper, trace is said.ahead)),
        *(m for trace in traces for m in _charge(trace, paper, trace is said.ahead)),
        *_since_then(said, paper, now),
        *_now(paper, now),
        words(_("battery, %"), 0, 12, size_px=12, fill=QUIET),
        words(_("sun and machines, W"), 0, 174, size_px=12, fill=QUIET),
    ]
    return picture(
        marks,
        wide_px=wide_px,
        high_px=_HIGH_PX,
        title=_("Battery and sun through the day"),
        described=described,
        kind="day",
    )


def _paper(
    said: PowerReport,
    traces: Sequence[PowerTrace],
    zone: tzinfo,
    wide_px: float,
) -> _Paper:
    start = min(trace.starts_at for trace in traces)
    end = max(trace.ends_at for trace in traces)
    most_w = max(
        said.pv_w or 0.0,
        said.load_w,
        50.0,
        *(w for trace in traces for w in (*trace.pv_w, *trace.load_w)),
    )
    return _Paper(
        Scale(start.timestamp(), end.timestamp(), _LEFT_PX, wide_px - _RIGHT_PX),
        Scale(0.0, 1.0, *_BATTERY_PX),
        Scale(0.0, most_w * 1.05, *_POWER_PX),
        zone,
    )


def _frame(paper: _Paper, wide_px: float) -> Iterator[str]:
    """Lines and figures of both panels, and the hours beneath."""
    for scale, write, most in (
        (paper.battery, _percent, 3),
        (paper.power, _watts, 4),
    ):
        for tick in scale.ticks(most):
            y = scale.at(tick)
            yield element(
                "path", d=f"M{_LEFT_PX} {y:.1f}H{wide_px - _RIGHT_PX}", stroke=LINE
            )
            yield words(
                write(tick), _LEFT_PX - 6, y + 4, anchor="end", size_px=12, fill=QUIET
            )
    for at in _hours(paper, 4 if wide_px < SLIM_PX else 9):
        x = paper.x(at)
        yield element(
            "path", d=f"M{x:.1f} {_BATTERY_PX[1]}V{_POWER_PX[0] + 4}", stroke=LINE
        )
        local = at.astimezone(paper.zone)
        yield words(
            f"{local:%H:%M}",
            min(x, paper.time.end_px - 14),
            _HIGH_PX - 8,
            anchor="middle",
            size_px=12,
            fill=QUIET,
        )


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.0f}"


def _watts(watts: float) -> str:
    return significant(watts, 3)


def _hours(paper: _Paper, most: int) -> Iterator[datetime]:
    """Whole hours on the site's clock, at most so many."""
    hours = (paper.time.high - paper.time.low) / 3600
    step = next((s for s in _STEPS_H if hours / s <= most), _STEPS_H[-1])
    first = datetime.fromtimestamp(paper.time.low, paper.zone)
    at = first.replace(hour=0, minute=0, second=0, microsecond=0)
    while at.timestamp() <= paper.time.high:
        if at >= first:
            yield at
        at += timedelta(hours=step)


def _limits(said: PowerReport, paper: _Paper) -> Iterator[str]:
    """Where machines are cut off, and what is kept above it."""
    if said.cutoff_fraction is None:
        return
    bottom, left, right = _BATTERY_PX[0], paper.time.start_px, paper.time.end_px
    cut = paper.battery.at(said.cutoff_fraction)
    yield element(
        "rect",
        x=left,
        y=cut,
        width=right - left,
        height=bottom - cut,
        fill=STOP,
        fill_opacity=0.14,
    )
    if said.reserve_fraction and said.reserve_fraction > said.cutoff_fraction:
        top = paper.battery.at(said.reserve_fraction)
        yield element(
            "rect",
            x=left,
            y=top,
            width=right - left,
            height=cut - top,
            fill=SUN,
            fill_opacity=0.12,
        )


def _charge(trace: PowerTrace, paper: _Paper, ahead: bool) -> Iterator[str]:
    line = _points(trace, trace.battery_fraction, paper, paper.battery)
    if trace.low_fraction:
        low = _points(trace, trace.low_fraction, paper, paper.battery)
        yield element("path", d=band_between(low, line), fill=LEAF, fill_opacity=0.16)
        yield element(
            "path", d=line_through(low), fill="none", stroke=LEAF, stroke_width=1.2,
            stroke_dasharray="2 3",
        )  # fmt: skip
    yield element(
        "path", d=line_through(line), fill="none", stroke=LEAF, stroke_width=2.5,
        stroke_linejoin="round", stroke_dasharray="6 4" if ahead else None,
    )  # fmt: skip


def _since_then(said: PowerReport, paper: _Paper, now: datetime) -> Iterator[str]:
    """Go on from the last step behind to now."""
    behind, charge = said.past, said.battery_fraction
    if behind is None or charge is None or not behind.ends_at < now:
        return
    last = paper.x(behind.ends_at), paper.battery.at(behind.battery_fraction[-1])
    here = paper.x(now), paper.battery.at(charge)
    yield element(
        "path", d=line_through((last, here)), fill="none", stroke=LEAF, stroke_width=2.5
    )


def _sun(trace: PowerTrace, paper: _Paper, ahead: bool) -> Iterator[str]:
    pv = _points(trace, trace.pv_w, paper, paper.power)
    ground = [(x, _POWER_PX[0]) for x, _y in pv]
    yield element(
        "path", d=band_between(ground, pv), fill=SUN, fill_opacity=0.22 if ahead else
        0.55,
    )  # fmt: skip
    if trace.low_pv_w:
        low = _points(trace, trace.low_pv_w, paper, paper.power)
        yield element("path", d=band_between(ground, low), fill=SUN, fill_opacity=0.3)
    load = _points(trace, trace.load_w, paper, paper.power)
    yield element(
        "path", d=line_through(load), fill="none", stroke=ACCENT, stroke_width=2,
        stroke_linejoin="round", stroke_dasharray="6 4" if ahead else None,
    )  # fmt: skip


def _points(
    trace: PowerTrace, values: Sequence[float], paper: _Paper, scale: Scale
) -> list[Point]:
    step = timedelta(seconds=trace.step_s)
    return [
        (paper.x(trace.starts_at + step * n), scale.at(value))
        for n, value in enumerate(values)
    ]


def _now(paper: _Paper, now: datetime) -> Iterator[str]:
    x = paper.x(now)
    yield element(
        "path", d=f"M{x:.1f} {_BATTERY_PX[1] - 6}V{_POWER_PX[0] + 4}", stroke=INK,
        fill="none",
    )  # fmt: skip
    yield words(
        _("now"),
        min(max(x, _LEFT_PX + 80), paper.time.end_px - 14),
        _BATTERY_PX[1] - 10,
        anchor="middle",
        size_px=12,
        weight=600,
    )
