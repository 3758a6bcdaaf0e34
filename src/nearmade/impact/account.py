"""The impact card of an order: both alternatives, with uncertainty and sources.

Every figure is the product of flows and factors at their medians; its interval comes
from paired draws, so that a factor that both alternatives share cancels.
"""

from __future__ import annotations

from nearmade.impact.alternatives import Side, side_central, side_here
from nearmade.impact.card import Contribution, Footprint, ImpactCard
from nearmade.impact.drawn import Chance, chance_below
from nearmade.impact.inventory import OrderInventory
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

#: What the reader is told on every card.
LIMITS = (
    "Climate is GWP100; freight is well to wheel, air freight with radiative forcing.",
    "Left out of both: machines and tools, shops, unsold stock, the customer's trips.",
    "Things that both buy alike are carried but their making is left out.",
    "Moulded plastic counts forming as DEFRA does, not on the factory's own grid.",
    "Freight energy is read back from its CO2e, radiative forcing taken off.",
    "Board and waste have no energy figure.",
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
        Paired draws of every factor, 1 or more.
    seed
        Part of the input: same seed, same card.

    Raises
    ------
    InvalidInput
        When a material or a mode has no factor, or ``draws`` is below 1.

    References
    ----------
    .. [1] ISO 14044:2006, 4.3 and 4.4 (inventory analysis, impact assessment).
    """
    if not inventory.parts:
        raise InvalidInput("inventory: at least one made part is needed")
    chance = Chance(seed, draws)
    masses = {
        part.name: chance.estimate(f"mass/{part.name}", part.mass_g)
        for part in inventory.parts
    }
    here = side_here(inventory, chance, masses)
    central = side_central(inventory, chance, masses)
    return ImpactCard(
        functional_unit=inventory.functional_unit,
        here=_footprint(here),
        central=_footprint(central),
        better_here_fraction=_better(here, central),
        assumed_fraction=_assumed_fraction(here, central),
        notes=(*inventory.notes, *_missing(inventory), *LIMITS),
        factors=chance.used(),
    )


def _footprint(side: Side) -> Footprint:
    contributions = [
        Contribution(
            one.code,
            one.title,
            one.gco2e.estimate(),
            None if one.ced is None else one.ced.estimate(),
            one.gco2e.factor_ids,
        )
        for one in side.activities
        if one.gco2e.value > 0
    ]
    contributions.sort(key=lambda one: -one.gco2e.value)
    unknown = Estimate.exact(0.0)
    return Footprint(
        alternative=side.alternative,
        price_usd=side.price_usd.estimate() if side.price_usd else unknown,
        days=side.days.estimate() if side.days else unknown,
        electricity_kwh=side.electricity_kwh.estimate(),
        kgco2e=side.gco2e().scaled(1 / 1000).estimate(),
        ced_mj=side.ced().estimate(),
        contributions=tuple(contributions),
    )


def _better(here: Side, central: Side) -> dict[str, float]:
    better = {
        "kgco2e": chance_below(here.gco2e(), central.gco2e()),
        "ced_mj": chance_below(here.ced(), central.ced()),
    }
    if here.days is not None and central.days is not None:
        better["days"] = chance_below(here.days, central.days)
    if here.price_usd is not None and central.price_usd is not None:
        better["price_usd"] = chance_below(here.price_usd, central.price_usd)
    return better


def _assumed_fraction(here: Side, central: Side) -> float:
    activities = (*here.activities, *central.activities)
    total = sum(one.gco2e.value for one in activities)
    assumed = sum(one.gco2e.assumed for one in activities)
    return assumed / total if total > 0 else 0.0


def _missing(inventory: OrderInventory) -> tuple[str, ...]:
    notes = []
    if inventory.price_usd is None or inventory.central.retail_price_usd is None:
        notes.append("Prices are not compared: at least one is not known.")
    if inventory.days is None or inventory.central.days is None:
        notes.append("Days are not compared: at least one is not known.")
    return tuple(notes)
