"""Coefficients of the estimators, fitted on sliced open meshes.

Written by ``benchmarks/quoting/estimators.py --write``; its table of errors, with whole
projects left out of the fit, stands in ``benchmarks/quoting/README.md``.
"""

from __future__ import annotations

from nearmade.quoting.profile import FitErrors, Level0Fit, SizedSpread, Spread
from nearmade.vocabulary.identity import ProfileId

_SOURCE_1 = "fitted on 134 open meshes of 13 projects, PrusaSlicer 2.5.0, 2026-11-22"
_SOURCE_2 = "fitted on 135 open meshes of 14 projects, PrusaSlicer 2.5.0, 2026-11-22"

LEVEL0: dict[ProfileId, Level0Fit] = {
    ProfileId("mk3s-pla-0.20"): Level0Fit(
        shell_mm3=1.0775,
        sparse_mm3=0.1914,
        start_mm3=31.9508,
        shell_s=0.40229,
        sparse_s=0.06082,
        wall_s=0.02888,
        layer_s=2.0267,
        start_s=34.8297,
        volume_spread=Spread(low=0.9226, high=1.0832, source=_SOURCE_2),
        time_spread=Spread(low=0.8121, high=1.3455, source=_SOURCE_2),
        source=_SOURCE_2,
        fitted_infill_fraction=0.2,
        errors=FitErrors(
            parts=135,
            groups=14,
            volume=(0.0333, 0.0821, 0.8148),
            time=(0.1025, 0.2757, 0.8222),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9023, high=1.0765, source=_SOURCE_2),
                Spread(low=0.9105, high=1.0805, source=_SOURCE_2),
                Spread(low=0.9463, high=1.0865, source=_SOURCE_2),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.4899, high=1.3935, source=_SOURCE_2),
                Spread(low=0.8297, high=1.4524, source=_SOURCE_2),
                Spread(low=0.8035, high=1.1754, source=_SOURCE_2),
            ),
        ),
    ),
    ProfileId("mini-petg-0.20"): Level0Fit(
        shell_mm3=1.0774,
        sparse_mm3=0.1915,
        start_mm3=31.9517,
        shell_s=0.39228,
        sparse_s=0.05816,
        wall_s=0.02698,
        layer_s=2.25913,
        start_s=40.83582,
        volume_spread=Spread(low=0.9225, high=1.0835, source=_SOURCE_1),
        time_spread=Spread(low=0.8102, high=1.321, source=_SOURCE_1),
        source=_SOURCE_1,
        fitted_infill_fraction=0.2,
        errors=FitErrors(
            parts=134,
            groups=13,
            volume=(0.0341, 0.0823, 0.8209),
            time=(0.0921, 0.2534, 0.8134),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9023, high=1.0765, source=_SOURCE_1),
                Spread(low=0.9105, high=1.0807, source=_SOURCE_1),
                Spread(low=0.9459, high=1.0868, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.4087, high=1.4132, source=_SOURCE_1),
                Spread(low=0.8356, high=1.4473, source=_SOURCE_1),
                Spread(low=0.8014, high=1.1906, source=_SOURCE_1),
            ),
        ),
    ),
    ProfileId("ender3-abs-0.20"): Level0Fit(
        shell_mm3=1.0399,
        sparse_mm3=0.1827,
        start_mm3=22.0253,
        shell_s=0.57882,
        sparse_s=0.02904,
        wall_s=0.0,
        layer_s=1.17835,
        start_s=64.44739,
        volume_spread=Spread(low=0.9283, high=1.0713, source=_SOURCE_1),
        time_spread=Spread(low=0.7941, high=1.2127, source=_SOURCE_1),
        source=_SOURCE_1,
        fitted_infill_fraction=0.2,
        errors=FitErrors(
            parts=134,
            groups=13,
            volume=(0.0291, 0.0822, 0.8209),
            time=(0.0655, 0.2378, 0.8209),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9193, high=1.0636, source=_SOURCE_1),
                Spread(low=0.9244, high=1.067, source=_SOURCE_1),
                Spread(low=0.9567, high=1.1076, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.6366, high=1.1896, source=_SOURCE_1),
                Spread(low=0.8233, high=1.3127, source=_SOURCE_1),
                Spread(low=0.7908, high=1.174, source=_SOURCE_1),
            ),
        ),
    ),
    ProfileId("mk3s-petg-0.20"): Level0Fit(
        shell_mm3=1.0775,
        sparse_mm3=0.1914,
        start_mm3=31.9508,
        shell_s=0.40107,
        sparse_s=0.06111,
        wall_s=0.02907,
        layer_s=2.0023,
        start_s=34.75142,
        volume_spread=Spread(low=0.9226, high=1.0832, source=_SOURCE_2),
        time_spread=Spread(low=0.8127, high=1.346, source=_SOURCE_2),
        source=_SOURCE_2,
        fitted_infill_fraction=0.2,
        errors=FitErrors(
            parts=135,
            groups=14,
            volume=(0.0333, 0.0821, 0.8148),
            time=(0.1043, 0.2758, 0.8148),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9023, high=1.0765, source=_SOURCE_2),
                Spread(low=0.9105, high=1.0805, source=_SOURCE_2),
                Spread(low=0.9464, high=1.0865, source=_SOURCE_2),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.4886, high=1.3947, source=_SOURCE_2),
                Spread(low=0.8308, high=1.4529, source=_SOURCE_2),
                Spread(low=0.8039, high=1.1721, source=_SOURCE_2),
            ),
        ),
    ),
    ProfileId("mk3s-tpu-0.20"): Level0Fit(
        shell_mm3=1.2296,
        sparse_mm3=0.2178,
        start_mm3=30.8772,
        shell_s=0.68118,
        sparse_s=0.09635,
        wall_s=0.00201,
        layer_s=0.73949,
        start_s=35.86298,
        volume_spread=Spread(low=0.933, high=1.0818, source=_SOURCE_2),
        time_spread=Spread(low=0.923, high=1.12, source=_SOURCE_2),
        source=_SOURCE_2,
        fitted_infill_fraction=0.2,
        errors=FitErrors(
            parts=135,
            groups=14,
            volume=(0.0336, 0.0822, 0.8148),
            time=(0.0411, 0.1239, 0.8),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9255, high=1.0736, source=_SOURCE_2),
                Spread(low=0.9163, high=1.08, source=_SOURCE_2),
                Spread(low=0.9522, high=1.0846, source=_SOURCE_2),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.8621, high=1.1666, source=_SOURCE_2),
                Spread(low=0.8908, high=1.1461, source=_SOURCE_2),
                Spread(low=0.9341, high=1.0764, source=_SOURCE_2),
            ),
        ),
    ),
    ProfileId("mk3s-abs-0.20"): Level0Fit(
        shell_mm3=1.0775,
        sparse_mm3=0.1914,
        start_mm3=31.9508,
        shell_s=0.38819,
        sparse_s=0.07089,
        wall_s=0.03298,
        layer_s=2.40895,
        start_s=32.78064,
        volume_spread=Spread(low=0.9226, high=1.0832, source=_SOURCE_2),
        time_spread=Spread(low=0.7832, high=1.3955, source=_SOURCE_2),
        source=_SOURCE_2,
        fitted_infill_fraction=0.2,
        errors=FitErrors(
            parts=135,
            groups=14,
            volume=(0.0333, 0.0821, 0.8148),
            time=(0.1252, 0.3152, 0.8222),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9023, high=1.0765, source=_SOURCE_2),
                Spread(low=0.9105, high=1.0805, source=_SOURCE_2),
                Spread(low=0.9464, high=1.0865, source=_SOURCE_2),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.4165, high=1.4677, source=_SOURCE_2),
                Spread(low=0.8836, high=1.5396, source=_SOURCE_2),
                Spread(low=0.7828, high=1.2534, source=_SOURCE_2),
            ),
        ),
    ),
    ProfileId("mini-pla-0.20"): Level0Fit(
        shell_mm3=1.0774,
        sparse_mm3=0.1915,
        start_mm3=31.9517,
        shell_s=0.38845,
        sparse_s=0.05839,
        wall_s=0.02614,
        layer_s=2.01074,
        start_s=41.57248,
        volume_spread=Spread(low=0.9225, high=1.0835, source=_SOURCE_1),
        time_spread=Spread(low=0.8156, high=1.3371, source=_SOURCE_1),
        source=_SOURCE_1,
        fitted_infill_fraction=0.2,
        errors=FitErrors(
            parts=134,
            groups=13,
            volume=(0.0341, 0.0823, 0.8209),
            time=(0.092, 0.2561, 0.8209),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9023, high=1.0765, source=_SOURCE_1),
                Spread(low=0.9105, high=1.0807, source=_SOURCE_1),
                Spread(low=0.9459, high=1.0868, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.3937, high=1.4212, source=_SOURCE_1),
                Spread(low=0.8435, high=1.4669, source=_SOURCE_1),
                Spread(low=0.8063, high=1.202, source=_SOURCE_1),
            ),
        ),
    ),
    ProfileId("ender3-pla-0.20"): Level0Fit(
        shell_mm3=1.0399,
        sparse_mm3=0.1827,
        start_mm3=22.0253,
        shell_s=0.55589,
        sparse_s=0.02185,
        wall_s=0.00203,
        layer_s=4.02388,
        start_s=56.98142,
        volume_spread=Spread(low=0.9283, high=1.0713, source=_SOURCE_1),
        time_spread=Spread(low=0.8129, high=1.2478, source=_SOURCE_1),
        source=_SOURCE_1,
        fitted_infill_fraction=0.2,
        errors=FitErrors(
            parts=134,
            groups=13,
            volume=(0.0291, 0.0822, 0.8209),
            time=(0.0953, 0.2515, 0.806),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9193, high=1.0636, source=_SOURCE_1),
                Spread(low=0.9244, high=1.067, source=_SOURCE_1),
                Spread(low=0.9567, high=1.1076, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.5811, high=1.3055, source=_SOURCE_1),
                Spread(low=0.8577, high=1.3297, source=_SOURCE_1),
                Spread(low=0.8037, high=1.1575, source=_SOURCE_1),
            ),
        ),
    ),
    ProfileId("ender3-petg-0.20"): Level0Fit(
        shell_mm3=1.0399,
        sparse_mm3=0.1827,
        start_mm3=22.0253,
        shell_s=0.55594,
        sparse_s=0.02181,
        wall_s=0.00201,
        layer_s=4.02835,
        start_s=56.95832,
        volume_spread=Spread(low=0.9283, high=1.0713, source=_SOURCE_1),
        time_spread=Spread(low=0.8129, high=1.2479, source=_SOURCE_1),
        source=_SOURCE_1,
        fitted_infill_fraction=0.2,
        errors=FitErrors(
            parts=134,
            groups=13,
            volume=(0.0291, 0.0822, 0.8209),
            time=(0.0953, 0.2517, 0.806),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9193, high=1.0636, source=_SOURCE_1),
                Spread(low=0.9244, high=1.067, source=_SOURCE_1),
                Spread(low=0.9567, high=1.1076, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.5807, high=1.3055, source=_SOURCE_1),
                Spread(low=0.8576, high=1.3296, source=_SOURCE_1),
                Spread(low=0.8036, high=1.1575, source=_SOURCE_1),
            ),
        ),
    ),
}
