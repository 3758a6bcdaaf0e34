"""Level 0: a part's figures in closed form from its facts alone, in microseconds."""

from __future__ import annotations

import math

from nearmade.energy.load.machine_power import build_energy_wh
from nearmade.geometry.facts import PartFacts
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.plate import builds_needed
from nearmade.quoting.profile import Profile, Spread
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

MM3_PER_CM3 = 1000.0
#: More parts than this are a slip of the pen, and beyond what floats can count.
MOST_PARTS = 10**9


def estimate_level0(
    facts: PartFacts,
    profile: Profile,
    quantity: int = 1,
    *,
    infill_fraction: float | None = None,
) -> BuildEstimate:
    """Estimate parts made on one machine from areas, volume and height.

    The shell is the surface times its thickness; it saturates, since there is never
    more shell than part. Supports are not counted.

    Parameters
    ----------
    facts
        Of one part, lying as it will be printed.
    profile
        Machine, material and quality.
    quantity
        How many parts, 1 or more; as many share a build as the bed takes.
    infill_fraction
        Instead of the profile's, 0..1.

    Raises
    ------
    InvalidInput
        When the facts have no volume, or quantity or infill are out of range.
    """
    check_request(facts, quantity, infill_fraction)
    infill = profile.infill_fraction if infill_fraction is None else infill_fraction
    volume_mm3, time_s = part_figures(facts, profile, infill)
    builds = builds_needed(facts.extents_mm, profile, quantity)
    fit = profile.level0
    return assemble_estimate(
        0,
        profile,
        quantity,
        builds,
        volume_mm3=volume_mm3 * quantity + fit.start_mm3 * builds,
        time_s=time_s * quantity + fit.start_s * builds,
        volume_spread=fit.volume_spread_at(facts.volume_mm3).with_error_of(
            profile.volume_reality
        ),
        time_spread=fit.time_spread_at(facts.volume_mm3).with_error_of(
            profile.time_reality
        ),
    )


def part_figures(
    facts: PartFacts, profile: Profile, infill_fraction: float
) -> tuple[float, float]:
    """Give filament [mm3] and time [s] of one part, without what a build adds once."""
    fit = profile.level0
    volume = facts.volume_mm3
    shell = volume * shell_fraction(facts, profile)
    # A fit on parts without sparse lines knows nothing of them.
    fitted = fit.fitted_infill_fraction
    sparse = (volume - shell) * infill_fraction / fitted if fitted > 0 else 0.0
    layers = math.ceil(facts.extents_mm[2] / profile.layer_mm)
    filament_mm3 = fit.shell_mm3 * shell + fit.sparse_mm3 * sparse
    time_s = (
        fit.shell_s * shell
        + fit.sparse_s * sparse
        + fit.wall_s * facts.side_mm2 / profile.layer_mm
        + fit.layer_s * layers
    )
    return filament_mm3, time_s


def shell_fraction(facts: PartFacts, profile: Profile) -> float:
    """Give the share of the part that is shell, 0..1: r / (1 + r^3)^(1/3)."""
    walls_mm = profile.perimeters * profile.bead_spacing_mm
    top_mm = profile.top_layers * profile.layer_mm
    bottom_mm = profile.bottom_layers * profile.layer_mm
    skin_mm3 = (
        walls_mm * facts.side_mm2 + top_mm * facts.up_mm2 + bottom_mm * facts.down_mm2
    )
    ratio = skin_mm3 / facts.volume_mm3
    return float(ratio / math.cbrt(1 + ratio**3)) if ratio < 1e3 else 1.0


def check_request(
    facts: PartFacts, quantity: int, infill_fraction: float | None
) -> None:
    """Refuse what no estimate can be made of."""
    check_part(facts, quantity)
    if quantity > MOST_PARTS:
        raise InvalidInput(f"quantity: must be {MOST_PARTS} or less")
    if infill_fraction is not None and not 0 <= infill_fraction <= 1:
        raise InvalidInput(f"infill {infill_fraction}: must be in 0..1")


def check_part(facts: PartFacts, quantity: int) -> None:
    """Refuse what no process can be estimated for.

    Raises
    ------
    InvalidInput
        When the part has no volume, or the quantity is below one.
    """
    if not 0 < facts.volume_mm3 < math.inf:
        raise InvalidInput(
            f"part: volume {facts.volume_mm3} mm3 must be above zero to be quoted",
            code="no-volume",
            remedy="repair the mesh so that it is watertight and faces outward",
        )
    if not quantity >= 1:
        raise InvalidInput(f"quantity {quantity}: must be 1 or more")


def assemble_estimate(
    level: int,
    profile: Profile,
    quantity: int,
    builds: int,
    *,
    volume_mm3: float,
    time_s: float,
    volume_spread: Spread,
    time_spread: Spread,
) -> BuildEstimate:
    """Add mass, heat-up and energy to filament and printing time.

    Parameters
    ----------
    level
        Of the estimator.
    profile
        Machine, material and quality.
    quantity, builds
        Parts in all, and how many times the machine heats up for them.
    volume_mm3, time_s
        Of all builds, without heat-up. [mm3] [s]
    volume_spread, time_spread
        Intervals of the two.
    """
    feedstock = Estimate.within(volume_mm3, volume_spread.low, volume_spread.high)
    printing = Estimate.within(time_s, time_spread.low, time_spread.high)
    one_build = printing.times(1 / builds).plus(Estimate.exact(profile.power.heatup_s))
    return BuildEstimate(
        level=level,
        profile_id=profile.id,
        quantity=quantity,
        feedstock_mm3=feedstock,
        mass_g=feedstock.times(profile.density_g_cm3 / MM3_PER_CM3),
        time_s=one_build.times(builds),
        energy_wh=build_energy_wh(profile.power, one_build).times(builds),
    )
