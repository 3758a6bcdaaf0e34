"""The panel "What it takes": figures with their intervals, and why the price is so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from nearmade.adapters.exchange import latest_rates
from nearmade.cloud.pages.figures import duration_text, significant
from nearmade.cloud.pages.price_lists import PriceList, price_list_near
from nearmade.cloud.pages.refining import Next, Quote
from nearmade.cloud.pages.work import Choice, Menu, Planned, Work, menu_of
from nearmade.quoting.build_estimate import BuildEstimate, Price, PriceItem
from nearmade.quoting.exchange import convert
from nearmade.quoting.price import price_build
from nearmade.quoting.profile import Level0Fit, Level1Fit, Profile, Spread
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.money import Money
from nearmade.vocabulary.place import Place

#: Room left on a bar's line beside the widest interval, as a share of it.
AROUND_FRACTION = 0.12
#: Level of a quote that the slicer counted.
SLICED = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval on a line, in percent of the line, beside the first guess's.

    Parameters
    ----------
    first_at, first_wide
        Where the interval of level 0 begins, and how wide it is.
    begins_at, wide, value_at
        The interval now, and the figure in it.
    """

    first_at: float
    first_wide: float
    begins_at: float
    wide: float
    value_at: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the panel, written for people."""

    key: str
    title: str
    text: str
    unit: str
    interval: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of the price: how it comes about, and its share of the bar."""

    code: str
    title: str
    how: str
    amount: str
    percent: float


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from."""

    title: str
    text: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Takes:
    """What ``pages/parts/takes_figures.html`` shows.

    Parameters
    ----------
    level, label
        How far the quote is, as a number and in words.
    figures
        Plastic, time, electricity, price; empty when nothing can be said.
    lines
        What the price is made of.
    prices
        Whose price list that is.
    sources
        Where the figures come from.
    coming
        What will refine them.
    problem
        Why there is no quote, or why it does not refine.
    menu
        Machines, materials and sets to choose from.
    machine
        Name of the chosen machine.
    said
        The panel in one sentence, for readers of the screen.
    """

    level: int
    label: str
    figures: tuple[Figure, ...]
    lines: tuple[PriceLine, ...]
    prices: PriceList | None
    sources: tuple[Source, ...]
    coming: Next
    problem: str
    menu: Menu
    machine: str
    said: str


def level_label(level: int) -> str:
    """Say what a quote rests on."""
    return (
        _("estimate from the shape"),
        _("estimate from layers"),
        _("sliced"),
    )[level]


def takes_of(
    work: Work, planned: Planned, quote: Quote, choice: Choice, place: Place | None
) -> Takes:
    """Lay out a quote for the page."""
    menu = menu_of(work, choice)
    machine = next((o.label for o in menu.machines if o.chosen), choice.machine)
    if not quote.estimates:
        return Takes(
            level=quote.level,
            label="",
            figures=(),
            lines=(),
            prices=None,
            sources=(),
            coming="",
            problem=quote.problem,
            menu=menu,
            machine=machine,
            said=quote.problem,
        )
    profiles = [profile for _piece, profile in planned.lines]
    materials = [profile.material for profile in profiles]
    prices = price_list_near(place, {p.id for p in profiles}, set(materials))
    now, first = (
        price_of(figures, quote.builds, materials, prices, work, choice.sets)
        for figures in (quote.estimates, quote.first)
    )
    figures = _figures(quote, now, first)
    label = level_label(quote.level)
    return Takes(
        level=quote.level,
        label=label,
        figures=figures,
        lines=_lines(now, prices),
        prices=prices,
        sources=_sources(quote.level, profiles, prices),
        coming=quote.coming,
        problem=quote.problem,
        menu=menu,
        machine=machine,
        said=_in_one_sentence(label, figures),
    )


def _in_one_sentence(label: str, figures: Sequence[Figure]) -> str:
    told = "; ".join(f"{f.title} {f.text} {f.unit}".strip() for f in figures)
    return _("%(label)s: %(told)s.") % {"label": label.capitalize(), "told": told}


def price_of(
    estimates: Sequence[BuildEstimate],
    builds: float,
    materials: Sequence[str],
    prices: PriceList,
    work: Work,
    sets: int,
) -> Price:
    """Price estimates by a price list, bought things and hands with them."""
    tariff = prices.tariff
    bought = None
    if work.bought_usd > 0:
        dollars = Money.of(Decimal(repr(round(work.bought_usd * sets, 6))), "USD")
        try:
            bought = convert(dollars, tariff.currency, latest_rates())
        except InvalidInput:  # no rate for this currency: the line is left out
            bought = None
    # The plain list has no price for hands.
    hands_s = 0.0 if prices.plain else work.assembly_s * sets
    return price_build(
        estimates, tariff, materials, labour_s=hands_s, bought=bought, builds=builds
    )


def _sum(parts: Sequence[Estimate]) -> Estimate:
    total = Estimate.exact(0.0)
    for part in parts:
        total = total.plus(part)
    return total


def _figures(quote: Quote, now: Price, first: Price) -> tuple[Figure, ...]:
    def both(field: str) -> tuple[Estimate, Estimate]:
        mine = [getattr(one, field) for one in quote.estimates]
        before = [getattr(one, field) for one in quote.first]
        return _sum(mine), _sum(before)

    mass, mass0 = both("mass_g")
    time, time0 = both("time_s")
    energy, energy0 = both("energy_wh")
    money, money0 = price_estimate(now), price_estimate(first)
    currency = now.total.currency
    return (
        Figure("mass", _("Plastic"), significant(mass.value, 3), "g",
               _span(mass) + " g", bar_of(mass, mass0)),
        Figure("time", _("On the machine"), _duration(time.value), "",
               f"{_duration(time.low)} – {_duration(time.high)}", bar_of(time, time0)),
        Figure("energy", _("Electricity"), significant(energy.value, 3), "Wh",
               _span(energy) + " Wh", bar_of(energy, energy0)),
        Figure("price", _("Price"), _plain_amount(now.total), currency,
               f"{_plain_amount(now.low)} – {_plain_amount(now.high)} {currency}",
               bar_of(money, money0)),
    )  # fmt: skip


def price_estimate(price: Price) -> Estimate:
    """Give a price with its interval, in its own currency."""
    value = float(price.total.amount)
    low, high = float(price.low.amount), float(price.high.amount)
    return Estimate(value, min(low, value), max(high, value))


def _plain_amount(money: Money) -> str:
    return number_format(money.amount)


def _span(estimate: Estimate) -> str:
    low, high = (significant(end, 3) for end in (estimate.low, estimate.high))
    return low if low == high else f"{low} – {high}"


def _duration(seconds: float) -> str:
    return duration_text(timedelta(seconds=seconds))


def bar_of(now: Estimate, first: Estimate) -> Bar:
    """Place an interval and the first guess's on one line, in percent of it."""
    low, high = min(now.low, first.low), max(now.high, first.high)
    margin = (high - low) * AROUND_FRACTION
    low, wide = low - margin, (high - low) + 2 * margin
    if not (wide > 0 and math.isfinite(wide)):
        return Bar(50.0, 0.0, 50.0, 0.0, 50.0)

    def at(value: float) -> float:
        return round(100 * (value - low) / wide, 2)

    return Bar(
        first_at=at(first.low),
        first_wide=round(at(first.high) - at(first.low), 2),
        begins_at=at(now.low),
        wide=round(at(now.high) - at(now.low), 2),
        value_at=at(now.value),
    )


