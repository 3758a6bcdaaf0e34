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
WIDE_PX, SLIM_PX = 860.0, 340.0
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
    shares = tuple(_share(each) for each in one["shares"])
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
        "first": first,
        "second": second,
        "median": grams(abs(apart["median"])),
        "low": grams(apart["low"]),
        "high": grams(apart["high"]),
        "n": max(1, min(99, round(100 * apart["chance_below"]))),
    }
    if apart["median"] <= 0:
        said = _("%(first)s emits %(median)s less than %(second)s in the middle case.")
    else:
        said = _("%(first)s emits %(median)s more than %(second)s in the middle case.")
    spread = _(
        "Of 100 cases it is better in %(n)d; in 90 the difference lies between %(low)s "
        "and %(high)s."
    )
    return f"{said} {spread}" % told


def number_label(number: str) -> str:
    """Say in words what a number of the study is, from its id."""
    for start, words in (
        ("demand/", _("amount of %s")),
        ("electricity/", _("grid of %s")),
    ):
        if number.startswith(start):
            inner = number.removeprefix(start).replace("/", " ").replace("-", " ")
            upper = inner.upper() if len(inner) == 2 else inner
            return (words % upper).capitalize() if len(inner) != 2 else words % upper
    room, _slash, rest = number.partition("/")
    rest = rest or room
    for end, words in (("-gwp", _("CO₂e of %s")), ("-wtw", _("CO₂e of %s"))):
        if rest.endswith(end):
            plain = rest.removesuffix(end).replace("-", " ")
            plain = plain.upper() if room == "material" and len(plain) < 5 else plain
            return words % plain
    return rest.replace("-", " ").capitalize()


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
        "batch": _("pieces made at once"),
        "distance": _("kilometres from the workshop to the door"),
        "infill": _("infill, share of the volume"),
        "grid": _("the workshop's grid, g CO₂e per kWh"),
    }
    return titles.get(str(axis["id"]), f"{axis['title']}, {axis['unit']}")


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
                y_title=_("g CO₂e for one"),
                title=title,
                described=said,
                write_x=lambda v: significant(v, 2),
                write_y=lambda v: significant(v, 3),
                log_x=bool(axis["log"]),
                wide_px=px,
            ),
        ),
        axis_title(axis),
        titles[0],
        titles[1],
        tuple(_curve_lines(places, bands)),
    )


def _curve_lines(
    places: Sequence[float], bands: Sequence[Mapping[str, Any]]
) -> list[tuple[str, str, str]]:
    every = max(1, -(-len(places) // CURVE_LINES))
    return [
        (
            significant(places[n], 3),
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
    below = alternative_title(str(one["better_below"])).lower()
    return _("below %(x)s “%(name)s” is better") % {
        "x": significant(float(one["crossing"]), 3),
        "name": below,
    }


def break_even_words(one: Mapping[str, Any]) -> str:
    """Tell in one or two sentences where two alternatives meet."""
    axis = one["axis"]
    names = [alternative_title(str(one[k]["name"])) for k in ("first", "second")]
    start, end = float(axis["places"][0]), float(axis["places"][-1])
    told = {
        "axis": axis_title(axis),
        "start": significant(start, 3),
        "end": significant(end, 3),
        "n": round(100 * float(one["crossing_fraction"])),
    }
    if one["crossing"] is None:
        ahead = one["first"]["values"][0] < one["second"]["values"][0]
        told["name"] = names[0] if ahead else names[1]
        return (
            _(
                "%(name)s is better all the way from %(start)s to %(end)s %(axis)s; "
                "they meet there in %(n)d of 100 cases."
            )
            % told
        )
    told |= {
        "name": alternative_title(str(one["better_below"])),
        "x": significant(float(one["crossing"]), 3),
        "low": _end(one["low"], _("less")),
        "high": _end(one["high"], _("more")),
    }
    return (
        _(
            "%(name)s is better below %(x)s %(axis)s (in 90 of 100 cases the turn lies "
            "between %(low)s and %(high)s)."
        )
        % told
    )


def _end(value: float | None, beyond: str) -> str:
    return beyond if value is None else significant(float(value), 3)
