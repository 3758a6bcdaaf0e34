"""``python -m django import_network FILE``: bring sites into the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from nearmade.adapters.network_file import load_network
from nearmade.cloud.network.management.desk_command import DeskCommand
from nearmade.cloud.network.services import import_facility


class Command(DeskCommand):
    """Bring every facility of a file into the network, all or none."""

    help = "Bring the facilities of a network file in, or up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="JSON; see examples/networks/.")

    def act(self, **options: Any) -> None:
        """Import them."""
        with transaction.atomic():
            sites = [import_facility(one) for one in load_network(options["file"])]
        self.stdout.write(f"{len(sites)} sites are in the network")
