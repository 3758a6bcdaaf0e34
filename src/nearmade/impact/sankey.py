"""The flows of a score from process to process, for drawing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nearmade.impact.solve import Floats, System

#: Id of the node that stands for the functional unit.
ROOT: Final = "unit"
#: Id of the node that stands for everything small.
OTHER: Final = "other"
#: Prefix of the node that stands for what comes back around a loop.
AGAIN: Final = "again/"


@dataclass(frozen=True, slots=True)
class SankeyNode:
    """One process, or several drawn as one.

    Parameters
    ----------
    id, label
        For programs and for people.
    direct
        What it scores itself. [method's unit]
    total
        What it scores with everything upstream: inflow and direct. [method's unit]
    """

    id: str
    label: str
    direct: float
    total: float


@dataclass(frozen=True, slots=True)
class SankeyLink:
    """What a supplier's supply carries into its consumer.

    Parameters
    ----------
    source, target
        Ids of nodes: supplier and consumer.
    value
        Size, above zero. [method's unit]
    sign
        1, or -1 for a credit.
    """

    source: str
    target: str
    value: float
    sign: int


@dataclass(frozen=True, slots=True)
class Sankey:
    """Nodes and links without loops; at each node inflow and direct give the total.

    Parameters
    ----------
    nodes
        Largest first.
    links
        Largest first.
    """

    nodes: tuple[SankeyNode, ...]
    links: tuple[SankeyLink, ...]

    def imbalance(self) -> float:
        """Give the largest gap between inflow and direct and the total of a node."""
        gap = {node.id: node.direct - node.total for node in self.nodes}
        for link in self.links:
            gap[link.target] += link.sign * link.value
        sources = {link.target for link in self.links}
        return max(
            (abs(gap[one.id]) for one in self.nodes if one.id in sources), default=0.0
        )


def sankey_of(
    system: System,
    demand: Mapping[str, Floats],
    factors: Mapping[str, float],
    *,
    title: str,
    cutoff: float,
) -> Sankey:
    """Lay out a score; see ``StudyResult.sankey``.

    An edge from i to j, where i supplies j, carries ``a_ij s_j u_i``. A link that would
    close a loop comes from a node of its own; processes whose total is below ``cutoff``
    of the gross score are drawn as one node, ``other``.
    """
    supply = system.supply(demand, 1)[:, 0]
    unit = system.per_unit(factors)
    direct = system.direct(factors) * supply
    ids = [process.id for process in system.reach.processes]
    links = {
        (ids[supplier], ids[consumer]): float(amount)
        * supply[consumer]
        * unit[supplier]
        for (supplier, consumer), amount in system.taken.items()
    }
    for name, amount in demand.items():
        links[name, ROOT] = float(amount) * unit[system.reach.index[name]]
    whole = sum(value for (_, target), value in links.items() if target == ROOT)
    gross = max(abs(whole), float(abs(direct).sum()))
    small = {
        name
        for place, name in enumerate(ids)
        if abs(unit[place] * supply[place]) < cutoff * gross
    }
    merged = _without_loops(_merged(links, small))
    own = {name: float(direct[place]) for place, name in enumerate(ids)}
    labels = {process.id: process.name for process in system.reach.processes}
    return _drawn(merged, own, small, {**labels, ROOT: title, OTHER: "Other"})


def _merged(
    links: Mapping[tuple[str, str], float], small: set[str]
) -> dict[tuple[str, str], float]:
    merged: dict[tuple[str, str], float] = defaultdict(float)
    for (source, target), value in links.items():
        source_id = OTHER if source in small else source
        target_id = OTHER if target in small else target
        if source_id != target_id:
            merged[source_id, target_id] += float(value)
    return dict(merged)


def _without_loops(
    links: Mapping[tuple[str, str], float],
) -> dict[tuple[str, str], float]:
    """Walk up from the root; a link to a node that is being walked closes a loop."""
    suppliers: dict[str, list[str]] = defaultdict(list)
    for source, target in links:
        suppliers[target].append(source)
    closing: set[tuple[str, str]] = set()
    done: set[str] = set()
    path: dict[str, None] = {ROOT: None}
    work = [(ROOT, iter(suppliers[ROOT]))]
    while work:
        name, rest = work[-1]
        for supplier in rest:
            if supplier in path:
                closing.add((supplier, name))
            elif supplier not in done:
                path[supplier] = None
                work.append((supplier, iter(suppliers[supplier])))
                break
        else:
            work.pop()
            del path[name]
            done.add(name)
    return {
        (AGAIN + source if (source, target) in closing else source, target): value
        for (source, target), value in links.items()
    }


def _drawn(
    links: Mapping[tuple[str, str], float],
    own: Mapping[str, float],
    small: set[str],
    labels: Mapping[str, str],
) -> Sankey:
    direct: dict[str, float] = defaultdict(float)
    for name, value in own.items():
        direct[OTHER if name in small else name] += value
    names = dict.fromkeys([ROOT, *(name for pair in links for name in pair)])
    inflow: dict[str, float] = defaultdict(float)
    for (_, target), value in links.items():
        inflow[target] += value
    nodes = []
    for name in names:
        if name.startswith(AGAIN):
            given = sum(value for (source, _), value in links.items() if source == name)
            label = f"{labels[name.removeprefix(AGAIN)]}, come round again"
            nodes.append(SankeyNode(name, label, given, given))
        else:
            whole = inflow[name] + direct[name]
            nodes.append(SankeyNode(name, labels[name], direct[name], whole))
    drawn = [
        SankeyLink(source, target, abs(value), 1 if value > 0 else -1)
        for (source, target), value in links.items()
        if value != 0
    ]
    nodes.sort(key=lambda one: (-abs(one.total), one.id))
    drawn.sort(key=lambda one: (-one.value, one.source, one.target))
    return Sankey(tuple(nodes), tuple(drawn))
