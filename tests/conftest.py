"""What every test stands on: an own data folder and the real embedded PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

# Machines are as fast as they are: what time a test takes is for benchmarks to say.
hypothesis_settings.register_profile("nearmade", deadline=None)
hypothesis_settings.load_profile("nearmade")

# Set before Django's settings are read; a short path, for PostgreSQL's socket.
DATA_DIR = Path(tempfile.mkdtemp(prefix="nm-"))
os.environ["NEARMADE_DATA_DIR"] = str(DATA_DIR)
os.environ["NEARMADE_DEMO"] = "1"
os.environ.pop("DATABASE_URL", None)
# Here and not in pyproject.toml: pytest-django would read the settings from there
# before this file runs, and the tests would use the data of whoever runs them.
os.environ["DJANGO_SETTINGS_MODULE"] = "nearmade.cloud.settings"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up, now that the environment is the tests' own.

    A process that shares the tests out passes its environment on. Those that run them
    must not find the settings named there: they would read them before this file, with
    the folder of another process.
    """
    import django

    django.setup()
    if config.getoption("numprocesses", None):
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: an archive holds the second it was made in.

    Processes that share the tests out must all give a test the same name.
    """
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes longest start first, so that no worker is left with it alone."""
    items.sort(key=_when)


def _when(item: pytest.Item) -> int:
    marks = ("journey", "outside")
    found = [place for place, mark in enumerate(marks) if item.get_closest_marker(mark)]
    return min(found, default=len(marks))


@pytest.fixture(scope="session")
def embedded_postgres() -> Iterator[object]:
    """Start the embedded PostgreSQL for this run, and stop it after."""
    from django.conf import settings

    from nearmade.cloud.database import start_embedded

    server = start_embedded(settings.CONFIGURATION)
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(embedded_postgres: object) -> None:
    """Have the database up before pytest-django makes its own in it."""


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Leave nothing behind."""
    shutil.rmtree(DATA_DIR, ignore_errors=True)
