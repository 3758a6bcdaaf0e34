"""Level 1 of the quote, found once for each mesh and profile, and never without bound.

A design's own meshes are small and were made by us: they are estimated right here. A
visitor's mesh is estimated in a child that can be killed, as the gate reads it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from nearmade.cloud.catalogue.holding import is_held, lock_uploads
from nearmade.cloud.catalogue.layers import LayersAsked, ask_child
from nearmade.cloud.catalogue.models import MeshEstimate
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.stl import read_stl
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import ProfileId, sha256_of

#: A new one whenever level 1 counts differently, so that old rows are not taken.
RULES = "layers-2026-2"
#: Estimates that one process works on at a time; more wait, then are sent away.
AT_ONCE = 2
WAIT_S = 4.0
#: Above this, even a mesh of ours goes to the child.
HERE_AT_MOST_TRIANGLES = 200_000

_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Asked:
    """One mesh in one number on one profile.

    Parameters
    ----------
    mesh_sha256
        Name of the mesh's bytes.
    facts
        Of that mesh.
    profile
        Machine, material and quality.
    quantity
        How many parts in all, 1 or more.
    infill_fraction
        Instead of the profile's, 0..1.
    supports
        Whether it is printed with supports.
    """

    mesh_sha256: str
    facts: PartFacts
    profile: Profile
    quantity: int
    infill_fraction: float | None = None
    supports: bool = False

    def key(self, level: int) -> str:
        """Name all that the figures of a level depend on."""
        words = (
            RULES, level, self.mesh_sha256, repr(self.profile), self.quantity,
            self.infill_fraction, self.supports,
        )  # fmt: skip
        return sha256_of(repr(words).encode())


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a level: its figures, or why there are none."""

    estimate: BuildEstimate | None
    problem: str = ""


def known_at(level: int, asked: Sequence[Asked]) -> list[Known | None]:
    """Look up what was found before, in the order asked; none where nothing was."""
    keys = [each.key(level) for each in asked]
    rows = {row.key: row for row in MeshEstimate.objects.filter(key__in=keys)}
    return [_known(rows[key]) if key in rows else None for key in keys]


def _known(row: MeshEstimate) -> Known:
    figures = row.figures
    return Known(estimate_from(figures) if figures else None, row.problem)


def estimate_layers(
    asked: Asked, fetch: Callable[[], bytes], *, ours: bool, now: datetime
) -> Known:
    """Give level 1 of a mesh, from the rows or by measuring its layers.

    Parameters
    ----------
    asked
        Mesh, number and profile.
    fetch
        Reads the mesh, as STL that we wrote.
    ours
        True for a design's own mesh; a visitor's is measured in a child.
    now
        The present.

    Raises
    ------
    Unavailable
        When too many ask at once.
    """
    (found,) = known_at(1, [asked])
    if found is not None:
        return found
    with _a_place():
        known = _measure(asked, fetch(), ours=ours)
    columns = columns_of(1, asked, known, now)
    with transaction.atomic():
        lock_uploads(asked.mesh_sha256)
        if ours or is_held(asked.mesh_sha256):  # not forgotten meanwhile
            MeshEstimate.objects.get_or_create(key=asked.key(1), defaults=columns)
    return known


def columns_of(
    level: int, asked: Asked, known: Known | None, now: datetime
) -> dict[str, Any]:
    """Give the columns of a row; without figures while nothing is known."""
    estimate = known.estimate if known else None
    return {
        "level": level,
        "mesh_sha256": asked.mesh_sha256,
        "profile_id": asked.profile.id,
        "quantity": asked.quantity,
        "infill_fraction": asked.infill_fraction,
        "supports": asked.supports,
        "figures": asdict(estimate) if estimate else None,
        "problem": known.problem if known else "",
        "created_at": now,
    }


@contextmanager
def _a_place() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT_S):
        raise Unavailable(
            "too many estimates at once", remedy="wait a few seconds, then ask again"
        )
    try:
        yield
    finally:
        _places.release()


def _measure(asked: Asked, stl: bytes, *, ours: bool) -> Known:
    try:
        if ours and asked.facts.triangles <= HERE_AT_MOST_TRIANGLES:
            return Known(
                estimate_level1(
                    read_stl(stl),
                    asked.facts,
                    asked.profile,
                    asked.quantity,
                    infill_fraction=asked.infill_fraction,
                    supports=asked.supports,
                )
            )
        answer = ask_child(
            LayersAsked(
                asked.facts,
                asked.profile.id,
                asked.quantity,
                asked.infill_fraction,
                asked.supports,
            ),
            stl,
        )
        return Known(estimate_from(answer))
    except InvalidInput as error:
        return Known(None, error.message)


def estimate_from(record: Mapping[str, Any]) -> BuildEstimate:
    """Read an estimate back from a JSON column."""
    figures = {
        name: Estimate(**record[name])
        for name in ("feedstock_mm3", "mass_g", "time_s", "energy_wh")
    }
    return BuildEstimate(
        level=int(record["level"]),
        profile_id=ProfileId(record["profile_id"]),
        quantity=int(record["quantity"]),
        **figures,
    )
