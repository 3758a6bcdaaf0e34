"""A plan's three files added up by themselves: nothing of the planner is imported.

Reads NETWORK.json, ORDERS.json and PLAN.json as ``docs/planning.md`` describes them and
gives what is wrong with the plan, its cost term by term, and the bound that the prices
of hours, energy, stock and hub hours prove. Written from the document, with other
formulas (haversine, plain loops), to find what the planner and its own check share.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

EARTH_KM = 6371.0088
#: A JSON object; what is looked up in one is as it stands there.
Table = Any


def great_circle_km(here: Table, there: Table) -> float:
    """The distance of two places by haversine. [km]"""
    lat, lat2 = math.radians(here["lat_deg"]), math.radians(there["lat_deg"])
    lon = math.radians(there["lon_deg"] - here["lon_deg"])
    half = math.sin((lat2 - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(lat2) * math.sin(lon / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def each(value: Any, count: int) -> list[float]:
    """Give a figure for each day or row, where one may stand for all."""
    return list(value) if isinstance(value, list) else [value] * count


class Sums:
    """The two data files, looked up by id."""

    def __init__(self, network: Table, orders: Table, weights: Table) -> None:
        self.days = network["days"]
        self.assembly_days = network.get("assembly_days", self.days + 8)
        self.sites = {site["id"]: site for site in network["sites"]}
        self.hubs = {hub["id"]: hub for hub in network.get("hubs", [])}
        self.groups: dict[str, Table] = {}
        self.site_of: dict[str, str] = {}
        for site in network["sites"]:
            for group in site.get("groups", []):
                self.groups[group["id"]], self.site_of[group["id"]] = group, site["id"]
        self.named = {(x["site"], x["hub"]): x for x in network.get("legs", [])}
        self.rule: Table = {
            "usd_each": 1.0,
            "usd_per_km": 0.01,
            "usd_per_kg_km": 0.0005,
            "gco2e_per_kg_km": 0.1,
            "same_day_km": 30.0,
            "km_per_day": 600.0,
        } | network.get("leg_rule", {})
        self.early, self.late = orders.get("early_days", 2), orders.get("late_days", 2)
        self.weights = weights

    def leg(self, here: Table, there: Table, kg: float) -> tuple[float, float, int]:
        """What carriage costs, emits and takes."""
        km, rule = great_circle_km(here, there), self.rule
        days = 0
        if km > rule["same_day_km"] and rule["km_per_day"] is not None:
            days = math.ceil(km / rule["km_per_day"])
        if km <= 0.1:
            return 0.0, 0.0, days
        usd = rule["usd_each"] + (rule["usd_per_km"] + rule["usd_per_kg_km"] * kg) * km
        return usd, rule["gco2e_per_kg_km"] * kg * km, days

    def part_leg(self, group: str, order: Table, hub: str | None, kg: float) -> Any:
        site = self.sites[self.site_of[group]]
        if hub is not None and (site["id"], hub) in self.named:
            found = self.named[site["id"], hub]
            return found["usd"], found["gco2e"], found["days"]
        return self.leg(site, self.hubs[hub] if hub is not None else order, kg)

    def last_leg(self, order: Table, hub: str | None) -> tuple[float, float, int]:
        """Assembly and the way to the customer; a day less where there is none."""
        if hub is None:
            return 0.0, 0.0, -1
        kg = sum(part.get("mass_g", 0.0) for part in order["components"]) / 1000
        usd, grams, days = self.leg(self.hubs[hub], order, kg)
        usd += order["assembly_hours"] * self.hubs[hub]["usd_per_hour"]
        return usd, grams, days

    def ways(self, order: Table) -> list[tuple[str | None, int]]:
        """Every hub and day that is open to an order."""
        found: list[tuple[str | None, int]] = []
        last = (self.assembly_days if self.hubs else self.days + 8) - 1
        for hub in order.get("hubs") or [None]:
            in_time = order["due_day"] - self.last_leg(order, hub)[2]
            first = min(max(in_time - self.early, 1), last)
            end = min(max(max(in_time, 1) + self.late, 1), last)
            found += [(hub, day) for day in range(first, end + 1)]
        return found

    def figures(
        self, part: Table, at: int, ready: int
    ) -> tuple[float, float, float, float]:
        """Hours, energy, price after breaks and emissions, with electricity's own."""
        rows = part["candidates"]
        count = len(rows["groups"])
        hours, wh, usd, grams = (
            each(rows[name], count)[at]
            for name in ("hours", "energy_wh", "usd", "gco2e")
        )
        breaks = self.groups[rows["groups"][at]].get("price_breaks", [])
        reached = [
            x["less_fraction"]
            for x in breaks
            if part.get("quantity", 1) >= x["from_quantity"]
        ]
        usd *= 1 - max(reached, default=0.0)
        site = self.sites[self.site_of[rows["groups"][at]]]
        told, day = site.get("electricity") or {}, max(0, ready)
        usd += wh / 1000 * each(told.get("usd_per_kwh") or 0.0, self.days)[day]
        grams += wh / 1000 * each(told.get("gco2e_per_kwh") or 0.0, self.days)[day]
        return hours, wh, usd, grams

    def cost(self, usd: float, grams: float) -> float:
        tonne = self.weights["carbon_usd_per_t"]
        return float(self.weights["money"] * usd + tonne * grams / 1e6)

    def way_cost(self, order: Table, hub: str | None, day: int) -> tuple[float, int]:
        usd, grams, days = self.last_leg(order, hub)
        late = max(0, day + days - order["due_day"])
        cost = self.cost(usd, grams) + self.weights["time_usd_per_day"] * (day + days)
        cost += self.weights["lateness_usd_per_day"] * late
        return cost, day + days


