"""Scales, ticks and text of pictures, worked by hand."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.vocabulary.drawing import (
    Scale,
    band_between,
    element,
    lapped,
    line_through,
    picture,
    shortened,
    words,
)
from nearmade.vocabulary.errors import InvalidInput


def test_a_figure_stands_at_its_share_of_the_scale() -> None:
    scale = Scale(0, 200, 50, 150)
    assert [scale.at(v) for v in (0, 50, 200, 999, -5)] == [50, 75, 150, 150, 50]


def test_equal_ratios_are_equally_long_on_a_logarithmic_scale() -> None:
    scale = Scale(1, 100, 0, 200, log=True)
    assert scale.at(10) == pytest.approx(100)


@pytest.mark.parametrize("ends", [(1.0, 1.0, False), (0.0, 5.0, True)])
def test_ends_that_make_no_scale_are_refused(ends: tuple[float, float, bool]) -> None:
    with pytest.raises(InvalidInput):
        Scale(ends[0], ends[1], 0, 1, log=ends[2])


def test_ticks_are_round_figures() -> None:
    assert Scale(58, 142, 0, 1).ticks(5) == [60, 80, 100, 120, 140]
    assert Scale(58, 142, 0, 1).ticks(4) == [100]
    assert Scale(1, 1000, 0, 1, log=True).ticks(4) == [1, 10, 100, 1000]
    assert Scale(3, 4e9, 0, 1, log=True).ticks(3) == [10, 1e4, 1e7]


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(2, 9), st.booleans())
def test_ticks_lie_within_and_are_never_too_many(
    low: float, span: float, most: int, log: bool
) -> None:
    low = abs(low) + 1e-6 if log else low
    high = low + max(span, abs(low) * 1e-3)
    ticks = Scale(low, high, 0, 1, log).ticks(most)
    assert len(ticks) <= most
    slack = 0.01 * (abs(low) + abs(high))
    assert all(low - slack <= t <= high + slack for t in ticks)
    assert ticks == sorted(ticks)


def test_what_people_wrote_is_escaped() -> None:
    text = words('<b a="1">&', 1, 2, halo=True, weight=600)
    assert ET.fromstring(text).text == '<b a="1">&'
    mark = element("path", d='"<', stroke_width=1.005, class_="a", gone=None)
    assert mark == '<path d="&quot;&lt;" stroke-width="1" class="a"/>'


def test_a_long_text_is_cut_or_broken_to_its_width() -> None:
    assert shortened("Filament", 100) == "Filament"
    assert shortened("Filament extrusion", 80, 12) == "Filament e…"
    assert lapped("one two three four", 60, 12) == ["one two", "three f…"]
    assert lapped("one", 60) == ["one"]


def test_lines_and_bands_go_through_their_points() -> None:
    assert line_through([(0, 1), (2.25, 3)]) == "M0.0 1.0L2.2 3.0"
    assert line_through([]) == ""
    assert band_between([(0, 0), (1, 0)], [(0, 1), (1, 1)]).endswith("L0.0 1.0Z")


def test_a_picture_is_one_image_with_its_words() -> None:
    svg = picture(["<g/>"], wide_px=10, high_px=5, title="T", described="D", kind="k")
    root = ET.fromstring(svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", "T. D")
    assert (root.get("viewBox"), root.get("class")) == ("0 0 10 5", "picture k")
    assert 'aria-label="T"' in picture([], wide_px=1, high_px=1, title="T")
