"""What one facility asks for its work, and what the work emits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from nearmade.planning.site_work import SiteWork
from nearmade.quoting.build_estimate import Price
from nearmade.quoting.exchange import Rates, convert
from nearmade.quoting.price import price_build
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.money import Money


def price_site(
    work: SiteWork,
    rates: Rates,
    *,
    labour_s: float = 0.0,
    bought_usd: float = 0.0,
    least: bool = True,
) -> Price:
    """Price a facility's share of an order by its own list, in its currency.

    Parameters
    ----------
    labour_s
        Hands for assembly. [s]
    bought_usd
        Parts bought for the assembly. [USD]
    least
        False leaves out the site's minimum, to compare shares of an order.
    """
    tariff = work.facility.tariff
    if not least:
        tariff = replace(tariff, minimum=Decimal(0))
    bought = None
    if bought_usd > 0:
        dollars = Money.of(Decimal(repr(bought_usd)), "USD")
        bought = convert(dollars, tariff.currency, rates)
    return price_build(
        [build.estimate for build in work.builds],
        tariff,
        [build.material for build in work.builds],
        labour_s=labour_s,
        bought=bought,
        builds=sum(build.plates for build in work.builds),
    )


def making_estimate(work: SiteWork, making_gco2e: Callable[..., float]) -> Estimate:
    """Give what feedstock and electricity of the builds emit. [gCO2e]"""
    solar = work.facility.power.kind == "solar"
    hourly: dict[str, float] = {}
    if work.gco2e_per_kwh is not None:
        hourly = {"gco2e_per_kwh": work.gco2e_per_kwh}
    total = Estimate.exact(0.0)
    for build in work.builds:
        mass, energy = build.estimate.mass_g, build.estimate.energy_wh
        value, low, high = (
            making_gco2e(
                build.material,
                mass_g,
                energy_wh,
                work.facility.place.country,
                solar=solar,
                **hourly,
            )
            for mass_g, energy_wh in (
                (mass.value, energy.value),
                (mass.low, energy.low),
                (mass.high, energy.high),
            )
        )
        total = total.plus(Estimate(value, min(value, low), max(value, high)))
    return total
