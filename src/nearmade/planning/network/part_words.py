"""Which sites could make a component, what keeps each from it, and what frees one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

import numpy as np

from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.plan_record import Made
from nearmade.planning.network.plan_words import counted, day_name, listed, more_time
from nearmade.planning.network.room import Block, Missing, Room
from nearmade.planning.network.weights import PricedProblem

#: So few sites are spoken of as the only ones.
FEW: Final = 3


class PartWords:
    """Speaks of components: what they ask, who can make them, what is in the way.

    Parameters
    ----------
    made, priced, plan
        The data, the problem at its weights, the plan.
    starts
        Date of day 0; none: days are told by number.
    """

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
        """Name a day."""
        return day_name(day, self.starts)

    def name(self, part: int) -> str:
        """Give a component's id."""
        return self.made.book.component_id[part]

    def parts_of(self, order: int) -> range:
        """Give an order's components."""
        first = self.orders.first_component
        return range(int(first[order]), int(first[order + 1]))

    def candidates_of(self, part: int) -> range:
        """Give who could make a component."""
        first = self.candidates.first_candidate
        return range(int(first[part]), int(first[part + 1]))

    def open_sites(self, room: Room, part: int, slot: int, day: int) -> list[int]:
        """Give the candidates with room, cheapest first."""
        found = [k for k in self.candidates_of(part) if not room.block(k, slot, day)]
        return sorted(found, key=lambda k: room.cost(k, slot))

    # -- why nobody can ------------------------------------------------------

    def why_nobody(
        self, room: Room, part: int, slot: int, day: int, *, straight: bool = False
    ) -> str:
        """Tell what keeps a component's sites from a day of assembly."""
        rows = self.candidates_of(part)
        if not rows:
            return self._nobody(part)
        blocked: dict[Block, list[int]] = {}
        for k in rows:
            if block := room.block(k, slot, day):
                blocked.setdefault(block, []).append(k)
        texts = []
        for kind in ("hours", "closed", "brief", "energy", "stock", "far"):
            found = blocked.get(kind, [])
            if not found:
                continue
            text = self._block_words(room, found, kind, slot, day, straight=straight)
            verb = "is" if len(found) == 1 else "are"
            alone = len(found) == len(rows)
            texts.append(f"{verb} {text}" if alone else f"{len(found)} {verb} {text}")
        alike = sum(map(len, blocked.values())) == len(rows) and len(blocked) == 1
        who = self._who_can(part, alike=alike) + ("" if alike else ",")
        return f"{who} {listed(texts)}" if texts else ""

    def _block_words(
        self,
        room: Room,
        found: list[int],
        kind: str,
        slot: int,
        day: int,
        *,
        straight: bool,
    ) -> str:
        """Tell what keeps sites of one kind of block, with what the component takes."""
        ready = max(room.ready_day(k, slot, day) for k in found)
        until = f"until {self.day(ready)}" if ready > 0 else self.day(0)
        hours = float(self.candidates.hours[found].min())
        if kind == "hours":
            return f"full {until}"
        if kind == "closed":
            return f"closed {until}"
        if kind == "brief":
            return f"open for too few hours {until} (it takes {hours:.1f} h)"
        if kind == "energy":
            wh = float(self.candidates.energy_wh[found].min())
            return f"short of energy {until} (it takes {wh:.0f} Wh)"
        if kind == "stock":
            part = int(
                np.searchsorted(self.candidates.first_candidate, found[0], "right") - 1
            )
            bought = int(self.made.book.component_material[part])
            grams = float(self.candidates.stock_g[found[0]])
            material = self.made.network.materials[bought]
            return f"short of {material} (it takes {grams:.0f} g)"
        if straight:
            return f"too far to be there by {self.day(day - 1)}"
        return f"too far for assembly on {self.day(day)}"

    def _nobody(self, part: int) -> str:
        """Tell that no site was offered, and whether the network has such machines."""
        network, bed_mm = self.made.network, self.made.book.component_bed_mm[part]
        material = int(self.made.book.component_material[part])
        able = np.ones(len(network.group_id), bool)
        if material >= 0:
            able = (network.group_materials >> material & 1).astype(bool)
        words = f"no site in reach can make it{self._needs(part)}"
        if not able.any():
            return f"{words}: none of the network prints {network.materials[material]}"
        largest = float(network.group_bed_mm[able].max())
        if largest < bed_mm:
            return f"{words}: the largest bed there is {largest:g} mm"
        return words

    def _needs(self, part: int) -> str:
        """Tell what a component asks of a machine, such as a 350 mm bed and ASA."""
        book, network = self.made.book, self.made.network
        asks = []
        if book.component_bed_mm[part] > 0:
            asks.append(f"a {book.component_bed_mm[part]:g} mm bed")
        if book.component_material[part] >= 0:
            asks.append(network.materials[book.component_material[part]])
        return f" with {' and '.join(asks)}" if asks else ""

    def _who_can(self, part: int, *, alike: bool) -> str:
        count = len(self.candidates_of(part))
        if count == 1:
            return f"the only site{self._needs(part)}"
        if count <= FEW:
            only = f"the only {counted(count)} sites{self._needs(part)}"
            return only if alike else f"of {only}"
        if alike:
            return f"all {count} sites{self._needs(part)}"
        return f"of {count} sites{self._needs(part)}"

    # -- what frees one ------------------------------------------------------

    def least_missing(
        self,
        room: Room,
        part: int,
        slot: int,
        day: int,
        but: Collection[int] = (),
    ) -> tuple[str, int] | None:
        """Tell what more would let a candidate make it, and at which group.

        The one that misses the fewest kinds of things, then the fewest hours, not at
        the groups of ``but``; none where all are too far.
        """
        found = [
            (sum(value > 0 for value in missing), *missing, k)
            for k in self.candidates_of(part)
            if room.ready_day(k, slot, day) >= 0
            and int(self.candidates.group[k]) not in but
            for missing in [room.missing(k, slot, day)]
        ]
        if not found:
            return None
        _, *amounts, k = min(found)
        group = int(self.candidates.group[k])
        return self._missing_words(Missing(*amounts), part, group), group

    def _missing_words(self, missing: Missing, part: int, group: int) -> str:
        network, texts = self.made.network, []
        if missing.hours > 0:
            texts.append(more_time(missing.hours))
        if missing.energy_wh > 0:
            texts.append(f"{np.ceil(missing.energy_wh):.0f} Wh more")
        if missing.stock_g > 0:
            material = network.materials[self.made.book.component_material[part]]
            texts.append(f"{np.ceil(missing.stock_g):.0f} g more {material}")
        words = f"{listed(texts)} at {network.group_id[group]}"
        if missing.hours > 0:
            words += f" ({float(network.group_usd_per_hour[group]):.2f} USD an hour)"
        return words

    def other_materials(self, room: Room, part: int, day: int) -> Iterator[str]:
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

    # -- prices --------------------------------------------------------------

    def hour_price(self, group: int, day: int) -> float:
        """Give what an hour of a group is worth to others, up to a day. [USD/h]"""
        ready = max(0, min(day - 1, self.room.last_day))
        return float(self.plan.prices.hour_usd[group, ready:].sum())

    def price_break(self, part: int, k: int, bought_usd: float, slot: int) -> str:
        """Tell the quantity from which a candidate would be no dearer than bought.

        Each piece then costs less by the break; empty where none is missed.
        """
        network, group = self.made.network, int(self.candidates.group[k])
        own = int(self.made.book.component_quantity[part])
        rows = np.flatnonzero(network.break_group == group)
        reached = [n for n in rows if network.break_quantity[n] <= own]
        now = max((float(network.break_fraction[n]) for n in reached), default=0.0)
        for n in sorted(set(rows.tolist()) - set(reached), key=self._from_quantity):
            less = float(network.break_fraction[n])
            if less <= now:
                continue
            saved = 1 - (1 - less) / (1 - now)
            saved *= self.priced.weights.money * float(self.candidates.making_usd[k])
            if self.room.cost(k, slot) - saved <= bought_usd:
                return (
                    f"{self._from_quantity(n)} pieces instead of {own} (from there on "
                    f"{network.group_id[group]} asks {less:.0%} less)"
                )
        return ""

    def _from_quantity(self, row: int) -> int:
        return int(self.made.network.break_quantity[row])
