"""Who may see and do what: deny by default, checked in the query."""

from __future__ import annotations

import pytest

from nearmade.cloud.moderation.models import Case
from nearmade.cloud.moderation.services import decide, open_cases
from nearmade.cloud.network.services import (
    appoint_operator,
    issue_token,
    site_of_token,
    site_operated_by,
)
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.models import Order
from nearmade.cloud.shopfloor.services import confirm_checked
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import Conflict, InvalidInput, NotFound, Refused
from tests.cloud.workshop import (
    NOON,
    a_job,
    a_person,
    an_order,
    the_lyon_fablab,
    the_oslo_fablab,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_stranger_does_not_see_an_order() -> None:
    order = an_order(the_lyon_fablab(), a_person())
    with pytest.raises(NotFound):
        orders.order_seen_by(a_person("eve@example.org"), order.pk)


def test_customer_operator_and_moderator_see_an_order() -> None:
    site = the_lyon_fablab()
    customer = a_person()
    order = an_order(site, customer)
    operator = a_person("op@example.org")
    appoint_operator(operator, site)
    moderator = a_person("mod@example.org", is_moderator=True)
    for person in (customer, operator, moderator):
        assert orders.order_seen_by(person, order.pk).pk == order.pk


def test_an_operator_of_another_site_does_not_see_it() -> None:
    order = an_order(the_lyon_fablab(), a_person())
    operator = a_person("op@example.org")
    appoint_operator(operator, the_oslo_fablab())
    with pytest.raises(NotFound):
        orders.order_seen_by(operator, order.pk)
    with pytest.raises(NotFound):
        site_operated_by(operator, "lyon")


def test_only_the_customer_cancels_or_accepts() -> None:
    site = the_lyon_fablab()
    order = an_order(site, a_person())
    operator = a_person("op@example.org")
    appoint_operator(operator, site)
    with pytest.raises(NotFound):
        orders.cancel_order(operator, order.pk, now=NOON)
    with pytest.raises(NotFound):
        orders.accept_delivery(operator, order.pk, now=NOON)


def test_a_cancelled_order_stays_cancelled() -> None:
    customer = a_person()
    order = an_order(the_lyon_fablab(), customer)
    orders.cancel_order(customer, order.pk, now=NOON)
    with pytest.raises(Conflict):
        orders.cancel_order(customer, order.pk, now=NOON)


def test_a_job_is_checked_at_its_own_site_only() -> None:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    job = a_job(order, JobState.PRINTED)
    with pytest.raises(NotFound):
        confirm_checked(the_oslo_fablab(), job.pk, by="eve", note="", now=NOON)
    assert order.site is not None
    confirm_checked(order.site, job.pk, by="op", note="fine", now=NOON)
    order.refresh_from_db()
    assert order.state == Order.State.GATHERING


def test_a_token_opens_its_own_site_and_a_revoked_one_none() -> None:
    site = the_lyon_fablab()
    token = issue_token(site, now=NOON)
    assert site_of_token(token) == site
    site.tokens.update(revoked_at=NOON)
    with pytest.raises(Refused):
        site_of_token(token)
    assert token not in str(list(site.tokens.values()))


def test_the_review_list_is_for_moderators() -> None:
    with pytest.raises(Refused):
        open_cases(a_person())


def test_a_moderators_decision_needs_a_reason_and_is_final() -> None:
    moderator = a_person("mod@example.org", is_moderator=True)
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.REVIEW)
    case = Case.objects.create(order=order, verdict={}, opened_at=NOON)
    with pytest.raises(InvalidInput):
        decide(moderator, case.pk, allow=True, reason=" ", now=NOON)
    decide(moderator, case.pk, allow=False, reason="a copy", now=NOON)
    order.refresh_from_db()
    assert order.state == Order.State.REFUSED
    with pytest.raises(Conflict):
        decide(moderator, case.pk, allow=True, reason="changed my mind", now=NOON)
