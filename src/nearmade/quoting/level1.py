"""Level 1: a part's figures from sampled layers, drawn line by line, in tens of ms."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Final

from nearmade.geometry.facts import PartFacts
from nearmade.geometry.mesh import Mesh
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.level0 import assemble_estimate, check_request
from nearmade.quoting.part_alone import PartAlone
from nearmade.quoting.plate import plates_of
from nearmade.quoting.print_settings import PrintSettings
from nearmade.quoting.profile import Level1Fit, Profile, SizedSpread, Spread
from nearmade.quoting.terms import TIMES, VOLUMES, count_together
from nearmade.vocabulary.errors import InvalidInput

#: What the slicer makes of each of ``VOLUMES`` and ``TIMES`` wherever a profile has not
#: been fitted: middles of the fits for three machines of two makers, 134 open meshes
#: each, PrusaSlicer 2.5.0.
REFERENCE_VOLUMES: Final = (1.01, 1.0, 0.95, 1.02, 0.27, 1.03, 1.0)
REFERENCE_TIMES: Final = (
    1.03, 0.97, 0.98, 0.92, 1.04, 0.4, 0.45, 1.19, 0.5, 0.42, 1.25, 0.4, 1.39, 1.0,
)  # fmt: skip
#: What supports add to the error where a profile was not fitted with them: the 80 %
#: interval of the estimator of supports on three profiles, widened.
UNFITTED_SUPPORTS = Spread(0.95, 1.06, "assumed: supports not fitted", assumed=True)
#: More layers than this are not cut: at 0.05 mm a part would stand a metre high.
MOST_LAYERS: Final = 20_000
#: Terms that a build has once, whatever its parts.
_ONCE_VOLUMES = tuple(name == "skirt" for name in VOLUMES)
_ONCE_TIMES = tuple(name == "skirt" for name in TIMES)


def estimate_level1(
    mesh: Mesh,
    facts: PartFacts,
    profile: Profile,
    quantity: int = 1,
    *,
    infill_fraction: float | None = None,
    supports: bool = False,
) -> BuildEstimate:
    """Estimate parts made on one machine from sampled layers.

    Parameters
    ----------
    mesh
        The part as it will be printed; a closed solid.
    facts
        Of that mesh.
    profile
        Machine, material and quality.
    quantity
        How many parts, 1 or more.
    infill_fraction
        Instead of the profile's, 0..1.
    supports
        Whether the part is held up where it needs that.

    Raises
    ------
    InvalidInput
        When the mesh is no closed solid, quantity or infill are out of range, or the
        part has more than ``MOST_LAYERS`` layers (code ``too-many-layers``).
    """
    check_request(facts, quantity, infill_fraction)
    _check_layers(facts, profile)
    settings = profile.settings
    if infill_fraction is not None:
        settings = _filled(settings, infill_fraction)
    fit = profile.level1_supported if supports else profile.level1
    if fit is None:
        fit = widened_for_supports(profile.level1)
    plates = plates_of(facts.extents_mm, profile, quantity)
    counted = count_together(mesh, settings, tuple(plates), supports=supports)
    volume_mm3 = time_s = one_mm3 = 0.0
    for terms, (copies, alike) in zip(counted, plates.items(), strict=True):
        part_mm3, once_mm3 = _split(
            terms.volumes_mm3, fit.volume_factors, _ONCE_VOLUMES
        )
        part_s, once_s = _split(terms.times_s, fit.time_factors, _ONCE_TIMES)
        volume_mm3 += alike * (part_mm3 * copies + once_mm3)
        time_s += alike * (part_s * copies + once_s)
        one_mm3 = part_mm3 + once_mm3
    return assemble_estimate(
        1,
        profile,
        quantity,
        sum(plates.values()),
        volume_mm3=volume_mm3,
        time_s=time_s,
        volume_spread=fit.volume_spread_at(one_mm3).with_error_of(
            profile.volume_reality
        ),
        time_spread=fit.time_spread_at(one_mm3).with_error_of(profile.time_reality),
    )


def estimate_alone(
    mesh: Mesh,
    facts: PartFacts,
    profile: Profile,
    *,
    infill_fraction: float | None = None,
) -> PartAlone:
    """Estimate one part for plates: alone, and where no layer is slowed down.

    Parameters
    ----------
    mesh, facts, profile, infill_fraction
        As for ``estimate_level1``.

    Raises
    ------
    InvalidInput
        As for ``estimate_level1``.
    """
    estimate = estimate_level1(mesh, facts, profile, infill_fraction=infill_fraction)
    settings = profile.settings
    if infill_fraction is not None:
        settings = _filled(settings, infill_fraction)
    (terms,) = count_together(mesh, settings, (math.inf,))
    unslowed_s, _ = _split(terms.times_s, profile.level1.time_factors, _ONCE_TIMES)
    return PartAlone(facts, estimate, mesh, unslowed_s)


def _check_layers(facts: PartFacts, profile: Profile) -> None:
    """Refuse a part of too many layers before any is cut."""
    height_mm = facts.extents_mm[2]
    if not height_mm / profile.layer_mm <= MOST_LAYERS:
        raise InvalidInput(
            f"part: {height_mm:.6g} mm high in layers of {profile.layer_mm:g} mm "
            f"makes more than {MOST_LAYERS} layers",
            code="too-many-layers",
            remedy="check the unit of the file, or take thicker layers",
        )


@lru_cache(maxsize=256)
def _filled(settings: PrintSettings, infill_fraction: float) -> PrintSettings:
    """Give the settings with another infill."""
    shells = replace(settings.shells, infill_fraction=infill_fraction)
    return replace(settings, shells=shells)


def _split(
    terms: tuple[float, ...], factors: tuple[float, ...], once: tuple[bool, ...]
) -> tuple[float, float]:
    """Give what each part takes, and what a build takes once."""
    each = build = 0.0
    for term, factor, is_once in zip(terms, factors, once, strict=True):
        if is_once:
            build += term * factor
        else:
            each += term * factor
    return each, build


def widened_for_supports(fit: Level1Fit) -> Level1Fit:
    """Give a fit made without supports the spreads of an estimate with them."""

    def wider(sizes: SizedSpread | None) -> SizedSpread | None:
        if sizes is None:
            return None
        spreads = tuple(one.with_error_of(UNFITTED_SUPPORTS) for one in sizes.spreads)
        return SizedSpread(sizes.edges, spreads)

    return replace(
        fit,
        volume_spread=fit.volume_spread.with_error_of(UNFITTED_SUPPORTS),
        time_spread=fit.time_spread.with_error_of(UNFITTED_SUPPORTS),
        volume_sizes=wider(fit.volume_sizes),
        time_sizes=wider(fit.time_sizes),
    )
