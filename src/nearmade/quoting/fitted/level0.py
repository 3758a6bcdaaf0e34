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
        volume_spread=Spread(low=0.9244, high=1.0802, source=_SOURCE_2),
        time_spread=Spread(low=0.814, high=1.2997, source=_SOURCE_2),
        source=_SOURCE_2,
        errors=FitErrors(
            parts=135,
            groups=14,
            volume=(0.0333, 0.0821, 0.8),
            time=(0.1025, 0.2757, 0.8074),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9032, high=1.0765, source=_SOURCE_2),
                Spread(low=0.9138, high=1.0796, source=_SOURCE_2),
                Spread(low=0.9499, high=1.0854, source=_SOURCE_2),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.5594, high=1.3793, source=_SOURCE_2),
                Spread(low=0.8304, high=1.4386, source=_SOURCE_2),
                Spread(low=0.8071, high=1.1697, source=_SOURCE_2),
            ),
        ),
        shell_mm3=1.0775,
        sparse_mm3=0.1914,
        start_mm3=31.9508,
        shell_s=0.40229,
        sparse_s=0.06082,
        wall_s=0.02888,
        layer_s=2.0267,
        start_s=34.8297,
        fitted_infill_fraction=0.2,
    ),
    ProfileId("mini-petg-0.20"): Level0Fit(
        volume_spread=Spread(low=0.9242, high=1.0807, source=_SOURCE_1),
        time_spread=Spread(low=0.8198, high=1.3195, source=_SOURCE_1),
        source=_SOURCE_1,
        errors=FitErrors(
            parts=134,
            groups=13,
            volume=(0.0341, 0.0823, 0.806),
            time=(0.0921, 0.2534, 0.806),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9032, high=1.0765, source=_SOURCE_1),
                Spread(low=0.9137, high=1.0798, source=_SOURCE_1),
                Spread(low=0.9494, high=1.0856, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.4588, high=1.3957, source=_SOURCE_1),
                Spread(low=0.8359, high=1.4349, source=_SOURCE_1),
                Spread(low=0.8076, high=1.1854, source=_SOURCE_1),
            ),
        ),
        shell_mm3=1.0774,
        sparse_mm3=0.1915,
        start_mm3=31.9517,
        shell_s=0.39228,
        sparse_s=0.05816,
        wall_s=0.02698,
        layer_s=2.25913,
        start_s=40.83582,
        fitted_infill_fraction=0.2,
    ),
    ProfileId("ender3-abs-0.20"): Level0Fit(
        volume_spread=Spread(low=0.9285, high=1.0691, source=_SOURCE_1),
        time_spread=Spread(low=0.7991, high=1.2093, source=_SOURCE_1),
        source=_SOURCE_1,
        errors=FitErrors(
            parts=134,
            groups=13,
            volume=(0.0291, 0.0822, 0.806),
            time=(0.0655, 0.2378, 0.806),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9194, high=1.0626, source=_SOURCE_1),
                Spread(low=0.9244, high=1.0653, source=_SOURCE_1),
                Spread(low=0.9573, high=1.1074, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.6549, high=1.1859, source=_SOURCE_1),
                Spread(low=0.8293, high=1.3126, source=_SOURCE_1),
                Spread(low=0.7933, high=1.1665, source=_SOURCE_1),
            ),
        ),
        shell_mm3=1.0399,
        sparse_mm3=0.1827,
        start_mm3=22.0253,
        shell_s=0.57882,
        sparse_s=0.02904,
        wall_s=0.0,
        layer_s=1.17835,
        start_s=64.44739,
        fitted_infill_fraction=0.2,
    ),
    ProfileId("mk3s-petg-0.20"): Level0Fit(
        volume_spread=Spread(low=0.9244, high=1.0802, source=_SOURCE_2),
        time_spread=Spread(low=0.8167, high=1.2779, source=_SOURCE_2),
        source=_SOURCE_2,
        errors=FitErrors(
            parts=135,
            groups=14,
            volume=(0.0333, 0.0821, 0.8),
            time=(0.1043, 0.2758, 0.8),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9032, high=1.0765, source=_SOURCE_2),
                Spread(low=0.9138, high=1.0796, source=_SOURCE_2),
                Spread(low=0.9499, high=1.0854, source=_SOURCE_2),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.5985, high=1.3724, source=_SOURCE_2),
                Spread(low=0.8354, high=1.4365, source=_SOURCE_2),
                Spread(low=0.8088, high=1.1671, source=_SOURCE_2),
            ),
        ),
        shell_mm3=1.0775,
        sparse_mm3=0.1914,
        start_mm3=31.9508,
        shell_s=0.40107,
        sparse_s=0.06111,
        wall_s=0.02907,
        layer_s=2.0023,
        start_s=34.75142,
        fitted_infill_fraction=0.2,
    ),
    ProfileId("mk3s-tpu-0.20"): Level0Fit(
        volume_spread=Spread(low=0.9341, high=1.0796, source=_SOURCE_2),
        time_spread=Spread(low=0.923, high=1.12, source=_SOURCE_2),
        source=_SOURCE_2,
        errors=FitErrors(
            parts=135,
            groups=14,
            volume=(0.0336, 0.0822, 0.8),
            time=(0.0411, 0.1239, 0.8),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9293, high=1.0694, source=_SOURCE_2),
                Spread(low=0.9191, high=1.0785, source=_SOURCE_2),
                Spread(low=0.9555, high=1.0832, source=_SOURCE_2),
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
        shell_mm3=1.2296,
        sparse_mm3=0.2178,
        start_mm3=30.8772,
        shell_s=0.68118,
        sparse_s=0.09635,
        wall_s=0.00201,
        layer_s=0.73949,
        start_s=35.86298,
        fitted_infill_fraction=0.2,
    ),
    ProfileId("mk3s-abs-0.20"): Level0Fit(
        volume_spread=Spread(low=0.9244, high=1.0802, source=_SOURCE_2),
        time_spread=Spread(low=0.7853, high=1.3776, source=_SOURCE_2),
        source=_SOURCE_2,
        errors=FitErrors(
            parts=135,
            groups=14,
            volume=(0.0333, 0.0821, 0.8),
            time=(0.1252, 0.3152, 0.8),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9032, high=1.0765, source=_SOURCE_2),
                Spread(low=0.9138, high=1.0796, source=_SOURCE_2),
                Spread(low=0.9499, high=1.0854, source=_SOURCE_2),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.5085, high=1.4674, source=_SOURCE_2),
                Spread(low=0.8931, high=1.5259, source=_SOURCE_2),
                Spread(low=0.7881, high=1.2496, source=_SOURCE_2),
            ),
        ),
        shell_mm3=1.0775,
        sparse_mm3=0.1914,
        start_mm3=31.9508,
        shell_s=0.38819,
        sparse_s=0.07089,
        wall_s=0.03298,
        layer_s=2.40895,
        start_s=32.78064,
        fitted_infill_fraction=0.2,
    ),
    ProfileId("mini-pla-0.20"): Level0Fit(
        volume_spread=Spread(low=0.9242, high=1.0807, source=_SOURCE_1),
        time_spread=Spread(low=0.8269, high=1.3288, source=_SOURCE_1),
        source=_SOURCE_1,
        errors=FitErrors(
            parts=134,
            groups=13,
            volume=(0.0341, 0.0823, 0.806),
            time=(0.092, 0.2561, 0.8134),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9032, high=1.0765, source=_SOURCE_1),
                Spread(low=0.9137, high=1.0798, source=_SOURCE_1),
                Spread(low=0.9494, high=1.0856, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.4717, high=1.398, source=_SOURCE_1),
                Spread(low=0.8435, high=1.4477, source=_SOURCE_1),
                Spread(low=0.8166, high=1.1878, source=_SOURCE_1),
            ),
        ),
        shell_mm3=1.0774,
        sparse_mm3=0.1915,
        start_mm3=31.9517,
        shell_s=0.38845,
        sparse_s=0.05839,
        wall_s=0.02614,
        layer_s=2.01074,
        start_s=41.57248,
        fitted_infill_fraction=0.2,
    ),
    ProfileId("ender3-pla-0.20"): Level0Fit(
        volume_spread=Spread(low=0.9285, high=1.0691, source=_SOURCE_1),
        time_spread=Spread(low=0.8129, high=1.2478, source=_SOURCE_1),
        source=_SOURCE_1,
        errors=FitErrors(
            parts=134,
            groups=13,
            volume=(0.0291, 0.0822, 0.806),
            time=(0.0953, 0.2515, 0.806),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9194, high=1.0626, source=_SOURCE_1),
                Spread(low=0.9244, high=1.0652, source=_SOURCE_1),
                Spread(low=0.9573, high=1.1074, source=_SOURCE_1),
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
        shell_mm3=1.0399,
        sparse_mm3=0.1827,
        start_mm3=22.0253,
        shell_s=0.55589,
        sparse_s=0.02185,
        wall_s=0.00203,
        layer_s=4.02388,
        start_s=56.98142,
        fitted_infill_fraction=0.2,
    ),
    ProfileId("ender3-petg-0.20"): Level0Fit(
        volume_spread=Spread(low=0.9285, high=1.0691, source=_SOURCE_1),
        time_spread=Spread(low=0.8138, high=1.2447, source=_SOURCE_1),
        source=_SOURCE_1,
        errors=FitErrors(
            parts=134,
            groups=13,
            volume=(0.0291, 0.0822, 0.806),
            time=(0.0953, 0.2517, 0.806),
        ),
        volume_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.9194, high=1.0626, source=_SOURCE_1),
                Spread(low=0.9244, high=1.0652, source=_SOURCE_1),
                Spread(low=0.9573, high=1.1074, source=_SOURCE_1),
            ),
        ),
        time_sizes=SizedSpread(
            edges=(1000.0, 5000.0),
            spreads=(
                Spread(low=0.6047, high=1.2999, source=_SOURCE_1),
                Spread(low=0.8597, high=1.3293, source=_SOURCE_1),
                Spread(low=0.8062, high=1.1567, source=_SOURCE_1),
            ),
        ),
        shell_mm3=1.0399,
        sparse_mm3=0.1827,
        start_mm3=22.0253,
        shell_s=0.55594,
        sparse_s=0.02181,
        wall_s=0.00201,
        layer_s=4.02835,
        start_s=56.95832,
        fitted_infill_fraction=0.2,
    ),
}
