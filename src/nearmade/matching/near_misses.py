"""What small change would open more machines: computed, then checked by matching again.

A change is looked for where one gate alone stands in the way. It is offered only when
the columns, asked again with the changed part, say yes where they said no before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, TypeVar

import numpy as np

from nearmade.facilities.itinerary import stops_from
from nearmade.matching.material_gates import YES, allowed_materials, identity_of
from nearmade.matching.reshaping import (
    Boxes,
    laid,
    scaled,
    scales_that_fit,
    split,
    turned,
)
from nearmade.matching.site_gates import starts_at
from nearmade.matching.table import Flags, NetworkTable
from nearmade.matching.table_gates import MACHINE_GATES, TableJudgement, judge_table
from nearmade.matching.verdict import Requirement
from nearmade.vocabulary.identity import FacilityId
from nearmade.vocabulary.place import great_circle_km

#: Gives materials that may stand in for one, each with the reason.
Substitutes = Callable[[str], Sequence[tuple[str, str]]]

Step = TypeVar("Step", bound=Hashable)

#: Least scale offered: what is smaller serves another purpose. Assumed.
LEAST_SCALE: Final = 0.5
#: Most pieces that a part is split into.
MOST_PIECES: Final = 4
_NUMERALS: Final = {2: "two", 3: "three", 4: "four"}


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One change and the facilities that it opens.

    Parameters
    ----------
    change
        Code: ``turn``, ``lay-down``, ``scale``, ``split``, ``allow-material``,
        ``any-colour``, ``order-fewer``, ``later``, ``farther``, ``wider-tolerance`` or
        ``thicken``.
    message
        What to change, with the number, such as ``scale to 96 %``.
    opens
        Facilities that say yes to the changed part and did not before.
    requirement, asked_at
        The changed part and the moment that it is asked at, as it was checked.
    """

    change: str
    message: str
    opens: tuple[FacilityId, ...]
    requirement: Requirement
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class _Change:
    change: str
    message: str
    requirement: Requirement
    asked_at: datetime


def no_substitutes(_: str) -> Sequence[tuple[str, str]]:
    """Know of no material that may stand in for another."""
    return ()


def near_misses(
    judged: TableJudgement,
    requirement: Requirement,
    now: datetime,
    *,
    substitutes: Substitutes = no_substitutes,
) -> tuple[NearMiss, ...]:
    """Offer changes of the part that open facilities which refuse it.

    Parameters
    ----------
    judged
        What the network said to the part.
    requirement, now
        What was asked, and when.
    substitutes
        Which materials may stand in for one.
    """
    before = set(judged.of("yes"))
    opened: dict[str, set[FacilityId]] = {}
    found = []
    for change in _Changes(judged, requirement, now, substitutes).all():
        after = judge_table(change.requirement, judged.table, change.asked_at)
        opens = tuple(site for site in after.of("yes") if site not in before)
        known = opened.setdefault(change.change, set())
        if not known.issuperset(opens):
            # Of two materials people may want the one that opens less.
            known.update(opens if change.change != "allow-material" else ())
            found.append(
                NearMiss(
                    change.change,
                    change.message,
                    opens,
                    change.requirement,
                    change.asked_at,
                )
            )
    return tuple(found)


