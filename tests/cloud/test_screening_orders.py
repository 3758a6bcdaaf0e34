"""From order to screening to a person's decision: in doubt nothing is made."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.cloud.blobs import put_blob
from nearmade.cloud.catalogue.models import Instance, InstancePart
from nearmade.cloud.moderation.models import BlockEntry, Case
from nearmade.cloud.moderation.services import apply_verdict, decide, open_cases
from nearmade.cloud.moderation.tasks import screen_order
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.models import Order
from nearmade.cloud.shopfloor.models import Job
from nearmade.cloud.shopfloor.services import make_order
from nearmade.screening.verdict import Verdict
from nearmade.vocabulary.errors import Conflict, NotFound, Refused
from nearmade.vocabulary.identity import sha256_of
from tests.cloud.workshop import (
    NOON,
    a_coupling,
    a_person,
    a_rendered_instance,
    an_order,
    the_lyon_fablab,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def an_order_of(instance: Instance) -> Order:
    return an_order(the_lyon_fablab(), a_person(), instance=instance)


def screened(order: Order) -> Order:
    screen_order(order_id=str(order.pk))
    order.refresh_from_db()
    return order


def asked_to_make(order: Order) -> bool:
    jobs = ProcrastinateJob.objects.filter(task_name="shopfloor.make_order")
    return any(job.args == {"order_id": str(order.pk)} for job in jobs)


def block(decision: str = "review", **hashes: str) -> None:
    BlockEntry.objects.create(decision=decision, reason_code="a-test-cube", **hashes)


def test_an_ordinary_part_is_screened_and_made() -> None:
    order = screened(an_order_of(a_coupling()))
    assert order.state == Order.State.SCREENED
    assert asked_to_make(order)


def test_a_blocked_mesh_is_held_and_nothing_is_made() -> None:
    instance = a_coupling()
    mesh = InstancePart.objects.values_list("mesh_sha256", flat=True)[0]
    block(sha256=mesh)
    order = screened(an_order_of(instance))
    assert order.state == Order.State.REVIEW
    assert not asked_to_make(order)
    assert make_order(order.pk, now=NOON) == []
    assert Case.objects.get().order == order


def test_the_same_shape_written_otherwise_is_held_by_its_canonical_hash() -> None:
    instance = a_coupling()
    block(canonical_sha256="d" * 64)
    InstancePart.objects.update(mesh_sha256=put_blob(b"another file, the same shape"))
    order = screened(an_order_of(instance))
    assert order.state == Order.State.REVIEW
    assert not asked_to_make(order)


def test_a_blocked_assembly_is_held_though_its_parts_are_not() -> None:
    instance = a_coupling()
    instance.assembly_sha256 = sha256_of(b"together")
    instance.save()
    block(sha256=instance.assembly_sha256)
    assert screened(an_order_of(instance)).state == Order.State.REVIEW


def test_a_refused_mesh_ends_the_order() -> None:
    instance = a_coupling()
    block("refuse", canonical_sha256="d" * 64)
    order = screened(an_order_of(instance))
    assert order.state == Order.State.REFUSED
    assert order.closed_at is not None
    assert not asked_to_make(order)


def test_a_check_that_fails_holds_the_order() -> None:
    order = screened(an_order_of(a_rendered_instance()))  # its files are not there
    assert order.state == Order.State.REVIEW
    assert Case.objects.get().verdict["reasons"][0]["rule"] == "check-failed"


def test_a_broken_block_list_holds_the_order() -> None:
    block(sha256="not a hash")
    assert screened(an_order_of(a_coupling())).state == Order.State.REVIEW


def test_screening_twice_changes_nothing() -> None:
    order = screened(an_order_of(a_coupling()))
    screened(order)
    assert [e.kind for e in order.events.all()] == ["screened"]
    jobs = ProcrastinateJob.objects.filter(task_name="shopfloor.make_order")
    assert jobs.count() == 1


def held_case() -> Case:
    order = an_order_of(a_rendered_instance())
    apply_verdict(order.pk, Verdict("review", ()), now=NOON)
    return Case.objects.select_related("order__customer").get()


def test_what_a_moderator_allows_goes_to_production() -> None:
    case = held_case()
    moderator = a_person("mod@example.org", is_moderator=True)
    decide(moderator, case.pk, allow=True, reason="a pot", now=NOON)
    case.order.refresh_from_db()
    assert case.order.state == Order.State.SCREENED
    assert asked_to_make(case.order)
    [job] = make_order(case.order.pk, now=NOON)
    assert job.machine_id == "lyon/mk3s"


def test_what_a_moderator_refuses_is_never_made() -> None:
    case = held_case()
    moderator = a_person("mod@example.org", is_moderator=True)
    decide(moderator, case.pk, allow=False, reason="a copy", now=NOON)
    case.order.refresh_from_db()
    assert case.order.state == Order.State.REFUSED
    assert make_order(case.order.pk, now=NOON) == []
    assert not Job.objects.exists()


def test_the_trail_does_not_name_the_moderator_but_the_case_does() -> None:
    case = held_case()
    moderator = a_person("mod@example.org", is_moderator=True)
    decide(moderator, case.pk, allow=False, reason="a copy", now=NOON)
    case.refresh_from_db()
    assert case.decided_by == moderator
    assert "mod@" not in str([e.by for e in case.order.events.all()])


def test_an_order_cancelled_while_held_cannot_be_allowed_any_more() -> None:
    case = held_case()
    moderator = a_person("mod@example.org", is_moderator=True)
    orders.cancel_order(case.order.customer, case.order.pk, now=NOON)
    assert not open_cases(moderator).exists()
    with pytest.raises(Conflict):
        decide(moderator, case.pk, allow=True, reason="fine", now=NOON)
    case.order.refresh_from_db()
    assert case.order.state == Order.State.CANCELLED


def test_nobody_allows_an_order_of_their_own() -> None:
    case = held_case()
    customer = case.order.customer
    customer.is_moderator = True
    customer.save()
    with pytest.raises(Refused):
        decide(customer, case.pk, allow=True, reason="mine", now=NOON)


def test_a_case_that_does_not_exist_is_not_found() -> None:
    moderator = a_person("mod@example.org", is_moderator=True)
    with pytest.raises(NotFound):
        decide(moderator, 404, allow=True, reason="fine", now=NOON)
