"""Why something is late, left out or bought, in words with numbers, and what frees it.

From capacities, prices and candidates beside the plan: which limits bind, how many days
or hours more would do, and whether another material would open a site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np

from nearmade.planning.network.plan import CENTRAL, LEFT_OUT, NetworkPlan
from nearmade.planning.network.plan_record import Made
from nearmade.planning.network.plan_words import counted, day_name, listed, more_time
from nearmade.planning.network.room import Block, Room
from nearmade.planning.network.weights import PricedProblem

Kind = Literal["late", "left_out", "central"]

#: So few sites are spoken of as the only ones.
FEW: Final = 3
#: So many more days are tried.
MORE_DAYS: Final = 7
#: What a hub is on a day that an order cannot have.
_AT_HUB: Final = {
    "hours": "full",
    "closed": "closed",
    "brief": "open for too few hours",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an order or component is not as it was wished.

    Parameters
    ----------
    kind
        ``late``, ``left_out`` (orders) or ``central`` (a component that is bought).
    order_id, component_id
        What it is about; no component for orders.
    words
        Why, in a sentence or two with numbers.
    frees
        What would change it, most useful first.
    usd
        What it costs in the objective: lateness, leaving out, or above making it at
        the cheapest candidate. [USD]
    """

    kind: Kind
    order_id: str
    component_id: str | None
    words: str
    frees: tuple[str, ...]
    usd: float


def explain(
    made: Made,
    priced: PricedProblem,
    plan: NetworkPlan,
    *,
    most: int = 100,
    starts: date | None = None,
) -> list[Reason]:
    """Explain the orders that are left out, late, and the components that are bought.

    Parameters
    ----------
    made, priced, plan
        The data, the problem at its weights, the plan.
    most
        So many of each kind are explained, the dearest first.
    starts
        Date of day 0, so that days can be told by their name.
    """
    speaker = _Speaker(made, priced, plan, starts)
    reasons = [speaker.left_out(o) for o in speaker.orders_left_out()[:most]]
    reasons += [speaker.late(o) for o in speaker.orders_late()[:most]]
    bought = speaker.components_bought()[:most]
    return reasons + [speaker.central(order, part) for order, part in bought]


