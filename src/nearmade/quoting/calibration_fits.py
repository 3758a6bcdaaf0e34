"""Fit both estimators of a profile to sliced parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.facts import PartFacts
from nearmade.quoting.calibration import Errors, LinearFit, fit_linear
from nearmade.quoting.level0 import shell_fraction
from nearmade.quoting.level1 import REFERENCE_TIMES, REFERENCE_VOLUMES
from nearmade.quoting.profile import FitErrors, Level0Fit, Level1Fit, Profile
from nearmade.quoting.terms import Terms

Array = NDArray[np.float64]

#: Filament of a part at which classes of size begin: spreads are wide for parts of a
#: few grams, whose skirt weighs as much. [mm3]
SIZES_MM3 = (1_000.0, 5_000.0)


@dataclass(frozen=True, slots=True)
class SlicedPart:
    """One part of a calibration set with what the slicer found.

    Parameters
    ----------
    name, group
        Which part, and the family or project that is left out with it.
    facts
        Of the mesh, lying as it was sliced.
    terms
        What level 1 counts in its layers.
    truth_mm3, truth_s
        Filament and printing time that the slicer states. [mm3] [s]
    """

    name: str
    group: str
    facts: PartFacts
    terms: Terms
    truth_mm3: float
    truth_s: float


@dataclass(frozen=True, slots=True)
class ProfileFit:
    """Both estimators' coefficients for one profile.

    Parameters
    ----------
    level0, level1
        To be stored with the profile.
    """

    level0: Level0Fit
    level1: Level1Fit


def level0_columns(facts: PartFacts, profile: Profile) -> tuple[Array, Array]:
    """Give the closed form's figures for volume, shape (3,), and time, shape (5,).

    Without infill nothing inside is sparse.
    """
    shell = facts.volume_mm3 * shell_fraction(facts, profile)
    hollow = not profile.infill_fraction > 0
    sparse = 0.0 if hollow else facts.volume_mm3 - shell
    layers = math.ceil(facts.extents_mm[2] / profile.layer_mm)
    walls = facts.side_mm2 / profile.layer_mm
    return (
        np.array([shell, sparse, 1.0]),
        np.array([shell, sparse, walls, layers, 1.0]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class LinearFits:
    """The four fits of a profile, each with its errors on parts left out.

    Parameters
    ----------
    volume0, time0
        Of the closed form.
    volume1, time1
        Of sampled layers.
    """

    volume0: LinearFit
    time0: LinearFit
    volume1: LinearFit
    time1: LinearFit


def fit_profile(
    parts: Sequence[SlicedPart], profile: Profile, source: str
) -> ProfileFit:
    """Fit both levels of a profile to sliced parts.

    Parameters
    ----------
    parts
        Sliced with this profile at its own infill.
    profile
        Its settings; its present coefficients do not matter.
    source
        What the parts are and which slicer spoke, for people.

    Raises
    ------
    InvalidInput
        When there are too few parts, or figures are out of range.
    """
    fits = linear_fits(parts, profile, source)
    return profile_fit(fits, profile, source, len({part.group for part in parts}))


def linear_fits(
    parts: Sequence[SlicedPart], profile: Profile, source: str
) -> LinearFits:
    """Fit filament and time of both levels, as for ``fit_profile``.

    Raises
    ------
    InvalidInput
        When there are too few parts, or figures are out of range.
    """
    groups = [part.group for part in parts]
    truth_mm3 = np.array([part.truth_mm3 for part in parts])
    truth_s = np.array([part.truth_s for part in parts])
    pairs = [level0_columns(part.facts, profile) for part in parts]
    volumes = np.array([part.terms.volumes_mm3 for part in parts])
    times = np.array([part.terms.times_s for part in parts])
    expected = np.array(REFERENCE_VOLUMES)
    parts_mm3 = np.array([part.facts.volume_mm3 for part in parts])
    sizes = volumes @ expected
    return LinearFits(
        fit_linear(
            np.array([pair[0] for pair in pairs]), truth_mm3, groups, source=source,
            sizes=parts_mm3, edges=SIZES_MM3,
        ),
        fit_linear(
            np.array([pair[1] for pair in pairs]), truth_s, groups, source=source,
            soft=True, sizes=parts_mm3, edges=SIZES_MM3,
        ),
        fit_linear(
            volumes, truth_mm3, groups, source=source, near=expected, sizes=sizes,
            edges=SIZES_MM3,
        ),
        fit_linear(
            times, truth_s, groups, source=source, near=np.array(REFERENCE_TIMES),
            sizes=sizes, edges=SIZES_MM3,
        ),
    )  # fmt: skip


def profile_fit(
    fits: LinearFits, profile: Profile, source: str, groups: int
) -> ProfileFit:
    """Give coefficients and spreads as they are stored with a profile."""
    return ProfileFit(
        level0=_level0(fits.volume0, fits.time0, profile, source, groups),
        level1=_level1(fits.volume1, fits.time1, source, groups),
    )


def _level0(
    volume: LinearFit, time: LinearFit, profile: Profile, source: str, groups: int
) -> Level0Fit:
    shell, sparse, start = (float(c) for c in volume.coefficients.round(4))
    shell_s, sparse_s, wall_s, layer_s, start_s = (
        float(c) for c in time.coefficients.round(5)
    )
    return Level0Fit(
        shell_mm3=shell,
        sparse_mm3=sparse,
        start_mm3=start,
        shell_s=shell_s,
        sparse_s=sparse_s,
        wall_s=wall_s,
        layer_s=layer_s,
        start_s=start_s,
        volume_spread=volume.spread,
        time_spread=time.spread,
        source=source,
        fitted_infill_fraction=profile.infill_fraction,
        errors=_errors(volume, time, groups),
        volume_sizes=volume.sized,
        time_sizes=time.sized,
    )


def _level1(volume: LinearFit, time: LinearFit, source: str, groups: int) -> Level1Fit:
    return Level1Fit(
        volume_factors=tuple(volume.coefficients.round(4).tolist()),
        time_factors=tuple(time.coefficients.round(4).tolist()),
        volume_spread=volume.spread,
        time_spread=time.spread,
        source=source,
        errors=_errors(volume, time, groups),
        volume_sizes=volume.sized,
        time_sizes=time.sized,
    )


def _errors(volume: LinearFit, time: LinearFit, groups: int) -> FitErrors:
    def rounded(errors: Errors) -> tuple[float, float, float]:
        return (
            round(errors.median_fraction, 4),
            round(errors.p90_fraction, 4),
            round(errors.coverage_fraction, 4),
        )

    return FitErrors(
        parts=len(volume.ratios),
        groups=groups,
        volume=rounded(volume.errors),
        time=rounded(time.errors),
    )


def with_fit(profile: Profile, fit: ProfileFit) -> Profile:
    """Give the profile with another fit."""
    return replace(profile, level0=fit.level0, level1=fit.level1)
