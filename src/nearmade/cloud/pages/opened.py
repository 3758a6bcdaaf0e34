"""An impact card, opened: its flows, swings and break-even as pictures with tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nearmade.cloud.pages.figures import significant
from nearmade.impact.palette import kind_of
from nearmade.impact.pictures import (
    Crossing,
    Curve,
    TornadoBar,
    curves_svg,
    flows_of,
    sankey_svg,
    tornado_svg,
)
from nearmade.impact.sankey import Sankey, SankeyLink, SankeyNode

#: Widths of pictures on a desk and on a phone. [px]
WIDE_PX, SLIM_PX = 960.0, 340.0
#: Lines of the table beside a curve, at most about so many.
CURVE_LINES = 9


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture for desks and for phones, with what it says.

    Parameters
    ----------
    title, said
        What it shows and what it says, in words.
    wide, slim
        As SVG.
    """

    title: str
    said: str
    wide: SafeString
    slim: SafeString


@dataclass(frozen=True, slots=True)
class ShareLine:
    """What one process adds, written for people."""

    name: str
    kind: str
    amount: str
    percent: int


@dataclass(frozen=True, slots=True)
class AlternativeView:
    """One alternative: its score, its flows, its processes."""

    name: str
    title: str
    score: str
    interval: str
    assumed_percent: int
    sankey: Drawing
    shares: tuple[ShareLine, ...]


@dataclass(frozen=True, slots=True)
class SwingLine:
    """One input of the tornado, written for people."""

    label: str
    at_low: str
    at_high: str
    assumed: bool
    source: str


@dataclass(frozen=True, slots=True)
class CurveView:
    """Two alternatives along one input."""

    drawing: Drawing
    axis: str
    first: str
    second: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class OpenedView:
    """What ``pages/parts/opened.html`` shows.

    Parameters
    ----------
    alternatives
        In their order.
    against
        First less second, in words, with the chance.
    tornado, swings
        What single inputs do to that difference.
    curves
        Break-even.
    """

    alternatives: tuple[AlternativeView, ...]
    against: str
    tornado: Drawing | None
    swings: tuple[SwingLine, ...]
    curves: tuple[CurveView, ...]


def alternative_title(name: str) -> str:
    """Name an alternative for people."""
    titles = {
        "here": _("Made here"),
        "central": _("Made centrally"),
        "shop": _("Bought in a shop"),
    }
    return titles.get(name, name)


def opened_view(record: Mapping[str, Any]) -> OpenedView:
    """Lay out the record of an ``impact.opened.Opened``."""
    first, second = (alternative_title(record[key]) for key in ("first", "second"))
    return OpenedView(
        tuple(_alternative(one) for one in record["alternatives"]),
        _against(record, first, second),
        _tornado(record, first, second),
        tuple(_swing_line(one) for one in record["swings"]),
        tuple(_curve(one) for one in record["break_evens"]),
    )


def grams(value: float) -> str:
    """Write grams of CO2e so that they are read easily."""
    if abs(value) < 1000:
        return f"{significant(value, 3)} g"
    return f"{significant(value / 1000, 3)} kg"


def _drawing(title: str, said: str, draw: Callable[[float], str]) -> Drawing:
    """Draw one thing twice; every word in it was escaped by the drawing."""
    wide, slim = (mark_safe(draw(px)) for px in (WIDE_PX, SLIM_PX))  # noqa: S308
    return Drawing(title, said, wide, slim)


def _alternative(one: Mapping[str, Any]) -> AlternativeView:
    name, score = str(one["name"]), one["score"]
    title = alternative_title(name)
    sankey = Sankey(
        tuple(
            SankeyNode(**{**node, "label": title if node["id"] == "unit" else
                          node["label"]})
            for node in one["sankey"]["nodes"]
        ),
        tuple(SankeyLink(**link) for link in one["sankey"]["links"]),
    )  # fmt: skip
    shares = tuple(_share(each) for each in one["shares"] if each["direct"])
    said = ", ".join(f"{each.name} {each.amount}" for each in shares[:4])
    flows = flows_of(sankey, name)
    head = _("%(title)s: where its CO₂e comes from") % {"title": title}
    return AlternativeView(
        name,
        title,
        grams(score["value"]),
        f"{grams(score['low'])} – {grams(score['high'])}",
        round(100 * one["assumed_fraction"]),
        _drawing(
            head,
            _("Most from %s.") % said,
            lambda px: sankey_svg(
                flows,
                title=head,
                described=_("Most from %s.") % said,
                write=grams,
                wide_px=px,
            ),
        ),
        shares,
    )


