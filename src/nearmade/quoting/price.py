"""A facility's price list applied to what builds take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from nearmade.facilities.facility import Tariff
from nearmade.quoting.build_estimate import BuildEstimate, Price, PriceItem
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.money import Money

SECONDS_PER_HOUR = 3600

Pick = Callable[[Estimate], float]


def price_build(
    estimates: Sequence[BuildEstimate],
    tariff: Tariff,
    materials: Sequence[str],
    *,
    labour_s: float = 0,
    bought: Money | None = None,
    builds: float | None = None,
) -> Price:
    """Price builds line by line: each line is rounded once, and the lines sum.

    Parameters
    ----------
    estimates
        One for each build, or for each part made on its own.
    tariff
        The facility's price list.
    materials
        Material of each estimate, in the same order.
    labour_s
        Hands: assembly and finishing. [s]
    bought
        What bought parts cost, in the tariff's currency; the margin does not touch it.
    builds
        How many set-ups; a share where a plate is shared. One for each estimate when
        None.

    Raises
    ------
    InvalidInput
        When the lists differ in length, a material has no price, labour is negative,
        or the bought parts are in another currency.
    """
    if len(estimates) != len(materials):
        raise InvalidInput(
            f"price: {len(estimates)} estimates but {len(materials)} materials"
        )
    if not labour_s >= 0:
        raise InvalidInput(f"price: labour {labour_s} s must be zero or more")
    for material in materials:
        if material not in tariff.material_gram:
            known = ", ".join(sorted(tariff.material_gram)) or "none"
            raise InvalidInput(
                f"price: no price for {material!r}; the tariff knows {known}",
                code="material-unpriced",
            )

    setups = Decimal(str(round(len(estimates) if builds is None else builds, 9)))

    def at(pick: Pick) -> tuple[PriceItem, ...]:
        return _items(estimates, tariff, materials, labour_s, bought, setups, pick)

    items = at(lambda figure: figure.value)
    return Price(
        items=items,
        total=_sum(items, tariff),
        low=_sum(at(lambda figure: figure.low), tariff),
        high=_sum(at(lambda figure: figure.high), tariff),
    )


def _items(
    estimates: Sequence[BuildEstimate],
    tariff: Tariff,
    materials: Sequence[str],
    labour_s: float,
    bought: Money | None,
    setups: Decimal,
    pick: Pick,
) -> tuple[PriceItem, ...]:
    """Write the lines at one point of the interval."""
    hours = sum((_hours(pick(each.time_s)) for each in estimates), Decimal(0))
    lines = [
        _line(
            "machine-time", f"Machine time, {hours:.2f} h", hours * tariff.machine_hour
        )
    ]
    for material, grams in _grams(estimates, materials, pick).items():
        title = f"{material}, {grams:.1f} g"
        lines.append(_line("material", title, grams * tariff.material_gram[material]))
    shown = setups.normalize()
    setup_title = f"Set-up, {shown:f} build{'' if shown == 1 else 's'}"
    lines.append(_line("setup", setup_title, setups * tariff.setup))
    if labour_s > 0:
        labour_h = _hours(labour_s)
        title = f"Hands, {labour_h:.2f} h"
        lines.append(_line("labour", title, labour_h * tariff.labour_hour))
    items = [
        PriceItem(code, title, Money.of(amount, tariff.currency))
        for code, title, amount in lines
    ]
    margin = _sum(items, tariff).amount * tariff.margin_fraction
    if margin:
        title = f"Margin, {tariff.margin_fraction * 100:.0f} %"
        items.append(PriceItem("margin", title, Money.of(margin, tariff.currency)))
    lacking = Money.of(tariff.minimum, tariff.currency) - _sum(items, tariff)
    if lacking.minor > 0:
        items.append(PriceItem("minimum", "Up to the least order", lacking))
    if bought is not None:
        items.append(PriceItem("bought", "Bought parts", bought))
    return tuple(items)


def _line(code: str, title: str, amount: Decimal) -> tuple[str, str, Decimal]:
    return code, title, amount


def _grams(
    estimates: Sequence[BuildEstimate], materials: Sequence[str], pick: Pick
) -> dict[str, Decimal]:
    """Sum the mass of each material, in the order of first use. [g]"""
    grams: dict[str, Decimal] = {}
    for estimate, material in zip(estimates, materials, strict=True):
        mass_g = Decimal(str(pick(estimate.mass_g)))
        grams[material] = grams.get(material, Decimal(0)) + mass_g
    return grams


def _hours(seconds: float) -> Decimal:
    return Decimal(str(seconds)) / SECONDS_PER_HOUR


def _sum(items: Sequence[PriceItem], tariff: Tariff) -> Money:
    return Money.total((item.amount for item in items), tariff.currency)
