"""The impact card as marks on lines: positions in percent that HTML can draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nearmade.cloud.pages.figures import significant

#: How much of the line is kept free at its right end, so that marks stay inside.
HEADROOM = 1.06
#: From here on "here is better" is the likelier.
EVEN = 0.5
#: Units that people read more easily below one of the larger.
SMALLER = {"kWh": ("Wh", 1000.0), "kg CO₂e": ("g CO₂e", 1000.0)}


@dataclass(frozen=True, slots=True)
class Mark:
    """One alternative on the line of a dumbbell, in percent of its width."""

    at: float
    low: float
    high: float
    text: str
    interval: str


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """One figure of both alternatives.

    Parameters
    ----------
    name, unit
        For people.
    here, central
        Where the marks stand and what is written beside them.
    chance
        How sure it is that here is better, in words; empty when not known.
    better
        True when here is more likely the better one.
    known
        False when one alternative's figure is not known, so that nothing is drawn.
    """

    name: str
    unit: str
    here: Mark
    central: Mark
    chance: str
    better: bool
    known: bool = True


@dataclass(frozen=True, slots=True)
class Slice:
    """One activity in a stacked bar."""

    activity: str
    title: str
    percent: float
    text: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The activities of one alternative, as parts of one bar."""

    name: str
    total: str
    slices: tuple[Slice, ...]


def _mark(estimate: Mapping[str, float], full: float, scale: float) -> Mark:
    low, value, high = (float(estimate[k]) * scale for k in ("low", "value", "high"))
    return Mark(
        at=round(100 * value / full, 2),
        low=round(100 * low / full, 2),
        high=round(100 * high / full, 2),
        text=significant(value, 3),
        interval=""
        if low == high
        else f"{significant(low, 2)} – {significant(high, 2)}",
    )


def _chance_words(fraction: float | None) -> str:
    if fraction is None:
        return ""
    out_of = max(1, min(99, round(100 * fraction)))
    return _("Here is better in %(n)d of 100 cases that the uncertainty allows.") % {
        "n": out_of
    }


#: Nothing in the world takes no money or no time: there, zero means not known.
NEVER_ZERO = ("price_usd", "days")


def dumbbells(card: Mapping[str, Any]) -> list[Dumbbell]:
    """Lay out money, days, electricity and climate of an impact card's record."""
    rows = [
        ("price_usd", _("Money"), "USD"),
        ("days", _("Time to your door"), _("days")),
        ("electricity_kwh", _("Electricity at machines"), "kWh"),
        ("kgco2e", _("Climate"), "kg CO₂e"),
    ]
    return [_dumbbell(card, field, name, unit) for field, name, unit in rows]


def energy_in_all(card: Mapping[str, Any]) -> Dumbbell | None:
    """Lay out cumulative energy demand; None on cards that were made without it."""
    if not all("ced_mj" in card[side] for side in ("here", "central")):
        return None
    return _dumbbell(card, "ced_mj", _("Energy in all"), "MJ")


def _dumbbell(card: Mapping[str, Any], field: str, name: str, unit: str) -> Dumbbell:
    here, central = card["here"][field], card["central"][field]
    ends = (float(here["high"]), float(central["high"]))
    small = max(ends) < 1 and unit in SMALLER
    unit, scale = SMALLER[unit] if small else (unit, 1.0)
    full = max(*ends, 1e-9) * HEADROOM * scale
    known = field not in NEVER_ZERO or min(ends) > 0
    chance = card.get("better_here_fraction", {}).get(field) if known else None
    return Dumbbell(
        name=name,
        unit=unit,
        here=_mark(here, full, scale),
        central=_mark(central, full, scale),
        chance=_chance_words(chance),
        better=chance is not None and chance >= EVEN,
        known=known,
    )


def stacks(card: Mapping[str, Any]) -> list[Stack]:
    """Lay out the contributions to climate of both alternatives on one scale."""
    pairs = [(_("Made here"), card["here"]), (_("Made centrally"), card["central"])]
    totals = [_sum_g(side["contributions"]) for _name, side in pairs]
    full = max(*totals, 1e-9)
    return [
        Stack(
            name=name,
            total=_mass_text(total),
            slices=tuple(_slice(entry, full) for entry in side["contributions"]),
        )
        for (name, side), total in zip(pairs, totals, strict=True)
    ]


def _mass_text(grams: float) -> str:
    if grams < 1000:
        return significant(grams, 3) + " g"
    return significant(grams / 1000, 3) + " kg"


def _sum_g(contributions: Sequence[Mapping[str, Any]]) -> float:
    return sum(max(0.0, float(entry["gco2e"]["value"])) for entry in contributions)


def _slice(entry: Mapping[str, Any], full: float) -> Slice:
    grams = max(0.0, float(entry["gco2e"]["value"]))
    return Slice(
        activity=str(entry["activity"]),
        title=str(entry["title"]),
        percent=round(100 * grams / full, 2),
        text=significant(grams, 2) + " g",
    )