def add_up(network: Table, orders: Table, plan: Table) -> tuple[list[str], float]:
    """Give what may not stand in a plan, and what it costs. [USD]"""
    sums, total = Sums(network, orders, plan["weights"]), 0.0
    faults: list[str] = []
    chosen = {entry["id"]: entry for entry in plan["orders"]}
    used: dict[Any, float] = defaultdict(float)
    for order in orders["orders"]:
        entry, name = chosen[order["id"]], order["id"]
        if entry.get("left_out"):
            total += order["leave_out_usd"]
            continue
        hub, day = entry["hub"], entry["assembly_day"]
        if (hub, day) not in sums.ways(order):
            faults.append(f"{name}: {hub} on {day} is not open to it")
        cost, delivered = sums.way_cost(order, hub, day)
        total += cost
        if delivered != entry["delivered_day"]:
            faults.append(f"{name}: there on {delivered}")
        if hub is not None:
            used["hub", hub, day] += order["assembly_hours"]
        for part, pick in zip(order["components"], entry["components"], strict=True):
            if pick.get("central"):
                sold = part["central"]
                total += sums.cost(sold["usd"], sold["gco2e"])
                if sold["days"] > day - 1:
                    faults.append(f"{name}/{part['id']}: bought too late")
                continue
            at = part["candidates"]["groups"].index(pick["group"])
            kg = part.get("mass_g", 0.0) / 1000
            leg_usd, leg_grams, days = sums.part_leg(pick["group"], order, hub, kg)
            ready = min(day - 1 - days, sums.days - 1)
            hours, wh, usd, grams = sums.figures(part, at, ready)
            total += sums.cost(usd + leg_usd, grams + leg_grams)
            if ready < 0 or ready != pick["ready_day"]:
                faults.append(f"{name}/{part['id']}: ready on {ready}")
            site = sums.site_of[pick["group"]]
            for until in range(max(0, ready), sums.days):
                used["group", pick["group"], until] += hours
                used["site", site, until] += wh
            used["stock", site, part.get("material")] += part.get("mass_g", 0.0)
    return faults + over(sums, used), total


def over(sums: Sums, used: dict[Any, float]) -> list[str]:
    """Name every limit that is passed."""
    faults = []
    for (kind, name, what), amount in used.items():
        there = limit(sums, kind, name, what)
        if amount > there * (1 + 1e-6) + 1e-6:
            faults.append(f"{kind} {name} {what}: {amount} of {there}")
    return faults


def limit(sums: Sums, kind: str, name: str, what: Any) -> float:
    """What there is: up to a day, of a material, on a day at a hub."""
    if kind == "group":
        return sum(each(sums.groups[name]["hours"], sums.days)[: what + 1])
    if kind == "hub":
        return float(each(sums.hubs[name]["hours"], sums.assembly_days)[what])
    if kind == "site":
        wh = sums.sites[name].get("energy_wh")
        daily = [math.inf] if wh is None else each(wh, sums.days)[: what + 1]
        return sum(daily)
    scarce = {x["material"]: x["g"] for x in sums.sites[name].get("stock", [])}
    return float(scarce.get(what, math.inf))


def bound_by_hours(network: Table, orders: Table, plan: Table) -> float:
    """What no plan costs less than, at the plan's prices of what is scarce. [USD]"""
    sums, prices = Sums(network, orders, plan["weights"]), plan["prices"]
    stock = {(x["site"], x["material"]): x["usd_per_g"] for x in prices["stock_usd"]}
    paid = sum(
        value * limit(sums, kind, name, day)
        for kind, table in (
            ("group", "hour_usd"),
            ("site", "energy_usd"),
            ("hub", "hub_usd"),
        )
        for name, row in prices[table].items()
        for day, value in enumerate(row)
        if value > 0
    )
    paid += sum(usd * limit(sums, "stock", *key) for key, usd in stock.items())
    total = 0.0
    for order in orders["orders"]:
        best = order["leave_out_usd"]
        for hub, day in sums.ways(order):
            cost, _ = sums.way_cost(order, hub, day)
            if hub is not None:
                price = each(prices["hub_usd"].get(hub, 0.0), sums.assembly_days)[day]
                cost += price * order["assembly_hours"]
            for part in order["components"]:
                cost += least(sums, prices, stock, order, part, hub, day)
            best = min(best, cost)
        total += best
    return float(total - paid)


def least(
    sums: Sums,
    prices: Table,
    stock: dict[Any, Any],
    order: Table,
    part: Table,
    hub: str | None,
    day: int,
) -> float:
    """The least that a component can cost for an assembly, all paid for. [USD]"""
    best, sold = math.inf, part.get("central")
    if sold is not None and sold["days"] <= day - 1:
        best = sums.cost(sold["usd"], sold["gco2e"])
    mass = part.get("mass_g", 0.0)
    for at, group in enumerate(part["candidates"]["groups"]):
        leg_usd, leg_grams, days = sums.part_leg(group, order, hub, mass / 1000)
        ready, site = min(day - 1 - days, sums.days - 1), sums.site_of[group]
        if ready < 0:
            continue
        hours, wh, usd, grams = sums.figures(part, at, ready)
        alone = {
            ("group", group, ready): hours,
            ("site", site, ready): wh,
            ("stock", site, part.get("material")): mass,
        }
        if over(sums, alone):  # what it needs alone is not there
            continue
        cost = sums.cost(usd + leg_usd, grams + leg_grams)
        cost += hours * sum(each(prices["hour_usd"].get(group, 0.0), sums.days)[ready:])
        cost += wh * sum(each(prices["energy_usd"].get(site, 0.0), sums.days)[ready:])
        cost += mass * stock.get((site, part.get("material")), 0.0)
        best = min(best, cost)
    return best
