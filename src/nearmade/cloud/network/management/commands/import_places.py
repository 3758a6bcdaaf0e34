"""``python -m django import_places FILE``: bring a public list into the register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from nearmade.cloud.network.listings import import_places
from nearmade.cloud.network.management.desk_command import DeskCommand
from nearmade.cloud.network.place_records import load_places
from nearmade.facilities.okw_places import FAB_LABS


class Command(DeskCommand):
    """Bring every place of a public list into the register, all or none."""

    help = "Bring the places of a public list in as unclaimed, or up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument(
            "file", type=Path, help="JSON list of fab labs; see docs/claiming.md."
        )

    def act(self, **options: Any) -> None:
        """Import them."""
        places = load_places(options["file"])
        done = import_places(places, now=timezone.now())
        self.stdout.write(
            f"{done.new} new places, {done.changed} changed, {done.same} as before; "
            f"{done.without_point} have no point on the map\n"
            f"source: {FAB_LABS.attribution} ({FAB_LABS.licence})"
        )
