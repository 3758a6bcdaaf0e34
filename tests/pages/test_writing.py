"""Figures, captions and instructions as people read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from nearmade.cloud.pages.figures import (
    duration_text,
    number_in,
    plain_value,
    significant,
)
from nearmade.cloud.pages.parameters import address_of, control_groups, given_values
from nearmade.cloud.pages.prose import html_of
from nearmade.designs.design import Design, Parameter
from nearmade.vocabulary.identity import DesignId


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 3, "0"),
        (12.9437, 3, "12.9"),
        (0.03812, 2, "0.038"),
        (138.0, 3, "138"),
        (1449.2, 2, "1449"),
        (12_345.6, 3, "12,346"),
        (9.999, 2, "10"),
        (2.50, 3, "2.5"),
        (float("nan"), 3, "–"),
    ],
)
def test_numbers_keep_their_whole_digits(value: float, digits: int, text: str) -> None:
    assert significant(value, digits) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (29, "0 min"),
        (2400, "40 min"),
        (7500, "2 h 05 min"),
        (302_400, "3.5 days"),
    ],
)
def test_time_is_said_as_people_say_it(seconds: int, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text


def design(*parameters: Parameter) -> Design:
    return Design(
        id=DesignId("frame"), version="1", title="Frame", summary="", function="",
        licence="CC0-1.0", licensor="", purpose="health", main="frame.scad",
        parameters=parameters, presets={}, parts=(), bom=(),
    )  # fmt: skip


WIDTH = Parameter(
    "lens", "number", 42.0, "Diameter of the lenses (mm); smaller ones leave room",
    "Lenses", 36, 46, 0.5,
)  # fmt: skip
PADS = Parameter("pads", "switch", True, "With pads", "Lenses")


def test_a_caption_is_taken_apart_into_label_unit_and_hint() -> None:
    control = control_groups(design(WIDTH), {}, {})[0].controls[0]
    assert (control.label, control.unit, control.hint) == (
        "Diameter of the lenses",
        "mm",
        "smaller ones leave room",
    )
    assert control.slides
    assert control.bounds == ("36", "46", "0.5")


def test_a_caption_without_unit_is_a_label() -> None:
    control = control_groups(design(PADS), {}, {})[0].controls[0]
    assert (control.label, control.unit, control.value) == ("With pads", "", "true")


def test_an_unticked_switch_is_given_as_false_only_by_the_form_that_shows_it() -> None:
    assert given_values(design(PADS), QueryDict("switches=pads")) == {"pads": "false"}
    assert given_values(design(PADS), QueryDict("")) == {}
    assert given_values(design(PADS), QueryDict("other=1&near=Lyon")) == {}


def test_an_address_carries_only_what_differs_from_the_design() -> None:
    values = {"lens": 40.0, "pads": True}
    assert address_of(values, design(WIDTH, PADS)) == {"lens": "40"}


@given(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)))
def test_a_value_survives_the_form(value: float) -> None:
    assert float(plain_value(value)) == pytest.approx(value, rel=1e-11)


def test_instructions_keep_lists_tables_and_code_words() -> None:
    html = html_of(
        "# Title\n\n## Make\n\n1. Clear the `hole`\n   twice.\n2. Push.\n\n"
        "| part | n |\n|---|---|\n| pin | 2 |\n\nMind the lens."
    )
    assert "Title" not in html
    assert "<h3>Make</h3>" in html
    assert "<ol><li>Clear the <code>hole</code> twice.</li><li>Push.</li></ol>" in html
    assert "<tr><td>pin</td><td>2</td></tr>" in html
    assert html.endswith("<p>Mind the lens.</p>")


@given(st.text(alphabet="<>&\"'`|#-*1. \nab", max_size=80))
def test_no_letter_of_an_author_becomes_html(text: str) -> None:
    html = html_of(text + "\n\n<script>alert(1)</script>")
    assert "<script" not in html
    for tag in ("<a", "<b", "<'", '<"', "<&"):
        assert tag not in html.replace("<tbody", "")


@pytest.mark.parametrize("said", [10**400, float("inf"), "7", True, None])
def test_what_is_no_finite_number_counts_as_not_said(said: object) -> None:
    assert number_in({"left_s": said}, "left_s") is None
