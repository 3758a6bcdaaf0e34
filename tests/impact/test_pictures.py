"""Sankey, tornado and break-even as pictures: what is drawn, and where."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from nearmade.impact.palette import COLOURS, colour_of
from nearmade.impact.pictures import (
    Crossing,
    Curve,
    Flow,
    FlowNode,
    Flows,
    TornadoBar,
    curves_svg,
    plain_figure,
    sankey_svg,
    tornado_svg,
)
from nearmade.impact.sankey_layout import laid_out
from nearmade.vocabulary.errors import InvalidInput

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (760.0, 340.0)
STYLES = Path(__file__).resolve().parents[2] / "web/src/styles/work.css"

FRAME = Flows(
    (
        FlowNode("resin", "PLA resin", "material"),
        FlowNode("grid", "Grid", "electricity"),
        FlowNode("filament", "Filament", "material"),
        FlowNode("saved", "Resin <saved>", "credit"),
        FlowNode("frame", "Spectacle frame", "here"),
    ),
    (
        Flow("resin", "filament", 30.0),
        Flow("grid", "filament", 10.0),
        Flow("filament", "frame", 40.0),
        Flow("grid", "frame", 20.0),
        Flow("saved", "frame", -5.0),
    ),
)


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ET.fromstring(svg).iter(f"{SVG}text")]


def laid(flows: Flows) -> dict[str, tuple[int, float, float]]:
    paper = laid_out(flows, wide_px=309, bar_px=9, tall_px=100, slot_px=20)
    return {p.node.id: (p.column, p.value, p.high_px) for p in paper.places}


def test_columns_follow_the_longest_way_to_the_product() -> None:
    # The fullest column is the frame's: 40 + 20 and a credit of 5 fill 100 px.
    places = laid(FRAME)
    assert [places[n][0] for n in ("resin", "grid", "filament", "saved", "frame")] == [
        0, 0, 1, 1, 2,
    ]  # fmt: skip
    assert places["grid"][1:] == pytest.approx((30.0, 100 * 30 / 65))
    assert places["frame"][1:] == pytest.approx((55.0, 100))
    assert places["saved"][1] == -5.0


def test_every_ribbon_leaves_and_meets_a_bar_within_it() -> None:
    paper = laid_out(FRAME, wide_px=309, bar_px=9, tall_px=100, slot_px=20)
    places = {place.node.id: place for place in paper.places}
    for ribbon in paper.ribbons:
        for name, y in (
            (ribbon.flow.source, ribbon.ends_px[1]),
            (ribbon.flow.target, ribbon.ends_px[3]),
        ):
            bar = places[name]
            assert bar.y_px - 1e-9 <= y - ribbon.thick_px / 2
            assert y + ribbon.thick_px / 2 <= bar.y_px + bar.high_px + 1e-9


@pytest.mark.parametrize("wide", WIDTHS)
def test_a_sankey_names_every_node_with_its_value(wide: float) -> None:
    svg = sankey_svg(FRAME, title="Where it comes from", wide_px=wide)
    said = " ".join(texts(svg))
    for words in ("PLA resin", "30", "Filament", "40", "Spectacle", "55", "-5"):
        assert words in said
    assert "Grid → Filament: 10" in "".join(ET.fromstring(svg).itertext())


@pytest.mark.parametrize(
    ("flows", "words"),
    [
        ((Flow("a", "b", 1), Flow("b", "a", 1)), "circle"),
        ((Flow("a", "c", 1),), "no node"),
    ],
)
def test_flows_that_cannot_be_drawn_are_refused(
    flows: tuple[Flow, ...], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        sankey_svg(Flows((FlowNode("a", "A"), FlowNode("b", "B")), flows), title="T")


def test_flows_of_nothing_still_make_a_picture() -> None:
    nodes = FlowNode("a", "A"), FlowNode("b", "B")
    assert "A" in texts(sankey_svg(Flows(nodes, (Flow("a", "b", 0),)), title="T"))[0]


BARS = (TornadoBar("Resin", 60, 140, assumed=True), TornadoBar("Grid", 90, 105))


@pytest.mark.parametrize("wide", WIDTHS)
def test_a_tornado_marks_what_is_assumed(wide: float) -> None:
    said = texts(tornado_svg(BARS, base=98, title="T", wide_px=wide))
    assert "Resin *" in said
    assert "Grid" in said
    assert "98" in said


def test_bars_of_a_tornado_begin_at_the_base() -> None:
    svg = tornado_svg((TornadoBar("Resin", 50, 200),), base=100, title="T")
    low, high = list(ET.fromstring(svg).iter(f"{SVG}rect"))
    at = [float(r.get(k) or 0) for r in (low, high) for k in ("x", "width")]
    assert at[0] + at[1] == pytest.approx(at[2], abs=0.02)  # both touch the base
    assert at[3] == pytest.approx(2 * at[1], abs=0.03)  # 100 beside 50


@pytest.mark.parametrize(
    ("bar", "base", "drawn"),
    [
        (TornadoBar("Resin", -10, 40), 12, True),
        (TornadoBar("Resin", 900, 1000), 950, False),
        (TornadoBar("Resin", -40, -1), -12, True),
    ],
)
def test_zero_is_drawn_where_it_is_near(
    bar: TornadoBar, base: float, drawn: bool
) -> None:
    svg = tornado_svg((bar,), base=base, title="T", zero="here is better")
    assert ("here is better" in texts(svg)) is drawn


def test_nothing_makes_no_tornado_and_no_curves() -> None:
    with pytest.raises(InvalidInput):
        tornado_svg((), base=1, title="T")
    with pytest.raises(InvalidInput):
        curves_svg((1,), (), x_title="", y_title="", title="T")
    with pytest.raises(InvalidInput, match="values for 2 places"):
        curves_svg(
            (1, 2), (Curve("c", "here", (1.0,)),), x_title="", y_title="", title="T"
        )


PIECES = (1.0, 10.0, 100.0)
HERE = Curve("made here", "here", (9.0, 9.0, 9.0), (7.0, 7.0, 7.0), (12.0, 12.0, 12.0))
CENTRAL = Curve("central", "central", (50.0, 10.0, 6.0))


@pytest.mark.parametrize("wide", WIDTHS)
@pytest.mark.parametrize("log_y", [False, True])
def test_curves_name_their_ends_axes_and_crossings(wide: float, log_y: bool) -> None:
    svg = curves_svg(
        PIECES,
        (HERE, CENTRAL),
        crossings=(Crossing(14.0, 9.0, "14 pieces"), Crossing(80.0, 9.0, "80 pieces")),
        x_title="pieces",
        y_title="g each",
        title="T",
        log_x=True,
        log_y=log_y,
        wide_px=wide,
    )
    said = texts(svg)
    for words in ("pieces", "g each", "made here", "central", "14 pieces", "80 pieces"):
        assert words in said
    assert said.count("10") >= 1


def test_a_flat_curve_at_zero_still_has_a_scale() -> None:
    flat = Curve("none", "shop", (0.0, 0.0))
    assert "none" in texts(
        curves_svg((1, 2), (flat,), x_title="", y_title="", title="T")
    )


def test_figures_are_written_short() -> None:
    assert [plain_figure(v) for v in (0.12345, 12.5, 12345)] == [
        "0.123",
        "12.5",
        "12,345",
    ]
    assert colour_of("unheard-of") == colour_of("")


def test_pages_colour_activities_as_pictures_do() -> None:
    css = dict(re.findall(r"\.c-([\w-]+) \{ --c: (#\w+); \}", STYLES.read_text()))
    assert css
    assert {kind: COLOURS.get(kind) for kind in css} == css
