"""What one printer's finished builds teach about its next: actual = start + m x sliced.

Slicers are off by a share that each machine keeps: its firmware's limits, its serial
line, its filament. The share ``m`` is learned from finished builds by medians, so that
a build that was paused for a night hardly counts; with few builds it stays near that
of all machines of the model. The constant is heating, homing and levelling.

References
----------
.. [1] Theil 1950 and Sen 1968, doi:10.1080/01621459.1968.10480934: slopes by medians.
.. [2] Efron and Morris 1975, doi:10.1080/01621459.1975.10479864: shrinking to a mean.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from nearmade.energy.load.machine_power import build_energy_wh
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.profile import Profile, Spread
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

#: Builds that weigh as much as what was believed before any. A guess.
PRIOR_BUILDS = 5.0
#: Fewest builds, and least ratio of longest to shortest, to learn the constant from.
LEAST_BUILDS, LEAST_RANGE = 12, 3.0
#: A constant beyond this is no heat-up. Assumed: a large bed heated to 110 degC. [s]
MOST_START_S = 1800.0
#: Builds further off than this were not the build that was sliced.
MOST_RATIO = 4.0
#: The scatter of a machine is never believed to be less than this.
LEAST_SCATTER = 0.01
#: Median absolute deviation of a normal distribution, in standard deviations.
MAD_PER_SIGMA = 0.6745
#: 90th percentile of the standard normal distribution.
Z90 = 1.2816


@dataclass(frozen=True, slots=True)
class FinishedBuild:
    """One build that a printer finished.

    Parameters
    ----------
    sliced_s
        Printing time that the slicer stated, without heat-up. [s]
    actual_s
        From start to done, heat-up included. [s]

    Raises
    ------
    InvalidInput
        When a time is not above zero.
    """

    sliced_s: float
    actual_s: float

    def __post_init__(self) -> None:
        if not (0 < self.sliced_s < math.inf and 0 < self.actual_s < math.inf):
            raise InvalidInput(
                f"build of {self.sliced_s} s that took {self.actual_s} s: "
                "must be above zero"
            )


@dataclass(frozen=True, slots=True)
class Correction:
    """What a printer's history changes in its estimates.

    Parameters
    ----------
    factor
        Real printing time over the slicer's.
    start_s
        Heat-up, homing and levelling; None where the profile's own holds. [s]
    spread
        80 % interval of a next build over the corrected one; None where there is no
        history and the profile's own holds.
    builds
        How many it was learned from.
    """

    factor: float = 1.0
    start_s: float | None = None
    spread: Spread | None = None
    builds: int = 0


#: What no history teaches.
NO_CORRECTION = Correction()


def learn(
    builds: Sequence[FinishedBuild],
    *,
    start_s: float,
    reality: Spread,
    model_builds: Sequence[FinishedBuild] = (),
) -> Correction:
    """Learn a printer's correction from its finished builds.

    Parameters
    ----------
    builds
        Of this printer.
    start_s
        Heat-up that the profile assumes, zero or more. [s]
    reality
        Spread of real time over the slicer's that the profile assumes.
    model_builds
        Of other printers of the same model.
    """
    believed = _believed(builds, start_s)
    typical = _log_median(_believed(model_builds, start_s), start_s)
    if not believed:
        return replace(NO_CORRECTION, factor=round(math.exp(typical), 4))
    n = len(believed)
    weight = n / (n + PRIOR_BUILDS)
    learned_s = _start_s(believed, start_s)
    constant_s = start_s + weight * (learned_s - start_s)
    logs = [_log_ratio(build, constant_s) for build in believed]
    middle = typical + weight * (median(logs) - typical)
    spread = _spread(logs, weight, reality)
    return Correction(round(math.exp(middle), 4), round(constant_s, 1), spread, n)


def corrected(
    estimate: BuildEstimate, profile: Profile, builds: float, correction: Correction
) -> BuildEstimate:
    """Give an estimate as the printer's history has it; feedstock stays.

    Parameters
    ----------
    estimate
        Of all builds, with the profile's own heat-up and spread.
    profile
        It was made with.
    builds
        How many times the machine heats up, above zero; a share where a plate is
        shared.
    correction
        Of the printer.
    """
    if correction == NO_CORRECTION:
        return estimate
    own_s = profile.power.heatup_s
    start_s = own_s if correction.start_s is None else correction.start_s
    printing_s = max(estimate.time_s.value - builds * own_s, 1e-9)
    low = _end(estimate.time_s.low, builds * own_s, printing_s)
    high = _end(estimate.time_s.high, builds * own_s, printing_s)
    if correction.spread is not None:
        before, now = profile.time_reality, correction.spread
        low = -_other_error(low, before.low, now.low)
        high = _other_error(high, before.high, now.high)
    one_s = correction.factor * printing_s / builds
    printing = Estimate.within(one_s, min(1.0, math.exp(low)), max(1.0, math.exp(high)))
    one = printing.plus(Estimate.exact(start_s))
    power = replace(profile.power, heatup_s=start_s)
    return replace(
        estimate,
        time_s=one.times(builds),
        energy_wh=build_energy_wh(power, one).times(builds),
    )


def _believed(builds: Sequence[FinishedBuild], start_s: float) -> list[FinishedBuild]:
    """Leave out builds that cannot be those that were sliced."""
    return [
        build
        for build in builds
        if abs(_log_ratio(build, start_s)) <= math.log(MOST_RATIO)
    ]


def _log_ratio(build: FinishedBuild, start_s: float) -> float:
    """Compare what is left after the constant, which is at most half of the whole."""
    printing_s = max(build.actual_s - start_s, build.actual_s / 2)
    return math.log(printing_s / build.sliced_s)


def _log_median(builds: Sequence[FinishedBuild], start_s: float) -> float:
    """Give the model's mean share, shrunk to none where few builds speak."""
    if not builds:
        return 0.0
    weight = len(builds) / (len(builds) + PRIOR_BUILDS)
    return weight * median(_log_ratio(build, start_s) for build in builds)


