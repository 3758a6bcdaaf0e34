"""Watching an order: what is told, and what it costs the database."""

from __future__ import annotations

import pytest
from django.db import connection

from nearmade.cloud.live import look
from nearmade.cloud.orders.trail import record
from tests.cloud.workshop import NOON, a_person, an_order, the_lyon_fablab

pytestmark = pytest.mark.database


@pytest.mark.usefixtures("an_empty_queue")
@pytest.mark.django_db(transaction=True)
def test_a_watcher_holds_no_connection_between_two_looks() -> None:
    order = an_order(the_lyon_fablab(), a_person())
    assert look(order.pk)["state"] == order.state
    assert connection.connection is None


@pytest.mark.django_db
def test_a_watcher_is_not_told_who_works_at_the_site() -> None:
    order = an_order(the_lyon_fablab(), a_person())
    record(order, "checked", by="grace@lab.example", at=NOON)
    assert "grace@lab.example" not in str(look(order.pk))
