"""Compiled steps of the search over flow lines: insertion by heads and tails.

References
----------
E. Taillard, "Some efficient heuristic methods for the flow shop sequencing problem",
European J. Operational Research 47 (1990) 65-74: all places of a job in one pass.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.shop.chance import Chance, below, fraction
from nearmade.vocabulary.compiled import compiled

Ints = NDArray[np.int64]


class Lines(NamedTuple):
    """Sequences of the sites with the heads and tails of each place.

    ``sequence[site, place]`` is a job, ``held[site]`` how many there are;
    ``head[site, place, machine]`` is the end of the job there, ``tail`` the longest way
    from its start at that machine to the end; ``end[site]`` the site's last end.
    """

    sequence: Ints
    held: Ints
    head: Ints
    tail: Ints
    end: Ints


def empty_lines(sites: int, jobs: int, machines: int) -> Lines:
    """Give sites with no job."""
    return Lines(
        np.full((sites, jobs), -1, dtype=np.int64),
        np.zeros(sites, dtype=np.int64),
        np.zeros((sites, jobs + 1, machines), dtype=np.int64),
        np.zeros((sites, jobs + 1, machines), dtype=np.int64),
        np.zeros(sites, dtype=np.int64),
    )


@compiled
def copy_lines(source: Lines, target: Lines) -> None:
    """Make one like another."""
    target.held[:] = source.held
    target.end[:] = source.end
    for site in range(source.held.size):
        for place in range(source.held[site]):
            target.sequence[site, place] = source.sequence[site, place]
            target.head[site, place] = source.head[site, place]
            target.tail[site, place] = source.tail[site, place]


@compiled
def measure_site(times: Ints, lines: Lines, site: int) -> None:
    """Work out a site's heads, tails and end."""
    machines = times.shape[1]
    count = lines.held[site]
    head, tail = lines.head[site], lines.tail[site]
    for place in range(count):
        job = lines.sequence[site, place]
        end = 0
        for machine in range(machines):
            before = head[place - 1, machine] if place else 0
            end = max(end, before) + times[job, machine]
            head[place, machine] = end
    for place in range(count - 1, -1, -1):
        job = lines.sequence[site, place]
        way = 0
        for machine in range(machines - 1, -1, -1):
            after = tail[place + 1, machine] if place + 1 < count else 0
            way = max(way, after) + times[job, machine]
            tail[place, machine] = way
    lines.end[site] = head[count - 1, machines - 1] if count else 0


@compiled
def put(times: Ints, lines: Lines, site: int, place: int, job: int) -> None:
    """Insert a job."""
    for at in range(lines.held[site], place, -1):
        lines.sequence[site, at] = lines.sequence[site, at - 1]
    lines.sequence[site, place] = job
    lines.held[site] += 1
    measure_site(times, lines, site)


@compiled
def pull(times: Ints, lines: Lines, site: int, place: int) -> int:
    """Take a job out, and give it."""
    job = int(lines.sequence[site, place])
    for at in range(place, lines.held[site] - 1):
        lines.sequence[site, at] = lines.sequence[site, at + 1]
    lines.held[site] -= 1
    measure_site(times, lines, site)
    return job


@compiled
def best_place(
    times: Ints, lines: Lines, site: int, job: int, chance: Chance
) -> tuple[int, int]:
    """Give the end of a site and the place at which a job makes it least."""
    machines = times.shape[1]
    count = lines.held[site]
    head, tail = lines.head[site], lines.tail[site]
    least, best, ties = 1 << 60, 0, 0
    for place in range(count + 1):
        end, longest = 0, 0
        for machine in range(machines):
            before = head[place - 1, machine] if place else 0
            after = tail[place, machine] if place < count else 0
            end = max(end, before) + times[job, machine]
            longest = max(longest, end + after)
        if longest < least:
            least, best, ties = longest, place, 1
        elif longest == least:
            ties += 1
            if below(chance, ties) == 0:
                best = place
    return least, best


@compiled
def put_well(times: Ints, lines: Lines, job: int, chance: Chance) -> tuple[int, int]:
    """Insert a job where the end of its site is least; give site and place."""
    least, where, at, ties = 1 << 60, 0, 0, 0
    for site in range(lines.held.size):
        end, place = best_place(times, lines, site, job, chance)
        if end < least:
            least, where, at, ties = end, site, place, 1
        elif end == least:
            ties += 1
            if below(chance, ties) == 0:
                where, at = site, place
    put(times, lines, where, at, job)
    return where, at