class _Changes:
    """Candidates for changes, each the least of its kind."""

    def __init__(
        self,
        judged: TableJudgement,
        requirement: Requirement,
        now: datetime,
        substitutes: Substitutes,
    ) -> None:
        self._judged = judged
        self._table: NetworkTable = judged.table
        self._part = requirement
        self._now = now
        self._substitutes = substitutes

    def all(self) -> Iterator[_Change]:
        """Give the candidates, those that change least of the part first."""
        yield from self._turns()
        yield from self._sizes()
        yield from self._materials()
        yield from self._fewer()
        yield from self._later()
        yield from self._farther()
        yield from self._exactness()

    def _rows(self, gate: str) -> Flags:
        """Tell which machines nothing but one gate keeps from the part."""
        if gate not in self._judged.gates:
            return np.zeros(len(self._judged.machines), dtype=bool)
        sites = np.ones(len(self._table.facilities), dtype=bool)
        rows = np.ones(len(self._judged.machines), dtype=bool)
        for name, levels in self._judged.gates.items():
            if name == gate:
                continue
            if name in MACHINE_GATES:
                rows &= levels == YES
            else:
                sites &= levels == YES
        own = self._judged.gates[gate]
        fails = own if gate in MACHINE_GATES else own[self._table.machines.site]
        alone: Flags = rows & sites[self._table.machines.site] & (fails != YES)
        return alone

    def _sites(self, gate: str) -> list[int]:
        """Number the facilities with such a machine."""
        return sorted(set(self._table.machines.site[self._rows(gate)].tolist()))

    @cached_property
    def _beds(self) -> Boxes:
        """Give build volumes of the machines that are too small alone, (n, 3). [mm]"""
        machines, rows = self._table.machines, self._rows("size")
        boxes = [machines.along_x_mm, machines.along_y_mm, machines.along_z_mm]
        return np.unique(np.stack([box[rows] for box in boxes], axis=1), axis=0)

    def _changed(self, change: str, message: str, part: Requirement) -> _Change:
        return _Change(change, message, part, self._now)

    def _turns(self) -> Iterator[_Change]:
        facts = self._part.facts
        found = turned(facts, self._beds) if len(self._beds) else None
        if found is not None:
            degrees, facts_turned = found
            message = f"turned by {degrees} degrees about z it would fit"
            part = replace(self._part, facts=facts_turned)
            yield self._changed("turn", message, part)
        if not (len(self._beds) or self._rows("detail").any()):
            return
        for axis, facts_laid in laid(facts):
            message = f"laid down so that its {axis} points up it would fit"
            part = replace(self._part, facts=facts_laid)
            yield self._changed("lay-down", message, part)

    def _sizes(self) -> Iterator[_Change]:
        if not len(self._beds):
            return
        scales = scales_that_fit(self._part.facts, self._beds)
        percents = np.unique(np.floor(100 * scales).astype(int)).tolist()
        useful = [each for each in percents if 100 * LEAST_SCALE <= each < 100]
        for percent in _some(sorted(useful, reverse=True)):
            part = scaled(self._part, percent / 100)
            yield self._changed("scale", f"scale to {percent} %", part)
        for pieces in range(2, MOST_PIECES + 1):
            cut = [(axis, split(self._part, axis, pieces)) for axis in (0, 1, 2)]
            fits = [
                (axis, part)
                for axis, part in cut
                if scales_that_fit(part.facts, self._beds).max() >= 1
            ]
            for axis, part in fits:
                message = f"split in {_NUMERALS[pieces]} along {'xyz'[axis]}"
                yield self._changed("split", message, part)
            if fits:
                return

    def _materials(self) -> Iterator[_Change]:
        sites = self._sites("material")
        if not sites:
            return
        part = self._part
        if part.colour:
            yield self._changed(
                "any-colour", "allow any colour", replace(part, colour="")
            )
        offered: dict[str, str] = {}
        for name in part.materials:
            for other, reason in self._substitutes(name):
                if other not in part.materials:
                    offered.setdefault(other, reason)
        for other, reason in offered.items():
            wider = replace(part, materials=(*part.materials, other))
            yield self._changed("allow-material", f"allow {other}: {reason}", wider)

    def _fewer(self) -> Iterator[_Change]:
        if not self._part.mass_g > 0 or self._part.quantity == 1:
            return
        wanted = {identity_of(name) for name in allowed_materials(self._part)}
        does_for = [
            int(lot.stock_g / self._part.mass_g)
            for number in self._sites("material")
            for lot in self._table.facilities[number].feedstocks
            if identity_of(lot.material) in wanted
        ]
        fewer = {each for each in does_for if 1 <= each < self._part.quantity}
        for quantity in _some(sorted(fewer, reverse=True)):
            part = replace(self._part, quantity=quantity)
            yield self._changed("order-fewer", f"order {quantity} at most", part)

    def _later(self) -> Iterator[_Change]:
        judge, part = self._judged.judge, self._part
        firsts = []
        for number in self._sites("time"):
            facility = self._table.facilities[number]
            firsts.append(starts_at(facility, judge.opens_at(facility), self._now))
        for first in _some(sorted(firsts)):
            assert part.needed_by is not None
            late_s = (first - part.needed_by).total_seconds()
            message = f"{_span(late_s)} later: allow until {first:%Y-%m-%d %H:%M} UTC"
            yield self._changed("later", message, replace(part, needed_by=first))
        if part.near is None or part.within_km is None:
            return
        stops = [
            stop
            for number in self._sites("place")
            for stop in stops_from(self._table.facilities[number], self._now)
            if great_circle_km(part.near, stop.place) <= part.within_km
        ]
        if stops:
            stop = min(stops, key=lambda each: each.starts_at)
            ahead_s = (stop.starts_at - self._now).total_seconds()
            message = (
                f"{_span(ahead_s)} later: a van stands in {stop.place.name} from "
                f"{stop.starts_at:%Y-%m-%d} on"
            )
            yield _Change("later", message, part, max(stop.starts_at, self._now))

    def _farther(self) -> Iterator[_Change]:
        part = self._part
        if part.near is None or part.within_km is None:
            return
        away_km = [
            great_circle_km(part.near, self._table.facilities[number].place)
            for number in self._sites("place")
        ]
        beyond = [np.ceil(each) for each in away_km if each > part.within_km]
        for least_km in _some(sorted(beyond)):
            message = f"look within {least_km:.0f} km"
            wider = replace(part, within_km=float(least_km))
            yield self._changed("farther", message, wider)

    def _exactness(self) -> Iterator[_Change]:
        machines = self._table.machines
        holds = machines.tolerance_mm[self._rows("tolerance")]
        holds = holds[~np.isnan(holds)]
        for wider_mm in _some(np.unique(holds).tolist()):
            part = replace(self._part, tolerance_mm=wider_mm)
            yield self._changed("wider-tolerance", f"allow +-{wider_mm:g} mm", part)
        tools = machines.nozzle_mm[self._rows("detail")]
        tools = tools[tools > 0]
        if len(tools):
            least = float(tools.min())
            part = replace(self._part, detail_mm=least)
            message = f"thicken what is thin to {least:g} mm"
            yield self._changed("thicken", message, part)


def _some(steps: Sequence[Step]) -> list[Step]:
    """Take the first of some steps, which changes least, the middle and the last."""
    once = list(dict.fromkeys(steps))
    middle = len(once) // 2
    return list(dict.fromkeys([*once[:1], *once[middle : middle + 1], *once[-1:]]))


def _span(seconds: float) -> str:
    """Say a span of time in the unit that people would use, rounded up."""
    days = int(np.ceil(seconds / 86_400))
    if seconds <= timedelta(days=2).total_seconds():
        hours = max(1, int(np.ceil(seconds / 3600)))
        return "an hour" if hours == 1 else f"{hours} hours"
    if days <= 10:
        return "a week" if days == 7 else f"{days} days"
    return f"{int(np.ceil(days / 7))} weeks"
