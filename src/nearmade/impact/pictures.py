"""Sankey, tornado and break-even as SVG text, for pages and reports alike.

Pure drawing: what is drawn comes in as plain figures, what people read comes in as
words, and ``write`` says how a figure is written. Each picture is one ``<svg>`` with
its text alternative; the page puts a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nearmade.impact.curve_picture import Crossing, Curve, curves_svg
from nearmade.impact.palette import SLIM_PX, Write, colour_of, kind_of, plain_figure
from nearmade.impact.sankey import ROOT, Sankey
from nearmade.impact.sankey_layout import (
    Flow,
    FlowNode,
    Flows,
    Laid,
    Place,
    Ribbon,
    laid_out,
)
from nearmade.vocabulary.drawing import (
    INK,
    LINE,
    QUIET,
    Scale,
    element,
    hint,
    picture,
    shortened,
    words,
)
from nearmade.vocabulary.errors import InvalidInput

TALL_PX: Final = 300
#: Flows below this share of the whole are not drawn.
VISIBLE_FRACTION: Final = 1e-3
_BAR_PX: Final = 9.0


# --- Sankey


def flows_of(sankey: Sankey, kind: str) -> Flows:
    """Give a study's Sankey as it is drawn; ``kind`` colours the product.

    What is too small to see is left out.
    """
    least = VISIBLE_FRACTION * max(
        (abs(node.total) for node in sankey.nodes), default=0
    )
    links = [link for link in sankey.links if link.value > least]
    ends = {ROOT, *(end for link in links for end in (link.source, link.target))}
    return Flows(
        tuple(
            FlowNode(node.id, node.label, kind if node.id == ROOT else kind_of(node.id))
            for node in sankey.nodes
            if node.id in ends
        ),
        tuple(Flow(link.source, link.target, link.sign * link.value) for link in links),
    )


def sankey_svg(
    flows: Flows,
    *,
    title: str,
    described: str = "",
    write: Write = plain_figure,
    wide_px: float = 760,
) -> str:
    """Draw who hands how much to whom, the product at the right.

    Parameters
    ----------
    flows
        Without loops; flows below zero are credits and drawn as such.
    title, described
        Text alternative.
    write
        Writes a value with its unit.
    wide_px
        Width of the drawing; below ``SLIM_PX`` made for a phone. [px]

    Raises
    ------
    InvalidInput
        When the flows go in a circle or name an unknown node.
    """
    slim = wide_px < SLIM_PX
    laid = laid_out(
        flows,
        wide_px=wide_px,
        bar_px=_BAR_PX,
        tall_px=TALL_PX,
        slot_px=36.0 if slim else 24.0,
    )
    marks = [
        *(_ribbon(ribbon, flows, write) for ribbon in laid.ribbons),
        *(_bar(place, laid) for place in laid.places),
        *(_label(place, laid, write, slim=slim) for place in laid.places),
    ]
    return picture(
        marks,
        wide_px=wide_px,
        high_px=laid.high_px,
        title=title,
        described=described,
        kind="sankey",
    )


def _ribbon(ribbon: Ribbon, flows: Flows, write: Write) -> str:
    x0, y0, x1, y1 = ribbon.ends_px
    middle = (x0 + x1) / 2
    named = {node.id: node.label for node in flows.nodes}
    said = f"{named[ribbon.flow.source]} → {named[ribbon.flow.target]}: "
    kinds = {node.id: node.kind for node in flows.nodes}
    credit = ribbon.flow.value < 0
    return element(
        "path",
        hint(said + write(ribbon.flow.value)),
        d=f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} "
        f"{x1:.1f} {y1:.1f}",
        fill="none",
        stroke=colour_of("credit" if credit else kinds[ribbon.flow.source]),
        stroke_opacity=0.32,
        stroke_width=max(1.0, ribbon.thick_px),
        stroke_dasharray="5 3" if credit else None,
    )


def _bar(place: Place, laid: Laid) -> str:
    return element(
        "rect",
        x=place.x_px,
        y=place.y_px,
        width=laid.bar_px,
        height=max(2.0, place.high_px),
        rx=1.5,
        fill=colour_of("credit" if place.value < 0 else place.node.kind),
    )


def _label(place: Place, laid: Laid, write: Write, *, slim: bool) -> str:
    size = 12 if slim else 13
    value = write(place.value)
    if place.column == laid.columns - 1:  # beside it stand the labels before it
        name = shortened(place.node.label, 2 * laid.step_px, size)
        end = place.x_px + laid.bar_px
        return words(
            f"{name}  {value}", end, place.y_px - 6, anchor="end", size_px=size
        )
    room = laid.step_px - laid.bar_px - 10
    x, anchor = place.x_px + laid.bar_px + 5, "start"
    middle = place.y_px + max(2.0, place.high_px) / 2
    if slim:
        name = shortened(place.node.label, room, size)
        return words(
            name, x, middle - 3, anchor=anchor, size_px=size, halo=True
        ) + words(
            value, x, middle + 11, anchor=anchor, size_px=size, fill=QUIET, halo=True
        )
    text = f"{shortened(place.node.label, room - 7 * len(value) - 8, size)}  {value}"
    return words(text, x, middle + 4.5, anchor=anchor, size_px=size, halo=True)


# --- Tornado


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """What one input does to the result when it alone moves.

    Parameters
    ----------
    label
        The input, for people.
    at_low, at_high
        The result with the input at its low and at its high end.
    assumed
        True when the input rests on an assumption.
    """

    label: str
    at_low: float
    at_high: float
    assumed: bool = False


def tornado_svg(
    bars: Sequence[TornadoBar],
    *,
    base: float,
    title: str,
    described: str = "",
    write: Write = plain_figure,
    zero: str = "",
    assumed_mark: str = "*",
    wide_px: float = 760,
) -> str:
    """Draw how far single inputs move a result, the widest first.

    Parameters
    ----------
    bars
        In the order to draw.
    base
        The result with every input at its median.
    title, described
        Text alternative.
    write
        Writes a result with its unit.
    zero
        What lies beyond zero, in words; with it zero is drawn where it is near.
    assumed_mark
        Put behind inputs that are assumed.
    wide_px
        Width of the drawing. [px]

    Raises
    ------
    InvalidInput
        When there is nothing to draw.
    """
    if not bars:
        raise InvalidInput("tornado: nothing to draw")
    slim = wide_px < SLIM_PX
    scale, near_zero = _tornado_scale(bars, base, wide_px, may_show_zero=bool(zero))
    row_px, top = (40.0 if slim else 26.0), 26.0
    bottom = top + row_px * len(bars)
    ticks = scale.ticks(4 if slim else 6)
    marks = [
        element("path", d=f"M{x:.1f} {top}V{bottom}", stroke=LINE, fill="none")
        for x in map(scale.at, ticks)
    ]
    for number, bar in enumerate(bars):
        marks += _tornado_row(
            bar, scale, base, top + row_px * number, assumed_mark, slim=slim
        )
    middle = scale.at(base)
    marks += [
        element(
            "path", d=f"M{middle:.1f} {top - 6}V{bottom + 4}", stroke=INK, fill="none"
        ),
        *(
            words(write(t), scale.at(t), bottom + 18, anchor="middle", size_px=12,
                  fill=QUIET)
            for t in ticks
        ),
        words(write(base), min(max(middle, scale.start_px + 30), wide_px - 40),
              top - 10, anchor="middle", size_px=12, weight=600),
    ]  # fmt: skip
    if near_zero:
        marks += _zero_line(scale, zero, top, bottom)
    return picture(
        marks,
        wide_px=wide_px,
        high_px=bottom + (44 if near_zero else 28),
        title=title,
        described=described,
        kind="tornado",
    )


def _tornado_scale(
    bars: Sequence[TornadoBar], base: float, wide_px: float, *, may_show_zero: bool
) -> tuple[Scale, bool]:
    """Give the scale of a tornado, and whether zero is on it."""
    ends = [base, *(v for bar in bars for v in (bar.at_low, bar.at_high))]
    low, high = min(ends), max(ends)
    room = (high - low) or max(abs(base), 1.0)
    near_zero = may_show_zero and low - room < 0 < high + room
    if near_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    pad = 0.04 * (high - low or room)
    left = 6.0 if wide_px < SLIM_PX else 0.42 * wide_px
    return Scale(low - pad, high + pad, left, wide_px - 8), near_zero


def _tornado_row(
    bar: TornadoBar, scale: Scale, base: float, y: float, mark: str, *, slim: bool
) -> list[str]:
    bar_y, name_y = (y + 20, y + 14) if slim else (y + 5, y + 18)
    label = bar.label + (f" {mark}" if bar.assumed else "")
    size = 12 if slim else 13
    room = scale.end_px - scale.start_px if slim else scale.start_px - 12
    drawn = [
        element("rect", x=min(scale.at(base), scale.at(end)), y=bar_y, height=15,
                width=max(0.5, abs(scale.at(end) - scale.at(base))), fill=fill,
                fill_opacity=opacity)
        for end, fill, opacity in (
            (bar.at_low, colour_of("freight"), 0.55),
            (bar.at_high, colour_of("material"), 0.9),
        )
    ]  # fmt: skip
    name = shortened(label, room, size)
    x, anchor = (scale.start_px, "start") if slim else (scale.start_px - 10, "end")
    return [*drawn, words(name, x, name_y, anchor=anchor, size_px=size)]


def _zero_line(scale: Scale, said: str, top: float, bottom: float) -> list[str]:
    x = scale.at(0.0)
    right = x > (scale.start_px + scale.end_px) / 2
    return [
        element("path", d=f"M{x:.1f} {top}V{bottom + 6}", stroke=QUIET, fill="none",
                stroke_dasharray="4 3"),
        words(said, x - 5 if right else x + 5, bottom + 36,
              anchor="end" if right else "start", size_px=12, fill=QUIET),
    ]  # fmt: skip


__all__ = [
    "Crossing",
    "Curve",
    "Flow",
    "FlowNode",
    "Flows",
    "TornadoBar",
    "curves_svg",
    "flows_of",
    "plain_figure",
    "sankey_svg",
    "tornado_svg",
]
