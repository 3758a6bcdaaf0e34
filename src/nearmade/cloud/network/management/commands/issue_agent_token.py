"""``python -m django issue_agent_token SITE``: let a site's agent in."""

from __future__ import annotations

from typing import Any

import tomli_w
from django.conf import settings
from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from nearmade.cloud.keys import platform_key
from nearmade.cloud.network.management.desk_command import DeskCommand
from nearmade.cloud.network.services import find_site, issue_token, revoke_tokens
from nearmade.production.signing import public_key_text


class Command(DeskCommand):
    """Print the lines that an agent's configuration begins with, its token among them.

    The token is shown this once; the platform keeps its hash alone.
    """

    help = "Issue a token for the agent of a site and print the head of its agent.toml."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the site."""
        parser.add_argument("site", help="Id of the site, such as lyon-lab.")
        parser.add_argument(
            "--revoke-others",
            action="store_true",
            help="End the tokens that this site had before.",
        )

    def act(self, **options: Any) -> None:
        """Issue the token."""
        now = timezone.now()
        configuration = settings.CONFIGURATION
        key = platform_key(configuration.data_dir)
        with transaction.atomic():
            site = find_site(options["site"])
            ended = revoke_tokens(site, now=now) if options["revoke_others"] else 0
            token = issue_token(site, now=now)
        head = {
            "platform_url": configuration.public_url,
            "site": site.pk,
            "token": token,
            "platform_key": public_key_text(key.public_key()),
        }
        self.stdout.write(tomli_w.dumps(head), ending="")
        if ended:
            self.stderr.write(f"{site.pk}: {ended} older tokens ended")
