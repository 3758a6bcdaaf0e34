"""Coefficients of the estimators, fitted on sliced open meshes.

Written by ``benchmarks/quoting/estimators.py --write``; its table of errors, with whole
projects left out of the fit, stands in ``benchmarks/quoting/README.md``.
"""

from __future__ import annotations

from nearmade.quoting.profile import FitErrors, Level1Fit, SizedSpread, Spread
from nearmade.vocabulary.identity import ProfileId

_SOURCE_1 = (
    "fitted on 135 open meshes of 13 projects, with supports, "
    "PrusaSlicer 2.5.0, 2026-11-22"
)
_SOURCE_2 = (
    "fitted on 136 open meshes of 14 projects, with supports, "
    "PrusaSlicer 2.5.0, 2026-11-22"
)

LEVEL1_SUPPORTED: dict[ProfileId, Level1Fit] = {
    ProfileId("mk3s-pla-0.20"): Level1Fit(
        volume_factors=(1.0172, 1.001, 0.7767, 1.0322, 0.333, 1.0142, 0.9613),
        time_factors=(
            1.0335,
            1.0643,
            0.9713,
            0.905,
            1.0022,
            0.4413,
            1.1866,
            0.5682,
            0.4065,
            1.0493,
            0.1789,
            1.3339,
            1.0007,
        ),
        volume_spread=Spread(low=0.9712, high=1.037, source=_SOURCE_2),
        time_spread=Spread(low=0.928, high=1.0581, source=_SOURCE_2),
        source=_SOURCE_2,
        errors=FitErrors(
            parts=136,
            groups=14,
            volume=(0.014, 0.0408, 0.8015),
            time=(0.0289, 0.0877, 0.8015),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.8725, high=1.069, source=_SOURCE_2),
                Spread(low=0.9734, high=1.023, source=_SOURCE_2),
                Spread(low=0.9854, high=1.0403, source=_SOURCE_2),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.863, high=1.0578, source=_SOURCE_2),
                Spread(low=0.9631, high=1.0675, source=_SOURCE_2),
                Spread(low=0.9462, high=1.0553, source=_SOURCE_2),
            ),
        ),
    ),
    ProfileId("mini-petg-0.20"): Level1Fit(
        volume_factors=(1.013, 1.0025, 0.7828, 1.0299, 0.3443, 1.0148, 0.9608),
        time_factors=(
            1.0593,
            0.9026,
            0.9745,
            0.9251,
            1.0096,
            0.4365,
            0.8236,
            0.3632,
            0.2638,
            2.3671,
            0.3262,
            1.2041,
            0.9743,
        ),
        volume_spread=Spread(low=0.9692, high=1.0369, source=_SOURCE_1),
        time_spread=Spread(low=0.9219, high=1.0599, source=_SOURCE_1),
        source=_SOURCE_1,
        errors=FitErrors(
            parts=135,
            groups=13,
            volume=(0.0123, 0.0396, 0.8296),
            time=(0.024, 0.0786, 0.8148),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.8643, high=1.0744, source=_SOURCE_1),
                Spread(low=0.9751, high=1.0258, source=_SOURCE_1),
                Spread(low=0.9862, high=1.0408, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.8807, high=1.066, source=_SOURCE_1),
                Spread(low=0.963, high=1.0659, source=_SOURCE_1),
                Spread(low=0.9571, high=1.0571, source=_SOURCE_1),
            ),
        ),
    ),
    ProfileId("ender3-abs-0.20"): Level1Fit(
        volume_factors=(1.0296, 0.9941, 1.3778, 0.9958, 0.2314, 1.0295, 1.0271),
        time_factors=(
            0.9093,
            1.3236,
            0.9299,
            1.1252,
            0.996,
            0.3023,
            1.8482,
            0.0933,
            0.8346,
            1.0893,
            0.7367,
            1.3644,
            0.8076,
        ),
        volume_spread=Spread(low=0.9663, high=1.0464, source=_SOURCE_1),
        time_spread=Spread(low=0.9174, high=1.0937, source=_SOURCE_1),
        source=_SOURCE_1,
        errors=FitErrors(
            parts=135,
            groups=13,
            volume=(0.015, 0.0508, 0.8),
            time=(0.0346, 0.1084, 0.8148),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9512, high=1.0421, source=_SOURCE_1),
                Spread(low=0.9608, high=1.043, source=_SOURCE_1),
                Spread(low=0.9784, high=1.0536, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.8528, high=1.0789, source=_SOURCE_1),
                Spread(low=0.9191, high=1.0904, source=_SOURCE_1),
                Spread(low=0.9446, high=1.1303, source=_SOURCE_1),
            ),
        ),
    ),
}
