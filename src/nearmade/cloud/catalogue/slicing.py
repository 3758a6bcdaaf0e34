"""The slicer's figures of parts, ahead of any order: quotes need not guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction

from nearmade.adapters.slicers.prusa import Sliced, slice_plate, slice_stl
from nearmade.cloud.blobs import get_blob
from nearmade.cloud.catalogue.models import Instance, InstancePart, PartSlice
from nearmade.cloud.catalogue.services import NOBODY_WAITS
from nearmade.cloud.durable import defer
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.level2 import SliceFigures, estimate_level2
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import ProfileId

SLICE_PART = "catalogue.slice_part"


@transaction.atomic
def request_slices(instance: Instance, profile_ids: Iterable[str]) -> None:
    """Have every part sliced for these profiles, unless somebody asked before."""
    for part in instance.parts.all():
        for profile_id in sorted(set(profile_ids)):
            wanted, created = PartSlice.objects.get_or_create(
                part=part, profile_id=profile_id
            )
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
    try:
        wanted.figures = asdict(_sliced(wanted.part, wanted.profile_id).figures)
    except InvalidInput as error:
        wanted.problem = error.message
    wanted.save()


def _sliced(part: InstancePart, profile_id: str) -> Sliced:
    """Slice all copies as one build, or one copy where they do not fit one bed."""
    profile = find_profile(ProfileId(profile_id))
    cache = settings.CONFIGURATION.cache_dir / "slices"
    stl = get_blob(part.mesh_sha256)
    try:
        return slice_plate(
            [(stl, part.quantity)],
            profile,
            cache=cache,
            infill_fraction=part.infill_fraction,
        )
    except InvalidInput as error:
        if error.code != "plate-full":
            raise
        return slice_stl(
            stl, profile, cache=cache, infill_fraction=part.infill_fraction
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
