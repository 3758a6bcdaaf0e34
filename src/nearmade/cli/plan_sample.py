"""``nearmade plan sample``: invent a network and orders, to try the planner."""

from __future__ import annotations

from pathlib import Path

import click

from nearmade.adapters.plan_files import write_record
from nearmade.cli.files import make_folder
from nearmade.cli.main import emit
from nearmade.cli.plan_network import MOST_SEED
from nearmade.cli.targets import (
    check_folder,
    check_target,
    force_option,
    out_option,
)
from nearmade.planning.network.network_record import network_record
from nearmade.planning.network.orders_record import orders_record
from nearmade.planning.network.sample import Outsourcing, SampleWish, sample_tables

NETWORK_NAME, ORDERS_NAME = "NETWORK.json", "ORDERS.json"


@click.command(
    "sample",
    epilog="""\b
Examples:
  nearmade plan sample --facilities 1000 --orders 4000 --seed 1 --out example
  nearmade plan sample --facilities 100 --days 5 --hubs 3 --off-grid 0.2 --out small
""",
)
@click.option("--facilities", default=100, show_default=True, type=int)
@click.option("--orders", type=int, help="[default: four for each facility]")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, MOST_SEED))
@click.option(
    "--load",
    default=0.6,
    show_default=True,
    type=float,
    help="Hours asked over hours there are.",
)
@click.option(
    "--hubs",
    default=3,
    show_default=True,
    type=int,
    help="Hubs open to each order; 0 sends it straight to the customer.",
)
@click.option(
    "--candidates", default=16, show_default=True, type=int, help="For each component."
)
@click.option(
    "--days",
    default=5,
    show_default=True,
    type=int,
    help="With 1 there are no dates, only hours.",
)
@click.option(
    "--outsourcing",
    default="normal",
    show_default=True,
    type=click.Choice(["normal", "dear"]),
    help="Price of the central factory.",
)
@click.option(
    "--off-grid",
    default=0.0,
    show_default=True,
    type=float,
    help="Share of sites with an energy budget.",
)
@click.option(
    "--scarce",
    default=0.0,
    show_default=True,
    type=float,
    help="Share of sites with little of one material.",
)
@click.option(
    "--panels",
    default=0.0,
    show_default=True,
    type=float,
    help="Share of sites with panels beside their grid: carbon by day.",
)
@out_option("Folder for NETWORK.json and ORDERS.json.", required=True, folder=True)
@force_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    facilities: int,
    orders: int | None,
    seed: int,
    load: float,
    hubs: int,
    candidates: int,
    days: int,
    outsourcing: Outsourcing,
    off_grid: float,
    scarce: float,
    panels: float,
    out: Path,
    force: bool,
    as_json: bool,
) -> None:
    """Invent a network and its orders by seed: the same seed, the same files.

    Everything in them is synthetic: no real place, price or person.
    """
    wish = SampleWish(
        facilities,
        orders,
        seed,
        load,
        hubs,
        candidates,
        days,
        outsourcing,
        off_grid,
        scarce,
        panel_fraction=panels,
    )
    check_folder(out)
    make_folder(out)
    network_file, orders_file = out / NETWORK_NAME, out / ORDERS_NAME
    for path in (network_file, orders_file):
        check_target(path, force=force)
    network, book = sample_tables(wish)
    result = {
        "network": {
            "file": str(network_file),
            "sha256": write_record(network_file, network_record(network)),
        },
        "orders": {
            "file": str(orders_file),
            "sha256": write_record(orders_file, orders_record(book, network)),
        },
        "sites": len(network.site_id),
        "order_count": len(book.order_id),
        "components": len(book.component_id),
        "candidates": len(book.group),
    }
    page = (
        f"{network_file}: {len(network.site_id)} invented sites\n"
        f"{orders_file}: {len(book.order_id)} orders, {len(book.component_id)} "
        f"components, {len(book.group)} candidates"
    )
    emit(result, page, as_json=as_json)
