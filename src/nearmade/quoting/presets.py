"""What the vendors' presets are called in PrusaSlicer, profile by profile.

Only names stand here; the settings behind them are read from the installed program.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from nearmade.quoting.profile import PrusaPresets
from nearmade.vocabulary.identity import ProfileId

_MK3S = (
    "PrusaResearch.ini",
    "0.20mm QUALITY @MK3",
    "Original Prusa i3 MK3S & MK3S+",
)
_MINI = (
    "PrusaResearch.ini",
    "0.20mm QUALITY @MINI",
    "Original Prusa MINI & MINI+",
)
_ENDER3 = (
    "Creality.ini",
    "0.20 mm NORMAL (0.4 mm nozzle) @CREALITY",
    "Creality Ender-3 (0.4 mm nozzle)",
)

_NAMES = (
    ("mk3s-pla-0.20", _MK3S, "Prusament PLA"),
    ("mk3s-petg-0.20", _MK3S, "Prusament PETG"),
    ("mk3s-tpu-0.20", _MK3S, "AmazonBasics TPU"),
    ("mk3s-abs-0.20", _MK3S, "Generic ABS"),
    ("mini-pla-0.20", _MINI, "Prusament PLA"),
    ("mini-petg-0.20", _MINI, "Prusament PETG @MINI"),
    ("ender3-pla-0.20", _ENDER3, "Prusament PLA @CREALITY"),
    ("ender3-petg-0.20", _ENDER3, "Prusament PETG @CREALITY"),
)

#: Names of presets by profile.
PRESETS: Mapping[ProfileId, PrusaPresets] = MappingProxyType(
    {
        ProfileId(name): PrusaPresets(vendor, print_preset, filament, printer)
        for name, (vendor, print_preset, printer), filament in _NAMES
    }
)
