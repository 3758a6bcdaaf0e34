"""What a pose costs on one machine: the quote's own time and feedstock, with supports.

The closed form of level 0 prices the part as it lies; supports are priced from the
columns below its overhangs. Good for comparing poses, not for binding a price; the
layers of level 1 confirm a choice.
"""

from __future__ import annotations

import math

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.orient import Confirm, PoseFigures, Score
from nearmade.geometry.support_volume import SupportRules
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.plate import parts_per_build
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput

SECONDS_PER_HOUR = 3600.0
MM3_PER_CM3 = 1000.0
#: Time of a mm3 of supports over that of a mm3 of shell: thin lines, many turns.
#: Median of what supports add to time and to feedstock in PrusaSlicer 2.5.0, 135 open
#: meshes on each of three profiles: 2.2 on MK3S and MINI, 2.0 on the Ender-3.
SUPPORT_OVER_SHELL = 2.1
#: Free width between lines of supports that ``Support.feedstock_mm3`` was fitted on.
#: Half of it took 1.38 times the feedstock (Ender-3, 134 meshes): about the root of the
#: ratio, since the margin around columns follows the spacing. [mm]
FITTED_SPACING_MM = 2.0
#: A bridge of any length goes unsupported where a profile does not hold bridges up.
ANY_BRIDGE_MM = 1e6
#: Taken where a profile leaves the threshold to the slicer. [deg]
COMMON_THRESHOLD_DEG = 45.0


def support_rules(profile: Profile) -> SupportRules:
    """Give what a profile holds up."""
    supports = profile.settings.supports
    return SupportRules(
        threshold_deg=supports.threshold_deg or COMMON_THRESHOLD_DEG,
        bridge_mm=0.0 if supports.holds_bridges else ANY_BRIDGE_MM,
    )


def support_density(profile: Profile) -> float:
    """Give how much denser a profile's supports are than those fitted on."""
    spacing_mm = profile.settings.supports.spacing_mm
    return math.sqrt(FITTED_SPACING_MM / spacing_mm) if spacing_mm > 0 else 1.0


def support_mm3(figures: PoseFigures, profile: Profile) -> float:
    """Give the feedstock of a pose's supports on one profile. [mm3]"""
    return figures.support.feedstock_mm3 * support_density(profile)


def pose_figures(figures: PoseFigures, profile: Profile) -> tuple[float, float]:
    """Give feedstock [mm3] and time [s] of a build of one part, with its supports.

    Without supports they are those of a quote at level 0, start of the build included.
    """
    build = estimate_level0(figures.facts, profile)
    added_mm3 = support_mm3(figures, profile)
    added_s = SUPPORT_OVER_SHELL * profile.level0.shell_s * added_mm3
    return build.feedstock_mm3.value + added_mm3, build.time_s.value + added_s


def pose_score(profile: Profile, *, per_hour: float, per_gram: float) -> Score:
    """Give the score that compares poses by what they cost on one machine.

    A pose that is likely to come loose is dearer by its risk; one that does not fit
    the bed costs without end.

    Parameters
    ----------
    profile
        Machine, material and quality.
    per_hour, per_gram
        Price of machine time and of feedstock, in one currency, zero or more.

    Raises
    ------
    InvalidInput
        When a price is not zero or more.
    """
    if not (per_hour >= 0 and per_gram >= 0):
        raise InvalidInput("pose: prices must be zero or more")

    def score(figures: PoseFigures) -> float:
        if not fits(figures.facts.extents_mm, profile):
            return math.inf
        feedstock_mm3, time_s = pose_figures(figures, profile)
        grams = feedstock_mm3 / MM3_PER_CM3 * profile.density_g_cm3
        price = time_s / SECONDS_PER_HOUR * per_hour + grams * per_gram
        return price * (1 + figures.risk_fraction)

    return score


def layers_score(profile: Profile, *, per_hour: float, per_gram: float) -> Confirm:
    """Give the score that confirms a pose by layers (level 1), supports included.

    Where the layers of a mesh cannot be measured it answers as ``pose_score`` does.

    Parameters
    ----------
    profile
        Machine, material and quality.
    per_hour, per_gram
        Price of machine time and of feedstock, in one currency, zero or more.

    Raises
    ------
    InvalidInput
        When a price is not zero or more.
    """
    rough = pose_score(profile, per_hour=per_hour, per_gram=per_gram)

    def score(mesh: Mesh, figures: PoseFigures) -> float:
        try:
            build = estimate_level1(mesh, figures.facts, profile, supports=True)
        except InvalidInput:
            return rough(figures)
        hours = build.time_s.value / SECONDS_PER_HOUR
        price = hours * per_hour + build.mass_g.value * per_gram
        return price * (1 + figures.risk_fraction)

    return score


def fits(extents_mm: tuple[float, float, float], profile: Profile) -> bool:
    """Tell whether the bed takes a part of that size."""
    return parts_per_build(extents_mm, profile) > 0
