"""Parts of one order on common plates: fewer builds to start, heat up and set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from nearmade.energy.load.machine_power import build_energy_wh
from nearmade.geometry.facts import PartFacts
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.build_start import start_of
from nearmade.quoting.level0 import MM3_PER_CM3
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.estimate import Estimate

#: What a build adds once may be at most this share of it.
MOST_START_FRACTION: Final = 0.9


@dataclass(frozen=True, slots=True)
class BuildStart:
    """What a build takes once, whatever lies on its plate.

    Parameters
    ----------
    feedstock_mm3
        Skirt. [mm3]
    time_s
        Heat-up, start-up moves and skirt. [s]
    energy_wh
        In that time. [Wh]
    """

    feedstock_mm3: float
    time_s: float
    energy_wh: Estimate


def build_start(facts: PartFacts, profile: Profile, level: int) -> BuildStart:
    """Give what one build of a part adds once, as its estimator counts it.

    Parameters
    ----------
    facts
        Of the part.
    profile
        Machine, material and quality.
    level
        Of the part's estimate: level 0 has a constant of its own.
    """
    if level == 0:
        feedstock_mm3, moving_s = profile.level0.start_mm3, profile.level0.start_s
    else:
        around_mm = 2 * (facts.extents_mm[0] + facts.extents_mm[1])
        feedstock_mm3, moving_s = start_of(around_mm, profile.settings)
    time_s = profile.power.heatup_s + moving_s
    energy_wh = build_energy_wh(profile.power, Estimate.exact(time_s))
    return BuildStart(feedstock_mm3, time_s, energy_wh)


def with_builds(
    estimate: BuildEstimate,
    profile: Profile,
    start: BuildStart,
    *,
    share: float,
    before: float,
    after: float,
) -> BuildEstimate:
    """Give a share of an estimate's copies, made in another number of builds.

    Parameters
    ----------
    estimate
        Of all copies; its quantity stays.
    profile, start
        What it was made with, and what each of its builds adds once.
    share
        Of the copies, above zero.
    before, after
        Builds that the estimate counts, and builds to count: a part that has a plate
        with others pays for a share of one.
    """
    if share == 1 and before == after:
        return estimate

    def moved(figure: Estimate, once: Estimate) -> Estimate:
        # Spreads of starts are left where they are: they are small.
        value, low, high = (
            (each - min(before * least, MOST_START_FRACTION * each)) * share
            + after * least
            for each, least in (
                (figure.value, once.value),
                (figure.low, once.low),
                (figure.high, once.high),
            )
        )
        return Estimate(value, min(low, value), max(high, value))

    feedstock = moved(estimate.feedstock_mm3, Estimate.exact(start.feedstock_mm3))
    return replace(
        estimate,
        feedstock_mm3=feedstock,
        mass_g=feedstock.times(profile.density_g_cm3 / MM3_PER_CM3),
        time_s=moved(estimate.time_s, Estimate.exact(start.time_s)),
        energy_wh=moved(estimate.energy_wh, start.energy_wh),
    )


def deal_copies(quantity: int, plates: Sequence[int]) -> list[int]:
    """Deal copies to machines that fill a number of plates each; each gets one or more.

    Parameters
    ----------
    quantity
        Copies, at least as many as plates.
    plates
        Of each machine, 1 or more.
    """
    copies, left, lacking = [], quantity, sum(plates)
    for number in plates:
        own = -(-left * number // lacking)
        copies.append(own)
        left, lacking = left - own, lacking - number
    return copies
