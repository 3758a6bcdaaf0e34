"""Why a build of a schedule starts when it does, is late, or is left out: in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nearmade.planning.site.grid import Grid, grid_of
from nearmade.planning.site.moments import clock_of
from nearmade.planning.site.quick import (
    Filled,
    add_load,
    clears_at,
    empty_filled,
    energy_of,
    hands_free,
    power_fits,
)
from nearmade.planning.site.site import STEP_S, Build, Placed, Site, SitePlan

SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Block:
    """What keeps a build from starting at a step, and its words up to a moment."""

    cause: str
    words: str


class Reasons:
    """Reads a schedule back: each build is tried at every earlier step.

    Parameters
    ----------
    site, plan
        A schedule that is right.
    looks
        Of the moments that a build waits, so many are looked at; all where it is zero.
    """

    def __init__(self, site: Site, plan: SitePlan, *, looks: int = 0) -> None:
        self._looks = looks
        self._site, self._plan, self._clock = site, plan, clock_of(site)
        self._grid: Grid = grid_of(site)
        self._row = {machine.id: at for at, machine in enumerate(site.machines)}
        self._number = {build.id: at for at, build in enumerate(site.builds)}
        self._filled: Filled = empty_filled(self._grid)
        for each in plan.placed:
            self._book(each, 1)

    def of(self, placed: Placed) -> tuple[str, ...]:
        """Give the reasons for the time of one build, in one sentence each."""
        build = self._site.builds[self._number[placed.build]]
        if build.running_on is not None:
            return (f"is printing already on {placed.machine}", *self._late(placed))
        self._book(placed, -1)
        told = [*self._waits(build, placed)]
        self._book(placed, 1)
        if placed.changed_from is not None:
            minutes = self._site.changes.seconds(placed.changed_from, build.setting)
            told.append(
                f"{placed.machine} is changed over before it, from "
                f"{placed.changed_from} to {build.setting} ({minutes // 60} min)"
            )
        return (*told, *self._late(placed))

    def of_left_out(self, name: str) -> str:
        """Say why a build is not made within the horizon."""
        build = self._site.builds[self._number[name]]
        if not build.times_s:
            return "no machine of the site can make it"
        least_s = min(build.times_s.values())
        end_s = self._site.steps * STEP_S
        hands = self._site.hands
        hands_s = hands.start_s + hands.clear_s
        if build.release_s + least_s + hands_s > end_s:
            return (
                f"needs {_span(least_s + hands_s)} from {self._at(build.release_s)}; "
                f"the horizon ends {self._at(end_s)}"
            )
        longest_s = int(self._grid.attended.max()) * STEP_S
        if not hands.nights and least_s > longest_s:
            return (
                f"prints {_span(least_s)}, longer than anybody is there at a stretch "
                f"({_span(longest_s)}), and the site does not print unattended"
            )
        power = self._site.power
        watts = min(power.most_w, power.limit_w + max(power.sun_w))
        if power.battery is not None:
            watts = power.most_w
        idle_w = sum(machine.idle_w for machine in self._site.machines)
        draws_w = min(
            max(machine.heat_w, machine.steady_w) - machine.idle_w + idle_w
            for machine in self._site.machines
            if machine.id in build.times_s
        )
        if draws_w > watts:
            return f"the site would draw {draws_w:.0f} W, it has {watts:.0f} W at most"
        if self._site.power.battery is not None and not self._ever_powered(name):
            return (
                f"sun, grid and battery do not carry its {_span(least_s)} at a "
                f"stretch, at any time before {self._at(end_s)}"
            )
        return (
            f"no room for its {_span(least_s)} before the horizon ends "
            f"{self._at(end_s)}, at less than leaving it out costs; a longer horizon, "
            f"more hands or power, or another machine would free it"
        )

    def _ever_powered(self, name: str) -> bool:
        """Tell whether the power would carry a build at some time, were it alone."""
        grid, at = self._grid, self._number[name]
        alone = empty_filled(grid)
        return any(
            power_fits(grid, alone, row, start, start + lasts, grid.heat[row])
            for row, lasts in enumerate(grid.lasts[at])
            if lasts
            for start in range(self._site.steps - lasts)
        )

    def _waits(self, build: Build, placed: Placed) -> Iterator[str]:
        """Tell what holds a build back: the last cause, the longest, maintenance."""
        grid, row = self._grid, self._row[placed.machine]
        at = self._number[build.id]
        work = (placed.start_s - placed.hands_s) // STEP_S
        first = max(work, int(grid.release[at]))
        last = placed.start_s // STEP_S
        if first >= last:
            if build.release_s:
                yield f"starts at its release, {self._at(build.release_s)}"
            else:
                yield "starts at once"
            return
        stride = max(1, (last - first) // self._looks) if self._looks else 1
        blocks = [
            self._block(at, row, start - work, start, placed)
            for start in range(last - 1, first - 1, -stride)
        ][::-1]
        yield f"waits until {self._at(placed.start_s)}: {blocks[-1].words}"
        counts: dict[str, int] = {}
        for block in blocks:
            counts[block.cause] = counts.get(block.cause, 0) + 1
        longest = max(counts, key=lambda cause: counts[cause])
        told = blocks[-1].cause
        for cause in dict.fromkeys((longest, "maintenance")):
            if cause != told and cause in counts:
                words = next(b.words for b in reversed(blocks) if b.cause == cause)
                yield f"before that, {_span(counts[cause] * stride * STEP_S)}: {words}"

    def _block(
        self, at: int, row: int, hands: int, start: int, placed: Placed
    ) -> Block:
        """Tell what speaks against a build at one step of its machine."""
        grid, filled = self._grid, self._filled
        machine = self._site.machines[row]
        end = start + int(grid.lasts[at, row])
        others = self._on(machine.id, placed)
        for other in others:
            if other.hands_s <= hands * STEP_S < other.free_s:
                return self._taken(other, start, hands)
        if not hands_free(grid, filled, hands, start):
            return self._no_hands(hands, start, "start it")
        clear = int(clears_at(grid, filled, end))
        if clear < 0:
            return Block("horizon", "it would not be cleared before the horizon ends")
        free = clear + int(grid.hands[1])
        for other in others:
            if other.hands_s < free * STEP_S and hands * STEP_S < other.free_s:
                return self._taken(other, start, hands)
        for span in machine.maintenance:
            if hands * STEP_S < span.end_s and span.start_s < free * STEP_S:
                until = self._at(span.end_s)
                return Block(
                    "maintenance", f"{machine.id} has {span.why} until {until}"
                )
        if not grid.hands[3] and grid.attended[start] < end - start:
            return Block(
                "night",
                f"its {_span((end - start) * STEP_S)} would go on after people leave, "
                "and the site does not print unattended",
            )
        if not power_fits(grid, filled, row, start, end, grid.heat[row]):
            return self._no_power(row, start, end)
        now = energy_of(grid, row, start, end, grid.heat[row])
        then_s = placed.start_s // STEP_S
        then = energy_of(grid, row, then_s, then_s + end - start, grid.heat[row])
        if then < now - 1e-9:
            return Block(
                "price", f"electricity then costs {then:.2f} for it, {now:.2f} before"
            )
        if clear * STEP_S >= placed.clear_s:
            return Block("same", "it would be cleared no sooner if it started before")
        return Block("found", "the search found no better place; more effort may")

    def _taken(self, other: Placed, start: int, hands: int) -> Block:
        """Say that the machine is taken, and whether it is for want of hands."""
        machine = other.machine
        if hands * STEP_S < other.hands_s:
            return Block(
                f"next {other.build}",
                f"{machine} has {other.build} from {self._at(other.hands_s)}, and it "
                "would not be off by then",
            )
        if start * STEP_S >= other.end_s and other.clear_s > other.end_s:
            there = self._site.hands.attended[other.end_s // STEP_S]
            why = "hands are busy elsewhere" if there else "nobody is there to clear it"
            return Block(
                f"clear {other.build}",
                f"{machine} holds {other.build}, done at {self._at(other.end_s)}; "
                f"{why} before {self._at(other.clear_s)}",
            )
        if other.end_s <= STEP_S:
            return Block(
                f"busy {other.build}",
                f"{machine} holds {other.build}; it is cleared by "
                f"{self._at(other.free_s)}",
            )
        return Block(
            f"busy {other.build}",
            f"{machine} makes {other.build} until {self._at(other.end_s)} and is "
            f"cleared by {self._at(other.free_s)}",
        )

    def _no_hands(self, first: int, last: int, what: str) -> Block:
        attended = self._site.hands.attended
        if all(attended[step] for step in range(first, last)):
            return Block("hands", "hands are busy with other machines just before")
        opens = next(
            (at for at in range(first, len(attended)) if attended[at] and at >= first),
            first,
        )
        if attended[first]:
            opens = next(
                (
                    at + 1
                    for at, (one, other) in enumerate(pairwise(attended))
                    if at >= first and not one and other
                ),
                first,
            )
        return Block(
            "nobody", f"nobody is there to {what} before {self._at(opens * STEP_S)}"
        )

    def _no_power(self, row: int, start: int, end: int) -> Block:
        """Say who takes the power at the first step where it does not suffice."""
        grid, filled = self._grid, self._filled
        heated = min(end, start + int(grid.heat[row]))
        for step in range(start, end):
            more = grid.heat_w[row] if step < heated else grid.steady_w[row]
            if filled.load_w[step] + more > grid.spare_w[step] + 1e-6:
                break
        takers = [
            f"{each.build} on {each.machine}"
            for each in self._plan.placed
            if each.start_s <= step * STEP_S < each.end_s
            and self._row[each.machine] != row
        ]
        limit_w = self._site.power.limit_w + self._site.power.sun_w[step // 3]
        by = " and ".join(takers) if takers else "machines that idle"
        if self._site.power.battery is not None:
            return Block("power", f"sun, grid and battery do not carry it beside {by}")
        return Block("power", f"the {limit_w / 1000:g} kW limit is taken by {by}")

    def _late(self, placed: Placed) -> Iterator[str]:
        due_s = self._site.builds[self._number[placed.build]].due_s
        if due_s is not None and placed.free_s > due_s:
            yield f"late by {_span(placed.free_s - due_s)}, due {self._at(due_s)}"

    def _on(self, machine: str, placed: Placed) -> list[Placed]:
        return [
            each
            for each in self._plan.placed
            if each.machine == machine and each.build != placed.build
        ]

    def _book(self, placed: Placed, sign: int) -> None:
        """Add hands and load of a build, or take them away."""
        at, row = self._number[placed.build], self._row[placed.machine]
        grid, filled = self._grid, self._filled
        hot = grid.running[at] >= 0
        filled.busy[placed.hands_s // STEP_S : placed.start_s // STEP_S] += sign
        filled.busy[placed.clear_s // STEP_S : placed.free_s // STEP_S] += sign
        start, end = placed.start_s // STEP_S, placed.end_s // STEP_S
        heat = 0 if hot else int(grid.heat[row])
        add_load(grid, filled, row, start, end, heat, float(sign))

    def _at(self, seconds: int) -> str:
        """Write a moment for people: the day only where it is not the first."""
        first = self._clock.at(0).astimezone(self._clock.zone)
        local = self._clock.at(seconds // STEP_S).astimezone(self._clock.zone)
        if local.date() == first.date():
            return f"{local:%H:%M}"
        return f"{local:%a %H:%M}"


def _span(seconds: int) -> str:
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"
