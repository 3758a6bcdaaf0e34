"""The quote as it refines: what is known of each level, and what is asked for next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from nearmade.cloud.blobs import get_blob
from nearmade.cloud.catalogue.estimating import Known, estimate_layers, known_at
from nearmade.cloud.catalogue.models import InstancePart
from nearmade.cloud.catalogue.slicing import (
    request_mesh_slice,
    request_slice,
    sliced_estimates,
)
from nearmade.cloud.catalogue.upload_files import read_upload
from nearmade.cloud.pages.plates import on_shared_plates, plates_of
from nearmade.cloud.pages.work import Planned, Work, machine_title
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.level0 import estimate_level0
from nearmade.vocabulary.errors import InvalidInput

#: What can still come: the layers, the slicer's count (asked for, or not yet), nothing.
Next = Literal["layers", "slicer", "ask-slicer", ""]


@dataclass(frozen=True, slots=True)
class Quote:
    """How far a quote is.

    Parameters
    ----------
    level
        Of the estimates: the least of all pieces.
    estimates
        One for each piece; none when nothing can be said.
    first
        The same at level 0, to show how the intervals narrow.
    coming
        What will refine it.
    problem
        Why there is no quote, or why it stays as it is.
    slicing
        True when the slicer was asked already.
    builds
        Builds to set up for; pieces share plates.
    """

    level: int
    estimates: tuple[BuildEstimate, ...]
    first: tuple[BuildEstimate, ...]
    coming: Next = ""
    problem: str = ""
    slicing: bool = False
    builds: float = 0.0


def quote_known(work: Work, planned: Planned) -> Quote:
    """Quote from what is known already, in no time."""
    if not planned.lines:
        return Quote(0, (), (), problem=planned.problem)
    try:
        first = tuple(
            estimate_level0(
                each.facts,
                each.profile,
                each.quantity,
                infill_fraction=each.infill_fraction,
            )
            for each in planned.asked
        )
    except InvalidInput as error:
        return Quote(0, (), (), problem=_said(error))
    layers, sliced = known_at(1, planned.asked), _known_slices(work, planned)
    quote = _best(first, layers, sliced, _no_slicer(planned))
    alone, shares = plates_of(planned)
    return replace(
        quote,
        estimates=on_shared_plates(planned, quote.estimates, alone, shares),
        first=on_shared_plates(planned, quote.first, alone, shares),
        builds=sum(shares),
    )


def _no_slicer(planned: Planned) -> str:
    """Say so when no slicer at hand knows the machine; else nothing."""
    for _piece, profile in planned.lines:
        if profile.presets is None:
            words = _("No slicer here has a profile of the %(machine)s.")
            return words % {"machine": machine_title(profile)}
    return ""


def _said(error: InvalidInput) -> str:
    return f"{error.message}. {error.remedy}".rstrip(". ") + "."


def _best(
    first: tuple[BuildEstimate, ...],
    layers: Sequence[Known | None],
    sliced: Sequence[Known | None],
    no_slicer: str,
) -> Quote:
    counted = _figures(sliced)
    if counted:
        return Quote(2, counted, first)
    asked = all(sliced)
    refused = next((one.problem for one in sliced if one and one.problem), no_slicer)
    measured = _figures(layers)
    stuck = next((one.problem for one in layers if one and one.problem), "")
    coming: Next = "slicer" if asked else "ask-slicer"
    if refused:
        coming = ""
    if measured:
        return Quote(1, measured, first, coming, refused, asked)
    if stuck:
        return Quote(0, first, first, coming, stuck, asked)
    return Quote(0, first, first, "layers", refused, asked)


def _figures(known: Sequence[Known | None]) -> tuple[BuildEstimate, ...]:
    """Give all figures, or nothing when one is missing."""
    found = [one.estimate for one in known if one is not None and one.estimate]
    return tuple(found) if len(found) == len(known) else ()


def _known_slices(work: Work, planned: Planned) -> list[Known | None]:
    if not _one_set_of_a_design(work, planned):
        return known_at(2, planned.asked)
    return [
        _known_slice(row, str(profile.id))
        for row, (_, profile) in zip(work.rows, planned.lines, strict=True)
    ]


def _one_set_of_a_design(work: Work, planned: Planned) -> bool:
    """Say whether quotes of offers know these slices: one set of a design."""
    return bool(work.rows) and planned.sets == 1


def _known_slice(row: InstancePart, profile_id: str) -> Known | None:
    wanted = next((s for s in row.slices.all() if s.profile_id == profile_id), None)
    if wanted is None:
        return None
    if wanted.figures is None:
        return Known(None, wanted.problem)
    found = {str(name): one for name, one in sliced_estimates(row).items()}
    return Known(found.get(profile_id))


def refine(work: Work, planned: Planned, *, now: datetime) -> Quote:
    """Bring a quote to level 1.

    Raises
    ------
    Unavailable
        When too many are asked for at once.
    """
    for asked in planned.asked:

        def fetch(sha256: str = asked.mesh_sha256) -> bytes:
            return read_upload(work.upload) if work.upload else get_blob(sha256)

        estimate_layers(asked, fetch, ours=not work.upload, now=now)
    return quote_known(work, planned)


def ask_slicer(work: Work, planned: Planned, *, now: datetime) -> None:
    """Have the pieces sliced, unless somebody asked before."""
    if _one_set_of_a_design(work, planned):
        for row, (_, profile) in zip(work.rows, planned.lines, strict=True):
            request_slice(row, profile.id)
        return
    for asked in planned.asked:
        request_mesh_slice(asked, work.upload, now=now)
