"""Which process adds how much to a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nearmade.impact.solve import Floats, System


@dataclass(frozen=True, slots=True)
class ProcessShare:
    """What one process adds to a score.

    Parameters
    ----------
    process, name
        Id and title.
    supply
        How much of it the alternative takes. [unit]
    unit
        Of the process's product.
    direct
        What it scores itself; all processes together sum to the score. [method's unit]
    total
        What it scores with everything upstream of it. [method's unit]
    fraction
        ``direct`` as a share of the gross sum of all, -1..1.
    """

    process: str
    name: str
    supply: float
    unit: str
    direct: float
    total: float
    fraction: float


def contributions_of(
    system: System, supply: Floats, factors: Mapping[str, float]
) -> tuple[ProcessShare, ...]:
    """Split a score by process: direct ``c_j s_j`` and total ``u_j s_j``.

    Largest direct first, by size whatever the sign; what scores nothing is left out.

    References
    ----------
    .. [1] Heijungs & Suh 2002, The Computational Structure of Life Cycle Assessment,
       doi:10.1007/978-94-015-9900-9, chapter 8.
    """
    direct = system.direct(factors) * supply
    total = system.per_unit(factors) * supply
    gross = float(abs(direct).sum()) or 1.0
    shares = [
        ProcessShare(
            process.id,
            process.name,
            float(supply[place]),
            process.unit,
            float(direct[place]),
            float(total[place]),
            float(direct[place]) / gross,
        )
        for place, process in enumerate(system.reach.processes)
        if total[place] != 0 or direct[place] != 0
    ]
    shares.sort(key=lambda one: (-abs(one.direct), -abs(one.total), one.process))
    return tuple(shares)
