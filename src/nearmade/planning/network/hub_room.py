"""A plan in the making over a list of choices, and what it leaves of each resource.

Records keep together what is read together: a move touches few places in memory.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.network.hub_dual import FlatPrices
from nearmade.planning.network.hub_list import ChoiceList
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT
from nearmade.planning.network.problem import Floats, Floats32, Ints, NetworkProblem
from nearmade.vocabulary.compiled import compiled

Records = NDArray[np.void]

#: Share of each limit kept back, so that sums in another order stay below it.
SAFETY = 1e-9

#: A choice: its cost, what its use is worth at the prices, hours, group and ready day.
ENTRY = np.dtype([("cost", "f4"), ("rent", "f4"), ("hours", "f4"), ("hour_at", "i4")])
SCARCE = np.dtype(
    [("energy_wh", "f4"), ("energy_at", "i4"), ("stock_g", "f4"), ("stock_at", "i4")]
)
#: A way in play: its cost, the least it comes to, what its hub is worth at the prices,
#: and the least it comes to at the prices.
ROW = np.dtype(
    [
        ("cost", "f8"),
        ("floor", "f8"),
        ("rent", "f8"),
        ("value", "f8"),
        ("hub_at", "i4"),
        ("first_cell", "i4"),
    ]
)
#: An order: its cost now, with what it uses at the prices, and the least that comes to;
#: its row (-1 left out), its place among its hub's guests.
ORDER = np.dtype(
    [
        ("cost", "f8"),
        ("priced", "f8"),
        ("best", "f8"),
        ("leave_out", "f8"),
        ("assembly_hours", "f8"),
        ("row", "i4"),
        ("first_row", "i4"),
        ("first_part", "i4"),
        ("stand", "i4"),
    ]
)
#: A component: its entry (-1 left out), its place among its group's makers.
PART = np.dtype([("entry", "i4"), ("order", "i4"), ("stand", "i4")])
#: Who uses a group or a hub's day: where they start, and how many there are.
CROWD = np.dtype([("first", "i4"), ("count", "i4")])


class Draft(NamedTuple):
    """A plan in the making; changed in place.

    Parameters
    ----------
    entry, scarce, row, order, part
        Records of those dtypes; ``order`` has one more at the end. ``scarce`` is empty
        where neither energy nor stock is.
    first_entry
        Where each cell's entries start.
    cell_value
        What each cell comes to at least at the prices. [USD]
    by_value
        Rows of each order from the least value on.
    least
        What each order costs at least. [USD]
    group, maker
        Components of each group.
    hub, guest
        Orders of each hub and day.
    hours, energy, stock, assembly
        What is left, up to each day, flat as in ``FlatPrices``; no limit at the end.
    days
        Days of making, shape (1,).
    """

    entry: Records
    scarce: Records
    row: Records
    order: Records
    part: Records
    first_entry: Ints
    cell_value: Floats
    by_value: Ints
    least: Floats
    group: Records
    maker: Ints
    hub: Records
    guest: Ints
    hours: Floats
    energy: Floats
    stock: Floats
    assembly: Floats
    days: Ints


def start_draft(
    problem: NetworkProblem, choices: ChoiceList, prices: FlatPrices
) -> Draft:
    """Give a draft with every order left out."""
    resources = problem.resources
    days = resources.group_hours.shape[1]
    entry = _entries(choices, prices)
    order, part = _orders(problem, choices)
    group, maker = _nobody(
        choices.hour_at // days, len(resources.group_hours) + 1, part.size
    )
    row = _rows(choices, prices, entry)
    cell_value = np.empty(choices.first_entry.size - 1)
    _best_values(row, order, entry, choices.first_entry, cell_value)
    owner = np.repeat(np.arange(choices.leave_out.size), np.diff(choices.first_row))
    least = choices.leave_out.copy()
    np.minimum.at(least, owner, row["floor"])
    by_value = np.lexsort((row["value"], owner)).astype(np.int32)
    hub, guest = _nobody(choices.hub_at, resources.hub_hours.size + 1, order.size)
    return Draft(
        entry,
        _scarce(choices),
        row,
        order,
        part,
        choices.first_entry,
        cell_value,
        by_value,
        least,
        group,
        maker,
        hub,
        guest,
        _left(np.cumsum(resources.group_hours, axis=1), days),
        _left(np.cumsum(resources.site_energy_wh, axis=1), days),
        _left(resources.stock_g, 1),
        _left(resources.hub_hours, 1),
        np.array([days], np.int32),
    )


def _entries(choices: ChoiceList, prices: FlatPrices) -> Records:
    entry = np.empty(choices.cost.size, ENTRY)
    rent = choices.hours * prices.hour[choices.hour_at]
    if choices.energy_at.size:
        rent += choices.energy_wh * prices.energy[choices.energy_at]
        rent += choices.stock_g * prices.stock[choices.stock_at]
    entry["cost"], entry["rent"] = choices.cost, rent
    entry["hours"], entry["hour_at"] = choices.hours, choices.hour_at
    return entry


def _scarce(choices: ChoiceList) -> Records:
    scarce = np.empty(choices.energy_at.size, SCARCE)
    for name in SCARCE.names or ():
        scarce[name] = getattr(choices, name)
    return scarce


def _rows(choices: ChoiceList, prices: FlatPrices, entry: Records) -> Records:
    row = np.empty(choices.row_cost.size, ROW)
    owner = np.repeat(np.arange(choices.leave_out.size), np.diff(choices.first_row))
    row["cost"], row["hub_at"] = choices.row_cost, choices.hub_at
    row["rent"] = choices.assembly_hours[owner] * prices.hub[choices.hub_at]
    row["first_cell"] = choices.first_cell[:-1]
    row["floor"] = _floor(
        choices.row_cost, choices.first_cell, choices.first_entry, choices.cost
    )
    return row


def _orders(problem: NetworkProblem, choices: ChoiceList) -> tuple[Records, Records]:
    first_component = problem.orders.first_component
    count = choices.leave_out.size
    order = np.zeros(count + 1, ORDER)
    order["cost"][:-1] = order["leave_out"][:-1] = choices.leave_out
    order["priced"][:-1] = choices.leave_out
    order["assembly_hours"][:-1] = choices.assembly_hours
    order["first_row"], order["first_part"] = choices.first_row, first_component
    order["row"] = order["stand"] = -1
    part = np.full(int(first_component[-1]), -1, PART)
    part["order"] = np.repeat(np.arange(count), np.diff(first_component))
    return order, part


@compiled
def _best_values(
    row: Records,
    order: Records,
    entry: Records,
    first_entry: Ints,
    cell_value: Floats,
) -> None:
    """Write what rows and orders come to at least at the prices."""
    for n in range(len(order) - 1):
        size = order[n + 1].first_part - order[n].first_part
        order[n].best = order[n].leave_out
        for r in range(order[n].first_row, order[n + 1].first_row):
            row[r].value = row[r].cost + row[r].rent
            for cell in range(row[r].first_cell, row[r].first_cell + size):
                least = np.inf
                for e in range(first_entry[cell], first_entry[cell + 1]):
                    least = min(least, entry[e].cost + entry[e].rent)
                cell_value[cell] = least
                row[r].value += least
            order[n].best = min(order[n].best, row[r].value)


@compiled
def _floor(
    row_cost: Floats, first_cell: Ints, first_entry: Ints, cost: Floats32
) -> Floats:
    """Give what each row costs at least; entries stand from the cheapest on. [USD]"""
    floor = row_cost.copy()
    for row in range(len(floor)):
        for cell in range(first_cell[row], first_cell[row + 1]):
            none = first_entry[cell] == first_entry[cell + 1]
            floor[row] += np.inf if none else cost[first_entry[cell]]
    return floor


def _left(limit: Floats, days: int) -> Floats:
    return np.append(limit.ravel() * (1 - SAFETY), np.full(days, np.inf))


def _nobody(place: Ints, places: int, members: int) -> tuple[Records, Ints]:
    """Give crowds with room for all who may come."""
    most = np.minimum(np.bincount(place, minlength=places), members)
    crowd = np.zeros(places, CROWD)
    crowd["first"][1:] = np.cumsum(most)[:-1]
    return crowd, np.empty(int(most.sum()), np.int32)


@compiled
def enough(left: Floats, days: int, at: int, need: float) -> bool:
    """Say whether so much is left on a day and on all that follow."""
    t, end = at, (at // days + 1) * days
    while t < end and left[t] >= need:
        t += 1
    return t == end


@compiled
def use(left: Floats, days: int, at: int, amount: float) -> None:
    """Use so much up from a day on."""
    for t in range(at, (at // days + 1) * days):
        left[t] -= amount


@compiled
def enough_scarce(draft: Draft, entry: int) -> bool:
    """Say whether there is energy and stock enough for an entry."""
    asked = draft.scarce[entry]
    if not enough(draft.energy, draft.days[0], asked.energy_at, asked.energy_wh):
        return False
    left: float = draft.stock[asked.stock_at]
    need: float = asked.stock_g
    return left >= need


@compiled
def use_scarce(draft: Draft, entry: int, sign: float) -> None:
    """Use up an entry's energy and stock, or with a sign of -1 give it back."""
    asked = draft.scarce[entry]
    use(draft.energy, draft.days[0], asked.energy_at, sign * asked.energy_wh)
    draft.stock[asked.stock_at] -= sign * asked.stock_g


