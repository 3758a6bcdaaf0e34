"""The profiles that the house knows, by name.

Only names of presets and plain facts are kept here; the slicer's settings are read from
the installed program at run time. Fitted coefficients stand in ``fitted``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nearmade.energy.machine_power import ENDER_3, MINI, MK3S, MachinePower
from nearmade.quoting.fitted import LEVEL0, LEVEL1
from nearmade.quoting.profile import Profile, PrusaPresets, Spread
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.identity import ProfileId

#: Filament weighed against the slicer's figure. Makers state +-0.02 to 0.05 mm on
#: 1.75 mm, which is 2 to 6 % of area. Prusa's start G-code sets the flow to 95 %
#: (``M221 S95``) after the slicer has counted, so a real build takes less.
VOLUME_REALITY = Spread(
    0.96, 1.05, "assumed: filament diameter tolerance", assumed=True
)
VOLUME_REALITY_FLOW_95 = Spread(
    0.93, 1.03, "assumed: diameter tolerance; flow set to 95 % by M221", assumed=True
)

#: Print time against the slicer's figure. Reports of users: +14, +24, +29, +40 % on
#: machines with wrong limits, near 0 on tuned ones. Assumed until a machine's own
#: history is known.
TIME_REALITY = Spread(
    0.95, 1.20, "assumed: users' reports on slicers' time estimates", assumed=True
)


@dataclass(frozen=True, slots=True)
class _Material:
    """What a material asks of every machine; densities as makers' data sheets say."""

    code: str
    density_g_cm3: float
    slow_layer_s: float


@dataclass(frozen=True, slots=True)
class _Machine:
    """What a machine model brings to each of its profiles."""

    key: str
    title: str
    bed_mm: tuple[float, float, float]
    power: MachinePower
    vendor_file: str
    print_preset: str
    printer_preset: str
    perimeters: int
    top_layers: int
    bead_mm: float
    volume_reality: Spread


_PLA = _Material("PLA", 1.24, 15.0)
_PETG = _Material("PETG", 1.27, 15.0)
_TPU = _Material("TPU", 1.21, 10.0)
_ABS = _Material("ABS", 1.04, 20.0)

_MK3S = _Machine(
    key="mk3s",
    title="Prusa MK3S+",
    bed_mm=(250.0, 210.0, 210.0),
    power=MK3S,
    vendor_file="PrusaResearch.ini",
    print_preset="0.20mm QUALITY @MK3",
    printer_preset="Original Prusa i3 MK3S & MK3S+",
    perimeters=2,
    top_layers=6,
    bead_mm=0.45,
    volume_reality=VOLUME_REALITY_FLOW_95,
)
_MINI = _Machine(
    key="mini",
    title="Prusa MINI+",
    bed_mm=(180.0, 180.0, 180.0),
    power=MINI,
    vendor_file="PrusaResearch.ini",
    print_preset="0.20mm QUALITY @MINI",
    printer_preset="Original Prusa MINI & MINI+",
    perimeters=2,
    top_layers=6,
    bead_mm=0.45,
    volume_reality=VOLUME_REALITY_FLOW_95,
)
_ENDER3 = _Machine(
    key="ender3",
    title="Creality Ender-3",
    bed_mm=(220.0, 220.0, 250.0),
    power=ENDER_3,
    vendor_file="Creality.ini",
    print_preset="0.20 mm NORMAL (0.4 mm nozzle) @CREALITY",
    printer_preset="Creality Ender-3 (0.4 mm nozzle)",
    perimeters=3,
    top_layers=5,
    bead_mm=0.44,
    volume_reality=VOLUME_REALITY,
)


def _profile(
    machine: _Machine,
    material: _Material,
    filament_preset: str,
    *,
    nozzle_degc: float,
    bed_degc: float,
    slow_layer_s: float | None = None,
) -> Profile:
    """Join one machine and one material to a profile of 0.20 mm layers."""
    profile_id = ProfileId(f"{machine.key}-{material.code.lower()}-0.20")
    return Profile(
        id=profile_id,
        machine_model=machine.power.machine_model,
        title=f"{machine.title}, {material.code}, 0.20 mm layers",
        process="FDM",
        material=material.code,
        nozzle_mm=0.4,
        layer_mm=0.2,
        bed_mm=machine.bed_mm,
        filament_diameter_mm=1.75,
        density_g_cm3=material.density_g_cm3,
        perimeters=machine.perimeters,
        top_layers=machine.top_layers,
        bottom_layers=4,
        bead_mm=machine.bead_mm,
        infill_fraction=0.20,
        nozzle_degc=nozzle_degc,
        bed_degc=bed_degc,
        power=machine.power.at_bed(bed_degc),
        presets=PrusaPresets(
            machine.vendor_file,
            machine.print_preset,
            filament_preset,
            machine.printer_preset,
        ),
        level0=LEVEL0[profile_id],
        level1=LEVEL1[profile_id],
        volume_reality=machine.volume_reality,
        time_reality=TIME_REALITY,
        slow_layer_s=slow_layer_s or material.slow_layer_s,
        slow_mm_s=15.0,
    )


_ALL = (
    _profile(_MK3S, _PLA, "Prusament PLA", nozzle_degc=215, bed_degc=60),
    _profile(_MK3S, _PETG, "Prusament PETG", nozzle_degc=250, bed_degc=90),
    _profile(_MK3S, _TPU, "AmazonBasics TPU", nozzle_degc=235, bed_degc=50),
    _profile(_MK3S, _ABS, "Generic ABS", nozzle_degc=255, bed_degc=110),
    _profile(_MINI, _PLA, "Prusament PLA", nozzle_degc=215, bed_degc=60),
    _profile(_MINI, _PETG, "Prusament PETG @MINI", nozzle_degc=250, bed_degc=90),
    _profile(
        _ENDER3,
        _PLA,
        "Prusament PLA @CREALITY",
        nozzle_degc=215,
        bed_degc=60,
        slow_layer_s=20,
    ),
    _profile(
        _ENDER3,
        _PETG,
        "Prusament PETG @CREALITY",
        nozzle_degc=245,
        bed_degc=70,
        slow_layer_s=20,
    ),
)

#: Every profile by its name.
PROFILES: Mapping[ProfileId, Profile] = MappingProxyType(
    {profile.id: profile for profile in _ALL}
)


def find_profile(profile_id: str) -> Profile:
    """Give the profile of a name.

    Raises
    ------
    NotFound
        When there is none; the message lists those known.
    """
    profile = PROFILES.get(ProfileId(profile_id))
    if profile is None:
        raise NotFound(
            f"profile {profile_id!r}: not known; known are {', '.join(PROFILES)}",
            code="profile-unknown",
        )
    return profile