@compiled
def settle_neighbour(
    times: Ints, lines: Lines, site: int, place: int, chance: Chance
) -> None:
    """Give a job beside a new one its best place at the same site."""
    count = lines.held[site]
    if count < 3:
        return
    other = (
        place - 1 if place and (place + 1 == count or below(chance, 2)) else place + 1
    )
    job = pull(times, lines, site, other)
    _, best = best_place(times, lines, site, job, chance)
    put(times, lines, site, best, job)


@compiled
def start_by_neh(times: Ints, lines: Lines, order: Ints, chance: Chance) -> None:
    """Insert the jobs in an order, each where it is best, with its neighbour after."""
    lines.held[:] = 0
    lines.end[:] = 0
    for job in order:
        site, place = put_well(times, lines, job, chance)
        settle_neighbour(times, lines, site, place, chance)


@compiled
def improve(times: Ints, lines: Lines, room: Ints, chance: Chance) -> None:
    """Move jobs of the site that ends last while that shortens the whole.

    A move to another site counts when both ends are below the last end; a move within
    the site when its end falls.
    """
    again = True
    while again:
        again = False
        site = int(np.argmax(lines.end))
        count = lines.held[site]
        for at in range(count):
            room[at] = lines.sequence[site, at]
        for left in range(count, 0, -1):
            drawn = below(chance, left)
            job = room[drawn]
            room[drawn] = room[left - 1]
            if _moved(times, lines, site, job, chance):
                again = True
                if int(np.argmax(lines.end)) != site:
                    break


@compiled
def _moved(times: Ints, lines: Lines, site: int, job: int, chance: Chance) -> bool:
    """Try one job of a site elsewhere; tell whether the site's end fell."""
    old_end = lines.end[site]
    place = 0
    while lines.sequence[site, place] != job:
        place += 1
    pull(times, lines, site, place)
    least, to, at = old_end, -1, 0
    for other in range(lines.held.size):
        end, found = best_place(times, lines, other, job, chance)
        if other != site:
            end = max(end, lines.end[site])
        if end < least:
            least, to, at = end, other, found
    if to < 0:
        put(times, lines, site, place, job)
        return False
    put(times, lines, to, at, job)
    return True


@compiled
def ruin(times: Ints, lines: Lines, gone: Ints, chance: Chance) -> None:
    """Take jobs out: half from the site that ends last, the others from any."""
    for number in range(gone.size):
        site = int(np.argmax(lines.end))
        if 2 * number >= gone.size or lines.held[site] == 0:
            site = below(chance, lines.held.size)
            while lines.held[site] == 0:
                site = (site + 1) % lines.held.size
        gone[number] = pull(times, lines, site, below(chance, lines.held[site]))


@compiled
def worth(lines: Lines) -> float:
    """Give the last end, and behind it, as a fraction, the mean of all ends."""
    last = lines.end.max()
    value: float = last + 0.5 * lines.end.mean() / max(1, last)
    return value


@compiled
def greedy_rounds(
    times: Ints,
    now: Lines,
    trial: Lines,
    best: Lines,
    gone: Ints,
    room: Ints,
    rounds: int,
    heat: float,
    target: int,
    chance: Chance,
) -> None:
    """Ruin, rebuild, improve and accept as annealing would, so many times.

    Parameters
    ----------
    now, best
        Where the search stands, and the best seen; both are moved on.
    gone
        As long as the number of jobs to take out.
    heat
        Temperature, in units of time.
    target
        Nothing ends before it.
    """
    for _ in range(rounds):
        if best.end.max() <= target:
            break
        copy_lines(now, trial)
        ruin(times, trial, gone, chance)
        for job in gone:
            site, place = put_well(times, trial, job, chance)
            settle_neighbour(times, trial, site, place, chance)
        improve(times, trial, room, chance)
        found, old = worth(trial), worth(now)
        worse = found - old
        if worse <= 0 or fraction(chance) < math.exp(-worse / heat):
            copy_lines(trial, now)
            if found < worth(best):
                copy_lines(trial, best)