@compiled
def set_order(draft: Draft, number: int, row: int, entries: Ints, at: int) -> None:
    """Put an order on a row, and its components on entries that start at a place."""
    order, entry, part = draft.order, draft.entry, draft.part
    group, maker, left, days = draft.group, draft.maker, draft.hours, draft.days[0]
    limited = len(draft.scarce) > 0
    cost = draft.row[row].cost
    rent = draft.row[row].rent
    for p in range(order[number].first_part, order[number + 1].first_part):
        e = entries[at]
        at += 1
        cost += entry[e].cost
        rent += entry[e].rent
        hour_at = entry[e].hour_at
        use(left, days, hour_at, entry[e].hours)
        g = hour_at // days
        stand = group[g].first + group[g].count
        maker[stand] = p
        group[g].count += 1
        part[p].entry = e
        part[p].stand = stand
        if limited:
            use_scarce(draft, e, 1.0)
    hub_at = draft.row[row].hub_at
    draft.assembly[hub_at] -= order[number].assembly_hours
    stand = draft.hub[hub_at].first + draft.hub[hub_at].count
    draft.guest[stand] = number
    draft.hub[hub_at].count += 1
    order[number].stand = stand
    order[number].row = row
    order[number].cost = cost
    order[number].priced = cost + rent


@compiled
def drop_order(draft: Draft, number: int) -> None:
    """Leave an order out and give back what it used."""
    order, entry, part = draft.order, draft.entry, draft.part
    group, maker, left, days = draft.group, draft.maker, draft.hours, draft.days[0]
    if order[number].row < 0:
        return
    limited = len(draft.scarce) > 0
    for p in range(order[number].first_part, order[number + 1].first_part):
        e = part[p].entry
        hour_at = entry[e].hour_at
        use(left, days, hour_at, -entry[e].hours)
        g = hour_at // days
        group[g].count -= 1
        other = maker[group[g].first + group[g].count]
        maker[part[p].stand] = other
        part[other].stand = part[p].stand
        part[p].entry = -1
        if limited:
            use_scarce(draft, e, -1.0)
    hub_at = draft.row[order[number].row].hub_at
    draft.assembly[hub_at] += order[number].assembly_hours
    draft.hub[hub_at].count -= 1
    other = draft.guest[draft.hub[hub_at].first + draft.hub[hub_at].count]
    draft.guest[order[number].stand] = other
    order[other].stand = order[number].stand
    order[number].row = -1
    order[number].cost = order[number].leave_out
    order[number].priced = order[number].leave_out


