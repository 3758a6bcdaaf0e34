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
from nearmade.quoting.machine_settings.look_up import feedstock_of, settings_of
from nearmade.quoting.presets import PRESETS
from nearmade.quoting.profile import Profile, Spread
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
class _Machine:
    """What a machine model brings to each of its profiles."""

    title: str
    bed_mm: tuple[float, float, float]
    power: MachinePower
    volume_reality: Spread


_MACHINES = {
    "mk3s": _Machine(
        title="Prusa MK3S+",
        bed_mm=(250.0, 210.0, 210.0),
        power=MK3S,
        volume_reality=VOLUME_REALITY_FLOW_95,
    ),
    "mini": _Machine(
        title="Prusa MINI+",
        bed_mm=(180.0, 180.0, 180.0),
        power=MINI,
        volume_reality=VOLUME_REALITY_FLOW_95,
    ),
    "ender3": _Machine(
        title="Creality Ender-3",
        bed_mm=(220.0, 220.0, 250.0),
        power=ENDER_3,
        volume_reality=VOLUME_REALITY,
    ),
}


def _profile(profile_id: ProfileId) -> Profile:
    """Join what is known of a machine, its settings and its fits."""
    key, material, layer = profile_id.split("-")
    machine = _MACHINES[key]
    feedstock = feedstock_of(profile_id)
    return Profile(
        id=profile_id,
        machine_model=machine.power.machine_model,
        title=f"{machine.title}, {material.upper()}, {layer} mm layers",
        process="FDM",
        material=material.upper(),
        bed_mm=machine.bed_mm,
        density_g_cm3=feedstock.density_g_cm3,
        settings=settings_of(profile_id),
        nozzle_degc=feedstock.nozzle_degc,
        bed_degc=feedstock.bed_degc,
        power=machine.power.at_bed(feedstock.bed_degc),
        presets=PRESETS[profile_id],
        level0=LEVEL0[profile_id],
        level1=LEVEL1[profile_id],
        volume_reality=machine.volume_reality,
        time_reality=TIME_REALITY,
    )


#: Every profile by its name.
PROFILES: Mapping[ProfileId, Profile] = MappingProxyType(
    {profile_id: _profile(profile_id) for profile_id in PRESETS}
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
