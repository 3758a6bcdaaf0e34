"""Placing an order: one click one order, at no more than was shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import import_facility
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.quotes import find_offer, quote_near
from nearmade.cloud.people.models import User
from nearmade.facilities.record import facility_from_record
from nearmade.vocabulary.errors import Conflict, InvalidInput, NotFound
from tests.cloud.workshop import (
    LYON,
    NOON,
    a_coupling,
    a_person,
    facility_in_words,
    the_lyon_fablab,
    the_oslo_fablab,
    the_quito_fablab,
)

pytestmark = pytest.mark.database


def a_wish(
    instance: Instance, offer: str = "site:lyon", key: str = "", most: int | None = None
) -> orders.Wish:
    return orders.Wish(instance.key, offer, LYON, False, key, most)


def place(customer: User, wish: orders.Wish) -> Order:
    return orders.place_order(customer, wish, now=NOON)


@pytest.mark.django_db
def test_an_order_keeps_the_offer_and_is_screened_next() -> None:
    the_lyon_fablab()
    instance = a_coupling()
    offer = find_offer(quote_near(instance, LYON, deliver=False, now=NOON), "site:lyon")
    order = place(a_person(), a_wish(instance))
    assert order.quote["price"] == offer["price"]
    assert order.price_minor == offer["price"]["total_minor"]
    assert (order.state, order.asked) == (Order.State.ORDERED, ["lyon"])
    assert [event.kind for event in order.events.all()] == ["ordered"]
    deferred = ProcrastinateJob.objects.get(task_name="moderation.screen_order")
    assert deferred.args == {"order_id": str(order.pk)}


@pytest.mark.django_db
def test_the_same_key_gives_the_same_order_and_one_screening() -> None:
    the_lyon_fablab()
    wish, customer = a_wish(a_coupling(), key="click-1"), a_person()
    assert place(customer, wish).pk == place(customer, wish).pk
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_of_another_customer_is_another_order() -> None:
    the_lyon_fablab()
    wish = a_wish(a_coupling(), key="click-1")
    first = place(a_person(), wish)
    assert place(a_person("eve@example.org"), wish).pk != first.pk


@pytest.mark.usefixtures("an_empty_queue")
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_order() -> None:
    the_lyon_fablab()
    wish, customer = a_wish(a_coupling(), key="click-1"), a_person()
    together = Barrier(2)

    def click(_: int) -> Order:
        together.wait(20)
        try:
            return place(customer, wish)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(click, range(2))
    assert first.pk == second.pk
    assert Order.objects.count() == 1
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db
def test_without_a_key_a_broken_rule_of_the_database_gives_no_other_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    the_lyon_fablab()
    wish, customer = a_wish(a_coupling()), a_person()
    place(customer, wish)

    def broken(*_: object) -> Order:
        raise IntegrityError("some other rule")

    monkeypatch.setattr(orders, "_store", broken)
    with pytest.raises(IntegrityError):
        place(customer, wish)


@pytest.mark.django_db
def test_an_offer_that_is_gone_is_not_taken() -> None:
    the_lyon_fablab()
    instance = a_coupling()
    Site.objects.all().delete()
    with pytest.raises(NotFound, match="no longer open"):
        place(a_person(), a_wish(instance))
    assert not Order.objects.exists()


@pytest.mark.django_db
def test_an_instance_that_nobody_rendered_or_that_is_not_ready_is_not_ordered() -> None:
    the_lyon_fablab()
    instance = a_coupling()
    with pytest.raises(NotFound):
        place(a_person(), orders.Wish("f" * 64, "site:lyon", LYON, False))
    Instance.objects.update(state=Instance.State.RENDERING)
    with pytest.raises(Conflict):
        place(a_person("b@example.org"), a_wish(instance))


@pytest.mark.django_db
def test_a_price_that_has_risen_since_it_was_shown_is_not_taken() -> None:
    the_lyon_fablab()
    instance, customer = a_coupling(), a_person()
    quote = quote_near(instance, LYON, deliver=False, now=NOON)
    shown = find_offer(quote, "site:lyon")["price"]["total_minor"]
    with pytest.raises(Conflict, match="more than was shown"):
        place(customer, a_wish(instance, most=shown - 1))
    assert place(customer, a_wish(instance, most=shown)).price_minor == shown


@pytest.mark.django_db
def test_the_items_of_every_price_add_up_to_its_total() -> None:
    """Money in words is "12.30 EUR"; cents are counted here."""
    for site in (the_lyon_fablab, the_oslo_fablab, the_quito_fablab):
        site()
    for deliver in (True, False):
        quote = quote_near(a_coupling_once(), LYON, deliver=deliver, now=NOON)
        assert len(quote["offers"]) >= 3
        for offer in quote["offers"]:
            price = offer["price"]
            cents = [
                round(float(item["amount"].split()[0]) * 100) for item in price["items"]
            ]
            assert sum(cents) == price["total_minor"]
            assert price["low_minor"] <= price["total_minor"] <= price["high_minor"]


def a_coupling_once() -> Instance:
    return Instance.objects.filter(key="c" * 64).first() or a_coupling()


@pytest.mark.django_db
def test_a_quote_takes_as_many_queries_for_thirty_sites_as_for_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    instance = a_coupling()
    for number in range(30):
        words = facility_in_words(f"lab-{number}", "Lyon")
        import_facility(facility_from_record(words))
    with django_assert_max_num_queries(8):
        quote_near(instance, LYON, deliver=False, now=NOON)


@pytest.mark.parametrize("key", ["x" * 81, "a b", "nul\0", "ü"])
def test_a_key_that_does_not_fit_its_column_is_refused(key: str) -> None:
    with pytest.raises(InvalidInput):
        orders.Wish("c" * 64, "site:lyon", LYON, False, key)


def test_a_wish_from_a_form_needs_instance_and_offer_and_a_whole_price() -> None:
    wished = {"instance_key": "c" * 64, "offer_id": "site:lyon"}
    assert orders.wish_from({**wished, "at_most_minor": "900"}, LYON).at_most_minor == (
        900
    )
    for broken in (
        {"offer_id": ""},
        {"instance_key": None},
        {"at_most_minor": "-1"},
        {"at_most_minor": "9" * 5000},
    ):
        with pytest.raises(InvalidInput):
            orders.wish_from({**wished, **broken}, LYON)
