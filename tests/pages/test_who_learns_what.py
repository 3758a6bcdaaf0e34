"""Names of people who work at a site, and the one way in for staff."""

from __future__ import annotations

import pytest
from django.test import Client

from nearmade.cloud.orders.trail import record
from tests.cloud.workshop import NOON, a_person, an_order, the_lyon_fablab

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_the_api_names_people_of_a_site_to_those_who_work_there(
    client: Client,
) -> None:
    customer = a_person()
    order = an_order(the_lyon_fablab(), customer)
    record(order, "ordered", by=customer.email, at=NOON)
    record(order, "checked", by="grace@lab.example", at=NOON)

    def told() -> list[str]:
        trail = client.get(f"/api/orders/{order.pk}").json()["events"]
        return [event["by"] for event in trail][-2:]

    client.force_login(customer)
    assert told() == [customer.email, "a person at the site"]
    client.force_login(a_person("mod@example.org", is_moderator=True))
    assert told() == [customer.email, "grace@lab.example"]


def test_staff_sign_in_where_everybody_does(client: Client) -> None:
    answer = client.get("/admin/login/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
    client.force_login(a_person())
    assert client.get("/admin/login/").status_code == 403
