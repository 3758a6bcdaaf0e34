"""``python -m django appoint_operator EMAIL SITE``: let a person act for a site."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from nearmade.cloud.network.management.desk_command import DeskCommand
from nearmade.cloud.network.services import appoint_operator, find_site
from nearmade.cloud.people.models import User
from nearmade.vocabulary.errors import NotFound


class Command(DeskCommand):
    """Appoint a person who has signed up already."""

    help = "Let a person who has signed up act for a site."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the person and the site."""
        parser.add_argument("email")
        parser.add_argument("site", help="Id of the site, such as lyon-lab.")

    def act(self, **options: Any) -> None:
        """Appoint them."""
        site = find_site(options["site"])
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise NotFound(
                f"person {options['email']!r}: nobody signed up under this address",
                remedy="sign up on the page first",
            )
        appoint_operator(user, site)
        self.stdout.write(f"{user.email} may act for {site.pk}")
