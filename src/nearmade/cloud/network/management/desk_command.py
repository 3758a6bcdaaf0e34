"""A command of the platform's own: it finds the database and fails in one line."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection

from nearmade.cloud.database import start_embedded
from nearmade.vocabulary.errors import NearmadeError


class DeskCommand(BaseCommand):
    """Open the embedded database where it is the one in use, then act."""

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Act, with the database open.

        Raises
        ------
        CommandError
            When what was asked for cannot be done.
        """
        try:
            database = start_embedded(settings.CONFIGURATION)
            try:
                self.act(**options)
            finally:
                if database is not None:
                    connection.close()
                    database.cleanup()
        except NearmadeError as error:
            remedy = f"; {error.remedy}" if error.remedy else ""
            raise CommandError(error.message + remedy) from error
        except ProgrammingError as error:
            raise CommandError(
                "the database has no tables of this version yet: "
                "start the platform once with nearmade up"
            ) from error

    def act(self, **options: Any) -> None:
        """Do what the command is for."""
        raise NotImplementedError
