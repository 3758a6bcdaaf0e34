"""An order made at two sites: gathered, assembled, delivered, accounted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from nearmade.cloud.network.models import Site
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.accounting import account, inventory_of
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.tasks import demo_carrier
from nearmade.cloud.shopfloor import services
from nearmade.cloud.shopfloor.models import Job
from nearmade.cloud.shopfloor.tasks import demo_operator
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import Conflict, NotFound
from tests.cloud.test_deciding import FIGURES, interval
from tests.cloud.workshop import (
    NOON,
    a_coupling,
    a_person,
    an_order,
    the_lyon_fablab,
    the_oslo_fablab,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def no_demo(settings: Settings) -> None:
    settings.CONFIGURATION = replace(settings.CONFIGURATION, demo=False)


def leg(origin: str, destination: str | None) -> dict[str, object]:
    return {
        "origin_site": origin,
        "destination_site": destination,
        "mode": "van",
        "distance_km": 1500.0,
        "mass_g": 30.0,
        "price_usd": 4.0,
        "gco2e": interval(50.0),
    }


def made_at_two_sites(*, demo: tuple[str, ...] = ()) -> Order:
    """Lyon and Oslo make one part each; Lyon puts them together."""
    lyon = the_lyon_fablab()
    the_oslo_fablab()
    Site.objects.filter(pk__in=demo).update(demo=True)
    order = an_order(
        lyon, a_person(), instance=a_coupling(), state=Order.State.SCREENED,
        deliver=True, demo=bool(demo),
    )  # fmt: skip
    [made] = order.quote["assignments"]
    there = {**made, "part": "cap", "site_id": "oslo", "machine_id": "oslo/mk3s"}
    order.quote["assignments"] = [made, there]
    order.quote["legs"] = [leg("oslo", "lyon"), leg("lyon", None)]
    order.quote["days"] = interval(3.0)
    order.save()
    services.make_order(order.pk, now=NOON)
    order.jobs.update(state="printed", figures=FIGURES)
    return order


def check_all(order: Order) -> None:
    for job in order.jobs.select_related("site"):
        services.confirm_checked(job.site, job.pk, by="op", note="", now=NOON)
    order.refresh_from_db()


def carriers_called() -> int:
    return ProcrastinateJob.objects.filter(task_name="orders.demo_carrier").count()


def legs(order: Order) -> list[str]:
    return [leg.state for leg in order.legs.all()]


def test_an_order_of_two_sites_goes_all_the_way() -> None:
    order = made_at_two_sites()
    check_all(order)
    assert (order.state, legs(order)) == ("gathering", ["travelling", "planned"])
    with pytest.raises(Conflict, match="not all here"):
        orders.confirm_assembled(order.pk, by="op", now=NOON)
    orders.confirm_arrived(order.pk, by="op", now=NOON)
    orders.confirm_assembled(order.pk, by="op", now=NOON)
    orders.hand_over(order.pk, by="op", now=NOON)
    order.refresh_from_db()
    assert (order.state, legs(order)) == ("travelling", ["arrived", "travelling"])
    orders.accept_delivery(order.customer, order.pk, now=NOON)
    assert [event.kind for event in order.events.all()] == [
        "planned",
        "checked",
        "checked",
        "components-sent",
        "components-arrived",
        "assembled",
        "handed-to-carrier",
        "delivered",
        "accepted-by-customer",
    ]
    accounts = ProcrastinateJob.objects.filter(task_name="orders.account_order")
    assert accounts.count() == 1
    assert carriers_called() == 0


def test_the_card_counts_both_sites_and_both_legs_once() -> None:
    order = made_at_two_sites()
    check_all(order)
    orders.confirm_arrived(order.pk, by="op", now=NOON)
    orders.confirm_assembled(order.pk, by="op", now=NOON)
    orders.hand_over(order.pk, by="op", now=NOON)
    orders.confirm_arrived(order.pk, by="carrier", now=NOON)
    account(order.pk, now=NOON)
    account(order.pk, now=NOON)
    order.refresh_from_db()
    assert order.impact is not None
    assert order.events.filter(kind="accounted").count() == 1


def test_steps_out_of_turn_are_conflicts() -> None:
    order = made_at_two_sites()
    for step in (orders.confirm_assembled, orders.hand_over):
        with pytest.raises(Conflict):
            step(order.pk, by="op", now=NOON)
    with pytest.raises(Conflict):
        orders.accept_delivery(order.customer, order.pk, now=NOON)
    with pytest.raises(NotFound):
        orders.accept_delivery(a_person("eve@example.org"), order.pk, now=NOON)


def test_a_delivery_is_accepted_once() -> None:
    order = made_at_two_sites()
    Order.objects.update(state=Order.State.DELIVERED)
    orders.accept_delivery(order.customer, order.pk, now=NOON)
    with pytest.raises(Conflict):
        orders.accept_delivery(order.customer, order.pk, now=NOON)


def test_arriving_twice_is_harmless() -> None:
    order = made_at_two_sites()
    check_all(order)
    orders.confirm_arrived(order.pk, by="op", now=NOON)
    orders.confirm_arrived(order.pk, by="op", now=NOON)
    assert order.events.filter(kind="components-arrived").count() == 1


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.CONFIGURATION = replace(settings.CONFIGURATION, demo=True)


@pytest.mark.usefixtures("demo")
def test_between_demo_sites_a_simulated_carrier_brings_it() -> None:
    order = made_at_two_sites(demo=("lyon", "oslo"))
    check_all(order)
    assert carriers_called() == 1
    demo_carrier(order_id=str(order.pk))
    assert legs(order) == ["arrived", "planned"]


@pytest.mark.usefixtures("demo")
def test_no_simulated_carrier_takes_goods_from_a_real_site() -> None:
    order = made_at_two_sites(demo=("lyon",))
    check_all(order)
    assert carriers_called() == 0


@pytest.mark.usefixtures("demo")
def test_a_simulated_operator_works_at_demo_sites_only() -> None:
    order = made_at_two_sites(demo=("oslo",))
    here = order.jobs.get(site_id="lyon")
    there = order.jobs.get(site_id="oslo")
    for job in (here, there):
        demo_operator(job_id=str(job.pk), generation=1)
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.state, there.state) == (JobState.PRINTED, JobState.CHECKED)
    services.confirm_checked(here.site, here.pk, by="op", note="", now=NOON)
    orders.confirm_arrived(order.pk, by="op", now=NOON)
    demo_operator(job_id=str(there.pk), generation=1)  # Lyon, the hub, is real
    order.refresh_from_db()
    assert order.state == Order.State.GATHERING


@pytest.mark.usefixtures("demo")
def test_a_simulated_operator_puts_together_what_a_demo_hub_gathered() -> None:
    order = made_at_two_sites(demo=("lyon", "oslo"))
    for job in Job.objects.all():
        demo_operator(job_id=str(job.pk), generation=1)
    demo_carrier(order_id=str(order.pk))
    demo_operator(job_id=str(Job.objects.all()[0].pk), generation=1)
    order.refresh_from_db()
    assert order.state == Order.State.TRAVELLING


def test_without_the_demo_nobody_simulated_works_even_at_demo_sites() -> None:
    order = made_at_two_sites(demo=("lyon", "oslo"))
    for job in Job.objects.all():
        demo_operator(job_id=str(job.pk), generation=1)
    assert set(order.jobs.values_list("state", flat=True)) == {"printed"}
    check_all(order)
    assert carriers_called() == 0


def test_an_order_that_its_customer_fetches_counts_no_way_of_theirs() -> None:
    order = made_at_two_sites()
    check_all(order)
    orders.confirm_arrived(order.pk, by="op", now=NOON)
    orders.confirm_assembled(order.pk, by="op", now=NOON)
    orders.hand_over(order.pk, by="op", now=NOON)
    orders.confirm_arrived(order.pk, by="carrier", now=NOON)
    order.refresh_from_db()
    order.deliver = True
    assert not inventory_of(order).fetched
    order.deliver = False
    fetched = inventory_of(order)
    assert fetched.fetched
    assert fetched.functional_unit.endswith("where its customer fetches it")
    *_, last = fetched.legs
    assert (last.mode, last.gco2e) == ("collect", None)
