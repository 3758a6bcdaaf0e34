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
        volume_spread=Spread(low=0.9684, high=1.038, source=_SOURCE_2),
        time_spread=Spread(low=0.9341, high=1.0498, source=_SOURCE_2),
        source=_SOURCE_2,
        errors=FitErrors(
            parts=136,
            groups=14,
            volume=(0.0137, 0.0401, 0.8015),
            time=(0.0257, 0.0787, 0.8015),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.8667, high=1.0729, source=_SOURCE_2),
                Spread(low=0.9719, high=1.0223, source=_SOURCE_2),
                Spread(low=0.9839, high=1.04, source=_SOURCE_2),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.8742, high=1.0597, source=_SOURCE_2),
                Spread(low=0.9617, high=1.053, source=_SOURCE_2),
                Spread(low=0.9563, high=1.0498, source=_SOURCE_2),
            ),
        ),
        volume_factors=(1.0182, 1.0015, 0.7678, 1.0367, 0.3342, 1.0137, 0.9691),
        time_factors=(
            1.0894,
            0.9552,
            0.9671,
            0.8243,
            1.0124,
            0.4862,
            0.1562,
            1.2091,
            0.5692,
            0.3714,
            1.0869,
            0.0,
            1.3743,
            0.9822,
        ),
    ),
    ProfileId("mini-petg-0.20"): Level1Fit(
        volume_spread=Spread(low=0.9701, high=1.0343, source=_SOURCE_1),
        time_spread=Spread(low=0.935, high=1.0541, source=_SOURCE_1),
        source=_SOURCE_1,
        errors=FitErrors(
            parts=135,
            groups=13,
            volume=(0.0127, 0.0385, 0.8),
            time=(0.0217, 0.0654, 0.8),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.8737, high=1.0664, source=_SOURCE_1),
                Spread(low=0.9761, high=1.0214, source=_SOURCE_1),
                Spread(low=0.9863, high=1.0356, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.8931, high=1.0599, source=_SOURCE_1),
                Spread(low=0.9574, high=1.0556, source=_SOURCE_1),
                Spread(low=0.9634, high=1.0517, source=_SOURCE_1),
            ),
        ),
        volume_factors=(1.0136, 1.003, 0.7749, 1.034, 0.3463, 1.0143, 0.9681),
        time_factors=(
            1.1177,
            0.8158,
            0.9729,
            0.8759,
            1.0194,
            0.5046,
            0.0,
            0.9204,
            0.2452,
            0.2458,
            2.5337,
            0.1162,
            1.2401,
            0.9639,
        ),
    ),
    ProfileId("ender3-abs-0.20"): Level1Fit(
        volume_spread=Spread(low=0.9647, high=1.0458, source=_SOURCE_1),
        time_spread=Spread(low=0.92, high=1.0922, source=_SOURCE_1),
        source=_SOURCE_1,
        errors=FitErrors(
            parts=135,
            groups=13,
            volume=(0.0156, 0.0514, 0.8),
            time=(0.0342, 0.1038, 0.8074),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9504, high=1.0412, source=_SOURCE_1),
                Spread(low=0.9591, high=1.0414, source=_SOURCE_1),
                Spread(low=0.9778, high=1.0519, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.8725, high=1.0891, source=_SOURCE_1),
                Spread(low=0.9401, high=1.0671, source=_SOURCE_1),
                Spread(low=0.9301, high=1.1157, source=_SOURCE_1),
            ),
        ),
        volume_factors=(1.0307, 0.9941, 1.3896, 0.9999, 0.2312, 1.0292, 1.0365),
        time_factors=(
            1.0062,
            1.1566,
            0.9146,
            1.0876,
            1.0107,
            0.4837,
            0.7046,
            0.8254,
            0.1576,
            0.6843,
            1.6764,
            0.708,
            1.3989,
            0.807,
        ),
    ),
}
