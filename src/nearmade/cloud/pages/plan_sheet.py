"""A plan's picture as columns of numbers, made once and asked many times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import h3
import numpy as np
from numpy.typing import NDArray

from nearmade.cloud.network.services import AREA_RESOLUTION, CELL_RESOLUTION
from nearmade.cloud.plans.services import picture_kept

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: What a component that is bought centrally, and one that is left out, has as a site.
NOWHERE: Final = -1


@dataclass(frozen=True, eq=False)
class PlanSheet:
    """Columns of a picture by site, group, order and component."""

    picture: dict[str, Any]

    def _column(self, table: str, name: str) -> Any:
        return self.picture[table][name]

    @cached_property
    def days(self) -> int:
        """Days that are planned."""
        return int(self.picture["days"])

    @cached_property
    def site_point(self) -> Floats:
        """Latitude and longitude of each site, shape (S, 2). [°]"""
        return _points(self.picture["sites"])

    @cached_property
    def hub_point(self) -> Floats:
        """Latitude and longitude of each hub, shape (H, 2). [°]"""
        return _points(self.picture["hubs"])

    @cached_property
    def order_point(self) -> Floats:
        """Latitude and longitude of each customer, shape (O, 2). [°]"""
        return _points(self.picture["orders"])

    @cached_property
    def group_site(self) -> Ints:
        """Site of each group, shape (G,)."""
        return np.array(self._column("groups", "site"), dtype=np.int64)

    @cached_property
    def group_hours(self) -> Floats:
        """Hours there are, shape (G, D). [h]"""
        return _table(self._column("groups", "hours"), self.days)

    @cached_property
    def group_used(self) -> Floats:
        """Hours of what is ready on each day, shape (G, D). [h]"""
        return _table(self._column("groups", "used"), self.days)

    @cached_property
    def part_site(self) -> Ints:
        """Site of each component, shape (N,); ``NOWHERE`` where none makes it."""
        group = self.part_group
        if not len(self.group_site):
            return np.full(len(group), NOWHERE)
        return np.where(group >= 0, self.group_site[np.maximum(group, 0)], NOWHERE)

    @cached_property
    def part_group(self) -> Ints:
        """Group of each component, shape (N,); below zero where none makes it."""
        return np.array(self._column("components", "group"), dtype=np.int64)

    @cached_property
    def part_order(self) -> Ints:
        """Order of each component, shape (N,)."""
        return np.array(self._column("components", "order"), dtype=np.int64)

    @cached_property
    def order_hub(self) -> Ints:
        """Hub of each order, shape (O,); -1 for none, -2 where it is left out."""
        return np.array(self._column("orders", "hub"), dtype=np.int64)

    @cached_property
    def site_parts(self) -> Ints:
        """Components that each site makes, shape (S,)."""
        made = self.part_site[self.part_site >= 0]
        return np.bincount(made, minlength=len(self.site_point)).astype(np.int64)

    @cached_property
    def site_hours(self) -> Floats:
        """Hours there are at each site, shape (S,). [h]"""
        return self._by_site(self.group_hours.sum(axis=1))

    @cached_property
    def site_used(self) -> Floats:
        """Hours that are used at each site, shape (S,). [h]"""
        return self._by_site(self.group_used.sum(axis=1))

    @cached_property
    def site_load(self) -> Floats:
        """Share of the hours that are used, shape (S,)."""
        return self.site_used / np.maximum(self.site_hours, 1e-9)

    @cached_property
    def site_price(self) -> Floats:
        """What one more hour is worth at the dearest group, shape (S,). [USD/h]"""
        price = np.array(self._column("groups", "price"), dtype=float)
        dearest = np.zeros(len(self.site_point))
        np.maximum.at(dearest, self.group_site, price)
        return dearest

    @cached_property
    def site_area(self) -> list[str]:
        """H3 area of each site, as the register's map counts by."""
        return _cells(self.site_point, AREA_RESOLUTION)

    @cached_property
    def site_cell(self) -> list[str]:
        """H3 cell of each site."""
        return _cells(self.site_point, CELL_RESOLUTION)

    @cached_property
    def site_id(self) -> list[str]:
        """Ids of the sites."""
        return [str(one) for one in self._column("sites", "id")]

    @cached_property
    def site_name(self) -> list[str]:
        """Names of the sites."""
        return [str(one) for one in self._column("sites", "name")]

    @cached_property
    def parts_of_site(self) -> list[Ints]:
        """Components of each site, by site."""
        order = np.argsort(self.part_site, kind="stable")
        ends = np.searchsorted(
            self.part_site[order], np.arange(len(self.site_point) + 1)
        )
        return [order[a:b] for a, b in pairwise(ends.tolist())]

    @cached_property
    def groups_of_site(self) -> list[Ints]:
        """Groups of each site, by site."""
        order = np.argsort(self.group_site, kind="stable")
        ends = np.searchsorted(
            self.group_site[order], np.arange(len(self.site_point) + 1)
        )
        return [order[a:b] for a, b in pairwise(ends.tolist())]

    def _by_site(self, values: Floats) -> Floats:
        total = np.bincount(
            self.group_site, weights=values, minlength=len(self.site_point)
        )
        return np.asarray(total, dtype=float)


def _points(table: dict[str, Any]) -> Floats:
    found = np.array([table["lat_deg"], table["lon_deg"]], dtype=float)
    return found.reshape(2, -1).T


def _table(rows: Any, days: int) -> Floats:
    return np.array(rows, dtype=float).reshape(-1, days)


def _cells(points: Floats, resolution: int) -> list[str]:
    return [h3.latlng_to_cell(lat, lon, resolution) for lat, lon in points.tolist()]


@lru_cache(maxsize=4)
def sheet_of(plan_id: UUID) -> PlanSheet:
    """Give a ready plan's columns.

    Raises
    ------
    NotFound
        When it is not kept (any more).
    """
    return PlanSheet(picture_kept(plan_id))
