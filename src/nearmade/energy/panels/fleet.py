"""Panels of many sites at once: power as one table, a row for each site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.energy.panels.panel import (
    Panel,
    moments_h,
    parts_of,
    plane_row,
    sky_of,
)
from nearmade.energy.panels.rows import POWER, fill_plane, sun_rows
from nearmade.energy.sky.sun import Array
from nearmade.energy.sky.weather import Weather
from nearmade.vocabulary.errors import InvalidInput

Table = NDArray[np.float32]

#: So many sites at once keep the table of a year in five minutes below 25 MB.
SITES_AT_ONCE: Final = 50

#: Skies are kept for further sites until they take this much. [bytes]
MOST_KEPT_BYTES: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class SunnySite:
    """Panels under the weather of their place."""

    panel: Panel
    weather: Weather


def fleet_power_w(
    sites: Sequence[SunnySite],
    step_s: int | None = None,
    *,
    kept: _Skies | None = None,
) -> Table:
    """Give the power of many sites' panels, as ``panel_power_w`` gives one site's. [W]

    Sites may share a weather; it is then prepared once.

    Parameters
    ----------
    sites
        At least one; their weathers have equally many steps of the same length.
    step_s
        As the weather's or a divisor of it; the weather's own when None. [s]
    kept
        Skies of the call before, for calls in a row; of ``in_chunks``.

    Returns
    -------
    Table
        Shape (sites, steps), float32. [W]

    Raises
    ------
    InvalidInput
        When there is no site, or the steps differ or do not fit.
    """
    if not sites:
        raise InvalidInput("fleet: no site")
    first = sites[0].weather
    shapes = {(site.weather.steps, site.weather.step_s) for site in sites}
    if len(shapes) > 1:
        raise InvalidInput(f"fleet: weathers of steps and lengths {sorted(shapes)}")
    parts, merged = parts_of(first, step_s)
    if merged > 1:
        raise InvalidInput(
            f"fleet: steps of {step_s} s are longer than the weather's {first.step_s}"
        )
    table = np.empty((len(sites), first.steps * parts), dtype=np.float32)
    skies = _Skies(parts) if kept is None else kept
    # Sites under one sky one after the other, so that it need not be kept long.
    for index in sorted(range(len(sites)), key=lambda index: id(sites[index].weather)):
        panel, weather = sites[index].panel, sites[index].weather
        fill_plane(
            table[index], skies.of(weather), plane_row(panel, weather.lat_deg), POWER
        )
    return table


class _Skies:
    """Skies that were reckoned, as many as fit into the memory meant for them."""

    def __init__(self, parts: int) -> None:
        self._parts = parts
        self._suns: dict[tuple[float, float], Array] = {}
        self._skies: dict[int, tuple[Weather, Array]] = {}

    def of(self, weather: Weather) -> Array:
        """Give the sky of a weather, from memory when it is there."""
        known = self._skies.get(id(weather))
        if known is not None:
            return known[1]
        when = (weather.utc_offset_h, weather.sun_h)
        if when not in self._suns:
            moments = moments_h(weather, self._parts)
            self._suns[when] = sun_rows(weather.utc_offset_h, moments)
        sky = sky_of(weather, self._parts, self._suns[when])
        if (len(self._skies) + 1) * sky.nbytes > MOST_KEPT_BYTES:
            self._skies.clear()
        # The weather is kept with it, so that its name in memory stays its own.
        self._skies[id(weather)] = (weather, sky)
        return sky


def in_chunks(
    sites: Sequence[SunnySite], step_s: int | None = None, at_once: int = SITES_AT_ONCE
) -> Iterator[tuple[slice, Table]]:
    """Give the power of many sites a table at a time, with the sites it speaks of.

    Parameters and errors are those of ``fleet_power_w``; ``at_once`` is above zero.
    """
    if not at_once > 0:
        raise InvalidInput(f"fleet: {at_once} sites at once must be above zero")
    kept = _Skies(parts_of(sites[0].weather, step_s)[0]) if sites else None
    for start in range(0, len(sites), at_once):
        some = slice(start, min(len(sites), start + at_once))
        yield some, fleet_power_w(sites[some], step_s, kept=kept)
