"""Colours can be read: WCAG 2.2 contrast of the tokens, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "web" / "src" / "styles" / "tokens.css"

#: Ink on ground, each at 4.5:1 (WCAG 2.2, 1.4.3).
TEXT = [
    (ink, ground)
    for ground in ("ground", "surface")
    for ink in ("ink", "quiet", "accent", "leaf", "warn", "stop")
] + [("on-accent", "accent")]
#: Marks that carry meaning, each at 3:1 (WCAG 2.2, 1.4.11).
MARKS = [("accent", "surface"), ("central", "surface"), ("accent", "land")]


def tokens(selector: str) -> dict[str, str]:
    text = TOKENS.read_text(encoding="utf-8")
    block = text.split(selector + " {", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


THEMES = {"light": ":root", "dark": ':root[data-theme="dark"]'}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out_from_its_ground(theme: str, ink: str, ground: str) -> None:
    colours = tokens(THEMES[theme])
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_stand_out_from_their_ground(theme: str, mark: str, ground: str) -> None:
    colours = tokens(THEMES[theme])
    assert contrast(colours[mark], colours[ground]) >= 3


def test_dark_by_system_and_dark_by_choice_are_the_same() -> None:
    by_system = tokens(':root:not([data-theme="light"])')
    assert by_system == tokens(THEMES["dark"])
