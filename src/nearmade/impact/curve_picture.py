"""Break-even curves as SVG text: alternatives along one input, and where they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nearmade.impact.palette import SLIM_PX, Write, colour_of, plain_figure
from nearmade.vocabulary.drawing import (
    INK,
    LINE,
    QUIET,
    SURFACE,
    Point,
    Scale,
    band_between,
    element,
    lapped,
    line_through,
    picture,
    words,
)
from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Curve:
    """One alternative along what is varied.

    Parameters
    ----------
    name
        For people.
    kind
        Its colour, such as ``here`` or ``central``.
    values
        One at each place, shape (n,).
    low, high
        Ends of its interval, shape (n,); empty when not known.
    """

    name: str
    kind: str
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where two curves meet."""

    x: float
    value: float
    label: str


def curves_svg(
    places: Sequence[float],
    curves: Sequence[Curve],
    *,
    crossings: Sequence[Crossing] = (),
    x_title: str,
    y_title: str,
    title: str,
    described: str = "",
    write_x: Write = plain_figure,
    write_y: Write = plain_figure,
    log_x: bool = False,
    log_y: bool = False,
    wide_px: float = 760,
) -> str:
    """Draw alternatives along one input, with intervals and where they meet.

    Parameters
    ----------
    places
        Values of what is varied, growing, shape (n,), two or more.
    curves
        Each of the same length.
    crossings
        Marked with their labels.
    x_title, y_title, title, described
        In words.
    write_x, write_y
        Write figures along the axes.
    log_x, log_y
        Logarithmic axes; values at zero or less stand at the lower end.
    wide_px
        Width of the drawing. [px]

    Raises
    ------
    InvalidInput
        When there is nothing to draw or lengths differ.
    """
    if len(places) < 2 or not curves:
        raise InvalidInput("curves: two places and one curve at least")
    for curve in curves:
        _check_lengths(curve, len(places))
    slim = wide_px < SLIM_PX
    x = Scale(places[0], places[-1], 62.0, wide_px - 12, log_x)
    y = _y_scale(curves, 270.0, 40.0, log=log_y)
    marks = _axes(x, y, x_title, y_title, write_x, write_y, slim=slim)
    for curve in curves:
        marks += _curve(curve, places, x, y)
    marks += _named_ends(curves, x, y)
    for number, one in enumerate(crossings):
        marks += _crossing(one, x, y, number)
    return picture(
        marks, wide_px=wide_px, high_px=322, title=title, described=described,
        kind="curves",
    )  # fmt: skip


def _check_lengths(curve: Curve, count: int) -> None:
    lengths = {len(curve.values), *(len(end) for end in (curve.low, curve.high) if end)}
    if lengths != {count}:
        raise InvalidInput(f"curve {curve.name}: {lengths} values for {count} places")


def _y_scale(curves: Sequence[Curve], bottom: float, top: float, *, log: bool) -> Scale:
    every = [v for c in curves for v in (*c.values, *c.low, *c.high)]
    if log:
        above = [v for v in every if v > 0] or [1.0]
        low, high = min(above), max(above)
        return Scale(low / 1.2, max(high, low * 1.01) * 1.2, bottom, top, log=True)
    low, high = min(0.0, *every), max(every)
    return Scale(low, high * 1.06 if high > low else low + 1.0, bottom, top)


def _axes(
    x: Scale, y: Scale, x_title: str, y_title: str, write_x: Write, write_y: Write,
    *, slim: bool,
) -> list[str]:  # fmt: skip
    marks = [words(y_title, 2, 16, size_px=12, fill=QUIET)]
    for tick in y.ticks(6):
        at = y.at(tick)
        marks.append(
            element("path", d=f"M{x.start_px} {at:.1f}H{x.end_px}", stroke=LINE)
        )
        marks.append(
            words(write_y(tick), x.start_px - 6, at + 4, anchor="end", size_px=12,
                  fill=QUIET)
        )  # fmt: skip
    for tick in x.ticks(5 if slim else 8):
        at = x.at(tick)
        marks.append(
            element("path", d=f"M{at:.1f} {y.start_px}v5", stroke=QUIET, fill="none")
        )
        marks.append(
            words(write_x(tick), at, y.start_px + 19, anchor=_anchor(at, x),
                  size_px=12, fill=QUIET)
        )  # fmt: skip
    middle = (x.start_px + x.end_px) / 2
    marks.append(words(x_title, middle, y.start_px + 40, anchor="middle", size_px=13))
    return marks


def _anchor(at: float, x: Scale) -> str:
    """Keep a text beneath the axis inside the picture."""
    return "end" if at > x.end_px - 14 else "middle"


def _curve(curve: Curve, places: Sequence[float], x: Scale, y: Scale) -> list[str]:
    def points(values: Sequence[float]) -> list[Point]:
        return [(x.at(p), y.at(v)) for p, v in zip(places, values, strict=True)]

    colour = colour_of(curve.kind)
    marks = []
    if curve.low and curve.high:
        marks.append(
            element("path", d=band_between(points(curve.low), points(curve.high)),
                    fill=colour, fill_opacity=0.13)
        )  # fmt: skip
    marks.append(
        element("path", d=line_through(points(curve.values)), fill="none",
                stroke=colour, stroke_width=2.5, stroke_linejoin="round",
                stroke_dasharray=_dash(curve.kind))
    )  # fmt: skip
    return marks


def _dash(kind: str) -> str | None:
    """Tell lines apart without colours too."""
    return {"central": "7 4", "shop": "2 4"}.get(kind)


def _named_ends(curves: Sequence[Curve], x: Scale, y: Scale) -> list[str]:
    """Write each name at the end of its curve, none over another."""
    ends = sorted((y.at(c.values[-1]) - 7, c.name, c.kind) for c in curves)
    marks, lowest = [], 0.0
    for at, name, kind in ends:
        lowest = max(at, lowest + 15)
        marks.append(
            words(name, x.end_px - 2, lowest, anchor="end", size_px=13, weight=600,
                  fill=colour_of(kind), halo=True)
        )  # fmt: skip
    return marks


def _crossing(one: Crossing, x: Scale, y: Scale, number: int) -> list[str]:
    at, high = x.at(one.x), y.at(one.value)
    right = at > (x.start_px + x.end_px) / 2
    lines = lapped(one.label, max(at - x.start_px, x.end_px - at) - 12, 12)
    top = y.end_px + 4 + 30 * number
    return [
        element("path", d=f"M{at:.1f} {y.start_px}V{y.end_px - 8}", stroke=QUIET,
                fill="none", stroke_dasharray="3 3"),
        element("circle", cx=at, cy=high, r=4.5, fill=SURFACE, stroke=INK,
                stroke_width=2),
        *(
            words(text, at - 6 if right else at + 6, top + 14 * row, size_px=12,
                  anchor="end" if right else "start", halo=True)
            for row, text in enumerate(lines)
        ),
    ]  # fmt: skip
