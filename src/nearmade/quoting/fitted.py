"""Coefficients of the estimators, fitted on sliced open meshes."""

from __future__ import annotations

from nearmade.quoting.profile import Level0Fit, Level1Fit, Spread
from nearmade.vocabulary.identity import ProfileId

_IDS = (
    "mk3s-pla-0.20",
    "mk3s-petg-0.20",
    "mk3s-tpu-0.20",
    "mk3s-abs-0.20",
    "mini-pla-0.20",
    "mini-petg-0.20",
    "ender3-pla-0.20",
    "ender3-petg-0.20",
)
_SOURCE = "fitted on 72 open meshes, PrusaSlicer 2.5.0, MK3S PLA"
_FIT0 = Level0Fit(
    shell_mm3=1.076,
    sparse_mm3=0.198,
    start_mm3=22.0,
    shell_s=0.357,
    sparse_s=0.094,
    wall_s=0.0288,
    layer_s=4.05,
    start_s=27.0,
    volume_spread=Spread(0.909, 1.091, _SOURCE),
    time_spread=Spread(0.813, 1.187, _SOURCE),
    source=_SOURCE,
)
_FIT1 = Level1Fit(
    volume_factor=1.0,
    time_factor=1.0,
    volume_spread=Spread(0.90, 1.10, _SOURCE),
    time_spread=Spread(0.884, 1.116, _SOURCE),
    source=_SOURCE,
)
LEVEL0 = {ProfileId(name): _FIT0 for name in _IDS}
LEVEL1 = {ProfileId(name): _FIT1 for name in _IDS}
