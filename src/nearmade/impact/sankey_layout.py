"""Where the bars and ribbons of a Sankey stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nearmade.vocabulary.errors import InvalidInput

#: Between two bars of a column. [px]
GAP_PX: Final = 6.0
#: Above the first bar, for the label of the last column. [px]
TOP_PX: Final = 20.0


@dataclass(frozen=True, slots=True)
class FlowNode:
    """One activity of a Sankey.

    Parameters
    ----------
    id
        Unique in the picture.
    label
        For people.
    kind
        Its colour, such as ``material``.
    """

    id: str
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """What one node hands to another; below zero a credit."""

    source: str
    target: str
    value: float


@dataclass(frozen=True, slots=True)
class Flows:
    """Everything a Sankey draws.

    Parameters
    ----------
    nodes
        Each once.
    flows
        Between nodes, without loops.
    """

    nodes: tuple[FlowNode, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Ribbon:
    """One flow on paper: from (x, y) to (x, y), and how thick. [px]"""

    flow: Flow
    ends_px: tuple[float, float, float, float]
    thick_px: float


@dataclass(frozen=True, slots=True)
class Place:
    """One node on paper. [px]"""

    node: FlowNode
    column: int
    value: float
    x_px: float
    y_px: float
    high_px: float


@dataclass(frozen=True, slots=True)
class Laid:
    """A Sankey on paper.

    Parameters
    ----------
    columns, step_px
        How many, and how far apart. [px]
    """

    places: tuple[Place, ...]
    ribbons: tuple[Ribbon, ...]
    columns: int
    step_px: float
    bar_px: float
    high_px: float


def laid_out(
    flows: Flows, *, wide_px: float, bar_px: float, tall_px: float, slot_px: float
) -> Laid:
    """Lay out bars in columns, sources left, what nothing leaves at the right.

    Parameters
    ----------
    wide_px, tall_px
        Of the drawing, and of its fullest column's flows. [px]
    bar_px, slot_px
        Width of a bar, and the least height a bar and its label take. [px]

    Raises
    ------
    InvalidInput
        When flows go in a circle, or name an unknown node.
    """
    column = _columns(flows)
    count = max(column.values(), default=0) + 1
    value = _values(flows)
    members: dict[int, list[FlowNode]] = defaultdict(list)
    for node in flows.nodes:
        members[column[node.id]].append(node)
    through = _through(flows)
    fullest = max(sum(through[n.id] for n in each) for each in members.values())
    scale = tall_px / fullest if fullest > 0 else 0.0
    high = {name: amount * scale for name, amount in through.items()}
    slot = {name: max(each, slot_px) for name, each in high.items()}
    whole = max(
        sum(slot[n.id] for n in each) + GAP_PX * (len(each) - 1)
        for each in members.values()
    )
    middle = _ordered(flows, members, slot, whole)
    step = (wide_px - bar_px) / max(1, count - 1)
    places = tuple(
        Place(
            node,
            column[node.id],
            value[node.id],
            column[node.id] * step,
            middle[node.id] - high[node.id] / 2,
            high[node.id],
        )
        for node in flows.nodes
    )
    by_id = {place.node.id: place for place in places}
    return Laid(
        places,
        _ribbons(flows, by_id, scale, bar_px),
        count,
        step,
        bar_px,
        whole + TOP_PX + 4,
    )


def _columns(flows: Flows) -> dict[str, int]:
    """Give each node its column, by the longest way to what nothing leaves."""
    targets: dict[str, list[str]] = {node.id: [] for node in flows.nodes}
    for flow in flows.flows:
        if flow.source not in targets or flow.target not in targets:
            raise InvalidInput(f"Sankey: no node {flow.source!r} or {flow.target!r}")
        targets[flow.source].append(flow.target)
    steps: dict[str, int] = {}
    for start in targets:
        _walk(start, targets, steps, ())
    longest = max(steps.values(), default=0)
    return {name: longest - far for name, far in steps.items()}


def _walk(
    name: str, targets: Mapping[str, list[str]], steps: dict[str, int],
    on_the_way: tuple[str, ...],
) -> int:  # fmt: skip
    if name in on_the_way:
        raise InvalidInput(f"Sankey: flows go in a circle through {name!r}")
    if name not in steps:
        way = (*on_the_way, name)
        steps[name] = max(
            (1 + _walk(target, targets, steps, way) for target in targets[name]),
            default=0,
        )
    return steps[name]


def _values(flows: Flows) -> dict[str, float]:
    """Give what goes through each node: what leaves it, or else what comes in."""
    inward: dict[str, float] = defaultdict(float)
    outward: dict[str, float] = defaultdict(float)
    leaves = {flow.source for flow in flows.flows}
    for flow in flows.flows:
        outward[flow.source] += flow.value
        inward[flow.target] += flow.value
    return {
        node.id: outward[node.id] if node.id in leaves else inward[node.id]
        for node in flows.nodes
    }


def _through(flows: Flows) -> dict[str, float]:
    """Give how much passes each node, credits counted as they are drawn."""
    inward: dict[str, float] = defaultdict(float)
    outward: dict[str, float] = defaultdict(float)
    for flow in flows.flows:
        outward[flow.source] += abs(flow.value)
        inward[flow.target] += abs(flow.value)
    return {node.id: max(inward[node.id], outward[node.id]) for node in flows.nodes}


def _ordered(
    flows: Flows, members: Mapping[int, list[FlowNode]], slot: Mapping[str, float],
    whole_px: float,
) -> dict[str, float]:  # fmt: skip
    """Order columns from the right by where their flows go; give each node's middle."""
    towards: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows.flows:
        towards[flow.source].append(flow)
    middle: dict[str, float] = {}

    def aim(node: FlowNode) -> tuple[float, float]:
        going = towards[node.id]
        weight = sum(abs(flow.value) for flow in going)
        if not weight:
            return 0.0, -slot[node.id]
        aimed = sum(abs(flow.value) * middle[flow.target] for flow in going)
        return aimed / weight, -weight

    for column in sorted(members, reverse=True):
        nodes = sorted(members[column], key=aim)
        used = sum(slot[node.id] for node in nodes) + GAP_PX * (len(nodes) - 1)
        top = TOP_PX + (whole_px - used) / 2
        for node in nodes:
            middle[node.id] = top + slot[node.id] / 2
            top += slot[node.id] + GAP_PX
    return middle


def _ribbons(
    flows: Flows, places: Mapping[str, Place], scale: float, bar_px: float
) -> tuple[Ribbon, ...]:
    """Stack ribbons along both bars in the order of their other ends."""
    start, end = {}, {}
    by_target = sorted(flows.flows, key=lambda f: places[f.target].y_px)
    by_source = sorted(flows.flows, key=lambda f: places[f.source].y_px)
    filled: dict[str, float] = defaultdict(float)
    for flow in by_target:
        start[id(flow)] = places[flow.source].y_px + filled[flow.source]
        filled[flow.source] += abs(flow.value) * scale
    filled.clear()
    for flow in by_source:
        end[id(flow)] = places[flow.target].y_px + filled[flow.target]
        filled[flow.target] += abs(flow.value) * scale
    drawn = []
    for flow in flows.flows:
        thick = abs(flow.value) * scale
        ends = (
            places[flow.source].x_px + bar_px,
            start[id(flow)] + thick / 2,
            places[flow.target].x_px,
            end[id(flow)] + thick / 2,
        )
        drawn.append(Ribbon(flow, ends, thick))
    return tuple(drawn)
