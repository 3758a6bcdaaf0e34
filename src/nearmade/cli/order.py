"""``nearmade order``: one order from wish to impact card, without a browser."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from nearmade.cli.customise import find_design, given_values
from nearmade.cli.main import emit
from nearmade.cloud.configuration import read_configuration
from nearmade.vocabulary.errors import Conflict, InvalidInput, Unavailable

if TYPE_CHECKING:
    from nearmade.cli.launch import Running
    from nearmade.cloud.orders.models import Order
    from nearmade.vocabulary.place import Place

CHOICES = ("cheapest", "soonest", "greenest")
FIGURES = {
    "cheapest": lambda offer: offer["price"]["total_usd"],
    "soonest": lambda offer: offer["days"]["value"],
    "greenest": lambda offer: offer["gco2e"]["value"],
}
RENDERED_WITHIN_S = 120.0


def say(line: str) -> None:
    """Tell a person what is being done."""
    click.echo(line, err=True)


@click.command()
@click.argument("design")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE")
@click.option("--to", "to", required=True, help='A place, such as "Nairobi, KE".')
@click.option("--deliver/--collect", default=False, show_default=True)
@click.option(
    "--choose", type=click.Choice(CHOICES), default="cheapest", show_default=True
)
@click.option("--site", default="", help="Order at this site of the demo network.")
@click.option(
    "--speed", default=600.0, show_default=True, type=click.FloatRange(min=1),
    help="How many times faster the simulated printer runs.",
)  # fmt: skip
@click.option(
    "--timeout", "timeout_s", default=600.0, show_default=True,
    type=click.FloatRange(min=1), help="Seconds before giving up.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
def command(
    design: str, given: tuple[str, ...], to: str, deliver: bool, choose: str,
    site: str, speed: float, timeout_s: float, as_json: bool,
) -> None:  # fmt: skip
    """Order DESIGN in the demo network and follow it to the impact card.

    The network is synthetic and its printers are simulated; everything else is real.

    Example: nearmade order spectacles --set pupillary_distance=62 --to "Nairobi, KE"
    """
    from nearmade.adapters.design_folder import load_design
    from nearmade.adapters.places import one_place
    from nearmade.adapters.supervisor import free_port
    from nearmade.cli.launch import launch
    from nearmade.cli.up import wait_until_up
    from nearmade.designs.values import validate

    place = one_place(to)
    values = given_values(given)
    folder = find_design(design)
    validate(load_design(folder).design.parameters, values)  # before anything starts
    port = free_port()
    os.environ["NEARMADE_DEMO"] = "1"
    os.environ["NEARMADE_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
    whole = read_configuration(os.environ)
    configuration = dataclasses.replace(whole, data_dir=whole.data_dir / "cli")
    with launch(
        configuration, host="127.0.0.1", port=port, say=say, designs=[folder]
    ) as running:
        wait_until_up(configuration.public_url, running.supervisor.run_dir)
        offer = _offer(folder.name, values, place, deliver, choose, site)
        order = _place(running, offer, place, deliver)
        for site_id in {made["site_id"] for made in offer["assignments"]}:
            running.start_agent(site_id, speed=speed)
        _follow(running, order, timeout_s)
        result = _result(order)
    emit(result, _lines(result), as_json=as_json)


def _offer(
    design: str, values: Mapping[str, str], place: Place, deliver: bool, choose: str,
    site: str,
) -> dict[str, Any]:  # fmt: skip
    """Render the design and choose among the quotes."""
    from nearmade.cloud.catalogue.services import current_version, request_instance
    from nearmade.cloud.orders.quotes import quote_near

    now = datetime.now(UTC)
    instance = request_instance(current_version(design), values, now=now)
    say(f"{design}: rendering")
    deadline_s = time.monotonic() + RENDERED_WITHIN_S
    while instance.state == instance.State.RENDERING:
        if time.monotonic() > deadline_s:
            raise Unavailable(f"{design}: not rendered in {RENDERED_WITHIN_S:.0f} s")
        time.sleep(0.3)
        instance.refresh_from_db()
    if instance.state == instance.State.FAILED:
        raise InvalidInput(f"{design}: {instance.problem}")
    quote = quote_near(instance, place, deliver=deliver, now=now)
    offers = [
        {**offer, "instance_key": instance.key}
        for offer in quote["offers"]
        if offer["kind"] == "site" and site in ("", offer["site_id"])
    ]
    if not offers:
        where = site or f"near {place}"
        raise Conflict(f"{design}: no site can make it {where}")
    chosen = min(offers, key=FIGURES[choose])
    say(
        f"{len(offers)} offers near {place}; {choose}: {chosen['site_name']}, "
        f"{chosen['price']['total']}, {chosen['distance_km']:.0f} km"
    )
    return chosen


def _place(
    running: Running, offer: dict[str, Any], place: Place, deliver: bool
) -> Order:
    from nearmade.cloud.orders.services import Wish, place_order

    assert running.people is not None
    wish = Wish(offer["instance_key"], offer["id"], place, deliver)
    return place_order(running.people.customer, wish, now=datetime.now(UTC))


def _follow(running: Running, order: Order, timeout_s: float) -> None:
    """Tell each new line of the trail until the card is there."""
    from nearmade.cloud.orders.services import accept_delivery

    deadline_s = time.monotonic() + timeout_s
    told = 0
    while True:
        for event in order.events.filter(number__gt=told):
            told = event.number
            say(f"{event.at:%H:%M:%S}  {event.kind}  ({event.by})")
        order.refresh_from_db()
        if order.state == order.State.ACCEPTED and order.impact:
            return
        if order.state == order.State.DELIVERED and order.impact:
            accept_delivery(order.customer, order.pk, now=datetime.now(UTC))
            continue
        if order.closed_at and order.state != order.State.ACCEPTED:
            raise Conflict(f"{order}: {order.state}")
        if time.monotonic() > deadline_s:
            raise Unavailable(f"{order}: {order.state} after {timeout_s:.0f} s")
        running.supervisor.watch_once()
        time.sleep(0.3)


def _result(order: Order) -> dict[str, Any]:
    from nearmade.cloud.orders.accounting import inventory_of
    from nearmade.cloud.orders.records import place_from
    from nearmade.impact.case import case_of
    from nearmade.impact.case_writing import record_of_case

    case = case_of(inventory_of(order), place_from(order.place))
    return {
        "order": str(order.pk),
        "state": order.state,
        "site": order.site_id,
        "simulated": order.demo,
        "price": order.quote["price"]["total"],
        "events": [
            {"number": event.number, "kind": event.kind, "at": event.at.isoformat()}
            for event in order.events.all()
        ],
        "impact": json.loads(json.dumps(order.impact)),
        "case": record_of_case(case),
    }


def _lines(result: dict[str, Any]) -> str:
    card = result["impact"]
    rows = [f"Order {result['order']} at {result['site']}: {result['price']}"]
    rows.append(card["functional_unit"])
    for name, title, unit in (
        ("price_usd", "money", "USD"),
        ("days", "time", "days"),
        ("electricity_kwh", "electricity", "kWh"),
        ("kgco2e", "climate", "kg CO2e"),
        ("ced_mj", "energy", "MJ"),
    ):
        here, central = card["here"][name], card["central"][name]
        if here is None or central is None:
            continue
        rows.append(
            f"  {title:12} here {here['value']:9.3g} ({here['low']:.3g} to "
            f"{here['high']:.3g})   central {central['value']:9.3g} "
            f"({central['low']:.3g} to {central['high']:.3g}) {unit}"
        )
    rows += [f"  note: {note}" for note in card["notes"]]
    return "\n".join(rows)
