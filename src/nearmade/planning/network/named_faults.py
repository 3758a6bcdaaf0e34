"""A verdict's faults by the ids of the data, not by index."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nearmade.planning.network.evaluate import FAULTS, Evaluation
from nearmade.planning.network.plan_record import Made
from nearmade.planning.network.verify import Verdict

#: Faults of one kind told one by one; the rest are counted.
TOLD = 20


def named_faults(made: Made, verdict: Verdict) -> list[str]:
    """Give every fault of a verdict in words, the first of each kind by their ids."""
    if verdict.evaluation is None:
        return [*verdict.faults]
    told = [fault for fault in verdict.faults if fault.startswith(_STATED)]
    choices = [*_choices(made, verdict.evaluation)]
    limits = [*_limits(made, verdict.evaluation)]
    for faults in (choices, limits):
        told += faults[:TOLD]
        if len(faults) > TOLD:
            told.append(f"and {len(faults) - TOLD} more of this kind")
    return told


#: Faults that are not of choices or limits: of stated figures and of prices.
_STATED = ("cost:", "bound:", "prices:", "plan:")


def _choices(made: Made, evaluation: Evaluation) -> Iterator[str]:
    book = made.book
    for order in np.flatnonzero(evaluation.order_fault).tolist():
        fault = FAULTS[int(evaluation.order_fault[order])]
        yield f"order {book.order_id[order]} {fault}"
    for part in np.flatnonzero(evaluation.component_fault).tolist():
        order = int(np.searchsorted(book.first_component, part, side="right")) - 1
        yield (
            f"order {book.order_id[order]}, component {book.component_id[part]} "
            f"{FAULTS[int(evaluation.component_fault[part])]}"
        )


def _limits(made: Made, evaluation: Evaluation) -> Iterator[str]:
    network = made.network
    for resource, row, day, used, there in evaluation.over:
        if resource == "hours":
            what, unit, until = f"group {network.group_id[row]}", "h", True
        elif resource == "energy":
            what, unit, until = f"site {network.site_id[row]}", "Wh", True
        elif resource == "hub":
            what, unit, until = f"hub {network.hub_id[row]}", "h", False
        else:
            site = network.site_id[network.stock_site[row]]
            material = network.materials[network.stock_material[row]]
            yield (f"site {site}: {used:.1f} g of {material} used, {there:.1f} g there")
            continue
        when = f"up to day {day}" if until else f"on day {day}"
        yield f"{what}: {used:.2f} {unit} used {when}, {there:.2f} {unit} there"
