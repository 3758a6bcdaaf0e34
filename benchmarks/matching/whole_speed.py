"""How long whole designs take: one at many sites, one site over the catalogue.

Designs are the starter designs at their initial values; sites are those of the demo
network, repeated under other names. Rendering and measuring is done before, once: what
is timed is reading the kept meshes and facts, and matching.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nearmade.adapters.catalogue_folder import read_catalogue
from nearmade.adapters.examples import designs_dir, networks_dir
from nearmade.adapters.network_file import load_network
from nearmade.facilities.facility import Facility
from nearmade.matching.purchases import purchases
from nearmade.matching.reverse import what_can_be_made
from nearmade.matching.whole_design import whole_design
from nearmade.matching.whole_need import WholeNeed, whole_need
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.identity import DesignId, FacilityId

NOW = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
SITES = 1_000
#: Designs of the larger catalogue, as in the other benchmarks of matching.
DESIGNS = 106

Figures = dict[str, float]


def starter_needs(cache: Path) -> list[WholeNeed]:
    """Give what each starter design asks; renders on first use of the cache."""
    designs, unread = read_catalogue(designs_dir(), cache=cache)
    assert not unread
    return [whole_need(each.design, each.facts, profiles=MAKEABLE) for each in designs]


def many_sites(count: int) -> list[Facility]:
    """Repeat the demo network under other names."""
    known = load_network(networks_dir() / "demo.json")
    return [
        replace(known[n % len(known)], id=FacilityId(f"site-{n}")) for n in range(count)
    ]


def many_needs(needs: list[WholeNeed], count: int) -> list[WholeNeed]:
    """Repeat what designs ask under other names."""
    return [
        replace(needs[n % len(needs)], design_id=DesignId(f"design-{n}"))
        for n in range(count)
    ]


def cpu_s(work: Callable[[], object], times: int = 3) -> float:
    """Give the least processor time of several runs. [s]"""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def speeds(cache: Path) -> tuple[Figures, int]:
    """Measure; give processor times and the number of purchases tried. [s]"""
    needs = starter_needs(cache)
    sites = many_sites(SITES)
    largest = max(needs, key=lambda need: len(need.components))
    many = many_needs(needs, DESIGNS)

    def reverse(asked: list[WholeNeed]) -> int:
        return what_can_be_made(sites[0], asked, NOW, profiles=MAKEABLE).tried

    figures = {
        f"read {len(needs)} designs, kept meshes": cpu_s(lambda: starter_needs(cache)),
        f"what one site can make of {len(needs)}": cpu_s(lambda: reverse(needs)),
        f"what one site can make of {DESIGNS}": cpu_s(lambda: reverse(many)),
        f"one design of {len(largest.components)} components at {SITES} sites": cpu_s(
            lambda: whole_design(largest, sites, NOW, profiles=MAKEABLE)
        ),
    }
    return figures, len(purchases(sites[0], needs, MAKEABLE))


def table(figures: Figures, tried: int) -> str:
    """Write the figures for people."""
    lines = [
        f"{what:<48} {1000 * spent_s:8.1f} ms" for what, spent_s in figures.items()
    ]
    return "\n".join([*lines, f"{'purchases tried on each design':<48} {tried:8}"])
