"""Make the platform ready to serve: database, migrations, catalogue, network."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.utils import timezone

from nearmade.adapters.examples import list_designs
from nearmade.cloud.configuration import Configuration
from nearmade.cloud.database import start_embedded


def make_ready(
    configuration: Configuration,
    say: Callable[[str], None],
    *,
    designs: Sequence[Path] | None = None,
) -> Any:
    """Start the database, bring its tables up to date, publish the catalogue.

    ``designs`` are folders; without them it is the whole starter catalogue. The caller
    keeps the answer: it holds the embedded database open.

    Raises
    ------
    Unavailable
        When the database does not start.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nearmade.cloud.settings")
    where = "DATABASE_URL" if configuration.database_url else "embedded PostgreSQL"
    say(f"database: {where}")
    handle = start_embedded(configuration)
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    folders = list_designs() if designs is None else designs
    say(f"catalogue: publishing {len(folders)} designs")
    publish_catalogue(folders)
    return handle


def publish_catalogue(folders: Sequence[Path]) -> int:
    """Publish design folders and ask for a first instance of each."""
    from nearmade.cloud.catalogue.services import (
        NOBODY_WAITS,
        publish_folder,
        request_instance,
    )

    now = timezone.now()
    for folder in folders:
        version = publish_folder(folder, now=now)
        request_instance(version, {}, now=now, priority=NOBODY_WAITS)
    return len(folders)
