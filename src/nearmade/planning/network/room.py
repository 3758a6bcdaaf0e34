"""What a plan leaves of each resource, and what keeps a choice from being taken."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from nearmade.planning.network.evaluate import Usage, evaluate
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.problem import NO_LEG
from nearmade.planning.network.weights import PricedProblem

#: What keeps a choice from being taken: ``hours`` are taken by others, ``closed`` and
#: ``brief`` are machines that are open for none, or for too few, even without others.
Block = Literal["", "far", "hours", "closed", "brief", "energy", "stock"]

#: Less than this is nothing left.
NOTHING = 1e-9


class Missing(NamedTuple):
    """What a candidate would need more than is left; zero where nothing is missing.

    Parameters
    ----------
    hours
        Of its group. [h]
    energy_wh
        Of its site. [Wh]
    stock_g
        Of its feedstock. [g]
    """

    hours: float
    energy_wh: float
    stock_g: float


class Room:
    """What is left of each resource beside a plan.

    Parameters
    ----------
    priced
        The problem at its weights.
    plan
        What is taken from it.
    """

    def __init__(self, priced: PricedProblem, plan: NetworkPlan) -> None:
        resources = priced.problem.resources
        used = evaluate(priced, plan.way, plan.candidate).usage
        self.priced, self.plan = priced, plan
        self.left = Usage(
            resources.group_hours.cumsum(axis=1) - used.group_hours,
            resources.site_energy_wh.cumsum(axis=1) - used.site_energy_wh,
            resources.stock_g - used.stock_g,
            resources.hub_hours - used.hub_hours,
        )
        self.last_day = resources.group_hours.shape[1] - 1

    def ready_day(self, k: int, slot: int, day: int) -> int:
        """Give the day on which a candidate must be ready; below 0 where it cannot."""
        leg = int(self.priced.problem.candidates.leg_days[k, slot])
        return -1 if leg == NO_LEG else min(day - 1 - leg, self.last_day)

    def block(self, k: int, slot: int, day: int) -> Block:
        """Tell what keeps a candidate from a day of assembly; empty where nothing."""
        ready = self.ready_day(k, slot, day)
        if ready < 0:
            return "far"
        candidates = self.priced.problem.candidates
        group = int(candidates.group[k])
        if self.hours_left(group, ready) + NOTHING < candidates.hours[k]:
            return self._why_short(self.open_hours(group, ready), candidates.hours[k])
        site = int(self.priced.problem.resources.group_site[group])
        energy = self.left.site_energy_wh[site, ready:].min()
        if energy + NOTHING < candidates.energy_wh[k]:
            return "energy"
        stock = int(candidates.stock[k])
        if stock >= 0 and self.left.stock_g[stock] + NOTHING < candidates.stock_g[k]:
            return "stock"
        return ""

    def missing(self, k: int, slot: int, day: int) -> Missing:
        """Tell how much more of each a candidate needs; of one that is not too far."""
        candidates, ready = self.priced.problem.candidates, self.ready_day(k, slot, day)
        group, stock = int(candidates.group[k]), int(candidates.stock[k])
        site = int(self.priced.problem.resources.group_site[group])
        energy_left = float(self.left.site_energy_wh[site, ready:].min())
        stock_left = float(self.left.stock_g[stock]) if stock >= 0 else np.inf
        hours, energy_wh, stock_g = (
            float(needed) - left if left + NOTHING < needed else 0.0
            for needed, left in (
                (candidates.hours[k], self.hours_left(group, ready)),
                (candidates.energy_wh[k], energy_left),
                (candidates.stock_g[k], stock_left),
            )
        )
        return Missing(hours, energy_wh, stock_g)

    @staticmethod
    def _why_short(there: float, needed: float) -> Block:
        """Tell whether others take what is there, or it would not do by itself."""
        if there + NOTHING >= needed:
            return "hours"
        return "brief" if there > NOTHING else "closed"

    def open_hours(self, group: int, ready: int) -> float:
        """Give the hours that a group has up to a day, before any is taken. [h]"""
        hours = self.priced.problem.resources.group_hours
        return float(hours[group, : ready + 1].sum())

    def hub_block(self, hub: int, day: int, hours: float) -> Block:
        """Tell what keeps an order from a hub's day; empty where nothing does."""
        if self.hub_left(hub, day) + NOTHING >= hours:
            return ""
        there = self.priced.problem.resources.hub_hours[hub, day]
        return self._why_short(float(there), hours)

    def hours_left(self, group: int, ready: int) -> float:
        """Give the hours of a group that are left for what is ready on a day. [h]"""
        return float(self.left.group_hours[group, ready:].min())

    def hub_left(self, hub: int, day: int) -> float:
        """Give a hub's hours that are left on a day, infinite at no hub. [h]"""
        return float(self.left.hub_hours[hub, day]) if hub >= 0 else np.inf

    def cost(self, k: int, slot: int) -> float:
        """Give what a candidate costs in the objective. [USD]"""
        return float(self.priced.making_cost[k]) + float(self.priced.leg_cost[k, slot])

    def copy(self) -> Room:
        """Give the room by itself, so that it can be changed."""
        other = object.__new__(Room)
        other.priced, other.plan, other.last_day = self.priced, self.plan, self.last_day
        other.left = Usage(*(one.copy() for one in self.left))
        return other

    def without(self, order: int) -> Room:
        """Give the room as it is when one order takes nothing."""
        other = self.copy()
        self._give_back(order, other.left)
        return other

    def take(self, k: int, slot: int, day: int) -> None:
        """Take what a candidate needs for a day of assembly."""
        candidates, ready = self.priced.problem.candidates, self.ready_day(k, slot, day)
        group, stock = int(candidates.group[k]), int(candidates.stock[k])
        site = int(self.priced.problem.resources.group_site[group])
        self.left.group_hours[group, ready:] -= candidates.hours[k]
        self.left.site_energy_wh[site, ready:] -= candidates.energy_wh[k]
        if stock >= 0:
            self.left.stock_g[stock] -= candidates.stock_g[k]

    def _give_back(self, order: int, left: Usage) -> None:
        orders = self.priced.problem.orders
        candidates = self.priced.problem.candidates
        way = int(self.plan.way[order])
        if way < 0:
            return
        day, slot = int(orders.way_day[way]), int(orders.way_slot[way])
        hub = int(orders.way_hub[way])
        if hub >= 0:
            left.hub_hours[hub, day] += orders.assembly_hours[order]
        first, end = orders.first_component[order : order + 2].tolist()
        for k in self.plan.candidate[first:end].tolist():
            if k < 0:
                continue
            ready, group = self.ready_day(k, slot, day), int(candidates.group[k])
            site = int(self.priced.problem.resources.group_site[group])
            left.group_hours[group, ready:] += candidates.hours[k]
            left.site_energy_wh[site, ready:] += candidates.energy_wh[k]
            if candidates.stock[k] >= 0:
                left.stock_g[candidates.stock[k]] += candidates.stock_g[k]
