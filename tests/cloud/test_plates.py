"""Jobs are plates: what a price counted is what is made."""

from __future__ import annotations

import pytest

from nearmade.cloud.orders.models import Order
from nearmade.cloud.shopfloor.plates import on_plates
from tests.cloud.workshop import a_coupling, a_person, an_order, the_lyon_fablab

pytestmark = [pytest.mark.database, pytest.mark.django_db]

MK3S = "mk3s-pla-0.20"


@pytest.fixture
def order() -> Order:
    """An order of the coupling, each part a cube of 20 mm."""
    return an_order(the_lyon_fablab(), a_person(), instance=a_coupling())


def names(order: Order) -> list[str]:
    return [part.name for part in order.instance.parts.all()]


def wanted(order: Order, *quantities: int) -> list[dict[str, object]]:
    return [
        {"name": name, "quantity": quantity}
        for name, quantity in zip(names(order), quantities, strict=False)
    ]


def test_copies_beyond_one_bed_are_builds_of_their_own(order: Order) -> None:
    # 72 cubes of 20 mm lie on the bed of a MK3S.
    builds = on_plates(order, MK3S, wanted(order, 150))
    assert [[part["quantity"] for part in build] for build in builds] == [
        [72], [72], [6],
    ]  # fmt: skip


def test_different_parts_share_a_build_but_not_with_other_infill(
    order: Order,
) -> None:
    both = wanted(order, 2, 3)
    if len(both) < 2:
        pytest.skip("the coupling has one part")
    (build,) = on_plates(order, MK3S, both)
    assert sorted(build, key=str) == sorted(both, key=str)
    other = order.instance.parts.all()[1]
    other.infill_fraction = 0.6
    other.save()
    assert on_plates(order, MK3S, both) == [[both[0]], [both[1]]]


def test_what_cannot_be_nested_stays_together(order: Order) -> None:
    stranger = [{"name": "unheard of", "quantity": 1}]
    assert on_plates(order, MK3S, stranger) == [stranger]
    parts = wanted(order, 1)
    assert on_plates(order, "no-such-profile", parts) == [parts]
