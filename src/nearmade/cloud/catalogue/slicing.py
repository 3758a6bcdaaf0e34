"""The slicer's figures of parts, ahead of any order: quotes need not guess.

A design's own parts have a row for each profile, in the number that one set needs;
several sets, and visitors' own meshes, have rows beside their level 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.adapters.slicers.prusa import (
    Sliced,
    slice_copies,
    slice_plate,
    slice_stl,
)
from nearmade.cloud.blobs import get_blob
from nearmade.cloud.catalogue.estimating import Asked, columns_of
from nearmade.cloud.catalogue.holding import read_visitors_mesh
from nearmade.cloud.catalogue.models import (
    Instance,
    InstancePart,
    MeshEstimate,
    PartSlice,
)
from nearmade.cloud.catalogue.services import NOBODY_WAITS, load_version
from nearmade.cloud.durable import defer
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.level2 import SliceFigures, estimate_level2
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput, NotFound, Unavailable
from nearmade.vocabulary.identity import ProfileId

SLICE_PART = "catalogue.slice_part"
SLICE_MESH = "catalogue.slice_mesh"
#: Time before the slicer is ended: for a design's parts, for a visitor's own. [s]
LONGEST_S, LONGEST_FOR_VISITORS_S = 120.0, 45.0
#: Visitors' parts that may wait for the slicer at a time.
MOST_WAITING = 12
#: Parts of any kind that may wait for it before pages stop asking ahead.
MOST_AHEAD = 60


@transaction.atomic
def request_slices(instance: Instance, profile_ids: Iterable[str]) -> None:
    """Have every part sliced for these profiles, unless somebody asked before."""
    rows = PartSlice.objects.filter(part__instance=instance)
    known = set(rows.values_list("part_id", "profile_id"))
    for part in instance.parts.all():
        for profile_id in sorted(set(profile_ids)):
            if (part.pk, profile_id) not in known:
                _request(part, profile_id)


@transaction.atomic
def request_slice(part: InstancePart, profile_id: str) -> None:
    """Have one part sliced for one profile, unless somebody asked before."""
    _request(part, profile_id)


def _request(part: InstancePart, profile_id: str) -> None:
    wanted, created = PartSlice.objects.get_or_create(part=part, profile_id=profile_id)
    if created:
        defer(SLICE_PART, priority=NOBODY_WAITS, slice_id=wanted.pk)


def slice_now(slice_id: int) -> None:
    """Slice one part for one profile; a second time changes nothing.

    Raises
    ------
    Unavailable
        When the slicer is missing or fails.
    """
    wanted = PartSlice.objects.select_related("part").get(pk=slice_id)
    if wanted.figures is not None or wanted.problem:
        return
    found: dict[str, Any]
    try:
        found = {"figures": asdict(_sliced(wanted.part, wanted.profile_id).figures)}
    except InvalidInput as error:
        found = {"problem": error.message}
    PartSlice.objects.filter(pk=slice_id).update(**found)


def _sliced(part: InstancePart, profile_id: str) -> Sliced:
    """Slice all copies as one build, or one copy where they do not fit one bed."""
    profile = find_profile(ProfileId(profile_id))
    cache = settings.CONFIGURATION.cache_dir / "slices"
    stl = get_blob(part.mesh_sha256)
    supports = wants_supports(part)
    infill = part.infill_fraction
    try:
        return slice_plate(
            [(stl, part.quantity)],
            profile,
            cache=cache,
            supports=supports,
            infill_fraction=infill,
        )
    except InvalidInput as error:
        if error.code != "plate-full":
            raise
        return slice_stl(
            stl, profile, cache=cache, supports=supports, infill_fraction=infill
        )


def wants_supports(part: InstancePart) -> bool:
    """Say whether the design's author asks for supports; no when its files are lost."""
    try:
        design = load_version(part.instance.design_version).design
    except (NotFound, Unavailable):
        return False
    return any(each.name == part.name and each.supports for each in design.parts)


def visitors_may_wait() -> bool:
    """Say whether one more visitor's part may wait for the slicer."""
    return _waiting(SLICE_MESH) < MOST_WAITING


def may_slice_ahead() -> bool:
    """Say whether pages may ask the slicer for more that nobody ordered."""
    return _waiting(SLICE_MESH, SLICE_PART) < MOST_AHEAD


def _waiting(*tasks: str) -> int:
    jobs = ProcrastinateJob.objects.filter(
        task_name__in=tasks, status__in=["todo", "doing"]
    )
    return jobs.count()


@transaction.atomic
def request_mesh_slice(asked: Asked, source: str, *, now: datetime) -> None:
    """Have a mesh sliced in some number, unless somebody asked before.

    Parameters
    ----------
    asked
        Mesh, number and profile.
    source
        Where the mesh lies: an upload's id, or nothing for a design's own blob.
    now
        The present.
    """
    row, created = MeshEstimate.objects.get_or_create(
        key=asked.key(2), defaults=columns_of(2, asked, None, now)
    )
    if created:
        defer(SLICE_MESH, priority=NOBODY_WAITS, estimate_id=row.pk, source=source)


def slice_mesh_now(estimate_id: int, source: str) -> None:
    """Slice a full plate and the rest, or what is asked for where that is less; once.

    A row whose mesh nobody has any more is deleted, so that whoever sends the mesh
    again may ask again.

    Parameters
    ----------
    estimate_id
        The row; one that was deleted meanwhile stays deleted.
    source
        An upload that had the mesh when it was asked for, any other is as good;
        nothing for a design's own blob.

    Raises
    ------
    Unavailable
        When the slicer is missing or fails.
    """
    row = MeshEstimate.objects.filter(pk=estimate_id).first()
    if row is None or row.figures is not None or row.problem:
        return
    this_row = MeshEstimate.objects.filter(pk=estimate_id)
    try:
        if source:
            stl, ours = read_visitors_mesh(row.mesh_sha256)
        else:
            stl, ours = get_blob(row.mesh_sha256), True
    except NotFound:
        this_row.delete()
        return
    found: dict[str, Any]
    try:
        found = {"figures": asdict(_sliced_mesh(row, stl, ours=ours))}
    except (InvalidInput, NotFound) as error:
        found = {"problem": error.message}
    this_row.update(**found)


def _sliced_mesh(row: MeshEstimate, stl: bytes, *, ours: bool) -> BuildEstimate:
    return slice_copies(
        stl,
        find_profile(ProfileId(row.profile_id)),
        row.quantity,
        # A visitor's part is kept nowhere but in its own folder.
        cache=settings.CONFIGURATION.cache_dir / "slices" if ours else None,
        supports=row.supports,
        infill_fraction=row.infill_fraction,
        wall_s=LONGEST_S if ours else LONGEST_FOR_VISITORS_S,
    )


def sliced_estimates(part: InstancePart) -> Mapping[ProfileId, BuildEstimate]:
    """Give what is known from the slicer of all copies of a part, by profile."""
    return {
        ProfileId(each.profile_id): estimate_level2(
            _figures(each.figures),
            find_profile(ProfileId(each.profile_id)),
            part.quantity,
        )
        for each in part.slices.all()
        if each.figures is not None
    }


def _figures(record: Mapping[str, Any]) -> SliceFigures:
    corners = {name: tuple(record[name]) for name in ("low_mm", "high_mm")}
    return SliceFigures(**{**record, **corners})