def _lines(price: Price, prices: PriceList) -> tuple[PriceLine, ...]:
    whole = sum(max(0, item.amount.minor) for item in price.items) or 1
    return tuple(
        PriceLine(
            code=item.code,
            title=_title(item),
            how=_how(item, prices),
            amount=str(item.amount),
            percent=round(100 * max(0, item.amount.minor) / whole, 2),
        )
        for item in price.items
        if item.amount.minor
    )


def _title(item: PriceItem) -> str:
    """Name a line of the price; a material is its own name."""
    names = {
        "machine-time": _("Machine time"),
        "setup": _("Set-up"),
        "labour": _("Putting together"),
        "margin": _("Margin"),
        "minimum": _("Up to the least order"),
        "bought": _("Bought parts"),
    }
    return names.get(item.code, item.title.split(",", maxsplit=1)[0])


def _how(item: PriceItem, prices: PriceList) -> str:
    """Write out how a line comes about: so many times so much."""
    tariff = prices.tariff
    name, _comma, amount = item.title.partition(", ")
    rates = {
        "machine-time": (tariff.machine_hour, "h"),
        "labour": (tariff.labour_hour, "h"),
        "material": (tariff.material_gram.get(name), "g"),
        "setup": (tariff.setup, _("build")),
    }
    rate, unit = rates.get(item.code, (None, ""))
    if rate is not None:
        return f"{amount} × {number_format(rate)} {tariff.currency}/{unit}"
    if item.code == "margin":
        share = number_format(round(tariff.margin_fraction * 100))
        return _("%(n)s %% on the lines above") % {"n": share}
    if item.code == "minimum":
        least = f"{number_format(tariff.minimum)} {tariff.currency}"
        return _("no order there is below %(least)s") % {"least": least}
    if item.code == "bought":
        return _("as the parts list prices them, at today's exchange rate")
    return ""


