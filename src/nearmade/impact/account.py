"""The impact card of an order: both alternatives, with uncertainty and sources.

Every figure is solved on the process database at the medians; its interval comes from
paired draws, so that a number that both alternatives share cancels.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from nearmade.impact.card import Alternative, Contribution, Footprint, ImpactCard
from nearmade.impact.draws import Chance, chance_below, estimate_draws
from nearmade.impact.hazards import ends_of_life, material_hazards
from nearmade.impact.inventory import OrderInventory
from nearmade.impact.order_study import OWN_FIGURES, Activity, OrderStudy, order_study
from nearmade.impact.partial import NOTE, partial_scores
from nearmade.impact.solve import Floats
from nearmade.impact.study import Study, StudyResult, solve
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

#: What the reader is told on every card.
LIMITS = (
    "Climate is GWP100; freight is well to wheel, air freight with radiative forcing.",
    "Left out of both: shops, unsold stock, the customer's trips.",
    "Things that both buy alike are carried but their making is left out.",
    "Moulded plastic counts forming as DEFRA does, not on the factory's own grid.",
    "Freight energy is read back from its CO2e, radiative forcing taken off.",
    "Board, waste, machines and moulds have no energy figure.",
    NOTE,
)
WEAR_COUNTED = (
    "Wear of printer, press and one mould is counted; each rests on an assumed life."
)
WEAR_LEFT_OUT = (
    "Left out of both: machines and moulds, as the printer's hours are not known."
)


def account_order(
    inventory: OrderInventory, *, draws: int = 2000, seed: int
) -> ImpactCard:
    """Account for one order beside its central alternative.

    Parameters
    ----------
    inventory
        What the order takes.
    draws
        Paired draws of every number, 1 or more.
    seed
        Part of the input: same seed, same card.

    Raises
    ------
    InvalidInput
        When a material or a mode has no figures, or ``draws`` is below 1.

    References
    ----------
    .. [1] ISO 14044:2006, 4.3 and 4.4 (inventory analysis, impact assessment).
    """
    if not inventory.parts:
        raise InvalidInput("inventory: at least one made part is needed")
    order = order_study(inventory)
    result = solve(order.study, draws, seed)
    by_activity = _solve_activities(order, draws, seed)
    chance = Chance(seed, draws)
    used = {
        one.id: one
        for name in ("here", "central")
        for one in result.numbers(name)
        if one.source != OWN_FIGURES
    }
    return ImpactCard(
        functional_unit=inventory.functional_unit,
        here=_footprint("here", result, order.activities, by_activity, inventory),
        central=_footprint("central", result, order.activities, by_activity, inventory),
        better_here_fraction=_better(result, inventory, chance),
        assumed_fraction=_assumed_fraction(result),
        notes=(
            *inventory.notes,
            *inventory.own_notes,
            *_missing(inventory),
            *LIMITS,
        ),
        factors=tuple(used[key] for key in sorted(used)),
        hazards=material_hazards(_materials(inventory)),
        ends_of_life=ends_of_life(_materials(inventory)),
    )


def _solve_activities(order: OrderStudy, draws: int, seed: int) -> StudyResult:
    """Score each activity alone, on the same draws."""
    study = Study(
        order.study.functional_unit,
        {one.process.id: {one.process.id: 1.0} for one in order.activities},
        order.study.processes,
        ("gwp100", "ced"),
    )
    return solve(study, draws, seed)


def _footprint(
    alternative: Alternative,
    result: StudyResult,
    activities: Iterable[Activity],
    by_activity: StudyResult,
    inventory: OrderInventory,
) -> Footprint:
    contributions = [
        _contribution(one, by_activity)
        for one in activities
        if one.alternative == alternative
        and by_activity.score[one.process.id]["gwp100"] > 0
    ]
    contributions.sort(key=lambda one: -one.gco2e.value)
    near = alternative == "here"
    central = inventory.central
    unknown = Estimate.exact(0.0)
    return Footprint(
        alternative=alternative,
        price_usd=(inventory.price_usd if near else central.retail_price_usd)
        or unknown,
        days=(inventory.days if near else central.days) or unknown,
        electricity_kwh=result.interval(alternative, "electricity"),
        kgco2e=result.interval(alternative, "gwp100").times(1 / 1000),
        ced_mj=result.interval(alternative, "ced"),
        contributions=tuple(contributions),
        partial=partial_scores(result, alternative),
    )


def _contribution(one: Activity, result: StudyResult) -> Contribution:
    name = one.process.id
    ids = [number.id for number in result.numbers(name) if number.source != OWN_FIGURES]
    for cited in one.cites:
        ids += [exchange.id for exchange in result.database.process(cited).exchanges]
    return Contribution(
        one.code,
        one.title,
        result.interval(name, "gwp100"),
        result.interval(name, "ced") if result.score[name]["ced"] > 0 else None,
        tuple(dict.fromkeys(ids)),
    )


def _better(
    result: StudyResult, inventory: OrderInventory, chance: Chance
) -> dict[str, float]:
    better = {
        "kgco2e": result.chance_below("here", "central", "gwp100"),
        "ced_mj": result.chance_below("here", "central", "ced"),
    }
    central = inventory.central
    pairs = {
        "days": (inventory.days, central.days),
        "price_usd": (inventory.price_usd, central.retail_price_usd),
    }
    for figure, (here, there) in pairs.items():
        if here is not None and there is not None:
            better[figure] = chance_below(
                _drawn(chance, f"{figure}/here", here),
                _drawn(chance, f"{figure}/central", there),
            )
    return better


def _drawn(chance: Chance, name: str, estimate: Estimate) -> Floats:
    return np.broadcast_to(estimate_draws(chance, name, estimate), (chance.draws,))


def _assumed_fraction(result: StudyResult) -> float:
    """Give the share of both scores together that rests on assumptions."""
    names = ("here", "central")
    whole = [result.gross(name, "gwp100") for name in names]
    assumed = [
        result.assumed_fraction(name, "gwp100") * gross
        for name, gross in zip(names, whole, strict=True)
    ]
    return sum(assumed) / sum(whole) if sum(whole) > 0 else 0.0


def _materials(inventory: OrderInventory) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.material for part in inventory.parts))


def _missing(inventory: OrderInventory) -> tuple[str, ...]:
    notes = []
    if inventory.price_usd is None or inventory.central.retail_price_usd is None:
        notes.append("Prices are not compared: at least one is not known.")
    if inventory.days is None or inventory.central.days is None:
        notes.append("Days are not compared: at least one is not known.")
    notes.append(WEAR_COUNTED if inventory.wear_known else WEAR_LEFT_OUT)
    return tuple(notes)
