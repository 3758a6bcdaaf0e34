"""A screening that breaks holds the order; it neither passes nor gets lost."""

from __future__ import annotations

import pytest

from nearmade.cloud.catalogue.models import InstancePart
from nearmade.cloud.moderation.models import Case
from nearmade.cloud.moderation.tasks import screen_order
from nearmade.cloud.orders.models import Order
from tests.cloud.workshop import a_person, an_order, the_lyon_fablab

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_facts_that_nobody_can_read_hold_the_order_for_a_person() -> None:
    order = an_order(the_lyon_fablab(), a_person())
    InstancePart.objects.create(
        instance=order.instance,
        position=0,
        name="odd",
        title="Odd",
        quantity=1,
        materials=["PLA"],
        infill_fraction=0.2,
        mesh_sha256="1" * 64,
        canonical_sha256="2" * 64,
        facts={"nothing": "we know"},
        glb_sha256="3" * 64,
    )
    screen_order(str(order.pk))
    order.refresh_from_db()
    assert order.state == Order.State.REVIEW
    assert "the check itself failed" in str(Case.objects.get(order=order).verdict)
