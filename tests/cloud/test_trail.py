"""The trail of an order can only grow."""

import pytest
from django.db import DatabaseError, transaction

from nearmade.cloud.orders.trail import lock_order, record
from tests.cloud.workshop import NOON, a_person, an_order, the_lyon_fablab

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_lines_are_numbered_from_one_without_gaps() -> None:
    order = an_order(the_lyon_fablab(), a_person())
    with transaction.atomic():
        held = lock_order(order.pk)
        for kind in ("ordered", "screened", "planned"):
            record(held, kind, by="test", at=NOON)
    assert list(order.events.values_list("number", "kind")) == [
        (1, "ordered"),
        (2, "screened"),
        (3, "planned"),
    ]


def test_the_database_refuses_to_change_a_line() -> None:
    order = an_order(the_lyon_fablab(), a_person())
    line = record(order, "ordered", by="test", at=NOON)
    line.kind = "never-happened"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        line.save()


def test_the_database_refuses_to_delete_a_line() -> None:
    order = an_order(the_lyon_fablab(), a_person())
    line = record(order, "ordered", by="test", at=NOON)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        line.delete()
