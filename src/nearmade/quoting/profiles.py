"""The profiles that the house knows, by name.

Machines, materials and names of presets stand in their own tables; settings were read
off the installed slicer as facts, its presets are read again when a slice is asked.
Fitted coefficients stand in ``fitted``; who has none borrows those of a like machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from nearmade.quoting.calibration_transfer import carry_level0, carry_level1
from nearmade.quoting.fitted import LEVEL0, LEVEL1, LEVEL1_SUPPORTED
from nearmade.quoting.machine_settings.look_up import (
    Feedstock,
    feedstock_of,
    settings_of,
)
from nearmade.quoting.machines import MACHINES
from nearmade.quoting.machines_unsliced import UNSLICED
from nearmade.quoting.materials import MATERIALS
from nearmade.quoting.presets import PRESETS
from nearmade.quoting.print_settings import PrintSettings
from nearmade.quoting.profile import Level0Fit, Level1Fit, Profile, Spread
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.identity import ProfileId
from nearmade.vocabulary.nearest import not_known

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

#: Whose fits a maker's machines borrow; of others the first.
_KIN_OF_MAKER = {"Creality": "ender3", "Elegoo": "ender3"}
_KIN = "mk3s"


def _kin(profile_id: ProfileId) -> ProfileId:
    """Name the profile whose fit this one has: its own, or a like one's.

    The same machine and material at another quality come first, then a like machine
    with that material, then any with it, then the same or a like machine with any.
    """
    key, material, _ = profile_id.split("-")
    like = _KIN_OF_MAKER.get(MACHINES[key].maker, _KIN)
    wanted = (
        profile_id,
        f"{key}-{material}-",
        f"{like}-{material}-",
        f"-{material}-",
        f"{key}-",
        f"{like}-",
        "",
    )
    return next(found for part in wanted for found in LEVEL0 if part in found)


def _fits(
    profile_id: ProfileId, settings: PrintSettings
) -> tuple[Level0Fit, Level1Fit, Level1Fit | None]:
    kin = _kin(profile_id)
    supported = LEVEL1_SUPPORTED.get(kin)
    if kin == profile_id:
        return LEVEL0[kin], LEVEL1[kin], supported
    carried = carry_level0(LEVEL0[kin], settings_of(kin), settings, kin)
    held = None if supported is None else carry_level1(supported, kin)
    return carried, carry_level1(LEVEL1[kin], kin), held


def _profile(
    profile_id: ProfileId, settings: PrintSettings, feedstock: Feedstock
) -> Profile:
    """Join what is known of a machine, its settings and its fits."""
    key, code, layer = profile_id.split("-")
    machine, material = MACHINES[key], MATERIALS[code.upper()]
    level0, level1, supported = _fits(profile_id, settings)
    presets = PRESETS.get(profile_id)
    return Profile(
        id=profile_id,
        machine_model=machine.machine_model,
        title=f"{machine.title}, {material.code}, {layer} mm layers",
        process="FDM",
        material=material.code,
        bed_mm=machine.bed_mm,
        density_g_cm3=material.density_g_cm3,
        settings=settings,
        nozzle_degc=feedstock.nozzle_degc,
        bed_degc=feedstock.bed_degc,
        power=machine.power.at_bed(feedstock.bed_degc),
        presets=presets,
        level0=level0,
        level1=level1,
        level1_supported=supported,
        volume_reality=VOLUME_REALITY_FLOW_95 if machine.flow_95 else VOLUME_REALITY,
        time_reality=TIME_REALITY,
        makeable=machine.sliced and presets is not None,
    )


def _all() -> Iterator[Profile]:
    for profile_id in PRESETS:
        yield _profile(profile_id, settings_of(profile_id), feedstock_of(profile_id))
    for profile_id, settings in UNSLICED.items():
        material = MATERIALS[profile_id.split("-")[1].upper()]
        most = MACHINES[profile_id.split("-")[0]].most_bed_degc
        feedstock = Feedstock(material.nozzle_degc, min(material.bed_degc, most))
        yield _profile(profile_id, settings, feedstock)


#: Every profile by its name; those of standard layers stand first of each machine.
PROFILES: Mapping[ProfileId, Profile] = MappingProxyType(
    {profile.id: profile for profile in _all()}
)

#: Those that jobs can be prepared for.
MAKEABLE: Mapping[ProfileId, Profile] = MappingProxyType(
    {name: profile for name, profile in PROFILES.items() if profile.makeable}
)


def find_profile(profile_id: str) -> Profile:
    """Give the profile of a name.

    Raises
    ------
    NotFound
        When there is none; the message names the nearest.
    """
    profile = PROFILES.get(ProfileId(profile_id))
    if profile is None:
        raise NotFound(
            not_known("profile", profile_id, PROFILES),
            code="profile-unknown",
            remedy="run nearmade profiles, which lists machines; each has its own",
        )
    return profile
