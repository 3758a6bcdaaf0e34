"""A site's schedule as a constraint model for CP-SAT, with a bound.

Builds on a machine form a chain (a circuit through the machine), so that a change-over
depends on what was there before. Hands, the hours when nobody is there and power are
cumulative resources. A battery bends the power limit: for each quarter of an hour it
gives or takes a constant power, and what it holds stays within its limits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from ortools.sat.python import cp_model

from nearmade.planning.site.dispatch import Span
from nearmade.planning.site.grid import NEVER, Grid
from nearmade.planning.site.quick import Filled, empty_filled, soonest_free
from nearmade.planning.site.site import STEPS_PER_QUARTER

#: Units of the model's cost in one of the site's money; coefficients are rounded down,
#: so the model's cost is never above the true one and its bound is a bound.
SCALE: Final = 100_000
#: Shares of the battery's efficiencies.
MILLE: Final = 1000
#: CP-SAT's deterministic seconds in a second of a core, measured at 20 to 40 builds.
DETERMINISTIC_PER_S: Final = 1.2


@dataclass(frozen=True, slots=True)
class ExactAnswer:
    """What CP-SAT found: a span for each build, or none; the bound; if it is least."""

    spans: tuple[Span, ...] | None
    bound: float
    proven: bool


class SiteModel:
    """The model, built piece by piece.

    Parameters
    ----------
    grid
        The site.
    hint
        A true schedule to start from.
    """

    def __init__(self, grid: Grid, hint: Filled) -> None:
        self.grid, self.hint = grid, hint
        self.model = cp_model.CpModel()
        self.steps = int(grid.spare_w.size)
        self.builds, self.machines = (int(side) for side in grid.lasts.shape)
        self.alone = empty_filled(grid)
        self.on: dict[tuple[int, int], Any] = {}
        self.made: list[Any] = []
        self.moments: list[tuple[Any, Any, Any, Any, Any]] = []
        self.cost: list[Any] = []
        self._moments()
        self._chains()
        self._people()
        self._power()
        self._price()
        self.model.minimize(sum(self.cost))

    def _moments(self) -> None:
        """Give every build its moments, bound to the machine that makes it."""
        grid, model = self.grid, self.model
        begins, clears = self._attended(1), self._attended(int(grid.hands[1]))
        for b in range(self.builds):
            running = grid.running[b] >= 0
            made = model.new_constant(1) if running else model.new_bool_var("")
            start = model.new_int_var(int(grid.release[b]), self.steps, "")
            hands = model.new_int_var_from_domain(
                cp_model.Domain(0, self.steps) if running else begins, ""
            )
            end = model.new_int_var(0, self.steps, "")
            clear = model.new_int_var_from_domain(clears, "")
            least = 0 if running else int(grid.hands[0])
            most_work = least + int(grid.change[:, grid.setting[b]].max())
            work = model.new_int_var(least, most_work, "")
            model.add(start == hands + work)
            model.add(clear >= end)
            able = [r for r in range(self.machines) if grid.lasts[b, r] > 0]
            for r in able:
                lit = made if len(able) == 1 else model.new_bool_var("")
                lasts = int(grid.lasts[b, r])
                self.on[b, r] = lit
                model.add(end == start + lasts).only_enforce_if(lit)
                if not grid.hands[3] and not running:
                    held = self._attended(lasts)
                    model.add_linear_expression_in_domain(start, held).only_enforce_if(
                        lit
                    )
            model.add(sum(self.on[b, r] for r in able) == made)
            if running:
                model.add(start == 0)
                model.add(work == 0)
            self.made.append(made)
            self.moments.append((hands, start, end, clear, work))
            self._hint(b)

    def _hint(self, b: int) -> None:
        hint, model = self.hint, self.model
        placed = bool(hint.machine[b] >= 0)
        if self.grid.running[b] < 0:
            model.add_hint(self.made[b], placed)
        for r in range(self.machines):
            if (b, r) in self.on and self.on[b, r] is not self.made[b]:
                model.add_hint(self.on[b, r], bool(hint.machine[b] == r))
        if placed:
            hands, start, end, clear, _ = self.moments[b]
            model.add_hint(hands, int(hint.hands[b]))
            model.add_hint(start, int(hint.start[b]))
            model.add_hint(end, int(hint.end[b]))
            model.add_hint(clear, int(hint.clear[b]))

    def _attended(self, length: int) -> Any:
        """Give the steps from which somebody is there for so long."""
        steps = np.flatnonzero(self.grid.attended[: self.steps] >= length)
        return cp_model.Domain.from_values([int(step) for step in steps])

    def _chains(self) -> None:
        """Put the builds of each machine in a chain, with change-overs between."""
        grid, model = self.grid, self.model
        work_of: list[list[Any]] = [[] for _ in range(self.builds)]
        for r in range(self.machines):
            own = [b for b in range(self.builds) if (b, r) in self.on]
            if not own:
                continue
            arcs: list[tuple[int, int, Any]] = [(0, 0, model.new_bool_var(""))]
            for b in own:
                arcs.append((b + 1, b + 1, ~self.on[b, r]))
                arcs.append((b + 1, 0, model.new_bool_var("")))
                first = model.new_bool_var("")
                arcs.append((0, b + 1, first))
                self._change(work_of, b, int(grid.set_to[r]), first)
                for other in own:
                    if other == b:
                        continue
                    follows = model.new_bool_var("")
                    arcs.append((b + 1, other + 1, follows))
                    self._change(work_of, other, int(grid.setting[b]), follows)
                    free = self.moments[b][3] + int(grid.hands[1])
                    model.add(self.moments[other][0] >= free).only_enforce_if(follows)
            model.add_circuit(arcs)
            self._hold(r, own)
        for b, parts in enumerate(work_of):
            if grid.running[b] < 0:
                base = int(grid.hands[0])
                model.add(self.moments[b][4] == base + sum(parts))

    def _change(self, work_of: list[list[Any]], b: int, old: int, lit: Any) -> None:
        """Reckon a change-over if an arc is taken."""
        grid = self.grid
        if grid.running[b] >= 0 or old == grid.setting[b]:
            return
        work_of[b].append(int(grid.change[old, grid.setting[b]]) * lit)
        self.cost.append(math.floor(SCALE * grid.worth[1]) * lit)

    def _hold(self, r: int, own: list[int]) -> None:
        """One build at a time on a machine, and none during maintenance."""
        model, held = self.model, []
        for b in own:
            hands, _, _, clear, _ = self.moments[b]
            free = clear + int(self.grid.hands[1])
            least = int(self.grid.lasts[b, r] + self.grid.hands[1])
            least += 0 if self.grid.running[b] >= 0 else int(self.grid.hands[0])
            size = model.new_int_var(min(least, self.steps), self.steps, "")
            held.append(
                model.new_optional_interval_var(hands, size, free, self.on[b, r], "")
            )
        out = np.diff(self.grid.blocked[r])
        held += [
            model.new_fixed_size_interval_var(int(first), int(length), "")
            for first, length in _stretches(out > 0)
        ]
        model.add_no_overlap(held)

    def _people(self) -> None:
        """No more hands than people, and none while nobody is there."""
        grid, model, spans, needs = self.grid, self.model, [], []
        people = int(grid.hands[2])
        for b in range(self.builds):
            hands, start, _, clear, work = self.moments[b]
            if grid.running[b] < 0:
                spans.append(
                    model.new_optional_interval_var(
                        hands, work, start, self.made[b], ""
                    )
                )
                needs.append(1)
            spans.append(
                model.new_optional_fixed_size_interval_var(
                    clear, int(grid.hands[1]), self.made[b], ""
                )
            )
            needs.append(1)
        for first, length in _stretches(grid.attended[: self.steps] == 0):
            spans.append(model.new_fixed_size_interval_var(first, length, ""))
            needs.append(people)
        model.add_cumulative(spans, needs, people)

    def _power(self) -> None:
        """Keep the load under what grid, sun and battery give."""
        grid, model = self.grid, self.model
        battery = grid.cell.size > 0
        most = float(np.maximum(grid.heat_w, grid.steady_w).sum())
        if not battery and most <= grid.spare_w.min():
            return
        spans, needs, needs_mw = [], [], []
        for (b, r), lit in self.on.items():
            start, lasts = self.moments[b][1], int(grid.lasts[b, r])
            heat = 0 if grid.running[b] >= 0 else min(lasts, int(grid.heat[r]))
            for first, length, power_w in (
                (start, heat, grid.heat_w[r]),
                (start + heat, lasts - heat, grid.steady_w[r]),
            ):
                if length and power_w > 0:
                    spans.append(
                        model.new_optional_fixed_size_interval_var(
                            first, length, lit, ""
                        )
                    )
                    needs.append(math.ceil(power_w))
                    needs_mw.append(math.ceil(MILLE * power_w))
        if battery and most > grid.cell[7]:
            most_mw = math.floor(MILLE * grid.cell[7])
            model.add_cumulative([*spans], needs_mw, most_mw)
        spare = np.floor(grid.spare_w).astype(int)
        helps = min(float(grid.cell[6]), most) if battery else 0.0
        top = int(max(0, spare.max()) + math.ceil(helps))
        bends = self._battery(spare, most) if battery else {}
        for first in range(0, self.steps, STEPS_PER_QUARTER):
            given = bends.get(first, 0)
            taken = top - int(spare[first]) - given
            if isinstance(taken, int) and taken == 0:
                continue
            length = min(STEPS_PER_QUARTER, self.steps - first)
            spans.append(model.new_fixed_size_interval_var(first, length, ""))
            needs.append(taken if battery else min(taken, top))
        model.add_cumulative(spans, needs, top)

    def _battery(self, spare: Any, most: float) -> dict[int, Any]:
        """Give what the battery gives in each quarter, less what it takes. [W]"""
        grid, model = self.grid, self.model
        stored_wh, least_wh, full_wh = (float(x) for x in grid.cell[:3])
        # In watt-quarters times MILLE; what is stored may only be rounded down.
        unit = 4.0 * MILLE
        store: Any = math.floor(unit * stored_wh)
        into = math.floor(MILLE * grid.cell[3])
        out = math.ceil(MILLE / grid.cell[4])
        takes = math.floor(min(grid.cell[5], max(0, spare.max())))
        gives = math.floor(min(grid.cell[6], most))
        bends: dict[int, Any] = {}
        for first in range(0, self.steps, STEPS_PER_QUARTER):
            charge = model.new_int_var(0, takes, "")
            given = model.new_int_var(0, gives, "")
            after = model.new_int_var(
                math.ceil(unit * least_wh), math.floor(unit * full_wh), ""
            )
            model.add(after <= store + into * charge - out * given)
            store = after
            bends[first] = given - charge
        return bends

    def _price(self) -> None:
        """Add lateness, finishing, energy and what is left out."""
        grid, model = self.grid, self.model
        clear_steps = int(grid.hands[1])
        for b in range(self.builds):
            free = self.moments[b][3] + clear_steps
            made = self.made[b]
            self.cost.append(
                math.floor(SCALE * grid.worth[3] * grid.weight[b]) * (1 - made)
            )
            soonest = int(soonest_free(grid, self.alone, b))
            spent = model.new_int_var(0, self.steps, "")
            model.add(spent >= free).only_enforce_if(made)
            model.add(spent >= soonest * made)
            self.cost.append(math.floor(SCALE * grid.worth[2]) * spent)
            if grid.due[b] < NEVER:
                most = max(0, self.steps - int(grid.due[b]))
                late = model.new_int_var(0, most, "")
                model.add(late >= free - int(grid.due[b])).only_enforce_if(made)
                model.add(late >= max(0, soonest - int(grid.due[b])) * made)
                per_step = SCALE * grid.worth[0] * grid.weight[b]
                self.cost.append(math.floor(per_step) * late)
            self._energy(b)

    def _energy(self, b: int) -> None:
        """Price what a build draws: the same at all times, or by its start."""
        grid, model = self.grid, self.model
        hot = bool(grid.running[b] >= 0)
        paid = None
        for r in range(self.machines):
            if (b, r) not in self.on:
                continue
            lasts = int(grid.lasts[b, r])
            heat = 0 if hot else int(grid.heat[r])
            prices = self._prices(r, lasts, heat)
            if hot or max(prices) - min(prices) <= 1:
                self.cost.append(min(prices[:1] if hot else prices) * self.on[b, r])
                continue
            if paid is None:
                paid = model.new_int_var(0, 2**40, "")
                self.cost.append(paid)
            at = model.new_int_var(0, len(prices) - 1, "")
            due = model.new_int_var(min(prices), max(prices), "")
            model.add_element(at, prices, due)
            model.add(at == self.moments[b][1]).only_enforce_if(self.on[b, r])
            model.add(paid >= due).only_enforce_if(self.on[b, r])

    def _prices(self, r: int, lasts: int, heat: int) -> list[int]:
        """Give what a build draws for each start, rounded down."""
        grid = self.grid
        start = np.arange(self.steps - lasts + 1)
        hot = start + min(heat, lasts)
        heating = grid.heat_w[r] * (grid.price[hot] - grid.price[start])
        steady = grid.steady_w[r] * (grid.price[start + lasts] - grid.price[hot])
        return [int(each) for each in np.floor(SCALE * (heating + steady))]


def _stretches(where: Any) -> list[tuple[int, int]]:
    """Give first and length of each stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], where.astype(int), [0]))))
    return [
        (int(first), int(last - first))
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]


def solve_exactly(
    grid: Grid, hint: Filled, *, effort_s: float, seed: int
) -> ExactAnswer:
    """Look for a cheaper schedule and a bound.

    Parameters
    ----------
    effort_s
        Work allowed, about seconds of one core; CP-SAT counts it, so that the same
        work gives the same answer on every machine. [s]
    """
    built = SiteModel(grid, hint)
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = DETERMINISTIC_PER_S * effort_s
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    status = solver.solve(built.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        low = solver.best_objective_bound if status == cp_model.UNKNOWN else 0.0
        return ExactAnswer(None, max(0.0, low) / SCALE, proven=False)
    spans = []
    for b, (hands, start, end, clear, _) in enumerate(built.moments):
        rows = [
            r for (one, r), lit in built.on.items() if one == b and solver.value(lit)
        ]
        moments = (solver.value(each) for each in (hands, start, end, clear))
        spans.append(Span(rows[0] if rows else -1, *moments))
    bound = max(0.0, solver.best_objective_bound) / SCALE
    return ExactAnswer(tuple(spans), bound, proven=status == cp_model.OPTIMAL)