@compiled
def seat(draft: Draft, row_way: Ints, entry_made: Ints, way: Ints, made: Ints) -> None:
    """Put orders where a plan has them, whatever is left of anything.

    An order stays left out where its way or a candidate is not in the list.

    Parameters
    ----------
    row_way, entry_made
        Way of each row, candidate of each entry, as in the list of choices.
    way, made
        Choices as in ``plan.NetworkPlan``.
    """
    order = draft.order
    entries = np.empty(len(draft.part), np.int32)
    for n in range(len(way)):
        seated = -1
        for row in range(order[n].first_row, order[n + 1].first_row):
            if row_way[row] == way[n]:
                seated = row
        if way[n] < 0 or seated < 0:
            continue
        cell = draft.row[seated].first_cell
        for p in range(order[n].first_part, order[n + 1].first_part):
            place = p - order[n].first_part
            entries[place] = -1
            for e in range(draft.first_entry[cell], draft.first_entry[cell + 1]):
                if entry_made[e] == made[p]:
                    entries[place] = e
            if entries[place] < 0:
                seated = -1
            cell += 1
        if seated >= 0:
            set_order(draft, n, seated, entries, 0)


def picked(draft: Draft, choices: ChoiceList) -> tuple[Ints, Ints]:
    """Give way and candidate of every order and component as a plan has them."""
    row, entry = draft.order["row"][:-1], draft.part["entry"]
    way, candidate = np.full_like(row, LEFT_OUT), np.full_like(entry, LEFT_OUT)
    way[row >= 0] = choices.way[row[row >= 0]]
    made = choices.made[entry[entry >= 0]]
    candidate[entry >= 0] = np.where(made >= 0, made, CENTRAL)
    return way.astype(np.int32), candidate.astype(np.int32)
