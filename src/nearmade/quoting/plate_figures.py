"""What a plate of several parts takes, from what each part takes alone.

A build is started once: one intro line, one skirt around all, one heat-up. Layers that
were too short to cool alone are longer together. What the plate takes is shared out
part by part, in whole seconds and cubic millimetres that sum to the plate's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nearmade.energy.load.machine_power import build_energy_wh
from nearmade.geometry.laying import laid
from nearmade.geometry.nesting import Placement, Plate, turned_size_mm
from nearmade.geometry.silhouette import Points, hull_points
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.build_start import start_of
from nearmade.quoting.level0 import MM3_PER_CM3
from nearmade.quoting.part_alone import PartAlone
from nearmade.quoting.plate_layers import share_layers, spread_over_layers
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate


@dataclass(frozen=True, slots=True)
class PartShare:
    """What all copies of one part have of a plate.

    Parameters
    ----------
    part, copies
        Which, and how many on the plate.
    feedstock_mm3, time_s
        In whole units; over all parts they sum to the plate's. [mm3] [s]
    energy_wh
        In proportion to the time. [Wh]
    """

    part: str
    copies: int
    feedstock_mm3: int
    time_s: int
    energy_wh: float


@dataclass(frozen=True, slots=True)
class PlateEstimate:
    """One plate as one build, and who has what of it.

    Parameters
    ----------
    build
        The figures of the plate; feedstock and time are whole numbers.
    shares
        One for each part, in the order of the plate's placements.
    """

    build: BuildEstimate
    shares: tuple[PartShare, ...]


def estimate_plate(
    plate: Plate, alone: Mapping[str, PartAlone], profile: Profile
) -> PlateEstimate:
    """Estimate one plate from its parts, and share it out.

    Parameters
    ----------
    plate
        What lies where; like plates count once.
    alone
        Each part by its name.
    profile
        Machine, material and quality of all estimates.

    Raises
    ------
    InvalidInput
        When an estimate is of another profile, or a part is missing.
    """
    counts = plate.counts()
    for part in counts:
        if part not in alone or alone[part].estimate.profile_id != profile.id:
            raise InvalidInput(f"plate: no estimate of {part} for {profile.id}")
    parts = [(alone[part], copies) for part, copies in counts.items()]
    foot = _hull_mm([_foot(alone[each.part], each) for each in plate.placements])
    start_mm3, start_s = start_of(foot, profile.settings)
    own_mm3, own_s = _without_starts(parts, profile)
    layers = share_layers(
        [
            (spread_over_layers(part, profile, time_s), copies)
            for (part, copies), time_s in zip(parts, own_s, strict=True)
        ],
        profile.slow_layer_s,
    )
    part_mm3 = [each * copies for each, (_, copies) in zip(own_mm3, parts, strict=True)]
    feedstock_mm3 = round(sum(part_mm3) + start_mm3)
    time_s = round(layers.time_s + start_s + profile.power.heatup_s)
    build = _build(parts, profile, feedstock_mm3, time_s)
    energy_wh = build.energy_wh.value
    mm3_of = share_out(feedstock_mm3, part_mm3)
    s_of = share_out(time_s, layers.of_part_s)
    shares = tuple(
        PartShare(part, copies, mm3, seconds, energy_wh * seconds / time_s)
        for (part, copies), mm3, seconds in zip(
            counts.items(), mm3_of, s_of, strict=True
        )
    )
    return PlateEstimate(build, shares)


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Share a whole number in proportion to weights; the shares sum to it.

    Parameters
    ----------
    total
        Zero or more.
    weights
        Each zero or more, one at least above zero.

    References
    ----------
    .. [1] Hamilton's method of largest remainders; of equal ones the first.
    """
    if not (total >= 0 and all(weight >= 0 for weight in weights) and sum(weights) > 0):
        raise InvalidInput(f"shares of {total} by {list(weights)[:5]}: out of range")
    whole = math.fsum(weights)
    exact = [total * (weight / whole) for weight in weights]
    shares = [math.floor(each) for each in exact]
    order = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    lacking = total - sum(shares)
    for place in range(abs(lacking)):
        shares[order[place % len(order)]] += 1 if lacking > 0 else -1
    return shares


def _without_starts(
    parts: Sequence[tuple[PartAlone, int]], profile: Profile
) -> tuple[list[float], list[float]]:
    """Take from each part what its own build adds once; at most nine tenths of it."""
    volumes_mm3, times_s = [], []
    for part, _ in parts:
        foot = _foot(part, Placement("", 0, 0.0, 0.0, 0))
        start_mm3, start_s = start_of(_hull_mm([foot]), profile.settings)
        feedstock_mm3 = part.estimate.feedstock_mm3.value
        printing_s = part.estimate.time_s.value - profile.power.heatup_s
        volumes_mm3.append(max(feedstock_mm3 - start_mm3, 0.1 * feedstock_mm3))
        times_s.append(max(printing_s - start_s, 0.1 * printing_s))
    return volumes_mm3, times_s


def _foot(part: PartAlone, where: Placement) -> Points:
    """Give points around a part where it lies; the corners of its box without mesh."""
    if part.mesh is not None:
        return hull_points(laid(part.mesh, where).vertices_mm)
    along_x, along_y = turned_size_mm(part.facts.extents_mm, where.turn_deg)
    ends_x, ends_y = (
        (where.x_mm, where.x_mm + along_x),
        (where.y_mm, where.y_mm + along_y),
    )
    return np.array([(x, y) for x in ends_x for y in ends_y], dtype=np.float64)


def _hull_mm(feet: Sequence[Points]) -> float:
    """Give the length of the convex hull around all points. [mm]"""
    hull = hull_points(np.vstack(feet))
    steps = np.diff(hull, axis=0, append=hull[:1])
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def _build(
    parts: Sequence[tuple[PartAlone, int]],
    profile: Profile,
    feedstock_mm3: int,
    time_s: int,
) -> BuildEstimate:
    """Give the plate the intervals of its parts, as if their errors moved together."""
    feedstock = _like(
        feedstock_mm3, [(part.estimate.feedstock_mm3, n) for part, n in parts]
    )
    time = _like(time_s, [(part.estimate.time_s, n) for part, n in parts])
    return BuildEstimate(
        level=min(part.estimate.level for part, _ in parts),
        profile_id=profile.id,
        quantity=sum(copies for _, copies in parts),
        feedstock_mm3=feedstock,
        mass_g=feedstock.times(profile.density_g_cm3 / MM3_PER_CM3),
        time_s=time,
        energy_wh=build_energy_wh(profile.power, time),
    )


def _like(value: float, figures: Sequence[tuple[Estimate, int]]) -> Estimate:
    """Spread a value as widely, relatively, as the sum of figures."""
    total = Estimate.exact(0.0)
    for figure, copies in figures:
        total = total.plus(figure.times(copies))
    return Estimate.within(
        float(value),
        min(1.0, total.low / total.value),
        max(1.0, total.high / total.value),
    )