def _start_s(builds: Sequence[FinishedBuild], start_s: float) -> float:
    """Learn the constant by the median of lines through pairs of builds. [s]"""
    times = [build.sliced_s for build in builds]
    if len(builds) < LEAST_BUILDS or max(times) < LEAST_RANGE * min(times):
        return start_s
    slopes = [
        (long.actual_s - short.actual_s) / (long.sliced_s - short.sliced_s)
        for short, long in itertools.permutations(builds, 2)
        if long.sliced_s > 1.5 * short.sliced_s
    ]
    slope = median(slopes)
    constant_s = median(build.actual_s - slope * build.sliced_s for build in builds)
    return min(max(constant_s, 0.0), MOST_START_S)


def _spread(logs: Sequence[float], weight: float, reality: Spread) -> Spread:
    """Blend the machine's own scatter with what was believed before."""
    middle = median(logs)
    deviation = median(abs(value - middle) for value in logs) / MAD_PER_SIGMA
    own = max(deviation, LEAST_SCATTER)
    before = (math.log(reality.high) - math.log(reality.low)) / (2 * Z90)
    # The middle itself is known to the scatter over the root of the builds.
    mean_error = own**2 / len(logs)
    sigma = math.sqrt(weight * (own**2 + mean_error) + (1 - weight) * before**2)
    return Spread(
        round(math.exp(-Z90 * sigma), 4),
        round(math.exp(Z90 * sigma), 4),
        f"{len(logs)} finished builds of this printer",
    )


def _end(time_s: float, start_s: float, printing_s: float) -> float:
    """Give an end of the interval as a logarithm over the middle."""
    return math.log(max(time_s - start_s, printing_s * 1e-3) / printing_s)


def _other_error(end: float, before: float, now: float) -> float:
    """Take one independent error out of an end, put another in; its size."""
    rest = max(0.0, end**2 - math.log(before) ** 2)
    return math.sqrt(rest + math.log(now) ** 2)
