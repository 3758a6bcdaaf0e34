"""What the catalogue's desk does: publish, find, customise."""

from __future__ import annotations

import contextlib
import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.adapters.design_folder import LoadedDesign, load_design
from nearmade.adapters.openscad import engine_version
from nearmade.cloud.blobs import get_blob, put_blob
from nearmade.cloud.catalogue.models import DesignVersion, Instance
from nearmade.cloud.durable import defer, hurry
from nearmade.designs.values import instance_key, validate
from nearmade.vocabulary.errors import (
    InvalidInput,
    NearmadeError,
    NotFound,
    Unavailable,
)
from nearmade.vocabulary.identity import Sha256

log = logging.getLogger(__name__)

RENDER_INSTANCE = "catalogue.render_instance"
SOMEBODY_WAITS = 10
NOBODY_WAITS = -10


@transaction.atomic
def publish_folder(folder: Path, *, now: datetime) -> DesignVersion:
    """Publish a design folder; the same content again gives the same version.

    Its files are kept again too, should they have been lost since.

    Raises
    ------
    InvalidInput
        When the folder is not a design.
    """
    loaded = load_design(folder)
    files = {name: put_blob(content) for name, content in loaded.files.items()}
    known = DesignVersion.objects.filter(sha256=loaded.sha256).first()
    if known:
        return known
    design = loaded.design
    DesignVersion.objects.filter(design_id=design.id, current=True).update(
        current=False
    )
    return DesignVersion.objects.create(
        design_id=design.id,
        version=design.version,
        sha256=loaded.sha256,
        title=design.title,
        summary=design.summary,
        purpose=design.purpose,
        licence=design.licence,
        files=files,
        published_at=now,
    )


def current_version(design_id: str) -> DesignVersion:
    """Find the version that customers see.

    Raises
    ------
    NotFound
        When no design has this id.
    """
    version = DesignVersion.objects.filter(design_id=design_id, current=True).first()
    if version is None:
        raise NotFound(f"design {design_id!r}: not in the catalogue")
    return version


def listed_versions() -> list[DesignVersion]:
    """List what customers may choose from, in the order of titles.

    A version whose files cannot be read is left out; the log says which, and why.
    """
    listed = []
    for version in DesignVersion.objects.filter(current=True).order_by("title"):
        try:
            load_version(version)
        except NearmadeError as error:
            log.warning("%s is left out of the catalogue: %s", version, error.message)
        else:
            listed.append(version)
    return listed


@lru_cache(maxsize=256)
def _load(sha256: str, folder: Path) -> LoadedDesign:
    loaded = load_design(folder)
    if loaded.sha256 != sha256:
        raise InvalidInput(f"folder {folder}: not the files of version {sha256[:12]}")
    return loaded


def load_version(version: DesignVersion) -> LoadedDesign:
    """Read a version's files from the blobs, through a folder in the cache.

    Raises
    ------
    Unavailable
        When files of this version are lost or damaged.
    """
    folder: Path = settings.CONFIGURATION.cache_dir / "designs" / version.sha256
    try:
        return _load(version.sha256, folder)
    except (InvalidInput, NotFound):  # not there yet, or half written
        _write_anew(version, folder)
    return _load(version.sha256, folder)


def _write_anew(version: DesignVersion, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        whole = Path(scratch) / "whole"
        for name, sha256 in version.files.items():
            target = whole / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.write_bytes(get_blob(sha256))
            except NotFound as error:
                raise Unavailable(
                    f"design {version}: its file {name} is lost",
                    remedy="publish the design again",
                ) from error
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # another process was quicker
            whole.rename(folder)


@transaction.atomic
def request_instance(
    version: DesignVersion,
    given: Mapping[str, object],
    *,
    now: datetime,
    priority: int = SOMEBODY_WAITS,
    before_new: Callable[[], None] | None = None,
) -> Instance:
    """Ask for a design with these parameters; rendering starts if nobody asked before.

    Parameters
    ----------
    version
        What to customise.
    given
        Parameters by name; the others keep their initial values.
    now
        The present.
    priority
        Higher is rendered first: ``SOMEBODY_WAITS`` or ``NOBODY_WAITS``.
    before_new
        Called before a rendering nobody asked for yet; may raise to prevent it.

    Raises
    ------
    InvalidInput
        When a parameter is unknown or out of its range; the message lists all.
    """
    loaded = load_version(version)
    values = validate(loaded.design.parameters, given)
    key = instance_key(Sha256(version.sha256), engine_version(), values)
    if before_new and not Instance.objects.filter(key=key).exists():
        before_new()
    instance, created = Instance.objects.get_or_create(
        key=key,
        defaults={
            "design_version": version,
            "values": values,
            "parts_total": len(loaded.design.parts),
            "created_at": now,
        },
    )
    if created or _forgotten(instance):
        defer(RENDER_INSTANCE, priority=priority, instance_id=instance.pk)
    elif instance.state == Instance.State.RENDERING and priority > NOBODY_WAITS:
        hurry(RENDER_INSTANCE, priority=priority, instance_id=instance.pk)
    return instance


def _forgotten(instance: Instance) -> bool:
    """Say whether a rendering was begun and nothing works on it any more."""
    if instance.state != Instance.State.RENDERING:
        return False
    return not ProcrastinateJob.objects.filter(
        task_name=RENDER_INSTANCE,
        args__instance_id=instance.pk,
        status__in=["todo", "doing"],
    ).exists()


def find_instance(key: str) -> Instance:
    """Find an instance by its key.

    Raises
    ------
    NotFound
        When nobody asked for it.
    """
    instance = Instance.objects.filter(key=key).select_related("design_version").first()
    if instance is None:
        raise NotFound(f"instance {key[:12]!r}: nobody asked for it yet")
    return instance
