"""What whole pieces cannot do on a machine although their shares could: cuts.

Up to a day a group holds so many hours ``H``. Counted in steps of ``1 / u`` hours and
rounded as follows, pieces that are there whole still fit what the group holds, rounded
down; pieces in part need not::

    sum F(u h_k) x_k + sum_C F(-u h_k) (1 - x_k) <= floor(u H')
    F(a) = floor(a) + max(0, a - floor(a) - f) / (1 - f),  f = u H' - floor(u H')

``C`` are some pieces counted by their being away, ``H'`` the hours less theirs. The
price of a cut is a payment of each piece on top of its hours. No bound rests on a cut
being right: ``exact_bound`` proves payments by packing whole pieces.

References
----------
H. Marchand, L. A. Wolsey, "Aggregation and mixed integer rounding to solve MIPs",
Operations Research 49 (2001), doi:10.1287/opre.49.3.363.11211.
"""

from __future__ import annotations

from math import floor, sqrt
from typing import NamedTuple

import numpy as np

from nearmade.planning.network.exact_bound import Longs, Takers
from nearmade.planning.network.problem import Floats
from nearmade.vocabulary.compiled import compiled

#: Share below which a piece is not looked at, and above which it may be counted by its
#: being away (none is above two).
LEAST_SHARE = 1e-4
AWAY_FROM = (0.5, 0.8, 2.0)
#: Steps tried for each piece in part: so many to its hours.
STEPS_EACH = (1.0, 2.0, 0.5)
#: Least and most that rounding down loses, so that floats cannot turn it over.
LEAST_LOST, MOST_LOST = 0.02, 0.98
#: How far beyond a cut, over the length of its coefficients, makes it worth having.
BEYOND = 0.01
#: Share of the hours up to a day that must be taken for the day to be looked at.
BUSY = 0.8


class Cuts(NamedTuple):
    """Cuts by their coefficients above zero.

    Parameters
    ----------
    first
        Where each cut's coefficients start, shape (C + 1,).
    use
        Candidate times days plus ready day of each.
    amount
        Steps of each.
    limit
        What the steps of whole pieces come to at most, shape (C,).
    """

    first: Longs
    use: Longs
    amount: Floats
    limit: Floats


@compiled
def rounded(amount: float, lost: float) -> float:
    """Round steps down, but for the part of a step beyond what the limit loses."""
    whole = floor(amount)
    return float(whole + max(0.0, amount - whole - lost) / (1.0 - lost))


@compiled
def separate(groups: Takers, share: Floats) -> Cuts:
    """Find for each group and day the cut that the shares of pieces pass most.

    Parameters
    ----------
    groups
        Candidates by group, their hours, what groups hold up to each day.
    share
        How far each candidate is taken for each ready day, shape (M, D).
    """
    count, days = groups.holds.shape
    widest, room = 1, 0
    for g in range(count):
        width = groups.first[g + 1] - groups.first[g]
        widest, room = max(widest, width), room + width * days * days
    key = np.empty(widest * days, np.int64)
    hours, part = np.empty(widest * days), np.empty(widest * days)
    away = np.zeros(share.size, np.bool_)
    first, limit = np.zeros(count * days + 1, np.int64), np.zeros(count * days)
    use, amount = np.empty(room, np.int64), np.empty(room)
    found, height = 0, 0
    for g in range(count):
        items, taken = 0, 0.0
        for t in range(days):
            for place in range(groups.first[g], groups.first[g + 1]):
                k = groups.entry[place]
                if share[k, t] > LEAST_SHARE:
                    key[items], hours[items] = k * days + t, groups.use[k]
                    part[items] = min(1.0, share[k, t])
                    taken += hours[items] * part[items]
                    items += 1
            if taken < BUSY * groups.holds[g, t]:
                continue
            u, f, least = _best_step(hours[:items], part[:items], groups.holds[g, t])
            if u == 0.0:
                continue
            left, rise = groups.holds[g, t], 0.0
            for n in range(items):
                away[key[n]] = part[n] > least
                if part[n] > least:
                    left -= hours[n]
                    rise -= rounded(-u * hours[n], f)
            for place in range(groups.first[g], groups.first[g + 1]):
                k = groups.entry[place]
                here = rounded(u * groups.use[k], f)
                there = -rounded(-u * groups.use[k], f)
                for ready in range(t + 1):
                    steps = there if away[k * days + ready] else here
                    if steps > 0.0:
                        use[height], amount[height] = k * days + ready, steps
                        height += 1
            away[key[:items]] = False
            limit[found] = floor(u * left) + rise
            found += 1
            first[found] = height
    return Cuts(first[: found + 1], use[:height], amount[:height], limit[:found])


@compiled
def _best_step(hours: Floats, part: Floats, holds: float) -> tuple[float, float, float]:
    """Find the step that is passed most, what is lost, and from which share away."""
    best, best_step, best_lost, best_least = BEYOND, 0.0, 0.0, 0.0
    for least in AWAY_FROM:
        left, any_away = holds, False
        for n in range(len(hours)):
            if part[n] > least:
                left -= hours[n]
                any_away = True
        if left <= 0.0 or (least < 1.0 and not any_away):
            continue
        for n in range(len(hours)):
            if part[n] > 0.99 or part[n] < 0.02:
                continue
            for steps in STEPS_EACH:
                u = steps / hours[n]
                f = u * left - floor(u * left)
                if f < LEAST_LOST or f > MOST_LOST:
                    continue
                beyond, square = -float(floor(u * left)), 1e-9
                for m in range(len(hours)):
                    if part[m] > least:
                        each = rounded(-u * hours[m], f)
                        beyond += each * (1.0 - part[m])
                    else:
                        each = rounded(u * hours[m], f)
                        beyond += each * part[m]
                    square += each * each
                if beyond > best * sqrt(square):
                    best = beyond / sqrt(square)
                    best_step, best_lost, best_least = u, f, least
    return best_step, best_lost, best_least
