"""``python -m django appoint_planner EMAIL``: let a person plan the network."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from nearmade.cloud.network.management.desk_command import DeskCommand
from nearmade.cloud.people.models import User
from nearmade.vocabulary.errors import NotFound


class Command(DeskCommand):
    """Appoint a person who has signed up already, or dismiss them."""

    help = "Let a person who has signed up plan the whole network."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the person."""
        parser.add_argument("email")
        parser.add_argument("--dismiss", action="store_true", help="No longer.")

    def act(self, **options: Any) -> None:
        """Appoint or dismiss them."""
        appointed = not options["dismiss"]
        changed = User.objects.filter(email__iexact=options["email"]).update(
            is_planner=appointed
        )
        if not changed:
            raise NotFound(
                f"person {options['email']!r}: nobody signed up under this address",
                remedy="sign up on the page first",
            )
        word = "may plan" if appointed else "may no longer plan"
        self.stdout.write(f"{options['email']} {word} the network")
