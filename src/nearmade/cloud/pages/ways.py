"""The ways of a comparison side by side: bars with intervals, and who is likelier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nearmade.cloud.pages.figures import significant
from nearmade.cloud.pages.opened import alternative_title, grams

#: Room left at the right end of the lines.
HEADROOM = 1.04


@dataclass(frozen=True, slots=True)
class WayLine:
    """One way.

    Parameters
    ----------
    name, title
        For styles and for people.
    climate, climate_interval, energy, energy_interval
        Written with their units.
    at, low, high
        Climate on a line, in percent of it.
    assumed_percent
        Share of its climate that rests on assumptions.
    here_better
        In how many of 100 cases "here" emits less; None for here itself.
    """

    name: str
    title: str
    climate: str
    climate_interval: str
    energy: str
    energy_interval: str
    at: float
    low: float
    high: float
    assumed_percent: int
    here_better: int | None


def ways_view(ways: Sequence[Mapping[str, Any]]) -> tuple[WayLine, ...]:
    """Lay the ways out on one scale."""
    full = max(max(float(way["gwp100"]["high"]) for way in ways), 1e-9) * HEADROOM
    return tuple(_line(way, full) for way in ways)


def _line(way: Mapping[str, Any], full: float) -> WayLine:
    climate, energy = way["gwp100"], way["ced"]
    chance = way["here_better"]
    return WayLine(
        name=str(way["name"]),
        title=alternative_title(str(way["name"])),
        climate=grams(climate["value"]),
        climate_interval=f"{grams(climate['low'])} – {grams(climate['high'])}",
        energy=f"{significant(energy['value'], 3)} MJ",
        energy_interval=(
            f"{significant(energy['low'], 2)} – {significant(energy['high'], 2)} MJ"
        ),
        at=round(100 * max(0.0, climate["value"]) / full, 2),
        low=round(100 * max(0.0, climate["low"]) / full, 2),
        high=round(100 * max(0.0, climate["high"]) / full, 2),
        assumed_percent=round(100 * float(way["assumed_fraction"])),
        here_better=None
        if chance is None
        else max(1, min(99, round(100 * float(chance)))),
    )
