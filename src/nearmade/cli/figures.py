"""Options that are numbers: what is no number, or has no end, is refused."""

from __future__ import annotations

import math
from typing import Any

import click


class Figure(click.FloatRange):
    """A finite number within a range, as options take it.

    click's own range lets ``nan`` pass, since no comparison with it is true, and
    ``inf`` where there is no upper end.
    """

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read a number, or refuse it in click's words."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number
