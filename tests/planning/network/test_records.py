"""Networks, orders and plans as records: kept whole, refused with place and remedy."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.network_record import (
    network_from_record,
    network_record,
)
from nearmade.planning.network.orders_record import orders_from_record, orders_record
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.plan_record import (
    Made,
    Origin,
    checksum,
    origin_from_record,
    plan_from_record,
    plan_record,
    weights_from_record,
)
from nearmade.planning.network.sample import SampleWish, sample_tables
from nearmade.planning.network.tables import Network, OrderBook
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import Weights, price_problem
from nearmade.vocabulary.errors import InvalidInput
from tests.planning.network.small_plans import made_of, order, orders, part, two_sites

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "planning.schema.json"


def sampled(seed: int = 1, days: int = 3) -> tuple[Network, OrderBook]:
    return sample_tables(
        SampleWish(
            12,
            10,
            seed,
            hubs=2,
            days=days,
            candidates=4,
            off_grid_fraction=0.4,
            scarce_fraction=0.4,
            panel_fraction=0.5,
        )
    )


def same(one: Any, other: Any) -> bool:
    """Whether two tables hold the same, numbers to six digits after the point."""
    for column in fields(one):
        a, b = getattr(one, column.name), getattr(other, column.name)
        if isinstance(a, np.ndarray):
            if a.shape != b.shape or not np.allclose(
                a, b, atol=1e-6, rtol=0, equal_nan=True
            ):
                return False
        elif column.name == "legs":
            if not same(a, b):
                return False
        elif (list(a) if isinstance(a, (list, tuple)) else a) != (
            list(b) if isinstance(b, (list, tuple)) else b
        ):
            return False
    return True


@given(st.integers(0, 500), st.sampled_from([1, 3]))
def test_networks_and_orders_come_back_as_they_were(seed: int, days: int) -> None:
    network, book = sampled(seed, days)
    text = json.dumps([network_record(network), orders_record(book, network)])
    records = json.loads(text)
    read = network_from_record(records[0])
    assert same(network, read)
    assert same(book, orders_from_record(records[1], read))


def test_the_small_network_comes_back_with_all_its_fields() -> None:
    record = two_sites() | {
        "first_day": "2026-11-23",
        "legs": [{"site": "far", "hub": "hub", "usd": 7.0, "gco2e": 5.0, "days": 0}],
        "central": {"name": "Big Factory"},
        "note": "by hand",
    }
    network = network_from_record(record)
    assert same(network, network_from_record(network_record(network)))
    assert network_record(network)["first_day"] == "2026-11-23"


def a_plan(seed: int = 1) -> tuple[Made, NetworkPlan, dict[str, Any]]:
    network, book = sampled(seed)
    made = Made(network, book, build_problem(network, book))
    weights = Weights()
    priced = price_problem(made.problem, weights)
    plan = first_come(priced)
    evaluation = evaluate(priced, plan.way, plan.candidate)
    origin = Origin("N.json", "O.json", "0" * 64, "1" * 64, "by hand", 7)
    record = plan_record(made, plan, weights, evaluation, origin)
    return made, plan, json.loads(json.dumps(record))


@given(st.integers(0, 500))
def test_a_plan_comes_back_as_it_was(seed: int) -> None:
    made, plan, record = a_plan(seed)
    read = plan_from_record(record, made)
    np.testing.assert_array_equal(plan.way, read.way)
    np.testing.assert_array_equal(plan.candidate, read.candidate)
    assert (plan.cost_usd, plan.bound_usd) == (read.cost_usd, read.bound_usd)
    assert checksum(record) == record["sha256"]
    assert weights_from_record(record["weights"]) == Weights()
    assert origin_from_record(record).network_file == "N.json"
    priced = price_problem(made.problem, Weights())
    assert verify(priced, read).stands


def validator(name: str) -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})


def test_what_is_written_keeps_to_the_published_schema() -> None:
    network, book = sampled()
    validator("network").validate(network_record(network))
    validator("network").validate(two_sites())
    validator("orders").validate(orders_record(book, network))
    validator("orders").validate(orders(order("a"), order("b", hubs=[])))
    validator("plan").validate(a_plan()[2])


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    record = two_sites()
    record["sites"][0]["groups"][0]["hours"] = -1.0
    assert not validator("network").is_valid(record)
    assert not validator("orders").is_valid(orders(order("a", due_day=1.5)))


Change = Callable[[Any], None]


def at(*path: str | int, value: Any) -> Change:
    """Give what sets a value in a record."""

    def change(record: Any) -> None:
        for step in path[:-1]:
            record = record[step]
        record[path[-1]] = value

    return change


def without(*path: str | int) -> Change:
    def change(record: Any) -> None:
        for step in path[:-1]:
            record = record[step]
        del record[path[-1]]

    return change


GROUP = ("sites", 0, "groups", 0)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (at("schema", value="other"), r"network\.schema"),
        (without("sites"), r"network\.sites: is missing"),
        (at("sites", value={}), r"network\.sites: must be a list"),
        (at("sites", 1, value=3), r"network\.sites\[1\]: must be an object"),
        (at("sites", 1, "id", value="near"), r"sites\[1\]\.id: 'near' is there twice"),
        (at("sites", 1, "id", value=""), r"sites\[1\]\.id: must be a text"),
        (at("sites", 0, "lat_deg", value=91), r"sites\[0\]\.lat_deg: must be at"),
        (at("sites", 0, "lat_deg", value="1"), r"lat_deg: must be a number"),
        (at("sites", 0, "lat_deg", value=True), r"lat_deg: must be a number"),
        (at("sites", 0, "lat_deg", value=math.nan), r"lat_deg: must be at least"),
        (at("sites", 0, "latdeg", value=1), r"latdeg: is not a field"),
        (at("sites", 1, "energy_wh", value=[1.0]), r"energy_wh: must have 2 days"),
        (at("sites", 1, "stock", 0, "material", value="X"), r"names no material"),
        (at("sites", 1, "stock", 0, "g", value=-1), r"stock\[0\]\.g: must be at least"),
        (at(*GROUP, "hours", value=-1), r"groups\[0\]\.hours: must be at least 0"),
        (at(*GROUP, "hours", value=10**400), r"hours: must be at least"),
        (at(*GROUP, "id", value="far-1"), r"'far-1' is there twice"),
        (at(*GROUP, "materials", value=["PVC"]), r"materials: names no material"),
        (at(*GROUP, "price_breaks", 0, "less_fraction", value=2), r"less_fraction"),
        (at("hubs", 0, "hours", value=[1, 2]), r"hubs\[0\]\.hours: must have 5 days"),
        (at("days", value=0), r"network\.days: must be at least 1"),
        (at("days", value=2.0), r"network\.days: must be a whole number"),
        (at("leg_rule", "usd_each", value=-1), r"leg_rule\.usd_each"),
        (at("leg_rule", "km_per_day", value=0), r"km_per_day must be above zero"),
        (at("legs", value=[{"site": "x"}]), r"legs\[0\]\.site: names no site"),
        (at("first_day", value="soon"), r"first_day: must be a date"),
        (at("central", value={"name": 7}), r"central\.name: must be a text"),
        (at("central", value={"nam": "x"}), r"central\.nam: is not a field"),
        (at("note", value=["x"]), r"network\.note: must be a text"),
    ],
)
def test_a_network_is_refused_with_its_place(change: Change, place: str) -> None:
    record = copy.deepcopy(two_sites())
    change(record)
    with pytest.raises(InvalidInput, match=place):
        network_from_record(record)


def test_a_stock_or_leg_that_is_there_twice_is_refused() -> None:
    record = two_sites()
    record["sites"][1]["stock"] *= 2
    with pytest.raises(InvalidInput, match="stock of 'PLA' is there twice"):
        network_from_record(record)
    leg = {"site": "far", "hub": "hub", "usd": 7.0, "gco2e": 5.0, "days": 0}
    with pytest.raises(InvalidInput, match=r"legs\[1\]: this leg is there twice"):
        network_from_record(two_sites() | {"legs": [leg, leg]})


CANDIDATES = ("orders", 0, "components", 0, "candidates")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (at("orders", 1, "id", value="a"), r"orders\[1\]\.id: 'a' is there twice"),
        (at("orders", 0, "due_day", value=-1), r"orders\[0\]\.due_day"),
        (at("orders", 0, "hubs", value=["x"]), r"hubs\[0\]: names no hub"),
        (at("orders", 0, "hubs", value=["hub", "hub"]), r"names a hub twice"),
        (at("orders", 0, "components", value=[]), r"at least one component"),
        (at("orders", 0, "components", 0, "id", value=7), r"components\[0\]\.id"),
        (at("orders", 0, "components", 0, "quantity", value=0), r"\.quantity"),
        (at("orders", 0, "components", 0, "mass_g", value=None), r"\.mass_g"),
        (at("orders", 0, "components", 0, "colour", value=1), r"colour: is not a"),
        (at("orders", 0, "components", 0, "central", "usd", value=-1), r"central\.usd"),
        (without("orders", 0, "components", 0, "central", "days"), r"days: is missing"),
        (without(*CANDIDATES), r"candidates: must be an object"),
        (at(*CANDIDATES, "groups", value=["near-1", "x"]), r"groups\[1\]: names no gr"),
        (at(*CANDIDATES, "groups", value=["far-1"] * 2), r"'far-1' is there twice"),
        (at(*CANDIDATES, "usd", value=[1.0]), r"usd: has 1 values for 2 groups"),
        (at(*CANDIDATES, "hours", value=[1, math.inf]), r"candidates\.hours\[1\]"),
        (without(*CANDIDATES, "hours"), r"candidates\.hours\[0\]: must be a number"),
        (at("late_days", value=-1), r"orders\.late_days"),
        (at("order", value=1), r"orders\.order: is not a field"),
    ],
)
def test_orders_are_refused_with_their_place(change: Change, place: str) -> None:
    record = copy.deepcopy(orders(order("a"), order("b")))
    change(record)
    network = network_from_record(two_sites())
    with pytest.raises(InvalidInput, match=place) as refused:
        orders_from_record(record, network)
    assert refused.value.remedy


def test_two_components_of_an_order_need_their_own_ids() -> None:
    with pytest.raises(InvalidInput, match="same id"):
        made_of(two_sites(), order("a", part("x"), part("x")))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (at("orders", 0, "id", value="zz"), r"names no order|twice"),
        (without("orders", 0), r"has 9 orders, the data 10"),
        (at("orders", 0, "assembly_day", value=99), r"has no way"),
        (at("orders", 0, "hub", value="zz"), r"names no hub"),
        (at("orders", 0, "components", value=[]), r"has 0 components"),
        (at("orders", 0, "components", 0, "group", value="zz"), r"names no group"),
        (at("orders", 0, "components", 0, "id", value="zz"), r"must be 'c1'"),
        (at("prices", "hour_usd", value={"zz": [1]}), r"names no row"),
        (at("prices", "hour_usd", value={"g00": [1]}), r"must have 3 prices"),
        (at("prices", "hour_usd", value={"g00": [1, -1, 0]}), r"g00\[1\]: must be"),
        (at("prices", "stock_usd", value=[{"site": "zz"}]), r"names no scarce stock"),
        (at("prices", "component_usd", value=[1.0]), r"has 1 prices"),
        (at("cost_usd", value=None), r"plan\.cost_usd"),
    ],
)
def test_a_plan_is_refused_with_its_place(change: Change, place: str) -> None:
    made, _, record = a_plan(3)
    assert "components" in record["orders"][0]
    change(record)
    with pytest.raises(InvalidInput, match=place):
        plan_from_record(record, made)


def test_an_origin_and_weights_must_be_told() -> None:
    record = a_plan()[2]
    record["origin"]["network_file"] = 7
    with pytest.raises(InvalidInput, match="network_file: must be a text"):
        origin_from_record(record)
    with pytest.raises(InvalidInput, match=r"weights\.carbon_usd_per_t: is missing"):
        weights_from_record({"money": 1.0})


@pytest.mark.parametrize("material", ["PAL", "", 0, [], {}, True])
def test_a_material_that_the_network_does_not_name_is_refused(material: Any) -> None:
    network = network_from_record(two_sites())
    with pytest.raises(InvalidInput, match=r"components\[0\]\.material"):
        orders_from_record(orders(order("a", part(material=material))), network)
