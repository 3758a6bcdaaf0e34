"""An order of a running platform, found by its id with the platform's own settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from nearmade.cloud.configuration import Configuration, read_configuration
from nearmade.vocabulary.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from nearmade.cloud.orders.models import Order


def order_named(source: Path) -> UUID | None:
    """Give the id of an order, where SOURCE is one and no file is called so."""
    if source.exists():
        return None
    try:
        return UUID(str(source))
    except ValueError:
        return None


def order_on_platform(order_id: UUID) -> Order:
    """Read an order from the platform's database, as its operator may.

    ``NEARMADE_DATA_DIR`` or ``DATABASE_URL`` say where it is, as for ``nearmade up``.

    Raises
    ------
    NotFound
        When there is no such order.
    Unavailable
        When no platform answers there.
    """
    configuration = read_configuration(os.environ)
    if not (configuration.database_url or configuration.postgres_dir.is_dir()):
        raise _no_platform(order_id, configuration)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nearmade.cloud.settings")
    import django
    from django.db import Error

    django.setup()
    from nearmade.cloud.orders.models import Order

    try:
        found = Order.objects.select_related("instance__design_version", "site").filter(
            pk=order_id
        )
        order = found.first()
    except Error as error:
        raise _no_platform(order_id, configuration) from error
    if order is None:
        raise NotFound(
            f"order {order_id}: this platform has none of that id",
            remedy="copy the id from the order's address, or give a file",
        )
    return order


def _no_platform(order_id: UUID, configuration: Configuration) -> Unavailable:
    where = "DATABASE_URL" if configuration.database_url else configuration.data_dir
    return Unavailable(
        f"order {order_id}: no platform answers at {where}",
        remedy="start it with nearmade up, or set NEARMADE_DATA_DIR to its folder",
    )