def _share(one: Mapping[str, Any]) -> ShareLine:
    return ShareLine(
        str(one["name"]),
        kind_of(str(one["process"])),
        grams(one["direct"]),
        round(100 * one["fraction"]),
    )


def _against(record: Mapping[str, Any], first: str, second: str) -> str:
    apart = record["difference"]
    told = {
        "first": first.lower(),
        "second": second.lower(),
        "median": grams(abs(apart["median"])),
        "low": grams(apart["low"]),
        "high": grams(apart["high"]),
        "n": max(1, min(99, round(100 * apart["chance_below"]))),
    }
    if apart["median"] <= 0:
        said = _(
            "In the middle case “%(first)s” emits %(median)s less than “%(second)s”."
        )
    else:
        said = _(
            "In the middle case “%(first)s” emits %(median)s more than “%(second)s”."
        )
    spread = _(
        "Of 100 cases it is better in %(n)d; in 90 the difference lies between %(low)s "
        "and %(high)s."
    )
    return f"{said} {spread}" % told


def number_label(number: str) -> str:
    """Say in words what a number of the study is, from its id."""
    room, _slash, rest = number.partition("/")
    plain = (rest or room).replace("/", " ").replace("-", " ")
    if room == "material" and rest.endswith("-gwp"):
        polymer = plain.removesuffix(" gwp")
        return _("CO₂e of %s") % (polymer.upper() if len(polymer) < 5 else polymer)
    if rest.endswith(("-gwp", "-wtw")):
        return _("CO₂e of %s") % plain[:-4]
    starts = {
        "demand": _("Amount of %s"),
        "mass": _("Mass of %s"),
        "energy": _("Electricity drawn at %s"),
        "hours": _("Machine hours at %s"),
        "leg": _("Carriage, leg %s"),
        "distance": _("Distance, %s"),
        "mould": _("Mould, %s"),
    }
    if rest.startswith("solar"):
        return _("The sun's electricity")
    if room == "leg" and rest.isdigit():
        plain = str(int(rest) + 1)
    if room == "electricity":
        return _("Grid of %s") % (plain.upper() if len(plain) == 2 else plain)
    if rest and room in starts:
        return starts[room] % plain
    return plain.capitalize()


def _tornado(record: Mapping[str, Any], first: str, second: str) -> Drawing | None:
    if not record["swings"]:
        return None
    bars = [
        TornadoBar(
            number_label(str(one["number"])), one["at_low"], one["at_high"],
            assumed=bool(one["assumed"]),
        )
        for one in record["swings"]
    ]  # fmt: skip
    title = _("What moves the difference most")
    said = _("%(first)s less %(second)s; the widest is %(name)s.") % {
        "first": first,
        "second": second,
        "name": bars[0].label,
    }
    zero = _("left of this line “%s” is better") % first.lower()
    return _drawing(
        title,
        said,
        lambda px: tornado_svg(
            bars,
            base=float(record["base"]),
            title=title,
            described=said,
            write=grams,
            zero=zero,
            wide_px=px,
        ),
    )


def _swing_line(one: Mapping[str, Any]) -> SwingLine:
    return SwingLine(
        number_label(str(one["number"])),
        grams(one["at_low"]),
        grams(one["at_high"]),
        bool(one["assumed"]),
        str(one["source"]),
    )


def axis_title(axis: Mapping[str, Any]) -> str:
    """Name what is varied, for people."""
    titles = {
        "batch": _("pieces that share one mould"),
        "distance": _("kilometres from the workshop to the door"),
        "infill": _("infill of the printed parts, %"),
        "grid": _("CO₂e of the workshop's grid, g per kWh"),
    }
    return titles.get(str(axis["id"]), f"{axis['title']}, {axis['unit']}")


def on_axis(axis: Mapping[str, Any], value: float) -> str:
    """Write a value of an axis with its unit."""
    units = {
        "batch": _("%s pieces"),
        "distance": _("%s km"),
        "infill": "%s %%",
        "grid": _("%s g CO₂e per kWh"),
    }
    unit = units.get(str(axis["id"]), f"%s {axis['unit']}")
    return unit % _axis_figure(axis, value)


