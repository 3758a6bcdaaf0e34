"""What the vendors' presets are called in PrusaSlicer, profile by profile.

Only names stand here; the settings behind them are read from the installed program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nearmade.quoting.profile import PrusaPresets
from nearmade.vocabulary.identity import ProfileId


@dataclass(frozen=True, slots=True)
class _Family:
    """One vendor's print and filament presets, shared by its machines."""

    vendor_file: str
    prints: tuple[tuple[str, str], ...]
    filaments: tuple[tuple[str, str], ...]


_MK3 = _Family(
    "PrusaResearch.ini",
    (
        ("0.20", "0.20mm QUALITY @MK3"),
        ("0.15", "0.15mm QUALITY @MK3"),
        ("0.30", "0.30mm DRAFT @MK3"),
    ),
    (
        ("pla", "Prusament PLA"),
        ("petg", "Prusament PETG"),
        ("tpu", "AmazonBasics TPU"),
        ("abs", "Generic ABS"),
        ("asa", "Prusament ASA"),
    ),
)
_MK25 = _Family(
    "PrusaResearch.ini",
    (("0.20", "0.20mm NORMAL @MK2.5"), ("0.15", "0.15mm OPTIMAL @MK2.5")),
    (("pla", "Prusament PLA"), ("petg", "Prusament PETG"), ("abs", "Generic ABS")),
)
_MINI = _Family(
    "PrusaResearch.ini",
    (
        ("0.20", "0.20mm QUALITY @MINI"),
        ("0.15", "0.15mm QUALITY @MINI"),
        ("0.25", "0.25mm DRAFT @MINI"),
    ),
    (
        ("pla", "Prusament PLA"),
        ("petg", "Prusament PETG @MINI"),
        ("asa", "Prusament ASA @MINI"),
    ),
)
_CREALITY = _Family(
    "Creality.ini",
    (
        ("0.20", "0.20 mm NORMAL (0.4 mm nozzle) @CREALITY"),
        ("0.16", "0.16 mm OPTIMAL (0.4 mm nozzle) @CREALITY"),
        ("0.28", "0.28 mm SUPERDRAFT (0.4 mm nozzle) @CREALITY"),
    ),
    (
        ("pla", "Prusament PLA @CREALITY"),
        ("petg", "Prusament PETG @CREALITY"),
        ("abs", "Generic ABS @CREALITY"),
    ),
)
_MEGA = _Family(
    "Anycubic.ini",
    (
        ("0.20", "0.20mm QUALITY @MEGA"),
        ("0.15", "0.15mm QUALITY @MEGA"),
        ("0.30", "0.30mm DRAFT @MEGA"),
    ),
    (
        ("pla", "Generic PLA @MEGA"),
        ("petg", "Generic PETG @MEGA"),
        ("abs", "Generic ABS @MEGA"),
        ("tpu", "SainSmart TPU @MEGA"),
    ),
)
_FOURMAX = _Family(
    "Anycubic.ini",
    (
        ("0.20", "0.20mm Quality @4Max Pro 2.0"),
        ("0.15", "0.15mm Detail @4Max Pro 2.0"),
        ("0.30", "0.30mm Draft @4Max Pro 2.0"),
    ),
    (
        ("pla", "Generic PLA @4Max Pro 2.0"),
        ("abs", "Generic ABS @4Max Pro 2.0"),
        ("tpu", "Generic TPU @4Max Pro 2.0"),
    ),
)
_ARTILLERY = _Family(
    "Artillery.ini",
    (
        ("0.20", "0.20mm NORMAL @Artillery"),
        ("0.16", "0.16mm OPTIMAL @Artillery"),
        ("0.28", "0.28mm SUPERDRAFT @Artillery"),
    ),
    (
        ("pla", "Generic PLA @Artillery"),
        ("petg", "Generic PETG @Artillery"),
        ("abs", "Generic ABS @Artillery"),
        ("tpu", "Generic TPU @Artillery"),
    ),
)
_ELEGOO = _Family(
    "Elegoo.ini",
    (
        ("0.20", "0.20mm NORMAL @ELEGOO"),
        ("0.16", "0.16mm OPTIMAL @ELEGOO"),
        ("0.28", "0.28mm SUPERDRAFT @ELEGOO"),
    ),
    (("pla", "Generic PLA @ELEGOO"), ("petg", "Generic PETG @ELEGOO")),
)
_LULZBOT = _Family(
    "LulzBot.ini",
    (("0.30", "0.3mm @lulzbot"),),
    (("pla", "ColorFabb PLA-PHA @lulzbot"),),
)
_RATRIG = _Family(
    "RatRig.ini",
    (("0.20", "0.20mm NORMAL @RatRig"), ("0.15", "0.15mm NORMAL @RatRig")),
    (
        ("pla", "Generic PLA @RatRig"),
        ("petg", "Generic PETG V6 @RatRig"),
        ("abs", "Generic ABS @RatRig"),
    ),
)
_SNAPMAKER350 = _Family(
    "Snapmaker.ini",
    (
        ("0.20", "0.20mm NORMAL @SnapmakerA350"),
        ("0.16", "0.16mm OPTIMAL @SnapmakerA350"),
    ),
    (("pla", "Generic PLA @Snapmaker"), ("petg", "Generic PETG @Snapmaker")),
)
_SNAPMAKER250 = _Family(
    "Snapmaker.ini",
    (("0.20", "0.20mm NORMAL @SnapmakerA250"),),
    (("pla", "Generic PLA @Snapmaker"), ("petg", "Generic PETG @Snapmaker")),
)
_ULTIMAKER = _Family(
    "Ultimaker.ini",
    (("0.20", "0.20mm NORMAL @ULTIMAKER2"), ("0.25", "0.25mm DRAFT @ULTIMAKER2")),
    (
        ("pla", "Generic PLA @ULTIMAKER2"),
        ("petg", "Generic PETG @ULTIMAKER2"),
        ("abs", "Generic ABS @ULTIMAKER2"),
    ),
)
_VORON = (
    ("pla", "Basic PLA @VORON"),
    ("petg", "Basic PET @VORON"),
    ("abs", "Basic ABS @VORON"),
)
_VORON0 = _Family(
    "Voron.ini",
    (
        ("0.20", "0.2mm 0.4nozzle V0"),
        ("0.15", "0.15mm 0.4nozzle V0"),
        ("0.30", "0.3mm 0.4nozzle V0"),
    ),
    _VORON,
)
_VORON2 = _Family(
    "Voron.ini",
    (
        ("0.20", "0.2mm 0.4nozzle V2"),
        ("0.15", "0.15mm 0.4nozzle V2"),
        ("0.30", "0.3mm 0.4nozzle V2"),
    ),
    _VORON,
)

