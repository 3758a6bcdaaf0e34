"""Small words for pictures: scales, ticks and marks of an SVG, as plain text.

Colours are those of the page's tokens, with a light value for files that stand alone.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from nearmade.vocabulary.errors import InvalidInput

INK: Final = "var(--ink,#1b1d21)"
QUIET: Final = "var(--quiet,#5c6068)"
LINE: Final = "var(--line,#e4e0d8)"
SURFACE: Final = "var(--surface,#fff)"
#: A letter is about so wide, as a share of its size.
LETTER_FRACTION: Final = 0.56

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """From figures to places on paper.

    Parameters
    ----------
    low, high
        Ends of what is shown, ``low`` below ``high``; above zero where ``log``.
    start_px, end_px
        Where both stand; the end may lie before the start. [px]
    log
        Equal ratios are equally long.

    Raises
    ------
    InvalidInput
        When the ends are not in order, or a logarithmic scale begins at zero or less.
    """

    low: float
    high: float
    start_px: float
    end_px: float
    log: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise InvalidInput(f"scale: {self.low} must be below {self.high}")
        if self.log and not self.low > 0:
            raise InvalidInput(f"scale: a logarithmic one starts above 0: {self.low}")

    def at(self, value: float) -> float:
        """Give the place of a figure; what lies outside stands at the end. [px]"""
        inside = min(max(value, self.low), self.high)
        if self.log:
            share = math.log(inside / self.low) / math.log(self.high / self.low)
        else:
            share = (inside - self.low) / (self.high - self.low)
        return self.start_px + share * (self.end_px - self.start_px)

    def ticks(self, most: int = 6) -> list[float]:
        """Give round figures along the scale, at most so many."""
        return (_log_ticks if self.log else _even_ticks)(self.low, self.high, most)


def _even_ticks(low: float, high: float, most: int) -> list[float]:
    power = 10.0 ** math.floor(math.log10((high - low) / max(1, most)))
    steps = (power, 2 * power, 5 * power, 10 * power)
    choices = [_multiples(low, high, step) for step in steps]
    return next((c for c in choices if len(c) <= most), choices[-1])


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def _log_ticks(low: float, high: float, most: int) -> list[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for steps in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        ticks = [m * 10.0**n for n in range(first, last + 1) for m in steps]
        inside = [t for t in ticks if low * 0.999 <= t <= high * 1.001]
        if len(inside) <= most:
            return inside
    return inside[:: -(-len(inside) // most)]


def element(name: str, inside: str = "", /, **attributes: object) -> str:
    """Write an element, ``stroke_width`` as ``stroke-width``, ``class_`` as ``class``.

    Figures are rounded to hundredths, texts escaped, and what is None left out.
    ``inside`` is put in as it stands.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return html.escape(str(value))


def words(
    text: str,
    x: float,
    y: float,
    *,
    anchor: str = "start",
    size_px: float = 13,
    fill: str = INK,
    halo: bool = False,
    weight: int | None = None,
) -> str:
    """Write a line of text at a point; with a halo it stays legible over marks."""
    return element(
        "text",
        html.escape(text),
        x=x,
        y=y,
        fill=fill,
        font_size=size_px,
        font_weight=weight,
        text_anchor=None if anchor == "start" else anchor,
        paint_order="stroke" if halo else None,
        stroke=SURFACE if halo else None,
        stroke_width=3 if halo else None,
        stroke_linejoin="round" if halo else None,
    )


def hint(text: str) -> str:
    """Write what a mark says when a pointer rests on it."""
    return element("title", html.escape(text))


def shortened(text: str, wide_px: float, size_px: float = 13) -> str:
    """Cut a text to what fits a width, with an ellipsis."""
    letters = max(1, int(wide_px / (size_px * LETTER_FRACTION)))
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def lapped(text: str, wide_px: float, size_px: float = 13, most: int = 2) -> list[str]:
    """Break a text at its spaces into lines that fit a width, at most so many."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and shortened(longer, wide_px, size_px) != longer:
            lines.append(word)
        else:
            lines[-1] = longer
    kept = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [shortened(line, wide_px, size_px) for line in kept if line]


def line_through(points: Iterable[Point]) -> str:
    """Write the ``d`` of a path through points."""
    steps = [f"{x:.1f} {y:.1f}" for x, y in points]
    return "M" + "L".join(steps) if steps else ""


def band_between(lower: Sequence[Point], upper: Sequence[Point]) -> str:
    """Write the ``d`` of the area between two lines of points."""
    return line_through([*lower, *reversed(upper)]) + "Z"


def picture(
    marks: Iterable[str],
    *,
    wide_px: float,
    high_px: float,
    title: str,
    described: str = "",
    kind: str = "",
) -> str:
    """Put marks into an SVG that readers of the screen take as one picture.

    Parameters
    ----------
    title, described
        What it shows and what it says, in words: its text alternative.
    kind
        Class for the page's styles.
    """
    alternative = f"{title}. {described}".strip() if described else title
    return element(
        "svg",
        "".join(marks),
        xmlns="http://www.w3.org/2000/svg",
        class_=f"picture {kind}".strip(),
        viewBox=f"0 0 {_written(float(wide_px))} {_written(float(high_px))}",
        role="img",
        aria_label=alternative,
    )
