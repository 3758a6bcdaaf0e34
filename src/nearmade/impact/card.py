"""The impact card: this very order beside making it centrally."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nearmade.impact.hazards import EndOfLife, Hazard
from nearmade.impact.partial import PartialScore
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor

Alternative = Literal["here", "central"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one activity adds to one alternative.

    Parameters
    ----------
    activity
        Code such as ``material``, ``electricity``, ``freight``, ``waste``,
        ``moulding``, ``sea-freight``, ``parcel``, ``tooling``.
    title
        For people.
    gco2e
        Global warming potential over 100 years. [gCO2e]
    ced_mj
        Cumulative energy demand; None where no source gives it. [MJ]
    factor_ids
        Factors used, to look up their sources.
    """

    activity: str
    title: str
    gco2e: Estimate
    ced_mj: Estimate | None
    factor_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Footprint:
    """One alternative: money, time, electricity, climate and energy.

    Parameters
    ----------
    price_usd
        What the customer pays in all. [USD]
    days
        From order to door. [d]
    electricity_kwh
        At the machines. [kWh]
    kgco2e
        GWP100. [kgCO2e]
    ced_mj
        Cumulative energy demand over the activities whose sources give it. [MJ]
    contributions
        Activities, largest first; they sum to ``kgco2e``.
    partial
        Water and fine dust, as far as sources reach.
    """

    alternative: Alternative
    price_usd: Estimate
    days: Estimate
    electricity_kwh: Estimate
    kgco2e: Estimate
    ced_mj: Estimate
    contributions: tuple[Contribution, ...]
    partial: tuple[PartialScore, ...] = ()


@dataclass(frozen=True, slots=True)
class ImpactCard:
    """Two ways to the same functional unit, side by side.

    Parameters
    ----------
    functional_unit
        What is compared, in one sentence.
    here, central
        The two alternatives.
    better_here_fraction
        Chance that here is better, by figure name (``kgco2e``, ``days``,
        ``price_usd``, ``ced_mj``), 0..1, from paired draws.
    assumed_fraction
        Share of the kgco2e of both that rests on assumed factors, 0..1.
    notes
        What is left out, and what data is synthetic.
    factors
        Every number that went in, with its source.
    hazards
        Flags of the feedstocks.
    ends_of_life
        Resin code and recyclability of the feedstocks.
    """

    functional_unit: str
    here: Footprint
    central: Footprint
    better_here_fraction: dict[str, float]
    assumed_fraction: float
    notes: tuple[str, ...]
    factors: tuple[Factor, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    ends_of_life: tuple[EndOfLife, ...] = ()