#: Of each machine the vendor's family and the name of its printer preset.
_PRINTERS = {
    "mk3s": (_MK3, "Original Prusa i3 MK3S & MK3S+"),
    "mini": (_MINI, "Original Prusa MINI & MINI+"),
    "ender3": (_CREALITY, "Creality Ender-3 (0.4 mm nozzle)"),
    "mk25s": (_MK25, "Original Prusa i3 MK2.5S"),
    "ender3v2": (_CREALITY, "Creality Ender-3 V2 (0.4 mm nozzle)"),
    "ender3s1": (_CREALITY, "Creality Ender-3 S1 (0.4 mm nozzle)"),
    "ender3max": (_CREALITY, "Creality Ender-3 Max (0.4 mm nozzle)"),
    "ender5": (_CREALITY, "Creality Ender-5 (0.4 mm nozzle)"),
    "ender5plus": (_CREALITY, "Creality Ender-5 Plus (0.4 mm nozzle)"),
    "cr10": (_CREALITY, "Creality CR-10 (0.4 mm nozzle)"),
    "cr6se": (_CREALITY, "Creality CR-6 SE (0.4 mm nozzle)"),
    "i3megas": (_MEGA, "Anycubic i3 Mega S"),
    "4maxpro2": (_FOURMAX, "Anycubic 4Max Pro 2.0"),
    "sidewinderx1": (_ARTILLERY, "Artillery Sidewinder X1"),
    "genius": (_ARTILLERY, "Artillery Genius"),
    "neptune2": (_ELEGOO, "Elegoo Neptune-2"),
    "neptune3": (_ELEGOO, "Elegoo Neptune-3"),
    "lulzbotmini": (_LULZBOT, "Mini Aero 0.5mm"),
    "taz6": (_LULZBOT, "Taz6 Aero 0.5mm"),
    "vcore300": (_RATRIG, "RatRig V-Core-3-300"),
    "snapmakera250": (_SNAPMAKER250, "Snapmaker A250"),
    "snapmakera350": (_SNAPMAKER350, "Snapmaker A350"),
    "ultimaker2": (_ULTIMAKER, "Ultimaker 2"),
    "voron0": (_VORON0, "Voron_v0 0.4 nozzle"),
    "voron250": (_VORON2, "Voron_v2_250_afterburner 0.4 nozzle"),
    "voron300": (_VORON2, "Voron_v2_300_afterburner 0.4 nozzle"),
    "voron350": (_VORON2, "Voron_v2_350_afterburner 0.4 nozzle"),
}


def _named() -> Iterator[tuple[ProfileId, PrusaPresets]]:
    """Give each machine's profiles, those of common layers first."""
    for machine, (family, printer) in _PRINTERS.items():
        for layer, print_preset in family.prints:
            for material, filament in family.filaments:
                name = ProfileId(f"{machine}-{material}-{layer}")
                yield (
                    name,
                    PrusaPresets(family.vendor_file, print_preset, filament, printer),
                )


#: Names of presets by profile.
PRESETS: Mapping[ProfileId, PrusaPresets] = MappingProxyType(dict(_named()))