def _sources(
    level: int, profiles: Sequence[Profile], prices: PriceList
) -> tuple[Source, ...]:
    """Say where the figures come from, once for each profile."""
    told: list[Source] = []
    for profile in dict.fromkeys(profiles):
        told += [
            Source(_("Profile"), f"{profile.title} ({profile.id})"),
            _of_level(level, profile),
            *_of_estimator(level, profile),
            _of_interval(_("Plastic, real beside counted"), profile.volume_reality),
            _of_interval(_("Time, real beside counted"), profile.time_reality),
            Source(
                _("Electricity"), profile.power.source, assumed=profile.power.assumed
            ),
        ]
    told.append(_of_prices(prices))
    return tuple(dict.fromkeys(told))


def _of_level(level: int, profile: Profile) -> Source:
    if level == 0:
        text = _(
            "Formula: so much for each mm³ of shell and of inside, for each mm of wall "
            "and for each layer; coefficients %(fit)s."
        ) % {"fit": profile.level0.source}
    elif level == 1:
        text = _(
            "Sampled layers drawn line by line: walls, solid top and bottom, infill, "
            "ways, each at its own speed, no layer quicker than it cools; %(fit)s."
        ) % {"fit": profile.level1.source}
    else:
        text = _("PrusaSlicer with the maker's own settings counted every line.")
    return Source(level_label(level).capitalize(), text)


def _of_estimator(level: int, profile: Profile) -> list[Source]:
    """Say how far the slicer was from the estimate on parts left out of its fit."""
    if level == SLICED:
        return []
    fit: Level0Fit | Level1Fit = profile.level1 if level else profile.level0
    return [
        _of_interval(_("Plastic, sliced beside estimated"), fit.volume_spread),
        _of_interval(_("Time, sliced beside estimated"), fit.time_spread),
    ]


def _of_interval(title: str, spread: Spread) -> Source:
    text = _("× %(low)s to × %(high)s: %(source)s.") % {
        "low": significant(spread.low, 3),
        "high": significant(spread.high, 3),
        "source": spread.source.removeprefix("assumed: "),
    }
    return Source(title, text, assumed=spread.assumed)


def _of_prices(prices: PriceList) -> Source:
    if prices.plain:
        return Source(
            _("Prices"),
            _("A plain price list of an hour and a gram; no workshop's own."),
            assumed=True,
        )
    return Source(
        _("Prices"),
        _("The price list of %(site)s, %(place)s.")
        % {"site": prices.site, "place": prices.place},
    )