def _axis_figure(axis: Mapping[str, Any], value: float) -> str:
    return significant(100 * value if axis["id"] == "infill" else value, 3)


def _curve(one: Mapping[str, Any]) -> CurveView:
    axis = one["axis"]
    places = [float(place) for place in axis["places"]]
    bands = (one["first"], one["second"])
    titles = [alternative_title(str(band["name"])) for band in bands]
    said = break_even_words(one)
    crossings = (
        [Crossing(one["crossing"], _at(one, places), _crossing_label(one))]
        if one["crossing"] is not None
        else []
    )
    curves = [
        Curve(title, str(band["name"]), *(tuple(band[k]) for k in
              ("values", "low", "high")))
        for title, band in zip(titles, bands, strict=True)
    ]  # fmt: skip
    title = _("By %s") % axis_title(axis)
    return CurveView(
        _drawing(
            title,
            said,
            lambda px: curves_svg(
                places,
                curves,
                crossings=crossings,
                x_title=axis_title(axis),
                y_title=_("CO₂e"),
                title=title,
                described=said,
                write_x=lambda v: _axis_figure(axis, v),
                write_y=grams,
                log_x=bool(axis["log"]),
                log_y=axis["id"] == "batch",
                wide_px=px,
            ),
        ),
        axis_title(axis),
        titles[0],
        titles[1],
        tuple(_curve_lines(axis, places, bands)),
    )


def _curve_lines(
    axis: Mapping[str, Any], places: Sequence[float], bands: Sequence[Mapping[str, Any]]
) -> list[tuple[str, str, str]]:
    every = max(1, -(-len(places) // CURVE_LINES))
    return [
        (
            _axis_figure(axis, places[n]),
            *(
                f"{grams(band['values'][n])} "
                f"({grams(band['low'][n])} – {grams(band['high'][n])})"
                for band in bands
            ),
        )  # type: ignore[misc]
        for n in range(0, len(places), every)
    ]


def _at(one: Mapping[str, Any], places: Sequence[float]) -> float:
    """Give the first alternative's score where both meet, between two places."""
    met, values = float(one["crossing"]), one["first"]["values"]
    for n in range(1, len(places)):
        if places[n] >= met:
            share = (met - places[n - 1]) / (places[n] - places[n - 1])
            before: float = values[n - 1]
            return before + share * (float(values[n]) - before)
    return float(values[-1])


def _crossing_label(one: Mapping[str, Any]) -> str:
    return _("below %(x)s “%(name)s” is better") % {
        "x": on_axis(one["axis"], float(one["crossing"])),
        "name": alternative_title(str(one["better_below"])).lower(),
    }


def break_even_words(one: Mapping[str, Any]) -> str:
    """Tell in one or two sentences where two alternatives meet."""
    axis = one["axis"]
    names = [alternative_title(str(one[k]["name"])) for k in ("first", "second")]
    if one["crossing"] is None:
        ahead = one["first"]["values"][0] < one["second"]["values"][0]
        never = _(
            "%(name)s is better all the way from %(start)s to %(end)s; they meet there "
            "in %(n)d of 100 cases."
        )
        return never % {
            "name": names[0] if ahead else names[1],
            "start": _axis_figure(axis, float(axis["places"][0])),
            "end": on_axis(axis, float(axis["places"][-1])),
            "n": round(100 * float(one["crossing_fraction"])),
        }
    met = _("%(name)s is better below %(x)s.") % {
        "name": alternative_title(str(one["better_below"])),
        "x": on_axis(axis, float(one["crossing"])),
    }
    return f"{met} {_turn_words(one)}"


def _turn_words(one: Mapping[str, Any]) -> str:
    """Tell where the turn lies in 90 of 100 cases."""
    low, high = (
        None if one[end] is None else on_axis(one["axis"], float(one[end]))
        for end in ("low", "high")
    )
    if low is None and high is None:
        return _("It is uncertain: the turn may lie anywhere.")
    if low is None:
        said = _("In 95 of 100 cases the turn lies below %(high)s.")
    elif high is None:
        said = _("In 95 of 100 cases the turn lies above %(low)s.")
    else:
        said = _("In 90 of 100 cases the turn lies between %(low)s and %(high)s.")
    return said % {"low": low, "high": high}
