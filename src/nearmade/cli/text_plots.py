"""Small plots of text: bars that read on any terminal."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Final

WIDTH: Final = 30
MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def bar(fraction: float, *, mark: float | None = None, width: int = WIDTH) -> str:
    """Draw a share as a bar; ``mark`` sets a bar of its own within, 0..1."""
    full = round(min(1.0, max(0.0, fraction)) * width)
    drawn = list("#" * full + "." * (width - full))
    if mark is not None:
        drawn[min(width - 1, round(min(1.0, max(0.0, mark)) * width))] = "|"
    return "[" + "".join(drawn) + "]"


def scatter(
    points: Sequence[tuple[float, float]],
    *,
    across: str,
    up: str,
    chosen: tuple[float, float] | None = None,
    width: int = 44,
    height: int = 10,
) -> list[str]:
    """Draw points, the chosen one as ``@``; both axes grow by factors.

    Parameters
    ----------
    points
        Across and up, at least one, each above zero.
    across, up
        Names of the axes, with their units.
    """
    every = [*points, *([chosen] if chosen else [])]
    low_x, high_x = min(x for x, _ in every), max(x for x, _ in every)
    low_y, high_y = min(y for _, y in every), max(y for _, y in every)
    field = [[" "] * width for _ in range(height)]

    def put(point: tuple[float, float], sign: str) -> None:
        x = log(point[0] / low_x) / (log(high_x / low_x) or 1.0)
        y = log(point[1] / low_y) / (log(high_y / low_y) or 1.0)
        field[height - 1 - round(y * (height - 1))][round(x * (width - 1))] = sign

    for point in points:
        put(point, "o")
    if chosen:
        put(chosen, "@")
    lines = [up]
    for row, drawn in enumerate(field):
        end = f"{high_y:8.4g}" if row == 0 else " " * 8
        end = f"{low_y:8.4g}" if row == height - 1 else end
        lines.append(f"{end} |{''.join(drawn)}")
    lines.append(f"{'':8} +{'-' * width}")
    left, right = f"{low_x:.4g}", f"{high_x:.4g}"
    gap = max(1, width - len(left) - len(right) - len(across) - 2)
    lines.append(f"{'':10}{left}{' ' * gap}{across}  {right}")
    return lines