class _Speaker:
    """Finds what binds and puts it into words."""

    def __init__(
        self,
        made: Made,
        priced: PricedProblem,
        plan: NetworkPlan,
        starts: date | None,
    ) -> None:
        self.made, self.priced, self.plan = made, priced, plan
        self.orders, self.candidates = made.problem.orders, made.problem.candidates
        self.room, self.starts = Room(priced, plan), starts

    def day(self, day: int) -> str:
        return day_name(day, self.starts)

    def orders_left_out(self) -> list[int]:
        found = np.flatnonzero(self.plan.way == LEFT_OUT)
        dear = np.argsort(-self.orders.leave_out_usd[found], kind="stable")
        return [int(o) for o in found[dear]]

    def _late_days(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        way = self.plan.way
        days = self.orders.way_delivered_day[np.maximum(way, 0)].astype(np.int64)
        late: np.ndarray[tuple[int], np.dtype[np.int64]] = np.where(
            way >= 0, days - self.orders.due_day, 0
        )
        return late

    def orders_late(self) -> list[int]:
        late = self._late_days()
        found = np.flatnonzero(late > 0)
        return [int(o) for o in found[np.argsort(-late[found], kind="stable")]]

    def components_bought(self) -> list[tuple[int, int]]:
        parts = np.flatnonzero(self.plan.candidate == CENTRAL)
        first = self.orders.first_component
        orders = np.searchsorted(first, parts, side="right") - 1
        usd = self.candidates.central_usd[parts, 0]
        return [
            (int(orders[n]), int(parts[n])) for n in np.argsort(-usd, kind="stable")
        ]

    # -- components ----------------------------------------------------------

    def parts_of(self, order: int) -> range:
        first = self.orders.first_component
        return range(int(first[order]), int(first[order + 1]))

    def candidates_of(self, part: int) -> range:
        first = self.candidates.first_candidate
        return range(int(first[part]), int(first[part + 1]))

    def needs(self, part: int) -> str:
        """Tell what a component asks of a machine, such as a 350 mm bed and ASA."""
        book, network = self.made.book, self.made.network
        asks = []
        if book.component_bed_mm[part] > 0:
            asks.append(f"a {book.component_bed_mm[part]:g} mm bed")
        if book.component_material[part] >= 0:
            asks.append(network.materials[book.component_material[part]])
        return f" with {' and '.join(asks)}" if asks else ""

    def who_can(self, part: int, *, alike: bool) -> str:
        count = len(self.candidates_of(part))
        if count == 1:
            return f"the only site{self.needs(part)}"
        if count <= FEW:
            only = f"the only {counted(count)} sites{self.needs(part)}"
            return only if alike else f"of {only}"
        if alike:
            return f"all {count} sites{self.needs(part)}"
        return f"of {count} sites{self.needs(part)}"

    def blocks(self, room: Room, part: int, slot: int, day: int) -> Counter[Block]:
        return Counter(room.block(k, slot, day) for k in self.candidates_of(part))

    def why_nobody(self, room: Room, part: int, slot: int, day: int) -> str:
        """Tell what keeps a component's sites from a day of assembly."""
        if not self.candidates_of(part):
            return f"no site in reach can make it{self.needs(part)}"
        found, texts = self.blocks(room, part, slot, day), []
        ready = max(
            [room.ready_day(k, slot, day) for k in self.candidates_of(part)], default=0
        )
        until = f"until {self.day(ready)}" if ready > 0 else self.day(0)
        bought = self.made.book.component_material[part]
        material = self.made.network.materials[bought] if bought >= 0 else "feedstock"
        for kind, text in (
            ("hours", f"full {until}"),
            ("closed", f"closed {until}"),
            ("brief", f"open for too few hours {until}"),
            ("energy", "short of energy"),
            ("stock", f"short of {material}"),
            ("far", f"too far for assembly on {self.day(day)}"),
        ):
            if count := found[kind]:  # type: ignore[index]
                verb = "is" if count == 1 else "are"
                alone = count == len(self.candidates_of(part))
                texts.append(f"{verb} {text}" if alone else f"{count} {verb} {text}")
        alike = len(found) == 1
        who = self.who_can(part, alike=alike) + ("" if alike else ",")
        return f"{who} {listed(texts)}" if texts else ""

    def open_sites(self, room: Room, part: int, slot: int, day: int) -> list[int]:
        """Give the candidates with room, cheapest first."""
        found = [k for k in self.candidates_of(part) if not room.block(k, slot, day)]
        return sorted(found, key=lambda k: room.cost(k, slot))

    def frees(
        self, room: Room, part: int, slot: int, day: int, most_days: int = MORE_DAYS
    ) -> Iterator[str]:
        """Tell what would give a component a site."""
        names = self.made.network.group_id
        for more in range(1, min(most_days, MORE_DAYS) + 1):
            found = self.open_sites(room, part, slot, day + more)
            if found:
                days = f"{counted(more)} more day{'s' if more > 1 else ''}"
                yield f"{days} (then {names[self.candidates.group[found[0]]]} is free)"
                break
        short = [
            (float(self.candidates.hours[k]) - room.hours_left(group, ready), group)
            for k in self.candidates_of(part)
            if (ready := room.ready_day(k, slot, day)) >= 0
            and room.block(k, slot, day) in ("hours", "closed", "brief")
            for group in [int(self.candidates.group[k])]
        ]
        if short:
            hours, group = min(short)
            price = float(self.made.network.group_usd_per_hour[group])
            missing = more_time(hours)
            yield f"{missing} at {names[group]} ({price:.2f} USD an hour)"
        yield from self._other_materials(room, part, day)

    def _other_materials(self, room: Room, part: int, day: int) -> Iterator[str]:
        """Tell which other material a site near has room for."""
        network, book = self.made.network, self.made.book
        own, rows = int(book.component_material[part]), self.candidates_of(part)
        if own < 0 or not len(rows):
            return
        hours = float(np.mean(self.candidates.hours[rows.start : rows.stop]))
        ready = max(0, min(day - 1, room.last_day))
        left = room.left.group_hours[:, ready:].min(axis=1)
        near = np.isin(network.group_site, self._sites_near(part))
        able = near & (network.group_bed_mm >= book.component_bed_mm[part])
        able &= (network.group_materials >> own & 1 == 0) & (left >= hours)
        counts = [
            (int((able & (network.group_materials >> m & 1 == 1)).sum()), name)
            for m, name in enumerate(network.materials)
        ]
        best, name = max(counts, key=lambda one: one[0], default=(0, ""))
        if best:
            sites = f"{best} site{'s' if best > 1 else ''} near with room"
            yield f"{name} instead of {network.materials[own]} (opens {sites})"

    def _sites_near(self, part: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Give the sites no farther from the customer than the farthest candidate."""
        network = self.made.network
        order = int(np.searchsorted(self.orders.first_component, part, "right")) - 1
        north = network.site_lat_deg - self.made.book.order_lat_deg[order]
        around = network.site_lon_deg - self.made.book.order_lon_deg[order]
        east = (around + 180.0) % 360.0 - 180.0
        east *= np.cos(np.radians(self.made.book.order_lat_deg[order]))
        square = north**2 + east**2
        rows = self.candidates_of(part)
        own = network.group_site[self.candidates.group[rows.start : rows.stop]]
        return np.flatnonzero(square <= square[own].max())

    # -- what is told --------------------------------------------------------

    def central(self, order: int, part: int) -> Reason:
        way = int(self.plan.way[order])
        day, slot = int(self.orders.way_day[way]), int(self.orders.way_slot[way])
        bought = float(self.priced.central_cost[part, slot])
        costs = [self.room.cost(k, slot) for k in self.candidates_of(part)]
        reasons = [self.why_nobody(self.room, part, slot, day)]
        free = self.open_sites(self.room, part, slot, day)
        if free:
            cheapest = self.room.cost(free[0], slot)
            group = int(self.candidates.group[free[0]])
            name, price = self.made.network.group_id[group], self.hour_price(group, day)
            text = f"{name} has room but would cost {cheapest:.2f} USD"
            if cheapest < bought and price > 0:
                text += f", and others need its hours more ({price:.2f} USD an hour)"
            reasons.append(text)
        words = "; ".join(filter(None, reasons))
        return Reason(
            "central",
            self.made.book.order_id[order],
            self.made.book.component_id[part],
            f"bought from the {self.made.network.central_name} for {bought:.2f} USD: "
            f"{words}",
            tuple(self.frees(self.room, part, slot, day)) if not free else (),
            bought - min(costs, default=0.0),
        )

    def hour_price(self, group: int, day: int) -> float:
        """Give what an hour of a group is worth to others, up to a day. [USD/h]"""
        ready = max(0, min(day - 1, self.room.last_day))
        return float(self.plan.prices.hour_usd[group, ready:].sum())

    def late(self, order: int) -> Reason:
        way, due = int(self.plan.way[order]), int(self.orders.due_day[order])
        days = int(self.orders.way_delivered_day[way]) - due
        room = self.room.without(order)
        words, frees = self._ways(room, order, late_days=days)
        there = self.day(int(self.orders.way_delivered_day[way]))
        head = (
            f"{counted(days)} day{'s' if days > 1 else ''} late ({there}, due "
            f"{self.day(due)})"
        )
        return Reason(
            "late",
            self.made.book.order_id[order],
            None,
            f"{head}: {words}",
            frees,
            self.priced.weights.lateness_usd_per_day * days,
        )

    def left_out(self, order: int) -> Reason:
        words, frees = self._ways(self.room, order)
        cost = float(self.orders.leave_out_usd[order])
        return Reason(
            "left_out",
            self.made.book.order_id[order],
            None,
            f"left out, at {cost:.2f} USD: {words}",
            frees,
            cost,
        )

    def _ways(
        self, room: Room, order: int, late_days: int = 0
    ) -> tuple[str, tuple[str, ...]]:
        """Tell why an order's ways are not taken; of a late order, those in time.

        It is offered no more days than it is late by.
        """
        orders, network = self.orders, self.made.network
        first, end = orders.first_way[order : order + 2].tolist()
        due = int(orders.due_day[order])
        ways = [
            w
            for w in range(first, end)
            if not late_days or orders.way_delivered_day[w] <= due
        ]
        if not ways:
            return "assembly and legs take it past its day from anywhere", ()
        full: dict[tuple[str, str], list[int]] = {}
        short = np.inf
        told = ""
        frees: tuple[str, ...] = ()
        hours = float(orders.assembly_hours[order])
        for w in ways:
            hub, day = int(orders.way_hub[w]), int(orders.way_day[w])
            if block := room.hub_block(hub, day, hours):
                full.setdefault((network.hub_id[hub], block), []).append(day)
                short = min(short, hours - room.hub_left(hub, day))
                continue
            told, frees = self._blocked_part(room, order, w, late_days or MORE_DAYS)
            if not told:
                where = f" at {network.hub_id[hub]}" if hub >= 0 else ""
                return f"there is room{where} on {self.day(day)}, at a higher cost", ()
        hubs = [
            f"{name} is {_AT_HUB[block]} on {listed([self.day(day) for day in days])}"
            for (name, block), days in full.items()
        ]
        if hubs and not told:
            frees = (f"{more_time(short)} at one of its hubs",)
        return "; ".join([*hubs, told] if told else hubs), frees

    def _blocked_part(
        self, room: Room, order: int, way: int, most_days: int
    ) -> tuple[str, tuple[str, ...]]:
        """Tell which components no site can have ready for a way; nothing if all can.

        What would free one is told where it alone is held up.
        """
        day, slot = int(self.orders.way_day[way]), int(self.orders.way_slot[way])
        blocked = []
        for part in self.parts_of(order):
            bought = self.candidates.central_days[part, slot] <= day - 1
            if bought and np.isfinite(self.candidates.central_usd[part, slot]):
                continue
            if not self.open_sites(room, part, slot, day):
                blocked.append(part)
        if not blocked:
            return "", ()
        first, *others = [self.made.book.component_id[part] for part in blocked]
        words = f"{first} finds no site: "
        words += self.why_nobody(room, blocked[0], slot, day)
        if others:
            verb = "finds" if len(others) == 1 else "find"
            return f"{words}; {listed(others)} {verb} none either", ()
        return words, tuple(self.frees(room, blocked[0], slot, day, most_days))
