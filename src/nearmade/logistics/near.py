"""Near, by H3 cells: short keys that a database can filter by.

References
----------
H3 4.x, ``latlng_to_cell``, ``grid_disk``; edge lengths from the resolution table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import h3
import numpy as np

from nearmade.logistics.distance import great_circle_km, great_circles_km
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place

Thing = TypeVar("Thing")

#: Rings of a disk beyond which it is cheaper to look at every place.
MOST_RINGS: Final = 60
#: The narrowest step between neighbours over the average one: 0.713 over all cells of
#: resolutions 2 and 3 (h3 4.5.0), with a margin.
SMALLEST_CELL_FRACTION: Final = 0.6


def cell_of(place: Place, resolution: int) -> str:
    """Name the H3 cell that holds a place.

    Raises
    ------
    InvalidInput
        When the resolution is not from 0 to 15.
    """
    _check(resolution)
    cell: str = h3.latlng_to_cell(place.lat_deg, place.lon_deg, resolution)
    return cell


def cells_within(place: Place, radius_km: float, resolution: int) -> frozenset[str]:
    """Name cells that together hold every place within a radius; some hold more.

    Raises
    ------
    InvalidInput
        When the resolution is not from 0 to 15, or so fine that the disk would be
        wider than 60 rings.
    """
    _check(resolution)
    # From cell to neighbour it is the short diameter, sqrt(3) edges; a disk of k rings
    # covers at least 1.5 edges for each, and a place may lie at its cell's rim.
    edge_km = h3.average_hexagon_edge_length(resolution, "km")
    step_km = 1.5 * edge_km * SMALLEST_CELL_FRACTION
    rings = math.ceil(radius_km / step_km) + 1
    if rings > MOST_RINGS:
        raise InvalidInput(
            f"radius {radius_km:g} km at resolution {resolution}: {rings} rings, "
            f"at most {MOST_RINGS}",
            remedy="take a coarser resolution",
        )
    return frozenset(h3.grid_disk(cell_of(place, resolution), rings))


def nearest(
    place: Place,
    things: Sequence[Thing],
    place_of: Callable[[Thing], Place],
    *,
    most: int,
    within_km: float = math.inf,
) -> tuple[tuple[Thing, float], ...]:
    """Give the nearest things with their great circles, nearest first. [km]"""
    if not things:
        return ()
    distance_km = great_circles_km(place, [place_of(thing) for thing in things])
    order = np.argsort(distance_km, kind="stable")[:most]
    return tuple(
        (things[index], great_circle_km(place, place_of(things[index])))
        for index in order
        if distance_km[index] <= within_km
    )


def _check(resolution: int) -> None:
    if not 0 <= resolution <= 15:
        raise InvalidInput(f"H3 resolution {resolution}: must be from 0 to 15")
