"""Pieces of one profile and infill share plates here as they do in offers."""

from __future__ import annotations

from collections.abc import Sequence

from nearmade.cloud.pages.work import Planned
from nearmade.planning.shared_plates import build_start, with_builds
from nearmade.planning.site_work import Estimator, PartDemand
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.plate import builds_needed
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.identity import PartName


def plates_of(planned: Planned) -> tuple[list[int], list[float]]:
    """Count the builds of each piece by itself, and its share of common ones."""
    asked = planned.asked
    demands = [
        PartDemand(
            name=PartName(str(number)),
            title=str(number),
            quantity=each.quantity,
            materials=(each.profile.material,),
            process=each.profile.process,
            facts=each.facts,
            infill_fraction=each.profile.infill_fraction,
        )
        for number, each in enumerate(asked)
    ]
    estimator = Estimator(demands, PROFILES)
    alone = [builds_needed(e.facts.extents_mm, e.profile, e.quantity) for e in asked]
    shares = [float(number) for number in alone]
    for group in _alike(planned):
        wanted = [(demands[k].name, demands[k].quantity) for k in group]
        together = estimator.plates_together(asked[group[0]].profile.id, wanted)
        before = sum(alone[k] for k in group)
        if together < before:
            for k in group:
                shares[k] = alone[k] * together / before
    return alone, shares


def _alike(planned: Planned) -> list[list[int]]:
    """Group pieces that one build may hold: same profile, infill and supports."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, each in enumerate(planned.asked):
        key = (each.profile.id, each.infill_fraction, each.supports)
        groups.setdefault(key, []).append(number)
    return [group for group in groups.values() if len(group) > 1]


def on_shared_plates(
    planned: Planned,
    estimates: Sequence[BuildEstimate],
    alone: Sequence[int],
    shares: Sequence[float],
) -> tuple[BuildEstimate, ...]:
    """Give each piece's figures with its share of the builds' starts."""
    return tuple(
        with_builds(
            estimate,
            each.profile,
            build_start(each.facts, each.profile, estimate.level),
            share=1,
            before=before,
            after=after,
        )
        for each, estimate, before, after in zip(
            planned.asked, estimates, alone, shares, strict=True
        )
    )
