"""What the finished jobs of each machine teach about its next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from nearmade.cloud.orders.models import Order
from nearmade.facilities.facility import Facility
from nearmade.quoting.learned import NO_CORRECTION, Correction, FinishedBuild, learn
from nearmade.quoting.profile import Profile
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import MachineId, ProfileId

#: Latest finished jobs that are looked at, over all machines asked for.
MOST_JOBS = 2000
#: Latest of one machine that count: firmware and filament change.
MOST_BUILDS = 50
#: A machine that only pretends prints at any speed.
PRETENDING = "simulated"


def corrections_of(facilities: Iterable[Facility]) -> Mapping[MachineId, Correction]:
    """Learn a correction for each real machine of some facilities that has a history.

    A machine starts from what others of its model taught at these facilities.
    """
    model_of = {
        machine.id: PROFILES[profile_id].machine_model
        for facility in facilities
        for machine in facility.machines
        for profile_id in machine.profiles[:1]
        if machine.driver != PRETENDING and profile_id in PROFILES
    }
    if not model_of:
        return {}
    histories = _histories(model_of)
    found: dict[MachineId, Correction] = {}
    for machine_id, (own, profile) in histories.items():
        others = [
            build
            for other_id, (theirs, _) in histories.items()
            if other_id != machine_id and model_of[other_id] == model_of[machine_id]
            for build in theirs
        ]
        correction = learn(
            own,
            start_s=profile.power.heatup_s,
            reality=profile.time_reality,
            model_builds=others,
        )
        if correction != NO_CORRECTION:
            found[machine_id] = correction
    return found


def _histories(
    machine_ids: Iterable[MachineId],
) -> dict[MachineId, tuple[list[FinishedBuild], Profile]]:
    """Give the finished builds of machines, and the profile of each one's latest."""
    found: dict[MachineId, tuple[list[FinishedBuild], Profile]] = {}
    rows = (
        Order.objects.filter(
            jobs__machine_id__in=list(machine_ids),
            jobs__started_at__isnull=False,
            jobs__printed_at__isnull=False,
        )
        .order_by("-jobs__printed_at")
        .values_list(
            "jobs__machine_id",
            "jobs__profile_id",
            "jobs__started_at",
            "jobs__printed_at",
            "jobs__figures",
        )
    )
    for machine_id, profile_id, started_at, printed_at, figures in rows[:MOST_JOBS]:
        profile = PROFILES.get(ProfileId(profile_id))
        build = _build(profile, started_at, printed_at, figures)
        if profile is None or build is None:
            continue
        own, _ = found.setdefault(MachineId(machine_id), ([], profile))
        if len(own) < MOST_BUILDS:
            own.append(build)
    return found


def _build(
    profile: Profile | None,
    started_at: datetime | None,
    printed_at: datetime | None,
    figures: Any,
) -> FinishedBuild | None:
    """Read a job's times; None where it was never sliced, or they make no sense."""
    if profile is None or started_at is None or printed_at is None:
        return None
    try:
        sliced_s = float(figures["time_s"]) - profile.power.heatup_s
        return FinishedBuild(sliced_s, (printed_at - started_at).total_seconds())
    except (KeyError, TypeError, ValueError, InvalidInput):
        return None
